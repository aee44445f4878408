"""What a large result takes longer where its pack has a process of its own, one call after the other."""
from contextlib import ExitStack

from harness.host import NAMES
from harness.load import alternate, difference
from harness.rows import Row

TITLE = "A result of 1 MB, one connection"
GOALS = [("time that a process of its own adds", "<= 150", "µs"),
         ("processor time that it adds, host and pack", "", "µs")]
FIGURES = (lambda run: run["latency"][50] * 1000, lambda run: run["processor"])


def run(bench):
    with ExitStack() as stack:
        hosts = bench.hosts(stack, "large", [bench.pack("large", "large")],
                            environment={"TOOL_MAX_RESULT_CHARACTERS": "2000000"})
        targets = [bench.target(NAMES[engine], host, "/tools/large_result", host.token(), bodies=["{}"])
                   for engine, host in hosts.items()]
        results = alternate(targets, bench.rounds, bench.seconds, connections=1)
    bench.results["large"] = results
    rows = []
    for (name, goal, unit), figure in zip(GOALS, FIGURES):
        value, detail = difference(*results.values(), figure)
        rows.append(Row(TITLE, name, value, unit, goal, detail))
    return rows
