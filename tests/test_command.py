"""The `ecobrief` command: help, exit status, where it writes, and what bad input gets."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pandas as pd
import pytest
from click.testing import CliRunner, Result

import made
from ecobrief import datapackage
from ecobrief.cli import main

ROOT = Path(__file__).resolve().parents[1]
DONE, FAULTS, USAGE = 0, 1, 2


def ecobrief(*arguments: str, data: Path | None = None) -> Result:
    """The command in this process; `data` stands in for ECOBRIEF_DATA."""
    environment = {"ECOBRIEF_DATA": str(data) if data else None, "ECOBRIEF_DOCUMENTS": None}
    return CliRunner().invoke(main, list(arguments), env=environment)


@pytest.fixture(name="sound")
def sound_package(tmp_path: Path) -> Path:
    rows = [
        made.printed("96.2%"),
        made.printed("76.30%", indicator_id="cover", value="76.30", city_id="beta"),
    ]
    year = {name: cell for name, cell in made.printed("2022").items() if name != "source_id"}
    contexts = [year | {"observation_id": f"page.00{number}", "role": "period"} for number in (1, 2)]
    sources = [{"source_id": "page"}, made.held_source()]
    return made.write(tmp_path / "sound", sources=sources, observations=rows, contexts=contexts)


@pytest.fixture(name="broken")
def broken_package(tmp_path: Path) -> Path:
    """Two faults of a column in two tables; what stands in the cells is hostile besides."""
    cities = [{"city_id": "alpha", "name_zh": "甲市", "name_en": ""}]
    return made.write(tmp_path / "broken", cities=cities, observations=[{}, {"value": "97,4"}])


# Help


def commands(group: click.Group, *path: str) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Every command below `group` with the words that call it."""
    yield path, group
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, *path, name)
        else:
            yield (*path, name), command


@pytest.mark.parametrize(
    ("path", "command"), [pytest.param(*case, id=" ".join(case[0])) for case in commands(main)]
)
def test_every_command_and_every_option_has_help(path: tuple[str, ...], command: click.Command) -> None:
    assert (command.help or "").strip().endswith(".")
    for option in command.params:
        if isinstance(option, click.Option):
            assert option.help, f"{' '.join(path)} --{option.name}"
    shown = ecobrief(*path, "--help")
    assert shown.exit_code == DONE
    assert " ".join((command.help or "").split()) in " ".join(shown.output.split())


def test_the_installed_command_knows_its_version_and_starts_without_heavy_libraries() -> None:
    heavy = {"plotly", "papermill", "pandera", "nbconvert"}
    code = f"import sys, ecobrief.cli; print({heavy} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
    assert ecobrief("--version").output.split()[-1].count(".") == 2


@pytest.mark.parametrize(
    "arguments",
    [["nonsense"], ["check", "extra"], ["compare"], ["compare", "--indicator"], ["build", "--jobs", "0"]],
)
def test_wrong_usage_ends_with_status_two(arguments: list[str]) -> None:
    done = ecobrief(*arguments)
    assert done.exit_code == USAGE
    assert done.stdout == ""
    assert "Error:" in done.stderr


# check


def test_a_sound_package_is_counted_and_ends_with_status_zero(sound: Path) -> None:
    done = ecobrief("check", data=sound)
    assert done.exit_code == DONE
    tables = len(list(sound.glob("*.csv")))
    assert done.stdout.startswith(f"{tables} tables, 18 rows, 0 faults (data version ")


def test_a_broken_package_has_every_fault_listed_with_its_place(broken: Path) -> None:
    done = ecobrief("check", data=broken)
    assert done.exit_code == FAULTS
    assert done.stdout == ""
    assert 'cities.csv row 2, column name_en: "" is empty.' in done.stderr
    assert 'observations.csv row 3, column value: "97,4"' in done.stderr
    assert done.stderr.splitlines()[-1].endswith("faults in the data package")
    assert "Traceback" not in done.stderr


def test_no_data_package_anywhere_is_wrong_usage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for data in (None, tmp_path):
        done = ecobrief("check", data=data)
        assert done.exit_code == USAGE
        assert "datapackage.json" in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["check"],
        ["verify", "--documents", "."],
        ["compare", "--indicator", "ratio"],
        ["readings", "--out", "new"],
        ["build", "--out", "new"],
    ],
    ids=lambda arguments: arguments[0],
)
def test_no_command_goes_on_with_a_broken_table_or_writes_anything(
    arguments: list[str], broken: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    done = ecobrief(*arguments, data=broken)
    assert done.exit_code == FAULTS
    assert "faults in the data package" in done.stderr
    assert list(here.iterdir()) == []


# build


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        (["--cities", "benxi,atlantis"], ["'atlantis'", "benxi", "chifeng", "rongchang", "yichun"]),
        (["--langs", "fr"], ["'fr'", "zh, en"]),
        (["--langs", ","], ["zh, en"]),
    ],
)
def test_a_wrong_city_or_language_stops_a_build_before_anything_is_written(
    wrong: list[str], named: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def kernel(*_: object, **__: object) -> None:
        raise AssertionError("the build went on")

    monkeypatch.setattr("ecobrief.publish.batch.build", kernel)
    done = ecobrief("build", *wrong, "--out", str(tmp_path / "briefs"), data=ROOT / "data")
    assert done.exit_code == USAGE, done.exception
    (line,) = (line for line in done.stderr.splitlines() if line.startswith("Error:"))
    for part in named:
        assert part in line
    assert not (tmp_path / "briefs").exists()


# verify


def documents(folder: Path, text: str = made.TEXT) -> str:
    folder.mkdir()
    (folder / "任何名字.txt").write_text(text, encoding="utf-8", newline="")
    return str(folder)


def test_spans_that_are_found_end_with_status_zero(sound: Path, tmp_path: Path) -> None:
    done = ecobrief("verify", "--documents", documents(tmp_path / "documents"), data=sound)
    assert (done.exit_code, done.stdout) == (
        DONE,
        "4 spans in 1 documents: 4 found, 0 missing, 0 unverified\n",
    )


def test_a_document_with_another_text_is_named_and_its_spans_are_unverified(
    sound: Path, tmp_path: Path
) -> None:
    done = ecobrief("verify", "--documents", documents(tmp_path / "documents", made.TEXT + "。"), data=sound)
    assert done.exit_code == FAULTS
    assert "0 found, 0 missing, 4 unverified" in done.stdout
    assert "document: no file in the folder has its text" in done.stderr


def test_a_span_that_is_not_where_it_should_be_is_missing(tmp_path: Path) -> None:
    moved = made.printed("96.2%") | {"start": "0", "end": "5"}
    data = made.write(tmp_path / "data", sources=[made.held_source()], observations=[moved])
    done = ecobrief("verify", "--documents", documents(tmp_path / "documents"), data=data)
    assert done.exit_code == FAULTS
    assert "missing: page.001 (evidence, document 0–5)" in done.stdout


def test_no_folder_of_documents_is_wrong_usage(sound: Path, tmp_path: Path) -> None:
    for arguments in ([], ["--documents", str(tmp_path / "nowhere")]):
        done = ecobrief("verify", *arguments, data=sound)
        assert done.exit_code == USAGE
        assert "--documents" in done.stderr


@pytest.mark.parametrize("form", ["csv", "json"])
def test_machine_formats_of_verify_hold_nothing_but_the_spans(form: str, sound: Path, tmp_path: Path) -> None:
    done = ecobrief("verify", "--documents", documents(tmp_path / "documents"), "--format", form, data=sound)
    rows = json.loads(done.stdout) if form == "json" else done.stdout.splitlines()[1:]
    assert len(rows) == 4
    assert "4 found" in done.stderr


# readings


def test_readings_are_written_and_their_files_named(sound: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = ecobrief("readings", "--out", str(out), "--lang", "zh", data=sound)
    assert done.exit_code == DONE
    assert [Path(line) for line in done.stdout.splitlines()] == [
        out / "readings.csv",
        out / "readings.parquet",
        out / "code_book.csv",
    ]
    assert list(pd.read_parquet(out / "readings.parquet")["value"]) == ["96.2", "76.30"]


def test_a_file_in_the_place_of_the_folder_is_wrong_usage(sound: Path, tmp_path: Path) -> None:
    (tmp_path / "out").touch()
    assert ecobrief("readings", "--out", str(tmp_path / "out"), data=sound).exit_code == USAGE


# In a process of its own


def test_the_command_finds_its_data_above_the_folder_it_is_called_in(sound: Path, tmp_path: Path) -> None:
    below = tmp_path / "project" / "a" / "b"
    below.mkdir(parents=True)
    sound.rename(tmp_path / "project" / "data")
    unaided: dict[str, Any] = {name: value for name, value in os.environ.items() if name != "ECOBRIEF_DATA"}
    command = [str(Path(sys.executable).with_name("ecobrief")), "check"]
    done = subprocess.run(command, cwd=below, env=unaided, capture_output=True, text=True, check=False)
    assert done.returncode == DONE, done.stderr
    assert "0 faults" in done.stdout


def test_the_shipped_data_has_no_fault() -> None:
    _, faults = datapackage.examine(ROOT / "data")
    assert faults == []
