"""Which briefs a build makes: those that are missing or stale, for a reason that it can name, and no others."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import pytest

import quick
from ecobrief.publish import batch, inputs
from ecobrief.publish.alone import alone
from ecobrief.publish.batch import Result
from test_batch import until

CITIES = ("alpha", "beta", "gamma")
FILES = {city: f"brief_{city}.en.html" for city in CITIES}


@pytest.fixture(name="data")
def data_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    quick.write(folder, quick.ROWS)
    return folder


@pytest.fixture(name="out")
def built(data: Path, tmp_path: Path) -> Path:
    """The folder of a build of all three."""
    out = tmp_path / "briefs"
    made, _, _ = build(data, out)
    assert sorted(made) == sorted(CITIES)
    return out


class Told:
    """What a build tells: the reasons."""

    due: Mapping[str, Sequence[str]]

    def waits(self, process: str) -> None:
        raise AssertionError("there is no other build")

    def begins(self, total: int, due: Mapping[str, Sequence[str]]) -> None:
        self.due = due

    def ended(self, count: int, outcome: Any, seconds: float) -> None:
        pass


def build(
    data: Path, out: Path, *cities: str, force: bool = False, **runner: Any
) -> tuple[list[str], Mapping[str, Sequence[str]], Result]:
    """The cities whose briefs were made, why, and the result."""
    hands, told = quick.Quick(data, **runner), Told()
    wanted = quick.wanted(data, *(cities or CITIES))
    result = batch.build(wanted, out, hands, force=force, progress=told)
    return hands.made, told.due, result


def visible(out: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in out.iterdir() if path.is_file()}


def edited(rows: Sequence[tuple[str, str, str]], key: str, value: str) -> list[tuple[str, str, str]]:
    return [(name, city, value if name == key else old) for name, city, old in rows]


def test_what_is_up_to_date_is_not_made_again(data: Path, out: Path) -> None:
    before = visible(out)
    assert batch.is_up_to_date(quick.wanted(data, *CITIES), out)
    made, due, result = build(data, out)
    assert (made, due, result.made) == ([], {}, 0)
    assert [done.job.file for done in result.done] == list(FILES.values())
    assert visible(out) == before


def test_with_nothing_to_do_no_runner_is_started(data: Path, out: Path) -> None:
    class Unused(quick.Quick):
        def __enter__(self) -> Any:
            raise AssertionError("it was started")

    assert batch.build(quick.wanted(data, *CITIES), out, Unused(data)).made == 0


def test_a_page_that_is_missing_or_altered_is_made_again(data: Path, out: Path) -> None:
    before = visible(out)
    (out / FILES["alpha"]).unlink()
    (out / FILES["beta"]).write_text("altered")
    assert not batch.is_up_to_date(quick.wanted(data, *CITIES), out)
    made, due, _ = build(data, out)
    assert sorted(made) == ["alpha", "beta"]
    assert due == {FILES["alpha"]: ("its page is missing",), FILES["beta"]: ("its page was altered",)}
    assert visible(out) == before


def test_a_folder_that_was_copied_is_up_to_date(data: Path, out: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(out, copy)
    for page in copy.glob("*.html"):
        os.utime(page, (1, 1))
    assert not batch.is_up_to_date(quick.wanted(data, *CITIES), copy)
    assert build(data, copy)[0] == []
    assert batch.is_up_to_date(quick.wanted(data, *CITIES), copy)


@pytest.mark.parametrize("name", ["index.html", "manifest.json"])
def test_an_index_or_manifest_that_is_missing_is_written_again(data: Path, out: Path, name: str) -> None:
    before = visible(out)
    (out / name).unlink()
    assert build(data, out)[0] == []
    assert visible(out) == before


# The data


def test_an_edited_row_makes_the_briefs_that_used_it_and_no_others(data: Path, out: Path) -> None:
    quick.write(data, edited(quick.ROWS, "o3", "13"))
    made, due, _ = build(data, out)
    assert made == ["beta"]
    assert due == {FILES["beta"]: ("observations.csv (o3): 12 → 13",)}
    assert "13" in (out / FILES["beta"]).read_text()


def test_a_brief_whose_standing_moved_is_made_though_its_own_rows_are_the_same(data: Path, out: Path) -> None:
    quick.write(data, edited(quick.ROWS, "o4", "80"))
    made, due, _ = build(data, out)
    assert made == ["alpha", "gamma"]
    assert due[FILES["alpha"]] == ("rank, which rests on all cities, moved: observations.csv (o4): 60 → 80",)
    assert due[FILES["gamma"]] == ("observations.csv (o4): 60 → 80",)


def test_a_row_that_is_new_or_gone_makes_the_briefs_that_it_concerns(data: Path, out: Path) -> None:
    quick.write(data, [row for row in quick.ROWS if row[0] != "o3"] + [("o5", "gamma", "1")])
    made, due, _ = build(data, out)
    assert made == ["beta", "gamma"]
    assert due == {
        FILES["beta"]: ("observations.csv (o3): 12 → none",),
        FILES["gamma"]: ("observations.csv (o5): none → 1",),
    }


def test_edits_of_several_builds_are_each_held_against_the_tables_of_their_own_brief(
    data: Path, out: Path
) -> None:
    """After the first edit only one brief is of the new tables, the others still as if of them."""
    quick.write(data, edited(quick.ROWS, "o3", "13"))
    assert build(data, out)[0] == ["beta"]
    quick.write(data, quick.ROWS)
    assert build(data, out)[0] == ["beta"]
    quick.write(data, edited(quick.ROWS, "o1", "76.31"))
    assert build(data, out, "alpha")[0] == ["alpha"]
    assert build(data, out)[0] == []


def test_of_many_edits_some_are_told(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "briefs"
    build(data, out, asks=False)
    quick.write(data, [*quick.ROWS, *((f"n{number}", "alpha", "1") for number in range(5))])
    _, due, _ = build(data, out)
    (reason,) = due[FILES["beta"]]
    assert reason.count("observations.csv") == 3
    assert reason.endswith("; and 2 more")


def test_a_runner_that_does_not_say_what_was_asked_makes_everything_after_an_edit(
    data: Path, tmp_path: Path
) -> None:
    out = tmp_path / "briefs"
    build(data, out, asks=False)
    quick.write(data, edited(quick.ROWS, "o3", "13"))
    made, due, _ = build(data, out, asks=False)
    assert made == list(CITIES)
    assert due[FILES["alpha"]][0].endswith("not known what it rests on: observations.csv (o3): 12 → 13")


def test_without_a_copy_of_the_old_tables_everything_is_made(data: Path, out: Path) -> None:
    shutil.rmtree(out / ".build" / "tables")
    quick.write(data, edited(quick.ROWS, "o3", "13"))
    made, due, _ = build(data, out)
    assert made == list(CITIES)
    assert due[FILES["alpha"]] == ("observations.csv changed",)


def test_a_descriptor_that_changed_makes_everything(data: Path, out: Path) -> None:
    (data / "datapackage.json").write_text('{"version": "2"}')
    made, due, _ = build(data, out)
    assert made == list(CITIES)
    assert due[FILES["alpha"]] == ("datapackage.json changed",)


def test_tables_that_nobody_needs_any_more_are_not_kept(data: Path, out: Path) -> None:
    for value in ("13", "14", "15"):
        quick.write(data, edited(quick.ROWS, "o3", value))
        build(data, out)
    assert len(list((out / ".build" / "tables").iterdir())) == 2


# What else a brief is made from


def test_a_notebook_that_changed_makes_its_briefs(data: Path, out: Path) -> None:
    (data.parent / "brief.ipynb").write_text('{"cells": []}')
    made, due, _ = build(data, out)
    assert made == list(CITIES)
    assert due[FILES["alpha"]] == ("brief.ipynb changed",)


def test_a_lock_that_changed_makes_everything(data: Path, out: Path) -> None:
    lock = data.parent.parent / "requirements.lock"
    lock.write_text("".join(f"{name}==1 --hash=x\n" for name in ("Plotly", "pandas", "nothing")))
    try:
        made, due, _ = build(data, out)
        tools = quick.wanted(data, "alpha").tools
    finally:
        lock.unlink()
    assert made == list(CITIES)
    assert "requirements.lock changed" in due[FILES["alpha"]]
    # What is installed beside what the lock names has no hand in a page.
    packages = {name for name in tools if name.startswith("package ")}
    assert packages == {"package ecobrief", "package plotly", "package pandas"}


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("ecobrief/publish/page.py", "0", "ecobrief changed (publish/page.py)"),
        ("ecobrief/publish/static/brief.css", "0", "ecobrief changed (publish/static/brief.css)"),
        ("Python", "4.0", "Python {} → 4.0"),
        ("package plotly", "99.0", "plotly {} → 99.0"),
        ("plotly.js", "0", "plotly.js changed"),
    ],
)
def test_another_ecobrief_python_or_package_makes_everything_and_is_named(
    name: str, value: str, told: str, data: Path, out: Path
) -> None:
    wanted = quick.wanted(data, *CITIES)
    before = wanted.tools[name]
    wanted.tools[name] = value
    due = batch.due(wanted, out, quick.Quick(data))
    assert list(due) == list(FILES.values())
    assert due[FILES["alpha"]] == (told.format(before),)


def test_every_file_of_the_library_is_among_what_a_brief_is_made_from(data: Path) -> None:
    tools = quick.wanted(data, "alpha").tools
    for name in (
        "publish/templates/page.html.j2",
        "publish/static/brief.js",
        "wording/zh.po",
        "compare/standings.py",
    ):
        assert tools[f"ecobrief/{name}"] == inputs.file_sha256(inputs.LIBRARY / name) != ""
    assert not [name for name in tools if "__pycache__" in name]


def test_parameters_and_languages_that_changed_make_their_briefs(data: Path, out: Path) -> None:
    wanted = quick.wanted(data, *CITIES)
    first = wanted.jobs[0]
    changed = batch.Job(first.notebook, {"city": "alpha", "period": "2022"}, first.file, "en")
    chinese = batch.Job(first.notebook, {"city": "beta"}, "brief_beta.zh.html", "zh")
    due = batch.due(batch.Wanted([changed, *wanted.jobs[1:], chinese], wanted.data), out, quick.Quick(data))
    assert due == {
        FILES["alpha"]: ("its parameters were city = alpha",),
        FILES["beta"]: ("its languages were en",),
        "brief_beta.zh.html": ("no page yet",),
    }


def test_force_makes_what_is_up_to_date(data: Path, out: Path) -> None:
    before = visible(out)
    assert build(data, out, force=True)[0] == list(CITIES)
    assert visible(out) == before


def test_asking_what_is_due_writes_nothing(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "none"
    due = batch.due(quick.wanted(data, *CITIES), out, quick.Quick(data))
    assert due == dict.fromkeys(FILES.values(), ("no page yet",))
    assert not out.exists()


# Failures, and builds that were cut off


def test_a_brief_that_failed_is_tried_again_and_its_traces_go_when_it_succeeds(data: Path, out: Path) -> None:
    undisturbed = visible(out)
    made, _, result = build(data, out, force=True, failing={"beta"})
    assert [failed.job.file for failed in result.failed] == [FILES["beta"]]
    assert (out / "brief_beta.en.failed.ipynb").read_text() == "the notebook"
    assert "ValueError" in (out / "failed_brief_beta.en.html").read_text()
    assert not batch.is_up_to_date(quick.wanted(data, *CITIES), out)
    made, due, _ = build(data, out)
    assert (made, due) == (["beta"], {FILES["beta"]: ("it could not be made the last time",)})
    assert visible(out) == undisturbed


class Killed(BaseException):
    """What no build expects."""


def test_a_build_that_is_cut_off_is_gone_on_with(data: Path, out: Path, tmp_path: Path) -> None:
    def cut(city: str) -> None:
        if city == "gamma":
            raise Killed

    unfinished = tmp_path / "unfinished"
    with pytest.raises(Killed):
        build(data, unfinished, meanwhile=cut)
    assert not (unfinished / "manifest.json").exists()
    made, due, _ = build(data, unfinished)
    assert "gamma" in made
    assert len(made) < 3
    assert set(due.values()) == {("no page yet",)}
    assert visible(unfinished) == visible(out)


def test_a_journal_that_was_cut_off_anywhere_is_gone_on_with(data: Path, out: Path) -> None:
    undisturbed = visible(out)
    journal = out / ".build" / "journal.jsonl"
    whole = journal.read_bytes()
    for length in range(0, len(whole), len(whole) // 15):
        journal.write_bytes(whole[:length])
        (out / ".build" / "finished.json").unlink(missing_ok=True)
        build(data, out)
        assert visible(out) == undisturbed
        assert build(data, out)[0] == []


@pytest.mark.parametrize("nonsense", [b"", b"{}\nnull\n[1]\n", b"\xff\xfe", b'{"brief": {"file": 3}}\n'])
def test_a_state_that_says_nonsense_is_as_none(nonsense: bytes, data: Path, out: Path) -> None:
    (out / ".build" / "journal.jsonl").write_bytes(nonsense)
    (out / ".build" / "finished.json").write_bytes(nonsense)
    made, due, _ = build(data, out)
    assert made == list(CITIES)
    assert due[FILES["alpha"]] == ("it is not known how its page was made",)


def test_what_a_killed_build_left_half_written_is_cleared_away(data: Path, out: Path) -> None:
    (out / ".build" / ".brief_alpha.en.html.00000000.part").write_text("half")
    build(data, out)
    assert not list(out.rglob("*.part"))


def test_a_brief_made_while_its_data_were_written_to_is_made_again(data: Path, out: Path) -> None:
    def meanwhile(city: str) -> None:
        if city == "gamma":
            quick.write(data, edited(quick.ROWS, "o4", "61"))

    _, _, result = build(data, out, force=True, meanwhile=meanwhile)
    assert result.altered == (data / "observations.csv",)
    assert "gamma" in build(data, out)[0]


def test_briefs_of_an_earlier_build_are_left_and_still_known(data: Path, out: Path) -> None:
    _, _, result = build(data, out, "alpha")
    assert result.left == (FILES["beta"], FILES["gamma"])
    assert [brief["file"] for brief in json.loads((out / "manifest.json").read_text())["briefs"]] == [
        FILES["alpha"]
    ]
    assert build(data, out)[0] == []


# Folders that others write to, and that cannot be written to


@pytest.mark.skipif(sys.platform == "win32", reason="limits the size of files")
def test_a_disk_that_takes_no_more_stops_the_build_with_whole_files_and_is_gone_on_with(
    data: Path, out: Path, tmp_path: Path
) -> None:
    import resource

    full = tmp_path / "full"
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)

    def fill(city: str) -> None:
        if city == "gamma":
            resource.setrlimit(resource.RLIMIT_FSIZE, (40, limits[1]))

    try:
        with pytest.raises(
            batch.NotWritten, match=r"en\.html cannot be written: File too large\. What is there is whole"
        ):
            build(data, full, meanwhile=fill)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert all(page == visible(out)[name] for name, page in visible(full).items())
    assert not list(full.rglob("*.part"))
    assert "gamma" in build(data, full)[0]
    assert visible(full) == visible(out)


def test_a_second_build_waits_for_the_first_and_then_has_nothing_to_do(
    data: Path, out: Path, tmp_path: Path
) -> None:
    shared = tmp_path / "shared"
    waited: list[str] = []
    second: list[Any] = []

    class Waiting(Told):
        def waits(self, process: str) -> None:
            waited.append(process)

    def build_too() -> None:
        wanted = quick.wanted(data, *CITIES)
        second.append(batch.build(wanted, shared, quick.Quick(data), progress=Waiting()).made)

    thread = threading.Thread(target=build_too)

    def meanwhile(city: str) -> None:
        if not thread.ident:
            thread.start()
            until(lambda: bool(waited))

    made, _, _ = build(data, shared, meanwhile=meanwhile)
    thread.join(10)
    assert made == list(CITIES)
    assert (waited, second) == ([str(os.getpid())], [0])
    assert visible(shared) == visible(out)


def test_data_that_changed_while_another_build_was_waited_for_stop_the_second(
    data: Path, tmp_path: Path
) -> None:
    shared = tmp_path / "shared"
    shared.joinpath(".build").mkdir(parents=True)

    class Edited(Told):
        def waits(self, process: str) -> None:
            quick.write(data, edited(quick.ROWS, "o3", "13"))
            held.close()

    with ExitStack() as held:
        held.enter_context(alone(shared / ".build", lambda process: None))
        with pytest.raises(
            batch.BuildError, match=r"observations\.csv changed while another build was waited for"
        ):
            batch.build(quick.wanted(data, *CITIES), shared, quick.Quick(data), progress=Edited())


KILLED = """
import sys, time
from pathlib import Path
sys.path[:0] = sys.argv[1:3]
import quick
from ecobrief.publish import batch

data, out = map(Path, sys.argv[3:])
wanted = quick.wanted(data, *(f"city{number}" for number in range(30)))
batch.build(wanted, out, quick.Quick(data, meanwhile=lambda city: time.sleep(0.005)))
"""


@pytest.mark.parametrize("count", [3, pytest.param(20, marks=pytest.mark.soak)])
def test_a_build_that_is_killed_at_any_moment_leaves_whole_files_and_is_gone_on_with(
    count: int, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    quick.write(data, [(f"o{number}", f"city{number}", str(number)) for number in range(30)])
    folders = [str(Path(quick.__file__).parent), str(inputs.LIBRARY.parent), str(data)]

    def begin(out: Path) -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, "-c", KILLED, *folders, str(out)])

    begun = time.monotonic()
    with begin(tmp_path / "undisturbed") as process:
        assert process.wait() == 0
    lasts = time.monotonic() - begun
    undisturbed = visible(tmp_path / "undisturbed")
    out = tmp_path / "out"
    for number in range(count):
        with begin(out) as process:
            with suppress(subprocess.TimeoutExpired):
                process.wait(lasts * (0.5 + random.random() / 2))
            process.kill()
        pages = visible(out) if out.exists() else {}
        pages.pop("manifest.json", None), pages.pop("index.html", None)
        assert all(page == undisturbed[name] for name, page in pages.items())
        if number % 3 == 2:
            with begin(out) as process:
                assert process.wait() == 0
            assert visible(out) == undisturbed
            assert not list(out.rglob("*.part"))
            shutil.rmtree(out)
