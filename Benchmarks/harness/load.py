"""Loads a server with wrk and reads what came of it."""
import json
import shutil
import subprocess
from statistics import median

from .processes import Missing, processor_time

PERCENTILES = [50, 75, 90, 95, 99, 99.5, 99.9, 99.95, 99.99]

SCRIPT = """
local bodies = {%(bodies)s}
local requests = {}
local turn = 0
function init(args)
  for index, body in ipairs(bodies) do
    requests[index] = wrk.format("%(method)s", "%(path)s", {%(headers)s}, body ~= "" and body or nil)
  end
end
function request()
  turn = turn %% #requests + 1
  return requests[turn]
end
function done(summary, latency)
  local e = summary.errors
  io.write(string.format('RESULT {"rate": %%f, "errors": %%d, "requests": %%d, "latency": [',
    summary.requests / summary.duration * 1e6, e.status + e.connect + e.read + e.write + e.timeout, summary.requests))
  for index, percentile in ipairs({%(percentiles)s}) do
    io.write((index > 1 and ", " or "") .. latency:percentile(percentile))
  end
  io.write("]}\\n")
end
"""


def script(path, target, method="POST", headers=None, bodies=("",)):
    """Writes a wrk script that sends the bodies in turn; all requests are made before the first is sent."""
    text = SCRIPT % {
        "bodies": ", ".join(json.dumps(body) for body in bodies), "method": method, "path": target,
        "headers": ", ".join(f"[{json.dumps(name)}] = {json.dumps(value)}" for name, value in (headers or {}).items()),
        "percentiles": ", ".join(map(str, PERCENTILES))}
    with open(path, "w") as file:
        file.write(text)
    return path


def loaded(url, lua, seconds, connections=32):
    """Requests a second, latencies in milliseconds by percentile, and how many requests had no good answer."""
    if not shutil.which("wrk"):
        raise Missing("wrk is not installed")
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "-s", lua, url]
    output = subprocess.run(command, capture_output=True, text=True, timeout=seconds + 60).stdout
    line = next((line for line in output.splitlines() if line.startswith("RESULT ")), None)
    if line is None:
        raise RuntimeError(f"{' '.join(command)} printed no result:\n{output}")
    result = json.loads(line[len("RESULT "):])
    result["latency"] = {percentile: value / 1000 for percentile, value in zip(PERCENTILES, result["latency"])}
    return result


def wrk(url, lua, seconds, connections=32):
    """The same, where answers other than 2xx and 3xx make the figure worthless, so they end the run."""
    result = loaded(url, lua, seconds, connections)
    if result["errors"] or not result["requests"]:
        raise RuntimeError(f"{result['errors']} of {result['requests']} answers of {url} were errors")
    return result


class Target:
    """A server and the script that loads it."""

    def __init__(self, name, server, lua):
        self.name, self.url, self.lua = name, server.url, lua
        self.group = server.process.pid

    def run(self, seconds, connections=32):
        """One run of wrk, with the processor time that the server took for a request, in microseconds."""
        before = processor_time(self.group)
        result = wrk(self.url, self.lua, seconds, connections)
        result["processor"] = (processor_time(self.group) - before) * 1000 / result["requests"]
        return result


def alternate(targets, rounds, seconds, connections=32):
    """Measures all targets in turn, so that what else the machine does falls on all of them; a short round goes first.

    Returns the list of results of each target, by name.
    """
    results = {target.name: [] for target in targets}
    for target in targets:
        target.run(min(1, seconds), connections)
    for turn in range(rounds):
        for target in targets if turn % 2 == 0 else reversed(targets):
            results[target.name].append(target.run(seconds, connections))
    return results


def compared(ours, theirs):
    """The median of the rounds' ratios of requests a second, and the figures behind it."""
    rates = [(a["rate"], b["rate"]) for a, b in zip(ours, theirs)]
    times = [median(run["processor"] for run in runs) for runs in (ours, theirs)]
    return median(a / b for a, b in rates), (
        f"{median(a for a, _ in rates):,.0f} to {median(b for _, b in rates):,.0f} requests/s; "
        f"processor time of one: {times[0]:.0f} to {times[1]:.0f} µs")


def tails(ours, theirs):
    """The median of the rounds' ratios of the 99th percentile, and the figures behind it."""
    pairs = [(a["latency"][99], b["latency"][99]) for a, b in zip(ours, theirs)]
    return median(a / b for a, b in pairs), (
        f"{median(a for a, _ in pairs):.2f} ms to {median(b for _, b in pairs):.2f} ms")


def difference(ours, theirs, figure, unit="µs"):
    """The median of what a figure of our rounds is above that of theirs, and the figures behind it."""
    pairs = [(figure(a), figure(b)) for a, b in zip(ours, theirs)]
    return median(a - b for a, b in pairs), (
        f"{median(a for a, _ in pairs):,.1f} to {median(b for _, b in pairs):,.1f} {unit}")


def latencies(results):
    """By target and percentile, the median of the rounds."""
    return {name: {p: median(run["latency"][p] for run in runs) for p in runs[0]["latency"]}
            for name, runs in results.items()}
