"""The record that reading proposes and a person judges, and the function that makes such records of a text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from ecobrief.extraction.attachment import Attached, Place, attached
from ecobrief.extraction.confidence import confidence
from ecobrief.extraction.kinds import heading_aims
from ecobrief.extraction.lexicon import lexicon
from ecobrief.extraction.periods import Time, written_in
from ecobrief.extraction.sentences import sentences
from ecobrief.extraction.text import PlainText, plain

LONGEST_EVIDENCE = 60
_HEADING = re.compile(r"\s*(?:第?[一二三四五六七八九十]{1,3}[、章节条]|（[一二三四五六七八九十\d]{1,3}）|\d{1,2}[、.](?!\d))?[^。；]{1,40}")
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
    now = written_in(read.text, published)
    place, start = Place(now=now), 0
    while start < len(read.text):
        end = read.text.find("\n", start)
        end = len(read.text) if end < 0 else end
        line = read.text[start:end]
        if heading := _HEADING.fullmatch(line) or _LABEL.match(line):
            aims = heading_aims(heading["label"] if heading.re is _LABEL else line)
            if aims is not None or heading.re is _HEADING:
                place = replace(place, aimed=bool(aims))
        for sentence in sentences(read.text, start, end):
            found, place = attached(sentence, lexicon(), place)
            for one in found:
                yield _candidate(read, document, one, now)
        place = replace(place, time=place.time.aged("earlier"))
        start = end + 1


def _candidate(read: PlainText, document: str, found: Attached, now: int | None) -> Candidate:
    figure, reading = found.figure, found.reading
    start, end = read.span(figure.start, figure.end)
    if end - start > LONGEST_EVIDENCE:
        start, end = read.span(figure.start, figure.number_end)
    time = found.time if found.time.last is not None or now is None else Time(now, now, found.time.part, "published")
    ahead = now is not None and time.last is not None and time.last > now
    kind = "target" if found.aimed or ahead else "change" if reading.sign else "observed"
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
