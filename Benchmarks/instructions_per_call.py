"""The two halves of instructions-per-call.sh that are no shell: the client, and the reader of callgrind's profile."""

import collections
import http.client
import json
import re
import sys
from urllib.parse import urlsplit

WORDS = "milk bread cheese apple coffee tea rice pasta chicken organic yogurt butter juice soup beans oil salt egg fish cake"


def call(url: str, token: str, count: int) -> None:
    """Calls search_products one request after the other, with 200 queries in turn."""
    words = WORDS.split()
    bodies = [json.dumps({"query": word, "limit": limit}) for limit in range(1, 11) for word in words]
    connection = http.client.HTTPConnection(urlsplit(url).netloc)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    for number in range(count):
        connection.request("POST", "/tools/search_products", bodies[number % len(bodies)], headers)
        answer = connection.getresponse()
        body = answer.read()
        if answer.status != 200 or b'"products"' not in body:
            sys.exit(f"call {number}: {answer.status} {body[:200]!r}")


ALLOCATORS = {"malloc", "calloc", "realloc", "posix_memalign", "aligned_alloc", "memalign"}


def read(path: str, calls: int) -> dict:
    """Sums a profile of callgrind up: instructions by object file, and how often memory was asked for."""
    names: dict[str, dict[str, str]] = {"fn": {}, "ob": {}}
    costs: collections.Counter[str] = collections.Counter()
    allocations = 0
    place, callee, is_call = "", "", False

    def name(kind: str, text: str) -> str:
        number, given = re.fullmatch(r"\((\d+)\)(?: (.*))?", text).groups()
        return names[kind].setdefault(number, given)

    with open(path) as profile:
        for line in profile:
            key, _, value = line.rstrip("\n").partition("=")
            if line[0] in "0123456789+-*":
                # The line behind "calls" is what the callee took, which is counted where it was spent.
                if not is_call:
                    costs[place] += int(line.split()[1])
                is_call = False
            elif key == "ob":
                place = name("ob", value).rsplit("/", 1)[-1]
            elif key == "cob":
                name("ob", value)
            elif key == "fn":
                name("fn", value)
            elif key == "cfn":
                callee = name("fn", value)
            elif key == "calls":
                is_call = True
                if callee in ALLOCATORS:
                    allocations += int(value.split()[0])
    # Packs run from copies that are named after their content.
    by_object: collections.Counter[str] = collections.Counter()
    for place, cost in costs.items():
        by_object["catalog.so" if re.fullmatch(r"[0-9a-f]{64}\.so", place) else place] += cost
    return {
        "calls": calls,
        "instructions_per_call": round(sum(costs.values()) / calls),
        "allocations_per_call": round(allocations / calls, 1),
        "instructions_by_file": {file: round(cost / calls) for file, cost in by_object.most_common(6)},
    }


def main() -> None:
    match sys.argv[1:]:
        case ["call", url, token, count]:
            call(url, token, int(count))
        case ["read", path, calls]:
            print(json.dumps(read(path, int(calls))))
        case _:
            sys.exit("usage: instructions_per_call.py call URL TOKEN COUNT | read PROFILE CALLS")


main()
