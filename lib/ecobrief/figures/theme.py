"""What charts look like, whoever draws them: fonts, colours, symbols, text widths, text safe for plotly."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Literal

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

Scheme = Literal["light", "dark"]

# Names as in the CSS of a page, without their "--chart-". Light: the first four of Okabe and Ito's colours (2008), for
# their two palest wine and indigo of Paul Tol's muted scheme (2021). Dark: Okabe and Ito's without their blue. All of
# them, and axis lines, have a contrast of 3:1 with the sheet, texts of 4.5:1; no two of the six come near each
# other for readers without red or green cones. Light colours are all different, so that one can be found for another.
PALETTES: dict[Scheme, dict[str, str]] = {
    "light": {
        "1": "#0072B2",
        "2": "#D55E00",
        "3": "#009E73",
        "4": "#CC79A7",
        "5": "#882255",
        "6": "#332288",
        "benchmark-1": "#4f5965",
        "benchmark-2": "#7a5c2e",
        "ink": "#1f2328",
        "quiet": "#5b6370",
        "axis": "#868e99",
        "rule": "#dfe3e8",
        "sheet": "#ffffff",
    },
    "dark": {
        "1": "#56B4E9",
        "2": "#D55E00",
        "3": "#009E73",
        "4": "#CC79A7",
        "5": "#E69F00",
        "6": "#F0E442",
        "benchmark-1": "#b3bdc9",
        "benchmark-2": "#c9a66b",
        "ink": "#e6ecea",
        "quiet": "#a8b3b3",
        "axis": "#74807f",
        "rule": "#2b3437",
        "sheet": "#14191b",
    },
}
_LIGHT = PALETTES["light"]
_NAMES = {colour: name for name, colour in _LIGHT.items()}
INK, QUIET, AXIS, RULE = (_LIGHT[name] for name in ("ink", "quiet", "axis", "rule"))
# The sheet that a chart lies on, seen in hollow markers and behind words that cross a line.
SHEET = _LIGHT["sheet"]
CLEAR = "rgba(0,0,0,0)"
TEXT_SIZE = 13
SMALL_SIZE = 12
FINE_SIZE = 11


def paint(colour: str) -> str:
    """A colour of the light palette as a picture in a page has it: the page may put another in its place."""
    return f"var(--chart-{_NAMES[colour]},{colour})"


def declarations(scheme: Scheme) -> list[str]:
    """What the style sheet of a page says to show charts in a scheme: `--chart-1: #0072B2;` and so on."""
    return [f"--chart-{name}: {colour};" for name, colour in PALETTES[scheme].items()]


_COLOURS = tuple(_LIGHT[str(number)] for number in range(1, 7))
_SYMBOLS = ("circle", "square", "diamond", "triangle-up", "pentagon", "hexagon")
_DASHES = ("solid", "9px,3px", "2px,3px", "9px,3px,2px,3px", "5px,2px", "12px,3px,2px,3px,2px,3px")
_BENCHMARK_COLOURS = (_LIGHT["benchmark-1"], _LIGHT["benchmark-2"])
_BENCHMARK_SYMBOLS = (
    *("x", "cross", "triangle-down", "triangle-left"),
    *("bowtie", "hourglass", "star-triangle-up", "triangle-right"),
)
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
            # Past eight the symbols come round with other dashes.
            turn, place = divmod(number, len(_BENCHMARK_SYMBOLS))
            styles[label] = Style(
                _BENCHMARK_COLOURS[place // 4],
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
    "city": Style(_COLOURS[0], "circle", "solid", 2, 12),
    "peer": Style(_COLOURS[0], "circle", "solid", 2, 12),
    "benchmark": Style(_BENCHMARK_COLOURS[0], "diamond", "2px,3px", 1.5, 11),
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
    if text.isprintable():
        return text
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
    return size * _hundredths(text) / 100


def _hundredths(text: str) -> int:
    """The width of a text in hundredths of an em: whole numbers, so that the widths of its parts add up to it."""
    return 56 * len(text) if text.isascii() else sum(map(_hundredths_of, text))


@cache
def _hundredths_of(char: str) -> int:
    return 100 if unicodedata.east_asian_width(char) in "WF" else 56


def shortened(text: str, width: float, size: float = TEXT_SIZE) -> str:
    """The text, cut with … where it is wider than `width` pixels; the table of the chart holds it whole."""
    if text_width(text, size) <= width:
        return text
    # One em is for the sign that the text is cut.
    used, room = 100, 100 * width / size
    for end, char in enumerate(text):
        used += _hundredths_of(char)
        if used > room:
            return text[:end].rstrip() + "…"
    return text.rstrip() + "…"


# A word with the space behind it, or one full-width character with the punctuation that may not begin a line.
_PIECE = re.compile(r"[^\s\u2e80-\uffef]+\s*|[\u2e80-\uffef][，。；：、！？）】》”’%]*\s*|\s+")


def wrapped(text: str, width: float, size: float = TEXT_SIZE, most: int = 6) -> list[str]:
    """The text in at most `most` lines of at most `width` pixels, Chinese broken between characters."""
    lines, used, room = [""], 0, 100 * width / size
    for piece in _PIECE.findall(text):
        if used and used + _hundredths(piece.rstrip()) > room:
            lines.append("")
            used = 0
        lines[-1] += piece
        used += _hundredths(piece)
    lines = [shortened(line.rstrip(), width, size) for line in lines]
    if len(lines) > most:
        lines = [*lines[: most - 1], shortened(lines[most - 1], width - size, size).rstrip("…") + "…"]
    return lines
