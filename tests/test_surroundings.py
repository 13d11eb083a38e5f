"""Where the name, the unit and the year of a figure are printed, as spans of the original text. All texts are made up."""

from __future__ import annotations

import time

import pytest

from ecobrief.extraction.surroundings import Surroundings

TABLE = "表1　2021年各指标\n指标\t单位\t数值\n森林覆盖率\t％\t76.30\n造林面积\t萬 畝\t12.4\n"


def around(text: str, figure: str) -> Surroundings:
    start = text.index(figure)
    return Surroundings(text, start, start + len(figure))


def printed(text: str, span: tuple[int, int] | None) -> str:
    return text[slice(*span)] if span else ""


@pytest.mark.parametrize(
    ("text", "figure", "year", "there"),
    [
        ("前一句说2020年。2021年，甲为5。", "5", "2021", "2021"),
        ("２０２１年，甲为5。", "5", "2021", "２０２１"),
        ("20 21年，甲为5。", "5", "2021", "20 21"),
        ("二○二一年，甲为5。", "5", "2021", "二○二一"),
        ("2021年公报\n\n第一章。甲为5。", "5", "2021", "2021"),
        ("甲为5。见2021年公报。", "5", "2021", "2021"),
        ("120213，甲为5。", "5", "2021", ""),
    ],
)
def test_a_year_is_found_in_the_sentence_or_in_a_heading(
    text: str, figure: str, year: str, there: str
) -> None:
    assert printed(text, around(text, figure).year(year)) == there


def test_of_several_prints_of_a_year_the_nearest_is_meant() -> None:
    text = "2021年公报。2021年，甲为4，2021年乙为5。"
    assert around(text, "5").year("2021") == (text.rindex("2021"), text.rindex("2021") + 4)
    far = "2021年公报。" + "甲。" * 40_000 + "乙为5。"
    assert around(far, "5").year("2021") == (0, 4)


def test_a_unit_is_found_in_the_figure_or_near_it_in_whatever_script() -> None:
    text = "造林面积12.4萬畝。"
    assert printed(text, around(text, "12.4萬畝").inside("万亩")) == "萬畝"
    assert around(text, "12.4").inside("万亩") is None
    figure = around(TABLE, "12.4")
    assert printed(TABLE, figure.nearby("万亩")) == "萬 畝"
    assert printed(TABLE, around(TABLE, "76.30").nearby("%")) == "％"
    assert figure.nearby("公顷") is None
    assert figure.nearby("") is None


def test_the_name_is_the_last_one_before_the_figure() -> None:
    assert printed(TABLE, around(TABLE, "12.4").label("afforestation_area")) == "造林面积"
    assert printed(TABLE, around(TABLE, "76.30").label("forest_cover")) == "森林覆盖率"
    assert around(TABLE, "12.4").label("good_air_days") is None


def test_what_is_asked_of_a_long_document_does_not_take_longer() -> None:
    text = "2021年公报。" + "森林覆盖率为76.30%，增加了。" * 200_000 + "造林面积5亩。"
    figure = around(text, "5亩")
    begun = time.perf_counter()
    assert figure.year("2021")
    assert figure.nearby("%")
    assert figure.label("afforestation_area")
    assert figure.said
    assert time.perf_counter() - begun < 2
