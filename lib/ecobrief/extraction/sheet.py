"""Candidates as a table that people judge, in JupyterLab or in a spreadsheet: CSV, a row for each.

For people it is written with a byte-order mark. A cell of text that a spreadsheet would compute is written behind an apostrophe,
which is taken off again where the table is read.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING

from ecobrief import atomic
from ecobrief.documents import Unreadable
from ecobrief.extraction import files
from ecobrief.extraction.candidates import Candidate

if TYPE_CHECKING:
    from ecobrief.datapackage import Fault

PROPOSED = tuple(field.name for field in fields(Candidate))
REVIEW = ("decision", "city_id", "source_id", "text_sha256", "corrected_value")
COLUMNS = (*PROPOSED, *REVIEW)
NUMBERS = frozenset(("value", "year", "start", "end", "confidence", "corrected_value"))
"""The columns that no guard touches."""
WHOLE_NUMBERS = frozenset(("year", "start", "end"))
OPTIONAL = ("confidence", "reason", "corrected_value")
"""The columns that a table may lack."""
DECISIONS = ("", "accept", "correct", "reject")
BOM = "\ufeff"
WELL_FORMED = "It is the table that `ecobrief read` writes; a spreadsheet saves it as CSV UTF-8."
_COMPUTED = re.compile(r"[=@\t\r\n]|[+-](?![\d.,]+[\s%％‰㐀-鿿]*$)")
"""How a cell begins that a spreadsheet would compute; -3.2 and +3.2个百分点 are no formulas."""

Row = dict[str, str]


class NotASheet(Exception):
    """A file is not the table of candidates; `faults` says why."""

    def __init__(self, faults: Sequence[Fault]):
        super().__init__("\n".join(map(str, faults)))
        self.faults = list(faults)


@dataclass(frozen=True)
class Sheet:
    """The rows of a file. `columns` are as they stand in it: others than ours are kept and mean nothing."""

    path: Path
    columns: tuple[str, ...]
    rows: list[Row]

    def save(self) -> None:
        """Write the rows in place of the file.

        Raises:
            OSError: it cannot be written, and is as it was.
        """
        atomic.write_text(self.path, BOM + lines([self.columns]) + self.lines())

    def lines(self) -> str:
        return lines(tuple(row[name] for name in self.columns) for row in guarded(self.rows))


def guard(cell: str) -> str:
    """The cell as it can be opened in a spreadsheet."""
    return f"'{cell}" if _COMPUTED.match(cell.lstrip("'")) else cell


def unguard(cell: str) -> str:
    """What `guard` was given."""
    return cell[1:] if cell.startswith("'") and _COMPUTED.match(cell.lstrip("'")) else cell


def guarded(rows: Iterable[Row]) -> Iterable[Row]:
    for row in rows:
        yield {name: cell if name in NUMBERS else guard(cell) for name, cell in row.items()}


def row(candidate: Candidate, **review: str) -> Row:
    """A candidate with what is known for its review, undecided."""
    cells = map(str, astuple(candidate))
    return {**dict(zip(PROPOSED, cells, strict=True)), **dict.fromkeys(REVIEW, ""), **review}


def source_id(document: str, text_sha256: str) -> str:
    """An identifier for a document that is no source yet: of its name, where that is in small letters, and its hash."""
    stem = re.sub("[^a-z0-9]+", "_", Path(document).stem.lower()).strip("_")[:40]
    return f"{stem or 'document'}_{text_sha256[:8]}"


def lines(rows: Iterable[Sequence[str]]) -> str:
    """Lines of CSV."""
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows(rows)
    return written.getvalue()


def body(rows: Iterable[Row]) -> str:
    """The rows as lines of CSV, in the order of `COLUMNS`."""
    return lines([cells[name] for name in COLUMNS] for cells in guarded(rows))


HEADER = lines([COLUMNS])


def read(path: Path) -> Sheet:
    """The table in a file, whatever spreadsheet saved it: in UTF-8 or GB18030, with commas, semicolons or tabs.

    Raises:
        NotASheet: it cannot be read, lacks a column or has rows of another length.
    """
    from ecobrief.datapackage import Fault  # which imports pandas; to write a table it is not needed

    try:
        text = files.plain(path).removeprefix(BOM)
    except Unreadable as error:
        raise NotASheet([Fault(path.name, None, "", "", str(error))]) from error
    header = text.partition("\n")[0]
    delimiter = max(",;\t", key=header.count)
    try:
        names, *rest = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    except (csv.Error, ValueError) as error:
        raise NotASheet(
            [Fault(path.name, None, "", "", f"is no well-formed CSV: {error}", WELL_FORMED)]
        ) from error
    faults = [
        Fault(path.name, 1, name, "", "is a missing column", WELL_FORMED)
        for name in COLUMNS
        if name not in (*names, *OPTIONAL)
    ]
    faults += [
        Fault(path.name, 1, name, "", "names two columns") for name in set(names) if names.count(name) > 1
    ]
    lacking = dict.fromkeys((name for name in OPTIONAL if name not in names), "")
    rows: list[Row] = []
    for number, cells in enumerate(rest, start=2):
        whole = cells if any(cells) else [""] * len(names)  # a line left empty
        if len(whole) != len(names):
            faults.append(
                Fault(path.name, number, "", "", f"has {len(cells)} cells, the header {len(names)}")
            )
        pairs = zip(names, whole, strict=False)
        rows.append({name: _as_written(name, cell) for name, cell in pairs} | lacking)
    if faults:
        raise NotASheet(faults)
    return Sheet(path, (*names, *lacking), rows)


def _as_written(name: str, cell: str) -> str:
    """A cell as it was before programs saved it: without its guard, and 2022 where a column was taken for fractions."""
    if name in WHOLE_NUMBERS and (whole := re.fullmatch(r"(\d+)\.0+", cell.strip())):
        return whole[1]
    return cell if name in NUMBERS else unguard(cell)


def is_decided(cells: Mapping[str, str]) -> bool:
    return bool(cells["decision"].strip())
