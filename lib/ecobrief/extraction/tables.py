"""Tables in text: rows of cells divided by tabs, bars or wide spaces, with years or names of indicators in their head.

A row whose label names an indicator gives one figure to each column with a year; a column whose head names one gives a figure to
each row. Rows that are neither are read as sentences.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from ecobrief.extraction import scopes
from ecobrief.extraction.lexicon import Lexicon, Metric, Subject
from ecobrief.extraction.mentions import Mention, Reading, Subjects, mention
from ecobrief.extraction.periods import periods
from ecobrief.extraction.quantities import NUMBER, Figure, figures
from ecobrief.extraction.timeline import Clock, Time
from ecobrief.extraction.walk import Claim, Place

_CELL_ENDS = re.compile(r"[\t|│]| {2,}")
_NUMBERS_AT_END = re.compile(
    rf"(?P<label>(?:PM\d[\d.]*|[^0-9])*?)(?P<numbers>(?:-?\[?{NUMBER}\]?|-)(?: (?:-?\[?{NUMBER}\]?|-))+)"
    r"(?P<tail> ?[^\d\s，。；：%.-]{2,5})?\s*"
)
_SENTENCE_MARK = re.compile(r"[，。；]")
_RULE = re.compile(r"[\s|:：+=-]*")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)(?:年?[-~至](?:19|20)\d\d)?")
_YEAR_SAID = re.compile(r"(?:19|20)\d\d年")
_PART = re.compile(
    r"(?:(?:19|20)\d\d年)?(?:\d{1,2}(?:[-~至]\d{1,2})?月份?|第?[一二三四1-4]季度)(?:累计|平均)?"
)
_SAME_PART = re.compile("同[月期季]")
_VALUE = re.compile(rf"(?!\d{{1,2}}[.、）]\D)(?P<sign>[≥≤><+-]?)\[?{NUMBER}\]?.{{0,12}}")
_BRACKETED = re.compile(r"[（(/\[]([^（）()]{1,12})[）)\]]?")
_UNIT_LINE = re.compile(r"单位：\s*([^\s，。；）]{1,12})")
_MYRIADS = re.compile(r"10(?P<power>[⁴⁸48])")
_AIMED = re.compile(r"目标|规划|计划|预期值|任务")
_CHANGE = re.compile(r"同比|增减|变化|比上年|较上年|增幅|降幅|±")
_PROPERTY = re.compile(r"约束性|预期性|约束|预期")
_LABEL_LIMIT, _CELL_LIMIT, _LINE_LIMIT = 48, 60, 2000


@dataclass(frozen=True, slots=True)
class Cell:
    """`text` stands at `start` of the plain text."""

    start: int
    text: str

    @property
    def value(self) -> bool:
        """Whether it holds a number that is neither a time (2022年, 1-6月) nor part of a unit (10⁸ m³)."""
        year = _YEAR.fullmatch(self.text) or _YEAR_SAID.match(self.text)
        number = bool(_VALUE.fullmatch(self.text)) and not _PART.fullmatch(self.text)
        return number and not year and not _MYRIADS.match(self.text)


@dataclass(frozen=True, slots=True)
class Head:
    """What the head of a column says: a year, an aim, a change, an indicator with its unit."""

    time: Time | None
    aimed: bool
    change: bool
    name: Mention | None
    unit: str


def cells(text: str, start: int, end: int) -> list[Cell]:
    """The cells of a line; one cell (or none) where it is no row of a table."""
    if end - start > _LINE_LIMIT:
        return []
    barred = text.find("\t", start, end) >= 0 or text.find("|", start, end) >= 0
    if not barred and _SENTENCE_MARK.search(text, start, end):
        return []
    while not barred and start < end and text[start] == " ":
        start += 1
    found, at = [], start
    for mark in _CELL_ENDS.finditer(text, start, end):
        found.append(_cell(text, at, mark.start()))
        at = mark.end()
    found.append(_cell(text, at, end))
    while found and not found[0].text and text[start:end].lstrip()[:1] in "|│":
        found = found[1:]
    if len(found) == 1 and (row := _NUMBERS_AT_END.fullmatch(text, start, end)):
        found = [_cell(text, start, row.end("label"))]
        found += [
            _cell(text, m.start(), m.end())
            for m in re.compile(r"\S+").finditer(text, row.start("numbers"), row.end("numbers"))
        ]
        if row["tail"]:
            found.append(_cell(text, *row.span("tail")))
    return found


def _cell(text: str, start: int, end: int) -> Cell:
    bare = text[start:end]
    return Cell(start + len(bare) - len(bare.lstrip()), bare.strip())


def attached(rows: Sequence[list[Cell]], known: Lexicon, at: Place) -> dict[int, list[Claim]]:
    """The figures of a table, by the number of their row; a head's row has an empty list, a row of sentences none."""
    found: dict[int, list[Claim]] = {}
    heads: list[Head] = []
    unused: list[int] = []
    headed = -1
    unit = ""
    for number, row in enumerate(rows):
        values = [cell for cell in row if cell.value]
        if given := next((m[1] for cell in row if (m := _UNIT_LINE.search(cell.text))), ""):
            unit = given
        if not values and all(len(cell.text) <= _LABEL_LIMIT for cell in row):
            new = [_head(cell, known, at) for cell in (row if len(row) > 1 else _parted(row))]
            if len(new) > len(row):
                new[0] = replace(new[0], time=None)
            if len(new) > 1 and any(head.time or head.name for head in new):
                heads = new
                found[number] = []
                headed = number
                unused.append(number)
            continue
        got = list(_row(row, heads, unit, known, at))
        if got and headed in unused:
            unused.remove(headed)
        if got or len(values) > 1:
            found[number] = got
    for number in unused:  # what looked like a head, as a title with a date does
        del found[number]
    return found


def _parted(row: list[Cell]) -> list[Cell]:
    """The heads of a line whose spaces went out between Chinese characters: 指标单位2020年2021年同比增减."""
    line = row[0] if row else Cell(0, "")
    cuts = [match.start() for match in _YEAR.finditer(line.text)]
    if len(cuts) < 2 or re.search("[，。；]", line.text):
        return row
    last = _CHANGE.search(line.text, cuts[-1])
    cuts = [0, *cuts, *([last.start()] if last else []), len(line.text)]
    return [Cell(line.start + a, line.text[a:b]) for a, b in pairwise(cuts)]


def _head(cell: Cell, known: Lexicon, at: Place) -> Head:
    year = _YEAR.search(cell.text)
    time = None
    if year:
        last = int(year[0][-4:]) if len(year[0]) > 4 else int(year[1])
        time = Time(int(year[1]), last, "", "stated")
    else:
        clock = Clock(at.written, at.time)
        for period in periods(cell.text, 0, len(cell.text)):
            clock.said(period, joined=False)
            time = clock.here if not period.compares else time
        if time and not time.part and _SAME_PART.search(cell.text):
            time = replace(time, part=cell.text)
    name = _name(cell, known, at.subjects)
    change = bool(_CHANGE.search(cell.text))
    unit = _unit(cell.text, known) if name or change else ""
    return Head(time, bool(_AIMED.search(cell.text)), change, name, unit)


def _name(cell: Cell, known: Lexicon, subjects: Subjects) -> Mention | None:
    """The last indicator that a short cell names; none where another metric is named after it."""
    if len(cell.text) > _LABEL_LIMIT * 2 or not cell.text:
        return None
    about, named = replace(subjects, carried=True), None
    for start, end, number in known.search.finditer(cell.text, 0, len(cell.text)):
        meaning = known.meanings[number]
        if isinstance(meaning, Subject):
            about.said(meaning.name, start, end, weak=meaning.weak)
        elif isinstance(meaning, Metric):
            named = mention(known, meaning, cell.text, start, end, about)
            if named.indicators and named.indicators[0].subject:
                about.said(named.indicators[0].subject, start, end, weak=False)
    return (
        replace(named, start=cell.start, end=cell.start + len(cell.text))
        if named and named.indicators
        else None
    )


def _unit(text: str, known: Lexicon) -> str:
    """The unit that a label gives in brackets or alone."""
    for printed in (text, *_BRACKETED.findall(text)):
        bare = printed.strip()
        if known.unit_kind(_MYRIADS.sub("", bare).removeprefix("个")):
            return bare
    return next((text[-length:] for length in range(7, 0, -1) if known.unit_kind(text[-length:])), "")


def _row(row: list[Cell], heads: list[Head], unit: str, known: Lexicon, at: Place) -> Iterator[Claim]:
    labels = [cell for cell in row if not cell.value]
    named = next((name for cell in labels if (name := _name(cell, known, at.subjects))), None)
    own_unit = next((found for cell in labels if (found := _unit(cell.text, known))), unit)
    own_property = any(_PROPERTY.fullmatch(cell.text) for cell in labels)
    values = [cell for cell in _numbered(row) if cell.value]
    dated = [head for head in heads if head.time or (head.change and not head.name)]
    if named and len(values) > 1 and not dated:
        return
    first = min((head.time.last or 0 for head in dated if head.time), default=0)
    place = scopes.place(labels[0].text) if labels else ""
    row_time = (
        None if named else next((time for cell in labels if (time := _head(cell, known, at).time)), None)
    )
    for column, cell in enumerate(row):
        if cell not in values:
            continue
        shift = len(heads) - len(row)
        aligned = shift == 0 or (shift == 1 and not row[0].text.isdigit())
        head: Head | None = heads[column + shift] if aligned else None
        if head is None and len(dated) == len(values):
            head = dated[values.index(cell)]
        name = named or (head.name if head else None)
        if name is None or (named and head is None and len(values) > 1):
            continue
        latest = max((one.time for one in dated if one.time), key=lambda time: time.last or 0, default=None)
        time = (head.time if head else None) or row_time or latest or at.time
        ahead = own_property and (time.last or 0) > first > 0
        column_unit = (
            head.unit
            if named and head and head.change and head.unit
            else own_unit
            if named
            else (head.unit if head else "") or unit
        )
        figure = _figure(cell, column_unit, name, known, change=bool(head and head.change))
        if figure is None or (time.part and name.indicators[0].annual and not name.annual):
            continue
        sign = (-1 if cell.text.startswith("-") else 1) if head and head.change else 0
        indicator = name.indicators[0]
        sibling = indicator.siblings.get(figure.kind)
        if sibling:
            indicator = known.indicators[sibling]
        scope = scopes.scope(place if not named else at.place, "", time.part)
        now = at.written.year
        past = now is not None and time.last is not None and time.last < now
        aimed = ahead or at.ahead(time) or bool(head and head.aimed) or (at.aimed and not past and not dated)
        yield Claim(figure, Reading(indicator, sign), name, time, aimed, scope, ("table",))


def _numbered(row: list[Cell]) -> list[Cell]:
    """A row without the number that it begins with."""
    numbered = len(row) > 2 and row[0].text.isdigit() and len(row[0].text) < 4 and not row[1].value
    return row[1:] if numbered else row


def _figure(cell: Cell, unit: str, name: Mention, known: Lexicon, *, change: bool) -> Figure | None:
    """The number of a cell with its unit, printed in the cell, the label, the head or above the table."""
    figure = next(figures(cell.text, 0, len(cell.text)), None)
    if figure is None:
        return None
    units = name.indicators[0].units | name.indicators[0].siblings.keys()
    if not figure.kind:
        kind = known.unit_kind(_MYRIADS.sub("", unit).removeprefix("个")) if unit else ""
        if not kind and units & {"percent", "days"}:
            kind = next(iter(name.indicators[0].units))
        figure = replace(figure, kind=kind, unit=unit)
    if figure.kind not in units and not (change and figure.kind in ("percent", "points")):
        return None
    return replace(
        figure,
        start=cell.start + figure.start,
        end=cell.start + figure.end,
        number_end=cell.start + figure.number_end,
    )
