#!/usr/bin/env python3
"""The client of FastMCP, with its own OAuth provider. See mcp_scenario.py."""
import sys
from contextlib import asynccontextmanager

import httpx2
from fastmcp import Client
from fastmcp.client.auth.client_credentials import ClientCredentialsOAuthProvider
from fastmcp.client.transports import StreamableHttpTransport
from mcp import MCPError

from mcp_scenario import PATIENCE, Adapter, Refused, credentials, main

URL = sys.argv[1]


class FastMCP(Adapter):
    def __init__(self, client):
        self.client = client
        self.version = client.protocol_version

    async def names(self):
        return [tool.name for tool in await self.client.list_tools()]

    async def call(self, tool, arguments, progress=None):
        try:
            result = await self.client.call_tool_mcp(tool, arguments, progress_handler=progress)
        except MCPError as error:
            raise Refused(error.code) from error
        return {"structured": result.structured_content, "text": result.content[0].text, "isError": result.is_error}


@asynccontextmanager
async def connect(seen, authorization=None, connections=20):
    def client(**options):
        options["timeout"] = PATIENCE
        options["limits"] = httpx2.Limits(max_connections=connections, max_keepalive_connections=connections)
        made = httpx2.AsyncClient(**options)
        made.event_hooks["response"].append(seen.note)
        return made

    client_id, secret = credentials()
    provider = ClientCredentialsOAuthProvider(
        client_id=client_id, client_secret=secret, issuer=URL.removesuffix("/mcp"))
    auth = authorization.removeprefix("Bearer ") if authorization else provider
    async with Client(StreamableHttpTransport(URL, auth=auth, httpx_client_factory=client)) as connected:
        yield FastMCP(connected)


main(connect)
