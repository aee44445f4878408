"""Instructions and allocations of a call, which are stable where times are not: see instructions-per-call.sh."""
import json
import os
import shutil
import subprocess

from harness.processes import Missing
from harness.rows import Row

TITLE = "Instructions"
GOALS = [("instructions of a call", "", ""), ("allocations of a call", "", ""),
         ("instructions of an MCP call", "", ""),
         ("instructions of a call, its pack in a process of its own", "", ""),
         ("of an inline call above the tool's own work", "<= 500", ""),
         ("instructions of a call by number of tools", "<= 1.05", "x")]


def run(bench):
    """The script prints one JSON object a line with the members name, value, unit, goal and detail of a row."""
    if not shutil.which("valgrind"):
        raise Missing("valgrind is not installed (apt-get install valgrind)")
    program = os.path.join(bench.root, "Benchmarks/instructions-per-call.sh")
    found = subprocess.run([program], capture_output=True, text=True, timeout=1800)
    if found.returncode:
        raise RuntimeError(found.stderr[-300:].strip())
    counts = [json.loads(line) for line in found.stdout.splitlines()]
    bench.results["instructions"] = counts
    return [Row(TITLE, item["name"], item["value"], item["unit"], item.get("goal", ""), item.get("detail", ""))
            for item in counts]
