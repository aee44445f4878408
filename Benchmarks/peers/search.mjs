// A search with a token in Node's http module, to compare with.
import { createPublicKey, verify } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";

const { PORT, PRODUCTS, JWKS, ISSUER, AUDIENCE } = process.env;

const words = (text) => text.toLowerCase().match(/[a-z0-9]+/g) ?? [];
const products = [];
const index = new Map();
for (const line of readFileSync(PRODUCTS, "utf8").split("\n").filter(Boolean)) {
  const { code, name, category, description, price, stock } = JSON.parse(line);
  const money = { minorUnits: Math.round(price * 100), currency: "USD", text: `$${price.toFixed(2)}` };
  products.push({ code, name, category, description, price: money, inStock: stock > 0, available: stock });
  for (const word of new Set(words(`${name} ${category} ${description}`))) {
    if (!index.has(word)) index.set(word, []);
    index.get(word).push(products.length - 1);
  }
}

function search(query, limit) {
  let found = null;
  for (const word of words(query)) {
    const list = index.get(word) ?? [];
    const known = found && new Set(found);
    found = known ? list.filter((item) => known.has(item)) : list;
  }
  found ??= [];
  return { products: found.slice(0, limit).map((item) => products[item]), total: found.length };
}

const key = createPublicKey({ key: JSON.parse(readFileSync(JWKS, "utf8")).keys[0], format: "jwk" });
const known = new Map();

function accepts(header = "") {
  const token = header.replace(/^Bearer /, "");
  const now = Date.now() / 1000;
  const end = known.get(token);
  if (end !== undefined) return now < end;
  const [head, payload, signature] = token.split(".");
  if (!signature) return false;
  const bytes = Buffer.from(`${head}.${payload}`);
  if (!verify("sha256", bytes, key, Buffer.from(signature, "base64url"))) return false;
  const claims = JSON.parse(Buffer.from(payload, "base64url"));
  if (claims.iss !== ISSUER || ![claims.aud].flat().includes(AUDIENCE) || claims.exp <= now) return false;
  known.set(token, claims.exp);
  return true;
}

function valid(input) {
  const { query, limit = 10, category = "x", ...rest } = input ?? {};
  return typeof query === "string" && query.length >= 1 && query.length <= 200 && typeof category === "string"
    && Number.isInteger(limit) && limit >= 1 && limit <= 50 && Object.keys(rest).length === 0;
}

createServer((request, response) => {
  const begin = performance.now();
  const pieces = [];
  request.on("data", (piece) => pieces.push(piece));
  request.on("end", () => {
    let status = 200;
    let body = "";
    if (!accepts(request.headers.authorization)) {
      status = 401;
    } else {
      let input;
      try {
        input = JSON.parse(Buffer.concat(pieces));
      } catch {
        input = null;
      }
      if (valid(input)) body = JSON.stringify(search(input.query, input.limit ?? 10));
      else status = 400;
    }
    response.writeHead(status, { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(body) });
    response.end(body);
    const { method, url } = request;
    process.stderr.write(JSON.stringify({ method, path: url, status, milliseconds: performance.now() - begin }) + "\n");
  });
}).listen(Number(PORT), "127.0.0.1");
