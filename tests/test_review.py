"""The review of candidates: each beside its sentence, each decision saved at once. All texts here are made up."""

from __future__ import annotations

import csv
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import ipywidgets
import pytest

import made
from ecobrief import atomic
from ecobrief.datapackage import DataPackage
from ecobrief.documents import text_hash
from ecobrief.extraction import sample, sheet
from ecobrief.extraction.candidates import Candidate
from ecobrief.extraction.panel import Panel
from ecobrief.extraction.review import Changed, Review

TEXT = "前一句。\n2022年，全市<b>森林覆盖率</b>为76.30%，\n优良天数331天。<script>alert(1)</script>后一句。"


def candidate(evidence: str, indicator: str, confidence: float) -> Candidate:
    start = TEXT.index(evidence)
    value = evidence.rstrip("%天")
    whole = (start, start + len(evidence), confidence, "next_to_name")
    return Candidate(
        "delta.txt", indicator, value, "%", "2022", "observed", "全市", "exact", evidence, *whole
    )


FOUND = [
    candidate("76.30%", "cover", 0.9),
    candidate("331天", "days", 0.6),
    candidate("331天", "<i>new</i>", 0.3),
]


@pytest.fixture(name="table")
def a_table_of_candidates(tmp_path: Path) -> Path:
    tmp_path.joinpath("delta.txt").write_text(TEXT, encoding="utf-8", newline="")
    table = tmp_path / "candidates.csv"
    rows = [sheet.row(one, text_sha256=text_hash(TEXT)) for one in FOUND]
    table.write_text(sheet.BOM + sheet.HEADER + sheet.body(rows), encoding="utf-8", newline="")
    return table


@pytest.fixture(name="package", scope="module")
def a_package() -> DataPackage:
    return made.package()


def saved(table: Path) -> list[dict[str, str]]:
    """The rows as another program reads them."""
    with table.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


# --- the candidates and their decisions


def test_a_candidate_is_shown_in_its_sentence_with_the_span_apart(table: Path) -> None:
    shown = Review(table).sentence(0)
    assert shown.span == "76.30%"
    assert shown.before == "2022年，全市<b>森林覆盖率</b>为"
    assert shown.after == "，\n优良天数331天"


def test_where_the_document_is_not_there_or_changed_no_sentence_is_shown(table: Path) -> None:
    document = table.parent / "delta.txt"
    document.write_text(TEXT.replace("331", "332"), encoding="utf-8")
    assert Review(table).sentence(0).span == ""
    document.unlink()
    assert Review(table).sentence(0).span == ""


def test_documents_are_found_in_another_folder_by_their_text(table: Path) -> None:
    folder = table.parent / "elsewhere"
    folder.mkdir()
    table.parent.joinpath("delta.txt").rename(folder / "renamed.txt")
    assert Review(table, folder).sentence(0).span == "76.30%"


def test_each_decision_is_in_the_file_at_once(table: Path) -> None:
    review = Review(table)
    review.decide(0, "accept", year="2021", city_id="alpha")
    assert [row["decision"] for row in saved(table)] == ["accept", "", ""]
    assert (saved(table)[0]["year"], saved(table)[0]["city_id"]) == ("2021", "alpha")
    review.decide(1, "correct", corrected_value="330")
    review.decide(2, "reject")
    review.decide(0, "")
    assert [row["decision"] for row in saved(table)] == ["", "correct", "reject"]
    assert review.decided == 2


def test_nothing_but_the_decision_changes_in_the_file(table: Path) -> None:
    before = table.read_bytes()
    review = Review(table)
    review.decide(1, "accept")
    review.decide(1, "")
    assert table.read_bytes() == before


def test_what_was_decided_in_a_spreadsheet_meanwhile_is_kept(table: Path) -> None:
    review = Review(table)
    other = sheet.read(table)
    other.rows[2]["decision"] = "reject"
    other.save()
    review.decide(0, "accept")
    assert [row["decision"] for row in saved(table)] == ["accept", "", "reject"]


def test_a_row_that_was_moved_meanwhile_is_not_judged(table: Path) -> None:
    review = Review(table)
    other = sheet.read(table)
    other.rows.reverse()
    other.save()
    with pytest.raises(
        Changed, match=r"candidates.csv was changed by someone else: row 2 is another one now"
    ):
        review.decide(0, "accept")
    assert {row["decision"] for row in saved(table)} == {""}


def test_a_decision_that_cannot_be_saved_leaves_the_file(
    table: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = table.read_bytes()
    review = Review(table)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(atomic, "write_text", full)
    with pytest.raises(OSError, match="No space left"):
        review.decide(0, "accept")
    assert table.read_bytes() == before


@pytest.mark.parametrize(
    ("decision", "edited"), [("maybe", {}), ("accept", {"start": "0"}), ("accept", {"value": "1"})]
)
def test_a_decision_that_is_none_is_a_mistake(table: Path, decision: str, edited: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="is no decision"):
        Review(table).decide(0, decision, **edited)


def test_candidates_are_found_by_indicator_confidence_and_decision(table: Path) -> None:
    review = Review(table)
    assert review.indicators == ["<i>new</i>", "cover", "days"]
    assert review.among() == [0, 1, 2]
    assert review.among("days") == [1]
    assert review.among(least=0.6) == [0, 1]
    review.decide(0, "reject")
    assert review.among(undecided=True) == [1, 2]


def test_a_table_of_another_kind_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_text("a,b\n1,2\n")
    with pytest.raises(sheet.NotASheet, match="is a missing column"):
        Review(other)


# --- the panel in JupyterLab


def panel(table: Path, package: DataPackage, lang: str = "en") -> Panel:
    return Panel(Review(table), package, lang)  # type: ignore[arg-type]


def widgets(box: ipywidgets.Box) -> list[ipywidgets.Widget]:
    """The widgets in the order in which the keyboard comes to them."""
    return [
        inner
        for child in box.children
        for inner in (widgets(child) if isinstance(child, ipywidgets.Box) else [child])
    ]


def said(shown: Panel) -> str:
    return " ".join(widget.value for widget in widgets(shown.box) if isinstance(widget, ipywidgets.HTML))


def click(shown: Panel, label: str) -> None:
    (button,) = (one for one in widgets(shown.box) if getattr(one, "description", "") == label)
    assert isinstance(button, ipywidgets.Button)
    assert not button.disabled
    button.click()


def test_buttons_decide_and_go_on_to_the_next(table: Path, package: DataPackage) -> None:
    shown = panel(table, package)
    assert "<mark>76.30%</mark>" in said(shown)
    assert "1 of 3 shown; 0 of 3 decided" in said(shown)
    click(shown, "Accept")
    assert "<mark>331天</mark>" in said(shown)
    click(shown, "Reject")
    assert [row["decision"] for row in saved(table)] == ["accept", "reject", ""]
    assert "1 of 1 shown; 2 of 3 decided" in said(shown)


def test_what_is_edited_beside_the_candidate_is_saved_with_the_decision(
    table: Path, package: DataPackage
) -> None:
    shown = panel(table, package)
    cells = {one.description: one for one in widgets(shown.box) if isinstance(one, ipywidgets.Text)}
    cells["Corrected value"].value = "76.3"
    cells["Year or period"].value = "2021"
    click(shown, "Correct")
    row = saved(table)[0]
    assert (row["decision"], row["corrected_value"], row["year"], row["kind"]) == (
        "correct",
        "76.3",
        "2021",
        "observed",
    )


def test_the_city_of_a_document_is_given_once(table: Path, package: DataPackage) -> None:
    shown = panel(table, package)
    (city,) = (one for one in widgets(shown.box) if isinstance(one, ipywidgets.Combobox))
    city.value = "alpha"
    click(shown, "Accept")
    assert city.value == "alpha"
    click(shown, "Accept")
    assert [row["city_id"] for row in saved(table)] == ["alpha", "alpha", ""]


def test_filters_choose_what_is_shown(table: Path, package: DataPackage) -> None:
    shown = panel(table, package)
    shown.indicator.value = "days"
    assert "1 of 1 shown" in said(shown)
    shown.indicator.value = ""
    shown.least.value = 0.5
    assert "1 of 2 shown" in said(shown)
    shown.least.value = 1.0
    assert "No candidate is left by these filters." in said(shown)
    assert all(one.disabled for one in widgets(shown.box) if isinstance(one, ipywidgets.Button))


def test_a_decision_can_be_looked_at_again_and_taken_back(table: Path, package: DataPackage) -> None:
    shown = panel(table, package)
    shown.undecided.value = False
    click(shown, "Accept")
    click(shown, "Previous")
    assert "accepted" in said(shown)
    click(shown, "Take back")
    assert saved(table)[0]["decision"] == ""
    click(shown, "Next")
    click(shown, "Next")
    click(shown, "Next")
    assert "<mark>76.30%</mark>" in said(shown)


def test_what_goes_wrong_is_told_beside_the_candidate(table: Path, package: DataPackage) -> None:
    shown = panel(table, package)
    other = sheet.read(table)
    other.rows.reverse()
    other.save()
    click(shown, "Accept")
    assert "was changed by someone else" in said(shown)


def test_what_documents_say_is_never_markup(table: Path, package: DataPackage) -> None:
    shown = panel(table, package)
    shown.undecided.value = False
    pages = [shown._repr_mimebundle_()["text/html"]]
    for _ in range(3):
        pages.append(said(shown))
        shown.next()
    for page in pages:
        tags = set(re.findall(r"<\s*(\w+)", page))
        assert tags <= {"div", "p", "strong", "blockquote", "mark", "small", "br"}
        HTMLParser().feed(page)
    assert "&lt;script&gt;" not in pages[1]
    assert "&lt;b&gt;森林覆盖率&lt;/b&gt;" in pages[1]
    assert "&lt;i&gt;new&lt;/i&gt;" in pages[-1]


def test_the_keyboard_comes_to_filters_cells_and_buttons_in_the_order_of_the_work(
    table: Path, package: DataPackage
) -> None:
    kinds = [type(one).__name__ for one in widgets(panel(table, package).box)]
    last_cell = max(kinds.index("Text"), len(kinds) - 1 - kinds[::-1].index("Text"))
    assert kinds[:3] == ["Dropdown", "FloatSlider", "Checkbox"]
    assert last_cell < kinds.index("Button")
    assert kinds[kinds.index("Button") :] == ["Button"] * 6
    labels = [
        one.description for one in widgets(panel(table, package).box) if isinstance(one, ipywidgets.Button)
    ]
    assert labels == ["Previous", "Accept", "Correct", "Reject", "Take back", "Next"]


def test_every_label_is_said_in_the_language_of_the_notebook(table: Path, package: DataPackage) -> None:
    chinese = re.compile("[㐀-鿿]")
    for one in widgets(panel(table, package, "zh").box):
        if label := getattr(one, "description", ""):
            assert chinese.search(label), label
    assert "共" not in said(panel(table, package))
    assert "全部3个中已决定0个" in said(panel(table, package, "zh"))


def test_without_jupyterlab_the_candidates_stand_in_a_list(table: Path, package: DataPackage) -> None:
    bundle = panel(table, package)._repr_mimebundle_()
    assert bundle["text/html"].count("<mark>") == 3
    assert bundle["text/plain"] == "3 candidates"
    assert bundle["application/vnd.jupyter.widget-view+json"]["model_id"]


def test_of_many_candidates_the_list_shows_the_first(table: Path, package: DataPackage) -> None:
    many = sheet.read(table)
    many.rows[:] = many.rows[:1] * 100
    many.save()
    bundle = panel(table, package)._repr_mimebundle_()
    assert bundle["text/html"].count("<mark>") == 30
    assert "70 more candidates" in bundle["text/html"]


@pytest.mark.parametrize("odd", ["", "²", "-1", "99999", "nan", "<b>", "x" * 300])
def test_a_table_that_someone_spoilt_is_shown_and_judged_all_the_same(
    table: Path, package: DataPackage, odd: str
) -> None:
    for column in set(sheet.COLUMNS) - {"evidence", "confidence"}:
        spoilt = sheet.read(table)
        spoilt.rows[0] |= {column: odd}
        spoilt.save()
        shown = panel(table, package)
        shown.undecided.value = False
        assert "of 3 shown" in said(shown)
        click(shown, "Reject")


# --- the sample


def test_the_sample_is_read_like_any_document(tmp_path: Path, package: DataPackage) -> None:
    review = Review(sample.write(tmp_path))
    assert len(review.rows) > 5
    assert all(review.sentence(position).span == row["evidence"] for position, row in enumerate(review.rows))
    assert json.dumps(panel(tmp_path / "candidates.csv", package)._repr_mimebundle_()["text/html"])
    assert sample.write().parent != tmp_path
