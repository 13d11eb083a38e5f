"""Readings taken along: a CSV that spreadsheets open safely, a Parquet file, and the code book of their columns."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pandas as pd

from ecobrief import atomic
from ecobrief.compare.readings import CODE_BOOK, readings
from ecobrief.datapackage import COUNTRY, DataPackage
from ecobrief.wording import Lang, say

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
TEXT_COLUMNS = ("value_text", "scope_printed", "place", "evidence", "unit")
"""Columns of free text, where a spreadsheet might take what a document prints for a formula."""


def write(package: DataPackage, folder: Path, lang: Lang) -> list[Path]:
    """readings.csv (with a BOM), readings.parquet and code_book.csv for the cities and all benchmarks."""
    provinces = list(package["cities"]["province_id"].unique())
    frame = readings(package, places=[*package.city_ids, *provinces, COUNTRY])
    folder.mkdir(parents=True, exist_ok=True)
    parquet = io.BytesIO()
    frame.to_parquet(parquet, index=False)
    paths = [folder / name for name in ("readings.csv", "readings.parquet", "code_book.csv")]
    atomic.write_bytes(paths[0], for_spreadsheets(frame))
    atomic.write_bytes(paths[1], parquet.getvalue())
    book = pd.DataFrame(
        [(column, say(meaning, lang)) for column, meaning in CODE_BOOK.items()], columns=["column", "meaning"]
    )
    atomic.write_bytes(paths[2], for_spreadsheets(book))
    return paths


def for_spreadsheets(frame: pd.DataFrame) -> bytes:
    """CSV in UTF-8 with a BOM; free text that begins like a formula gets an apostrophe before it."""
    guarded = frame.copy()
    for column in frame.columns.intersection(TEXT_COLUMNS):
        risky = guarded[column].str.startswith(FORMULA_STARTS, na=False)
        guarded.loc[risky, column] = "'" + guarded.loc[risky, column]
    # Lines end as RFC 4180 has it, so that a carriage return that a document prints is quoted too.
    return guarded.to_csv(index=False, lineterminator="\r\n", quoting=csv.QUOTE_MINIMAL).encode("utf-8-sig")
