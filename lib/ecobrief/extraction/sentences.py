"""A sentence as a row of tokens: metrics, subjects, periods, figures, cues of kind and the breaks between clauses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import Enum

from ecobrief.extraction.kinds import cues
from ecobrief.extraction.lexicon import Lexicon, Metric, Subject
from ecobrief.extraction.periods import Period, periods
from ecobrief.extraction.quantities import Figure, figures

LONGEST = 1200
"""A sentence without an end is read in pieces of so many characters."""
_SENTENCE_END = re.compile(r"[。！？]|……|(?<=[一-鿿”）%])!")
_BREAK = re.compile(r"[，；：、（）()|│\t《》]| {2,}|--")
_READABLE = re.compile(r"[0-9年]|分之|[一二三四五六七八九十百两]")
_FROM_TO = re.compile(r"[由从](?![到此而])[^，。；、]{0,14}$")


class Cue(Enum):
    """Words after which figures are aimed at, or no longer are."""

    AIMED = "aimed"
    ACHIEVED = "achieved"


@dataclass(frozen=True, slots=True)
class Break:
    """A mark between clauses."""

    mark: str


@dataclass(frozen=True, slots=True)
class Token:
    """What stands at `text[start:end]` of the plain text."""

    start: int
    end: int
    what: Metric | Subject | Period | Figure | Cue | Break


@dataclass(slots=True)
class Sentence:
    """`tokens` in order, without overlap."""

    text: str
    start: int
    end: int
    tokens: list[Token] = field(default_factory=list)


def sentences(text: str, start: int, end: int, known: Lexicon) -> Iterator[Sentence]:
    """The sentences of a paragraph; one that names no number has no figures among its tokens."""
    at = start
    while at < end:
        stop = min(end, at + LONGEST)
        if found := _SENTENCE_END.search(text, at, stop):
            stop = found.end()
        sentence = Sentence(text, at, stop)
        sentence.tokens = list(_tokens(text, at, stop, known))
        yield sentence
        at = stop


def _tokens(text: str, start: int, end: int, known: Lexicon) -> Iterator[Token]:
    found = [Token(a, b, known.meanings[number]) for a, b, number in known.search.finditer(text, start, end)]
    found += [Token(m.start(), m.end(), Break(m[0])) for m in _BREAK.finditer(text, start, end)]
    if _READABLE.search(text, start, end):
        found += [Token(period.start, period.end, period) for period in periods(text, start, end)]
        found += [Token(a, b, Cue.AIMED if aimed else Cue.ACHIEVED) for a, b, aimed in cues(text, start, end)]
        found += [Token(figure.start, figure.end, figure) for figure in _figures(text, start, end)]
    reached = start
    for token in sorted(found, key=_order):
        if isinstance(token.what, Cue):
            yield token
        elif token.start >= reached:
            yield token
            reached = token.end


def _order(token: Token) -> tuple[int, int]:
    """Of tokens that overlap the first is kept; cues may stand inside names (计划投资)."""
    ranks = (Cue, Metric, Subject, Period, Figure, Break)
    return token.start, next(rank for rank, kind in enumerate(ranks) if isinstance(token.what, kind))


def _figures(text: str, start: int, end: int) -> Iterator[Figure]:
    """Figures, a range that tells of a way (由A到B) as its two ends."""
    for figure in figures(text, start, end):
        low, high = figure.ends
        if low == high or not _FROM_TO.search(text[max(start, figure.start - 16) : figure.start]):
            yield figure
            continue
        middle = figure.start + max(text[figure.start : figure.end].find(mark) for mark in "-~至到和与")
        yield replace(figure, end=middle, number_end=middle, value=low, qualifier="exact")
        yield replace(figure, start=middle + 1, value=high, qualifier="exact")
