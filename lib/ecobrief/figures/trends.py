"""Series, the breaks between them, and what trend each one bears, as one table."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from ecobrief import compare
from ecobrief.compare.series import Series
from ecobrief.compare.trends import READINGS_FOR_A_CLAIM, READINGS_FOR_A_SLOPE, Trend, trend
from ecobrief.datapackage import DataPackage
from ecobrief.figures import display, labels, phrases
from ecobrief.figures.display import Display
from ecobrief.figures.rows import Row, columns_of, trimmed
from ecobrief.wording import Lang, joined, msg, nmsg, say
from ecobrief.wording.amounts import Label

TREND_COLUMNS = {
    "place": msg("City or benchmark"),
    "basis": msg("Definition and network"),
    "years": msg("Years"),
    "readings": msg("Readings"),
    "break": msg("Break before it, or beside it"),
    "slope": msg("Change a year"),
    "trend": msg("What it shows"),
}


def trends(package: DataPackage, readings: pd.DataFrame, lang: Lang) -> Display:
    """A row for each series of readings of one indicator: basis, years, the break before it, slope and trend.

    A sentence where no reading is dated.
    """
    found = compare.series(package, readings)
    if not found:
        text = msg("No dated figure is printed, so that there is no series.")
        return display.sentence(say(text, lang), lang=lang)
    columns = columns_of(TREND_COLUMNS, lang, ["readings", "slope"])
    rows = [_row(package, one, trend(one), lang) for one in found]
    columns, rows = trimmed(columns, rows, ["place", "years", "readings", "trend"])
    indicator = phrases.indicator(package, found[0].indicator_id, lang)
    title = say(msg("{indicator}: series, breaks and trends", indicator=indicator), lang)
    caption = say(
        msg(
            "Change a year: the median of the slopes of all pairs of readings (Theil–Sen). The bracket holds what printed "
            "digits and conflicting sources allow; it is no confidence interval. p: exact Mann–Kendall test, two-sided, as if "
            "the years did not depend on one another."
        ),
        lang,
    )
    return display.table(title, columns, rows, caption=caption if _any_slope(rows) else "", lang=lang)


def _any_slope(rows: list[Row]) -> bool:
    return any(row.cells.get("slope") for row in rows)


def _row(package: DataPackage, one: Series, of: Trend, lang: Lang) -> Row:
    first, last = one.rows[0], one.rows[-1]
    whole = f"{first.period[:4]}/{last.period.rpartition('/')[2][:4]}"
    cells = {
        "place": phrases.place(package, one.place_id, lang),
        "basis": _basis(package, first, lang),
        "years": phrases.when(first.period if len(one.rows) == 1 else whole, lang),
        "readings": _count(one, lang),
        "break": _break(package, one, lang),
        "slope": _slope(one, of, lang),
        "trend": say(_answer(one, of, lang), lang),
    }
    ids = tuple(row.observation_id for row in one.rows)
    if not cells["slope"]:
        return Row(cells, ids, doors={"years": ids[:1], "readings": ids})
    formula = msg(
        "median of the slopes of all pairs of {count} readings: {slope}", count=of.count, slope=cells["slope"]
    )
    return Row(cells, formula=say(formula, lang), inputs=ids)


def _basis(package: DataPackage, row: Any, lang: Lang) -> str:
    parts: list[Any] = [phrases.definition(package, row, lang), labels.NETWORKS[row.network]]
    return phrases.strung([*parts, labels.ADJUSTMENTS[row.adjustment]], lang)


def _count(one: Series, lang: Lang) -> str:
    if not one.carried:
        return str(len(one.rows))
    return say(
        msg("{count}, of which {carried} carried forward", count=len(one.rows), carried=len(one.carried)),
        lang,
    )


def _break(package: DataPackage, one: Series, lang: Lang) -> str:
    """What changed since the series before, or may have changed."""
    if one.after is None:
        return ""
    if one.after.beside:
        reasons = joined(
            reason.message for reason in one.after.reasons if reason.bar or not one.after.certain
        )
        return say(msg("runs beside another series: {reasons}", reasons=reasons), lang)
    bars = [reason.message for reason in one.after.reasons if reason.bar]
    since = phrases.when(one.after.before.period, lang)
    if bars:
        return say(msg("after {period}: {reasons}", period=since, reasons=joined(bars)), lang)
    reasons = joined(reason.message for reason in one.after.reasons)
    return say(msg("perhaps after {period}: {reasons}", period=since, reasons=reasons), lang)


def _slope(one: Series, of: Trend, lang: Lang) -> str:
    if of.slope is None or of.slope_low is None or of.slope_high is None:
        return ""
    return phrases.change(of.slope, (of.slope_low, of.slope_high), one.rows[0].canonical_unit, 3, lang)


def _answer(one: Series, of: Trend, lang: Lang) -> Label:
    numbers = {
        "p": _p(of.p or 0, lang),
        "greatest": phrases.number(math.ceil((of.p_greatest or 0) * 1e4) / 1e4, 4, lang),
    }
    match of.answer:
        case "carried_forward":
            return msg("One reading carried forward, so that no trend can be told.")
        case "too_few":
            return nmsg(
                "No slope: {count} reading; a slope needs {least}, a claim {claim}.",
                "No slope: {count} readings; a slope needs {least}, a claim {claim}.",
                of.count,
                least=READINGS_FOR_A_SLOPE,
                claim=READINGS_FOR_A_CLAIM,
            )
        case "slope_only":
            ends = {"low": of.pair_low or 0, "high": of.pair_high or 0}
            pairs = {name: phrases.number(end, 2, lang) for name, end in ends.items()}
            return msg(
                "No claim: {count} readings, a claim needs {least}. Single pairs slope from {low} to {high}.",
                **pairs,
                count=of.count,
                least=READINGS_FOR_A_CLAIM,
            )
        case "unstated":
            unstated = joined(one.unstated)
            return msg(
                "No claim, because not stated: {attributes} (p {p}).", attributes=unstated, p=numbers["p"]
            )
        case "approximate":
            return msg("No claim, because a value is approximate (p {p}).", p=numbers["p"])
        case "rising":
            found = msg("Rises (p {p}, at most {greatest} for any values the digits allow).", **numbers)
        case "falling":
            found = msg("Falls (p {p}, at most {greatest} for any values the digits allow).", **numbers)
        case _:
            found = msg(
                "No trend told (p {p}, at most {greatest} for any values the digits allow).", **numbers
            )
    return _with_autocorrelation(found, of, lang)


def _p(probability: float, lang: Lang) -> str:
    """Never 0, which no p is."""
    return "< 0.0001" if probability < 1e-4 else f"= {phrases.number(probability, 4, lang)}"


def _with_autocorrelation(found: Label, of: Trend, lang: Lang) -> Label:
    """With a note on whether the readings depend on one another, which would make p too small."""
    size = phrases.number(of.autocorrelation or 0, 2, lang)
    if of.dependent:
        note = msg(
            "Readings depend on the one before (autocorrelation {size}), so that p is likely understated.",
            size=size,
        )
    else:
        note = msg("Autocorrelation of the residuals {size}.", size=size)
    return phrases.sentences([found, note], lang)
