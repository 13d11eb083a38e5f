"""What is claimed with a figure once its name is known: the indicator, the time, whether it is aimed at, the scope."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from ecobrief.extraction import numerals, scopes
from ecobrief.extraction.mentions import Mention, readings
from ecobrief.extraction.periods import Time
from ecobrief.extraction.quantities import Figure
from ecobrief.extraction.walk import WINDOW, Claim, Walk

FULL_NAMES = re.compile(r"均|都|皆|同为|同样|全部|双双")
_KEPT_UP = re.compile("维持|保持|稳定|每年|平均|均")
_WAY = re.compile(r"[由从][^，。；]{0,8}$")
_ADDED = re.compile("(?:新增|净增|增加|减少|净减少)(?:了)?$")
_SO_MANY_YEARS = re.compile(
    r"(?<![\d第])(?P<years>[2-9]|十|[二两三四五六七八九])年(?:来|间|共|累计|总|完成|投|新)"
)
_SET_LIMIT = 5
_TASK_DONE = re.compile("完成|实施|超额|落实")


def claims(
    walk: Walk, named: Mention, figure: Figure, lead: str, reasons: tuple[str, ...], time: Time | None = None
) -> Iterator[Claim]:
    """The claims of a figure under a name: none where the unit does not fit, several for several indicators or years.

    `lead` is what stands before the figure since the name, the break or the figure before it; `time` overrides that of the walk.
    """
    if (
        not figure.kind
        and figure.value == "0"
        and "比" in named.name
        and re.search("[为到至比率例]$", named.name + lead)
    ):
        figure = replace(figure, kind="percent")
    if not figure.kind:
        return
    lead = _added_before(walk, named) + lead
    counted = any(level.name == named for level in walk.latest)
    more = ("subject_carried",) if named.carried_subject and named.metric.short else ()
    for reading in readings(walk.known, named, figure, lead, compared=walk.compared, counted=counted):
        for said in [time] if time else _times(walk, named, lead, carried="carried" in reasons):
            if reading.indicator.annual and said.part and not named.annual:
                continue
            when = _years_long(walk, named, said) if reading.indicator.flow else said
            if (
                said.first != said.last
                and not reading.indicator.flow
                and not reading.sign
                and not _KEPT_UP.search(lead)
            ):
                when = replace(said, first=said.last)
            if _WAY.search(lead) and not reading.sign and walk.time_after is None:
                when = _before(walk, when)
            aimed = walk.aimed or ("carried" not in reasons and _task(walk, named))
            yield Claim(
                figure, reading, named, when, aimed, _scope(walk, named, figure, when), reasons + more
            )


def _times(walk: Walk, named: Mention, lead: str, *, carried: bool) -> list[Time]:
    """The years of a figure: several where 均 follows several, and for a change of a level that had several."""
    if len(walk.times) > 1 and FULL_NAMES.search(lead):
        return [time for time, _ in walk.times]
    if (
        carried
        and len(walk.latest) > 1
        and (times := [level.time for level in walk.latest if level.name == named])
    ):
        return list(dict.fromkeys(times))
    return [walk.time]


def _years_long(walk: Walk, named: Mention, time: Time) -> Time:
    """The years up to a year just stated that a flow was counted over: 五年完成营造林126万亩."""
    said = _SO_MANY_YEARS.search(walk.text[max(walk.clause, named.start - 16) : named.end])
    if said is None or time.last is None or time.first != time.last or time.source != "stated":
        return time
    years = int(said["years"]) if said["years"].isascii() else numerals.whole(said["years"]) or 1
    return replace(time, first=time.last - years + 1)


def _before(walk: Walk, time: Time) -> Time:
    """When the first of two values of a way (由A到B) was: at the time compared with, or before a plan period began."""
    if walk.compared_with is not None:
        return walk.compared_with
    if walk.time.first is not None and walk.time.first != walk.time.last:
        return replace(time, first=walk.time.first - 1, last=walk.time.first - 1)
    return time


def _added_before(walk: Walk, named: Mention) -> str:
    """新增 and the like where they stand before a name (净增森林面积5万亩), as if they stood before its figure."""
    if not named.indicators or named.indicators[0].flow:
        return ""
    added = _ADDED.search(walk.text[max(walk.clause, named.start - 6) : named.start])
    return added[0] if added else ""


def _task(walk: Walk, named: Mention) -> bool:
    """Whether a name speaks of what is to be done (造林任务) and not of its being done."""
    before = walk.text[max(walk.clause, named.start - 10) : named.start]
    return named.name.endswith("任务") and not _TASK_DONE.search(before)


def _scope(walk: Walk, named: Mention, figure: Figure, time: Time) -> str:
    place = walk.place_before(min(named.start, figure.start)) or walk.place_before(figure.start) or walk.place
    ends = walk.known.sets.get(named.indicators[0].subject)
    if ends is None:
        return scopes.scope(place, "", time.part)
    own = ends.search(named.name, 0, _SET_LIMIT)
    end = min(named.start + (own.end() if own else 0), figure.start)
    said = walk.text[max(walk.sentence.start, end - 2 * WINDOW) : end]
    return scopes.scope(place, scopes.network(said, ends), time.part)
