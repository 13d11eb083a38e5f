"""Whether cities can be ranked: indicator by indicator, and by an index; what its framework asks for and what is there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import pandas as pd

from ecobrief import compare
from ecobrief.compare.comparability import ATTRIBUTE_NAMES, WHOLE_PLACE, yardstick
from ecobrief.compare.composite import Cell, Coverage
from ecobrief.compare.report import VERDICT_NAMES
from ecobrief.compare.robustness import entered
from ecobrief.datapackage import DataPackage
from ecobrief.datapackage.frameworks import Component, Framework
from ecobrief.figures import by_id, display, labels, phrases
from ecobrief.figures.display import Display
from ecobrief.figures.rows import Row, columns_of
from ecobrief.wording import Lang, Message, amounts, joined, msg, say, term

BESIDES = ("pm25_annual_mean",)
"""Indicators that are looked at beside those of a framework, where the package has them."""
DIRECTIONS = {1: msg("more is better"), -1: msg("less is better")}


# --- indicator by indicator --------------------------------------------------------------------------------------


def indicators(package: DataPackage, framework: Framework) -> list[str]:
    """The indicators of the framework, by weight, and those looked at beside them."""
    own = [each.indicator_id for each in _by_weight(framework)]
    known = (name for name in BESIDES if package.records("indicators", indicator_id=name))
    return own + [name for name in known if name not in own]


def by_indicator(package: DataPackage, readings: pd.DataFrame, names: Sequence[str], lang: Lang) -> Display:
    """For each indicator the cities with a number, how many pairs of them compare, and their ranks or why none is ranked."""
    heads = {
        "indicator": msg("Indicator"),
        "cities": msg("Cities with a figure"),
        "pairs": msg("Pairs that compare"),
        "ranks": msg("Ranks, or why there are none"),
        "reasons": msg("Why pairs do not compare fully"),
    }
    rows = []
    for name in names:
        own = _usable(readings, name)
        judged = compare.pairs(package, own)
        verdicts = [pair.verdict for pair in judged]
        reasons = dict.fromkeys(reason.message for pair in judged for reason in pair.reasons)
        full, part = verdicts.count("comparable"), verdicts.count("with_caveats")
        pairs = msg("{count} of {all}", count=full, all=len(verdicts))
        if part:
            pairs = msg(
                "{count} of {all}, {part} more with caveats", count=full, all=len(verdicts), part=part
            )
        cells = {
            "indicator": phrases.indicator(package, name, lang),
            "cities": str(own["place_id"].nunique()),
            "pairs": say(pairs, lang) if verdicts else "—",
            "ranks": _ranks_of_readings(package, own, lang),
            "reasons": phrases.strung(reasons, lang),
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


def _ordered(framework: Framework, cells: Iterable[Cell]) -> list[Cell]:
    order = [each.indicator_id for each in _by_weight(framework)]
    return sorted(cells, key=lambda cell: order.index(cell.indicator_id))


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
        unit = package.record("indicators", each.indicator_id).unit
        attributes = yardstick(package, each.indicator_id).attributes
        worst, best = (each.goalpost_low, each.goalpost_high)[:: each.direction]
        cells = {
            "indicator": phrases.indicator(package, each.indicator_id, lang),
            "weight": str(each.weight),
            "direction": say(DIRECTIONS[each.direction], lang),
            "goalposts": say(amounts.amount(f"{worst}–{best}", unit), lang),
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
        "result": msg("Does it enter?"),
        "value": msg("Figures (period)"),
        "why": msg("Why not"),
    }
    rows = []
    for cell in _ordered(found.framework, found.cells):
        known = by_id.figures(package, cell.place_id, cell.indicator_id)
        figures = [known[name] for name in entered(cell)]
        own = figures[:1] if cell.code == "enters" else figures
        against = joined(phrases.value(figure, lang) for figure in figures[len(own) :])
        remarks = [msg("also printed: {values}", values=against)] if against.parts else cell.reasons
        cells = {
            "indicator": phrases.indicator(package, cell.indicator_id, lang),
            "city": phrases.place(package, cell.place_id, lang),
            "result": say(_result(cell), lang),
            "value": say(joined(phrases.dated(figure, lang) for figure in own), lang) or "—",
            "why": phrases.strung(remarks, lang),
        }
        rows.append(Row(cells, entered(cell), absent=not figures))
    columns = columns_of(heads, lang, ["value"])
    return display.table(say(msg("What the index would be made of"), lang), columns, rows, lang=lang)


def _result(cell: Cell) -> Message:
    if cell.code == "enters":
        return msg("enters")
    return labels.ABSENCES.get(cell.code) or VERDICT_NAMES[cell.code]


def needed(package: DataPackage, found: Coverage, lang: Lang) -> Display:
    """What keeps the index from being made, reason by reason: figures that are missing, then figures that do not compare."""
    if not found.gaps:
        return display.sentence(say(msg("Every figure that the index needs is there."), lang), lang=lang)
    gaps = _ordered(found.framework, found.gaps)
    missing = [cell for cell in gaps if not cell.observation_ids]
    apart = [cell for cell in gaps if cell.observation_ids]
    text = msg(
        "Of the {all} figures the index needs, {missing} are missing and {apart} are there but do not compare.",
        all=len(found.cells),
        missing=len(missing),
        apart=len(apart),
    )
    rows = [_line(text, gaps, lang)]
    for reason, cells in _by_reason(missing).items():
        where = _where(package, cells, lang)
        rows.append(_line(msg("Missing – {reason}: {where}.", reason=reason, where=where), cells, lang))
    for reason, cells in _by_reason(apart).items():
        where = _where(package, cells, lang)
        rows.append(
            _line(msg("Not comparable – {reason}: {where}.", reason=reason, where=where), cells, lang)
        )
    return display.sentences(rows, lang=lang)


def _by_reason(cells: Iterable[Cell]) -> dict[Message, list[Cell]]:
    found: dict[Message, list[Cell]] = {}
    for cell in cells:
        for reason in cell.reasons:
            found.setdefault(reason, []).append(cell)
    return found


def _where(package: DataPackage, cells: Sequence[Cell], lang: Lang) -> str:
    """The cities of these cells with their indicators: Benxi (forest cover and forest area); Chifeng (forest cover)."""
    names: dict[str, list[str]] = {}
    for cell in cells:
        names.setdefault(cell.place_id, []).append(phrases.indicator(package, cell.indicator_id, lang))
    return phrases.strung(
        (
            phrases.bracketed(phrases.place(package, place, lang), say(joined(own), lang), lang)
            for place, own in names.items()
        ),
        lang,
    )


def _line(text: Message, cells: Iterable[Cell], lang: Lang) -> Row:
    return Row(
        {"text": say(text, lang)}, tuple(dict.fromkeys(name for cell in cells for name in entered(cell)))
    )
