"""`ecobrief monitor` and pandas on the same made-up hours, side by side: seconds, peak memory, and whether the rows are equal.

    python tools/bench_monitor.py                     6 million rows, as Parquet and as CSV
    python tools/bench_monitor.py --rows 100000000    Parquet, without pandas: a file that is larger than its memory

Nothing here was measured anywhere: the hours come from a hash of station and time, for a city that exists in name only. They
are written to a temporary folder that is removed. Each run has a process of its own.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb

ROOT = Path(__file__).resolve().parents[1]
HOURS_OF_THE_YEARS = 87_648
SEED = 20260301
BYTES_A_ROW = {"parquet": 20, "csv": 70}
IN_MEMORY = 25_000_000
"""Above this many rows pandas needs more memory than most machines have."""


def write_hours(rows: int, form: str, folder: Path, faults: bool) -> tuple[Path, int]:
    """Hours of 2014 to 2023; one value in fifty is missing; with `faults`, one in a million is below zero."""
    stations = max(1, rows // HOURS_OF_THE_YEARS)
    parts = {"pm25": 130, "pm10": 200, "so2": 30, "no2": 90, "co": 2.9, "o3": 190}
    columns = []
    for number, (name, most) in enumerate(parts.items()):
        drawn = f"hash(station, moment, {SEED + number})"
        # Days differ from one another, so that some are good and some bad.
        level = f"(0.2 + 0.8 * (hash(moment::DATE, {SEED + number}) % 1000) / 1000)"
        value = f"round({level} * {most} * ({drawn} % 1000) / 600, {1 if name == 'co' else 0})"
        columns.append(f"CASE WHEN {drawn} % 50 <> 0 THEN {value} END AS {name}")
    if faults:
        columns[0] = columns[0].replace(
            "CASE", f"CASE WHEN hash(station, moment, {SEED}) % 999983 = 1 THEN -1", 1
        )
    shown = "strftime(moment, '%Y-%m-%dT%H:%M:%S+08:00')" if form == "csv" else "moment"
    path = folder / f"hours.{form}"
    with duckdb.connect(config={"temp_directory": str(folder), "memory_limit": "2500MB"}) as connection:
        connection.execute(
            f"""COPY (
                SELECT 'benxi' AS city_id, 'S' || lpad(station::VARCHAR, 4, '0') AS station, {shown} AS time,
                    {", ".join(columns)}
                FROM range(TIMESTAMP '2014-01-01 01:00', TIMESTAMP '2024-01-01 01:00', INTERVAL 1 HOUR) AS span(moment),
                    range({stations}) AS network(station)
            ) TO '{path}' (FORMAT {form})"""
        )
    return path, stations * HOURS_OF_THE_YEARS


def run(command: list[str]) -> tuple[float, float, str]:
    """Seconds, peak memory in GiB, and what was printed."""
    began = time.perf_counter()
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout is not None
        printed = process.stdout.read().decode()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
    unit = 1 if sys.platform == "darwin" else 1024
    return time.perf_counter() - began, usage.ru_maxrss * unit / 2**30, printed


def compare(rows: int, form: str, faults: bool) -> None:
    with tempfile.TemporaryDirectory(prefix="ecobrief-bench-") as name:
        free, needed = shutil.disk_usage(name).free, 2 * rows * BYTES_A_ROW[form]
        if free < needed:
            raise SystemExit(
                f"{form}: {needed / 2**30:.0f} GiB of disk are needed, {free / 2**30:.0f} are free in {name}"
            )
        path, written = write_hours(rows, form, Path(name), faults)
        city = [str(path), "--city", "benxi"]
        seconds, memory, ours = run([str(Path(sys.executable).parent / "ecobrief"), "monitor", *city])
        print(
            f"{form}, {written} rows, {path.stat().st_size / 2**30:.2f} GiB, {len(ours.splitlines()) - 1} years"
        )
        print(
            f"  ecobrief monitor  {seconds:7.1f} s  {memory:5.2f} GiB  {written / seconds / 1e6:.2f} million rows a second"
        )
        if rows > IN_MEMORY:
            return
        theirs = run([sys.executable, str(ROOT / "tools" / "monitor_pandas.py"), *city])
        print(f"  pandas            {theirs[0]:7.1f} s  {theirs[1]:5.2f} GiB")
        print(f"  ratio {seconds / theirs[0]:.2f}; rows {'equal' if ours == theirs[2] else 'DIFFER'}")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rows", type=int, default=6_000_000)
    parser.add_argument(
        "--form", choices=tuple(BYTES_A_ROW), help="both unless given; above 25 million rows Parquet"
    )
    parser.add_argument(
        "--faults", action="store_true", help="a few values below zero: the file is then read twice"
    )
    given = parser.parse_args()
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} before", flush=True)
    for form in [given.form] if given.form else ["parquet"] if given.rows > IN_MEMORY else list(BYTES_A_ROW):
        compare(given.rows, form, given.faults)


if __name__ == "__main__":
    main()
