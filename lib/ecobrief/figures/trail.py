"""The trail from every number on a page to the characters it was printed with.

A notebook shows its displays through one `Trail`, which remembers the observations they name; `trail.printed` shows the
entries of some where the text speaks of them, and the last cell `trail.sources()`, all those that were not shown before.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ecobrief.audit import Finding
from ecobrief.datapackage import DataPackage
from ecobrief.figures import display, phrases
from ecobrief.figures.display import Display
from ecobrief.figures.entries import Entries
from ecobrief.figures.printed import Printed
from ecobrief.figures.rows import Column, Row
from ecobrief.wording import Lang, msg, say, term


class Trail:
    """Remembers what a notebook has shown, so that no number is left without its source.

    home: the place the notebook is about, which its entries need not name
    found: what the audit found, for entries to point to
    """

    def __init__(self, package: DataPackage, lang: Lang, home: str = "", found: Iterable[Finding] = ()):
        self._package, self._lang = package, lang
        self._entries = Entries(package, lang, home, tuple(found))
        self._named: dict[str, None] = {}
        self._entered: set[str] = set()

    def show(self, shown: Display) -> Display:
        """The display itself; what it names is remembered."""
        for row in shown.rows:
            self._named.update(dict.fromkeys((*row.observations, *row.inputs)))
        return shown

    def printed(self, together: Printed) -> Display:
        """The entries that stand together here, each once on a page, by source and place in the text; a sentence where
        there is none."""
        title, heads = together.title, list(dict.fromkeys(together.groups.values()))
        rows = self._entries.of(set(together.names) - self._entered, brief=together.brief)
        if not rows:
            return display.sentence(say(msg("{title}: none.", title=title), self._lang), lang=self._lang)
        if heads:
            rows.sort(key=lambda row: heads.index(together.groups[row.observations[0]]))
        self._entered.update(row.observations[0] for row in rows)
        if together.alike or heads:
            alike = {"what": ""} if together.alike else {}
            said = {head: {"group": say(head, self._lang)} for head in heads}
            groups = {name: said[head] for name, head in together.groups.items()}
            rows = [
                replace(row, cells={**row.cells, **alike, **groups.get(row.observations[0], {})})
                for row in rows
            ]
        return self.show(display.sources(rows, lang=self._lang, title=say(title, self._lang)))

    def sources(self) -> Display:
        """The entries of everything named so far that has none yet, and of what those conflict with."""
        missing = set(self._named) - self._entered
        rows = self._entries.of(missing)
        while against := {name for row in rows for name in row.observations} - self._entered - missing:
            missing |= against
            rows = self._entries.of(missing)
        self._named.update(dict.fromkeys(sorted(missing)))
        title = say(msg("Further entries"), self._lang) if self._entered else ""
        self._entered |= missing
        return display.sources(rows, lang=self._lang, title=title)

    def definitions(self) -> Display:
        """The definition versions that the figures named so far follow, in full."""
        used = self._entries.definitions(self._named) - {phrases.NOT_APPLICABLE}
        rows = [
            Row(
                {
                    "name": say(term(row, "name"), self._lang),
                    "standard": " · ".join(filter(None, (row.standard, row.clause))),
                    "text": say(term(row, "text"), self._lang),
                }
            )
            for row in self._package.records("definitions", definition_version=sorted(used))
        ]
        heads = {"name": msg("Definition"), "standard": msg("Standard and clause"), "text": msg("Meaning")}
        columns = [Column(name, say(head, self._lang)) for name, head in heads.items()]
        return display.table(
            say(msg("Definitions the figures follow"), self._lang), columns, rows, lang=self._lang
        )
