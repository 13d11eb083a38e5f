"""A large data package: what reading, comparing and auditing it takes, beside pandas' `read_csv` of the same files.

    python tools/bench_scale.py                          1,000,000 observations of 2,500 synthetic cities
    python tools/bench_scale.py --observations 100000 --cities 250 --repeat 1

Each part runs in a process of its own, after what it needs has been done there; medians of processor time are shown, and
the most memory that the process held.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
ASKED = 10.0
READ_CSV = "pandas.read_csv"


def read_csv(folder: Path) -> Callable[[], Any]:
    import pandas as pd

    # Nothing is said of the columns, as by someone who opens the files.
    return lambda: [pd.read_csv(path, low_memory=False) for path in sorted(folder.glob("*.csv"))]


def loaded(folder: Path, *, check: bool) -> Callable[[], Any]:
    from ecobrief import datapackage

    return lambda: datapackage.load(folder, check=check)


def readings(folder: Path) -> Callable[[], Any]:
    from ecobrief import compare

    package = loaded(folder, check=False)()
    return lambda: compare.readings(package)


def comparison(folder: Path) -> Callable[[], Any]:
    from ecobrief.compare.report import comparison

    package = loaded(folder, check=False)()
    return lambda: comparison(package, "good_air_day_ratio", package.city_ids)


def findings(folder: Path) -> Callable[[], Any]:
    from ecobrief import audit

    package = loaded(folder, check=False)()
    return lambda: audit.findings(package)


PARTS: dict[str, Callable[[Path], Callable[[], Any]]] = {
    READ_CSV: read_csv,
    "datapackage: read": lambda folder: loaded(folder, check=False),
    "datapackage: read and check": lambda folder: loaded(folder, check=True),
    "compare: all readings": readings,
    "compare: one indicator of all cities": comparison,
    "audit: all identities": findings,
}


def measured(part: str, folder: Path) -> tuple[float, float]:
    """Seconds of processor time, and MB."""
    command = [sys.executable, __file__, "--part", part, str(folder)]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    seconds, peak = json.loads(ran.stdout.splitlines()[-1])
    return seconds, peak


def run(part: str, folder: Path) -> None:
    work = PARTS[part](folder)
    begun = time.process_time()
    work()
    seconds = time.process_time() - begun
    print(json.dumps([seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--observations", type=int, default=1_000_000)
    parser.add_argument("--cities", type=int, default=2500)
    parser.add_argument("--repeat", type=int, default=3, help="rounds, of which medians are shown")
    parser.add_argument("--part", nargs=2, metavar=("NAME", "FOLDER"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.part:
        run(given.part[0], Path(given.part[1]))
        return 0
    with tempfile.TemporaryDirectory(prefix="ecobrief-scale-") as name:
        folder = Path(name)
        make = [sys.executable, str(ROOT / "tools" / "synthetic.py"), str(folder)]
        make += ["--cities", str(given.cities), "--observations", str(given.observations)]
        subprocess.run(make, check=True, stdout=subprocess.DEVNULL)
        rounds = [{part: measured(part, folder) for part in PARTS} for _ in range(given.repeat)]
    print(f"{given.observations} observations, medians of {given.repeat}, {os.cpu_count()} cores")
    print(f"{'':38}{'time':>9}{'memory':>10}{'of read_csv':>13}")
    met = True
    middle = {
        part: [statistics.median(values) for values in zip(*(one[part] for one in rounds), strict=True)]
        for part in PARTS
    }
    for part, (seconds, peak) in middle.items():
        ratio = seconds / middle[READ_CSV][0]
        met = met and ratio <= ASKED
        print(f"{part:38}{seconds:7.2f} s{peak:7.0f} MB{ratio:12.1f}×{'' if ratio <= ASKED else '  MISSED'}")
    print(f"asked: at most {ASKED:g}× each")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
