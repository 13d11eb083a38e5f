"""Many notebooks to many pages: papermill in a pool of processes, whole files, and a report of what failed.

Workers run notebooks and render pages; the process that called `build` alone writes to the folder, so that
a worker may be stopped at any moment. While a build is under way the folder has no manifest.json: one
without it was not finished.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections import deque
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing, contextmanager
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import version
from multiprocessing import connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import FrameType
from typing import Any

from ecobrief.atomic import write_text
from ecobrief.publish import plotlyjs, portal
from ecobrief.publish.job import Done, Failed, Job, Run
from ecobrief.publish.manifest import manifest, text
from ecobrief.wording import Lang

__all__ = ["BuildError", "Done", "Failed", "Job", "Result", "build"]

# Seconds that workers have to shut their kernels down before they are killed.
PATIENCE = 10.0

INDEX = "index.html"
MANIFEST = "manifest.json"
ASSETS = "assets"

# How many briefs are done, of how many, and the one that has just ended with its outcome.
Progress = Callable[[int, int, Job, Done | Failed], None]


class BuildError(Exception):
    """The build cannot start; nothing was written."""


@dataclass(frozen=True)
class Result:
    """What a build did, in the order of its jobs; `left` are briefs in the folder of another build."""

    done: tuple[Done, ...]
    failed: tuple[Failed, ...]
    left: tuple[str, ...]


def build(
    jobs: Sequence[Job],
    out: Path,
    *,
    workers: int,
    data: Mapping[str, Any],
    shared_assets: bool = False,
    on_progress: Progress | None = None,
) -> Result:
    """Make the brief of every job and write it to `out`, with index.html and manifest.json over them.

    workers: how many notebooks run at a time
    data: what the manifest says of the data package: version, cut_off, tables (file name: sha256)
    shared_assets: whether the briefs share one plotly.js in the folder `assets`, instead of carrying one each

    A brief that fails is in the result and in the manifest. Its executed notebook is kept as
    <name>.failed.ipynb, and its page of an earlier build is removed, since it would pass for the present
    one. On KeyboardInterrupt running notebooks are stopped, what is written is whole, and the exception
    goes on to the caller.

    Raises:
        BuildError: the folder or the jobs are no good; nothing was written.
    """
    _check(jobs, out, workers)
    notebooks = {path.name: sha256(path.read_bytes()).hexdigest() for path in {job.notebook for job in jobs}}
    try:
        out.mkdir(parents=True, exist_ok=True)
        (out / MANIFEST).unlink(missing_ok=True)
        shared = plotlyjs.share(out / ASSETS).relative_to(out).as_posix() if shared_assets else ""
    except OSError as fault:
        raise BuildError(f"{out}: {fault.strerror}.") from fault

    outcomes: dict[str, Done | Failed] = {}
    # Closed at once when anything stops the build, not when the exception is forgotten.
    with closing(_runs(jobs, workers, shared)) as runs:
        for job, run in runs:
            outcome = _write(job, run, out)
            outcomes[job.file] = outcome
            if on_progress:
                on_progress(len(outcomes), len(jobs), job, outcome)

    ordered = [outcomes[job.file] for job in jobs]
    summary = manifest(data, version("ecobrief"), notebooks, ordered)
    write_text(out / INDEX, portal.index(summary))
    write_text(out / MANIFEST, text(summary))
    return Result(
        done=tuple(outcome for outcome in ordered if isinstance(outcome, Done)),
        failed=tuple(outcome for outcome in ordered if isinstance(outcome, Failed)),
        left=tuple(sorted({path.name for path in out.glob("brief_*.html")} - set(outcomes))),
    )


def _check(jobs: Sequence[Job], out: Path, workers: int) -> None:
    if workers < 1:
        raise BuildError(f"{workers} notebooks at a time: at least one.")
    if not jobs:
        raise BuildError("there is no brief to build.")
    if out.exists() and not out.is_dir():
        raise BuildError(f"{out} is a file, and the briefs need a folder. Name another place.")
    names = [job.file for job in jobs]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise BuildError(f"two briefs would be written to {twice[0]}.")
    if INDEX in names:
        raise BuildError(f"no brief can be called {INDEX}: that is the page over them.")
    paths: dict[str, Path] = {}
    for job in jobs:
        if not job.notebook.is_file():
            raise BuildError(f"there is no notebook {job.notebook}.")
        if paths.setdefault(job.notebook.name, job.notebook) != job.notebook:
            raise BuildError(
                f"two notebooks are called {job.notebook.name}; the manifest tells them by name."
            )


def _write(job: Job, run: Run, out: Path) -> Done | Failed:
    """Put the outcome of a run into the folder; take away what an earlier build left of the other outcome."""
    page, kept = out / job.file, out / job.failed_notebook
    if isinstance(run.outcome, Failed):
        page.unlink(missing_ok=True)
        kept.unlink(missing_ok=True)
        if run.notebook:
            write_text(kept, run.notebook)
        return run.outcome
    write_text(page, run.outcome.html)
    kept.unlink(missing_ok=True)
    digest = sha256(run.outcome.html.encode("utf-8")).hexdigest()
    made = run.outcome
    return Done(job, made.title, made.charts, made.observations, digest, made.metrics)


def _runs(jobs: Sequence[Job], workers: int, shared: str) -> Generator[tuple[Job, Run], None, None]:
    """Each job with its run, as they end; a job whose worker process died is a failure.

    Closing the iterator stops the notebooks that are running.
    """
    siblings: dict[str, dict[Lang, str]] = {}
    for job in jobs:
        siblings.setdefault(portal.stem(job.file), {})[job.lang] = job.file

    def submit(pool: ProcessPoolExecutor, job: Job) -> Future[Run]:
        return pool.submit(_run, job, siblings[portal.stem(job.file)], shared)

    waiting = deque(jobs)
    while waiting:
        suspects: list[Job] = []
        under_way: dict[Future[Run], Job] = {}
        try:
            with _pool(min(workers, len(waiting))) as pool:
                while waiting or under_way:
                    while waiting and len(under_way) < workers:
                        job = waiting[0]
                        under_way[submit(pool, job)] = job
                        waiting.popleft()
                    for future in wait(under_way, return_when=FIRST_COMPLETED).done:
                        run = future.result()
                        yield under_way.pop(future), run
        except BrokenProcessPool:
            suspects = list(under_way.values())
        # A worker that dies takes the pool with it and does not say on which notebook: each is tried alone.
        for job in suspects:
            if len(suspects) == 1:
                died = (
                    "the process that ran the notebook ended without a word; it may have run out of memory."
                )
                yield job, Run(Failed(job, None, "", "WorkerDied", died))
            else:
                yield from _runs([job], 1, shared)


@contextmanager
def _pool(workers: int) -> Iterator[ProcessPoolExecutor]:
    """A pool of fresh processes. Left by an exception it stops its workers, and they their kernels."""
    before = set(multiprocessing.active_children())
    pool = ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn"), initializer=_begin)
    try:
        yield pool
    except BaseException:
        _end(set(multiprocessing.active_children()) - before)
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _end(processes: set[BaseProcess]) -> None:
    """Ask the workers to end until they are gone.

    Asking once is not enough: while a notebook runs, its client takes the request for one to its kernel, and the
    worker would then wait for a next notebook for ever.
    """
    patience = time.monotonic() + PATIENCE
    while alive := [process for process in processes if process.is_alive()]:
        for process in alive:
            if time.monotonic() < patience:
                process.terminate()
            else:
                process.kill()
        connection.wait([process.sentinel for process in alive], timeout=0.2)


# What follows runs in a worker.


def _begin() -> None:
    # Ctrl-C reaches the whole group of processes; the one that called `build` decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _stop)
    # Kernels inherit these: the order of a set shows on no page, the debugger's advice on no terminal.
    os.environ.setdefault("PYTHONHASHSEED", "0")
    os.environ.setdefault("PYDEVD_DISABLE_FILE_VALIDATION", "1")


def _stop(number: int, frame: FrameType | None) -> None:
    """End what runs by an exception, so that its kernel is shut down; once, so that this is not disturbed."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise SystemExit(128 + number)


def _run(job: Job, siblings: Mapping[Lang, str], shared: str) -> Run:
    from ecobrief.publish.run import run  # a second of imports, which the caller of `build` need not wait for

    try:
        return run(job, siblings, INDEX, shared)
    except SystemExit as stopped:
        # The pool would take this for a result, and the worker would wait for a next notebook for ever.
        os._exit(stopped.code if isinstance(stopped.code, int) else 1)
