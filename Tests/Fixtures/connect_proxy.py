#!/usr/bin/env python3
"""An HTTP proxy that tunnels (CONNECT, RFC 9110 section 9.3.6). Standard library only.

Usage: connect_proxy.py UPSTREAM_PORT

Whatever it is asked for, it connects to UPSTREAM_PORT of 127.0.0.1, so that tests need no names. It listens on a free
port of 127.0.0.1, prints {"port": PORT} to standard output, and then a line {"target": "HOST:PORT"} for each tunnel.
"""
import json
import socket
import sys
import threading


def copy(source, sink):
    try:
        while data := source.recv(65536):
            sink.sendall(data)
    except OSError:
        pass
    for end, how in ((source, socket.SHUT_RD), (sink, socket.SHUT_WR)):
        try:
            end.shutdown(how)
        except OSError:
            pass


def serve(client, upstream_port):
    head = b""
    while b"\r\n\r\n" not in head:
        data = client.recv(4096)
        if not data:
            return client.close()
        head += data
    method, target = head.split(b" ", 2)[:2]
    if method != b"CONNECT":
        client.sendall(b"HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        return client.close()
    print(json.dumps({"target": target.decode()}), flush=True)
    upstream = socket.create_connection(("127.0.0.1", upstream_port))
    client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
    threading.Thread(target=copy, args=(upstream, client), daemon=True).start()
    copy(client, upstream)
    return None


def main():
    listener = socket.create_server(("127.0.0.1", 0))
    print(json.dumps({"port": listener.getsockname()[1]}), flush=True)
    while True:
        client, _ = listener.accept()
        threading.Thread(target=serve, args=(client, int(sys.argv[1])), daemon=True).start()


main()
