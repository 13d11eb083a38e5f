"""Projects and zones: when, where, by whom, and what quantities are printed of them."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter
from typing import Any

from ecobrief.datapackage import DataPackage
from ecobrief.figures import by_id, charts, display, labels, phrases
from ecobrief.figures.chart import Chart
from ecobrief.figures.display import Display
from ecobrief.figures.rows import Row, columns_of, trimmed
from ecobrief.wording import Lang, joined, msg, say, term

PROJECT_COLUMNS = {
    "city": msg("City"),
    "value": msg("Project"),
    "stage": msg("Stage"),
    "period": msg("Period"),
    "quantities": msg("Quantities as printed"),
    "where": msg("Where and by whom"),
    "programme": msg("Programme"),
}
ZONE_COLUMNS = {
    "city": msg("City"),
    "kind": msg("Kind"),
    "code": msg("Code"),
    "name": msg("Zone"),
    "quantities": msg("Quantities as printed"),
    "parent": msg("Lies in"),
    "towns": msg("Towns and sub-districts"),
}
AND_OTHERS = ";等"
"""The end of a list that the text leaves open."""
ZONE_KINDS = {
    "restoration_zone": msg("restoration zone"),
    "key_area": msg("key area"),
    "district": msg("district with a task"),
}


def gantt(package: DataPackage, places: Sequence[str], lang: Lang) -> Display:
    """The projects whose period is printed, by department and district."""
    projects = by_id.in_order(package, "projects", places)
    # Of a project and its parts only the project has a bar, if its period is printed.
    programmes = {row.name_zh for row in projects if row.period}
    dated = [row for row in projects if row.period and row.programme_zh not in programmes]
    if not dated:
        return display.sentence(say(msg("No project is printed with its period."), lang), lang=lang)
    dated.sort(key=attrgetter("departments", "districts", "project_id"))
    marks = []
    for row in dated:
        by = " · ".join(_list(package, text, lang) for text in (row.departments, row.districts) if text)
        marks.append(charts.span(row, row.project_id, name(row, lang), by, lang))
    what = msg("Projects with a printed period, by department and district")
    cities = {row.city_id for row in dated}
    of = [place for place in places if place in cities]
    title = charts.titled(package, what, of, [row.period for row in dated], lang)
    caption = charts.sourced(package, [row.source_id for row in dated], lang)
    return display.chart(Chart("spans", title, say(msg("Year"), lang), "", tuple(marks), lang, caption))


def projects(package: DataPackage, places: Sequence[str], lang: Lang) -> Display:
    """Every project with what is printed of it, wherever in the document it stands."""
    rows = [_project(package, row, lang) for row in by_id.in_order(package, "projects", places)]
    if not rows:
        return display.sentence(say(msg("No project is entered for these documents."), lang), lang=lang)
    columns, rows = trimmed(columns_of(PROJECT_COLUMNS, lang), rows, ["value"])
    return display.table(say(msg("Projects named"), lang), columns, rows, lang=lang)


def zones(package: DataPackage, places: Sequence[str], lang: Lang) -> Display:
    """Restoration zones, key areas and districts with their areas and tasks."""
    rows = [_zone(package, row, lang) for row in by_id.in_order(package, "zones", places)]
    if not rows:
        return display.sentence(say(msg("No zone is entered for these documents."), lang), lang=lang)
    columns, rows = trimmed(columns_of(ZONE_COLUMNS, lang), rows, ["name"])
    return display.table(
        say(msg("Zones, key areas and districts with tasks"), lang), columns, rows, lang=lang
    )


def name(row: Any, lang: Lang) -> str:
    """The code of a project or zone, if it has one, and its name."""
    return " · ".join(filter(None, (row.code, say(term(row, "name"), lang))))


def _project(package: DataPackage, row: Any, lang: Lang) -> Row:
    cells, ids = project(package, row, lang)
    return Row(cells, (row.project_id, *ids))


def project(package: DataPackage, row: Any, lang: Lang) -> tuple[dict[str, str], tuple[str, ...]]:
    """What is printed of a project, by PROJECT_COLUMNS, and the ids of its quantities."""
    quantities, ids = _quantities(package, row, lang)
    where = [_list(package, text, lang) for text in (row.districts, row.departments)]
    cells = {
        "city": phrases.place(package, row.city_id, lang),
        # The column that leads to the place of print.
        "value": name(row, lang),
        "stage": say(labels.PROJECT_STAGES[row.stage], lang),
        "period": phrases.when(row.period, lang)
        if row.period
        else phrases.name(package, row.period_printed, lang),
        "quantities": quantities,
        "where": " · ".join(filter(None, where)),
        "programme": say(term(row, "programme"), lang),
    }
    return cells, ids


def _zone(package: DataPackage, row: Any, lang: Lang) -> Row:
    cells, ids = zone(package, row, lang)
    return Row(cells, (row.zone_id, *ids))


def zone(package: DataPackage, row: Any, lang: Lang) -> tuple[dict[str, str], tuple[str, ...]]:
    """What is printed of a zone, by ZONE_COLUMNS, and the ids of its quantities."""
    quantities, ids = _quantities(package, row, lang)
    towns = package.records("listings", list_id=row.listing) if row.listing else []
    cells = {
        "city": phrases.place(package, row.city_id, lang),
        "kind": say(ZONE_KINDS[row.kind], lang),
        "code": row.code,
        "name": say(term(row, "name"), lang),
        "quantities": quantities,
        "parent": say(term(package.record("zones", row.parent), "name"), lang) if row.parent else "",
        # With the stops of an enumeration the list would be the passage of the document itself.
        "towns": phrases.strung((phrases.name(package, town.evidence, lang) for town in towns), lang),
    }
    return cells, ids


def _quantities(package: DataPackage, of: Any, lang: Lang) -> tuple[str, tuple[str, ...]]:
    """The figures printed of a project or zone, each once, by indicator, and their ids."""
    ids = tuple(name for name in of.quantities.split(";") if name)
    if not ids:
        return "", ()
    figures = by_id.figures(package, of.city_id)
    shown: dict[str, dict[str, str]] = {}
    for row in (figures[name] for name in ids):
        values = shown.setdefault(phrases.indicator(package, row.indicator_id, lang), {})
        values.setdefault(row.repeats or row.observation_id, phrases.value(row, lang))
    amounts = [
        msg("{indicator}: {value}", indicator=name, value=joined(values.values()))
        for name, values in shown.items()
    ]
    return phrases.strung(amounts, lang), ids


def _list(package: DataPackage, text: str, lang: Lang) -> str:
    names = [phrases.name(package, part, lang) for part in text.split(";") if part]
    if not text.endswith(AND_OTHERS):
        return say(joined(names), lang)
    return say(msg("{names} and others", names=say(msg(", "), lang).join(names[:-1])), lang)
