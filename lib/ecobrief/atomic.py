"""Files that are whole or not there: written under a temporary name in their folder, then moved into place.

A reader, or a run that is stopped halfway, finds the old file or the new one, never a part of one.
"""

from __future__ import annotations

import secrets
from pathlib import Path


def write_bytes(path: Path, content: bytes) -> None:
    """Write `content` to `path`, replacing what is there.

    Raises:
        OSError: the folder is missing, full or not writable; `path` is then as it was.
    """
    # The dot keeps the name out of `*.html`; the letters keep two writers of one file apart.
    part = path.with_name(f".{path.name[:60]}.{secrets.token_hex(4)}.part")
    try:
        part.write_bytes(content)
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def write_text(path: Path, content: str) -> None:
    """Write `content` to `path` as UTF-8, line ends as they stand in it; see `write_bytes`."""
    write_bytes(path, content.encode("utf-8"))
