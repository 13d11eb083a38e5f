"""Small build folders made by hand: pages that hold data and little else, under a manifest as `build` writes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import Any

from ecobrief.publish import embedded
from ecobrief.publish.job import Done, Failed, Job
from ecobrief.publish.manifest import manifest, text
from ecobrief.wording import Lang

FIGURE = {
    "id": "alpha_plan.001",
    "table": "observations",
    "city_id": "alpha",
    "indicator_id": "cover",
    "period": "2022",
    "value": "76.30",
    "unit": "%",
    "low": "76.295",
    "high": "76.305",
    "source_id": "alpha_plan",
    "start": "10",
    "end": "16",
    "evidence": "76.30%",
}


def figure(**values: str | None) -> dict[str, str | None]:
    """The record of an entry, sound where a test says nothing of it."""
    return FIGURE | values


def statement(key: str = "headline.alpha.cover", *observations: str, **cells: str) -> dict[str, Any]:
    """A row with a key; the heads of its columns are the names of the cells, capitalised."""
    return {
        "key": key,
        "display": "Headline",
        "cells": cells or {"metric": "Cover", "value": "76.30%"},
        "labels": {name: name.capitalize() for name in cells or ("metric", "value")},
        "observations": list(observations or ("alpha_plan.001",)),
    }


@dataclass(frozen=True)
class Brief:
    """A brief of a hand-made build; `error` makes it one that failed, `words` stand on its page and nowhere else."""

    file: str = "brief_city-alpha.en.html"
    figures: Sequence[Mapping[str, str | None]] = ()
    statements: Sequence[Mapping[str, Any]] = ()
    words: str = ""
    title: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)
    error: str = ""
    page: str | None = None

    @property
    def lang(self) -> Lang:
        return "zh" if self.file.endswith(".zh.html") else "en"

    @property
    def html(self) -> str:
        if self.page is not None:
            return self.page
        columns = dict.fromkeys(name for record in self.figures for name in record)
        figures = {name: [record.get(name, "") for record in self.figures] for name in columns}
        data = embedded.pack({"about": {}, "figures": figures, "statements": self.statements, "charts": []})
        return (
            f"<!doctype html><title>{escape(self.title)}</title>{self.words}"
            f'<script type="application/octet-stream" id="data">{data}</script>'
        )


def build(
    folder: Path,
    *briefs: Brief,
    tables: Mapping[str, str] | None = None,
    data_version: str = "1.0",
    version: str = "0.1.0",
    notebook: str = "first",
) -> Path:
    """Write a build of these briefs into `folder`; the rest is what its manifest says it was made from."""
    folder.mkdir(parents=True)
    outcomes: list[Done | Failed] = []
    for brief in briefs:
        job = Job(Path("brief_city.ipynb"), brief.parameters, brief.file, brief.lang)
        if brief.error:
            outcomes.append(Failed(job, 3, "", "ValueError", brief.error))
            continue
        (folder / brief.file).write_text(brief.html, "utf-8")
        digest = sha256(brief.html.encode("utf-8")).hexdigest()
        outcomes.append(Done(job, brief.title or brief.file, 0, (), digest))
    data = {"version": data_version, "cut_off": "2026-11-21", "tables": tables or {"observations": "a" * 64}}
    notebooks = {"brief_city.ipynb": sha256(notebook.encode()).hexdigest()}
    (folder / "manifest.json").write_text(text(manifest(data, version, notebooks, outcomes)), "utf-8")
    return folder
