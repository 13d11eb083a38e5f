"""The text of a document, whatever its file format, or why there is none. All texts here are made up."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecobrief import documents
from ecobrief.documents import Unreadable
from ecobrief.extraction import files, html
from pdf_files import pdf

TEXT = "丁市2022年生态环境状况公报。\r\n全市森林覆盖率为76.30%，空气质量优良天数比例为90.7%。"
TRADITIONAL = "丁市二○二二年環境狀況公報。全市森林覆蓋率為百分之七十六點三，空氣品質良好的天數比例為九成。"


def reason(path: Path) -> str:
    with pytest.raises(Unreadable) as raised:
        files.read(path)
    return str(raised.value)


def file(folder: Path, content: bytes, name: str = "document.txt") -> Path:
    folder.joinpath(name).write_bytes(content)
    return folder / name


# --- plain text


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (TEXT, "utf-8"),
        (TEXT, "gb18030"),
        (TEXT, "gbk"),
        (TRADITIONAL, "utf-8"),
        (TRADITIONAL, "big5"),
        (TEXT, "utf-16"),
    ],
)
def test_plain_text_is_read_in_any_of_its_encodings(tmp_path: Path, text: str, encoding: str) -> None:
    assert files.text(file(tmp_path, text.encode(encoding))) == text


def test_traditional_text_in_gb18030_is_not_taken_for_big5(tmp_path: Path) -> None:
    assert files.text(file(tmp_path, TRADITIONAL.encode("gb18030"))) == TRADITIONAL


def test_a_text_in_utf_8_stands_as_it_is_with_its_mark_and_line_ends(tmp_path: Path) -> None:
    read = files.read(file(tmp_path, f"\ufeff{TEXT}".encode()))
    assert (read.text, read.extractor) == (f"\ufeff{TEXT}", "")
    assert files.read(file(tmp_path, TEXT.encode("gb18030"))).extractor == "gb18030"


def test_ascii_is_a_text(tmp_path: Path) -> None:
    assert files.text(file(tmp_path, b"PM2.5: 28")) == "PM2.5: 28"


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\0"), min_size=1).filter(str.strip))
def test_every_text_in_utf_8_is_read_back_or_is_another_format(text: str) -> None:
    raw = text.encode()
    if raw.startswith(tuple(files.OTHER_FORMATS)) or b"%PDF-" in raw or "<" in text:
        return
    assert files.of_bytes(raw).text == text


@given(st.binary(max_size=400))
def test_no_bytes_make_it_crash(raw: bytes) -> None:
    with suppress(Unreadable):
        files.of_bytes(raw).text.encode("utf-8")


# --- what has no text


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "is empty"),
        (b" \r\n\t", "is empty"),
        (b"\x7fELF\x02\x01\0\0", "is binary, no text"),
        (TEXT.encode("utf-16-le"), "is binary, no text"),
        (
            b"\xff\xff\xfe" * 50,
            "is text in no encoding known here: neither UTF-8 (byte 0) nor GB18030 nor Big5",
        ),
        ("déjà vu, où étaient-elles garçons".encode("latin-1"), "is text in no encoding known here"),
        (TEXT.encode() + b"\xff", "is text in no encoding known here"),
        (b"\xff\xfe\x00\xd8", "is not UTF-16, as it says it is"),
        (b"PK\x03\x04rest", "is a Word, Excel, OFD or ZIP file; save it as PDF with a text layer"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "is an old Word or Excel file"),
        (b"{\\rtf1 text}", "is an RTF file"),
        (b"\x89PNG\r\n\x1a\n\0", "is a picture"),
        (b"%PDF-1.7\nnothing that a PDF has", "is a damaged PDF"),
        (pdf(""), "is a PDF of pictures without a text layer"),
        (pdf("", ""), "is a PDF of pictures without a text layer"),
        (pdf("text", password="secret"), "is a PDF protected by a password"),
        (b"<html><body><script>1</script></body></html>", "is a page without text"),
    ],
)
def test_a_file_without_text_says_why_in_one_line(tmp_path: Path, content: bytes, why: str) -> None:
    told = reason(file(tmp_path, content))
    assert told.startswith(why)
    assert "\n" not in told


def test_a_folder_and_a_missing_path_are_told(tmp_path: Path) -> None:
    assert reason(tmp_path) == "is a folder; name the files in it"
    assert reason(tmp_path / "none.txt") == "is not there"
    assert reason(tmp_path / "no\0name") == "is not there"
    assert reason(tmp_path / ("long" * 200)).startswith("cannot be read")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes among its files")
def test_a_pipe_is_no_document(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert reason(tmp_path / "pipe") == "is not a file"


def test_a_file_that_would_fill_the_memory_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "MOST_BYTES", 2 << 20)
    assert reason(file(tmp_path, b"a" * (2 << 20) + b"b")) == "is larger than 2 MB; split it"


# --- PDF


def test_the_text_layer_of_a_pdf_is_read_page_by_page(tmp_path: Path) -> None:
    read = files.read(file(tmp_path, pdf("森林覆盖率为76.30%\n优良天数331天", "第二页"), "any.name"))
    assert read.text == "森林覆盖率为76.30%\n优良天数331天\n第二页"
    assert read.extractor.startswith("pypdfium2 ")


def test_a_scanned_page_among_others_does_not_keep_their_text_away(tmp_path: Path) -> None:
    assert files.text(file(tmp_path, pdf("", "优良天数331天"))) == "\n优良天数331天"


# --- HTML


def test_a_page_gives_a_line_for_each_block_and_a_tab_between_cells() -> None:
    page = """<h1>公报</h1><p>森林<b>覆盖率</b>
      为76.30%<br>优良天数331天</p>
      <table><tr><th>指标</th><th>数值</th></tr>
      <tr><td><p>PM2.5</p></td><td><p>28</p></td></tr></table><div>一<div>二</div>三</div><pre>四\n 五</pre>"""
    assert html.text(page).splitlines() == [
        "公报",
        "森林覆盖率 为76.30%",
        "优良天数331天",
        "指标\t数值",
        "PM2.5\t28",
        "一",
        "二",
        "三",
        "四",
        "五",
    ]


def test_scripts_menus_forms_and_what_is_hidden_are_left_out() -> None:
    page = (
        "<nav>首页</nav><script>var x = '331天'</script><style>p {}</style><p>正文</p><p hidden>甲</p><!-- 乙 -->"
        "<p style='DISPLAY : none'>丙</p><form>丁<input value='戊'></form><footer>版权</footer><template>己</template>"
    )
    assert html.text(page) == "正文"


def test_the_title_comes_first_unless_the_page_repeats_it() -> None:
    assert html.text("<title>2022年公报</title><p>331天") == "2022年公报\n331天"
    assert html.text("<title>2022年公报</title><h1>2022年公报</h1><p>331天") == "2022年公报\n331天"


@pytest.mark.parametrize("charset", ["gb2312", "GBK", "gb18030", "utf-8", "big5"])
def test_a_page_is_read_in_the_encoding_it_declares(tmp_path: Path, charset: str) -> None:
    page = f'<!DOCTYPE html><html><head><meta charset="{charset}"></head><body><p>公報331天</p></body></html>'
    codec = "gb18030" if charset.lower().startswith("gb") else charset
    assert files.text(file(tmp_path, page.encode(codec), "page")) == "公報331天"


def test_a_page_that_says_it_is_gb2312_and_is_utf_8_is_read_as_what_it_is(tmp_path: Path) -> None:
    page = '<html><meta charset="gb2312"><p>优良天数331天</p>'
    assert files.text(file(tmp_path, page.encode())) == "优良天数331天"


def test_a_page_may_be_known_by_its_name_alone(tmp_path: Path) -> None:
    assert files.text(file(tmp_path, "<p>331天</p>".encode(), "page.HTM")) == "331天"
    assert files.text(file(tmp_path, "<p>331天</p>".encode(), "page.txt")) == "<p>331天</p>"


@given(st.text(alphabet="<>/pdivtablrh =\"'!-&#;xa天\n\t", max_size=300))
def test_no_page_makes_it_crash(page: str) -> None:
    html.text(page).encode("utf-8")


@pytest.mark.parametrize("source", ["<div>", "<p><b id='x'>", "<span class=a>", "<table><tr><td>"])
def test_a_page_nested_without_end_is_told_at_once(tmp_path: Path, source: str) -> None:
    begun = time.perf_counter()
    assert (
        reason(file(tmp_path, f"<html>{source * 200_000}".encode())) == "is HTML nested more than 2000 deep"
    )
    assert time.perf_counter() - begun < 10


def test_a_long_page_is_no_deep_one() -> None:
    assert html.text("<div>天</div><p>天<li>天" * 5_000).count("天") == 15_000


# --- documents held in a folder


def test_a_document_of_any_format_is_found_by_the_hash_of_its_text(tmp_path: Path) -> None:
    file(tmp_path, TEXT.encode("gb18030"), "a.txt")
    file(tmp_path, pdf("优良天数331天"), "b.pdf")
    file(tmp_path, b"\0", "c.bin")
    held = documents.held(tmp_path, files.text)
    assert set(held) == {documents.text_hash(TEXT), documents.text_hash("优良天数331天")}
