"""Tools that run on worker threads or complete later, beside an inline one; a slow tool beside a fast one."""
import subprocess
import time
from contextlib import ExitStack
from statistics import median

from harness.load import alternate, compared, wrk
from harness.rows import both

TITLE = "Ways to run a tool"
GOALS = [("worker threads beside inline", ">= 0.7", "×"), ("asynchronous beside inline", ">= 0.7", "×"),
         ("p99 of a fast tool while a slow one is called, beside alone", "<= 1.2", "×")]
KINDS = ("inline", "worker", "async")
BODIES = ['{"text": "hello"}']


def run(bench):
    with ExitStack() as stack:
        hosts = bench.hosts(stack, "kinds", [*bench.shop, bench.pack("kinds", "kinds")], products=bench.products)
        tokens = {engine: host.token() for engine, host in hosts.items()}
        targets = [bench.target(f"{kind} {engine}", host, f"/tools/{kind}_echo", tokens[engine], bodies=BODIES)
                   for engine, host in hosts.items() for kind in KINDS]
        results = alternate(targets, bench.rounds, bench.seconds)
        bench.results["kinds"] = results
        rows = []
        for (name, goal, unit), kind in zip(GOALS, KINDS[1:]):
            rows.append(both(TITLE, name, unit, goal, {
                engine: compared(results[f"{kind} {engine}"], results[f"inline {engine}"]) for engine in hosts}))
        name, goal, unit = GOALS[2]
        rows.append(both(TITLE, name, unit, goal, {
            engine: beside_slow(bench, engine, host, tokens[engine]) for engine, host in hosts.items()}))
    return rows


def beside_slow(bench, engine, host, token):
    """Five runs of each, in turn; eight connections call the slow tool, which sleeps for 20 ms on a worker thread."""
    fast = bench.target(f"fast {engine}", host, "/tools/search_products", token, bodies=bench.bodies)
    slow = bench.target(f"slow {engine}", host, "/tools/slow_echo", token, bodies=BODIES)
    alone, beside = [], []
    for _ in range(1 if bench.quick else 5):
        alone.append(wrk(fast.url, fast.lua, bench.seconds)["latency"][99])
        load = subprocess.Popen(["wrk", "-t1", "-c8", f"-d{bench.seconds + 1}s", "-s", slow.lua, slow.url],
                                stdout=subprocess.DEVNULL)
        try:
            time.sleep(0.3)
            beside.append(wrk(fast.url, fast.lua, bench.seconds)["latency"][99])
        finally:
            load.terminate()
            load.wait()
    return median(b / a for a, b in zip(alone, beside)), f"{median(beside):.2f} ms to {median(alone):.2f} ms"
