"""The runner of many machines: briefs are made by the workers of a dask.distributed cluster that is already there.

The workers need this package and nothing else: what the notebooks read travels once to each worker process
(`cluster_worker`). A worker is asked what it has installed before it is given anything, and so is one that comes later:
a brief may be made by those workers only that answered as this machine would. Which of them makes it, and that it is
made again when a worker dies, is dask's business.
"""

from __future__ import annotations

import asyncio
import io
import os
import re
import secrets
import threading
import warnings
import zipfile
from collections import deque
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from concurrent.futures import CancelledError, Future
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from ecobrief.publish import cluster_worker, plotlyjs
from ecobrief.publish.cluster_worker import NotHere, Parcel
from ecobrief.publish.job import Failed, Job, Run
from ecobrief.publish.runner import NoRunner
from ecobrief.wording import Lang

T = TypeVar("T")

ADDRESS = re.compile(r"(tcp|tls|ws|wss)://(\[[0-9a-fA-F:.]+\]|[^\s:/@\[\]]+):(\d{1,5})")

# Seconds: within which a scheduler answers, and between two looks at the workers.
ANSWER = 4.0
PULSE = 1.0
# Seconds without any worker, at the beginning or in the middle, after which a build gives up.
PATIENCE = 60.0

# Briefs in the hands of dask, for each thread of its workers: one that runs and one that waits beside it. More would
# only pile up as results in the memory of this process.
IN_HAND = 2
# How often a brief is handed to dask anew when what should have run it was gone.
TRIES = 3

DIED = "the workers that ran the notebook died each time; their logs may say of what."
NO_DASK = "--cluster needs dask.distributed: pip install 'ecobrief[cluster]'"


class WrongAddress(ValueError):
    """What was given cannot be the address of a scheduler; one line."""


class NoCluster(NoRunner):
    """The cluster cannot make briefs, or can no longer."""


@dataclass(frozen=True, eq=False)
class _Asked:
    """A brief that was asked for, and the future in which its run is awaited."""

    future: Future[Run]
    job: Job
    page: tuple[Mapping[Lang, str], str, str]


class ClusterRunner:
    """A runner (see `runner`) on the workers of the dask.distributed scheduler at `address`."""

    engine = "cluster"

    def __init__(
        self,
        address: str,
        data: Iterable[Path],
        notebooks: Iterable[Path],
        *,
        warm: Sequence[str] = (),
        timeout: float | None = None,
        memory: int | None = None,
        patience: float = PATIENCE,
        tell: Callable[[str], None] = lambda line: None,
    ) -> None:
        """Only look at the arguments; whatever needs the cluster is done on entering.

        data: the files of the data package, in one folder
        notebooks: those that are to be run
        warm, timeout, memory: as `ForkRunner` takes them
        patience: seconds without any worker after which it gives up
        tell: takes a line for the person who waits, such as that a worker which came late is of another version

        Raises:
            WrongAddress: `address` is none.
            NoCluster: (on entering) there is no scheduler, no worker, one of another version, or no dask here. When the
                cluster is lost later the futures of all briefs that are not made raise it.
        """
        found = ADDRESS.fullmatch(address)
        if not found or not 0 < int(found[3]) < 65536:
            raise WrongAddress(f"{address!r} is no address of a dask scheduler; one is tcp://host:8786.")
        self.checks = False
        self.warmed: Mapping[tuple[str, str], str] = {}
        self._address = address
        self._files = list(data), list(notebooks)
        self._settings = {"warm": tuple(warm), "timeout": timeout, "memory": memory}
        self._patience = patience
        self._tell = tell
        self._client: Any = None
        self._watch: asyncio.Task[None] | None = None
        self._joins: set[asyncio.Task[None]] = set()
        self._lanes: set[asyncio.Task[None]] = set()
        # Threads of the workers that may be given briefs; what keeps the files with each; workers that are being made
        # ready, and that cannot be.
        self._ready: dict[str, int] = {}
        self._keys: dict[str, Any] = {}
        self._joining: set[str] = set()
        self._useless: set[str] = set()
        # Briefs that wait, that dask has (with the workers that may make them), that are to be tried again alone.
        self._waiting: asyncio.Queue[_Asked] = asyncio.Queue()
        self._in_hand: dict[Any, frozenset[str]] = {}
        self._suspects: deque[_Asked] = deque()
        self._unmade: set[Future[Run]] = set()
        self._lost: NoCluster | None = None

    @property
    def capacity(self) -> int:
        return max(1, len(self._lanes))

    def __enter__(self) -> Self:
        _import_dask()
        self._parcel = Parcel(secrets.token_hex(8), archive(*self._files), self._settings)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="cluster", daemon=True)
        self._thread.start()
        try:
            self._do(self._open())
        except BaseException:
            self._leave()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave the cluster: what still runs there for this batch is stopped, and its files are removed."""
        self._leave()

    def submit(self, job: Job, siblings: Mapping[Lang, str], index: str, shared: str) -> Future[Run]:
        asked = _Asked(Future(), job, (siblings, index, shared))
        self._loop.call_soon_threadsafe(self._take, asked)
        return asked.future

    def _do(self, what: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(what, self._loop).result()

    def _leave(self) -> None:
        try:
            self._do(self._close())
        finally:
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
            self._loop.close()

    # What follows runs in the thread of the loop.

    async def _open(self) -> None:
        from distributed import Client

        try:
            with warnings.catch_warnings():
                # dask compares versions too, of what has no hand in a page.
                warnings.simplefilter("ignore")
                self._client = await Client(
                    self._address, asynchronous=True, set_as_default=False, timeout=ANSWER
                )
        except Exception as fault:
            why = "" if isinstance(fault, OSError) else f" ({_line(fault)})"
            raise NoCluster(f"no dask scheduler answers at {self._address}{why}.") from fault
        end = self._loop.time() + self._patience
        while not self._ready:
            others, faults = await self._take_in(await self._present())
            if others:
                raise NoCluster(_other_versions(others))
            if faults and not self._ready:
                raise NoCluster(_cannot_run(faults))
            if faults:
                self._tell(_cannot_run(faults))
            if self._loop.time() > end:
                raise NoCluster(f"{self._address} has had no worker for {self._patience:g} seconds.")
            await asyncio.sleep(PULSE / 4)
        self._watch = asyncio.create_task(self._keep_watch())

    async def _close(self) -> None:
        await _cancel(filter(None, (self._watch, *self._joins, *self._lanes)))
        if self._client:
            # With its client dask drops whatever it holds or does for it.
            with suppress(Exception):
                await self._client.close(timeout=ANSWER / 2)
        await _cancel(asyncio.all_tasks() - {asyncio.current_task()})
        # What of dask is no task ends at the next turn of its clock (10 ms).
        await asyncio.sleep(0.1)

    async def _present(self) -> dict[str, int]:
        """The workers that there are, with their threads."""
        workers = (await self._client.scheduler.identity(n_workers=-1))["workers"]
        return {address: worker["nthreads"] for address, worker in workers.items()}

    async def _ask(
        self, workers: Iterable[str], what: Callable[..., Any], *given: Any
    ) -> tuple[dict[str, Any], dict[str, Exception]]:
        """What a function returned in each of these workers, and the exceptions of those in which it did not return."""
        said = await self._client.run(what, *given, workers=list(workers), on_error="return")
        faults = {worker: fault for worker, fault in said.items() if isinstance(fault, Exception)}
        return {worker: answer for worker, answer in said.items() if worker not in faults}, faults

    async def _take_in(self, workers: Mapping[str, int]) -> tuple[dict[str, str], dict[str, str]]:
        """Make those of the workers ready that are of this version.

        Returns what is different in the others, and why any more cannot run notebooks.
        """
        own = cluster_worker.versions()
        said, faults = await self._ask(workers, cluster_worker.versions)
        others = {worker: _difference(its, own) for worker, its in said.items() if its != own}
        # Where it cannot even be asked, no ecobrief is installed, or one that does not know the question. One that
        # cannot be reached is about to leave.
        others |= {worker: _line(fault) for worker, fault in faults.items() if not isinstance(fault, OSError)}
        keyless = said.keys() - others.keys() - self._keys.keys()
        await asyncio.gather(*map(self._give_key, keyless), return_exceptions=True)
        same = (said.keys() & self._keys.keys()) - others.keys()
        got, faults = await self._ask(same, cluster_worker.receive, self._parcel)
        for worker, warmed in got.items():
            self._ready[worker] = workers[worker]
            self.warmed = self.warmed or warmed
        while len(self._lanes) < IN_HAND * sum(self._ready.values()):
            self._lanes.add(asyncio.create_task(self._lane()))
        self._useless |= others.keys() | faults.keys()
        return others, {worker: _line(fault) for worker, fault in faults.items()}

    async def _give_key(self, worker: str) -> None:
        key = cluster_worker.key(self._parcel.batch, worker)
        self._keys[worker] = await self._client.scatter({key: None}, workers=[worker])

    async def _join(self, workers: Mapping[str, int]) -> None:
        """Take in workers that came late."""
        self._joining |= workers.keys()
        try:
            others, faults = await self._take_in(workers)
        except Exception:
            return  # the watch sees who is gone, or tries again
        finally:
            self._joining -= workers.keys()
        if others:
            self._tell(f"{_other_versions(others)} They are given no briefs.")
        if faults:
            self._tell(_cannot_run(faults))

    async def _keep_watch(self) -> None:
        """Take in workers that come, miss those that go; give up when there are none for long, or no scheduler."""
        seen = self._loop.time()
        try:
            while True:
                await asyncio.sleep(PULSE)
                present = await self._present()
                for gone in self._ready.keys() - present.keys():
                    del self._ready[gone]
                for gone in self._keys.keys() - present.keys():
                    del self._keys[gone]
                self._useless &= present.keys()
                new = present.keys() - self._ready.keys() - self._joining - self._useless
                if new:
                    join = asyncio.create_task(self._join({worker: present[worker] for worker in new}))
                    self._joins.add(join)
                    join.add_done_callback(self._joins.discard)
                # dask would wait for ever for workers that are gone.
                stranded = [brief for brief, able in self._in_hand.items() if able.isdisjoint(self._ready)]
                if stranded:
                    await self._client.cancel(stranded, force=True)
                seen = self._loop.time() if self._ready or self._joining else seen
                if self._loop.time() - seen > self._patience:
                    raise NoCluster(f"{self._address} has had no worker for {self._patience:g} seconds.")
        except NoCluster as lost:
            self._give_up(lost)
        except Exception as fault:
            self._give_up(NoCluster(f"the scheduler {self._address} is gone: {_line(fault)}."))

    def _give_up(self, lost: NoCluster) -> None:
        self._lost = lost
        for lane in self._lanes:
            lane.cancel()
        for future in self._unmade:
            future.set_exception(lost)
        self._unmade.clear()

    def _take(self, asked: _Asked) -> None:
        asked.future.set_running_or_notify_cancel()
        if self._lost:
            asked.future.set_exception(self._lost)
        else:
            self._unmade.add(asked.future)
            self._waiting.put_nowait(asked)

    async def _lane(self) -> None:
        """Have one brief made after another, while there are not more lanes than the workers have use for."""
        try:
            while len(self._lanes) <= IN_HAND * max(1, sum(self._ready.values())):
                await self._make(await self._waiting.get())
                # What ran beside a brief that kills workers is not to blame: when nothing else runs, each is tried alone.
                while self._suspects and not self._in_hand and self._waiting.empty():
                    await self._make(self._suspects.popleft(), alone=True)
        except Exception as fault:
            self._give_up(NoCluster(f"the scheduler {self._address} is gone: {_line(fault)}."))
        finally:
            self._lanes -= {asyncio.current_task()}

    async def _make(self, asked: _Asked, alone: bool = False) -> None:
        """Have a brief made, and say so; or put it among the suspects, if every attempt to make it ended unseen."""
        from distributed import KilledWorker

        # A worker knows it by its name; the path is of this machine.
        job = replace(asked.job, notebook=Path(asked.job.notebook.name))
        tries, why = 0, DIED
        while tries < TRIES:
            able = sorted(self._ready)[: 1 if alone else None]
            if not able:
                # The watch takes in what comes, or gives up.
                await asyncio.sleep(PULSE)
                continue
            brief = self._client.submit(
                cluster_worker.run,
                self._parcel.batch,
                job,
                *asked.page,
                key=f"brief-{secrets.token_hex(8)}",
                workers=able,
                pure=False,
            )
            self._in_hand[brief] = frozenset(able)
            try:
                answer: Run | NotHere = await brief
            except KilledWorker:
                break  # dask itself has tried several workers
            except CancelledError:
                # All workers that were able are gone.
                tries += TRIES if alone else 1
                continue
            except Exception as fault:
                answer = Run(Failed(job, None, "", type(fault).__name__, _line(fault)))
            finally:
                del self._in_hand[brief]
            if isinstance(answer, Run):
                return self._made(asked, answer)
            # The watch will find it as if it were new.
            self._ready.pop(answer.worker, None)
            tries, why = tries + 1, f"no worker could run the notebook to its end: {answer.why}"
        if alone:
            self._made(asked, Run(Failed(job, None, "", "WorkerDied", why)))
        else:
            self._suspects.append(asked)

    def _made(self, asked: _Asked, run: Run) -> None:
        if isinstance(run.outcome, Failed):
            run = replace(run, outcome=replace(run.outcome, job=asked.job))
        self._unmade.discard(asked.future)
        asked.future.set_result(run)


async def _cancel(tasks: Iterable[asyncio.Task[Any]]) -> None:
    cancelled = [task for task in tasks if task.cancel()]
    await asyncio.wait([asyncio.gather(*cancelled, return_exceptions=True)], timeout=ANSWER)


def archive(data: Iterable[Path], notebooks: Iterable[Path]) -> bytes:
    """What workers read, as one archive: the folder `data`, the folder `notebooks`, plotly's basic bundle if it is here.

    Raises:
        OSError: a file cannot be read.
    """
    tables = list(data)
    root = Path(os.path.commonpath([path.parent for path in tables]))
    files = {f"data/{path.relative_to(root).as_posix()}": path for path in tables}
    files |= {f"notebooks/{path.name}": path for path in notebooks}
    if plotlyjs.bundle().basic:
        files[cluster_worker.PLOTLY] = plotlyjs.fetched()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as whole:
        for name, path in files.items():
            whole.writestr(name, path.read_bytes())
    return packed.getvalue()


def _import_dask() -> None:
    """Import dask, and keep what it logs off the terminal unless the person's own settings for it say otherwise.

    Raises:
        NoCluster: it is not installed.
    """
    try:
        import dask

        if not dask.config.get("logging", None):
            dask.config.set({"logging": {"distributed": "critical", "distributed.client": "critical"}})
        import distributed  # noqa: F401
    except ModuleNotFoundError:
        raise NoCluster(NO_DASK) from None


def _line(fault: BaseException) -> str:
    """An exception in one line without a full stop."""
    return " ".join(str(fault).split())[:300].rstrip(".") or type(fault).__name__


def _difference(its: Mapping[str, str], own: Mapping[str, str]) -> str:
    differing = [
        f"{name} {its.get(name)}, here {here}" for name, here in own.items() if its.get(name) != here
    ]
    return "; ".join(differing[:3]) + (" …" if len(differing) > 3 else "")


def _listed(what: Mapping[str, str]) -> str:
    """Up to five workers, each with what is to be said of it."""
    named = [f"{worker} ({said})" for worker, said in what.items()]
    return ", ".join(named[:5]) + (f" and {len(named) - 5} more" if len(named) > 5 else "")


def _cannot_run(faults: Mapping[str, str]) -> str:
    return f"workers that cannot run notebooks: {_listed(faults)}."


def _other_versions(others: Mapping[str, str]) -> str:
    return f"pages from workers of another version would differ: {_listed(others)}."
