"""The rows and columns of everything a cell shows, and the rule that a number leads back to its print."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from ecobrief.wording import Lang, Message, say

# An id becomes the anchor `obs-<id>` of a page, so it holds nothing that an address would have to escape.
OBSERVATION_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")

RECORD = (
    "id",
    "table",
    "city_id",
    "indicator_id",
    "status",
    "measure",
    "period",
    "period_basis",
    "value",
    "unit",
    "value_text",
    "qualifier",
    "canonical_value",
    "canonical_unit",
    "low",
    "high",
    "scope_printed",
    "network",
    "denominator",
    "adjustment",
    "place",
    "definition_version",
    "source_id",
    "start",
    "end",
    "evidence",
    "repeats",
)
"""What a record holds, in this order: the columns of the table it comes from, the id, and what `compare.readings` adds:
value and interval in the indicator's own unit."""


@dataclass(frozen=True)
class Column:
    """One column: `id` is the key of its cells, `label` its head; numeric cells link to their source."""

    id: str
    label: str
    numeric: bool = False


@dataclass(frozen=True)
class Row:
    """One row: what the reader sees (`cells`, text by column id) and where it comes from.

    A printed figure names its `observations`, the first being the one it is read from; a computed one its
    `formula` in words and the observations that are its `inputs`. `absent` marks a row that says that nothing
    is stated: digits in it, such as the year in a reason, are no figure. Where several cells show figures, `doors`
    says by column id which of these each cell leads to; without it the first numeric cell leads to the first.
    `key` names what the row states, and stays the same when its contents change, so that two builds can be compared; `see`
    are keys of other rows that a reader of this one should know. `record` is what the entry of an observation says to a
    machine, by the names of `RECORD`.

    Raises:
        ValueError: a formula without inputs or inputs without a formula, an id that cannot be an anchor, or a door to
            something that the row does not name.
    """

    cells: Mapping[str, str]
    observations: tuple[str, ...] = ()
    formula: str = ""
    inputs: tuple[str, ...] = ()
    absent: bool = False
    doors: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    key: str = ""
    see: tuple[str, ...] = ()
    record: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        refuse_untraceable(self.observations, self.formula, self.inputs)
        if self.doors:
            strangers = {name for names in self.doors.values() for name in names}
            strangers -= {*self.observations, *self.inputs}
            if strangers:
                raise ValueError(
                    f"a door leads to {', '.join(sorted(strangers))}, which the row does not name."
                )

    @property
    def traced(self) -> bool:
        """Whether the row says where its figures come from."""
        return bool(self.observations or self.formula)


def refuse_untraceable(observations: Iterable[str], formula: str, inputs: Iterable[str]) -> None:
    """Stop where provenance is half given; see `Row`."""
    inputs = tuple(inputs)
    if formula and not inputs:
        raise ValueError(f'untraceable number: the formula "{formula}" names no observations as its inputs.')
    if inputs and not formula:
        raise ValueError(f"untraceable number: inputs {', '.join(inputs)} are given without a formula.")
    for observation_id in (*observations, *inputs):
        if not OBSERVATION_ID.fullmatch(observation_id):
            raise ValueError(
                f"{observation_id!r} is no observation id: it has letters, digits and _ . - only."
            )


def refuse_untraced_numbers(title: str, columns: Iterable[Column], rows: Iterable[Row]) -> None:
    """Stop at the first row that shows a figure in a numeric column and does not say where it comes from.

    Raises:
        ValueError: names the table, the column and the cell, and what to give.
    """
    numeric = [column for column in columns if column.numeric]
    for row in rows:
        if row.traced or row.absent:
            continue
        for column in numeric:
            shown = row.cells.get(column.id, "")
            if any(character.isdecimal() for character in shown):
                raise ValueError(
                    f'untraceable number in "{title}", column {column.id}: "{shown}" has neither '
                    "observations nor formula and inputs; a row that says nothing is stated has absent=True."
                )


def columns_of(heads: Mapping[str, Message], lang: Lang, numeric: Iterable[str] = ()) -> list[Column]:
    """Columns from their heads by id."""
    return [Column(name, say(head, lang), numeric=name in numeric) for name, head in heads.items()]


def trimmed(columns: list[Column], rows: list[Row], always: Iterable[str]) -> tuple[list[Column], list[Row]]:
    """Without the columns in which no row has anything to say, and without the city where it is the same in all."""
    said = {column.id for column in columns if any(row.cells.get(column.id) for row in rows)} | set(always)
    if len({row.cells.get("city") for row in rows}) == 1:
        said.discard("city")
    held = [column for column in columns if column.id in said]
    return held, [
        replace(
            row,
            cells={name: cell for name, cell in row.cells.items() if name in said},
            doors={name: ids for name, ids in row.doors.items() if name in said},
        )
        for row in rows
    ]
