"""The sources of documents: those that the data package knows, and a row for each that it does not."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date

from ecobrief.extraction import sheet
from ecobrief.extraction.judged import Misfit
from ecobrief.extraction.lookup import Held
from ecobrief.extraction.sheet import Row

IDENTIFIER = re.compile(r"[a-z0-9][a-z0-9_.-]*")
NOTE = {
    "note_zh": "由审读表录入，名称、类别和来源层级尚未填写。",
    "note_en": "Entered from a review; name, kind and tier are not filled in yet.",
}


class Sources:
    """The rows of sources.csv. columns: of that table; known: its rows; `new` are the rows that were made"""

    def __init__(self, columns: Sequence[str], known: Iterable[Row]):
        self._columns = columns
        self._known = {row["source_id"]: row for row in known}
        self.new: list[Row] = []

    def identifier(self, source_id: str, named: str, held: Held) -> str:
        """The source of a document, for which a row is made where there is none.

        source_id: what the table of candidates says, or nothing; named: what it calls the document

        Raises:
            Misfit: it is the identifier of something else, or has not the form of one.
        """
        digest = held.document.text_sha256
        own = [name for name, row in self._known.items() if row["text_sha256"] == digest]
        proposed = sheet.source_id(named, digest)
        if own and source_id in ("", proposed):
            return own[0]
        source_id = source_id or proposed
        if own and source_id not in own:
            raise Misfit("source_id", source_id, f"is another source: the document is {own[0]}")
        known = self._known.get(source_id)
        if known is not None and not known["text_sha256"]:
            row = self._new_source(source_id, held)
            values = ", ".join(
                f"{name} {row[name]}" for name in ("file_sha256", "text_sha256", "text_length")
            )
            hint = f"Write them: {values}" + (f", extractor {row['extractor']}." if row["extractor"] else ".")
            raise Misfit("source_id", source_id, "has no hashes of a document in sources.csv", hint)
        if known is not None and known["text_sha256"] != digest:
            raise Misfit(
                "source_id",
                source_id,
                "is the source of another document",
                "Write an identifier of your own.",
            )
        if known is None:
            if not IDENTIFIER.fullmatch(source_id):
                hint = "Small letters, digits, full stop, _ and -."
                raise Misfit("source_id", source_id, "has not the form of an identifier", hint)
            self._known[source_id] = row = self._new_source(source_id, held)
            self.new.append(row)
        return source_id

    def _new_source(self, source_id: str, held: Held) -> Row:
        """What is sure of a document; the rest is the person's to fill in."""
        name = held.document.path.stem
        row = dict.fromkeys(self._columns, "")
        return row | {
            "source_id": source_id,
            "kind": "article",
            "label_zh": name,
            "label_en": name,
            "retrieved": date.today().isoformat(),
            "file_sha256": held.file_sha256,
            "text_sha256": held.document.text_sha256,
            "text_length": str(len(held.document.text)),
            "extractor": held.extractor,
            "tier": "other",
            **NOTE,
        }
