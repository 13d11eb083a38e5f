"""Which name a figure belongs to.

A sentence is read once from left to right, in rows of figures (18.4%、20.1%和22%). A row belongs to the nearest names before it in its
clause that its unit fits: one each, or all of the one name, or the one figure of all names (均为). Else it belongs to the name after it
(68.75%的森林覆盖率), to what a word points back to (前者, 这两个比例), or to the last name of the sentence, where nothing strange stands
between. A metric of another kind keeps its figures.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from ecobrief.extraction import between, scopes
from ecobrief.extraction.dating import dated
from ecobrief.extraction.kinds import has_change, local_target, standard
from ecobrief.extraction.lexicon import Metric, Subject
from ecobrief.extraction.mentions import Mention, mention, readings, side_by_side
from ecobrief.extraction.periods import Period
from ecobrief.extraction.quantities import Figure
from ecobrief.extraction.sentences import Break, Cue, Sentence
from ecobrief.extraction.timeline import Time
from ecobrief.extraction.walk import Claim, Place, Walk

_ALL_OF_THEM = re.compile(r"均|都|皆|同为|同样|全部|双双|一律|同是|也是")
_IN_TURN = re.compile(r"分别|依次|各为|各达|各是|各[占有]|分列")
_NEXT_IN_ROW = re.compile(r"(?:（[^（）]{0,20}）)?(?:，?以?[、和与及]|，)")
_TIMES = re.compile(r"“?(?P<count>双|两个|[二三四五六]个)“?$")
_COUNTS = {"双": 2, "两个": 2, "二个": 2, "三个": 3, "四个": 4, "五个": 5, "六个": 6}
_BEFORE_NAME = re.compile(r"(?:及|或)?(?:以上|以下|左右|以内)?[”]?(?:的|了|地|个)?[^，。；：、]{0,6}")
_FORMER = re.compile(r"(?P<first>前者|前一[项个]|首项)|(?P<last>后者|后一[项个])")
_THESE = re.compile(
    r"(?:[这上]?(?:两|三|四|2|3)[个项]|这些|以上|上述)(?:数字|比例|指标|数据|比率|数值|浓度)|二者|两者|三者|两项"
)
_ANAPHOR = re.compile("(?:这个|这一|该|此|这[一]?项)(?:数字|比例|指标|数据|数值|比率|数)")
_SHARE_OF = re.compile(r"(?P<of>[^，。；：、（）|]{0,16})的$")
_NATURAL_WHOLE = re.compile(
    r"断面(?:总?个?数)?$|点位(?:总?数)?$|天数$|日数$|监测$|有效$|面积$|国土$|陆域$|期$|平均$|年$|月$|半年$|季度$|末$"
)
_PART_OF = re.compile(
    r"占|完成|相当于|达到?(?:全年|年度|计划)|为(?:全年|年度)|是(?:全年|年度|下达)|任务|计划|目标"
)
_MILESTONE = re.compile(r"首次?(?:突破|超过|跨过|迈过|降至|进入)[^，。；]{0,6}$|[突迈]破[^，。；]{0,2}$")
_PER = re.compile(r"每(?:下降|降低|上升|提高|增加|减少|升高)[^，。；]{0,3}$")
_ROW_LIMIT = 24


def attached(sentence: Sentence, at: Place) -> tuple[list[Claim], Place]:
    """The figures of a sentence that are of known indicators, and where reading is after it."""
    walk = Walk.over(sentence, at)
    found: list[Claim] = []
    for number, token in enumerate(sentence.tokens):
        match token.what:
            case Break():
                walk.paused(token)
            case Period():
                walk.dated(token.what)
            case Subject():
                walk.subjects.said(token.what.name, token.start, token.end, weak=token.what.weak)
            case Cue():
                walk.cued = token.what is Cue.AIMED
                walk.cue_at = token.start
            case Metric():
                walk.names(token)
            case Figure() if token.start >= walk.taken:
                row = _row(walk, number)
                walk.taken = row[-1].end
                got = [one for one in _of_row(walk, number, row) if not walk.holds(one)]
                found += got
                walk.read(row, got)
    return found, walk.left(at)


def _row(walk: Walk, number: int) -> list[Figure]:
    """The figures that follow one another with nothing but commas between; a unit printed once is of all."""
    text, row = walk.sentence.text, []
    for token in walk.sentence.tokens[number : number + 4 * _ROW_LIMIT]:
        if isinstance(token.what, Metric | Subject | Period):
            if row:
                break
            continue
        if not isinstance(token.what, Figure):
            continue
        if row and not _NEXT_IN_ROW.fullmatch(text[row[-1].end : token.start]):
            break
        if (
            row
            and "，" in text[row[-1].end : token.start]
            and (row[-1].kind != token.what.kind or row[-1].kind in ("", "money"))
        ):
            break
        row.append(token.what)
    while len(row) > 1 and not row[-1].kind:
        row.pop()
    last = row[-1]
    return [
        one if one.kind else replace(one, unit=_whole_unit(one.unit, last.unit), kind=last.kind)
        for one in row
    ]


def _whole_unit(scale: str, unit: str) -> str:
    return unit if not scale or unit.startswith(scale) else scale + unit


def _of_row(walk: Walk, number: int, row: list[Figure]) -> Iterator[Claim]:
    """What the figures of a row are of, nearest explanation first."""
    text = walk.sentence.text
    if row[-1].value == "0" and not row[-1].kind and text[row[-1].end : row[-1].end + 1] in "，。；、）":
        row = [*row[:-1], replace(row[-1], kind="percent")]
    first = row[0]
    lead = walk.lead(first)
    if _PER.search(lead):
        return
    before = text[max(walk.sentence.start, first.start - 12) : first.start]
    if standard(before, text[row[-1].end : row[-1].end + 12]) and not any(
        one.kind in ("points",) for one in row
    ):
        return
    chain, blocked = _fresh(walk, row, lead)
    if blocked:
        walk.lost = True
        return
    if chain:
        yield from _of_names(walk, number, row, chain)
        return
    if len(row) == 1 and (after := _name_after(walk, number, first)):
        if not first.kind and "days" in after.metric.units and text.startswith("个", first.number_end):
            first = replace(first, kind="days", unit="天")
        yield from _attach(walk, after, first, lead, ("name_after",))
        return
    if listed := _listed_after(walk, number, row):
        for named in listed:
            yield from _attach(walk, named, first, lead, ("shared",))
        walk.mentions += listed
        return
    if pointed := _pointed_at(walk, row, lead):
        for named, figure in zip(pointed, row, strict=True):
            yield from _attach(walk, named, figure, lead, ("in_turn", "carried"))
        return
    yield from _carried(walk, row, lead)


def _fresh(walk: Walk, row: list[Figure], lead: str) -> tuple[list[Mention], bool]:
    """The names in the clause of a row that it may belong to, and whether another metric keeps it."""
    kinds = {"percent" if one.kind == "points" else one.kind for one in row}
    change = has_change(lead)
    here = [one for one in walk.mentions if one.start >= walk.figure_end and one.end <= row[0].start]
    for at in range(len(here) - 1, -1, -1):
        named = here[at]
        if named.end < walk.clause and not (
            here[at + 1 :] and side_by_side(walk.sentence.text, named, here[at + 1])
        ):
            break
        if not named.indicators and (named.metric.units & kinds or (change and "percent" in kinds)):
            chain = _chain(walk, here[: at + 1])
            return (
                (chain, False)
                if len(chain) == len(row) > 1 and any(one.indicators for one in chain)
                else ([], True)
            )
        fits = [
            figure
            for figure in row
            if readings(walk.known, named, figure, lead, compared=walk.clock.compared, counted=False)
        ]
        zero = (
            row[0].value == "0"
            and not row[0].kind
            and named.end + 3 >= row[0].start
            and "percent" in named.metric.units
        )
        if named.indicators and (fits or zero):
            return _chain(walk, here[: at + 1]), False
    return [], False


def _chain(walk: Walk, here: list[Mention]) -> list[Mention]:
    """The last name with those that stand side by side with it."""
    chain = here[-1:]
    for named in reversed(here[:-1]):
        if not side_by_side(walk.sentence.text, named, chain[0]):
            break
        chain.insert(0, named)
    return chain[-_ROW_LIMIT:]


def _of_names(walk: Walk, number: int, row: list[Figure], chain: list[Mention]) -> Iterator[Claim]:
    text, named, first = walk.sentence.text, chain[-1], row[0]
    since = text[named.end : first.start]
    before = text[max(walk.sentence.start, named.start - 12) : named.start]
    if len(chain) == len(row) > 1:
        for one, figure in zip(chain, row, strict=True):
            yield from _attach(walk, one, figure, since, ("in_turn",))
        return
    if len(row) > 1:
        times = (
            walk.times(len(row))
            if _IN_TURN.search(since + before) or len(walk.clock.times) == len(row)
            else []
        )
        for at, figure in enumerate(row):
            yield from _attach(
                walk, named, figure, since, ("in_turn", "one_name"), times[at] if times else None
            )
        return
    many = _TIMES.search(since)
    if len(chain) > 1 and (many or _ALL_OF_THEM.search(since)):
        for one in chain[-_COUNTS[many["count"]] :] if many else chain:
            yield from _attach(walk, one, first, since, ("shared",))
        return
    gap = between.leads_on(walk.without_periods(named.end, first.start))
    after = _name_after(walk, number, first) if gap else None
    if after and walk.levels and walk.levels[-1].name == named:
        yield from _attach(walk, after, first, since, ("name_after",))
    elif between.near_enough(gap) and not _share_of_other(walk, named, first):
        reason = "next_to_name" if gap <= 2 else "words_between" if gap <= 6 else "far_from_name"
        yield from _attach(walk, named, first, since, (reason,))
    elif after:
        yield from _attach(walk, after, first, since, ("name_after",))


def _share_of_other(walk: Walk, named: Mention | None, figure: Figure) -> bool:
    """Whether a percentage is a part of something that is no whole of its indicator (年度计划的72.5%)."""
    if figure.kind != "percent":
        return False
    start = max(walk.figure_end, walk.clause, named.end if named else 0)
    found = _SHARE_OF.search(walk.sentence.text, min(start, figure.start), figure.start)
    if not found:
        return start == walk.figure_end and walk.sentence.text[start : figure.start] == "的"
    whole = found["of"]
    return not _NATURAL_WHOLE.search(whole) and bool(_PART_OF.search(whole) or not whole)


def _name_after(walk: Walk, number: int, figure: Figure) -> Mention | None:
    """The name that a figure stands before (97%的优良率), unless that name has a figure of its own."""
    tokens, text = walk.sentence.tokens, walk.sentence.text
    subjects = walk.subjects.copy()
    for later in range(number + 1, min(number + 4, len(tokens))):
        token = tokens[later]
        if isinstance(token.what, Subject):
            subjects.said(token.what.name, token.start, token.end, weak=token.what.weak)
            continue
        if not isinstance(token.what, Metric) or not _BEFORE_NAME.fullmatch(text, figure.end, token.start):
            return None
        following = next(
            (t for t in tokens[later + 1 : later + 4] if isinstance(t.what, Figure | Break)), None
        )
        if (
            following
            and isinstance(following.what, Figure)
            and following.what.kind
            and following.start - token.end < 8
        ):
            return None
        named = mention(walk.known, token.what, text, token.start, token.end, subjects)
        return named if named.indicators else None
    return None


def _listed_after(walk: Walk, number: int, row: list[Figure]) -> list[Mention]:
    """The names in a list after their common figure: 三个100%：优良率、达标率和利用率."""
    text, subjects, listed = walk.sentence.text, walk.subjects.copy(), []
    many = _TIMES.search(text, max(walk.sentence.start, row[0].start - 3), row[0].start)
    if not many or len(row) > 1:
        return []
    for token in walk.sentence.tokens[number + 1 : number + 5 * _ROW_LIMIT]:
        if isinstance(token.what, Figure):
            return []
        if isinstance(token.what, Break) and token.what.mark == "；":
            break
        if isinstance(token.what, Subject):
            subjects.said(token.what.name, token.start, token.end, weak=token.what.weak)
        elif isinstance(token.what, Metric):
            listed.append(mention(walk.known, token.what, text, token.start, token.end, subjects))
    return listed[: _COUNTS[many["count"]]]


def _pointed_at(walk: Walk, row: list[Figure], lead: str) -> list[Mention]:
    """The names that 前者, 后者, 这两个数字 point back to, or whose figures a row after 分别 takes up in turn."""
    if (found := _FORMER.search(lead)) and len(row) == 1:
        pair = walk.last_chain
        return [pair[0] if found["first"] else pair[-1]] if len(pair) > 1 else []
    turns = _IN_TURN.search(lead)
    if (
        len(row) > 1
        and turns
        and len(walk.last_chain) == len(row)
        and walk.last_chain[-1] == walk.mentions[-1]
    ):
        return walk.last_chain
    if len(row) > 1 and (_THESE.search(lead) or turns):
        names = list(dict.fromkeys(walk.figured)) if _THESE.search(lead) else walk.figured
        waiting = walk.mentions[-1] if walk.mentions else None
        if len(names) >= len(row) and (waiting is None or waiting.start <= names[-1].start):
            return names[-len(row) :]
    return []


def _carried(walk: Walk, row: list[Figure], lead: str) -> Iterator[Claim]:
    """A row whose clause names nothing: of the last name, where nothing strange stands between."""
    named, reason = _source(walk, row)
    if named is None or _share_of_other(walk, None, row[0]):
        return
    figure, change = row[0], has_change(lead) or walk.clock.compared
    stretch = walk.without_periods(max(walk.clause, walk.figure_end), figure.start)
    after = walk.sentence.text[figure.end : figure.end + 12]
    if "占" in lead[-12:] and figure.kind != "percent" and not local_target(lead, after, figure.kind, False):
        return
    if not between.bears(figure.kind, stretch, change=change) and not _ANAPHOR.search(lead):
        walk.lost = True
        return
    if walk.lost and not (scopes.place(lead) or _ANAPHOR.search(lead)):
        return
    if reason == "sentence_before" and (change or between.strange(stretch) or not _tied(walk, row, lead)):
        return
    strange = between.leads_on(stretch)
    reasons = (reason,) if strange <= 1 else (reason, "label")
    times = walk.times(len(row)) if len(row) > 1 else []
    for at, one in enumerate(row):
        yield from _attach(walk, named, one, lead, reasons, times[at] if times else None)


def _tied(walk: Walk, row: list[Figure], lead: str) -> bool:
    """Whether a sentence without a name goes on about the one before: of another year, of other places, or by saying so."""
    if walk.clock.stated or _ANAPHOR.search(lead):
        return len(row) == 1
    start = walk.sentence.start
    placed = scopes.place(lead) or (
        row[0].start - start < 60 and scopes.place(walk.sentence.text[start : row[0].start])
    )
    return bool(placed) and (len(row) == 1 or bool(_IN_TURN.search(lead)))


def _source(walk: Walk, row: list[Figure]) -> tuple[Mention | None, str]:
    """The name that a clause without one goes on about, and how it is known."""
    kind = row[0].kind
    for named in reversed(walk.mentions):
        if not named.indicators:
            if named in walk.keepers or named.metric.units & {kind}:
                return None, ""
            continue
        if (
            kind in named.metric.units
            or kind in named.indicators[0].siblings
            or kind in ("percent", "points")
        ):
            return named, "carried"
        if kind != "money" and not has_change(walk.lead(row[0])):
            return None, ""
    focus = walk.focus
    if focus and (
        kind in focus.metric.units or kind in ("percent", "points") or kind in focus.indicators[0].siblings
    ):
        return walk.focus, "sentence_before" if not walk.focus_heads else "carried"
    return None, ""


def _attach(
    walk: Walk, named: Mention, figure: Figure, lead: str, reasons: tuple[str, ...], time: Time | None = None
) -> Iterator[Claim]:
    if not figure.kind and figure.value == "0" and "percent" in named.metric.units:
        figure = replace(figure, kind="percent")
    if not figure.kind or not named.indicators:
        return
    counted = any(level.name == named for level in walk.levels)
    if counted and _MILESTONE.search(lead):
        return
    near = named.start >= max(walk.clause, walk.figure_end) and named.end <= figure.start
    lead = walk.added_before(named) + lead
    for reading in readings(walk.known, named, figure, lead, compared=walk.clock.compared, counted=counted):
        unless = reading.indicator.unless
        if unless and unless.search(walk.sentence.text, max(walk.clause, walk.figure_end), figure.start):
            continue
        for when, looks_back in dated(
            walk, named, reading, figure, lead, time, _ALL_OF_THEM.search(lead) is not None
        ):
            if reading.indicator.annual and when.part and not named.annual:
                continue
            goal = walk.sentence.text[max(walk.clause, walk.figure_end, named.start - 6) : named.end] if near else ""
            after = walk.sentence.text[figure.end : figure.end + 12]
            local = local_target(goal + lead, after, figure.kind, walk.opened_after)
            if "规划" in local and not walk.clock.ahead(when):
                when = walk.clock.plan if reading.indicator.flow and walk.clock.plan.last else walk.clock.goal
            if reading.indicator.flow and walk.clock.until and walk.clock.ahead(when) and when.single:
                when = walk.clock.plan if walk.clock.plan.last == when.last else Time(source="unknown")
                looks_back = False
                local = local or "到"
            now = walk.clock.written.year
            if local and when.last is None and now is not None and when.source != "unknown":
                when = Time(now, now, when.part, "published")
            aimed = bool(local) or walk.aims(when, looks_back=looks_back)
            more = ("subject_carried",) if named.carried_subject and named.metric.short else ()
            yield Claim(
                figure, reading, named, when, aimed, walk.scope(named, figure, when), reasons + more
            )
