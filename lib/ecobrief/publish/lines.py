"""The rows of a display as the templates write them: what there is to choose is chosen here, where that is quick."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from ecobrief.publish.display import Display, Row
from ecobrief.publish.doors import Doors

Source = tuple[str, ...]
"""What tells a document from others: its name, imprint, kind and address."""

# The cells of an entry that say what it is one of and from which document; those that agree in them share a head.
DOCUMENT = ("group", "document", "imprint", "tier", "url")
# What a line of an entry holds beside its value, in this order; what stands below it.
ASIDE = ("what", "period", "scope", "definition", "details", "quantities")
BELOW = ("context", "conflict", "finding", "note")
BETWEEN = " · "
# A cell of a table of more characters than this may wrap.
LONG = 14


class Led(NamedTuple):
    """A text that leads to the entry `door` (empty where it leads nowhere); behind it further entries, as `Doors.runs`."""

    text: str
    door: str = ""
    runs: Sequence[tuple[int, int]] = ()


class Cell(NamedTuple):
    """A cell of a table: its element, its classes, and what it holds."""

    element: str
    look: str
    text: str
    door: str
    runs: Sequence[tuple[int, int]]


class Line(NamedTuple):
    """A row of a table; `anchor` where others point to it."""

    row: Row
    anchor: str
    cells: list[Cell]


class Entry(NamedTuple):
    """An entry: what is printed where that is not the evidence itself, what stands beside it and, in lines, below it.

    findings: the statements that the last line but the note points to
    """

    anchor: str
    printed: str
    aside: list[Led]
    evidence: str
    place: str
    below: list[tuple[Led, list[int]]]


class Run(NamedTuple):
    """Entries that follow each other and are of one document.

    number: of the document on the page; first: whether it is named here for the first time; again: whether it is named
    though it was before; start: the number of the first entry
    """

    group: str
    source: Source
    number: int
    first: bool
    again: bool
    start: int
    entries: list[Entry]


def themes(display: Display) -> list[tuple[Row, list[Row]]]:
    """The rows of a headline as cards: the row that heads a theme, and the others of it."""
    groups = groupby(display.rows, key=lambda row: row.cells.get("theme") or row.cells["metric"])
    return [(first, others) for _, (first, *others) in groups]


def table(display: Display, doors: Doors) -> Iterator[Line]:
    """The rows of a table, heads in the first column and links where there are doors, else in the column that is linked."""
    linked, last = display.linked, len(display.columns) - 1
    columns = [
        (place, column.id, "th" if not (place or column.numeric) else "td", ["n"] if column.numeric else [])
        for place, column in enumerate(display.columns)
    ]
    for row in display.rows:
        cells = []
        for place, name, element, look in columns:
            text = row.cells[name]
            led = _led(text, row.doors.get(name, ()) if text else (), doors)
            if not row.doors:
                if name == linked:
                    led = _led(text, row.observations, doors)
                elif place == last and not linked:
                    led = Led(text, "", doors.runs(row.observations))
            cells.append(Cell(element, " ".join([*look, "l"] if len(text) > LONG else look), *led))
        anchor = f"k{doors.statements[row.key]}" if row.key in doors.statements else ""
        yield Line(row, anchor, cells)


def entries(display: Display, doors: Doors, documents: dict[Source, int]) -> Iterator[Run]:
    """The entries of a display by runs of one document; `documents` are those that the page has named so far."""
    before: Source = ()
    for (group, *told), rows in groupby(display.rows, key=_document):
        source = tuple(told)
        first = source not in documents
        number = documents.setdefault(source, len(documents) + 1)
        own = [_entry(row, doors) for row in rows]
        yield Run(group, source, number, first, source != before or not group, int(own[0].anchor[1:]), own)
        before = source


def _document(row: Row) -> list[str]:
    return [row.cells.get(name, "") for name in DOCUMENT]


def _entry(row: Row, doors: Doors) -> Entry:
    cells = row.cells
    evidence, printed = cells["evidence"], cells["printed"]
    said = [(name, cells[name]) for name in ASIDE if cells.get(name)]
    aside = [Led(BETWEEN.join(text for _, text in said))] if said else []
    if row.doors:
        parts = ((Led(BETWEEN), _led(text, row.doors.get(name, ()), doors)) for name, text in said)
        aside = [part for pair in parts for part in pair][1:]
    below = [
        (
            _led(cells[name], row.doors.get(name, ()), doors),
            [doors.statements[key] for key in row.see if key in doors.statements]
            if name == "finding"
            else [],
        )
        for name in BELOW
        if cells.get(name)
    ]
    same = evidence == printed or "".join(evidence.split()) == "".join(printed.split())
    number = doors.numbers[row.observations[0]]
    return Entry(f"e{number}", "" if same else printed, aside, evidence, cells.get("place", ""), below)


def _led(text: str, observations: Sequence[str], doors: Doors) -> Led:
    if not observations:
        return Led(text)
    return Led(text, doors.entry(observations[0]), doors.runs(observations[1:]))
