"""Which year a figure is of: the year its clause states, else its sentence, its paragraph, its heading, its document.

A sentence has a main time. What only looks back (上年为91.5%, 较基期的84.6%) holds in passing: to the next name or semicolon, for
levels and not for changes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from ecobrief.extraction import kinds
from ecobrief.extraction.periods import NAMED, Period, periods, year

_DATELINE = re.compile(
    r"[（(]?\s*((?:19|20)\d\d|[一二][〇零一二三四五六七八九]{3})年(\d{1,2})月(?:\d{1,2}日|[）)]|印发|发布|讯|$)"
)
_PLAN_TITLE = re.compile(r"规划|纲要|行动计划|实施方案")
_REVIEW = re.compile(r"评估|总结|回顾|终期|实施情况|收官|成效|答记者问")
_WORK_REPORT = re.compile(r"[^\d\n，。；]{0,12}((?:19|20)\d\d)年[^\d\n，。；]{0,8}政府工作报告")
_PLAN_RANGE = re.compile(r"“?十([一二三四五六])五”?|((?:19|20)\d\d)[-~至]+(?:19|20)\d\d年?")
_PLANS = re.compile("规划|目标|计划|力争|十[一二三四五六]五|展望|愿景")
_PAST = re.compile("已|了(?=[\\d约近])|到了|累计|共|截至|[增升降减]至")
_DONE = re.compile("目标(?:已|如期|提前|圆满|顺利)|已如期|提前一?两?年?实现")
_TO_REACH = re.compile(r"[^。；\d]{0,24}(?:达到?|[提升降增减]\w{0,2}[到至]|在)(?=约?\d)")
_DIGIT = re.compile(r"\d")
_EVENT = re.compile("召开|发布|印发|举行|公布|报道|解读|通报")
_NAMED_YEAR = re.compile(rf"((?:19|20)\d\d)年?(?:度)?为({NAMED}|现状)")
_SENTENCE = re.compile(r"[^。！？\n]{1,1200}")
_HAS_YEAR = re.compile(r"(?:19|20)\d\d|[一二][〇零一二三四五六七八九]{3}")


@dataclass(frozen=True, slots=True)
class Time:
    """What a figure is dated with: years (both None where unknown), a part of the year, and where they were learnt."""

    first: int | None = None
    last: int | None = None
    part: str = ""
    source: str = ""

    @property
    def year(self) -> str:
        """As a candidate has it: 2022, 2016-2020 or nothing."""
        if self.last is None:
            return ""
        return str(self.last) if self.first in (None, self.last) else f"{self.first}-{self.last}"

    @property
    def single(self) -> bool:
        """Whether it is one year."""
        return self.last is not None and self.first == self.last

    def aged(self, source: str) -> Time:
        """The same, learnt further away."""
        return replace(self, source=source) if self.last is not None or self.part else self


@dataclass(frozen=True, slots=True)
class Written:
    """When a text was written, as far as it tells, and the years it gives names to (基期).

    `reported` is the year it tells of where it states none: the one before, for what was written in January to March. It is
    `firm` where a date says so.
    """

    year: int | None = None
    reported: int | None = None
    named: dict[str, int] = field(default_factory=dict, hash=False)
    firm: bool = False

    def ahead(self, time: Time) -> bool:
        """Whether a time had not come, or a whole year had only begun, when the text was written."""
        if self.year is None or time.last is None:
            return False
        begun = self.reported != self.year and time.single and not time.part and time.source != "present"
        return time.last > self.year or (begun and time.last == self.year)


@dataclass(slots=True)
class Clock:
    """The time a sentence is at: `main` holds for what follows, `here` at the place of reading.

    `once` dates the next figure alone, `against` is the time compared with, `times` those named side by side.
    """

    written: Written
    main: Time
    here: Time = field(default_factory=Time)
    out: Time = field(default_factory=Time)
    span: Time = field(default_factory=Time)
    goal: Time = field(default_factory=Time)
    plan: Time = field(default_factory=Time)
    aims: bool = False
    until: bool = False
    passing: str = ""
    stated: bool = False
    stated_at: int = -1
    once: Time | None = None
    against: Time | None = None
    against_end: int = 0
    compared: bool = False
    times: list[tuple[Time, int]] = field(default_factory=list)
    _out_stated: bool = False

    def __post_init__(self) -> None:
        self.here = self.out = self.main

    def ahead(self, time: Time) -> bool:
        """Whether a time lies after the text was written."""
        return self.written.ahead(time)

    def said(self, period: Period, *, joined: bool, first: bool = False) -> None:
        """A period was named; `joined` to the one before it by 和 or a comma of lists, `first` before all names."""
        if period.compares:
            self.compared, self.against, self.against_end = True, self._moved(self.main, period), period.end
            return
        if period.title:
            if self.main.last is None or (self.aims and (period.last or 0) > self.main.last):
                self.main = self.here = self.out = Time(period.first, period.last, "", "title")
            return
        time = self._moved(self.here if self.passing == "earlier" else self.main, period)
        if period.parts_from or (period.until and period.of and self._inside(time)):
            self.once = time
            return
        if period.date and not period.until and period.last in (None, self.written.year):
            return
        self.times = [*(self.times if joined else []), (time, period.end)]
        earlier = (
            self.stated
            and time.last is not None
            and self.main.last is not None
            and time.last < self.main.last
            and not joined
            and self.main.single
            and not self.ahead(self.main)
        )
        if period.back and first and not period.compares:
            self.main = self.here = time
            return
        if period.back or earlier:
            self.passing, self.here = "back" if period.back else "earlier", time
            return
        self.main = self.here = time
        self.passing, self.until = "", period.until and not period.of
        if period.last is not None or period.shift is not None or period.named:
            self.stated, self.stated_at = True, period.end
            if not self.out.last or not time.last or time.last >= self.out.last or not self._out_stated:
                self.out = time
            self._note(time)
        else:
            self.out = time
        self._out_stated = True

    def _inside(self, time: Time) -> bool:
        """Whether a year lies within a range that is the main time."""
        first, last = self.main.first, self.main.last
        return (
            first is not None
            and last is not None
            and time.last is not None
            and first < last
            and first <= time.last <= last
        )

    def _note(self, time: Time) -> None:
        if time.first != time.last:
            self.span = time
        if self.ahead(time):
            self.goal = time if time.single else replace(time, first=time.last)
            self.plan = self.plan if time.single else time

    def paused(self) -> None:
        """A semicolon: what was said in passing is over, and an earlier year may be the main one."""
        self.here, self.passing, self.stated = self.main, "", False
        self.compared, self.against = False, None

    def spent(self, *, change: bool) -> None:
        """A row of figures was read: what dated it alone, or compared it, is over."""
        self.once = None
        if change:
            self.compared, self.against = False, None

    def named(self) -> None:
        """A new clause named a metric: what was said in passing is over."""
        if self.passing:
            self.here, self.passing = self.main, ""

    def _moved(self, time: Time, period: Period) -> Time:
        now = self.main.last if self.main.source == "title" else self.written.year
        if period.named:
            known = self.written.named.get(period.named)
            return Time(known, known, "", "stated") if known else Time()
        if period.stamp or (period.date and period.last is None):
            return time
        if period.years:
            return self._counted(time, period)
        if period.shift is not None:
            from_now = period.now and not period.back
            last = (
                time.last if time.single or period.back or period.whole or time.first is None else time.first
            )
            first, second = (now, last) if from_now else (last, now)
            base = first if first is not None else second
            part = (
                time.part
                if period.back and not period.part
                else ""
                if period.whole
                else period.part or time.part
            )
            if base is None or (period.shift == 0 and period.now and now is None):
                return replace(time, part=part)
            if period.shift == 0 and not period.now:
                return replace(time, first=base if last == time.first else time.first, last=base, part=part)
            return Time(
                base + period.shift,
                base + period.shift,
                part,
                "present"
                if period.present
                else (
                    "relative"
                    if self.written.firm or (now, "earlier") == (self.main.last, self.main.source)
                    else "published"
                )
                if period.now
                else time.source,
            )
        if period.last is None and period.first is None:
            kept = period.part[:1] in "当本该" and len(period.part) == 2
            return replace(time, part=time.part if kept else period.part, source=time.source or "heading")
        if period.open_end:
            last = now if now is not None else time.last if time.last is not None else period.last
            if last is None:
                return Time(period.first, source="unknown")
            return Time(period.first, max(last or 0, period.first or 0), "", "stated")
        return Time(period.first, period.last, period.part, "stated")

    def _counted(self, time: Time, period: Period) -> Time:
        """Years whose end is not said: those of the last range of so many years, else the years up to this one."""
        now = self.written.year
        if period.years < 0:
            return Time(now + 1, now + (period.shift or 0), "", "relative") if now else Time()
        if period.now:
            return Time(source="unknown")
        span = self.plan if self.aims and self.plan.last is not None else self.span
        if span.first is not None and span.last is not None and span.last - span.first + 1 == period.years:
            return span
        last = time.last if time.single else self.written.reported if time.last is None else None
        if period.whole and last is not None:
            last = min(last, self.written.reported or last)
            return Time(last - period.years + 1, last, "", "counted")
        return time


def written(text: str, published: str) -> Written:
    """When a text was written: as given, else as its first or last lines date it, else the latest year it looks back on.

    A plan is written before most of its years; a text that names only years to come before the first of them.
    """
    named = {found[2]: int(found[1]) for found in _NAMED_YEAR.finditer(text)}
    if re.match(r"(?:19|20)\d\d", published):
        early = published[4:7] in ("-01", "-02", "-03")
        return Written(int(published[:4]), int(published[:4]) - early, named, True)
    dated = [(year(found[1]), int(found[2])) for edge in _edges(text) for found in _DATELINE.finditer(edge)]
    if dated:
        stated, month = max(dated)
        return Written(stated, stated - (month <= 3), named, True)
    if report := _WORK_REPORT.match(text.lstrip()):
        return Written(int(report[1]), int(report[1]) - 1, named, True)
    latest: int | None = None
    goals: list[int] = []
    plans = bool(_PLANS.search(text))
    for sentence in _SENTENCE.finditer(text):
        if not _HAS_YEAR.search(sentence[0]):
            continue
        named_here = [
            one
            for one in periods(text, *sentence.span())
            if one.last is not None and not one.compares and not one.title
        ]
        cues = list(kinds.cues(text, *sentence.span()))
        told, any_aims = bool(_PAST.search(sentence[0])), any(aimed for _, _, aimed in cues)
        for number, period in enumerate(named_here):
            end = named_here[number + 1].start if number + 1 < len(named_here) else sentence.end()
            part = text.rfind("；", sentence.start(), period.start)
            aims = next((aimed for start, _, aimed in reversed(cues) if part < start < end), False)
            last = period.last or 0
            if text.startswith("（", period.start - 1) and goals and last < goals[-1]:
                aims = False
            if period.first != last and (aims or not told or period.open_end):
                continue
            event = period.parts_from or bool(period.part and _EVENT.search(sentence[0]) and not period.aims)
            if (
                aims
                or (
                    period.aims
                    and not _reached(text, period, sentence.end())
                    and (any_aims or plans or (period.until and _TO_REACH.match(text, period.end, end)))
                )
            ) and not event:
                goals.append(last)
            else:
                latest = max(latest or 0, last)
    planned = _planned(text)
    if planned is None:
        planned = min(goals) - 1 if latest is None and goals else latest
    return Written(planned, planned if plans or latest else None, named)


def _reached(text: str, period: Period, end: int) -> bool:
    """Whether a year that is said as an end was reached: 到2018年末累计到位113亿元, 到2020年底的目标已如期实现."""
    figure = _DIGIT.search(text, period.end, end)
    return bool(
        _PAST.search(text, period.end, figure.start() if figure else end)
        or _DONE.search(text, period.end, end)
    )


def _edges(text: str) -> list[str]:
    """The first three and the last two lines, where a text says when it was put out."""
    lines = [line for line in text[:2000].split("\n") if line.strip()][:3]
    last = [line for line in text[-600:].split("\n") if line.strip()][-2:]
    return [line[:80] for line in lines] + [line[-80:] for line in last]


def _planned(text: str) -> int | None:
    """The first year of the plan that a text is, by its title."""
    title = next((line for line in text[:400].split("\n") if line.strip()), "")
    if len(title) > 60 or "。" in title or not _PLAN_TITLE.search(title) or _REVIEW.search(title):
        return None
    found = _PLAN_RANGE.search(title)
    if not found:
        return None
    return int(found[2]) if found[2] else 2001 + 5 * "一二三四五六".index(found[1]) + 5
