"""The runner for Linux: each notebook in a fork of one process that has everything at hand, libraries, data, templates."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

from ecobrief import datapackage
from ecobrief.datapackage import slices
from ecobrief.publish import import_lines
from ecobrief.publish.fork_server import TimeLimit, named, tell
from ecobrief.publish.forks import ForkEnded, ForkServer, Limits, NoForks, Preparation
from ecobrief.publish.job import Failed, Job, Run
from ecobrief.publish.runner import NoRunner
from ecobrief.wording import Lang

# The order of a set shows on no page.
ENVIRON = {"PYTHONHASHSEED": "0"}
# How often a notebook is begun, where the process that forks is killed while it runs.
ATTEMPTS = 3
ERRORS = {"time": "TimeLimit", "memory": "MemoryLimit", "died": "WorkerDied"}


class ForkRunner:
    """A runner (see `runner`) whose every run is a fork.

    `warmed` has the digest of each value that rests on all cities, by (name, place).
    """

    engine = "fork"

    def __init__(
        self,
        workers: int,
        notebooks: Sequence[Path],
        *,
        data: Path | None = None,
        check: bool = False,
        look: tuple[str, Any] | None = None,
        warm: Sequence[str] = (),
        timeout: float | None = None,
        memory: int | None = None,
        environ: Mapping[str, str] | None = None,
    ) -> None:
        """
        workers: forks at a time
        notebooks: those that are to be run: what they import is imported once
        data: folder of the data package, read once. None where notebooks need none
        check: whether it is checked; what is wrong with it is the cause of `NoRunner`
        look: a "module:function" called with the package and this argument; what it raises is the cause of `NoRunner`
        warm: "module:function" each, called with the package before the first fork
        timeout: seconds that a notebook may take; memory: MB that it and what it starts may add; None for no limit
        environ: added to the environment in which all of it runs
        """
        self._environ = {**ENVIRON, **(environ or {})}
        self._limits = Limits(timeout, memory)
        self.capacity = workers
        self.checks = check or look is not None
        self._lock = threading.Lock()
        self._closed = False
        self._server: ForkServer
        sources = [json.loads(path.read_text("utf-8")) for path in notebooks]
        modules = [
            *import_lines.KERNEL,
            *(module for source in sources for module in import_lines.named_in(source)),
        ]
        self._preparation = Preparation(
            modules, f"{__name__}:prepare", (tuple(notebooks), data, check, look, tuple(warm))
        )
        self.warmed: Mapping[tuple[str, str], str] = {}

    def submit(self, job: Job, siblings: Mapping[Lang, str], index: str, shared: str) -> Future[Run]:
        return self._threads.submit(self._run, job, siblings, index, shared)

    def _run(self, job: Job, siblings: Mapping[Lang, str], index: str, shared: str) -> Run:
        at: tuple[int | None, str] = (None, "")

        def on_event(event: tuple[int | None, str]) -> None:
            nonlocal at
            at = event

        arguments = (job, siblings, index, shared, self._limits.memory)
        for attempt in range(ATTEMPTS):
            try:
                run: Run = self._alive().run(brief, *arguments, limits=self._limits, on_event=on_event)
                return run
            except ForkEnded as fault:
                return Run(Failed(job, *at, ERRORS[fault.reason], f"the notebook {fault}"))
            except TimeLimit as fault:  # outside the cells, as in making the page
                return Run(Failed(job, *at, ERRORS["time"], str(fault)))
            except Exception as fault:
                if self._closed or attempt + 1 == ATTEMPTS or not self._server.has_ended:
                    return Run(Failed(job, None, "", type(fault).__name__, str(fault)))
        raise AssertionError("a run ends in its last attempt")

    def _alive(self) -> ForkServer:
        """The process that forks; another one, if that was killed."""
        with self._lock:
            if self._server.has_ended and not self._closed:
                self._server.close()
                self._server = ForkServer(self._preparation, self._environ)
            return self._server

    def __enter__(self) -> ForkRunner:
        """Start the process that forks.

        Raises:
            NoRunner: it did not come up.
        """
        self._closed = False
        try:
            self._server = ForkServer(self._preparation, self._environ)
        except NoForks as fault:
            raise NoRunner(str(fault)) from fault.__cause__ or fault
        self.warmed = self._server.warmed
        self._threads = ThreadPoolExecutor(self.capacity, thread_name_prefix="brief")
        return self

    def __exit__(self, *exception: object) -> None:
        self._closed = True
        with self._lock:
            self._server.close()
        self._threads.shutdown(wait=True, cancel_futures=True)


# What follows runs in the process that forks, and in its forks.


def prepare(
    notebooks: Sequence[Path],
    data: Path | None,
    check: bool,
    look: tuple[str, Any] | None,
    warm: Sequence[str],
) -> Mapping[tuple[str, str], str]:
    """Read and make what every run needs; returns the digests of what rests on all cities."""
    from ecobrief.publish import page, run

    page.warm()
    for path in notebooks:
        run.read(path)
    if data is None:
        return {}
    os.environ["ECOBRIEF_DATA"] = str(data)
    package = datapackage.load(data, check=check, arrow=False)
    if look:
        function, asked = look
        named(function)(package, asked)
    datapackage.keep(package)
    package.prepare()
    for function in warm:
        named(function)(package)
    return package.across_digests()


def brief(job: Job, siblings: Mapping[Lang, str], index: str, shared: str, memory: int | None) -> Run:
    """Run one notebook in this process; at each cell it tells where it is."""
    from ecobrief.publish.run import run

    with slices.noting() as asked:
        made: Any = run(job, siblings, index, shared, execute=_execute, memory=memory, on_cell=tell)
    return replace(made, asked=frozenset(asked))


class _Unrecorded:
    """Stands for papermill's manager of a run: of a notebook that is not kept, no times are."""

    def __init__(self, notebook: Any) -> None:
        self.nb = notebook

    def cell_start(self, cell: Any, index: int) -> None: ...

    def cell_exception(self, cell: Any, cell_index: int, exception: Exception) -> None:
        cell.metadata["papermill"] = {"exception": True}

    def cell_complete(self, cell: Any, cell_index: int) -> None: ...

    def autosave_cell(self) -> None: ...


def _execute(notebook: Any, **hooks: Any) -> None:
    """Run the cells, but for what no page shows."""
    from ecobrief.publish.kernel import execute_cells

    execute_cells(_Unrecorded(notebook), shown=["text/plain"], record_timing=False, **hooks)
