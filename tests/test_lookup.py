"""Rows and records are what filtering a table gives, and a record has plain values."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecobrief import datapackage
from ecobrief.datapackage import DataPackage
from ecobrief.datapackage.package import ASKED_BY_BRIEFS

SHIPPED = Path(__file__).resolve().parents[1] / "data"
SHAPES = [(table, columns) for table, shapes in ASKED_BY_BRIEFS.items() for columns in shapes]


@cache
def shipped() -> DataPackage:
    return datapackage.load(SHIPPED)


@pytest.fixture(scope="module")
def package() -> DataPackage:
    return shipped()


@given(st.data())
def test_rows_are_those_that_filtering_the_table_gives(data: st.DataObject) -> None:
    table, columns = data.draw(st.sampled_from(SHAPES))
    whole = shipped()[table]
    asked = {
        column: data.draw(
            st.lists(st.sampled_from([*whole[column].unique()[:30], "nowhere"]), max_size=3), label=column
        )
        for column in columns
    }
    wanted = pd.Series(True, whole.index)
    for column, values in asked.items():
        wanted &= whole[column].isin(values)
    found = shipped().rows(table, **asked)
    pd.testing.assert_frame_equal(found, whole[wanted])
    records = shipped().records(table, **asked)
    assert [tuple(record) for record in records] == [
        tuple(None if cell is pd.NA else cell for cell in row)
        for row in found.astype(object).itertuples(index=False, name=None)
    ]


def test_a_record_has_text_and_whole_numbers_of_python(package: DataPackage) -> None:
    few = package.records("sources", source_id="benxi_plan_2023")
    many = package.records("sources", source_id=list(package["sources"]["source_id"]))
    for record in (*few, *many):
        for name, cell in record._asdict().items():
            assert type(cell) in ((int, type(None)) if name == "text_length" else (str,)), name
    assert any(record.text_length is None for record in many)


def test_one_value_is_the_same_as_a_list_of_one(package: DataPackage) -> None:
    one = package.records("figures", place_id="benxi", indicator_id="forest_cover")
    assert one
    assert one == package.records("figures", place_id=["benxi"], indicator_id=["forest_cover"])
    assert {(row.place_id, row.indicator_id) for row in one} == {("benxi", "forest_cover")}


def test_a_row_that_is_changed_leaves_the_table_as_it_is(package: DataPackage) -> None:
    rows = package.rows("figures", place_id="benxi")
    rows["value"] = "changed"
    rows.iloc[0, 1] = "changed"
    assert "changed" not in set(package.figures["value"]) | set(package.figures["place_id"])


def test_a_column_that_is_no_key_is_not_looked_up_by(package: DataPackage) -> None:
    with pytest.raises(ValueError, match="observations is looked up by keys and references, not by value"):
        package.rows("observations", value="96.2")


def test_tables_hold_python_strings_whatever_way_they_were_read(package: DataPackage) -> None:
    for loaded in (package, datapackage.load(SHIPPED, check=False)):
        for frame in (*loaded.tables.values(), loaded.figures, loaded.named):
            assert {str(dtype) for dtype in frame.dtypes} <= {"object", "Int64"}
            assert frame.index.dtype in ("int64", "object")
