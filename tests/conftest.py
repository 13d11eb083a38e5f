"""What the tests share: the documents that the figures were read from, where there are copies of them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

from ecobrief.documents import FOLDER_VARIABLE

BESIDE_THE_PROJECT = Path(__file__).resolve().parents[2] / "shared" / "documents"

# A slow machine is no fault of the code under test.
settings.register_profile("ecobrief", deadline=None)
settings.load_profile("ecobrief")


@pytest.fixture(scope="session")
def documents_folder() -> Path:
    """The folder of documents: skipped with a reason where there is none, a failure in CI."""
    folder = Path(os.environ.get(FOLDER_VARIABLE) or BESIDE_THE_PROJECT)
    if not folder.is_dir():
        reason = f"the documents are not part of the repository and {FOLDER_VARIABLE} names no copies of them"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)
    return folder
