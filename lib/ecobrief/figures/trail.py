"""The trail from every number on a page to the characters it was printed with.

A notebook shows its displays through one `Trail`, which remembers the observations they name; its last cell shows
`trail.sources()`, the entries that all those numbers lead to.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from ecobrief.datapackage import DataPackage
from ecobrief.figures import display, labels, monitored, phrases
from ecobrief.figures.display import Display
from ecobrief.figures.rows import Column, Row
from ecobrief.wording import Lang, joined, msg, say, term
from ecobrief.wording.amounts import Label


class Trail:
    """Remembers what a notebook has shown, so that no number is left without its source."""

    def __init__(self, package: DataPackage, lang: Lang):
        self._package, self._lang = package, lang
        self._named: dict[str, None] = {}

    def show(self, shown: Display) -> Display:
        """The display itself; what it names is remembered."""
        for row in shown.rows:
            self._named.update(dict.fromkeys((*row.observations, *row.inputs)))
        return shown

    def sources(self) -> Display:
        """One entry for each figure, policy, project or zone named so far, grouped by source, in the order of the text."""
        package = self._package
        figures = package.figures[package.figures.index.isin(self._named)]
        named = package.named[package.named.index.isin(self._named)]
        counts = package["monitored"].set_index("monitored_id", drop=False)
        counts = counts[counts.index.isin(self._named)]
        unknown = set(self._named).difference(figures.index, named.index, counts.index)
        if unknown:
            raise KeyError(f"nothing in the data package is called {', '.join(sorted(unknown))}")
        entries = [(_place_key(row), entry(package, row, self._lang)) for row in figures.itertuples()]
        entries += [(_place_key(row), named_entry(package, row, self._lang)) for row in named.itertuples()]
        entries += [
            ((row.source_id, -1.0, row.Index), monitored_entry(package, row, self._lang))
            for row in counts.itertuples()
        ]
        return display.sources(
            [shown for _, shown in sorted(entries, key=lambda pair: pair[0])], lang=self._lang
        )

    def definitions(self) -> Display:
        """The definition versions that the figures named so far follow, in full."""
        figures = self._package.figures
        counts = self._package["monitored"]
        counted = counts.loc[counts["monitored_id"].isin(self._named), "definition_version"]
        used = {*figures.loc[figures.index.isin(self._named), "definition_version"], *counted}
        rows = [
            Row(
                {
                    "name": say(term(row, "name"), self._lang),
                    "standard": _standard(row),
                    "text": say(term(row, "text"), self._lang),
                }
            )
            for row in self._package["definitions"].to_dict("records")
            if row["definition_version"] in used - {phrases.NOT_APPLICABLE}
        ]
        heads = {"name": msg("Definition"), "standard": msg("Standard and clause"), "text": msg("Meaning")}
        columns = [Column(name, say(head, self._lang)) for name, head in heads.items()]
        return display.table(
            say(msg("Definitions the figures follow"), self._lang), columns, rows, lang=self._lang
        )


def _standard(definition: dict[str, str]) -> str:
    return " · ".join(filter(None, (definition["standard"], definition["clause"])))


def _place_key(row: Any) -> tuple[str, float, str]:
    """Source and place in the text; pages that are not held have no place."""
    return row.source_id, -1.0 if pd.isna(row.start) else float(row.start), row.Index


def entry(package: DataPackage, row: Any, lang: Lang) -> Row:
    """The source entry of one figure: as printed, document, place, evidence, definition, tier, address, note."""
    source = package.row("sources", row.source_id)
    what = (
        f"{phrases.place(package, row.place_id, lang)} · {phrases.indicator(package, row.indicator_id, lang)}"
    )
    if row.status != "observed":
        what += f" · {say(labels.STATUSES[row.status], lang)}"
    basis = say(labels.PERIOD_BASES[row.period_basis], lang) if row.period_basis else ""
    period = phrases.when(row.period, lang)
    cells = {
        "what": what,
        "printed": f"{row.value} {''.join(row.unit.split())}".strip() or row.value_text,
        "period": phrases.bracketed(period, basis, lang) if basis else period,
        "scope": phrases.scope(package, row, lang),
        "definition": phrases.definition(package, row, lang),
        "document": _document(package, source, lang),
        "place": _place(row, lang),
        "evidence": row.evidence,
        "context": _context(package, row.observation_id, lang),
        "tier": _tier(source, lang),
        "url": source["url"],
        "note": _remarks(row, lang),
    }
    return Row(cells, (row.observation_id,))


def named_entry(package: DataPackage, row: Any, lang: Lang) -> Row:
    """The source entry of a policy, project, zone, contradiction or requirement."""
    source = package.row("sources", row.source_id)
    kind = msg("{place} · {kind}", place=package.place_name(row.city_id), kind=labels.NAMED_KINDS[row.table])
    cells = dict.fromkeys(display.SOURCE_COLUMNS, "") | {
        "what": say(kind, lang),
        "printed": say(term(row._asdict(), "name"), lang),
        "period": phrases.when(row.period, lang) if row.period else "",
        "document": _document(package, source, lang),
        "place": _place(row, lang),
        "evidence": row.evidence,
        "context": _context(package, row.id, lang),
        "tier": _tier(source, lang),
        "url": source["url"],
        "note": _note(row, lang),
    }
    return Row(cells, (row.id,))


def monitored_entry(package: DataPackage, row: Any, lang: Lang) -> Row:
    """The source entry of a count from a monitoring file: what was counted, from which file, and that no one reviewed it."""
    source = package.row("sources", row.source_id)
    what = msg("{place} · days counted from monitoring", place=package.place_name(row.city_id))
    printed = msg("{days} of {valid} valid", days=monitored.days(row, lang), valid=row.valid_days)
    span = [phrases.when(day, lang) for day in (row.first_day, row.last_day)]
    cells = dict.fromkeys(display.SOURCE_COLUMNS, "") | {
        "what": say(what, lang),
        "printed": say(printed, lang),
        "period": say(msg("{least} to {most}", least=span[0], most=span[1]), lang),
        "scope": say(monitored.METHODS[row.method], lang),
        "definition": phrases.definition(package, row, lang),
        "document": _document(package, source, lang),
        "evidence": f"{row.days_at_most_100}/{row.valid_days}",
        "place": say(msg("in a file whose SHA-256 is {hash}…", hash=row.file_sha256[:12]), lang),
        "tier": _tier(source, lang),
        "url": source["url"],
        "note": say(term(source, "note"), lang),
    }
    return Row(cells, (row.monitored_id,))


def _tier(source: pd.Series, lang: Lang) -> str:
    tier: list[Label] = [labels.TIERS[source["tier"]]]
    if source["seen_on"]:
        tier.append(labels.SEEN_ON[source["seen_on"]])
    return say(joined(tier), lang)


def _note(row: Any, lang: Lang) -> str:
    repeats = say(msg("repeats {first}", first=row.repeats), lang) if row.repeats else ""
    return phrases.strung([say(term(row._asdict(), "note"), lang), repeats], lang)


def _document(package: DataPackage, source: pd.Series, lang: Lang) -> str:
    title = f"《{source['title']}》" if source["title"] else ""
    parts = [
        phrases.document(package, source["source_id"], lang),
        title,
        say(package.name(source["publisher"]), lang),
        source["document_number"],
    ]
    return " · ".join(filter(None, parts))


def _place(row: Any, lang: Lang) -> str:
    if pd.isna(row.start):
        return say(msg("page not held"), lang)
    return say(msg("offsets {start}–{end} (from 0)", start=row.start, end=row.end), lang)


def _context(package: DataPackage, observation_id: str, lang: Lang) -> str:
    """The further spans that tell what the figure is, with their places: period “2022 年” (3099–3105)."""
    contexts = package["contexts"]
    spans = [
        msg(
            "{role} “{evidence}” ({start}–{end})",
            role=labels.CONTEXT_ROLES[span.role],
            evidence="".join(span.evidence.split()),
            start=span.start,
            end=span.end,
        )
        for span in contexts[contexts["observation_id"] == observation_id].itertuples()
    ]
    return phrases.strung(spans, lang)


def _remarks(row: Any, lang: Lang) -> str:
    fields = row._asdict()
    repeats = say(msg("repeats {first}", first=row.repeats), lang) if row.repeats else ""
    remarks = [say(term(fields, "note"), lang), say(term(fields, "unit_read_reason"), lang), repeats]
    return phrases.strung(remarks, lang)
