"""A review of candidates: each beside its sentence, and what is decided of it in the file at once.

The file stays what a spreadsheet opens. Where someone else has saved it meanwhile it is read again, so that no decision is lost.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ecobrief.extraction import sheet
from ecobrief.extraction.lookup import Documents
from ecobrief.extraction.sheet import Row, Sheet
from ecobrief.extraction.surroundings import Surroundings

WIDEST = 300
"""So many characters of a sentence are shown before and after the figure."""
EDITED = ("year", "kind", "scope", "city_id", "source_id", "corrected_value")
"""The columns that a reviewer may change beside the decision."""


class Changed(Exception):
    """The row is another one than it was when the review read it: the file was written by someone else."""


@dataclass(frozen=True)
class Sentence:
    """A figure in its sentence, as printed; `span` is empty where the document is not there."""

    before: str = ""
    span: str = ""
    after: str = ""


class Review:
    """The candidates of a file. folder: where documents are looked for that do not lie where the table names them

    Raises:
        NotASheet: the file is not the table that `ecobrief read` writes.
    """

    def __init__(self, path: Path | str, folder: Path | str | None = None):
        self._path = Path(path)
        self._documents = Documents(self._path, Path(folder) if folder else None)
        self._read()

    def _read(self) -> None:
        self._digest = _digest(self._path)
        self._sheet: Sheet = sheet.read(self._path)

    @property
    def rows(self) -> Sequence[Row]:
        return self._sheet.rows

    @property
    def indicators(self) -> list[str]:
        return sorted({cells["indicator"] for cells in self.rows} - {""})

    @property
    def decided(self) -> int:
        return sum(map(sheet.is_decided, self.rows))

    def among(self, indicator: str = "", least: float = 0.0, undecided: bool = False) -> list[int]:
        """Which candidates are of this indicator, of at least this confidence, and without a decision, by position."""
        return [
            position
            for position, cells in enumerate(self.rows)
            if cells["evidence"]
            and indicator in ("", cells["indicator"])
            and _confidence(cells) >= least
            and not (undecided and sheet.is_decided(cells))
        ]

    def sentence(self, position: int) -> Sentence:
        """The figure in its sentence, or nothing where there is no such document or no such span in it."""
        cells = self.rows[position]
        held = self._documents.find(cells["document"], cells["text_sha256"])
        if held is None or not (cells["start"].isdecimal() and cells["end"].isdecimal()):
            return Sentence()
        text, start, end = held.document.text, int(cells["start"]), int(cells["end"])
        if not start < end <= len(text):
            return Sentence()
        first, last = Surroundings(text, start, end).sentence
        before, after = text[max(first, start - WIDEST) : start], text[end : min(last, end + WIDEST)]
        return Sentence(before.lstrip(), text[start:end], after.rstrip())

    def decide(self, position: int, decision: str, **edited: str) -> None:
        """Write a decision, and what else was edited of the row, into the file.

        Raises:
            ValueError: no such decision, or a column that is not for a reviewer to change.
            Changed: the row is no longer the one that was judged; nothing is written.
            OSError: the file cannot be written, and is as it was.
        """
        if decision not in sheet.DECISIONS or not set(edited) <= set(EDITED):
            raise ValueError(f"{decision!r} with {', '.join(edited)} is no decision")
        judged = self.rows[position]
        if _digest(self._path) != self._digest:
            self._read()
            if position >= len(self.rows) or _place(self.rows[position]) != _place(judged):
                raise Changed(
                    f"{self._path.name} was changed by someone else: row {position + 2} is another one now"
                )
        self._sheet.rows[position] |= {"decision": decision, **edited}
        self._sheet.save()
        self._digest = _digest(self._path)


def _place(cells: Row) -> tuple[str, ...]:
    return tuple(cells[name] for name in ("document", "indicator", "start", "end", "text_sha256"))


def _confidence(cells: Row) -> float:
    try:
        return float(cells["confidence"])
    except ValueError:
        return 0.0


def _digest(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""
