"""A made-up document with its candidates, to try the review with. No such city, and no figure of it, exists."""

from __future__ import annotations

import tempfile
from pathlib import Path

from ecobrief.documents import text_hash
from ecobrief.extraction import sheet
from ecobrief.extraction.candidates import candidates

NAME = "sample_bulletin.txt"
TEXT = """示例市生态环境状况公报（编造的样例文本，没有这个城市）

2031年，示例市城区空气质量优良天数为331天，优良天数比例为90.7%，同比提高1.2个百分点。细颗粒物（PM2.5）年均浓度为28微克/立方米。
全市12个国控断面中，水质优良（Ⅰ—Ⅲ类）比例为91.7%，无劣Ⅴ类断面；县级以上集中式饮用水水源地水质达标率为100%。
森林覆盖率由2030年的61.20%提高到61.48%，森林蓄积量达到3056万立方米。全年完成造林面积12.4万亩。
到2035年，森林覆盖率不低于62%。
"""


def write(folder: Path | None = None) -> Path:
    """The table of candidates of the sample, beside the sample itself, in a folder (a temporary one, if none is named)."""
    folder = folder or Path(tempfile.mkdtemp(prefix="ecobrief-sample-"))
    folder.joinpath(NAME).write_text(TEXT, encoding="utf-8", newline="")
    digest = text_hash(TEXT)
    review = {"text_sha256": digest, "source_id": sheet.source_id(NAME, digest)}
    found = candidates(TEXT, document=NAME, published="2032-06-05")
    table = folder / "candidates.csv"
    written = sheet.BOM + sheet.HEADER + sheet.body(sheet.row(one, **review) for one in found)
    table.write_text(written, encoding="utf-8", newline="")
    return table
