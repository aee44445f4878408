"""One search with a token over HTTP, beside servers that do the same work in other ways."""
from contextlib import ExitStack

from harness.host import ENGINES, NAMES
from harness.load import alternate, compared, difference, latencies, tails
from harness.processes import Missing
from harness.rows import Row, both, unmeasured

TITLE = "search_products over REST, RS256 token, 32 connections"
AGAINST = {"nginx": ">= 0.5", "Go": ">= 1.5", "Node": ">= 6", "FastAPI": ">= 10"}
ISOLATED = ("rate, each pack in a process of its own, beside packs in the host", ">= 0.85", "×")
ADDED = ("processor time that this adds to a call, host and pack", "<= 6", "µs")
TAIL = ("p99 beside nginx", "<= 2", "×")
GOALS = [*((f"rate beside {name}", goal, "×") for name, goal in AGAINST.items()), TAIL, ISOLATED, ADDED]


def run(bench):
    with ExitStack() as stack:
        hosts = bench.hosts(stack, products=bench.products)
        tokens = {engine: host.token() for engine, host in hosts.items()}
        host, token = hosts["process"], tokens["process"]
        answer = host.call("search_products", {"query": bench.queries[0], "limit": 5}, token)
        sizes = [len(host.call("search_products", {"query": query, "limit": 5}, token)) for query in bench.queries]
        body = sized(answer, round(sum(sizes) / len(sizes)))
        peers = bench.peers(host, token)
        targets = [bench.target(NAMES[engine], host, "/tools/search_products", tokens[engine], bodies=bench.bodies)
                   for engine, host in hosts.items()]
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
    ours = {engine: results[NAMES[engine]] for engine in ENGINES}
    rows = []
    for name, goal in AGAINST.items():
        if name in missing:
            rows += unmeasured(TITLE, [(f"rate beside {name}", goal, "×")], missing[name])
        else:
            rows.append(both(TITLE, f"rate beside {name}", "×", goal,
                             {engine: compared(runs, results[name]) for engine, runs in ours.items()},
                             more=f"; {len(body)} bytes" if name == "nginx" else ""))
    if "nginx" in missing:
        rows += unmeasured(TITLE, [TAIL], missing["nginx"])
    else:
        rows.append(both(TITLE, TAIL[0], "×", TAIL[1],
                         {engine: tails(runs, results["nginx"]) for engine, runs in ours.items()}))
    for (name, goal, unit), (value, detail) in ((ISOLATED, compared(*ours.values())),
                                                (ADDED, difference(*ours.values(), lambda run: run["processor"]))):
        rows.append(Row(TITLE, name, value, unit, goal, detail))
    return rows


def sized(answer, size):
    """The answer with spaces after it, or cut, so that it has the size of an average one."""
    return answer[:size].ljust(size)
