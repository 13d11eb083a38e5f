"""The record that reading proposes and a person judges, and the function that makes such records of a text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ecobrief.extraction import tables
from ecobrief.extraction.attachment import attached
from ecobrief.extraction.confidence import confidence
from ecobrief.extraction.lexicon import Lexicon, lexicon
from ecobrief.extraction.passages import Line, after, passages, under
from ecobrief.extraction.sentences import sentences
from ecobrief.extraction.text import PlainText, plain
from ecobrief.extraction.timeline import Time, written
from ecobrief.extraction.walk import Claim, Place

LONGEST_EVIDENCE = 60


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


def candidates(
    text: str, *, document: str, published: str = "", city_id: str = "", known: Lexicon | None = None
) -> list[Candidate]:
    """The figures of known indicators in a text, in the order they are printed. No text makes it raise.

    `published` (YYYY or YYYY-MM-DD) dates what the text leaves undated; `city_id` changes nothing in what is read.
    `known` is a lexicon other than the one beside the code.
    """
    return list(_candidates(plain(text), document, published, known or lexicon()))


def _candidates(read: PlainText, document: str, published: str, known: Lexicon) -> Iterator[Candidate]:
    at = Place(written=written(read.text, published), known=known)
    reported = at.written.reported
    for passage in passages(read.text):
        if isinstance(passage, Line):
            claims, at = _of_line(passage, known, at, read.text)
        else:
            claims, at = _of_table(passage, known, at, read.text)
        for claim in claims:
            yield _candidate(read, document, claim, reported)


def _of_line(line: Line, known: Lexicon, at: Place, text: str) -> tuple[list[Claim], Place]:
    before, place, claims = at.time, under(at, line, text), []
    for sentence in sentences(text, line.start, line.end, known):
        found, place = attached(sentence, place)
        claims += found
    return claims, after(place, before, line, text)


def _of_table(table: Sequence[Line], known: Lexicon, at: Place, text: str) -> tuple[list[Claim], Place]:
    """The claims of a table; a row in which the table finds nothing is read as a line."""
    found = tables.attached([tables.cells(text, line.start, line.end) for line in table], known, at)
    claims = []
    for number, line in enumerate(table):
        if number in found:
            claims += found[number]
        else:
            of_line, at = _of_line(line, known, at, text)
            claims += of_line
    return claims, at


def _candidate(read: PlainText, document: str, found: Claim, reported: int | None) -> Candidate:
    figure, reading = found.figure, found.reading
    start, end = read.span(figure.start, figure.end)
    if end - start > LONGEST_EVIDENCE:
        start, end = read.span(figure.start, figure.number_end)
    time = found.time
    if time.last is None and reported is not None and not found.aimed and time.source != "unknown":
        time = Time(reported, reported, time.part, "published")
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
