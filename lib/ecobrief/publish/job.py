"""One brief to be made, and how it went."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ecobrief.wording import LANGS, Lang

if TYPE_CHECKING:
    from ecobrief.publish.page import Page

Slice = tuple[str, tuple[tuple[str, str], ...]]
"""A part of the data package, as `datapackage` notes it: (table, ((column, value), …))."""

FAILED = "failed_"


@dataclass(frozen=True)
class Job:
    """A notebook, the parameters it is run with, and the name of the HTML file, as in brief_x.zh.html."""

    notebook: Path
    parameters: Mapping[str, str]
    file: str
    lang: Lang

    def __post_init__(self) -> None:
        if (
            Path(self.file).name != self.file
            or not self.file.endswith(".html")
            or self.file.startswith((".", "failed_"))
        ):
            raise ValueError(
                f"{self.file!r} is no file name of a brief: one name without folders that ends in .html."
            )

    @property
    def failed_notebook(self) -> str:
        """The name under which the executed notebook is kept when no page could be made of it."""
        return f"{self.file.removesuffix('.html')}.failed.ipynb"

    @property
    def failed_page(self) -> str:
        return failed_page(self.file)


def stem(file: str) -> str:
    """What the files of one brief in several languages share: brief_x of brief_x.zh.html."""
    for lang in LANGS:
        if file.endswith(f".{lang}.html"):
            return file.removesuffix(f".{lang}.html")
    return file.removesuffix(".html")


def failed_page(file: str) -> str:
    """The name of the page that shows why the brief `file` could not be made: one that no brief has."""
    return FAILED + file


@dataclass(frozen=True)
class Done:
    """A brief that was written; `sha256` is of the HTML file, `metrics` are as in `Page`."""

    job: Job
    title: str
    charts: int
    observations: tuple[str, ...]
    sha256: str
    metrics: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True)
class Failed:
    """A brief that could not be made.

    cell: which cell of the notebook, counted from 1; None where it was no single cell
    source: the first line of that cell
    error, message: name and text of the error
    """

    job: Job
    cell: int | None
    source: str
    error: str
    message: str

    def __str__(self) -> str:
        where = self.job.notebook.name
        if self.cell:
            where += f", cell {self.cell}"
        if self.source:
            where += f" ({self.source})"
        return f"{self.job.file}: {where}: {self.error}: {self.message}"


@dataclass(frozen=True)
class Run:
    """How a run ended.

    notebook: of a failed one the executed notebook as text ("" where there is none)
    asked: the slices of the data package that the notebook read; None where they are not known
    """

    outcome: Page | Failed
    notebook: str = ""
    asked: frozenset[Slice] | None = None
