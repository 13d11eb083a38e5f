"""Reviewed candidates become rows of the data package, with their provenance.

Of a row marked `accept`, value and unit are taken from the span in the document and never from the table, as a spreadsheet turns
76.30 into 76.3; `correct` takes the reviewer's number, if the span prints it. Which indicator, year, kind and scope a figure has
is the reviewer's judgement and is read from the table. Every refusal is told by row; if there is one, nothing is written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ecobrief import datapackage, provenance
from ecobrief.datapackage import DataPackage, Fault
from ecobrief.extraction import sheet
from ecobrief.extraction.entries import Entries
from ecobrief.extraction.judged import Misfit
from ecobrief.extraction.lookup import Documents
from ecobrief.extraction.sheet import Row, Sheet


class Refused(Exception):
    """Rows cannot be accepted; `faults` lists every case, and nothing has been written."""

    def __init__(self, faults: Sequence[Fault]):
        super().__init__("\n".join(map(str, faults)))
        self.faults = list(faults)


@dataclass(frozen=True)
class Accepted:
    """What was written: rows by table, in the order of the candidates; `notes` is what is left to do."""

    rows: Mapping[str, Sequence[Row]]
    notes: Sequence[str] = ()


def accept(package: DataPackage, reviewed: Sheet, folder: Path | None = None) -> Accepted:
    """Write the rows marked `accept` or `correct` into the data package.

    folder: where documents are looked for by the hash of their text, beside the paths that the table names

    Raises:
        Refused: a row cannot be accepted; nothing has been written.
        OSError: a table cannot be written; the tables are as they were.
    """
    faults: list[Fault] = []
    name = reviewed.path.name
    marked: list[tuple[int, Row]] = []
    for number, cells in enumerate(reviewed.rows, start=2):
        decision = cells["decision"].strip().lower()
        if decision not in sheet.DECISIONS:
            hint = f"One of: {', '.join(filter(None, sheet.DECISIONS))}; or empty."
            faults.append(Fault(name, number, "decision", cells["decision"], "is no decision", hint))
        elif decision in ("accept", "correct"):
            marked.append((number, {**cells, "decision": decision}))
    made = Entries(package, Documents(reviewed.path, folder))
    for number, cells in marked:
        try:
            made.add(number, cells)
        except Misfit as fault:
            faults.append(Fault(name, number, *fault.told))
    if faults:
        raise Refused(sorted(faults, key=lambda fault: fault.row or 0))
    if not marked:
        return Accepted({})

    def blame(fault: Fault, row: Mapping[str, str]) -> Fault:
        number = made.numbers.get(row.get("observation_id", ""))
        return Fault(name, number, fault.column, fault.value, fault.rule, fault.hint) if number else fault

    def unverified(changed: DataPackage) -> list[Fault]:
        found = provenance.verify(changed, made.documents)
        wrong = found[found["id"].isin(made.numbers) & (found["result"] != "found")]
        return [
            Fault(
                name,
                made.numbers[span.id],
                "evidence",
                span.evidence,
                f"would not be verified: {span.reason}",
            )
            for span in wrong.itertuples()
        ]

    try:
        datapackage.append(package, made.rows, unverified, blame)
    except datapackage.DataFaults as error:
        raise Refused(error.faults) from error
    return Accepted(made.rows, made.notes())
