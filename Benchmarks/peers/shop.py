"""What the Python peers share: products, search, and tokens that are verified once and remembered."""
import json
import os
import re
import time

import jwt

PRODUCTS, INDEX = [], {}


def words(text):
    return re.findall(r"[a-z0-9]+", text.lower())


with open(os.environ["PRODUCTS"]) as file:
    for line in file:
        row = json.loads(line)
        price = {"minorUnits": round(row["price"] * 100), "currency": "USD", "text": f"${row['price']:.2f}"}
        PRODUCTS.append({"productCode": row["code"], "name": row["name"], "category": row["category"],
                         "description": row["description"], "price": price, "inStock": row["stock"] > 0,
                         "available": row["stock"]})
        for word in set(words(f"{row['name']} {row['category']} {row['description']}")):
            INDEX.setdefault(word, []).append(len(PRODUCTS) - 1)


def search(query, limit):
    found = None
    for word in words(query):
        matches = INDEX.get(word, [])
        known = None if found is None else set(found)
        found = matches if known is None else [item for item in matches if item in known]
    found = found or []
    return {"products": [PRODUCTS[item] for item in found[:limit]], "total": len(found)}


class Tokens:
    def __init__(self):
        with open(os.environ["JWKS"]) as file:
            self.key = jwt.PyJWK(json.load(file)["keys"][0]).key
        self.known = {}

    def accepts(self, header):
        token = header.removeprefix("Bearer ")
        end = self.known.get(token)
        if end is not None:
            return time.time() < end
        try:
            claims = jwt.decode(token, self.key, algorithms=["RS256"], issuer=os.environ["ISSUER"],
                                audience=os.environ["AUDIENCE"])
        except jwt.InvalidTokenError:
            return False
        self.known[token] = claims["exp"]
        return True
