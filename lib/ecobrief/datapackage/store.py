"""Finding, reading and writing a data package; it is checked on the way in and before it is written."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping
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


def load(folder: Path | str | None = None, check: bool = True) -> DataPackage:
    """Read and check the data package in `folder` (default: `find()`), unless it is kept.

    Args:
        check: whether rules are checked; a package that has been checked before needs it no more.

    Raises:
        NoDataPackage: there is none.
        DataFaults: it breaks a rule, and every case is listed; or a table cannot be read.
    """
    folder = (Path(folder) if folder else find()).resolve()
    if folder in _kept:
        return _kept[folder]
    package, faults = examine(folder, check)
    if package is None:
        raise DataFaults(faults)
    return package


def examine(folder: Path, check: bool = True) -> tuple[DataPackage | None, list[Fault]]:
    """The package, if it is whole, and every fault if it is not. Rules build on one another: keys are checked once
    all columns are right, and the rules of the field once all keys are."""
    try:
        descriptor = json.loads((folder / DESCRIPTOR).read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise NoDataPackage(f"{folder} holds no {DESCRIPTOR}") from error
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        return None, [Fault(DESCRIPTOR, None, "", "", f"is no JSON: {error}")]
    faults: list[Fault] = []
    resources = {resource["name"]: resource for resource in descriptor["resources"]}
    read: dict[str, Table] = {}
    for name, resource in resources.items():
        # What is not checked may be read by a process that is going to fork, where arrow must not have run.
        table = tables.read(folder / resource["path"], resource, faults, arrow=check)
        if table is not None:
            read[name] = table
            faults.extend(tables.column_faults(table, resource) if check else ())
    if check and not faults:
        faults.extend(fault for resource in resources.values() for fault in tables.key_faults(read, resource))
    if check and not faults:
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
    with tempfile.TemporaryDirectory() as scratch:
        shutil.copytree(package.folder, scratch, dirs_exist_ok=True)
        for path, text in new.items():
            Path(scratch, path).write_text(text, encoding="utf-8", newline="")
        _, faults = examine(Path(scratch))
        if faults:
            raise DataFaults(faults)
    for path, text in new.items():
        atomic.write_text(package.folder / path, text)
    saved, faults = examine(package.folder)
    if saved is None:
        raise DataFaults(faults)
    return saved


def _as_csv(frame: pd.DataFrame, schema: Mapping[str, Any]) -> str:
    columns = [field["name"] for field in schema["fields"]]
    ordered = frame[columns].sort_values(schema["primaryKey"], kind="stable")
    return ordered.to_csv(index=False, lineterminator="\n")
