"""Projects and zones: when, where, by whom, and what quantities are printed of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ecobrief.datapackage import DataPackage
from ecobrief.figures import charts, display, labels, phrases
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
    projects = package.first_prints("projects", places)
    # Of a project and its parts only the project has a bar, if its period is printed.
    dated = projects[projects["period"] != ""]
    dated = dated[~dated["programme_zh"].isin(dated["name_zh"])].sort_values(
        ["departments", "districts", "project_id"], kind="stable"
    )
    if dated.empty:
        return display.sentence(say(msg("No project is printed with its period."), lang), lang=lang)
    marks = []
    for row in dated.itertuples():
        by = " · ".join(_list(package, text, lang) for text in (row.departments, row.districts) if text)
        marks.append(charts.span(package, row, row.project_id, name(row, lang), by, lang))
    what = msg("Projects with a printed period, by department and district")
    of = [place for place in places if place in set(dated["city_id"])]
    title = charts.titled(package, what, of, dated["period"], lang)
    caption = charts.sourced(package, dated["source_id"], lang)
    return display.chart(Chart("spans", title, say(msg("Year"), lang), "", tuple(marks), lang, caption))


def projects(package: DataPackage, places: Sequence[str], lang: Lang) -> Display:
    """Every project with what is printed of it, wherever in the document it stands."""
    rows = [_project(package, row, lang) for row in package.first_prints("projects", places).itertuples()]
    if not rows:
        return display.sentence(say(msg("No project is entered for these documents."), lang), lang=lang)
    columns, rows = trimmed(columns_of(PROJECT_COLUMNS, lang), rows, ["value"])
    return display.table(say(msg("Projects named"), lang), columns, rows, lang=lang)


def zones(package: DataPackage, places: Sequence[str], lang: Lang) -> Display:
    """Restoration zones, key areas and districts with their areas and tasks."""
    rows = [_zone(package, row, lang) for row in package.first_prints("zones", places).itertuples()]
    if not rows:
        return display.sentence(say(msg("No zone is entered for these documents."), lang), lang=lang)
    columns, rows = trimmed(columns_of(ZONE_COLUMNS, lang), rows, ["name"])
    return display.table(
        say(msg("Zones, key areas and districts with tasks"), lang), columns, rows, lang=lang
    )


def name(row: Any, lang: Lang) -> str:
    """The code of a project or zone, if it has one, and its name."""
    return " · ".join(filter(None, (row.code, say(term(row._asdict(), "name"), lang))))


def _project(package: DataPackage, row: Any, lang: Lang) -> Row:
    cells, ids = project(package, row, lang)
    return Row(cells, (row.project_id, *ids))


def project(package: DataPackage, row: Any, lang: Lang) -> tuple[dict[str, str], tuple[str, ...]]:
    """What is printed of a project, by PROJECT_COLUMNS, and the ids of its quantities."""
    fields = row._asdict()
    quantities, ids = _quantities(package, row.quantities, lang)
    where = [_list(package, text, lang) for text in (row.districts, row.departments)]
    cells = {
        "city": phrases.place(package, row.city_id, lang),
        # The column that leads to the place of print.
        "value": name(row, lang),
        "stage": say(labels.PROJECT_STAGES[row.stage], lang),
        "period": phrases.when(row.period, lang)
        if row.period
        else say(package.name(row.period_printed), lang),
        "quantities": quantities,
        "where": " · ".join(filter(None, where)),
        "programme": say(term(fields, "programme"), lang),
    }
    return cells, ids


def _zone(package: DataPackage, row: Any, lang: Lang) -> Row:
    cells, ids = zone(package, row, lang)
    return Row(cells, (row.zone_id, *ids))


def zone(package: DataPackage, row: Any, lang: Lang) -> tuple[dict[str, str], tuple[str, ...]]:
    """What is printed of a zone, by ZONE_COLUMNS, and the ids of its quantities."""
    fields = row._asdict()
    quantities, ids = _quantities(package, row.quantities, lang)
    listings = package["listings"]
    towns = listings.loc[listings["list_id"] == row.listing, "evidence"]
    parent = package.record("zones", row.parent) if row.parent else None
    cells = {
        "city": phrases.place(package, row.city_id, lang),
        "kind": say(ZONE_KINDS[row.kind], lang),
        "code": row.code,
        "name": say(term(fields, "name"), lang),
        "quantities": quantities,
        "parent": say(term(parent, "name"), lang) if parent is not None else "",
        # With the stops of an enumeration the list would be the passage of the document itself.
        "towns": phrases.strung((package.name(town) for town in towns), lang),
    }
    return cells, ids


def _quantities(package: DataPackage, ids: str, lang: Lang) -> tuple[str, tuple[str, ...]]:
    """The figures printed of a project or zone, each once, by indicator, and their ids."""
    figures = package.figures.loc[[name for name in ids.split(";") if name]]
    shown: dict[str, dict[str, str]] = {}
    for row in figures.itertuples():
        values = shown.setdefault(phrases.indicator(package, row.indicator_id, lang), {})
        values.setdefault(row.repeats or row.observation_id, phrases.value(row, lang))
    amounts = [
        msg("{indicator}: {value}", indicator=name, value=joined(values.values()))
        for name, values in shown.items()
    ]
    return phrases.strung(amounts, lang), tuple(figures["observation_id"])


def _list(package: DataPackage, text: str, lang: Lang) -> str:
    names = [package.name(part) for part in text.split(";") if part]
    if not text.endswith(AND_OTHERS):
        return say(joined(names), lang)
    return say(
        msg("{names} and others", names=say(msg(", "), lang).join(say(n, lang) for n in names[:-1])), lang
    )
