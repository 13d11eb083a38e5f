"""The entries that numbers lead to: as printed, where, in which document, with what it means and what speaks against it.

An entry says the same twice: to a reader in words (`display.SOURCE_COLUMNS`) and to a machine in codes (`rows.RECORD`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from ecobrief import audit, compare
from ecobrief.audit import Finding
from ecobrief.datapackage import NAMED, DataPackage
from ecobrief.figures import discrepancies, labels, monitored, phrases, projects
from ecobrief.figures.rows import RECORD, Row
from ecobrief.wording import Lang, joined, msg, say, term
from ecobrief.wording.amounts import Label


@dataclass(frozen=True)
class Entries:
    """Makes the entries of a page in one language. `home` is the place that needs no mention, `found` what the audit
    found, which entries point to."""

    package: DataPackage
    lang: Lang
    home: str = ""
    found: tuple[Finding, ...] = ()

    def of(self, names: Iterable[str]) -> list[Row]:
        """The entries of these figures, policies, projects, zones and counts, by source and place in the text.

        Those of projects and zones also lead to their quantities, those of figures to what they conflict with.

        Raises:
            KeyError: an id that the data package does not hold.
        """
        wanted = set(names)
        package = self.package
        counts = package["monitored"].set_index("monitored_id", drop=False)
        makers = (
            (package.figures, self._figure),
            (package.named, self._named),
            (counts, self._counted),
        )
        made = [
            (_place_key(row), make(row))
            for table, make in makers
            for row in table[table.index.isin(wanted)].itertuples()
        ]
        unknown = wanted.difference(entry.observations[0] for _, entry in made)
        if unknown:
            raise KeyError(f"nothing in the data package is called {', '.join(sorted(unknown))}")
        return [entry for _, entry in sorted(made, key=lambda pair: pair[0])]

    def _figure(self, row: Any) -> Row:
        reading = self._readings.get(row.observation_id, {})
        against = [name for name in reading.get("conflicts_with", "").split(";") if name]
        found = self._findings.get(row.observation_id, [])
        what = phrases.indicator(self.package, row.indicator_id, self.lang)
        status = "" if row.status == "observed" else say(labels.STATUSES[row.status], self.lang)
        # That a period is printed in the text needs no word.
        told = row.period_basis not in ("", "printed")
        basis = say(labels.PERIOD_BASES[row.period_basis], self.lang) if told else ""
        period = phrases.when(row.period, self.lang)
        cells = {
            **self._source(row.source_id),
            "what": " · ".join(filter(None, (self._place(row.place_id), what, status))),
            "printed": f"{row.value} {''.join(row.unit.split())}".strip() or row.value_text,
            "period": phrases.bracketed(period, basis, self.lang) if basis else period,
            "scope": phrases.scope(self.package, row, self.lang),
            "definition": self._definition(row),
            "details": phrases.change_or_rank(self.package, row, self.lang)
            if row.measure in ("change", "rank")
            else "",
            "evidence": row.evidence,
            "place": self._place_in_text(row),
            "context": self._context(row.observation_id),
            "conflict": self._conflict(against),
            "finding": self._finding(found),
            "note": self._note(row, "unit_read_reason"),
        }
        record = {
            **_columns(row),
            "id": row.observation_id,
            "table": "observations" if row.place_id in self.package.city_ids else "benchmarks",
            "city_id": row.place_id,
            "canonical_value": reading.get("canonical_value", ""),
            "canonical_unit": reading.get("canonical_unit", ""),
            "low": reading.get("outer_low", ""),
            "high": reading.get("outer_high", ""),
        }
        return Row(
            cells,
            (row.observation_id, *against),
            doors={"conflict": tuple(against)} if against else {},
            see=tuple(f"finding.{finding.identity_id}" for finding in found),
            record=_record(record),
        )

    def _named(self, row: Any) -> Row:
        cells = {
            **self._source(row.source_id),
            "what": " · ".join(
                filter(None, (self._place(row.city_id), say(labels.NAMED_KINDS[row.table], self.lang)))
            ),
            "printed": say(term(row._asdict(), "name"), self.lang),
            "period": phrases.when(row.period, self.lang) if row.period else "",
            "evidence": row.evidence,
            "place": self._place_in_text(row),
            "context": self._context(row.id),
            "note": self._note(row),
        }
        quantities: tuple[str, ...] = ()
        if row.id in self._detailed:
            details, quantities = self._detailed[row.id]
            cells |= details
        record = {**_columns(row), "id": row.id, "value_text": cells["printed"]}
        doors = {"quantities": quantities} if quantities else {}
        return Row(cells, (row.id, *quantities), doors=doors, record=_record(record))

    def _counted(self, row: Any) -> Row:
        """A count from a monitoring file: what was counted, from which file, and that no one reviewed it."""
        printed = msg("{days} of {valid} valid", days=monitored.days(row, self.lang), valid=row.valid_days)
        span = [phrases.when(day, self.lang) for day in (row.first_day, row.last_day)]
        what = say(msg("days counted from monitoring"), self.lang)
        cells = {
            **self._source(row.source_id),
            "what": " · ".join(filter(None, (self._place(row.city_id), what))),
            "printed": say(printed, self.lang),
            "period": say(msg("{least} to {most}", least=span[0], most=span[1]), self.lang),
            "scope": say(monitored.METHODS[row.method], self.lang),
            "definition": self._definition(row),
            "evidence": f"{row.days_at_most_100}/{row.valid_days}",
        }
        file = say(msg("file whose SHA-256 is {hash}…", hash=row.file_sha256[:12]), self.lang)
        note = say(term(self.package.record("sources", row.source_id), "note"), self.lang)
        cells["imprint"] = " · ".join(filter(None, (cells["imprint"], file, note)))
        record = {
            **_columns(row),
            "id": row.monitored_id,
            "table": "monitored",
            "status": "monitored",
            "period": f"{row.first_day}/{row.last_day}",
            "value": row.days_at_most_100,
            "unit": "天",
            "low": row.days_at_most_100_low,
            "high": row.days_at_most_100_high,
        }
        return Row(cells, (row.monitored_id,), record=_record(record))

    def _definition(self, row: Any) -> str:
        if row.definition_version == "not_stated":
            return say(msg("definition not stated"), self.lang)
        return phrases.definition(self.package, row, self.lang)

    def _place(self, place_id: str) -> str:
        return "" if place_id == self.home else phrases.place(self.package, place_id, self.lang)

    def _source(self, source_id: str) -> dict[str, str]:
        source = self.package.record("sources", source_id)
        title = f"《{source.title}》" if source.title else ""
        publisher = say(self.package.name(source.publisher), self.lang)
        tier = [labels.TIERS[source.tier]]
        if source.seen_on:
            tier.append(labels.SEEN_ON[source.seen_on])
        held = "" if source.text_sha256 or source.tier == "monitoring" else msg("page not held")
        imprint = (title, publisher, source.document_number, say(held, self.lang))
        return {
            "document": phrases.document(self.package, source_id, self.lang),
            "imprint": " · ".join(filter(None, imprint)),
            "tier": phrases.strung(tier, self.lang),
            "url": source.url,
        }

    def _place_in_text(self, row: Any) -> str:
        """The offset at which the evidence begins; where it ends follows from its length. Pages that are not held have none."""
        return "" if pd.isna(row.start) else str(row.start)

    def _context(self, name: str) -> str:
        """Where the further spans begin that tell what the figure is: period 3099; column head 3011.

        The name, which most often stands just before the figure, is left to contexts.csv.
        """
        contexts = self.package["contexts"]
        own = contexts[(contexts["observation_id"] == name) & (contexts["role"] != "label")]
        roles: dict[int, list[Label]] = {}
        for span in own.itertuples():
            roles.setdefault(span.start, []).append(labels.CONTEXT_ROLES[span.role])
        spans = [
            msg("{role} at {start}", role=joined(dict.fromkeys(at)), start=start)
            for start, at in roles.items()
        ]
        return phrases.strung(spans, self.lang)

    def _conflict(self, against: list[str]) -> str:
        if not against:
            return ""
        values = [phrases.value(self.package.figures.loc[name], self.lang) for name in against]
        return say(msg("also printed: {values}", values=joined(values)), self.lang)

    def _finding(self, found: list[Finding]) -> str:
        said = [
            msg("{verdict}: {kind}", verdict=audit.VERDICTS[one.verdict], kind=discrepancies.KINDS[one.kind])
            for one in found
        ]
        return phrases.strung(dict.fromkeys(said), self.lang)

    def _note(self, row: Any, *further: str) -> str:
        fields = row._asdict()
        remarks: list[Any] = [say(term(fields, stem), self.lang) for stem in ("note", *further)]
        if row.repeats:
            first = self._starts.get(row.repeats)
            remarks.append(
                msg("repeats what is printed at {start}", start=first)
                if first is not None
                else msg("a repetition")
            )
        return phrases.strung(remarks, self.lang)

    @cached_property
    def _starts(self) -> Mapping[str, int]:
        """Where the evidence of each figure and name of a document held begins."""
        starts = pd.concat([self.package.figures["start"], self.package.named["start"]]).dropna()
        return {str(name): int(start) for name, start in starts.items()}

    @cached_property
    def _detailed(self) -> Mapping[str, tuple[dict[str, str], tuple[str, ...]]]:
        """Of projects and zones at their first place of print: what else is printed of them, and their quantities."""
        found = {}
        for table, cells_of, details in (
            ("projects", projects.project, ("stage", "where")),
            ("zones", projects.zone, ("kind", "parent")),
        ):
            for row in self.package.first_prints(table, self.package.city_ids).itertuples():
                cells, quantities = cells_of(self.package, row, self.lang)
                said = {
                    "printed": projects.name(row, self.lang),
                    "period": cells.get("period", ""),
                    "details": " · ".join(filter(None, (cells[name] for name in details))),
                    "quantities": cells["quantities"],
                }
                found[str(getattr(row, NAMED[table]))] = said, quantities
        return found

    @cached_property
    def _readings(self) -> Mapping[str, Mapping[str, Any]]:
        """What `compare.readings` makes of every figure, by observation id."""
        places = list(dict.fromkeys(self.package.figures["place_id"]))
        frames = [
            compare.readings(self.package, None, places, status=status)
            for status in ("observed", "target", "forecast")
        ]
        return {
            str(row["observation_id"]): row
            for frame in frames
            for row in frame.astype(object).to_dict("records")
        }

    @cached_property
    def _findings(self) -> Mapping[str, list[Finding]]:
        """What does not add up, by the observations it is about; of one cause only the leader."""
        found: dict[str, list[Finding]] = {}
        open_ones = [one for one in self.found if one.verdict != "consistent"]
        for leader, *others in audit.by_cause(open_ones):
            for name in dict.fromkeys(name for one in (leader, *others) for name in one.figures):
                found.setdefault(name, []).append(leader)
        return found


def _place_key(row: Any) -> tuple[str, float, str]:
    """Source and place in the text; pages and files that are not held have no place."""
    start = getattr(row, "start", float("nan"))
    return row.source_id, -1.0 if pd.isna(start) else float(start), row.Index


def _columns(row: Any) -> dict[str, Any]:
    return {name: value for name, value in row._asdict().items() if name in RECORD}


def _record(values: Mapping[str, Any]) -> dict[str, str]:
    """The values that say something, as text, in the order of RECORD."""
    texts = {name: _text(values.get(name, "")) for name in RECORD}
    return {name: text for name, text in texts.items() if text}


def _text(value: Any) -> str:
    if isinstance(value, float):
        return "" if pd.isna(value) else f"{value:.12g}"
    return "" if value is None or value is pd.NA else str(value)
