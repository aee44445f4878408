"""Instructions and allocations of a call, which are stable where times are not: see instructions-per-call.sh."""
import json
import os
import shutil
import subprocess

from harness.processes import Missing
from harness.rows import Row, unmeasured

TITLE = "Instructions"
GOALS = [("of a call of search_products over REST", "", "thousand"), ("allocations of that call", "", "")]
# Nothing counts these yet; a row without a figure says so.
OPEN = [("of a call with 10,000 tools installed, beside 10", "<= 1.05", "×"),
        ("of an inline call above the tool's own work", "<= 500", ""),
        ("reading and checking 26 bytes, beside JSONSerialization", "<= 0.2", "×"),
        ("reading and checking 100 KB, beside JSONSerialization", "<= 0.2", "×")]


def run(bench):
    if not shutil.which("valgrind"):
        raise Missing("valgrind is not installed (apt-get install valgrind)")
    program = os.path.join(bench.root, "Benchmarks/instructions-per-call.sh")
    found = subprocess.run([program], capture_output=True, text=True, timeout=1800)
    if found.returncode:
        raise RuntimeError(found.stderr[-300:].strip())
    counts = json.loads(found.stdout)
    bench.results["instructions"] = counts
    largest = sorted(counts["instructions_by_file"].items(), key=lambda item: -item[1])[:4]
    return [
        Row(TITLE, GOALS[0][0], counts["instructions_per_call"] / 1000, "thousand", "",
            ", ".join(f"{name} {number / 1000:.0f}" for name, number in largest)),
        Row(TITLE, GOALS[1][0], counts["allocations_per_call"], "", ""),
    ] + unmeasured(TITLE, OPEN, "not counted by instructions-per-call.sh")
