"""A search as an MCP server on standard input, for mcpo to make OpenAPI of."""
from typing import Annotated

import shop
from mcp.server.fastmcp import FastMCP
from pydantic import Field

mcp = FastMCP("search")


@mcp.tool()
async def search_products(
        query: Annotated[str, Field(min_length=1, max_length=200)],
        limit: Annotated[int, Field(ge=1, le=50)] = 10) -> dict:
    return shop.search(query, limit)


mcp.run()
