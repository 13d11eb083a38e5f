"""Figures of a plain text: a number with its unit, as it is printed, and how exactly it is meant."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from ecobrief.extraction import numerals
from ecobrief.extraction.lexicon import lexicon

NUMBER = r"\d{1,12}(?:\.\d{1,6})?(?!\d)"
_TENTHS = "一二三四五六七八九"
_BEFORE = (
    ("at_least", "不低于|不少于|不小于|不得低于|不得少于|不能低于|至少|≥|大于等于|大于或等于"),
    ("at_most", "不高于|不超过|不大于|不得高于|不得超过|至多|≤|小于等于|小于或等于"),
    ("less_than", "不足|不到|低于|小于|少于|将近|接近|近|<|＜"),
    ("more_than", "超过|超出|高于|大于|多于|突破|超|逾|>|＞"),
    ("about", "大约|约为|约占|约|大概|左右"),
)
_AFTER = (
    ("at_least", "(?:及|或|和)?以上|起"),
    ("at_most", "(?:及|或|和)?以下|(?:之|以)内"),
    ("about", "左右|上下"),
)
_QUALIFIED_BEFORE = re.compile(
    "(?:" + "|".join(f"(?P<{name}>{words})" for name, words in _BEFORE) + r")[为在达到至了控制到]{0,3}[\[“]?$"
)
_QUALIFIED_AFTER = re.compile("|".join(f"(?P<{name}>{words})" for name, words in _AFTER))
_CHANGE_BEFORE = re.compile(
    "(?:[升降增减涨跌]|上升|下降|提高|增加|减少|降低|回落|改善|增长|提升|上涨|下滑)了?约?$"
)


@dataclass(frozen=True, slots=True)
class Figure:
    """`text[start:end]` of the plain text; `value` is a number, a range "70-80" or a fraction "2/3".

    `kind` is the kind of unit (empty for a bare number), `unit` as printed, `number_end` where the unit begins.
    """

    start: int
    end: int
    number_end: int
    value: str
    unit: str
    kind: str
    qualifier: str = "exact"

    @property
    def ends(self) -> tuple[str, str]:
        """Lower and upper end of a range, in the order printed."""
        low, _, high = self.value.partition("-")
        return low, high or low


@cache
def _pattern() -> re.Pattern[str]:
    unit = "|".join(pattern.pattern for pattern in lexicon().units.values())
    chinese = rf"(?<![第几{numerals.ALL}])(?<!(?<![天日个])数)(?:{numerals.DECIMAL})"
    return re.compile(
        rf"""
        (?P<below>[{numerals.ALL}]{{1,8}})分之(?P<above>{numerals.DECIMAL}|百)(?:(?P<above_to>[-~至到])百分之(?P<above_high>{numerals.DECIMAL}|百))?
        |(?<![\d/.])(?P<ratio>[1-9]\d?/[1-9]\d?)(?![\d/.年月])
        |(?<![{numerals.ALL}])(?P<tenths>[{_TENTHS}])成(?P<half>[{_TENTHS}半])?(?![立为功员熟本绩果长分交人就效年品形因套])
        |(?:(?<![\d.A-Za-z])(?P<low>{NUMBER})\]?(?P<low_unit>{unit}|[万亿](?=[-~至到和与]))?
           (?:(?:[-~至到]|[和与](?={NUMBER}(?:{unit})?(?:之间|区间|不等)))(?P<high>{NUMBER}))?|(?P<chinese>{chinese}|(?<=[为是])零(?![{numerals.ALL}\d])))
         (?P<scale>[十百千]?[万亿](?=[余多、，和与及]))?(?P<more>[余多](?![个种项处家次条座名]))?(?P<unit>{unit})?
        """,
        re.VERBOSE,
    )


def figures(text: str, start: int, end: int) -> Iterator[Figure]:
    """Every figure between two places, left to right; bare numbers too, since the unit may stand elsewhere."""
    for found in _pattern().finditer(text, start, end):
        if not (figure := _figure(found)):
            continue
        if found["high"] and found["low_unit"] and _changed_to(text, found, figure.kind):
            low_end, high_start = found.end("low_unit"), found.start("high")
            low, high = figure.ends
            kind = lexicon().unit_kind(found["low_unit"])
            unit = found["low_unit"].removeprefix("个")
            yield Figure(figure.start, low_end, found.end("low"), low, unit, kind)
            yield replace(figure, start=high_start, value=high)
            continue
        yield _qualified(figure, text, found)


def _changed_to(text: str, found: re.Match[str], kind: str) -> bool:
    """Whether a change and what it led to were read as a range: 下降6%至31微克/立方米, 增加5天至310天."""
    if not _CHANGE_BEFORE.search(text[max(0, found.start() - 6) : found.start()]):
        return False
    return lexicon().unit_kind(found["low_unit"]) != kind or float(found["high"]) > 3 * float(found["low"])


def _figure(found: re.Match[str]) -> Figure | None:
    if found["below"]:
        return _fraction(found)
    if found["ratio"]:
        return Figure(found.start(), found.end(), found.end(), found["ratio"], "", "percent")
    if found["tenths"]:
        half = {"": "0", "半": "5"}.get(found["half"] or "", "") or str(_TENTHS.index(found["half"]) + 1)
        value = f"{_TENTHS.index(found['tenths']) + 1}{half}"
        return Figure(found.start(), found.end(), found.end(), value, "%", "percent")
    unit = (found["scale"] or "") + (found["unit"] or "")
    if found["chinese"]:
        number = numerals.decimal(found["chinese"])
        if number is None or not (unit or found["chinese"] == "零"):
            return None
        return Figure(
            found.start(), found.end(), found.end("chinese"), number, unit, lexicon().unit_kind(unit)
        )
    low, high = found["low"], found["high"]
    unit = unit or found["low_unit"] or ""
    if high is None:
        end = max(found.end("unit"), found.end("low_unit"), found.end("scale"), found.end("low"))
        qualified = Figure(found.start(), end, found.end("low"), low, unit, lexicon().unit_kind(unit))
    else:
        qualified = Figure(
            found.start(), found.end(), found.end("high"), f"{low}-{high}", unit, lexicon().unit_kind(unit)
        )
    return replace(qualified, unit=qualified.unit.removeprefix("个"))


def _fraction(found: re.Match[str]) -> Figure | None:
    above = "100" if found["above"] == "百" else numerals.decimal(found["above"])
    if above is None:
        return None
    if found["below"] == "百":
        high = numerals.decimal(found["above_high"]) if found["above_high"] else None
        value = f"{above}-{high}" if high else above
        return Figure(found.start(), found.end(), found.end(), value, "%", "percent")
    below = numerals.whole(found["below"])
    return (
        Figure(found.start(), found.end(), found.end(), f"{above}/{below}", "", "percent") if below else None
    )


def _qualified(figure: Figure, text: str, found: re.Match[str]) -> Figure:
    if "-" in figure.value:
        return replace(figure, qualifier="range")
    if found["more"]:
        return replace(figure, qualifier="and_more")
    before = _QUALIFIED_BEFORE.search(text[max(0, figure.start - 8) : figure.start])
    after = _QUALIFIED_AFTER.match(text, figure.end)
    qualifier = (before or after) and (before or after).lastgroup  # type: ignore[union-attr]
    return replace(figure, qualifier=qualifier) if qualifier else figure
