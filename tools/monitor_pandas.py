"""Good days from a file of hours in numpy and pandas: what `ecobrief monitor` is timed against and compared with.

    python tools/monitor_pandas.py FILE --city ID [--hours ending|beginning] [--standard …]

The same rules in other steps: the whole file in memory, sums by `bincount`, ozone in a table of 24 columns, whole numbers of
millionths. It reads files with the columns city_id, station, time and the six pollutants, and counts no faults one by one.
"""

from __future__ import annotations

import argparse
import hashlib
import math
import sys
from calendar import isleap
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ecobrief.monitoring import COLUMNS
from ecobrief.standards import air

SIMPLE = ("pm25", "pm10", "so2", "no2", "co")
MILLION = 1_000_000
L_DAY, L_OZONE = math.lcm(*range(20, 25)), math.lcm(*range(6, 9))


def millionths(column: pd.Series, pollutant: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Values as whole numbers (0 where there is none), whether there is one, whether the cell is faulty."""
    numbers = pd.to_numeric(column, errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    filled = column.notna().to_numpy()
    most = float(air.rule(f"plausible_max_{pollutant}", air.STANDARDS[-1]).value)
    with np.errstate(invalid="ignore"):
        valid = (numbers >= 0) & (numbers <= most)
    return np.rint(np.where(valid, numbers, 0) * MILLION).astype(np.int64), valid, filled & ~valid


def read(path: Path, city_id: str) -> pd.DataFrame:
    frame = pd.read_parquet(path) if path.suffix == ".parquet" else pd.read_csv(path, engine="pyarrow")
    return frame[frame["city_id"] == city_id]


def station_days(frame: pd.DataFrame, hours: str) -> tuple[pd.DataFrame, np.ndarray]:
    """Station, day (since 1970), soundness, and `denominator` times the mean of each pollutant, -1 where not valid."""
    moments = pd.to_datetime(frame["time"])
    if moments.dt.tz is not None:
        moments = moments.dt.tz_convert("Asia/Shanghai").dt.tz_localize(None)
    seconds = moments.to_numpy(dtype="datetime64[s]").astype(np.int64)
    off_the_hour = seconds % 3600 != 0
    begins = seconds - (3600 if hours == "ending" else 0)
    day, hour = begins // 86400, begins % 86400 // 3600
    station, names = pd.factorize(frame["station"])
    first, span = day.min(), day.max() - day.min() + 1
    keys, group = np.unique(station * span + (day - first), return_inverse=True)
    count = len(keys)

    def total(weights: np.ndarray) -> np.ndarray:
        """Sums by group: of whole numbers below 2**53, so that bincount's floats are exact."""
        return np.bincount(group, weights, count).astype(np.int64)

    slots = group * 24 + hour
    distinct = (np.bincount(slots, minlength=count * 24).reshape(count, 24) > 0).sum(axis=1)
    sound = (np.bincount(group, minlength=count) == distinct) & (total(off_the_hour) == 0)
    table: dict[str, Any] = {"day": keys % span + first}
    for name in SIMPLE:
        values, valid, faulty = millionths(frame[name], name)
        sums, hours_of_day = total(values), total(valid)
        sound &= total(faulty) == 0
        weight = L_DAY // np.maximum(hours_of_day, 1)
        table[name] = np.where(hours_of_day >= 20, sums * weight, -1)
    values, valid, faulty = millionths(frame["o3"], "o3")
    sound &= total(faulty) == 0
    ozone = np.bincount(slots, values, count * 24).astype(np.int64).reshape(count, 24)
    held = np.bincount(slots, valid, count * 24).astype(np.int64).reshape(count, 24)
    sums = np.lib.stride_tricks.sliding_window_view(ozone, 8, axis=1).sum(axis=2)
    counts = np.lib.stride_tricks.sliding_window_view(held, 8, axis=1).sum(axis=2)
    means = np.where(counts >= 6, sums * (L_OZONE // np.maximum(counts, 1)), -1)
    table["o3_8h"] = np.where((counts >= 6).sum(axis=1) >= 14, means.max(axis=1), -1)
    frame_of_days = pd.DataFrame(table)
    for name in air.POLLUTANTS:
        frame_of_days.loc[~sound, name] = -1
    return frame_of_days, names


def city_days(of_stations: pd.DataFrame, standard: str | None) -> pd.DataFrame:
    """Day, standard, stations, exceeds, complete."""
    valid = of_stations[list(air.POLLUTANTS)] >= 0
    of_stations = of_stations.assign(any=valid.any(axis=1))
    by_day = of_stations.groupby("day")
    result = pd.DataFrame({"stations": by_day["any"].sum()})
    dates = pd.to_datetime(result.index.to_numpy(), unit="D")
    result["date"] = dates
    result["standard"] = [standard or air.standard_in_force(date(year, 12, 31)) for year in dates.year]
    exceeds, complete = np.zeros(len(result), bool), np.ones(len(result), bool)
    for name in air.POLLUTANTS:
        held = (
            of_stations[valid[name]]
            .groupby("day")[name]
            .agg(["sum", "count"])
            .reindex(result.index)
            .fillna(0)
        )
        sums, counts = held["sum"].astype(np.int64).to_numpy(), held["count"].astype(np.int64).to_numpy()
        unit = (L_OZONE if name == "o3_8h" else L_DAY) * MILLION // 10 ** air.decimals(name)
        below, rest = np.divmod(sums, np.maximum(counts, 1) * unit)
        twice = 2 * rest - np.maximum(counts, 1) * unit
        rounded = below + ((twice > 0) | ((twice == 0) & (below % 2 == 1)))
        limits = {
            each: int(air.limit_of_a_good_day(each, name).scaleb(air.decimals(name)))
            for each in air.STANDARDS
        }
        exceeds |= (counts > 0) & (rounded > result["standard"].map(limits).to_numpy())
        complete &= counts > 0
    return result.assign(bad=exceeds, good=complete & ~exceeds)


def annual(path: Path, city_id: str, hours: str, standard: str | None) -> pd.DataFrame:
    of_stations, _ = station_days(read(path, city_id), hours)
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    rows = []
    for year, days in city_days(of_stations, standard).groupby(
        lambda day: date.fromordinal(day + 719163).year
    ):
        good, bad = int(days["good"].sum()), int(days["bad"].sum())
        if not good + bad:
            continue
        used = days["standard"].iloc[0]
        in_months = days[days["good"] | days["bad"]]["date"].dt.month.value_counts().to_dict()
        lacking = air.missing_for_a_year(in_months, year, used)
        too_few = any(part.month is None for part in lacking)
        in_year = 366 if isleap(year) else 365
        coverage = round(Fraction(10_000 * (good + bad), in_year))
        ratio = round(Fraction(10_000 * good, good + bad))
        row = {
            "monitored_id": f"{city_id}.{year}.{used}.{sha256[:8]}",
            "city_id": city_id,
            "indicator_id": "good_air_days",
            "year": year,
            "standard": used,
            "definition_version": air.definition_version(used, year),
            "method": "station_hours",
            "hour_label": hours,
            "stations": int(days["stations"].max()),
            "first_day": f"{days['date'].iloc[0]:%Y-%m-%d}",
            "last_day": f"{days['date'].iloc[-1]:%Y-%m-%d}",
            "days_in_year": in_year,
            "valid_days": good + bad,
            "coverage": f"{coverage // 10_000}.{coverage % 10_000:04}",
            **dict.fromkeys(("days_at_most_100", "days_at_most_100_low", "days_at_most_100_high"), good),
            "days_above_100": bad,
            "days_undetermined": len(days) - good - bad,
            "good_days": "" if lacking else good,
            "good_day_ratio": "" if lacking else f"{ratio // 100}.{ratio % 100:02}",
            "annual": "too_few_days" if too_few else "short_month" if lacking else "yes",
            "short_months": ";".join(f"{part.month:02}" for part in lacking if part.month is not None),
            "review": "unreviewed",
            "tier": "monitoring",
            "source_id": "",
            "file_sha256": sha256,
        }
        rows.append(row)
    return pd.DataFrame(rows, columns=list(COLUMNS))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--city", required=True)
    parser.add_argument("--hours", choices=("ending", "beginning"), default="ending")
    parser.add_argument("--standard", choices=air.STANDARDS)
    given = parser.parse_args()
    rows = annual(given.file, given.city, given.hours, given.standard)
    rows.to_csv(sys.stdout, index=False, lineterminator="\n")


if __name__ == "__main__":
    main()
