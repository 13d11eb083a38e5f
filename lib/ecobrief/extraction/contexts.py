"""The further spans of a figure, which tell its name, unit or year."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ecobrief.extraction import judged
from ecobrief.extraction.sheet import Row
from ecobrief.extraction.surroundings import Surroundings


@dataclass
class Contexts:
    """Rows of contexts.csv, which lack their identifier."""

    around: Surroundings
    rows: list[Row] = field(default_factory=list)

    def text(self, span: tuple[int, int]) -> str:
        return self.around.text[slice(*span)]

    def add(self, role: str, span: tuple[int, int]) -> None:
        start, end = map(str, span)
        if all((row["role"], row["start"]) != (role, start) for row in self.rows):
            self.rows.append({"role": role, "start": start, "end": end, "evidence": self.text(span)})

    def add_years(self, period: str) -> str:
        """How the years of a period are known; where they are printed becomes a context."""
        years = list(dict.fromkeys(re.findall(r"\d{4}", period)))
        spans = [self.around.year(year) for year in years]
        printed = [span for span in spans if span]
        for span in printed:
            if not self.around.start <= span[0] < self.around.end:
                self.add("period", span)
        if len(printed) < len(spans):
            return "relative" if judged.RELATIVE.search(self.around.said) else "inferred"
        if all(map(self.around.in_sentence, printed)):
            return "printed"
        return "heading" if all(end <= self.around.start for _, end in printed) else "inferred"
