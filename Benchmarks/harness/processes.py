"""Starts what is measured, waits until it answers, and ends it again."""
import contextlib
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request


class Missing(Exception):
    """A tool that a row needs is not on this machine; the row says so."""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """A process in a group of its own, with its output in a file that counts as its log."""

    def __init__(self, command, work, environment=None, log="server.log", port=0):
        self.port = port
        self.log = os.path.join(work, log)
        with open(self.log, "ab") as output:
            self.process = subprocess.Popen(
                command, cwd=work, env={**os.environ, **(environment or {})}, stdin=subprocess.DEVNULL,
                stdout=output, stderr=output, start_new_session=True)

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def wait(self, path="/", seconds=30):
        """Until the server answers anything at all."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.process.poll() is not None:
                break
            try:
                urllib.request.urlopen(self.url + path, timeout=5).read()
                return self
            except urllib.error.HTTPError:
                return self
            except OSError:
                time.sleep(0.02)
        with open(self.log, errors="replace") as log:
            tail = log.read()[-2000:]
        self.stop()
        raise Missing(f"{self.process.args[0]} did not start: {tail.strip().splitlines()[-1:] or 'no output'}")

    def stop(self):
        if self.process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGTERM)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                pass
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


def memory(pid):
    """What the kernel counts for a process, in megabytes: VmRSS, the anonymous part of it, and the proportional set."""
    with open(f"/proc/{pid}/status") as file:
        status = dict(line.split(":", 1) for line in file)
    with open(f"/proc/{pid}/smaps_rollup") as file:
        pss = next(int(line.split()[1]) for line in file if line.startswith("Pss:"))
    kilobytes = {name: int(status[name].split()[0]) for name in ("VmRSS", "RssAnon")}
    return {"rss": kilobytes["VmRSS"] / 1024, "anonymous": kilobytes["RssAnon"] / 1024, "pss": pss / 1024}


def processor_time(group):
    """What the processes of a group have run for, in milliseconds; threads that have ended are not in it."""
    total = 0
    for pid in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(OSError):
            if os.getpgid(int(pid)) != group:
                continue
            for thread in os.listdir(f"/proc/{pid}/task"):
                with contextlib.suppress(OSError), open(f"/proc/{pid}/task/{thread}/schedstat") as file:
                    total += int(file.read().split()[0])
    return total / 1e6
