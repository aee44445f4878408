"""A search with a token in FastMCP, to compare with."""
import json
import logging
import os
import sys
from typing import Annotated

import shop
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from fastmcp import FastMCP
from fastmcp.server.auth.providers.jwt import JWTVerifier
from pydantic import Field

logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(message)s")
log = logging.getLogger("search")


class Remembering(JWTVerifier):
    """Verifies a token once, as the other peers do."""
    known = {}

    async def verify_token(self, token):
        found = self.known.get(token)
        if found is None:
            found = await super().verify_token(token)
            if found is not None:
                self.known[token] = found
        return found


key = shop.Tokens().key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
mcp = FastMCP("search", auth=Remembering(public_key=key, issuer=os.environ["ISSUER"], audience=os.environ["AUDIENCE"]))


@mcp.tool(output_schema={"type": "object"})
async def search_products(
        query: Annotated[str, Field(min_length=1, max_length=200)],
        category: Annotated[str, Field(min_length=1, max_length=64)] | None = None,
        limit: Annotated[int, Field(ge=1, le=50)] = 10) -> dict:
    found = shop.search(query, limit)
    log.info("search_products %s", json.dumps({"total": found["total"]}))
    return found


app = mcp.http_app(path="/mcp", stateless_http=True, json_response=True)
