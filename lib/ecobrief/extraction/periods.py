"""The years and parts of years that a text names, and which of them a figure belongs to.

A period states when (2022年, “十三五”期间, 去年), compares (比2021年, 较上年同期) or stands in a title or with a goal it measures
(达到2020年目标要求); only the first kind dates a figure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from ecobrief.extraction import numerals

_YEAR = r"(?:(?:19|20)\d\d(?!\d)|[一二][〇零一二三四五六七八九]{3})"
_MONTH = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_PART = (
    rf"{_MONTH}月?(?:份)?(?:[-~至到、]|--){_MONTH}月(?:份)?|{_MONTH}月(?:份)?(?:[上中下]旬)?(?:底|末)?(?!\d{{0,2}}日)"
    r"|前[一二三四五六七八九十\d]{1,2}个?月|[上下]半年|前?[一二三四1-4两]个?季度|第[一二三四1-4]季度"
    r"|[春夏秋冬]季|秋冬季|采暖[季期]|汛期|非采暖期"
)
_DATE = rf"{_MONTH}月\d{{1,2}}日"
_NOW = {
    "过去的一年": -1,
    "过去一年": -1,
    "一年来": -1,
    "目前": 0,
    "如今": 0,
    "今年": 0,
    "本年度": 0,
    "本年": 0,
    "去年": -1,
    "上年度": -1,
    "上年": -1,
    "上一年度": -1,
    "上一年": -1,
    "前年": -2,
    "明年": 1,
}
_HERE = {"当年": 0, "同年": 0, "全年": 0, "次年": 1}
_FIVE_YEARS = {"一": 2006, "二": 2011, "三": 2016, "四": 2021, "五": 2026, "六": 2031}
_PERIOD = re.compile(
    rf"""
    (?P<from>{_YEAR})(?:年度?)?(?:[-~至到]|--)(?P<until>{_YEAR})(?![-./]\d)(?:年度?|（?末）?)?(?P<range_tail>期间|间)?
    |(?P<stamp>{_YEAR})[-./](?:1[0-2]|0?[1-9])[-./]\d{{1,2}}(?!\d)
    |(?P<since_year>{_YEAR})年度?(?:[^，。；：、0-9]{{0,14}}以来|算?起|开始|至今|到现在|到目前|到如今)
    |(?P<founded>新中国成立|建国(?=初期|以来|之初))
    |(?P<year>{_YEAR})年度?(?:（?(?P<date>{_DATE})|的?(?P<part>{_PART})|(?P<end>年?[底末]))?
    |“?十(?:(?P<plan>[一二三四五六])五”?|(?<=“十)(?P<tenth>五)”)(?P<plan_part>期间|时期|以来|初|[期]?末|收官)?
    |(?P<now>{"|".join(_NOW)})(?P<now_part>{_PART})?
    |(?P<here>{"|".join(_HERE)})
    |(?<![\d年])(?P<bare_date>{_DATE})
    |(?<![\d.年])(?P<bare_part>{_PART})
    |(?P<this_part>[当本该]月|[当本]季度?)
    """,
    re.VERBOSE,
)
_COMPARED = re.compile(r"(?:比|较|相较于?|相比于?|对比|[高低多少优好差]于|超过)(?:前一年|“)?$")
_WITH = re.compile(r"[与同和跟]$")
_ALIKE = re.compile(r"(?:同期|同月|末|底|年底|全年|平均|的)?(?:水平)?(?:相比|比较|比|持平|相当)")
_REACHED = re.compile(
    r"(?:完成|达到|(?<!下)达|超过|提前|优于|好于|实现|超额|满足|符合|对照|距|高于|低于|比|较)[^，。；：、]{0,6}$"
)
_GOAL = re.compile(r"(?:年?度?的?)[^，。；：、]{0,8}?(?:目标|任务|计划|要求|规划|考核)")
_TITLE = re.compile(r"[^《》，。；]{0,10}(?:规划|计划|方案|纲要|条例|办法|意见)[^《》，。；]{0,6}》")
_FROM = re.compile(r"[由从][“]?$")
_PLAN = re.compile("规划|纲要|行动计划|方案|力争|(?:主要|总体|工作|发展|具体|规划)(?:目标|指标)|目标是")
_AHEAD = re.compile(r"(?:(?<![截止降高升加增长少低展])[到至]|预计|计划|力争|争取|确保|将?于|拟)[了“]?$")


@dataclass(frozen=True, slots=True)
class Period:
    """A period as named at `start`–`end`; `first` and `last` are None where it names no year of its own.

    `shift` counts years from now (`now` true) or from the year the text is at; `part` is a part of the year, `whole` undoes
    one. `stamp` is a date as put on a page; a period that `parts_from` something dates the next figure alone
    (由2002年的73万亩增加到…); one that `aims` is looked ahead to.
    """

    start: int
    end: int
    first: int | None = None
    last: int | None = None
    shift: int | None = None
    now: bool = False
    part: str = ""
    whole: bool = False
    open_end: bool = False
    date: bool = False
    stamp: bool = False
    compares: bool = False
    parts_from: bool = False
    aims: bool = False


@dataclass(frozen=True, slots=True)
class Time:
    """What a figure is dated with: years (both None where unknown), a part of the year, and where they were learnt."""

    first: int | None = None
    last: int | None = None
    part: str = ""
    source: str = ""

    @property
    def year(self) -> str:
        if self.last is None:
            return ""
        return str(self.last) if self.first in (None, self.last) else f"{self.first}-{self.last}"

    def aged(self, source: str) -> Time:
        """The same, learnt further away."""
        return replace(self, source=source) if self.last is not None or self.part else self


def periods(text: str, start: int, end: int) -> Iterator[Period]:
    """Every period named between two places, left to right."""
    for found in _PERIOD.finditer(text, start, end):
        period = _period(found)
        before, after = text[max(0, period.start - 12) : period.start], text[period.end : period.end + 16]
        compares = bool(
            _COMPARED.search(before)
            or (_WITH.search(before) and _ALIKE.match(after))
            or after[:2] in ("同期", "同月")
        )
        compares = compares and not (
            after[:2] in ("同期", "同月")
            and re.match(r"..(?:为|是|[\d（])", after)
            and not _COMPARED.search(before)
        )
        measured = bool(_REACHED.search(before) and _GOAL.match(after))
        if measured or _TITLE.match(after):
            continue
        if period.first != period.last and re.search(r"(?:规划|计划|方案|行动)（?$", before):
            continue
        parts_from = bool(_FROM.search(before)) and not period.open_end and period.last is not None
        yield replace(period, compares=compares, aims=bool(_AHEAD.search(before)), parts_from=parts_from)


def _period(found: re.Match[str]) -> Period:
    span = found.span()
    if found["from"]:
        return Period(*span, _year(found["from"]), _year(found["until"]), whole=True)
    if found["since_year"]:
        return Period(*span, _year(found["since_year"]), None, open_end=True, whole=True)
    if found["stamp"]:
        return Period(*span, int(found["stamp"]), int(found["stamp"]), stamp=True)
    if found["tenth"]:
        return Period(*span, 2001, 2005, whole=True)
    if found["founded"]:
        return Period(*span, 1949, 1949, whole=True)
    if found["year"]:
        year = _year(found["year"])
        return Period(
            *span, year, year, part=found["part"] or "", date=bool(found["date"]), whole=not found["part"]
        )
    if found["plan"]:
        first = _FIVE_YEARS[found["plan"]]
        part = found["plan_part"] or ""
        if part == "初":
            return Period(*span, first, first, whole=True)
        if part.endswith("末") or part == "收官":
            return Period(*span, first + 4, first + 4, whole=True)
        return Period(*span, first, first + 4, open_end=part == "以来", whole=True)
    if found["now"]:
        return Period(
            *span,
            shift=_NOW[found["now"]],
            now=True,
            part=found["now_part"] or "",
            whole=not found["now_part"],
        )
    if found["here"]:
        return Period(*span, shift=_HERE[found["here"]], whole=found["here"] == "全年")
    if found["bare_date"]:
        return Period(*span, date=True)
    return Period(*span, part=found["bare_part"] or found["this_part"])


def _year(printed: str) -> int:
    return int(printed) if printed.isdigit() and printed.isascii() else int(numerals.decimal(printed) or 0)


def moved(time: Time, period: Period, now: int | None) -> Time:
    """The time a text is at after it has named a period that states when; `now` is the year it was written in, if known."""
    if period.stamp or (period.date and period.last is None):
        return time
    if period.last is None and period.first is None and period.shift is None:
        part = time.part if period.part[:1] in "当本该" and len(period.part) == 2 else period.part
        return Time(time.first, time.last, part, time.source or "heading")
    if period.shift is not None:
        base = (now if now is not None else time.last) if period.now else time.last
        if not period.now and period.shift == 0:
            return replace(time, part="" if period.whole else time.part)
        part = "" if period.whole else period.part or time.part
        if base is None or (period.shift == 0 and now is None):
            return replace(time, part=part)
        return Time(base + period.shift, base + period.shift, part, "relative" if period.now else time.source)
    if period.open_end:
        last = now if now is not None else time.last if time.last is not None else period.last
        return Time(period.first, max(last or 0, period.first or 0), "", "stated")
    return Time(period.first, period.last, period.part, "stated")


def written_in(text: str, published: str) -> int | None:
    """The year a text was written in: as given, or the latest year it names without looking ahead to it.

    A plan that names only years to come was written before the first of them.
    """
    if re.match(r"(?:19|20)\d\d", published):
        return int(published[:4])
    latest, goals = None, []
    for period in periods(text, 0, len(text)):
        if period.last is None or period.first != period.last or period.compares:
            continue
        if period.aims:
            goals += [period.last] if text[period.start].isdigit() else []
            continue
        after = text[period.end : period.end + 24]
        if re.match(r"的?(?:年度?)?[^，。；]{0,10}?(?:目标|力争|争取|确保|计划|工作打算|将)", after):
            continue
        latest = period.last if latest is None else max(latest, period.last)
    return (
        min(goals) - 1 if latest is None and goals and (len(set(goals)) > 1 or _PLAN.search(text)) else latest
    )
