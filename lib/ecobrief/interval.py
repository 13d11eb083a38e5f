"""What printed digits mean: the values a reader must reckon with.

A measured value printed as 76.31 stands for anything that rounds to it: half a unit of the last printed digit on each
side, both ends closed (closed, because texts round and cut off in several ways). A count is exact. A whole number that ends in
zeros may have been rounded at any of them, so it is also read at its coarse resolution: `outer` of 4500 is [4450, 4550]. Words
move the ends: 以上 opens upward, 近 downward, 70余 is (70, 80). Everything is in `Decimal` and in the unit as printed;
a multiplier such as 万 belongs to the unit and scales the interval afterwards.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

INFINITY = Decimal("Infinity")
QUALIFIERS = ("exact", "about", "at_least", "at_most", "more_than", "less_than", "and_more", "range")


@dataclass(frozen=True)
class Interval:
    """All values from `low` to `high`; an open end is not among them."""

    low: Decimal
    high: Decimal
    low_open: bool = False
    high_open: bool = False

    def __post_init__(self) -> None:
        if self.low > self.high or (self.low == self.high and (self.low_open or self.high_open)):
            raise ValueError(f"no value lies between {self.low} and {self.high}")

    def __contains__(self, value: Decimal) -> bool:
        above = value > self.low or (value == self.low and not self.low_open)
        below = value < self.high or (value == self.high and not self.high_open)
        return above and below

    def overlaps(self, other: Interval) -> bool:
        """Whether some value lies in both."""
        return not (self.below(other) or other.below(self))

    def below(self, other: Interval) -> bool:
        """Whether every value here is less than every value there."""
        return self.high < other.low or (self.high == other.low and (self.high_open or other.low_open))

    def scaled(self, factor: Decimal) -> Interval:
        """The same interval in another unit; `factor` is positive."""
        if factor == 1:
            return self
        return Interval(self.low * factor, self.high * factor, self.low_open, self.high_open)

    def __add__(self, other: Interval) -> Interval:
        """All sums of a value here and a value there."""
        return Interval(
            self.low + other.low,
            self.high + other.high,
            self.low_open or other.low_open,
            self.high_open or other.high_open,
        )

    def __sub__(self, other: Interval) -> Interval:
        """All differences of a value here and a value there."""
        return self + Interval(-other.high, -other.low, other.high_open, other.low_open)

    def __truediv__(self, other: Interval) -> Interval:
        """All quotients of a value here, which is not negative, and one there, which is above zero.

        Raises:
            ValueError: the divisor may be zero, or a side negative.
        """
        if self.low < 0 or other.low <= 0:
            raise ValueError(f"no quotient of {self} and {other}: both are to lie above zero")
        least = Decimal(0) if other.high == INFINITY else self.low / other.high
        most = INFINITY if self.high == INFINITY else self.high / other.low
        # Zero over anything is zero, so that an open end of the divisor opens only what lies above it.
        low_open = self.low_open or (other.high_open and self.low > 0)
        return Interval(least, most, low_open, self.high_open or (other.low_open and self.high > 0))

    def gap(self, other: Interval) -> Decimal:
        """How far apart the two lie; zero where they overlap or touch."""
        return max(Decimal(0), self.low - other.high, other.low - self.high)

    def clipped(self, low: Decimal, high: Decimal) -> Interval:
        """What of it lies in the closed range [low, high].

        Raises:
            ValueError: nothing does.
        """
        if low <= self.low and self.high <= high:
            return self
        clipped_low, clipped_high = max(self.low, low), min(self.high, high)
        return Interval(
            clipped_low,
            clipped_high,
            self.low_open and clipped_low == self.low,
            self.high_open and clipped_high == self.high,
        )

    def hull(self, other: Interval) -> Interval:
        """The smallest interval that holds both."""
        low = min((self.low, self.low_open), (other.low, other.low_open))
        high = max((self.high, not self.high_open), (other.high, not other.high_open))
        return Interval(low[0], high[0], low[1], not high[1])


def resolution(value: str) -> Decimal:
    """The unit of the last printed digit: 76.30 → 0.01, 356 → 1."""
    return Decimal(1).scaleb(-len(value.partition(".")[2]))


def coarse_resolution(value: str) -> Decimal:
    """The same with the zeros at the end of a whole number taken for padding: 4500 → 100, 76.30 → 0.01."""
    if "." in value or Decimal(value) == 0:
        return resolution(value)
    return Decimal(1).scaleb(len(value) - len(value.rstrip("0")))


def range_ends(value: str) -> tuple[str, str]:
    """The two numbers of a range, in the order in which they are printed.

    Raises:
        ValueError: it is no range.
    """
    first, dash, second = value.partition("-")
    if not (first and dash and second):
        raise ValueError(f"a range is written low-high, not {value}")
    return first, second


def printed(value: str, qualifier: str = "exact", *, counted: bool = False) -> Interval:
    """The interval of a printed value, read at the resolution of its last digit.

    Args:
        value: digits as printed, `low-high` for a range. A range that is printed the wrong way round means what lies
            between its ends; that it is so is for the audit to say.
        qualifier: one of `QUALIFIERS`. `about` keeps the interval of the digits; how far 约 reaches is not known, so
            that no inconsistency may rest on it.
        counted: whether the unit counts whole things, which are exact.
    """
    return _interval(value, qualifier, Decimal(0) if counted else None, resolution)


def outer(
    value: str, qualifier: str = "exact", *, counted: bool = False, maximum: Decimal | None = None
) -> Interval:
    """The interval with a whole number's final zeros taken for padding; a verdict holds only if it holds here too.

    A value that stands at its `maximum` (100 %) is no padded number and is read at its last digit.
    """
    whole = counted or (maximum is not None and "-" not in value.lstrip("-") and Decimal(value) == maximum)
    return _interval(
        value, qualifier, Decimal(0) if counted else None, resolution if whole else coarse_resolution
    )


def _interval(
    value: str, qualifier: str, half: Decimal | None, step_of: Callable[[str], Decimal]
) -> Interval:
    if qualifier == "range":
        lower, higher = sorted(range_ends(value), key=lambda end: (Decimal(end), resolution(end)))
        low, high = (_interval(end, "exact", half, step_of) for end in (lower, higher))
        return Interval(low.low, high.high)
    number, step = Decimal(value), step_of(value)
    half = step / 2 if half is None else half
    match qualifier:
        case "exact" | "about":
            return Interval(number - half, number + half)
        case "at_least":
            return Interval(number, INFINITY)
        case "at_most":
            return Interval(-INFINITY, number)
        case "more_than":
            return Interval(number, INFINITY, low_open=True)
        case "less_than":
            return Interval(-INFINITY, number, high_open=True)
        case "and_more":
            return Interval(number, number + coarse_resolution(value), low_open=True, high_open=True)
        case _:
            raise ValueError(f"{qualifier!r} is none of {', '.join(QUALIFIERS)}")


@dataclass(frozen=True)
class Meaning:
    """A printed value as a point and as the intervals its digits stand for, read finely and coarsely."""

    point: Decimal
    fine: Interval
    coarse: Interval

    def scaled(self, factor: Decimal) -> Meaning:
        """The same in another unit; `factor` is positive."""
        return Meaning(self.point * factor, self.fine.scaled(factor), self.coarse.scaled(factor))


def meaning(
    value: str,
    qualifier: str,
    *,
    counted: bool,
    scale: Decimal = Decimal(1),
    least: Decimal = -INFINITY,
    most: Decimal = INFINITY,
) -> Meaning:
    """What a printed value means, in a unit of which the printed one is `scale`; the point of a range is its middle.

    Args:
        least, most: what the quantity can be, in that unit; the intervals are clipped to it.

    Raises:
        ValueError: the value cannot be read with its qualifier, or nothing it stands for is possible.
    """
    ends = range_ends(value) if qualifier == "range" else (value,)
    coarse = fine = printed(value, qualifier, counted=counted).scaled(scale).clipped(least, most)
    if not counted and any(end.endswith("0") and "." not in end for end in ends):
        maximum = None if most == INFINITY else most / scale
        coarse = outer(value, qualifier, maximum=maximum).scaled(scale).clipped(least, most)
    return Meaning(sum(map(Decimal, ends), Decimal(0)) / len(ends) * scale, fine, coarse)
