"""A figure whose clause names nothing: of the last name, where nothing strange stands between."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ecobrief.extraction import between, scopes
from ecobrief.extraction.claims import claimed
from ecobrief.extraction.elsewhere import IN_TURN
from ecobrief.extraction.kinds import has_change, local_target
from ecobrief.extraction.mentions import Mention
from ecobrief.extraction.quantities import Figure
from ecobrief.extraction.walk import Claim, Walk

_ANAPHOR = re.compile("(?:这个|这一|该|此|这[一]?项)(?:数字|比例|指标|数据|数值|比率|数)")
_SHARE_OF = re.compile(r"(?P<of>[^，。；：、（）|]{0,16})的$")
_NATURAL_WHOLE = re.compile(
    r"断面(?:总?个?数)?$|点位(?:总?数)?$|天数$|日数$|监测$|有效$|面积$|国土$|陆域$|期$|平均$|年$|月$|半年$|季度$|末$"
)
_PART_OF = re.compile(
    r"占|完成|相当于|达到?(?:全年|年度|计划)|为(?:全年|年度)|是(?:全年|年度|下达)|任务|计划|目标"
)


_REST = re.compile("(?:其余|余下|剩余|剩下|另有|另外|还有)的?约?$")
_OTHER_DAYS = re.compile(
    "(?:空气)?(?:质量)?(?:出现|发生|达到|属于?|为)?(?:超标|不达标|未达标|[轻中重]度|严重|污染|沙尘|缺测|无效|优(?!良|、|和|或|于)|良)"
)


def carried(walk: Walk, row: list[Figure], lead: str) -> Iterator[Claim]:
    """A row whose clause names nothing: of the last name, where nothing strange stands between."""
    named, reason = _source(walk, row)
    if named is None or share_of_other(walk, None, row[0]):
        return
    if _REST.search(lead) or (row[0].kind == "days" and _OTHER_DAYS.match(walk.sentence.text, row[0].end)):
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
        yield from claimed(walk, named, one, lead, reasons, times[at] if times else None)


def _tied(walk: Walk, row: list[Figure], lead: str) -> bool:
    """Whether a sentence without a name goes on about the one before: of another year, of other places, or by saying so."""
    if walk.clock.stated or _ANAPHOR.search(lead):
        return len(row) == 1
    start = walk.sentence.start
    placed = scopes.place(lead) or (
        row[0].start - start < 60 and scopes.place(walk.sentence.text[start : row[0].start])
    )
    return bool(placed) and (len(row) == 1 or bool(IN_TURN.search(lead)))


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


def share_of_other(walk: Walk, named: Mention | None, figure: Figure) -> bool:
    """Whether a percentage is a part of something that is no whole of its indicator (年度计划的72.5%)."""
    if figure.kind != "percent":
        return False
    start = max(walk.figure_end, walk.clause, named.end if named else 0)
    found = _SHARE_OF.search(walk.sentence.text, min(start, figure.start), figure.start)
    if not found:
        return start == walk.figure_end and walk.sentence.text[start : figure.start] == "的"
    whole = found["of"]
    return not _NATURAL_WHOLE.search(whole) and bool(_PART_OF.search(whole) or not whole)
