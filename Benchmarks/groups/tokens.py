"""Verifying a token, cached and not, beside libcrypto alone, in one process: see tokens.sh."""
import json
import os
import subprocess

from harness.processes import Missing
from harness.rows import Row

TITLE = "Token verification"
NEW = "seen for the first time, beside EVP_DigestVerify alone"
GOALS = [("RS256, remembered", "<= 1", "µs"), (f"RS256, {NEW}", "<= 1.3", "×")]


def run(bench):
    program = os.path.join(bench.root, "Benchmarks/tokens.sh")
    if not os.path.exists(program):
        raise Missing("Benchmarks/tokens.sh is not there")
    output = os.path.join(bench.work, "tokens.json")
    subprocess.run([program, "3" if bench.quick else "40", output], check=True, capture_output=True, timeout=1800)
    with open(output) as file:
        bench.results["tokens"] = json.load(file)
    rows = []
    for result in bench.results["tokens"]["results"]:
        name = result["algorithm"]
        bare, fresh, known = (result[kind]["median"] / 1000 for kind in ("bare", "uncached", "cached"))
        rows.append(Row(TITLE, f"{name}, remembered", known, "µs", "<= 1"))
        rows.append(Row(TITLE, f"{name}, {NEW}", result["uncached_by_bare"], "×", "<= 1.3",
                        f"{fresh:.1f} µs to {bare:.1f} µs"))
    return rows
