"""A data package in memory: its tables and what is looked up in them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from ecobrief.wording import Term, term

FIGURES = ("observations", "benchmarks")
"""The tables whose rows are printed figures; they differ in the column that names the place."""
PLACE_COLUMN = {"observations": "city_id", "benchmarks": "place_id"}
NAMED = {
    "policies": "policy_id",
    "projects": "project_id",
    "zones": "zone_id",
    "contradictions": "contradiction_id",
    "requirements": "requirement_id",
}
"""The tables whose rows name something at one place of print, with their key."""
COMMON = [
    "table",
    "id",
    "city_id",
    "name_zh",
    "name_en",
    "period",
    "source_id",
    "start",
    "end",
    "evidence",
    "repeats",
]
COMMON += ["note_zh", "note_en"]
EXTRAS = ("code", "period", "period_printed", "districts", "departments", "listing", "quantities")
"""What one print of a project or zone may tell and another leave out."""
ATTRIBUTES = ("definition_version", "network", "adjustment", "denominator")
"""What an indicator may ask to be stated and equal before two readings are compared."""
TIERS = ("official_document", "official_bulletin", "government_site", "state_media", "monitoring", "other")
"""Kinds of source, from the most to the least authoritative."""
COUNTRY = "china"


@dataclass(frozen=True)
class DataPackage:
    """A checked data package. `tables` are frames of text, typed where the schema says integer."""

    folder: Path
    descriptor: Mapping[str, Any]
    tables: Mapping[str, pd.DataFrame]

    def __getitem__(self, table: str) -> pd.DataFrame:
        return self.tables[table]

    @property
    def version(self) -> str:
        return str(self.descriptor["version"])

    @property
    def cut_off(self) -> str:
        """The last day on which a source was entered (ISO date)."""
        return str(self.descriptor["cut_off"])

    @property
    def licence(self) -> str:
        """The name of the first licence; empty where none is named."""
        return str(next((one["name"] for one in self.descriptor.get("licenses", [])), ""))

    @cached_property
    def city_ids(self) -> list[str]:
        return list(self["cities"]["city_id"])

    @cached_property
    def families(self) -> list[str]:
        """The families of indicators that occur, in the order in which the schema lists them."""
        occurring = set(self["indicators"]["family"])
        return [family for family in self.codes("indicators", "family") if family in occurring]

    def codes(self, table: str, column: str) -> list[str]:
        """The codes that a column may hold, in the order in which the schema lists them."""
        schema = next(r["schema"] for r in self.descriptor["resources"] if r["name"] == table)
        field = next(field for field in schema["fields"] if field["name"] == column)
        return list(field["constraints"]["enum"])

    def indicators_of(self, *families: str) -> list[str]:
        """The indicator ids of these families, family by family."""
        indicators = self["indicators"]
        return [
            str(indicator)
            for family in families
            for indicator in indicators.loc[indicators["family"] == family, "indicator_id"]
        ]

    def first_prints(self, table: str, places: Sequence[str]) -> pd.DataFrame:
        """The projects or zones of these cities at their first place of print, with what only their repetitions print."""
        rows = self[table][self[table]["city_id"].isin(places)]
        first = rows[rows["repeats"] == ""].set_index(NAMED[table], drop=False)
        extras = [name for name in EXTRAS if name in rows]
        for again in rows[rows["repeats"] != ""].to_dict("records"):
            for column in extras:
                known = [first.at[again["repeats"], column], again[column]]
                first.at[again["repeats"], column] = (
                    ";".join(dict.fromkeys(filter(None, ";".join(known).split(";"))))
                    if column == "quantities"
                    else known[0] or known[1]
                )
        return first.reset_index(drop=True)

    def observed_besides(self, places: Sequence[str], indicators: Sequence[str]) -> pd.DataFrame:
        """The levels that documents held print of other indicators than these, each at its first place of print."""
        figures, sources = self.figures, self["sources"]
        held = sources.loc[sources["text_sha256"] != "", "source_id"]
        return figures[
            figures["place_id"].isin(places)
            & ~figures["indicator_id"].isin(indicators)
            & figures["source_id"].isin(held)
            & (figures["status"] == "observed")
            & (figures["repeats"] == "")
            & ~figures["measure"].isin(["rank", "change"])
        ]

    def row(self, table: str, key: str) -> pd.Series:
        """The row of a table by its (single) primary key.

        Raises:
            KeyError: no such row.
        """
        return self._by_key[table].loc[key]

    def name(self, printed: str) -> Term:
        """A place, group or department that is printed in Chinese, with its English name where there is one."""
        bare = "".join(printed.split())
        return Term(bare, self._english.get(bare, bare))

    @cached_property
    def _english(self) -> dict[str, str]:
        return dict(zip(self["names"]["name_zh"], self["names"]["name_en"], strict=True))

    def place_name(self, place_id: str) -> Term:
        """What a city, a province or the country is called.

        Raises:
            KeyError: no such place.
        """
        if place_id == COUNTRY:
            return Term("全国", "China")
        cities = self["cities"]
        of_city = cities[cities["city_id"] == place_id]
        if len(of_city):
            return term(of_city.iloc[0], "name")
        of_province = cities[cities["province_id"] == place_id]
        if len(of_province):
            return term(of_province.iloc[0], "province")
        raise KeyError(place_id)

    @cached_property
    def figures(self) -> pd.DataFrame:
        """Observations and benchmarks as one frame, by observation_id; `place_id` names the city, province or country."""
        both = [self[table].rename(columns={PLACE_COLUMN[table]: "place_id"}) for table in FIGURES]
        return pd.concat(both, ignore_index=True).set_index("observation_id", drop=False)

    @cached_property
    def sources_of_contexts(self) -> dict[str, str]:
        """The source of everything that may have contexts, by identifier: figures and contradictions."""
        contradictions = self["contradictions"].set_index("contradiction_id")
        return {**self.figures["source_id"].to_dict(), **contradictions["source_id"].to_dict()}

    @cached_property
    def named(self) -> pd.DataFrame:
        """What all tables in `NAMED` have in common, by identifier: table, id, city_id, name, period, span and note."""
        parts = [
            self[table].assign(table=table, id=self[table][key]).reindex(columns=COMMON, fill_value="")
            for table, key in NAMED.items()
        ]
        return pd.concat(parts).set_index("id", drop=False)

    @cached_property
    def spans(self) -> pd.DataFrame:
        """Everything that has a place of print: columns table, id, role ("evidence", or that of the context), source_id,
        start, end, evidence. A member of a list has the id of the list and its number."""
        listings, contexts = self["listings"], self["contexts"]
        listed = listings["list_id"] + "." + listings["item"].astype(str)
        printed_in = contexts["observation_id"].map(self.sources_of_contexts)
        parts = [
            *(self[table].assign(table=table, id=self[table]["observation_id"]) for table in FIGURES),
            *(self[table].assign(table=table, id=self[table][key]) for table, key in NAMED.items()),
            listings.assign(table="listings", id=listed),
            contexts.assign(table="contexts", id=contexts["observation_id"], source_id=printed_in.fillna("")),
        ]
        whole = pd.concat([part.assign(role="evidence") if "role" not in part else part for part in parts])
        return whole[["table", "id", "role", "source_id", "start", "end", "evidence"]]

    def hashes(self) -> dict[str, str]:
        """SHA-256 of every table's file, by table."""
        return {
            name: hashlib.sha256((self.folder / f"{name}.csv").read_bytes()).hexdigest()
            for name in sorted(self.tables)
        }

    @cached_property
    def _by_key(self) -> dict[str, pd.DataFrame]:
        keyed = {}
        for resource in self.descriptor["resources"]:
            key = resource["schema"]["primaryKey"]
            if len(key) == 1:
                keyed[resource["name"]] = self[resource["name"]].set_index(key[0], drop=False)
        return keyed


def own_unit(figure: Any) -> str:
    """The unit of one row of figures, as printed unless that cannot be meant."""
    return str(figure.unit_read or figure.unit)


def meant_unit(rows: pd.DataFrame) -> pd.Series:
    """The unit to convert from: as printed, unless that cannot be meant."""
    return rows["unit_read"].where(rows["unit_read"] != "", rows["unit"])
