"""What makes briefs: `batch` hands jobs to a runner, one at a time, and does not know how and where they run."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future
from contextlib import AbstractContextManager
from typing import Any, Protocol

from ecobrief.publish.job import Job, Run
from ecobrief.wording import Lang


class NoRunner(Exception):
    """There is nothing that could make briefs, or no longer; one line. Its cause may say more."""


class Runner(AbstractContextManager[Any], Protocol):
    """Makes briefs inside a `with`; left by an exception it stops what is running and leaves no process.

    engine: what runs the notebooks: "fork", "nbclient" or "cluster"
    checks: whether it looks, as the `with` begins, at the data package and what else is asked of it
    capacity: how many briefs may be under way at a time, as known inside the `with`; it may change there
    warmed: the digest of each value that rests on all cities, by (name, place), known inside the `with`;
        empty where the runner does not compute them before the briefs
    """

    @property
    def engine(self) -> str: ...

    @property
    def checks(self) -> bool: ...

    @property
    def capacity(self) -> int: ...

    @property
    def warmed(self) -> Mapping[tuple[str, str], str]: ...

    def submit(self, job: Job, siblings: Mapping[Lang, str], index: str, shared: str) -> Future[Run]:
        """Begin to make a brief; siblings, index, shared: as `page.render` takes them.

        The future gives `Run(Failed(...))` for whatever goes wrong with the brief: an error of the notebook, a worker
        that died ("WorkerDied"), a limit that was passed ("TimeLimit", "MemoryLimit"). It raises only `NoRunner`.
        """
        ...
