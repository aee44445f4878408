"""What a pack whose process is killed again and again takes from others, and how long it is missing."""
import contextlib
import os
import signal
import threading
import time
from statistics import median

from harness.load import loaded, tails, wrk
from harness.rows import Row

TITLE = "A pack whose process is killed, searches of another one at 32 connections"
TAIL, FAILED = ("p99 of others, killed once a second, beside undisturbed", "<= 1.5", "×"), \
    ("calls of others that failed", "<= 0", "")
BACK = ("kill to the pack's next good call", "<= 40", "ms")
OFTEN = ("p99 of others, killed 20 times a second", "", "×")
GOALS = [TAIL, FAILED, BACK, OFTEN]
PACK, TOOL = "deals.so", "get_deals"


def run(bench):
    environment = {"PACK_RESTART_DELAYS": "0", "PACK_RESTART_LIMIT": "off"}
    with bench.host("ends", products=bench.products, environment=environment) as host:
        token = host.wait().token()
        search = bench.target("search", host, "/tools/search_products", token, bodies=bench.bodies)
        host.call(TOOL, {}, token)
        times = []
        for _ in range(3 if bench.quick else 20):
            times.append(missing(host, token))
            time.sleep(0.2)
        wrk(search.url, search.lua, 1)
        # Long enough for some kills.
        seconds = max(bench.seconds, 3)
        alone, seldom, often = [], [], []
        for _ in range(bench.rounds):
            alone.append(wrk(search.url, search.lua, seconds))
            seldom.append(beside(host, search, seconds, 1))
            often.append(beside(host, search, seconds, 0.05))
    bench.results["ends"] = {"alone": alone, "once a second": seldom, "20 times a second": often, "back": times}
    failed, asked = (sum(run[name] for run in seldom + often) for name in ("errors", "requests"))
    return [
        tail(TAIL, seldom, alone),
        Row(TITLE, FAILED[0], failed, FAILED[2], FAILED[1], f"of {asked:,}, in all runs"),
        Row(TITLE, BACK[0], median(times), BACK[2], BACK[1],
            f"{min(times):.0f} to {max(times):.0f} ms, on a host that does nothing else"),
        tail(OFTEN, often, alone),
    ]


def tail(goal, runs, alone):
    name, limit, unit = goal
    value, detail = tails(runs, alone)
    return Row(TITLE, name, value, unit, limit, f"{detail}; {sum(run['kills'] for run in runs)} kills")


def kill(host):
    """Ends the pack's process and gives its number; `None` where there is none at the moment."""
    process = host.runner(PACK)
    if process is not None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
    return process


def missing(host, token):
    """Milliseconds from the end of the pack's process to its next good call."""
    old = kill(host)
    begin = time.perf_counter()
    # A tool that is called while the host has not noticed yet is a suspect, and would be kept out after three times.
    while host.runner(PACK) in (None, old):
        if time.perf_counter() > begin + 10:
            raise RuntimeError("the pack has no new process after ten seconds")
    host.call(TOOL, {}, token)
    return (time.perf_counter() - begin) * 1000


def beside(host, search, seconds, interval):
    """One run of searches while the pack's process is killed every so many seconds."""
    over, kills = threading.Event(), 0

    def go_on():
        nonlocal kills
        while not over.wait(interval):
            kills += kill(host) is not None

    thread = threading.Thread(target=go_on)
    thread.start()
    try:
        return {**loaded(search.url, search.lua, seconds), "kills": kills}
    finally:
        over.set()
        thread.join()
