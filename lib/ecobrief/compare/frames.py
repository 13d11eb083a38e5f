"""Rows as frames and frames as rows. pandas takes longer to make a frame column by column, or to give its rows one by one,
than all that is computed of a few of them."""

from __future__ import annotations

from collections import defaultdict, namedtuple
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
from pandas.api.internals import create_dataframe_from_blocks

WHOLE = "Int64"
"""The kind of a column of whole numbers that may be absent (None)."""


def as_frame(rows: Iterable[tuple[Any, ...]], kinds: Mapping[str, Any]) -> pd.DataFrame:
    """A frame with a row for each tuple; `kinds` gives the type of each column by name, `object` for text."""
    rows = list(rows)
    cells = list(zip(*rows, strict=True)) if rows else [()] * len(kinds)
    alike: dict[Any, list[int]] = defaultdict(list)
    blocks: list[Any] = []
    for position, kind in enumerate(kinds.values()):
        if kind == WHOLE:
            absent = np.array([cell is None for cell in cells[position]], dtype=bool)
            numbers = np.array([cell or 0 for cell in cells[position]], dtype=np.int64)
            blocks.append((pd.arrays.IntegerArray(numbers, absent), np.array([position])))
        else:
            alike[kind].append(position)
    for kind, positions in alike.items():
        block = np.empty((len(positions), len(rows)), dtype=kind)
        for number, position in enumerate(positions):
            block[number] = np.fromiter(cells[position], dtype=kind, count=len(rows))
        blocks.append((block, np.array(positions)))
    return create_dataframe_from_blocks(blocks, pd.RangeIndex(len(rows)), _index(tuple(kinds)))


@cache
def _index(names: tuple[str, ...]) -> pd.Index:
    # Of objects, as names of columns that are kept by arrow are slow to find.
    return pd.Index(names, dtype=object)


def as_rows(frame: pd.DataFrame) -> list[Any]:
    """The rows of a frame as named tuples; `itertuples` makes a class for them each time, and takes out each column."""
    return list(map(_row_type(tuple(frame.columns.tolist()))._make, frame.to_numpy(object).tolist()))


@cache
def _row_type(names: tuple[str, ...]) -> Any:
    return namedtuple("Row", names)  # type: ignore[misc]
