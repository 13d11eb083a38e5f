"""Forks of one warmed process: each is alone, keeps to its limits, and leaves nothing behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

import fork_targets
from ecobrief.publish.fork_server import TimeLimit
from ecobrief.publish.forks import ForkEnded, ForkServer, Limits, NoForks, Preparation, can_fork

pytestmark = pytest.mark.skipif(not can_fork(), reason="forks need Linux")


@pytest.fixture(scope="module")
def server() -> Iterator[ForkServer]:
    with ForkServer(Preparation(["numpy", "no_such_module"], "fork_targets:remember", ("this",))) as started:
        yield started


def running(mark: Path) -> list[int]:
    """Processes whose command names `mark`."""
    return [
        one.pid
        for one in psutil.process_iter(["cmdline", "status"])
        if one.info["status"] != psutil.STATUS_ZOMBIE and str(mark) in " ".join(one.info["cmdline"] or ())
    ]


def gone(mark: Path, seconds: float = 5.0) -> bool:
    until = time.monotonic() + seconds
    while running(mark) and time.monotonic() < until:
        time.sleep(0.05)
    return not running(mark)


def test_a_fork_has_what_was_prepared_and_loses_what_it_changed(server: ForkServer) -> None:
    assert server.warmed == "remembered this"
    assert server.run(fork_targets.leave_a_trace, "first") == ["this", "first"]
    assert server.run(fork_targets.traces)[:2] == (["this"], None)
    assert server.run(fork_targets.known, "numpy")
    assert fork_targets.STATE == []


def test_forks_run_at_the_same_time(server: ForkServer) -> None:
    began = time.monotonic()
    with ThreadPoolExecutor(8) as threads:
        slept = list(threads.map(lambda _: server.run(fork_targets.sleep, 0.5), range(8)))
    assert slept == ["slept"] * 8
    assert time.monotonic() - began < 2.5


def test_an_exception_reaches_the_caller(server: ForkServer) -> None:
    with pytest.raises(ValueError, match="these words"):
        server.run(fork_targets.fail, "these words")


def test_a_result_that_cannot_be_sent_is_told(server: ForkServer) -> None:
    with pytest.raises(RuntimeError, match="lock object"):
        server.run(fork_targets.give_what_cannot_be_sent)


def test_a_fork_that_dies_is_told_and_the_next_runs(server: ForkServer) -> None:
    with pytest.raises(ForkEnded, match="SIGKILL") as ended:
        server.run(fork_targets.die)
    assert ended.value.reason == "died"
    assert server.run(fork_targets.sleep, 0) == "slept"


def test_when_its_time_is_over_a_fork_is_asked_then_killed(server: ForkServer) -> None:
    with pytest.raises(TimeLimit, match=r"longer than 0\.2 seconds"):
        server.run(fork_targets.sleep, 60, limits=Limits(seconds=0.2))
    began = time.monotonic()
    with pytest.raises(ForkEnded, match=r"longer than 0\.2 seconds") as ended:
        server.run(fork_targets.sleep_whatever_happens, limits=Limits(seconds=0.2))
    assert ended.value.reason == "time"
    assert time.monotonic() - began < 10


def test_memory_is_limited_in_the_fork_and_over_all_that_it_started(server: ForkServer) -> None:
    limits = Limits(memory=200)
    assert server.run(fork_targets.allocate, 100, limits=limits) == 100 * 2**20
    with pytest.raises(MemoryError):
        server.run(fork_targets.allocate, 300, limits=limits)
    with pytest.raises(ForkEnded, match="more than 200 MB") as ended:
        server.run(fork_targets.let_children_allocate, 80, 4, limits=limits)
    assert ended.value.reason == "memory"


def test_what_a_fork_started_ends_with_it(server: ForkServer, tmp_path: Path) -> None:
    server.run(fork_targets.start_others, tmp_path)
    assert gone(tmp_path)


def test_forks_do_not_draw_the_same_random_numbers(server: ForkServer) -> None:
    first, second = server.run(fork_targets.random_numbers), server.run(fork_targets.random_numbers)
    assert first[0] != second[0]
    assert first[1] != second[1]


def test_a_module_that_starts_a_thread_is_left_to_the_forks() -> None:
    with ForkServer(Preparation(["json", "starts_a_thread", "csv"])) as started:
        assert started.left_out == ("starts_a_thread",)
        assert started.run(fork_targets.known, "csv")
        assert not started.run(fork_targets.known, "starts_a_thread")


def test_no_fork_is_made_while_another_thread_runs() -> None:
    refused = pytest.raises(NoForks, match="threads run beside the main one")
    with ForkServer(Preparation(warm="fork_targets:start_a_thread")) as started, refused:
        started.run(fork_targets.sleep, 0)


def test_what_notebooks_import_starts_no_thread() -> None:
    modules = ["numpy", "pandas", "pyarrow", "plotly", "scipy.stats", "ecobrief.publish.kernel"]
    with ForkServer(Preparation(modules)) as started:
        assert started.left_out == ()
        assert started.run(fork_targets.threads_beside) == 0


def test_a_preparation_that_fails_is_told() -> None:
    with pytest.raises(NoForks, match="not today"):
        ForkServer(Preparation(warm="fork_targets:fail", arguments=("not today",)))


def test_closing_ends_what_runs(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    with ThreadPoolExecutor(1) as threads:
        with ForkServer(Preparation()) as started:
            waiting = threads.submit(started.run, fork_targets.start_others_and_sleep, mark)
            assert arrives(mark)
        with pytest.raises(NoForks):
            waiting.result(timeout=10)
    assert gone(mark)


CALLER = """
import sys, pathlib
from ecobrief.publish.forks import ForkServer, Preparation
import fork_targets
with ForkServer(Preparation()) as server:
    print(server._process.pid, flush=True)
    server.run(fork_targets.start_others_and_sleep, pathlib.Path(sys.argv[1]))
"""


@pytest.mark.parametrize("killed", ["caller", "server"])
def test_killing_the_caller_or_the_server_leaves_no_process(tmp_path: Path, killed: str) -> None:
    mark = tmp_path / "mark"
    path = os.pathsep.join(sys.path)
    caller = subprocess.Popen(
        [sys.executable, "-c", CALLER, str(mark)],
        env={**os.environ, "PYTHONPATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert caller.stdout
    with caller.stdout:
        server = int(caller.stdout.readline())
        assert arrives(mark)
        os.kill(caller.pid if killed == "caller" else server, signal.SIGKILL)
        caller.wait(timeout=10)
    assert gone(mark)
    until = time.monotonic() + 5
    while not ended(server) and time.monotonic() < until:
        time.sleep(0.02)
    assert ended(server)


def ended(pid: int) -> bool:
    return not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


def arrives(mark: Path, seconds: float = 10.0) -> bool:
    until = time.monotonic() + seconds
    while not mark.exists() and time.monotonic() < until:
        time.sleep(0.02)
    return mark.exists()
