"""The runner of every system: limits of a notebook, what is left of one that was stopped, many at a time."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from ecobrief.publish.job import Failed
from ecobrief.publish.pool import Pool
from test_batch import SHOW, job, saved, until

linux = pytest.mark.skipif(sys.platform != "linux", reason="memory is limited on Linux only")


def failure(pool: Pool, notebook: Path) -> Failed:
    """How the one notebook fails."""
    with pool:
        outcome = pool.submit(job(notebook), {}, "index.html", "").result().outcome
    assert isinstance(outcome, Failed)
    return outcome


@pytest.mark.skipif(sys.platform == "win32", reason="starts a program that Windows has not")
def test_a_notebook_that_takes_too_long_is_stopped_with_all_that_it_started(tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    slow = saved(
        tmp_path / "slow.ipynb",
        "import os, subprocess\nchild = subprocess.Popen(['sleep', '300'])",
        f"open({str(pids)!r}, 'w').write(f'{{os.getpid()}} {{child.pid}}')",
        "child.wait()",
    )
    failed = failure(Pool(1, timeout=8), slow)
    assert (failed.error, failed.message) == ("TimeLimit", "the notebook took longer than 8 seconds.")
    until(lambda: not any(map(psutil.pid_exists, map(int, pids.read_text().split()))))


@linux
def test_a_notebook_that_asks_for_too_much_memory_fails_where_it_asks(tmp_path: Path) -> None:
    greedy = saved(
        tmp_path / "greedy.ipynb", "little = bytearray(50_000_000)", "much = bytearray(3_000_000_000)"
    )
    failed = failure(Pool(1, memory=1500), greedy)
    assert (failed.error, failed.cell, failed.source) == ("MemoryLimit", 3, "much = bytearray(3_000_000_000)")
    assert failed.message == "the notebook asked for more than 1500 MB of memory."


def test_a_kernel_is_of_this_environment_runs_beside_its_notebook_and_takes_no_tcp_port(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the user has installed; and many kernels that start at once cannot take each other's port."""
    other = tmp_path / "home" / "kernels" / "python3"
    other.mkdir(parents=True)
    (other / "kernel.json").write_text(
        json.dumps({"argv": ["/bin/false"], "display_name": "x", "language": "python"})
    )
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "home"))
    told = saved(
        tmp_path / "there" / "told.ipynb",
        "import json, os, sys, ipykernel.connect as c",
        "raise RuntimeError([sys.prefix, os.getcwd(), json.loads(c.get_connection_info())['transport']])",
    )
    transport = "tcp" if sys.platform == "win32" else "ipc"
    assert failure(Pool(1), told).message == str([sys.prefix, str(tmp_path / "there"), transport])


SCRIPT = """
import sys
from pathlib import Path
from ecobrief.publish.job import Job
from ecobrief.publish.pool import Pool

if __name__ == "__main__":
    with Pool(1) as pool:
        pool.submit(Job(Path(sys.argv[1]), {"city": "x", "lang": "en"}, "a.en.html", "en"), {}, "", "").result()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="sends signals")
def test_nothing_outlives_a_process_that_is_killed(tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    slow = saved(
        tmp_path / "slow.ipynb",
        f"import os, time\nopen({str(pid)!r}, 'w').write(str(os.getpid()))",
        "time.sleep(300)",
    )
    (tmp_path / "main.py").write_text(SCRIPT)
    with subprocess.Popen([sys.executable, str(tmp_path / "main.py"), str(slow)]) as main:
        until(lambda: pid.exists() and pid.read_text())
        started = psutil.Process(main.pid).children(recursive=True)
        assert int(pid.read_text()) in [process.pid for process in started]
        main.kill()
    until(lambda: not any(process.is_running() for process in started))


@pytest.mark.soak
@pytest.mark.parametrize("again", range(5))
def test_64_briefs_at_8_in_flight_are_all_made(again: int, tmp_path: Path) -> None:
    notebook = saved(tmp_path / "brief.ipynb", SHOW)
    with Pool(8) as pool:
        runs = [pool.submit(job(notebook, f"city{number}"), {}, "index.html", "") for number in range(64)]
        failed = [run.result().outcome for run in runs if isinstance(run.result().outcome, Failed)]
    assert failed == []
