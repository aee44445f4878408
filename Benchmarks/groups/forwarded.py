"""Calls that the shop's packs forward to an agents API: forwarded-call.py measures them beside direct ones."""
import os
import subprocess
import sys

from harness.processes import Missing
from harness.rows import Row

TITLE = "Calls forwarded to an agents API"
GOALS = [("forwarded call", "", "")]


def run(bench):
    program = os.path.join(bench.root, "Benchmarks/forwarded-call.py")
    if not os.path.exists(program):
        raise Missing("Benchmarks/forwarded-call.py is not there")
    command = [sys.executable, program, "200" if bench.quick else "2000", bench.binary, os.path.dirname(bench.shop[0])]
    run = subprocess.run(command, capture_output=True, text=True, timeout=300)
    lines = [line.strip() for line in run.stdout.splitlines() if line.strip()]
    if run.returncode or not lines:
        raise RuntimeError((run.stderr or run.stdout)[-300:])
    return [Row(TITLE, "forwarded call", None, "", "", detail="; ".join(lines))]
