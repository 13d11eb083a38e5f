"""The documents that figures were read from, found by the hash of their text.

The documents are other people's texts and are not part of the data package; a user points at a folder of copies. Whatever a
file is called, it is the document whose `text_sha256` it has. Offsets count code points of the text as it stands in the file:
newlines are not translated and nothing is normalised.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

FOLDER_VARIABLE = "ECOBRIEF_DOCUMENTS"


class NoDocuments(Exception):
    """No folder of documents was named, or it is not there."""


class Unreadable(Exception):
    """A file has no text that can be read; the message goes on from the file's name: "is empty"."""


@dataclass(frozen=True)
class Document:
    """One file's text with the hash that names it."""

    path: Path
    text: str
    text_sha256: str

    def span(self, start: int, end: int) -> str:
        return self.text[start:end]


def text_hash(text: str) -> str:
    """SHA-256 of the text in UTF-8."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def folder(named: Path | str | None = None) -> Path:
    """The folder named, else the one in `ECOBRIEF_DOCUMENTS`.

    Raises:
        NoDocuments: neither is given or it is no folder.
    """
    where = named or os.environ.get(FOLDER_VARIABLE)
    if not where:
        raise NoDocuments(f"no folder of documents: give --documents DIR or set {FOLDER_VARIABLE}")
    if not Path(where).is_dir():
        raise NoDocuments(
            f"{where} is no folder; --documents takes the folder that holds copies of the documents"
        )
    return Path(where)


def utf8(path: Path) -> str:
    """The text of a file in UTF-8.

    Raises:
        Unreadable: it is no such text.
    """
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise Unreadable(f"is not UTF-8 (byte {error.start})") from error


def held(in_folder: Path, read: Callable[[Path], str] = utf8) -> Mapping[str, Document]:
    """The readable documents of a folder by the hash of their text; other files are passed over.

    read: the text of a file, or `Unreadable`
    """
    documents = {}
    for path in sorted(in_folder.iterdir()):
        if not path.is_file():
            continue
        try:
            text = read(path)
        except Unreadable:
            continue
        document = Document(path, text, text_hash(text))
        documents[document.text_sha256] = document
    return documents
