"""Hours to station days to means over the stations, in SQL and in exact decimals.

`readings` gives each row its day, hour and values; `make_station_days` keeps one row a station and day in the table
`station_days`, so that 100 million hours become 4 million rows; `city_means` averages those that are sound.
"""

from __future__ import annotations

import math
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from ecobrief.monitoring.source import Hours, Source
from ecobrief.standards import air

OFF_THE_HOUR, OTHER_AVERAGE = 1 << 16, 1 << 17
"""Bits of `flags`; bit i stands for a faulty value of pollutant i."""
FAULTY = 0xFF | OFF_THE_HOUR | OTHER_AVERAGE
NUMBER = "DECIMAL(11, 6)"
"""Eight of them are added, and multiplied by 168, without loss."""


class CityDay(NamedTuple):
    """Means over the stations that are valid for the pollutant, µg/m³ (co mg/m³), not yet rounded; None without one.

    stations: how many have a valid mean of any pollutant.
    """

    day: date
    stations: int
    means: dict[str, Fraction | None]


def rule(name: str) -> int:
    """A number of hours or means that a valid average needs; the same under both standards."""
    return int(air.rule(name, air.STANDARDS[-1]).value)


def greatest_plausible(pollutant: str) -> Decimal:
    return Decimal(air.rule(f"plausible_max_{pollutant}", air.STANDARDS[-1]).value)


def least_hours(source: Source) -> int:
    return rule("hours_of_a_day") if source.kind == "hourly" else 1


def unread(source: Source, pollutant: str) -> str:
    """SQL: whether a cell holds something that gave no value. NaN is how binary floats say that there is nothing."""
    column = source.columns[pollutant]
    filled = "true"
    if source.types[pollutant] == "VARCHAR":
        filled = f"trim({column}) <> ''"
    elif source.types[pollutant] in ("FLOAT", "DOUBLE"):
        filled = f"NOT isnan({column})"
    return f"CASE WHEN value_{pollutant} IS NULL AND {column} IS NOT NULL THEN {filled} ELSE false END"


def readings(source: Source, city_id: str, hours: Hours, rows: str) -> str:
    """SQL of the rows with mine, station, day, hour (1 to 24), flags and value_<pollutant>, before the file's own columns.

    The value at 00:00 of an hour that ends there is hour 24 of the day before. `station` is null where it is blank, `day`
    where the time cannot be read; of another city's rows (not `mine`) nothing is read.
    """
    mine = (
        f"coalesce({source.columns['city_id']}::VARCHAR = $city, false)"
        if "city_id" in source.columns
        else "true"
    )
    station = f"nullif({source.columns['station']}::VARCHAR, '')" if "station" in source.columns else "''"
    numbers = ", ".join(
        f"CASE WHEN mine THEN {_number(source, name)} END AS number_{name}" for name in source.pollutants
    )
    values = ", ".join(
        f"CASE WHEN number_{name} BETWEEN 0 AND {greatest_plausible(name)} THEN number_{name} END AS value_{name}"
        for name in source.pollutants
    )
    faulty = " | ".join(
        f"(({unread(source, name)})::INTEGER << {number})" for number, name in enumerate(source.pollutants)
    )
    other_average, off_the_hour = _other_average(source), "false"
    begins = "moment"
    hour = "0"
    if source.kind == "hourly":
        off_the_hour = "NOT other_average AND epoch_us(moment) % 3600000000 <> 0"
        begins = "moment - INTERVAL 1 HOUR" if hours == "ending" else "moment"
        hour = "CASE WHEN other_average THEN 0 ELSE hour(begins) + 1 END"
    return f"""
        WITH timed AS (
            SELECT *, {mine} AS mine, CASE WHEN mine THEN {station} END AS station,
                CASE WHEN mine THEN {_moment(source)} END AS moment, {numbers}
            FROM {rows}
        ),
        placed AS (
            SELECT *, coalesce({other_average}, false) AS other_average,
                CASE WHEN other_average THEN moment ELSE {begins} END AS begins, {values}
            FROM timed
        )
        SELECT mine, station, begins::DATE AS day, {hour} AS hour,
            CASE WHEN mine THEN {faulty}
                | (coalesce({off_the_hour}, false)::INTEGER << 16) | (other_average::INTEGER << 17) END AS flags,
            * EXCLUDE (mine, station)
        FROM placed"""


def make_station_days(source: Source, city_id: str, hours: Hours) -> None:
    """The table `station_days`: mine, station, day, readings (rows), hours (a bit each), flags, and of each pollutant
    sum_ and hours_ (values); of hourly ozone also o3_1 to o3_24 and o3_hours (a bit each), as its average goes by 8-hour windows.

    Rows that are no station's day (another city, no station, no time) have one row each with a null.
    """
    averages = ", ".join(
        f"sum(value_{name}) AS sum_{name}, count(value_{name}) AS hours_{name}" for name in source.pollutants
    )
    ozone = ""
    if source.kind == "hourly":
        ozone = ", bit_or(CASE WHEN value_o3 IS NOT NULL THEN 1 << hour END) AS o3_hours, " + ", ".join(
            f"max(value_o3) FILTER (hour = {hour}) AS o3_{hour}" for hour in range(1, 25)
        )
    source.connection.execute(
        f"""CREATE TABLE station_days AS
        SELECT mine, station, day, count(*) AS readings, bit_or(1 << hour) AS hours, bit_or(flags) AS flags,
            {averages}{ozone}
        FROM ({readings(source, city_id, hours, source.scan)})
        GROUP BY mine, station, day""",
        {"city": city_id} if "city_id" in source.columns else None,
    )


def make_station_means(source: Source, *, all_faulty: bool) -> None:
    """The table `station_means`: station, day, sound, and mean_<pollutant> times `denominator`, null where not valid.

    A station's day with a fault, with an hour twice, or on a day that has readings of another averaging time, is not sound.
    """
    least = least_hours(source)
    means = ", ".join(
        f"CASE WHEN sound AND hours_{name} >= {least} THEN sum_{name}::DECIMAL(18, 6) "
        f"* ({denominator(source, name)} // hours_{name})::DECIMAL(6, 0) END AS mean_{name}"
        for name in source.pollutants
        if name != "o3"
    )
    if source.kind == "hourly":
        means += (
            f", CASE WHEN sound THEN {_greatest_8_hour_mean(denominator(source, 'o3_8h'))} END AS mean_o3_8h"
        )
    source.connection.execute(
        f"""CREATE TABLE station_means AS
        WITH judged AS (
            SELECT *, NOT {str(all_faulty).lower()} AND flags & {FAULTY} = 0 AND readings = bit_count(hours)
                AND day NOT IN (SELECT day FROM station_days WHERE day IS NOT NULL AND flags & {OTHER_AVERAGE} <> 0) AS sound
            FROM station_days WHERE mine AND station IS NOT NULL AND day IS NOT NULL
        )
        SELECT station, day, sound, {means} FROM judged"""
    )


def city_means(source: Source) -> list[CityDay]:
    """Every day of the file in order, with the mean over the stations of each pollutant that decides a day."""
    names = air.POLLUTANTS
    any_mean = " OR ".join(f"mean_{name} IS NOT NULL" for name in names)
    sums = ", ".join(f"sum(mean_{name}), count(mean_{name})" for name in names)
    rows = source.connection.execute(
        f"SELECT day, count(*) FILTER ({any_mean}), {sums} FROM station_means GROUP BY day ORDER BY day"
    ).fetchall()
    return [
        CityDay(
            day,
            stations,
            {
                name: Fraction(total) / (count * denominator(source, name)) if count else None
                for name, total, count in zip(names, cells[::2], cells[1::2], strict=True)
            },
        )
        for day, stations, *cells in rows
    ]


def denominator(source: Source, pollutant: str) -> int:
    """A number of which every count of values behind a valid mean is a divisor."""
    if source.kind == "daily":
        return 1
    if pollutant == "o3_8h":
        return math.lcm(*range(rule("hours_of_an_8_hour_mean"), 9))
    return math.lcm(*range(rule("hours_of_a_day"), 25))


def _greatest_8_hour_mean(denominator_: int) -> str:
    """SQL of the greatest 8-hour mean times its denominator, null with too few valid means (GB 3095-2012 table 4)."""
    least = rule("hours_of_an_8_hour_mean")
    means, valid = [], []
    for last in range(rule("first_window_of_mda8"), rule("last_window_of_mda8") + 1):
        count = f"bit_count((o3_hours >> {last - 7}) & 255)"
        total = " + ".join(f"coalesce(o3_{hour}, 0)" for hour in range(last - 7, last + 1))
        weight = f"({denominator_} // {count})::DECIMAL(3, 0)"
        means.append(f"CASE WHEN {count} >= {least} THEN ({total}) * {weight} END")
        valid.append(f"({count} >= {least})::INTEGER")
    enough = f"{' + '.join(valid)} >= {rule('means_of_mda8')}"
    return f"CASE WHEN {enough} THEN greatest({', '.join(means)}) END"


def _number(source: Source, pollutant: str) -> str:
    """SQL of a number to the millionth, null where the cell holds none."""
    column = source.columns[pollutant]
    if source.types[pollutant] == "FLOAT":
        # Its shortest digits, not the binary fraction.
        column = f"{column}::VARCHAR"
    return f"TRY_CAST({column} AS {NUMBER})"


def _moment(source: Source) -> str:
    """SQL of the Beijing time: `time`, else `date`."""
    read = []
    for name in (name for name in ("time", "date") if name in source.columns):
        column, type_ = source.columns[name], source.types[name]
        is_time = type_ == "DATE" or type_.startswith("TIMESTAMP")
        read.append(
            f"{column}::TIMESTAMP" if is_time else f"TRY_CAST({column}::VARCHAR AS TIMESTAMPTZ)::TIMESTAMP"
        )
    return f"coalesce({', '.join(read)})"


def _other_average(source: Source) -> str:
    """SQL: whether a row is a day's in an hourly file (no clock), or an hour's in a daily one (a clock, not midnight)."""
    if source.kind == "daily":
        return "moment <> moment::DATE"
    if source.is_text("time"):
        return f"moment IS NOT NULL AND coalesce(strlen({source.columns['time']}), 0) <= 10"
    return f"{source.columns['time']} IS NULL"
