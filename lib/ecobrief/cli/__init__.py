"""The `ecobrief` command.

Results go to standard output, progress and faults to standard error. Exit status: 0 done, 1 the input or the data has
faults (all are listed), 2 wrong usage. Audit findings and missing metrics are no faults.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ecobrief import documents, package_folder
from ecobrief.cli.build import build
from ecobrief.cli.exits import DONE, FAULTS, WrongUsage
from ecobrief.cli.reading import accept, read
from ecobrief.package_folder import NoDataPackage, NotReadable
from ecobrief.wording import LANGS, Lang

if TYPE_CHECKING:
    from ecobrief.datapackage import DataPackage

FORMATS = click.Choice(["table", "csv", "json"])


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="ecobrief")
def main() -> None:
    """Compare the eco-policy record of Chinese cities from what their governments publish."""


main.add_command(build)
main.add_command(read)
main.add_command(accept)


def _package() -> DataPackage:
    """The checked data package, or every fault on standard error and exit status 1."""
    from ecobrief import datapackage  # half a second of imports, which some commands do without

    try:
        return datapackage.load()
    except datapackage.DataFaults as error:
        for line in (*error.faults, error.count):
            click.echo(str(line), err=True)
        sys.exit(FAULTS)
    except NoDataPackage as error:
        raise WrongUsage(str(error)) from error


@main.command()
def check() -> None:
    """Validate the data package: every fault by file, row, column, value and rule, with a hint."""
    package = _package()
    rows = sum(len(table) for table in package.tables.values())
    click.echo(
        f"{len(package.tables)} tables, {rows} rows, 0 faults (data version {package.version}, cut-off {package.cut_off})"
    )


@main.command()
@click.option(
    "--documents",
    "folder",
    type=click.Path(),
    help="Folder with copies of the documents [ECOBRIEF_DOCUMENTS].",
)
@click.option(
    "--format", "form", type=FORMATS, default="table", show_default=True, help="For people, or for machines."
)
def verify(folder: str | None, form: str) -> None:
    """Look up every evidence span at its offsets in the documents."""
    from ecobrief import provenance
    from ecobrief.extraction import files

    package = _package()
    try:
        held = documents.held(documents.folder(folder), files.text)
    except documents.NoDocuments as error:
        raise WrongUsage(str(error)) from error
    spans = provenance.verify(package, held)
    if form != "table":
        _print_frame(spans, form)
    else:
        for span in spans[spans["result"] == "missing"].itertuples():
            place = f"{span.source_id} {span.start}–{span.end}"
            click.echo(f"missing: {span.id} ({span.role}, {place}): {span.reason}")
    for source_id in provenance.unheld(package, held):
        click.echo(f"{source_id}: no file in the folder has its text; its spans are unverified", err=True)
    found, missing, unverified = (
        (spans["result"] == result).sum() for result in ("found", "missing", "unverified")
    )
    count = spans["source_id"].nunique()
    click.echo(
        f"{len(spans)} spans in {count} documents: {found} found, {missing} missing, {unverified} unverified",
        err=form != "table",
    )
    sys.exit(DONE if found == len(spans) else FAULTS)


@main.command()
@click.option("--indicator", required=True, metavar="ID", help="indicator_id, e.g. forest_cover.")
@click.option("--cities", default="", help="city_ids separated by commas; every city if left out.")
@click.option("--period", default="", help="Only this period, e.g. 2022.")
@click.option(
    "--lang", type=click.Choice(LANGS), default="en", show_default=True, help="Language of the table."
)
@click.option(
    "--format", "form", type=FORMATS, default="table", show_default=True, help="For people, or for machines."
)
def compare(indicator: str, cities: str, period: str, lang: Lang, form: str) -> None:
    """Set the cities' figures of one indicator side by side, and rank those that may be ranked."""
    from ecobrief.compare import report

    package = _package()
    known = list(package["indicators"]["indicator_id"])
    if indicator not in known:
        raise WrongUsage(f"{indicator!r} is no indicator; valid ones are {', '.join(known)}")
    chosen = _checked_parameters(
        "brief_comparison", {"cities": cities, "period": period, "lang": lang}, package
    )
    comparison = report.comparison(package, indicator, chosen.places, chosen.period)
    if form == "table":
        click.echo(report.as_text(package, comparison, lang))
    elif form == "json":
        click.echo(json.dumps(report.as_json(comparison), ensure_ascii=False, indent=1))
    else:
        _print_frame(comparison.rows, form)


@main.command()
@click.option("--cities", default="", help="city_ids separated by commas; every city if left out.")
@click.option(
    "--lang", type=click.Choice(LANGS), default="en", show_default=True, help="Language of the explanations."
)
@click.option(
    "--format", "form", type=FORMATS, default="table", show_default=True, help="For people, or for machines."
)
def audit(cities: str, lang: Lang, form: str) -> None:
    """Hold the printed figures to the arithmetic between them, and say what does not add up."""
    from ecobrief import audit as auditing

    package = _package()
    chosen = _checked_parameters("brief_comparison", {"cities": cities, "lang": lang}, package)
    found = auditing.findings(package, chosen.places)
    if form == "table":
        click.echo(auditing.as_text(package, found, lang))
    else:
        _print_frame(auditing.as_frame(found, lang), form)


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--city", "city_id", required=True, metavar="ID", help="city_id of the city whose file it is.")
@click.option(
    "--standard",
    type=click.Choice(["hj633-2012", "hj633-2026"]),
    help="For every year, instead of the one in force at its end.",
)
@click.option("--map", "mapping", default="", help="Names of the file's columns: pm25=PM2.5,time=Time.")
@click.option(
    "--hours",
    type=click.Choice(["ending", "beginning"]),
    default="ending",
    show_default=True,
    help="What the times of hourly values name: the end of the hour, or its beginning.",
)
@click.option("--source", "source_id", default="", metavar="ID", help="source_id written into the rows.")
@click.option(
    "--format", "form", type=FORMATS, default="csv", show_default=True, help="For people, or for machines."
)
def monitor(
    file: Path, city_id: str, standard: str | None, mapping: str, hours: Any, source_id: str, form: str
) -> None:
    """Count good days from a CSV or Parquet file of hourly or daily concentrations, as unreviewed monitoring."""
    from ecobrief import monitoring
    from ecobrief.standards.air import NoBackCast

    try:
        valid = package_folder.read(package_folder.find()).provinces
    except (NoDataPackage, NotReadable) as error:
        raise WrongUsage(str(error)) from error
    if city_id not in valid:
        raise WrongUsage(f"{city_id!r} is no city of the data package; valid ones are {', '.join(valid)}")
    names = dict(_named_column(pair) for pair in mapping.split(",") if pair.strip())
    try:
        result = monitoring.annual(
            file, city_id, standard=standard, mapping=names, hours=hours, source_id=source_id
        )
    except monitoring.WrongMapping as error:
        raise WrongUsage(str(error)) from error
    except monitoring.UnusableFile as error:
        for remark in error.remarks:
            click.echo(f"{file}: {remark}", err=True)
        raise click.ClickException(str(error)) from error
    except (monitoring.NeedsDuckDB, NoBackCast) as error:
        raise click.ClickException(str(error)) from error
    for remark in result.remarks:
        click.echo(f"{file}: {remark}", err=True)
    if form == "table":
        click.echo(monitoring.as_text(result))
    else:
        _print_frame(result.rows, form)


def _named_column(pair: str) -> tuple[str, str]:
    name, equals, column = (part.strip() for part in pair.partition("="))
    if not (name and equals and column):
        raise WrongUsage(f"--map takes name=column, separated by commas; {pair.strip()!r} is none")
    return name, column


@main.command()
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("readings"),
    show_default=True,
    help="Folder for the three files.",
)
@click.option(
    "--lang", type=click.Choice(LANGS), default="en", show_default=True, help="Language of the code book."
)
def readings(out: Path, lang: Lang) -> None:
    """Write all readings as readings.csv and readings.parquet, with their code book."""
    from ecobrief.compare import export

    for path in export.write(_package(), out, lang):
        click.echo(str(path))


@main.command()
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("diff.html"),
    show_default=True,
    help="File for the page.",
)
@click.option(
    "--lang", type=click.Choice(LANGS), default="en", show_default=True, help="Language of the page."
)
def diff(old: Path, new: Path, out: Path, lang: Lang) -> None:
    """Write a page that shows which values and verdicts changed between two folders of briefs, and why."""
    from ecobrief.atomic import write_text
    from ecobrief.publish import built, diff_page
    from ecobrief.publish.diff import compare as compare_builds

    try:
        found = compare_builds(built.read(old), built.read(new), lang)
    except built.NoBuild as error:
        raise WrongUsage(str(error)) from error
    except built.BrokenBuild as error:
        raise click.ClickException(str(error)) from error
    try:
        write_text(out, diff_page.page(found, lang, out))
    except OSError as error:
        raise WrongUsage(f"{out} cannot be written: {error.strerror}.") from error
    click.echo(f"{diff_page.summary(found)} → {out}")


@main.command()
@click.argument("folder", type=click.Path(path_type=Path), default=Path("briefs"))
def pdf(folder: Path) -> None:
    """Print the briefs in FOLDER (briefs, if left out) to PDF with an installed Chromium, Chrome or Edge."""
    from ecobrief.publish import pdf as printing

    def on_progress(count: int, total: int, name: str, fault: str) -> None:
        click.echo(f"[{count}/{total}] {name}: {'failed' if fault else 'done'}", err=True)

    try:
        total = len(printing.briefs(folder))
        failed = printing.write(folder, printing.browser(), on_progress=on_progress)
    except printing.NoBriefs as error:
        raise WrongUsage(str(error)) from error
    except printing.NoBrowser as error:
        raise click.ClickException(str(error)) from error
    for fault in failed:
        click.echo(fault, err=True)
    click.echo(
        f"{total - len(failed)} PDF files written to {folder}{f', {len(failed)} failed' if failed else ''}"
    )
    sys.exit(FAULTS if failed else DONE)


@main.command()
@click.option("--briefs", type=click.IntRange(min=1), default=100, show_default=True, help="Of the batch.")
@click.option("--repeat", type=click.IntRange(min=1), default=3, show_default=True, help="Rounds.")
def bench(briefs: int, repeat: int) -> None:
    """Time the batch beside stock papermill and other ways to make the same briefs; in a clone of the repository."""
    script = Path(__file__).resolve().parents[3] / "tools" / "bench_batch.py"
    if not script.is_file():
        raise click.ClickException(
            "the benchmark is a part of the repository, and this is an installed copy."
        )
    sys.exit(subprocess.call([sys.executable, str(script), f"--briefs={briefs}", f"--repeat={repeat}"]))


def _checked_parameters(notebook: str, given: dict[str, Any], package: DataPackage) -> Any:
    from ecobrief import parameters

    try:
        return parameters.check(notebook, given, package)
    except parameters.ParameterError as error:
        raise WrongUsage(str(error)) from error


def _print_frame(frame: Any, form: str) -> None:
    if form == "csv":
        click.echo(frame.to_csv(index=False, lineterminator="\n"), nl=False)
    else:
        click.echo(frame.to_json(orient="records", force_ascii=False, indent=1))
