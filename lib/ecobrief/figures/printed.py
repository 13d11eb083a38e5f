"""Which entries stand together where a page speaks of them: figures of a theme, changes and ranks, titles, contradictions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from ecobrief.compare import policies
from ecobrief.datapackage import DataPackage
from ecobrief.figures import labels, phrases
from ecobrief.figures.by_id import in_order
from ecobrief.wording import Message, joined, msg, term
from ecobrief.wording.amounts import Label


@dataclass(frozen=True)
class Printed:
    """What stands in one list of entries.

    names: ids of figures, policies, projects, zones or contradictions
    groups: under which head of the list each of them stands, the heads in the order in which they come up
    alike: the title says what kind of thing they are, so that the entries need not
    brief: they are many and their print says enough: only the printed characters and their place
    """

    title: Message
    names: tuple[str, ...]
    groups: Mapping[str, Label] = field(default_factory=dict)
    alike: bool = False
    brief: bool = False


def readings(package: DataPackage, frame: pd.DataFrame) -> Printed:
    """The figures that these readings rest on, named by their families of indicators."""
    families = dict.fromkeys(phrases.family(package, name) for name in dict.fromkeys(frame["indicator_id"]))
    names = joined(labels.FAMILIES[family] for family in families)
    title = msg("Figures as printed: {families}", families=names) if families else msg("Figures as printed")
    return Printed(title, tuple(frame["observation_id"]))


def changes_and_ranks(package: DataPackage, places: Sequence[str]) -> Printed:
    """What the sources print as a change against an earlier year or as a place in an order."""
    figures = package.records("figures", place_id=places)
    names = (row.observation_id for row in figures if row.measure in ("change", "rank") and not row.repeats)
    return Printed(msg("Changes and ranks as printed"), tuple(names))


def projects(package: DataPackage, places: Sequence[str]) -> Printed:
    """Every project with what is printed of it, at its first place of print, by programme."""
    groups = {row.project_id: term(row, "programme") for row in in_order(package, "projects", places)}
    return Printed(msg("Projects named"), tuple(groups), groups, alike=True)


def zones(package: DataPackage, places: Sequence[str]) -> Printed:
    """Restoration zones, key areas and districts with their areas and tasks."""
    names = tuple(row.zone_id for row in in_order(package, "zones", places))
    return Printed(msg("Zones, key areas and districts with tasks"), names, alike=True)


def instruments(package: DataPackage, places: Sequence[str]) -> Printed:
    """The policy instruments that the documents name, by type."""
    named = policies.named(package, places)
    types = dict(zip(named["policy_id"], named["primary_type"], strict=True))
    groups = {
        name: labels.POLICY_TYPES[code]
        for code in package.codes("policies", "primary_type")
        for name, own in types.items()
        if own == code
    }
    return Printed(msg("Every policy instrument named"), tuple(groups), groups, brief=True)


def recognitions(package: DataPackage, places: Sequence[str]) -> Printed:
    """Titles and honours; they are no instruments."""
    named = policies.named(package, places, "recognition")
    return Printed(msg("Titles and honours named"), tuple(named["policy_id"]), alike=True)


def contradictions(package: DataPackage, places: Sequence[str]) -> Printed:
    """What a document says in one place and contradicts in words in another; found by readers, not computed."""
    found = package.records("contradictions", city_id=places)
    names = tuple(row.contradiction_id for row in found)
    return Printed(msg("Contradictions in words"), names, alike=True)
