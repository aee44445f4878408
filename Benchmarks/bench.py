#!/usr/bin/env python3
"""Measures toolhost beside its peers, in one run, and prints one table with the ratios first.

Needs `make build`, wrk and Python; nginx, Go and Node where they are installed; FastAPI, FastMCP and mcpo go into
virtual environments under .build/. A row whose tool is missing says so.

Usage: Benchmarks/bench.py [--rounds N] [--seconds S] [--only WORDS] [--out FOLDER] [--document]
"""
import argparse
import base64
import datetime
import json
import os
import shutil
import subprocess
import sys
import tempfile
import traceback

from groups import (bodies, bounds, calls, concurrency, connections, crossing, documents, ends, forwarded,
                    instructions, kinds, large, loops, mcp, memory, scale, spinning, starting, tokens)
from harness import curves, products, report
from harness.host import ENGINES, Host
from harness.load import Target, script
from harness.peers import Peers
from harness.processes import Missing
from harness.rows import unmeasured

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
GROUPS = [calls, concurrency, mcp, crossing, large, ends, spinning, bounds, documents, memory, starting, instructions,
          bodies, tokens, kinds, loops, connections, scale, forwarded]
SHOP = ["catalog", "cart", "checkout", "deals"]


class Bench:
    """What every group needs: folders, data, a token, and how long to measure."""

    def __init__(self, options, work):
        self.root, self.work = ROOT, work
        self.rounds, self.seconds = options.rounds, options.seconds
        self.quick = options.quick
        self.binary = os.path.join(ROOT, ".build/release/toolhost")
        self.shop = [os.path.join(ROOT, f"plugins.d/{name}.so") for name in SHOP]
        self.products = os.path.join(work, "products.jsonl")
        rows = products.products(ROOT, 1000)
        products.write(rows, self.products)
        self.queries = products.queries(rows)
        self.bodies = [self.search(query) for query in self.queries]
        self.results, self.curves = {}, {}

    def host(self, name="host", packs=None, **options):
        """A host whose folders are those of the last one with this name."""
        return Host(self.binary, self.folder(name), self.shop if packs is None else packs, **options)

    def hosts(self, stack, name="host", packs=None, **options):
        """A host for each engine, in folders of their own, by engine; both are up."""
        return {engine: stack.enter_context(self.host(f"{name}-{engine}", packs, isolation=engine, **options)).wait()
                for engine in ENGINES}

    @staticmethod
    def search(query):
        """The arguments of a search, as JSON."""
        return json.dumps({"query": query, "limit": 5})

    def folder(self, name):
        folder = os.path.join(self.work, name)
        os.makedirs(folder, exist_ok=True)
        return folder

    def pack(self, source, name, *flags):
        """Compiles a pack in C from Benchmarks/packs."""
        target = os.path.join(self.folder("packs"), f"{name}.so")
        subprocess.run(
            ["gcc", "-std=c99", "-D_POSIX_C_SOURCE=200809L", "-Wall", "-Werror", "-O2", "-fPIC", "-shared", "-pthread",
             "-fvisibility=hidden", f"-I{ROOT}/Sources/ToolABI/include", f"-I{ROOT}/Tests/Fixtures/Packs", *flags,
             f"{ROOT}/Benchmarks/packs/{source}.c", "-o", target], check=True)
        os.chmod(target, 0o755)
        return target

    def program(self, name, rounds):
        """What the benchmark in Swift that Benchmarks/NAME.sh builds and runs has written."""
        output = os.path.join(self.work, f"{name}.json")
        subprocess.run([f"{ROOT}/Benchmarks/{name}.sh", str(rounds), output], check=True, capture_output=True,
                       timeout=1800)
        with open(output) as file:
            return json.load(file)

    def target(self, name, server, path, token=None, method="POST", bodies=None, headers=None):
        fields = dict(headers or {})
        if bodies is not None:
            fields.setdefault("Content-Type", "application/json")
        if token:
            fields["Authorization"] = f"Bearer {token}"
        lua = os.path.join(self.work, f"{name.replace(' ', '-').replace('/', '-')}.lua")
        script(lua, path, method, fields, bodies or [""])
        return Target(name, server, lua)

    def peers(self, host, token):
        """Peers that accept the token of this host."""
        keys = os.path.join(self.work, "jwks.json")
        with open(keys, "wb") as file:
            file.write(host.get("/.well-known/jwks.json")[0])
        claims = claims_of(token)
        audience = claims["aud"] if isinstance(claims["aud"], str) else claims["aud"][0]
        return Peers(ROOT, self.work, {"PRODUCTS": self.products, "JWKS": keys, "ISSUER": claims["iss"],
                                       "AUDIENCE": audience})


def claims_of(token):
    payload = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))


def measure(bench, only):
    rows = []
    for group in GROUPS:
        if only and not any(word in group.TITLE.lower() for word in only):
            continue
        print(f"… {group.TITLE}", file=sys.stderr, flush=True)
        try:
            rows += group.run(bench)
        except Missing as missing:
            rows += unmeasured(group.TITLE, group.GOALS, missing)
        except Exception as error:  # one group that fails must not cost the others their figures
            traceback.print_exc()
            rows += unmeasured(group.TITLE, group.GOALS, f"failed: {type(error).__name__}: {error}"[:160])
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--only", nargs="*", default=[], help="words of the titles of groups")
    parser.add_argument("--out", default=os.path.join(ROOT, ".build/bench"))
    parser.add_argument("--document", action="store_true", help="put the table into docs/performance.md")
    parser.add_argument("--quick", action="store_true", help="a try of the harness: one round of a second, less of all")
    options = parser.parse_args()
    if options.quick:
        options.rounds, options.seconds = 1, 1
    work = tempfile.mkdtemp(prefix="toolhost-bench-")
    try:
        facts = report.machine()
        bench = Bench(options, work)
        rows = measure(bench, [word.lower() for word in options.only])
    finally:
        shutil.rmtree(work, ignore_errors=True)
    git = subprocess.run(["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True)
    settings = {"date": datetime.date.today().isoformat(), "revision": git.stdout.strip(), "rounds": options.rounds,
                "seconds": options.seconds, "quick": options.quick}
    os.makedirs(options.out, exist_ok=True)
    report.save(os.path.join(options.out, "bench.json"), rows, facts, settings, bench.results)
    pictures = {}
    for name, (title, lines, *axes) in bench.curves.items():
        curves.draw(os.path.join(options.out, f"{name}.svg"), title, lines, *axes)
        pictures[f"{name}.svg"] = title
        if options.document:
            shutil.copy(os.path.join(options.out, f"{name}.svg"), os.path.join(ROOT, "docs"))
    if options.document:
        report.update(os.path.join(ROOT, "docs/performance.md"), report.markdown(rows, facts, settings, pictures))
    print(report.text(rows))
    print(f"\n{os.path.relpath(options.out)}: bench.json" + "".join(f", {name}" for name in pictures))


if __name__ == "__main__":
    main()
