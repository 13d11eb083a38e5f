"""Functions run in fresh forks of one warmed process: the caller's side. The process itself is `fork_server`.

The warmed process is started by exec, so that nothing of the caller (threads, locks, open connections) gets into it, and
imports and prepares once what every fork then has. A fork runs one function and ends; whatever it changed ends with it.

How the two talk: one connection carries requests. With each request go two file descriptors: `work`, over which function,
events and result travel between caller and fork directly, and `end`, into which the server writes how the fork has ended.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.reduction import send_handle
from pathlib import Path
from typing import Any

import psutil

# Libraries that start threads when they are imported are asked not to: OpenBLAS its pool, Arrow's jemalloc its keeper.
WITHOUT_THREADS = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
    # The debugger that ipykernel imports gives advice on standard error.
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
}
# The environment variable by which a server, its forks and what they start are known.
MARK = "ECOBRIEF_FORK"
# Seconds for the server to end what it runs when its caller has closed it.
PATIENCE = 5.0


@dataclass(frozen=True)
class Preparation:
    """What the server does before it forks.

    modules: imported, as far as they are there; one that starts a thread when imported is left to the forks
    warm: "module:function", called with `arguments`; what it returns is `ForkServer.warmed`
    """

    modules: Sequence[str] = ()
    warm: str = ""
    arguments: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Limits:
    """seconds: of running time; memory: MB (2**20 bytes) that a fork and its children may add to what they share."""

    seconds: float | None = None
    memory: int | None = None


def can_fork() -> bool:
    """Whether this machine has what `fork_server` rests on: Linux, with its /proc."""
    return sys.platform == "linux" and Path("/proc/self/task").is_dir()


class NoForks(RuntimeError):
    """The server cannot be had or cannot fork; the message says why."""


class ForkEnded(RuntimeError):
    """A fork ended without a result. reason: "time", "memory" or "died"."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason

    def __reduce__(self) -> Any:
        return type(self), (self.reason, str(self))


class ForkServer:
    """A running fork server; a context manager. `run` may be called from several threads at once."""

    def __init__(self, preparation: Preparation, environ: Mapping[str, str] | None = None) -> None:
        """Start the server and wait until it is ready.

        environ: added to the environment of the server and its forks

        Raises:
            NoForks: it did not come up; its cause is what `preparation.warm` raised.
        """
        self._environ = {**(environ or {}), MARK: secrets.token_hex(8)}
        self._lock = threading.Lock()
        left_out: tuple[str, ...] = ()
        while True:
            kind, answer = self._start(preparation, left_out)
            if kind != "threads":
                break
            left_out = (*left_out, str(answer))
        if kind != "ready":
            told, fault = answer
            raise NoForks(told) from fault
        self.warmed = answer
        self.left_out = left_out

    def _start(self, preparation: Preparation, left_out: tuple[str, ...]) -> tuple[str, Any]:
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "ecobrief.publish.fork_server", str(theirs.fileno())],
                env={**os.environ, **WITHOUT_THREADS, **self._environ},
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                # Ctrl-C is for the caller to answer.
                start_new_session=True,
            )
        self._requests = Connection(ours.detach())
        try:
            self._requests.send((sys.path, preparation, left_out))
            answer: tuple[str, Any] = self._requests.recv()
        except (EOFError, OSError):
            told = f"the process that is to fork ended with status {self._process.wait()}."
            answer = ("failed", (told, None))
        except BaseException:
            self.close()
            raise
        if answer[0] != "ready":
            self.close()
        return answer

    def run(
        self,
        function: Callable[..., Any],
        *arguments: Any,
        limits: Limits = Limits(),
        on_event: Callable[[Any], None] | None = None,
    ) -> Any:
        """What `function(*arguments)` returns in a fresh fork; blocks until the fork has ended.

        function, arguments and result are pickled. A function may tell of its progress by `fork_server.tell(event)`;
        `on_event` gets what it told.

        Raises:
            ForkEnded: time or memory limit, or the fork died.
            NoForks: the server has ended, was closed, or refuses to fork.
            Exception: what the function raised.
        """
        work, ends = self._request(limits)
        with work, ends:
            try:
                work.send((function, arguments))
                while True:
                    kind, content = work.recv()
                    if kind == "result":
                        return content
                    if kind == "raised":
                        raise content
                    if on_event:
                        on_event(content)
            except (EOFError, ConnectionError):
                pass
            try:
                reason, message = ends.recv()
            except (EOFError, ConnectionError):
                _end_what_is_left(self._environ[MARK])
                raise NoForks("the process that forks has ended.") from None
        if reason == "refused":
            raise NoForks(message)
        raise ForkEnded(reason, message)

    def _request(self, limits: Limits) -> tuple[Connection, Connection]:
        work, works = socket.socketpair()
        end, ends = socket.socketpair()
        with works, ends, self._lock:
            try:
                self._requests.send(limits)
                for theirs in (works, ends):
                    send_handle(self._requests, theirs.fileno(), self._process.pid)
            except OSError:
                work.close()
                end.close()
                raise NoForks("the process that forks has ended.") from None
        return Connection(work.detach()), Connection(end.detach())

    @property
    def has_ended(self) -> bool:
        return self._process.poll() is not None

    def close(self) -> None:
        """End the server and every fork that still runs, with what they started."""
        with contextlib.suppress(OSError):
            self._requests.close()
        try:
            self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def __enter__(self) -> ForkServer:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()


def _end_what_is_left(mark: str) -> None:
    """End what forks had started, where the server did not live to end it."""
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if process.environ().get(MARK) == mark:
                process.kill()
