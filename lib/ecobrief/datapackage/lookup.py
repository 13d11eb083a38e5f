"""A table with an index of its rows for every set of columns it has been asked by, each built once."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterable, Sequence
from functools import cache, cached_property
from itertools import product
from typing import Any

import numpy as np
import pandas as pd

FEW = 8
"""Up to so many rows are made one by one, more of them column by column."""


class Lookup:
    """The rows of a frame by the values of some columns, in the order of the frame."""

    def __init__(self, name: str, frame: pd.DataFrame):
        self.frame = frame
        self._record = _record_type(name, tuple(frame.columns))
        self._by: dict[tuple[str, ...], _Index] = {}

    def rows(self, columns: tuple[str, ...], values: Sequence[Sequence[str]]) -> pd.DataFrame:
        return self.frame.take(self._positions(columns, values))

    def located(
        self, columns: tuple[str, ...], values: Sequence[Sequence[str]]
    ) -> tuple[dict[str, Any], np.ndarray]:
        """An array of the cells of each column, whole, and the numbers of the rows."""
        return self._arrays, self._positions(columns, values)

    def records(self, columns: tuple[str, ...], values: Sequence[Sequence[str]]) -> list[Any]:
        """The rows as named tuples; a whole number is an int, or None where the cell is empty."""
        positions = self._positions(columns, values)
        if len(positions) <= FEW:
            make = self._record._make
            return [make([cells[position] for cells in self._cells]) for position in positions.tolist()]
        return list(map(self._record, *(cells[positions] for cells in self._cells)))

    def _positions(self, columns: tuple[str, ...], values: Sequence[Sequence[str]]) -> np.ndarray:
        return self._index(columns).positions(values)

    def prepare(self, indexes: Iterable[tuple[str, ...]]) -> None:
        """Build the indexes by these columns, and what records are made of, ahead."""
        assert self._cells is not None
        for columns in indexes:
            self._index(columns)

    def _index(self, columns: tuple[str, ...]) -> _Index:
        if columns not in self._by:
            self._by[columns] = _Index([self.frame[column].to_numpy() for column in columns])
        return self._by[columns]

    @cached_property
    def _arrays(self) -> dict[str, Any]:
        return {
            str(name): column.to_numpy() if column.dtype == object else column.array
            for name, column in self.frame.items()
        }

    @cached_property
    def _cells(self) -> list[Any]:
        columns = [column for _, column in self.frame.items()]
        return [
            column.to_numpy() if column.dtype == object else _WholeNumbers(column.array) for column in columns
        ]


@cache
def _record_type(name: str, columns: tuple[str, ...]) -> Any:
    return namedtuple(name, columns)


class _WholeNumbers:
    """The cells of a column of whole numbers as Python has them, made when they are asked for."""

    def __init__(self, column: Any):
        self._numbers, self._missing = column.to_numpy(np.int64, na_value=0), column.isna()

    def __getitem__(self, positions: Any) -> Any:
        if isinstance(positions, int):
            return None if self._missing[positions] else int(self._numbers[positions])
        pairs = zip(self._numbers[positions].tolist(), self._missing[positions].tolist(), strict=True)
        return [None if missing else number for number, missing in pairs]


class _Index:
    """The positions of rows by key: those of the key numbered n are `order[starts[n]:starts[n + 1]]`."""

    def __init__(self, columns: Sequence[np.ndarray]):
        combined = np.zeros(len(columns[0]), dtype=np.int64)
        for cells in columns:
            numbers, distinct = pd.factorize(cells)
            combined = combined * len(distinct) + numbers
        numbers, distinct = pd.factorize(combined)
        self._order = np.argsort(numbers, kind="stable")
        self._starts = np.searchsorted(numbers[self._order], np.arange(len(distinct) + 1))
        first = self._order[self._starts[:-1]]
        keys = [cells[first] for cells in columns]
        self._numbers = {key: n for n, key in enumerate(_keys(keys))}

    def positions(self, values: Sequence[Iterable[str]]) -> np.ndarray:
        """Those of the rows with any of the values of each column, ascending."""
        numbers = [number for key in _keys(values, product) if (number := self._numbers.get(key)) is not None]
        found = [self._order[self._starts[number] : self._starts[number + 1]] for number in numbers]
        if len(found) == 1:
            return found[0]
        return np.sort(np.concatenate(found)) if found else self._order[:0]


def _keys(columns: Sequence[Iterable[str]], combined: Callable[..., Iterable[Any]] = zip) -> Iterable[Any]:
    """A key is a tuple of cells, or the cell itself where there is one column: a million tuples would take 64 MB."""
    return columns[0] if len(columns) == 1 else combined(*columns)
