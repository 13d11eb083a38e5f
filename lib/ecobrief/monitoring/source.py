"""A file of concentrations, CSV or Parquet, opened in duckdb, its columns under the names that `monitoring` knows.

Names of files and columns are other people's: they enter SQL quoted, and a file's name is never taken for a pattern.
"""

from __future__ import annotations

import csv
import glob
import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import duckdb

    from ecobrief.monitoring.remarks import Remark

Hours = Literal["ending", "beginning"]
"""Whether a time names the end of its hour (the value at 18:00 is for 17–18 h) or its beginning."""
HOURLY = ("pm25", "pm10", "so2", "no2", "co", "o3")
DAILY = ("pm25", "pm10", "so2", "no2", "co", "o3_8h")
"""Concentrations in µg/m³, co in mg/m³; a daily o3_8h is the greatest 8-hour mean of the day."""
NAMES = ("city_id", "station", "time", "date", *HOURLY, "o3_8h")
MEMORY_LIMIT = "2500MB"
"""For duckdb; with buffers and Python the process stays within 4 GiB. What does not fit goes to a temporary folder."""


class NeedsDuckDB(ImportError):
    """duckdb is not installed."""

    def __str__(self) -> str:
        return "ecobrief monitor reads files with duckdb: pip install 'ecobrief[monitor]'"


class WrongMapping(ValueError):
    """A column is mapped to a name that `monitoring` does not know."""


class UnusableFile(ValueError):
    """No annual row can be made of the file; `remarks` says what was found wrong on the way."""

    def __init__(self, reason: str, remarks: Sequence[Remark] = ()):
        super().__init__(reason)
        self.remarks = list(remarks)


@dataclass(frozen=True)
class Source:
    """An open file.

    scan: SQL of the table of its rows as they stand; numbered: the same with `line`, the row's number.
    columns: known name → SQL of the column; types: known name → its type in duckdb.
    kind: hourly or daily, by its first row.
    """

    path: Path
    connection: duckdb.DuckDBPyConnection
    scan: str
    numbered: str
    columns: Mapping[str, str]
    types: Mapping[str, str]
    kind: Literal["hourly", "daily"]

    @property
    def pollutants(self) -> tuple[str, ...]:
        return HOURLY if self.kind == "hourly" else DAILY

    @property
    def method(self) -> str:
        """station_hours, station_days, or city_hours and city_days of a file without stations."""
        place = "station" if "station" in self.columns else "city"
        return f"{place}_{'hours' if self.kind == 'hourly' else 'days'}"

    def is_text(self, name: str) -> bool:
        return self.types[name] == "VARCHAR"


@contextmanager
def opened(path: Path, mapping: Mapping[str, str] | None = None) -> Iterator[Source]:
    """The file in a duckdb of its own, which is gone afterwards with its temporary folder.

    Raises:
        NeedsDuckDB: the extra `monitor` is not installed.
        WrongMapping: `mapping` (known name → column of the file) has a name that is not in `NAMES`.
        UnusableFile: the file is not there, is empty, cannot be read or lacks a column.
    """
    try:
        import duckdb
    except ImportError as error:
        raise NeedsDuckDB from error
    mapping = dict(mapping or {})
    if unknown := [name for name in mapping if name not in NAMES]:
        raise WrongMapping(f"{', '.join(unknown)} cannot be mapped; what can is {', '.join(NAMES)}")
    if not path.is_file():
        raise UnusableFile(f"{path}: there is no such file")
    if path.stat().st_size == 0:
        raise UnusableFile(f"{path}: the file is empty")
    with tempfile.TemporaryDirectory(prefix="ecobrief-monitor-") as folder:
        connection = duckdb.connect(
            config={
                "memory_limit": MEMORY_LIMIT,
                "temp_directory": folder,
                "threads": min(os.cpu_count() or 1, 8),
                "preserve_insertion_order": False,
                "autoinstall_known_extensions": False,
            }
        )
        try:
            # Beijing time, for times without an offset and for those with another one.
            connection.execute("SET TimeZone = 'Asia/Shanghai'; SET enable_progress_bar = false")
            yield _source(path, connection, mapping)
        except duckdb.Error as error:
            raise UnusableFile(f"{path} cannot be read: {_in_one_line(error)}") from error
        finally:
            connection.close()


def _source(path: Path, connection: duckdb.DuckDBPyConnection, mapping: Mapping[str, str]) -> Source:
    quoted_path = _text(glob.escape(str(path.resolve())))
    with path.open("rb") as file:
        is_parquet = file.read(4) == b"PAR1"
    # Columns are numbered, so that whatever they are called is only compared.
    if is_parquet:
        described = connection.execute(f"DESCRIBE SELECT * FROM read_parquet({quoted_path})").fetchall()
        present = [(name, f"c{number}", type_) for number, (name, type_, *_) in enumerate(described)]
        renamed = ", ".join(f"{_identifier(name)} AS {column}" for name, column, _ in present)
        scan = f"(SELECT {renamed} FROM read_parquet({quoted_path}))"
        numbered = (
            f"(SELECT {renamed}, file_row_number + 1 AS line "
            f"FROM read_parquet({quoted_path}, file_row_number = true))"
        )
    else:
        present = [(name, f"c{number}", "VARCHAR") for number, name in enumerate(_header(path))]
        listed = ", ".join(f"'{column}': 'VARCHAR'" for _, column, _ in present)
        scan = (
            f"read_csv({quoted_path}, auto_detect = false, header = true, delim = ',', quote = '\"', "
            f"escape = '\"', columns = {{{listed}}})"
        )
        # The header is row 1.
        numbered = f"(SELECT *, row_number() OVER () + 1 AS line FROM {scan})"
    names = [name for name, _, _ in present]
    wanted = {name: mapping.get(name, name) for name in NAMES}
    if twice := [column for column in wanted.values() if names.count(column) > 1]:
        raise UnusableFile(f"{path}: the column {twice[0]} occurs twice")
    found = {
        name: (column, type_)
        for name, own in wanted.items()
        for present_name, column, type_ in present
        if present_name == own
    }
    hourly = _is_hourly(connection, scan, found)
    lacking = [name for name in (HOURLY if hourly else DAILY) if name not in found]
    if not {"time", "date"} & set(found):
        lacking.insert(0, "time")
    lacking += [name for name in mapping if name not in found and name not in lacking]
    if lacking:
        proposals = ",".join(f"{name}={_alike(wanted[name], names)}" for name in lacking)
        raise UnusableFile(
            f"{path}: no column for {', '.join(lacking)}; the file has {', '.join(names)}. "
            f"Name them: --map '{proposals}'"
        )
    return Source(
        path=path,
        connection=connection,
        scan=scan,
        numbered=numbered,
        columns={name: column for name, (column, _) in found.items()},
        types={name: type_ for name, (_, type_) in found.items()},
        kind="hourly" if hourly else "daily",
    )


def _is_hourly(
    connection: duckdb.DuckDBPyConnection, scan: str, found: Mapping[str, tuple[str, str]]
) -> bool:
    """Whether the first time has a clock; a file with nothing but `date` is daily."""
    if "time" not in found:
        return "date" not in found
    column, type_ = found["time"]
    if type_ == "VARCHAR":
        first = connection.execute(
            f"SELECT {column} FROM {scan} WHERE trim({column}) <> '' LIMIT 1"
        ).fetchone()
        return first is None or len(first[0].strip()) > len("2020-01-01")
    return type_ != "DATE"


def _header(path: Path) -> list[str]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return next(csv.reader(file), [])
    except (UnicodeDecodeError, csv.Error) as error:
        raise UnusableFile(
            f"{path}: neither Parquet nor CSV in UTF-8 ({error}). Spreadsheets save “CSV UTF-8”"
        ) from error


def _alike(name: str, names: Sequence[str]) -> str:
    """The one column that has the same letters and digits, else a place to fill in."""

    def bare(text: str) -> str:
        return "".join(filter(str.isalnum, text.lower()))

    fitting = [other for other in names if bare(other) == bare(name)]
    return fitting[0] if len(fitting) == 1 else "COLUMN"


def _identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _in_one_line(error: Exception) -> str:
    """What duckdb says first, and of a faulty line also what was expected."""
    said = [line.strip() for line in str(error).splitlines() if line.strip()]
    return "; ".join(line for line in said[:3] if not line.startswith(("Possible", "Original Line")))
