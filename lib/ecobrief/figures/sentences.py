"""Sentences computed from readings; every number in them leads to the figures it came from."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import Any

import pandas as pd

from ecobrief import compare
from ecobrief.compare.comparability import basis, judge, yardstick
from ecobrief.datapackage import DataPackage
from ecobrief.figures import display, phrases
from ecobrief.figures.display import Display
from ecobrief.figures.rows import Row
from ecobrief.wording import Lang, Message, Term, joined, msg, nmsg, say


def data_version(package: DataPackage, lang: Lang) -> Display:
    return display.sentence(phrases.data_version(package, lang), lang=lang)


def how_many_compare(package: DataPackage, readings: pd.DataFrame, lang: Lang) -> Display:
    """How many cities have a figure, how many pairs of them compare, and whether anyone is ranked."""
    cities = readings["place_id"].nunique()
    found = compare.pairs(package, readings)
    verdicts = Counter(pair.verdict for pair in found)
    parts = [nmsg("{count} city has a figure.", "{count} cities have a figure.", cities)]
    if found:
        count = nmsg(
            "Of the {count} pair they make, {full} is comparable, {part} with caveats and {none} not at all.",
            "Of the {count} pairs they make, {full} are comparable, {part} with caveats and {none} not at all.",
            len(found),
            full=verdicts["comparable"],
            part=verdicts["with_caveats"],
            none=verdicts["not_comparable"],
        )
        parts.append(count)
    parts.append(compare.who_is_ranked(package, readings))
    space = "" if lang == "zh" else " "
    text = space.join(say(part, lang) for part in parts)
    return display.sentence(text, tuple(readings["observation_id"]), lang=lang)


def against_benchmarks(
    package: DataPackage, readings: pd.DataFrame, benchmarks: pd.DataFrame, lang: Lang
) -> Display:
    """For each reading, how far it lies above or below the benchmarks of its period that it may be set against."""
    rows: list[Row] = []
    caveats: dict[Message, None] = {}
    for row in readings[readings["heads"]].itertuples():
        by = yardstick(package, row.indicator_id)
        of_indicator = benchmarks[(benchmarks["indicator_id"] == row.indicator_id) & benchmarks["heads"]]
        for other in of_indicator[of_indicator["period"] == row.period].itertuples():
            verdict, reasons = judge(basis(row, by), basis(other, by), by)
            if verdict != "not_comparable":
                rows.append(_distance(package, row, other, lang))
                caveats.update(dict.fromkeys(reason.message for reason in reasons))
    if readings.empty:
        return display.sentence(say(msg("There is no figure to set against a benchmark."), lang), lang=lang)
    if not rows:
        return display.sentence(
            say(msg("No benchmark of the same year may be set against these figures."), lang), lang=lang
        )
    if caveats:
        rows.append(Row({"text": say(msg("Caveats: {caveats}.", caveats=joined(caveats)), lang)}))
    return display.sentences(rows, lang=lang)


def _benchmark(package: DataPackage, other: Any, lang: Lang) -> Term | Message:
    name, apart = package.place_name(other.place_id), phrases.set_apart(other, lang)
    return msg("{place}, {variant}", place=name, variant=apart) if apart else name


def _distance(package: DataPackage, row: Any, other: Any, lang: Lang) -> Row:
    """In canonical units; for shares the difference is in percentage points."""
    unit = "percentage_point" if row.canonical_unit == "percent" else row.canonical_unit
    difference = Decimal(str(row.canonical_value)) - Decimal(str(other.canonical_value))
    amount = phrases.number(float(abs(difference)), 2, lang)
    values = {
        "place": package.place_name(row.place_id),
        "indicator": phrases.indicator(package, row.indicator_id, lang),
        "period": phrases.when(row.period, lang),
        "value": phrases.value(row, lang),
        "amount": f"{amount} {phrases.unit(unit, lang)}"
        if lang == "en"
        else f"{amount}{phrases.unit(unit, lang)}",
        "benchmark": _benchmark(package, other, lang),
        "other": phrases.value(other, lang),
    }
    if difference > 0:
        text = msg("{indicator}, {place}, {period}: {value}, {amount} above {benchmark} ({other}).", **values)
    elif difference < 0:
        text = msg("{indicator}, {place}, {period}: {value}, {amount} below {benchmark} ({other}).", **values)
    else:
        text = msg("{indicator}, {place}, {period}: {value}, the same as {benchmark} ({other}).", **values)
    formula = f"{phrases.value(row, lang)} − {phrases.value(other, lang)}"
    ids = (row.observation_id, other.observation_id)
    return Row({"text": say(text, lang)}, formula=formula, inputs=ids)
