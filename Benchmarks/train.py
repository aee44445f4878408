#!/usr/bin/env python3
"""Loads hosts that count what runs, one for each place where packs may run, as clients would: most of all searches over
REST and MCP, then the other tools, the documents, new tokens, and requests that are refused. Other searches than those
that are measured.

Usage: Benchmarks/train.py BUILD FOLDER
  BUILD: the folder with toolhost and its packs, compiled to leave profiles
  FOLDER: has exit.so, and gets the profiles
"""
import os
import shutil
import sys
import tempfile
import urllib.error
from types import SimpleNamespace

from bench import SHOP, Bench
from groups import mcp
from harness import products
from harness.host import ENGINES
from harness.load import wrk

# Seconds for each; what runs more often counts more.
SEARCH, OTHER = 4, 1


def main():
    build, folder = map(os.path.abspath, sys.argv[1:])
    if not shutil.which("wrk"):
        sys.exit("wrk is missing: apt-get install wrk")
    work = tempfile.mkdtemp(prefix="toolhost-train-")
    try:
        bench = Bench(SimpleNamespace(rounds=1, seconds=OTHER, quick=False), work)
        bench.binary = os.path.join(build, "toolhost")
        bench.shop = [packed(build, work, name) for name in SHOP]
        queries = products.queries(products.products(bench.root, 1000), seed=3)
        environment = {"LLVM_PROFILE_FILE": f"{folder}/%m.profraw", "LD_PRELOAD": f"{folder}/exit.so",
                       # A pack's process finds these in its environment, and writes its profile.
                       "PACK_SANDBOX": "off"}
        for engine in ENGINES:
            with bench.host(engine, products=bench.products, environment=environment, isolation=engine).wait() as host:
                load(bench, host, queries)
            # One that had to be killed has left nothing.
            if host.process.returncode != 0:
                sys.exit(f"The host ended with {host.process.returncode} instead of writing what it counted.")
    finally:
        shutil.rmtree(work, ignore_errors=True)


def packed(build, work, name):
    """A copy of a pack under the name that operators see."""
    copy = os.path.join(work, f"{name}.so")
    shutil.copy(os.path.join(build, f"lib{name.capitalize()}.so"), copy)
    os.chmod(copy, 0o755)
    return copy


def load(bench, host, queries):
    token = host.token()

    def run(seconds, path, bodies=None, headers=None, method="POST", connections=32):
        target = bench.target("train", host, path, token, method, bodies, headers)
        wrk(target.url, target.lua, seconds, connections)

    searches = [bench.search(query) for query in queries]
    run(SEARCH, "/tools/search_products", searches)
    run(SEARCH, "/mcp", [mcp.body(query) for query in queries], mcp.HEADERS)
    run(OTHER, "/tools/search_products", searches, connections=1)
    host.call("add_to_cart", {"productCode": "milk-001", "quantity": 2}, token)
    for tool in ("get_deals", "view_cart"):
        run(OTHER, f"/tools/{tool}", ["{}"])
    for path in ("/openapi.json", "/health"):
        run(OTHER, path, method="GET")
    for _ in range(100):
        host.token()
        for arguments in ({}, {"query": 1}, {"query": "milk", "limit": 1000}):
            try:
                host.call("search_products", arguments, token)
            except urllib.error.HTTPError as refusal:
                refusal.read()


if __name__ == "__main__":
    main()
