"""Files that are whole or not there: written under a temporary name, then moved into place.

A reader, or a run that is stopped halfway, finds the old file or the new one, never a part of one.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

PART = ".part"
"""How temporary names end: what a killed process left under one is of no use."""


def write_bytes(path: Path, content: bytes, scratch: Path | None = None) -> None:
    """Write `content` to `path`, replacing what is there.

    scratch: a folder of the same file system for the temporary file; that of `path` where none is named

    Raises:
        OSError: the folder is missing, full or not writable; `path` is then as it was.
    """
    with writing(path, scratch) as file:
        file.write(content)


def write_text(path: Path, content: str, scratch: Path | None = None) -> None:
    """Write `content` to `path` as UTF-8, line ends as they stand in it; see `write_bytes`."""
    write_bytes(path, content.encode("utf-8"), scratch)


@contextmanager
def writing(path: Path, scratch: Path | None = None) -> Iterator[IO[bytes]]:
    """A file to write to, which takes the place of `path` at the end of the block; see `write_bytes`."""
    # The dot keeps the name out of `*.html`; the letters keep two writers of one file apart.
    part = (scratch or path.parent) / f".{path.name[:60]}.{secrets.token_hex(4)}{PART}"
    try:
        with part.open("wb") as file:
            yield file
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
