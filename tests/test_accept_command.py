"""`ecobrief accept`: what a review enters into the data package, and what it refuses. All texts and places here are made up."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from click.testing import CliRunner, Result

import made
from ecobrief import datapackage, documents, provenance
from ecobrief.cli import main
from ecobrief.documents import text_hash
from ecobrief.extraction import files, judged, sheet
from ecobrief.extraction.surroundings import Surroundings

SHIPPED = Path(__file__).resolve().parents[1] / "data"
TEXT = """丁市2022年生态环境状况公报

2022年，丁市城区空气质量优良天数为331天，优良天数比例为90.70%，同比提高1.2个百分点。
全市国控断面水质优良比例为91.7%。全年完成造林面积12.4万亩。全市森林覆盖率为７６．３０％。
1—6月，甲县空气质量优良天数比例为95.1%。
到2035年，全市森林覆盖率保持在77%以上。
"""
DELTA = {"city_id": "delta", "name_zh": "丁市", "name_en": "Delta"}


def shipped(table: str, *keys: str) -> list[dict[str, str]]:
    with SHIPPED.joinpath(f"{table}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    key = next(iter(rows[0]))
    return [row for row in rows if not keys or row[key] in keys]


INDICATORS = (
    "good_air_days",
    "good_air_day_ratio",
    "forest_cover",
    "water_sections_good_ratio",
    "afforestation_area",
)


@dataclass
class Project:
    """A data package of three cities, a document of one of them, and the candidates in it."""

    folder: Path
    table: Path

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def ecobrief(self, *arguments: str | Path) -> Result:
        environment = {"ECOBRIEF_DATA": str(self.data), "ECOBRIEF_DOCUMENTS": ""}
        done = CliRunner().invoke(main, list(map(str, arguments)), env=environment)
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done

    def accept(self, *arguments: str | Path) -> Result:
        return self.ecobrief("accept", self.table, *arguments)

    def review(self, judge: Callable[[dict[str, str]], Any]) -> None:
        """Change rows as a person does in a spreadsheet."""
        reviewed = sheet.read(self.table)
        for row in reviewed.rows:
            judge(row)
        reviewed.save()

    def rows(self, table: str) -> list[dict[str, str]]:
        with self.data.joinpath(f"{table}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def bytes(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in self.data.iterdir()}


@pytest.fixture(name="project")
def a_project(tmp_path: Path) -> Project:
    made.write(
        tmp_path / "data",
        cities=[*made.TABLES["cities"][:2], DELTA],
        indicators=shipped("indicators", *INDICATORS),
        definitions=[
            row
            | {"indicator_id": ";".join(one for one in row["indicator_id"].split(";") if one in INDICATORS)}
            for row in shipped("definitions")
        ],
        sources=[{"source_id": "page"}, made.held_source(source_id="other")],
        observations=[
            {
                "city_id": "alpha",
                "indicator_id": "good_air_day_ratio",
                "value": "88.0",
                "evidence": "88.0%",
                "definition_version": "hj633_2012_actual_state",
            }
        ],
    )
    path = tmp_path / "delta.txt"
    path.write_text(TEXT, encoding="utf-8", newline="")
    project = Project(tmp_path, tmp_path / "candidates.csv")
    done = project.ecobrief("read", path, "--city", "delta", "--out", project.table)
    assert done.exit_code == 0, done.stderr
    return project


def of(indicator: str, value: str = "") -> Callable[[dict[str, str]], Any]:
    """Accept the candidates of one indicator."""

    def judge(row: dict[str, str]) -> None:
        if row["indicator"] == indicator and value in ("", row["value"]):
            row["decision"] = "accept"

    return judge


def all_of(row: dict[str, str]) -> None:
    row["decision"] = "accept"


def refused(project: Project, *arguments: str | Path) -> list[str]:
    """What is told of a refusal, by which nothing is written."""
    before = project.bytes()
    done = project.accept(*arguments)
    assert (done.exit_code, done.stdout) == (1, "")
    assert project.bytes() == before
    return done.stderr.splitlines()


# --- what is entered


def test_an_accepted_row_becomes_an_observation_with_its_provenance(project: Project) -> None:
    project.review(of("good_air_day_ratio", "90.70"))
    done = project.accept()
    assert done.exit_code == 0, done.stderr
    source = f"delta_{text_hash(TEXT)[:8]}"
    assert done.stdout == f"{source}.001: good_air_day_ratio 90.70 % 2022 (observed, level)\n"
    (row,) = (row for row in project.rows("observations") if row["city_id"] == "delta")
    start = TEXT.index("90.70%")
    assert {name: cell for name, cell in row.items() if cell and name != "scope_printed"} == {
        "observation_id": f"{source}.001",
        "city_id": "delta",
        "indicator_id": "good_air_day_ratio",
        "status": "observed",
        "measure": "level",
        "period": "2022",
        "period_basis": "printed",
        "value": "90.70",
        "unit": "%",
        "qualifier": "exact",
        "network": "not_stated",
        "denominator": "not_stated",
        "adjustment": "none_stated",
        "definition_version": "hj633_2012_actual_state",
        "source_id": source,
        "start": str(start),
        "end": str(start + 6),
        "evidence": "90.70%",
    }
    contexts = {row["role"]: row["evidence"] for row in project.rows("contexts")}
    assert contexts == {"label": "优良天数比例", "period": "2022"}
    (covered,) = project.rows("coverage")
    assert (covered["city_id"], covered["source_id"], covered["result"]) == ("delta", source, "stated")


def test_what_was_accepted_is_checked_and_verified(project: Project) -> None:
    project.review(all_of)
    done = project.accept()
    assert done.exit_code == 0, done.stderr
    package = datapackage.load(project.data)
    spans = provenance.verify(package, documents.held(project.folder, files.text))
    assert set(spans["result"]) == {"found"}
    assert len(spans) > 8
    assert project.ecobrief("check").exit_code == 0
    assert project.ecobrief("verify", "--documents", project.folder).exit_code == 0


def test_nothing_else_is_touched(project: Project) -> None:
    before = project.bytes()
    project.review(all_of)
    assert project.accept().exit_code == 0
    after = project.bytes()
    grown = {"observations.csv", "contexts.csv", "coverage.csv", "sources.csv", "targets.csv", "changes.csv"}
    assert {name for name in after if after[name] != before.get(name)} == grown
    for name in grown:
        added = set(after[name].splitlines(keepends=True)) - set(before[name].splitlines(keepends=True))
        kept = [line for line in after[name].splitlines(keepends=True) if line not in added]
        assert b"".join(kept) == before[name]


def test_tables_keep_their_own_order_marks_and_line_ends(project: Project) -> None:
    table = project.data / "observations.csv"
    header, *lines = table.read_text(encoding="utf-8").splitlines()
    quoted = lines[0].replace("alpha,", '"alpha",')
    table.write_bytes("\ufeff".encode() + f"{header}\r\n{quoted}".encode())
    project.review(of("good_air_days"))
    assert project.accept().exit_code == 0
    written = table.read_bytes().decode("utf-8-sig").split("\r\n")
    assert written[0] == header
    assert quoted in written
    assert (len(written), written[-1]) == (4, "")


def test_a_spreadsheet_may_have_cut_the_zeros_and_the_document_has_the_word(project: Project) -> None:
    def saved(row: dict[str, str]) -> None:
        if row["value"] in ("90.70", "76.30"):
            row |= {"decision": "accept", "value": row["value"].rstrip("0"), "evidence": "90.7%"}
        if row["indicator"] == "forest_cover":
            row["evidence"] = "76.3%"

    project.review(saved)
    done = project.accept()
    assert done.exit_code == 0, done.stderr
    new = {row["value"]: row["evidence"] for row in project.rows("observations") if row["city_id"] == "delta"}
    assert new == {"90.70": "90.70%", "76.30": "７６．３０％"}


def test_targets_and_changes_have_their_rows(project: Project) -> None:
    project.review(all_of)
    assert project.accept().exit_code == 0
    by_id = {row["observation_id"]: row for row in project.rows("observations")}
    (target,) = project.rows("targets")
    figure = by_id[target["observation_id"]]
    assert (figure["status"], figure["value"], figure["qualifier"], figure["period"]) == (
        "target",
        "77",
        "at_least",
        "2035",
    )
    assert (target["target_form"], target["target_type"]) == ("maintain", "not_stated")
    (change,) = project.rows("changes")
    assert (by_id[change["observation_id"]]["measure"], change["compared_with"]) == ("change", "2021")


def test_a_part_of_the_year_is_not_the_year_and_a_county_not_the_city(project: Project) -> None:
    def part(row: dict[str, str]) -> None:
        if row["value"] == "95.1":
            row |= {"decision": "accept", "year": "2022", "scope": "甲县 1-6月"}

    project.review(part)
    assert project.accept().exit_code == 0
    (row,) = (row for row in project.rows("observations") if row["city_id"] == "delta")
    assert (row["period"], row["place"]) == ("2022-01/2022-06", "甲县")


def test_what_the_scope_says_of_sections_is_taken_from_it(project: Project) -> None:
    project.review(of("water_sections_good_ratio"))
    assert project.accept().exit_code == 0
    (row,) = (row for row in project.rows("observations") if row["city_id"] == "delta")
    stated = (row["network"], row["denominator"], row["definition_version"])
    assert stated == ("state_sections", "sections", "sections_3641")


def test_a_row_is_made_for_a_new_source_and_told_to_be_completed(project: Project) -> None:
    project.review(lambda row: row.update(decision="accept", source_id="delta_bulletin_2022"))
    done = project.accept()
    assert "sources.csv has a new row delta_bulletin_2022: complete its title" in done.stderr
    source = next(row for row in project.rows("sources") if row["source_id"] == "delta_bulletin_2022")
    raw = (project.folder / "delta.txt").read_bytes()
    assert source["text_sha256"] == source["file_sha256"] == text_hash(raw.decode())
    assert (source["text_length"], source["tier"]) == (str(len(TEXT)), "other")
    assert source["retrieved"] == date.today().isoformat()


def test_a_source_that_was_entered_by_hand_meanwhile_is_taken(project: Project) -> None:
    project.review(of("good_air_days"))
    with (project.data / "sources.csv").open("a", encoding="utf-8", newline="") as file:
        row = made.completed("sources", [made.held_source(TEXT, source_id="delta_bulletin")])[0]
        header = (project.data / "sources.csv").read_text(encoding="utf-8").splitlines()[0].split(",")
        csv.DictWriter(file, header, lineterminator="\n").writerow(row)
    done = project.accept()
    assert done.exit_code == 0, done.stderr
    assert done.stdout.startswith("delta_bulletin.001: ")


def test_a_program_may_have_taken_years_and_places_for_fractions(project: Project) -> None:
    project.review(of("good_air_days"))
    table = pd.read_csv(project.table)
    table["year"] = table["year"].astype(str).str.replace("2035", "") + ".0"
    table["start"] = table["start"].astype(float)
    table.to_csv(project.table, index=False)
    done = project.accept()
    assert done.exit_code == 0, done.stderr
    (row,) = (row for row in project.rows("observations") if row["city_id"] == "delta")
    assert (row["period"], row["start"]) == ("2022", str(TEXT.index("331天")))


def test_a_known_source_goes_on_with_its_numbers(project: Project) -> None:
    project.review(of("good_air_days"))
    project.accept()
    first = next(row for row in project.rows("observations") if row["city_id"] == "delta")
    project.review(lambda row: row.update(decision="", source_id=""))
    project.review(of("forest_cover", "76.30"))
    assert project.accept().exit_code == 0
    last = max(row["observation_id"] for row in project.rows("observations") if row["city_id"] == "delta")
    assert (first["observation_id"][-4:], last[-4:]) == (".001", ".002")
    assert len(project.rows("sources")) == 3


def test_a_document_of_another_format_is_read_again(project: Project) -> None:
    path = project.folder / "page.html"
    path.write_bytes(f"<meta charset=gbk><body><p>{TEXT}</p>".encode("gbk"))
    project.ecobrief("read", path, "--city", "delta", "--out", project.table)
    project.review(of("good_air_days"))
    done = project.accept()
    assert done.exit_code == 0, done.stderr
    source = next(row for row in project.rows("sources") if row["source_id"].startswith("page_"))
    assert source["extractor"].startswith("selectolax ")
    assert project.ecobrief("verify", "--documents", project.folder).exit_code == 0


def test_documents_may_lie_elsewhere_under_another_name(project: Project) -> None:
    project.review(of("good_air_days"))
    other = project.folder / "elsewhere"
    other.mkdir()
    (project.folder / "delta.txt").rename(other / "renamed.txt")
    assert project.accept("--documents", other).exit_code == 0


def test_without_a_decision_nothing_is_written(project: Project) -> None:
    before = project.bytes()
    project.review(lambda row: row.update(decision="reject"))
    done = project.accept()
    assert (done.exit_code, done.stdout, project.bytes()) == (0, "", before)
    assert done.stderr == "no row is marked accept or correct; nothing was written\n"


def test_a_new_city_becomes_part_of_the_comparison_by_data_alone(project: Project) -> None:
    """From a row of cities.csv and a document to the comparison, without a line of code."""
    with (project.data / "cities.csv").open("a", encoding="utf-8") as file:
        file.write("epsilon,戊市,Epsilon,prefecture,east,东省,East,000005,,\n")
    path = project.folder / "epsilon.txt"
    path.write_text("2022年，戊市空气质量优良天数比例为93.4%。", encoding="utf-8")
    project.ecobrief("read", path, "--city", "epsilon", "--out", project.table)
    project.review(all_of)
    assert project.accept().exit_code == 0
    compared = project.ecobrief("compare", "--indicator", "good_air_day_ratio", "--cities", "alpha,epsilon")
    assert "Epsilon: 93.4 % · 2022" in compared.stdout
    assert "Epsilon" in compared.stdout.partition("\n\n")[2].partition(" – ")[2]


@pytest.mark.parametrize(
    ("before", "year"),
    [
        ("2022年，森林覆盖率比2020年提高", "2020"),
        ("2022年，森林覆盖率同比提高", "2021"),
        ("2022年，森林覆盖率较上年提高", "2021"),
        ("2022年，森林覆盖率与去年同期相比提高", "2021"),
        ("2022年，森林覆盖率同“十三五”末相比提高", "2020"),
        ("2022年，优良天数同比增加三天，森林覆盖率比2015年提高", "2015"),
    ],
)
def test_a_change_is_measured_from_the_year_that_its_sentence_names(before: str, year: str) -> None:
    text = f"上一句比1999年多。{before}1.2个百分点。"
    around = Surroundings(text, text.index("1.2"), text.index("。", 12))
    assert judged.compared_with({"kind": "change"}, "2022", around) == year


def test_a_change_from_nowhere_cannot_be_entered() -> None:
    text = "森林覆盖率提高1.2个百分点。"
    with pytest.raises(judged.Misfit, match="cannot be entered as a change"):
        judged.compared_with({"kind": "change"}, "", Surroundings(text, 7, 14))


# --- what is corrected


def correct(value: str) -> Callable[[dict[str, str]], Any]:
    def judge(row: dict[str, str]) -> None:
        if row["value"] == "90.70":
            row |= {"decision": "correct", "corrected_value": value, "value": "9.07"}

    return judge


@pytest.mark.parametrize("typed", ["90.70", "90.7", "９０．７", " 90.70% "])
def test_a_correction_is_entered_with_the_digits_that_the_span_prints(project: Project, typed: str) -> None:
    project.review(correct(typed))
    done = project.accept()
    assert done.exit_code == 0, done.stderr
    (row,) = (row for row in project.rows("observations") if row["city_id"] == "delta")
    assert row["value"] == "90.70"


@pytest.mark.parametrize(
    ("typed", "rule"),
    [
        ("91.7", "\"91.7\" is not printed in '90.70%'."),
        ("ninety", '"ninety" is no number.'),
        ("", '"" is empty although the decision is correct.'),
    ],
)
def test_a_correction_that_the_span_does_not_print_is_refused(
    project: Project, typed: str, rule: str
) -> None:
    project.review(correct(typed))
    told = refused(project)
    assert told[0].endswith(f", column corrected_value: {rule}")
    assert told[-1] == "1 fault; nothing was written"


# --- what is refused, by row


def change(**cells: str) -> Callable[[dict[str, str]], Any]:
    """Accept the candidate of days, with other cells."""

    def judge(row: dict[str, str]) -> None:
        if row["indicator"] == "good_air_days":
            row |= {"decision": "accept", **cells}

    return judge


@pytest.mark.parametrize(
    ("cells", "rule"),
    [
        ({"value": "332"}, 'column value: "332" is not the value that is printed, 331.'),
        (
            {"corrected_value": "332"},
            'column corrected_value: "332" is given although the decision is accept.',
        ),
        ({"start": "1"}, 'column evidence: "331天" is not what the document has at 1–'),
        ({"start": "x"}, "is no span of the document."),
        ({"end": "100000"}, "is no span of the document."),
        ({"evidence": "332天"}, 'column evidence: "332天" is not what the document has at '),
        (
            {"evidence": "丁市", "start": "0", "end": "2"},
            "is not the span of a figure that `ecobrief read` proposes.",
        ),
        (
            {"indicator": "good_air_dys"},
            'column indicator: "good_air_dys" is no indicator of the data package.',
        ),
        ({"city_id": "dleta"}, 'column city_id: "dleta" is no city of the data package.'),
        ({"city_id": ""}, 'column city_id: "" is empty.'),
        ({"kind": "result"}, 'column kind: "result" is no kind of figure.'),
        ({"qualifier": "nearly"}, 'column qualifier: "nearly" is no qualifier.'),
        ({"year": "20222"}, 'column year: "20222" is no period.'),
        ({"year": "2022-2020"}, 'column year: "2022-2020" is no period.'),
        ({"decision": "accpet"}, 'column decision: "accpet" is no decision.'),
        ({"source_id": "page"}, 'column source_id: "page" has no hashes of a document in sources.csv.'),
        ({"source_id": "other"}, 'column source_id: "other" is the source of another document.'),
        ({"source_id": "Delta 2022"}, 'column source_id: "Delta 2022" has not the form of an identifier.'),
        ({"scope": "全省"}, 'column scope: "全省" is wider than a city (全省).'),
        ({"text_sha256": "0" * 64}, "has changed since it was read."),
        ({"document": "none.txt", "text_sha256": "0" * 64}, 'column document: "none.txt" is not there.'),
    ],
)
def test_a_row_that_cannot_be_entered_is_told_and_nothing_is_written(
    project: Project, cells: dict[str, str], rule: str
) -> None:
    project.review(of("forest_cover", "76.30"))
    project.review(change(**cells))
    told = refused(project)
    number = next(
        n for n, row in enumerate(sheet.read(project.table).rows, start=2) if row["value"] in ("331", "332")
    )
    assert told[0].startswith(f"candidates.csv row {number}, ")
    assert rule in told[0]
    assert told[-1] == "1 fault; nothing was written"


def test_every_refusal_is_told_at_once_with_a_hint(project: Project) -> None:
    project.review(
        lambda row: row.update(decision="accept", indicator=row["indicator"] + "s", city_id="delta")
    )
    told = refused(project)
    count = len(sheet.read(project.table).rows)
    assert [line.split(",")[0] for line in told[:-1:2]] == [
        f"candidates.csv row {n}" for n in range(2, count + 2)
    ]
    assert told[1].startswith("  Did you mean good_air_day")
    assert told[-1] == f"{count} faults; nothing was written"


def test_a_document_that_changed_since_it_was_read_is_refused(project: Project) -> None:
    project.review(of("good_air_days"))
    (project.folder / "delta.txt").write_text(TEXT.replace("331天", "332天"), encoding="utf-8")
    (told, hint, _) = refused(project)
    assert told.endswith(f'column document: "{project.folder / "delta.txt"}" has changed since it was read.')
    assert hint == "  Read it again, or restore it: its text has another hash."


def test_what_is_in_the_data_already_is_not_entered_again(project: Project) -> None:
    project.review(of("good_air_days"))
    assert project.accept().exit_code == 0
    (told, hint, _) = refused(project)
    assert f'column evidence: "331天" is in the data already, as delta_{text_hash(TEXT)[:8]}.001.' in told
    assert hint == "  Empty its decision, or mark it reject."


def test_a_row_that_stands_twice_in_the_table_is_entered_once(project: Project) -> None:
    reviewed = sheet.read(project.table)
    days = next(row for row in reviewed.rows if row["indicator"] == "good_air_days")
    reviewed.rows[:] = [days | {"decision": "accept"}] * 2
    reviewed.save()
    (told, *_) = refused(project)
    assert told == 'candidates.csv row 3, column evidence: "331天" is in the data already, as row 2.'


def test_another_value_for_the_same_quantity_is_a_conflict(project: Project) -> None:
    path = project.folder / "two.txt"
    path.write_text("2022年，全市森林覆盖率为76.30%。\n2022年，全市森林覆盖率为76.40%。", encoding="utf-8")
    project.ecobrief("read", path, "--city", "delta", "--out", project.table)
    project.review(all_of)
    (told, *_) = refused(project)
    assert told.startswith("candidates.csv row 3, ")
    assert told.endswith('"76.40" conflicts with row 2, which has 76.30 % for the same quantity.')


def test_the_same_value_printed_again_names_the_first_print(project: Project) -> None:
    path = project.folder / "twice.txt"
    path.write_text("2022年，全市森林覆盖率为76.30%。\n2022年，全市森林覆盖率为76.3%。", encoding="utf-8")
    project.ecobrief("read", path, "--city", "delta", "--out", project.table)
    project.review(all_of)
    assert project.accept().exit_code == 0
    first, second = (row for row in project.rows("observations") if row["city_id"] == "delta")
    assert (first["repeats"], second["repeats"]) == ("", first["observation_id"])
    assert (first["value"], second["value"]) == ("76.30", "76.3")


def test_what_the_data_package_forbids_is_told_by_the_row_of_the_candidate(project: Project) -> None:
    path = project.folder / "much.txt"
    path.write_text("2022年，全市优良天数为331天。\n2022年，戊县优良天数为367天。", encoding="utf-8")
    project.ecobrief("read", path, "--city", "delta", "--out", project.table)
    if not any(row["value"] == "367" for row in sheet.read(project.table).rows):
        pytest.skip("no year has 367 days, and it is not proposed")
    project.review(all_of)
    (told, *_) = refused(project)
    assert told == 'candidates.csv row 3, column value: "367" lies beyond what the indicator can be.'


def test_a_figure_that_a_search_did_not_find_before_is_not_entered_behind_its_back(project: Project) -> None:
    project.review(of("good_air_days"))
    source = next(row["source_id"] for row in sheet.read(project.table).rows)
    project.review(of("forest_cover", "76.30"))
    project.review(
        lambda row: row.update(decision="" if row["indicator"] == "good_air_days" else row["decision"])
    )
    assert project.accept().exit_code == 0
    with (project.data / "coverage.csv").open("a", encoding="utf-8") as file:
        file.write(f"delta,{source},good_air_days,not_stated,2026-11-22\n")
    project.review(lambda row: row.update(decision="accept" if row["indicator"] == "good_air_days" else ""))
    (told, *_) = refused(project)
    assert f"is not_stated in coverage.csv for delta and {source}" in told


def test_a_figure_of_the_province_is_a_benchmark(project: Project) -> None:
    project.review(change(city_id="province", scope="全省"))
    done = project.accept()
    assert done.exit_code == 0, done.stderr
    (row,) = project.rows("benchmarks")
    assert (row["place_id"], row["value"]) == ("province", "331")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "candidates.csv: is empty."),
        (b"\0", "candidates.csv: is binary, no text."),
        (b"document,value\na,b\n", 'candidates.csv row 1, column indicator: "" is a missing column.'),
        (b'document,"value\n', "candidates.csv: is no well-formed CSV"),
    ],
)
def test_a_table_that_is_none_is_told(project: Project, content: bytes, told: str) -> None:
    project.table.write_bytes(content)
    assert told in "\n".join(refused(project))


def test_columns_may_stand_in_another_order_and_some_may_be_gone(project: Project) -> None:
    project.review(of("good_air_days"))
    table = pd.read_csv(project.table, dtype=str, keep_default_na=False)
    table = table.drop(columns=["reason", "confidence", "corrected_value"]).assign(remark="mine")
    table[sorted(table)].to_csv(project.table, index=False)
    assert project.accept().exit_code == 0


def test_a_row_with_too_few_cells_is_told(project: Project) -> None:
    project.table.write_bytes(project.table.read_bytes() + b"delta.txt,good_air_days\n")
    (told,) = refused(project)
    assert told.endswith("has 2 cells, the header 18.")


def test_wrong_usage_is_told(project: Project) -> None:
    assert "is no folder" in project.accept("--documents", project.table).stderr
    assert project.accept("--documents", project.table).exit_code == 2
    assert project.ecobrief("accept").exit_code == 2


def test_a_disk_that_is_full_leaves_all_tables_as_they_were(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ecobrief import atomic

    project.review(all_of)
    before, written = project.bytes(), []
    writing = atomic.writing

    def full(path: Path, *more: Any) -> Any:
        if path.parent == project.data and written.append(path.name) is None and len(written) > 2:
            raise OSError(28, "No space left on device")
        return writing(path, *more)

    monkeypatch.setattr(atomic, "writing", full)
    done = project.accept()
    assert done.exit_code == 1
    assert "No space left on device" in done.stderr
    assert project.bytes() == before


ODD_CELLS = [
    "",
    "0",
    "-1",
    "1e9",
    "９",
    "²",
    "nan",
    "2022.5",
    "=1",
    "\n",
    "''",
    "全省",
    "7月",
    "2022/2021",
    "x" * 300,
]


@pytest.mark.parametrize("column", sheet.COLUMNS)
def test_no_cell_that_someone_writes_makes_it_crash(project: Project, column: str) -> None:
    before = project.bytes()
    reviewed = sheet.read(project.table)
    for odd, row in zip(ODD_CELLS, reviewed.rows * 2, strict=False):
        row |= {"decision": "accept", column: odd}
    for rows in (reviewed.rows, [{**reviewed.rows[0], column: odd} for odd in ODD_CELLS]):
        reviewed.rows[:] = rows
        reviewed.save()
        done = project.accept()
        assert done.exit_code in (0, 1)
        assert done.exit_code == 0 or done.stderr.endswith("nothing was written\n")
        for name, content in before.items():
            project.data.joinpath(name).write_bytes(content)
