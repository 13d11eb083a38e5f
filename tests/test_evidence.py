"""What of other people's texts may stand in the repository: evidence of at most 60 characters, and nothing longer."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

import made
from ecobrief import datapackage, documents
from ecobrief.datapackage.package import FIGURES, NAMED

ROOT = Path(__file__).resolve().parents[1]
LONGEST = 60


def squashed(text: str) -> str:
    """Without any blanks, as a passage may be wrapped in another way."""
    return "".join(text.split())


def passages(text: str) -> set[str]:
    """Every run of 61 characters that holds words; a line of dots or dashes is nobody's text."""
    bare = squashed(text)
    runs = (bare[start : start + LONGEST + 1] for start in range(len(bare) - LONGEST))
    return {run for run in runs if sum(map(str.isalnum, run)) > LONGEST / 2}


def copied(text: str, known: set[str]) -> str:
    """The first of the known passages that stands in the text; empty if none does."""
    bare = squashed(text)
    runs = (bare[start : start + LONGEST + 1] for start in range(len(bare) - LONGEST))
    return next((run for run in runs if run in known), "")


def own_files() -> list[Path]:
    """The files that are or could be committed: tracked, or new and not ignored."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, check=True,
    ).stdout.decode()  # fmt: skip
    return [path for name in listed.split("\0") if name and (path := ROOT / name).is_file()]


def readable(path: Path) -> str:
    """The text of a file, with the characters that JSON writes as escapes; nothing for a binary file."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""
    if path.suffix in (".json", ".ipynb"):
        return text + json.dumps(json.loads(text), ensure_ascii=False)
    return text


@pytest.mark.parametrize("table", ["contexts", "listings", *FIGURES, *NAMED])
def test_no_evidence_is_longer_than_sixty_characters(table: str) -> None:
    evidence = datapackage.load(ROOT / "data")[table]["evidence"]
    assert list(evidence[evidence.str.len() > LONGEST]) == []


@pytest.mark.parametrize("table", ["contexts", "listings", *FIGURES, *NAMED])
def test_the_schema_allows_no_longer_evidence(table: str) -> None:
    descriptor = json.loads(made.SCHEMA.read_text(encoding="utf-8"))
    (schema,) = (resource["schema"] for resource in descriptor["resources"] if resource["name"] == table)
    (field,) = (field for field in schema["fields"] if field["name"] == "evidence")
    assert field["constraints"]["maxLength"] == LONGEST


def test_no_longer_passage_of_the_documents_stands_in_the_repository(documents_folder: Path) -> None:
    held = documents.held(documents_folder).values()
    known = set().union(*(passages(document.text) for document in held))
    assert len(known) > 10_000
    files = own_files()
    assert ROOT / "data" / "observations.csv" in files
    found = {path.relative_to(ROOT).as_posix(): copied(readable(path), known) for path in files}
    assert {path: passage for path, passage in found.items() if passage} == {}


def test_a_passage_is_recognised_however_it_is_wrapped() -> None:
    text = "".join(chr(0x4E00 + number) for number in range(100))
    known = passages(text)
    wrapped = "\n  ".join(text[start : start + 20] for start in range(10, 80, 20))
    assert copied(f"before {wrapped} after", known)
    assert not copied(text[:LONGEST], known)


def test_a_line_of_dots_is_nobodys_text() -> None:
    assert passages("第一章" + "." * 200) == set()
