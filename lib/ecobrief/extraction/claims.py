"""What a figure says under a name: indicator, time, whether it is aimed at, scope."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from ecobrief.extraction.dating import dated
from ecobrief.extraction.kinds import local_target
from ecobrief.extraction.mentions import Mention, Reading, readings
from ecobrief.extraction.quantities import Figure
from ecobrief.extraction.timeline import Time
from ecobrief.extraction.walk import Claim, Walk

ALL_OF_THEM = re.compile(r"均|都|皆|同为|同样|全部|双双|一律|同是|也是")
_MILESTONE = re.compile(r"首次?(?:突破|超过|跨过|迈过|降至|进入)[^，。；]{0,6}$|[突迈]破[^，。；]{0,2}$")


def claimed(
    walk: Walk, named: Mention, figure: Figure, lead: str, reasons: tuple[str, ...], time: Time | None = None
) -> Iterator[Claim]:
    """Every claim of a figure under a name; none where its unit does not fit or it only repeats a level (首次突破300天).

    `lead` is what stands between the name, or the beginning of the clause, and the figure; `time` is given where it is known.
    """
    if not figure.kind and figure.value == "0" and "percent" in named.metric.units:
        figure = replace(figure, kind="percent")
    counted = any(level.name == named for level in walk.levels)
    if not figure.kind or not named.indicators or (counted and _MILESTONE.search(lead)):
        return
    start = max(walk.clause, walk.figure_end)
    near = start <= named.start and named.end <= figure.start
    named_before = walk.sentence.text[max(start, named.start - 6) : named.end] if near else ""
    lead = walk.added_before(named) + lead
    after = walk.sentence.text[figure.end : figure.end + 12]
    goal = local_target(named_before + lead, after, figure.kind, walk.opened_after)
    all_of_them = ALL_OF_THEM.search(lead) is not None
    more = ("subject_carried",) if named.carried_subject and named.metric.short else ()
    for reading in readings(walk.known, named, figure, lead, compared=walk.clock.compared, counted=counted):
        unless = reading.indicator.unless
        if unless and unless.search(walk.sentence.text, start, figure.start):
            continue
        for at, looks_back in dated(walk, named, reading, figure, lead, time, all_of_them):
            if reading.indicator.annual and at.part and not named.annual:
                continue
            when = _of_goal(walk, reading, at, goal)
            total = when is not at and not goal
            aimed = bool(goal) or total or walk.aims(when, looks_back=looks_back)
            unsure = ("kind_by_year",) if walk.unsure(when, told=bool(goal)) else ()
            scope = walk.scope(named, figure, when)
            yield Claim(figure, reading, named, when, aimed, scope, reasons + more + unsure)


def _of_goal(walk: Walk, reading: Reading, at: Time, goal: str) -> Time:
    """The year of a goal: the last of its plan; what flows until then is of all its years, or of years that are not said."""
    clock, flow = walk.clock, reading.indicator.flow
    if "规划" in goal and not clock.ahead(at):
        at = clock.plan if flow and clock.plan.last else clock.goal
    if flow and clock.until and clock.ahead(at) and at.single:
        at = clock.plan if clock.plan.last == at.last else Time(source="unknown")
    now = clock.written.year
    if goal and at.last is None and now is not None and at.source != "unknown":
        return Time(now, now, at.part, "published")
    return at
