"""Figures in a row: one for each name after 分别, one for each year, or several of one name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from ecobrief.extraction.claims import claims
from ecobrief.extraction.mentions import Mention
from ecobrief.extraction.periods import Time
from ecobrief.extraction.quantities import Figure
from ecobrief.extraction.walk import LIST_LIMIT, Claim, Walk, valued

IN_TURN = re.compile(r"分别|依次|各为|各达|分列")
_NEXT_IN_LIST = re.compile(r"(?:（[^（）]{0,20}）)?(?:，?以?[、和与及]|，)")


def in_turn(walk: Walk, number: int, chain: list[Mention], lead: str) -> Iterator[Claim]:
    """The claims of the row that begins with token `number`, after 分别; a row that fits nothing is left alone."""
    row = _row(walk, number)
    walk.taken = walk.figure_end = row[-1].end
    walk.chain = []
    before = walk.valued[-len(row) :]
    times: list[Time | None] = list(_times(walk, len(row)))
    if walk.in_clause and chain:
        if len(chain) == len(row):
            for named, figure in zip(chain, row, strict=True):
                yield from claims(walk, named, figure, lead, ("in_turn",))
                valued(walk, named, walk.time)
        elif len(chain) == 1 and "、" not in chain[0].name:
            for time, figure in zip(times or [None] * len(row), row, strict=True):
                yield from claims(walk, chain[0], figure, lead, ("in_turn", "one_name"), time)
    elif walk.mention and len(row) > 1 and times:
        for time, figure in zip(times, row, strict=True):
            yield from claims(walk, walk.mention, figure, lead, ("in_turn",), time)
    elif walk.mention and len(chain) <= 1 and row[0].kind in walk.mention.metric.units and not before:
        for figure in row:
            yield from claims(walk, walk.mention, figure, lead, ("in_turn", "one_name"))
    elif len(before) == len(row):
        for (named, time), figure in zip(before, row, strict=True):
            yield from claims(walk, named, figure, lead, ("in_turn", "carried"), time)


def _times(walk: Walk, count: int) -> list[Time]:
    """As many years as there are figures, where so many were named one by one or as a range."""
    time = walk.time
    if len(walk.times) == count:
        return [one for one, _ in walk.times]
    if time.first is not None and time.last is not None and time.last - time.first + 1 == count > 1:
        return [replace(time, first=year, last=year) for year in range(time.first, time.last + 1)]
    return []


def _row(walk: Walk, number: int) -> list[Figure]:
    """The figures that follow one another with nothing but commas between; a unit printed once is of all."""
    row: list[Figure] = []
    for token in walk.sentence.tokens[number : number + 4 * LIST_LIMIT]:
        if not isinstance(token.what, Figure):
            continue
        if row and not _NEXT_IN_LIST.fullmatch(walk.text[row[-1].end : token.start]):
            break
        row.append(token.what)
    last = row[-1]
    return [one if one.kind else replace(one, unit=last.unit, kind=last.kind) for one in row]
