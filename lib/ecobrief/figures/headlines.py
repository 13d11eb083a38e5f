"""The first screen of a brief: the headline metrics of a city, or how far the cities' headline metrics compare."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from ecobrief import compare
from ecobrief.datapackage import DataPackage
from ecobrief.figures import display, labels, phrases
from ecobrief.figures.display import Display
from ecobrief.figures.rows import Column, Row
from ecobrief.wording import Lang, Message, joined, msg, say

HEADLINE_THEMES: dict[str, tuple[str, ...]] = {
    "air": ("good_air_days", "good_air_day_ratio"),
    "forest": ("forest_cover",),
    "water": ("water_sections_good_ratio", "water_sections_compliance_ratio"),
}
"""The three headline metrics by family of indicators, each with what may stand for it, the first stated one first."""
HEADLINE_INDICATORS = tuple(name for names in HEADLINE_THEMES.values() for name in names)


def city(package: DataPackage, city_id: str, lang: Lang, **filters: Any) -> Display:
    """The headline metrics of one city: value, period, scope, interval and standing, or why there is none."""
    rows: list[Row] = []
    for family, indicator_ids in HEADLINE_THEMES.items():
        own: list[Row] = []
        for indicator_id in indicator_ids:
            everyone = compare.readings(package, [indicator_id], **filters)
            latest = compare.latest(everyone[everyone["place_id"] == city_id])
            own += [_stated(package, row, everyone, lang) for row in latest.itertuples()] or [
                _absent(package, city_id, indicator_id, lang)
            ]
        theme = {"theme": say(labels.FAMILIES[family], lang)}
        rows += [
            replace(row, cells={**theme, **row.cells}) for row in sorted(own, key=lambda row: row.absent)
        ]
    title = msg("{city}: eco-policy record", city=package.place_name(city_id))
    caption = phrases.data_version(package, lang)
    return display.headline(say(title, lang), rows, caption, _about(package), lang=lang)


def comparison(package: DataPackage, city_ids: Sequence[str], lang: Lang) -> Display:
    """The title of a comparison; its figures stand in the table `side_by_side`."""
    names = joined([package.place_name(city_id) for city_id in city_ids])
    title = msg("Eco-policy records compared: {cities}", cities=names)
    caption = phrases.data_version(package, lang)
    return display.headline(say(title, lang), [], caption, _about(package), lang=lang)


def _about(package: DataPackage) -> dict[str, str]:
    """What a citation of a page names of its data."""
    return {
        "data_version": package.version,
        "cut_off": package.cut_off,
        "licence": package.licence,
    }


def side_by_side(package: DataPackage, city_ids: Sequence[str], lang: Lang, **filters: Any) -> Display:
    """The latest headline metrics of several cities, metric by metric, or why there is none."""
    rows = []
    for indicator_id in HEADLINE_INDICATORS:
        everyone = compare.readings(package, [indicator_id], city_ids, **filters)
        newest = compare.latest(everyone)
        for city_id in city_ids:
            own = newest[newest["place_id"] == city_id]
            found = [_stated(package, row, everyone, lang) for row in own.itertuples()]
            name = phrases.place(package, city_id, lang)
            for row in found or [_absent(package, city_id, indicator_id, lang)]:
                cells = {"city": name, **row.cells}
                why = cells.pop("reason", "")
                cells.pop("source", None)
                rows.append(replace(row, cells=cells | {"scope": why} if why else cells))
    heads = {"metric": msg("Metric"), "city": msg("City"), **display.HEADLINE_COLUMNS}
    for name in ("theme", "source"):  # the entry of a number names its source
        del heads[name]
    heads |= {"scope": msg("Scope, or why there is no figure")}
    columns = [
        Column(name, say(head, lang), numeric=name == "value")
        for name, head in heads.items()
        if name != "reason"
    ]
    return display.table(say(msg("Latest figures, side by side"), lang), columns, rows, lang=lang)


def result(package: DataPackage, city_ids: Sequence[str], lang: Lang, **filters: Any) -> Display:
    """In how many of the headline metrics cities are ranked, or compare at all."""
    ranked = compared = 0
    for indicator_id in HEADLINE_INDICATORS:
        readings = compare.readings(package, [indicator_id], city_ids, **filters)
        ranked += not compare.standings(package, readings).empty
        compared += any(pair.verdict != "not_comparable" for pair in compare.pairs(package, readings))
    text = msg(
        "Of {count} headline metrics, {ranked} can be ranked; in {compared} at least two cities compare, if only with caveats.",
        count=len(HEADLINE_INDICATORS),
        ranked=ranked,
        compared=compared,
    )
    return display.sentence(say(text, lang), lang=lang)


def _stated(
    package: DataPackage, row: Any, everyone: pd.DataFrame, lang: Lang, name: Message | None = None
) -> Row:
    cells = {
        "metric": phrases.indicator(package, row.indicator_id, lang),
        "value": phrases.value(row, lang),
        "period": phrases.year_of(row, lang),
        "scope": phrases.scope(package, row, lang),
        "interval": phrases.interval(row.outer_low, row.outer_high, lang),
        "standing": say(_standing(package, row, everyone), lang),
        "source": phrases.source(package, row, lang),
    }
    return Row(cells, (row.observation_id,), key=f"headline.{row.place_id}.{row.indicator_id}")


def _absent(package: DataPackage, city_id: str, indicator_id: str, lang: Lang) -> Row:
    _, why = compare.absence(package, city_id, indicator_id)
    cells = {
        "metric": phrases.indicator(package, indicator_id, lang),
        "value": say(phrases.missing(package, city_id, indicator_id), lang),
        "reason": say(why, lang),
    }
    return Row(cells, absent=True, key=f"headline.{city_id}.{indicator_id}")


def _standing(package: DataPackage, row: Any, everyone: pd.DataFrame) -> Message:
    """The ranks of a reading, or with how many cities it compares at all."""
    ranks = compare.standings(package, everyone)
    own = ranks[ranks["observation_id"] == row.observation_id]
    if len(own):
        rank, ranked = compare.ranks_text(own["ranks"].iloc[0]), int(own["ranked"].iloc[0])
        return msg("{rank} of {ranked} comparable cities", rank=rank, ranked=ranked)
    others = [
        package.place_name(place)
        for pair in compare.pairs(package, everyone)
        if pair.verdict != "not_comparable" and row.observation_id in pair.observation_ids
        for place in pair.places
        if place != row.place_id
    ]
    endowment = package.record("indicators", row.indicator_id).direction == 0
    if others:
        compares = msg("compares with caveats with {cities}", cities=joined(others))
        return msg("not ranked, as an endowment; {compares}", compares=compares) if endowment else compares
    return msg("no comparable city")
