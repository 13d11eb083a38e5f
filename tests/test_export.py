"""Readings taken along: CSV for spreadsheets, Parquet, and the code book."""

from __future__ import annotations

import io
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import made
from ecobrief import compare
from ecobrief.compare import export
from ecobrief.datapackage import DataPackage
from ecobrief.wording import Lang, say

BOM = b"\xef\xbb\xbf"


def read(csv: bytes) -> pd.DataFrame:
    """Every cell as the text a spreadsheet is given."""
    return pd.read_csv(io.BytesIO(csv), dtype=str, keep_default_na=False, encoding="utf-8-sig")


def exported(**observation: str) -> pd.Series:
    """The row of the CSV of one observation."""
    (row,) = read(
        export.for_spreadsheets(compare.readings(made.package(observations=[observation])))
    ).to_dict("records")
    return pd.Series(row)


@pytest.fixture(name="package")
def whole_package() -> DataPackage:
    return made.package(
        observations=[
            {"value": "76.30", "scope_printed": "=HYPERLINK(1)"},
            {
                "city_id": "beta",
                "value": "",
                "unit": "",
                "value_text": "好",
                "period": "",
                "period_basis": "",
            },
        ],
        benchmarks=[{"place_id": "china", "value": "86.5"}, {"place_id": "province", "value": "90.1"}],
    )


def test_csv_for_people_begins_with_a_byte_order_mark_and_keeps_every_digit(
    package: DataPackage, tmp_path: Path
) -> None:
    csv, *_ = export.write(package, tmp_path, "en")
    raw = csv.read_bytes()
    assert raw.startswith(BOM)
    assert not raw.removeprefix(BOM).startswith(BOM)
    assert list(read(raw)["value"]) == ["76.30", "", "90.1", "86.5"]


def test_all_three_files_hold_what_readings_gives(package: DataPackage, tmp_path: Path) -> None:
    paths = export.write(package, tmp_path / "new" / "folder", "en")
    assert [path.name for path in paths] == ["readings.csv", "readings.parquet", "code_book.csv"]
    frame = compare.readings(package, places=[*made.CITIES, "province", "china"])
    pd.testing.assert_frame_equal(pd.read_parquet(paths[1]).astype(frame.dtypes), frame)
    assert list(read(paths[0].read_bytes())) == list(frame)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_code_book_explains_every_column(package: DataPackage, tmp_path: Path, lang: Lang) -> None:
    *_, book = export.write(package, tmp_path, lang)
    meanings = read(book.read_bytes())
    assert list(meanings["column"]) == list(compare.readings(package))
    assert (meanings["meaning"] != "").all()


@pytest.mark.parametrize("column", compare.CODE_BOOK)
def test_the_code_book_is_in_both_languages(column: str) -> None:
    assert say(compare.CODE_BOOK[column], "zh") != say(compare.CODE_BOOK[column], "en")


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r"])
@pytest.mark.parametrize("column", ["evidence", "scope_printed", "place", "value_text", "unit"])
def test_text_that_a_spreadsheet_would_run_gets_an_apostrophe(column: str, begin: str) -> None:
    hostile = f"{begin}cmd|' /C calc'!A0"
    shown = exported(**{"value": "" if column in ("value_text", "unit") else "96.2", column: hostile})[column]
    assert shown.startswith("'" + begin)


def test_text_that_is_no_formula_stays_as_it_is() -> None:
    assert exported(evidence="优良天数=351天")["evidence"] == "优良天数=351天"


def test_numbers_are_never_guarded() -> None:
    frame = compare.readings(made.package(observations=[{}]))
    cells = read(export.for_spreadsheets(frame.assign(value="-3.5", canonical_value=-3.5, low=-4.0))).iloc[0]
    assert (cells["value"], cells["canonical_value"], cells["low"]) == ("-3.5", "-3.5", "-4.0")


@settings(deadline=None, max_examples=50)
@given(st.text(st.characters(codec="utf-8"), min_size=1))
def test_whatever_is_printed_stands_whole_in_one_cell(evidence: str) -> None:
    cell = exported(evidence=evidence)["evidence"]
    assert cell == ("'" + evidence if evidence.startswith(("=", "+", "-", "@", "\t", "\r")) else evidence)


def test_the_frame_that_is_exported_is_left_as_it_was() -> None:
    frame = compare.readings(made.package(observations=[{"evidence": "=1"}]))
    export.for_spreadsheets(frame)
    assert list(frame["evidence"]) == ["=1"]
