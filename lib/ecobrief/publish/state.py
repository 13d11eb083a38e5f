"""What is known of earlier builds of a folder, kept in its hidden folder `.build`, so that the next makes only what is
missing or stale.

    journal.jsonl   a line for each brief that was made, and for what it was made from, appended as soon as it is so
    tables/         the tables that briefs were made from, compressed, each named by its SHA-256
    finished.json   how the last whole build left the folder

A build may be killed at any moment: a line that was not finished is passed over, and a page without a line, or with the
line of another page, is made again. The last line about a thing is the one that holds.
"""

from __future__ import annotations

import gzip
import json
import shutil
import sys
import zlib
from base64 import b64decode, b64encode
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from ecobrief import atomic
from ecobrief.publish.inputs import Wanted, digest, stamp
from ecobrief.publish.job import Slice

FOLDER = ".build"
ACROSS = "="
"""Begins the name of what rests on all cities, where a slice has the name of a table."""


@dataclass(frozen=True)
class Record:
    """A brief that was made.

    recipe: `Recipe.plain`
    data: the digest of the data package
    asked: what was taken from it, as `pack` gives it; "" where that is not known
    size, mtime_ns, sha256: of the page
    title, charts, observations, metrics: as in `Done`
    """

    file: str
    recipe: Mapping[str, Any]
    data: str
    asked: str
    size: int
    mtime_ns: int
    sha256: str
    title: str
    charts: int
    observations: tuple[str, ...]
    metrics: tuple[Mapping[str, Any], ...]


@dataclass
class State:
    """What is known of the builds in the folder above `folder`.

    briefs: by file
    failed: the files of those that could not be made when they were last tried
    tools, data: what the digests in records stand for: `Wanted.tools`, `Data.hashes`
    checked: (data, tools): in this data package these tools found no fault
    """

    folder: Path
    briefs: dict[str, Record] = field(default_factory=dict)
    failed: set[str] = field(default_factory=set)
    tools: dict[str, Mapping[str, str]] = field(default_factory=dict)
    data: dict[str, Mapping[str, str]] = field(default_factory=dict)
    checked: set[tuple[str, str]] = field(default_factory=set)

    @classmethod
    def read(cls, out: Path) -> State:
        """What is known of the builds in `out`: nothing where there were none, or their journal cannot be read."""
        state = cls(out / FOLDER)
        with suppress(OSError):
            for line in state._journal.read_bytes().split(b"\n"):
                with suppress(ValueError, TypeError, KeyError, AttributeError):
                    state._take(json.loads(line))
        return state

    def begin(self, wanted: Wanted) -> None:
        """Keep what the briefs to come are made from: all hashes, and copies of the tables. The data package was checked.

        Raises:
            OSError: it cannot be written.
        """
        for part in [*self.folder.glob(f"*{atomic.PART}"), self._finished]:
            part.unlink(missing_ok=True)
        data, tools = wanted.data, digest(wanted.tools)
        for name, path in data.files.items():
            self._copy(path, data.hashes[name])
        if tools not in self.tools:
            self._append({"tools": tools, "parts": wanted.tools})
        if (data.digest, tools) not in self.checked:
            self._append({"data": data.digest, "hashes": data.hashes, "checked_with": tools})

    def add(self, record: Record) -> None:
        """Keep the record of a brief.

        Raises:
            OSError: it cannot be written; what was kept before is whole.
        """
        self._append({"brief": vars(record)})

    def add_failed(self, file: str) -> None:
        """Keep that a brief could not be made; raises as `add`."""
        self._append({"failed": file})

    def compact(self, there: Collection[str]) -> None:
        """Write the journal anew with what still matters: the briefs that are `there`, and what they were made from.

        Raises:
            OSError: it cannot be written; the journal is as it was.
        """
        self.briefs = {file: self.briefs[file] for file in sorted(self.briefs) if file in there}
        made_from = {(record.data, record.recipe["tools"]) for record in self.briefs.values()}
        tables, tools = {data for data, _ in made_from}, {tools for _, tools in made_from}
        lines: list[dict[str, Any]] = [
            *({"tools": one, "parts": self.tools[one]} for one in sorted(tools & self.tools.keys())),
            *(
                {"data": one, "hashes": self.data[one], "checked_with": checked_with}
                for one, checked_with in sorted(made_from & self.checked)
            ),
            *({"brief": vars(record)} for record in self.briefs.values()),
            *({"failed": file} for file in sorted(self.failed)),
        ]
        with atomic.writing(self._journal) as journal:
            journal.writelines(map(_line, lines))
        needed = {sha256 for one in tables for sha256 in self.data.get(one, {}).values()}
        for copy in self._tables.glob("*.gz"):
            if copy.stem not in needed:
                copy.unlink()

    def unpack(self, sha256: str, to: Path) -> bool:
        """Write the table with this hash to `to`; False where there is no whole copy of it."""
        try:
            with gzip.open(self._tables / f"{sha256}.gz") as copy, to.open("wb") as file:
                shutil.copyfileobj(copy, file)
        except (OSError, EOFError, zlib.error):
            return False
        return True

    def finish(self, wanted: Wanted, files: Collection[str]) -> None:
        """Keep that what is wanted stands in these files of the folder.

        Raises:
            OSError: it cannot be written.
        """
        stamps = {name: stamp(self.folder.parent / name) for name in files}
        atomic.write_bytes(self._finished, json.dumps({"wanted": wanted.digest, "files": stamps}).encode())

    def is_finished(self, wanted: Wanted) -> bool:
        """Whether what is wanted stands in the folder since an earlier build, and no file of it was touched.

        This reads no journal, so that a build with nothing to do is a matter of a moment.
        """
        try:
            kept = json.loads(self._finished.read_bytes())
            return bool(
                kept["wanted"] == wanted.digest
                and all(stamp(self.folder.parent / name) == (*seen,) for name, seen in kept["files"].items())
            )
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            return False

    @property
    def _journal(self) -> Path:
        return self.folder / "journal.jsonl"

    @property
    def _finished(self) -> Path:
        return self.folder / "finished.json"

    @property
    def _tables(self) -> Path:
        return self.folder / "tables"

    def _append(self, line: dict[str, Any]) -> None:
        with self._journal.open("ab+") as journal:
            _drop_unfinished(journal)
            journal.write(_line(line))
        self._take(line)

    def _take(self, line: dict[str, Any]) -> None:
        """Know what a line says."""
        if brief := line.get("brief"):
            # The same observation stands in many briefs.
            observations = tuple(map(sys.intern, brief["observations"]))
            record = Record(**{**brief, "observations": observations, "metrics": tuple(brief["metrics"])})
            self.briefs[record.file] = record
            self.failed.discard(record.file)
        elif file := line.get("failed"):
            self.briefs.pop(file, None)
            self.failed.add(file)
        elif data := line.get("data"):
            self.data[data] = line["hashes"]
            self.checked.add((data, line["checked_with"]))
        elif tools := line.get("tools"):
            self.tools[tools] = line["parts"]

    def _copy(self, path: Path, sha256: str) -> None:
        copy = self._tables / f"{sha256}.gz"
        if copy.exists():
            return
        self._tables.mkdir(exist_ok=True)
        # Fast rather than small: the largest tables take seconds. The name and time of a file are not told.
        with (
            path.open("rb") as table,
            atomic.writing(copy, self.folder) as file,
            gzip.GzipFile("", "wb", 1, file, mtime=0) as packed,
        ):
            shutil.copyfileobj(table, packed)


def _line(line: Mapping[str, Any]) -> bytes:
    return json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _drop_unfinished(journal: IO[bytes]) -> None:
    """Cut off a line that a killed build, or a full disk, left without its end."""
    size = end = journal.seek(0, 2)
    while end:
        start = max(0, end - 65536)
        journal.seek(start)
        newline = journal.read(end - start).rfind(b"\n")
        if newline >= 0:
            end = start + newline + 1
            break
        end = start
    if end < size:
        journal.truncate(end)


@dataclass(frozen=True)
class Asked:
    """What a brief took from the data package.

    slices: those of tables
    across: the digest of each value that rests on all cities, by (name, place); "" where it is not known
    """

    slices: frozenset[Slice]
    across: Mapping[tuple[str, str], str]


def pack(asked: frozenset[Slice] | None, warmed: Mapping[tuple[str, str], str]) -> str:
    """What a run asked for, in few bytes; "" where it is not known.

    warmed: as in `Runner`
    """
    if asked is None:
        return ""
    grouped: dict[str, list[list[str]]] = {}
    across = []
    for name, of in sorted(asked):
        if name.startswith(ACROSS):
            key = name.removeprefix(ACROSS), of[0][1]
            across.append([*key, warmed.get(key, "")])
        else:
            grouped.setdefault(" ".join([name, *(column for column, _ in of)]), []).append([v for _, v in of])
    plain = json.dumps([grouped, across], ensure_ascii=False, separators=(",", ":"))
    return b64encode(zlib.compress(plain.encode())).decode()


def unpacked(asked: str) -> Asked | None:
    """What `pack` was given."""
    if not asked:
        return None
    grouped, across = json.loads(zlib.decompress(b64decode(asked)))
    slices = (
        (table, tuple(zip(columns, values, strict=True)))
        for shape, rows in grouped.items()
        for table, *columns in [shape.split(" ")]
        for values in rows
    )
    return Asked(frozenset(slices), {(name, place): digest for name, place, digest in across})
