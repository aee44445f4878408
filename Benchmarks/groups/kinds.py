"""Tools that run on worker threads or complete later, beside an inline one; a slow tool beside a fast one."""
import subprocess
import time
from statistics import median

from harness.load import alternate, compared, wrk
from harness.rows import Row

TITLE = "Ways to run a tool"
GOALS = [("worker threads beside inline", ">= 0.7", "×"), ("asynchronous beside inline", ">= 0.7", "×"),
         ("p99 of a fast tool while a slow one is called, beside alone", "<= 1.2", "×")]


def run(bench):
    with bench.host("kinds", [*bench.shop, bench.pack("kinds", "kinds")], products=bench.products) as host:
        token = host.wait().token()
        bodies = ['{"text": "hello"}']
        kinds = [bench.target(kind, host, f"/tools/{kind}_echo", token, bodies=bodies)
                 for kind in ("inline", "worker", "async")]
        results = alternate(kinds, bench.rounds, bench.seconds)
        bench.results["kinds"] = results
        rows = []
        for (name, goal, unit), kind in zip(GOALS, ("worker", "async")):
            value, detail = compared(results[kind], results["inline"])
            rows.append(Row(TITLE, name, value, unit, goal, detail))
        rows.append(beside_slow(bench, host, token, bodies))
    return rows


def beside_slow(bench, host, token, bodies):
    """Five runs of each, in turn; eight connections call the slow tool, which sleeps for 20 ms on a worker thread."""
    fast = bench.target("fast", host, "/tools/search_products", token, bodies=bench.bodies)
    slow = bench.target("slow", host, "/tools/slow_echo", token, bodies=bodies)
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
    name, goal, unit = GOALS[2]
    return Row(TITLE, name, median(b / a for a, b in zip(alone, beside)), unit, goal,
               f"{median(beside):.2f} ms to {median(alone):.2f} ms")
