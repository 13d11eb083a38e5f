"""What is wrong or left out in a file of concentrations: counted, with the first case, its rule and what to do.

The table `station_days` tells whether anything is wrong; only then is the file read again, for counts and lines.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ecobrief.monitoring.source import Hours, Source, UnusableFile
from ecobrief.monitoring.station_days import (
    FAULTY,
    OFF_THE_HOUR,
    OTHER_AVERAGE,
    greatest_plausible,
    least_hours,
    readings,
    unread,
)
from ecobrief.standards import air

INVALID = "these station days are invalid"
MICROGRAMS = ("pm25", "pm10", "so2", "no2", "o3", "o3_8h")


@dataclass(frozen=True)
class Remark:
    """One kind of thing that was found: its code, how often, and one line for a person."""

    kind: str
    count: int
    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Check:
    """A fault of rows: `where` and `shown` are SQL on `readings`; `what` and `rule` are said to a person."""

    kind: str
    where: str
    shown: str
    what: str
    rule: str


def of_columns(source: Source, city_id: str) -> list[Remark]:
    """What a file without a column for the city or the station is taken for."""
    found = []
    if "city_id" not in source.columns:
        text = f"there is no column city_id: every row is taken for one of {city_id}"
        found.append(Remark("city_taken_for_granted", 1, text))
    if "station" not in source.columns:
        taken = "its values are taken for the city's own means"
        if source.kind == "hourly":
            taken = "its hours are taken for those of one station"
        found.append(Remark("one_station", 1, f"there is no column station: {taken}"))
    return found


def of_rows(source: Source, city_id: str, hours: Hours) -> list[Remark]:
    """Faulty rows and rows left out, one remark a kind (and pollutant).

    Raises:
        UnusableFile: the file has no rows, or none of the city.
    """
    query = source.connection.execute
    every, mine, flags, lost, repeated = query(
        f"""SELECT sum(readings), sum(readings) FILTER (mine), bit_or(flags),
            bool_or(mine AND (station IS NULL OR day IS NULL)), bool_or({_repeats("readings > bit_count(hours)")})
        FROM station_days"""
    ).fetchone() or (0, 0, 0, False, False)
    if not every:
        raise UnusableFile(f"{source.path}: the file has a header and no rows")
    # Lines are numbered in the order of the file.
    query("SET preserve_insertion_order = true")
    found = []
    if every > (mine or 0):
        city = source.columns["city_id"]
        first = query(
            f"SELECT line, {city}::VARCHAR FROM {source.numbered} WHERE coalesce({city}::VARCHAR <> $city, true) LIMIT 1",
            {"city": city_id},
        ).fetchone() or (0, "")
        if not mine:
            raise UnusableFile(
                f"{source.path}: none of {every} rows is of {city_id}; the first is of {first[1]!r}"
            )
        text = f"{every - mine} rows of another city, left out; first: row {first[0]} ({first[1]!r})"
        found.append(Remark("other_city", every - mine, text))
    if not (lost or repeated or flags & FAULTY):
        return found
    checks, parts, twice = [*_of_times(source), *_of_values(source)], [], _first_repeated(source)
    for check in checks:
        case = f"{{'line': line, 'station': station, 'time': {_time(source)}, 'shown': ({check.shown})::VARCHAR}}"
        parts += [f"count(*) FILTER ({check.where})", f"arg_min({case}, line) FILTER ({check.where})"]
    repeated_day = "coalesce(station = $station AND day = $day, false)"
    row = f"{{'line': line, 'hour': hour, 'time': {_time(source)}}}"
    parameters = {"station": twice[0] if twice else None, "day": twice[1] if twice else None}
    if "city_id" in source.columns:
        parameters["city"] = city_id
    cells = query(
        f"""SELECT {", ".join(parts)}, list({row}) FILTER ({repeated_day})
        FROM ({readings(source, city_id, hours, source.numbered)})
        WHERE mine AND (flags & {FAULTY} <> 0 OR station IS NULL OR day IS NULL OR {repeated_day})""",
        parameters,
    ).fetchone() or [None]
    found += [
        _remark(check, count, first)
        for check, count, first in zip(checks, cells[:-1:2], cells[1:-1:2], strict=True)
        if count
    ]
    return found + _of_repetitions(source, twice, cells[-1] or [])


def of_units(source: Source, city_id: str, hours: Hours) -> list[Remark]:
    """µg columns in which nothing reaches 1, as in mg/m³: no day of the file can be used."""
    found = []
    for name in (name for name in source.pollutants if name in MICROGRAMS):
        count, reaches = source.connection.execute(
            f"SELECT sum(hours_{name}), bool_or(sum_{name} >= hours_{name}) FROM station_days WHERE hours_{name} > 0"
        ).fetchone() or (0, True)
        if not count or reaches:
            continue
        city = {"city": city_id} if "city_id" in source.columns else None
        (greatest,) = source.connection.execute(
            f"SELECT max(value_{name}) FROM ({readings(source, city_id, hours, source.scan)})", city
        ).fetchone() or (1,)
        if greatest < 1:
            text = (
                f"{name}: none of {count} values reaches 1 (the greatest is {float(greatest):g}): it looks like mg/m³ where "
                "µg/m³ are read, so that no day can be used; multiply by 1000"
            )
            found.append(Remark("looks_like_milligrams", count, text))
    return found


def of_missing_hours(source: Source) -> list[Remark]:
    """Sound station days that have too few values of a pollutant; reads `station_means`."""
    names = air.POLLUTANTS
    short = " OR ".join(f"mean_{name} IS NULL" for name in names)
    each = ", ".join(f"count(*) FILTER (mean_{name} IS NULL)" for name in names)
    count, first, *counts = source.connection.execute(
        f"""SELECT count(*), arg_min({{'station': station, 'day': day}}, (day, station)), {each}
        FROM station_means WHERE sound AND ({short})"""
    ).fetchone() or (0, None)
    if not count:
        return []
    listed = ", ".join(f"{name} {number}" for name, number in zip(names, counts, strict=True) if number)
    needed = (
        "a value"
        if source.kind == "daily"
        else f"{least_hours(source)} valid hours, or the 8-hour means of ozone"
    )
    text = (
        f"{count} station days without {needed}, invalid for the pollutant ({listed}); first: {_place(first)}"
    )
    return [Remark("missing_hours", count, text)]


def _of_times(source: Source) -> list[Check]:
    time, own, other = _time(source), "day's", "an hourly"
    if source.kind == "daily":
        own, other = "hour's", "a daily"
    return [
        Check("no_station", "station IS NULL", "NULL", "rows without a station", "left out"),
        Check(
            "unreadable_time",
            "station IS NOT NULL AND day IS NULL",
            time,
            "rows whose time cannot be read",
            "a time is ISO 8601, as 2024-01-01T18:00 or 2024-01-01T18:00+08:00; left out",
        ),
        Check(
            "mixed_averages",
            f"station IS NOT NULL AND flags & {OTHER_AVERAGE} <> 0",
            time,
            f"rows with a {own} value in {other} file",
            "a file has one averaging time; the days of these rows are invalid",
        ),
        Check(
            "off_the_hour",
            f"station IS NOT NULL AND flags & {OFF_THE_HOUR} <> 0",
            time,
            "times that are not on the hour",
            f"a value belongs to one full hour; {INVALID}",
        ),
    ]


def _of_values(source: Source) -> list[Check]:
    checks = []
    for name in source.pollutants:
        column, most = source.columns[name], greatest_plausible(name)
        number, faulty = f"TRY_CAST({column} AS DOUBLE)", unread(source, name)
        high = f"above {most} {'mg' if name == 'co' else 'µg'}/m³ are taken for an error"
        if name == "co":
            high += "; if they are µg/m³, divide by 1000"
        for kind, where, what, rule in (
            (
                "no_number",
                f"({number} IS NULL OR isnan({number}))",
                "that are no number",
                "leave missing values blank",
            ),
            ("negative", f"{number} < 0", "below zero", "a concentration is not negative"),
            ("implausible", f"{number} > {most} AND NOT isnan({number})", f"above {most}", f"values {high}"),
        ):
            checks.append(
                Check(kind, f"{faulty} AND {where}", column, f"values of {name} {what}", f"{rule}; {INVALID}")
            )
    return checks


def _of_repetitions(
    source: Source, first: tuple[Any, ...] | None, rows: list[dict[str, Any]]
) -> list[Remark]:
    """Hours (of a daily file: days) that a station has twice, and days of more than 24 hours."""
    if not first:
        return []
    seen, place = set(), ""
    for row in sorted(rows, key=lambda row: row["line"]):
        if row["hour"] in seen:
            place = f"row {row['line']} (station {first[0] or 'not named'}, {row['time']})"
            break
        seen.add(row["hour"])
    found = []
    unit = "hours" if source.kind == "hourly" else "days"
    long = "readings > 24" if source.kind == "hourly" else "false"
    for kind, where in (("duplicate", f"NOT ({long})"), ("more_than_24_hours", long)):
        days, extra, at = source.connection.execute(
            f"""SELECT count(*), sum(readings - bit_count(hours)), arg_min({{'station': station, 'day': day}}, (day, station))
            FROM station_days WHERE {_repeats("readings > bit_count(hours)")} AND {where}"""
        ).fetchone() or (0, 0, None)
        if not days:
            continue
        if kind == "duplicate":
            case = place if (at["station"], at["day"]) == first[:2] else _place(at)
            text = f"{extra} {unit} that a station has twice, on {days} station days; first: {case}; even equal ones: {INVALID}"
            found.append(Remark(kind, extra, text))
        else:
            text = f"{days} station days of 25 hours or more; first: {_place(at)}; a day has 24: {INVALID}"
            found.append(Remark(kind, days, text))
    return found


def _first_repeated(source: Source) -> tuple[Any, ...] | None:
    return source.connection.execute(
        f"SELECT station, day FROM station_days WHERE {_repeats('readings > bit_count(hours)')} ORDER BY day, station LIMIT 1"
    ).fetchone()


def _repeats(condition: str) -> str:
    """SQL on `station_days`; a time off the hour, or of another average, is a fault of its own."""
    return f"(mine AND station IS NOT NULL AND day IS NOT NULL AND flags & {OFF_THE_HOUR | OTHER_AVERAGE} = 0 AND {condition})"


def _remark(check: Check, count: int, first: dict[str, Any]) -> Remark:
    told = [f"station {first['station']}" if first["station"] else "", first["time"] or "no time"]
    if first["shown"] != first["time"]:
        told.append("blank" if first["shown"] is None else repr(first["shown"]))
    place = f"row {first['line']} ({', '.join(part for part in told if part)})"
    return Remark(check.kind, count, f"{count} {check.what}; first: {place}; {check.rule}")


def _time(source: Source) -> str:
    return f"coalesce({', '.join(f'{source.columns[name]}::VARCHAR' for name in ('time', 'date') if name in source.columns)})"


def _place(at: dict[str, Any]) -> str:
    return f"station {at['station']}, {at['day']}" if at["station"] else f"{at['day']}"
