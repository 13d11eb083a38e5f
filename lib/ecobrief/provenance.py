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
        if not all(any(year in _bare(text) for text in everywhere) for year in years):
            return f"no span prints {' and '.join(sorted(years))}"
    return ""


def _parts(figure: Any) -> list[str]:
    return figure.value.split("-") if figure.qualifier == "range" else [figure.value]


def prints_number(text: str, value: str) -> bool:
    """Whether the text prints the number with exactly these digits: ASCII, full-width, or Chinese below 100.

    首位 prints 1, and 两 prints 2.

    `76.3` is not printed by "76.30" nor by "176.3".
    """
    folded = _THOUSANDS.sub("", _bare(text))
    if re.search(rf"(?<![\d.]){re.escape(value.lstrip('+-'))}(?![\d]|\.\d)", folded):
        return True
    if not value.isdigit() or int(value) >= 100:
        return False
    # 十九 does not stand in 二十九, nor 一 in 一百.
    part_of_one = "[零〇一二三四五六七八九十百千]"
    numeral = rf"(?<!{part_of_one}){chinese_numeral(int(value))}(?!{part_of_one})"
    other_word = {"1": "首", "2": "两"}.get(value)
    return bool(re.search(numeral, folded)) or (other_word is not None and other_word in folded)


def chinese_numeral(number: int) -> str:
    """A whole number below 100 in Chinese: 9 → 九, 19 → 十九, 20 → 二十."""
    tens, ones = divmod(number, 10)
    if tens == 0:
        return _CHINESE_DIGITS[ones]
    return ("" if tens == 1 else _CHINESE_DIGITS[tens]) + "十" + (_CHINESE_DIGITS[ones] if ones else "")


def _bare(text: str) -> str:
    """Full-width forms folded and all blanks dropped, as columns of a newspaper put blanks inside words and numbers."""
    return "".join(unicodedata.normalize("NFKC", text).split())
