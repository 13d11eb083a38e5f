"""The lexicon: units, subjects and indicators with their names, read from `lexicon.yaml`.

A metric is what a figure may belong to: a name of an indicator, a short name (达标率), which is read only after a subject of its
indicator, or another metric, which keeps its figures from us.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

import yaml

from ecobrief.extraction.patterns import Search, expanded, expression


class BadLexicon(Exception):
    """The lexicon names a unit, subject or indicator that is not in it."""


@dataclass(frozen=True, slots=True)
class Indicator:
    """What the lexicon says of an indicator beside its names.

    A `flow` is counted over a period (新增 is no change of it), `annual` is read for whole years alone; better is +1 or -1.
    Short names of one that is `near` are read in the paragraph of its subject alone; words of `unless`
    before a figure in its clause tell that it is of something else; `siblings` are the indicators its names
    stand for with other kinds of unit; `definition` is the version to note where the text names none.
    """

    id: str
    units: frozenset[str]
    subject: str
    flow: bool
    annual: bool
    better: int
    near: bool
    definition: str
    siblings: dict[str, str] = field(hash=False)
    unless: re.Pattern[str] | None = field(hash=False)

    def change_units(self, *, certain: bool) -> set[str]:
        """The kinds of unit, beside its own, that its changes are printed in: percent where it is `certain` to be meant."""
        return ({"points"} if "percent" in self.units else set()) | ({"percent"} if certain else set())


@dataclass(frozen=True, slots=True)
class Metric:
    """One name; `indicator` is None for a metric of another kind."""

    pattern: str
    units: frozenset[str]
    indicator: Indicator | None = None
    short: bool = False


@dataclass(frozen=True, slots=True)
class Subject:
    """A word that says what a sentence is about; a weak one does not replace another subject of water."""

    name: str
    weak: bool


@dataclass(frozen=True, slots=True)
class Lexicon:
    """`search` finds metrics and subjects by their numbers in `meanings`; `shorts` are the names that may follow each subject,
    `strong` its words, `weak` the subjects whose names are shared (水质优良率 of sections or of sources), `sets` the words
    that end the name of a set of sections or sources."""

    indicators: dict[str, Indicator]
    meanings: tuple[Metric | Subject, ...]
    search: Search
    shorts: dict[str, tuple[tuple[re.Pattern[str], Indicator], ...]]
    strong: dict[str, re.Pattern[str]]
    weak: frozenset[str]
    sets: dict[str, re.Pattern[str]]
    units: dict[str, re.Pattern[str]]

    def unit_kind(self, printed: str) -> str:
        """percent, points, days, concentration, area, volume or money; empty for what is no unit."""
        return next((kind for kind, pattern in self.units.items() if pattern.fullmatch(printed)), "")

    def indicators_of(self, subject: str, text: str, start: int, end: int) -> list[Indicator]:
        """The indicators that the short name `text[start:end]` stands for after a subject."""
        return [
            indicator
            for pattern, indicator in self.shorts.get(subject, ())
            if pattern.fullmatch(text, start, end)
            or ((found := pattern.match(text, start)) and found.end() == end)
        ]


@cache
def lexicon() -> Lexicon:
    """The lexicon that stands beside the code."""
    return build(yaml.safe_load(resources.files(__package__).joinpath("lexicon.yaml").read_text("utf-8")))


def build(data: dict[str, Any]) -> Lexicon:
    """A lexicon of the parts `words`, `units`, `scaled`, `subjects`, `weak_subjects`, `indicators` and `others`.

    Raises:
        BadPattern: a name is no pattern of the small kind.
        BadLexicon: an indicator asks for a unit, subject or sibling that is not in the lexicon.
    """
    words = data.get("words", {})
    indicators = {name: _indicator(name, entry, data) for name, entry in data["indicators"].items()}
    names, shorts = [], []
    for known in indicators.values():
        entry = data["indicators"][known.id]
        kept = known.units | (known.siblings.keys() & {"percent", "days"})
        names += [Metric(expanded(name, words), kept) for name in entry.get("not", [])]
        names += [Metric(expanded(name, words), known.units, known) for name in entry["names"]]
        shorts += [
            Metric(expanded(name, words), known.units, known, short=True) for name in entry.get("short", [])
        ]
    others = [
        Metric(expanded(name, words), frozenset({unit}))
        for unit, listed in data.get("others", {}).items()
        for name in listed
    ]
    subjects = [
        (expanded(name, words), Subject(subject, weak))
        for weak, part in ((False, "subjects"), (True, "weak_subjects"))
        for subject, listed in data.get(part, {}).items()
        for name in listed
    ]
    by_subject: dict[str, list[tuple[re.Pattern[str], Indicator]]] = defaultdict(list)
    for metric in (*shorts, *names):
        if metric.indicator:
            by_subject[metric.indicator.subject].append(
                (re.compile(expression(metric.pattern)), metric.indicator)
            )
    metrics = (*names, *shorts, *others)
    return Lexicon(
        indicators,
        (*metrics, *(subject for _, subject in subjects)),
        Search([metric.pattern for metric in metrics] + [pattern for pattern, _ in subjects]),
        {subject: tuple(known) for subject, known in by_subject.items()},
        {
            subject: re.compile("|".join(expression(expanded(name, words)) for name in listed))
            for subject, listed in data.get("subjects", {}).items()
        },
        frozenset(data.get("weak_subjects", {})),
        {
            subject: re.compile("|".join(map(re.escape, listed)))
            for subject, listed in data.get("sets", {}).items()
        },
        {kind: _unit(kind, listed, data) for kind, listed in data["units"].items()},
    )


def _indicator(name: str, entry: dict[str, Any], data: dict[str, Any]) -> Indicator:
    indicator = Indicator(
        name,
        frozenset(entry["units"]),
        entry.get("subject", ""),
        entry.get("flow", False),
        entry.get("annual", False),
        entry.get("better", 1),
        entry.get("near", False),
        entry.get("definition", "not_stated"),
        entry.get("siblings", {}),
        re.compile("|".join(entry["unless"])) if entry.get("unless") else None,
    )
    unknown = (
        (indicator.units | indicator.siblings.keys()) - data["units"].keys()
        | {indicator.subject} - data["subjects"].keys() - {""}
        | set(indicator.siblings.values()) - data["indicators"].keys()
    )
    if unknown:
        raise BadLexicon(f"{name}: the lexicon has no {', '.join(sorted(unknown))}")
    return indicator


def _unit(kind: str, listed: list[str], data: dict[str, Any]) -> re.Pattern[str]:
    scale = "[十百千]?[万亿]?" if kind in data["scaled"] else ""
    return re.compile(
        f"{scale}(?:{'|'.join(expression(expanded(name, data.get('words', {}))) for name in listed)})"
    )
