"""The same search as an MCP tools/call, beside the REST call and other ways to serve MCP."""
import json
import urllib.error
import urllib.request
from contextlib import ExitStack

from harness.host import ENGINES, NAMES
from harness.load import alternate, compared, latencies
from harness.processes import Missing
from harness.rows import Row, both, unmeasured

TITLE = "MCP tools/call (2026-07-28), 32 connections"
AGAINST = {"REST": ("beside the REST call", ">= 0.9"), "FastMCP": ("beside FastMCP, two workers", ">= 25"),
           "mcpo": ("beside mcpo (OpenAPI in front of MCP)", "")}
# What the longer messages alone cost, request and answer: no part of it is the host's own work.
BYTES = ("nginx with as many bytes, beside itself with REST's", "", "×")
GOALS = [*((name, goal, "×") for name, goal in AGAINST.values()), BYTES]
VERSION = "2026-07-28"
HEADERS = {"Accept": "application/json, text/event-stream", "Content-Type": "application/json",
           "MCP-Protocol-Version": VERSION, "Mcp-Method": "tools/call", "Mcp-Name": "search_products"}


def body(query):
    return json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {
        "name": "search_products", "arguments": {"query": query, "limit": 5},
        "_meta": {"io.modelcontextprotocol/protocolVersion": VERSION,
                  "io.modelcontextprotocol/clientCapabilities": {}}}})


def run(bench):
    with ExitStack() as stack:
        hosts = bench.hosts(stack, products=bench.products)
        bodies, targets = [body(query) for query in bench.queries], []
        for engine, host in hosts.items():
            name, token = NAMES[engine], host.token()
            answer = try_once(host, token, bench.queries[0])
            targets += [bench.target(f"{name}, MCP", host, "/mcp", token, bodies=bodies, headers=HEADERS),
                        bench.target(f"{name}, REST", host, "/tools/search_products", token, bodies=bench.bodies)]
        peers, missing = bench.peers(host, token), {}
        try:
            # One query stands for all: a result is written twice over MCP, and the rest is as long for each.
            short = host.call("search_products", {"query": bench.queries[0], "limit": 5}, token)
            targets += [
                bench.target("nginx, MCP", stack.enter_context(peers.nginx(answer, name="nginx-mcp")), "/mcp", token,
                             bodies=bodies, headers=HEADERS),
                bench.target("nginx, REST", stack.enter_context(peers.nginx(short)), "/tools/search_products", token,
                             bodies=bench.bodies)]
        except Missing as error:
            missing["nginx"] = error
        try:
            server = stack.enter_context(peers.fastmcp())
            try_once(server, token, bench.queries[0])
            targets.append(bench.target("FastMCP", server, "/mcp", token, bodies=bodies, headers=HEADERS))
        except Missing as error:
            missing["FastMCP"] = error
        try:
            server = stack.enter_context(peers.mcpo("secret"))
            targets.append(bench.target("mcpo", server, "/search_products", "secret", bodies=bench.bodies))
        except Missing as error:
            missing["mcpo"] = error
        results = alternate(targets, bench.rounds, bench.seconds)
    bench.results["mcp"] = results
    curves = {name: runs for name, runs in results.items() if not name.startswith("nginx")}
    bench.curves["latency-mcp"] = ("Latency of one MCP tools/call at 32 connections", latencies(curves))
    rows = []
    ours = {engine: results[f"{NAMES[engine]}, MCP"] for engine in ENGINES}
    for peer, (name, goal) in AGAINST.items():
        if peer in missing:
            rows += unmeasured(TITLE, [(name, goal, "×")], missing[peer])
            continue
        rows.append(both(TITLE, name, "×", goal, {
            engine: compared(runs, results[f"{NAMES[engine]}, REST" if peer == "REST" else peer])
            for engine, runs in ours.items()}))
    if "nginx" in missing:
        return rows + unmeasured(TITLE, [BYTES], missing["nginx"])
    value, detail = compared(results["nginx, MCP"], results["nginx, REST"])
    rows.append(Row(TITLE, BYTES[0], value, "×", "", f"{detail}; {len(answer):,} to {len(short):,} bytes"))
    return rows


def try_once(server, token, query):
    """The answer to a call that must bring products, before anything is measured."""
    headers = {**HEADERS, "Authorization": f"Bearer {token}"}
    request = urllib.request.Request(f"{server.url}/mcp", body(query).encode(), headers)
    try:
        with urllib.request.urlopen(request) as response:
            answer = response.read()
    except urllib.error.HTTPError as error:
        raise Missing(f"/mcp answers {error.code}: {error.read()[:120].decode(errors='replace')}") from None
    if b"products" not in answer or b'"result"' not in answer:
        raise Missing(f"/mcp answers without products: {answer[:120].decode(errors='replace')}")
    return answer
