"""Which rows a computation asked a data package for, and whether a change of the tables touches them.

A slice is a table and the values of some of its columns: ("observations", (("city_id", "benxi"),)) is every observation of
Benxi, whether there is one or not; a slice without columns is the whole table. Slices are noted while they are asked for, in
the innermost `noting` that is open in the process; as it ends, it hands what it noted to the one around it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import pandas as pd

Slice = tuple[str, tuple[tuple[str, str], ...]]
"""A table and (column, value) pairs in the order of the columns' names."""
Row = Mapping[str, str]
"""The cells of a row as they stand in the file, by column."""

_open: list[set[Slice]] = []


@contextmanager
def noting() -> Iterator[set[Slice]]:
    """The set of the slices that any data package is asked for until the end of the block."""
    noted: set[Slice] = set()
    try:
        with apart(noted):
            yield noted
    finally:
        note(noted)


@contextmanager
def apart(noted: set[Slice] | None = None) -> Iterator[None]:
    """What the block asks for is noted in this set alone; what is open around it is told nothing."""
    _open.append(set() if noted is None else noted)
    try:
        yield
    finally:
        _open.pop()


def note(slices: Iterable[Slice]) -> None:
    """Note that these are asked for."""
    if _open:
        _open[-1].update(slices)


def slices_of(table: str, columns: Sequence[str], values: Sequence[Sequence[str]]) -> Iterator[Slice]:
    """One slice for each combination of the values given for the columns, which are in the order of their names."""
    for combination in product(*values):
        yield table, tuple(zip(columns, combination, strict=True))


# --- changes -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Change:
    """A row that is new, gone or different.

    `key` has its cells joined by a comma, `row` its number in the new table as a spreadsheet shows it (None if it is gone),
    `columns` the cells that differ, old and new; `old` and `new` are the row then and now (None where there is none).
    """

    table: str
    key: str
    row: int | None
    columns: Mapping[str, tuple[str, str]]
    old: Row | None
    new: Row | None


def changed(old_tables: Mapping[str, pd.DataFrame], new_tables: Mapping[str, pd.DataFrame]) -> list[Change]:
    """What differs between two states of some tables: by table, in the order of the new rows, those that are gone last."""
    names = dict.fromkeys([*new_tables, *old_tables])
    nothing = pd.DataFrame()
    return [
        change
        for name in names
        for change in _changed(name, old_tables.get(name, nothing), new_tables.get(name, nothing))
    ]


def _changed(table: str, old: pd.DataFrame, new: pd.DataFrame) -> Iterator[Change]:
    columns = list(dict.fromkeys([*new.columns, *old.columns]))
    then, now = _texts(old, columns), _texts(new, columns)
    width = _key_width(columns, then, now)
    keys_then, keys_now = (
        list(zip(*(cells[c] for c in columns[:width]), strict=True)) for cells in (then, now)
    )
    found = pd.Index(keys_then, dtype=object, tupleize_cols=False).get_indexer(
        pd.Index(keys_now, dtype=object, tupleize_cols=False)
    )
    differ = np.zeros(len(keys_now), dtype=bool)
    for column in columns:
        if len(old):
            differ |= (then[column][found] != now[column]).astype(bool)
    for at in np.flatnonzero(differ | (found < 0)):
        before = _row(then, found[at]) if found[at] >= 0 else None
        after = _row(now, at)
        cells = {c: (before[c], after[c]) for c in columns if before and before[c] != after[c]}
        yield Change(table, ", ".join(keys_now[at]), int(at) + 2, cells, before, after)
    for at in np.setdiff1d(np.arange(len(keys_then)), found):
        yield Change(table, ", ".join(keys_then[at]), None, {}, _row(then, at), None)


def _texts(frame: pd.DataFrame, columns: Sequence[str]) -> dict[str, np.ndarray]:
    """The cells as they stand in the file, by column; a column that the table has not is empty."""
    texts = {}
    for column in columns:
        cells = frame[column] if column in frame else pd.Series([""] * len(frame), dtype=object)
        whole = pd.api.types.is_integer_dtype(cells.dtype)
        texts[column] = (
            cells.astype(object).map(str).where(cells.notna(), "").to_numpy(object)
            if whole
            else cells.to_numpy(object)
        )
    return texts


def _key_width(columns: Sequence[str], *states: Mapping[str, np.ndarray]) -> int:
    """How many columns, from the first, tell the rows of each state apart: a primary key leads its table."""
    for width in range(1, len(columns)):
        rows = [pd.DataFrame({c: cells[c] for c in columns[:width]}, dtype=object) for cells in states]
        if not any(frame.duplicated().any() for frame in rows):
            return width
    return len(columns)


def _row(texts: Mapping[str, np.ndarray], at: Any) -> Row:
    return {column: cells[at] for column, cells in texts.items()}


def touches(asked: Slice, change: Change) -> bool:
    """Whether the row, as it was or as it is, lies in the slice."""
    table, of = asked
    return table == change.table and any(
        row is not None and all(row.get(column) == value for column, value in of)
        for row in (change.old, change.new)
    )


def first_touch(changes: Sequence[Change]) -> Callable[[Slice], Change | None]:
    """The first of the changes that touches a slice, as a look-up: what to ask with many slices and many changes."""
    known: dict[tuple[str, tuple[str, ...]], dict[tuple[str | None, ...], Change]] = {}

    def of_shape(table: str, columns: tuple[str, ...]) -> dict[tuple[str | None, ...], Change]:
        first: dict[tuple[str | None, ...], Change] = {}
        for change in changes:
            for row in (change.old, change.new):
                if change.table == table and row is not None:
                    first.setdefault(tuple(row.get(column) for column in columns), change)
        return first

    def touching(asked: Slice) -> Change | None:
        table, of = asked
        columns = tuple(column for column, _ in of)
        if (table, columns) not in known:
            known[table, columns] = of_shape(table, columns)
        return known[table, columns].get(tuple(value for _, value in of))

    return touching
