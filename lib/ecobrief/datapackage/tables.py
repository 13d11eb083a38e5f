"""Reading one table as text, and checking it against its schema: form, columns, keys.

What a column may hold is checked by pandera, made from the fields of the Table Schema.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from ecobrief.datapackage.faults import Fault

WELL_FORMED = (
    "Empty cells need their commas; a cell that holds a comma, a quotation mark or a line break is quoted."
)


def read(path: Path, resource: Mapping[str, Any], faults: list[Fault]) -> pd.DataFrame | None:
    """One table as text; faults of the file itself (missing, not UTF-8, ragged, wrong columns) are added to `faults`."""
    name = path.name
    expected = [field["name"] for field in resource["schema"]["fields"]]
    reads = f"The header reads {','.join(expected)}"
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            header, *rows = list(csv.reader(file, strict=True)) or [[]]
    except FileNotFoundError:
        faults.append(
            Fault(
                name, None, "", "", "is missing", "datapackage.json lists it; an empty table has its header."
            )
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
    return None if wrong else pd.DataFrame(rows, columns=header, dtype=object)[expected]


def typed(frame: pd.DataFrame, schema: Mapping[str, Any]) -> pd.DataFrame:
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


def column_faults(frame: pd.DataFrame, resource: Mapping[str, Any]) -> Iterator[Fault]:
    """What pandera finds against the schema's fields, as faults."""
    # pandera costs half a second to import, which a command that only prints help should not pay.
    import pandera.pandas as pa

    schema = pa.DataFrameSchema(
        {
            field["name"]: pa.Column(
                object,
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


def is_date(cell: str) -> bool:
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
    "date": lambda cells: cells.map(is_date).astype(bool),
}


def _allowed(field: Mapping[str, Any]) -> str:
    limits = field.get("constraints", {})
    if "enum" in limits:
        return f"One of: {', '.join(map(str, limits['enum']))}."
    return str(field.get("description", ""))


# --- keys --------------------------------------------------------------------------------------------------------


def key_faults(tables: Mapping[str, pd.DataFrame], resource: Mapping[str, Any]) -> Iterator[Fault]:
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
