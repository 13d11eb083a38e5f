"""The record that reading proposes and a person judges, and the function that makes such records of a text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from ecobrief.extraction import tables
from ecobrief.extraction.attachment import attached
from ecobrief.extraction.confidence import confidence
from ecobrief.extraction.kinds import heading_aims
from ecobrief.extraction.lexicon import lexicon
from ecobrief.extraction.sentences import sentences
from ecobrief.extraction.text import PlainText, plain
from ecobrief.extraction.timeline import Time, written
from ecobrief.extraction.walk import Attached, Place

LONGEST_EVIDENCE = 60
_ROWS_AT_ONCE = 500
_DATE_LINE = re.compile(r"[\s（）()〇零一二三四五六七八九十\d年月日~至-]*")
_BETWEEN_ROWS = re.compile(r"[^，。；：]{0,30}")
_HEADING = re.compile(
    r"\s*(?:第?[一二三四五六七八九十]{1,3}[、章节条]|（[一二三四五六七八九十\d]{1,3}）|\d{1,2}[、.](?!\d))?[^。；]{1,40}"
)
_LABEL = re.compile(r"\s*(?:（?[一二三四五六七八九十\d]{1,3}[）、.])?(?P<label>[^，。；：]{1,14})：")


@dataclass(frozen=True, slots=True)
class Candidate:
    """One figure that may become an observation; `text[start:end] == evidence` of the text it was read from.

    `value` holds ASCII digits as printed (76.30 stays 76.30, a fall is negative, a range is "77.0-91.0"), `unit` is as printed in
    simplified form, `year` is "2022", "2016-2020" or empty. `kind` is observed, target or change, `qualifier` one of the
    qualifiers of the data package. `confidence` lies between 0 and 1; `reason` says why, as codes joined by ";".
    """

    document: str
    indicator: str
    value: str
    unit: str
    year: str
    kind: str
    scope: str
    qualifier: str
    evidence: str
    start: int
    end: int
    confidence: float
    reason: str


def candidates(text: str, *, document: str, published: str = "", city_id: str = "") -> list[Candidate]:
    """The figures of known indicators in a text, in the order they are printed. No text makes it raise.

    `published` (YYYY or YYYY-MM-DD) dates what the text leaves undated; `city_id` changes nothing in what is read.
    """
    return list(_candidates(plain(text), document, published))


def _candidates(read: PlainText, document: str, published: str) -> Iterator[Candidate]:
    known, place, part = lexicon(), Place(written=written(read.text, published)), ""
    now = place.written.year
    lines = _lines(read.text)
    for table, line in _tables(read.text, lines):
        if table:
            found = tables.attached([row for _, row in table], known, place, read.text)
        for number, ((start, end), _) in enumerate(table or [(line, [])]):
            if table and number in found:
                for one in found[number]:
                    yield _candidate(read, document, one, place.written.reported)
                continue
            heading = _HEADING.fullmatch(read.text, start, end)
            before = place.time
            place = _under(place, read.text[start:end], bool(heading))
            for sentence in sentences(read.text, start, end):
                of_sentence, place = attached(sentence, place)
                for one in of_sentence:
                    yield _candidate(read, document, one, place.written.reported)
            if not heading:
                place = replace(place, focus=None)
            place = replace(place, subjects=place.subjects.below(heading=bool(heading)))
            place, part = _after(place, before, part, read.text[start:end], bool(heading))


def _lines(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    while start < len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        yield start, end
        start = end + 1


Row = tuple[tuple[int, int], list[tables.Cell]]


def _tables(text: str, lines: Iterator[tuple[int, int]]) -> Iterator[tuple[list[Row], tuple[int, int]]]:
    """Rows that follow one another, or else a line."""
    rows: list[Row] = []
    for line in lines:
        cells = tables.cells(text, *line)
        if len(cells) > 1 or (rows and _BETWEEN_ROWS.fullmatch(text, *line)):
            rows.append((line, cells))
            if len(rows) < _ROWS_AT_ONCE:
                continue
            yield rows, line
            rows = []
            continue
        if rows:
            yield rows, line
            rows = []
        yield [], line
    if rows:
        yield rows, (0, 0)


def _under(place: Place, line: str, heading: bool) -> Place:
    """Where reading is under a line: a heading or a label (目标：) tells whether what follows is aimed at."""
    label = None if heading else _LABEL.match(line)
    if not heading and not label:
        return place
    aims = heading_aims(label["label"] if label else line)
    return replace(place, aimed=bool(aims)) if heading or aims is not None else place


def _after(place: Place, before: Time, part: str, line: str, heading: bool) -> tuple[Place, str]:
    """What later lines inherit of the time of a line: not a date that stands alone nor the years of a plan."""
    time = place.time
    now = place.written.year
    ahead = now is not None and time.last is not None and time.last > now
    runs_on = heading or place.aimed or line.rstrip()[-1:] in "：，；、"
    if (heading and _DATE_LINE.fullmatch(line)) or (ahead and (time.first != time.last or not runs_on)):
        time = before
    elif heading:
        part = time.part
    return replace(place, time=replace(time.aged("earlier"), part=part)), part


def _candidate(read: PlainText, document: str, found: Attached, now: int | None) -> Candidate:
    figure, reading = found.figure, found.reading
    start, end = read.span(figure.start, figure.end)
    if end - start > LONGEST_EVIDENCE:
        start, end = read.span(figure.start, figure.number_end)
    time = found.time
    if time.last is None and now is not None and not found.aimed and time.source != "unknown":
        time = Time(now, now, time.part, "published")
    kind = "target" if found.aimed else "change" if reading.sign else "observed"
    degree, reason = confidence(found, time)
    return Candidate(
        document,
        reading.indicator.id,
        ("-" if reading.sign < 0 else "") + figure.value,
        figure.unit,
        time.year,
        kind,
        found.scope,
        figure.qualifier,
        read.original[start:end],
        start,
        end,
        degree,
        reason,
    )
