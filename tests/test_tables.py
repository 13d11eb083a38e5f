"""Tables are read alike whatever their size, and what is asked of distinct values holds for their rows."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import made
from ecobrief import datapackage
from ecobrief.datapackage import Fault, tables
from ecobrief.datapackage.columns import Column, agree, joined, known, looked_up, repeated

SHIPPED = Path(__file__).resolve().parents[1] / "data"
TEXT = st.text(st.sampled_from(["a", "7", ",", '"', "\n", "\r", " ", "林", "\u3000", "=", ";"]), max_size=4)
LINES = st.sampled_from(["\n", "\r\n"])
ALWAYS = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


def schema(*names: str, **types: str) -> dict[str, Any]:
    return {"fields": [{"name": name, "type": types.get(name, "string")} for name in names]}


def cells(table: tables.Table) -> list[tuple[str, ...]]:
    return list(zip(*(column.cells for column in table.values()), strict=True))


def written(
    path: Path, rows: Sequence[Sequence[str]], end: str = "\n", mark: str = "", quoted: bool = False
) -> Path:
    """A file of three columns; cells are quoted where they have to be, or all of them."""

    def cell(text: str) -> str:
        needed = quoted or set(text) & set(',"\r\n')
        return '"' + text.replace('"', '""') + '"' if needed else text

    lines = (",".join(map(cell, row)) + end for row in [("one", "two", "three"), *rows])
    path.write_text(mark + "".join(lines), encoding="utf-8", newline="")
    return path


# Reading


@ALWAYS
@given(
    rows=st.lists(st.tuples(TEXT.filter(bool), TEXT, TEXT), min_size=1, max_size=5),
    quoted=st.booleans(),
    end=LINES,
    mark=st.sampled_from(["", "\ufeff"]),
)
def test_every_way_of_reading_gives_the_cells_that_were_written(
    rows: list[tuple[str, str, str]], quoted: bool, end: str, mark: str, tmp_path: Path
) -> None:
    path = written(tmp_path / "table.csv", rows, end, mark, quoted)
    names = ["one", "two", "three"]
    faults: list[Fault] = []
    read = tables._read(path, names, faults)
    assert faults == []
    assert read is not None
    assert cells(read) == rows
    assert cells(tables._read_large(path, names)) == rows
    unchecked = tables.read_unchecked(path, schema(*names))
    assert list(unchecked.itertuples(index=False, name=None)) == rows


@pytest.mark.parametrize(
    "content",
    [
        "one,two\na,b,c\n",
        "one,two\na\n",
        "one,two\na,b,c\na\n",
        "one,two\n\na,b\n",
        "one,two\na,b\n\n",
        "\none,two\na,b\n",
        'one,two\n"a"b,c\n',
        'one,two\na,"b\n',
        'one,two\na"b"c,d\n',
        "one,one\na,b\n",
        "one,three\na,b\n",
        "one,two\na,\xff\n",
    ],
)
def test_a_file_with_which_something_may_be_wrong_is_left_to_the_reader_that_names_it(
    content: str, tmp_path: Path
) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(content.encode("latin-1"))
    with pytest.raises(tables.Irregular):
        tables._read_large(path, ["one", "two"])


def test_the_shipped_tables_are_the_same_by_every_way_of_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    small = datapackage.load(SHIPPED)
    monkeypatch.setattr(tables, "LARGE", 0)
    for other in (datapackage.load(SHIPPED), datapackage.load(SHIPPED, check=False)):
        assert list(other.tables) == list(small.tables)
        for name, frame in other.tables.items():
            pd.testing.assert_frame_equal(frame, small[name])


def test_a_fault_far_down_in_a_large_table_is_named_with_its_row(tmp_path: Path) -> None:
    rows = [{"note_en": f"number {number}, " + "x" * 100} for number in range(6_000)]
    folder = made.write(tmp_path, observations=rows)
    path = folder / "observations.csv"
    assert path.stat().st_size > tables.LARGE
    assert datapackage.examine(folder)[1] == []
    lines = path.read_text(encoding="utf-8").splitlines()

    def faults(row: int, old: str, new: str) -> list[tuple[int | None, str, str]]:
        changed = [*lines[: row - 1], lines[row - 1].replace(old, new), *lines[row:]]
        path.write_text("\n".join(changed) + "\n", encoding="utf-8")
        return [(fault.row, fault.column, fault.value) for fault in datapackage.examine(folder)[1]]

    assert faults(4_321, ",observed,", ",seen,") == [(4_321, "status", "seen")]
    assert faults(5_000, ",alpha,", ",omega,") == [(5_000, "city_id", "omega")]
    assert faults(5_500, ",96.2,", ",960.2,") == [(5_500, "value", "960.2")]
    assert faults(6_001, "page.6000", "page.001") == [(6_001, "observation_id", "page.001")]
    assert faults(5_999, ",observed,", ",observed") == [(5_999, "", "")]


def test_whole_numbers_are_kept_to_the_last_digit(tmp_path: Path) -> None:
    path = written(tmp_path / "table.csv", [["a", "999999999999999999", "x"], ["b", "", "y"]])
    frame = tables.read_unchecked(path, schema("one", "two", "three", two="integer"))
    assert list(frame.columns) == ["one", "two", "three"]
    assert frame["two"].tolist() == [999_999_999_999_999_999, pd.NA]


# Columns

CELLS = st.lists(st.sampled_from(["", "a", "b", "1", "2"]), max_size=8)


@given(st.lists(st.tuples(*[st.sampled_from(["", "a", "b"])] * 3), max_size=12))
def test_what_is_asked_of_combinations_is_what_each_row_answers(rows: list[tuple[str, str, str]]) -> None:
    columns = [Column.read(row[n] for row in rows) for n in range(3)]

    def test(one: str, two: str, three: str) -> bool:
        return one == two or three == "a"

    assert agree(test, *columns).tolist() == [test(*row) for row in rows]
    assert repeated(*columns).tolist() == [row in rows[:n] for n, row in enumerate(rows)]
    assert repeated(columns[0]).tolist() == [
        row[0] in [other[0] for other in rows[:n]] for n, row in enumerate(rows)
    ]


def test_combinations_of_columns_with_more_values_than_a_number_holds_are_told_apart() -> None:
    numbers = np.arange(3)
    wide = Column(np.array([str(n) for n in range(70_000)], dtype=object), numbers)
    assert repeated(*[wide] * 5).tolist() == [False] * 3


@given(CELLS, CELLS, CELLS)
def test_a_cell_is_looked_for_in_all_of_several_columns(
    one: list[str], two: list[str], asked: list[str]
) -> None:
    first, second, cells = map(Column.read, (one, two, asked))
    assert cells.within(first, second).tolist() == [cell in {*one, *two} for cell in asked]
    assert known(asked, first, second) == {*asked} & {*one, *two}
    assert joined(first, second).cells.tolist() == one + two
    assert cells.filled.tolist() == [cell != "" for cell in asked]
    assert cells.of(cells.filled).cells.tolist() == list(filter(None, asked))


@given(st.dictionaries(st.sampled_from("abcdefgh"), st.sampled_from(["x", "y", ""])), st.data())
def test_a_row_is_looked_up_by_the_first_column(rows: dict[str, str], data: st.DataObject) -> None:
    keys = data.draw(st.lists(st.sampled_from(["", *"abcdefghi"]), max_size=6))
    table = {"key": Column.read(rows), "value": Column.read(rows.values()), "again": Column.read(rows)}
    value, again = looked_up(Column.read(keys), table, "value", "again")
    assert value.cells.tolist() == [rows.get(key, "") for key in keys]
    assert again.cells.tolist() == [key if key in rows else "" for key in keys]


def test_a_limit_is_held_alike_where_it_is_reckoned_quickly_and_exactly(tmp_path: Path) -> None:
    """Values about the limits of a percentage, with every qualifier: the verdict is that of exact reckoning."""
    from ecobrief.datapackage.rules import _inside

    values = ["0", "-0.1", "0.1", "99.9", "100", "100.0", "100.01", "101", "-5"]
    qualifiers = ["exact", "about", "at_least", "at_most", "more_than", "less_than", "and_more"]
    rows = [{"value": v, "qualifier": q} for v, q in product(values, qualifiers)]
    folder = made.write(tmp_path, observations=rows)
    wrong = {fault.row for fault in datapackage.examine(folder)[1]}
    assert wrong == {
        n for n, row in enumerate(rows, start=2) if not _inside(*row.values(), "%", "percent", "0", "100")
    }
    assert wrong
