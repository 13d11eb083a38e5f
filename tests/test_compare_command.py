"""`ecobrief compare`: one indicator over the cities, for a terminal and for machines."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from click.testing import CliRunner, Result

import made
from ecobrief import compare
from ecobrief.cli import main

ROOT = Path(__file__).resolve().parents[1]
COLUMNS = ["result", *compare.CODE_BOOK, "ranks", "rank_best", "rank_worst", "ranked"]
COLUMNS[COLUMNS.index("place_id")] = "city_id"


@pytest.fixture(name="data", scope="module")
def three_cities_and_a_gap(tmp_path_factory: pytest.TempPathFactory) -> Path:
    rows = [
        {"city_id": city, "value": value}
        for city, value in zip(made.CITIES, ("90.10", "95.1", "92.1"), strict=False)
    ]
    undated = {"city_id": "alpha", "value": "88.8", "period": "", "period_basis": ""}
    searched = {"city_id": "delta"}
    return made.write(tmp_path_factory.mktemp("data"), observations=[*rows, undated], coverage=[searched])


def run(data: Path, *arguments: str, indicator: str = "ratio") -> Result:
    done = CliRunner().invoke(
        main, ["compare", "--indicator", indicator, *arguments], env={"ECOBRIEF_DATA": str(data)}
    )
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done


def as_json(data: Path, *arguments: str) -> dict[str, Any]:
    return dict(json.loads(run(data, *arguments, "--format", "json").stdout))


def as_csv(data: Path, *arguments: str) -> pd.DataFrame:
    return pd.read_csv(
        io.StringIO(run(data, *arguments, "--format", "csv").stdout), dtype=str, keep_default_na=False
    )


def test_the_table_shows_every_city_its_rank_and_its_reasons(data: Path) -> None:
    lines = run(data).stdout.splitlines()
    assert "  Alpha: 90.10 % · 2022 · official_bulletin · page.001  [3/3]" in lines
    assert "  Beta: 95.1 % · 2022 · official_bulletin · page.002  [1/3]" in lines
    assert "  Alpha: 88.8 % · year not stated · official_bulletin · page.004" in lines
    assert "  Delta: not stated in the one document held (Web page (undated))" in lines
    assert "  Alpha – Beta: comparable" in lines


def test_the_table_is_in_the_language_asked_for(data: Path) -> None:
    shown = run(data, "--lang", "zh").stdout
    assert "甲市" in shown
    assert "可比" in shown
    for english in ("comparable", "not stated", "Alpha"):
        assert english not in shown


def test_nobody_is_ranked_without_three_comparable_cities(data: Path) -> None:
    shown = run(data, "--cities", "alpha,beta").stdout
    assert "it cannot be said which is ahead: a standing needs 3 cities" in shown
    assert "[" not in shown


def test_csv_has_one_row_a_reading_or_gap_with_every_column(data: Path) -> None:
    rows = as_csv(data)
    assert list(rows) == COLUMNS
    assert list(rows["city_id"]) == ["alpha", "alpha", "beta", "gamma", "delta"]
    assert list(rows["value"]) == ["88.8", "90.10", "95.1", "92.1", ""]
    assert list(rows["result"]) == ["stated"] * 4 + ["not_stated"]
    assert list(rows["rank_best"]) == ["", "3", "1", "2", ""]
    assert list(rows["reasons"]) == ["undated", "", "", "", ""]


def test_json_has_the_same_readings_and_the_pairs_with_their_reasons(data: Path) -> None:
    found = as_json(data)
    rows = as_csv(data)
    assert found["indicator_id"] == "ratio"
    assert [row["city_id"] for row in found["readings"]] == list(rows["city_id"])
    assert [row.get("value", "") for row in found["readings"]] == list(rows["value"])
    assert [pair["places"] for pair in found["pairs"]] == [
        ["alpha", "beta"],
        ["alpha", "gamma"],
        ["beta", "gamma"],
    ]
    assert {pair["verdict"] for pair in found["pairs"]} == {"comparable"}


def test_codes_of_machine_formats_are_english_in_both_languages(data: Path) -> None:
    assert as_json(data, "--lang", "zh") == as_json(data, "--lang", "en")
    assert run(data, "--lang", "zh", "--format", "csv").stdout == run(data, "--format", "csv").stdout


def test_a_period_leaves_out_what_is_of_another(data: Path) -> None:
    assert "88.8" not in run(data, "--period", "2022").stdout
    assert set(as_csv(data, "--period", "2021")["result"]) == {"left_out", "not_stated"}


def test_cities_stand_in_the_order_asked_for(data: Path) -> None:
    assert list(as_csv(data, "--cities", "gamma,delta,beta")["city_id"]) == ["gamma", "delta", "beta"]


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["--cities", "atlantis"], "valid cities are alpha, beta, gamma, delta"),
        (["--period", "last year"], "2022-01/2022-06"),
        (["--lang", "fr"], "zh"),
        (["--format", "xml"], "json"),
    ],
)
def test_a_wrong_value_is_answered_with_the_valid_ones(data: Path, arguments: list[str], named: str) -> None:
    done = run(data, *arguments)
    assert (done.exit_code, done.stdout) == (2, "")
    assert named in done.stderr


def test_a_wrong_indicator_is_answered_with_the_valid_ones(data: Path) -> None:
    done = run(data, indicator="forest")
    assert done.exit_code == 2
    assert "'forest' is no indicator; valid ones are ratio, days, cover, area, pollution" in done.stderr


def test_an_indicator_that_no_one_states_is_a_table_of_gaps(data: Path) -> None:
    done = run(data, indicator="days")
    assert done.exit_code == 0
    assert done.stdout.count("not searched") == 4


def test_forest_cover_of_the_four_cities_is_shown_and_not_ranked() -> None:
    found = as_json_of_shipped("forest_cover")
    cities = {row["city_id"] for row in found["readings"]}
    assert cities == {"benxi", "chifeng", "yichun", "rongchang"}
    yichun = [
        row
        for row in found["readings"]
        if row["city_id"] == "yichun" and row.get("source_id") == "yichun_article"
    ]
    assert [(row["value"], row["period"]) for row in yichun] == [("83.8", "")]
    of_letter = [row for row in found["readings"] if row.get("source_id") == "rongchang_reply_2022"]
    assert of_letter == []
    assert not any("rank_best" in row for row in found["readings"])


def as_json_of_shipped(indicator: str) -> dict[str, Any]:
    return dict(json.loads(run(ROOT / "data", "--format", "json", indicator=indicator).stdout))
