#!/usr/bin/env python3
"""An identity provider that misbehaves when it is told to: for the end-to-end tests.

Usage: issuer.py PORT_FILE [CERTIFICATE KEY]

It listens on a free port of 127.0.0.1 and writes the port to PORT_FILE. With a certificate it also listens on another one
by https, which is the issuer's then, and writes both ports. `GET /…` serves metadata and keys and counts;
`POST /control` with a JSON object changes what is served; `GET /control` answers the counts; `POST /sign` signs claims;
`POST /token` is a token endpoint that believes every client.
"""
import base64
import gzip
import json
import os
import ssl
import sys
import threading
import time
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

METADATA = "/.well-known/openid-configuration"
KEYS = "/keys"
AUDIENCE = "api://toolhost"


def encode(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def java(text):
    """The number of a key as Java's BigInteger has it, in Base64 with its padding."""
    return base64.urlsafe_b64encode(b"\0" + base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))).decode()


class Key:
    def __init__(self, name):
        self.name = name
        self.private = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    def public(self):
        numbers = self.private.public_key().public_numbers()
        size = (numbers.n.bit_length() + 7) // 8
        return {"kty": "RSA", "use": "sig", "kid": self.name, "n": encode(numbers.n.to_bytes(size, "big")),
                "e": encode(numbers.e.to_bytes(3, "big"))}

    def sign(self, claims, header):
        parts = [{"alg": "RS256", "typ": "JWT", "kid": self.name, **header}, claims]
        text = ".".join(encode(json.dumps(part).encode()) for part in parts)
        return text + "." + encode(self.private.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256()))


class State:
    """What is served. `mode` is by path: ok, fail, stall, redirect, huge, gzip, broken (bad keys among the good), or java (as
    serializers of whole objects write them: a sign before the number, padding, null for what is not there, and all twice)."""

    def __init__(self):
        self.lock = threading.Lock()
        self.counts = {}
        self.mode = {}
        self.metadata = {}
        self.keys = [Key("one")]
        self.issuer = ""

    def document(self, path):
        if path == KEYS:
            keys = [key.public() for key in self.keys]
            if self.mode.get(path) == "broken":
                keys = [{"kty": "RSA", "kid": "torn", "n": "AA"}, {"kty": "new"}, 7,
                        {**keys[0], "use": "enc", "kid": "enc"}] + keys
            if self.mode.get(path) == "java":
                keys = [{**key, "n": java(key["n"]), "e": java(key["e"]), "alg": None, "x5c": None, "key_ops": None}
                        for key in keys] * 2
            return {"keys": keys}
        return {"issuer": self.issuer, "jwks_uri": self.issuer + KEYS, "token_endpoint": self.issuer + "/token",
                "authorization_endpoint": self.issuer + "/authorize", "response_types_supported": ["code"],
                "x-of-the-provider": True, **self.metadata}


STATE = State()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, value, **fields):
        body = value if isinstance(value, bytes) else json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        for name, field in fields.items():
            self.send_header(name, field)
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        if self.path == "/control":
            with STATE.lock:
                return self.answer(200, STATE.counts)
        with STATE.lock:
            STATE.counts[self.path] = STATE.counts.get(self.path, 0) + 1
            mode = STATE.mode.get(self.path, "ok")
            document = STATE.document(self.path)
        if self.path not in (METADATA, KEYS, "/elsewhere" + KEYS):
            return self.answer(404, {})
        if mode == "fail":
            return self.answer(500, {})
        if mode == "stall":
            self.send_response(200)
            self.send_header("Content-Length", "1000")
            self.end_headers()
            try:
                for _ in range(100):
                    self.wfile.write(b" ")
                    self.wfile.flush()
                    time.sleep(0.3)
            except OSError:
                pass
            self.close_connection = True
            return None
        if mode == "redirect":
            return self.answer(302, {}, Location="/elsewhere" + self.path)
        if mode == "gzip":
            return self.answer(200, gzip.compress(json.dumps(document).encode()), **{"Content-Encoding": "gzip"})
        if mode == "huge":
            document["padding"] = "x" * 10_000_000
            try:
                return self.answer(200, document)
            except OSError:
                self.close_connection = True
                return None
        return self.answer(200, document)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/token":
            form = urllib.parse.parse_qs(body.decode())
            claims = {"iss": STATE.issuer, "iat": int(time.time()), "exp": int(time.time()) + 600, "aud": AUDIENCE,
                      "client_id": form["client_id"][0], "sub": form["client_id"][0],
                      "scope": form.get("scope", [""])[0]}
            with STATE.lock:
                return self.answer(200, {"access_token": STATE.keys[-1].sign(claims, {}), "token_type": "Bearer"})
        order = json.loads(body)
        with STATE.lock:
            if self.path == "/sign":
                key = next((key for key in STATE.keys if key.name == order.get("key")), STATE.keys[-1])
                claims = {"iss": STATE.issuer, "iat": int(time.time()), "exp": int(time.time()) + 600,
                          **order.get("claims", {})}
                return self.answer(200, {"token": key.sign(claims, order.get("header", {}))})
            STATE.mode.update(order.get("mode", {}))
            STATE.metadata.update(order.get("metadata", {}))
            for name in order.get("add", []):
                STATE.keys.append(Key(name))
            STATE.keys = [key for key in STATE.keys if key.name not in order.get("remove", [])]
        return self.answer(200, {})


def main():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    STATE.issuer = f"http://127.0.0.1:{server.server_port}"
    ports = str(server.server_port)
    if len(sys.argv) == 4:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*sys.argv[2:])
        secure = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        secure.daemon_threads = True
        secure.handle_error = lambda *_: None  # clients that do not like the certificate hang up
        secure.socket = context.wrap_socket(secure.socket, server_side=True, do_handshake_on_connect=False)
        threading.Thread(target=secure.serve_forever, daemon=True).start()
        STATE.issuer = f"https://127.0.0.1:{secure.server_port}"
        ports += f" {secure.server_port}"
    draft = sys.argv[1] + ".draft"
    with open(draft, "w") as file:
        file.write(ports)
    os.rename(draft, sys.argv[1])
    server.serve_forever()


main()
