"""The doors of one page: where each number leads.

Every observation has one entry on a page, `#e12` for the twelfth; a statement that others point to is `#k1`. The seam
names observations (`#obs-<id>` in pictures, ids in rows and charts), so that notebooks need not know the page.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from ecobrief.publish.display import Display, Row
from ecobrief.publish.errors import UntraceableNumber, WrongShape

# From this many entries in a row on, a list of them is shown as from–to.
RUN = 3


@dataclass(frozen=True)
class Doors:
    """Numbers of entries by observation, what each prints, and numbers of statements by key."""

    numbers: Mapping[str, int]
    printed: Mapping[str, str]
    statements: Mapping[str, int]

    def entry(self, observation: str) -> str:
        """The fragment of an entry."""
        return f"#e{self.numbers[observation]}"

    def runs(self, observations: Iterable[str]) -> list[tuple[int, int]]:
        """The numbers of the entries in rising order, those that follow each other as (first, last)."""
        numbers = sorted({self.numbers[observation] for observation in observations})
        found: list[tuple[int, int]] = []
        for _, run in groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0]):
            own = [number for _, number in run]
            found += [(own[0], own[-1])] if len(own) >= RUN else [(number, number) for number in own]
        return found

    def charted(self, value: Any) -> Any:
        """The same JSON of a chart, in which `customdata` holds runs of entries (see `runs`) in place of observations."""
        if isinstance(value, list):
            return [self.charted(part) for part in value]
        if isinstance(value, Mapping):
            return {
                name: [self.runs(ids) for ids in part] if name == "customdata" else self.charted(part)
                for name, part in value.items()
            }
        return value


def doors(displays: Iterable[Display]) -> Doors:
    """The doors of a page with these displays.

    Raises:
        WrongShape: two entries of one observation.
        UntraceableNumber: a row names an observation that no sources entry holds.
    """
    displays = list(displays)
    numbers: dict[str, int] = {}
    printed: dict[str, str] = {}
    for display in displays:
        if display.kind != "sources":
            continue
        for row in display.rows:
            observation = row.observations[0]
            if observation in numbers:
                raise WrongShape(
                    f'sources "{display.title}": {observation} has two entries; one anchor, one entry.'
                )
            numbers[observation] = len(numbers) + 1
            printed[observation] = row.cells.get("printed", "")
    for display in displays:
        for row in display.rows:
            for observation in (*row.observations, *row.inputs):
                if observation not in numbers:
                    raise UntraceableNumber(
                        f'{display.kind} "{display.title}" shows {observation}, which is not among the '
                        f"sources of the page. Row: {_first_words(row)}"
                    )
    rows = [row for display in displays for row in display.rows]
    pointed_at = {key for row in rows for key in row.see}
    stated = dict.fromkeys(row.key for row in rows if row.key in pointed_at)
    return Doors(numbers, printed, {key: number for number, key in enumerate(stated, start=1)})


def _first_words(row: Row) -> str:
    return ", ".join(text for text in row.cells.values() if text)[:120]
