"""When a figure was: the time its sentence is at, or the time it is compared with, or an earlier one on the way to another."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from ecobrief.extraction.mentions import Mention, Reading
from ecobrief.extraction.quantities import Figure
from ecobrief.extraction.timeline import Time
from ecobrief.extraction.walk import Walk

_WAY = re.compile(r"[由从](?![此而])[^，。；、]{0,8}$")
_KEPT_UP = re.compile("维持|保持|稳定|每年|平均|均|长年|常年|历年|连续")
_AGAINST = re.compile(r"(?:同期|同月|末|底|年底|全年|实绩)?(?:的|为|是|（)?$")
_YEARLY = re.compile("同比|上年|上一年")
_CARRIED = ("carried", "sentence_before")


def dated(
    walk: Walk,
    named: Mention,
    reading: Reading,
    figure: Figure,
    lead: str,
    time: Time | None,
    all_of_them: bool,
) -> Iterator[tuple[Time, bool]]:
    """Every time that a figure is of, with whether it looks back from the time of its sentence."""
    clock = walk.clock
    if time is not None:
        yield time, False
        return
    if (
        not reading.sign
        and clock.against is not None
        and _AGAINST.fullmatch(walk.sentence.text, clock.against_end, figure.start)
    ):
        yield _settled(walk, reading, clock.against, lead), True
        return
    if clock.once is not None and not reading.sign:
        yield clock.once, True
        return
    if len(clock.times) > 1 and (all_of_them or _shared_before(walk, named)):
        for one, _ in clock.times:
            yield one, False
        return
    change = clock.passing == "back" and reading.sign != 0
    at = clock.main if change else clock.here
    if _WAY.search(lead) and not reading.sign:
        yield _before(walk, at), True
        return
    yield _settled(walk, reading, at, lead), bool(clock.passing) and not change


def _shared_before(walk: Walk, named: Mention) -> bool:
    """Whether the figure before was of several years, so that what is said of it is too (均为91.7%，超过目标8.4个百分点)."""
    before = [level.time for level in walk.latest if level.name == named]
    return len(before) > 1 and before == [time for time, _ in walk.clock.times]


def _settled(walk: Walk, reading: Reading, at: Time, lead: str) -> Time:
    """A level is of the last year of a period, unless it kept up; what flows is of all of it."""
    said = not reading.sign and not _KEPT_UP.search(lead)
    if at.first != at.last and not reading.indicator.flow and (said or at.source == "counted"):
        return replace(at, first=at.last)
    return at


def _before(walk: Walk, at: Time) -> Time:
    """When the first of two values of a way (由A到B) was, if it is not said: at the start of a period (of a plan,
    the year before), else not known."""
    if walk.clock.against is not None:
        return walk.clock.against
    if walk.clock.ahead(at) or at.first is None:
        return Time(source="unknown")
    if not at.single:
        plan = at.last is not None and at.first % 5 == 1 and at.last - at.first == 4
        planned = plan or at.source == "counted"
        return replace(at, first=at.first - planned, last=at.first - planned)
    if _YEARLY.search(walk.sentence.text, walk.sentence.start, walk.sentence.end) or walk.yearly:
        return replace(at, first=at.first - 1, last=at.first - 1)
    return Time(source="unknown")
