"""What everybody else notices while one pack computes on all the threads that it may have."""
import threading
from contextlib import ExitStack
from statistics import median

from harness.load import wrk
from harness.rows import both

TITLE = "Searches while another pack spins on all its workers, 32 connections"
GOALS = [("rate beside undisturbed", "", "×"), ("p99 beside undisturbed", "", "×")]
WORKERS = 8  # TOOL_PACK_WORKERS


def run(bench):
    with ExitStack() as stack:
        hosts = bench.hosts(stack, "spinning", [*bench.shop, bench.pack("spin", "spin")], products=bench.products)
        found = {engine: measured(bench, engine, host) for engine, host in hosts.items()}
    bench.results["spinning"] = found
    rows = []
    for (name, goal, unit), figure in zip(GOALS, (rate, tail)):
        rows.append(both(TITLE, name, unit, goal, {engine: ratio(runs, *figure) for engine, runs in found.items()}))
    return rows


rate = (lambda run: run["rate"], "{:,.0f} to {:,.0f} requests/s")
tail = (lambda run: run["latency"][99], "{:.2f} ms to {:.2f} ms")


def ratio(runs, figure, words):
    beside, alone = ([figure(run) for run in some] for some in runs)
    return median(a / b for a, b in zip(beside, alone)), words.format(median(beside), median(alone))


def measured(bench, engine, host):
    """Runs beside the pack that spins, and runs of their own, in turn."""
    token = host.token()
    search = bench.target(f"search {engine}", host, "/tools/search_products", token, bodies=bench.bodies)
    wrk(search.url, search.lua, 1)
    beside, alone = [], []
    for _ in range(bench.rounds):
        alone.append(wrk(search.url, search.lua, bench.seconds))
        arguments = "spin", {"milliseconds": bench.seconds * 1000 + 500}, token
        spinning = [threading.Thread(target=host.call, args=arguments) for _ in range(WORKERS)]
        for thread in spinning:
            thread.start()
        beside.append(wrk(search.url, search.lua, bench.seconds))
        for thread in spinning:
            thread.join()
    return beside, alone
