"""What a pack's process gets beyond its bound on memory before it is ended, and what its confinement costs a call and a
start."""
import contextlib
import os
import re
import signal
import time
import urllib.error
from contextlib import ExitStack
from statistics import median

from harness.load import alternate, compared
from harness.rows import Row

TITLE = "A pack's process held to its bounds"
OVER = ("memory beyond a bound of 512 MiB, allocated at 1 GB/s", "", "MiB")
BESIDE = ("rate of a confined pack beside one that is not, 32 connections", ">= 0.99", "×")
START = ("start of a confined process, more than of one that is not", "<= 2", "ms")
GOALS = [OVER, BESIDE, START]
LEVELS = ["off", "strict"]
TOOL, FILE = "confined", "confined.so"


def run(bench):
    return [overshoot(bench), *confinement(bench)]


def overshoot(bench):
    """By the size at which the host saw it, which then ends it at once."""
    pack, beyond = bench.pack("taker", "taker"), []
    environment = {"PACK_RESTART_DELAYS": "0", "PACK_RESTART_LIMIT": "off", "PACK_MEMORY": "512MiB"}
    for turn in range(2 if bench.quick else 2 * bench.rounds + 1):
        # A host of its own each time: after three times the tool would be kept out.
        name = f"bounds-{turn}"
        with bench.host(name, [pack], environment=environment) as host:
            token = host.wait().token()
            with contextlib.suppress(urllib.error.HTTPError):
                host.call("take", {"what": "memory", "count": 4000, "rate": 1000, "milliseconds": 5000}, token)
            beyond.append(held(host) - 512)
    bench.results["bounds, MiB beyond 512"] = beyond
    return Row(TITLE, OVER[0], median(beyond), OVER[2], OVER[1], f"{min(beyond)} to {max(beyond)} MiB")


def held(host):
    """MiB, as the log has them, whose line comes after the caller's answer."""
    end = time.perf_counter() + 10
    while time.perf_counter() < end:
        with open(os.path.join(host.folder, "host.log")) as file:
            found = re.search(r"it held (\d+)MiB of memory", file.read())
        if found:
            return int(found.group(1))
        time.sleep(0.01)
    raise RuntimeError("the log does not say that the process was ended")


def confinement(bench):
    pack = bench.pack("small", TOOL, f'-DID="{TOOL}"', f'-DTOOL="{TOOL}"')
    environment = {"PACK_RESTART_DELAYS": "0", "PACK_RESTART_LIMIT": "off"}
    with ExitStack() as stack:
        hosts = {level: stack.enter_context(bench.host(
            f"bounds-{level}", [pack], environment={**environment, "PACK_SANDBOX": level})).wait() for level in LEVELS}
        tokens = {level: host.token() for level, host in hosts.items()}
        targets = [bench.target(f"sandbox {level}", host, f"/tools/{TOOL}", tokens[level], bodies=["{}"])
                   for level, host in hosts.items()]
        calls = alternate(targets, bench.rounds, bench.seconds)
        times = {level: [] for level in LEVELS}
        for _ in range(5 if bench.quick else 40):
            for level, host in hosts.items():
                times[level].append(start(host, tokens[level]))
    bench.results["bounds, calls"], bench.results["bounds, starts"] = calls, times
    off, strict = (median(times[level]) for level in LEVELS)
    rate, detail = compared(*(calls[target.name] for target in reversed(targets)))
    return [
        Row(TITLE, BESIDE[0], rate, BESIDE[2], BESIDE[1], detail),
        Row(TITLE, START[0], strict - off, START[2], START[1],
            f"kill to the next good call: {strict:.1f} to {off:.1f} ms"),
    ]


def start(host, token):
    """Milliseconds from the end of the pack's process to the first call of the next one."""
    old = host.runner(FILE)
    begin = time.perf_counter()
    os.kill(old, signal.SIGKILL)
    while host.runner(FILE) in (None, old):
        if time.perf_counter() > begin + 10:
            raise RuntimeError("the pack has no new process after ten seconds")
    host.call(TOOL, {}, token)
    return (time.perf_counter() - begin) * 1000
