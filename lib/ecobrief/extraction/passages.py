"""The passages of a text: lines, and tables of lines; and what a line leaves to those after it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from ecobrief.extraction import tables
from ecobrief.extraction.kinds import heading_aims
from ecobrief.extraction.timeline import Time
from ecobrief.extraction.walk import Place

_HEADING = re.compile(
    r"\s*(?:第?[一二三四五六七八九十]{1,3}[、章节条]|（[一二三四五六七八九十\d]{1,3}）|\d{1,2}[、.](?!\d))?[^。；]{1,40}"
)
_LABEL = re.compile(r"\s*(?:（?[一二三四五六七八九十\d]{1,3}[）、.])?(?P<label>[^，。；：]{1,14})：")
_DATE_ALONE = re.compile(r"[\s（）()〇零一二三四五六七八九十\d年月日~至-]*")
_BETWEEN_ROWS = re.compile(r"[^，。；：]{0,30}")
_TABLE_BEGINS = re.compile(
    r"\s*[（(]?单位：[^，。；]{1,14}|[^，。；：\d]{0,20}(?:(?:19|20)\d\d年?[^，。；：\d]{0,6}){2,8}"
)
"""A unit that stands above a table, or a head with years whose spaces went out."""
_ROWS_AT_ONCE = 500
"""A longer table is read in parts, so that memory stays small."""


@dataclass(frozen=True, slots=True)
class Line:
    """`text[start:end]` of the plain text; whether it is short enough to be a heading."""

    start: int
    end: int
    heading: bool


def passages(text: str) -> Iterator[Line | list[Line]]:
    """Each line, or the lines of a table together."""
    rows: list[Line] = []
    for line in _lines(text):
        row = len(tables.cells(text, line.start, line.end)) > 1 or _TABLE_BEGINS.fullmatch(
            text, line.start, line.end
        )
        if row or (rows and _BETWEEN_ROWS.fullmatch(text, line.start, line.end)):
            rows.append(line)
            if len(rows) == _ROWS_AT_ONCE:
                yield rows
                rows = []
            continue
        if rows:
            yield rows
            rows = []
        yield line
    if rows:
        yield rows


def _lines(text: str) -> Iterator[Line]:
    start = 0
    while start < len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        yield Line(start, end, bool(_HEADING.fullmatch(text, start, end)))
        start = end + 1


def under(at: Place, line: Line, text: str) -> Place:
    """Where reading is in a line: a heading or a label (目标：) tells whether what follows is aimed at."""
    label = None if line.heading else _LABEL.match(text, line.start, line.end)
    if not line.heading and not label:
        return at
    aims = heading_aims(label["label"] if label else text[line.start : line.end])
    return replace(at, aimed=bool(aims)) if line.heading or aims is not None else at


def after(at: Place, before: Time, line: Line, text: str) -> Place:
    """What later lines inherit: neither the time of a date that stands alone nor, below its line, one to come; a part of the
    year from a heading alone."""
    time, part = at.time, at.part
    runs_on = line.heading or at.aimed or text[line.start : line.end].rstrip()[-1:] in "：，；、"
    alone = line.heading and _DATE_ALONE.fullmatch(text, line.start, line.end)
    if alone or (at.ahead(time) and (time.first != time.last or not runs_on)):
        time = before
    elif line.heading:
        part = time.part
    focus = at.focus if line.heading else None
    subjects = at.subjects.below(heading=line.heading)
    time = replace(time.aged("earlier"), part=part)
    return replace(at, time=time, part=part, focus=focus, subjects=subjects)
