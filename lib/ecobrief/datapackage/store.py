"""Finding, reading and writing a data package; it is checked on the way in and before it is written."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import tempfile
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd

from ecobrief import atomic
from ecobrief.datapackage import tables
from ecobrief.datapackage.columns import Table
from ecobrief.datapackage.faults import DataFaults, Fault, NoDataPackage
from ecobrief.datapackage.package import DataPackage
from ecobrief.datapackage.rules import RULES
from ecobrief.package_folder import DESCRIPTOR, find

_kept: dict[Path, DataPackage] = {}


def keep(package: DataPackage) -> None:
    """Let `load` give this very package from now on where its folder is asked for."""
    _kept[package.folder] = package


def load(folder: Path | str | None = None, check: bool = True, *, arrow: bool = True) -> DataPackage:
    """Read and check the data package in `folder` (default: `find()`), unless it is kept.

    Args:
        check: whether rules are checked; a package that has been checked before needs it no more.
        arrow: whether large tables may be read by it, which leaves threads behind; a process that will fork says no.

    Raises:
        NoDataPackage: there is none.
        DataFaults: it breaks a rule, and every case is listed; or a table cannot be read.
    """
    folder = (Path(folder) if folder else find()).resolve()
    if folder in _kept:
        return _kept[folder]
    if not check:
        return _unchecked(folder)
    package, faults = examine(folder, arrow=arrow)
    if package is None:
        raise DataFaults(faults)
    return package


def _unchecked(folder: Path) -> DataPackage:
    descriptor = _descriptor(folder)
    frames = {
        resource["name"]: tables.read_unchecked(folder / resource["path"], resource["schema"])
        for resource in descriptor["resources"]
    }
    return DataPackage(folder, descriptor, frames)


def _descriptor(folder: Path) -> dict[str, Any]:
    try:
        descriptor: dict[str, Any] = json.loads((folder / DESCRIPTOR).read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise NoDataPackage(f"{folder} holds no {DESCRIPTOR}") from error
    return descriptor


def examine(folder: Path, *, arrow: bool = True) -> tuple[DataPackage | None, list[Fault]]:
    """The package, if it is whole, and every fault if it is not; `arrow` as in `load`.

    Rules build on one another: keys are checked once all columns are right, and the rules of the field once all keys are.
    """
    try:
        descriptor = _descriptor(folder)
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        return None, [Fault(DESCRIPTOR, None, "", "", f"is no JSON: {error}")]
    faults: list[Fault] = []
    resources = {resource["name"]: resource for resource in descriptor["resources"]}
    read: dict[str, Table] = {}
    for name, resource in resources.items():
        table = tables.read(folder / resource["path"], resource, faults, arrow=arrow)
        if table is not None:
            read[name] = table
            faults.extend(tables.column_faults(table, resource))
    if not faults:
        faults.extend(fault for resource in resources.values() for fault in tables.key_faults(read, resource))
    if not faults:
        faults.extend(fault for rule in RULES for fault in rule(read))
    if faults:
        ordered = sorted(
            set(faults), key=lambda fault: (fault.file, fault.row or 0, fault.column, fault.rule)
        )
        return None, ordered
    schemas = {name: resource["schema"] for name, resource in resources.items()}
    return DataPackage(folder.resolve(), descriptor, _Frames(read, schemas)), []


class _Frames(Mapping[str, pd.DataFrame]):
    """The tables that were read as frames, each made when it is first asked for."""

    def __init__(self, read: dict[str, Table], schemas: Mapping[str, Any]):
        self._read, self._schemas = read, schemas
        self._made: dict[str, pd.DataFrame] = {}

    def __getitem__(self, table: str) -> pd.DataFrame:
        if table not in self._made:
            self._made[table] = tables.frame(self._read.pop(table), self._schemas[table])
        return self._made[table]

    def __iter__(self) -> Iterator[str]:
        return iter(self._schemas)

    def __len__(self) -> int:
        return len(self._schemas)


def save(package: DataPackage, changed: Mapping[str, pd.DataFrame]) -> DataPackage:
    """Write `changed` tables (name → frame) in place of the old ones, sorted by primary key; all of them or none.

    The tables are first written to a scratch copy and checked there, so that a fault leaves the package as it was.

    Raises:
        DataFaults: the package would break a rule; nothing has been written.
    """
    new = {
        resource["path"]: _as_csv(changed[resource["name"]], resource["schema"])
        for resource in package.descriptor["resources"]
        if resource["name"] in changed
    }
    return _replace(package.folder, {path: text.encode("utf-8") for path, text in new.items()})


def append(
    package: DataPackage,
    added: Mapping[str, Sequence[Mapping[str, str]]],
    inspect: Callable[[DataPackage], Sequence[Fault]] = lambda package: (),
    blame: Callable[[Fault, Mapping[str, str]], Fault] = lambda fault, row: fault,
) -> DataPackage:
    """Write `added` rows (table → rows) into the tables, where the order by primary key has them; all of them or none.

    Every other byte of the tables stays as it is.

    inspect: what else may be wrong with the package that would be written
    blame: how a fault is told that names an added row by the number it would have

    Raises:
        DataFaults: the package would break a rule, or something else is wrong with it; nothing has been written.
        OSError: a table cannot be written; the tables are as they were.
    """
    new: dict[str, bytes] = {}
    old: dict[str, bytes] = {}
    numbered: dict[tuple[str, int], Mapping[str, str]] = {}
    for resource in package.descriptor["resources"]:
        if rows := added.get(resource["name"]):
            path = resource["path"]
            old[path] = package.folder.joinpath(path).read_bytes()
            new[path], numbers = _with_rows(old[path], rows, resource["schema"])
            numbered |= {(Path(path).name, number): row for number, row in numbers.items()}
    try:
        return _replace(package.folder, new, old, inspect)
    except DataFaults as error:
        told = [
            blame(fault, row) if (row := numbered.get((fault.file, fault.row or 0))) else fault
            for fault in error.faults
        ]
        raise DataFaults(told) from error


def _replace(
    folder: Path,
    new: Mapping[str, bytes],
    old: Mapping[str, bytes] | None = None,
    inspect: Callable[[DataPackage], Sequence[Fault]] = lambda package: (),
) -> DataPackage:
    """Write new contents of tables (path → bytes), which are first checked in a scratch copy of the package.

    old: what they were made from, where another change of them meanwhile may not be lost
    """
    with tempfile.TemporaryDirectory() as scratch:
        shutil.copytree(folder, scratch, dirs_exist_ok=True)
        for path, content in new.items():
            Path(scratch, path).write_bytes(content)
        changed, faults = examine(Path(scratch))
        if changed is not None:
            faults = list(inspect(changed))
        if faults:
            raise DataFaults(faults)
    for path, content in (old or {}).items():
        if folder.joinpath(path).read_bytes() != content:
            raise DataFaults(
                [Fault(path, None, "", "", "was changed by someone else meanwhile", "Try again.")]
            )
    # All are written before the first takes its place: a full disk leaves the package as it was.
    with ExitStack() as stack:
        for path, content in new.items():
            stack.enter_context(atomic.writing(folder / path)).write(content)
    saved, faults = examine(folder)
    if saved is None:
        raise DataFaults(faults)
    return saved


def _with_rows(
    table: bytes, rows: Sequence[Mapping[str, str]], schema: Mapping[str, Any]
) -> tuple[bytes, dict[int, Mapping[str, str]]]:
    """The table with more rows, in its own order of columns and with its own line ends; and these rows by their number."""
    header, *records = _records(table.decode("utf-8"))
    end = header[len(header.rstrip("\r\n")) :]
    names = next(csv.reader([header.removeprefix("\ufeff")]))
    whole = {field["name"] for field in schema["fields"] if field["type"] == "integer"}

    def key(cells: Mapping[str, str]) -> tuple[Any, ...]:
        return tuple(int(cells[name] or 0) if name in whole else cells[name] for name in schema["primaryKey"])

    def line(row: Mapping[str, str]) -> str:
        written = io.StringIO()
        csv.writer(written, lineterminator=end).writerow([row[name] for name in names])
        return written.getvalue()

    entries: list[tuple[tuple[Any, ...], str, Mapping[str, str] | None]] = []
    for record in records:
        cells = next(csv.reader(io.StringIO(record, newline="")))
        entries.append((key(dict(zip(names, cells, strict=True))), record, None))
    in_order = all(one[0] <= other[0] for one, other in pairwise(entries))
    for row in sorted(rows, key=key):
        at = bisect_right(entries, key(row), key=lambda entry: entry[0]) if in_order else len(entries)
        entries.insert(at, (key(row), line(row), row))
    numbers = {number: row for number, (_, _, row) in enumerate(entries, start=2) if row is not None}
    return "".join((header, *(record for _, record, _ in entries))).encode("utf-8"), numbers


def _records(text: str) -> list[str]:
    """The lines of a table with their line ends; a line break inside a quoted cell ends none."""
    records, quotes = [""], 0
    for line in re.findall(r"[^\n]*\n|[^\n]+$", text):
        records[-1] += line
        quotes += line.count('"')
        if quotes % 2 == 0:
            records.append("")
    end = "\r\n" if records[0].endswith("\r\n") else "\n"
    return [record if record.endswith("\n") else f"{record}{end}" for record in records if record]


def _as_csv(frame: pd.DataFrame, schema: Mapping[str, Any]) -> str:
    columns = [field["name"] for field in schema["fields"]]
    ordered = frame[columns].sort_values(schema["primaryKey"], kind="stable")
    return ordered.to_csv(index=False, lineterminator="\n")
