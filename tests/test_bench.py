"""The benchmark of the batch: its briefs are different, and what it says of isolation and equality is looked at."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

ROOT = Path(__file__).resolve().parents[1]
SCRIPT = ROOT / "tools" / "bench_batch.py"


@pytest.fixture(scope="module")
def bench() -> ModuleType:
    spec = importlib.util.spec_from_file_location("bench_batch", SCRIPT)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def outputs(bench: ModuleType, path: Path, *cells: Any, source: str = "x") -> list[Any]:
    nbformat.write(new_notebook(cells=[new_code_cell(source, outputs=list(cells), execution_count=1)]), path)
    return bench.outputs(path)


@pytest.mark.parametrize("notebook", ["brief_city", "air_quality"])
def test_a_hundred_briefs_are_all_different_and_the_first_four_are_of_both_languages(
    bench: ModuleType, notebook: str
) -> None:
    made = bench.briefs(notebook, 100)
    assert len({tuple(sorted(one.parameters.items())) for one in made}) == 100
    assert {one.parameters["lang"] for one in made[:4]} == {"zh", "en"}


def test_counts_ids_and_the_pieces_of_a_stream_make_no_difference(bench: ModuleType, tmp_path: Path) -> None:
    def stream(text: str) -> Any:
        return new_output("stream", name="stdout", text=text)

    def result(count: int, text: str = "1") -> Any:
        return new_output("execute_result", data={"text/plain": text}, execution_count=count)

    one = outputs(bench, tmp_path / "one.ipynb", stream("a\n"), stream("b\n"), result(1))
    assert outputs(bench, tmp_path / "two.ipynb", stream("a\nb\n"), result(9)) == one
    assert outputs(bench, tmp_path / "three.ipynb", stream("a\nb\n"), result(9, "2")) != one


def test_a_notebook_that_spoils_the_next_is_found_out(bench: ModuleType, tmp_path: Path) -> None:
    """Both probes in one namespace of modules, as an engine without isolation runs them; then each in its own."""
    together = f"import os\nhere = os.getcwd()\n{bench.SPOIL}\n{bench.LOOK}\nos.chdir(here)"
    for code, said in (
        (together, "spoiled: pandas options, environment, working directory, module"),
        (bench.LOOK, "spoiled: "),
    ):
        found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        assert found.stdout.strip() == said.strip()


def test_wrong_usage_names_what_is_valid() -> None:
    for asked in (["--briefs", "0"], ["--notebooks", "none"], ["--ways", "none"]):
        refused = subprocess.run(
            [sys.executable, str(SCRIPT), *asked], capture_output=True, text=True, check=False
        )
        assert refused.returncode == 2
        assert "error: --" in refused.stderr


@pytest.mark.soak
def test_every_way_makes_the_briefs_and_is_looked_at() -> None:
    asked = ["--briefs", "4", "--repeat", "1", "--notebooks", "air_quality"]
    ran = subprocess.run([sys.executable, str(SCRIPT), *asked], capture_output=True, text=True, check=False)
    rows = {line.split()[0]: line for line in ran.stdout.splitlines() if " MB " in line}
    for way in ("batch", "stock", "papermill"):
        assert " yes  " in rows[way], rows
    assert "floor" in rows
    for way, row in rows.items():
        assert "yes (4)" in row or way == "stock-two", rows
