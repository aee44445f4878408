#!/usr/bin/env python3
"""What a forwarded call costs over calling the agents API directly: both in one run, one call after the other in turns,
because absolute figures differ from machine to machine and from minute to minute. Needs `make build`, and nothing but
Python's standard library.

Usage: Benchmarks/forwarded-call.py [CALLS] [TOOLHOST [PACKS]]      (default: 2000 .build/release/toolhost plugins.d)

The agents API is Tests/Fixtures/agents_api.py. Both ways keep one connection open and ask for the same products; the forwarded
one carries an access token and is checked against the schemas of the tool on its way in and out.
"""
import base64
import http.client
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
ARGUMENTS = {"query": "milk", "limit": 10}


def start_agents():
    process = subprocess.Popen([sys.executable, f"{ROOT}/Tests/Fixtures/agents_api.py"], stdout=subprocess.PIPE)
    return process, json.loads(process.stdout.readline())["port"]


def start_host(toolhost, packs, work, agents):
    """Only the packs themselves: YAML files beside them would be about another deployment."""
    os.makedirs(f"{work}/plugins.d", mode=0o755)
    for name in os.listdir(packs):
        if name.endswith(".so"):
            shutil.copy(f"{packs}/{name}", f"{work}/plugins.d/{name}")
    environment = {**os.environ, "PLUGINS_DIR": f"{work}/plugins.d", "STATE_DIR": f"{work}/var", "MCP_SERVER_PORT": "0",
                   "LOG_FORMAT": "json", "NEXTJS_URL": f"http://127.0.0.1:{agents}", "MCP_AUTH_MODE": "embedded"}
    process = subprocess.Popen([toolhost, "serve", "--no-welcome"], cwd=work, env=environment, stderr=subprocess.PIPE)
    for line in process.stderr:
        entry = json.loads(line)
        if entry.get("message") == "listening":
            # Whoever does not read the log in time makes the host drop lines, not wait.
            return process, entry["port"]
    raise SystemExit("the host did not start")


def get_token(port, work):
    with open(f"{work}/var/auth/client.json") as file:
        client = json.load(file)
    basic = base64.b64encode(f"{client['client_id']}:{client['client_secret']}".encode()).decode()
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("POST", "/oauth2/token", urllib.parse.urlencode({"grant_type": "client_credentials"}),
                       {"Authorization": "Basic " + basic, "Content-Type": "application/x-www-form-urlencoded"})
    return json.load(connection.getresponse())["access_token"]


class Way:
    """One way to ask, over one connection; `call` returns microseconds."""

    def __init__(self, port, path, body, **headers):
        self.connection = http.client.HTTPConnection("127.0.0.1", port)
        self.path, self.body = path, json.dumps(body)
        self.headers = {"Content-Type": "application/json", **headers}
        self.times = []

    def call(self):
        begin = time.perf_counter_ns()
        self.connection.request("POST", self.path, self.body, self.headers)
        answer = self.connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise SystemExit(f"{self.path}: {answer.status} {body[:500]}")
        self.times.append((time.perf_counter_ns() - begin) / 1000)
        return json.loads(body)

    def line(self, name):
        ordered = sorted(self.times)
        print(f"{name:<12}{statistics.median(ordered):>10.0f} µs median {ordered[len(ordered) * 99 // 100]:>10.0f} µs p99")
        return statistics.median(ordered)


def codes(answer, member):
    """The products of an answer, which the tool names otherwise than the agents API does."""
    return [product[member] for product in answer["products"]]


def main():
    calls = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    toolhost = os.path.abspath(sys.argv[2] if len(sys.argv) > 2 else f"{ROOT}/.build/release/toolhost")
    packs = os.path.abspath(sys.argv[3] if len(sys.argv) > 3 else f"{ROOT}/plugins.d")
    started = []
    with tempfile.TemporaryDirectory() as work:
        try:
            agents, agents_port = start_agents()
            started.append(agents)
            host, port = start_host(toolhost, packs, work, agents_port)
            started.append(host)
            direct = Way(agents_port, "/api/mcp/agents/catalog", {"action": "search", **ARGUMENTS})
            forwarded = Way(port, "/tools/search_products", ARGUMENTS, Authorization="Bearer " + get_token(port, work))
            for _ in range(200):
                if codes(direct.call(), "code") != codes(forwarded.call(), "productCode"):
                    raise SystemExit("the two answers differ")
            direct.times, forwarded.times = [], []
            for _ in range(calls):
                direct.call()
                forwarded.call()
            print(f"{calls} calls each way, in turns")
            base = direct.line("direct")
            print(f"{'overhead':<12}{forwarded.line('forwarded') - base:>10.0f} µs")
        finally:
            for process in started:
                process.kill()
                process.wait()


main()
