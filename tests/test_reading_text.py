"""What is read is a plain copy of the text; every span of it leads back to the characters printed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecobrief.extraction.text import plain

PIECES = [
    "森林覆盖率",
    "1,234",
    " ",
    "  ",
    "\n",
    "\r\n",
    "　",
    "，",
    "。",
    "PM2.5",
    "涵養(yǎng)",
    "％",
    "１２",
    "\x00",
    "**",
    "a",
    "𠮷",
    "\t",
    "(",
    "畝",
]
texts = st.one_of(st.text(), st.lists(st.sampled_from(PIECES)).map("".join))


@given(texts)
def test_plain_characters_stand_in_the_order_they_were_printed_in(text: str) -> None:
    read = plain(text)
    places = [read.span(at, at + 1) for at in range(len(read.text))]
    assert all(end == start + 1 for start, end in places)
    assert [start for start, _ in places] == sorted({start for start, _ in places})
    assert not places or places[-1][1] <= len(text)


@given(texts)
def test_every_plain_character_is_the_one_printed_or_its_plain_form(text: str) -> None:
    read = plain(text)
    for at, char in enumerate(read.text):
        start, end = read.span(at, at + 1)
        alone = plain("x" + text[start:end] + "x").text[1:-1]
        assert char in (text[start:end], alone)


@pytest.mark.parametrize(
    ("printed", "meant"),
    [
        ("森林覆蓋率達到52.5％", "森林覆盖率达到52.5%"),
        ("林 面 积 4555 万 亩", "林面积4555万亩"),
        ("管控面积12,333.97平方公里", "管控面积12333.97平方公里"),
        ("涵養(yǎng)功能區(qū)", "涵养功能区"),
        ("完成 2. 91 亿\n元", "完成2.91亿元"),
        ("ＰＭ２．５年均浓度", "PM2.5年均浓度"),
        ("PM₂.₅", "PM2.5"),
        ("森  林  覆  盖", "森林覆盖"),
        ("增加5,6个", "增加5，6个"),
    ],
)
def test_what_only_spaces_words_out_is_left_out(printed: str, meant: str) -> None:
    assert plain(printed).text == meant


def test_a_line_that_a_column_broke_is_joined() -> None:
    lines = "全市推进国土绿化，大规模实施造林工程，全市森\n林覆盖率达到四成以上，中心城区空气质量优良天\n数为三百天。\n另起一行。"
    assert plain(lines).text.count("\n") == 1


def test_a_sentence_is_joined_over_a_page() -> None:
    page = "到二〇二五年，水生态环境明显改善，重要河流生态流量满足程度达到九成，水源涵养能力有所"
    assert "有所提高" in plain(page + "\n\n— 12 —\n\n提高，森林覆盖率稳定。").text


@pytest.mark.parametrize(
    "lines",
    [
        "甲市生态环境状况公报\n一、大气环境",
        "指标\t2020\t2025\n森林覆盖率\t50\t51",
        "第一句。\n第二句。",
        "甲市二〇二〇年公报\n2020年，" + "甲市空气质量达标。" * 20,
    ],
)
def test_headings_rows_and_whole_sentences_stay_on_their_lines(lines: str) -> None:
    assert plain(lines).text.count("\n") == lines.count("\n")


def test_a_span_over_left_out_characters_holds_them() -> None:
    text = "造林26.6 万\n亩。"
    read = plain(text)
    start = read.text.index("26.6")
    assert read.text[start : start + 6] == "26.6万亩"
    begin, end = read.span(start, start + 6)
    assert text[begin:end] == "26.6 万\n亩"
