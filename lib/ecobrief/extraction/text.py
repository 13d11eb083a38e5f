"""A text made plain for reading, with the way back to every character of the original.

Characters are exchanged one for one (full-width forms, traditional script, dashes), lines that columns or pages have broken are
joined, and what only spaces words out is left out: spaces inside words, commas of thousands, readings in pinyin. Nothing is
added, so a span of the plain text is a span of the original.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

HAN = "〇㐀-䶿一-鿿豈-﫿"
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_KEPT_WIDE = "，；：？！（）"
_ONE_FOR_ONE = {
    **_FULL_WIDTH,
    **{ord(wide): wide for wide in _KEPT_WIDE},
    **{ord(narrow): wide for narrow, wide in zip(";:?!()", "；：？！（）", strict=True)},
    **dict.fromkeys(map(ord, "\u00a0\u2002\u2003\u2007\u2009\u200a\u202f\u3000"), " "),
    **dict.fromkeys(map(ord, "–—―‐‑‒−─━﹣"), "-"),
    **dict.fromkeys(map(ord, "〜∼～"), "~"),
    **dict.fromkeys(map(ord, "﹪٪"), "%"),
    **{ord(sub): str(digit) for digit, sub in enumerate("₀₁₂₃₄₅₆₇₈₉")},
    ord("·"): "·",
    ord("．"): ".",
    ord("﹐"): "，",
    ord("µ"): "μ",
    ord("○"): "〇",
    ord("\u2028"): "\n",
    ord("\u2029"): "\n",
    ord("\x0b"): "\n",
    ord("\x0c"): "\n",
}
_SOFT = "\x00"
"""Stands where a line break is left out, until all that is left out is cut."""

_LEFT_OUT = re.compile(
    rf"""
    (?P<nothing>[\x00\u200b-\u200f\u00ad\ufeff*`][ \r\x00\u200b-\u200f\u00ad\ufeff*`]*)  # breaks that are joined, emphasis
    |(?<=[^\sA-Za-z0-9.])\ (?=\S) | (?<=\S)\ (?=[^\sA-Za-z0-9.])   # one space beside a Chinese character or a mark
    |(?<=[0-9]\.)\ (?=[0-9]) | (?<=[Mm])\ (?=2\.5|10\b)     # 2. 91, PM 2.5
    |(?<=[{HAN}])（[a-zɡāáǎàēéěèīíǐìōóǒòūúǔùüǖǘǚǜ]{{1,7}}）   # pinyin left by a converter
    |\r(?=\n)
    """,
    re.VERBOSE,
)
_THOUSANDS = re.compile(r"(?<![\d.,])\d{1,3}(?:,\d{3}){1,4}(?![\d,])")
_SPACED_OUT = re.compile(rf"(?<![^\s])[{HAN}](?: {{2,6}}[{HAN}](?![^\s])){{2,12}}")
_HEADING = re.compile(
    r"第?[一二三四五六七八九十]{1,3}[、章节条是]|（[一二三四五六七八九十\d]{1,3}）|\d{1,2}[、.](?!\d)|\d(?:\.\d){1,2} ?\D"
    r"|[●■◆▲※★①-⑳-]|专栏|[表图] ?\d|附[件表注]|注："
)
_CELLS = re.compile(r"[\t|│]|\S {2,}\S|\d +[\d-]|- +\d")
_SENTENCE_MARK = re.compile(r"[，。；]|,(?!\d{3})")
_SPACED_WORD = re.compile(rf"[{HAN}] (?=[{HAN}])")
_SPACED_DIGITS = re.compile(r"(?<=[0-9.PMpm]) (?=[0-9.Mm])")
_PAGE_NUMBER = re.compile(r"\s*(?:-+ ?\d{1,4} ?-+|第 ?\d{1,4} ?页.{0,12})\s*")
_BEFORE_UNIT = re.compile(r"\d ?[十百千]?[万亿]?$")
_UNIT_AHEAD = re.compile("[万亿]?(?:元|亩|公顷|平方|立方|微克|%|％|天|个百分点)")
_ENDS_SENTENCE = "。！？；：…"
_CLOSING = "”’』」）\"'"
_GOES_ON = "，,、（“《〈-/"


@dataclass(frozen=True, slots=True)
class PlainText:
    """`text` is what is read; `original[a:b]` for `a, b = span(i, j)` is where `text[i:j]` was printed."""

    original: str
    text: str
    _plain_starts: list[int]
    _original_starts: list[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where `text[start:end]` stands in the original; `start < end`."""
        return self._place(start), self._place(end - 1) + 1

    def _place(self, at: int) -> int:
        piece = bisect_right(self._plain_starts, at) - 1
        return self._original_starts[piece] + at - self._plain_starts[piece]


def plain(original: str) -> PlainText:
    """The text as it is read."""
    marked = _join_lines(_exchange(original))
    pieces, plain_starts, original_starts = [], [0], [0]
    length = at = 0
    for start, end in _cuts(marked):
        if end <= at:
            continue
        piece = marked[at : max(start, at)]
        pieces.append(piece)
        length += len(piece)
        at = end
        plain_starts.append(length)
        original_starts.append(at)
    pieces.append(marked[at:])
    return PlainText(original, "".join(pieces).replace(",", "，"), plain_starts, original_starts)


def _exchange(text: str) -> str:
    return text.translate({ord(char): simple for char in set(text) if (simple := _simplified(char)) != char})


@cache
def _simplified(char: str) -> str:
    """One character for another: never more, so that offsets stay."""
    other = _ONE_FOR_ONE.get(ord(char), char)
    plainer = other if isinstance(other, str) else chr(other)
    if plainer < "㐀":
        return plainer
    converted: str = _converter().convert(plainer)
    return converted if len(converted) == 1 else plainer


@cache
def _converter() -> Any:
    from opencc import OpenCC

    return OpenCC("t2s")


def _cuts(marked: str) -> Iterator[tuple[int, int]]:
    """What is left out, in order; cuts may overlap."""
    cuts = []
    for found in _LEFT_OUT.finditer(marked):
        start = found.start()
        while found["nothing"] and start and marked[start - 1] == " ":
            start -= 1
        cuts.append((start, found.end()))
    for found in _THOUSANDS.finditer(marked):
        cuts += [(i, i + 1) for i in range(*found.span()) if marked[i] == ","]
    for found in _SPACED_OUT.finditer(marked):
        cuts += [(i, i + 1) for i in range(*found.span()) if marked[i] == " "]
    return iter(sorted(cuts + _spaced_digits(marked)))


def _spaced_digits(marked: str) -> list[tuple[int, int]]:
    """Spaces inside numbers, where a line has spaces inside its words too (优 良 天 数 2 6 8 天)."""
    cuts, start = [], 0
    for line in marked.split("\n"):
        if not _row(line) and sum(1 for _ in _SPACED_WORD.finditer(line)) > 2:
            cuts += [(start + found.start(), start + found.end()) for found in _SPACED_DIGITS.finditer(line)]
        start += len(line) + 1
    return cuts


def _join_lines(text: str) -> str:
    lines = text.split("\n")
    joined = [lines[0]]
    last = lines[0].rstrip()
    blanks, turned = 0, False
    for line in lines[1:]:
        bare = line.strip()
        if not bare or _PAGE_NUMBER.fullmatch(bare):
            blanks += 1
            turned = turned or bool(bare)
            joined += ["\n", line]
            continue
        if _goes_on(last, bare, apart=blanks > 0 and not turned):
            if blanks:
                joined[-2 * blanks :] = [_SOFT * len(part) for part in joined[-2 * blanks :]]
            joined += [_SOFT, line]
        else:
            joined += ["\n", line]
        last, blanks, turned = line.rstrip(), 0, False
    return "".join(joined)


def _goes_on(line: str, following: str, *, apart: bool) -> bool:
    """Whether a sentence runs from one line into the next that is not blank; `apart` where blank lines stand between, but no
    end of a page."""
    bare = line.rstrip(_CLOSING + " ")
    if not bare or bare[-1] in _ENDS_SENTENCE or _row(line[-200:]) or _row(following[:200]):
        return False
    if _HEADING.match(following) and bare[-1] not in _GOES_ON:
        return False
    width, next_width = _width(line), _width(following)
    if not apart and _BEFORE_UNIT.search(bare[-12:]) and _UNIT_AHEAD.match(following):
        return True
    if apart:
        return (bare[-1] in _GOES_ON and width >= 20) or (width >= 60 and "，" in line and "，" in following)
    if bare[-1] in _GOES_ON:
        return True
    return width >= 24 and next_width <= 1.5 * width + 4


def _row(line: str) -> bool:
    """Whether a line looks like cells beside one another rather than part of a sentence."""
    if "\t" in line or "|" in line or "│" in line:
        return True
    return bool(_CELLS.search(line) and not _SENTENCE_MARK.search(line))


def _width(line: str) -> int:
    """In columns, spaces left out; a long line is wide enough when its first 200 characters are."""
    return sum(2 if char > "⺀" else 1 for char in line[:200] if char != " ")
