"""The matrix of what a “Two Mountains” base is assessed on against what each city's documents say about it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from ecobrief.compare.frames import as_rows
from ecobrief.compare.readiness import Bearing, bearing
from ecobrief.datapackage import DataPackage
from ecobrief.figures import display, phrases, tables
from ecobrief.figures.display import Display
from ecobrief.figures.rows import Column, Row, columns_of, trimmed
from ecobrief.wording import Lang, Message, joined, msg, nmsg, say, term

KINDS: dict[str, Message] = {
    "basic_requirement": msg("basic requirement"),
    "aspect": msg("aspect of the assessment"),
}
DETAIL_COLUMNS = {
    "city": msg("City"),
    "requirement": msg("Requirement or aspect"),
    "figures": msg("Indicators stated"),
    "policies": msg("Instruments named"),
    "projects": msg("Projects named"),
}


def matrix(package: DataPackage, places: Sequence[str], lang: Lang) -> Display:
    """A row a requirement or aspect, a column a city: how much its documents say that bears on it, or nothing stated."""
    columns = [
        Column("requirement", say(DETAIL_COLUMNS["requirement"], lang)),
        Column("kind", say(msg("Kind"), lang)),
        *(Column(place, phrases.place(package, place, lang)) for place in places),
    ]
    rows = []
    for _, requirement in package["requirements"].iterrows():
        found = {place: bearing(package, requirement, place) for place in places}
        cells = {place: _amount(of_place, lang) for place, of_place in found.items()}
        cells |= {
            "requirement": say(term(requirement, "name"), lang),
            "kind": say(KINDS[requirement["kind"]], lang),
        }
        rows.append(Row(cells, (requirement["requirement_id"],)))
    title = say(msg("What bears on each requirement and aspect"), lang)
    return display.table(title, columns, rows, lang=lang)


def details(package: DataPackage, places: Sequence[str], lang: Lang) -> Display:
    """What the documents on each city say that bears on each requirement, each part leading to its place of print."""
    rows = []
    nothing = say(msg("nothing stated"), lang)
    for place in places:
        for _, requirement in package["requirements"].iterrows():
            found = bearing(package, requirement, place)
            indicators = (
                phrases.indicator(package, name, lang) for name in found.figures["indicator_id"].unique()
            )
            cells = {
                "city": phrases.place(package, place, lang),
                "requirement": say(term(requirement, "name"), lang),
                "figures": _listed(indicators, lang) or nothing,
                "policies": _listed(_names(as_rows(found.policies), lang), lang) or nothing,
                "projects": _listed(_names(found.projects, lang), lang) or nothing,
            }
            rows.append(Row(cells, found.ids))
    columns, rows = trimmed(columns_of(DETAIL_COLUMNS, lang), rows, DETAIL_COLUMNS)
    return display.table(say(msg("What bears on each requirement"), lang), columns, rows, lang=lang)


def _amount(found: Bearing, lang: Lang) -> str:
    words = found.figures["value"] == ""
    aimed = found.figures["status"] != "observed"
    figures, targets, statements = (int(which.sum()) for which in (~words & ~aimed, ~words & aimed, words))
    counts = [
        (nmsg("{count} figure", "{count} figures", figures), figures),
        (nmsg("{count} target", "{count} targets", targets), targets),
        (nmsg("{count} statement in words", "{count} statements in words", statements), statements),
        (nmsg("{count} instrument", "{count} instruments", len(found.policies)), len(found.policies)),
        (nmsg("{count} project", "{count} projects", len(found.projects)), len(found.projects)),
    ]
    said = [message for message, count in counts if count]
    return say(joined(said), lang) if said else say(msg("nothing stated"), lang)


def _names(rows: Iterable[Any], lang: Lang) -> list[str]:
    return [say(term(row, "name"), lang) for row in rows]


def _listed(names: Iterable[str], lang: Lang) -> str:
    return say(msg("; "), lang).join(dict.fromkeys(names))


MILESTONES = (
    "two_mountains_base_milestone",
    "assessment_aspect_count",
    "assessment_indicator_count",
    "eco_fiscal_expenditure",
    "eco_fiscal_share_of_gdp",
    "gdp",
)
PROJECT_BANK = "资源转化核心项目库"
"""The place of figures on the project bank, as printed."""


def milestones(package: DataPackage, places: Sequence[str], lang: Lang) -> Display:
    """When a base is to be won, how many things it is assessed on, and the money that is to serve it."""
    aiming = set(package["requirements"]["city_id"])
    figures = _first_prints(package, [place for place in places if place in aiming])
    chosen = [row for row in figures if row.indicator_id in MILESTONES]
    return tables.printed(package, chosen, msg("Milestones, number of indicators, money"), lang)


def project_bank(package: DataPackage, places: Sequence[str], lang: Lang) -> Display:
    """What is printed of the projects that an ecological bank holds."""
    figures = _first_prints(package, places)
    chosen = [row for row in figures if row.place == PROJECT_BANK]
    return tables.printed(package, chosen, msg("The project bank of the ecological bank"), lang)


def _first_prints(package: DataPackage, places: Sequence[str]) -> list[Any]:
    return [row for row in package.records("figures", place_id=places) if not row.repeats]
