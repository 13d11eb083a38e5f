"""Whether figures still stand where they are said to be printed: found, missing or unverified, and why."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import made
from ecobrief import datapackage, documents, provenance
from ecobrief.documents import Document, text_hash
from ecobrief.provenance import chinese_numeral, prints_number, prints_year

SHIPPED = Path(__file__).resolve().parents[1] / "data"
PLAIN = {"period": "", "period_basis": ""}
Row = dict[str, str]


def held(*texts: str) -> dict[str, Document]:
    return {text_hash(text): Document(Path("a.txt"), text, text_hash(text)) for text in texts}


def context(role: str, evidence: str, text: str = made.TEXT, observation_id: str = "page.001") -> Row:
    start = text.index(evidence)
    return {
        "observation_id": observation_id,
        "role": role,
        "start": str(start),
        "end": str(start + len(evidence)),
        "evidence": evidence,
    }


def verified(
    *observations: Row, contexts: tuple[Row, ...] = (), text: str = made.TEXT, there: str | None = None
) -> pd.DataFrame:
    """What becomes of the spans of a document with `text`, when the folder has `there` (default: the same)."""
    package = made.package(
        sources=[made.held_source(text), {"source_id": "page"}],
        observations=list(observations),
        contexts=list(contexts),
    )
    return provenance.verify(package, held(text if there is None else there))


def outcome(observation: Row, *contexts: Row, text: str = made.TEXT) -> tuple[str, str]:
    """Result and reason of the evidence of one observation."""
    spans = verified(observation, contexts=contexts, text=text)
    (row,) = spans[spans["role"] == "evidence"].to_dict("records")
    return row["result"], row["reason"]


FOUND = ("found", "")


# Places


def test_a_figure_that_stands_at_its_offsets_is_found() -> None:
    spans = verified(made.printed("96.2%", **PLAIN))
    assert list(spans.columns) == list(provenance.COLUMNS)
    assert spans[["table", "id", "role", "source_id", "result", "reason"]].values.tolist() == [
        ["observations", "page.001", "evidence", "document", "found", ""]
    ]


def test_a_figure_that_does_not_stand_at_its_offsets_is_missing_with_what_stands_there() -> None:
    misplaced = made.printed("96.2%", **PLAIN) | {"start": "7", "end": "12"}
    assert outcome(misplaced) == ("missing", "the text has '森林覆盖率' at these offsets")


def test_a_document_whose_text_has_another_hash_leaves_its_spans_unverified() -> None:
    spans = verified(
        made.printed("96.2%"),
        contexts=(context("period", "2022年"),),
        there=made.TEXT.replace("96.2", "96.3"),
    )
    assert list(spans["result"]) == ["unverified", "unverified"]
    assert set(spans["reason"]) == {"no document with this hash in the folder"}


def test_a_document_that_is_not_in_the_folder_is_named() -> None:
    package = made.package(sources=[made.held_source(), {"source_id": "page"}])
    assert provenance.unheld(package, {}) == ["document"]
    assert provenance.unheld(package, held(made.TEXT)) == []


def test_figures_of_pages_that_are_not_held_are_not_counted() -> None:
    assert verified({}).empty
    assert len(verified({}, made.printed("96.2%"))) == 1


def test_benchmarks_are_verified_like_observations() -> None:
    package = made.package(
        sources=[made.held_source()], benchmarks=[made.printed("96.2%", observation_id="bench.001", **PLAIN)]
    )
    spans = provenance.verify(package, held(made.TEXT))
    assert spans[["table", "id", "result"]].values.tolist() == [["benchmarks", "bench.001", "found"]]


@pytest.mark.parametrize(
    ("table", "named"),
    [
        ("policies", "page.p001"),
        ("projects", "page.j001"),
        ("zones", "page.z001"),
        ("listings", "page.l01.1"),
    ],
)
def test_whatever_is_named_in_a_document_is_looked_up_by_its_characters_alone(table: str, named: str) -> None:
    """A name prints no value, unit or year that could be missing."""
    there, shifted = made.printed("森林覆盖率"), made.printed("森林覆盖率") | {"start": "6", "end": "11"}
    for row, result in ((there, "found"), (shifted, "missing")):
        package = made.package(sources=[made.held_source()], **{table: [row]})
        spans = provenance.verify(package, held(made.TEXT))
        assert spans[["table", "id", "role", "result"]].values.tolist() == [
            [table, named, "evidence", result]
        ]


def test_contexts_are_looked_up_too() -> None:
    year = context("period", "2022年")
    shifted = {**year, "start": "3", "end": "8"}
    figure = made.printed("96.2%")
    assert list(verified(figure, contexts=(year,))["result"]) == ["found", "found"]
    assert dict(verified(figure, contexts=(shifted,))[["role", "result"]].values) == {
        "evidence": "found",
        "period": "missing",
    }


def test_spans_stand_in_the_order_of_the_text() -> None:
    spans = verified(
        made.printed("96.2%", **PLAIN),
        made.printed("76.30%", indicator_id="cover", value="76.30", **PLAIN),
        contexts=(context("label", "森林覆盖率", observation_id="page.002"),),
    )
    assert list(spans["evidence"]) == ["森林覆盖率", "76.30%", "96.2%"]


# What the spans must print


def test_a_value_is_printed_with_exactly_its_digits() -> None:
    cover = made.printed("76.30%", indicator_id="cover", **PLAIN)
    assert outcome({**cover, "value": "76.30"}) == FOUND
    assert outcome({**cover, "value": "76.3"}) == ("missing", "the evidence does not print 76.3")


def test_a_value_must_stand_in_the_evidence_itself_and_not_in_a_context() -> None:
    elsewhere = made.printed("森林覆盖率", value="76.30", unit="", **PLAIN)
    assert outcome(elsewhere, context("label", "76.30%")) == ("missing", "the evidence does not print 76.30")


def test_both_ends_of_a_range_are_printed() -> None:
    text = "比例在80%至90%之间"
    both = made.printed("80%至90%", text, value="80-90", qualifier="range", **PLAIN)
    assert outcome(both, text=text) == FOUND
    assert outcome({**both, "value": "80-95"}, text=text) == ("missing", "the evidence does not print 80-95")


def test_a_range_printed_the_wrong_way_round_is_found_as_it_is_printed() -> None:
    text = "比例在90%至80%之间"
    figure = made.printed("90%至80%", text, value="90-80", qualifier="range", **PLAIN)
    assert outcome(figure, text=text) == FOUND


def test_words_in_place_of_a_number_are_printed() -> None:
    text = "水质全部达标"
    words = made.printed("全部达标", text, value="", unit="", value_text="全部达标", **PLAIN)
    assert outcome(words, text=text) == FOUND
    assert outcome({**words, "value_text": "基本达标"}, text=text) == (
        "missing",
        "the evidence does not print 基本达标",
    )


def test_a_unit_may_stand_in_a_context() -> None:
    text = "面积（km ²） 甲市 8411"
    area = made.printed("8411", text, indicator_id="area", value="8411", unit="km ²", **PLAIN)
    assert outcome(area, text=text) == ("missing", "no span prints the unit km ²")
    assert outcome(area, context("unit", "km ²", text), text=text) == FOUND


def test_a_unit_is_found_in_whatever_width_and_with_whatever_blanks_it_is_printed() -> None:
    text = "达到９６.２ ％"
    assert outcome(made.printed("９６.２ ％", text, unit="%", **PLAIN), text=text) == FOUND


def test_a_printed_year_stands_in_some_span() -> None:
    figure = made.printed("96.2%", period="2022", period_basis="printed")
    assert outcome(figure) == ("missing", "no span prints 2022")
    assert outcome(figure, context("period", "2022年")) == FOUND


def test_a_year_that_is_not_printed_is_not_asked_for() -> None:
    assert outcome(made.printed("96.2%", period="2021", period_basis="inferred")) == FOUND


def test_both_years_of_a_period_are_printed() -> None:
    text = "2016年至2020年比例为96.2%"
    figure = made.printed("96.2%", text, period="2016/2020", period_basis="printed")
    assert outcome(figure, context("period", "2016年", text), text=text)[0] == "missing"
    assert outcome(figure, context("period", "2016年至2020年", text), text=text) == FOUND


# Numbers as they are printed


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("76.30%", "76.30"),
        ("达到７６．３０％", "76.30"),
        ("7 6 . 3 0", "76.30"),
        ("8,413.96公顷", "8413.96"),
        ("8，413公顷", "8413"),
        ("下降1.2个百分点", "-1.2"),
        ("第十九位", "19"),
        ("二十个", "20"),
        ("全省第一", "1"),
        ("居全省首位", "1"),
        ("两大流域", "2"),
        ("上升1.2个百分点", "+1.2"),
        ("森林覆盖率达到76.3。", "76.3"),
        ("百分之四十九点九一", "49.91"),
        ("二百三十八天", "238"),
        ("兩百三十八天", "238"),
        ("一千零二十四", "1024"),
        ("一万零二十", "10020"),
        ("三千万亩", "3000"),
        ("八成五", "85"),
        ("八成", "80"),
    ],
)
def test_a_number_is_printed(text: str, value: str) -> None:
    assert prints_number(text, value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("76.30%", "76.3"),
        ("176.3%", "76.3"),
        ("76.31%", "76"),
        ("8,413.96公顷", "413.96"),
        ("前3，5天", "35"),
        ("第二十九位", "19"),
        ("第十九位", "9"),
        ("一百", "1"),
        ("居全省首位", "2"),
        ("两大流域", "1"),
        ("一百二十", "12"),
        ("一百二十", "20"),
        ("九十二点三", "92"),
        ("九十二点三", "92.30"),
        ("", "1"),
    ],
)
def test_a_number_with_other_digits_is_not_printed(text: str, value: str) -> None:
    assert not prints_number(text, value)


def test_a_year_is_printed_in_digits_or_in_chinese_ones() -> None:
    assert prints_year("２０２２年", "2022")
    assert prints_year("二〇二二年", "2022")
    assert prints_year("二○二二年", "2022")
    assert not prints_year("2021年", "2022")


def test_whole_numbers_are_written_in_chinese() -> None:
    written = {number: chinese_numeral(number) for number in (0, 9, 10, 19, 20, 21, 99)}
    assert written == {0: "零", 9: "九", 10: "十", 19: "十九", 20: "二十", 21: "二十一", 99: "九十九"}
    larger = {number: chinese_numeral(number) for number in (100, 110, 1024, 10020, 238000)}
    assert larger == {
        100: "一百",
        110: "一百一十",
        1024: "一千零二十四",
        10020: "一万零二十",
        238000: "二十三万八千",
    }


@given(st.integers(1, 99), st.integers(1, 99))
def test_a_chinese_numeral_prints_its_own_number_and_no_other(number: int, other: int) -> None:
    assert prints_number(f"第{chinese_numeral(number)}位", str(other)) == (number == other)


# Any text

texts = st.text(st.sampled_from("森林率。 \n％%0123年\u3000𠀀"), min_size=1, max_size=40)


@given(texts, st.data())
def test_a_span_recorded_with_its_offsets_is_found_in_any_text(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    span = {"start": str(start), "end": str(end), "evidence": text[start:end]}
    words = {"source_id": "document", "value": "", "unit": "", "value_text": text[start:end], **PLAIN}
    assert outcome(words | span, text=text) == FOUND


@given(texts, st.sampled_from([-1, 1]), st.data())
def test_shifted_offsets_are_missed_unless_the_text_is_the_same_there(
    text: str, shift: int, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    assume(start + shift >= 0)
    span = {"start": str(start + shift), "end": str(end + shift), "evidence": text[start:end]}
    words = {"source_id": "document", "value": "", "unit": "", "value_text": text[start:end], **PLAIN}
    same = text[start + shift : end + shift] == text[start:end]
    assert (outcome(words | span, text=text)[0] == "found") == same


# The documents themselves


def test_every_span_of_the_shipped_data_is_found_in_the_documents(documents_folder: Path) -> None:
    package = datapackage.load(SHIPPED)
    held_documents = documents.held(documents_folder)
    assert provenance.unheld(package, held_documents) == []
    spans = provenance.verify(package, held_documents)
    assert spans.loc[spans["result"] != "found"].to_dict("records") == []
    assert set(spans["role"]) > {"evidence"}
    assert spans["source_id"].nunique() == (package["sources"]["text_sha256"] != "").sum()


def test_a_shipped_document_has_the_length_that_is_recorded(documents_folder: Path) -> None:
    sources = datapackage.load(SHIPPED)["sources"]
    held_documents = documents.held(documents_folder)
    recorded = sources[sources["text_sha256"] != ""].set_index("text_sha256")["text_length"]
    assert {digest: len(held_documents[digest].text) for digest in recorded.index} == recorded.to_dict()
