"""`ecobrief build`: what is asked for, checked in the order of what it costs to know, and handed to `publish.batch`.

With nothing to do it ends before any library for tables, charts or notebooks is imported.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ecobrief import package_folder
from ecobrief.cli.exits import DONE, FAULTS, USAGE, WrongUsage
from ecobrief.wording import LANGS, Lang

if TYPE_CHECKING:
    from ecobrief.datapackage import DataPackage
    from ecobrief.publish.inputs import Changes, Data, Wanted
    from ecobrief.publish.plan import Set
    from ecobrief.publish.progress import Teller
    from ecobrief.publish.runner import Runner
    from ecobrief.publish.stale import Why

# What rests on all cities is computed once a build, before the briefs.
WARM = ("ecobrief.compare.across:warm", "ecobrief.figures.ahead:warm")


@click.command()
@click.option("--cities", default="", help="city_ids separated by commas; every city if left out.")
@click.option("--langs", default=",".join(LANGS), show_default=True, help="Languages of the briefs.")
@click.option(
    "--params",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="YAML file of parameter sets, each a brief of any notebook, instead of the briefs of cities.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("briefs"),
    show_default=True,
    help="Folder for the briefs.",
)
@click.option("--jobs", type=int, default=os.cpu_count() or 1, help="Notebooks at a time [number of cores].")
@click.option(
    "--engine",
    type=click.Choice(["fork", "nbclient"]),
    help="What runs notebooks: forks of one warmed process [on Linux], or stock nbclient [elsewhere].",
)
@click.option(
    "--cluster",
    metavar="ADDRESS",
    help="Run notebooks on the workers of this dask scheduler, as tcp://host:8786, instead of here.",
)
@click.option("--timeout", type=float, metavar="SECONDS", help="Stop a notebook that takes longer.")
@click.option("--memory", type=int, metavar="MB", help="Stop a notebook that asks for more memory (Linux).")
@click.option(
    "--shared-assets",
    is_flag=True,
    help="Briefs share one plotly.js in a folder beside them, and are lighter.",
)
@click.option("--force", is_flag=True, help="Make every brief, whether it is up to date or not.")
@click.option("--explain", is_flag=True, help="Say why each brief is made.")
@click.option("--dry-run", is_flag=True, help="Only list the briefs, whether each would be made, and why.")
@click.option(
    "--log-format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Progress in lines or a bar, or one JSON object a line.",
)
def build(
    cities: str,
    langs: str,
    params: Path | None,
    out: Path,
    jobs: int,
    engine: str | None,
    cluster: str | None,
    timeout: float | None,
    memory: int | None,
    shared_assets: bool,
    force: bool,
    explain: bool,
    dry_run: bool,
    form: Any,
) -> None:
    """Run the brief notebooks and write one HTML file for each city and language, and one comparison.

    What is up to date is not made again.
    """
    from ecobrief.publish import batch, plan, plotlyjs, progress

    tell = progress.teller(form, explain)
    with _refusals(tell):
        _check_limits(jobs, timeout, memory)
        languages = _languages(langs)
        files = _package_files()
        notebooks = _notebooks()
        if params:
            if cities:
                raise WrongUsage("--params says itself which cities it is about: leave --cities out.")
            sets = plan.of_file(params, notebooks, languages)
        else:
            chosen = _cities(cities, files.provinces)
            sets = [plan.Set("", job) for job in plan.of_cities(notebooks, chosen, languages)]
        wanted = batch.Wanted([one.job for one in sets], _data(files), shared_assets)
        limits = {"timeout": timeout, "memory": memory}
        remote = _cluster_runner(cluster, engine, wanted, limits, tell) if cluster is not None else None
        if not force and batch.is_up_to_date(wanted, out):
            _list(sets, {}) if dry_run else tell.begins(len(sets), {})
            click.echo(_summary(0, len(sets), 0, out))
            return
        batch.check(wanted, out)
        _refuse_without_parameters(list(wanted.notebooks))
        asked = [(one.where, one.job.notebook.stem, dict(one.job.parameters)) for one in sets if one.where]
        unchecked = not batch.was_checked(wanted, out)
        runner = remote or _runner(
            engine,
            jobs,
            limits,
            list(wanted.notebooks),
            files.folder,
            unchecked,
            (f"{__name__}:{refuse_parameters.__name__}", asked) if asked else None,
        )
        if (unchecked or asked) and not runner.checks:
            refuse_parameters(_package(), asked)
        if dry_run:
            with _found_at(files.folder):
                due = batch.due(wanted, out, runner, force=force)
            _list(sets, due)
            click.echo(f"{len(due)} of {len(sets)} briefs would be made")
            return
        if runner.engine != "fork":
            tell.says(f"notebooks are run by {cluster or runner.engine}")
        with _found_at(files.folder):
            result = batch.build(wanted, out, runner, force=force, progress=tell)
        tell.ends(result, out)
    if result.made and not plotlyjs.bundle().basic:
        tell.says(
            "npm was not there at set-up: each brief carries the whole plotly.js and is 1.4 MB larger than it could be"
        )
    click.echo(_summary(result.made, len(result.done) - result.made, len(result.failed), out))
    sys.exit(FAULTS if result.failed or result.altered else DONE)


@contextmanager
def _found_at(folder: Path) -> Iterator[None]:
    """The notebooks run in folders of their own, and find the data package that was checked here."""
    before = os.environ.get("ECOBRIEF_DATA")
    os.environ["ECOBRIEF_DATA"] = str(folder)
    try:
        yield
    finally:
        del os.environ["ECOBRIEF_DATA"]
        if before is not None:
            os.environ["ECOBRIEF_DATA"] = before


def _list(sets: Sequence[Set], due: Why) -> None:
    for one in sets:
        click.echo(f"{one.job.file}: {'; '.join(due.get(one.job.file, ['up to date']))}")


def _summary(made: int, current: int, failed: int, out: Path) -> str:
    if not made and not failed:
        return f"{current} briefs and index.html in {out} are up to date"
    told = [f"{made} briefs and index.html written to {out}"]
    if current:
        told.append(f"{current} were up to date")
    if failed:
        told.append(f"{failed} failed")
    return ", ".join(told)


@contextmanager
def _refusals(tell: Teller) -> Iterator[None]:
    """What stops a build is told in the form of its progress, and becomes an exit status."""
    try:
        yield
    except KeyboardInterrupt:
        tell.fails("stopped. What was written is whole; the next build goes on from there.")
        sys.exit(FAULTS)
    except Exception as error:
        sys.exit(_refused(error, tell))


def _refused(error: Exception, tell: Teller) -> int:
    """Tell what stops a build; the exit status. What nobody foresaw is raised again."""
    from ecobrief.publish.batch import BuildError, NotWritten
    from ecobrief.publish.plan import PlanFaults
    from ecobrief.publish.runner import NoRunner

    match error.__cause__ if isinstance(error, NoRunner) else error:
        case PlanFaults() as found:
            for fault in found.faults:
                tell.fails(fault)
            return USAGE
        case click.ClickException() as found:
            tell.fails(found.message)
            return found.exit_code
        case BuildError() as found:
            tell.fails(str(found))
            return USAGE
        case NotWritten() as found:
            tell.fails(str(found))
            return FAULTS
        case found:
            # Only here, since it brings the libraries for tables.
            from ecobrief.datapackage import DataFaults

            if isinstance(found, DataFaults):
                for line in (*found.faults, found.count):
                    tell.says(str(line))
                return FAULTS
    if isinstance(error, NoRunner):
        tell.fails(str(error))
        return FAULTS
    raise error


def _check_limits(jobs: int, timeout: float | None, memory: int | None) -> None:
    for option, value in (("--jobs", jobs), ("--timeout", timeout), ("--memory", memory)):
        if value is not None and value <= 0:
            raise WrongUsage(f"{option} {value:g}: a number above 0 is expected.")
    if memory and sys.platform != "linux":
        raise WrongUsage("--memory: only Linux can hold a notebook to a limit of memory.")


def _package() -> DataPackage:
    """The data package, checked."""
    from ecobrief import datapackage

    return datapackage.load()


def _package_files() -> package_folder.PackageFiles:
    try:
        return package_folder.read(package_folder.find())
    except package_folder.NoDataPackage as error:
        raise WrongUsage(str(error)) from error
    except package_folder.NotReadable:
        _package()
        raise


def _data(files: package_folder.PackageFiles) -> Data:
    from ecobrief.publish.inputs import Data, file_sha256

    tables = {name: file_sha256(path) for name, path in sorted(files.tables.items())}
    descriptor = {package_folder.DESCRIPTOR: files.folder / package_folder.DESCRIPTOR}
    about = {"version": files.version, "cut_off": files.cut_off, "tables": tables}
    return Data(about, {**files.tables, **descriptor}, _since)


def _since(then: Mapping[str, Path], now: Mapping[str, Path]) -> Changes:
    from ecobrief.datapackage.edits import since

    return since(then, now)


def _cities(cities: str, provinces: Mapping[str, str]) -> dict[str, str]:
    """The province of each city that is asked for."""
    chosen = [city for city in re.split(r"[,，;；\s]+", cities) if city] or list(provinces)
    if not set(chosen) <= set(provinces):
        _check_parameters("brief_comparison", {"cities": cities}, _package())
    return {city: provinces[city] for city in chosen}


def _refuse_without_parameters(notebooks: Iterable[Path]) -> None:
    from ecobrief.publish.plan import takes_parameters

    for path in notebooks:
        if not takes_parameters(path):
            raise WrongUsage(f"{path} has no cell with the tag parameters, so it cannot be given any.")


def refuse_parameters(package: DataPackage, asked: Sequence[tuple[str, str, Mapping[str, str]]]) -> None:
    """Refuse parameters that their notebooks do not take.

    asked: where a parameter set stands, the notebook and its parameters

    Raises:
        PlanFaults: every case.
    """
    from ecobrief.publish.plan import PlanFaults

    faults = []
    for where, notebook, given in asked:
        try:
            _check_parameters(notebook, given, package)
        except WrongUsage as error:
            faults.append(f"{where}: {error.message}")
    if faults:
        raise PlanFaults(faults)


def _check_parameters(notebook: str, given: Mapping[str, str], package: DataPackage) -> None:
    from ecobrief import parameters

    if notebook in parameters.NOTEBOOKS:
        try:
            parameters.check(notebook, given, package)
        except parameters.ParameterError as error:
            raise WrongUsage(str(error)) from error


def _forks(engine: str | None) -> bool:
    """Whether notebooks are run in forks: where the system has them, unless the person asks for stock nbclient."""
    from ecobrief.publish.forks import can_fork

    if engine == "fork" and not can_fork():
        raise WrongUsage("--engine fork: only Linux has it; leave the option out, or name nbclient.")
    return engine != "nbclient" and can_fork()


def _runner(
    engine: str | None,
    jobs: int,
    limits: Mapping[str, Any],
    notebooks: Sequence[Path],
    data: Path,
    check: bool,
    look: tuple[str, Any] | None,
) -> Runner:
    """What runs the notebooks here. check, look: as `ForkRunner` takes them."""
    if _forks(engine):
        from ecobrief.publish.fork_runner import ForkRunner

        return ForkRunner(jobs, notebooks, data=data, check=check, look=look, warm=WARM, **limits)
    from ecobrief.publish.pool import Pool

    return Pool(jobs, **limits)


def _cluster_runner(
    address: str, engine: str | None, wanted: Wanted, limits: Mapping[str, Any], tell: Teller
) -> Runner:
    from ecobrief.publish.cluster import ClusterRunner, WrongAddress

    if engine:
        raise WrongUsage("--engine says what runs notebooks on this machine: leave it or --cluster out.")
    try:
        return ClusterRunner(
            address, wanted.data.files.values(), wanted.notebooks, warm=WARM, tell=tell.says, **limits
        )
    except WrongAddress as error:
        raise WrongUsage(f"--cluster: {error}") from error


def _languages(langs: str) -> list[Lang]:
    wanted = [lang.strip() for lang in langs.split(",") if lang.strip()]
    for lang in wanted:
        if lang not in LANGS:
            raise WrongUsage(f"{lang!r} is no language of the briefs; valid ones are {', '.join(LANGS)}")
    if not wanted:
        raise WrongUsage(f"--langs names no language; valid ones are {', '.join(LANGS)}")
    return [lang for lang in LANGS if lang in wanted]


def _notebooks() -> Path:
    """notebooks/ in the working directory or the nearest folder above it; without one, faults of the data are told first."""
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / "notebooks" / "brief_city.ipynb").is_file():
            return folder / "notebooks"
    _package()
    raise WrongUsage(f"neither {here} nor a folder above it holds notebooks/brief_city.ipynb")
