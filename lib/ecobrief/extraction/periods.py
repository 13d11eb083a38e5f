"""The years and parts of years that a text names, and what each is named for.

A period states when (2022年, “十三五”期间, 去年), is only compared with (比2021年, 对照上年同期), or stands in a title or with a
goal it measures (达到2020年目标要求); only the first kind dates what follows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from ecobrief.extraction import numerals

_YEAR = r"(?:(?:19|20)\d\d(?!\d)|[一二][〇零0一二三四五六七八九]{3})"
_MONTH = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_PART = (
    rf"{_MONTH}月?(?:份)?(?:[-~至到、]|--){_MONTH}月(?:份)?|{_MONTH}月(?:份)?(?:[上中下]旬|初)?(?:底|末)?(?!\d{{0,2}}日)"
    r"|前[一二三四五六七八九十\d]{1,2}个?月|[上下]半年|前?[一二三四1-4两]个?季度|第[一二三四1-4]季度"
    r"|[春夏秋冬]季|秋冬季|采暖[季期]|汛期|非采暖期"
)
_DAYS = rf"{_MONTH}月\d{{1,2}}日?(?:[-~至到]|--)(?:{_MONTH}月)?\d{{1,2}}日"
_ALL_MONTHS = re.compile(r"(?:0?1|一)月?(?:份)?(?:[-~至到]|--)(?:12|十二)月(?:份)?")
_DATE = rf"{_MONTH}月\d{{1,2}}日"
_NOW = {
    **dict.fromkeys(("目前", "如今", "今年", "本年度", "本年"), 0),
    **dict.fromkeys(("去年", "过去一年", "过去的一年", "过去这一年"), -1),
    **dict.fromkeys(("前年",), -2),
    **dict.fromkeys(("明年", "下一年", "新的一年"), 1),
}
_HERE = {
    **dict.fromkeys(("当年", "同年", "全年", "这一年", "该年"), 0),
    **dict.fromkeys(("上年度", "上年", "上一年度", "上一年"), -1),
    "次年": 1,
}
_FIVE_YEARS = {"一": 2006, "二": 2011, "三": 2016, "四": 2021, "五": 2026, "六": 2031}
_COUNTED = "(?:两|[二三四五六七八九十]|1?\\d)"
NAMED = "基期|基准年|基年|评估时点|现状年|目标年"
"""Words for a year that a document itself says (以2020年为基期)."""

_PERIOD = re.compile(
    rf"""
    (?P<from>{_YEAR})(?:年度?)?(?:[-~至到]|--)(?P<until>{_YEAR})(?![-./]\d)(?:年度?|（?末）?)?(?P<range_tail>期间|间)?
    |(?P<listed>{_YEAR})(?=(?:[、和与及，]{_YEAR}){{1,5}}[两三四五六]?年)
    |(?P<stamp>{_YEAR})[-./](?:1[0-2]|0?[1-9])[-./]\d{{1,2}}(?!\d)
    |(?P<since_from>{_YEAR})年以来的?(?P<since_count>{_COUNTED})年
    |(?P<since_year>{_YEAR})年度?(?:[^，。；：、0-9]{{0,14}}以来|算?起(?![步点草])|开始|至今|到现在|到目前|到如今)
    |(?P<founded>新中国成立|建国(?=初期|以来|之初))
    |(?P<year>{_YEAR})年度?(?:（?(?P<days>{_DAYS})|（?(?P<date>{_DATE})|的?(?P<part>{_PART})|(?P<end>年?[底末]))?
    |第十(?P<plan_number>[一二三四五六])个五年(?:规划|计划)?(?:期间|时期)?
    |“?十(?:(?P<plan>[一二三四五六])五”?|(?<=“十)(?P<tenth>五)”)(?P<plan_part>[前头][两二三四]年|期间|时期|以来|初|[期]?末|收官|结束)?
    |(?:未来|今后)(?P<ahead>{_COUNTED})年
    |(?P<ago>{_COUNTED})年(?:之|以)?前
    |近(?P<recent>{_COUNTED})年
    |(?P<now>{"|".join(_NOW)})(?P<now_part>{_PART})?
    |(?P<here>{"|".join(_HERE)})(?P<here_part>{_PART})?
    |(?<!为)(?P<named>{NAMED})
    |(?<![\d第每前续])(?P<past>过去的?)?(?P<span>{_COUNTED})年(?P<span_to>来|间|里|内|(?=累计|合计|总共|共))?(?!前|后|级|生|规划|行动|[份月度])
    |(?<![\d年])(?P<bare_days>{_DAYS})
    |(?<![\d年])(?P<bare_date>{_DATE})
    |(?<![\d.年])(?P<bare_part>{_PART})
    |(?P<this_part>[当本该]月|[当本]季度?)
    """,
    re.VERBOSE,
)
_COMPARED = re.compile(
    r"(?:比|较|相较于?|相较于|相比于?|对比|对照|比照|[高低多少优好差]于|超过)(?:[^，。；：、\d的]{0,8}（)?(?:前一年|“)?$"
)
_WITH = re.compile(r"[与同和跟](?:[^，。；：、\d]{0,8}（)?$")
_ALIKE = re.compile(
    r"(?:（[^（）]{0,14}）|）)?(?:同期|同月|末|底|年底|全年|平均|实绩|的)?(?:水平)?(?:[\d.]+[^，。；\d]{0,8})?(?:相比|比较|比(?!例|率|重)|持平|相当|放在一|做比|作比|来比)"
    r"|[^，。；：、\d（）]{1,10}(?:相比|相较|比较)"
)
_REACHED = re.compile(
    r"(?:完成|达到|达|超过|提前|优于|好于|实现|超额|满足|符合|距|高于|低于|维持|保持)[^，。；：、]{0,6}$"
)
_GOAL = re.compile(r"(?:年?度?的?)[^，。；：、\d]{0,8}?(?:目标|任务|计划|要求|规划|考核|水平)")
_TITLE = re.compile(
    r"[^《》，。；]{0,10}(?:规划|计划|方案|纲要|要点|安排|条例|办法|意见)[^《》，。；]{0,6}》"
)
_REPORT = re.compile(r"[^《》，。；\d]{0,6}政府工作报告")
_IN_PLAN = re.compile(r"(?:规划|计划|方案|行动|纲要)（?$")
_FROM = re.compile(r"[由从]“?$")
_SAME_PERIOD = re.compile(r"同期|同月")
_BASE = re.compile(r"(?:末|底|年底)?的?(?:基础上|\d[\d.]*倍|[一二两三四五六七八九十]倍|一半)")
_UNTIL = re.compile("(?<!截)[到至]$")
_AHEAD = re.compile(r"(?:(?<!截)(?<!截止)[到至]|(?:预计|计划|规划|力争|争取|确保|将|拟)于?)[了“]?$")


@dataclass(frozen=True, slots=True)
class Period:
    """A period as named at `start`–`end`; `first` and `last` are None where it names no year of its own.

    `shift` counts years from now (`now` true; `present` for 目前) or from the year the text is at; `part` is a part of the
    year, `whole` undoes one. `stamp` is a date as put on a page. `back` tells that it looks back from the year the text is
    at (上年, 去年同期), `parts_from` that it dates the next figure alone (由2002年的73万亩增加到…), `years` counts years
    whose end is not said (五年来), `until` that it is said as an end (到2035年), `of` that 的 follows, `title` that it is the
    year of a plan, `named` is a word
    that the document explains (基期).
    """

    start: int
    end: int
    first: int | None = None
    last: int | None = None
    shift: int | None = None
    now: bool = False
    present: bool = False
    part: str = ""
    whole: bool = False
    open_end: bool = False
    date: bool = False
    stamp: bool = False
    compares: bool = False
    parts_from: bool = False
    back: bool = False
    aims: bool = False
    until: bool = False
    of: bool = False
    title: bool = False
    years: int = 0
    named: str = ""


def periods(text: str, start: int, end: int) -> Iterator[Period]:
    """Every period named between two places, left to right, but those with goals, the ranges of titles and the year
    of a work report, which tells of the one before."""
    for found in _PERIOD.finditer(text, start, end):
        period = _period(found)
        if _ALL_MONTHS.fullmatch(period.part):
            period = replace(period, part="", whole=True)
        before, after = text[max(start, period.start - 14) : period.start], text[period.end : period.end + 24]
        same = bool(_SAME_PERIOD.match(after))
        compares = bool(
            _COMPARED.search(before) or (_WITH.search(before) and _ALIKE.match(after)) or _BASE.match(after)
        )
        if not compares and _REACHED.search(before) and _GOAL.match(after):
            continue
        if _REPORT.match(after):
            continue
        title = not compares and bool(_TITLE.match(after))
        if title and (period.last is None or period.first != period.last):
            continue
        if period.first != period.last and _IN_PLAN.search(before):
            continue
        parts_from = bool(_FROM.search(before)) and not period.open_end and not period.part
        yield replace(
            period,
            compares=compares,
            title=title,
            aims=bool(_AHEAD.search(before)),
            until=bool(_UNTIL.search(before)),
            of=after.startswith(("的", "末的", "底的")),
            parts_from=parts_from
            and (period.last is not None or period.shift is not None or bool(period.named)),
            back=period.back or same,
        )


def _period(found: re.Match[str]) -> Period:
    span = found.span()
    if found["from"]:
        return Period(*span, year(found["from"]), year(found["until"]), whole=True)
    if found["listed"]:
        return Period(*span, year(found["listed"]), year(found["listed"]), whole=True)
    if found["since_from"]:
        first = year(found["since_from"])
        return Period(*span, first, first + _count(found["since_count"]) - 1, whole=True)
    if found["since_year"]:
        return Period(*span, year(found["since_year"]), None, open_end=True, whole=True)
    if found["stamp"]:
        return Period(*span, int(found["stamp"]), int(found["stamp"]), stamp=True)
    if found["tenth"]:
        return Period(*span, 2001, 2005, whole=True)
    if found["founded"]:
        return Period(*span, 1949, 1949, whole=True)
    if found["year"]:
        stated = year(found["year"])
        part = found["part"] or found["days"] or ""
        return Period(*span, stated, stated, part=part, date=bool(found["date"]), whole=not part)
    if found["plan_number"]:
        return _plan(span, _FIVE_YEARS[found["plan_number"]], "")
    if found["plan"]:
        return _plan(span, _FIVE_YEARS[found["plan"]], found["plan_part"] or "")
    if found["ahead"]:
        return Period(*span, shift=_count(found["ahead"]), now=True, years=-1, whole=True)
    if found["ago"]:
        return Period(*span, shift=-_count(found["ago"]), now=True, back=True, whole=True)
    if found["recent"]:
        return Period(*span, years=_count(found["recent"]), now=True, whole=True)
    if found["span"]:
        return Period(
            *span, years=_count(found["span"]), whole=bool(found["past"]) or found["span_to"] is not None
        )
    if found["now"]:
        word, part = found["now"], found["now_part"] or ""
        present = word in ("目前", "如今")
        return Period(*span, shift=_NOW[word], now=True, present=present, part=part, whole=not part)
    if found["here"]:
        shift, part = _HERE[found["here"]], found["here_part"] or ""
        return Period(
            *span, shift=shift, part=part, back=shift < 0, whole=found["here"] == "全年" and not part
        )
    if found["named"]:
        return Period(*span, named=found["named"], back=found["named"].startswith("基"))
    if found["bare_date"]:
        return Period(*span, date=True)
    return Period(*span, part=found["bare_part"] or found["bare_days"] or found["this_part"])


def _plan(span: tuple[int, int], first: int, part: str) -> Period:
    if part == "初":
        return Period(*span, first, first, whole=True)
    if part.endswith("末") or part in ("收官", "结束"):
        return Period(*span, first + 4, first + 4, whole=True)
    if part[:1] in ("前", "头"):
        return Period(*span, first, first + _count(part[1]) - 1, whole=True)
    return Period(*span, first, first + 4, open_end=part == "以来", whole=True)


def _count(printed: str) -> int:
    return int(printed) if printed.isascii() else int(numerals.decimal(printed) or 0)


def year(printed: str) -> int:
    """The year that four digits name: 2019 or 二〇一九."""
    return int(printed) if printed.isascii() else int(numerals.decimal(printed.replace("0", "〇")) or 0)
