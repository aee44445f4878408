"""What an operator sees in `ps`: memory of the host idle, with many connections, and after a million calls."""
import json
import socket
from contextlib import ExitStack

from harness.load import script, wrk
from harness.processes import memory
from harness.rows import Row

TITLE = "Memory with four packs (VmRSS)"
GOALS = [("idle", "<= 40", "MB"), ("1,000 connections open, each has called", "<= 80", "MB"),
         ("growth by a million calls", "<= 5", "%")]


def run(bench):
    rows = []
    bench.host().wait().stop()
    with bench.host() as host:
        host.wait().settle()
        idle = memory(host.process.pid)
        rows.append(Row(TITLE, "idle", idle["rss"], "MB", "<= 40", words(idle)))
        token = host.token()
        with ExitStack() as stack:
            body = json.dumps({"query": "milk", "limit": 5})
            request = (f"POST /tools/search_products HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n"
                       f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n{body}").encode()
            for _ in range(1000):
                connection = stack.enter_context(socket.create_connection(("127.0.0.1", host.port)))
                connection.sendall(request)
                assert connection.recv(65536).startswith(b"HTTP/1.1 200")
            host.settle()
            many = memory(host.process.pid)
            rows.append(Row(TITLE, "1,000 connections open, each has called", many["rss"], "MB", "<= 80", words(many)))
        rows.append(growth(bench, host, token))
    return rows


def growth(bench, host, token):
    """From after the first tenth, when every cache and buffer has its size."""
    lua = script(f"{bench.work}/million.lua", "/tools/search_products", headers={
        "Authorization": f"Bearer {token}", "Content-Type": "application/json"}, bodies=bench.bodies)
    wanted = 20_000 if bench.quick else 1_000_000
    calls, before = 0, None
    while calls < wanted * 1.1:
        calls += wrk(host.url, lua, 1 if bench.quick else 5)["requests"]
        if before is None and calls >= wanted * 0.1:
            before, first = memory(host.process.pid), calls
    after = memory(host.process.pid)
    return Row(TITLE, "growth by a million calls", (after["rss"] / before["rss"] - 1) * 100, "%", "<= 5",
               f"{before['rss']:.1f} MB, {calls - first:,} calls later {after['rss']:.1f} MB")


def words(found):
    return f"{found['anonymous']:.1f} MB of it anonymous; proportional set {found['pss']:.1f} MB"
