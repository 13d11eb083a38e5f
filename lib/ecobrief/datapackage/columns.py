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
        return self.distinct[self.codes]

    @property
    def numbers(self) -> np.ndarray:
        """As floating-point numbers; nan where the cell is empty."""
        return np.array([float(value or "nan") for value in self.distinct], dtype=float)[self.codes]

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
        return self.holds(lambda value: any(value in other.values for other in others))

    def mapped(self, values: Mapping[str, str]) -> Column:
        """What each cell is mapped to; nothing where it is not."""
        found = Column.read(values.get(value, "") for value in self.distinct)
        return Column(found.distinct, found.codes[self.codes])

    def of(self, rows: Rows) -> Column:
        """The cells of these rows alone."""
        codes, numbers = pd.factorize(self.codes[rows])
        return Column(self.distinct[numbers], codes)


Table = Mapping[str, Column]
"""The text of a table, by column."""


def agree(test: Callable[..., object], *columns: Column) -> Rows:
    """`test` of the cells of each row, asked once for each combination that occurs."""
    numbers, first = combinations(*columns)
    answers = map(test, *(column.distinct[column.codes[first]] for column in columns))
    return _truths(answers, len(first))[numbers]


def combinations(*columns: Column) -> tuple[np.ndarray, np.ndarray]:
    """Which combination of cells stands in each row, numbered as they occur, and the first row of each."""
    numbers = columns[0].codes
    for column in columns[1:]:
        # Numbered anew at each step, so that the products stay small.
        numbers = pd.factorize(numbers * np.int64(len(column.distinct)) + column.codes)[0]
    first = np.zeros(numbers.max(initial=-1) + 1, dtype=np.intp)
    first[numbers[::-1]] = np.arange(len(numbers))[::-1]
    return numbers, first


def repeated(*columns: Column) -> Rows:
    """Whether an earlier row has the same cells."""
    numbers, first = combinations(*columns)
    again: Rows = first[numbers] != np.arange(len(numbers))
    return again


def looked_up(keys: Column, table: Table, *columns: str) -> list[Column]:
    """These columns of the row of `table` that each key names by the table's first column; empty where it names none."""
    own = next(iter(table.values()))
    numbers = {value: n for n, value in enumerate(own.distinct) if value in keys.values}
    row = np.full(len(own.distinct) + 1, -1)
    row[own.codes] = np.arange(len(own))
    named = row[[numbers.get(value, -1) for value in keys.distinct]]
    found = []
    for cells in map(table.__getitem__, columns):
        codes = np.append(cells.codes, len(cells.distinct))
        found.append(Column(np.append(cells.distinct, "")[codes[named]], keys.codes))
    return found


def _truths(answers: Iterable[object], count: int) -> np.ndarray:
    return np.fromiter(map(bool, answers), dtype=bool, count=count)
