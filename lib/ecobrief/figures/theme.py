"""What charts look like, whoever draws them: fonts, colours, symbols, text widths, text safe for plotly."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from ecobrief.figures.chart import Chart, Role
from ecobrief.wording import Lang

# Named fonts of Windows, macOS, Android and Linux. Chinese pages name the Chinese fonts first, so that
# quotation marks and dashes have their full width.
_LATIN = (
    'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", "Liberation Sans", Arial'
)
_CHINESE = (
    '"PingFang SC", "Microsoft YaHei", "Noto Sans SC", "Noto Sans CJK SC", "Source Han Sans SC", "Heiti SC"'
)
FONTS: dict[Lang, str] = {
    "zh": f"{_CHINESE}, {_LATIN}, sans-serif",
    "en": f"{_LATIN}, {_CHINESE}, sans-serif",
}

INK = "#1f2328"
QUIET = "#5b6370"
RULE = "#dfe3e8"
AXIS = "#9aa1ab"
CLEAR = "rgba(0,0,0,0)"
# The sheet that a chart lies on, seen in hollow markers and behind words that cross a line.
SHEET = "#ffffff"
TEXT_SIZE = 13
SMALL_SIZE = 12

# Okabe and Ito's colours, the two palest last and the yellow left out: it is not seen on white.
_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
_SYMBOLS = ("circle", "square", "diamond", "triangle-up", "pentagon", "hexagon")
_DASHES = ("solid", "9px,3px", "2px,3px", "9px,3px,2px,3px", "5px,2px", "12px,3px,2px,3px,2px,3px")
_BENCHMARK_COLOURS = (QUIET, "#7A5C2E")
_BENCHMARK_SYMBOLS = ("x", "cross", "triangle-down", "bowtie", "hourglass", "star-triangle-up")
_BENCHMARK_DASHES = ("5px,4px", "2px,4px", "8px,4px,2px,4px")


@dataclass(frozen=True)
class Style:
    """How one series is drawn: no two share symbol and dash, so colour never speaks alone.

    `symbol` is a name of plotly's; a hollow marker is filled with SHEET. `dash` is "solid" or a list
    of pixels.
    """

    colour: str
    symbol: str
    dash: str
    width: float
    size: float


def series_styles(chart: Chart) -> dict[str, Style]:
    """A style for every label of a chart of series, in order of appearance within its role."""
    styles: dict[str, Style] = {}
    count: dict[bool, int] = {True: 0, False: 0}
    roles: dict[str, Role] = {}
    for mark in chart.rows:
        roles.setdefault(mark.label, mark.role)
    set_for = {mark.label: mark.of for mark in chart.rows}
    for label, role in roles.items():
        beside = role in ("benchmark", "target")
        number = count[beside]
        count[beside] += 1
        if role == "target":
            own = styles.get(set_for[label])
            colour = own.colour if own else INK
            styles[label] = Style(colour, "star", _BENCHMARK_DASHES[number % 3], 1, 11)
        elif role == "benchmark":
            # Past six the symbols come round with other dashes.
            turn, place = divmod(number, len(_BENCHMARK_SYMBOLS))
            styles[label] = Style(
                _BENCHMARK_COLOURS[place // 3],
                _BENCHMARK_SYMBOLS[place],
                _BENCHMARK_DASHES[(place + turn) % 3],
                1.5,
                8,
            )
        else:
            # Past six the colours come round shifted against the symbols, and so do the dashes.
            turn, place = divmod(number, len(_COLOURS))
            styles[label] = Style(
                _COLOURS[(place + 2 * turn) % len(_COLOURS)],
                _SYMBOLS[place],
                _DASHES[(place + turn) % len(_DASHES)],
                1.5 if role == "peer" else 2,
                9,
            )
    return styles


RANGE_STYLES: dict[Role, Style] = {
    "city": Style("#0072B2", "circle", "solid", 2, 12),
    "peer": Style("#0072B2", "circle", "solid", 2, 12),
    "benchmark": Style(QUIET, "diamond", "2px,3px", 1.5, 11),
    "target": Style(INK, "star", "2px,3px", 1.5, 13),
}


BREAK_STYLE = Style(QUIET, "circle", "1px,4px", 1, 0)
"""Of the upright lines where a definition begins."""


def plotly_text(text: str) -> str:
    """Text that plotly shows as it stands: the one way for words of a document or table into a figure.

    Plotly reads a few tags and entities in every text, and MathJax (which JupyterLab has) what stands between
    dollar signs.
    """
    for sign, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("$", "&#36;")):
        text = text.replace(sign, entity)
    return plain_text(text)


def plain_text(text: str) -> str:
    """The text with spaces for control characters and without marks that turn the direction of writing, which would reach
    beyond their own text."""
    kept = (
        " " if unicodedata.category(char) == "Cc" else char for char in text if char not in _DIRECTION_MARKS
    )
    return "".join(kept)


_DIRECTION_MARKS = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def plotly_lines(lines: Iterable[str]) -> str:
    """Several lines of one text, each made safe."""
    return "<br>".join(plotly_text(line) for line in lines)


def text_width(text: str, size: float = TEXT_SIZE) -> float:
    """About how wide a text is in pixels: a full-width character is one em, any other half and a little."""
    return size * sum(1.0 if unicodedata.east_asian_width(char) in "WF" else 0.56 for char in text)


def shortened(text: str, width: float, size: float = TEXT_SIZE) -> str:
    """The text, cut with … where it is wider than `width` pixels; the table of the chart holds it whole."""
    if text_width(text, size) <= width:
        return text
    used, kept = size, ""
    for char in text:
        used += text_width(char, size)
        if used > width:
            break
        kept += char
    return kept.rstrip() + "…"


# A word with the space behind it, or one full-width character with the punctuation that may not begin a line.
_PIECE = re.compile(r"[^\s\u2e80-\uffef]+\s*|[\u2e80-\uffef][，。；：、！？）】》”’%]*\s*|\s+")


def wrapped(text: str, width: float, size: float = TEXT_SIZE, most: int = 6) -> list[str]:
    """The text in at most `most` lines of at most `width` pixels, Chinese broken between characters."""
    lines = [""]
    for piece in _PIECE.findall(text):
        if lines[-1] and text_width(lines[-1] + piece.rstrip(), size) > width:
            lines.append("")
        lines[-1] += piece
    lines = [shortened(line.rstrip(), width, size) for line in lines]
    if len(lines) > most:
        lines = [*lines[: most - 1], shortened(lines[most - 1], width - size, size).rstrip("…") + "…"]
    return lines
