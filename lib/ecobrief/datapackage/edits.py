"""What was edited in tables since copies of them were kept, told as one would look it up in a spreadsheet."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd

from ecobrief.datapackage.slices import Change, Slice, changed, first_touch

CELLS_TOLD = 3
TEXT_TOLD = 40


@dataclass(frozen=True)
class Edit:
    """A row that is new, gone or different."""

    change: Change

    def __str__(self) -> str:
        """As in "observations.csv row 41 (benxi_plan_2023.007): value 76.3 → 76.4"."""
        change = self.change
        row = f" row {change.row}" if change.row else ""
        place = f"{change.table}.csv{row} ({change.key})"
        if change.old is None:
            return f"{place} is new"
        if change.new is None:
            return f"{place} is gone"
        cells = [f"{name} {_shown(old)} → {_shown(new)}" for name, (old, new) in change.columns.items()]
        more = [f"and {len(cells) - CELLS_TOLD} more cells"] if len(cells) > CELLS_TOLD else []
        return f"{place}: {', '.join([*cells[:CELLS_TOLD], *more])}"

    @property
    def indicators(self) -> set[str]:
        """What the row is and was about."""
        rows = [row for row in (self.change.old, self.change.new) if row]
        return {row["indicator_id"] for row in rows if "indicator_id" in row}


@dataclass(frozen=True)
class Reordered:
    """A table whose rows stand in another order: who asked for any of it may have got it in another order."""

    table: str

    def __str__(self) -> str:
        return f"{self.table}.csv: its rows stand in another order"


@dataclass(frozen=True)
class Edits:
    """Everything that was edited, by table."""

    edits: Sequence[Edit]
    reordered: Mapping[str, Reordered]

    @property
    def rows(self) -> Sequence[Edit | Reordered]:
        return [*self.edits, *self.reordered.values()]

    def touching(self, asked: Slice) -> Edit | Reordered | None:
        """The first edit of a row that lies in the slice, as it was or as it is."""
        change = self._first_touch(asked)
        return self._by_change[id(change)] if change else self.reordered.get(asked[0])

    def behind(self, name: str) -> Sequence[Edit | Reordered]:
        """The edits that may have moved what rests on all cities and has this name: those of an indicator in it."""
        words = set(name.split())
        return [edit for edit in self.edits if edit.indicators & words] or self.rows

    @cached_property
    def _first_touch(self) -> Callable[[Slice], Change | None]:
        return first_touch([edit.change for edit in self.edits])

    @cached_property
    def _by_change(self) -> dict[int, Edit]:
        return {id(edit.change): edit for edit in self.edits}


def since(then: Mapping[str, Path], now: Mapping[str, Path]) -> Edits:
    """What is different in tables now (file by name) from what they were then."""
    old, new = ({name: _read(path) for name, path in state.items()} for state in (then, now))
    edits = [Edit(change) for change in changed(old, new)]
    return Edits(edits, {name: Reordered(name) for name in new if _is_reordered(old[name], new[name])})


def _read(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, dtype=object, keep_default_na=False, encoding="utf-8-sig")


def _is_reordered(old: pd.DataFrame, new: pd.DataFrame) -> bool:
    """Whether the rows that are in both stand in another order."""
    before, after = (pd.util.hash_pandas_object(frame, index=False) for frame in (old, new))
    return list(before[before.isin(after)]) != list(after[after.isin(before)])


def _shown(text: str) -> str:
    if not text:
        return "(empty)"
    return text if len(text) <= TEXT_TOLD else f"{text[:TEXT_TOLD]}…"
