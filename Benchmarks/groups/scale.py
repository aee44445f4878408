"""The search with more products than a shop of this size has."""
import json
import os
from statistics import median

from harness import products
from harness.load import wrk
from harness.processes import proportional
from harness.rows import Row

TITLE = "Search by number of products"
SIZES = (300, 3_000, 30_000)
GOALS = [(f"{size:,} products: time of a query", "", "µs") for size in SIZES]


def run(bench):
    rows = []
    for size, (name, goal, unit) in zip(SIZES, GOALS):
        data = products.products(bench.root, size)
        path = os.path.join(bench.work, f"products-{size}.jsonl")
        products.write(data, path)
        with bench.host(f"scale-{size}", bench.shop[:1], products=path) as host:
            token = host.wait(seconds=120).token()
            bodies = [json.dumps({"query": query, "limit": 5}) for query in products.queries(data)]
            target = bench.target(f"scale {size}", host, "/tools/search_products", token, bodies=bodies)
            # One connection: a query after the other, so that the time between two answers is the time of a query.
            runs = [wrk(target.url, target.lua, bench.seconds, 1) for _ in range(bench.rounds)]
            found = proportional(host.process.pid)
        rows.append(Row(TITLE, name, median(1e6 / run["rate"] for run in runs), unit, goal,
                        f"whole request on one connection; {found:.1f} MB with the catalog pack alone"))
    return rows
