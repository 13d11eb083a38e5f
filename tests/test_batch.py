"""Many notebooks, run by papermill: what is written, and what is left when things go wrong."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

import handmade
from ecobrief.publish import batch, embedded, plotlyjs
from ecobrief.publish.batch import BuildError, Data, Done, Failed, Job, Result, Wanted
from ecobrief.publish.pool import Pool
from ecobrief.publish.template import static

DATA = {"version": "0.1.0", "cut_off": "2026-11-21", "tables": {"cities.csv": "00"}}
SHOW = handmade.code(handmade.small("en", charts=1))


def saved(path: Path, *cells: str) -> Path:
    """A notebook whose first cell has the parameters city and lang, followed by `cells`."""
    first = new_code_cell('city = "benxi"\nlang = "zh"', metadata={"tags": ["parameters"]})
    made = new_notebook(cells=[first, *map(new_code_cell, cells)])
    made.metadata["kernelspec"] = {"name": "some-other-kernel", "display_name": "x", "language": "python"}
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(made, path)
    return path


def job(notebook: Path, city: str = "benxi") -> Job:
    return Job(notebook, {"city": city, "lang": "en"}, f"{notebook.stem}-{city}.en.html", "en")


def build(jobs: list[Job], out: Path, *, workers: int, **settings: Any) -> Result:
    """A build by stock nbclient, which every system has."""
    shared_assets = settings.pop("shared_assets", False)
    wanted = Wanted(jobs, Data(DATA), shared_assets)
    return batch.build(wanted, out, Pool(workers), **settings)


def made_by(folder: Path) -> dict[str, bytes]:
    """What a build leaves for people, by name."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


class Seen:
    """What is told of a build."""

    def __init__(self) -> None:
        self.total = 0
        self.due: Mapping[str, Sequence[str]] = {}
        self.briefs: list[tuple[int, str]] = []

    def waits(self, process: str) -> None:
        raise AssertionError("there is no other build")

    def begins(self, total: int, due: Mapping[str, Sequence[str]]) -> None:
        self.total, self.due = total, due

    def ended(self, count: int, outcome: Done | Failed, seconds: float) -> None:
        assert seconds > 0
        self.briefs.append((count, outcome.job.file))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Any, Seen]:
    """A build of three briefs of which one fails, in a folder that holds pages of an earlier build."""
    folder = tmp_path_factory.mktemp("notebooks {city}")
    good = saved(folder / "brief_city.ipynb", "assert city != 'nowhere'\n", f"# the displays\n{SHOW}")
    jobs = [job(good), job(good, "nowhere"), job(good, "chifeng")]
    out = folder / "briefs"
    out.mkdir()
    (out / "brief_city-nowhere.en.html").write_text("of an earlier build")
    (out / "brief_city-benxi.en.failed.ipynb").write_text("of an earlier build")
    (out / "brief_old.en.html").write_text("of an earlier build")
    seen = Seen()
    return out, build(jobs, out, workers=2, progress=seen), seen


def test_one_failing_notebook_does_not_stop_the_others(built: Any) -> None:
    out, result, _ = built
    assert [done.job.parameters["city"] for done in result.done] == ["benxi", "chifeng"]
    for done in result.done:
        assert sha256((out / done.job.file).read_bytes()).hexdigest() == done.sha256
    (failed,) = result.failed
    assert (failed.cell, failed.source, failed.error) == (2, "assert city != 'nowhere'", "AssertionError")
    assert str(failed).startswith("brief_city-nowhere.en.html: brief_city.ipynb, cell 2 (assert city")


def test_the_failed_notebook_is_kept_and_its_earlier_page_is_not(built: Any) -> None:
    out, _, _ = built
    assert not (out / "brief_city-nowhere.en.html").exists()
    kept = nbformat.read(out / "brief_city-nowhere.en.failed.ipynb", as_version=4)
    assert any(output.output_type == "error" for cell in kept.cells for output in cell.get("outputs", []))
    assert not (out / "brief_city-benxi.en.failed.ipynb").exists()


def test_a_page_in_the_language_of_the_failed_brief_shows_what_went_wrong(built: Any) -> None:
    out, _, _ = built
    html = (out / "failed_brief_city-nowhere.en.html").read_text("utf-8")
    assert re.search(r"<html[^>]* lang=en", html)
    for told in ("brief_city-nowhere.en.html could not be built", "AssertionError", "Cell 2", "nowhere"):
        assert told in html
    assert "href=brief_city-nowhere.en.failed.ipynb" in html
    assert "href=failed_brief_city-nowhere.en.html" in (out / "index.html").read_text("utf-8")


def test_pages_of_another_build_are_named_and_left_alone(built: Any) -> None:
    out, result, _ = built
    assert result.left == ("brief_old.en.html",)
    assert (out / "brief_old.en.html").exists()
    assert "brief_old" not in (out / "index.html").read_text("utf-8")


def test_progress_counts_every_brief(built: Any) -> None:
    _, _, seen = built
    assert seen.total == 3
    assert [count for count, _ in seen.briefs] == [1, 2, 3]
    assert (
        {file for _, file in seen.briefs}
        == set(seen.due)
        == {f"brief_city-{city}.en.html" for city in ("benxi", "nowhere", "chifeng")}
    )


def test_the_manifest_says_what_was_made_from_what(built: Any) -> None:
    out, _, _ = built
    text = (out / "manifest.json").read_text("utf-8")
    manifest = json.loads(text)
    assert manifest["data"] == DATA
    first = manifest["briefs"][0]
    assert first["title"] == "Benxi"
    assert first["charts"] == 1
    assert first["observations"] == ["doc.001"]
    (metric,) = first["metrics"]
    assert (metric["metric"], metric["value"], metric["period"], metric["stated"]) == (
        "Good days",
        "97.4 %",
        "2022",
        True,
    )
    assert first["parameters"] == {"city": "benxi", "lang": "en"}
    assert first["sha256"] == sha256((out / first["file"]).read_bytes()).hexdigest()
    assert first["notebook_sha256"] == sha256((out.parent / "brief_city.ipynb").read_bytes()).hexdigest()
    (failed,) = manifest["failed"]
    assert failed["file"] == "brief_city-nowhere.en.html"
    assert failed["cell"] == 2
    assert text == json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def test_two_builds_of_the_same_are_equal_byte_for_byte(built: Any, tmp_path: Path) -> None:
    out, result, _ = built
    jobs = [done.job for done in result.done]
    build(jobs, tmp_path / "a", workers=1)
    build(jobs, tmp_path / "b", workers=2)
    assert made_by(tmp_path / "a") == made_by(tmp_path / "b")
    assert (tmp_path / "a" / jobs[0].file).read_bytes() == (out / jobs[0].file).read_bytes()
    assert str(tmp_path).encode() not in (tmp_path / "a" / jobs[0].file).read_bytes()


def test_briefs_that_share_their_assets_name_one_plotly_js_beside_them(built: Any, tmp_path: Path) -> None:
    _, result, _ = built
    jobs = [done.job for done in result.done]
    build(jobs, tmp_path, workers=2, shared_assets=True)
    (file,) = (tmp_path / "assets").iterdir()
    assert re.fullmatch(r"plotly-(basic-)?\d+\.\d+\.\d+\.min\.js", file.name)
    assert file.read_bytes() == plotlyjs.bundle().source
    for job in jobs:
        html = (tmp_path / job.file).read_text("utf-8")
        assert f"data-src=assets/{file.name}" in html
        assert plotlyjs.bundle().packed not in html
    before = made_by(tmp_path / "assets")
    build(jobs[:1], tmp_path, workers=1, shared_assets=True)
    assert made_by(tmp_path / "assets") == before


def test_a_build_whose_briefs_carry_their_plotly_js_has_no_folder_of_assets(built: Any) -> None:
    out, _, _ = built
    assert not (out / "assets").exists()
    assert plotlyjs.bundle().packed in (out / "brief_city-benxi.en.html").read_text("utf-8")


def test_a_brief_says_of_which_notebook_and_parameters_it_was_made(built: Any) -> None:
    out, _, _ = built
    about = embedded.read((out / "brief_city-chifeng.en.html").read_text("utf-8"))["about"]
    assert about["notebook"] == "brief_city.ipynb"
    assert about["parameters"] == {"city": "chifeng", "lang": "en"}
    assert about["ecobrief"] == version("ecobrief")


def test_whatever_goes_wrong_is_a_failure_of_one_brief(tmp_path: Path) -> None:
    dead = saved(tmp_path / "dead.ipynb", "import os\nos._exit(1)")
    untitled = saved(tmp_path / "untitled.ipynb", "1")
    unmarked = tmp_path / "unmarked.ipynb"
    nbformat.write(new_notebook(cells=[new_code_cell("1")]), unmarked)
    broken = tmp_path / "broken.ipynb"
    broken.write_text("{")
    result = build([job(path) for path in (dead, untitled, unmarked, broken)], tmp_path / "out", workers=2)
    assert [failed.error for failed in result.failed] == [
        "DeadKernelError",
        "PageError",
        "ValueError",
        "NotJSONError",
    ]
    assert "no cell with the tag parameters" in result.failed[2].message
    assert (tmp_path / "out" / "untitled-benxi.en.failed.ipynb").exists()
    assert (tmp_path / "out" / "manifest.json").exists()


def test_a_worker_that_is_killed_is_a_failure_of_its_own_brief_only(tmp_path: Path) -> None:
    killer = saved(tmp_path / "killer.ipynb", "import os, signal\nos.kill(os.getppid(), signal.SIGKILL)")
    good = saved(tmp_path / "good.ipynb", SHOW)
    jobs = [job(good, "one"), job(killer), job(good, "two")]
    result = build(jobs, tmp_path / "out", workers=2)
    assert [done.job.parameters["city"] for done in result.done] == ["one", "two"]
    assert [failed.error for failed in result.failed] == ["WorkerDied"]


def test_a_build_that_cannot_start_writes_nothing(tmp_path: Path) -> None:
    notebook = saved(tmp_path / "brief_city.ipynb", "1")
    file = tmp_path / "briefs"
    file.write_text("not a folder")
    with pytest.raises(BuildError, match="briefs is a file, and the briefs need a folder"):
        build([job(notebook)], file, workers=1)
    out = tmp_path / "out"
    for jobs, complaint in (
        ([], "no brief to build"),
        ([job(notebook), job(notebook)], "two briefs would be written to brief_city-benxi.en.html"),
        ([job(tmp_path / "none.ipynb")], "there is no notebook"),
    ):
        with pytest.raises(BuildError, match=complaint):
            build(jobs, out, workers=1)
    assert not out.exists()


@pytest.mark.parametrize("name", ["../a.html", "a/b.html", "a.htm", ".a.html"])
def test_a_brief_is_named_by_one_plain_file_name(name: str) -> None:
    with pytest.raises(ValueError, match="is no file name of a brief"):
        Job(Path("a.ipynb"), {}, name, "en")


# A shell that runs the tests in its background hands down a SIGINT that is ignored, which is not what is tested.
SCRIPT = """
import signal
import sys
from pathlib import Path
from ecobrief.publish.batch import Data, Job, Wanted, build
from ecobrief.publish.pool import Pool

def main():
    signal.signal(signal.SIGINT, signal.default_int_handler)
    folder = Path(sys.argv[1])
    jobs = [
        Job(folder / name, {"city": str(number), "lang": "en"}, f"brief_{number}.en.html", "en")
        for number, name in enumerate(["quick.ipynb", "slow.ipynb", "quick.ipynb", "slow.ipynb", "quick.ipynb"])
    ]
    data = Data({"version": "1", "cut_off": "2026-11-21", "tables": {}})
    build(Wanted(jobs, data), folder / "out", Pool(2))

if __name__ == "__main__":
    main()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="sends signals")
@pytest.mark.parametrize("to_the_group", [False, True])
def test_an_interruption_leaves_whole_files_and_no_process(tmp_path: Path, to_the_group: bool) -> None:
    saved(tmp_path / "quick.ipynb", SHOW)
    pids = tmp_path / "pids"
    pids.mkdir()
    note = f"import os, time\nopen('{pids}/' + str(os.getpid()), 'w')"
    saved(tmp_path / "slow.ipynb", f"{note}\ntime.sleep(120)")
    (tmp_path / "build.py").write_text(SCRIPT)
    out = tmp_path / "out"
    out.mkdir()
    (out / "manifest.json").write_text("of an earlier build")
    building = subprocess.Popen(
        [sys.executable, str(tmp_path / "build.py"), str(tmp_path)],
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        until(lambda: list(pids.iterdir()) and list(out.glob("*.html")))
        # A terminal sends Ctrl-C to the whole group, a supervisor to the one process.
        if to_the_group:
            os.killpg(building.pid, signal.SIGINT)
        else:
            building.send_signal(signal.SIGINT)
        _, errors = building.communicate(timeout=30)
    finally:
        building.kill()
    assert building.returncode != 0
    assert errors.count("Traceback") == 1, errors
    assert errors.rstrip().endswith("KeyboardInterrupt")
    names = {path.name for path in out.iterdir() if path.is_file()}
    assert "brief_0.en.html" in names
    assert not [name for name in names if not name.startswith("brief_") or not name.endswith(".en.html")]
    for name in names:
        whole = (out / name).read_text("utf-8")
        assert whole.endswith(f"{static('brief.js')}</script>")
        assert embedded.read(whole)["about"]["title"] == "Benxi"
    until(lambda: not any(alive(int(path.name)) for path in pids.iterdir()))


def until(condition: Any, seconds: float = 40) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_failure_without_a_cell_reads_well() -> None:
    failed = Failed(job(Path("brief_city.ipynb")), None, "", "DeadKernelError", "Kernel died")
    assert str(failed) == "brief_city-benxi.en.html: brief_city.ipynb: DeadKernelError: Kernel died"
