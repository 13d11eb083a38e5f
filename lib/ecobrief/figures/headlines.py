"""The first screen of a brief: the headline metrics of a city, or how far the cities' headline metrics compare."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ecobrief import compare
from ecobrief.compare.across import HEADLINES
from ecobrief.compare.frames import as_rows
from ecobrief.compare.readings import are_latest, selected
from ecobrief.compare.standings import Standing, standing, standings_of
from ecobrief.datapackage import DataPackage
from ecobrief.figures import display, labels, phrases
from ecobrief.figures.display import Display
from ecobrief.figures.rows import Column, Row
from ecobrief.wording import Lang, Message, joined, msg, nmsg, say

HEADLINE_INDICATORS = tuple(name for names in HEADLINES.values() for name in names)


def city(package: DataPackage, city_id: str, lang: Lang, **filters: Any) -> Display:
    """The headline metrics of one city: value, period, scope, interval and standing, or why there is none."""
    rows: list[Row] = []
    for family, indicator_ids in HEADLINES.items():
        own: list[Row] = []
        for indicator_id in indicator_ids:
            latest = _latest(selected(package, [indicator_id], [city_id], **filters))
            standings = standing(package, city_id, indicator_id, **filters)
            own += [_stated(package, row, standings, lang) for row in latest] or [
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
        standings = standings_of(package, everyone)
        newest: dict[str, list[Any]] = {}
        for row in _latest(as_rows(everyone)):
            newest.setdefault(row.place_id, []).append(row)
        for city_id in city_ids:
            found = [_stated(package, row, standings, lang) for row in newest.get(city_id, ())]
            name = phrases.place(package, city_id, lang)
            for shown in found or [_absent(package, city_id, indicator_id, lang)]:
                cells = {"city": name, **shown.cells}
                why = cells.pop("reason", "")
                cells.pop("source", None)
                rows.append(replace(shown, cells=cells | {"scope": why} if why else cells))
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
        best = compare.pairs(package, readings).best
        compared += best is not None and best.verdict != "not_comparable"
    text = msg(
        "Of {count} headline metrics, {ranked} can be ranked; in {compared} at least two cities compare, if only with caveats.",
        count=len(HEADLINE_INDICATORS),
        ranked=ranked,
        compared=compared,
    )
    return display.sentence(say(text, lang), lang=lang)


def _latest(readings: Iterable[Any]) -> list[Any]:
    known = list(readings)
    return [row for row, newest in zip(known, are_latest(known), strict=True) if newest]


def _stated(package: DataPackage, row: Any, standings: Mapping[str, Standing], lang: Lang) -> Row:
    cells = {
        "metric": phrases.indicator(package, row.indicator_id, lang),
        "value": phrases.value(row, lang),
        "period": phrases.year_of(row, lang),
        "scope": phrases.scope(package, row, lang),
        "interval": phrases.interval(row.outer_low, row.outer_high, lang),
        "standing": say(_standing(package, row, standings[row.observation_id]), lang),
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


def _standing(package: DataPackage, row: Any, found: Standing) -> Message:
    """The ranks of a reading, or with how many cities it compares at all."""
    if found.ranks:
        return msg(
            "{rank} of {ranked} comparable cities", rank=compare.ranks_text(found.ranks), ranked=found.ranked
        )
    if not found.others:
        return msg("no comparable city")
    others: Any = joined(found.others)
    if found.more:
        others = nmsg(
            "{cities} and {count} more city", "{cities} and {count} more cities", found.more, cities=others
        )
    compares = msg("compares with caveats with {cities}", cities=others)
    if package.record("indicators", row.indicator_id).direction == 0:
        return msg("not ranked, as an endowment; {compares}", compares=compares)
    return compares
