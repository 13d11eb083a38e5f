"""A build folder as one reads it afterwards: its manifest, and the data of the pages that the manifest names.

A page may come from anywhere: what is not of the form that `build` writes is refused with the name of the file, and
texts are made fit to be shown (`display.visible`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError

from ecobrief.publish import embedded
from ecobrief.publish.display import visible
from ecobrief.publish.errors import NoData
from ecobrief.publish.manifest import MANIFEST
from ecobrief.wording import Lang

ENTRY = re.compile(r"e[1-9][0-9]*")


class NoBuild(ValueError):
    """The folder holds no finished build, or one of a version whose pages hold no data; the message names it."""


class BrokenBuild(ValueError):
    """A file of the build is missing, was changed afterwards or has another form; the message names it."""


def _own_name(name: str) -> str:
    if not name or Path(name).name != name or "\\" in name:
        raise ValueError("is no name of a file in the folder")
    return name


Text = Annotated[str, AfterValidator(visible)]
FileName = Annotated[str, AfterValidator(_own_name)]


class Part(BaseModel):
    """A part of a manifest or of a page's data; what a later version adds is left aside."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Asked(Part):
    """A brief that was asked for."""

    file: FileName
    lang: Lang
    notebook: Text
    parameters: dict[Text, Text]


class Made(Asked):
    """A brief that was written; `sha256` is of its file."""

    title: Text
    sha256: str
    notebook_sha256: str


class Failed(Asked):
    """A brief that could not be made."""

    error: Text
    message: Text


class Data(Part):
    """What a build says of its data package: `tables` are hashes by name."""

    version: Text
    cut_off: Text
    tables: dict[Text, Text]


class Manifest(Part):
    """A manifest.json, as `manifest.manifest` makes it."""

    data: Data
    ecobrief: Text
    briefs: tuple[Made, ...]
    failed: tuple[Failed, ...]


class Statement(Part):
    """A row with a key, as `embedded.content` makes it."""

    key: Text
    display: Text
    cells: dict[Text, Text]
    labels: dict[Text, Text]
    observations: tuple[Text, ...]


class _Content(Part):
    figures: dict[Text, list[Text | None]]
    statements: tuple[Statement, ...]


@dataclass(frozen=True)
class Figure:
    """An entry of a page: its number there, and its record.

    A value of None is not known: the page says it only in its text, where it was not found.
    """

    number: int
    record: Mapping[str, str | None]


@dataclass(frozen=True)
class Content:
    """What a page says, for machines: its figures by id, its statements in the order of the page."""

    figures: Mapping[str, Figure]
    statements: tuple[Statement, ...]


@dataclass(frozen=True)
class Build:
    """A finished build in its folder."""

    folder: Path
    manifest: Manifest

    def content(self, brief: Made) -> Content:
        """What a brief of this build says.

        Raises:
            NoBuild: its page holds no data.
            BrokenBuild: its page is missing, is not the one that was built, or its data has another form.
        """
        path = self.folder / brief.file
        try:
            page = path.read_bytes()
        except OSError as fault:
            raise BrokenBuild(
                f"{path}: {fault.strerror}, and manifest.json names it. Build it again."
            ) from fault
        if sha256(page).hexdigest() != brief.sha256:
            raise BrokenBuild(
                f"{path} is not the page that was built: its SHA-256 is not the one in manifest.json. Build it again."
            )
        html = page.decode("utf-8", errors="replace")
        try:
            found = embedded.read(html)
        except NoData as fault:
            raise NoBuild(f"{path}: {fault}") from fault
        content = _validated(_Content, found, path)
        return Content(_figures(content.figures, _printed(html), path), content.statements)


def read(folder: Path) -> Build:
    """The build in `folder`.

    Raises:
        NoBuild: there is no such folder, or no finished build in it.
        BrokenBuild: its manifest cannot be read.
    """
    if not folder.is_dir():
        raise NoBuild(f"{folder} is {'a file' if folder.exists() else 'not there'}; name a folder of briefs.")
    path = folder / MANIFEST
    if not path.is_file():
        raise NoBuild(
            f"{folder} holds no {MANIFEST}: no briefs were built there, or the build was not finished."
        )
    try:
        return Build(folder, Manifest.model_validate_json(path.read_bytes()))
    except ValidationError as fault:
        raise BrokenBuild(f"{path}: {_first(fault)}") from fault


Model = TypeVar("Model", bound=Part)


def _validated(model: type[Model], found: object, path: Path) -> Model:
    try:
        return model.model_validate(found)
    except ValidationError as fault:
        raise BrokenBuild(f"{path}: the data in the page has another form: {_first(fault)}") from fault


def _first(fault: ValidationError) -> str:
    """The first thing that is wrong, in one line."""
    first = fault.errors(include_url=False)[0]
    place = ".".join(map(str, first["loc"]))
    return visible(f"{place}: {first['msg']}." if place else f"{first['msg']}.")


def _figures(
    columns: Mapping[str, list[str | None]], printed: Mapping[str, Mapping[str, str]], path: Path
) -> dict[str, Figure]:
    """The records of a page by id; what the data leaves out is taken from the entry."""
    ids = columns.get("id", [])
    if {len(column) for column in columns.values()} - {len(ids)} or None in ids or len({*ids}) < len(ids):
        raise BrokenBuild(
            f"{path}: the data in the page has another form: one record for each id is expected."
        )
    figures = {}
    for number, name in enumerate(ids, start=1):
        shown = printed.get(f"e{number}", {})
        record = {column: values[number - 1] for column, values in columns.items()}
        figures[str(name)] = Figure(
            number,
            {column: shown.get(column) if value is None else value for column, value in record.items()},
        )
    return figures


def _printed(html: str) -> dict[str, dict[str, str]]:
    """What the entries of a page show of their records (`embedded.SHOWN`), by anchor."""
    finder = _Entries()
    finder.feed(html)
    return {anchor: _shown(parts) for anchor, parts in finder.entries.items()}


def _shown(parts: Mapping[str, str]) -> dict[str, str]:
    evidence, start = parts.get("q", ""), parts.get("i", "")
    found = {"evidence": evidence, "value_text": parts.get("b") or evidence, "start": start}
    if start.isdecimal():
        found["end"] = str(int(start) + len(evidence))
    return {column: visible(text) for column, text in found.items() if text}


class _Entries(HTMLParser):
    """Takes the first <b>, <q> and <i> of every entry: the value as printed, the evidence, where it begins."""

    def __init__(self) -> None:
        super().__init__()
        self.entries: dict[str, dict[str, str]] = {}
        self._entry: dict[str, str] | None = None
        self._part = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "li":
            anchor = dict(attrs).get("id") or ""
            self._entry = self.entries.setdefault(anchor, {}) if ENTRY.fullmatch(anchor) else None
        elif tag in ("p", "ol"):
            # Notes below the entry, or the head of the next document: nothing of the record.
            self._entry = None
        elif tag in ("b", "q", "i") and self._entry is not None and tag not in self._entry:
            self._entry[tag], self._part = "", tag

    def handle_endtag(self, tag: str) -> None:
        if tag == self._part:
            self._part = ""

    def handle_data(self, data: str) -> None:
        if self._entry is not None and self._part:
            self._entry[self._part] += data
