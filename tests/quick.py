"""A runner without kernels and a table beside it: what a build decides and writes can be asked in milliseconds.

A brief says the rows of `observations.csv` that are about its city, and how the city stands among all.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from ecobrief.publish.batch import Data, Failed, Job, Wanted
from ecobrief.publish.job import Run, Slice
from ecobrief.publish.page import Page

ROWS = [("o1", "alpha", "76.30"), ("o2", "beta", "35.8"), ("o3", "beta", "12"), ("o4", "gamma", "60")]
HEAD = ("observation_id", "city_id", "value")


def write(folder: Path, rows: list[tuple[str, str, str]]) -> Data:
    """The data package of these observations."""
    folder.mkdir(exist_ok=True)
    table = folder / "observations.csv"
    table.write_text("".join(f"{','.join(cells)}\n" for cells in [HEAD, *rows]), "utf-8")
    descriptor = folder / "datapackage.json"
    if not descriptor.exists():
        descriptor.write_text("{}", "utf-8")
    return data(folder)


def data(folder: Path) -> Data:
    about = {"version": "1", "cut_off": "2026-11-21", "tables": {}}
    files = {name: folder / name for name in ("observations.csv", "datapackage.json")}
    return Data(about, files, since)


def read(table: Path) -> dict[str, dict[str, str]]:
    with table.open(encoding="utf-8") as file:
        return {row["observation_id"]: row for row in csv.DictReader(file)}


@dataclass(frozen=True)
class Changed:
    key: str
    old: Mapping[str, str]
    new: Mapping[str, str]

    def __str__(self) -> str:
        return f"observations.csv ({self.key}): {self.old.get('value', 'none')} → {self.new.get('value', 'none')}"


@dataclass(frozen=True)
class Edits:
    rows: list[Changed]

    def touching(self, asked: Slice) -> Changed | None:
        ((_, value),) = asked[1]
        return next(
            (row for row in self.rows if value in (row.old.get("city_id"), row.new.get("city_id"))), None
        )

    def behind(self, name: str) -> list[Changed]:
        return self.rows


def since(then: Mapping[str, Path], now: Mapping[str, Path]) -> Edits:
    (old, new) = (read(state["observations.csv"]) for state in (then, now))
    return Edits(
        [
            Changed(key, old.get(key, {}), new.get(key, {}))
            for key in {**new, **old}
            if old.get(key) != new.get(key)
        ]
    )


@dataclass
class Quick:
    """Makes briefs at once, in this process.

    asks: whether it says what a brief asked for
    failing: the cities whose briefs fail
    meanwhile: called before each brief
    """

    folder: Path
    asks: bool = True
    failing: set[str] = field(default_factory=set)
    meanwhile: Callable[[str], Any] = lambda city: None
    made: list[str] = field(default_factory=list)
    engine: str = "quick"
    capacity: int = 2
    checks: bool = False
    warmed: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def __enter__(self) -> Self:
        self.warmed = {("rank", city): str(place) for city, place in self._ranks().items()}
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def _ranks(self) -> dict[str, int]:
        rows = sorted(read(self.folder / "observations.csv").values(), key=lambda row: -float(row["value"]))
        return {city: place for place, city in enumerate(dict.fromkeys(row["city_id"] for row in rows), 1)}

    def submit(self, job: Job, siblings: Mapping[Any, str], index: str, shared: str) -> Future[Run]:
        city = job.parameters["city"]
        self.meanwhile(city)
        self.made.append(city)
        future: Future[Run] = Future()
        if city in self.failing:
            future.set_result(Run(Failed(job, 2, "x", "ValueError", "no"), "the notebook"))
            return future
        own = [row for row in read(self.folder / "observations.csv").values() if row["city_id"] == city]
        asked = {("observations.csv", (("city_id", city),)), ("=rank", (("place", city),))}
        html = f"<p>{city} {siblings} {own} {self._ranks()[city]}</p>"
        page = Page(html, city, 0, tuple(row["observation_id"] for row in own))
        future.set_result(Run(page, asked=frozenset(asked) if self.asks else None))
        return future


def wanted(folder: Path, *cities: str, shared_assets: bool = False) -> Wanted:
    """The briefs of these cities, made of the tables in `folder` by the notebook beside it."""
    notebook = folder.parent / "brief.ipynb"
    if not notebook.exists():
        notebook.write_text("{}", "utf-8")
    jobs = [Job(notebook, {"city": city}, f"brief_{city}.en.html", "en") for city in cities]
    return Wanted(jobs, data(folder), shared_assets)
