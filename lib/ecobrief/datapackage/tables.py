"""Reading one table as text, and checking it against its schema: form, columns, keys."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ecobrief.datapackage.columns import Column, Rows, Table, number, repeated
from ecobrief.datapackage.faults import Fault

WELL_FORMED = (
    "Empty cells need their commas; a cell that holds a comma, a quotation mark or a line break is quoted."
)
LARGE = 1 << 20
"""From this size on (bytes) a file is read by arrow, which takes a third of the time."""
ROWS_AT_ONCE = 5_000
QUOTED_CELL = re.compile(rb'"(?<![^,\r\n]")[^"]*(?:""[^"]*)*"(?![^,\r\n])')


class Irregular(Exception):
    """A file that `_read_large` leaves to `_read`, which finds what is wrong with it, if anything is."""


def read(path: Path, resource: Mapping[str, Any], faults: list[Fault], *, arrow: bool = True) -> Table | None:
    """One table as text; faults of the file itself (missing, not UTF-8, ragged, wrong columns) are added to `faults`.

    arrow: whether a large file may be read by it, which leaves threads behind
    """
    expected = [field["name"] for field in resource["schema"]["fields"]]
    if arrow and path.is_file() and path.stat().st_size >= LARGE:
        try:
            return _read_large(path, expected)
        except Irregular:
            pass
    return _read(path, expected, faults)


def _read(path: Path, expected: Sequence[str], faults: list[Fault]) -> Table | None:
    name, reads = path.name, f"The header reads {','.join(expected)}"
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.reader(file, strict=True)
            header = next(rows, [])
            wrong = list(_misnamed(name, header, expected, reads))
            columns = [_Growing() for _ in header]
            count = 1
            while some := list(islice(rows, ROWS_AT_ONCE)):
                ragged = {len(cells) for cells in some} != {len(header)}
                wrong += _ragged(name, header, some, count + 1) if ragged else []
                for column, cells in zip(columns, () if ragged else zip(*some, strict=True), strict=False):
                    column.extend(cells)
                count += len(some)
    except FileNotFoundError:
        hint = "datapackage.json lists it; an empty table has its header."
        faults.append(Fault(name, None, "", "", "is missing", hint))
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
    faults.extend(wrong)
    read = dict(zip(header, columns, strict=True))
    return None if wrong else {column: read[column].column() for column in expected}


def _misnamed(name: str, header: Sequence[str], expected: Sequence[str], reads: str) -> Iterator[Fault]:
    misnamed = {
        "is a missing column": [column for column in expected if column not in header],
        "is no column of this table": [column for column in header if column not in expected],
        "names two columns": [column for column in set(header) if header.count(column) > 1],
    }
    for rule, columns in misnamed.items():
        yield from (Fault(name, 1, column, "", rule, reads) for column in columns)


def _ragged(name: str, header: Sequence[str], rows: Sequence[Sequence[str]], first: int) -> Iterator[Fault]:
    for row, cells in enumerate(rows, start=first):
        if len(cells) != len(header):
            yield Fault(name, row, "", "", f"has {len(cells)} cells, the header {len(header)}", WELL_FORMED)


class _Growing(dict[str, int]):
    """A column while it is read: its distinct values, numbered as they occur."""

    def __init__(self) -> None:
        super().__init__()
        self._codes: list[np.ndarray] = []

    def __missing__(self, value: str) -> int:
        self[value] = number = len(self)
        return number

    def extend(self, cells: Sequence[str]) -> None:
        self._codes.append(np.fromiter(map(self.__getitem__, cells), np.int32, len(cells)))

    def column(self) -> Column:
        return Column(np.array([*self], dtype=object), np.concatenate([np.empty(0, np.int32), *self._codes]))


def _read_large(path: Path, expected: Sequence[str]) -> Table:
    """What `_read` reads, of a file with which nothing is wrong.

    Raises:
        Irregular: it may be that something is.
    """
    import pyarrow as pa
    from pyarrow import csv as arrow

    content = path.read_bytes().removeprefix(codecs.BOM_UTF8)
    quoted = b'"' in content
    # arrow takes `"a"b` for a cell.
    if quoted and content.count(b'"') != sum(cell[0].count(b'"') for cell in QUOTED_CELL.finditer(content)):
        raise Irregular
    text = pa.dictionary(pa.int32(), pa.string())
    try:
        read = arrow.read_csv(
            pa.py_buffer(content),
            parse_options=arrow.ParseOptions(newlines_in_values=quoted, ignore_empty_lines=False),
            convert_options=arrow.ConvertOptions(column_types=dict.fromkeys(expected, text)),
        )
    except pa.ArrowInvalid as error:
        raise Irregular from error
    if sorted(read.column_names) != sorted(expected):
        raise Irregular
    columns = read.unify_dictionaries().combine_chunks()
    table = {name: _column(columns[name].chunk(0)) for name in expected}
    # arrow takes an empty line for a row of empty cells; the first column of a table is never empty.
    if not table[expected[0]].filled.all():
        raise Irregular
    return table


def _column(encoded: Any) -> Column:
    return Column(np.array(encoded.dictionary.to_pylist(), dtype=object), encoded.indices.to_numpy())


def frame(table: Table, schema: Mapping[str, Any]) -> pd.DataFrame:
    """The table as a frame: whole numbers where the schema says integer, else text as Python strings ("" if empty)."""
    return _frame({name: column.cells for name, column in table.items()}, schema)


def read_unchecked(path: Path, schema: Mapping[str, Any]) -> pd.DataFrame:
    """What `frame` gives, of a file with which nothing is wrong, and without arrow.

    arrow leaves threads behind, which a process that is going to fork must not have.
    """
    text = pd.read_csv(io.BytesIO(path.read_bytes()), dtype=object, keep_default_na=False, na_filter=False)
    return _frame({field["name"]: text[field["name"]].to_numpy() for field in schema["fields"]}, schema)


def _frame(columns: Mapping[str, np.ndarray], schema: Mapping[str, Any]) -> pd.DataFrame:
    whole = [field["name"] for field in schema["fields"] if field["type"] == "integer"]
    text = [name for name in columns if name not in whole]
    # One block for all text, as taking rows of it costs the same as taking rows of one column.
    block = np.empty((len(text), len(columns[text[0]])), dtype=object)
    for cells, name in zip(block, text, strict=True):
        cells[:] = columns[name]
    made = pd.DataFrame(block.T, columns=text, dtype=object, copy=False)
    for name in whole:
        made.insert(list(columns).index(name), name, _whole_numbers(columns[name]))
    return made


def _whole_numbers(cells: np.ndarray) -> Any:
    codes, distinct = pd.factorize(cells)
    numbers = np.array([int(text or 0) for text in distinct], dtype=np.int64)
    missing = np.array([not text for text in distinct], dtype=bool)
    return pd.arrays.IntegerArray(numbers[codes], missing[codes])


# --- columns -----------------------------------------------------------------------------------------------------

HINTS = {
    "is not a number": "A decimal point is written as a full stop and nothing stands between thousands: 8413.96.",
    "is not a whole number": "Write digits only.",
    "is not a date": "Write year, month and day as 2026-03-01.",
    "is empty": "This column always has a value.",
    "stands in an earlier row too": "An identifier names one row.",
}


def column_faults(table: Table, resource: Mapping[str, Any]) -> Iterator[Fault]:
    """What breaks a constraint of the schema's fields."""
    file = Path(resource["path"]).name
    for field in resource["schema"]["fields"]:
        column = table[field["name"]]
        for rule, wrong in _column_rules(field, column):
            hint = HINTS.get(rule, _allowed(field))
            for row in np.flatnonzero(wrong):
                yield Fault(file, int(row) + 2, field["name"], column.distinct[column.codes[row]], rule, hint)


Test = Callable[[str], object]


def _column_rules(field: Mapping[str, Any], column: Column) -> Iterator[tuple[str, Rows]]:
    """(rule, the rows that break it) for each constraint of a Table Schema field; an empty cell breaks only `required`."""
    limits = field.get("constraints", {})

    def broken(test: Test) -> Rows:
        return column.filled & ~column.holds(test)

    if limits.get("required"):
        yield "is empty", ~column.filled
    if limits.get("unique"):
        yield "stands in an earlier row too", column.filled & repeated(column)
    if "enum" in limits:
        yield "is not one of the values allowed", broken(frozenset(map(str, limits["enum"])).__contains__)
    if "pattern" in limits:
        yield "has not the form asked for", broken(_in_the_form(limits["pattern"]))
    if "maxLength" in limits:
        longest = limits["maxLength"]
        yield f"is longer than {longest} characters", broken(lambda value: len(value) <= longest)
    kind = {"integer": "is not a whole number", "number": "is not a number", "date": "is not a date"}
    if field["type"] in kind:
        yield kind[field["type"]], broken(TYPE_TESTS[field["type"]])
    if "minimum" in limits:
        least = limits["minimum"]
        yield f"is less than {least}", broken(lambda value: not number(value) < least)


def is_date(cell: str) -> bool:
    try:
        return date.fromisoformat(cell).isoformat() == cell
    except ValueError:
        return False


def _in_the_form(pattern: str) -> Test:
    """Whether the whole cell has the form; digits are ASCII digits, as ９６ is not a number to other programs."""
    return re.compile(pattern, flags=re.ASCII).fullmatch


TYPE_TESTS: dict[str, Test] = {
    "integer": _in_the_form(r"-?\d{1,18}"),
    "number": _in_the_form(r"-?\d+(\.\d+)?"),
    "date": is_date,
}


def _allowed(field: Mapping[str, Any]) -> str:
    limits = field.get("constraints", {})
    if "enum" in limits:
        return f"One of: {', '.join(map(str, limits['enum']))}."
    return str(field.get("description", ""))


# --- keys --------------------------------------------------------------------------------------------------------


def key_faults(tables: Mapping[str, Table], resource: Mapping[str, Any]) -> Iterator[Fault]:
    table, schema, file = tables[resource["name"]], resource["schema"], Path(resource["path"]).name
    key = [table[name] for name in schema["primaryKey"]]
    rule = "stands in an earlier row too"
    for row in np.flatnonzero(repeated(*key)):
        value = ", ".join(column.distinct[column.codes[row]] for column in key)
        yield Fault(file, int(row) + 2, ", ".join(schema["primaryKey"]), value, rule, HINTS[rule])
    for reference in schema.get("foreignKeys", ()):
        target = reference["reference"]
        column, known = table[reference["fields"]], tables[target["resource"]][target["fields"]]
        hint = f"{target['resource']}.csv has no such {target['fields']}."
        for row in np.flatnonzero(column.filled & ~column.within(known)):
            value = column.distinct[column.codes[row]]
            yield Fault(file, int(row) + 2, reference["fields"], value, "names nothing that is there", hint)
