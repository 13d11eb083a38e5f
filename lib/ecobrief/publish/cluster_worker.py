"""What a worker of a dask.distributed cluster does for a batch: `cluster` has these functions called there.

A worker process keeps the files of a batch in its own scratch folder, which dask removes when the worker ends, and runs
the notebooks through a fork server, which ends with the worker too. Both are kept as long as the build holds a key in the
worker's memory: dask drops it when the build has ended, however it ended.
"""

from __future__ import annotations

import asyncio
import io
import re
import shutil
import sys
import zipfile
from collections.abc import Mapping
from concurrent.futures import CancelledError
from dataclasses import dataclass, replace
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import Any

from ecobrief.publish import plotlyjs
from ecobrief.publish.inputs import digest, file_sha256, own_files
from ecobrief.publish.job import Failed, Job, Run
from ecobrief.wording import Lang

PLOTLY = "plotly.js"
# Seconds between two looks whether the build still holds its key.
PULSE = 0.2


@dataclass(frozen=True)
class Parcel:
    """What travels to every worker process, once.

    batch: names the batch
    files: an archive with the folders `data` and `notebooks`, and plotly.js where the build does not use the installed one
    settings: of `ForkRunner`
    """

    batch: str
    files: bytes
    settings: Mapping[str, Any]


@dataclass(frozen=True)
class NotHere:
    """Why a brief was not made by the worker that was asked."""

    worker: str
    why: str


class Held:
    """The files of a batch and the process that forks for its notebooks, in this worker process."""

    def __init__(self, parcel: Parcel, folder: Path, threads: int) -> None:
        from ecobrief.publish.fork_runner import ForkRunner

        self.folder = folder
        with zipfile.ZipFile(io.BytesIO(parcel.files)) as archive:
            archive.extractall(folder)
        # Also where there is none: pages shall not differ because one machine has npm and another has not.
        environ = {plotlyjs.VARIABLE: str(folder / PLOTLY)}
        notebooks = sorted((folder / "notebooks").iterdir())
        self.runner = ForkRunner(threads, notebooks, data=folder / "data", environ=environ, **parcel.settings)
        self.runner.__enter__()

    def close(self) -> None:
        self.runner.__exit__()
        shutil.rmtree(self.folder, ignore_errors=True)


_held: dict[str, Held] = {}
_watches: set[asyncio.Task[None]] = set()


def versions() -> dict[str, str]:
    """What must be the same on all machines for pages to be the same: name → version."""
    files = digest([file_sha256(path) for path in own_files()])
    libraries = {
        re.split(r"[^\w.-]", need)[0] for need in requires("ecobrief") or () if "extra ==" not in need
    }
    return {
        "ecobrief": f"{version('ecobrief')} with files {files[:8]}",
        "Python": ".".join(map(str, sys.version_info[:2])),
        **{name: _installed(name) for name in sorted(libraries, key=str.lower)},
    }


def _installed(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "missing"


def key(batch: str, worker: str) -> str:
    """Of the value that the build keeps in a worker's memory for as long as it wants the batch held there."""
    return f"ecobrief-{batch}-{worker}"


async def receive(parcel: Parcel, dask_worker: Any) -> Mapping[tuple[str, str], str]:
    """Unpack the files and make ready to run notebooks, for as long as the build keeps its key in the worker's memory.

    Returns the digests of what rests on all cities (`Runner.warmed`).

    Raises:
        OSError: the files cannot be written.
        NoForks: there is no fork server.
    """
    name = key(parcel.batch, dask_worker.address)
    folder = Path(dask_worker.local_directory, f"ecobrief-{parcel.batch}")
    await asyncio.to_thread(drop, name)
    try:
        held = await asyncio.to_thread(Held, parcel, folder, dask_worker.state.nthreads)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    _held[name] = held
    watch = asyncio.create_task(_drop_in_time(name, dask_worker))
    _watches.add(watch)
    watch.add_done_callback(_watches.discard)
    dask_worker.log_event("ecobrief", {"batch": parcel.batch, "received": len(parcel.files)})
    return held.runner.warmed


async def _drop_in_time(name: str, dask_worker: Any) -> None:
    while name in dask_worker.state.tasks:
        await asyncio.sleep(PULSE)
    await asyncio.to_thread(drop, name)


def drop(name: str) -> None:
    """Stop what runs of the batch that is held under a key, and remove its files."""
    if held := _held.pop(name, None):
        held.close()


def run(batch: str, job: Job, siblings: Mapping[Lang, str], index: str, shared: str) -> Run | NotHere:
    """The run of a brief, as a task of dask; NotHere where this process holds no batch, or its fork server is gone."""
    from distributed import get_worker

    worker = get_worker().address
    name, why = key(batch, worker), "it was not given the files"
    if held := _held.get(name):
        there = replace(job, notebook=held.folder / "notebooks" / job.notebook.name)
        try:
            run: Run = held.runner.submit(there, siblings, index, shared).result()
        except (RuntimeError, CancelledError):
            why = "it took leave"
        else:
            if not (isinstance(run.outcome, Failed) and run.outcome.error == "NoForks"):
                return run
            why = run.outcome.message
        drop(name)
    return NotHere(worker, why)
