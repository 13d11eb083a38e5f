"""A real dask scheduler with three workers on this machine: the pages are those of a local build, whatever dies."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
import pytest
from click.testing import CliRunner
from nbformat.v4 import new_code_cell, new_notebook

import ecobrief
import handmade
import made
from ecobrief.cli import main
from ecobrief.publish import batch, cluster_worker, plotlyjs
from ecobrief.publish.batch import Data, Wanted
from ecobrief.publish.cluster import ClusterRunner, NoCluster, WrongAddress
from ecobrief.publish.fork_runner import ForkRunner
from ecobrief.publish.forks import can_fork
from ecobrief.publish.job import Failed, Job

distributed = pytest.importorskip("distributed")
pytestmark = pytest.mark.skipif(not can_fork(), reason="workers fork, which needs Linux")

SHOW = handmade.code(handmade.small("en", charts=1))
ABOUT = {"version": "0.1.0", "cut_off": "2026-11-21", "tables": {}}
ROOT = Path(__file__).resolve().parents[1]
LIBRARY = Path(ecobrief.__file__).parents[1]
# The machines of the cluster have neither the data nor npm. One death is forgiven, so that killers are found soon.
ENVIRON = {
    **os.environ,
    "PYTHONPATH": str(LIBRARY),
    "ECOBRIEF_DATA": "nowhere",
    plotlyjs.VARIABLE: "nowhere",
    "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1",
    "DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED": "False",
}


def until(condition: Callable[[], Any], seconds: float = 60) -> Any:
    end = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)
    return found


def alive(pid: int) -> bool:
    with suppress(ProcessLookupError):
        os.kill(pid, 0)
        return True
    return False


def pids(observer: Any) -> dict[str, int]:
    """The process of each worker, by address."""
    found: dict[str, int] = observer.run(os.getpid, on_error="ignore")
    return found


class Machines:
    """A scheduler and, one for each `worker`, workers; all end with the `with`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.started: list[subprocess.Popen[bytes]] = []
        self._start("scheduler", "--port", "0", "--scheduler-file", str(self._file))
        until(self._file.exists)
        self.address = str(until(lambda: json.loads(self._file.read_text() or "{}").get("address")))

    @property
    def _file(self) -> Path:
        return self._folder / "scheduler.json"

    def worker(self, name: str, **environ: str) -> subprocess.Popen[bytes]:
        """A worker process of one thread, under a nanny that starts it anew when it dies."""
        scratch = ["--local-directory", str(self._folder / name)]
        options = ["--name", name, "--nthreads", "1", "--memory-limit", "0", "--nanny", *scratch]
        return self._start("worker", self.address, *options, **environ)

    def _start(self, what: str, *options: str, **environ: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "dask", what, *options, "--host", "127.0.0.1", "--no-dashboard"]
        with (self._folder / "log").open("ab") as log:
            started = subprocess.Popen(
                command, env={**ENVIRON, **environ}, stdout=log, stderr=log, start_new_session=True
            )
        self.started.append(started)
        return started

    def stop(self, one: subprocess.Popen[bytes]) -> None:
        with suppress(ProcessLookupError):
            os.killpg(one.pid, signal.SIGKILL)
        one.wait()

    def unpacked(self) -> list[Path]:
        """The folders in which workers keep the files of a batch."""
        return list(self._folder.glob("*/dask-scratch-space/*/ecobrief-*"))

    def __enter__(self) -> Machines:
        return self

    def __exit__(self, *exception: object) -> None:
        for one in reversed(self.started):
            self.stop(one)


@dataclass(frozen=True)
class Batch:
    """A small data package and a notebook that reads it, fails for the city nowhere, and takes its time."""

    folder: Path
    cities: tuple[str, ...] = (*(f"c{number}" for number in range(10)), "nowhere")
    data: list[Path] = field(default_factory=list)

    def __post_init__(self) -> None:
        (self.folder / "notebooks").mkdir()
        made.write(self.folder / "data")
        self.data.extend((self.folder / "data").iterdir())

    def notebook(self, name: str, *cells: str) -> Path:
        first = new_code_cell('city = "benxi"\nlang = "zh"', metadata={"tags": ["parameters"]})
        path = self.folder / "notebooks" / name
        nbformat.write(new_notebook(cells=[first, *map(new_code_cell, cells)]), path)
        return path

    def wanted(self, notebook: Path) -> Wanted:
        return Wanted(self.jobs(notebook), Data(ABOUT, {path.stem: path for path in self.data}))

    def jobs(self, notebook: Path, cities: tuple[str, ...] = ()) -> list[Job]:
        stem = notebook.stem
        return [
            Job(notebook, {"city": city, "lang": "en"}, f"{stem}-{city}.en.html", "en")
            for city in cities or self.cities
        ]


READING = """
import os, time
from pathlib import Path
assert "alpha" in Path(os.environ["ECOBRIEF_DATA"], "cities.csv").read_text()
assert "alpha" in Path("../data/cities.csv").read_text()
time.sleep(0.3)
assert city != "nowhere"
"""


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Batch:
    return Batch(tmp_path_factory.mktemp("batch"))


@pytest.fixture(scope="module")
def machines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machines]:
    with Machines(tmp_path_factory.mktemp("machines")) as running:
        for name in ("one", "two", "three"):
            running.worker(name)
        yield running


@pytest.fixture(scope="module")
def observer(machines: Machines) -> Iterator[Any]:
    """A client of dask that looks on."""
    with distributed.Client(machines.address, set_as_default=False) as client:
        client.wait_for_workers(3, timeout=60)
        yield client


@dataclass
class Built:
    """What a build gave: its result, the briefs that were reported, the workers' pids before, what each received."""

    out: Path
    result: batch.Result
    reported: list[str]
    before: set[int]
    received: list[Any]


@pytest.fixture(scope="module")
def notebook(small: Batch) -> Path:
    return small.notebook("reading.ipynb", READING, SHOW)


@pytest.fixture(scope="module")
def local(small: Batch, notebook: Path) -> Path:
    out = small.folder / "local"
    batch.build(small.wanted(notebook), out, ForkRunner(4, [notebook], data=small.folder / "data"))
    return out


@pytest.fixture(scope="module")
def built(machines: Machines, observer: Any, small: Batch, notebook: Path) -> Built:
    """A build on the cluster, in the middle of which one worker is killed."""
    before = set(pids(observer).values())
    reported: list[str] = []

    class Killing:
        def waits(self, process: str) -> None: ...

        def begins(self, total: int, due: Any) -> None: ...

        def ended(self, count: int, outcome: Any, seconds: float) -> None:
            reported.append(outcome.job.file)
            if count == 2:
                os.kill(min(before), signal.SIGKILL)

    out = small.folder / "remote"
    runner = ClusterRunner(machines.address, small.data, [notebook])
    result = batch.build(small.wanted(notebook), out, runner, progress=Killing())
    received = [event for _, event in observer.get_events("ecobrief")]
    until(lambda: len(pids(observer)) == 3)
    return Built(out, result, reported, before, received)


def test_pages_from_a_cluster_are_those_of_a_local_build_byte_for_byte(built: Built, local: Path) -> None:
    remote, here = ({path.name: path for path in out.glob("[!.]*")} for out in (built.out, local))
    assert remote.keys() == here.keys()
    # The notebook that failed holds the times of its run.
    del remote["reading-nowhere.en.failed.ipynb"]
    for name, path in remote.items():
        assert path.read_bytes() == here[name].read_bytes(), name


def test_every_brief_is_written_once_although_a_worker_is_killed_in_the_middle(
    built: Built, small: Batch, notebook: Path, observer: Any
) -> None:
    jobs = small.jobs(notebook)
    assert set(pids(observer).values()) != built.before
    assert sorted(built.reported) == sorted(job.file for job in jobs)
    assert [done.job for done in built.result.done] == jobs[:-1]


def test_a_notebook_that_fails_on_a_worker_is_a_failure_of_the_job_that_was_asked_for(
    built: Built, small: Batch, notebook: Path
) -> None:
    (failed,) = built.result.failed
    assert failed.job == small.jobs(notebook)[-1]
    assert (failed.cell, failed.error) == (2, "AssertionError")


def test_the_files_travel_once_to_each_worker_process(built: Built, machines: Machines) -> None:
    """At most four: three workers, and the one that took the place of the one that was killed, if it came in time."""
    assert 3 <= len(built.received) <= 4
    assert len({event["worker"] for event in built.received}) == len(built.received)
    until(lambda: not machines.unpacked())


@pytest.fixture
def other_version(tmp_path: Path) -> Path:
    """A copy of the package of which one file is not the same."""
    shutil.copytree(LIBRARY / "ecobrief", tmp_path / "ecobrief")
    with (tmp_path / "ecobrief" / "publish" / "page.py").open("a") as page:
        page.write("# otherwise\n")
    return tmp_path


def address_of(name: str, observer: Any) -> str:
    workers = observer.scheduler_info()["workers"]
    return next((address for address, worker in workers.items() if worker["name"] == name), "")


def test_a_worker_of_another_version_is_named_before_any_brief_is_run(
    machines: Machines, observer: Any, small: Batch, notebook: Path, other_version: Path
) -> None:
    other = machines.worker("other", PYTHONPATH=str(other_version))
    address = until(lambda: address_of("other", observer))
    with pytest.raises(NoCluster) as refused, ClusterRunner(machines.address, small.data, [notebook]):
        raise AssertionError
    own = cluster_worker.versions()["ecobrief"]
    assert str(refused.value).startswith("pages from workers of another version would differ: ")
    assert f"{address} (ecobrief {own[:5]}" in str(refused.value)
    assert str(refused.value).endswith(f", here {own}).")
    assert "\n" not in str(refused.value)
    machines.stop(other)
    until(lambda: len(pids(observer)) == 3)


@pytest.mark.soak
def test_a_worker_of_another_version_that_comes_late_is_named_and_makes_no_page(
    machines: Machines, observer: Any, small: Batch, other_version: Path
) -> None:
    which = f"import ecobrief\nassert not ecobrief.__file__.startswith({str(other_version)!r})"
    notebook = small.notebook("which.ipynb", which, SHOW)
    told: list[str] = []
    with ClusterRunner(machines.address, small.data, [notebook], tell=told.append) as runner:
        other = machines.worker("late", PYTHONPATH=str(other_version))
        until(lambda: told)
        asked = [runner.submit(job, {}, "", "") for job in small.jobs(notebook)]
        assert not [one.result() for one in asked if isinstance(one.result().outcome, Failed)]
    assert address_of("late", observer) in told[0]
    assert told[0].endswith("They are given no briefs.")
    machines.stop(other)
    until(lambda: len(pids(observer)) == 3)


SCRIPT = """
import signal, sys
from pathlib import Path
from ecobrief.publish.batch import Data, Job, Wanted, build
from ecobrief.publish.cluster import ClusterRunner

signal.signal(signal.SIGINT, signal.default_int_handler)
address, folder = sys.argv[1], Path(sys.argv[2])
notebook = folder / "notebooks" / "sleeping.ipynb"
jobs = [Job(notebook, {"city": str(n), "lang": "en"}, f"{n}.en.html", "en") for n in range(9)]
data = {path.stem: path for path in (folder / "data").iterdir()}
wanted = Wanted(jobs, Data({"version": "1", "cut_off": "2026-11-21", "tables": {}}, data))
build(wanted, folder / "out", ClusterRunner(address, data.values(), [notebook]))
"""


@pytest.mark.soak
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_when_the_build_is_stopped_nothing_of_it_stays_on_the_workers(
    machines: Machines, observer: Any, tmp_path: Path, number: signal.Signals
) -> None:
    small = Batch(tmp_path)
    (tmp_path / "pids").mkdir()
    note = f"import os, time\nopen('{tmp_path}/pids/' + str(os.getpid()), 'w')\ntime.sleep(120)"
    small.notebook("sleeping.ipynb", note)
    workers = pids(observer)
    building = subprocess.Popen(
        [sys.executable, "-c", SCRIPT, machines.address, str(tmp_path)],
        env=ENVIRON,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        until(lambda: len(list((tmp_path / "pids").iterdir())) == 3)
        building.send_signal(number)
        _, errors = building.communicate(timeout=30)
    finally:
        building.kill()
    assert number == signal.SIGKILL or errors.rstrip().endswith("KeyboardInterrupt")
    assert errors.count("Traceback") == (number == signal.SIGINT), errors
    until(lambda: not any(alive(int(path.name)) for path in (tmp_path / "pids").iterdir()))
    until(lambda: not machines.unpacked())
    assert pids(observer) == workers
    assert not observer.processing() or not any(observer.processing().values())
    assert len(list((tmp_path / "pids").iterdir())) == 3


@pytest.mark.soak
def test_a_brief_that_kills_workers_is_one_failure_and_the_others_are_made(
    machines: Machines, observer: Any, small: Batch, notebook: Path
) -> None:
    killing = "import os, signal, psutil\nos.kill(psutil.Process().parent().ppid(), signal.SIGKILL)"
    killer = small.notebook("killer.ipynb", killing)
    with ClusterRunner(machines.address, small.data, [notebook, killer]) as runner:
        jobs = [*small.jobs(killer, ("x", "y")), *small.jobs(notebook)]
        runs = [asked.result() for asked in [runner.submit(job, {}, "", "") for job in jobs]]
    failed = [run.outcome for run in runs if isinstance(run.outcome, Failed)]
    assert [one.error for one in failed] == ["WorkerDied", "WorkerDied", "AssertionError"]
    assert [one.job for one in failed] == [*jobs[:2], jobs[-1]]
    until(lambda: len(pids(observer)) == 3)


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    """`ecobrief build` as a person calls it, here."""
    called = [sys.executable, "-c", "from ecobrief.cli import main; main()", "build", *arguments]
    environ = {**os.environ, "PYTHONPATH": str(LIBRARY)}
    return subprocess.run(called, cwd=ROOT, env=environ, capture_output=True, text=True, check=False)


@pytest.mark.soak
def test_the_command_makes_the_same_briefs_on_a_cluster_and_next_to_it(
    machines: Machines, observer: Any, tmp_path: Path
) -> None:
    there = command("--cluster", machines.address, "--out", str(tmp_path / "there"))
    here = command("--out", str(tmp_path / "here"))
    assert (there.returncode, here.returncode) == (0, 0), there.stderr
    assert f"notebooks are run by {machines.address}\n" in there.stderr
    names = {path.name for path in (tmp_path / "here").glob("[!.]*")}
    assert names == {path.name for path in (tmp_path / "there").glob("[!.]*")}
    for name in names:
        assert (tmp_path / "here" / name).read_bytes() == (tmp_path / "there" / name).read_bytes(), name
    # What a cluster has made is up to date here.
    again = command("--out", str(tmp_path / "there"))
    assert "are up to date" in again.stdout


@pytest.mark.soak
def test_limits_hold_on_a_cluster(machines: Machines, observer: Any, small: Batch) -> None:
    slow = small.notebook("slow.ipynb", "import time\ntime.sleep(60)")
    large = small.notebook("large.ipynb", "x = bytearray(2**30)")
    with ClusterRunner(machines.address, small.data, [slow, large], timeout=3, memory=500) as runner:
        jobs = [*small.jobs(slow, ("a",)), *small.jobs(large, ("a",))]
        runs = [asked.result() for asked in [runner.submit(job, {}, "", "") for job in jobs]]
    assert [getattr(run.outcome, "error", "") for run in runs] == ["TimeLimit", "MemoryLimit"]


# Clusters that are none


@pytest.mark.parametrize(
    "address",
    ["", "host", "host:8786", "tcp://host", "tcp://host:", "tcp://:8786", "tcp://h:99999", "http://h:1"],
)
def test_what_cannot_be_an_address_is_refused_before_anything_is_tried(address: str) -> None:
    with pytest.raises(WrongAddress, match="is no address of a dask scheduler; one is tcp://host:8786"):
        ClusterRunner(address, [], [])


def test_the_command_says_in_one_line_that_there_is_no_scheduler_and_leaves_the_folder_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("ECOBRIEF_DATA", str(ROOT / "data"))
    (tmp_path / "manifest.json").write_text("of an earlier build")
    began = time.monotonic()
    arguments = ["--cities", "benxi", "--cluster", "tcp://127.0.0.1:9", "--out", str(tmp_path)]
    failed = CliRunner().invoke(main, ["build", *arguments])
    assert failed.exit_code == 1
    assert failed.output.splitlines()[-1] == "Error: no dask scheduler answers at tcp://127.0.0.1:9."
    assert time.monotonic() - began < 30
    assert (tmp_path / "manifest.json").read_text() == "of an earlier build"
    assert not list(tmp_path.glob("*.html"))


def test_the_command_refuses_what_makes_no_sense_as_wrong_usage() -> None:
    for arguments in (["--cluster", "somewhere"], ["--cluster", "tcp://h:1", "--engine", "fork"]):
        refused = CliRunner().invoke(main, ["build", *arguments])
        assert refused.exit_code == 2
        assert refused.output.startswith("Error: --")
        assert refused.output.count("\n") == 1


def test_a_scheduler_without_workers_is_given_up_after_a_while(small: Batch, tmp_path: Path) -> None:
    with Machines(tmp_path) as lonely:
        runner = ClusterRunner(lonely.address, small.data, [], patience=0.5)
        with pytest.raises(NoCluster, match=r"has had no worker for 0\.5 seconds\.$"), runner:
            raise AssertionError


@pytest.mark.soak
@pytest.mark.parametrize(
    ("which", "said"), [(1, "has had no worker for 15 seconds"), (0, "is gone")], ids=["worker", "scheduler"]
)
def test_a_cluster_that_is_lost_ends_the_build_with_one_line(
    small: Batch, tmp_path: Path, which: int, said: str
) -> None:
    sleeping = small.notebook("long.ipynb", "import time\ntime.sleep(120)")
    with Machines(tmp_path) as machines:
        machines.worker("one")
        with ClusterRunner(machines.address, small.data, [sleeping], patience=15) as runner:
            asked = [runner.submit(job, {}, "", "") for job in small.jobs(sleeping)]
            time.sleep(1)
            machines.stop(machines.started[which])
            with pytest.raises(NoCluster, match=said) as lost:
                asked[-1].result(timeout=60)
    assert "\n" not in str(lost.value)


def test_without_dask_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch, small: Batch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(NoCluster) as refused, ClusterRunner("tcp://127.0.0.1:9", small.data, []):
        raise AssertionError
    assert "pip install 'ecobrief[cluster]'" in str(refused.value)
