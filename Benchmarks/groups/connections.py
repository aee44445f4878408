"""Ten thousand connections that do nothing: what they cost, and whether those who call notice."""
import socket
from contextlib import ExitStack
from statistics import median

from harness.load import wrk
from harness.processes import memory, need_files
from harness.rows import Row

TITLE = "10,000 idle connections"
GOALS = [("memory for each", "", "KB"), ("rate of searches beside an empty host", "", "×")]
COUNT = 10_000


def run(bench):
    wanted = 1000 if bench.quick else COUNT
    need_files(wanted + 500)
    environment = {"HTTP_MAX_CONNECTIONS": str(wanted + 200), "HTTP_IDLE_TIMEOUT": "30m", "HTTP_HEADER_TIMEOUT": "30m"}
    with bench.host("connections", products=bench.products, environment=environment) as host, ExitStack() as stack:
        token = host.wait().token()
        target = bench.target("search", host, "/tools/search_products", token, bodies=bench.bodies)
        host.call("search_products", {"query": "milk"}, token)
        before = memory(host.settle().process.pid)
        alone = [wrk(target.url, target.lua, bench.seconds)["rate"] for _ in range(bench.rounds)]
        for number in range(wanted):
            # Several addresses, so that the ports of one do not run out.
            source = (f"127.0.0.{2 + number % 4}", 0)
            stack.enter_context(socket.create_connection(("127.0.0.1", host.port), source_address=source))
        during = memory(host.settle().process.pid)
        beside = [wrk(target.url, target.lua, bench.seconds)["rate"] for _ in range(bench.rounds)]
    return [
        Row(TITLE, "memory for each", (during["rss"] - before["rss"]) * 1024 / wanted, "KB", "",
            f"{wanted:,} connections: {before['rss']:.1f} MB to {during['rss']:.1f} MB"),
        Row(TITLE, "rate of searches beside an empty host", median(beside) / median(alone), "×", "",
            f"{median(beside):,.0f} to {median(alone):,.0f} requests/s"),
    ]
