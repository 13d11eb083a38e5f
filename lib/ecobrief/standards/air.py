"""The air quality index and good days, under HJ 633-2012 and HJ 633-2026.

Concentrations of µg/m³ (CO: mg/m³) are rounded half to even to the decimals of their pollutant (GB/T 8170), the individual
index (IAQI) is linear between the breakpoints of the table and rounded **up** (HJ 633-2012 4.3, HJ 633-2026 4.2.6), the index
of a day (AQI) is the highest IAQI. All in whole numbers: a rounded concentration is a whole number of its last decimal.

The averages themselves (hours → station day → city) are made in `monitoring`; the numbers they need are rules here.
"""

from __future__ import annotations

from bisect import bisect_left
from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from functools import cache
from typing import Literal

from ecobrief.standards.tables import Rule, rows, rules

STANDARDS = ("hj633-2012", "hj633-2026")
POLLUTANTS = ("pm25", "pm10", "so2", "no2", "co", "o3_8h")
"""What decides a day: 24-hour means, and for ozone the daily maximum of 8-hour means."""
IN_FORCE_2026 = date(2026, 3, 1)
"""HJ 633-2026 is in force from this day."""
ACTUAL_STATE_FROM = date(2018, 9, 1)
"""Concentrations are at standard state (273.15 K) before this day and at actual state from it on."""
GAS_FACTOR = Fraction(27315, 29815)
"""From standard state (273.15 K) to 298.15 K at equal pressure, by the ideal gas law: for gases alone. Particles
go by the temperature and pressure of the place and day."""

Concentration = Decimal | Fraction | int
Day = Literal["good", "bad", "undetermined"]
_WIDE = Context(prec=999)


class NoBackCast(ValueError):
    """Values of a day may not be recomputed under another definition; the message says the rule."""


@dataclass(frozen=True)
class Breakpoint:
    """A point of a table: the concentration, in µg/m³ (CO: mg/m³), at which the IAQI has this value."""

    iaqi: int
    concentration: Decimal


@dataclass(frozen=True)
class Shortfall:
    """What a year lacks: valid days in a month, or in the whole year where `month` is None."""

    month: int | None
    valid_days: int
    needed: int


def rule(name: str, standard: str) -> Rule:
    """A rule of `air_rules.csv`.

    Raises:
        ValueError: no such standard, or no such rule in it.
    """
    found = rules("air_rules.csv").get((name, _known(standard)))
    if found is None:
        raise ValueError(f"{standard} has no rule {name!r}")
    return found


def breakpoints(standard: str, pollutant: str, averaging: str | None = None) -> tuple[Breakpoint, ...]:
    """The breakpoints of a pollutant, from 0 upward (HJ 633-2012 table 1, HJ 633-2026 table 3).

    Args:
        averaging: 24h, 1h or 8h; unless given, 24h, and 8h for `o3_8h`.

    Raises:
        ValueError: the standard has no such row.
    """
    found = _tables().get((_known(standard), *_row(pollutant, averaging)))
    if found is None:
        raise ValueError(f"{standard} has no breakpoints of {pollutant} for {averaging or '24h'}")
    return found


def decimals(pollutant: str) -> int:
    """The decimals a concentration is rounded to: 1 for CO (mg/m³), else 0 (µg/m³); equal under both standards."""
    return _decimals(pollutant, STANDARDS[-1])


def rounded(concentration: Concentration, pollutant: str, standard: str) -> Decimal:
    """The concentration at the decimals of its pollutant, half to even (GB/T 8170), exactly.

    Raises:
        TypeError: a binary float, which does not hold the printed digits.
        ValueError: it is negative, or no number.
    """
    places = _decimals(pollutant, standard)
    if not isinstance(concentration, (int, Decimal, Fraction)):
        raise TypeError(f"a concentration is Decimal, Fraction or int, not {type(concentration).__name__}")
    if isinstance(concentration, Decimal) and not concentration.is_finite():
        raise ValueError(f"{pollutant}: {concentration} is no concentration")
    if concentration < 0:
        raise ValueError(f"{pollutant}: a concentration is not negative, as {concentration} is")
    if isinstance(concentration, Fraction):
        return Decimal(round(concentration * 10**places)).scaleb(-places, _WIDE)
    return Decimal(concentration).quantize(Decimal(1).scaleb(-places), ROUND_HALF_EVEN, _WIDE)


def iaqi(
    concentration: Concentration, pollutant: str, standard: str, averaging: str | None = None
) -> int | None:
    """The individual index of a concentration in µg/m³ (CO: mg/m³), which is rounded first; the index is rounded up.

    Beyond the last breakpoint the rules `capped_…` say whether the index stays there; None where it is not defined.

    Raises:
        TypeError, ValueError: as `rounded` and `breakpoints`.
    """
    value = int(rounded(concentration, pollutant, standard).scaleb(_decimals(pollutant, standard), _WIDE))
    indices, points, capped = _whole_numbers(standard, pollutant, averaging)
    upper = bisect_left(points, value)
    if upper == len(points):
        return indices[-1] if capped else None
    if upper == 0:
        return indices[0]
    rise, run = indices[upper] - indices[upper - 1], points[upper] - points[upper - 1]
    # Floor division of the negative rounds up.
    return indices[upper - 1] - (rise * (points[upper - 1] - value) // run)


def aqi(concentrations: Mapping[str, Concentration | None], standard: str) -> int | None:
    """The highest IAQI of a day over those of `POLLUTANTS` that have a value.

    None where none has one, or where the standard defines no IAQI for a value (ozone above 800 µg/m³ under HJ 633-2012):
    the highest of the others would understate the day.
    """
    indices = [iaqi(value, pollutant, standard) for pollutant, value in _valid(concentrations)]
    known = [index for index in indices if index is not None]
    return max(known) if known and len(known) == len(indices) else None


def day(concentrations: Mapping[str, Concentration | None], standard: str) -> Day:
    """Bad if any valid pollutant exceeds an IAQI of 100, good only if all six are valid, else undetermined."""
    valid = list(_valid(concentrations))
    # The rounded index exceeds 100 where the concentration exceeds the breakpoint, also where no index is defined.
    if any(rounded(value, p, standard) > limit_of_a_good_day(standard, p) for p, value in valid):
        return "bad"
    return "good" if len(valid) == len(POLLUTANTS) else "undetermined"


def level(aqi: int) -> int:
    """The level of an AQI, from 1 (0 to 50) to 6 (above 300)."""
    highest = [int(rule(f"highest_aqi_of_level_{n}", STANDARDS[-1]).value) for n in range(1, 6)]
    if aqi < 0:
        raise ValueError(f"an AQI is not negative, as {aqi} is")
    return bisect_left(highest, aqi) + 1


@cache
def limit_of_a_good_day(standard: str, pollutant: str) -> Decimal:
    """The concentration at which the IAQI of a day is 100, in µg/m³ (CO: mg/m³)."""
    points = breakpoints(standard, pollutant)
    return next(point.concentration for point in points if point.iaqi == 100)


def definition_version(standard: str, year: int) -> str:
    """The definition (`data/definitions.csv`) of a calendar year's figures made from values as they were measured."""
    if _known(standard) == "hj633-2026":
        return "hj633_2026"
    if year == ACTUAL_STATE_FROM.year:
        return "hj633_2012_mixed_2018"
    return f"hj633_2012_{'standard' if year < ACTUAL_STATE_FROM.year else 'actual'}_state"


def standard_in_force(day: date) -> str:
    """The standard of a day. Before 2016 cities changed over from the air pollution index at different dates."""
    return STANDARDS[day >= IN_FORCE_2026]


def refuse_back_cast(day: date, target: str) -> None:
    """Pass where the values of a day may be set under `target`, a standard or a definition.

    Crossing 2026-03-01 needs only the daily values. Crossing 2018-09-01 needs the temperature and pressure of each place:
    gases would be rescaled by `GAS_FACTOR`, particles cannot be.

    Raises:
        NoBackCast: the target asks for another state than the one the day was measured in.
    """
    definition = definition_version(target, day.year) if target in STANDARDS else target
    if definition == "hj633_2012_mixed_2018" and day.year == ACTUAL_STATE_FROM.year:
        return
    wanted = "standard" if definition == "hj633_2012_standard_state" else "actual"
    measured = "actual" if day >= ACTUAL_STATE_FROM else "standard"
    if wanted != measured:
        raise NoBackCast(
            f"{day} was measured at {measured} state and {definition} asks for {wanted} state: values do not cross "
            f"{ACTUAL_STATE_FROM}. Gases would be rescaled by 273.15/298.15, particles need local temperature and pressure."
        )


def missing_for_a_year(
    valid_days_by_month: Mapping[int, int], year: int, standard: str
) -> tuple[Shortfall, ...]:
    """What a year lacks to be valid, the whole year first; nothing where it is valid.

    324 valid days a year, 27 a month, 25 in February (GB 3095-2012 table 4). A month that is not named has none.

    Raises:
        ValueError: a month that does not exist, or more days than it has.
    """
    for month, days in valid_days_by_month.items():
        if not (1 <= month <= 12 and 0 <= days <= monthrange(year, month)[1]):
            raise ValueError(f"{year}-{month:02} has no {days} days")
    needed = {
        month: int(rule("days_of_february" if month == 2 else "days_of_a_month", standard).value)
        for month in range(1, 13)
    }
    whole = Shortfall(None, sum(valid_days_by_month.values()), int(rule("days_of_a_year", standard).value))
    months = [Shortfall(month, valid_days_by_month.get(month, 0), least) for month, least in needed.items()]
    return tuple(part for part in (whole, *months) if part.valid_days < part.needed)


def _known(standard: str) -> str:
    if standard not in STANDARDS:
        raise ValueError(f"no standard is called {standard!r}; there are {', '.join(STANDARDS)}")
    return standard


def _row(pollutant: str, averaging: str | None = None) -> tuple[str, str]:
    """The pollutant and averaging time as the table names them."""
    base, _, suffix = pollutant.partition("_")
    return base, averaging or suffix or "24h"


def _valid(concentrations: Mapping[str, Concentration | None]) -> Iterator[tuple[str, Concentration]]:
    """The pollutants that have a value; a name that decides no day is refused."""
    for pollutant, value in concentrations.items():
        if pollutant not in POLLUTANTS:
            raise ValueError(f"{pollutant!r} decides no day; {', '.join(POLLUTANTS)} do")
        if value is not None:
            yield pollutant, value


@cache
def _decimals(pollutant: str, standard: str) -> int:
    return int(rule(f"decimals_{_row(pollutant)[0]}", standard).value)


@cache
def _tables() -> dict[tuple[str, str, str], tuple[Breakpoint, ...]]:
    """The breakpoints of each row, by standard, pollutant and averaging time."""
    tables: dict[tuple[str, str, str], tuple[Breakpoint, ...]] = {}
    for row in rows("air_breakpoints.csv"):
        key = row["standard"], row["pollutant"], row["averaging"]
        point = Breakpoint(int(row["iaqi"]), Decimal(row["concentration"]))
        tables[key] = (*tables.get(key, ()), point)
    return tables


@cache
def _whole_numbers(
    standard: str, pollutant: str, averaging: str | None
) -> tuple[tuple[int, ...], tuple[int, ...], bool]:
    """Indices, concentrations in units of the last decimal, and whether the last index holds beyond its breakpoint."""
    points, places = breakpoints(standard, pollutant, averaging), _decimals(pollutant, standard)
    base, time = _row(pollutant, averaging)
    cap = "capped_at_500" if points[-1].iaqi == 500 else f"capped_{base}_{time}"
    return (
        tuple(point.iaqi for point in points),
        tuple(int(point.concentration.scaleb(places)) for point in points),
        bool(rule(cap, standard).value),
    )
