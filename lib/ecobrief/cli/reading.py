"""`ecobrief read` and `ecobrief accept`: figures proposed for review, and entered after it."""

from __future__ import annotations

import csv
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

import click

from ecobrief import package_folder
from ecobrief.cli.exits import DONE, FAULTS, WrongUsage
from ecobrief.package_folder import NoDataPackage, NotReadable, PackageFiles


@click.command()
@click.argument("names", metavar="DOCUMENT...", nargs=-1, required=True)
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="File for the CSV [standard output]."
)
@click.option("--city", "city_id", default="", metavar="ID", help="city_id written into the rows.")
@click.option(
    "--published", default="", metavar="YYYY-MM-DD", help="Day on which the documents were published."
)
def read(names: tuple[str, ...], out: Path | None, city_id: str, published: str) -> None:
    """Propose the figures printed in documents (text, HTML, PDF), each at its place in the text, as CSV for review."""
    _check_date(published)
    files = _package_files()
    if city_id and files and city_id not in files.provinces:
        raise WrongUsage(
            f"{city_id!r} is no city of the data package; valid ones are {', '.join(files.provinces)}"
        )
    if out:
        _check_out(out, names)
    from ecobrief.extraction import reading, sheet

    asked = reading.Asked(published, city_id, _sources(files) if files else {})
    count = faults = 0
    try:
        with _target(out) as target, _bar(len(names)) as bar:
            target.write(((sheet.BOM if out else "") + sheet.HEADER).encode("utf-8"))
            for outcome in reading.outcomes(names, asked, tick=bar.tick):
                target.write(outcome.lines.encode("utf-8", "replace"))
                count += outcome.count
                if outcome.fault:
                    faults += 1
                    bar.write(f"{outcome.document}: {outcome.fault}")
                bar.update()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise WrongUsage(f"{out or 'the CSV'} cannot be written: {error.strerror}") from error
    documents = f"{len(names) - faults} document{'s' if len(names) - faults != 1 else ''}"
    unread = f"; {faults} could not be read" if faults else ""
    click.echo(f"{count} candidate{'s' if count != 1 else ''} in {documents}{unread}", err=True)
    sys.exit(FAULTS if faults else DONE)


@click.command()
@click.argument("table", metavar="candidates.csv", type=click.Path(path_type=Path))
@click.option(
    "--documents",
    "folder",
    type=click.Path(path_type=Path),
    help="Folder with the documents, where they do not lie as candidates.csv names them [ECOBRIEF_DOCUMENTS].",
)
def accept(table: Path, folder: Path | None) -> None:
    """Enter the candidates that a review marks accept or correct into the data package, all of them or none."""
    from ecobrief import datapackage, documents
    from ecobrief.extraction import acceptance, sheet

    try:
        package = datapackage.load()
        where = documents.folder(folder) if folder or os.environ.get(documents.FOLDER_VARIABLE) else None
        reviewed = sheet.read(table)
        accepted = acceptance.accept(package, reviewed, where)
    except (NoDataPackage, documents.NoDocuments) as error:
        raise WrongUsage(str(error)) from error
    except datapackage.DataFaults as error:
        _end_with((*error.faults, error.count))
    except sheet.NotASheet as error:
        _end_with(error.faults)
    except acceptance.Refused as error:
        count = len(error.faults)
        _end_with((*error.faults, f"{count} fault{'s' if count != 1 else ''}; nothing was written"))
    except OSError as error:
        raise click.ClickException(f"the data package cannot be written: {error}") from error
    for name, rows in accepted.rows.items():
        for row in rows if name in datapackage.FIGURES else ():
            click.echo(
                f"{row['observation_id']}: {row['indicator_id']} {row['value']} {''.join(row['unit'].split())}"
                f" {row['period'] or 'undated'} ({', '.join(filter(None, (row['status'], row['measure'], row['place'])))})"
            )
    for note in accepted.notes:
        click.echo(note, err=True)
    counts = ", ".join(f"{name}.csv {len(rows)}" for name, rows in accepted.rows.items() if rows)
    click.echo(
        f"new rows: {counts}" if counts else "no row is marked accept or correct; nothing was written",
        err=True,
    )


def _end_with(lines: Iterable[object]) -> NoReturn:
    for line in lines:
        click.echo(str(line), err=True)
    sys.exit(FAULTS)


def _check_date(published: str) -> None:
    try:
        right = not published or date.fromisoformat(published).isoformat() == published
    except ValueError:
        right = False
    if not right:
        raise WrongUsage(f"--published takes a day as 2023-06-05; {published!r} is none")


def _check_out(out: Path, names: tuple[str, ...]) -> None:
    """Neither a document nor the work of a reviewer is overwritten."""
    from ecobrief.extraction import files, sheet

    if not files.is_there(out):
        return
    if any(files.is_there(Path(name)) and out.samefile(name) for name in names):
        raise WrongUsage(f"{out} is one of the documents; --out takes another file")
    try:
        decided = sum(map(sheet.is_decided, sheet.read(out).rows))
    except sheet.NotASheet:
        return
    if decided:
        raise WrongUsage(
            f"{out} holds {decided} decisions of a review; --out takes another file, or move it away"
        )


def _package_files() -> PackageFiles | None:
    """The data package, from which cities and sources are known; documents are read without one, too."""
    try:
        return package_folder.read(package_folder.find())
    except (NoDataPackage, NotReadable):
        return None


def _sources(files: PackageFiles) -> dict[str, str]:
    """The source_id of each text that the data package has, by its hash."""
    try:
        with files.tables["sources"].open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        return {row["text_sha256"]: row["source_id"] for row in rows if row["text_sha256"]}
    except (OSError, ValueError, KeyError, csv.Error):
        return {}


@contextmanager
def _target(out: Path | None) -> Iterator[Any]:
    from ecobrief import atomic

    if not out:
        yield sys.stdout.buffer
        return
    with atomic.writing(out) as target:
        yield target


class _Lines:
    """No bar: only what is wrong is told."""

    def write(self, text: str) -> None:
        click.echo(text, err=True)

    def update(self) -> None:
        pass

    tick = update


class _Bar:
    """What is wrong stands above the bar."""

    def __init__(self, bar: Any):
        self._bar = bar

    def write(self, text: str) -> None:
        self._bar.write(text, file=sys.stderr)

    def update(self) -> None:
        self._bar.update()

    def tick(self) -> None:
        self._bar.refresh()


@contextmanager
def _bar(total: int) -> Iterator[_Lines | _Bar]:
    if not sys.stderr.isatty():
        yield _Lines()
        return
    from tqdm import tqdm

    # Its monitor would be a thread that outlives the bar.
    tqdm.monitor_interval = 0
    with tqdm(total=total, unit="document", dynamic_ncols=True, file=sys.stderr) as bar:
        yield _Bar(bar)
