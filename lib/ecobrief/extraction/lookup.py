"""The documents behind a table of candidates: at the paths that it names, else in a folder, by the hash of the text."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ecobrief.documents import Document, Unreadable, text_hash
from ecobrief.extraction import files
from ecobrief.extraction.candidates import Candidate, candidates

KEPT = 8
"""So many texts are kept for those who ask again."""


@dataclass(frozen=True)
class Held:
    """A document: its text, how it was taken from the file, and the hash of the file."""

    document: Document
    extractor: str
    file_sha256: str
    _proposed: dict[tuple[int, int], list[Candidate]] = field(default_factory=dict)

    def proposed(self, start: int, end: int) -> list[Candidate]:
        """What `ecobrief read` proposes at this span."""
        if not self._proposed:
            for one in candidates(self.document.text, document=str(self.document.path)):
                self._proposed.setdefault((one.start, one.end), []).append(one)
        return self._proposed.get((start, end), [])


class Documents:
    """Finds documents. table: the file of the candidates, beside which documents may lie; folder: where else they may lie"""

    def __init__(self, table: Path, folder: Path | None = None):
        self._beside, self._folder = table.parent, folder
        self._kept: OrderedDict[str, Held] = OrderedDict()
        self._seen: dict[str, Path] | None = None

    def find(self, named: str, text_sha256: str) -> Held | None:
        """The document with this hash of its text, which the table knows by that name; None where there is none."""
        if text_sha256 in self._kept:
            self._kept.move_to_end(text_sha256)
            return self._kept[text_sha256]
        for path in self._places(named, text_sha256):
            held = _held(path)
            if held and held.document.text_sha256 == text_sha256:
                self._kept[text_sha256] = held
                while len(self._kept) > KEPT:
                    self._kept.popitem(last=False)
                return held
        return None

    def is_there(self, named: str) -> bool:
        """Whether there is a file where the table says that the document lies, whatever its text."""
        return any(map(files.is_there, self._named(named)))

    def _places(self, named: str, text_sha256: str) -> Iterator[Path]:
        yield from self._named(named)
        if self._folder is None:
            return
        if self._seen is None:
            files_there = sorted(path for path in self._folder.iterdir() if path.is_file())
            read = ((path, _held(path)) for path in files_there)
            self._seen = {held.document.text_sha256: path for path, held in read if held}
        if text_sha256 in self._seen:
            yield self._seen[text_sha256]

    def _named(self, named: str) -> list[Path]:
        return [Path(named), self._beside / named, self._beside / Path(named).name] if named else []


def _held(path: Path) -> Held | None:
    try:
        raw = files.content(path)
        read = files.of_bytes(raw, files.is_named_html(path))
    except Unreadable:
        return None
    document = Document(path, read.text, text_hash(read.text))
    return Held(document, read.extractor, hashlib.sha256(raw).hexdigest())
