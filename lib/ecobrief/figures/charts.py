"""Charts of readings: a series over the years, and ranges of several cities on one axis."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from ecobrief import compare
from ecobrief.compare.comparability import UNSTATED
from ecobrief.datapackage import DataPackage
from ecobrief.figures import display, labels, phrases
from ecobrief.figures.axes import period_span
from ecobrief.figures.chart import Chart, Mark
from ecobrief.figures.display import Display
from ecobrief.wording import Lang, Message, Term, joined, msg, say, term

# How many documents the line of sources names.
MOST_SOURCES = 3


def series(
    package: DataPackage,
    readings: pd.DataFrame,
    places: Sequence[str],
    lang: Lang,
    targets: pd.DataFrame | None = None,
) -> Display:
    """Dated readings of one indicator over the years, cities and benchmarks as series; a sentence if none is dated.

    Cities in `places` without a dated reading are named beside it, with what is known of them. A reading that only
    repeats what the head of its quantity says is not drawn a second time; one in conflict with it is. Of `targets`, readings
    with that status, those of the indicator stand as stars in their year.
    """
    drawn = _on_the_axis(readings)
    drawn = drawn[drawn["heads"] | (drawn["conflicts_with"] != "")]
    if drawn.empty:
        return display.sentence(
            say(msg("No dated figure is printed, so there is no series to draw."), lang), lang=lang
        )
    of_place = dict(iter(drawn.groupby("place_id")))
    found = compare.series(package, drawn)
    runs = {row.observation_id: f"series {number}" for number, one in enumerate(found) for row in one.rows}
    carried = {name for one in found for name in one.carried}
    marks = [
        replace(
            _on_years(package, row, of_place[row.place_id], lang),
            run=runs.get(row.observation_id, row.observation_id),
            carries=row.observation_id in carried,
        )
        for row in drawn.itertuples()
    ]
    marks += [_aside(package, readings, place, lang) for place in places if place not in of_place]
    if targets is not None:
        planned = targets[targets["indicator_id"] == drawn["indicator_id"].iloc[0]]
        marks += [_target(package, row, lang) for row in _on_the_axis(planned).itertuples()]
    breaks = tuple(_definitions_beginning(package, drawn, lang))
    # The title names what is drawn of the cities asked for; where nothing is, the benchmarks that are.
    own = drawn[drawn["place_id"].isin(places)]
    own = own if len(own) else drawn
    of = dict.fromkeys([*(place for place in places if place in set(own["place_id"])), *own["place_id"]])
    shown = titled(package, _name(package, drawn), list(of), own["period"], lang)
    axis = _axis(package, drawn, lang)
    caption = _printed_in(package, marks, lang)
    return display.chart(Chart("series", shown, *axis, tuple(marks), lang, caption, breaks))


def titled(
    package: DataPackage, what: Term | Message, places: Sequence[str], periods: Iterable[str], lang: Lang
) -> str:
    """What a chart shows, of which places and from which years: Forest cover: Benxi, 2005–2020."""
    named = joined(package.place_name(place) for place in places)
    heading = msg("{what}: {places}", what=what, places=named)
    years = sorted(point[:4] for period in periods for point in period.split("/") if point)
    if not years:
        return say(heading, lang)
    span = years[0] if years[0] == years[-1] else f"{years[0]}/{years[-1]}"
    return say(msg("{heading}, {period}", heading=heading, period=phrases.when(span, lang)), lang)


def sourced(package: DataPackage, source_ids: Iterable[str], lang: Lang) -> str:
    """The line that names the documents of a chart, the first few of them, in the order given."""
    documents = list(
        dict.fromkeys(phrases.document(package, name, lang) for name in dict.fromkeys(source_ids))
    )
    if not documents:
        return ""
    first, more = say(msg("; "), lang).join(documents[:MOST_SOURCES]), len(documents) - MOST_SOURCES
    if more > 0:
        told = msg("Sources: {documents}; and {count} more, see the entries.", documents=first, count=more)
    elif len(documents) > 1:
        told = msg("Sources: {documents}.", documents=first)
    else:
        told = msg("Source: {document}.", document=first)
    return say(told, lang)


def _printed_in(package: DataPackage, marks: Iterable[Mark], lang: Lang) -> str:
    """The sources of readings, those of cities first."""
    ordered = sorted(marks, key=lambda mark: mark.role != "city")
    names = [name for mark in ordered for name in mark.observations]
    return sourced(package, package.figures.loc[names, "source_id"], lang)


def _on_the_axis(readings: pd.DataFrame) -> pd.DataFrame:
    """The readings of whole places that have a year and a number."""
    dated = (readings["period"] != "") & (readings["place"] == "")
    return readings[dated & readings["canonical_value"].notna()]


def _definitions_beginning(
    package: DataPackage, drawn: pd.DataFrame, lang: Lang
) -> Iterator[tuple[float, str]]:
    """Where on the axis of years a definition begins that some reading follows, after the first reading."""
    first = min(period_span(period)[0] for period in drawn["period"])
    definitions = package["definitions"]
    # A version that succeeds no other, as that of a year in which two were in force, begins nothing.
    succeeding = definitions["definition_version"].isin(definitions["successor"])
    used = definitions[succeeding & definitions["definition_version"].isin(drawn["definition_version"])]
    for definition in used[used["valid_from"] != ""].sort_values("valid_from").to_dict("records"):
        place = period_span(definition["valid_from"])[0]
        if first < place:
            day = phrases.when(definition["valid_from"], lang)
            yield place, phrases.bracketed(say(term(definition, "name"), lang), day, lang)


def _on_years(package: DataPackage, row: Any, of_place: pd.DataFrame, lang: Lang) -> Mark:
    low, high = period_span(row.period)
    mark = _mark(package, row, lang)
    variant = [_adjustment(row, of_place, lang), *_unusual(package, row, of_place, lang)]
    if any(variant):
        mark["label"] = say(
            msg("{place}: {variant}", place=mark["label"], variant=joined(filter(None, variant))), lang
        )
    return Mark(**mark, x=(low + high) / 2, x_low=low, x_high=high)


def _adjustment(row: Any, of_place: pd.DataFrame, lang: Lang) -> str:
    """The adjustment, also that nothing was taken out where other readings of the place do not say so."""
    if row.adjustment == "raw" and "none_stated" in set(of_place["adjustment"]):
        return say(labels.ADJUSTMENTS["raw"], lang)
    return phrases.set_apart(row, lang)


def _target(package: DataPackage, row: Any, lang: Lang) -> Mark:
    low, high = period_span(row.period)
    # What is aimed at is a number and no measurement, so that no bar stands for its digits.
    value = row.canonical_value
    mark = _mark(package, row, lang) | {"role": "target", "low": value, "high": value, "interval": ""}
    mark["run"] = row.observation_id
    mark["of"] = mark["label"]
    mark["label"] = say(msg("{place}: {variant}", place=mark["label"], variant=msg("target")), lang)
    return Mark(**mark, x=(low + high) / 2, x_low=low, x_high=high)


def _unusual(package: DataPackage, row: Any, of_place: pd.DataFrame, lang: Lang) -> Iterator[str]:
    """What tells a reading from others of its place and period: network and definition, where not the usual one."""
    beside = of_place[of_place["period"] == row.period]
    for attribute, name in (
        ("network", say(labels.NETWORKS[row.network], lang)),
        ("definition_version", _definition(package, row, lang)),
    ):
        if beside[attribute].nunique() > 1 and getattr(row, attribute) != of_place[attribute].mode().iloc[0]:
            yield name


def _definition(package: DataPackage, row: Any, lang: Lang) -> str:
    if row.definition_version in UNSTATED:
        return say(msg("definition not stated"), lang)
    return phrases.definition(package, row, lang)


def ranges(package: DataPackage, readings: pd.DataFrame, places: Sequence[str], lang: Lang) -> Display:
    """The cities whose readings may stand on one axis, in order of value, then the others with the reason why not.

    A sentence where fewer than two cities may stand together.
    """
    together = compare.on_one_axis(package, readings)
    if together.empty:
        text = msg(
            "No two cities have figures that may stand on one axis; the table shows them side by side."
        )
        return display.sentence(say(text, lang), lang=lang)
    caveats: dict[str, list[Message]] = {}
    for pair in compare.pairs(package, together):
        for place in pair.places:
            caveats.setdefault(place, []).extend(reason.message for reason in pair.reasons)
    marks = [
        Mark(**_mark(package, row, lang, say(joined(dict.fromkeys(caveats[row.place_id])), lang)))
        for row in together.itertuples()
    ]
    aside = [place for place in places if place not in set(together["place_id"])]
    marks += [_aside(package, readings, place, lang) for place in aside]
    what = msg("{indicator} where figures may stand on one axis", indicator=_name(package, together))
    title = titled(package, what, list(together["place_id"]), together["period"], lang)
    axis = _axis(package, together, lang)
    return display.chart(Chart("ranges", title, *axis, tuple(marks), lang, _printed_in(package, marks, lang)))


def span(package: DataPackage, row: Any, named: str, label: str, basis: str, lang: Lang) -> Mark:
    """The bar of a policy or project, with the id `named`, from the first day of its period to the last."""
    low, high = period_span(row.period)
    return Mark(
        label,
        phrases.when(row.period, lang),
        value=low,
        x=(low + high) / 2,
        x_low=low,
        x_high=high,
        basis=basis,
        observations=(named,),
    )


def _aside(package: DataPackage, readings: pd.DataFrame, place_id: str, lang: Lang) -> Mark:
    """The row of a city that is not on the axis: its latest figure with its dating, or that none is stated."""
    label = phrases.place(package, place_id, lang)
    own = compare.latest(readings[readings["place_id"] == place_id])
    if own.empty:
        return Mark(label, say(phrases.missing(package, place_id, readings["indicator_id"].iloc[0]), lang))
    row = next(own.itertuples())
    return Mark(
        label,
        phrases.dated(row, lang),
        observations=(row.observation_id,),
    )


def _axis(package: DataPackage, readings: pd.DataFrame, lang: Lang) -> tuple[str, str]:
    """Name and unit of the one axis of values."""
    return say(_name(package, readings), lang), phrases.unit(readings["canonical_unit"].iloc[0], lang)


def _name(package: DataPackage, readings: pd.DataFrame) -> Term:
    return term(package.record("indicators", readings["indicator_id"].iloc[0]), "name")


def _mark(package: DataPackage, row: Any, lang: Lang, caveat: str = "") -> dict[str, Any]:
    basis = [phrases.definition(package, row, lang), phrases.scope(package, row, lang)]
    return {
        "label": phrases.place(package, row.place_id, lang),
        "printed": phrases.value(row, lang),
        "value": row.canonical_value,
        "low": row.outer_low,
        "high": row.outer_high,
        "period": phrases.year_of(row, lang),
        "role": "city" if row.place_id in package.city_ids else "benchmark",
        "basis": phrases.strung(basis, lang),
        "interval": phrases.interval(row.outer_low, row.outer_high, lang),
        "caveat": caveat,
        "observations": (row.observation_id,),
    }
