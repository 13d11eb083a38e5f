"""The runner that works on every system: each notebook in a kernel of its own, run by stock papermill and nbclient.

A worker is a spawned process that runs one notebook after another. Each has a thread here, which hands it the jobs
and waits, so that it is known on which notebook a worker died.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import connection
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from queue import Empty, SimpleQueue
from types import FrameType, TracebackType
from typing import Self

import psutil

from ecobrief.publish.job import Failed, Job, Run
from ecobrief.wording import Lang

# Seconds that workers have to shut their kernels down before they are killed.
PATIENCE = 10.0

DIED = "the process that ran the notebook ended without a word; it may have run out of memory."


@dataclass(frozen=True)
class _Worker:
    process: BaseProcess
    line: Connection


class Pool:
    """A runner of `workers` processes.

    timeout: seconds that a notebook may take; None for as long as it takes
    memory: MB of memory that a notebook may allocate (Linux); None for as much as there is
    """

    engine = "nbclient"

    def __init__(self, workers: int, *, timeout: float | None = None, memory: int | None = None) -> None:
        self.capacity = workers
        self.checks = False
        self.warmed: Mapping[tuple[str, str], str] = {}
        self._timeout = timeout
        self._memory = memory
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="notebook")
        self._idle: SimpleQueue[_Worker] = SimpleQueue()
        self._workers: set[_Worker] = set()
        self._changing = threading.Lock()
        self._leaving = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let the workers go; left by an exception, stop the notebooks that are running."""
        with self._changing:
            self._leaving = True
            workers = list(self._workers)
        if kind:
            _end([worker.process for worker in workers])
        self._threads.shutdown(wait=True, cancel_futures=True)
        for worker in workers:
            worker.line.close()
        for worker in workers:
            worker.process.join()

    def submit(self, job: Job, siblings: Mapping[Lang, str], index: str, shared: str) -> Future[Run]:
        return self._threads.submit(self._run, job, siblings, index, shared)

    def _run(self, job: Job, siblings: Mapping[Lang, str], index: str, shared: str) -> Run:
        worker = self._worker()
        if worker is None:
            return Run(Failed(job, None, "", "Stopped", "the build was stopped."))
        try:
            # Loading what runs notebooks takes a worker a second or two, which is not the notebook's time.
            worker.line.recv()
            worker.line.send((job, siblings, index, shared, self._memory))
            if worker.line.poll(self._timeout):
                run: Run = worker.line.recv()
                self._idle.put(worker)
                return run
        except (EOFError, OSError):
            self._drop(worker)
            return Run(Failed(job, None, "", "WorkerDied", DIED))
        self._drop(worker)
        return Run(
            Failed(job, None, "", "TimeLimit", f"the notebook took longer than {self._timeout:g} seconds.")
        )

    def _worker(self) -> _Worker | None:
        """An idle worker, or a new one; None when the pool is being left."""
        with suppress(Empty):
            return self._idle.get_nowait()
        with self._changing:
            if self._leaving:
                return None
            context = multiprocessing.get_context("spawn")
            ours, theirs = context.Pipe()
            process = context.Process(target=_serve, args=(theirs,), daemon=True)
            process.start()
            theirs.close()
            worker = _Worker(process, ours)
            self._workers.add(worker)
            return worker

    def _drop(self, worker: _Worker) -> None:
        _end([worker.process])
        worker.line.close()
        with self._changing:
            self._workers.discard(worker)


def _end(processes: Iterable[BaseProcess]) -> None:
    """Ask the workers to end until they are gone, and end what they and their notebooks have started.

    Asking once is not enough: while a notebook runs, its client takes the request for one to its kernel, and the
    worker would then wait for a next notebook for ever.
    """
    processes = list(processes)
    started = [child for process in processes if process.pid for child in _descendants(process.pid)]
    patience = time.monotonic() + PATIENCE
    while alive := [process for process in processes if process.is_alive()]:
        for process in alive:
            if time.monotonic() < patience:
                process.terminate()
            else:
                process.kill()
        connection.wait([process.sentinel for process in alive], timeout=0.2)
    _kill(started)


def _descendants(pid: int) -> list[psutil.Process]:
    try:
        return list(psutil.Process(pid).children(recursive=True))
    except psutil.NoSuchProcess:
        return []


def _kill(processes: Iterable[psutil.Process]) -> None:
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.kill()


# What follows runs in a worker.


def _serve(line: Connection) -> None:
    """Run notebooks as they are asked for, until there is no more to come."""
    # Ctrl-C reaches the whole group of processes; the one that called `build` decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _stop)
    threading.Thread(target=_outlive_no_parent, daemon=True).start()
    # Kernels inherit these: the order of a set shows on no page, the debugger's advice on no terminal.
    os.environ.setdefault("PYTHONHASHSEED", "0")
    os.environ.setdefault("PYDEVD_DISABLE_FILE_VALIDATION", "1")
    from ecobrief.publish.run import run  # a second of imports

    with suppress(EOFError, ConnectionError):
        while True:
            line.send(None)  # ready
            job, siblings, index, shared, memory = line.recv()
            line.send(run(job, siblings, index, shared, memory=memory))


def _stop(number: int, frame: FrameType | None) -> None:
    """End what runs by an exception, so that it clears up behind it; once, so that this is not disturbed."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    # First the kernel: one that is still starting would complain that its folder is gone.
    _kill(_descendants(os.getpid()))
    raise SystemExit(128 + number)


def _outlive_no_parent() -> None:
    """When the process that called `build` is gone, stop as if it had asked for it."""
    parent = multiprocessing.parent_process()
    if parent:
        parent.join()
        patience = time.monotonic() + PATIENCE
        while time.monotonic() < patience:
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(0.2)
        os._exit(1)
