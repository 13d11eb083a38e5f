"""What briefs are made from: notebooks, parameters, the data package, and everything that turns them into pages. Where
none of it changed, a page would be the same again."""

from __future__ import annotations

import json
import platform
import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Any, Protocol

from ecobrief.publish import plotlyjs
from ecobrief.publish.job import Job, Slice, stem
from ecobrief.wording import Lang

LIBRARY = Path(__file__).parents[1]
LOCK = "requirements.lock"
DESCRIPTOR = "datapackage.json"


class Change(Protocol):
    """A row of a table that is new, gone or different."""

    def __str__(self) -> str:
        """As in "observations.csv row 41 (benxi_plan.007): value 76.3 → 76.4"."""


class Changes(Protocol):
    """What changed between two states of some tables."""

    @property
    def rows(self) -> Sequence[Change]: ...

    def touching(self, asked: Slice) -> Change | None:
        """The first of the rows that lies in this slice, as it was or as it is."""

    def behind(self, name: str) -> Sequence[Change]:
        """The rows that may have moved what rests on all cities and has this name."""


Since = Callable[[Mapping[str, Path], Mapping[str, Path]], Changes]


@dataclass(frozen=True)
class Data:
    """The data package, as far as a build needs to know it.

    about: what the manifest says of it: version, cut_off, tables (SHA-256 by table)
    files: the file of each table, and of the descriptor, by name
    since: what changed between tables as they were (name: file) and as they are; None where that cannot be told
    """

    about: Mapping[str, Any]
    files: Mapping[str, Path] = field(default_factory=dict)
    since: Since | None = None

    @cached_property
    def hashes(self) -> dict[str, str]:
        """The SHA-256 of every file, by name."""
        known = self.about["tables"]
        return {name: known.get(name) or file_sha256(path) for name, path in self.files.items()}

    @cached_property
    def digest(self) -> str:
        return digest([self.about, self.hashes])


@dataclass(frozen=True)
class Recipe:
    """How the brief of one job is made: all that its page depends on but the data package.

    beside: the same brief by language
    shared: whether plotly.js lies beside the page
    tools: the digest of `Wanted.tools`
    """

    job: Job
    notebook_sha256: str
    beside: Mapping[Lang, str]
    shared: bool
    tools: str

    @cached_property
    def plain(self) -> dict[str, Any]:
        return {
            "notebook": self.job.notebook.name,
            "notebook_sha256": self.notebook_sha256,
            "parameters": dict(self.job.parameters),
            "lang": self.job.lang,
            "beside": dict(self.beside),
            "shared": self.shared,
            "tools": self.tools,
        }


@dataclass(frozen=True)
class Wanted:
    """What a build is asked to make, and from what.

    shared_assets: whether the briefs share one plotly.js beside them, instead of carrying one each
    """

    jobs: Sequence[Job]
    data: Data
    shared_assets: bool = False

    @cached_property
    def notebooks(self) -> dict[Path, str]:
        """The SHA-256 of each notebook."""
        return {path: file_sha256(path) for path in {job.notebook: None for job in self.jobs}}

    @cached_property
    def tools(self) -> dict[str, str]:
        """What has a hand in every page, by name: the files of ecobrief, plotly.js and the lock beside the folder of
        notebooks with their SHA-256 ("" where there is none), Python and packages with their version: those that the
        lock names, all that are installed where there is none."""
        found = {
            f"ecobrief/{path.relative_to(LIBRARY).as_posix()}": file_sha256(path) for path in own_files()
        }
        found |= {"plotly.js": file_sha256(plotlyjs.fetched()), LOCK: file_sha256(self._lock)}
        found |= {"Python": platform.python_version()}
        installed = _installed(sys.path)
        locked = _locked(self._lock) if found[LOCK] else installed
        return found | {f"package {name}": installed[name] for name in installed if name in locked}

    @cached_property
    def siblings(self) -> dict[str, dict[Lang, str]]:
        """The files of the same brief by language, for each file."""
        by_stem: dict[str, dict[Lang, str]] = {}
        for job in self.jobs:
            by_stem.setdefault(stem(job.file), {})[job.lang] = job.file
        return {job.file: by_stem[stem(job.file)] for job in self.jobs}

    @cached_property
    def recipes(self) -> list[Recipe]:
        """One for each job."""
        tools = digest(self.tools)
        return [
            Recipe(job, self.notebooks[job.notebook], self.siblings[job.file], self.shared_assets, tools)
            for job in self.jobs
        ]

    @cached_property
    def digest(self) -> str:
        """Equal for two builds that would make the same."""
        return digest([[[recipe.job.file, recipe.plain] for recipe in self.recipes], self.data.digest])

    @cached_property
    def _lock(self) -> Path:
        return self.jobs[0].notebook.resolve().parent.parent / LOCK

    @cached_property
    def _seen(self) -> dict[Path, tuple[int, int]]:
        files = [*self.data.files.values(), *self.notebooks, *own_files(), self._lock]
        return {path: _look(path) for path in files}

    def look(self) -> None:
        """Remember how the files look on disk; `altered` tells by it."""
        assert self._seen

    def altered(self) -> list[Path]:
        """The files that were written to since `look`: what was made since may be of the one state or the other."""
        return [path for path, seen in self._seen.items() if _look(path) != seen]


def digest(value: Any) -> str:
    """The SHA-256 of a plain value, as JSON takes it, whatever the order of its keys."""
    return sha256(json.dumps(value, sort_keys=True).encode("utf-8")).hexdigest()


def file_sha256(path: Path) -> str:
    """The SHA-256 of a file; empty where there is none."""
    if not path.is_file():
        return ""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def stamp(path: Path) -> tuple[int, int]:
    """Size in bytes and time of the last change of a file (ns): equal ones are taken for the same content.

    Raises:
        OSError: there is no such file.
    """
    found = path.stat()
    return found.st_size, found.st_mtime_ns


def _look(path: Path) -> tuple[int, int]:
    """As `stamp`; what no file has where there is none."""
    try:
        return stamp(path)
    except OSError:
        return -1, -1


def own_files() -> list[Path]:
    """Every file of ecobrief itself: modules, templates, styles, scripts, words, tables of standards."""
    return sorted(
        path
        for path in LIBRARY.rglob("*")
        if path.suffix != ".pyc" and not path.name.startswith(".") and path.is_file()
    )


def _installed(places: Iterable[str]) -> dict[str, str]:
    """The version of each installed package by its name, as the folders tell that pip leaves for it."""
    found: dict[str, str] = {}
    for place in places:
        folder = Path(place)
        for path in sorted(folder.glob("*.dist-info")) if folder.is_dir() else ():
            name, _, version = path.name.removesuffix(".dist-info").partition("-")
            # The first on the path is the one that is imported.
            found.setdefault(re.sub("[-_.]+", "-", name).lower(), version)
    return found


def _locked(lock: Path) -> set[str]:
    """The names of the packages in a lock, and ecobrief."""
    pins = re.findall(r"^([A-Za-z0-9._-]+)==", lock.read_text("utf-8"), re.MULTILINE)
    return {"ecobrief", *(re.sub("[-_.]+", "-", name).lower() for name in pins)}
