"""`ecobrief monitor`: what it prints, what goes to standard error, and how it ends. All concentrations here are made up."""

from __future__ import annotations

import doctest
import io
import json
import re
import sys
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result

from ecobrief import monitoring
from ecobrief.cli import main

ROOT = Path(__file__).resolve().parents[1]
GUIDE = ROOT / "docs" / "monitoring.md"


def run(*arguments: str) -> Result:
    done = CliRunner().invoke(main, ["monitor", *arguments], env={"ECOBRIEF_DATA": str(ROOT / "data")})
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done


@pytest.fixture(name="file")
def a_year_of_good_days(tmp_path: Path) -> Path:
    dates = pd.date_range("2023-01-01", "2023-12-31").strftime("%Y-%m-%d")
    values = {"pm25": 30, "pm10": 50, "so2": 5, "no2": 20, "co": 0.8, "o3_8h": 60}
    path = tmp_path / "days.csv"
    pd.DataFrame({"city_id": "benxi", "date": dates} | values).to_csv(path, index=False)
    return path


def test_csv_goes_to_standard_output_and_remarks_to_standard_error(file: Path) -> None:
    done = run(str(file), "--city", "benxi", "--source", "made_up")
    (row,) = pd.read_csv(io.StringIO(done.stdout), dtype=str, keep_default_na=False).to_dict("records")
    assert tuple(row) == monitoring.COLUMNS
    assert (row["good_days"], row["source_id"]) == ("365", "made_up")
    assert (
        done.stderr == f"{file}: there is no column station: its values are taken for the city's own means\n"
    )
    assert done.exit_code == 0


def test_json_and_table_say_the_same(file: Path) -> None:
    (row,) = json.loads(run(str(file), "--city", "benxi", "--format", "json").stdout)
    assert (row["year"], row["good_days"]) == ("2023", "365")
    table = run(str(file), "--city", "benxi", "--format", "table").stdout
    assert "  2023 (hj633-2012): 365 of 365 valid days with AQI ≤ 100, 100.00 %\n" in table


def test_columns_are_mapped_by_name(file: Path) -> None:
    file.write_text(file.read_text().replace("pm25", "PM2.5", 1).replace("date", "Tag", 1))
    refused = run(str(file), "--city", "benxi")
    assert refused.exit_code == 1
    assert "no column for time, pm25" in refused.stderr
    assert run(str(file), "--city", "benxi", "--map", "pm25=PM2.5, date=Tag").exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--city", "atlantis"], "'atlantis' is no city of the data package; valid ones are benxi, chifeng"),
        (["--city", "benxi", "--map", "pm25"], "--map takes name=column"),
        (["--city", "benxi", "--map", "ozone=o3"], "ozone cannot be mapped; what can is city_id"),
        (["--city", "benxi", "--standard", "hj633"], "hj633-2012"),
        ([], "--city"),
    ],
)
def test_wrong_usage_names_what_is_valid(file: Path, arguments: list[str], reason: str) -> None:
    done = run(str(file), *arguments)
    assert (done.exit_code, done.stdout) == (2, "")
    assert reason in done.stderr


def test_a_file_that_is_not_there_is_named_in_one_line(tmp_path: Path) -> None:
    done = run(str(tmp_path / "none.csv"), "--city", "benxi")
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr == f"Error: {tmp_path / 'none.csv'}: there is no such file\n"


def test_a_file_without_a_usable_day_ends_with_the_reasons(file: Path) -> None:
    file.write_text(file.read_text().replace(",30,", ",-30,"))
    done = run(str(file), "--city", "benxi")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "365 values of pm25 below zero; first: row 2 (2023-01-01, '-30')" in done.stderr
    assert done.stderr.endswith(f"Error: {file}: no usable day of benxi\n")


def test_a_back_cast_before_2019_is_refused_with_the_rule(file: Path) -> None:
    file.write_text(file.read_text().replace("2023-", "2017-"))
    done = run(str(file), "--city", "benxi", "--standard", "hj633-2026")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "values do not cross 2018-09-01" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_without_duckdb_it_says_what_to_install(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "duckdb", None)
    done = run(str(file), "--city", "benxi")
    assert done.exit_code == 1
    assert done.stderr == "Error: ecobrief monitor reads files with duckdb: pip install 'ecobrief[monitor]'\n"


def test_the_guide_shows_what_the_command_and_the_module_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    guide = GUIDE.read_text(encoding="utf-8")
    written, shown, session = (
        re.findall(rf"^```{kind}\n(.*?)^```$", guide, re.MULTILINE | re.DOTALL)[0]
        for kind in ("python", "console", "pycon")
    )
    monkeypatch.chdir(tmp_path)
    exec(written, {})
    command, _, output = shown.removeprefix("$ ").partition("\n")
    assert run(*command.split()[2:]).output == output
    example = doctest.DocTestParser().get_doctest(session, {}, "guide", str(GUIDE), 0)
    report: list[str] = []
    failed, tried = doctest.DocTestRunner(verbose=False).run(example, out=report.append)
    assert (failed, tried) == (0, 3), "".join(report)


def test_the_guide_explains_every_column() -> None:
    columns = GUIDE.read_text(encoding="utf-8").partition("## What it prints")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (`.+?`) \|", columns, re.MULTILINE)
    assert tuple(re.findall(r"`(\w+)`", " ".join(rows))) == monitoring.COLUMNS
