"""The workbook: every notebook as it is committed, and as plain papermill runs it."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import nbformat
import papermill
import pytest

from ecobrief.extraction import sample
from ecobrief.figures.display import ECOBRIEF_MIME
from ecobrief.parameters import NOTEBOOKS

FOLDER = Path(__file__).resolve().parents[1] / "notebooks"
PATHS = sorted(FOLDER.glob("*.ipynb"))
LONGEST_CELL = 15
"""Lines of a code cell that a reader takes in at a glance."""
NUMBERS_OF_THE_FIELD = re.compile(r"AQI ≤ 100|100%|从 0 起|from 0|\]\([^)]*\)|`[^`]*`")
"""What may stand in prose: the limit that defines the indicator, a hundred percent as a notion, where offsets are counted
from, addresses and code."""

each_notebook = pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)


def cells(path: Path, kind: str = "code") -> list[Any]:
    notebook = nbformat.read(path, as_version=4)
    return [cell for cell in notebook.cells if cell.cell_type == kind]


def tags(cell: Any) -> list[str]:
    return list(cell.metadata.get("tags", []))


def shown(path: Path) -> list[dict[str, Any]]:
    """The displays of an executed notebook, in order."""
    outputs = [output for cell in cells(path) for output in cell.outputs]
    return [output["data"][ECOBRIEF_MIME] for output in outputs if ECOBRIEF_MIME in output.get("data", {})]


def entries(displays: list[dict[str, Any]]) -> list[str]:
    """What has an entry in one of the lists of these displays."""
    lists = (display["rows"] for display in displays if display["kind"] == "sources")
    return [row["observations"][0] for rows in lists for row in rows]


def test_every_notebook_has_its_parameters_in_a_model_and_every_model_its_notebook() -> None:
    assert {path.stem for path in PATHS} == set(NOTEBOOKS)


# As committed


@each_notebook
def test_the_parameters_cell_says_what_the_model_says(path: Path) -> None:
    (cell,) = (cell for cell in cells(path) if "parameters" in tags(cell))
    fields = NOTEBOOKS[path.stem].model_fields
    stated = {
        node.target.id: (ast.literal_eval(node.value), line.partition("  # ")[2])
        for line in cell.source.splitlines()
        for node in ast.parse(line).body
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value
    }
    assert stated == {name: (field.default, field.description) for name, field in fields.items()}


@each_notebook
def test_help_shows_every_parameter_with_type_and_meaning(path: Path) -> None:
    found = papermill.inspect_notebook(path)
    assert set(found) == set(NOTEBOOKS[path.stem].model_fields)
    for name, parameter in found.items():
        assert parameter["inferred_type_name"] in ("str", "list", "bool"), name
        assert parameter["help"] == NOTEBOOKS[path.stem].model_fields[name].description


@each_notebook
def test_the_first_cell_after_the_parameters_checks_them_by_the_name_of_the_notebook(path: Path) -> None:
    code = cells(path)
    (at,) = (position for position, cell in enumerate(code) if "parameters" in tags(cell))
    assert f'parameters.check("{path.stem}", globals(), package)' in code[at + 1].source


@each_notebook
def test_prose_stands_in_pairs_of_chinese_and_english(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    languages = [tags(cell)[0] if cell.cell_type == "markdown" else "" for cell in notebook.cells]
    assert languages.count("lang-zh") == languages.count("lang-en") > 0
    for one, following in pairwise([*languages, ""]):
        assert (one == "lang-zh") == (following == "lang-en")
    chinese = re.compile("[一-鿿]")
    for cell, language in zip(notebook.cells, languages, strict=True):
        if language == "lang-zh":
            assert chinese.search(cell.source), cell.source
        if language == "lang-en":
            assert re.search("[A-Za-z]{3}", cell.source), cell.source


@each_notebook
def test_both_languages_have_the_same_headings_and_lists(path: Path) -> None:
    def outline(language: str) -> list[list[str]]:
        prose = [cell.source for cell in cells(path, "markdown") if language in tags(cell)]
        return [re.findall(r"^(#+|-) ", text, flags=re.MULTILINE) for text in prose]

    assert outline("lang-zh") == outline("lang-en")


@each_notebook
def test_no_number_of_the_data_is_typed_into_prose(path: Path) -> None:
    for cell in cells(path, "markdown"):
        assert not re.search(r"\d", NUMBERS_OF_THE_FIELD.sub("", cell.source)), cell.source


@each_notebook
def test_a_code_cell_is_short_enough_to_be_read(path: Path) -> None:
    for cell in cells(path):
        assert len(cell.source.splitlines()) <= LONGEST_CELL, cell.source


@each_notebook
def test_committed_outputs_are_there_without_errors_and_without_traces_of_the_run(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    for position, cell in enumerate(notebook.cells):
        assert cell.id == f"cell-{position:02d}"
        assert set(cell.metadata) <= {"tags"}
        if cell.cell_type == "code":
            shows = isinstance(ast.parse(cell.source).body[-1], ast.Expr)
            assert [output.output_type for output in cell.outputs] == (["execute_result"] if shows else []), (
                cell.source
            )
    assert {display["lang"] for display in shown(path)} == {"zh"}


@each_notebook
def test_every_number_shown_leads_to_one_entry_and_the_last_cell_holds_those_that_are_left(
    path: Path,
) -> None:
    displays = shown(path)
    assert displays[-1]["kind"] == "sources"
    entered = entries(displays)
    named = {
        name
        for display in displays
        for row in display["rows"]
        for name in (*row["observations"], *row["inputs"])
    }
    assert len(set(entered)) == len(entered) > 0
    assert named == set(entered)


# As plain papermill runs them


def run(notebook: str, out: Path, *given: str, cwd: Path = FOLDER.parent) -> subprocess.CompletedProcess[str]:
    source = os.path.relpath(FOLDER / f"{notebook}.ipynb", cwd)
    unaided = {name: value for name, value in os.environ.items() if name != "ECOBRIEF_DATA"}
    command = [sys.executable, "-m", "papermill", "--no-progress-bar", source, str(out), *given]
    return subprocess.run(
        command, cwd=cwd, env=unaided, capture_output=True, text=True, timeout=120, check=False
    )


def test_a_brief_of_another_city_and_language_runs_from_the_top_of_the_repository(tmp_path: Path) -> None:
    done = run("brief_city", tmp_path / "x.ipynb", "-p", "city", "yichun", "-p", "lang", "en")
    assert done.returncode == 0, done.stderr
    displays = shown(tmp_path / "x.ipynb")
    (headline,) = (display for display in displays if display["kind"] == "headline")
    assert headline["title"] == "Yichun: eco-policy record"
    assert {display["lang"] for display in displays} == {"en"}
    assert "yichun_article.002" in entries(displays)


def test_a_comparison_of_some_cities_in_one_year_runs_from_the_folder_of_notebooks(tmp_path: Path) -> None:
    given = ["-p", "cities", "chifeng,benxi", "-p", "period", "2022", "-p", "include_undated", "False"]
    done = run("brief_comparison", tmp_path / "x.ipynb", *given, cwd=FOLDER)
    assert done.returncode == 0, done.stderr
    headline, *others = shown(tmp_path / "x.ipynb")
    assert headline["title"].index("赤峰") < headline["title"].index("本溪")
    stated = [
        row
        for display in others
        for row in display["rows"]
        if "metric" in row["cells"] and row["observations"]
    ]
    assert {row["cells"]["period"] for row in stated} == {"2022年"}
    printed = {
        row["cells"]["value"] for display in others for row in display["rows"] if "value" in row["cells"]
    }
    assert "97.4%" in printed
    assert "76.31%" not in printed


def test_a_misspelt_parameter_stops_plain_papermill_in_the_first_cell_with_one_line(tmp_path: Path) -> None:
    done = run("brief_city", tmp_path / "x.ipynb", "-p", "citty", "yichun")
    valid = ", ".join(NOTEBOOKS["brief_city"].model_fields)
    line = f"brief_city has no parameter citty (did you mean city?); it has {valid}"
    assert done.returncode == 1
    assert line in done.stderr
    errors = [
        output
        for cell in cells(tmp_path / "x.ipynb")
        for output in cell.outputs
        if output.output_type == "error"
    ]
    assert [error["traceback"] for error in errors] == [[f"ParameterError: {line}"]]
    assert shown(tmp_path / "x.ipynb") == []


def test_a_review_shows_its_candidates_where_there_is_no_jupyterlab(tmp_path: Path) -> None:
    table = sample.write(tmp_path)
    done = run("review", tmp_path / "x.ipynb", "-p", "candidates", str(table), "-p", "lang", "en")
    assert done.returncode == 0, done.stderr
    shown_as = [
        output["data"]["text/html"]
        for cell in cells(tmp_path / "x.ipynb")
        for output in cell.outputs
        if "Panel(" in cell.source
    ]
    assert "<mark>331天</mark>" in shown_as[0]
    assert {display["lang"] for display in shown(tmp_path / "x.ipynb")} == {"en"}
