"""A search with more and more connections, beside nginx with as many."""
from contextlib import ExitStack
from statistics import median

from harness.curves import CONNECTIONS, RATES
from harness.host import ENGINES, NAMES
from harness.load import alternate, compared, tails
from harness.processes import need_files
from harness.rows import both, unmeasured

TITLE = "search_products over REST by number of connections, beside nginx"
COUNTS = (1, 8, 32, 256, 1024)
FIGURES = {"rate": (compared, {1024: ">= 0.6"}), "p99": (tails, {1024: "<= 1.5"})}  # the goals for packs in the host
GOALS = [(f"{figure}, {count:,} at a time", "", "×") for count in COUNTS for figure in FIGURES]


def run(bench):
    need_files(COUNTS[-1] + 500)
    rows, rates = [], {name: {} for name in (*NAMES.values(), "nginx")}
    with ExitStack() as stack:
        hosts = bench.hosts(stack, products=bench.products)
        tokens = {engine: host.token() for engine, host in hosts.items()}
        sample = hosts["host"].call("search_products", {"query": bench.queries[0], "limit": 5}, tokens["host"])
        nginx = stack.enter_context(bench.peers(hosts["host"], tokens["host"]).nginx(sample))
        targets = [bench.target(NAMES[engine], host, "/tools/search_products", tokens[engine], bodies=bench.bodies)
                   for engine, host in hosts.items()]
        targets.append(bench.target("nginx", nginx, "/tools/search_products", bodies=bench.bodies))
        for count in COUNTS:
            try:
                results = alternate(targets, bench.rounds, bench.seconds, connections=count)
            except RuntimeError as error:  # somebody could not serve so many
                rows += unmeasured(TITLE, [goal for goal in GOALS if f", {count:,} at" in goal[0]], error)
                continue
            bench.results[f"{count} connections"] = results
            for name, runs in results.items():
                rates[name][count] = median(run["rate"] for run in runs)
            for name, (figure, goals) in FIGURES.items():
                rows.append(both(TITLE, f"{name}, {count:,} at a time", "×", "", {
                    engine: figure(results[NAMES[engine]], results["nginx"]) for engine in ENGINES}, goals.get(count)))
    if rates["nginx"]:
        bench.curves["connections"] = ("Searches a second by number of connections", rates, CONNECTIONS, RATES)
    return rows
