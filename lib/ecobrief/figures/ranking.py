"""Whether cities can be ranked, and whether their ranks survive other choices: what `ranking_and_robustness` shows.

First ranks indicator by indicator, the framework as written and what it covers. Then the index: `index` computes it with all
that was varied, or says why there is none, and every display of it is wrapped by `of_an_index`, which shows a sentence in its
place where there is none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any

import numpy as np
import pandas as pd

from ecobrief import compare
from ecobrief.compare import composite, weights
from ecobrief.compare.comparability import ATTRIBUTE_NAMES, WHOLE_PLACE, yardstick
from ecobrief.compare.composite import Case, Cell, Coverage, Matrix
from ecobrief.compare.report import VERDICT_NAMES
from ecobrief.compare.weights import Ranks
from ecobrief.datapackage import DataPackage
from ecobrief.datapackage.frameworks import Component, Framework
from ecobrief.figures import display, labels, phrases
from ecobrief.figures.display import Display
from ecobrief.figures.rows import Column, Row, columns_of
from ecobrief.wording import Lang, Message, amounts, joined, msg, nmsg, say, term

BESIDES = ("pm25_annual_mean",)
"""Indicators that are looked at beside those of a framework, where the package has them."""
DIRECTIONS = {1: msg("more is better"), -1: msg("less is better")}
NORMALISATIONS = {
    "goalposts": msg("goalposts"),
    "min_max": msg("least to greatest city (min-max)"),
    "z_score": msg("standard deviations from the mean (z-score)"),
}
AGGREGATIONS = {"arithmetic": msg("arithmetic mean"), "geometric": msg("geometric mean")}
SCORE = msg("score = share of the way from the worse goalpost to the better one; index = sum of weight × score")
RANK = msg("rank = one more than the cities with a higher index; cities that tie share their ranks")
OVER_WEIGHTS = msg("ranks of the sum of weight × score over all weightings considered, computed exactly")


# --- indicator by indicator --------------------------------------------------------------------------------------


def indicators(package: DataPackage, framework: Framework) -> list[str]:
    """The indicators of the framework, by weight, and those looked at beside them."""
    own = [each.indicator_id for each in _by_weight(framework)]
    known = set(package["indicators"]["indicator_id"]) - set(own)
    return own + [name for name in BESIDES if name in known]


def by_indicator(package: DataPackage, readings: pd.DataFrame, names: Sequence[str], lang: Lang) -> Display:
    """For each indicator the cities with a number, how many pairs of them compare, and their ranks or why none is ranked."""
    heads = {
        "indicator": msg("Indicator"),
        "cities": msg("Cities with a figure"),
        "pairs": msg("Pairs that compare"),
        "ranks": msg("Ranks, or why there are none"),
    }
    rows = []
    for name in names:
        own = _usable(readings, name)
        verdicts = [pair.verdict for pair in compare.pairs(package, own)]
        pairs = msg(
            "{count} of {all}; {part} with caveats",
            count=verdicts.count("comparable"),
            all=len(verdicts),
            part=verdicts.count("with_caveats"),
        )
        cells = {
            "indicator": phrases.indicator(package, name, lang),
            "cities": str(own["place_id"].nunique()),
            "pairs": say(pairs, lang) if verdicts else "—",
            "ranks": _ranks_of_readings(package, own, lang),
        }
        rows.append(Row(cells, tuple(own["observation_id"]), absent=own.empty))
    caption = msg("A city has every rank that the printed digits and conflicting sources allow.")
    columns = columns_of(heads, lang, ["cities"])
    return display.table(
        say(msg("Ranks, indicator by indicator"), lang), columns, rows, say(caption, lang), lang=lang
    )


def _usable(readings: pd.DataFrame, indicator_id: str) -> pd.DataFrame:
    """The numbers for whole cities, as `composite.coverage` takes them."""
    whole = (readings["place"] == WHOLE_PLACE) & readings["heads"] & readings["canonical_value"].notna()
    return readings[whole & (readings["indicator_id"] == indicator_id)]


def _ranks_of_readings(package: DataPackage, own: pd.DataFrame, lang: Lang) -> str:
    ranks = compare.standings(package, own)
    if ranks.empty:
        return say(compare.who_is_ranked(package, own), lang)
    said = [
        msg("{period}: {ranks}", period=phrases.when(period, lang), ranks=joined(_named(package, of_period)))
        for period, of_period in ranks.groupby("period", sort=True)
    ]
    return phrases.strung(said, lang)


def _named(package: DataPackage, ranks: pd.DataFrame) -> Iterator[Message]:
    for row in ranks.sort_values(["rank_best", "rank_worst"], kind="stable").itertuples():
        place = package.place_name(row.place_id)
        yield msg("{place} {rank}", place=place, rank=compare.ranks_text(row.ranks))


# --- framework and coverage --------------------------------------------------------------------------------------


def _by_weight(framework: Framework) -> list[Component]:
    return sorted(framework.components, key=lambda each: -each.weight)


def framework(package: DataPackage, stated: Framework, lang: Lang) -> Display:
    """The framework as written: weight, direction, goalposts, what figures must agree in to enter together, and why."""
    heads = {
        "indicator": msg("Indicator"),
        "weight": msg("Weight"),
        "direction": msg("Direction"),
        "goalposts": msg("Goalposts (score 0 and 1)"),
        "agree": msg("Figures must state and agree in"),
        "why": msg("Why"),
    }
    written = package["frameworks"]
    why = written[written["framework_id"] == stated.framework_id].set_index("indicator_id")
    rows = []
    for each in _by_weight(stated):
        unit = package.row("indicators", each.indicator_id)["unit"]
        attributes = yardstick(package, each.indicator_id).attributes
        ends = (each.goalpost_low, each.goalpost_high)[:: each.direction]
        cells = {
            "indicator": phrases.indicator(package, each.indicator_id, lang),
            "weight": str(each.weight),
            "direction": say(DIRECTIONS[each.direction], lang),
            "goalposts": say(amounts.amount("-".join(map(str, ends)), unit, "range"), lang),
            "agree": say(joined([msg("period"), *(ATTRIBUTE_NAMES[name] for name in attributes)]), lang),
            "why": say(term(why.loc[each.indicator_id], "reason"), lang),
        }
        rows.append(Row(cells))
    return display.table(say(msg("The framework"), lang), columns_of(heads, lang), rows, lang=lang)


def coverage(package: DataPackage, found: Coverage, lang: Lang) -> Display:
    """What enters for each city and indicator, or the figures there are and why they do not."""
    heads = {
        "indicator": msg("Indicator"),
        "city": msg("City"),
        "result": msg("Enters the index"),
        "value": msg("Figures (period)"),
        "why": msg("Why not"),
    }
    rows = []
    for cell in found.cells:
        dated = [phrases.dated(package.figures.loc[name], lang) for name in reversed(_ids(cell))]
        cells = {
            "indicator": phrases.indicator(package, cell.indicator_id, lang),
            "city": phrases.place(package, cell.place_id, lang),
            "result": say(_result(cell), lang),
            "value": say(joined(dated), lang) or "—",
            "why": phrases.strung(cell.reasons, lang),
        }
        rows.append(Row(cells, _ids(cell), absent=not cell.observation_ids))
    columns = columns_of(heads, lang, ["value"])
    return display.table(say(msg("What the index would be made of"), lang), columns, rows, lang=lang)


def _result(cell: Cell) -> Message:
    if cell.code == "enters":
        return msg("enters")
    return labels.ABSENCES.get(cell.code) or VERDICT_NAMES[cell.code]


def _ids(cell: Cell) -> tuple[str, ...]:
    """The reading that enters with those that conflict with it; where none enters, all that there are."""
    if cell.code != "enters":
        return cell.observation_ids
    return (cell.reading.observation_id, *filter(None, cell.reading.conflicts_with.split(";")))


def needed(package: DataPackage, found: Coverage, lang: Lang) -> Display:
    """What keeps the index from being made, reason by reason: figures that are missing, then figures that do not compare."""
    if not found.gaps:
        return display.sentence(say(msg("Every figure that the index needs is there."), lang), lang=lang)
    missing = [cell for cell in found.gaps if not cell.observation_ids]
    text = msg(
        "Of the {all} figures the index needs, {missing} are missing and {apart} are there but do not compare.",
        all=len(found.cells),
        missing=len(missing),
        apart=len(found.gaps) - len(missing),
    )
    rows = [Row({"text": say(text, lang)}, tuple(name for cell in found.gaps for name in _ids(cell)))]
    by_reason: dict[tuple[bool, Message], list[Cell]] = {}
    for cell in sorted(found.gaps, key=lambda cell: bool(cell.observation_ids)):
        for reason in cell.reasons:
            by_reason.setdefault((bool(cell.observation_ids), reason), []).append(cell)
    for (stated, reason), cells in by_reason.items():
        of_place: dict[str, list[str]] = {}
        for cell in cells:
            name = phrases.indicator(package, cell.indicator_id, lang)
            of_place.setdefault(cell.place_id, []).append(name)
        where = [
            msg("{city} ({indicators})", city=package.place_name(place), indicators=joined(names))
            for place, names in of_place.items()
        ]
        pattern = msg("To be settled, {reason}: {where}.") if stated else msg("Missing, {reason}: {where}.")
        line = Message(pattern.text, (("reason", reason), ("where", phrases.strung(where, lang))))
        rows.append(Row({"text": say(line, lang)}, tuple(name for cell in cells for name in _ids(cell))))
    return display.sentences(rows, lang=lang)


# --- the index ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Index:
    """An index by goalposts and arithmetic mean, with all that was varied; lists are in the order of the cities.

    `anywhere` are the ranks over all weightings, `bounded` over those with each weight between half and twice an equal one,
    `with_digits` the latter for all values that the printed digits and conflicting sources allow.
    """

    coverage: Coverage
    scores: Matrix
    cases: list[Case]
    left_out: dict[str, pd.DataFrame]
    anywhere: list[Ranks]
    bounded: list[Ranks]
    with_digits: list[Ranks]

    @property
    def own(self) -> pd.DataFrame:
        """Index and ranks as the framework states them."""
        table = self.cases[0].table
        assert table is not None, "an arithmetic mean is never refused"
        return table

    @property
    def inputs(self) -> tuple[str, ...]:
        """Every figure that entered."""
        return tuple(name for cell in self.coverage.cells for name in _ids(cell))

    def inputs_of(self, place: str) -> tuple[str, ...]:
        return tuple(name for cell in self.coverage.cells if cell.place_id == place for name in _ids(cell))


def index(package: DataPackage, found: Coverage) -> Index | Message:
    """The index, or why there is none: a gap in the coverage, or a value outside the goalposts."""
    if found.gaps:
        return nmsg(
            "No index is made: {count} of the {all} figures it needs is missing or does not compare.",
            "No index is made: {count} of the {all} figures it needs are missing or do not compare.",
            len(found.gaps),
            all=len(found.cells),
        )
    values = composite.matrix(found)
    for each in found.framework.components:
        within = values.point[each.indicator_id].between(float(each.goalpost_low), float(each.goalpost_high))
        if not within.all():
            return msg(
                "No index is made: {city} lies outside the goalposts of {indicator}.",
                city=package.place_name(within.idxmin()),
                indicator=term(package.row("indicators", each.indicator_id), "name"),
            )
    scores = composite.score_matrix(found.framework, values)
    anywhere, around = (region(len(values.point.columns)) for region in (weights.simplex, weights.around_equal))
    return Index(
        found,
        scores,
        composite.cases(found.framework, values.point),
        composite.leave_one_out(found.framework, values.point),
        weights.ranks(scores.point, anywhere),
        weights.ranks(scores.point, around),
        weights.ranks(scores.point, around, scores.low, scores.high),
    )


def of_an_index(what: Message) -> Callable[[Callable[[DataPackage, Index, Lang], Display]], Shown]:
    """Where there is no index, its display says so instead."""

    def rule(shown: Callable[[DataPackage, Index, Lang], Display]) -> Shown:
        @wraps(shown)
        def shown_or_refused(package: DataPackage, found: Index | Message, lang: Lang) -> Display:
            if isinstance(found, Message):
                text = msg("Without an index there is nothing to show of {what}.", what=what)
                return display.sentence(say(text, lang), lang=lang)
            return shown(package, found, lang)

        return shown_or_refused

    return rule
