"""How an index and its ranks are shown: scores, other ways of computing it, other weightings, dominance, trust.

All of it is made by `of_an_index`, so that where there is no index a sentence stands in its place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import wraps

import pandas as pd

from ecobrief import compare
from ecobrief.compare import weights
from ecobrief.compare.composite import AGGREGATIONS, NORMALISATIONS, Case
from ecobrief.compare.robustness import Index
from ecobrief.compare.weights import Ranks
from ecobrief.datapackage import DataPackage
from ecobrief.figures import display, phrases
from ecobrief.figures.display import Display
from ecobrief.figures.rows import Column, Row
from ecobrief.wording import Lang, Message, joined, msg, say

NORMALISED = dict(
    zip(NORMALISATIONS, (msg("goalposts"), msg("min-max over the cities"), msg("z-scores")), strict=True)
)
MEANS = dict(zip(AGGREGATIONS, (msg("arithmetic mean"), msg("geometric mean")), strict=True))
SCORE = msg(
    "score = part of the way from the worse to the better goalpost; index = sum of weight × score; rank by index"
)
OTHERWISE = msg("the index computed again with one choice changed; rank by index")
OVER_WEIGHTS = msg("every rank of the sum of weight × score over all weightings considered, computed exactly")


# --- the answer --------------------------------------------------------------------------------------------------


def answer(
    package: DataPackage, readings: pd.DataFrame, names: Sequence[str], found: Index | Message, lang: Lang
) -> Display:
    """Whether cities are ranked on any of these indicators, and whether an index is made and how firm its ranks are."""
    ranked = sum(
        not compare.standings(package, readings[readings["indicator_id"] == name]).empty for name in names
    )
    if ranked:
        first = msg(
            "Cities are ranked on {ranked} of the {count} indicators looked at.",
            ranked=ranked,
            count=len(names),
        )
    else:
        looked_at = joined(phrases.indicator(package, name, lang) for name in names)
        first = msg("No city is ranked on any indicator looked at: {indicators}.", indicators=looked_at)
    rest = [found] if isinstance(found, Message) else _firmness(found)
    parts = [first, *rest]
    return display.sentence(phrases.sentences(parts, lang), tuple(readings["observation_id"]), lang=lang)


def _firmness(found: Index) -> list[Message]:
    levels = [weights.trust([one], [other]) for one, other in zip(found.anywhere, found.bounded, strict=True)]
    return [
        msg("An index of {count} cities is made.", count=len(levels)),
        msg(
            "Cities with one rank whatever the weights: {all}; with one rank while the weights stay within bounds: {some}; "
            "with several ranks even then: {none}.",
            all=levels.count("same_for_all_weights"),
            some=levels.count("same_within_bounds"),
            none=levels.count("depends_on_weights"),
        ),
        msg(
            "Cities whose rank changes with the printed digits, another way of computing or an indicator left out: {count}.",
            count=sum(len(_otherwise(found, place)) > 1 for place in found.places),
        ),
    ]


# --- displays of an index ----------------------------------------------------------------------------------------

Heads = Mapping[str, Message | str]
Shown = Callable[[DataPackage, Index, Lang], Display]
ShownOrRefused = Callable[[DataPackage, Index | Message, Lang], Display]


def of_an_index(what: Message) -> Callable[[Shown], ShownOrRefused]:
    """The one rule for all that needs an index: where there is none, a sentence says so in its place."""

    def with_rule(shown: Shown) -> ShownOrRefused:
        @wraps(shown)
        def shown_or_refused(package: DataPackage, found: Index | Message, lang: Lang) -> Display:
            if isinstance(found, Message):
                text = msg("No index is made, so nothing is said of {what}.", what=what)
                return display.sentence(say(text, lang), lang=lang)
            return shown(package, found, lang)

        return shown_or_refused

    return with_rule


@of_an_index(msg("scores"))
def scores(package: DataPackage, found: Index, lang: Lang) -> Display:
    """The score of each city on each indicator by goalposts, the index at the framework's weights, and its rank."""
    names = list(found.scores.point.columns)
    of_names = {name: phrases.indicator(package, name, lang) for name in names}
    heads: Heads = {**of_names, "index": msg("Index"), "rank": msg("Rank")}
    title, caption = msg("Scores and index"), msg("More is better in every score; the best possible is 1.")

    def cells(place: str) -> dict[str, str]:
        own = {name: _number(found.scores.point.at[place, name]) for name in names}
        return own | {"index": _number(found.own.at[place, "score"]), "rank": _rank(found.own, place)}

    return _by_city(package, found, title, heads, cells, SCORE, caption, lang)


@of_an_index(msg("other ways of computing it"))
def by_case(package: DataPackage, found: Index, lang: Lang) -> Display:
    """Index and rank of each city by every normalisation with every mean; what cannot be computed is named with the reason."""
    made = {str(_case(case)): (_case(case), case.table) for case in found.cases if case.table is not None}
    refused = [
        msg("{way}: {reason}", way=_case(case), reason=case.refused) for case in found.cases if case.refused
    ]
    caption = msg("Index at the framework's weights, rank in brackets.")
    if refused:
        caption = msg(
            "Index at the framework's weights, rank in brackets. Not computed: {cases}.",
            cases=phrases.strung(refused, lang),
        )

    def cells(place: str) -> dict[str, str]:
        return {
            way: phrases.bracketed(_number(table.at[place, "score"]), _rank(table, place), lang)
            for way, (_, table) in made.items()
        }

    title, heads = msg("Other ways of computing the index"), {way: name for way, (name, _) in made.items()}
    return _by_city(package, found, title, heads, cells, OTHERWISE, caption, lang)


@of_an_index(msg("ranks with an indicator left out"))
def leave_one_out(package: DataPackage, found: Index, lang: Lang) -> Display:
    """The rank of each city with all indicators, and without each in turn."""
    if not found.left_out:
        text = msg("The framework rests on one indicator, so that none can be left out.")
        return display.sentence(say(text, lang), lang=lang)
    tables = {"all": found.own, **found.left_out}
    without = {
        name: msg("Without {indicator}", indicator=phrases.indicator(package, name, lang))
        for name in found.left_out
    }
    heads: Heads = {"all": msg("All indicators"), **without}
    title = msg("Ranks without one indicator")
    caption = msg("The other weights are scaled up so that they sum to one.")

    def cells(place: str) -> dict[str, str]:
        return {name: _rank(table, place) for name, table in tables.items()}

    return _by_city(package, found, title, heads, cells, OTHERWISE, caption, lang)


@of_an_index(msg("other weightings"))
def weightings(package: DataPackage, found: Index, lang: Lang) -> Display:
    """The ranks of each city at the framework's weights, over all weightings, within the bounds, and there with the digits."""
    heads: Heads = {
        "own": msg("Rank, the framework's weights"),
        "anywhere": msg("Ranks, all weightings"),
        "bounded": msg("Ranks, bounded weightings"),
        "digits": msg("Ranks, bounded weightings and all that the digits allow"),
    }
    title, caption = (
        msg("Ranks over other weightings"),
        msg(
            "All weightings: each weight at least zero, together one. Bounded: each between half and twice an equal weight. "
            "In brackets the share of the weightings that give the rank; a rank with a share of zero is taken in ties only."
        ),
    )

    def cells(place: str) -> dict[str, str]:
        number = found.places.index(place)
        return {
            "own": _rank(found.own, place),
            "anywhere": _with_shares(found.anywhere[number], lang),
            "bounded": _with_shares(found.bounded[number], lang),
            "digits": _text(_taken(found.bounded_digits[number])),
        }

    return _by_city(package, found, title, heads, cells, OVER_WEIGHTS, caption, lang)


@of_an_index(msg("cities that stand above others whatever the weights"))
def dominance(package: DataPackage, found: Index, lang: Lang) -> Display:
    """Which cities are nowhere worse and somewhere better than which, and whether the digits leave that open."""
    points = weights.dominance(found.scores.point)
    surely = weights.dominance(found.scores.low, found.scores.high)
    rows = []
    for number, place in enumerate(found.places):
        others = [other for other, above in zip(found.places, points[number], strict=True) if above]
        sure = [other for other, above in zip(found.places, surely[number], strict=True) if above]
        if not others:
            continue
        named = {"city": package.place_name(place), "others": joined(map(package.place_name, others))}
        parts = [
            msg(
                "{city} is nowhere worse and somewhere better than {others}, so never below whatever the weights.",
                **named,
            ),
            _despite_digits(package, others, sure),
        ]
        formula = say(msg("comparison of the scores, indicator by indicator"), lang)
        inputs = found.inputs([place, *others])
        rows.append(Row({"text": phrases.sentences(parts, lang)}, formula=formula, inputs=inputs))
    if not rows:
        text = msg("No city is at least as good as another on every indicator.")
        return display.sentence(say(text, lang), lang=lang)
    return display.sentences(rows, lang=lang)


@of_an_index(msg("how far ranks can be trusted"))
def trust(package: DataPackage, found: Index, lang: Lang) -> Display:
    """A plain sentence on each city: what its rank depends on."""
    rows = []
    for number, place in enumerate(found.places):
        anywhere, bounded = found.anywhere[number], found.bounded[number]
        ranks = {
            "city": package.place_name(place),
            "bounded": _text(_taken(bounded)),
            "anywhere": _text(_taken(anywhere)),
        }
        match weights.trust([anywhere], [bounded]):
            case "same_for_all_weights":
                first = msg("{city} has rank {anywhere} whatever the weights.", **ranks)
            case "same_within_bounds":
                first = msg(
                    "{city} has rank {bounded} within the bounds of the weights; all weightings allow {anywhere}.",
                    **ranks,
                )
            case _:
                first = msg(
                    "The rank of {city} depends on the weights: {bounded} within their bounds, {anywhere} over all weightings.",
                    **ranks,
                )
        if len(_otherwise(found, place)) == 1:
            second = msg("Digits, other ways of computing and leaving an indicator out do not change it.")
        else:
            second = msg(
                "At the framework's weights the digits allow {digits}, other ways of computing give {cases}, and leaving an "
                "indicator out gives {left_out}.",
                digits=_text(found.digits[number]),
                cases=_text(_ranks_in([found.own, *found.otherwise], place)),
                left_out=_text(_ranks_in([found.own, *found.left_out.values()], place)),
            )
        text = phrases.sentences([first, second], lang)
        rows.append(Row({"text": text}, formula=say(OVER_WEIGHTS, lang), inputs=found.inputs(found.places)))
    return display.sentences(rows, lang=lang)


# --- words -------------------------------------------------------------------------------------------------------


def _by_city(
    package: DataPackage,
    found: Index,
    title: Message,
    heads: Heads,
    cells: Callable[[str], dict[str, str]],
    formula: Message,
    caption: Message,
    lang: Lang,
) -> Display:
    """A row a city, computed from the figures of all: even a rank by fixed goalposts depends on the others."""
    columns = [Column("city", say(msg("City"), lang))]
    columns += [Column(name, say(head, lang), numeric=True) for name, head in heads.items()]
    how, inputs = say(formula, lang), found.inputs(found.places)
    rows = [
        Row({"city": phrases.place(package, place, lang), **cells(place)}, formula=how, inputs=inputs)
        for place in found.places
    ]
    return display.table(say(title, lang), columns, rows, say(caption, lang), lang=lang)


def _despite_digits(package: DataPackage, others: list[str], sure: list[str]) -> Message:
    if sure == others:
        return msg("This holds for all values that the printed digits allow.")
    if sure:
        names = joined(map(package.place_name, sure))
        return msg("For all values that the printed digits allow it holds for {sure} only.", sure=names)
    return msg("The printed digits leave this open.")


def _case(case: Case) -> Message:
    return msg(
        "{normalisation}, {mean}", normalisation=NORMALISED[case.normalisation], mean=MEANS[case.aggregation]
    )


def _number(score: float) -> str:
    return f"{score:.3f}".replace("-", "−")


def _text(ranks: Iterable[int]) -> str:
    return compare.ranks_text(";".join(map(str, sorted(ranks))))


def _rank(table: pd.DataFrame, place: str) -> str:
    return _text(_ranks_in([table], place))


def _ranks_in(tables: Iterable[pd.DataFrame], place: str) -> set[int]:
    """The ranks of a city in tables of `composite.aggregate`; where it ties, all that it shares."""
    ends = (table.loc[place, ["rank_best", "rank_worst"]].astype(int) for table in tables)
    return {rank for best, worst in ends for rank in range(best, worst + 1)}


def _taken(ranks: Ranks) -> Sequence[int]:
    """The ranks taken; beyond the number of cities for which all are found, all from best to worst."""
    return ranks.attained or range(ranks.best, ranks.worst + 1)


def _otherwise(found: Index, place: str) -> set[int]:
    """The ranks of a city at the framework's weights with the digits, ways of computing and indicators varied."""
    digits = found.digits[found.places.index(place)]
    return _ranks_in([found.own, *found.otherwise, *found.left_out.values()], place) | set(digits)


def _with_shares(ranks: Ranks, lang: Lang) -> str:
    """Each rank with the share of the weightings that give it: 1 (9.1%); 2 (90.9%)."""
    if ranks.shares is None:
        return _text(_taken(ranks))
    shared = {rank: ranks.shares.get(rank, 0.0) for rank in _taken(ranks)}
    each = (phrases.bracketed(str(rank), _percent(share), lang) for rank, share in shared.items())
    return phrases.strung(each, lang)


def _percent(share: float) -> str:
    percent = 100 * share
    if 0 < percent < 0.05:
        return "< 0.1%"
    return "> 99.9%" if 99.95 <= percent < 100 else f"{percent:.1f}%"
