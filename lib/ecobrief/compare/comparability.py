"""What two readings may be used for together: comparable, comparable with caveats, or not comparable.

A verdict comes with its reasons. Each rule below looks at one thing and returns a reason or none; a *bar* makes two readings
not comparable, a *caveat* leaves them on one axis without ranks. An unstated attribute equals nothing, not even another
unstated one. What a rule needs of a reading is its `Basis`, so that thousands of readings with few bases are judged once
for each pair of bases.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, NamedTuple

from ecobrief.datapackage import DataPackage
from ecobrief.wording import Message, msg

Verdict = Literal["comparable", "with_caveats", "not_comparable"]
VERDICTS: tuple[Verdict, ...] = ("comparable", "with_caveats", "not_comparable")
"""From the best to the worst."""

UNSTATED = frozenset({"", "not_stated", "none_stated"})
"""What says that an attribute is not known; two of them are not equal."""
WHOLE_PLACE = ""
ATTRIBUTE_NAMES = {
    "definition_version": msg("definition"),
    "network": msg("monitoring network"),
    "adjustment": msg("adjustment"),
    "denominator": msg("denominator"),
}


class Yardstick(NamedTuple):
    """What an indicator asks of two readings before they are compared."""

    indicator_id: str
    extensive: bool
    flow: bool
    tolerance_years: int
    attributes: tuple[str, ...]


class Basis(NamedTuple):
    """What a reading rests on, as far as comparing goes."""

    numeric: bool
    approximate: bool
    period: str
    place: str
    scope: str
    attributes: tuple[str, ...]


@dataclass(frozen=True)
class Reason:
    """Why two readings do not, or not fully, compare. `code` is for machines, `message` for people."""

    code: str
    bar: bool
    message: Message


def yardstick(package: DataPackage, indicator_id: str) -> Yardstick:
    """
    Raises:
        KeyError: no such indicator.
    """

    def made() -> Yardstick:
        row = package.record("indicators", indicator_id)
        return Yardstick(
            indicator_id,
            row.extensive == "yes",
            row.stock_or_flow == "flow",
            int(row.period_tolerance_years),
            tuple(filter(None, row.comparable_on.split(";"))),
        )

    return package.kept(("yardstick", indicator_id), made)


def basis(reading: Any, by: Yardstick) -> Basis:
    """The basis of a row of `readings` (a named tuple or Series)."""
    return Basis(
        not math.isnan(reading.canonical_value),
        reading.qualifier == "about",
        reading.period,
        reading.place,
        reading.scope_printed,
        tuple([getattr(reading, attribute) for attribute in by.attributes]),
    )


@cache
def judge(one: Basis, other: Basis, by: Yardstick) -> tuple[Verdict, tuple[Reason, ...]]:
    """The verdict on two readings of one indicator, with every reason; the bars come first."""
    reasons = sorted(
        (reason for rule in RULES for reason in rule(one, other, by)), key=lambda reason: not reason.bar
    )
    if any(reason.bar for reason in reasons):
        return "not_comparable", tuple(reasons)
    return ("with_caveats" if reasons else "comparable"), tuple(reasons)


def own_reasons(one: Basis, by: Yardstick) -> tuple[Reason, ...]:
    """What keeps a reading from full comparability whatever it is set beside."""
    return judge(one, one, by)[1]


# --- rules -------------------------------------------------------------------------------------------------------

Rule = Callable[[Basis, Basis, Yardstick], Iterator[Reason]]


def both_are_numbers(one: Basis, other: Basis, by: Yardstick) -> Iterator[Reason]:
    if not (one.numeric and other.numeric):
        yield Reason("words_only", True, msg("no number is printed"))


def neither_grows_with_the_place(one: Basis, other: Basis, by: Yardstick) -> Iterator[Reason]:
    if by.extensive:
        yield Reason("extensive", True, msg("the quantity grows with the size of the place"))


def both_cover_the_whole_place(one: Basis, other: Basis, by: Yardstick) -> Iterator[Reason]:
    for part in sorted({one.place, other.place} - {WHOLE_PLACE}):
        yield Reason("part_of_place", True, msg("covers {part} only", part=part))


def both_are_dated(one: Basis, other: Basis, by: Yardstick) -> Iterator[Reason]:
    if not (one.period and other.period):
        yield Reason("undated", True, msg("the year is not stated"))


def periods_match(one: Basis, other: Basis, by: Yardstick) -> Iterator[Reason]:
    """Flows and ratios need equal periods; stocks may differ by the indicator's tolerance, with a caveat."""
    if not (one.period and other.period) or one.period == other.period:
        return
    years_apart = abs(last_year(one.period) - last_year(other.period))
    barred = by.flow or years_apart > by.tolerance_years
    first, second = sorted((one.period, other.period))
    yield Reason(
        "periods_differ", barred, msg("the periods differ ({first} and {second})", first=first, second=second)
    )


def last_year(period: str) -> int:
    """The year in which a period ends."""
    return int(period.rpartition("/")[2][:4])


def attributes_match(one: Basis, other: Basis, by: Yardstick) -> Iterator[Reason]:
    """Stated attributes must be equal; an unstated one equals nothing."""
    for attribute, ours, theirs in zip(by.attributes, one.attributes, other.attributes, strict=True):
        name = ATTRIBUTE_NAMES[attribute]
        if ours in UNSTATED or theirs in UNSTATED:
            yield Reason(f"{attribute}_unstated", False, msg("the {attribute} is not stated", attribute=name))
        elif ours != theirs:
            yield Reason(f"{attribute}_differs", True, msg("the {attribute} differs", attribute=name))


def scopes_are_worded_alike(one: Basis, other: Basis, by: Yardstick) -> Iterator[Reason]:
    """Where the network is not stated, the words tell what was monitored: 全市 and 中心城区 usually rest on the same
    sites, so that a difference is a caveat and no bar."""
    if "network" not in by.attributes:
        return
    ours, theirs = (each.attributes[by.attributes.index("network")] for each in (one, other))
    network_known = ours == theirs and ours not in UNSTATED
    if not network_known and one.scope and other.scope and one.scope != other.scope:
        yield Reason("scopes_differ", False, msg("the scopes are worded differently"))


def neither_is_approximate(one: Basis, other: Basis, by: Yardstick) -> Iterator[Reason]:
    if one.approximate or other.approximate:
        yield Reason("approximate", False, msg("a value is approximate"))


RULES: tuple[Rule, ...] = (
    both_are_numbers,
    neither_grows_with_the_place,
    both_cover_the_whole_place,
    both_are_dated,
    periods_match,
    attributes_match,
    scopes_are_worded_alike,
    neither_is_approximate,
)
