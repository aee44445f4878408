"""Starts toolhost as a deployment would run it, and gets a token for it."""
import base64
import contextlib
import json
import os
import shutil
import time
import urllib.request

from .processes import Server, free_port

# Where packs run (PACK_ISOLATION), the default first: each in a process of its own, or all in the host's.
ENGINES = ("process", "host")
# What they are called beside peers.
NAMES = {"process": "toolhost", "host": "packs in the host"}


class Host(Server):
    """One host in a folder of its own, where it finds keys, store and copies of packs of an earlier start again."""

    def __init__(self, binary, folder, packs, products=None, environment=None, port=None,
                 isolation=ENGINES[0]):
        self.folder = folder
        plugins = os.path.join(folder, "plugins.d")
        if not os.path.isdir(plugins):
            os.makedirs(plugins, mode=0o755)
            for pack in packs:
                shutil.copy(pack, plugins)
            if products:
                with open(os.path.join(plugins, "catalog.yaml"), "w") as file:
                    file.write(f"config:\n  products: {json.dumps(products)}\n")
        port = port or free_port()
        settings = {"STATE_DIR": os.path.join(folder, "var"), "PLUGINS_DIR": plugins, "MCP_SERVER_PORT": str(port),
                    "LOG_FORMAT": "json", "MCP_AUTH_MODE": "embedded", "PACK_ISOLATION": isolation}
        super().__init__(
            [binary, "serve", "--no-welcome"], folder, {**settings, **(environment or {})}, "host.log", port)

    def wait(self, path="/health", seconds=30):
        return super().wait(path, seconds)

    def token(self):
        """From the host's own authorization server, as a client gets it."""
        with open(os.path.join(self.folder, "var/auth/client.json")) as file:
            client = json.load(file)
        basic = base64.b64encode(f"{client['client_id']}:{client['client_secret']}".encode()).decode()
        request = urllib.request.Request(
            self.url + "/oauth2/token", b"grant_type=client_credentials", {"Authorization": "Basic " + basic})
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)["access_token"]

    def get(self, path):
        with urllib.request.urlopen(self.url + path) as answer:
            return answer.read(), answer.headers

    def call(self, tool, arguments, token):
        request = urllib.request.Request(
            f"{self.url}/tools/{tool}", json.dumps(arguments).encode(),
            {"Authorization": "Bearer " + token, "Content-Type": "application/json"})
        with urllib.request.urlopen(request) as answer:
            return answer.read()

    def runner(self, pack):
        """The number of the process that runs the pack of this file name, `None` where there is none."""
        for pid in self.family():
            with contextlib.suppress(OSError), open(f"/proc/{pid}/cmdline") as file:
                words = file.read().split("\0")[:-1]
                if words[1:2] == ["runner"] and words[-1] == pack:
                    return pid
        return None

    def settle(self):
        """Gives work after the start the time to end, so that memory is that of an idle host."""
        time.sleep(1)
        return self
