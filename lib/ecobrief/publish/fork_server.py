"""The process that forks (`python -m ecobrief.publish.fork_server FD`, started by `forks.ForkServer`).

It has one thread and looks whether that is so before every fork: a lock that another thread held would stay locked in
the fork for ever. Each fork leads a session of its own, dies when this process dies, and takes what it started with it.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import importlib
import os
import resource
import selectors
import signal
import socket
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.reduction import recv_handle
from pathlib import Path
from typing import Any

from ecobrief.publish.forks import WITHOUT_THREADS, Limits

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
MB = 2**20
# How often limits are looked at, and how long after its time a fork may take to end by itself (`TimeLimit`).
TICK = 0.1
GRACE = 2.0

_work: Connection | None = None


class TimeLimit(BaseException):
    """Raised in a fork whose time is over, in the midst of what it does."""


def tell(event: Any) -> None:
    """Send `event` to the caller of `ForkServer.run`; outside a fork nothing happens."""
    if _work is not None:
        _work.send(("event", event))


@contextlib.contextmanager
def time_limit(seconds: float | None, what: str) -> Iterator[None]:
    """Raise `TimeLimit` inside when it takes longer. An outer limit goes on; this one must be of the main thread.

    seconds: None for no limit
    what: is limited, for the message
    """
    if not seconds:
        yield
        return

    def over(number: int, frame: Any) -> None:
        raise TimeLimit(f"{what} ran longer than {seconds:g} seconds")

    outer, began = signal.getitimer(signal.ITIMER_REAL)[0], time.monotonic()
    if outer and outer <= seconds:
        yield
        return
    handler = signal.signal(signal.SIGALRM, over)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        left = outer and max(outer - (time.monotonic() - began), 0.001)
        signal.signal(signal.SIGALRM, handler)
        signal.setitimer(signal.ITIMER_REAL, left)


@dataclass
class Fork:
    """A fork that runs. growth: bytes it may add to what it had when it began."""

    pid: int
    ends: Connection
    limits: Limits
    until: float
    began_with: int
    over: str = ""


def main() -> None:
    """Prepare, then serve until the caller closes the connection."""
    requests = Connection(int(sys.argv[1]))
    sys.path[:], preparation, left_out = requests.recv()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _prctl(PR_SET_CHILD_SUBREAPER, 1)
    # Nothing made here goes again before all of it is frozen.
    gc.disable()
    try:
        for module in preparation.modules:
            if module not in left_out:
                _import(module)
                if len(_threads()) > 1:
                    requests.send(("threads", module))
                    return
        answer = named(preparation.warm)(*preparation.arguments) if preparation.warm else None
    except Exception as fault:
        frame = traceback.extract_tb(fault.__traceback__)[-1]
        place = f"{Path(frame.filename).name} line {frame.lineno}"
        told = f"the process that forks cannot be prepared: {type(fault).__name__}: {fault} ({place})."
        try:
            requests.send(("failed", (told, fault)))
        except Exception:  # what cannot be pickled is told in words
            requests.send(("failed", (told, None)))
        return
    # What is here now is shared by all forks; the collector of a fork would copy it page by page.
    gc.collect()
    gc.freeze()
    gc.enable()
    requests.send(("ready", answer))
    Server(requests).serve()


class Server:
    """The loop: takes requests, forks, looks after what runs."""

    def __init__(self, requests: Connection) -> None:
        self._requests = requests
        self._forks: dict[int, Fork] = {}
        self._selector = selectors.DefaultSelector()
        self._wakes, wake = socket.socketpair()
        self._wakes.setblocking(False)
        wake.setblocking(False)
        self._wake = wake
        signal.set_wakeup_fd(wake.fileno())
        signal.signal(signal.SIGCHLD, lambda number, frame: None)
        self._selector.register(requests, selectors.EVENT_READ)
        self._selector.register(self._wakes, selectors.EVENT_READ)

    def serve(self) -> None:
        """Serve until the caller has gone; then end everything that runs."""
        try:
            while True:
                limited = any(fork.limits != Limits() for fork in self._forks.values())
                ready = {key.fileobj for key, _ in self._selector.select(TICK if limited else None)}
                if self._wakes in ready:
                    self._wakes.recv(4096)
                self._reap()
                if limited:
                    self._look_at_limits()
                if self._requests in ready:
                    self._fork()
        except EOFError:
            pass
        finally:
            self._end_all()

    def _fork(self) -> None:
        limits: Limits = self._requests.recv()
        work, ends = (Connection(recv_handle(self._requests)) for _ in range(2))
        threads = _threads()
        if len(threads) > 1:
            ends.send(("refused", f"no fork: threads run beside the main one ({', '.join(threads)})."))
            work.close()
            ends.close()
            return
        parent = os.getpid()
        pid = os.fork()
        if pid == 0:
            try:
                self._become_fork(parent, limits)
                ends.close()
                _run(work, limits)
            finally:
                os._exit(1)
        work.close()
        until = time.monotonic() + limits.seconds + GRACE if limits.seconds else float("inf")
        self._forks[pid] = Fork(pid, ends, limits, until, _private(os.getpid()))

    def _become_fork(self, parent: int, limits: Limits) -> None:
        """What must be so before anything else runs: nothing of the server is left, and it cannot outlive the server."""
        os.setsid()
        _prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)
        # What it starts and leaves behind comes to it, and when it has ended to the server.
        _prctl(PR_SET_CHILD_SUBREAPER, 1)
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        self._selector.close()
        self._requests.close()
        self._wakes.close()
        self._wake.close()
        for fork in self._forks.values():
            fork.ends.close()
        if limits.memory:
            # An allocation beyond fails with MemoryError where it is asked for; the server counts children too.
            most = _status(os.getpid(), "VmData") + limits.memory * MB
            resource.setrlimit(resource.RLIMIT_DATA, (most, most))

    def _reap(self) -> None:
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if not pid:
                return
            fork = self._forks.pop(pid, None)
            if fork:
                _kill_group(pid)
                with contextlib.suppress(OSError), fork.ends:
                    fork.ends.send(_how(fork, status))
                self._kill_left_behind()

    def _kill_left_behind(self) -> None:
        """Kill what ended forks had started in sessions of their own: it is now a child of this process."""
        for pid in _children():
            if pid not in self._forks:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)

    def _look_at_limits(self) -> None:
        now = time.monotonic()
        for fork in self._forks.values():
            if now > fork.until:
                fork.over = "time"
            elif fork.limits.memory and _grown(fork) > fork.limits.memory * MB:
                fork.over = "memory"
            if fork.over:
                _kill_group(fork.pid)

    def _end_all(self) -> None:
        """Until no child is left; what they leave behind becomes a child in turn."""
        while children := _children():
            for pid in children:
                _kill_group(pid)
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            with contextlib.suppress(ChildProcessError):
                os.waitpid(-1, 0)


def _run(work: Connection, limits: Limits) -> None:
    """In a fork: take the function, run it, send what it returned or raised."""
    global _work  # noqa: PLW0603  # one fork has one caller
    _work = work
    for name in WITHOUT_THREADS:
        os.environ.pop(name, None)
    if "numpy" in sys.modules:
        # Otherwise all forks would draw the same numbers. Python reseeds its own generator.
        sys.modules["numpy"].random.seed()
    function, arguments = work.recv()
    try:
        with time_limit(limits.seconds, "it"):
            outcome = ("result", function(*arguments))
    except BaseException as fault:
        outcome = ("raised", fault)
    try:
        work.send(outcome)
    except Exception as fault:  # what cannot be pickled is told in words
        work.send(("raised", RuntimeError(f"{outcome[1]!r} cannot be sent: {fault}")))
    os._exit(0)


def _how(fork: Fork, status: int) -> tuple[str, str]:
    """(reason, message) of a fork that has ended."""
    if fork.over == "time":
        return "time", f"ran longer than {fork.limits.seconds:g} seconds and was stopped."
    if fork.over == "memory":
        return "memory", f"used more than {fork.limits.memory} MB and was stopped."
    code = os.waitstatus_to_exitcode(status)
    how = f"ended by {signal.Signals(-code).name}" if code < 0 else f"ended with status {code}"
    return "died", f"the process {how}; it may have run out of memory."


def _import(module: str) -> None:
    # What cannot be imported here fails in the fork, where it is told.
    with contextlib.suppress(Exception):
        importlib.import_module(module)


def named(name: str) -> Callable[..., Any]:
    """The function that "module:function" names."""
    module, _, function = name.partition(":")
    return getattr(importlib.import_module(module), function)


def _prctl(option: int, value: int) -> None:
    ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


def _threads() -> list[str]:
    """The names of this process's threads, Python's and others'."""
    names = []
    for task in Path("/proc/self/task").iterdir():
        with contextlib.suppress(OSError):
            names.append((task / "comm").read_text().strip())
    return names


def _children() -> list[int]:
    own = os.getpid()
    return [int(pid) for pid in Path(f"/proc/{own}/task/{own}/children").read_text().split()]


def _descendants(pid: int) -> list[int]:
    """A process and all that it started, as far as they are its children still."""
    found = [pid]
    for one in found:
        with contextlib.suppress(OSError):
            for task in Path(f"/proc/{one}/task").iterdir():
                found += [int(child) for child in (task / "children").read_text().split()]
    return found


def _kill_group(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def _grown(fork: Fork) -> int:
    """Bytes that a fork and its children hold beyond what the fork shared with the server when it began."""
    return sum(_private(pid) for pid in _descendants(fork.pid)) - fork.began_with


def _private(pid: int) -> int:
    return _status(pid, "RssAnon")


def _status(pid: int, field: str) -> int:
    """A size in bytes from /proc/PID/status; 0 for a process that has ended."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            name, _, size = line.partition(":")
            if name == field:
                return int(size.split()[0]) * 1024
    return 0


if __name__ == "__main__":
    # Pickled functions and classes name this module, so that it must not exist twice.
    from ecobrief.publish import fork_server as this  # noqa: PLW0406

    this.main()
