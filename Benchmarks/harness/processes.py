"""Starts what is measured, waits until it answers, and ends it again."""
import contextlib
import os
import resource
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request


class Missing(Exception):
    """A tool that a row needs is not on this machine; the row says so."""


def need_files(count):
    """Raises this process's limit on open files, and that of all that it starts, to so many."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < count:
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (count, max(hard, count)))
    if resource.getrlimit(resource.RLIMIT_NOFILE)[0] < count:
        raise Missing(f"the limit on open files is below {count} (ulimit -n)")


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

    def family(self):
        """The numbers of this process, of those of its group, and of all that they started."""
        return family(self.process.pid)

    def stop(self):
        started = {pid: birth(pid) for pid in self.family()}
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
        # What it started has a group of its own and should have ended with it; what has not ends here.
        for pid, when in started.items():
            with contextlib.suppress(ProcessLookupError):
                if when is not None and birth(pid) == when:
                    os.kill(pid, signal.SIGKILL)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


def stat(pid):
    """What the kernel says of a process from its state on; `None` where there is none."""
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rpartition(")")[2].split()
    except OSError:
        return None


def birth(pid):
    """When a process was started, in ticks, which tells it from a later one with its number; `None` for a dead one."""
    fields = stat(pid)
    return fields[19] if fields and fields[0] not in "ZX" else None


def family(leader):
    """A process, those of its group, and all that they started, by number."""
    found = {int(pid): stat(pid) for pid in os.listdir("/proc") if pid.isdigit()}
    parents = {pid: (int(fields[1]), int(fields[2])) for pid, fields in found.items() if fields}
    members = {pid for pid, (_, group) in parents.items() if pid == leader or group == leader}
    while more := {pid for pid, (parent, _) in parents.items() if parent in members} - members:
        members |= more
    return members


def memory(pid):
    """What the kernel counts for a process, in megabytes: VmRSS, the anonymous part of it, and the proportional set."""
    with open(f"/proc/{pid}/status") as file:
        status = dict(line.split(":", 1) for line in file)
    with open(f"/proc/{pid}/smaps_rollup") as file:
        pss = next(int(line.split()[1]) for line in file if line.startswith("Pss:"))
    kilobytes = {name: int(status[name].split()[0]) for name in ("VmRSS", "RssAnon")}
    return {"rss": kilobytes["VmRSS"] / 1024, "anonymous": kilobytes["RssAnon"] / 1024, "pss": pss / 1024}


def proportional(leader):
    """The proportional set of a process and of all that it started, in megabytes: what they share counts once."""
    return sum(memory(pid)["pss"] for pid in family(leader))


def processor_time(leader):
    """What a process, its group and all that they started have run for, in milliseconds, without what has ended."""
    total = 0
    for pid in family(leader):
        with contextlib.suppress(OSError):
            for thread in os.listdir(f"/proc/{pid}/task"):
                with contextlib.suppress(OSError), open(f"/proc/{pid}/task/{thread}/schedstat") as file:
                    total += int(file.read().split()[0])
    return total / 1e6
