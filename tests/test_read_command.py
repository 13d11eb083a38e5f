"""`ecobrief read`: what it prints, what goes to standard error, and how it ends. All texts here are made up."""

from __future__ import annotations

import csv
import io
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import example, given
from hypothesis import strategies as st

import ecobrief
import made
from ecobrief.cli import main
from ecobrief.documents import text_hash
from ecobrief.extraction import files, reading, sheet
from pdf_files import pdf

TEXT = "丁市2022年生态环境状况公报\n2022年，全市森林覆盖率为76.30%，空气质量优良天数为331天。\n"
COLUMNS = (
    "document,indicator,value,unit,year,kind,scope,qualifier,evidence,start,end,confidence,reason,"
    "decision,city_id,source_id,text_sha256,corrected_value"
)


@pytest.fixture(name="data", scope="module")
def a_data_package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    sources = [{"source_id": "page"}, made.held_source(TEXT, source_id="known_bulletin")]
    return made.write(tmp_path_factory.mktemp("project") / "data", sources=sources)


def read(*arguments: str | Path, data: Path | None = None) -> Result:
    environment = {"ECOBRIEF_DATA": str(data) if data else os.devnull}
    done = CliRunner().invoke(main, ["read", *map(str, arguments)], env=environment)
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done


def rows(printed: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(printed.removeprefix("\ufeff"))))


def document(folder: Path, name: str = "bulletin.txt", text: str = TEXT) -> Path:
    folder.joinpath(name).write_bytes(text.encode())
    return folder / name


# --- what it prints


def test_every_candidate_is_a_row_with_its_span_and_room_for_a_decision(tmp_path: Path) -> None:
    path = document(tmp_path)
    done = read(path)
    assert done.exit_code == 0
    assert done.stdout.splitlines()[0] == COLUMNS
    found = rows(done.stdout)
    assert [(row["indicator"], row["value"], row["year"]) for row in found] == [
        ("forest_cover", "76.30", "2022"),
        ("good_air_days", "331", "2022"),
    ]
    for row in found:
        assert TEXT[int(row["start"]) : int(row["end"])] == row["evidence"]
        assert (row["document"], row["text_sha256"]) == (str(path), text_hash(TEXT))
        assert (row["decision"], row["corrected_value"], row["city_id"]) == ("", "", "")
    assert done.stderr == "2 candidates in 1 document\n"


def test_documents_of_all_formats_are_read_in_the_order_in_which_they_are_named(tmp_path: Path) -> None:
    line = "2022年，全市森林覆盖率为{}%。"
    names = ["c.txt", "a.html", "d.pdf", "b.txt"]
    written = [
        line.format("71.1").encode("gb18030"),
        f"<html><p>{line.format('72.2')}</p>".encode(),
        pdf(line.format("73.3")),
        line.format("74.4").encode("utf-8-sig"),
    ]
    for name, content in zip(names, written, strict=True):
        tmp_path.joinpath(name).write_bytes(content)
    found = rows(read(*(tmp_path / name for name in names)).stdout)
    assert [row["value"] for row in found] == ["71.1", "72.2", "73.3", "74.4"]
    for row, name in zip(found, names, strict=True):
        text = files.text(tmp_path / name)
        assert text[int(row["start"]) : int(row["end"])] == row["evidence"]


def test_city_and_source_are_filled_in_where_they_are_known(tmp_path: Path, data: Path) -> None:
    known, new = document(tmp_path), document(tmp_path, "New Bulletin (2).txt", TEXT * 2)
    found = rows(read(known, new, "--city", "alpha", data=data).stdout)
    assert {row["city_id"] for row in found} == {"alpha"}
    proposed = f"new_bulletin_2_{text_hash(TEXT * 2)[:8]}"
    assert list(dict.fromkeys(row["source_id"] for row in found)) == ["known_bulletin", proposed]


def test_a_document_with_a_chinese_name_gets_an_identifier_too(tmp_path: Path) -> None:
    (row, *_) = rows(read(document(tmp_path, "公报.txt")).stdout)
    assert row["source_id"] == f"document_{text_hash(TEXT)[:8]}"


def test_the_day_of_publication_dates_what_the_text_leaves_undated(tmp_path: Path) -> None:
    path = document(tmp_path, text="去年，全市森林覆盖率为76.30%。")
    (row,) = rows(read(path, "--published", "2023-06-05").stdout)
    assert row["year"] == "2022"


# --- the file for people


def test_the_file_has_a_mark_for_spreadsheets_and_standard_output_has_none(tmp_path: Path) -> None:
    path, out = document(tmp_path), tmp_path / "candidates.csv"
    done = read(path, "--out", out)
    assert (done.exit_code, done.stdout) == (0, "")
    assert out.read_text(encoding="utf-8") == "\ufeff" + read(path).stdout


def test_cells_that_a_spreadsheet_would_compute_are_written_behind_an_apostrophe(tmp_path: Path) -> None:
    name = "=cmd|'calc'!A0.txt"
    document(tmp_path, name)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path)
        (row, *_) = rows(read(name).stdout)
    assert row["document"] == f"'{name}"


@pytest.mark.parametrize("cell", ["=1+1", "@SUM(A1)", "+1+cmd|'!A0'", "-2+3", "\t=1", "'=1", "-甲", "+(1)"])
def test_what_is_guarded_comes_back_as_it_was(cell: str) -> None:
    assert sheet.guard(cell).startswith("'")
    assert sheet.unguard(sheet.guard(cell)) == cell


@pytest.mark.parametrize(
    "cell", ["", "-3.2", "+3.2", "-3.2%", "-1,024", "-3.2个百分点", "'76", "76.30%", "森林"]
)
def test_what_is_no_formula_is_left_as_it_is(cell: str) -> None:
    assert sheet.guard(cell) == sheet.unguard(cell) == cell


@given(st.text())
@example("''=")
def test_a_guard_is_always_undone(cell: str) -> None:
    assert sheet.unguard(sheet.guard(cell)) == cell
    assert sheet.guard(cell)[:1] not in tuple("=@\t\r\n")


def test_numbers_are_never_guarded() -> None:
    assert sheet.body([dict.fromkeys(sheet.COLUMNS, "-=1") | {"value": "-3.2"}]).count("'") == len(
        sheet.COLUMNS
    ) - len(sheet.NUMBERS)


def test_a_table_that_a_spreadsheet_has_saved_is_read_back(tmp_path: Path) -> None:
    out = tmp_path / "candidates.csv"
    read(document(tmp_path), "--out", out)
    written = sheet.read(out)
    text = out.read_text(encoding="utf-8-sig")
    assert "," not in TEXT
    for saved in (
        text.encode("gb18030"),
        text.replace(",", ";").encode(),
        text.replace("\n", "\r\n").encode("utf-8-sig"),
    ):
        out.write_bytes(saved)
        assert sheet.read(out).rows == written.rows


# --- what cannot be read


def test_the_others_are_read_where_some_cannot_be(tmp_path: Path) -> None:
    bad = {"empty.txt": b"", "binary.txt": b"\0\1", "scan.pdf": pdf(""), "locked.pdf": pdf("a", password="b")}
    bad["latin.txt"] = "déjà vu, où étaient-elles".encode("latin-1")
    for name, content in bad.items():
        tmp_path.joinpath(name).write_bytes(content)
    good = document(tmp_path)
    names = [tmp_path / "none.txt", *(tmp_path / name for name in bad), tmp_path, good]
    done = read(*names)
    assert done.exit_code == 1
    assert {row["document"] for row in rows(done.stdout)} == {str(good)}
    *told, counted = done.stderr.splitlines()
    reasons = [
        "is not there",
        "is empty",
        "is binary",
        "is a PDF of pictures",
        "is a PDF protected",
        "is text in no",
    ]
    assert len(told) == len(names) - 1
    for line, name, reason in zip(told, names, [*reasons, "is a folder"], strict=False):
        assert line.startswith(f"{name}: {reason}")
    assert counted == "2 candidates in 1 document; 7 could not be read"


def test_where_nothing_can_be_read_the_table_has_its_head_alone(tmp_path: Path) -> None:
    out = tmp_path / "candidates.csv"
    assert read(tmp_path / "none.txt", "--out", out).exit_code == 1
    assert out.read_text(encoding="utf-8-sig") == f"{COLUMNS}\n"


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ([], "DOCUMENT"),
        (["x.txt", "--published", "5 June"], "--published takes a day as 2023-06-05; '5 June' is none"),
        (["x.txt", "--published", "20230605"], "--published takes a day"),
        (["x.txt", "--city", "alhpa"], "'alhpa' is no city of the data package; valid ones are alpha, beta"),
        (
            ["x.txt", "--out", "no/such/folder.csv"],
            "no/such/folder.csv cannot be written: No such file or directory",
        ),
    ],
)
def test_wrong_usage_is_told_in_a_line(data: Path, arguments: list[str], reason: str) -> None:
    done = read(*arguments, data=data)
    assert (done.exit_code, done.stdout) == (2, "")
    assert reason in done.stderr


def test_neither_a_document_nor_a_review_is_overwritten(tmp_path: Path) -> None:
    path, out = document(tmp_path), tmp_path / "candidates.csv"
    done = read(path, "--out", path)
    assert (done.exit_code, path.read_text()) == (2, TEXT)
    assert f"{path} is one of the documents" in done.stderr
    read(path, "--out", out)
    assert read(path, "--out", out).exit_code == 0
    out.write_bytes(out.read_bytes().replace(b",,,bulletin", b",accept,,bulletin", 1))
    kept = out.read_bytes()
    done = read(path, "--out", out)
    assert (done.exit_code, out.read_bytes()) == (2, kept)
    assert f"{out} holds 1 decisions of a review" in done.stderr


def test_a_run_that_is_stopped_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, out = document(tmp_path), tmp_path / "candidates.csv"
    read(path, "--out", out)
    kept = out.read_bytes()

    def stopped(document: str, asked: reading.Asked) -> reading.Outcome:
        raise KeyboardInterrupt

    monkeypatch.setattr(reading, "outcome", stopped)
    assert read(path, "--out", out).exit_code == 1
    assert (out.read_bytes(), sorted(one.name for one in tmp_path.iterdir())) == (
        kept,
        [path.name, out.name][::1],
    )


# --- many documents


def test_many_documents_are_read_by_several_processes_in_order_and_alike(tmp_path: Path) -> None:
    names = [
        str(document(tmp_path, f"{number}.txt", f"2022年，森林覆盖率为{number}.5%。")) for number in range(20)
    ]
    names.insert(7, str(tmp_path / "none.txt"))
    asked = reading.Asked(city_id="alpha")
    assert list(reading.outcomes(names, asked, jobs=2)) == list(reading.outcomes(names, asked, jobs=0))


def test_while_a_long_document_is_read_the_time_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "ALONE_BYTES", 1000)
    monkeypatch.setattr(reading, "TICK", 0.01)
    path = str(document(tmp_path, text=TEXT * 50))
    ticks: list[None] = []
    (found,) = reading.outcomes([path], reading.Asked(), tick=lambda: ticks.append(None))
    assert found.count == 100
    assert ticks


def test_a_document_of_which_a_library_dies_is_left_out_alone(tmp_path: Path) -> None:
    deadly = tmp_path / "deadly"
    script = (
        "import os\n"
        "from ecobrief.extraction import reading\n"
        "read = reading.outcome\n"
        "reading.outcome = lambda document, asked: os._exit(9) if 'deadly' in document else read(document, asked)\n"
        "if __name__ == '__main__':\n"
        "    import sys\n"
        "    for one in reading.outcomes(sys.argv[1:], reading.Asked(), jobs=2):\n"
        "        print(one.document, one.count, one.fault)\n"
    )
    run = tmp_path / "run.py"
    run.write_text(script)
    names = [str(document(tmp_path, f"{number}.txt")) for number in range(6)]
    done = subprocess.run(
        [sys.executable, str(run), *names[:3], str(deadly), *names[3:]],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    said = done.stdout.splitlines()
    assert said[3] == f"{deadly} 0 made the process that read it die; it is left out"
    assert said[:3] + said[4:] == [f"{name} 2 " for name in names]


@pytest.mark.skipif(sys.platform != "linux", reason="the memory of a child is told in other units elsewhere")
def test_memory_does_not_grow_with_the_number_of_documents(tmp_path: Path) -> None:
    def megabytes(count: int) -> float:
        names = [str(document(tmp_path, f"{number}.txt", TEXT * 40)) for number in range(count)]
        script = (
            "import resource, sys\nfrom ecobrief.extraction import reading\n"
            "assert sum(one.count for one in reading.outcomes(sys.argv[1:], reading.Asked(), jobs=0))\n"
            "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
        )
        environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
        command = [sys.executable, "-c", script, *names]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        return int(done.stdout) / 1024

    assert megabytes(120) < megabytes(12) + 20


def test_progress_is_a_bar_on_a_terminal_alone(tmp_path: Path) -> None:
    pty, termios = pytest.importorskip("pty"), pytest.importorskip("termios")
    path = document(tmp_path)
    code = "from ecobrief.cli import main; main()"
    command = [
        sys.executable,
        "-c",
        code,
        "read",
        str(path),
        str(tmp_path / "none.txt"),
        "--out",
        str(tmp_path / "c.csv"),
    ]
    environment = os.environ | {
        "PYTHONPATH": str(Path(ecobrief.__file__).parents[1]) + os.pathsep + os.pathsep.join(sys.path)
    }
    controller, terminal = pty.openpty()
    termios.tcsetwinsize(terminal, (24, 100))
    done = subprocess.run(command, env=environment, stderr=terminal, timeout=60, check=False)
    os.close(terminal)
    shown = os.read(controller, 100_000).decode()
    os.close(controller)
    assert done.returncode == 1
    assert "2/2" in shown
    assert f"{tmp_path / 'none.txt'}: is not there" in shown
    plain = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert "2/2" not in plain.stderr
