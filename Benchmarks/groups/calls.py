"""One search with a token over HTTP, beside servers that do the same work in other ways."""
from contextlib import ExitStack
from statistics import median

from harness.load import alternate, compared, latencies
from harness.processes import Missing
from harness.rows import Row, unmeasured

TITLE = "search_products over REST, RS256 token, 32 connections"
AGAINST = {"nginx": ">= 0.5", "Go": ">= 1.5", "Node": ">= 6", "FastAPI": ">= 10"}
GOALS = [(f"rate beside {name}", goal, "×") for name, goal in AGAINST.items()] + [("p99 beside nginx", "<= 2", "×")]


def run(bench):
    with ExitStack() as stack:
        host = stack.enter_context(bench.host(products=bench.products)).wait()
        token = host.token()
        answer = host.call("search_products", {"query": bench.queries[0], "limit": 5}, token)
        sizes = [len(host.call("search_products", {"query": query, "limit": 5}, token)) for query in bench.queries]
        body = sized(answer, round(sum(sizes) / len(sizes)))
        peers = bench.peers(host, token)
        targets = [bench.target("toolhost", host, "/tools/search_products", token, bodies=bench.bodies)]
        missing = {}
        starts = {"nginx": lambda: peers.nginx(body), "Go": peers.go, "Node": peers.node, "FastAPI": peers.fastapi}
        for name, start in starts.items():
            try:
                server = stack.enter_context(start())
                targets.append(bench.target(name, server, "/tools/search_products", token, bodies=bench.bodies))
            except Missing as error:
                missing[name] = error
        results = alternate(targets, bench.rounds, bench.seconds)
    bench.results["calls"] = results
    bench.curves["latency"] = ("Latency of one search at 32 connections", latencies(results))
    rows = []
    for name, goal in AGAINST.items():
        if name in missing:
            rows += unmeasured(TITLE, [(f"rate beside {name}", goal, "×")], missing[name])
        else:
            rows.append(ratio(f"rate beside {name}", goal, results["toolhost"], results[name], name, body))
    if "nginx" in missing:
        return rows + unmeasured(TITLE, [("p99 beside nginx", "<= 2", "×")], missing["nginx"])
    pairs = [(a["latency"][99], b["latency"][99]) for a, b in zip(results["toolhost"], results["nginx"])]
    rows.append(Row(TITLE, "p99 beside nginx", median(a / b for a, b in pairs), "×", "<= 2",
                    f"{median(a for a, _ in pairs):.2f} ms to {median(b for _, b in pairs):.2f} ms"))
    return rows


def ratio(name, goal, ours, theirs, peer, body):
    value, detail = compared(ours, theirs)
    return Row(TITLE, name, value, "×", goal, detail + (f"; {len(body)} bytes" if peer == "nginx" else ""))


def sized(answer, size):
    """The answer with spaces after it, or cut, so that it has the size of an average one."""
    return answer[:size].ljust(size)
