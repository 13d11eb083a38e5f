"""The terms of an identity as quantities: points and intervals in one unit, with the words to show them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, cached_property
from operator import add, sub
from typing import Any

from ecobrief import interval, units
from ecobrief.datapackage import DataPackage, identities, own_unit
from ecobrief.interval import Interval, Meaning
from ecobrief.wording import Message, Term, amounts, msg, period, term


@dataclass(frozen=True)
class Quantity:
    """One figure, or a sum of figures, in one unit.

    shown: as the reader reads it, with the printed digits; value: the printed digits alone, if they are in this unit (empty
    for a sum); measured: the printed digits of one exact figure that is no count, and how many of this unit its own is.
    """

    meaning: Meaning
    unit: str
    shown: Any
    value: str = ""
    measured: tuple[str, Decimal] | None = None

    @property
    def cut_off(self) -> Interval | None:
        """What it means if its last digit was cut off rather than rounded (None for a sum or a count)."""
        if self.measured is None:
            return None
        value, scale = self.measured
        first = Decimal(value)
        return Interval(first, first + interval.resolution(value), high_open=True).scaled(scale)

    @cached_property
    def decimals(self) -> int:
        """How many decimals a computed number has that is set beside it: one more than the printed digits."""
        width = self.meaning.fine.high - self.meaning.fine.low
        return max(0, 1 - width.adjusted()) if width.is_finite() and width else 0


def computed(operation: Callable[..., Any], *quantities: Quantity) -> Meaning:
    """What an operation makes of quantities, as a point and at both resolutions; `UNKNOWN` where it divides by what may be
    nothing."""
    meanings = [quantity.meaning for quantity in quantities]
    try:
        return Meaning(
            operation(*(meaning.point for meaning in meanings)),
            operation(*(meaning.fine for meaning in meanings)),
            operation(*(meaning.coarse for meaning in meanings)),
        )
    except (ValueError, ArithmeticError):
        return UNKNOWN


UNKNOWN = Meaning(Decimal("NaN"), *[Interval(-interval.INFINITY, interval.INFINITY)] * 2)
"""What a division by what may be nothing gives: any number."""


def exactly(number: int | Decimal) -> Meaning:
    point = Decimal(number)
    return Meaning(point, Interval(point, point), Interval(point, point))


class Reader:
    """Reads the terms of one identity from figures, which are rows by observation id."""

    def __init__(self, package: DataPackage, kind: str, sums: identities.Terms, figures: Mapping[str, Any]):
        self._package, self._kind, self._sums, self._figures = package, kind, sums, figures

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(self._sums)

    @cached_property
    def figures(self) -> list[str]:
        """The observation ids of all terms, what is checked first."""
        checked = identities.CHECKED[self._kind]
        return identities.figures(dict(sorted(self._sums.items(), key=lambda role: role[0] not in checked)))

    @property
    def approximate(self) -> bool:
        """Whether any of the figures is."""
        return any(self._figures[name].qualifier == "about" for name in self.figures)

    def figure(self, role: str) -> Any:
        """The row of the first figure of a role."""
        return self._figures[self._sums[role][0][0].name]

    def whole_number(self, role: str) -> int:
        return int(self._sums[role][0][0].name)

    def listing(self, role: str) -> list[Any]:
        """The members of the printed list that a role names."""
        return self._package.records("listings", list_id=self._sums[role][0][0].name)

    def about(self, role: str) -> Message | Term:
        """What the first figure of a role is about: its indicator, with the part of the place and the period if known."""
        package, figure = self._package, self.figure(role)
        indicator = term(package.record("indicators", figure.indicator_id), "name")
        about: list[Message | Term] = []
        if not package.kept(("is city", figure.place_id), lambda: package.is_city(figure.place_id)):
            about.append(package.place_name(figure.place_id))
        if figure.place:
            about.append(package.name(figure.place))
        if figure.period:
            about.append(_when(figure.period))
        if not about:
            return indicator
        remark, *others = about
        for other in others:
            remark = msg("{first}, {other}", first=remark, other=other)
        return msg("{what} ({remark})", what=indicator, remark=remark)

    @property
    def checked(self) -> str:
        """The role that is held to the others."""
        return next(
            (role for role in self._sums if role in identities.CHECKED[self._kind]), next(iter(self._sums))
        )

    def unit(self, role: str) -> str:
        """The unit of the first figure of a role, as meant."""
        return own_unit(self.figure(role))

    def one(self, role: str, unit: str = "") -> Quantity:
        """The quantity of a role, in `unit` (default: its own)."""
        return self.several(role, unit)[0]

    def several(self, role: str, unit: str = "") -> list[Quantity]:
        unit = unit or self.unit(role)
        return [self._total(total, unit) for total in self._sums[role]]

    def _total(self, total: identities.Sum, unit: str) -> Quantity:
        parts = [(addend.sign, self._quantity(addend.name, unit)) for addend in total]
        if len(parts) == 1 and parts[0][0] == 1:
            return parts[0][1]
        meaning, shown = exactly(0), None
        for sign, part in parts:
            meaning = computed(add if sign == 1 else sub, Quantity(meaning, unit, ""), part)
            shown = part.shown if shown is None else _signed(shown, sign, part.shown)
        return Quantity(meaning, unit, shown)

    def _quantity(self, observation_id: str, unit: str) -> Quantity:
        figure = self._figures[observation_id]
        own, value, qualifier = own_unit(figure), figure.value, figure.qualifier
        indicator = self._package.record("indicators", figure.indicator_id)
        # A change can be anything.
        limits = (
            (indicator.valid_min, indicator.valid_max)
            if figure.measure in ("level", "cumulative")
            else ("", "")
        )
        scale, counted, least, most = _terms_of(own, unit, indicator.unit, *limits)
        meaning = interval.meaning(value, qualifier, counted=counted, scale=scale, least=least, most=most)
        shown = amounts.amount(value, own, qualifier)
        measured = None if counted or qualifier != "exact" else (value, scale)
        return Quantity(meaning, unit, shown, value if scale == 1 else "", measured)


@cache
def _when(printed: str) -> Term:
    return Term(period(printed, "zh"), period(printed, "en"))


@cache
def _terms_of(
    own: str, unit: str, canonical: str, least: str, most: str
) -> tuple[Decimal, bool, Decimal, Decimal]:
    """How many of `unit` a figure's own unit is, whether it counts whole things, and what in that unit is possible; the limits
    are in the indicator's unit, empty where there is none."""
    scale = units.factor_of_difference(own, unit)
    ends = [-interval.INFINITY, interval.INFINITY]
    for number, limit in enumerate((least, most)):
        if limit:
            ends[number] = Decimal(limit) * (scale / units.factor(own, canonical))
    least_possible, most_possible = ends
    return scale, units.counts_whole_things(own), least_possible, most_possible


def readers(package: DataPackage, rows: Sequence[Any]) -> Iterator[tuple[Any, Reader]]:
    """Each of some rows of identities with what reads its terms."""
    filled = [(row, identities.terms(row.terms)) for row in rows]
    names = [name for _, sums in filled for name in identities.figures(sums)]
    figures = {row.observation_id: row for row in package.records("figures", observation_id=names)}
    for row, sums in filled:
        yield row, Reader(package, row.kind, sums, figures)


def _signed(left: Any, sign: int, right: Any) -> Message:
    if sign == 1:
        return msg("{left} + {right}", left=left, right=right)
    return msg("{left} − {right}", left=left, right=right)
