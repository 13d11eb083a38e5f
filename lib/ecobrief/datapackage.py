"""The data package: its tables, read as text, checked against their schema, and written back whole.

`data/datapackage.json` (Frictionless Data Package v2) says what each table holds; nothing of it is repeated
here. `load` gives the tables or raises `DataFaults` with every fault found, each with file, row, column, value,
rule and hint. Rows are numbered as a spreadsheet shows them: the header is row 1.

Checks come in three kinds: what a column may hold (from the schema, through pandera), what one table may say of
another (primary and foreign keys), and what only this field knows (units, intervals, spans, targets), in `RULES`
at the end.
"""

from __future__ import annotations

import csv
import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from ecobrief import atomic, interval, units
from ecobrief.wording import Term, term

DESCRIPTOR = "datapackage.json"
FIGURES = ("observations", "benchmarks")
"""The tables whose rows are printed figures; they differ in the column that names the place."""
PLACE_COLUMN = {"observations": "city_id", "benchmarks": "place_id"}
ATTRIBUTES = ("definition_version", "network", "adjustment", "denominator")
"""What an indicator may ask to be stated and equal before two readings are compared."""
TIERS = ("official_document", "official_bulletin", "government_site", "state_media", "monitoring", "other")
"""Kinds of source, from the most to the least authoritative."""
COUNTRY = "china"


@dataclass(frozen=True, order=True)
class Fault:
    """One thing wrong with the data: where, what stands there, which rule it breaks, what to do."""

    file: str
    row: int | None
    column: str
    value: str
    rule: str
    hint: str = ""

    def __str__(self) -> str:
        place = self.file if self.row is None else f"{self.file} row {self.row}"
        if self.column:
            place += f", column {self.column}"
        shown = f' "{self.value}"' if self.value or self.column else ""
        return f"{place}:{shown} {self.rule}." + (f"\n  {self.hint}" if self.hint else "")


class DataFaults(Exception):
    """The data package breaks its rules; `faults` lists every case found."""

    def __init__(self, faults: list[Fault]):
        super().__init__(faults)
        self.faults = faults

    def __str__(self) -> str:
        return "\n".join(map(str, self.faults))


class NoDataPackage(Exception):
    """No folder with a data package is to be found."""


@dataclass(frozen=True)
class DataPackage:
    """A checked data package. `tables` are frames of text, typed where the schema says integer."""

    folder: Path
    descriptor: Mapping[str, Any]
    tables: Mapping[str, pd.DataFrame]

    def __getitem__(self, table: str) -> pd.DataFrame:
        return self.tables[table]

    @property
    def version(self) -> str:
        return str(self.descriptor["version"])

    @property
    def cut_off(self) -> str:
        """The last day on which a source was entered (ISO date)."""
        return str(self.descriptor["cut_off"])

    @cached_property
    def city_ids(self) -> list[str]:
        return list(self["cities"]["city_id"])

    @cached_property
    def families(self) -> list[str]:
        """The families of indicators that occur, in the order in which the schema lists them."""
        fields = {field["name"]: field for field in self._schema("indicators")["fields"]}
        occurring = set(self["indicators"]["family"])
        return [family for family in fields["family"]["constraints"]["enum"] if family in occurring]

    def indicators_of(self, *families: str) -> list[str]:
        """The indicator ids of these families, family by family."""
        indicators = self["indicators"]
        return [
            str(indicator)
            for family in families
            for indicator in indicators.loc[indicators["family"] == family, "indicator_id"]
        ]

    def _schema(self, table: str) -> Mapping[str, Any]:
        return next(r["schema"] for r in self.descriptor["resources"] if r["name"] == table)

    def row(self, table: str, key: str) -> pd.Series:
        """The row of a table by its (single) primary key.

        Raises:
            KeyError: no such row.
        """
        return self._by_key[table].loc[key]

    def place_name(self, place_id: str) -> Term:
        """What a city, a province or the country is called.

        Raises:
            KeyError: no such place.
        """
        if place_id == COUNTRY:
            return Term("全国", "China")
        cities = self["cities"]
        of_city = cities[cities["city_id"] == place_id]
        if len(of_city):
            return term(of_city.iloc[0], "name")
        of_province = cities[cities["province_id"] == place_id]
        if len(of_province):
            return term(of_province.iloc[0], "province")
        raise KeyError(place_id)

    @cached_property
    def figures(self) -> pd.DataFrame:
        """Observations and benchmarks as one frame, by observation_id; `place_id` names the city, province or country."""
        both = [self[table].rename(columns={PLACE_COLUMN[table]: "place_id"}) for table in FIGURES]
        return pd.concat(both, ignore_index=True).set_index("observation_id", drop=False)

    def hashes(self) -> dict[str, str]:
        """SHA-256 of every table's file, by table."""
        return {
            name: hashlib.sha256((self.folder / f"{name}.csv").read_bytes()).hexdigest()
            for name in sorted(self.tables)
        }

    @cached_property
    def _by_key(self) -> dict[str, pd.DataFrame]:
        keyed = {}
        for resource in self.descriptor["resources"]:
            key = resource["schema"]["primaryKey"]
            if len(key) == 1:
                keyed[resource["name"]] = self[resource["name"]].set_index(key[0], drop=False)
        return keyed


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


def load(folder: Path | str | None = None) -> DataPackage:
    """Read and check the data package in `folder` (default: `find()`).

    Raises:
        NoDataPackage: there is none.
        DataFaults: it breaks a rule; every case is listed.
    """
    package, faults = examine(Path(folder) if folder else find())
    if package is None:
        raise DataFaults(faults)
    return package


def examine(folder: Path) -> tuple[DataPackage | None, list[Fault]]:
    """The package, if it is whole, and every fault if it is not. Rules build on one another: keys are checked once
    all columns are right, and the rules of the field once all keys are."""
    try:
        descriptor = json.loads((folder / DESCRIPTOR).read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise NoDataPackage(f"{folder} holds no {DESCRIPTOR}") from error
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        return None, [Fault(DESCRIPTOR, None, "", "", f"is no JSON: {error}")]
    faults: list[Fault] = []
    tables: dict[str, pd.DataFrame] = {}
    for resource in descriptor["resources"]:
        frame = _read(folder / resource["path"], resource, faults)
        if frame is not None:
            faults.extend(_column_faults(frame, resource))
            tables[resource["name"]] = frame
    if not faults:
        tables = {r["name"]: _typed(tables[r["name"]], r["schema"]) for r in descriptor["resources"]}
        faults.extend(fault for r in descriptor["resources"] for fault in _key_faults(tables, r))
    if not faults:
        package = DataPackage(folder.resolve(), descriptor, tables)
        faults.extend(fault for rule in RULES for fault in rule(package))
        if not faults:
            return package, []
    return None, sorted(set(faults), key=lambda fault: (fault.file, fault.row or 0, fault.column, fault.rule))


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
    return load(package.folder)


def _as_csv(frame: pd.DataFrame, schema: Mapping[str, Any]) -> str:
    columns = [field["name"] for field in schema["fields"]]
    ordered = frame[columns].sort_values(schema["primaryKey"], kind="stable")
    return ordered.to_csv(index=False, lineterminator="\n")


# --- reading -----------------------------------------------------------------------------------------------------

WELL_FORMED = (
    "Empty cells need their commas; a cell that holds a comma, a quotation mark or a line break is quoted."
)


def _read(path: Path, resource: Mapping[str, Any], faults: list[Fault]) -> pd.DataFrame | None:
    """One table as text; faults of the file itself (missing, not UTF-8, ragged, wrong columns) are added to `faults`."""
    name = path.name
    expected = [field["name"] for field in resource["schema"]["fields"]]
    reads = f"The header reads {','.join(expected)}"
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            header, *rows = list(csv.reader(file, strict=True)) or [[]]
    except FileNotFoundError:
        faults.append(
            Fault(name, None, "", "", "is missing", f"{DESCRIPTOR} lists it; an empty table has its header.")
        )
        return None
    except UnicodeDecodeError as error:
        hint = "Save the table as UTF-8 (in a spreadsheet: CSV UTF-8)."
        faults.append(Fault(name, None, "", "", f"is not UTF-8 (byte {error.start})", hint))
        return None
    except csv.Error as error:
        faults.append(Fault(name, None, "", "", f"is no well-formed CSV: {error}", WELL_FORMED))
        return None
    if not header:
        faults.append(Fault(name, None, "", "", "has no header", reads))
        return None
    misnamed = {
        "is a missing column": [column for column in expected if column not in header],
        "is no column of this table": [column for column in header if column not in expected],
        "names two columns": [column for column in set(header) if header.count(column) > 1],
    }
    wrong = [Fault(name, 1, column, "", rule, reads) for rule, named in misnamed.items() for column in named]
    for row, cells in enumerate(rows, start=2):
        if len(cells) != len(header):
            rule = f"has {len(cells)} cells, the header {len(header)}"
            wrong.append(Fault(name, row, "", "", rule, WELL_FORMED))
    faults.extend(wrong)
    return None if wrong else pd.DataFrame(rows, columns=header, dtype=str)[expected]


def _typed(frame: pd.DataFrame, schema: Mapping[str, Any]) -> pd.DataFrame:
    integers = [field["name"] for field in schema["fields"] if field["type"] == "integer"]
    return frame.assign(**{column: pd.to_numeric(frame[column]).astype("Int64") for column in integers})


# --- columns -----------------------------------------------------------------------------------------------------

HINTS = {
    "is not a number": "A decimal point is written as a full stop and nothing stands between thousands: 8413.96.",
    "is not a whole number": "Write digits only.",
    "is not a date": "Write year, month and day as 2026-03-01.",
    "is empty": "This column always has a value.",
    "stands in an earlier row too": "An identifier names one row.",
}


def _column_faults(frame: pd.DataFrame, resource: Mapping[str, Any]) -> Iterator[Fault]:
    """What pandera finds against the schema's fields, as faults."""
    # pandera costs half a second to import, which a command that only prints help should not pay.
    import pandera.pandas as pa

    schema = pa.DataFrameSchema(
        {
            field["name"]: pa.Column(
                str,
                [pa.Check(test, name=rule, error=rule) for rule, test in _column_rules(field)],
            )
            for field in resource["schema"]["fields"]
        }
    )
    try:
        schema.validate(frame, lazy=True)
    except pa.errors.SchemaErrors as errors:
        allowed = {field["name"]: _allowed(field) for field in resource["schema"]["fields"]}
        for case in errors.failure_cases.to_dict("records"):
            rule = str(case["check"])
            hint = HINTS.get(rule, allowed[case["column"]])
            yield Fault(
                Path(resource["path"]).name,
                int(case["index"]) + 2,
                case["column"],
                str(case["failure_case"]),
                rule,
                hint,
            )


Test = Callable[[pd.Series], pd.Series]


def _column_rules(field: Mapping[str, Any]) -> Iterator[tuple[str, Test]]:
    """(rule, vectorised test) for each constraint of a Table Schema field; an empty cell breaks only `required`."""
    limits = field.get("constraints", {})

    def unless_empty(test: Test) -> Test:
        return lambda cells: (cells == "") | test(cells)

    if limits.get("required"):
        yield "is empty", lambda cells: cells != ""
    if limits.get("unique"):
        yield "stands in an earlier row too", unless_empty(lambda cells: ~cells.duplicated())
    if "enum" in limits:
        allowed = [str(value) for value in limits["enum"]]
        yield "is not one of the values allowed", unless_empty(lambda cells: cells.isin(allowed))
    if "pattern" in limits:
        yield "has not the form asked for", unless_empty(_in_the_form(limits["pattern"]))
    if "maxLength" in limits:
        longest = limits["maxLength"]
        yield f"is longer than {longest} characters", lambda cells: cells.str.len() <= longest
    kind = {"integer": "is not a whole number", "number": "is not a number", "date": "is not a date"}
    if field["type"] in kind:
        yield kind[field["type"]], unless_empty(TYPE_TESTS[field["type"]])
    if "minimum" in limits:
        least = limits["minimum"]
        yield f"is less than {least}", lambda cells: ~(pd.to_numeric(cells, errors="coerce") < least)


def _is_date(cell: str) -> bool:
    try:
        return date.fromisoformat(cell).isoformat() == cell
    except ValueError:
        return False


def _in_the_form(pattern: str) -> Test:
    """Whether the whole cell has the form; digits are ASCII digits, as ９６ is not a number to other programs."""
    return lambda cells: cells.str.fullmatch(pattern, flags=re.ASCII)


TYPE_TESTS: dict[str, Test] = {
    "integer": _in_the_form(r"-?\d{1,18}"),
    "number": _in_the_form(r"-?\d+(\.\d+)?"),
    "date": lambda cells: cells.map(_is_date).astype(bool),
}


def _allowed(field: Mapping[str, Any]) -> str:
    limits = field.get("constraints", {})
    if "enum" in limits:
        return f"One of: {', '.join(map(str, limits['enum']))}."
    return str(field.get("description", ""))


# --- keys --------------------------------------------------------------------------------------------------------


def _key_faults(tables: Mapping[str, pd.DataFrame], resource: Mapping[str, Any]) -> Iterator[Fault]:
    frame, schema, file = tables[resource["name"]], resource["schema"], Path(resource["path"]).name
    key = schema["primaryKey"]
    for row in frame.index[frame.duplicated(key)]:
        value = ", ".join(str(frame.at[row, column]) for column in key)
        yield Fault(
            file,
            row + 2,
            ", ".join(key),
            value,
            "stands in an earlier row too",
            HINTS["stands in an earlier row too"],
        )
    for reference in schema.get("foreignKeys", ()):
        column, target = reference["fields"], reference["reference"]
        known = tables[target["resource"]][target["fields"]]
        for row in frame.index[(frame[column] != "") & ~frame[column].isin(known)]:
            hint = f"{target['resource']}.csv has no such {target['fields']}."
            yield Fault(file, row + 2, column, frame.at[row, column], "names nothing that is there", hint)


# --- rules of the field ------------------------------------------------------------------------------------------


def _where(
    package: DataPackage, table: str, wrong: pd.Series, column: str, rule: str, hint: str = ""
) -> Iterator[Fault]:
    """A fault for each row of `table` where `wrong` holds."""
    for row, value in package[table].loc[wrong, column].items():
        shown = "" if pd.isna(value) else str(value)
        yield Fault(f"{table}.csv", int(row) + 2, column, shown, rule, hint)


def _looked_up(package: DataPackage, keys: pd.Series, table: str, column: str) -> pd.Series:
    """The `column` of the row of `table` that each key names."""
    rows = package[table]
    return keys.map(dict(zip(rows.iloc[:, 0], rows[column], strict=True)))


def _agree(test: Callable[..., bool], *columns: pd.Series) -> pd.Series:
    """`test` of the cells of each row, asked once for each combination that occurs."""
    answers: dict[tuple[str, ...], bool] = {}
    rows = list(zip(*columns, strict=True))
    for row in set(rows):
        answers[row] = test(*row)
    return pd.Series([answers[row] for row in rows], index=columns[0].index, dtype=bool)


def value_or_words(package: DataPackage) -> Iterator[Fault]:
    """A figure has a number with its unit, or printed words; never neither, never both."""
    for table in FIGURES:
        rows = package[table]
        number, words = rows["value"] != "", rows["value_text"] != ""
        yield from _where(
            package,
            table,
            number == words,
            "value",
            "and value_text must not both be filled or both be empty",
        )
        unitless = number & (rows["unit"] == "") & (rows["measure"] != "rank")
        yield from _where(
            package,
            table,
            unitless,
            "unit",
            "is empty although there is a value",
            "Write the unit as printed.",
        )


def units_that_convert(package: DataPackage) -> Iterator[Fault]:
    """The unit meant converts to the indicator's; a change of a share may also be in percentage points."""
    for table in FIGURES:
        rows = package[table]
        asked = (rows["value"] != "") & (rows["measure"] != "rank")
        canonical = _looked_up(package, rows["indicator_id"], "indicators", "unit")
        fits = _agree(_unit_fits, meant_unit(rows), canonical, rows["measure"])
        hint = "units.py lists the units; the indicator's own unit stands in indicators.csv."
        yield from _where(
            package, table, asked & ~fits, "unit", "does not convert to the indicator's unit", hint
        )
        unreasoned = (rows["unit_read"] != "") & (
            (rows["unit_read_reason_zh"] == "") | (rows["unit_read_reason_en"] == "")
        )
        yield from _where(
            package, table, unreasoned, "unit_read", "is given without a reason in both languages"
        )


def meant_unit(rows: pd.DataFrame) -> pd.Series:
    """The unit to convert from: as printed, unless that cannot be meant."""
    return rows["unit_read"].where(rows["unit_read"] != "", rows["unit"])


def _unit_fits(unit: str, canonical: str, measure: str) -> bool:
    for target in (canonical, "percentage_point") if measure == "change" else (canonical,):
        try:
            units.factor(unit, target)
            return True
        except units.UnknownUnit:
            continue
    return False


def values_within_limits(package: DataPackage) -> Iterator[Fault]:
    """A value can be read with its qualifier, and a level lies between the indicator's valid_min and valid_max."""
    for table in FIGURES:
        rows = package[table]
        filled = rows["value"] != ""
        readable = _agree(_readable, rows["value"], rows["qualifier"])
        hint = "A range is written low-high and has the qualifier range."
        yield from _where(
            package, table, filled & ~readable, "value", "cannot be read with its qualifier", hint
        )
        about = [
            _looked_up(package, rows["indicator_id"], "indicators", c)
            for c in ("unit", "valid_min", "valid_max")
        ]
        asked = filled & readable & rows["measure"].isin(["level", "cumulative"])
        inside = _agree(_inside, rows["value"], rows["qualifier"], meant_unit(rows), *about)
        hint = "valid_min and valid_max stand in indicators.csv."
        yield from _where(
            package, table, asked & ~inside, "value", "lies beyond what the indicator can be", hint
        )


def _readable(value: str, qualifier: str) -> bool:
    try:
        interval.printed(value, qualifier)
    except (ValueError, InvalidOperation):
        return False
    return True


def _inside(value: str, qualifier: str, unit: str, canonical: str, least: str, most: str) -> bool:
    """Whether some value the digits may stand for is possible; units that do not convert are another rule's matter."""
    try:
        meant = interval.printed(value, qualifier, counted=True).scaled(units.factor(unit, canonical))
        meant.clipped(Decimal(least or "-Infinity"), Decimal(most or "Infinity"))
    except units.UnknownUnit:
        return True
    except (ValueError, InvalidOperation):
        return False
    return True


def periods_that_exist(package: DataPackage) -> Iterator[Fault]:
    """Period and basis come together, months and days exist, and a period ends after it starts."""
    for table in FIGURES:
        rows = package[table]
        halved = (rows["period"] == "") != (rows["period_basis"] == "")
        yield from _where(
            package, table, halved, "period", "and period_basis must both be filled or both be empty"
        )
        wrong = (rows["period"] != "") & ~_agree(_period_exists, rows["period"])
        hint = "Write 2022, 2022-07, 2022-01/2022-06 or 2016/2020, the earlier first."
        yield from _where(package, table, wrong, "period", "is no period of the calendar", hint)


def _period_exists(period: str) -> bool:
    ends = [end + "-01-01"[len(end) - 4 :] for end in period.split("/") if end]
    return all(map(_is_date, ends)) and ends == sorted(set(ends))


def spans_in_held_documents(package: DataPackage) -> Iterator[Fault]:
    """A figure from a held document has offsets, of the length of its evidence and inside the text; others have none."""
    for table in FIGURES:
        yield from _where(
            package,
            table,
            package[table]["evidence"] == "",
            "evidence",
            "is empty",
            "Write the printed characters.",
        )
        yield from _span_faults(package, table, package[table]["source_id"])
    printed_in = package.figures["source_id"].to_dict()
    contexts = package["contexts"]
    homeless = ~contexts["observation_id"].isin(printed_in)
    yield from _where(
        package, "contexts", homeless, "observation_id", "is neither an observation nor a benchmark"
    )
    yield from _span_faults(package, "contexts", contexts["observation_id"].map(printed_in).fillna(""))


def _span_faults(package: DataPackage, table: str, source_ids: pd.Series) -> Iterator[Fault]:
    rows = package[table]
    length = pd.to_numeric(_looked_up(package, source_ids, "sources", "text_length")).astype("Int64")
    held, given = length.notna(), rows["start"].notna() & rows["end"].notna()
    homeless = ~held & (rows["start"].notna() | rows["end"].notna())
    yield from _where(
        package,
        table,
        homeless,
        "start",
        "is given although no document is held",
        "Leave start and end empty.",
    )
    missing = held & ~given
    yield from _where(
        package,
        table,
        missing,
        "start",
        "or end is empty although the document is held",
        "Count code points from 0.",
    )
    misfit = held & given & (rows["end"] - rows["start"] != rows["evidence"].str.len())
    yield from _where(
        package, table, misfit.fillna(False), "end", "minus start is not the length of the evidence"
    )
    beyond = held & given & (rows["end"] > length)
    yield from _where(
        package, table, beyond.fillna(False), "end", "lies beyond the end of the document's text"
    )


def sources_that_can_be_named(package: DataPackage) -> Iterator[Fault]:
    """A source is a held document (with both its hashes and its length) or a page seen somewhere."""
    rows = package["sources"]
    held = pd.concat(
        [rows["file_sha256"] != "", rows["text_sha256"] != "", rows["text_length"].notna()], axis=1
    )
    partly = held.any(axis=1) & ~held.all(axis=1)
    yield from _where(
        package, "sources", partly, "text_sha256", "must stand together with file_sha256 and text_length"
    )
    unseen = ~held.any(axis=1) & (rows["seen_on"] == "")
    yield from _where(package, "sources", unseen, "seen_on", "is empty although no document is held")


def extensions_where_they_belong(package: DataPackage) -> Iterator[Fault]:
    """Targets, changes and ranks have their row in the table of that name, and only they have one."""
    figures = package.figures
    for table, column, kind in (
        ("targets", "status", "target"),
        ("changes", "measure", "change"),
        ("ranks", "measure", "rank"),
    ):
        belonging = figures.loc[figures[column] == kind, "observation_id"]
        stray = ~package[table]["observation_id"].isin(belonging)
        yield from _where(package, table, stray, "observation_id", f"is no figure whose {column} is {kind}")
        for printed in FIGURES:
            rows = package[printed]
            lacking = (rows[column] == kind) & ~rows["observation_id"].isin(package[table]["observation_id"])
            yield from _where(package, printed, lacking, "observation_id", f"has no row in {table}.csv")
    baseline = package["targets"]["baseline_observation_id"]
    lost = (baseline != "") & ~baseline.isin(figures["observation_id"])
    yield from _where(package, "targets", lost, "baseline_observation_id", "names nothing that is there")


def repetitions_of_the_first(package: DataPackage) -> Iterator[Fault]:
    """A repetition names the first row that printed the figure, which has the same place, indicator, status and measure."""
    for table in FIGURES:
        rows = package[table]
        repeating = rows["repeats"] != ""
        second = repeating & (_looked_up(package, rows["repeats"], table, "repeats").fillna("") != "")
        yield from _where(package, table, second, "repeats", "names a row that is itself a repetition")
        for column in (PLACE_COLUMN[table], "indicator_id", "status", "measure"):
            other = repeating & (_looked_up(package, rows["repeats"], table, column) != rows[column])
            yield from _where(package, table, other, "repeats", f"names a row with another {column}")


def definitions_of_their_indicator(package: DataPackage) -> Iterator[Fault]:
    """A definition version is used only for the indicators it defines."""
    known = set(package["indicators"]["indicator_id"])
    lost = ~package["definitions"]["indicator_id"].map(
        lambda ids: known.issuperset(filter(None, ids.split(";")))
    ).astype(bool)
    yield from _where(
        package, "definitions", lost, "indicator_id", "names nothing that is there", "Separate by semicolons."
    )
    for table in FIGURES:
        rows = package[table]
        defined = _looked_up(package, rows["definition_version"], "definitions", "indicator_id")
        fits = _agree(
            lambda ids, indicator: not ids or indicator in ids.split(";"), defined, rows["indicator_id"]
        )
        yield from _where(package, table, ~fits, "definition_version", "does not define the row's indicator")


def attributes_that_exist(package: DataPackage) -> Iterator[Fault]:
    """comparable_on names attributes, and the indicator's unit is known."""
    rows = package["indicators"]
    lost = ~rows["comparable_on"].map(
        lambda names: set(ATTRIBUTES).issuperset(filter(None, names.split(";")))
    ).astype(bool)
    hint = f"Any of {', '.join(ATTRIBUTES)}, separated by semicolons."
    yield from _where(
        package, "indicators", lost, "comparable_on", "names something that is no attribute", hint
    )
    unknown = ~_agree(lambda unit: _unit_fits(unit, unit, "level"), rows["unit"])
    yield from _where(
        package, "indicators", unknown, "unit", "is no unit known here", "units.py lists the units."
    )


def places_that_are_known(package: DataPackage) -> Iterator[Fault]:
    """A benchmark is of the country or of a city's province, and so is the group in which a rank is held."""
    places = [COUNTRY, *package["cities"]["province_id"]]
    for table, column in (("benchmarks", "place_id"), ("ranks", "rank_among")):
        unknown = ~package[table][column].isin(places)
        yield from _where(package, table, unknown, column, "is neither china nor a province_id of cities.csv")


def one_name_for_every_figure(package: DataPackage) -> Iterator[Fault]:
    """No benchmark has the identifier of an observation."""
    twice = package["benchmarks"]["observation_id"].isin(package["observations"]["observation_id"])
    yield from _where(
        package, "benchmarks", twice, "observation_id", "is the identifier of an observation too"
    )


RULES: tuple[Callable[[DataPackage], Iterator[Fault]], ...] = (
    value_or_words,
    attributes_that_exist,
    units_that_convert,
    values_within_limits,
    periods_that_exist,
    spans_in_held_documents,
    sources_that_can_be_named,
    extensions_where_they_belong,
    repetitions_of_the_first,
    definitions_of_their_indicator,
    places_that_are_known,
    one_name_for_every_figure,
)
