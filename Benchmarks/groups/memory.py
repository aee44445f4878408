"""Memory idle, with many connections and after a million calls: of a host and the processes of its packs, where what
they share counts once, and of a host with its packs inside, as an operator sees it in `ps`."""
import json
import socket
from contextlib import ExitStack

from harness.host import ENGINES
from harness.load import script, wrk
from harness.processes import family, memory, proportional
from harness.rows import Row, both

TITLE = "Memory with four packs (proportional; in the host VmRSS)"
HOST, IDLE = ("the host's own process, idle", "<= 20", "MB"), ("all processes, idle", "<= 60", "MB")
MANY = ("1,000 connections open, each has called", "<= 80", "MB")
GROWTH, FURTHER = ("growth by a million calls", "<= 5", "%"), ("a further pack in C", "<= 5", "MB")
GOALS = [HOST, IDLE, MANY, GROWTH, FURTHER]
INSIDE_IDLE = "<= 40"
FURTHER_PACKS = 8


def run(bench):
    idle, many, grown, further, alone = {}, {}, {}, {}, None
    for engine in ENGINES:
        name = f"memory-{engine}"
        bench.host(name, products=bench.products, isolation=engine).wait().stop()
        with bench.host(name, isolation=engine) as host:
            host.wait().settle()
            if engine == "process":
                alone = memory(host.process.pid)
            idle[engine] = taken(host, engine)
            first = proportional(host.process.pid)
            token = host.token()
            many[engine] = connected(host, engine, token)
            grown[engine] = growth(bench, host, engine, token)
        further[engine] = (with_further(bench, engine) - first) / FURTHER_PACKS, f"{FURTHER_PACKS} of them"
    return [
        Row(TITLE, HOST[0], alone["pss"], "MB", HOST[1], words(alone)),
        row(IDLE, idle, INSIDE_IDLE), row(MANY, many), row(GROWTH, grown), row(FURTHER, further, ""),
    ]


def row(goal, measured, inside=None):
    return both(TITLE, goal[0], goal[2], goal[1], measured, inside)


def connected(host, engine, token):
    with ExitStack() as stack:
        body = json.dumps({"query": "milk", "limit": 5})
        request = (f"POST /tools/search_products HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n"
                   f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n{body}").encode()
        for _ in range(1000):
            connection = stack.enter_context(socket.create_connection(("127.0.0.1", host.port)))
            connection.sendall(request)
            assert connection.recv(65536).startswith(b"HTTP/1.1 200")
        host.settle()
        return taken(host, engine)


def growth(bench, host, engine, token):
    """From after the first tenth, when every cache and buffer has its size."""
    lua = script(f"{bench.work}/million.lua", "/tools/search_products", headers={
        "Authorization": f"Bearer {token}", "Content-Type": "application/json"}, bodies=bench.bodies)
    wanted = 20_000 if bench.quick else 1_000_000
    calls, before = 0, None
    while calls < wanted * 1.1:
        calls += wrk(host.url, lua, 1 if bench.quick else 5)["requests"]
        if before is None and calls >= wanted * 0.1:
            before, first = taken(host, engine)[0], calls
    after = taken(host, engine)[0]
    return (after / before - 1) * 100, f"{before:.1f} MB, {calls - first:,} calls later {after:.1f} MB"


def with_further(bench, engine):
    """The proportional set with some packs more, each a file and a process of its own."""
    small = [bench.pack("small", f"further_{number}", f'-DID="further-{number}"', f'-DTOOL="further_{number}"')
             for number in range(FURTHER_PACKS)]
    name = f"memory-further-{engine}"
    bench.host(name, bench.shop + small, products=bench.products, isolation=engine).wait().stop()
    with bench.host(name, isolation=engine) as host:
        return proportional(host.wait().settle().process.pid)


def taken(host, engine):
    """The figure of this engine, and what is behind it."""
    own = memory(host.process.pid)
    if engine == "host":
        return own["rss"], words(own)
    found = proportional(host.process.pid)
    return found, f"{len(family(host.process.pid))} processes"


def words(found):
    return f"{found['anonymous']:.1f} MB of it anonymous; proportional set {found['pss']:.1f} MB"
