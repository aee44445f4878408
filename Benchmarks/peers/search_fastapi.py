"""A search with a token in FastAPI, to compare with."""
import logging
import sys
import time
from typing import Annotated

import shop
from fastapi import FastAPI, Header, HTTPException, Request
from pydantic import BaseModel, ConfigDict, Field

logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(message)s")
log = logging.getLogger("search")
tokens = shop.Tokens()
app = FastAPI()


class Query(BaseModel):
    model_config = ConfigDict(extra="forbid")
    query: Annotated[str, Field(min_length=1, max_length=200)]
    category: Annotated[str, Field(min_length=1, max_length=64)] | None = None
    limit: Annotated[int, Field(ge=1, le=50)] = 10


class Money(BaseModel):
    minorUnits: int
    currency: str
    text: str


class Hit(BaseModel):
    productCode: str
    name: str
    category: str
    description: str
    price: Money
    inStock: bool
    available: int


class Found(BaseModel):
    products: list[Hit]
    total: int


@app.post("/tools/search_products")
async def search(query: Query, request: Request, authorization: Annotated[str, Header()] = "") -> Found:
    begin = time.perf_counter()
    if not tokens.accepts(authorization):
        raise HTTPException(401)
    found = shop.search(query.query, query.limit)
    log.info("%s %s 200 %.3f ms", request.method, request.url.path, (time.perf_counter() - begin) * 1000)
    return found
