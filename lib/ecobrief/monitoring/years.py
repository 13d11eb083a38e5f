"""Days judged by the air quality standards, and years counted from them: the rows of `monitored.csv`."""

from __future__ import annotations

import hashlib
from calendar import isleap
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from pathlib import Path

import pandas as pd

from ecobrief.monitoring import remarks as found
from ecobrief.monitoring.remarks import Remark
from ecobrief.monitoring.source import Hours, UnusableFile, opened
from ecobrief.monitoring.station_days import CityDay, city_means, make_station_days, make_station_means
from ecobrief.standards import air

COLUMNS = (
    "monitored_id", "city_id", "indicator_id", "year", "standard", "definition_version", "method", "hour_label",
    "stations", "first_day", "last_day", "days_in_year", "valid_days", "coverage", "days_at_most_100",
    "days_at_most_100_low", "days_at_most_100_high", "days_above_100", "days_undetermined", "good_days",
    "good_day_ratio", "annual", "short_months", "review", "tier", "source_id", "file_sha256",
)  # fmt: skip


@dataclass(frozen=True)
class Result:
    """rows: all text, as tables of data/ are; remarks: what was wrong, left out or taken for granted in the file."""

    rows: pd.DataFrame
    remarks: list[Remark]


@dataclass(frozen=True)
class Day:
    """A city's day under a standard: concentrations rounded as it asks, None where there is no valid one."""

    day: date
    standard: str
    stations: int
    concentrations: Mapping[str, Decimal | None]
    verdict: air.Day

    @property
    def exceeding(self) -> list[str]:
        """The pollutants above the concentration of an IAQI of 100."""
        return [
            name
            for name, value in self.concentrations.items()
            if value is not None and value > air.limit_of_a_good_day(self.standard, name)
        ]


def annual(
    path: Path | str,
    city_id: str,
    *,
    standard: str | None = None,
    mapping: Mapping[str, str] | None = None,
    hours: Hours = "ending",
    source_id: str = "",
) -> Result:
    """One row of `COLUMNS` for each year of the file that has a usable (good or bad) day.

    A year below the validity of GB 3095-2012 table 4 has no good_days and no good_day_ratio: `annual` says why.

    Args:
        standard: of `air.STANDARDS`; unless given, the one in force at the end of each year.
        mapping: name of `source.NAMES` → column of the file.
        hours: whether times name the end or the beginning of their hour.

    Raises:
        UnusableFile: the file cannot be read or has no usable day; its `remarks` say why.
        air.NoBackCast: `standard` may not be put on the values of a year.
        NeedsDuckDB, WrongMapping: as `source.opened`.
    """
    counted, remarks, method = _counted(Path(path), city_id, standard, mapping, hours)
    sha256 = file_hash(Path(path))
    rows = []
    for year, of_year in groupby(counted, key=lambda day: day.day.year):
        days = list(of_year)
        if all(day.verdict == "undetermined" for day in days):
            text = (
                f"{year}: none of its {len(days)} days is usable (good or bad), so that the year has no row"
            )
            remarks.append(Remark("year_without_a_usable_day", len(days), text))
            continue
        air.refuse_back_cast(date(year, 1, 1), days[0].standard)
        rows.append(_row(city_id, year, days, method, hours, source_id, sha256))
    if not rows:
        raise UnusableFile(f"{path}: no usable day of {city_id}", remarks)
    return Result(pd.DataFrame(rows, columns=list(COLUMNS), dtype=str), remarks)


def days(
    path: Path | str,
    city_id: str,
    *,
    standard: str | None = None,
    mapping: Mapping[str, str] | None = None,
    hours: Hours = "ending",
) -> Result:
    """Every day of the file: city_id, day, standard, stations, the six concentrations, exceeding, verdict; all text.

    Concentrations are the city's means, rounded, in µg/m³ (co mg/m³); empty where no station has a valid one. `exceeding` names
    the pollutants above an IAQI of 100. Arguments and errors as `annual`.
    """
    counted, remarks, _ = _counted(Path(path), city_id, standard, mapping, hours)
    rows = [
        {
            "city_id": city_id,
            "day": day.day.isoformat(),
            "standard": day.standard,
            "stations": str(day.stations),
            **{name: "" if value is None else str(value) for name, value in day.concentrations.items()},
            "exceeding": ";".join(day.exceeding),
            "verdict": day.verdict,
        }
        for day in counted
    ]
    columns = ["city_id", "day", "standard", "stations", *air.POLLUTANTS, "exceeding", "verdict"]
    return Result(pd.DataFrame(rows, columns=columns, dtype=str), remarks)


def as_text(result: Result) -> str:
    """A line a year, for a terminal."""
    lines = [f"Unreviewed monitoring of {result.rows['city_id'][0]}, no official count:"]
    for row in result.rows.itertuples():
        answer = f"{row.good_days} of {row.valid_days} valid days with AQI ≤ 100, {row.good_day_ratio} %"
        if row.annual != "yes":
            months = f", months {row.short_months}" if row.short_months else ""
            answer = f"no annual value ({row.annual}: {row.valid_days} valid days{months})"
        lines.append(f"  {row.year} ({row.standard}): {answer}")
    return "\n".join(lines)


def file_hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _counted(
    path: Path, city_id: str, standard: str | None, mapping: Mapping[str, str] | None, hours: Hours
) -> tuple[list[Day], list[Remark], str]:
    """The days of the file, what was found in it, and how it was read."""
    if standard is not None and standard not in air.STANDARDS:
        raise ValueError(f"{standard!r} is no standard; valid ones are {', '.join(air.STANDARDS)}")
    with opened(path, mapping) as source:
        make_station_days(source, city_id, hours)
        remarks = [*found.of_columns(source, city_id), *found.of_rows(source, city_id, hours)]
        of_units = found.of_units(source, city_id, hours)
        make_station_means(source, all_faulty=bool(of_units))
        remarks += [*of_units, *found.of_missing_hours(source)]
        means = city_means(source)
        return [_day(mean, standard) for mean in means], remarks, source.method


def _day(mean: CityDay, standard: str | None) -> Day:
    """Under one standard for all days of a year."""
    chosen = standard or air.standard_in_force(date(mean.day.year, 12, 31))
    concentrations = {
        name: None if value is None else air.rounded(value, name, chosen)
        for name, value in mean.means.items()
    }
    return Day(mean.day, chosen, mean.stations, concentrations, air.day(concentrations, chosen))


def _row(
    city_id: str, year: int, days: Sequence[Day], method: str, hours: Hours, source_id: str, sha256: str
) -> dict[str, str]:
    standard = days[0].standard
    verdicts = Counter(day.verdict for day in days)
    good, valid = verdicts["good"], verdicts["good"] + verdicts["bad"]
    in_months = Counter(day.day.month for day in days if day.verdict != "undetermined")
    lacking = air.missing_for_a_year(in_months, year, standard)
    too_few = any(part.month is None for part in lacking)
    in_year = 366 if isleap(year) else 365
    return {
        "monitored_id": f"{city_id}.{year}.{standard}.{sha256[:8]}",
        "city_id": city_id,
        "indicator_id": "good_air_days",
        "year": str(year),
        "standard": standard,
        "definition_version": _definition(standard, days),
        "method": method,
        "hour_label": hours if method.endswith("_hours") else "",
        # How many stations stand behind a city's own means is not known.
        "stations": str(max(day.stations for day in days)) if method.startswith("station") else "",
        "first_day": days[0].day.isoformat(),
        "last_day": days[-1].day.isoformat(),
        "days_in_year": str(in_year),
        "valid_days": str(valid),
        "coverage": _decimal(Fraction(valid, in_year), 4),
        "days_at_most_100": str(good),
        "days_at_most_100_low": str(good),
        "days_at_most_100_high": str(good),
        "days_above_100": str(verdicts["bad"]),
        "days_undetermined": str(verdicts["undetermined"]),
        "good_days": "" if lacking else str(good),
        "good_day_ratio": "" if lacking else _decimal(Fraction(100 * good, valid), 2),
        "annual": "too_few_days" if too_few else "short_month" if lacking else "yes",
        "short_months": ";".join(f"{part.month:02}" for part in lacking if part.month is not None),
        "review": "unreviewed",
        "tier": "monitoring",
        "source_id": source_id,
        "file_sha256": sha256,
    }


def _definition(standard: str, days: Sequence[Day]) -> str:
    """Of a part of 2018 that of its state of the air."""
    year = days[0].day.year
    if days[0].day >= air.ACTUAL_STATE_FROM:
        year = max(year, air.ACTUAL_STATE_FROM.year + 1)
    elif days[-1].day < air.ACTUAL_STATE_FROM:
        year = min(year, air.ACTUAL_STATE_FROM.year - 1)
    return air.definition_version(standard, year)


def _decimal(value: Fraction, places: int) -> str:
    """Half to even, as concentrations are rounded."""
    return f"{Decimal(round(value * 10**places)).scaleb(-places):.{places}f}"
