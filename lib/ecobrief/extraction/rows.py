"""Rows of figures: those that follow one another with nothing but commas between (18.4%、20.1%和22%)."""

from __future__ import annotations

import re
from dataclasses import replace

from ecobrief.extraction.lexicon import Metric, Subject
from ecobrief.extraction.periods import Period
from ecobrief.extraction.quantities import Figure
from ecobrief.extraction.sentences import Sentence

_NEXT_IN_ROW = re.compile(r"(?:（[^（）]{0,20}）)?(?:，?以?[、和与及]|，)")
LIMIT = 24


def row(sentence: Sentence, number: int) -> list[Figure]:
    """The row that begins with token `number`; a unit printed once is of all."""
    found: list[Figure] = []
    for token in sentence.tokens[number : number + 4 * LIMIT]:
        if found and isinstance(token.what, Metric | Subject | Period):
            break
        if not isinstance(token.what, Figure):
            continue
        if found and not _goes_on(found[-1], sentence.text[found[-1].end : token.start], token.what):
            break
        found.append(token.what)
    while len(found) > 1 and not found[-1].kind:
        found.pop()
    last = found[-1]
    return [
        one if one.kind else replace(one, unit=_whole_unit(one.unit, last.unit), kind=last.kind)
        for one in found
    ]


def _goes_on(one: Figure, between: str, other: Figure) -> bool:
    if not _NEXT_IN_ROW.fullmatch(between):
        return False
    return "，" not in between or (one.kind == other.kind and one.kind not in ("", "money"))


def _whole_unit(scale: str, unit: str) -> str:
    """1703万、2291万立方米: the myriads of a figure with the unit of the row."""
    return unit if not scale or unit.startswith(scale) else scale + unit
