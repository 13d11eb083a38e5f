"""Where reading is in a sentence, and what later sentences inherit of it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from ecobrief.extraction import between, scopes
from ecobrief.extraction.lexicon import Lexicon, Metric, lexicon
from ecobrief.extraction.mentions import Mention, Reading, Subjects, mention
from ecobrief.extraction.periods import Period
from ecobrief.extraction.quantities import Figure
from ecobrief.extraction.sentences import Break, Cue, Sentence, Token
from ecobrief.extraction.timeline import Clock, Time, Written

_WINDOW = 60
_KEPT = 24
_OTHER_THINGS = 4
_AND = re.compile(r"[和与、及，]?(?:以及)?$")
_ADDED = re.compile("(?:新增|净增|增加|减少|净减少)(?:了)?$")
_TARGET_OPENS = re.compile(r"(?:目标|任务|计划|要求|规划值|目标值|控制值)(?:值|数)?$")
_HEAD_NOUNS = ("均值", "浓度", "比例", "比率", "占比", "面积", "规模")
_EVENT = re.compile("召开|发布|印发|举行|启动|公布|解读|通过")
_YEARLY = re.compile("同比|上年|上一年")


@dataclass(frozen=True, slots=True)
class Place:
    """Where reading is: what later figures inherit from sentences and headings before them.

    `focus` is the last name, which a heading may be (`focus_heads`), `figured` are the names of the last figures;
    `yearly` tells that the text compares with the year before.
    """

    time: Time = field(default_factory=Time)
    span: Time = field(default_factory=Time)
    goal: Time = field(default_factory=Time)
    plan: Time = field(default_factory=Time)
    part: str = ""
    known: Lexicon | None = None
    subjects: Subjects = field(default_factory=Subjects)
    place: str = ""
    written: Written = field(default_factory=Written)
    aimed: bool = False
    focus: Mention | None = None
    focus_heads: bool = False
    figured: tuple[Mention, ...] = ()
    yearly: bool = False

    def ahead(self, time: Time) -> bool:
        """Whether a time lies after the text was written."""
        return self.written.ahead(time)


@dataclass(frozen=True, slots=True)
class Claim:
    """A figure with the indicator it is of; `reasons` say how sure that is."""

    figure: Figure
    reading: Reading
    name: Mention
    time: Time
    aimed: bool
    scope: str
    reasons: tuple[str, ...]


@dataclass(slots=True)
class Walk:
    """What has been seen of a sentence.

    `figure_end` is where the last row of figures ended, `keepers` are metrics of other kinds that have one, `figured` all that
    have, `last_chain` the names that last shared one; the thread is `lost` where a clause spoke of something else.
    """

    sentence: Sentence
    known: Lexicon
    clock: Clock
    subjects: Subjects
    place: str
    heading_aims: bool
    focus: Mention | None
    focus_heads: bool
    yearly: bool
    clause: int
    cued: bool = False
    cue_at: int = 0
    mentions: list[Mention] = field(default_factory=list)
    keepers: list[Mention] = field(default_factory=list)
    last_chain: list[Mention] = field(default_factory=list)
    figured: list[Mention] = field(default_factory=list)
    figure_end: int = 0
    taken: int = 0
    figured_before: tuple[Mention, ...] = ()
    levels: list[Claim] = field(default_factory=list)
    latest: list[Claim] = field(default_factory=list)
    lost: bool = False
    opened: list[tuple[Time, Time, str, bool, bool, int]] = field(default_factory=list)
    opened_after: bool = False

    @classmethod
    def over(cls, sentence: Sentence, at: Place) -> Walk:
        """At the start of a sentence."""
        aims = at.aimed or any(token.what is Cue.AIMED for token in sentence.tokens)
        clock = Clock(at.written, at.time, span=at.span, goal=at.goal, plan=at.plan, aims=aims)
        yearly = at.yearly or bool(_YEARLY.search(sentence.text, sentence.start, sentence.end))
        return cls(
            sentence,
            at.known or lexicon(),
            clock,
            replace(at.subjects),
            at.place,
            at.aimed,
            at.focus,
            at.focus_heads,
            yearly,
            sentence.start,
            figure_end=sentence.start,
            figured_before=at.figured,
        )

    def left(self, at: Place) -> Place:
        """Where reading is after the sentence."""
        while self.opened:
            self._close()
        named = [one for one in self.mentions if one.indicators or one.metric.indicator is None]
        figures = any(isinstance(token.what, Figure) and token.what.kind for token in self.sentence.tokens)
        if not figures and _EVENT.search(self.sentence.text, self.sentence.start, self.sentence.end):
            self.clock.out = replace(self.clock.out, part=at.time.part)
        heads = bool(named) and not figures
        focus, focus_heads = (named[-1], heads) if named else (at.focus, at.focus_heads)
        return replace(
            at,
            time=self.clock.out,
            span=self.clock.span,
            goal=self.clock.goal,
            plan=self.clock.plan,
            subjects=self.subjects.left(),
            place=self.place,
            focus=focus if focus is None or focus.indicators else None,
            focus_heads=focus_heads,
            figured=tuple(dict.fromkeys(self.figured)) or at.figured,
            yearly=self.yearly,
        )

    def paused(self, token: Token) -> None:
        """A mark between clauses was read."""
        assert isinstance(token.what, Break)
        start, end, mark = token.start, token.end, token.what.mark
        named = self._place(start)
        if named and not (named[0] == "全" and self.place.endswith(named[1:])):
            self.place = named
        in_clause = self.mentions and self.mentions[-1].end > self.clause
        if self.figure_end <= self.clause and not in_clause and not self.lost and mark != "、":
            self.lost = len(between.strange(self.without_periods(self.clause, start))) > between.SIDE_LIMIT
        if mark in "（(":
            clock = self.clock
            self.opened.append((clock.main, clock.here, clock.passing, self.cued, self.lost, self.clause))
            self.opened_after = bool(
                _TARGET_OPENS.search(self.sentence.text, max(self.clause, start - 8), start)
            )
        elif mark in "）)" and self.opened:
            self._close(keep=self._only_periods(self.clause, start))
        elif mark == "；":
            self.clock.paused()
            self.lost = False
        if mark != "、" or self.figure_end > self.clause:
            self.clause = end

    def _close(self, *, keep: bool = False) -> None:
        main, here, passing, self.cued, self.lost, _ = self.opened.pop()
        self.opened_after = False
        if not keep:
            self.clock.main, self.clock.here, self.clock.passing = main, here, passing

    def dated(self, period: Period) -> None:
        """A period was named."""
        times = self.clock.times
        joined = bool(times and _AND.fullmatch(self.sentence.text, times[-1][1], period.start))
        first = not self.mentions and self.figure_end <= self.sentence.start
        self.clock.said(period, joined=joined, first=first)
        if first and period.now and (period.shift or 0) < 0 and not period.compares:
            self.heading_aims = False
        now, last = self.clock.written.year, self.clock.here.last
        if period.now and (period.shift or 0) > 0 and not period.compares:
            self.cued, self.cue_at = True, period.start
        elif not period.compares and not period.back and now is not None and last is not None and last <= now:
            self.cued = self.cued and self.cue_at >= self.clause

    def names(self, token: Token) -> None:
        """A metric was named."""
        assert isinstance(token.what, Metric)
        named = mention(self.known, token.what, self.sentence.text, token.start, token.end, self.subjects)
        if token.what.short and (not named.indicators or self._of_other_things(named)):
            return
        if (
            not named.indicators
            and self.mentions
            and named.start - self.mentions[-1].end < 2
            and named.name in _HEAD_NOUNS
        ):
            return
        if token.what.indicator is None:
            about = next((one for one, words in self.known.strong.items() if words.search(named.name)), "")
            if about in ("erosion", "redline"):
                self.subjects.said(about, token.start, token.end, weak=False)
        elif named.indicators and named.indicators[0].subject and not token.what.short:
            self.subjects.said(named.indicators[0].subject, token.start, token.end, weak=False)
        if (
            self.clock.passing
            and not (self.mentions and self.mentions[-1].end > self.clause)
            and self._stated_before_clause()
        ):
            self.clock.named()
        self.mentions = [*self.mentions, named][-_KEPT:]
        self.lost = False
        self.subjects.named_until = token.end

    def _of_other_things(self, named: Mention) -> bool:
        """Whether a short name of a subject said before stands after something else in its clause (机动车达标率)."""
        if self.subjects.start >= self.clause and not self.subjects.carried:
            return False
        start = max(self.clause, self.figure_end, self.mentions[-1].end if self.mentions else 0)
        return len(between.strange(self.without_periods(start, named.start))) > _OTHER_THINGS

    def _stated_before_clause(self) -> bool:
        return bool(self.clock.times) and self.clock.times[-1][1] <= self.clause

    def read(self, row: list[Figure], got: list[Claim]) -> None:
        """A row of figures was read, as these."""
        fresh = [one for one in self.mentions if one.start >= self.figure_end]
        if not got and not fresh and len(between.strange(self.lead(row[0]))) > between.SIDE_LIMIT // 2:
            self.lost = True
        if not got and fresh and not fresh[-1].indicators:
            self.keepers.append(fresh[-1])
        if len(fresh) > 1:
            self.last_chain = fresh
        of = [one.name for one in got] or fresh[-1:]
        self.figured = [*self.figured, *of][-_KEPT:]
        levels = [one for one in got if not one.reading.sign]
        self.levels = [*self.levels, *levels][-_KEPT:]
        self.latest = levels or self.latest
        self.figure_end = max(self.figure_end, row[-1].end)
        self.clock.spent(change=any(one.reading.sign for one in got))

    def holds(self, one: Claim) -> bool:
        """Whether a figure of no unit at all was read, which is none."""
        return not one.figure.kind

    def lead(self, figure: Figure) -> str:
        """The clause before a figure, from the last figure on."""
        return self.sentence.text[max(self.clause, self.figure_end, figure.start - _WINDOW) : figure.start]

    def times(self, count: int) -> list[Time]:
        """As many years as there are figures, where so many were named one by one or as a range."""
        named, time = self.clock.times, self.clock.here
        if len(named) == count:
            return [one for one, _ in named]
        before = list(dict.fromkeys(level.time for level in self.levels if level.time.single))
        if len(before) == count > 1:
            return before
        if time.first is not None and time.last is not None and time.last - time.first + 1 == count > 1:
            return [replace(time, first=year, last=year) for year in range(time.first, time.last + 1)]
        return []

    def aims(self, time: Time, *, looks_back: bool) -> bool:
        """Whether a figure of this time is aimed at, by a time to come, a cue of the sentence or its heading."""
        if self.clock.ahead(time):
            return True
        if looks_back:
            return False
        now = self.clock.written.year
        past = self.clock.stated and now is not None and time.last is not None and time.last < now
        return self.cued or (self.heading_aims and not past)

    def unsure(self, time: Time, *, told: bool) -> bool:
        """Whether only the year tells that a figure is aimed at (到2025年…达到60%), and nothing firm when the text was
        written; or a year gone by is spoken of as aimed at."""
        clock = self.clock
        now = clock.written.year
        if self.cued and not told and now is not None and time.last is not None and time.last < now:
            return True
        if told or self.cued or self.heading_aims or clock.written.firm:
            return False
        return clock.ahead(time) or (clock.until and time.last == now)

    def added_before(self, named: Mention) -> str:
        """新增, 净增 and the like where they stand before a name (净增森林面积5万亩), as if they stood before its figure."""
        if (
            self.clock.compared
            and named.start > self.clause
            and self.sentence.text[named.start - 1] in "多少"
        ):
            return self.sentence.text[named.start - 1]
        added = _ADDED.search(self.sentence.text, max(self.clause, named.start - 6), named.start)
        return added[0] if added and named.indicators and not named.indicators[0].flow else ""

    def without_periods(self, start: int, end: int) -> str:
        """A stretch of the text, periods in it left out."""
        text, pieces, at = self.sentence.text, [], start
        if end - start > 3 * _WINDOW:
            return text[start:end]
        for token in self.sentence.tokens:
            if token.start >= end:
                break
            if token.start >= start and isinstance(token.what, Period):
                pieces.append(text[at : token.start])
                at = token.end
        pieces.append(text[at:end])
        return "|".join(pieces)

    def _only_periods(self, start: int, end: int) -> bool:
        """Whether brackets hold a period and nothing else: 报告书（2020年）."""
        return start < end < start + _WINDOW and not self.without_periods(start, end).strip("|")

    def _place(self, end: int) -> str:
        """A place named in the clause so far."""
        return scopes.place(self.without_periods(max(self.clause, end - _WINDOW), end))

    def scope(self, named: Mention, figure: Figure, time: Time) -> str:
        """Place, set of sections or sources, and part of the year of a figure."""
        place = self._place(figure.start) or self._place(min(named.start, figure.start)) or self.place
        place = self.place if place[:1] == "全" and self.place.endswith(place[1:]) else place
        indicator = named.indicators[0] if named.indicators else None
        ends = self.known.sets.get(indicator.subject) if indicator else None
        before = self.sentence.text[
            max(self.sentence.start, named.start - _WINDOW) : min(named.end, figure.start)
        ]
        return scopes.scope(place, scopes.network(before, ends) if ends else "", time.part)
