"""A column as its distinct values and, row by row, which of them stands there.

A column of a million rows has few distinct values: what is asked of a value is asked once and holds for all its rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

Rows = np.ndarray
"""Which rows are meant: True or False for each."""


@dataclass(frozen=True, eq=False)
class Column:
    """The cells of a column: row n holds `distinct[codes[n]]`."""

    distinct: np.ndarray
    codes: np.ndarray

    @classmethod
    def read(cls, cells: Iterable[str]) -> Column:
        codes, distinct = pd.factorize(np.array(list(cells), dtype=object))
        return cls(distinct, codes)

    def __len__(self) -> int:
        return len(self.codes)

    @property
    def cells(self) -> np.ndarray:
        return self.at(slice(None))

    def at(self, rows: np.ndarray | slice) -> np.ndarray:
        """The cells of these rows, given by number."""
        cells: np.ndarray = self.distinct[self.codes[rows]]
        return cells

    @property
    def numbers(self) -> np.ndarray:
        """As floating-point numbers; nan where the cell is no number."""
        return np.array([number(value) for value in self.distinct], dtype=float)[self.codes]

    @property
    def lengths(self) -> np.ndarray:
        return np.array([len(value) for value in self.distinct], dtype=int)[self.codes]

    @cached_property
    def values(self) -> frozenset[str]:
        return frozenset(self.distinct)

    @cached_property
    def filled(self) -> Rows:
        return self.holds(bool)

    def holds(self, test: Callable[[str], object]) -> Rows:
        return _truths(map(test, self.distinct), len(self.distinct))[self.codes]

    def among(self, *values: str) -> Rows:
        return self.holds(frozenset(values).__contains__)

    def within(self, *others: Column) -> Rows:
        """Whether the cell stands somewhere in one of the other columns."""
        return self.holds(known(self.distinct, *others).__contains__)

    def of(self, rows: Rows) -> Column:
        """The cells of these rows alone."""
        codes, numbers = pd.factorize(self.codes[rows])
        return Column(self.distinct[numbers], codes)


Table = Mapping[str, Column]
"""The text of a table, by column."""


def agree(test: Callable[..., object], *columns: Column) -> Rows:
    """`test` of the cells of each row, asked once for each combination that occurs."""
    numbers, first = combinations(*columns)
    answers = map(test, *(column.at(first) for column in columns))
    return _truths(answers, len(first))[numbers]


def combinations(*columns: Column) -> tuple[np.ndarray, np.ndarray]:
    """Which combination of cells stands in each row, numbered as they occur, and the first row of each."""
    numbers = columns[0].codes if len(columns) == 1 else pd.factorize(_combined(*columns))[0]
    first = np.zeros(numbers.max(initial=-1) + 1, dtype=np.intp)
    first[numbers[::-1]] = np.arange(len(numbers))[::-1]
    return numbers, first


def repeated(*columns: Column) -> Rows:
    """Whether an earlier row has the same cells."""
    return pd.Series(_combined(*columns)).duplicated().to_numpy()


def _combined(*columns: Column) -> np.ndarray:
    """A number for each row, the same for rows with the same cells."""
    numbers, count = columns[0].codes.astype(np.int64), len(columns[0].distinct)
    for column in columns[1:]:
        count *= len(column.distinct)
        if count > np.iinfo(np.int64).max:
            numbers, distinct = pd.factorize(numbers)
            count = len(distinct) * len(column.distinct)
        numbers = numbers * len(column.distinct) + column.codes
    return numbers


def known(names: Iterable[str], *columns: Column) -> set[str]:
    """Which of the names stand in one of the columns."""
    asked, found = frozenset(names), set[str]()
    for column in columns:
        # The smaller of the two is hashed, as a column may hold a million names.
        found |= asked.intersection(column.distinct if len(asked) < len(column.distinct) else column.values)
    return found


def joined(*columns: Column) -> Column:
    """One column below the other; a value that stands in several of them is told apart."""
    starts = np.cumsum([0, *(len(column.distinct) for column in columns)])
    codes = [column.codes + start for column, start in zip(columns, starts, strict=False)]
    return Column(np.concatenate([column.distinct for column in columns]), np.concatenate(codes))


def looked_up(keys: Column, table: Table, *columns: str) -> list[Column]:
    """These columns of the row of `table` that each key names by the table's first column; empty where it names none."""
    own = next(iter(table.values()))
    rows = np.arange(len(own))
    if len(keys.distinct) * 4 < len(own):
        rows = np.flatnonzero(own.holds(keys.values.__contains__))
    names = own.at(rows)
    numbers = pd.factorize(np.concatenate([names, keys.distinct]))[0]
    row = np.full(numbers.max(initial=-1) + 1, -1)
    row[numbers[: len(names)]] = rows
    found = row[numbers[len(names) :]][keys.codes]
    return [
        Column(np.append(cells.distinct, ""), np.append(cells.codes, len(cells.distinct))[found])
        for cells in map(table.__getitem__, columns)
    ]


def number(cell: str) -> float:
    try:
        return float(cell)
    except ValueError:
        return float("nan")


def _truths(answers: Iterable[object], count: int) -> np.ndarray:
    return np.fromiter(map(bool, answers), dtype=bool, count=count)
