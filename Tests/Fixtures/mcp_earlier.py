#!/usr/bin/env python3
"""The official client, 1.x, which many programs will go on using. See mcp_scenario.py."""
import sys
from contextlib import asynccontextmanager

import httpx
from mcp import ClientSession, McpError
from mcp.client.auth.extensions.client_credentials import ClientCredentialsOAuthProvider
from mcp.client.streamable_http import streamable_http_client
from mcp.types import CancelledNotification, CancelledNotificationParams, ClientNotification

from mcp_scenario import PATIENCE, Adapter, Bearer, Refused, credentials, main

URL = sys.argv[1]


class Earlier(Adapter):
    def __init__(self, session, version):
        self.session = session
        self.version = version
        self.job = None

    async def names(self):
        return [tool.name for tool in (await self.session.list_tools()).tools]

    async def call(self, tool, arguments, progress=None):
        if tool == "job_run":
            # Ids count from 0 and this library tells them to nobody.
            self.job = self.session._request_id
        try:
            result = await self.session.call_tool(tool, arguments, progress_callback=progress)
        except McpError as error:
            raise Refused(error.error.code) from error
        return {"structured": result.structuredContent, "text": result.content[0].text, "isError": result.isError}

    async def cancel(self, scope):
        # This library does not tell the server when a call is given up.
        params = CancelledNotificationParams(requestId=self.job, reason="given up")
        await self.session.send_notification(ClientNotification(CancelledNotification(params=params)))
        scope.cancel()


@asynccontextmanager
async def connect(seen, authorization=None, connections=20):
    client_id, secret = credentials()
    provider = ClientCredentialsOAuthProvider(URL, Bearer(), client_id, secret, issuer=URL.removesuffix("/mcp"))
    headers = {"Authorization": authorization} if authorization else {}
    limits = httpx.Limits(max_connections=connections, max_keepalive_connections=connections)
    async with httpx.AsyncClient(
            auth=None if authorization else provider, headers=headers, limits=limits, timeout=PATIENCE,
            event_hooks={"response": [seen.note]}) as http:
        async with streamable_http_client(URL, http_client=http) as (reader, writer, _):
            async with ClientSession(reader, writer) as session:
                yield Earlier(session, (await session.initialize()).protocolVersion)


main(connect)
