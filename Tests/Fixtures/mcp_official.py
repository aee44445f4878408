#!/usr/bin/env python3
"""The official client, 2.x. MODE is `auto`, which finds out what the server speaks, or `legacy`. See mcp_scenario.py."""
import sys
from contextlib import asynccontextmanager

import httpx2
from mcp import Client, MCPError
from mcp.client.auth.extensions.client_credentials import ClientCredentialsOAuthProvider
from mcp.client.streamable_http import streamable_http_client

from mcp_scenario import PATIENCE, Adapter, Bearer, Refused, credentials, main

URL, MODE = sys.argv[1], sys.argv[4]


class Official(Adapter):
    def __init__(self, client):
        self.client = client
        self.version = client.protocol_version

    async def names(self):
        return [tool.name for tool in (await self.client.list_tools()).tools]

    async def call(self, tool, arguments, progress=None):
        try:
            result = await self.client.call_tool(tool, arguments, progress_callback=progress)
        except MCPError as error:
            raise Refused(error.code) from error
        return {"structured": result.structured_content, "text": result.content[0].text, "isError": result.is_error}


@asynccontextmanager
async def connect(seen, authorization=None, connections=20):
    client_id, secret = credentials()
    provider = ClientCredentialsOAuthProvider(URL, Bearer(), client_id, secret, issuer=URL.removesuffix("/mcp"))
    headers = {"Authorization": authorization} if authorization else {}
    limits = httpx2.Limits(max_connections=connections, max_keepalive_connections=connections)
    async with httpx2.AsyncClient(
            auth=None if authorization else provider, headers=headers, limits=limits, timeout=PATIENCE,
            event_hooks={"response": [seen.note]}) as http:
        async with Client(streamable_http_client(URL, http_client=http), mode=MODE) as client:
            yield Official(client)


main(connect)
