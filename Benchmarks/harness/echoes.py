"""Echoes between two processes, measured in turn with servers: by the means of the host, and by gRPC."""
import json
import os
import subprocess

from .peers import build_go
from .processes import Missing

GOPATH = "/usr/share/gocode"


class Echo:
    """A program that echoes for a while and prints what came of it; loaded as a `Target` is."""

    def __init__(self, name, program, *arguments):
        self.name, self.program, self.arguments = name, program, arguments

    def run(self, seconds, connections=1):
        """As one run of wrk: latencies in milliseconds, processor time in microseconds."""
        command = [self.program, str(seconds), *map(str, self.arguments)]
        found = json.loads(subprocess.run(command, check=True, capture_output=True, timeout=seconds + 60).stdout)
        return {"rate": found["echoes"] / seconds, "processor": found["processor"],
                "latency": {50: found["p50"] / 1000, 99: found["p99"] / 1000}}


def floor(bench):
    """An echo by the same means and nothing else."""
    program = os.path.join(bench.work, "crossing")
    source = f"{bench.root}/Benchmarks/crossing.c"
    subprocess.run(["gcc", "-std=c11", "-O2", "-Wall", "-Wextra", "-Werror", source, "-o", program], check=True)
    return Echo("floor", program)


def grpc(bench, at_a_time):
    """An echo by gRPC in Go over a Unix socket."""
    if not os.path.isdir(f"{GOPATH}/src/google.golang.org/grpc"):
        raise Missing("gRPC for Go is not installed (apt-get install golang-google-grpc-dev)")
    program = os.path.join(bench.work, "echo-grpc")
    if not os.path.exists(program):
        build_go(bench.root, f"{bench.root}/Benchmarks/peers/echo_grpc.go", program, {"GOPATH": GOPATH})
    return Echo(f"gRPC, {at_a_time} at a time", program, at_a_time)
