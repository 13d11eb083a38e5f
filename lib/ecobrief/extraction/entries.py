"""The rows of the data package that one candidate after another becomes."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any

import pandas as pd

from ecobrief import datapackage
from ecobrief.datapackage import COUNTRY, DataPackage
from ecobrief.datapackage.package import PLACE_COLUMN
from ecobrief.documents import Document
from ecobrief.extraction import extent, judged
from ecobrief.extraction.contexts import Contexts
from ecobrief.extraction.judged import Misfit
from ecobrief.extraction.lookup import Documents, Held
from ecobrief.extraction.new_sources import Sources
from ecobrief.extraction.sheet import Row
from ecobrief.extraction.surroundings import Surroundings

KINDS = ("observed", "target", "change")
STATUS = {"observed": "observed", "target": "target", "change": "observed"}


class Entries:
    """The rows that are made of candidates, checked against the data package and against one another."""

    def __init__(self, package: DataPackage, documents: Documents):
        self._package, self._documents = package, documents
        self.documents: dict[str, Document] = {}
        """Those that rows were made from, by the hash of the text."""
        self.rows: dict[str, list[Row]] = defaultdict(list)
        self.numbers: dict[str, int] = {}
        """The row of the candidate behind each new observation."""
        self._sources = Sources(list(package.tables["sources"].columns), _records(package, "sources"))
        self.rows["sources"] = self._sources.new
        self._last = self._last_numbers()
        self._figures: dict[tuple[str, str, str], list[tuple[Row, str]]] = defaultdict(list)
        """Rows of figures by source, place and indicator, each with what a person knows it by."""
        for table, column in PLACE_COLUMN.items():
            for row in _records(package, table):
                self._figures[row["source_id"], row[column], row["indicator_id"]].append(
                    (row, row["observation_id"])
                )
        self._coverage = {
            (row["city_id"], row["source_id"], row["indicator_id"]): row["result"]
            for row in _records(package, "coverage")
        }

    def add(self, number: int, cells: Row) -> None:
        """The rows of one candidate.

        Raises:
            Misfit: it cannot be accepted.
        """
        indicator = self._indicator(cells["indicator"].strip())
        table, place_id = self._place(cells["city_id"].strip())
        held = self._document(cells)
        start, end = self._span(cells, held)
        value, unit = self._figure(cells, held, start, end)
        around = Surroundings(held.document.text, start, end)
        source_id = self._sources.identifier(cells["source_id"].strip(), cells["document"], held)
        figure = self._row(cells, indicator, table, place_id, around) | {
            "value": value,
            "source_id": source_id,
            "start": str(start),
            "end": str(end),
            "evidence": held.document.text[start:end],
        }
        contexts = Contexts(around)
        if label := around.label(indicator.indicator_id):
            contexts.add("label", label)
        figure |= self._unit(unit, cells, contexts)
        figure |= self._period(cells, indicator, contexts)
        years = {one.year for one in held.proposed(start, end) if one.indicator == indicator.indicator_id}
        figure["repeats"] = self._first_print(figure, place_id, several_years=len(years) > 1)
        more = self._extension(cells, figure, around)
        identifier = self._identifier(source_id)
        for row in (figure, *(row for _, row in more)):
            row["observation_id"] = identifier
        self.numbers[identifier] = number
        self.rows[table].append(figure)
        for name, row in more:
            self.rows[name].append(row)
        self.rows["contexts"].extend({"observation_id": identifier, **row} for row in contexts.rows)
        self._figures[source_id, place_id, figure["indicator_id"]].append((figure, f"row {number}"))
        if table == "observations":
            self._cover(place_id, source_id, figure["indicator_id"])

    def notes(self) -> list[str]:
        """What is left for the person to do."""
        new = [row["source_id"] for row in self._sources.new]
        notes = [
            f"sources.csv has a new row {one}: complete its title, labels, publisher, date, kind and tier"
            for one in new
        ]
        if new and self._package.cut_off < date.today().isoformat():
            notes.append(
                f"datapackage.json: cut_off, the last day on which a source was entered, is {self._package.cut_off}"
            )
        return notes

    # what the row says

    def _indicator(self, indicator_id: str) -> Any:
        known = self._package.records("indicators", indicator_id=indicator_id)
        if known:
            return known[0]
        every = list(self._package["indicators"]["indicator_id"])
        near = difflib.get_close_matches(indicator_id, every, 1)
        hint = f"Did you mean {near[0]}?" if near else "indicators.csv lists them."
        raise Misfit("indicator", indicator_id, "is no indicator of the data package", hint)

    def _place(self, place_id: str) -> tuple[str, str]:
        """The table of the figure, and the place: a city, or a province or the country as a benchmark."""
        if not place_id:
            raise Misfit("city_id", "", "is empty", f"Whose figure is it? Known are {self._cities()}.")
        if self._package.is_city(place_id):
            return "observations", place_id
        if place_id == COUNTRY or self._package.records("cities", province_id=place_id):
            return "benchmarks", place_id
        columns = ",".join(self._package["cities"].columns)
        hint = f"Known are {self._cities()}. A new city is a row of cities.csv: {columns}"
        raise Misfit("city_id", place_id, "is no city of the data package", hint)

    def _cities(self) -> str:
        return ", ".join(self._package.city_ids)

    def _document(self, cells: Row) -> Held:
        named = cells["document"]
        if held := self._documents.find(named, cells["text_sha256"]):
            self.documents[cells["text_sha256"]] = held.document
            return held
        if self._documents.is_there(named):
            rule, hint = (
                "has changed since it was read",
                "Read it again, or restore it: its text has another hash.",
            )
        else:
            rule, hint = "is not there", "Name the folder that holds it: --documents DIR."
        raise Misfit("document", named, rule, hint)

    def _span(self, cells: Row, held: Held) -> tuple[int, int]:
        try:
            start, end = int(cells["start"]), int(cells["end"])
        except ValueError:
            start, end = -1, -1
        where = f"{cells['start']}–{cells['end']}"
        if not 0 <= start < end <= len(held.document.text):
            raise Misfit("start", where, "is no span of the document", _AS_WRITTEN)
        there = held.document.text[start:end]
        if not judged.is_same(cells["evidence"], there):
            rule = f"is not what the document has at {where}, which is {there!r}"
            raise Misfit("evidence", cells["evidence"], rule, _AS_WRITTEN)
        if not held.proposed(start, end):
            raise Misfit(
                "start", where, "is not the span of a figure that `ecobrief read` proposes", _AS_WRITTEN
            )
        return start, end

    def _figure(self, cells: Row, held: Held, start: int, end: int) -> tuple[str, str]:
        """The value and the unit that the span prints."""
        proposed = held.proposed(start, end)
        alike = [one for one in proposed if one.indicator == cells["indicator"].strip()]
        same_kind = [one for one in alike if one.kind == cells["kind"].strip()]
        one = (same_kind or alike or proposed)[0]
        corrected = cells["corrected_value"].strip()
        if cells["decision"] == "correct":
            if not corrected:
                hint = "For another year, kind or scope edit their cells and write accept."
                raise Misfit("corrected_value", "", "is empty although the decision is correct", hint)
            return judged.printed_value(corrected, one.value, held.document.text[start:end]), one.unit
        if corrected and not judged.is_equal(corrected, one.value):
            raise Misfit(
                "corrected_value", corrected, "is given although the decision is accept", "Write correct."
            )
        if not judged.is_equal(cells["value"], one.value):
            rule = f"is not the value that is printed, {one.value}"
            hint = "To correct how it was read, write correct, and the number in corrected_value."
            raise Misfit("value", cells["value"], rule, hint)
        return one.value, one.unit

    def _row(self, cells: Row, indicator: Any, table: str, place_id: str, around: Surroundings) -> Row:
        """What the candidate says of the figure beside value, unit and period."""
        kind, qualifier = cells["kind"].strip(), cells["qualifier"].strip()
        if kind not in KINDS:
            raise Misfit("kind", kind, "is no kind of figure", f"One of: {', '.join(KINDS)}.")
        qualifiers = self._package.codes(table, "qualifier")
        if qualifier not in qualifiers:
            raise Misfit("qualifier", qualifier, "is no qualifier", f"One of: {', '.join(qualifiers)}.")
        printed = cells["scope"].strip()
        part = ""
        if table == "observations":
            city = self._package.record("cities", place_id)
            try:
                part = extent.place(printed, city.name_zh, city.level)
            except extent.Beyond as error:
                hint = (
                    f"Of the province it is a benchmark: write {city.province_id} (or {COUNTRY}) as city_id."
                )
                raise Misfit("scope", printed, f"is wider than a city ({error})", hint) from error
        columns = self._package.tables[table].columns
        said = {"scope_printed": printed, "place": part, "qualifier": qualifier, "status": STATUS[kind]}
        row = dict.fromkeys(columns, "") | said | judged.attributes(indicator, printed)
        row |= {PLACE_COLUMN[table]: place_id, "indicator_id": indicator.indicator_id}
        return row | {"measure": judged.measure(kind, cells, indicator, around)}

    def _unit(self, unit: str, cells: Row, contexts: Contexts) -> Row:
        """The unit as it is printed: in the span, else near it."""
        if inside := contexts.around.inside(unit):
            return {"unit": contexts.text(inside)}
        evidence = contexts.text((contexts.around.start, contexts.around.end))
        if unit == "%" and "百分之" in evidence:
            return {"unit": "百分之"}
        if unit == "%" and "成" in evidence:
            reasons = {"unit_read_reason_zh": "“成”即十分之一，已折为百分数。"}
            reasons["unit_read_reason_en"] = "成 is a tenth; the value is in percent."
            return {"unit": "成", "unit_read": "percent", **reasons}
        if near := contexts.around.nearby(unit):
            contexts.add("unit", near)
            return {"unit": contexts.text(near)}
        raise Misfit("unit", cells["unit"], "is not printed in the document near the figure", _AS_WRITTEN)

    def _period(self, cells: Row, indicator: Any, contexts: Contexts) -> Row:
        """The period with how it is known, and the version of the definition that follows from it."""
        period = extent.period(cells["year"], cells["scope"])
        if period and not datapackage.period_exists(period):
            raise Misfit(
                "year", cells["year"], "is no period", "Write 2022, 2016-2020 or 2022-07; or leave it empty."
            )
        row = {"period": period, "period_basis": contexts.add_years(period) if period else ""}
        network = judged.attributes(indicator, cells["scope"])["network"]
        return row | {"definition_version": self._definition(indicator, period, network)}

    def _definition(self, indicator: Any, period: str, network: str) -> str:
        """The one definition version in force for the whole period; what is not sure is not stated."""
        if "definition_version" not in indicator.comparable_on.split(";"):
            return "not_applicable"
        if not period or (indicator.family == "water" and network != "state_sections"):
            return "not_stated"
        first, last = _days(period)
        in_force = [
            row["definition_version"]
            for row in _records(self._package, "definitions")
            if indicator.indicator_id in row["indicator_id"].split(";")
            and row["valid_from"]
            and row["valid_from"] <= first
            and last <= (row["valid_to"] or "9999-12-31")
        ]
        return in_force[0] if len(in_force) == 1 else "not_stated"

    def _extension(self, cells: Row, figure: Row, around: Surroundings) -> list[tuple[str, Row]]:
        """The rows of targets and changes that belong to the figure."""
        more: list[tuple[str, Row]] = []
        if figure["status"] == "target":
            more.append(("targets", judged.target(figure["measure"], around)))
        if figure["measure"] == "change":
            more.append(("changes", {"compared_with": judged.compared_with(cells, figure["period"], around)}))
        return more

    # what is there already

    def _first_print(self, figure: Row, place_id: str, *, several_years: bool) -> str:
        """The row that prints the same figure first, if there is one.

        several_years: whether the span stands for several years (两年均为76.30%)

        Raises:
            Misfit: this very place of print is there already, or another value for the same quantity.
        """
        alike = ("status", "measure", "period", "place", "scope_printed")
        for other, known_as in self._figures[figure["source_id"], place_id, figure["indicator_id"]]:
            same_print = _overlap(figure, other) and all(figure[one] == other[one] for one in alike[:2])
            if same_print and (not several_years or figure["period"] == other["period"]):
                hint = "Empty its decision, or mark it reject."
                raise Misfit("evidence", figure["evidence"], f"is in the data already, as {known_as}", hint)
            if all(figure[column] == other[column] for column in alike):
                if not judged.is_same_quantity(figure, other):
                    rule = f"conflicts with {known_as}, which has {other['value']} {other['unit']} for the same quantity"
                    hint = "Reject one of them, or write into year or scope what tells them apart."
                    raise Misfit("value", figure["value"], rule, hint)
                return other["repeats"] or other["observation_id"]
        return ""

    def _cover(self, city_id: str, source_id: str, indicator_id: str) -> None:
        key = (city_id, source_id, indicator_id)
        result = self._coverage.setdefault(key, "")
        if result not in ("", "stated"):
            rule = f"is {result} in coverage.csv for {city_id} and {source_id}"
            raise Misfit("indicator", indicator_id, rule, "Mend that row first: it is stated.")
        if not result:
            self._coverage[key] = "stated"
            cells = {"city_id": city_id, "source_id": source_id, "indicator_id": indicator_id}
            self.rows["coverage"].append(
                cells | {"result": "stated", "searched_on": date.today().isoformat()}
            )

    # identifiers

    def _last_numbers(self) -> dict[str, int]:
        """The highest number among the identifiers of each source."""
        last: dict[str, int] = defaultdict(int)
        for identifier in self._package["figures"]["observation_id"]:
            source_id, _, number = identifier.rpartition(".")
            if number.isdigit():
                last[source_id] = max(last[source_id], int(number))
        return last

    def _identifier(self, source_id: str) -> str:
        self._last[source_id] += 1
        return f"{source_id}.{self._last[source_id]:03}"


_AS_WRITTEN = "document, start, end, evidence and text_sha256 stay as `ecobrief read` wrote them."


def _days(period: str) -> tuple[str, str]:
    """The first and the last day of a period, near enough to compare with dates."""
    first, _, last = period.partition("/")
    end = last or first
    return f"{first}-01-01"[:10], end + {4: "-12-31", 7: "-31"}.get(len(end), "")


def _overlap(one: Row, other: Row) -> bool:
    if not other["start"]:
        return False
    return int(one["start"]) < int(other["end"]) and int(other["start"]) < int(one["end"])


def _records(package: DataPackage, table: str) -> Iterator[Row]:
    """The rows of a table as text."""
    for row in package[table].to_dict("records"):
        yield {str(name): "" if pd.isna(cell) else str(cell) for name, cell in row.items()}
