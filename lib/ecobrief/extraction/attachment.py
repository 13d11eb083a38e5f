"""Which name a figure belongs to.

A sentence is read once from left to right. A figure belongs to the name before it in its clause; else to the name after it
(68.75%的森林覆盖率); else, where its clause holds nothing but words of time, place, comparison and degree, to the last name
of the sentence. Names side by side share a figure after 均 or take one each after 分别. A name of another kind keeps its figures.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from ecobrief.extraction import scopes
from ecobrief.extraction.lexicon import Lexicon, Metric, Subject
from ecobrief.extraction.mentions import Mention, Reading, Subjects, mention, readings, side_by_side
from ecobrief.extraction.periods import Period, Time, moved
from ecobrief.extraction.quantities import Figure
from ecobrief.extraction.sentences import Break, Cue, Sentence, Token

_GLUE = re.compile(
    "占[全整年月有效监测总应评价]{0,8}[天日]数|[一二三四五六七八九十两0-9]{1,3}个?年(?:来|间|多)?|总?断面总?个?数|[时序]序进度|年度|扣除|剔除|沙尘天?气?|影响|异常|同期|同月|同比|环比|相比|分别|依次|提高幅度|提高|提升|上升|增加|增长|下降|降低|减少|回落|改善|升高|净增|新增|递增|高出|扩大|上涨|攀升"
    "|达到|达成|实现|完成|保持|维持|稳定|持续|连续|继续|基本|首次|全部|累计|合计|总计|占比|比例|所占|年末|年底|期末|目前|如今|现在|最高|最低|平均"
    "|超过|突破|不低于|不少于|不得低于|不高于|高于|低于|大约|接近|将近|至少|力争|争取|确保|预计|预期|计划|目标|控制|写作|介于|幅度|多年|全年|年均|当年|其中"
    "|已经|仍然|依然|同样|也是|均为|都是|左右|以上|以下|以内|之间|数量|数值|数据|指标值|这个数字|这一数字|这一比例|该比例|这一指标|该指标|水平"
    "|相应|总体|全面|实际|规划|要求|任务|进一步|大幅|显著|明显|有望|任务量|完成率|面积|总数|天数|期间|以来|截至|截止|快速|稳步|由原来|原来"
    "|比|较|为|是|达|到|至|由|从|自|的|了|约|超|逾|近|升|降|增|减|多|少|高|低|共|计|有|已|仍|也|均|都|各|在|将|要|应|须|内|同|跟|和|与|及|或|而|则|且|并|又|再|仅|只|占|上|下|于"
    "|出|起|年|第|后|前|还|率|值|其|中|就|可|能|每|以|个|不足|[“”\"‘’<>≥≤=+：:\\[\\]【】*~.·—-]|\\s"
)
_OF_DAYS = re.compile("占[全整年月有效监测总应评价]{0,8}(?:天数|日数)$")
_MEASURED = re.compile("(?:以上|以下)?的[^，。；]{0,8}(?:目标|要求|任务|标准|限值|考核)")
_AIMED_AT_LAST = re.compile("(?:是|作为|列为|定为|设为|列入)[^，。]{0,20}(?:目标|任务)[。；”]?$")
_OF_TASK = re.compile("(?:任务|计划|目标)[数量总]{0,2}的?$")
_RANK = re.compile(r"(?:继续|连续)?(?:位居|稳居|位列|名列|排名?|排在|居|列)[^，。；第前]{0,8}(?:第|前)[一二三四五六七八九十\d]{1,3}(?:位|名|的城市为?)?|创[^，。；]{0,8}新高")
_WAY = re.compile(r"[由从][^，。；]{0,8}$")
_FULL_NAMES = re.compile(r"均|都|皆|同为|同样|全部|双双")
_IN_TURN = re.compile(r"分别|依次|各为|各达|分列")
_NEXT_IN_LIST = re.compile(r"(?:（[^（）]{0,20}）)?(?:，?以?[、和与及]|，)")
_TIMES = re.compile(r"“?(?P<count>双|两个|[二三四五六]个)“?$")
_COUNTS = {"双": 2, "两个": 2, "二个": 2, "三个": 3, "四个": 4, "五个": 5, "六个": 6}
_BEFORE_NAME = re.compile(r"(?:及|或)?(?:以上|以下|左右|以内)?[”]?(?:的|了|地)?[^，。；：、]{0,6}$")
_STANDARD = re.compile(r"(?:标准|限值|指导值|平均(?:水平|值)?|要求|水平|阈值|上限|下限|指标值)[为是]?$")
_SOURCES = re.compile("中央|省级|市级|县级|区级|地方|国家|自治区|省|市|县|区|旗|企业|社会|群众|财政|配套|自筹|上级|资金")
_HAN_LABEL = re.compile("[㐀-鿿]{1,6}")
_ANAPHOR = re.compile("这个数字|这一数字|这一比例|该比例|这一指标|该指标|这一数据")
_ADDED = re.compile("(?:新增|净增|增加|减少|净减少)(?:了)?$")
_SET_WORD = re.compile("(?:水质)?(?:断面|水源地?|水功能区|功能区|地表水)")
_KEPT_UP = re.compile("维持|保持|稳定|每年|平均|均")
_AND = re.compile(r"[和与、及，]?(?:以及)?$")
_WINDOW = 60
_LIST_LIMIT = 24


@dataclass(frozen=True, slots=True)
class Place:
    """Where reading is: what later figures inherit from sentences and headings before them."""

    time: Time = Time()
    subjects: Subjects = field(default_factory=Subjects)
    place: str = ""
    now: int | None = None
    aimed: bool = False


@dataclass(frozen=True, slots=True)
class Attached:
    """A figure with the indicator it is of; `reasons` say how sure that is."""

    figure: Figure
    reading: Reading
    name: Mention
    time: Time
    aimed: bool
    scope: str
    reasons: tuple[str, ...]


@dataclass(slots=True)
class _Walk:
    """What has been seen of a sentence."""

    sentence: Sentence
    known: Lexicon
    time: Time
    times: list[tuple[Time, int]]
    subjects: Subjects
    place: str
    now: int | None
    aimed: bool
    clause: int
    time_after: Time | None = None
    compared: bool = False
    compared_with: Time | None = None
    mention: Mention | None = None
    in_clause: bool = False
    figure_end: int = 0
    chain: list[Mention] = field(default_factory=list)
    levels: list[Attached] = field(default_factory=list)
    latest: list[Attached] = field(default_factory=list)
    labelled: bool = False
    clear: bool = True
    taken: int = 0
    periods: list[tuple[int, int]] = field(default_factory=list)
    opened: list[tuple[Time, bool, Mention | None, bool]] = field(default_factory=list)


def attached(sentence: Sentence, known: Lexicon, at: Place) -> tuple[list[Attached], Place]:
    """The figures of a sentence that are of known indicators, and where reading is after it."""
    walk = _Walk(sentence, known, at.time, [], replace(at.subjects), at.place, at.now, at.aimed, sentence.start)
    opening = sentence.text[sentence.start : sentence.start + 4].lstrip()
    if opening.startswith("其中"):
        walk.subjects.carried = False
    walk.aimed = walk.aimed or bool(_AIMED_AT_LAST.search(sentence.text[max(sentence.start, sentence.end - 40) : sentence.end]))
    found: list[Attached] = []
    for number, token in enumerate(sentence.tokens):
        match token.what:
            case Break():
                _break(walk, token.start, token.end, token.what.mark)
            case Period():
                _period(walk, token.what)
            case Subject():
                walk.subjects.said(token.what.name, token.start, token.end, weak=token.what.weak)
            case Cue():
                walk.aimed = token.what is Cue.AIMED
                if not walk.aimed and not walk.times and walk.now is not None and (walk.time.last or 0) > walk.now:
                    walk.time = Time()
            case Metric():
                _name(walk, token)
            case Figure():
                if token.start >= walk.taken:
                    got = list(_figure(walk, number, token.what))
                    levels = [one for one in got if not one.reading.sign]
                    walk.levels = [*walk.levels, *levels][-_LIST_LIMIT:]
                    walk.latest = levels or walk.latest
                    found += got
                    walk.figure_end = max(walk.figure_end, token.end)
                    walk.compared = False
                    walk.time, walk.time_after = walk.time_after or walk.time, None
    time = walk.opened[0][0] if walk.opened else walk.time
    return found, Place(time, walk.subjects.left(), walk.place, at.now, at.aimed)


def _break(walk: _Walk, start: int, end: int, mark: str) -> None:
    named = _place(walk, start)
    if named and not (named[0] == "全" and walk.place.endswith(named[1:])):
        walk.place = named
    if walk.figure_end < walk.clause and not walk.in_clause:
        walk.clear = walk.clear and not _strange(walk, walk.clause, start)
    if mark in "（(":
        walk.opened.append((walk.time, walk.aimed, walk.mention, walk.clear))
    elif mark in "）)" and walk.opened:
        time, walk.aimed, walk.mention, walk.clear = walk.opened.pop()
        if not _only_periods(walk, walk.clause, start):
            walk.time = time
    elif mark == "；":
        walk.chain, walk.compared = [], False
    walk.clause, walk.in_clause = end, False


def _only_periods(walk: _Walk, start: int, end: int) -> bool:
    """Whether brackets hold a period and nothing else: 报告书（2020年）."""
    return start < end < start + _WINDOW and not _without_periods(walk, start, end).strip("|")


def _strange(walk: _Walk, start: int, end: int) -> str:
    """What a stretch of the text holds beside time, place and words of comparison and degree."""
    if end - start > _WINDOW:
        return walk.sentence.text[start:end]
    bare = _RANK.sub("", _without_periods(walk, start, end).replace("|", ""))
    return _GLUE.sub("", scopes.PLACE.sub("", bare))


def _place(walk: _Walk, end: int) -> str:
    """A place named in the clause so far."""
    start = max(walk.clause, end - _WINDOW)
    return scopes.place(_without_periods(walk, start, end))


def _period(walk: _Walk, period: Period) -> None:
    walk.periods.append((period.start, period.end))
    if period.compares:
        walk.compared, walk.compared_with = True, moved(walk.time, period, walk.now)
        return
    if period.parts_from:
        ahead = walk.now is not None and (walk.time.last or 0) > walk.now >= (period.last or 0)
        walk.time_after = Time() if ahead else walk.time
    joined = walk.times and _AND.fullmatch(walk.sentence.text[walk.times[-1][1] : period.start])
    walk.time = moved(walk.time, period, walk.now)
    walk.times = [*(walk.times if joined else []), (walk.time, period.end)]


def _name(walk: _Walk, token: Token) -> None:
    assert isinstance(token.what, Metric)
    named = mention(walk.known, token.what, walk.sentence.text, token.start, token.end, walk.subjects)
    if token.what.short and not named.indicators:
        return
    if not named.indicators and _OF_DAYS.search(walk.sentence.text[max(walk.clause, token.start - 12) : token.end]):
        return
    if named.indicators and named.indicators[0].subject and not token.what.short:
        walk.subjects.said(named.indicators[0].subject, token.start, token.end, weak=False)
    joined = walk.chain and walk.figure_end <= walk.chain[-1].end and side_by_side(walk.sentence.text, walk.chain[-1], named)
    walk.chain = [*walk.chain, named][-_LIST_LIMIT:] if joined else [named]
    walk.mention, walk.in_clause, walk.labelled, walk.clear = named, True, False, True
    walk.subjects.named_until = token.end


def _figure(walk: _Walk, number: int, figure: Figure) -> Iterator[Attached]:
    text = walk.sentence.text
    if _MEASURED.match(text, figure.end) and not walk.aimed:
        return
    start = max(walk.clause, walk.figure_end)
    lead = text[max(start, figure.start - _WINDOW) : figure.start]
    if walk.in_clause and walk.mention and walk.mention.end <= figure.start:
        since = text[max(start, walk.mention.end) : figure.start]
        many = _TIMES.search(since)
        before = text[max(start, walk.mention.start - 12) : walk.mention.start]
        if _IN_TURN.search(since) or _IN_TURN.search(before):
            yield from _in_turn(walk, number, walk.chain, since)
            return
        chain = walk.chain[-_COUNTS[many["count"]] :] if many else walk.chain
        if len(chain) > 1 and (many or _FULL_NAMES.search(since)):
            for named in chain:
                yield from _attach(walk, named, figure, since, ("shared",))
            walk.chain = []
            return
        after = _name_after(walk, number, figure)
        if after and walk.figure_end > walk.mention.end:
            yield from _attach(walk, after, figure, lead, ("name_after",))
            return
        gap = len(_GLUE.sub("", _without_periods(walk, max(start, walk.mention.end), figure.start)))
        if gap <= 10:
            got = list(_attach(walk, walk.mention, figure, since, _gap_reason(gap)))
            if got or not after:
                yield from got
                return
        if after:
            yield from _attach(walk, after, figure, lead, ("name_after",))
        return
    if after := _name_after(walk, number, figure):
        yield from _attach(walk, after, figure, lead, ("name_after",))
        return
    if _IN_TURN.search(lead):
        yield from _in_turn(walk, number, walk.chain, lead)
        return
    yield from _carried(walk, figure, lead)


def _gap_reason(gap: int) -> tuple[str, ...]:
    return ("next_to_name",) if gap <= 2 else ("words_between",) if gap <= 6 else ("far_from_name",)


def _without_periods(walk: _Walk, start: int, end: int) -> str:
    """A stretch of the text, periods and brackets in it left out."""
    text, pieces, at = walk.sentence.text, [], start
    for period_start, period_end in walk.periods[-_LIST_LIMIT:]:
        if start <= period_start < end:
            pieces.append(text[at:period_start])
            at = period_end
    pieces.append(text[at:end])
    return "|".join(pieces)


def _name_after(walk: _Walk, number: int, figure: Figure) -> Mention | None:
    """The name that a figure stands before (97%的优良率), unless that name has a figure of its own."""
    tokens, text = walk.sentence.tokens, walk.sentence.text
    for later in range(number + 1, min(number + 4, len(tokens))):
        token = tokens[later]
        if isinstance(token.what, Subject):
            walk.subjects.said(token.what.name, token.start, token.end, weak=token.what.weak)
            continue
        if not isinstance(token.what, Metric) or not _BEFORE_NAME.match(text[figure.end : token.start][:24] or ""):
            return None
        if not _BEFORE_NAME.fullmatch(text[figure.end : token.start]):
            return None
        following = next((t for t in tokens[later + 1 : later + 4] if isinstance(t.what, Figure | Break)), None)
        if following and isinstance(following.what, Figure) and following.what.kind and following.start - token.end < 8:
            return None
        named = mention(walk.known, token.what, text, token.start, token.end, walk.subjects)
        return named if named.indicators else None
    return None


def _carried(walk: _Walk, figure: Figure, lead: str) -> Iterator[Attached]:
    """A figure whose clause names nothing: of the last name, where the clause adds only time, place, change or degree."""
    if not walk.mention or not walk.mention.indicators:
        return
    text = walk.sentence.text
    start = max(walk.clause, walk.figure_end)
    if figure.start - start > _WINDOW:
        return
    if text[walk.clause - 1 : walk.clause] == "（" and _STANDARD.search(text[max(0, walk.clause - 8) : walk.clause - 1]):
        return
    rest = _strange(walk, start, figure.start)
    label = False
    if ("占" in lead[-12:] and figure.kind != "percent") or _OF_TASK.search(lead):
        return
    if rest and "money" in walk.mention.metric.units:
        rest = _SOURCES.sub("", rest)
    elif rest and figure.kind in ("percent", "days", "concentration"):
        mark = text[walk.clause - 1 : walk.clause]
        label = bool(_HAN_LABEL.fullmatch(rest) and (mark == "：" or (walk.labelled and mark in "、，；")))
        rest = "" if label else rest
    if rest:
        return
    got = list(_attach(walk, walk.mention, figure, lead, ("label",) if label else ("carried",)))
    if label:
        got = [replace(one, scope=scopes.scope(text[start : figure.start].strip("、，：为其中"), "", one.time.part)) for one in got]
    after_semicolon = text[walk.clause - 1 : walk.clause] == "；" and not lead
    stale = not walk.clear and not scopes.PLACE.search(lead)
    if (stale or after_semicolon) and not any(one.reading.sign for one in got) and not _ANAPHOR.search(lead):
        return
    walk.labelled = label and bool(got)
    yield from got


def _in_turn(walk: _Walk, number: int, chain: list[Mention], lead: str) -> Iterator[Attached]:
    """Figures in a row after 分别: one for each name, year or earlier level; several for one name are all of it."""
    row = _row(walk, number)
    walk.taken = row[-1].end
    walk.figure_end = row[-1].end
    walk.chain = []
    if walk.in_clause and chain:
        if len(chain) == len(row):
            for named, figure in zip(chain, row, strict=True):
                yield from _attach(walk, named, figure, lead, ("in_turn",))
        elif len(chain) == 1 and "、" not in chain[0].name:
            times = _times(walk, len(row)) or [None] * len(row)
            for time, figure in zip(times, row, strict=True):
                yield from _attach(walk, chain[0], figure, lead, ("in_turn", "one_name"), time)
        return
    if walk.mention and len(row) > 1 and (each := _times(walk, len(row))):
        for time, figure in zip(each, row, strict=True):
            yield from _attach(walk, walk.mention, figure, lead, ("in_turn",), time)
        return
    levels = walk.levels[-len(row) :]
    if walk.mention and len(chain) <= 1 and row[0].kind in walk.mention.metric.units and not levels:
        for figure in row:
            yield from _attach(walk, walk.mention, figure, lead, ("in_turn", "one_name"))
    elif len(levels) == len(row):
        for level, figure in zip(levels, row, strict=True):
            yield from _attach(walk, level.name, figure, lead, ("in_turn", "carried"), level.time)


def _times(walk: _Walk, count: int) -> list[Time]:
    """As many years as there are figures, where so many were named one by one or as a range."""
    time = walk.time
    if len(walk.times) == count:
        return [one for one, _ in walk.times]
    if time.first is not None and time.last is not None and time.last - time.first + 1 == count > 1:
        return [replace(time, first=year, last=year) for year in range(time.first, time.last + 1)]
    return []


def _row(walk: _Walk, number: int) -> list[Figure]:
    """The figures that follow one another with nothing but commas between; a unit printed once is of all."""
    text, row = walk.sentence.text, []
    for token in walk.sentence.tokens[number : number + 4 * _LIST_LIMIT]:
        if not isinstance(token.what, Figure):
            continue
        if row and not _NEXT_IN_LIST.fullmatch(text[row[-1].end : token.start]):
            break
        row.append(token.what)
    last = row[-1]
    return [one if one.kind else replace(one, unit=last.unit, kind=last.kind) for one in row]


def _attach(
    walk: _Walk, named: Mention, figure: Figure, lead: str, reasons: tuple[str, ...], time: Time | None = None
) -> Iterator[Attached]:
    if not figure.kind and figure.value == "0" and named.end + 2 >= figure.start and "比" in named.name:
        figure = replace(figure, kind="percent")
    if not figure.kind:
        return
    several = [one for one, _ in walk.times] if len(walk.times) > 1 and _FULL_NAMES.search(lead) else []
    if "carried" in reasons and time is None:
        several = several or list(dict.fromkeys(level.time for level in walk.latest if level.name == named and len(walk.latest) > 1))
    counted = any(level.name == named for level in walk.latest)
    lead = _before_name(walk, named) + lead
    for reading in readings(walk.known, named, figure, lead, compared=walk.compared, counted=counted):
        for when in [time] if time else several or [walk.time]:
            assert when is not None
            if reading.indicator.annual and when.part and not named.annual:
                continue
            if when.first != when.last and not reading.indicator.flow and not reading.sign and not _KEPT_UP.search(lead):
                when = replace(when, first=when.last)
            if _WAY.search(lead) and not reading.sign and walk.time_after is None:
                when = _before(walk, when)
            more = ("subject_carried",) if named.carried_subject and named.metric.short else ()
            yield Attached(figure, reading, named, when, walk.aimed, _scope(walk, named, figure, when), reasons + more)


def _before(walk: _Walk, time: Time) -> Time:
    """When the first of two values of a way (由A到B) was: at the time compared with, or before a plan period began."""
    if walk.compared_with is not None:
        return walk.compared_with
    if walk.time.first is not None and walk.time.first != walk.time.last:
        return replace(time, first=walk.time.first - 1, last=walk.time.first - 1)
    return time


def _before_name(walk: _Walk, named: Mention) -> str:
    """新增, 净增 and the like where they stand before a name (净增森林面积5万亩), as if they stood before its figure."""
    added = _ADDED.search(walk.sentence.text[max(walk.clause, named.start - 6) : named.start])
    return added[0] if added and not named.indicators[:1] == () and not named.indicators[0].flow else ""


def _scope(walk: _Walk, named: Mention, figure: Figure, time: Time) -> str:
    place = _place(walk, min(named.start, figure.start)) or _place(walk, figure.start) or walk.place
    place = walk.place if place[:1] == "全" and walk.place.endswith(place[1:]) else place
    own = _SET_WORD.match(named.name)
    end = min(named.start + (own.end() if own else 0), figure.start)
    clause = walk.sentence.text[max(walk.sentence.start, end - _WINDOW) : end]
    water = named.indicators and named.indicators[0].subject in ("sections", "drinking")
    return scopes.scope(place, scopes.network(re.split("[，；：。（]", clause)[-1]) if water else "", time.part)
