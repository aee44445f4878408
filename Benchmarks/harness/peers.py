"""Starts the peers: each does the work of `search_products`, or says which tool it lacks."""
import os
import shutil
import subprocess

from .processes import Missing, Server, free_port

HERE = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "peers")


def need(tool, package):
    path = shutil.which(tool)
    if not path:
        raise Missing(f"{tool} is not installed (apt-get install {package})")
    return path


def build_go(root, source, program, environment=None):
    """Compiles one file of Go with the packages of the distribution alone."""
    subprocess.run([need("go", "golang-go"), "build", "-o", program, source], check=True, env={
        **os.environ, "GOCACHE": os.path.join(root, ".build/go"), "GO111MODULE": "off", **(environment or {})})


class Peers:
    """Where everything lies that peers are started with."""

    def __init__(self, root, work, environment):
        self.root, self.work, self.environment = root, work, environment

    def _server(self, name, command, path="/", environment=None):
        port = free_port()
        command = [word.replace("{port}", str(port)) for word in command]
        folder = os.path.join(self.work, name)
        os.makedirs(folder, exist_ok=True)
        variables = {**self.environment, "PORT": str(port), **(environment or {})}
        return Server(command, folder, variables, port=port).wait(path)

    def nginx(self, body, document=None, workers=1, name="nginx"):
        """Answers every POST with `body` from memory, and serves `document` as a file."""
        program = need("nginx", "nginx-light")
        folder = os.path.join(self.work, name)
        os.makedirs(os.path.join(folder, "files"), exist_ok=True)
        if document is not None:
            with open(os.path.join(folder, "files/openapi.json"), "wb") as file:
                file.write(document)
        port = free_port()
        answer = body.decode().replace("'", " ").replace("$", " ").replace("\\", " ")
        with open(os.path.join(folder, "nginx.conf"), "w") as file:
            file.write(f"""
{"user root;" if os.geteuid() == 0 else ""}
worker_processes {workers}; daemon off; pid nginx.pid; error_log nginx.error;
events {{ worker_connections 4096; }}
http {{
  access_log nginx.log; sendfile on; keepalive_requests 100000000; open_file_cache max=10;
  default_type application/json;
  server {{
    listen 127.0.0.1:{port} backlog=1024;
    location / {{ return 200 '{answer}'; }}
    location /files/ {{ root {folder}; }}
  }}
}}
""")
        return Server([program, "-p", folder, "-c", "nginx.conf"], folder, port=port).wait()

    def go(self):
        program = os.path.join(self.work, "search-go")
        if not os.path.exists(program):
            build_go(self.root, os.path.join(HERE, "search.go"), program)
        return self._server("go", [program])

    def node(self):
        return self._server("node", [need("node", "nodejs"), os.path.join(HERE, "search.mjs")])

    def fastapi(self):
        return self._server("fastapi", [
            self._python("bench-venv", "requirements.txt"), "-m", "uvicorn", "search_fastapi:app", "--app-dir", HERE,
            "--workers", "2", "--port", "{port}"])

    def fastmcp(self):
        return self._server("fastmcp", [
            self._python("bench-venv", "requirements.txt"), "-m", "uvicorn", "search_fastmcp:app", "--app-dir", HERE,
            "--workers", "2", "--port", "{port}"])

    def mcpo(self, key):
        python = self._python("bench-venv-mcpo", "requirements-mcpo.txt")
        program = os.path.join(os.path.dirname(python), "mcpo")
        return self._server("mcpo", [
            program, "--host", "127.0.0.1", "--port", "{port}", "--api-key", key, "--", python,
            os.path.join(HERE, "search_stdio.py")], "/docs")

    def _python(self, name, requirements):
        """The interpreter of a virtual environment outside the repository's files, made when it is first needed."""
        folder = os.path.join(self.root, ".build", name)
        wanted = os.path.join(os.path.dirname(HERE), requirements)
        marker = os.path.join(folder, "requirements.txt")
        python = os.path.join(folder, "bin/python")
        if not (os.path.exists(marker) and open(marker).read() == open(wanted).read()):
            try:
                subprocess.run([need("python3", "python3-venv"), "-m", "venv", folder], check=True, capture_output=True)
                subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
                                "--requirement", wanted], check=True, capture_output=True)
            except subprocess.CalledProcessError as error:
                raise Missing(f"{requirements} cannot be installed: {error.stderr.decode()[-200:].strip()}") from None
            shutil.copy(wanted, marker)
        return python
