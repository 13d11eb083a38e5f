"""Many notebooks to many pages: what is missing or stale is made by a runner and written whole; what failed is reported.

The process that called `build` alone writes to the folder, so that what a runner runs may be stopped at any moment. While
briefs are being made the folder has no manifest.json: one without it was not finished.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from typing import Protocol

from ecobrief.atomic import write_bytes, write_text, writing
from ecobrief.publish import failure, plotlyjs, portal
from ecobrief.publish.alone import alone
from ecobrief.publish.inputs import Data, Recipe, Wanted, digest, stamp
from ecobrief.publish.job import Done, Failed, Job, Run
from ecobrief.publish.manifest import MANIFEST, manifest, parts
from ecobrief.publish.runner import Runner
from ecobrief.publish.stale import Why, why
from ecobrief.publish.state import FOLDER, Record, State, pack

__all__ = [
    "BuildError",
    "Data",
    "Done",
    "Failed",
    "Job",
    "NotWritten",
    "Progress",
    "Result",
    "Wanted",
    "build",
    "check",
    "due",
    "is_up_to_date",
    "was_checked",
]

INDEX = "index.html"
ASSETS = "assets"

FORCED = "asked for with --force"


class BuildError(Exception):
    """The build cannot start; nothing was written."""


class NotWritten(Exception):
    """A file cannot be written, and the build has stopped; those that were written are whole."""


class Progress(Protocol):
    """Who is told how a build goes on."""

    def waits(self, process: str) -> None:
        """Another build writes to the folder; `process` is its id, "" where that is not known."""

    def begins(self, total: int, due: Why) -> None:
        """So many briefs are asked for, and these are to be made."""

    def ended(self, count: int, outcome: Done | Failed, seconds: float) -> None:
        """One of those that were to be made has ended, as the `count`-th."""


@dataclass(frozen=True)
class Result:
    """What a build did, in the order of its jobs.

    done: every brief that is in the folder as it was asked for; made: how many of them were made now
    left: briefs in the folder of another build
    altered: files that the briefs are made from and that were written to while they were made
    """

    done: tuple[Done, ...]
    failed: tuple[Failed, ...]
    made: int
    left: tuple[str, ...]
    altered: tuple[Path, ...] = ()


def check(wanted: Wanted, out: Path) -> None:
    """Refuse what cannot be built.

    Raises:
        BuildError: the folder or the jobs are no good.
    """
    if not wanted.jobs:
        raise BuildError("there is no brief to build.")
    if out.exists() and not out.is_dir():
        raise BuildError(f"{out} is a file, and the briefs need a folder. Name another place.")
    names = set()
    for job in wanted.jobs:
        if job.file in names:
            raise BuildError(f"two briefs would be written to {job.file}.")
        names.add(job.file)
    if INDEX in names:
        raise BuildError(f"no brief can be called {INDEX}: that is the page over them.")
    paths: dict[str, Path] = {}
    for path in dict.fromkeys(job.notebook for job in wanted.jobs):
        if not path.is_file():
            raise BuildError(f"there is no notebook {path}.")
        if paths.setdefault(path.name, path) != path:
            raise BuildError(f"two notebooks are called {path.name}; the manifest tells them by name.")


def is_up_to_date(wanted: Wanted, out: Path) -> bool:
    """Whether the folder stands as the last build left it, and that was asked for the same, made from the same.

    What `check` refuses is not up to date either.
    """
    return State(out / FOLDER).is_finished(wanted)


def was_checked(wanted: Wanted, out: Path) -> bool:
    """Whether an earlier build into the folder rested on the same data package, checked by the same ecobrief."""
    return (wanted.data.digest, digest(wanted.tools)) in State.read(out).checked


def due(wanted: Wanted, out: Path, runner: Runner, *, force: bool = False) -> Why:
    """Which briefs a build would make, and why; nothing is written.

    Raises:
        BuildError: the folder or the jobs are no good.
        NoRunner: what the runner checks is no good.
    """
    check(wanted, out)
    with ExitStack() as running:
        entered = _entered(runner, running)
        if runner.checks:
            entered()
        return _due(wanted, State.read(out), entered, force)


def build(
    wanted: Wanted,
    out: Path,
    runner: Runner,
    *,
    force: bool = False,
    progress: Progress | None = None,
) -> Result:
    """Make the briefs that are wanted and not up to date, and write them to `out`, with index.html and manifest.json
    over all that are wanted.

    force: whether briefs that are up to date are made too

    The data package has been checked, or the runner checks it. A brief that fails is in the result and in the manifest;
    its executed notebook is kept as <name>.failed.ipynb beside a page that shows what went wrong, and its page of an earlier
    build is removed, since it would pass for the present one. On KeyboardInterrupt running notebooks are stopped, what is
    written is whole, and the exception goes on to the caller. Whatever ends a build, the next one goes on from there.

    Raises:
        BuildError: the folder or the jobs are no good; nothing was written.
        NoRunner: there is nothing that runs notebooks, or no longer.
        NotWritten: a file cannot be written.
    """
    check(wanted, out)
    wanted.look()
    with ExitStack() as held, ExitStack() as running:
        entered = _entered(runner, running)
        if runner.checks or not (out / FOLDER).exists():
            # Where nothing was built, all is to be made: a runner that cannot be had leaves no trace.
            entered()
        with _writing(out):
            (out / FOLDER).mkdir(parents=True, exist_ok=True)
            was_free = held.enter_context(alone(out / FOLDER, progress.waits if progress else _silent))
        if not was_free and (altered := wanted.altered()):
            raise BuildError(f"{altered[0]} changed while another build was waited for. Build again.")
        return _build(wanted, out, entered, force, progress)


def _build(
    wanted: Wanted, out: Path, entered: Callable[[], Runner], force: bool, progress: Progress | None
) -> Result:
    state = State.read(out)
    failed: dict[str, Failed] = {}
    # Made while a file was written to that they are made from: nobody knows from which state of it, so that
    # they are made again by the next build.
    doubtful: dict[str, Done] = {}
    reasons = _due(wanted, state, entered, force)
    if progress:
        progress.begins(len(wanted.jobs), reasons)
    if reasons:
        # Before anything is changed: a runner that cannot be had leaves all as it was.
        entered()
    with _writing(out):
        (out / MANIFEST).unlink(missing_ok=True)
        state.begin(wanted)
        asset = plotlyjs.share(out / ASSETS).relative_to(out).as_posix() if wanted.shared_assets else ""
    recipes = [recipe for recipe in wanted.recipes if recipe.job.file in reasons]
    runs = _runs(recipes, entered(), asset) if recipes else ()
    for count, (recipe, run, seconds) in enumerate(runs, 1):
        file = recipe.job.file
        with _writing(out / file):
            outcome = _write(recipe.job, run, out)
            if isinstance(outcome, Failed):
                failed[file] = outcome
                state.add_failed(file)
            elif wanted.altered():
                doubtful[file] = outcome
            else:
                state.add(_record(outcome, recipe, wanted.data, pack(run.asked, entered().warmed), out))
        if progress:
            progress.ended(count, outcome, seconds)

    ordered = [
        failed.get(job.file) or doubtful.get(job.file) or _done(job, state.briefs[job.file])
        for job in wanted.jobs
    ]
    notebooks = {path.name: sha256 for path, sha256 in wanted.notebooks.items()}
    summary = manifest(wanted.data.about, version("ecobrief"), notebooks, ordered)
    with _writing(out):
        write_text(out / INDEX, portal.index(summary), state.folder)
        with writing(out / MANIFEST, state.folder) as written:
            written.writelines(part.encode("utf-8") for part in parts(summary))
        there = {path.name for path in out.iterdir()}
        state.compact(there)
        if not failed and not doubtful:
            state.finish(
                wanted, [*(job.file for job in wanted.jobs), INDEX, MANIFEST, *filter(None, [asset])]
            )
    briefs = {name for name in there if fnmatch(name, "brief_*.html")} | (state.briefs.keys() & there)
    return Result(
        done=tuple(outcome for outcome in ordered if isinstance(outcome, Done)),
        failed=tuple(outcome for outcome in ordered if isinstance(outcome, Failed)),
        made=len(reasons) - len(failed),
        left=tuple(sorted(briefs - {job.file for job in wanted.jobs})),
        altered=tuple(wanted.altered()) if doubtful else (),
    )


def _entered(runner: Runner, running: ExitStack) -> Callable[[], Runner]:
    """Enters the runner when it is first called: what has nothing to make starts no process."""

    @cache
    def entered() -> Runner:
        running.enter_context(runner)
        return runner

    return entered


def _due(wanted: Wanted, state: State, entered: Callable[[], Runner], force: bool) -> Why:
    if force:
        return {job.file: (FORCED,) for job in wanted.jobs}
    return why(wanted, state, lambda: entered().warmed)


def _runs(recipes: Iterable[Recipe], runner: Runner, asset: str) -> Iterator[tuple[Recipe, Run, float]]:
    """Each recipe with its run and the seconds it took, as they end; no more than the runner has room for are in memory."""
    waiting = iter(recipes)
    under_way: dict[Future[Run], tuple[Recipe, float]] = {}
    while True:
        for recipe in islice(waiting, max(0, runner.capacity - len(under_way))):
            future = runner.submit(recipe.job, recipe.beside, INDEX, asset)
            under_way[future] = recipe, time.monotonic()
        if not under_way:
            return
        future = next(iter(wait(under_way, return_when=FIRST_COMPLETED).done))
        recipe, begun = under_way.pop(future)
        yield recipe, future.result(), time.monotonic() - begun
        del future


def _write(job: Job, run: Run, out: Path) -> Done | Failed:
    """Put the outcome of a run into the folder; take away what an earlier build left of the other outcome."""
    page, notebook, shown = out / job.file, out / job.failed_notebook, out / job.failed_page
    if isinstance(run.outcome, Failed):
        page.unlink(missing_ok=True)
        notebook.unlink(missing_ok=True)
        if run.notebook:
            write_text(notebook, run.notebook, out / FOLDER)
        write_text(shown, failure.page(run.outcome, INDEX, bool(run.notebook)), out / FOLDER)
        return run.outcome
    made = run.outcome
    html = made.html.encode("utf-8")
    write_bytes(page, html, out / FOLDER)
    notebook.unlink(missing_ok=True)
    shown.unlink(missing_ok=True)
    return Done(job, made.title, made.charts, made.observations, sha256(html).hexdigest(), made.metrics)


def _record(done: Done, recipe: Recipe, data: Data, asked: str, out: Path) -> Record:
    size, mtime_ns = stamp(out / done.job.file)
    return Record(
        done.job.file,
        recipe.plain,
        data.digest,
        asked,
        size,
        mtime_ns,
        done.sha256,
        done.title,
        done.charts,
        done.observations,
        done.metrics,
    )


def _done(job: Job, record: Record) -> Done:
    """A brief that an earlier build made, or this one."""
    return Done(job, record.title, record.charts, record.observations, record.sha256, record.metrics)


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as fault:
        told = f"{path} cannot be written: {fault.strerror or fault}."
        raise NotWritten(f"{told} What is there is whole; build again once it can be.") from fault


def _silent(process: str) -> None:
    pass
