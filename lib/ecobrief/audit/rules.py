"""What each kind of identity computes from its figures, and how it says so. One small rule for each kind, in `RULES`.

A rule gives a `Claim`: what is printed, what the other figures make of it, and how the two should be related. Whether they
are is for `findings` to say.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from operator import sub, truediv
from typing import Literal

from ecobrief import interval, units
from ecobrief.audit.quantities import Quantity, Reader, computed, exactly
from ecobrief.interval import Meaning
from ecobrief.wording import Message, amounts, joined, msg

HUNDRED = Decimal(100)
LARGEST = 10_000
"""Whole numbers up to this are tried; every share with two decimals fits one of them."""
SHOWN = 4
"""How many of the whole numbers that fit are named."""


@dataclass(frozen=True)
class Claim:
    """printed and computed should be equal, or the printed one at most the computed one; both in `unit`.

    sentence: the computation in words, with the computed amount.
    """

    printed: Quantity
    computed: Meaning
    sentence: Message
    relation: Literal["equal", "at_most"] = "equal"

    def holds(self, *, fine: bool) -> bool:
        """Whether some values that the digits stand for are related as they should be."""
        name = "fine" if fine else "coarse"
        printed, made = getattr(self.printed.meaning, name), getattr(self.computed, name)
        return not made.below(printed) if self.relation == "at_most" else printed.overlaps(made)


def _quotient(result: str, part: str, whole: str) -> Callable[[Reader], Claim]:
    def rule(read: Reader) -> Claim:
        printed, numerator, denominator = read.one(result), read.one(part), read.one(whole)
        scale = units.factor_of_quotient(numerator.unit, denominator.unit, printed.unit)
        made = _scaled(computed(truediv, numerator, denominator), scale)
        sentence = msg(
            "{part} over {whole} is {computed}; {printed} is printed.",
            part=numerator.shown,
            whole=denominator.shown,
            computed=amount(made.point, printed),
            printed=printed.shown,
        )
        return Claim(printed, made, sentence)

    return rule


def sum_of_parts(read: Reader) -> Claim:
    total = read.one("total")
    parts = read.one("parts", total.unit)
    sentence = msg(
        "{parts} makes {computed}; {printed} is printed.",
        parts=parts.shown,
        computed=amount(parts.meaning.point, total),
        printed=total.shown,
    )
    return Claim(total, parts.meaning, sentence)


def shares_of_whole(read: Reader) -> Claim:
    shares = read.one("shares")
    whole = Quantity(exactly(HUNDRED), shares.unit, amounts.amount("100", shares.unit))
    sentence = msg(
        "{parts} makes {computed}; the shares of a whole make {printed}.",
        parts=shares.shown,
        computed=amount(shares.meaning.point, shares),
        printed=whole.shown,
    )
    return Claim(whole, shares.meaning, sentence)


def equal_in_other_units(read: Reader) -> Claim:
    first = read.one("first")
    second = read.one("second", first.unit)
    sentence = msg(
        "{second} is {computed}; {printed} is printed.",
        second=second.shown,
        computed=amount(second.meaning.point, first),
        printed=first.shown,
    )
    return Claim(first, second.meaning, sentence)


def one_fact(read: Reader) -> Claim:
    first = read.one("first")
    second = read.one("second", first.unit)
    sentence = msg(
        "Of one fact {first} is printed in one place and {second} in another.",
        first=first.shown,
        second=second.shown,
    )
    return Claim(first, second.meaning, sentence)


def count_of_list(read: Reader) -> Claim:
    """A list that the text breaks off (等) names at most as many as are counted."""
    count, listing = read.one("count"), read.listing("list")
    named = exactly(len(listing))
    shown = amount(named.point, count)
    if (listing["open"] == "yes").any():
        sentence = msg(
            "The list, which breaks off, names {named}; {printed} is printed.",
            named=shown,
            printed=count.shown,
        )
        return Claim(Quantity(named, count.unit, shown), count.meaning, sentence, "at_most")
    sentence = msg("The list names {named}; {printed} is printed.", named=shown, printed=count.shown)
    return Claim(count, named, sentence)


def order(read: Reader) -> Claim:
    if "range" in read.roles:
        lower, higher = _ends(read)
        sentence = msg(
            "The range {lower}–{higher} should begin with its lower end.",
            lower=lower.shown,
            higher=higher.shown,
        )
    else:
        lower = read.one("lower")
        higher = read.one("higher", lower.unit)
        sentence = msg("{lower} should be no more than {higher}.", lower=lower.shown, higher=higher.shown)
    return Claim(lower, higher.meaning, sentence, "at_most")


def _ends(read: Reader) -> tuple[Quantity, Quantity]:
    unit = read.unit("range")
    counted = units.counts_whole_things(unit)
    first, second = interval.range_ends(read.figure("range")["value"])
    return (
        Quantity(interval.meaning(first, "exact", counted=counted), unit, first),
        Quantity(interval.meaning(second, "exact", counted=counted), unit, amounts.amount(second, unit)),
    )


def change(read: Reader) -> Claim:
    printed = read.one("change")
    later, earlier = read.one("later", printed.unit), read.one("earlier", printed.unit)
    made = computed(sub, later, earlier)
    sentence = msg(
        "From {earlier} to {later} is a change of {computed}; {printed} is printed.",
        earlier=earlier.shown,
        later=later.shown,
        computed=amount(made.point, printed),
        printed=printed.shown,
    )
    return Claim(printed, made, sentence)


def days_and_ratio(read: Reader) -> Claim:
    """HJ 633 leaves days without valid data out of the count, so that the ratio may rest on any number of valid days."""
    days, ratio = read.one("days", "day"), read.one("ratio", "percent")
    year = read.figure("days")["period"]
    longest = 366 if not year or calendar.isleap(int(year[:4])) else 365
    good = int(days.meaning.point)
    fitting, nearest = _whole_numbers(((good, valid) for valid in range(max(good, 1), longest + 1)), ratio)
    if fitting:
        sentence = msg(
            "{days} are {ratio} of {numbers} valid days.",
            days=days.shown,
            ratio=ratio.shown,
            numbers=_numbers([valid for _, valid in fitting]),
        )
    else:
        sentence = msg(
            "{days} of {valid} are {computed}; no whole number of valid days makes {printed}.",
            days=days.shown,
            valid=nearest[1],
            computed=amount(_share(nearest), ratio),
            printed=ratio.shown,
        )
    return Claim(ratio, exactly(_share(nearest)), sentence)


def whole_numbers(read: Reader) -> Claim:
    """Which whole numbers can stand behind printed shares: the whole, when the part is known; the part, when the whole is;
    both, when neither is."""
    shares = read.several("shares", "percent")
    if "part" in read.roles:
        part = int(read.one("part").meaning.point)
        tried = [[(part, whole) for whole in range(max(part, 1), LARGEST + 1)]]
    else:
        wholes = (
            [int(read.one("total").meaning.point)]
            if "total" in read.roles
            else range(1, (read.whole_number("most") if "most" in read.roles else LARGEST) + 1)
        )
        tried = [[(_nearest_part(share, whole), whole) for whole in wholes] for share in shares]
    fitting_wholes = [
        {whole for _, whole in _whole_numbers(pairs, share)[0]}
        for pairs, share in zip(tried, shares, strict=True)
    ]
    common = sorted(set.intersection(*fitting_wholes))
    share, pair = _least_fitting(shares, tried, common)
    named = joined(share.shown for share in shares)
    if not common:
        sentence = msg(
            "No whole number makes {shares}; the nearest is {part} of {whole}, {computed}.",
            shares=named,
            part=pair[0],
            whole=pair[1],
            computed=amount(_share(pair), share),
        )
    elif "part" in read.roles:
        sentence = msg(
            "{shares} is {part} of {numbers}.", shares=named, part=pair[0], numbers=_numbers(common)
        )
    elif "total" in read.roles:
        sentence = msg("{shares} of {whole} is {part}.", shares=named, whole=pair[1], part=pair[0])
    else:
        sentence = msg(
            "{shares} can be had of {numbers}, and of no smaller whole number.",
            shares=named,
            numbers=_numbers(common),
        )
    return Claim(share, exactly(_share(pair)), sentence)


def _least_fitting(
    shares: list[Quantity], tried: list[list[tuple[int, int]]], common: list[int]
) -> tuple[Quantity, tuple[int, int]]:
    """Of the best whole number, the share that it fits least, with its part and whole."""
    chosen = set(common[:1])
    rows = [
        [(share, pair) for share, pair in zip(shares, pairs, strict=True) if not chosen or pair[1] in chosen]
        for pairs in zip(*tried, strict=True)
    ]
    worst = [max(row, key=lambda case: _miss(case[1], case[0])) for row in rows if row]
    return min(worst, key=lambda case: _miss(case[1], case[0]))


def _nearest_part(share: Quantity, whole: int) -> int:
    return min(whole, max(0, round(share.meaning.point * whole / HUNDRED)))


def _whole_numbers(
    pairs: Iterable[tuple[int, int]], share: Quantity
) -> tuple[list[tuple[int, int]], tuple[int, int]]:
    """Of pairs of part and whole those that make the share, and the one that comes nearest to it."""
    tried = list(pairs)
    fitting = [pair for pair in tried if _share(pair) in share.meaning.fine]
    return fitting, min(fitting or tried, key=lambda pair: _miss(pair, share))


def _share(pair: tuple[int, int]) -> Decimal:
    return HUNDRED * pair[0] / pair[1]


def _miss(pair: tuple[int, int], share: Quantity) -> tuple[Decimal, Decimal]:
    """How far it lies from what the digits stand for, then from the digits."""
    value = _share(pair)
    return share.meaning.fine.gap(exactly(value).fine), abs(value - share.meaning.point)


def _numbers(numbers: list[int]) -> Message:
    """A few whole numbers: 365, or 365 or 366, or 8, 16, 24, 32 …"""
    if len(numbers) > SHOWN:
        return msg("{numbers} …", numbers=", ".join(map(str, numbers[:SHOWN])))
    if len(numbers) == 1:
        return msg("{numbers}", numbers=numbers[0])
    return msg("{numbers} or {last}", numbers=", ".join(map(str, numbers[:-1])), last=numbers[-1])


def _scaled(meaning: Meaning, factor: Decimal) -> Meaning:
    return Meaning(meaning.point * factor, meaning.fine.scaled(factor), meaning.coarse.scaled(factor))


def digits(value: Decimal, printed: Quantity | None = None) -> str:
    """A computed number with one decimal more than the printed one and at least four significant digits; "" if infinite."""
    if not value.is_finite():
        return ""
    decimals = max(0, 3 - value.adjusted()) if value else 0
    if printed is not None:
        width = printed.meaning.fine.high - printed.meaning.fine.low
        if width.is_finite() and width:
            decimals = max(decimals, 1 - width.adjusted())
    text = f"{round(value, decimals):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def amount(value: Decimal, printed: Quantity) -> amounts.Label:
    """A computed amount in the unit of the printed one."""
    return amounts.amount(digits(value, printed), printed.unit)


RULES: dict[str, Callable[[Reader], Claim]] = {
    "ratio": _quotient("result", "numerator", "denominator"),
    "share_of_total": _quotient("share", "part", "total"),
    "sum_of_parts": sum_of_parts,
    "shares_of_whole": shares_of_whole,
    "equal_in_other_units": equal_in_other_units,
    "one_fact": one_fact,
    "count_of_list": count_of_list,
    "order": order,
    "change": change,
    "days_and_ratio": days_and_ratio,
    "whole_numbers": whole_numbers,
}
