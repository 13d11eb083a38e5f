"""What each kind of identity computes from its figures, and how it says so. One small rule for each kind, in `RULES`.

A rule gives a `Claim`: what is printed, what the other figures make of it, and how the two should be related. Whether they
are is for `findings` to say.
"""

from __future__ import annotations

import calendar
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import islice
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
        if made.point.is_nan():
            text = msg(
                "{whole} may be nothing, so that {part} over it may be anything; {printed} is printed.",
                part=numerator.shown,
                whole=denominator.shown,
                printed=printed.shown,
            )
            return Claim(printed, made, text)
        sentence = msg(
            "{part} over {whole} is {computed}; {stated}.",
            part=numerator.shown,
            whole=denominator.shown,
            computed=amount(made.point, printed),
            stated=_stated(printed),
        )
        return Claim(printed, made, sentence)

    return rule


def _stated(printed: Quantity) -> Message:
    """That a figure is printed; of a sum, that it follows from what is printed."""
    if printed.value:
        return msg("{amount} is printed", amount=printed.shown)
    value = amount(printed.meaning.point, printed)
    return msg("from what is printed follows {sum} = {value}", sum=printed.shown, value=value)


def sum_of_parts(read: Reader) -> Claim:
    total = read.one("total")
    parts = read.one("parts", total.unit)
    sentence = msg(
        "{parts} makes {computed}; {stated}.",
        parts=parts.shown,
        computed=amount(parts.meaning.point, total),
        stated=_stated(total),
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
        "{second} is {computed}; {stated}.",
        second=second.shown,
        computed=amount(second.meaning.point, first),
        stated=_stated(first),
    )
    return Claim(first, second.meaning, sentence)


def one_fact(read: Reader) -> Claim:
    first = read.one("first")
    second = read.one("second", first.unit)
    sentence = msg(
        "The same fact is printed as {first} in one place and as {second} in another.",
        first=first.shown,
        second=second.shown,
    )
    return Claim(first, second.meaning, sentence)


def count_of_list(read: Reader) -> Claim:
    """A list that the text breaks off (等) names at most as many as are counted."""
    count, listing = read.one("count"), read.listing("list")
    named = exactly(len(listing))
    shown = amount(named.point, count)
    if any(member.open == "yes" for member in listing):
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
            "The range is printed as {lower}–{higher}; its lower end should come first.",
            lower=lower.shown,
            higher=higher.shown,
        )
    else:
        lower = read.one("lower")
        higher = read.one("higher", lower.unit)
        sentence = msg(
            "{lower} should be no more than {higher} ({what}).",
            lower=lower.shown,
            higher=higher.shown,
            what=read.about("higher"),
        )
    return Claim(lower, higher.meaning, sentence, "at_most")


def _ends(read: Reader) -> tuple[Quantity, Quantity]:
    """The ends of one range; as they are printed to one resolution, their zeros are read alike."""
    unit = read.unit("range")
    counted = units.counts_whole_things(unit)
    ends = []
    first, second = interval.range_ends(read.figure("range").value)
    for end in (first, second):
        meaning = interval.meaning(end, "exact", counted=counted)
        ends.append(Meaning(meaning.point, meaning.fine, meaning.fine))
    return Quantity(ends[0], unit, first), Quantity(ends[1], unit, amounts.amount(second, unit))


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
    longest = days_in(read.figure("days").period)
    spans = {good: range(max(good, 1), longest + 1) for good in _whole(days, longest)}
    if not any(spans.values()):
        sentence = msg("{days} are more than the {longest} days there are.", days=days.shown, longest=longest)
        return Claim(days, exactly(longest), sentence, "at_most")
    fitting = [
        (good, valid)
        for good, span in spans.items()
        for valid in _near(span, good, ratio)
        if _share((good, valid)) in ratio.meaning.fine
    ]
    pairs = fitting or [(good, valid) for good, span in spans.items() for valid in span]
    nearest = min(pairs, key=lambda pair: _miss(pair, ratio))
    if fitting:
        sentence = msg(
            "{days} are {ratio} of {numbers} valid days.",
            days=days.shown,
            ratio=ratio.shown,
            numbers=_numbers(sorted({valid for _, valid in fitting})),
        )
    else:
        sentence = msg(
            "{days} make {printed} of no number of valid days up to {longest}; the nearest is {computed}, of {valid} days.",
            days=days.shown,
            longest=longest,
            valid=nearest[1],
            computed=amount(_share(nearest), ratio),
            printed=ratio.shown,
        )
    return Claim(ratio, exactly(_share(nearest)), sentence)


def _near(span: range, part: int, share: Quantity) -> range:
    """Of some wholes those that can fit: a part of greater ones is less than the share, a part of lesser ones more."""
    low, high = share.meaning.fine.low, share.meaning.fine.high
    first = math.ceil(HUNDRED * part / high) if high > 0 else span.start
    last = math.floor(HUNDRED * part / low) if low > 0 else span.stop
    return range(max(span.start, first), min(span.stop, last + 1))


def days_in(period: str) -> int:
    """How many days a period has; those of a leap year where none is given."""
    if not period:
        return 366
    first, _, last = period.partition("/")
    last = last or first
    # The default of a year and of a month, cut to what the period leaves out.
    begins = date.fromisoformat(first + "-01-01"[len(first) - 4 :])
    year, month, day = map(int, (last + "-12-00"[len(last) - 4 :]).split("-"))
    return (date(year, month, day or calendar.monthrange(year, month)[1]) - begins).days + 1


def whole_numbers(read: Reader) -> Claim:
    """Which whole numbers can stand behind printed shares: the whole, when the part is known; the part, when the whole is;
    both, when neither is."""
    shares = read.several("shares", "percent")
    fitting = list(
        islice(
            (pairs for pairs in _candidates(read, shares) if _all_fit(pairs, shares)),
            None if "part" in read.roles else SHOWN + 1,
        )
    )
    best = (
        fitting[0]
        if fitting
        else min(_candidates(read, shares), key=lambda pairs: max(map(_miss, pairs, shares)))
    )
    share, pair = max(zip(shares, best, strict=True), key=lambda case: _miss(case[1], case[0]))
    named = joined(share.shown for share in shares)
    numbers = sorted({pairs[0][1] for pairs in fitting})
    if not fitting and len(shares) > 1:
        sentence = msg(
            "No whole number up to {most} makes all of {shares}.",
            most=max(pairs[0][1] for pairs in _candidates(read, shares)),
            shares=named,
        )
    elif not fitting:
        sentence = msg(
            "No whole number makes {shares}; the nearest is {part} of {whole}, {computed}.",
            shares=named,
            part=pair[0],
            whole=pair[1],
            computed=amount(_share(pair), share),
        )
    elif "part" in read.roles:
        sentence = msg(
            "{shares} is {part} of {numbers}.", shares=named, part=pair[0], numbers=_numbers(numbers)
        )
    elif "total" in read.roles:
        sentence = msg("{shares} of {whole} is {part}.", shares=named, whole=pair[1], part=pair[0])
    else:
        sentence = msg(
            "{shares} can be had of {numbers}; no smaller whole number makes it.",
            shares=named,
            numbers=_numbers(numbers),
        )
    return Claim(share, exactly(_share(pair)), sentence)


Pair = tuple[int, int]
"""A part and its whole."""


def _candidates(read: Reader, shares: Sequence[Quantity]) -> Iterator[list[Pair]]:
    """What may stand behind all of the shares, a pair for each, by the whole."""
    found = False
    if "part" in read.roles:
        for part in _whole(read.one("part"), LARGEST * 100):
            for pair in _wholes_of(part, shares[0]):
                found = True
                yield [pair]
    else:
        tried = (
            _whole(read.one("total"), LARGEST * 100)
            if "total" in read.roles
            else range(1, (read.whole_number("most") if "most" in read.roles else LARGEST) + 1)
        )
        for whole in filter(None, tried):
            found = True
            yield [(_nearest_part(share, whole), whole) for share in shares]
    if not found:
        # Of a whole that is nothing there are no parts.
        yield [(0, 1)] * len(shares)


def _all_fit(pairs: Sequence[Pair], shares: Sequence[Quantity]) -> bool:
    return all(_share(pair) in share.meaning.fine for pair, share in zip(pairs, shares, strict=True))


def _whole(quantity: Quantity, most: int) -> range:
    """The whole numbers that a count may stand for, up to `most`; the least of them where all lie above."""
    fine = quantity.meaning.fine
    least = max(0, math.ceil(fine.low) + (fine.low_open and fine.low == math.ceil(fine.low)))
    last = most if fine.high == interval.INFINITY else math.floor(fine.high)
    last -= fine.high_open and Decimal(last) == fine.high
    return range(least, max(least, min(last, most)) + 1)


def _wholes_of(part: int, share: Quantity) -> list[Pair]:
    """The wholes of which a part makes a share; the nearest where none does."""
    fine = share.meaning.fine
    last = math.floor(HUNDRED * part / fine.low) if fine.low > 0 else LARGEST
    first = math.ceil(HUNDRED * part / fine.high) if fine.high > 0 else last + 1
    wholes = range(max(part, 1, first), last + 1)
    near = max(part, 1, round(HUNDRED * part / (share.meaning.point or HUNDRED)))
    return [(part, whole) for whole in wholes] or [(part, near)]


def _nearest_part(share: Quantity, whole: int) -> int:
    return min(whole, max(0, round(share.meaning.point * whole / HUNDRED)))


def _share(pair: Pair) -> Decimal:
    return HUNDRED * pair[0] / pair[1]


def _miss(pair: Pair, share: Quantity) -> tuple[Decimal, Decimal]:
    """How far it lies from what the digits stand for, then from the digits."""
    value, fine = _share(pair), share.meaning.fine
    return max(Decimal(0), fine.low - value, value - fine.high), abs(value - share.meaning.point)


def _numbers(numbers: list[int]) -> Message:
    """A few whole numbers: 365, or 365 or 366, or 8, 16, 24, 32 …"""
    *others, last = numbers[:SHOWN]
    listed = msg("{numbers}", numbers=last)
    if others:
        first = msg("{numbers}", numbers=others[0])
        for number in others[1:]:
            first = msg("{numbers}, {number}", numbers=first, number=number)
        listed = (
            msg("{numbers}, {number}", numbers=first, number=last)
            if len(numbers) > SHOWN
            else msg("{numbers} or {last}", numbers=first, last=last)
        )
    return msg("{numbers} …", numbers=listed) if len(numbers) > SHOWN else listed


def _scaled(meaning: Meaning, factor: Decimal) -> Meaning:
    return Meaning(meaning.point * factor, meaning.fine.scaled(factor), meaning.coarse.scaled(factor))


def digits(value: Decimal, printed: Quantity | None = None) -> str:
    """A computed number with one decimal more than the printed one and at least four significant digits; "" if infinite."""
    if not value.is_finite():
        return ""
    decimals = max(3 - value.adjusted() if value else 0, printed.decimals if printed else 0, 0)
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
