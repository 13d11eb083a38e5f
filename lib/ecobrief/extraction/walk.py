"""The walk through a sentence, from left to right: what has been said when a figure is met.

Periods move the time, names and subjects say what a figure can be of, breaks open and close clauses and brackets, cues
tell whether figures are aimed at.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from ecobrief.extraction import scopes, words
from ecobrief.extraction.lexicon import Lexicon, Metric
from ecobrief.extraction.mentions import Mention, Reading, Subjects, mention, side_by_side
from ecobrief.extraction.periods import Period, Time, moved
from ecobrief.extraction.quantities import Figure
from ecobrief.extraction.sentences import Sentence, Token

WINDOW = 60
"""So many characters are looked at around a figure."""
LIST_LIMIT = 24
_AND = re.compile(r"[和与、及，]?(?:以及)?$")
TOWN = re.compile("城区|市区|中心城市|建成区")
"""Part of a city, which figures of water or forest are not of."""
_OF_DAYS = re.compile("占[全整年月有效监测总应评价]{0,8}(?:天数|日数)$")
_AIMED_AT_LAST = re.compile("(?:是|作为|列为|定为|设为|列入)[^，。]{0,20}(?:目标|任务)[。；”]?$")


@dataclass(frozen=True, slots=True)
class Place:
    """Where reading is: what later figures inherit from sentences and headings before them.

    `now` is the year the text was written in, `aimed` whether a heading says that what follows is aimed at, `part` the part
    of the year that a heading names.
    """

    time: Time = field(default_factory=Time)
    subjects: Subjects = field(default_factory=Subjects)
    place: str = ""
    now: int | None = None
    aimed: bool = False
    part: str = ""

    def ahead(self, time: Time) -> bool:
        return self.now is not None and time.last is not None and time.last > self.now


@dataclass(frozen=True, slots=True)
class Claim:
    """What a text says with a figure: of which indicator, when, whether it is aimed at, where; `reasons` say how sure that is."""

    figure: Figure
    reading: Reading
    name: Mention
    time: Time
    aimed: bool
    scope: str
    reasons: tuple[str, ...]


@dataclass(slots=True)
class Walk:
    """What a sentence has said so far.

    `clause` is where the clause began, `in_clause` whether it has named a metric, `clear` whether the clauses since the last name
    said nothing else, `chain` the names side by side that wait for a figure, `taken` the end of figures already read as a row.
    """

    sentence: Sentence
    known: Lexicon
    at: Place
    time: Time
    subjects: Subjects
    place: str
    aimed: bool
    clause: int
    times: list[tuple[Time, int]] = field(default_factory=list)
    time_after: Time | None = None
    compared: bool = False
    compared_with: Time | None = None
    mention: Mention | None = None
    in_clause: bool = False
    clear: bool = True
    labelled: bool = False
    chain: list[Mention] = field(default_factory=list)
    valued: list[tuple[Mention, Time]] = field(default_factory=list)
    latest: list[Claim] = field(default_factory=list)
    figure_end: int = 0
    taken: int = 0
    periods: list[tuple[int, int]] = field(default_factory=list)
    opened: list[tuple[Time, bool, Mention | None, bool]] = field(default_factory=list)

    @property
    def text(self) -> str:
        return self.sentence.text

    @property
    def free(self) -> int:
        """Where the words begin that may tell of the next figure: after the break or figure before it."""
        return max(self.clause, self.figure_end)

    def ends(self) -> Place:
        """Where reading is after the sentence; what brackets said ends with them."""
        time = self.opened[0][0] if self.opened else self.time
        return replace(self.at, time=time, subjects=self.subjects.left(), place=self.place)

    def without_periods(self, start: int, end: int) -> str:
        """A stretch of the text, the periods in it left out."""
        pieces, at = [], start
        for period_start, period_end in self.periods[-LIST_LIMIT:]:
            if start <= period_start < end:
                pieces.append(self.text[at:period_start])
                at = period_end
        pieces.append(self.text[at:end])
        return "|".join(pieces)

    def strange(self, start: int, end: int) -> str:
        """What a stretch holds beside time, place and words of comparison and degree."""
        if end - start > WINDOW:
            return self.text[start:end]
        return words.strange(self.without_periods(start, end).replace("|", ""))

    def place_before(self, end: int) -> str:
        """The place named in the clause so far; the whole of a place already named (全市) is that place."""
        named = scopes.place(self.without_periods(max(self.clause, end - WINDOW), end))
        return self.place if named[:1] == "全" and self.place.endswith(named[1:]) else named


def begun(sentence: Sentence, known: Lexicon, at: Place) -> Walk:
    walk = Walk(sentence, known, at, at.time, replace(at.subjects), at.place, at.aimed, sentence.start)
    if sentence.text[sentence.start : sentence.start + 4].lstrip().startswith("其中"):
        walk.subjects.carried = False
    if _AIMED_AT_LAST.search(sentence.text[max(sentence.start, sentence.end - 40) : sentence.end]):
        walk.aimed = True
    return walk


def met_break(walk: Walk, start: int, end: int, mark: str) -> None:
    walk.place = walk.place_before(start) or walk.place
    if walk.figure_end < walk.clause and not walk.in_clause:
        walk.clear = walk.clear and not walk.strange(walk.clause, start)
    if mark in "（(":
        walk.opened.append((walk.time, walk.aimed, walk.mention, walk.clear))
    elif mark in "）)" and walk.opened:
        time, walk.aimed, walk.mention, walk.clear = walk.opened.pop()
        only_periods = walk.clause < start < walk.clause + WINDOW and not walk.without_periods(
            walk.clause, start
        ).strip("|")
        walk.time = walk.time if only_periods else time
    elif mark == "；":
        walk.chain, walk.compared = [], False
        walk.place = walk.at.place if TOWN.search(walk.place) else walk.place
    walk.clause, walk.in_clause = end, False


def met_cue(walk: Walk, *, aimed: bool) -> None:
    walk.aimed = aimed
    if not aimed and not walk.times and walk.at.ahead(walk.time):
        walk.time = Time()


def met_period(walk: Walk, period: Period) -> None:
    walk.periods.append((period.start, period.end))
    if period.compares:
        walk.compared, walk.compared_with = True, moved(walk.time, period, walk.at.now)
        return
    if period.parts_from:
        past = walk.at.now is not None and (period.last or 0) <= walk.at.now
        walk.time_after = Time() if past and walk.at.ahead(walk.time) else walk.time
    joined = walk.times and _AND.fullmatch(walk.text[walk.times[-1][1] : period.start])
    walk.time = moved(walk.time, period, walk.at.now)
    walk.times = [*(walk.times if joined else []), (walk.time, period.end)]


def met_name(walk: Walk, metric: Metric, token: Token) -> None:
    named = mention(walk.known, metric, walk.text, token.start, token.end, walk.subjects)
    if metric.short and not named.indicators:
        return
    if not named.indicators and _OF_DAYS.search(walk.text[max(walk.clause, token.start - 12) : token.end]):
        return
    if named.indicators and named.indicators[0].subject and not metric.short:
        walk.subjects.said(named.indicators[0].subject, token.start, token.end, weak=False)
    joined = (
        walk.chain
        and walk.figure_end <= walk.chain[-1].end
        and side_by_side(walk.text, walk.chain[-1], named)
    )
    walk.chain = [*walk.chain, named][-LIST_LIMIT:] if joined else [named]
    walk.mention, walk.in_clause, walk.labelled, walk.clear = named, True, False, True
    walk.subjects.named_until = token.end


def read_figure(walk: Walk, figure: Figure, found: list[Claim]) -> None:
    """What a figure leaves behind: the names with a value that a later change may be of, the end of a way begun with a year."""
    levels = [claim for claim in found if not claim.reading.sign]
    walk.latest = levels or walk.latest
    if figure.end <= walk.taken:
        pass  # a row has told of its names itself
    elif levels:
        valued(walk, levels[-1].name, levels[-1].time)
    elif walk.in_clause and walk.mention and figure.kind in walk.mention.metric.units and not found:
        valued(walk, walk.mention, walk.time)
    walk.figure_end = max(walk.figure_end, figure.end)
    walk.compared = False
    walk.time, walk.time_after = walk.time_after or walk.time, None


def valued(walk: Walk, named: Mention, time: Time) -> None:
    """A name has a value; of several values the last counts."""
    if walk.valued and walk.valued[-1][0] == named:
        walk.valued.pop()
    walk.valued = [*walk.valued, (named, time)][-LIST_LIMIT:]
