"""Sentences computed from readings; every number in them leads to the figures it came from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from ecobrief import compare
from ecobrief.compare.comparability import basis, judge, yardstick
from ecobrief.compare.frames import as_rows
from ecobrief.compare.report import VERDICT_NAMES
from ecobrief.datapackage import COUNTRY, DataPackage
from ecobrief.figures import by_id, display, labels, phrases
from ecobrief.figures.display import Display
from ecobrief.figures.rows import Row
from ecobrief.wording import Lang, Message, Term, joined, msg, nmsg, say, term


def data_version(package: DataPackage, lang: Lang) -> Display:
    return display.sentence(phrases.data_version(package, lang), lang=lang)


def how_many_compare(package: DataPackage, readings: pd.DataFrame, lang: Lang) -> Display:
    """How many cities have a figure, how many pairs of them compare, and whether anyone is ranked."""
    cities = readings["place_id"].nunique()
    found = compare.pairs(package, readings)
    verdicts = found.verdicts
    parts = [nmsg("{count} city has a figure.", "{count} cities have a figure.", cities)]
    if len(found) == 1:
        parts.append(msg("The pair they make is {verdict}.", verdict=VERDICT_NAMES[found[0].verdict]))
    elif found:
        text = msg(
            "Of the {count} pairs they make, {full} are comparable, {part} with caveats and {none} not at all.",
            count=len(found),
            full=verdicts["comparable"],
            part=verdicts["with_caveats"],
            none=verdicts["not_comparable"],
        )
        parts.append(text)
    parts.append(compare.who_is_ranked(package, readings))
    return display.sentence(phrases.sentences(parts, lang), tuple(readings["observation_id"]), lang=lang)


def against_benchmarks(
    package: DataPackage, readings: pd.DataFrame, benchmarks: pd.DataFrame, lang: Lang
) -> Display:
    """For each reading, how far it lies above or below the country and its own province in the same period, where it
    may be set against them."""
    beside: dict[tuple[str, str], list[Any]] = {}
    for other in as_rows(benchmarks):
        if other.heads:
            beside.setdefault((other.indicator_id, other.period), []).append(other)
    shown: list[Row] = []
    caveats: dict[Message, None] = {}
    for row in as_rows(readings):
        alike = beside.get((row.indicator_id, row.period), ()) if row.heads else ()
        for other in alike:
            by = yardstick(package, row.indicator_id)
            verdict, reasons = judge(basis(row, by), basis(other, by), by)
            above = (COUNTRY, package.record("cities", row.place_id).province_id)
            if verdict != "not_comparable" and other.place_id in above:
                shown.append(_distance(package, row, other, lang))
                caveats.update(dict.fromkeys(reason.message for reason in reasons))
    if readings.empty:
        return display.sentence(say(msg("There is no figure to set against a benchmark."), lang), lang=lang)
    if not shown:
        return display.sentence(
            say(msg("No benchmark of the same year may be set against these figures."), lang), lang=lang
        )
    if caveats:
        shown.append(Row({"text": say(msg("Caveats: {caveats}.", caveats=joined(caveats)), lang)}))
    return display.sentences(shown, lang=lang)


def _benchmark(package: DataPackage, other: Any, lang: Lang) -> Term | Message:
    name, apart = package.place_name(other.place_id), phrases.set_apart(other, lang)
    return msg("{place}, {variant}", place=name, variant=apart) if apart else name


def _distance(package: DataPackage, row: Any, other: Any, lang: Lang) -> Row:
    """In canonical units, with all that the digits of both allow; for shares in percentage points."""
    unit = phrases.unit("percentage_point" if row.canonical_unit == "percent" else row.canonical_unit, lang)
    difference = row.canonical_value - other.canonical_value
    least, most = row.outer_low - other.outer_high, row.outer_high - other.outer_low
    nearest, farthest = sorted((abs(least), abs(most)))
    amount = phrases.number(abs(difference), 2, lang)
    values = {
        "place": package.place_name(row.place_id),
        "indicator": phrases.indicator(package, row.indicator_id, lang),
        "period": phrases.when(row.period, lang),
        "value": phrases.value(row, lang),
        "amount": f"{amount}{unit}" if lang == "zh" else f"{amount} {unit}",
        "range": phrases.interval(nearest, farthest, lang),
        "benchmark": _benchmark(package, other, lang),
        "other": phrases.value(other, lang),
    }
    if least > 0:
        text = msg(
            "{indicator}, {place}, {period}: {value}, {amount} above {benchmark} ({other}); the digits allow {range}.",
            **values,
        )
    elif most < 0:
        text = msg(
            "{indicator}, {place}, {period}: {value}, {amount} below {benchmark} ({other}); the digits allow {range}.",
            **values,
        )
    else:
        text = msg(
            "{indicator}, {place}, {period}: {value}, which the digits do not tell apart from {benchmark} ({other}).",
            **{name: value for name, value in values.items() if name not in ("amount", "range")},
        )
    formula = f"{phrases.value(row, lang)} − {phrases.value(other, lang)}"
    ids = (row.observation_id, other.observation_id)
    return Row({"text": say(text, lang)}, formula=formula, inputs=ids)


def about_city(package: DataPackage, city_id: str, lang: Lang) -> Display:
    """What kind of place it is, in which province, and what a reader has to know of its name."""
    city = package.record("cities", city_id)
    text = msg(
        "{city} is a {level} of {province}.",
        city=package.place_name(city_id),
        level=labels.LEVELS[city.level],
        province=term(city, "province"),
    )
    space = "" if lang == "zh" else " "
    return display.sentence(
        space.join(filter(None, (say(text, lang), say(term(city, "note"), lang)))), lang=lang
    )


def not_stated(package: DataPackage, place_id: str, indicator_ids: Sequence[str], lang: Lang) -> Display:
    """Which of these indicators no figure is entered of, each with what is known of the gap; nothing where none is missing."""
    gaps: list[Message] = [
        msg(
            "{indicator}: {why}",
            indicator=phrases.indicator(package, name, lang),
            why=compare.absence(package, place_id, name)[1],
        )
        for name in indicator_ids
        if not by_id.figures(package, place_id, name)
    ]
    text = say(msg("No figure: {gaps}.", gaps=phrases.strung(gaps, lang)), lang)
    return display.sentences([Row({"text": text})] if gaps else [], lang=lang)


def further(package: DataPackage, places: Sequence[str], besides: Sequence[str], lang: Lang) -> Display:
    """How many figures of other indicators than those `besides` the documents held print, and where they are listed."""
    found = package.observed_besides(places, besides)
    families = {phrases.family(package, name) for name in {row.indicator_id for row in found}}
    if not families:
        text = msg("The documents held print no other figures.")
        return display.sentence(say(text, lang), lang=lang)
    text = nmsg(
        "The documents held print {count} further figure ({families}). It stands in observations.csv (data version "
        "{version}) and in the notebook ingest, with its place of print.",
        "The documents held print {count} further figures ({families}). They stand in observations.csv (data version "
        "{version}) and in the notebook ingest, each with its place of print.",
        len(found),
        families=joined(
            labels.FAMILIES[name] for name in package.codes("indicators", "family") if name in families
        ),
        version=package.version,
    )
    return display.sentence(say(text, lang), lang=lang)
