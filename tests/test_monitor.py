"""`monitoring`: hours to station days to city days to years, exactly; and what bad input gets. All hours here are made up."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ecobrief import monitoring
from ecobrief.monitoring import UnusableFile
from ecobrief.standards import air

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("ECOBRIEF_SHARED", ROOT.parent / "shared")) / "monitoring"
GOOD = {"pm25": 30, "pm10": 50, "so2": 5, "no2": 20, "co": "0.8", "o3": 60}


def hours(
    first: str = "2023-01-01T01:00", periods: int = 24, stations: tuple[str, ...] = ("S1",)
) -> pd.DataFrame:
    """Good hours, by default of one day (hour 1 to 24) of one station."""
    times = pd.date_range(first, periods=periods, freq="h").strftime("%Y-%m-%dT%H:%M")
    frames = [pd.DataFrame({"city_id": "benxi", "station": name, "time": times} | GOOD) for name in stations]
    return pd.concat(frames, ignore_index=True).astype(object)


def daily(first: str = "2023-01-01", last: str = "2023-12-31") -> pd.DataFrame:
    """Good days of the city's own means."""
    values = {("o3_8h" if name == "o3" else name): value for name, value in GOOD.items()}
    dates = pd.date_range(first, last).strftime("%Y-%m-%d")
    return pd.DataFrame({"city_id": "benxi", "date": dates} | values).astype(object)


def csv(folder: Path, frame: pd.DataFrame, name: str = "file.csv") -> Path:
    path = folder / name
    frame.to_csv(path, index=False)
    return path


def kinds(result: monitoring.Result) -> dict[str, int]:
    return {remark.kind: remark.count for remark in result.remarks}


def said(result: monitoring.Result, kind: str) -> str:
    (text,) = (str(remark) for remark in result.remarks if remark.kind == kind)
    return text


def verdicts(result: monitoring.Result) -> list[str]:
    return list(result.rows["verdict"])


def test_a_year_of_good_days_is_a_row(tmp_path: Path) -> None:
    row = monitoring.annual(csv(tmp_path, daily()), "benxi", source_id="made_up").rows.iloc[0]
    assert list(row.index) == list(monitoring.COLUMNS)
    assert (row["year"], row["standard"], row["annual"], row["review"]) == (
        "2023",
        "hj633-2012",
        "yes",
        "unreviewed",
    )
    assert (row["valid_days"], row["good_days"], row["good_day_ratio"]) == ("365", "365", "100.00")
    assert (row["method"], row["hour_label"], row["stations"]) == ("city_days", "", "")
    assert (row["coverage"], row["tier"], row["source_id"]) == ("1.0000", "monitoring", "made_up")
    assert row["monitored_id"] == f"benxi.2023.hj633-2012.{row['file_sha256'][:8]}"


@pytest.mark.parametrize(("pm25", "standard", "verdict"), [
    (75, "hj633-2012", "good"), (76, "hj633-2012", "bad"), ("75.5", "hj633-2012", "bad"),
    ("75.499999", "hj633-2012", "good"), (60, "hj633-2026", "good"), (61, "hj633-2026", "bad"),
    ("60.5", "hj633-2026", "good"),
])  # fmt: skip
def test_a_day_is_bad_above_the_concentration_of_an_iaqi_of_100(
    tmp_path: Path, pm25: Any, standard: str, verdict: str
) -> None:
    path = csv(tmp_path, daily("2023-01-01", "2023-01-01").assign(pm25=pm25))
    assert verdicts(monitoring.days(path, "benxi", standard=standard)) == [verdict]


def test_stations_are_averaged_before_rounding(tmp_path: Path) -> None:
    """75.4 and 75.6 make 75.5, which is 76; each for itself would be 75 and 76."""
    frame = hours(stations=("S1", "S2"))
    frame.loc[frame["station"] == "S1", "pm25"] = 75.4
    frame.loc[frame["station"] == "S2", "pm25"] = 75.6
    (row,) = monitoring.days(csv(tmp_path, frame), "benxi").rows.to_dict("records")
    assert (row["pm25"], row["verdict"], row["exceeding"], row["stations"]) == ("76", "bad", "pm25", "2")


def test_a_station_day_needs_20_hours_and_a_bad_pollutant_decides_without_the_others(tmp_path: Path) -> None:
    frame = hours()
    frame.loc[:3, "so2"] = None
    assert verdicts(monitoring.days(csv(tmp_path, frame), "benxi")) == ["good"]
    frame.loc[4, "so2"] = None
    result = monitoring.days(csv(tmp_path, frame), "benxi")
    assert (verdicts(result), kinds(result)) == (["undetermined"], {"missing_hours": 1})
    assert verdicts(monitoring.days(csv(tmp_path, frame.assign(pm10=151)), "benxi")) == ["bad"]


def test_ozone_is_the_greatest_8_hour_mean_of_windows_with_6_hours_14_of_them_valid(tmp_path: Path) -> None:
    frame = hours()
    frame.loc[16:, "o3"] = 200
    frame.loc[:7, "o3"] = 300  # hours 1 to 8: the window that ends at hour 8 is the first
    assert list(monitoring.days(csv(tmp_path, frame), "benxi").rows["o3_8h"]) == ["300"]
    frame.loc[:2, "o3"] = None
    frame.loc[3:7, "o3"] = 300  # 5 of 8: the windows that end at hours 8 to 10 lack a sixth, or have it
    assert list(monitoring.days(csv(tmp_path, frame), "benxi").rows["o3_8h"]) == ["260"]
    frame.loc[20:, "o3"] = None  # windows that end at 23 and 24 go too: 17 - 1 - 2 = 14
    assert list(monitoring.days(csv(tmp_path, frame), "benxi").rows["o3_8h"]) == ["260"]
    frame.loc[3, "o3"] = None
    frame.loc[19, "o3"] = None
    assert list(monitoring.days(csv(tmp_path, frame), "benxi").rows["o3_8h"]) == [""]


def test_the_convention_of_times_decides_the_day_of_midnight(tmp_path: Path) -> None:
    ending = csv(tmp_path, hours("2023-01-01T01:00"), "ending.csv")
    beginning = csv(tmp_path, hours("2023-01-01T00:00"), "beginning.csv")
    for path, convention in ((ending, "ending"), (beginning, "beginning")):
        result = monitoring.days(path, "benxi", hours=convention)  # type: ignore[arg-type]
        assert list(result.rows["day"]) == ["2023-01-01"]
        assert not result.remarks
    assert list(monitoring.days(beginning, "benxi").rows["day"]) == ["2022-12-31", "2023-01-01"]
    assert monitoring.annual(beginning, "benxi", hours="beginning").rows["hour_label"][0] == "beginning"


@pytest.mark.parametrize("written", ["%Y-%m-%dT%H:%M:%S+08:00", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M+0800"])
def test_times_without_an_offset_are_beijing_time(tmp_path: Path, written: str) -> None:
    times = pd.date_range("2023-01-01T01:00", periods=24, freq="h")
    result = monitoring.days(csv(tmp_path, hours().assign(time=times.strftime(written))), "benxi")
    assert (list(result.rows["day"]), result.remarks) == (["2023-01-01"], [])


def test_another_offset_is_turned_into_beijing_time(tmp_path: Path) -> None:
    times = pd.date_range("2022-12-31T17:00", periods=24, freq="h").strftime("%Y-%m-%dT%H:%M:%SZ")
    assert list(monitoring.days(csv(tmp_path, hours().assign(time=times)), "benxi").rows["day"]) == [
        "2023-01-01"
    ]


@pytest.mark.parametrize("kind", ["naive", "aware", "float32"])
def test_parquet_is_read_as_csv_is(tmp_path: Path, kind: str) -> None:
    frame = hours(stations=("S1", "S2"))
    frame[list(GOOD)] = frame[list(GOOD)].astype("float32" if kind == "float32" else float)
    frame.loc[3, "co"] = None
    times = pd.to_datetime(frame["time"])
    parquet = tmp_path / "file.parquet"
    frame.assign(time=times.dt.tz_localize("Asia/Shanghai") if kind == "aware" else times).to_parquet(parquet)
    expected = monitoring.days(csv(tmp_path, frame), "benxi")
    found = monitoring.days(parquet, "benxi")
    pd.testing.assert_frame_equal(found.rows, expected.rows)
    assert found.remarks == expected.remarks == []


@pytest.mark.parametrize(("column", "value", "kind", "rule"), [
    ("pm25", -1, "negative", "a concentration is not negative"),
    ("pm10", 10001, "implausible", "above 10000"),
    ("co", 800, "implausible", "divide by 1000"),
    ("so2", "n/a", "no_number", "leave missing values blank"),
    ("o3", "12,5", "no_number", "leave missing values blank"),
])  # fmt: skip
def test_one_faulty_value_makes_the_station_day_invalid(
    tmp_path: Path, column: str, value: Any, kind: str, rule: str
) -> None:
    frame = hours(periods=48, stations=("S1", "S2"))
    frame.loc[10, column] = value
    result = monitoring.days(csv(tmp_path, frame), "benxi")
    assert kinds(result) == {kind: 1}
    assert "row 12 (station S1, 2023-01-01T11:00" in said(result, kind)
    assert rule in said(result, kind)
    assert str(value) in said(result, kind)
    assert list(result.rows["stations"]) == ["1", "2"]
    assert verdicts(result) == ["good", "good"]


def test_an_hour_that_occurs_twice_makes_the_station_day_invalid_even_if_equal(tmp_path: Path) -> None:
    frame = hours(periods=20)
    result = monitoring.days(csv(tmp_path, pd.concat([frame, frame.iloc[[4]]])), "benxi")
    assert (kinds(result), verdicts(result)) == ({"duplicate": 1}, ["undetermined"])
    assert "row 22 (station S1, 2023-01-01T05:00)" in said(result, "duplicate")


def test_a_day_of_25_hours_is_invalid(tmp_path: Path) -> None:
    frame = hours()
    result = monitoring.days(csv(tmp_path, pd.concat([frame, frame.iloc[[4]]])), "benxi")
    assert (kinds(result), verdicts(result)) == ({"more_than_24_hours": 1}, ["undetermined"])


def test_a_time_off_the_hour_makes_the_station_day_invalid(tmp_path: Path) -> None:
    frame = hours()
    frame.loc[5, "time"] = "2023-01-01T05:30"
    result = monitoring.days(csv(tmp_path, frame), "benxi")
    assert (kinds(result), verdicts(result)) == ({"off_the_hour": 1}, ["undetermined"])


def test_times_that_cannot_be_read_and_rows_without_a_station_are_left_out_and_counted(
    tmp_path: Path,
) -> None:
    frame = hours()
    frame.loc[5, "time"] = "yesterday"
    frame.loc[[12, 20], "station"] = ""
    result = monitoring.days(csv(tmp_path, frame), "benxi")
    assert (kinds(result), verdicts(result)) == ({"no_station": 2, "unreadable_time": 1}, ["good"])


def test_a_daily_value_in_an_hourly_file_makes_its_day_invalid_for_every_station(tmp_path: Path) -> None:
    frame = hours(periods=48, stations=("S1", "S2"))
    mixed = pd.concat([frame, frame.iloc[[0]].assign(time="2023-01-02", station="S3")])
    result = monitoring.days(csv(tmp_path, mixed), "benxi")
    assert (kinds(result), verdicts(result)) == ({"mixed_averages": 1}, ["good", "undetermined"])


def test_an_hourly_value_in_a_daily_file_makes_its_day_invalid(tmp_path: Path) -> None:
    frame = daily("2023-01-01", "2023-01-03")
    frame.loc[1, "date"] = "2023-01-02T05:00"
    result = monitoring.days(csv(tmp_path, frame), "benxi")
    assert kinds(result)["mixed_averages"] == 1
    assert verdicts(result) == ["good", "undetermined", "good"]


def test_a_day_that_a_daily_file_has_twice_is_invalid(tmp_path: Path) -> None:
    frame = daily("2023-01-01", "2023-01-03")
    result = monitoring.days(csv(tmp_path, pd.concat([frame, frame.iloc[[0]]])), "benxi")
    assert (kinds(result)["duplicate"], verdicts(result)) == (1, ["undetermined", "good", "good"])


def test_rows_of_another_city_are_left_out_and_a_file_of_another_city_is_refused(tmp_path: Path) -> None:
    frame = hours(stations=("S1", "S2"))
    frame.loc[frame["station"] == "S2", "city_id"] = "chifeng"
    path = csv(tmp_path, frame)
    result = monitoring.days(path, "benxi")
    assert kinds(result) == {"other_city": 24}
    assert "row 26 ('chifeng')" in said(result, "other_city")
    assert list(result.rows["stations"]) == ["1"]
    with pytest.raises(UnusableFile, match="none of 48 rows is of yichun; the first is of 'benxi'"):
        monitoring.days(path, "yichun")


def test_micrograms_that_look_like_milligrams_make_every_day_invalid(tmp_path: Path) -> None:
    with pytest.raises(UnusableFile) as caught:
        monitoring.annual(csv(tmp_path, hours().assign(pm25="0.035")), "benxi")
    assert [remark.kind for remark in caught.value.remarks] == [
        "looks_like_milligrams",
        "year_without_a_usable_day",
    ]


def test_a_file_without_city_and_station_is_taken_for_the_city_and_says_so(tmp_path: Path) -> None:
    result = monitoring.annual(csv(tmp_path, hours().drop(columns=["city_id", "station"])), "benxi")
    assert kinds(result) == {"city_taken_for_granted": 1, "one_station": 1}
    assert result.rows["method"][0] == "city_hours"


def test_a_missing_column_is_named_with_what_map_would_say(tmp_path: Path) -> None:
    path = csv(tmp_path, hours().rename(columns={"pm25": "PM2.5", "o3": "ozone"}))
    with pytest.raises(UnusableFile, match=r"no column for pm25, o3; .*--map 'pm25=PM2\.5,o3=COLUMN'"):
        monitoring.days(path, "benxi")
    mapped = monitoring.days(path, "benxi", mapping={"pm25": "PM2.5", "o3": "ozone"})
    assert verdicts(mapped) == ["good"]
    with pytest.raises(monitoring.WrongMapping, match="cannot be mapped"):
        monitoring.days(path, "benxi", mapping={"pm2.5": "PM2.5"})


@pytest.mark.parametrize("name", ["it's.csv", "a[1]*?.csv", 'q".csv', "x; DROP TABLE station_days; --.csv"])
def test_names_of_files_and_columns_are_only_names(tmp_path: Path, name: str) -> None:
    hostile = "pm'25\"; DROP TABLE x; --"
    path = csv(tmp_path, hours().rename(columns={"pm25": hostile}).assign(mine="no", line=7), name)
    csv(tmp_path, hours().assign(pm25=500), "a1xx.csv")
    assert verdicts(monitoring.days(path, "benxi", mapping={"pm25": hostile})) == ["good"]
    parquet = path.with_suffix(".parquet")
    hours().rename(columns={"pm25": hostile}).assign(mine="no", day=7).astype(str).to_parquet(parquet)
    assert verdicts(monitoring.days(parquet, "benxi", mapping={"pm25": hostile})) == ["good"]


@pytest.mark.parametrize(("content", "reason"), [
    (b"", "the file is empty"),
    (b"city_id,station,time,pm25,pm10,so2,no2,co,o3\n", "a header and no rows"),
    (b"city_id,station,time,pm25,pm10,so2,no2,co,o3\nbenxi,S1\n", "cannot be read.*Line: 2"),
    ("city_id,站点\n".encode("gbk"), "neither Parquet nor CSV in UTF-8"),
    (b"PAR1 and nothing else", "cannot be read"),
])  # fmt: skip
def test_a_file_that_cannot_be_read_says_so_in_one_line(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(content)
    with pytest.raises(UnusableFile, match=reason) as caught:
        monitoring.days(path, "benxi")
    assert len(str(caught.value).splitlines()) == 1


def test_a_year_needs_324_days_and_27_a_month(tmp_path: Path) -> None:
    def year(frame: pd.DataFrame) -> tuple[str, ...]:
        row = monitoring.annual(csv(tmp_path, frame), "benxi").rows.iloc[0]
        return tuple(
            row[["annual", "short_months", "valid_days", "days_at_most_100", "good_days", "good_day_ratio"]]
        )

    dates = daily()["date"]
    assert year(daily()[~dates.between("2023-03-01", "2023-03-04")])[:2] == ("yes", "")
    lacking = year(daily()[~dates.between("2023-03-01", "2023-03-05")])
    assert lacking == ("short_month", "03", "360", "360", "", "")
    assert year(daily()[~dates.between("2023-02-01", "2023-02-04")])[:2] == ("short_month", "02")
    assert year(daily(last="2023-06-30"))[0] == "too_few_days"


def test_the_standard_of_a_year_is_the_one_in_force_at_its_end(tmp_path: Path) -> None:
    frame = daily("2025-12-01", "2026-04-30").assign(pm25=70)
    rows = monitoring.annual(csv(tmp_path, frame), "benxi").rows
    assert list(rows["standard"]) == ["hj633-2012", "hj633-2026"]
    assert list(rows["days_above_100"]) == ["0", "120"]
    assert list(rows["definition_version"]) == ["hj633_2012_actual_state", "hj633_2026"]


@pytest.mark.parametrize(
    ("first", "last", "version"),
    [
        ("2018-01-01", "2018-12-31", "hj633_2012_mixed_2018"),
        ("2018-01-01", "2018-08-31", "hj633_2012_standard_state"),
        ("2018-09-01", "2018-12-31", "hj633_2012_actual_state"),
    ],
)
def test_a_part_of_2018_follows_the_state_of_the_air_of_that_part(
    tmp_path: Path, first: str, last: str, version: str
) -> None:
    rows = monitoring.annual(csv(tmp_path, daily(first, last)), "benxi").rows
    assert list(rows["definition_version"]) == [version]


@pytest.mark.parametrize(("year", "allowed"), [(2017, False), (2018, False), (2019, True), (2025, True)])
def test_a_back_cast_begins_with_2019(tmp_path: Path, year: int, allowed: bool) -> None:
    path = csv(tmp_path, daily(f"{year}-01-01", f"{year}-12-31"))
    if allowed:
        assert (
            monitoring.annual(path, "benxi", standard="hj633-2026").rows["definition_version"][0]
            == "hj633_2026"
        )
    else:
        with pytest.raises(air.NoBackCast, match="2018-09-01"):
            monitoring.annual(path, "benxi", standard="hj633-2026")


def test_the_midnight_before_2019_is_no_reason_to_refuse_a_back_cast(tmp_path: Path) -> None:
    path = csv(tmp_path, hours("2019-01-01T00:00", 25))
    result = monitoring.annual(path, "benxi", standard="hj633-2026")
    assert list(result.rows["year"]) == ["2019"]
    assert "2018: none of its 1 days" in said(result, "year_without_a_usable_day")


def test_what_a_valid_mean_needs_is_the_same_under_both_standards() -> None:
    """It is read once, whatever the standard of a year."""
    names = [
        "hours_of_a_day",
        "hours_of_an_8_hour_mean",
        "means_of_mda8",
        "first_window_of_mda8",
        "last_window_of_mda8",
    ]
    for name in [*names, *(f"plausible_max_{pollutant}" for pollutant in (*GOOD, "o3_8h"))]:
        assert len({air.rule(name, standard).value for standard in air.STANDARDS}) == 1


def slowly(frame: pd.DataFrame) -> list[tuple[str, ...]]:
    """The same days in fractions, station by station and hour by hour, in the order of the standard's text."""
    found = []
    begins = [datetime.fromisoformat(time) - timedelta(hours=1) for time in frame["time"]]
    frame = frame.assign(
        day=[moment.date() for moment in begins], hour=[moment.hour + 1 for moment in begins]
    )
    for day in sorted(set(frame["day"])):
        of_day = frame[frame["day"] == day]
        means: dict[str, list[Fraction]] = {name: [] for name in air.POLLUTANTS}
        for _, rows in of_day.groupby("station"):
            if rows["hour"].duplicated().any() or any(
                str(value).startswith("-") for name in GOOD for value in rows[name]
            ):
                continue
            for name in GOOD:
                values = {
                    h: Fraction(str(v))
                    for h, v in zip(rows["hour"], rows[name], strict=True)
                    if not pd.isna(v)
                }
                if name != "o3":
                    if len(values) >= 20:
                        means[name].append(sum(values.values(), Fraction()) / len(values))
                    continue
                windows = [
                    [values[h] for h in range(last - 7, last + 1) if h in values] for last in range(8, 25)
                ]
                valid = [sum(w, Fraction()) / len(w) for w in windows if len(w) >= 6]
                if len(valid) >= 14:
                    means["o3_8h"].append(max(valid))
        rounded = {
            name: air.rounded(sum(of, Fraction()) / len(of), name, "hj633-2012") if of else None
            for name, of in means.items()
        }
        texts = ["" if value is None else str(value) for value in rounded.values()]
        found.append((day.isoformat(), *texts, air.day(rounded, "hj633-2012")))
    return found


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    seed=st.integers(0, 2**32 - 1), stations=st.integers(1, 4), days=st.integers(1, 3), gaps=st.floats(0, 0.3)
)
def test_days_are_those_of_a_slow_computation_in_fractions(
    tmp_path: Path, seed: int, stations: int, days: int, gaps: float
) -> None:
    random = np.random.default_rng(seed)
    frame = hours(periods=24 * days, stations=tuple(f"S{number}" for number in range(stations)))
    # Near the limits, with decimals, so that ties and roundings decide.
    for name, middle in {"pm25": 75, "pm10": 150, "so2": 150, "no2": 80, "co": 4, "o3": 160}.items():
        drawn = random.integers(-30, 31, len(frame)) * Decimal("0.1")
        frame[name] = [
            str(middle + value) if keep else None
            for value, keep in zip(drawn, random.random(len(frame)) >= gaps, strict=True)
        ]
    if random.random() < 0.3:
        frame.loc[random.integers(len(frame)), "pm25"] = "-1"
    if random.random() < 0.3:
        frame = pd.concat([frame, frame.iloc[[random.integers(len(frame))]]])
    frame = frame.iloc[random.permutation(len(frame))]
    rows = monitoring.days(csv(tmp_path, frame), "benxi").rows
    assert list(rows[["day", *air.POLLUTANTS, "verdict"]].itertuples(index=False, name=None)) == slowly(frame)


def year_of_hours(stations: int, seed: int) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    times = pd.date_range("2021-01-01T01:00", "2023-01-01T00:00", freq="h")
    frame = pd.DataFrame({
        "city_id": "benxi",
        "station": np.repeat([f"S{number}" for number in range(stations)], len(times)),
        "time": np.tile(times.strftime("%Y-%m-%dT%H:%M:%S+08:00"), stations),
    })  # fmt: skip
    for name, middle in {"pm25": 75, "pm10": 120, "so2": 40, "no2": 60, "co": 2, "o3": 110}.items():
        drawn = middle * random.uniform(0.4, 1.6, len(frame)).round(2)
        frame[name] = np.where(random.random(len(frame)) < 0.1, np.nan, drawn.round(1))
    frame.loc[random.integers(len(frame), size=20), "pm25"] = -1
    return pd.concat([frame, frame.iloc[random.integers(len(frame), size=20)]])


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_the_rows_are_those_of_the_pandas_implementation(tmp_path: Path, form: str) -> None:
    frame = year_of_hours(3, seed=4)
    path = tmp_path / f"hours.{form}"
    frame.to_csv(path, index=False) if form == "csv" else frame.to_parquet(path, index=False)
    command = [sys.executable, str(ROOT / "tools" / "monitor_pandas.py"), str(path), "--city", "benxi"]
    run = subprocess.run(command, capture_output=True, encoding="utf-8", check=True)
    expected = pd.read_csv(io.StringIO(run.stdout), dtype=str, keep_default_na=False)
    result = monitoring.annual(path, "benxi")
    pd.testing.assert_frame_equal(result.rows, expected)
    assert set(kinds(result)) == {"negative", "duplicate", "missing_hours"} or "more_than_24_hours" in kinds(
        result
    )
    assert 0 < int(result.rows["days_above_100"][0]) < 365


def test_real_station_hours_are_a_part_year_without_an_annual_value(tmp_path: Path) -> None:
    sample = SHARED / "air_station_hourly_sample.csv"
    if not sample.is_file():
        pytest.skip(
            "the sample of station-hours is not part of the repository; ECOBRIEF_SHARED names no folder with it"
        )
    frame = pd.read_csv(sample, dtype=str, keep_default_na=False)
    frame["time"] = (
        frame["Date"].str.replace(r"(....)(..)(..)", r"\1-\2-\3", regex=True) + "T" + frame["Hour"] + ":00"
    )
    frame = frame[frame["city_zh"] == "赤峰"].assign(city_id="chifeng")
    mapping = {
        "pm25": "PM2.5",
        "pm10": "PM10",
        "so2": "SO2",
        "no2": "NO2",
        "co": "CO",
        "o3": "O3_1h",
        "station": "WatchPoint",
    }
    frame["time"] = frame["time"].str.replace(r"T(\d):", r"T0\1:", regex=True)
    result = monitoring.annual(csv(tmp_path, frame), "chifeng", mapping=mapping)
    (row,) = result.rows.to_dict("records")
    assert (row["year"], row["annual"], row["good_days"]) == ("2020", "too_few_days", "")
    assert row["first_day"] >= "2020-03-25"
    assert row["last_day"] <= "2020-04-08"
    assert date.fromisoformat(row["last_day"]) > date(2020, 4, 1)
    assert int(row["valid_days"]) > 0
    assert "missing_hours" in kinds(result)
