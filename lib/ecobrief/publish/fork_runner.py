"""Runs the notebooks of a batch in forks of one process that has everything at hand: libraries, data, templates."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

from ecobrief.datapackage import slices
from ecobrief.publish import import_lines
from ecobrief.publish.fork_server import named, tell
from ecobrief.publish.forks import ForkEnded, ForkServer, Limits, NoForks, Preparation
from ecobrief.publish.job import Failed, Job, Run
from ecobrief.wording import Lang

# The order of a set shows on no page.
ENVIRON = {"PYTHONHASHSEED": "0"}
HERE = "ecobrief.publish.kernel"
ERRORS = {"time": "TimeLimit", "memory": "MemoryLimit", "died": "WorkerDied"}


class ForkRunner:
    """A runner (see `runner`) whose every run is a fork."""

    engine = "fork"

    def __init__(
        self,
        notebooks: Sequence[Path],
        workers: int,
        *,
        warm: str = "",
        limits: Limits = Limits(),
        environ: Mapping[str, str] | None = None,
    ) -> None:
        """Start the process that forks.

        notebooks: those that are to be run: what they import is imported once
        warm: "module:function" called in that process, without arguments, before the first fork

        Raises:
            NoForks: the process did not come up.
        """
        self._limits = limits
        sources = [json.loads(path.read_text("utf-8")) for path in notebooks]
        modules = [HERE, *(module for source in sources for module in import_lines.named_in(source))]
        preparation = Preparation(modules, f"{__name__}:prepare", (tuple(notebooks), warm))
        self._server = ForkServer(preparation, {**ENVIRON, **(environ or {})})
        self.warmed: Any = self._server.warmed
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="brief")

    def submit(self, job: Job, siblings: Mapping[Lang, str], index: str, shared: str) -> Future[Run]:
        """The run of one notebook, whatever becomes of it."""
        return self._threads.submit(self._run, job, siblings, index, shared)

    def _run(self, job: Job, siblings: Mapping[Lang, str], index: str, shared: str) -> Run:
        at: tuple[int | None, str] = (None, "")

        def on_event(event: tuple[int, str]) -> None:
            nonlocal at
            at = event

        try:
            run: Run = self._server.run(
                brief, job, siblings, index, shared, self._limits.memory, limits=self._limits, on_event=on_event
            )
        except ForkEnded as fault:
            return Run(Failed(job, *at, ERRORS[fault.reason], f"the notebook {fault}"))
        except NoForks as fault:
            return Run(Failed(job, None, "", type(fault).__name__, str(fault)))
        return run

    def __enter__(self) -> ForkRunner:
        return self

    def __exit__(self, *exception: object) -> None:
        self._server.close()
        self._threads.shutdown(wait=True, cancel_futures=True)


# What follows runs in the process that forks, and in its forks.


def prepare(notebooks: Sequence[Path], warm: str) -> Any:
    """Read and make what every run needs; returns what `warm` returns."""
    from ecobrief.publish import run

    for path in notebooks:
        run.read(path)
    return named(warm)() if warm else None


def brief(job: Job, siblings: Mapping[Lang, str], index: str, shared: str, memory: int | None) -> Run:
    """Run one notebook in this process; at each cell it tells where it is."""
    from ecobrief.publish.kernel import LocalEngine
    from ecobrief.publish.run import run

    with slices.noting() as asked:
        made = run(job, siblings, index, shared, engine=LocalEngine, memory=memory, on_cell=tell)
    return replace(made, asked=frozenset(asked))
