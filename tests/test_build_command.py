"""`ecobrief build`: what it makes and tells, what it costs when there is nothing to do, and what bad input gets."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import pytest
from click.testing import CliRunner, Result

import small_project
from ecobrief.cli import main
from ecobrief.publish.batch import Done, Failed, Job
from ecobrief.publish.progress import Bar
from test_batch import until

DONE, FAULTS, USAGE = 0, 1, 2


def ecobrief(folder: Path, *arguments: str) -> Result:
    """`ecobrief build` in this process, in that folder."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.delenv("ECOBRIEF_DATA", raising=False)
        return CliRunner().invoke(main, ["build", *arguments])


@pytest.fixture(name="project", scope="module")
def built_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project that was built."""
    folder = small_project.write(tmp_path_factory.mktemp("project") / "it")
    status, printed, told = small_project.build(folder)
    assert status == DONE, told
    assert printed == "8 briefs and index.html written to briefs\n"
    for number, line in enumerate(told.splitlines()[-8:], start=1):
        assert line.startswith(f"[{number}/8] brief_")
        assert line.endswith(": done")
    return folder


@pytest.fixture(name="fresh")
def unbuilt_project(tmp_path: Path) -> Path:
    return small_project.write(tmp_path / "it")


def test_every_brief_stands_in_the_folder_with_index_and_manifest(project: Path) -> None:
    assert set(small_project.visible(project)) == {*small_project.FILES, "index.html", "manifest.json"}


def test_with_nothing_to_do_no_library_for_tables_charts_or_notebooks_is_imported(project: Path) -> None:
    code = (
        "import sys\nfrom ecobrief.cli import main\ntry:\n    main(['build'])\nexcept SystemExit as end:\n"
        "    assert not end.code\nheavy = {'pandas', 'plotly', 'papermill', 'pydantic', 'nbformat', 'IPython'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=project, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (
        DONE,
        "8 briefs and index.html in briefs are up to date\n",
        "8 of 8 briefs are up to date\n",
    )


@pytest.mark.skipif(sys.platform != "linux", reason="only forks say what they asked for")
def test_an_edited_observation_makes_the_briefs_that_used_it_and_its_row_is_named(project: Path) -> None:
    before = small_project.visible(project)
    try:
        small_project.data(project, {**small_project.VALUES, "beta": "90.2"})
        reason = "observations.csv row 3 (page.002): value 90.1 → 90.2, evidence 90.1% → 90.2%"
        used = [name for name in small_project.FILES if "alpha" not in name and "gamma" not in name]
        planned = ecobrief(project, "--dry-run").stdout.splitlines()
        assert planned == [
            *(f"{name}: {reason if name in used else 'up to date'}" for name in small_project.FILES),
            "4 of 8 briefs would be made",
        ]
        assert small_project.visible(project) == before
        status, printed, told = small_project.build(project, "--log-format", "json")
        assert (status, printed) == (DONE, "4 briefs and index.html written to briefs, 4 were up to date\n")
        begin, *briefs, end = map(json.loads, told.splitlines())
        assert begin == {"event": "begin", "total": 8, "due": 4, "up_to_date": 4}
        assert sorted(one["file"] for one in briefs) == sorted(used)
        assert [(one["event"], one["outcome"], one["count"], one["total"]) for one in briefs] == [
            ("brief", "done", count, 4) for count in (1, 2, 3, 4)
        ]
        assert all(one["why"] == [reason] and one["seconds"] > 0 for one in briefs)
        assert (end["event"], end["made"], end["done"], end["failed"]) == ("end", 4, 8, 0)
        after = small_project.visible(project)
        assert {name for name in after if after[name] != before[name]} == {"manifest.json", *used}
    finally:
        small_project.data(project, small_project.VALUES)


def test_a_plan_for_a_new_folder_says_so_and_writes_nothing(project: Path) -> None:
    done = ecobrief(project, "--dry-run", "--out", "new", "--langs", "en", "--cities", "beta,alpha")
    assert done.stdout.splitlines() == [
        "brief_city-beta.en.html: no page yet",
        "brief_city-alpha.en.html: no page yet",
        "brief_comparison.en.html: no page yet",
        "3 of 3 briefs would be made",
    ]
    assert not (project / "new").exists()


def test_a_file_of_parameter_sets_is_planned(project: Path) -> None:
    (project / "sets.yaml").write_text("- {notebook: brief_city, each: {city: [alpha, gamma]}, langs: en}")
    done = ecobrief(project, "--params", "sets.yaml", "--dry-run")
    assert done.stdout.splitlines() == [
        "brief_city-alpha.en.html: its languages were zh, en",
        "brief_city-gamma.en.html: its languages were zh, en",
        "2 of 2 briefs would be made",
    ]


# Bad input


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--jobs", "0"], "--jobs 0: a number above 0 is expected."),
        (["--timeout", "-1"], "--timeout -1: a number above 0 is expected."),
        (["--memory", "0"], "--memory 0: a number above 0 is expected."),
        (
            ["--out", "data/cities.csv"],
            "data/cities.csv is a file, and the briefs need a folder. Name another place.",
        ),
        (["--params", "none.yaml"], "none.yaml cannot be read: No such file or directory."),
        (
            ["--params", "none.yaml", "--cities", "alpha"],
            "--params says itself which cities it is about: leave --cities out.",
        ),
        (["--langs", "fr"], "'fr' is no language of the briefs; valid ones are zh, en"),
        (
            ["--cities", "alpha,nowhere"],
            "cities = 'alpha,nowhere': no city is called 'nowhere'; valid cities are alpha, beta, gamma",
        ),
    ],
)
@pytest.mark.parametrize("form", ["text", "json"])
def test_wrong_usage_gets_one_line_and_nothing_is_written(
    arguments: list[str], told: str, form: str, fresh: Path
) -> None:
    before = sorted(fresh.rglob("*"))
    done = ecobrief(fresh, *arguments, "--log-format", form)
    assert done.exit_code == USAGE
    assert done.stdout == ""
    as_json = json.dumps({"event": "error", "message": told}, ensure_ascii=False)
    assert done.stderr == (f"Error: {told}\n" if form == "text" else f"{as_json}\n")
    assert sorted(fresh.rglob("*")) == before


def test_parameters_that_a_notebook_does_not_take_are_named_with_their_entry(fresh: Path) -> None:
    (fresh / "sets.yaml").write_text(
        "- {notebook: brief_city, parameters: {city: nowhere}}\n"
        "- {notebook: brief_city, parameters: {city: alpha}}\n"
        "- {notebook: brief_comparison, parameters: {citys: alpha}, langs: en}\n"
    )
    done = ecobrief(fresh, "--params", "sets.yaml")
    assert done.exit_code == USAGE
    first, second = done.stderr.splitlines()
    assert first == (
        "Error: sets.yaml entry 1: city = 'nowhere': no city is called 'nowhere'; valid cities are alpha, beta, gamma"
    )
    assert second.startswith(
        "Error: sets.yaml entry 3: brief_comparison has no parameter citys (did you mean cities?); it has"
    )
    assert not (fresh / "briefs").exists()


def test_a_notebook_without_a_cell_of_parameters_is_refused_before_anything_runs(fresh: Path) -> None:
    path = fresh / "notebooks" / "brief_comparison.ipynb"
    path.write_text(path.read_text("utf-8").replace('"parameters"', '"other"'), "utf-8")
    done = ecobrief(fresh)
    assert done.exit_code == USAGE
    assert done.stderr == (f"Error: {path} has no cell with the tag parameters, so it cannot be given any.\n")
    assert not (fresh / "briefs").exists()


def test_faults_in_the_data_are_told_also_where_an_earlier_build_found_none(project: Path) -> None:
    try:
        small_project.data(project, {**small_project.VALUES, "beta": "90,1"})
        done = ecobrief(project)
        assert done.exit_code == FAULTS
        assert 'observations.csv row 3, column value: "90,1"' in done.stderr
        assert done.stderr.endswith("in the data package\n")
    finally:
        small_project.data(project, small_project.VALUES)


# The bar


def test_a_terminal_gets_a_bar_with_failures_above_it(capsys: pytest.CaptureFixture[str]) -> None:
    jobs = [Job(Path("a.ipynb"), {}, f"brief_{number}.en.html", "en") for number in range(3)]
    bar = Bar(explain=False)
    bar.begins(4, {job.file: ("no page yet",) for job in jobs})
    ended: list[Any] = [
        Done(jobs[0], "", 0, (), ""),
        Failed(jobs[1], None, "", "E", ""),
        Done(jobs[2], "", 0, (), ""),
    ]
    for count, outcome in enumerate(ended, start=1):
        bar.ended(count, outcome, 1.0)
    told = capsys.readouterr().err
    assert told.startswith("1 of 4 briefs are up to date\n")
    assert "brief_1.en.html: failed\n" in told
    assert "3/3" in told
    assert "brief/s" in told


# Builds that are killed


@pytest.mark.soak
@pytest.mark.skipif(sys.platform != "linux", reason="looks for processes by their environment")
def test_a_build_killed_at_any_moment_leaves_whole_files_and_no_process_and_is_gone_on_with(
    fresh: Path,
) -> None:
    begun = time.monotonic()
    small_project.build(fresh)
    lasts = time.monotonic() - begun
    undisturbed = small_project.visible(fresh)
    shutil.rmtree(fresh / "briefs")
    for number in range(20):
        mark = f"killed{number}"
        with small_project.start(fresh, ECOBRIEF_TEST=mark) as process:
            with suppress(subprocess.TimeoutExpired):
                process.communicate(timeout=lasts * random.random())
            process.kill()
        until(lambda mark=mark: not marked(mark))
        left = small_project.visible(fresh) if (fresh / "briefs").is_dir() else {}
        assert all(left[name] == undisturbed[name] for name in left if name.startswith("brief_"))
        status, _, told = small_project.build(fresh)
        assert status == DONE, told
        assert small_project.visible(fresh) == undisturbed
        shutil.rmtree(fresh / "briefs")


def marked(mark: str) -> list[int]:
    """The processes that have this in their environment."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if process.environ().get("ECOBRIEF_TEST") == mark:
                found.append(process.pid)
    return found
