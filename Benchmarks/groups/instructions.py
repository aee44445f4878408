"""Instructions of a call, which are stable where times are not: see instructions-per-call.sh."""
import json
import os
import subprocess

from harness.processes import Missing
from harness.rows import Row

TITLE = "Instructions (valgrind)"
GOALS = [("instructions of a call by number of tools", "", "")]


def run(bench):
    """The script prints one JSON object a line with the members name, value, unit, goal and detail of a row."""
    program = os.path.join(bench.root, "Benchmarks/instructions-per-call.sh")
    if not os.path.exists(program):
        raise Missing("Benchmarks/instructions-per-call.sh is not there")
    return rows(TITLE, [program], bench.root, 1800)


def rows(title, command, folder, seconds):
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=seconds)
    found = []
    for line in run.stdout.splitlines():
        if line.startswith("{"):
            item = json.loads(line)
            found.append(Row(title, item["name"], item.get("value"), item.get("unit", ""), item.get("goal", ""),
                             item.get("detail", "")))
    if not found:
        raise RuntimeError(f"{os.path.basename(command[0])}: no rows: {(run.stderr or run.stdout)[-200:].strip()}")
    return found
