"""The two halves of instructions-per-call.sh that are no shell: the client, and the reader of callgrind's profile."""

import collections
import http.client
import json
import re
import sys
from urllib.parse import urlsplit

WORDS = "milk bread cheese apple coffee tea rice pasta chicken organic yogurt butter juice soup beans oil salt egg fish cake"


def rest(arguments: dict) -> tuple[str, dict, dict]:
    """Path, header fields and body of a call."""
    return "/tools/search_products", {}, arguments


def mcp(arguments: dict) -> tuple[str, dict, dict]:
    """The same over MCP, as groups/mcp.py sends it."""
    version = "2026-07-28"
    headers = {"Accept": "application/json, text/event-stream", "MCP-Protocol-Version": version,
               "Mcp-Method": "tools/call", "Mcp-Name": "search_products"}
    return "/mcp", headers, {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {
        "name": "search_products", "arguments": arguments,
        "_meta": {"io.modelcontextprotocol/protocolVersion": version,
                  "io.modelcontextprotocol/clientCapabilities": {}}}}


def call(protocol, url: str, token: str, count: int) -> None:
    """Calls search_products one request after the other, with 200 queries in turn."""
    requests = []
    for limit in range(1, 11):
        for word in WORDS.split():
            path, headers, body = protocol({"query": word, "limit": limit})
            requests.append((path, json.dumps(body), {
                "Authorization": f"Bearer {token}", "Content-Type": "application/json", **headers}))
    connection = http.client.HTTPConnection(urlsplit(url).netloc)
    for number in range(count):
        path, body, headers = requests[number % len(requests)]
        connection.request("POST", path, body, headers)
        answer = connection.getresponse()
        body = answer.read()
        if answer.status != 200 or b'"products"' not in body or b'"isError"' in body:
            sys.exit(f"call {number}: {answer.status} {body[:200]!r}")


ALLOCATORS = {"malloc", "calloc", "realloc", "posix_memalign", "aligned_alloc", "memalign"}


def read(path: str, calls: int) -> dict:
    """Sums a profile of callgrind up: instructions by object file, and how often memory was asked for."""
    names: dict[str, dict[str, str]] = {"fn": {}, "ob": {}}
    costs: collections.Counter[str] = collections.Counter()
    own: collections.Counter[str] = collections.Counter()
    edges: collections.Counter[tuple[str, str]] = collections.Counter()
    allocations = 0
    place, caller, callee, is_call = "", "", "", False

    def name(kind: str, text: str) -> str:
        number, given = re.fullmatch(r"\((\d+)\)(?: (.*))?", text).groups()
        return names[kind].setdefault(number, given)

    with open(path) as profile:
        for line in profile:
            key, _, value = line.rstrip("\n").partition("=")
            if line[0] in "0123456789+-*":
                # The line behind "calls" is what the callee took, which is counted where it was spent.
                if is_call:
                    edges[caller, callee] += int(line.split()[1])
                else:
                    costs[place] += int(line.split()[1])
                    own[caller] += int(line.split()[1])
                is_call = False
            elif key == "ob":
                place = name("ob", value).rsplit("/", 1)[-1]
            elif key == "cob":
                name("ob", value)
            elif key == "fn":
                caller = name("fn", value)
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
        "crossing": crossing(own, edges, calls),
    }


# The mangled names of what takes part in a call, as they begin.
HOST = ("$s11HostEngines15InProcessEngineC6invoke", "$s9HostCalls9PackBytesV8giveBack")
ENTRY, RELEASE = "$s7ToolSDK06invokeA0", "$sSo10tool_bytesV7ToolSDKE11handingOver"
SDK = "$s7ToolSDK11RunningPackC6invoke"
TOOL, READING = "$s7ToolSDK04PackA0V11synchronous", "$s7ToolSDK11RunningPackC9arguments"


def crossing(own: collections.Counter, edges: collections.Counter, calls: int) -> dict | None:
    """What a call takes on its way from the host into a tool and back, until its answer is given back, without the tool:
    decoding, work and encoding. `None` where the tool is not in this process, or not called from it."""
    if not any(name.startswith(HOST[0]) for name in own):
        return None

    def between(callers: tuple[str, ...], callees: tuple[str, ...]) -> int:
        found = [cost for (caller, callee), cost in edges.items()
                 if caller.startswith(callers) and callee.startswith(callees)]
        if not found:
            sys.exit(f"nothing in the profile goes from {callers} to {callees}: were they renamed, or inlined?")
        return sum(found)

    whole = sum(cost for name, cost in own.items() if name.startswith(HOST)) + between(HOST, ("",))
    entered, released = between(HOST, (ENTRY,)), between(HOST, (RELEASE,))
    tool = between((SDK,), (TOOL,)) + between((SDK,), (READING,))
    return {"host": round((whole - entered - released) / calls), "sdk": round((entered + released - tool) / calls)}


def main() -> None:
    match sys.argv[1:]:
        case ["call", "rest" | "mcp" as protocol, url, token, count]:
            call({"rest": rest, "mcp": mcp}[protocol], url, token, int(count))
        case ["read", path, calls]:
            print(json.dumps(read(path, int(calls))))
        case _:
            sys.exit("usage: instructions_per_call.py call rest|mcp URL TOKEN COUNT | read PROFILE CALLS")


main()
