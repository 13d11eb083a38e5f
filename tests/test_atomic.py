"""A file is whole or not there."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from ecobrief import atomic


def test_what_was_there_is_replaced_and_nothing_else_is_left(tmp_path: Path) -> None:
    file = tmp_path / "a.html"
    atomic.write_text(file, "第一\n")
    atomic.write_text(file, "第二\r\n")
    assert file.read_bytes() == "第二\r\n".encode()
    assert [path.name for path in tmp_path.iterdir()] == ["a.html"]


def test_a_write_that_fails_halfway_leaves_the_old_file(tmp_path: Path) -> None:
    file = tmp_path / "a.html"
    atomic.write_bytes(file, b"old")

    def fill_the_disk() -> None:
        with atomic.writing(file) as part:
            part.write(b"new")
            raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        fill_the_disk()
    assert file.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["a.html"]


def test_a_very_long_name_is_written_too(tmp_path: Path) -> None:
    file = tmp_path / ("本" * 80 + ".html")
    atomic.write_text(file, "")
    assert file.exists()
