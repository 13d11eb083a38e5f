"""What follows from a judged candidate: its measure, its attributes, its number as printed, and whether two figures are one."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal, InvalidOperation
from typing import Any

from ecobrief import provenance, units
from ecobrief.extraction import extent
from ecobrief.extraction.sheet import Row
from ecobrief.extraction.surroundings import Surroundings

_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?")
RELATIVE = re.compile("去年|上年|今年|本年|同期|同比|当年|年内|前年")
"""Words that tell a year by that of the text."""
_COMPARED_YEAR = re.compile(r"[比较与同](?:“[^”]*”末的?)?(?<!\d)((?:19|20)\d\d)年?")
_PLAN_YEAR = re.compile("[比较与同][^，。；]{0,6}十([一二三四])五[”’]?(?:时期|期间|规划)?期?末")
"""The last year of a five-year plan: 十二五末 is 2015."""
_LAST_YEAR = re.compile("同比|[比较与同](?:上一?年|去年|上年度|前一年)|(?:上|去)年同期")
_MAINTAINED = re.compile("(?:保持|维持|稳定|不减少|不降低)[^，。；]{0,6}$")
_CUMULATIVE = re.compile("累计|共计|总计|合计")


class Misfit(Exception):
    """What is wrong with a row: column, value, rule and hint."""

    def __init__(self, column: str, value: str, rule: str, hint: str = ""):
        super().__init__(rule)
        self.told = (column, value, rule, hint)


def attributes(indicator: Any, printed: str) -> Row:
    """Network, denominator and adjustment: what the scope says of them, else that it is not stated."""
    asked = indicator.comparable_on.split(";")
    share = indicator.unit == "percent"
    row = {
        "network": "not_stated" if "network" in asked else "not_applicable",
        "denominator": "not_stated" if share or "denominator" in asked else "not_applicable",
        "adjustment": "none_stated" if "adjustment" in asked else "not_applicable",
    }
    said = extent.attributes(printed, indicator.family)
    return row | {name: code for name, code in said.items() if row[name] != "not_applicable"}


def measure(kind: str, cells: Row, indicator: Any, around: Surroundings) -> str:
    """Level, cumulative amount or change; an amount over several years is cumulative."""
    if kind == "change" or (indicator.unit == "percent" and "百分点" in cells["unit"]):
        return "change"
    adds_up = indicator.extensive == "yes" and indicator.stock_or_flow == "flow"
    several = bool(extent.YEARS.fullmatch(cells["year"].strip()))
    counted = _CUMULATIVE.search(cells["scope"]) or _CUMULATIVE.search(around.before[-12:])
    return "cumulative" if adds_up and (several or counted) else "level"


def compared_with(cells: Row, period: str, around: Surroundings) -> str:
    """The year that a change is measured from, by the words before it."""
    before = around.before
    named = [(found.start(), found[1]) for found in _COMPARED_YEAR.finditer(before)]
    named += [
        (found.start(), str(2005 + 5 * ("一二三四".index(found[1]) + 1)))
        for found in _PLAN_YEAR.finditer(before)
    ]
    if period[:4].isdigit():
        year_before = str(int(period[:4]) - 1)
        named += [(found.start(), year_before) for found in _LAST_YEAR.finditer(before)]
    if not named:
        hint = "Its sentence names no year that it is compared with; enter it by hand (docs/data.md)."
        raise Misfit("kind", cells["kind"], "cannot be entered as a change", hint)
    return max(named)[1]


def target(measured: str, around: Surroundings) -> Row:
    """The row of targets.csv of a target."""
    binding, expected = (word in around.said for word in ("约束性", "预期性"))
    kind = "not_stated" if binding == expected else "binding" if binding else "expected"
    form = "maintain" if _MAINTAINED.search(around.before) else "reach"
    cumulative = measured == "cumulative"
    return {
        "target_type": kind,
        "target_form": "cumulative" if cumulative else form,
        "baseline_observation_id": "",
    }


def numbers(printed: str) -> list[Decimal] | None:
    """What a cell stands for: a number or the ends of a range; None where it is neither."""
    bare = unicodedata.normalize("NFKC", printed).strip().replace(",", "").rstrip("%").strip()
    ends = re.fullmatch(r"([+-]?\d+(?:\.\d+)?)(?:\s*[-~–—]\s*(\d+(?:\.\d+)?))?", bare)
    try:
        return [Decimal(end) for end in ends.groups() if end] if ends else None
    except InvalidOperation:
        return None


def is_equal(one: str, other: str) -> bool:
    ends = numbers(one)
    return one.strip() == other or (ends is not None and ends == numbers(other))


def is_same(cell: str, there: str) -> bool:
    """Whether a cell is that evidence; a spreadsheet changes line ends and the zeros of what it takes for a number."""
    return "".join(cell.split()) == "".join(there.split()) or is_equal(cell, there)


def printed_value(corrected: str, read: str, evidence: str) -> str:
    """The corrected number with the digits that the evidence prints.

    Raises:
        Misfit: it is no number, or not printed.
    """
    ends = numbers(corrected)
    if ends is None:
        hint = "Write digits: 76.30, -3.2, 77.0-91.0."
        raise Misfit("corrected_value", corrected, "is no number", hint)
    if is_equal(corrected, read):
        return read
    bare = re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", "".join(unicodedata.normalize("NFKC", evidence).split()))
    there = [found[0].lstrip("+-") for found in _NUMBER.finditer(bare)]
    digits = []
    for number in ends:
        as_printed = [one for one in there if Decimal(one) == abs(number)]
        plainly = str(abs(number))
        if not as_printed and not provenance.prints_number(evidence, plainly):
            hint = "Only what the span prints can be entered; reject the row and enter the figure by hand (docs/data.md)."
            raise Misfit("corrected_value", corrected, f"is not printed in {evidence!r}", hint)
        digits.append(("-" if number < 0 else "") + (as_printed[0] if as_printed else plainly))
    return "-".join(digits)


def is_same_quantity(one: Row, other: Row) -> bool:
    """Whether two figures have the same value, in whatever units."""
    ours, theirs = numbers(one["value"]), numbers(other["value"])
    if ours is None or theirs is None or len(ours) != len(theirs):
        return False
    own, their = (row["unit_read"] or row["unit"] for row in (one, other))
    try:
        scale = units.factor(own, their)
    except units.UnknownUnit:
        return False
    return all(ours[end] * scale == theirs[end] for end in range(len(ours)))
