"""Whether every figure still stands where the data package says it is printed.

`verify` looks up each span of a held document: the evidence of a figure, policy, project, zone or member of a list at its
offsets, and the further spans (contexts) that tell a figure's label, unit, period or scope. Beyond the place it asks whether
a figure's digits, its unit and a printed year do occur in those spans. A document that is not in the folder, or whose text
has another hash, leaves its spans *unverified*; what stands on pages that are not held has no span and is not counted.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any, Literal

import pandas as pd

from ecobrief.datapackage import FIGURES, DataPackage
from ecobrief.documents import Document

Result = Literal["found", "missing", "unverified"]
COLUMNS = ("table", "id", "role", "source_id", "start", "end", "evidence", "result", "reason")
_CHINESE_DIGITS = "零一二三四五六七八九"
_SIMPLE_NUMERALS = str.maketrans(
    "〇○两兩壹贰貳叁參肆伍陆陸柒捌玖拾佰仟萬點", "零零二二一二二三三四五六六七八九十百千万点"
)
"""Other ways to write a numeral: traditional, formal."""
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")


def verify(package: DataPackage, documents: Mapping[str, Document]) -> pd.DataFrame:
    """Every span of the held documents with what became of it.

    Args:
        documents: by text_sha256, as `documents.held` gives them.

    Returns:
        The columns of `DataPackage.spans`, result (found, missing, unverified) and reason (empty when found).
    """
    rows = [_checked(span, package, documents) for span in spans(package).to_dict("records")]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def spans(package: DataPackage) -> pd.DataFrame:
    """All spans that point into held documents: the columns of `DataPackage.spans`."""
    every = package.spans
    return every[every["start"].notna()].sort_values(["source_id", "start", "id"], kind="stable")


def unheld(package: DataPackage, documents: Mapping[str, Document]) -> list[str]:
    """The source_ids whose text is not among `documents`."""
    sources = package["sources"]
    of_documents = sources[sources["text_sha256"] != ""]
    return list(of_documents.loc[~of_documents["text_sha256"].isin(documents), "source_id"])


def _checked(span: dict[str, Any], package: DataPackage, documents: Mapping[str, Document]) -> dict[str, Any]:
    document = documents.get(package.record("sources", span["source_id"]).text_sha256)
    if document is None:
        return span | {"result": "unverified", "reason": "no document with this hash in the folder"}
    there = document.span(int(span["start"]), int(span["end"]))
    if there != span["evidence"]:
        return span | {"result": "missing", "reason": f"the text has {there!r} at these offsets"}
    prints_figure = span["table"] in FIGURES and span["role"] == "evidence"
    reason = _unsupported(span["id"], package) if prints_figure else ""
    return span | {"result": "missing" if reason else "found", "reason": reason}


def _unsupported(observation_id: str, package: DataPackage) -> str:
    """What of a figure its spans do not bear out: value, unit or printed year; empty when they bear out all."""
    figure = package.record("figures", observation_id)
    contexts = package.records("contexts", observation_id=observation_id)
    everywhere = [figure.evidence, *(context.evidence for context in contexts)]
    if figure.value and not all(prints_number(figure.evidence, part) for part in _parts(figure)):
        return f"the evidence does not print {figure.value}"
    if figure.value_text and _bare(figure.value_text) not in _bare(figure.evidence):
        return f"the evidence does not print {figure.value_text}"
    if figure.unit and not any(_bare(figure.unit) in _bare(text) for text in everywhere):
        return f"no span prints the unit {figure.unit}"
    if figure.period_basis == "printed":
        years = set(re.findall(r"\d{4}", figure.period))
        if not all(any(prints_year(text, year) for text in everywhere) for year in years):
            return f"no span prints {' and '.join(sorted(years))}"
    return ""


def _parts(figure: Any) -> list[str]:
    return figure.value.split("-") if figure.qualifier == "range" else [figure.value]


def prints_number(text: str, value: str) -> bool:
    """Whether the text prints the number with exactly these digits: ASCII, full-width, or Chinese.

    首位 prints 1, 两 prints 2, and 八成五 prints 85. `76.3` is not printed by "76.30" nor by "176.3".
    """
    folded, number = _THOUSANDS.sub("", _bare(text)), value.lstrip("+-")
    if re.search(rf"(?<![\d.]){re.escape(number)}(?![\d]|\.\d)", folded):
        return True
    simple = folded.translate(_SIMPLE_NUMERALS)
    # 十九 does not stand in 二十九, nor 一 in 一百.
    part_of_one = f"[{_CHINESE_DIGITS}十百千点]"
    spoken = "|".join(_spoken(number))
    if spoken and re.search(f"(?<!{part_of_one})(?:{spoken})(?!{part_of_one})", simple):
        return True
    return number == "1" and "首" in folded


def prints_year(text: str, year: str) -> bool:
    """Whether the text prints the year, in digits or in Chinese ones: 2022, 二〇二二."""
    bare = _bare(text)
    return year in bare or _digit_by_digit(year) in bare.translate(_SIMPLE_NUMERALS)


def _spoken(number: str) -> list[str]:
    """The Chinese numerals of a number below a hundred million, digits and decimal point: 92.3 → 九十二点三; 85 → 八成五."""
    whole, _, fraction = number.partition(".")
    if not whole.isdigit() or int(whole) >= 10**8:
        return []
    decimals = f"点{_digit_by_digit(fraction)}" if fraction else ""
    named = chinese_numeral(int(whole))
    # 一百一十 is said for 一百十, and 一十 for 十.
    spoken = {named, re.sub("^十", "一十", named), _digit_by_digit(whole)}
    if len(whole) == 2 and not fraction:
        spoken.add(f"{_digit_by_digit(whole[0])}成{_digit_by_digit(whole[1]).strip('零')}")
    return [f"{one}{decimals}" for one in spoken]


def _digit_by_digit(number: str) -> str:
    return "".join(_CHINESE_DIGITS[int(digit)] for digit in number)


def chinese_numeral(number: int) -> str:
    """A whole number below a hundred million in Chinese: 9 → 九, 19 → 十九, 20 → 二十, 1024 → 一千零二十四."""
    myriads, ones = divmod(number, 10_000)
    if myriads:
        rest = f"{'零' if ones < 1000 else ''}{_section(ones)}" if ones else ""
        return f"{chinese_numeral(myriads)}万{rest}"
    said = _section(number) or "零"
    return said[1:] if said.startswith("一十") else said


def _section(number: int) -> str:
    """A number below ten thousand as it is said behind others; empty for zero."""
    said, zero = "", False
    for place, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // place % 10
        if digit:
            said += ("零" if zero and said else "") + _CHINESE_DIGITS[digit] + name
        zero = not digit
    return said


def _bare(text: str) -> str:
    """Full-width forms folded and all blanks dropped, as columns of a newspaper put blanks inside words and numbers."""
    return "".join(unicodedata.normalize("NFKC", text).split())
