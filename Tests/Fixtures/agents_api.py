#!/usr/bin/env python3
"""The agents API, and every way in which it can go wrong: for tests and benchmarks. Standard library only.

Usage: agents_api.py [--port PORT] [--record FILE] [--tls CERTIFICATE KEY]

It listens on 127.0.0.1, by default on a free port, and prints {"port": PORT} to standard output once it does. It can
be killed and started again on the same port.

POST /api/mcp/agents/{agent} answers as the agent does; GET /health answers {"status": "ok"}; POST /token grants a token
(RFC 6749, 4.4); any other path answers too, so that a client can be tried on it with any method. How a request is
answered is decided by the first of these that is given:

    the path            /as/NAME/api/mcp/agents/cart (the prefix is taken off)
    the conversation    {"threadId": "as:NAME", ...}, or as:NAME:ANYTHING
    the control         {"as": {"checkout": "NAME", "/health": "NAME", "*": "NAME"}}: an action, a path, everything

NAME is an HTTP status such as 503 (429 and 503 say Retry-After: 7), or the name of a function of BEHAVIOURS below;
`wait-SECONDS` does what it is asked to and answers later; `once-NAME` goes wrong for the first request of a
conversation only.

    POST /control       {"as": {...}}, {"require": {"x-mcp-api-key": "..."}} (else 401, but for /token and /health),
                        {"revoke": true} (401 to tokens granted so far), {"away": URL} (for redirects),
                        {"honour_keys": true} (a repeated Idempotency-Key gets its first answer), {"clear": true}
    GET  /control       {"events": [...]}: what happened, in order; --record keeps the same, one JSON a line, in a file
                        that outlives the process, and reads the answers kept for idempotency keys from it

Events have "event" and the request's "id": request (method, path, headers as [name, value] in lower case, body, as),
effect (action: something was bought, added or stored; replayed: whether a kept answer was given instead), answered,
failed (the client did not take the answer), closed (the client went away while `never` or `drip` held the answer).
"""
import argparse
import gzip
import json
import os
import select
import socket
import ssl
import struct
import threading
import time
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

MILK = {"code": "milk-001", "name": "Whole milk, 1 gal", "category": "dairy", "description": "Fresh",
        "inStock": True, "available": 12, "price": {"minorUnits": 625, "currency": "USD", "text": "$6.25"}}
EFFECTS = {"add", "checkout"}


def money(cents):
    return {"minorUnits": cents, "currency": "USD", "text": f"${cents // 100}.{cents % 100:02}"}


def line(quantity):
    return {"productCode": "milk-001", "name": MILK["name"], "quantity": quantity, "unitPrice": money(625),
            "discount": money(0), "total": money(625 * quantity)}


def typed(agent, asked, number):
    """What an agent answers whose fields are those of the tool's output."""
    quantity = asked.get("quantity", 2)
    sums = {"itemCount": 2, "subtotal": money(1250), "discount": money(0), "total": money(1250),
            "summary": "2 items, total $12.50"}
    payment = {"id": f"pm-{number}", "type": asked.get("type", "credit_card")}
    payment.update({name: asked[name] for name in ("nickname", "reference") if name in asked})
    return {
        ("catalog", "search"): {"products": [MILK], "total": 1},
        ("cart", "add"): {"productCode": asked.get("productCode"), "name": MILK["name"], "added": quantity,
                          "inCart": quantity, "summary": f"{quantity} items, total {money(625 * quantity)['text']}"},
        ("cart", "view"): {"items": [line(2)], "unavailable": [], **sums},
        ("cart", "checkout"): {"orderId": f"order-{number}", "items": [line(2)], "paymentMethod": payment, **sums},
        ("payment", "add"): payment,
        ("deals", "get"): {"deals": [{"code": "dairy-10", "title": "10 % off dairy", "category": "dairy"}],
                           "total": 1},
    }.get((agent, asked.get("action")), {"asked": asked})


PROSE = "I found 5 milk products; the cheapest is $3.49."


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 512

    def handle_error(self, request, client_address):
        """A client that went away is in the record already."""


class World:
    """What the server knows: how to answer, and what happened."""

    def __init__(self, record):
        self.lock = threading.Lock()
        self.count = 0
        self.file = os.open(record, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600) if record else None
        self.answers, self.seen = {}, set()
        self.clear()
        for text in open(record).read().splitlines() if record else []:
            event = json.loads(text)
            self.count = max(self.count, event["id"])
            if event.get("kept"):
                self.answers[event["key"]] = event["kept"]

    def clear(self):
        self.events, self.behaviour, self.required, self.away, self.honours = [], {}, {}, "http://127.0.0.1:9/", False
        self.revoked = 0

    def note(self, event, number, **fields):
        entry = {"event": event, "id": number, **fields}
        with self.lock:
            self.events.append(entry)
            if self.file is not None:  # one write, so that a killed process leaves no half line behind
                os.write(self.file, (json.dumps(entry) + "\n").encode())

    def answer(self, agent, asked, number, key):
        """The good answer, and its effect: once for a key, when keys are honoured."""
        action = asked.get("action")
        if action not in EFFECTS:
            return typed(agent, asked, number)
        place = f"{agent} {action} {key}"
        with self.lock:
            kept = self.answers.get(place) if key and self.honours else None
            answer = kept or typed(agent, asked, f"{os.getpid()}-{number}")
            if key and self.honours:
                self.answers[place] = answer
        self.note("effect", number, agent=agent, action=action, key=place, replayed=kept is not None,
                  kept=answer if key and self.honours else None, thread=asked.get("threadId"))
        return answer


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    world = None

    def log_message(self, *_):
        pass

    def handle_any(self):
        length = int(self.headers.get("Content-Length") or 0)
        if "chunked" in self.headers.get("Transfer-Encoding", ""):
            body = b""
            while size := int(self.rfile.readline().split(b";")[0], 16):
                body += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
        else:
            body = self.rfile.read(length)
        try:
            self.asked = json.loads(body)
        except ValueError:
            self.asked = body.decode("latin-1")
        if self.path == "/control":
            return self.control()
        world = self.world
        with world.lock:
            world.count += 1
            self.number = world.count
        arguments = self.asked if isinstance(self.asked, dict) else {}
        name, path = self.chosen(arguments)
        world.note("request", self.number, pid=os.getpid(), method=self.command, path=self.path,
                   headers=[[field.lower(), value] for field, value in self.headers.items()], body=self.asked,
                   **{"as": name})
        if path not in ("/token", "/health"):
            for field, value in world.required.items():
                if self.headers.get(field) != value:
                    return self.give(401, {"error": f"{field} is missing or wrong"})
            granted = self.headers.get("Authorization", "").partition("Bearer granted-")[2]
            if granted.isdigit() and int(granted) <= world.revoked:
                return self.give(401, {"error": "the token is not valid any more"})
        if path == "/token" and name == "401":
            return self.give(401, {"error": "invalid_client"})
        self.good = lambda: self.answer_to(path, arguments)
        if name.isdigit():
            extra = {"Retry-After": "7"} if name in ("429", "503") else {}
            return self.give(int(name), {"error": f"the agent answers {name}"}, **extra)
        if name.startswith("wait-"):
            answer = self.good()
            time.sleep(float(name[5:]))
            return self.give(200, answer)
        return BEHAVIOURS[name](self)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = handle_any

    def chosen(self, arguments):
        path, name = self.path, None
        if path.startswith("/as/"):
            name, _, rest = path[4:].partition("/")
            path = "/" + rest
        thread = arguments.get("threadId")
        if name is None and isinstance(thread, str) and thread.startswith("as:"):
            name = thread[3:].split(":")[0]
        ways = self.world.behaviour
        name = name or ways.get(arguments.get("action")) or ways.get(path) or ways.get("*") or "typed"
        if name.startswith("once-"):
            with self.world.lock:
                name = "typed" if thread in self.world.seen else name[5:]
                self.world.seen.add(thread)
        return name, path

    def answer_to(self, path, arguments):
        if path == "/health":
            return {"status": "ok"}
        if path == "/token":
            return {"access_token": f"granted-{self.number}", "token_type": "Bearer", "expires_in": 3600}
        agent = path.removeprefix("/api/mcp/agents/")
        if agent == path:
            return {"path": path, "asked": self.asked}
        return self.world.answer(agent, arguments, self.number, self.headers.get("Idempotency-Key"))

    def control(self):
        if self.command == "GET":
            with self.world.lock:
                return self.give(200, {"events": list(self.world.events)}, note=False)
        order, world = self.asked, self.world
        with world.lock:
            if order.get("clear"):
                world.clear()
            world.behaviour.update(order.get("as", {}))
            world.required = order.get("require", world.required)
            world.revoked = world.count if order.get("revoke") else world.revoked
            world.away = order.get("away", world.away)
            world.honours = order.get("honour_keys", world.honours)
        return self.give(200, {}, note=False)

    # How to answer

    def head(self, status, size, kind="application/json", **fields):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        if size is not None:
            self.send_header("Content-Length", str(size))
        for name, value in fields.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()

    def give(self, status, value, kind="application/json", note=True, **fields):
        body = value if isinstance(value, bytes) else json.dumps(value).encode()
        try:
            self.head(status, len(body), kind, **fields)
            if self.command != "HEAD":
                self.wfile.write(body)
            if note:
                self.world.note("answered", self.number, status=status)
        except OSError as error:
            self.world.note("failed", self.number, reason=str(error))
            self.close_connection = True

    def wait_for_close(self, seconds):
        """Whether the client closed its end within the time."""
        ready, _, _ = select.select([self.connection], [], [], seconds)
        if not ready:
            return False
        try:
            gone = self.connection.recv(1, socket.MSG_PEEK if not isinstance(self.connection, ssl.SSLSocket) else 0)
        except OSError:
            gone = b""
        if gone:  # a pipelined request, which nobody answers
            time.sleep(seconds)
            return False
        self.world.note("closed", self.number)
        self.close_connection = True
        return True

    def reset(self):
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.wfile.flush()
        self.connection.close()
        self.close_connection = True

    # Ways to go wrong

    def never(self):
        while not self.wait_for_close(60):
            pass

    def drip(self):
        """A good answer, one byte in a fifth of a second."""
        body = json.dumps(self.good()).encode()
        self.head(200, len(body))
        for byte in body:
            try:
                self.wfile.write(bytes([byte]))
            except OSError:
                self.close_connection = True
                return self.world.note("closed", self.number)
            if self.wait_for_close(0.2):
                return None
        return self.world.note("answered", self.number, status=200)

    def reset_mid_body(self):
        body = json.dumps(self.good()).encode()
        self.head(200, len(body))
        self.wfile.write(body[:len(body) // 2])
        time.sleep(0.05)  # a reset would otherwise overtake what was sent
        self.reset()

    def close_mid_body(self):
        body = json.dumps(self.good()).encode()
        self.head(200, len(body))
        self.wfile.write(body[:len(body) // 2])
        self.close_connection = True

    def close(self):
        self.close_connection = True

    def huge(self, chunked=False, size=50_000_000):
        try:
            if chunked:
                self.head(200, None, Transfer_Encoding="chunked")
            else:
                self.head(200, size)
            block = b'"' + b"x" * 65_534
            for _ in range(size // len(block) + 1):
                self.wfile.write(b"%x\r\n%s\r\n" % (len(block), block) if chunked else block)
            self.world.note("answered", self.number, status=200)
        except OSError as error:
            self.world.note("failed", self.number, reason=str(error))
        self.close_connection = True

    def redirect(self, location, status=307):
        self.give(status, {"error": "moved"}, Location=location)


def wrapped(make):
    return lambda handler: handler.give(200, make(handler.good()))


def product_codes(value, keep):
    """An answer with `productCode` where it says `code` of a product; `keep`: beside it."""
    if isinstance(value, list):
        return [product_codes(element, keep) for element in value]
    if not isinstance(value, dict):
        return value
    renamed = {name: product_codes(inner, keep) for name, inner in value.items()}
    if "price" in renamed:
        renamed["productCode"] = renamed["code"] if keep else renamed.pop("code")
        if keep:
            renamed["code"] = "an older one"
    return renamed


BEHAVIOURS = {
    # Good answers; typed ones call a product's code `code`
    "typed": wrapped(lambda good: good),
    "product-code": wrapped(lambda good: product_codes(good, False)),
    "both-codes": wrapped(lambda good: product_codes(good, True)),
    "nested": wrapped(lambda good: {"success": True, "result": good}),
    "mixed": wrapped(lambda good: {**good, "response": PROSE}),
    "mismatched": wrapped(lambda good: {name: [3.49] for name in good}),
    "partly": wrapped(lambda good: {**good, "summary": 7, "products": [{"name": "Milk", "price": 3.49}]}),
    # Prose; what it was asked to do is done
    "prose": wrapped(lambda good: {"response": PROSE}),
    "message": wrapped(lambda good: {"message": PROSE}),
    "text": wrapped(lambda good: {"text": PROSE}),
    "prose-nested": wrapped(lambda good: {"result": {"output": {"content": PROSE}}}),
    "messages": wrapped(lambda good: {"messages": [{"role": "user", "content": "Milk?"},
                                                   {"role": "assistant", "content": PROSE}]}),
    "string": wrapped(lambda good: PROSE),
    "nothing-said": wrapped(lambda good: {}),
    "plain": lambda handler: handler.give(200, PROSE.encode(), "text/plain; charset=utf-8"),
    # Not an answer
    "invalid": lambda handler: handler.give(200, b'{"response": "unfinished'),
    "html": lambda handler: handler.give(200, b"<!doctype html><title>Sign in</title>", "text/html"),
    "empty": lambda handler: handler.give(200, b""),
    "failure": lambda handler: handler.give(200, {"success": False, "error": "the model is overloaded"}),
    "busy-until": lambda handler: handler.give(503, {"error": "the agent is busy"},
                                               Retry_After=formatdate(time.time() + 3600, usegmt=True)),
    # In the two older forms of a date, and for longer than anybody waits
    "busy-until-850": lambda handler: handler.give(
        503, {}, Retry_After=time.strftime("%A, %d-%b-%y %H:%M:%S GMT", time.gmtime(time.time() + 3600))),
    "busy-until-asctime": lambda handler: handler.give(
        503, {}, Retry_After=time.asctime(time.gmtime(time.time() + 3600))),
    "busy-for-ever": lambda handler: handler.give(503, {}, Retry_After="9" * 20),
    "compressed": lambda handler: handler.give(
        200, gzip.compress(json.dumps(handler.good()).encode()), Content_Encoding="gzip"),
    "never": Handler.never,
    "drip": Handler.drip,
    "reset": Handler.reset,
    "reset-mid-body": Handler.reset_mid_body,
    "close": Handler.close,
    "close-mid-body": Handler.close_mid_body,
    "huge": Handler.huge,
    "huge-chunked": lambda handler: handler.huge(chunked=True),
    "redirect": lambda handler: handler.redirect(handler.world.away),
    "redirect-302": lambda handler: handler.redirect(handler.world.away, 302),
    "redirect-here": lambda handler: handler.redirect("/as/typed" + handler.path.removeprefix("/as/redirect-here")),
    "redirect-loop": lambda handler: handler.redirect(handler.path),
}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--record")
    parser.add_argument("--tls", nargs=2)
    options = parser.parse_args()
    Handler.world = World(options.record)
    server = Server(("127.0.0.1", options.port), Handler)
    if options.tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*options.tls)
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    print(json.dumps({"port": server.server_port}), flush=True)
    server.serve_forever(poll_interval=0.05)


main()
