"""The folder of the data package as files: where it lies and what it holds, before any table is checked.

This is for commands that may find that there is nothing to do: no library for tables is imported.
"""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

DESCRIPTOR = "datapackage.json"


class NoDataPackage(Exception):
    """No folder with a data package is to be found."""


class NotReadable(Exception):
    """The files do not have the form that `read` relies on; `datapackage.load` says what is wrong with them."""


@dataclass(frozen=True)
class PackageFiles:
    """What the files of a data package say that was not checked.

    tables: the file of each table by the table's name
    provinces: the province_id of each city by its city_id, in the order of the table of cities
    """

    folder: Path
    version: str
    cut_off: str
    tables: Mapping[str, Path]
    provinces: Mapping[str, str]


def find(start: Path | None = None) -> Path:
    """The folder of the data package: `ECOBRIEF_DATA`, else data/ in the nearest parent of `start` that has one.

    Raises:
        NoDataPackage: neither is there.
    """
    named = os.environ.get("ECOBRIEF_DATA")
    if named:
        if not (Path(named) / DESCRIPTOR).is_file():
            raise NoDataPackage(f"ECOBRIEF_DATA names {named}, which holds no {DESCRIPTOR}")
        return Path(named).resolve()
    start = (start or Path.cwd()).resolve()
    for folder in (start, *start.parents):
        if (folder / "data" / DESCRIPTOR).is_file():
            return folder / "data"
    raise NoDataPackage(
        f"neither {start} nor a folder above it holds data/{DESCRIPTOR}; set ECOBRIEF_DATA to the folder of the data package"
    )


def read(folder: Path) -> PackageFiles:
    """What lies in `folder`.

    Raises:
        NotReadable: a file is missing or has another form.
    """
    try:
        descriptor = json.loads((folder / DESCRIPTOR).read_text(encoding="utf-8"))
        tables = {str(one["name"]): folder / one["path"] for one in descriptor["resources"]}
        with tables["cities"].open(encoding="utf-8-sig", newline="") as file:
            provinces = {row["city_id"]: row["province_id"] for row in csv.DictReader(file)}
        return PackageFiles(folder, str(descriptor["version"]), str(descriptor["cut_off"]), tables, provinces)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, csv.Error) as error:
        raise NotReadable(f"{folder} holds no data package that can be read: {error}") from error
