"""A batch in forks: what each run gives, and that one bad notebook is one failure."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest

import made
from ecobrief.datapackage import DataFaults
from ecobrief.datapackage.tables import LARGE
from ecobrief.publish.fork_runner import ForkRunner
from ecobrief.publish.forks import can_fork
from ecobrief.publish.job import Failed, Job, Run
from ecobrief.publish.page import Page
from ecobrief.publish.runner import NoRunner

ROOT = Path(__file__).resolve().parents[1]

pytestmark = pytest.mark.skipif(not can_fork(), reason="forks need Linux")

NOTEBOOK = """
if case == "sleep":
    import time
    time.sleep(60)
if case == "allocate":
    hold = bytearray(400 * 2**20)
if case == "die":
    import os, signal
    os.kill(os.getpid(), signal.SIGKILL)
if case == "kill the parent":
    import os, signal, time
    os.kill(os.getppid(), signal.SIGKILL)
    time.sleep(60)
if case == "raise":
    raise ValueError("these words")
"""
SHOWN = """
class Shown:
    def _repr_mimebundle_(self, include=None, exclude=None):
        made = {"text/plain": "plain", "text/html": "<b>", "application/vnd.of.ours+json": {"a": (1, 2)}}
        return {name: one for name, one in made.items() if name not in exclude}
Shown()
"""


@pytest.fixture(scope="module")
def notebook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    cells = [
        nbformat.v4.new_code_cell("case = ''", metadata={"tags": ["parameters"]}),
        nbformat.v4.new_markdown_cell("# A title"),
        nbformat.v4.new_code_cell(SHOWN.strip()),
        nbformat.v4.new_code_cell(NOTEBOOK.strip()),
    ]
    path = tmp_path_factory.mktemp("notebooks") / "cases.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    return path


@pytest.fixture(scope="module")
def runner(notebook: Path) -> Iterator[ForkRunner]:
    with ForkRunner(4, [notebook], timeout=4, memory=250) as entered:
        yield entered


def submit(runner: ForkRunner, notebook: Path, case: str) -> Any:
    return runner.submit(Job(notebook, {"case": case}, "brief_x.en.html", "en"), {}, "index.html", "")


def test_a_notebook_becomes_a_page_and_what_it_asked_for_is_known(runner: ForkRunner, notebook: Path) -> None:
    run: Run = submit(runner, notebook, "").result()
    assert isinstance(run.outcome, Page)
    assert run.outcome.title == "A title"
    assert run.asked == frozenset()


def test_one_notebook_of_many_fails_by_itself(runner: ForkRunner, notebook: Path) -> None:
    cases = {
        "raise": ("ValueError", "these words"),
        "sleep": ("TimeLimit", "longer than 4 seconds"),
        "allocate": ("MemoryLimit", "more than 250 MB"),
        "die": ("WorkerDied", "SIGKILL"),
    }
    runs = {case: submit(runner, notebook, case) for case in [*cases, ""]}
    assert isinstance(runs[""].result().outcome, Page)
    for case, (error, message) in cases.items():
        failed = runs[case].result().outcome
        assert isinstance(failed, Failed)
        assert (failed.error, failed.cell) == (error, 4)
        assert message in failed.message
        assert failed.source == 'if case == "sleep":'


def test_of_a_failed_notebook_the_executed_cells_are_kept(runner: ForkRunner, notebook: Path) -> None:
    for case in ("raise", "sleep", "allocate"):
        kept = nbformat.reads(submit(runner, notebook, case).result().notebook, as_version=4)
        assert any(output.output_type == "error" for output in kept.cells[-1].outputs)


def test_no_html_is_made_of_what_a_page_reads_by_itself(runner: ForkRunner, notebook: Path) -> None:
    kept = nbformat.reads(submit(runner, notebook, "raise").result().notebook, as_version=4)
    (shown,) = next(cell.outputs for cell in kept.cells if cell.source == SHOWN.strip())
    assert shown.data == {"text/plain": "plain", "application/vnd.of.ours+json": {"a": [1, 2]}}


def refuse(package: Any, words: str) -> None:
    raise LookupError(words)


def test_what_a_runner_finds_as_it_looks_at_the_data_is_the_cause_of_there_being_none(
    notebook: Path, tmp_path: Path
) -> None:
    data = made.write(tmp_path / "sound", observations=[{}])
    looking = ForkRunner(1, [notebook], data=data, look=("test_fork_runner:refuse", "not these"))
    with pytest.raises(NoRunner, match="not these") as refused, looking:
        pass
    assert isinstance(refused.value.__cause__, LookupError)
    broken = made.write(tmp_path / "broken", observations=[{"value": "97,4"}])
    with pytest.raises(NoRunner) as refused, ForkRunner(1, [notebook], data=broken, check=True):
        pass
    assert isinstance(refused.value.__cause__, DataFaults)
    assert refused.value.__cause__.faults[0].value == "97,4"


def test_a_large_data_package_is_checked_without_threads_that_would_forbid_to_fork(
    notebook: Path, tmp_path: Path
) -> None:
    write = [sys.executable, str(ROOT / "tools" / "synthetic.py"), str(tmp_path), "--cities", "60"]
    subprocess.run(write, check=True, stdout=subprocess.DEVNULL)
    assert (tmp_path / "observations.csv").stat().st_size > LARGE
    with ForkRunner(1, [notebook], data=tmp_path, check=True) as checking:
        assert isinstance(submit(checking, notebook, "").result().outcome, Page)


def test_when_the_process_that_forks_is_killed_another_one_takes_its_place(
    runner: ForkRunner, notebook: Path
) -> None:
    failed = submit(runner, notebook, "kill the parent").result().outcome
    assert isinstance(failed, Failed)
    assert failed.error == "NoForks"
    assert isinstance(submit(runner, notebook, "").result().outcome, Page)
