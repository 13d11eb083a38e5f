"""The entries that numbers lead to: as printed, where, in which document, with what it means and what speaks against it.

An entry says the same twice: to a reader in words (`display.SOURCE_COLUMNS`) and to a machine in codes (`rows.RECORD`).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from operator import attrgetter
from typing import Any

from ecobrief import audit
from ecobrief.audit import Finding
from ecobrief.datapackage import DataPackage
from ecobrief.figures import by_id, discrepancies, labels, monitored, phrases, projects
from ecobrief.figures.rows import RECORD, Row
from ecobrief.wording import Lang, joined, msg, say, term
from ecobrief.wording.amounts import Label

KEYS = {"figures": "observation_id", "monitored": "monitored_id", "named": "id"}
"""Where what has an entry is found, with the column that names it."""
DETAILS = {"projects": ("stage", "where"), "zones": ("kind", "parent")}
"""What is said of a project or zone beside its period and quantities."""


@dataclass(frozen=True)
class Entries:
    """Makes the entries of a page in one language. `home` is the place that needs no mention, `found` what the audit
    found, which entries point to."""

    package: DataPackage
    lang: Lang
    home: str = ""
    found: tuple[Finding, ...] = ()

    def of(self, names: Iterable[str], brief: bool = False) -> list[Row]:
        """The entries of these figures, policies, projects, zones and counts, by source and place in the text.

        Those of projects and zones also lead to their quantities, those of figures to what they conflict with; `brief` ones
        say only what is printed, and where.

        Raises:
            KeyError: an id that the data package does not hold.
        """
        rows = self._rows(dict.fromkeys(names))
        in_order = sorted(rows, key=lambda name: _place_key(name, rows[name][1]))
        if brief:
            return [self._brief(name, rows[name][1]) for name in in_order]
        makers = {"figures": self._figure, "named": self._named, "monitored": self._counted}
        new = [name for name in in_order if name not in self._made]
        contexts: dict[str, list[Any]] = {}
        for span in self.package.records(
            "contexts", observation_id=[n for n in new if _has_contexts(*rows[n])]
        ):
            contexts.setdefault(span.observation_id, []).append(span)
        for name in new:
            view, row = rows[name]
            self._made[name] = makers[view](row, contexts.get(name, ()))
        return [self._made[name] for name in in_order]

    def definitions(self, names: Iterable[str]) -> set[str]:
        """The definition versions that these follow, as far as they follow one."""
        rows = self._rows(names).values()
        return {row.definition_version for _, row in rows if hasattr(row, "definition_version")}

    def _rows(self, names: Iterable[str]) -> dict[str, tuple[str, Any]]:
        """Each name's table or view and its row there, asked for by name unless it is of the home."""
        rows = {name: found for name in names if (found := self._at_home.get(name))}
        missing = [name for name in names if name not in rows]
        for view, key in KEYS.items():
            if missing:
                rows |= {
                    getattr(row, key): (view, row) for row in self.package.records(view, **{key: missing})
                }
                missing = [name for name in missing if name not in rows]
        if missing:
            raise KeyError(f"nothing in the data package is called {', '.join(sorted(missing))}")
        return rows

    @cached_property
    def _made(self) -> dict[str, Row]:
        return {}

    @cached_property
    def _at_home(self) -> Mapping[str, tuple[str, Any]]:
        """The same of all that the page's own place has."""
        if not self.home:
            return {}
        named = self.package.records("named", city_id=self.home)
        counted = self.package.records("monitored", city_id=self.home)
        return {
            **{name: ("figures", row) for name, row in by_id.figures(self.package, self.home).items()},
            **{row.id: ("named", row) for row in named},
            **{row.monitored_id: ("monitored", row) for row in counted},
        }

    def _brief(self, name: str, row: Any) -> Row:
        cells = {
            **self._source(row.source_id),
            "printed": row.evidence,
            "evidence": row.evidence,
            "place": _place_in_text(row),
        }
        return Row(cells, (name,), record=_record(row, id=name))

    def _figure(self, row: Any, contexts: Sequence[Any]) -> Row:
        package, lang = self.package, self.lang
        reading = by_id.readings(package, row.place_id, row.indicator_id).get(row.observation_id)
        against = tuple(reading.conflicts_with.split(";")) if reading and reading.conflicts_with else ()
        found = self._findings.get(row.observation_id, ())
        what = phrases.indicator(package, row.indicator_id, lang)
        status = "" if row.status == "observed" else say(labels.STATUSES[row.status], lang)
        period = phrases.when(row.period, lang)
        # That a period is printed in the text needs no word.
        if row.period_basis not in ("", "printed"):
            period = phrases.bracketed(period, say(labels.PERIOD_BASES[row.period_basis], lang), lang)
        compared = row.measure in ("change", "rank")
        cells = {
            **self._source(row.source_id),
            "what": _together(self._place(row.place_id), what, status),
            "printed": f"{row.value} {''.join(row.unit.split())}".strip() or row.value_text,
            "period": period,
            "scope": phrases.scope(package, row, lang),
            "definition": self._definition(row),
            "details": phrases.change_or_rank(package, row, lang) if compared else "",
            "evidence": row.evidence,
            "place": _place_in_text(row),
            "context": self._context(contexts),
            "conflict": self._conflict(against),
            "finding": self._finding(found),
            "note": self._note(row, "unit_read_reason"),
        }
        canonical = {}
        if reading:
            canonical = {
                "canonical_value": reading.canonical_value,
                "canonical_unit": reading.canonical_unit,
                "low": reading.outer_low,
                "high": reading.outer_high,
            }
        record = _record(
            row,
            id=row.observation_id,
            table="observations" if phrases.is_city(package, row.place_id) else "benchmarks",
            city_id=row.place_id,
            **canonical,
        )
        return Row(
            cells,
            (row.observation_id, *against),
            doors={"conflict": against} if against else {},
            see=tuple(f"finding.{finding.identity_id}" for finding in found),
            record=record,
        )

    def _named(self, row: Any, contexts: Sequence[Any]) -> Row:
        kind = say(labels.NAMED_KINDS[row.table], self.lang)
        details, quantities = self._detailed(row)
        cells = {
            **self._source(row.source_id),
            "what": _together(self._place(row.city_id), kind),
            "printed": say(term(row, "name"), self.lang),
            "period": phrases.when(row.period, self.lang) if row.period else "",
            "evidence": row.evidence,
            "place": _place_in_text(row),
            "context": self._context(contexts),
            "note": self._note(row),
            **details,
        }
        doors = {"quantities": quantities} if quantities else {}
        record = _record(row, id=row.id, value_text=cells["printed"])
        return Row(cells, (row.id, *quantities), doors=doors, record=record)

    def _counted(self, row: Any, contexts: Sequence[Any]) -> Row:
        """A count from a monitoring file: what was counted, from which file, and that no one reviewed it."""
        printed = msg("{days} of {valid} valid", days=monitored.days(row, self.lang), valid=row.valid_days)
        span = [phrases.when(day, self.lang) for day in (row.first_day, row.last_day)]
        source = self._source(row.source_id)
        file = say(msg("file whose SHA-256 is {hash}…", hash=row.file_sha256[:12]), self.lang)
        cells = {
            **source,
            "imprint": _together(source["imprint"], file, phrases.source_note(self.package, row, self.lang)),
            "what": _together(self._place(row.city_id), say(msg("days counted from monitoring"), self.lang)),
            "printed": say(printed, self.lang),
            "period": say(msg("{least} to {most}", least=span[0], most=span[1]), self.lang),
            "scope": say(monitored.METHODS[row.method], self.lang),
            "definition": self._definition(row),
            "evidence": f"{row.days_at_most_100}/{row.valid_days}",
        }
        record = _record(
            row,
            id=row.monitored_id,
            table="monitored",
            status="monitored",
            period=f"{row.first_day}/{row.last_day}",
            value=row.days_at_most_100,
            unit="天",
            low=row.days_at_most_100_low,
            high=row.days_at_most_100_high,
        )
        return Row(cells, (row.monitored_id,), record=record)

    def _definition(self, row: Any) -> str:
        if row.definition_version == "not_stated":
            return say(msg("definition not stated"), self.lang)
        return phrases.definition(self.package, row, self.lang)

    def _place(self, place_id: str) -> str:
        return "" if place_id == self.home else phrases.place(self.package, place_id, self.lang)

    def _source(self, source_id: str) -> Mapping[str, str]:
        return self.package.kept(("entry of", source_id, self.lang), lambda: self._source_cells(source_id))

    def _source_cells(self, source_id: str) -> Mapping[str, str]:
        source = self.package.record("sources", source_id)
        title = f"《{source.title}》" if source.title else ""
        publisher = phrases.name(self.package, source.publisher, self.lang)
        tier = [labels.TIERS[source.tier]]
        if source.seen_on:
            tier.append(labels.SEEN_ON[source.seen_on])
        held = "" if source.text_sha256 or source.tier == "monitoring" else msg("page not held")
        return {
            "document": phrases.document(self.package, source_id, self.lang),
            "imprint": _together(title, publisher, source.document_number, say(held, self.lang)),
            "tier": phrases.strung(tier, self.lang),
            "url": source.url,
        }

    def _context(self, spans: Iterable[Any]) -> str:
        """Where the further spans begin that tell what the figure is: period 3099; column head 3011.

        The name, which most often stands just before the figure, is left to contexts.csv.
        """
        roles: dict[int, dict[str, None]] = {}
        for span in spans:
            if span.role != "label":
                roles.setdefault(span.start, {})[span.role] = None
        said = [
            msg("{role} at {start}", role=_roles(tuple(at), self.lang), start=start)
            for start, at in roles.items()
        ]
        return phrases.strung(said, self.lang)

    def _conflict(self, against: Sequence[str]) -> str:
        if not against:
            return ""
        rows = self._rows(against)
        values = [phrases.value(rows[name][1], self.lang) for name in against]
        return say(msg("also printed: {values}", values=joined(values)), self.lang)

    def _finding(self, found: Iterable[Finding]) -> str:
        said = [
            msg("{verdict}: {kind}", verdict=audit.VERDICTS[one.verdict], kind=discrepancies.KINDS[one.kind])
            for one in found
        ]
        return phrases.strung(dict.fromkeys(said), self.lang)

    def _note(self, row: Any, *further: str) -> str:
        remarks: list[Label] = [getattr(row, f"{stem}_{self.lang}") for stem in ("note", *further)]
        if row.repeats:
            first = self._rows([row.repeats])[row.repeats][1].start
            remarks.append(
                msg("a repetition")
                if first is None
                else msg("repeats what is printed at {start}", start=first)
            )
        return phrases.strung(remarks, self.lang)

    def _detailed(self, row: Any) -> tuple[dict[str, str], tuple[str, ...]]:
        """Of a project or zone at its first place of print: what else is printed of it, and its quantities."""
        first = by_id.first_prints(self.package, row.table, row.city_id) if row.table in DETAILS else {}
        if row.id not in first:
            return {}, ()
        whole = first[row.id]
        told = projects.project if row.table == "projects" else projects.zone
        cells, quantities = told(self.package, whole, self.lang)
        return {
            "printed": projects.name(whole, self.lang),
            "period": cells.get("period", ""),
            "details": _together(*(cells[name] for name in DETAILS[row.table])),
            "quantities": cells["quantities"],
        }, quantities

    @cached_property
    def _findings(self) -> Mapping[str, list[Finding]]:
        """What does not add up, by the observations it is about; of one cause only the leader."""
        found: dict[str, list[Finding]] = {}
        open_ones = [one for one in self.found if one.verdict != "consistent"]
        for leader, *others in audit.by_cause(open_ones):
            for name in dict.fromkeys(name for one in (leader, *others) for name in one.figures):
                found.setdefault(name, []).append(leader)
        return found


def _has_contexts(view: str, row: Any) -> bool:
    """Whether a row may have further spans."""
    return view == "figures" or (view == "named" and row.table == "contradictions")


def _together(*parts: str) -> str:
    return " · ".join(filter(None, parts))


def _place_in_text(row: Any) -> str:
    """The offset at which the evidence begins; where it ends follows from its length. Pages that are not held have none."""
    return "" if row.start is None else str(row.start)


def _place_key(name: str, row: Any) -> tuple[str, int, str]:
    """Source and place in the text; pages and files that are not held have no place."""
    start = getattr(row, "start", None)
    return row.source_id, -1 if start is None else start, name


@cache
def _roles(codes: tuple[str, ...], lang: Lang) -> str:
    return say(joined(labels.CONTEXT_ROLES[code] for code in codes), lang)


def _record(row: Any, **more: Any) -> dict[str, str]:
    """What the columns of a row and `more` say, as text, in the order of RECORD."""
    names, values = _columns(row._fields)
    known = dict(zip(names, values(row), strict=True))
    for name, value in [*more.items(), *((end, known.get(end)) for end in ("start", "end"))]:
        known[name] = _text(value)
    return {name: text for name in RECORD if (text := known.get(name))}


@cache
def _columns(fields: tuple[str, ...]) -> tuple[list[str], Callable[[Any], tuple[Any, ...]]]:
    """Which columns of a kind of rows are of RECORD, and what takes them."""
    names = [name for name in RECORD if name in fields]
    return names, attrgetter(*names)


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, float):
        return "" if math.isnan(value) else f"{value:.12g}"
    return "" if value is None else str(value)
