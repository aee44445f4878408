"""Fewer and more event loops than processors: what the default could win or lose."""
import os
from contextlib import ExitStack

from harness.load import alternate, compared
from harness.rows import Row

TITLE = "Event loops"
GOALS = [("one loop beside one a processor", "", "×"), ("four times as many loops", "", "×")]


def run(bench):
    processors = os.cpu_count()
    counts = [processors, 1, 4 * processors]
    with ExitStack() as stack:
        targets = []
        for count in counts:
            host = stack.enter_context(bench.host(
                f"loops-{count}", bench.shop[:1], products=bench.products, environment={"HTTP_EVENT_LOOPS": str(count)}))
            targets.append(bench.target(f"{count} loops", host, "/tools/search_products", host.wait().token(),
                                        bodies=bench.bodies))
        results = alternate(targets, bench.rounds, bench.seconds)
    rows = []
    for (name, goal, unit), count in zip(GOALS, counts[1:]):
        value, detail = compared(results[f"{count} loops"], results[f"{processors} loops"])
        rows.append(Row(TITLE, name, value, unit, goal, detail))
    return rows
