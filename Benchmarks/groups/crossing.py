"""What a call takes longer where its pack has a process of its own, one call after the other: beside the least that an
echo between two processes takes, while nothing else runs and while one other process never rests."""
import contextlib
import subprocess
from contextlib import ExitStack
from statistics import median

from harness.echoes import floor, grpc
from harness.host import NAMES
from harness.load import alternate
from harness.processes import Missing
from harness.rows import Row, unmeasured

TITLE = "One connection, what a process of its own adds to a search"
STATES = {"quiet": "on a quiet machine", "busy": "beside one busy process"}
LATENCY, PROCESSOR = "p50 added, above an echo's", "processor time added, above an echo's"
OURS = [(f"{figure} {words}", "<= 5", "µs") for words in STATES.values() for figure in (LATENCY, PROCESSOR)]
GRPC = {1: ("an echo by gRPC over a Unix socket, p50", "", "µs"),
        32: ("32 echoes at a time by gRPC over a Unix socket, processor time of one", "", "µs")}
GOALS = [*OURS, *GRPC.values()]


def run(bench):
    goals, rows = iter(OURS), []
    echo, others, missing = floor(bench), [], None
    try:
        others = [grpc(bench, count) for count in GRPC]
    except Missing as error:
        missing = error
    with ExitStack() as stack:
        hosts = bench.hosts(stack, products=bench.products)
        targets = [bench.target(NAMES[engine], host, "/tools/search_products", host.token(), bodies=bench.bodies)
                   for engine, host in hosts.items()]
        for state in STATES:
            with busy() if state == "busy" else contextlib.nullcontext():
                found = alternate([*targets, echo], bench.rounds, bench.seconds, connections=1)
            bench.results[f"crossing, {state}"] = found
            ours = [found[name] for name in (*NAMES.values(), echo.name)]
            rows += [above(next(goals), *ours, figure) for figure in (p50, processor)]
    if missing:
        return rows + unmeasured(TITLE, GRPC.values(), missing)
    bench.results["gRPC"] = alternate(others, bench.rounds, bench.seconds)
    for (name, goal, unit), figure, runs in zip(GRPC.values(), (p50, processor), bench.results["gRPC"].values()):
        rows.append(Row(TITLE, name, median(map(figure, runs)), unit, goal,
                        f"p50 {median(map(p50, runs)):.1f} µs, processor time {median(map(processor, runs)):.1f} µs, "
                        f"{median(run['rate'] for run in runs):,.0f} echoes/s"))
    return rows


def p50(run):
    return run["latency"][50] * 1000


def processor(run):
    return run["processor"]


def above(goal, isolated, inside, echo, figure):
    """By how much more than an echo a figure is higher where the pack has a process of its own."""
    rounds = [tuple(map(figure, runs)) for runs in zip(isolated, inside, echo)]
    ours, theirs, least = (median(figures) for figures in zip(*rounds))
    return Row(TITLE, goal[0], median(a - b - c for a, b, c in rounds), goal[2], goal[1],
               f"{median(a - b for a, b, _ in rounds):.1f} µs added, {ours:.1f} to {theirs:.1f}; an echo {least:.1f}")


@contextlib.contextmanager
def busy():
    """One process that never rests, on whichever processor."""
    process = subprocess.Popen(["sh", "-c", "while :; do :; done"])
    try:
        yield
    finally:
        process.kill()
        process.wait()
