"""A data package in memory: its tables and what is looked up in them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pandas as pd

from ecobrief.datapackage.lookup import Lookup
from ecobrief.datapackage.slices import Slice, apart, note, noting, slices_of
from ecobrief.wording import Term, term

T = TypeVar("T")

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
VIEWS: Mapping[str, Mapping[str, Mapping[str, str]]] = {
    "figures": {table: {"place_id": column} for table, column in PLACE_COLUMN.items()},
    "named": {table: {"id": key} for table, key in NAMED.items()},
}
"""Several tables asked for as one: the tables, with the columns that have another name there."""
VIEW_KEYS = {"figures": "observation_id", "named": "id"}
LOOKED_UP_BY = frozenset(
    {
        "id",
        "city_id",
        "place_id",
        "province_id",
        "indicator_id",
        "source_id",
        "observation_id",
        "definition_version",
    }
    | {
        "repeats",
        "baseline_observation_id",
        "list_id",
        "instrument_id",
        "framework_id",
        "family",
        "cause",
        "parent",
        "successor",
    }
    | {"text_sha256"}
)
"""The columns that rows may be asked by, beside keys: an index is built for each set of them that is asked."""
ASKED_BY_BRIEFS: Mapping[str, Sequence[tuple[str, ...]]] = {
    "changes": [("observation_id",)],
    "cities": [("city_id",), ("province_id",)],
    "contexts": [("observation_id",)],
    "contradictions": [("city_id",)],
    "coverage": [("city_id",), ("city_id", "indicator_id")],
    "definitions": [("definition_version",), ("successor",)],
    "figures": [("indicator_id", "place_id"), ("observation_id",), ("place_id",)],
    "frameworks": [("framework_id",)],
    "identities": [("city_id",)],
    "indicators": [("family",), ("indicator_id",)],
    "instruments": [("instrument_id",)],
    "listings": [("list_id",)],
    "monitored": [("city_id",), ("monitored_id",)],
    "named": [("city_id",), ("id",)],
    "names": [("name_zh",)],
    "policies": [("city_id",), ("policy_id",)],
    "projects": [("city_id",)],
    "ranks": [("observation_id",)],
    "sources": [("source_id",)],
    "targets": [("observation_id",)],
    "zones": [("city_id",), ("zone_id",)],
}
"""By what the notebooks look rows up (`DataPackage.prepare`)."""


@dataclass(frozen=True)
class DataPackage:
    """A checked data package. `tables` are frames of text, typed where the schema says integer.

    What is asked of it is noted (`slices`), so that it is known what a computation rests on: ask for no more than is needed.
    """

    folder: Path
    descriptor: Mapping[str, Any]
    tables: Mapping[str, pd.DataFrame]

    def __getitem__(self, table: str) -> pd.DataFrame:
        """A whole table, or view: all of it is noted as asked for."""
        note(self._slices(table, (), ()))
        return self._frame(table)

    def rows(self, table: str, **of: str | Sequence[str]) -> pd.DataFrame:
        """The rows of a table or view whose columns have these values (or any of several), in its order.

        Raises:
            ValueError: the table is not looked up by one of these columns.
        """
        return self._lookup(table).rows(*self._asked(table, of))

    def located(self, table: str, **of: str | Sequence[str]) -> tuple[Mapping[str, Any], np.ndarray]:
        """As `rows`, for who takes only some cells of them: the columns of the table as arrays (of whole numbers, pandas'
        own), and the numbers of the rows.

        Raises:
            ValueError: the table is not looked up by one of these columns.
        """
        return self._lookup(table).located(*self._asked(table, of))

    def asks(self, table: str, **of: str | Sequence[str]) -> None:
        """Note that these rows are asked for, where what is made of them is had already."""
        self._asked(table, of)

    def records(self, table: str, **of: str | Sequence[str]) -> list[Any]:
        """As `rows`, as named tuples with an attribute for each column; whole numbers are int, or None where there is none.

        Raises:
            ValueError: the table is not looked up by one of these columns.
        """
        return self._lookup(table).records(*self._asked(table, of))

    def record(self, table: str, key: str) -> Any:
        """The row of a table or view by its (single) primary key.

        Raises:
            KeyError: no such row.
        """
        (column,) = self._key(table)
        for row in self.kept((table, key), lambda: self.records(table, **{column: key})):
            return row
        raise KeyError(key)

    def prepare(self) -> None:
        """Build ahead the frames, and what every brief looks rows up in; nothing is noted."""
        with apart():
            assert self.city_ids is not None
        for table in self.tables:
            self._frame(table)
        for table, indexes in ASKED_BY_BRIEFS.items():
            self._lookup(table).prepare(indexes)

    def kept(self, key: Hashable, compute: Callable[[], T]) -> T:
        """What `compute` gives, computed once for `key`; whoever asks again has asked for all that it asked for."""
        if key not in self._results:
            with noting() as noted:
                result = compute()
            self._results[key] = result, frozenset(noted)
        else:
            result, asked = self._results[key]
            note(asked)
        return result

    def across(self, name: str, place: str, compute: Callable[[], Mapping[str, T]]) -> T:
        """The value of a place in what rests on all places, computed once for `name` as {place: value}.

        Only the value is noted, as the slice ("=name", (("place", place),)): it moves when its `repr` does (`across_digests`).

        Raises:
            KeyError: no such place.
        """
        note([(f"={name}", (("place", place),))])
        if name not in self._results_across:
            with apart():
                self._results_across[name] = compute()
        return self._results_across[name][place]

    def across_digests(self) -> dict[tuple[str, str], str]:
        """A short hash of every value computed by `across` so far, by name and place."""
        return {
            (name, place): hashlib.sha256(repr(value).encode()).hexdigest()[:16]
            for name, values in self._results_across.items()
            for place, value in values.items()
        }

    @cached_property
    def _results(self) -> dict[Hashable, tuple[Any, frozenset[Slice]]]:
        return {}

    @cached_property
    def _results_across(self) -> dict[str, Mapping[str, Any]]:
        return {}

    @cached_property
    def _lookups(self) -> dict[str, Lookup]:
        return {}

    def _lookup(self, table: str) -> Lookup:
        if table not in self._lookups:
            self._lookups[table] = Lookup(table, self._frame(table))
        return self._lookups[table]

    def _frame(self, table: str) -> pd.DataFrame:
        match table:
            case "figures":
                return self._figures
            case "named":
                return self._named
            case _:
                return self.tables[table]

    def _key(self, table: str) -> list[str]:
        return [VIEW_KEYS[table]] if table in VIEWS else self._keys[table]

    @cached_property
    def _keys(self) -> dict[str, list[str]]:
        return {r["name"]: list(r["schema"]["primaryKey"]) for r in self.descriptor["resources"]}

    def _asked(
        self, table: str, of: Mapping[str, str | Sequence[str]]
    ) -> tuple[tuple[str, ...], list[Sequence[str]]]:
        """The columns asked by, in the order of their names, and the values asked for of each; they are noted."""
        columns = tuple(sorted(of))
        values: list[Sequence[str]] = [
            (own,) if isinstance(own := of[column], str) else tuple(dict.fromkeys(own)) for column in columns
        ]
        note(self._slices(table, columns, values))
        return columns, values

    def _slices(
        self, table: str, columns: tuple[str, ...], values: Sequence[Sequence[str]]
    ) -> Iterator[Slice]:
        """What to note where rows of a table or view are asked for: slices of the tables themselves.

        Raises:
            ValueError: at once, though the slices are made only where they are noted.
        """
        return (
            asked
            for real, own, positions in self._noted(table, columns)
            for asked in slices_of(real, own, [values[position] for position in positions])
        )

    def _noted(self, table: str, columns: tuple[str, ...]) -> list[tuple[str, list[str], list[int]]]:
        """The tables behind a table or view, each with its columns among those asked by and their positions there."""
        if (table, columns) not in self._shapes:
            if strange := set(columns) - LOOKED_UP_BY - set(self._key(table)):
                raise ValueError(f"{table} is looked up by keys and references, not by {', '.join(strange)}")
            self._shapes[table, columns] = found = []
            for real, renamed in VIEWS.get(table, {table: {}}).items():
                named = [(renamed.get(column, column), position) for position, column in enumerate(columns)]
                there = sorted(pair for pair in named if pair[0] in self.tables[real])
                found.append((real, [column for column, _ in there], [position for _, position in there]))
        return self._shapes[table, columns]

    @cached_property
    def _shapes(self) -> dict[tuple[str, tuple[str, ...]], list[tuple[str, list[str], list[int]]]]:
        return {}

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

    @property
    def city_ids(self) -> list[str]:
        """All cities; who asks rests on which there are and not on what is said of them. `is_city` asks for one."""
        everywhere = self.across("list of cities", "", lambda: {"": list(self["cities"]["city_id"])})
        return list(everywhere)

    def is_city(self, place_id: str) -> bool:
        return bool(self.records("cities", city_id=place_id))

    @property
    def families(self) -> list[str]:
        """The families of indicators that occur, in the order in which the schema lists them."""
        known = self.codes("indicators", "family")
        return list(self.kept("families", lambda: [one for one in known if self.indicators_of(one)]))

    def codes(self, table: str, column: str) -> list[str]:
        """The codes that a column may hold, in the order in which the schema lists them."""
        schema = next(r["schema"] for r in self.descriptor["resources"] if r["name"] == table)
        field = next(field for field in schema["fields"] if field["name"] == column)
        return list(field["constraints"]["enum"])

    def indicators_of(self, *families: str) -> list[str]:
        """The indicator ids of these families, family by family."""
        return [row.indicator_id for family in families for row in self.records("indicators", family=family)]

    def first_prints(self, table: str, places: Sequence[str]) -> list[Any]:
        """The projects or zones of these cities at their first place of print, as records, with what only their repetitions
        print."""
        rows = self.records(table, city_id=places)
        first = {getattr(row, NAMED[table]): row for row in rows if not row.repeats}
        for again in rows:
            if again.repeats:
                first[again.repeats] = _with_extras(first[again.repeats], again)
        return list(first.values())

    def observed_besides(self, places: Sequence[str], indicators: Sequence[str]) -> list[Any]:
        """The levels that documents held print of other indicators than these, each at its first place of print."""
        besides = set(indicators)
        figures = [
            row
            for row in self.records("figures", place_id=places)
            if row.status == "observed"
            and not row.repeats
            and row.measure not in ("rank", "change")
            and row.indicator_id not in besides
        ]
        sources = self.records("sources", source_id=[row.source_id for row in figures])
        held = {source.source_id for source in sources if source.text_sha256}
        return [row for row in figures if row.source_id in held]

    def name(self, printed: str) -> Term:
        """A place, group or department that is printed in Chinese, with its English name where there is one."""
        bare = "".join(printed.split())
        known = self.records("names", name_zh=bare)
        return Term(bare, known[0].name_en if known else bare)

    def place_name(self, place_id: str) -> Term:
        """What a city, a province or the country is called.

        Raises:
            KeyError: no such place.
        """
        if place_id == COUNTRY:
            return Term("全国", "China")
        for column, stem in (("city_id", "name"), ("province_id", "province")):
            for row in self.records("cities", **{column: place_id}):
                return term(row, stem)
        raise KeyError(place_id)

    @property
    def figures(self) -> pd.DataFrame:
        """Observations and benchmarks as one frame, by observation_id; `place_id` names the city, province or country."""
        return self["figures"]

    @property
    def named(self) -> pd.DataFrame:
        """What all tables in `NAMED` have in common, by identifier: table, id, city_id, name, period, span and note."""
        return self["named"]

    @cached_property
    def _figures(self) -> pd.DataFrame:
        both = [self.tables[table].rename(columns={PLACE_COLUMN[table]: "place_id"}) for table in FIGURES]
        return pd.concat(both, ignore_index=True).set_index("observation_id", drop=False)

    @cached_property
    def _named(self) -> pd.DataFrame:
        parts = []
        for table, key in NAMED.items():
            rows = self.tables[table]
            own = {"table": pd.Series(table, rows.index, dtype=object), "id": rows[key]}
            parts.append(rows.assign(**own).reindex(columns=COMMON, fill_value=""))
        return pd.concat(parts).set_index("id", drop=False)

    @property
    def spans(self) -> pd.DataFrame:
        """Everything that has a place of print: columns table, id, role ("evidence", or that of the context), source_id,
        start, end, evidence. A member of a list has the id of the list and its number."""
        listings, contexts = self["listings"], self["contexts"]
        listed = listings["list_id"] + "." + listings["item"].astype(str)
        describable = ((self.figures, "observation_id"), (self["contradictions"], "contradiction_id"))
        sources = {
            name: source
            for rows, key in describable
            for name, source in zip(rows[key], rows["source_id"], strict=True)
        }
        printed_in = contexts["observation_id"].map(sources)
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


def _with_extras(first: Any, again: Any) -> Any:
    """The first print of a project or zone with what it leaves out and another print tells."""
    told = {}
    for column in EXTRAS:
        if (more := getattr(again, column, "")) != (known := getattr(first, column, "")):
            listed = ";".join(dict.fromkeys(filter(None, f"{known};{more}".split(";"))))
            told[column] = listed if column == "quantities" else known or more
    return first._replace(**told)


def own_unit(figure: Any) -> str:
    """The unit of one row of figures, as printed unless that cannot be meant."""
    return str(figure.unit_read or figure.unit)
