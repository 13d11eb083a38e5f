"""Many notebooks to many pages: a runner makes them, whole files, and a report of what failed.

The runner makes the pages; the process that called `build` alone writes to the folder, so that
what runs may be stopped at any moment. While a build is under way the folder has no manifest.json: one
without it was not finished.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from typing import Any

from ecobrief.atomic import write_text
from ecobrief.publish import plotlyjs, portal
from ecobrief.publish.job import Done, Failed, Job, Run
from ecobrief.publish.manifest import manifest, text
from ecobrief.publish.runner import Runner
from ecobrief.wording import Lang

__all__ = ["BuildError", "Done", "Failed", "Job", "Result", "build"]

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
    runner: Runner,
    *,
    workers: int,
    data: Mapping[str, Any],
    shared_assets: bool = False,
    on_progress: Progress | None = None,
) -> Result:
    """Make the brief of every job and write it to `out`, with index.html and manifest.json over them.

    workers: how many briefs are under way at a time
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
    with runner:
        for job, run in _runs(jobs, runner, workers, shared):
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


def _runs(jobs: Sequence[Job], runner: Runner, workers: int, shared: str) -> Iterator[tuple[Job, Run]]:
    """Each job with its run, as they end; never more than `workers` of them are in memory."""
    siblings: dict[str, dict[Lang, str]] = {}
    for job in jobs:
        siblings.setdefault(portal.stem(job.file), {})[job.lang] = job.file
    waiting = iter(jobs)
    under_way: dict[Future[Run], Job] = {}
    while True:
        for job in islice(waiting, workers - len(under_way)):
            under_way[runner.submit(job, siblings[portal.stem(job.file)], INDEX, shared)] = job
        if not under_way:
            return
        future = next(iter(wait(under_way, return_when=FIRST_COMPLETED).done))
        yield under_way.pop(future), future.result()
        del future
