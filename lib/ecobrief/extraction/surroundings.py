"""What stands around a figure in its document: where its name, unit and year are printed, as spans of the text."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from ecobrief.extraction.lexicon import lexicon
from ecobrief.extraction.text import PlainText, plain

BEFORE, AFTER = 3000, 200
"""How many characters before and after a figure are looked at for a unit or a word: a table with its head."""
HEADINGS, TOP = 30_000, 2000
"""How far before a figure a heading with its year is looked for; how many characters are the first lines of a document."""
LONGEST = 60
"""Characters of a span that data/ holds."""
_ENDS = re.compile(r"[。！？!?]|\n\s*\n")


@dataclass(frozen=True)
class Surroundings:
    """A figure, `text[start:end]`, in its text."""

    text: str
    start: int
    end: int

    @cached_property
    def sentence(self) -> tuple[int, int]:
        """The sentence it stands in."""
        first = max(0, self.start - BEFORE)
        before = [found.end() for found in _ENDS.finditer(self.text, first, self.start)]
        after = _ENDS.search(self.text, self.end, self.end + BEFORE)
        return before[-1] if before else first, after.start() if after else min(
            len(self.text), self.end + BEFORE
        )

    @cached_property
    def before(self) -> str:
        """What is printed before it in its sentence, made plain."""
        return plain(self.text[self.sentence[0] : self.start]).text

    @cached_property
    def said(self) -> str:
        """Its sentence, made plain."""
        return plain(self.text[slice(*self.sentence)]).text

    def inside(self, words: str) -> tuple[int, int] | None:
        """Where the words stand in the figure itself."""
        found = list(_places(plain(self.text[self.start : self.end]), words))
        return (self.start + found[-1][0], self.start + found[-1][1]) if found else None

    def nearby(self, words: str) -> tuple[int, int] | None:
        """Where the words are printed nearest to the figure, before it if they are."""
        first, window = self._window
        return self._nearest([(first + start, first + end) for start, end in _places(window, words)])

    def _nearest(self, spans: Sequence[tuple[int, int]]) -> tuple[int, int] | None:
        short = [span for span in spans if span[1] - span[0] <= LONGEST]
        before = [span for span in short if span[1] <= self.start]
        after = [span for span in short if span[0] >= self.end]
        return before[-1] if before else after[0] if after else None

    def label(self, indicator_id: str) -> tuple[int, int] | None:
        """Where the indicator's name is printed: the last one before the figure, else the first one after it."""
        first, window = self._window
        known = lexicon()
        found: list[tuple[int, int]] = []
        for start, end, number in known.search.finditer(window.text, 0, len(window.text)):
            indicator = getattr(known.meanings[number], "indicator", None)
            if indicator and indicator_id in (indicator.id, *indicator.siblings.values()):
                there = window.span(start, end)
                found.append((first + there[0], first + there[1]))
        return self._nearest(found)

    def year(self, year: str) -> tuple[int, int] | None:
        """Where the year is printed: in the figure's sentence, else nearest before it, else in the document's first lines, else
        after it."""
        printed = _year(year)
        first, last = self.sentence
        in_sentence = [found.span() for found in printed.finditer(self.text, first, last)]
        if in_sentence:
            return min(in_sentence, key=lambda span: abs(span[0] - self.start))
        before = deque(printed.finditer(self.text, max(0, self.start - HEADINGS), self.start), maxlen=1)
        top = printed.search(self.text, 0, min(TOP, self.start))
        found = before[0] if before else top or printed.search(self.text, self.end, self.end + BEFORE)
        return found.span() if found else None

    def in_sentence(self, span: tuple[int, int]) -> bool:
        return self.sentence[0] <= span[0] and span[1] <= self.sentence[1]

    @cached_property
    def _window(self) -> tuple[int, PlainText]:
        first = max(0, self.start - BEFORE)
        return first, plain(self.text[first : self.end + AFTER])


def _places(window: PlainText, words: str) -> Iterator[tuple[int, int]]:
    for found in re.finditer(re.escape(plain(words).text), window.text) if words.strip() else ():
        yield window.span(*found.span())


def _year(year: str) -> re.Pattern[str]:
    """A year in digits, full-width too, that columns may have spaced out, or in Chinese digits."""
    digits = r"\s?".join(f"[{digit}{chr(ord(digit) + 0xFEE0)}]" for digit in year)
    chinese = r"\s?".join(
        f"[{'〇零○Ｏ' if digit == '0' else '零一二三四五六七八九'[int(digit)]}]" for digit in year
    )
    return re.compile(rf"(?<![\d.]){digits}(?!\d)|{chinese}")
