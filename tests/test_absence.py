"""Why there is no figure: an answer with a reason, in both languages."""

from __future__ import annotations

import pytest

import made
from ecobrief import compare, datapackage
from ecobrief.datapackage import DataPackage
from ecobrief.wording import say

PLAN = {"source_id": "plan", "label_zh": "生态规划", "label_en": "Ecology plan", "published": "2023-05"}
LETTER = {"source_id": "letter", "label_zh": "复函", "label_en": "Reply letter", "published": ""}


def package(*coverage: dict[str, str], observations: list[dict[str, str]] | None = None) -> DataPackage:
    return made.package(
        sources=[{"source_id": "page"}, PLAN, LETTER],
        coverage=list(coverage),
        observations=observations or [],
    )


def why(package: DataPackage, city: str = "alpha", indicator: str = "ratio") -> tuple[str, str, str]:
    """The code, and the reason in Chinese and in English."""
    code, reason = compare.absence(package, city, indicator)
    return code, say(reason, "zh"), say(reason, "en")


def test_one_document_searched_in_vain_is_named_with_its_year() -> None:
    code, zh, en = why(package({"source_id": "plan"}))
    assert code == "not_stated"
    assert en == "not stated in the one document held (Ecology plan (2023))"
    assert "生态规划" in zh
    assert "2023" in zh
    assert "document" not in zh


def test_several_documents_searched_in_vain_are_counted_and_all_named() -> None:
    code, zh, en = why(package({"source_id": "plan"}, {"source_id": "letter"}))
    assert code == "not_stated"
    assert en == "not stated in the 2 documents held (Ecology plan (2023) and Reply letter (undated))"
    assert "2" in zh
    assert "生态规划" in zh
    assert "复函" in zh


@pytest.mark.parametrize(
    "coverage",
    [{"result": "not_searched"}, {"city_id": "beta"}, {"indicator_id": "days"}],
)
def test_where_no_one_looked_the_answer_is_not_searched(coverage: dict[str, str]) -> None:
    assert why(package()) == ("not_searched", "未检索", "not searched")
    assert why(package(coverage))[0] == "not_searched"


def test_only_the_documents_that_were_searched_are_named() -> None:
    searched, unsearched = {"source_id": "plan"}, {"source_id": "letter", "result": "not_searched"}
    assert why(package(searched, unsearched)) == why(package(searched))


def test_a_figure_that_the_filters_leave_out_is_not_said_to_be_missing() -> None:
    stated = package({"source_id": "plan"}, observations=[{"period": "2021"}])
    assert compare.readings(stated, ["ratio"], period="2022").empty
    code, zh, en = why(stated)
    assert code == "left_out"
    assert en == "stated, but not within the period, tier and dating asked for"
    assert zh not in ("", en)


@pytest.mark.parametrize(
    ("other", "code"),
    [
        ({"measure": "rank"}, "rank_only"),
        ({"measure": "change"}, "rank_only"),
        ({"status": "target"}, "target_only"),
        ({"city_id": "beta"}, "not_stated"),
    ],
)
def test_a_rank_a_change_or_a_target_is_no_figure_but_is_not_said_to_be_missing(
    other: dict[str, str], code: str
) -> None:
    assert why(package({"source_id": "plan"}, observations=[other]))[0] == code


def test_an_absence_is_never_inferred_from_a_missing_row() -> None:
    assert why(package(observations=[{"city_id": "beta"}]))[0] == "not_searched"


@pytest.mark.parametrize("indicator", ["good_air_day_ratio", "forest_cover", "water_sections_good_ratio"])
def test_the_letter_from_rongchang_states_none_of_the_three_headline_metrics(indicator: str) -> None:
    coverage = datapackage.load()["coverage"]
    of_letter = coverage[
        (coverage["source_id"] == "rongchang_reply_2022") & (coverage["indicator_id"] == indicator)
    ]
    assert list(of_letter["result"]) == ["not_stated"]
