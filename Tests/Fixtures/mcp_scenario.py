"""What every MCP client library is put through by the end-to-end tests, whatever its interface looks like.

A driver, mcp_*.py, makes the library look like `Adapter` and calls `main`. It prints one JSON object, which the tests
compare. Usage of a driver: mcp_….py URL FIRST_JOB CALLS [MODE], with MCP_CLIENT_ID and MCP_CLIENT_SECRET in the environment.
"""
import json
import os
import sys
from contextlib import AsyncExitStack

import anyio

# Long enough for a busy machine; a run that needs it has failed.
PATIENCE = 90


class Refused(Exception):
    """A JSON-RPC error."""

    def __init__(self, code):
        super().__init__(code)
        self.code = code


class Adapter:
    """One connected client."""

    version: str

    async def names(self):
        """The names of all tools, in the order of the list."""
        raise NotImplementedError

    async def call(self, tool, arguments, progress=None):
        """The result as {"structured", "text", "isError"}. Raises Refused. progress: async (done, total, message)."""
        raise NotImplementedError

    async def cancel(self, scope):
        """Gives up the one call that runs within the scope, in the way that the protocol has for it."""
        scope.cancel()


class Bearer:
    """Where an OAuth provider of either SDK keeps its token."""

    tokens = client = None

    async def get_tokens(self):
        return self.tokens

    async def set_tokens(self, tokens):
        self.tokens = tokens

    async def get_client_info(self):
        return self.client

    async def set_client_info(self, client):
        self.client = client


class Seen:
    """What went over the wire: the client's own ports, one for each connection, and the token it has got."""

    def __init__(self):
        self.ports = set()
        self.authorization = None

    async def note(self, response):
        self.authorization = response.request.headers.get("Authorization", self.authorization)
        stream = response.extensions.get("network_stream")
        if stream is not None:
            self.ports.add(stream.get_extra_info("client_addr")[1])


def credentials():
    return os.environ["MCP_CLIENT_ID"], os.environ["MCP_CLIENT_SECRET"]


async def report(client, job, fits):
    """Asks for a job until what it says fits."""
    with anyio.fail_after(PATIENCE):
        while True:
            state = (await client.call("job_report", {"job": job}))["structured"]
            if fits(state):
                return state


async def refusal(client, tool, arguments):
    try:
        return {"result": await client.call(tool, arguments)}
    except Refused as error:
        return {"code": error.code}


async def watched(client, other, job):
    """A job that makes three steps, each once the one before it has been heard of. The other client pushes it on."""
    heard, arrived = [], [anyio.Event() for _ in range(3)]
    results = []

    async def progress(done, total, message):
        heard.append([done, total, message])
        if done == int(done) and 1 <= done <= 3:
            arrived[int(done) - 1].set()

    async def run():
        results.append(await client.call("job_run", {"job": job}, progress))

    with anyio.fail_after(PATIENCE):
        async with anyio.create_task_group() as group:
            group.start_soon(run)
            await report(other, job, lambda state: state["ready"])
            for event in arrived:
                await other.call("job_step", {"job": job})
                await event.wait()
            await other.call("job_finish", {"job": job})
    return {"heard": heard, "result": results[0]["structured"]}


async def side_by_side(first, second, other, jobs):
    """Two clients that have done the same, so that their ids are the same; one of them gives up."""
    results, scope = [], anyio.CancelScope()

    async def given_up():
        with scope:
            results.append(await first.call("job_run", {"job": jobs[0]}))

    async def kept():
        results.append(await second.call("job_run", {"job": jobs[1]}))

    with anyio.fail_after(PATIENCE):
        async with anyio.create_task_group() as group:
            group.start_soon(given_up)
            group.start_soon(kept)
            for job in jobs:
                await report(other, job, lambda state: state["ready"])
            await first.cancel(scope)
            cancelled = await report(other, jobs[0], lambda state: state["cancels"])
            untouched = (await other.call("job_report", {"job": jobs[1]}))["structured"]
            for job in jobs:
                await other.call("job_finish", {"job": job})
    return {
        "cancelled": [cancelled["cancels"], cancelled["reason"]],
        "other": untouched["cancels"],
        "results": [result["structured"] for result in results],
    }


async def burst(client, seen, calls):
    right = 0
    seen.ports.clear()
    for index in range(calls):
        answer = await client.call("echo", {"index": index})
        right += answer["structured"] == {"index": index} and not answer["isError"]
    return {"right": right, "connections": len(seen.ports)}


async def scenario(connect, job, calls):
    seen = Seen()
    async with connect(seen) as client:
        outcome = {
            "version": client.version,
            "names": await client.names(),
            "call": await client.call("echo", {"text": "Käse 🧀", "n": 1.5}),
            "pending": await client.call("echo_pending", {"a": [1, None]}),
            "toolError": await refusal(client, "any_status", {"status": -3}),
            "violation": await refusal(client, "routed", {"plain": 7}),
            "mirrored": await refusal(client, "routed", {"region": "Größe", "count": 3, "deep": {"tenant": " t"}}),
            "unknown": await refusal(client, "no_such_tool", {}),
        }
    # From here on with the token that was got: the providers of these libraries hold every other request back until the
    # one before it has an answer, and here calls run side by side.
    async with AsyncExitStack() as stack:
        first, second, other = [
            await stack.enter_async_context(connect(Seen(), authorization=seen.authorization)) for _ in range(3)]
        outcome["twoClients"] = await side_by_side(first, second, other, [job, job + 1])
        outcome["progress"] = await watched(first, other, job + 2)
    single = Seen()
    async with connect(single, authorization=seen.authorization, connections=1) as client:
        outcome["burst"] = await burst(client, single, calls)
    return outcome


def main(connect):
    """- connect: a function of Seen, a value for Authorization and the most connections to an async context manager of an
    Adapter. Without the value the client gets itself a token."""
    outcome = anyio.run(scenario, connect, int(sys.argv[2]), int(sys.argv[3]))
    json.dump(outcome, sys.stdout)
