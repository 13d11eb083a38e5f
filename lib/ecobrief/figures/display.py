"""What a notebook cell shows: one object that speaks to our pages, to JupyterLab and to plain nbconvert.

Our pages read `application/vnd.ecobrief.v1+json` and nothing else. JupyterLab draws plotly's type or shows
the HTML; plain nbconvert and everything else take the HTML. Equal contents give equal bytes: nothing here is
random or timed.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ecobrief.figures import draw, svg
from ecobrief.figures.chart import Chart, as_table, key
from ecobrief.figures.rows import RECORD, Column, Row, refuse_untraced_numbers
from ecobrief.wording import Lang, msg, say

ECOBRIEF_MIME = "application/vnd.ecobrief.v1+json"
PLOTLY_MIME = "application/vnd.plotly.v1+json"

HEADLINE_COLUMNS = {
    "theme": msg("Theme"),
    "metric": msg("Metric"),
    "value": msg("Value"),
    "period": msg("Period"),
    "scope": msg("Scope"),
    "interval": msg("Interval"),
    "standing": msg("Standing"),
    "reason": msg("Reason"),
    "source": msg("Source"),
}
SOURCE_COLUMNS = {
    "group": msg("Group"),
    "document": msg("Document"),
    "imprint": msg("Title and publisher"),
    "tier": msg("Kind of source"),
    "url": msg("Address"),
    "what": msg("Indicator and city"),
    "printed": msg("As printed"),
    "period": msg("Period"),
    "scope": msg("Scope"),
    "definition": msg("Definition"),
    "details": msg("Details"),
    "quantities": msg("Quantities as printed"),
    "evidence": msg("Evidence"),
    "place": msg("Place in the text"),
    "context": msg("Printed elsewhere in the text"),
    "conflict": msg("Conflict"),
    "finding": msg("Audit"),
    "note": msg("Note"),
}


@dataclass(frozen=True)
class Display:
    """One thing shown by one cell. Made by `chart`, `table`, `headline`, `sentence` and `sources` below.

    about: of a headline, what a citation of its page names: data_version, cut_off (ISO date), licence.

    Raises:
        ValueError: a row that names no known column, or shows a number that leads nowhere.
    """

    kind: Literal["headline", "chart", "table", "sentence", "sources"]
    lang: Lang
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    unit: str = ""
    caption: str = ""
    drawing: Chart | None = None
    about: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        known = {column.id for column in self.columns}
        for row in self.rows:
            unknown = ", ".join(sorted(set(row.cells) - known))
            if unknown:
                raise ValueError(
                    f'"{self.title}" has no column {unknown}; its columns are {", ".join(sorted(known))}.'
                )
        refuse_untraced_numbers(self.title, self.columns, self.rows)

    def payload(self) -> dict[str, Any]:
        """What our pages read: plain text, numbers and lists; records as lines of CSV."""
        names = [column.id for column in self.columns]
        records = _csv([row.record.get(name, "") for name in RECORD] for row in self.rows if row.record)
        payload: dict[str, Any] = {
            "kind": self.kind,
            "lang": self.lang,
            "title": self.title,
            "unit": self.unit,
            "caption": self.caption,
            "columns": [
                {"id": column.id, "label": column.label, "numeric": column.numeric} for column in self.columns
            ],
            "rows": [
                {
                    "cells": {name: row.cells.get(name, "") for name in names},
                    "observations": list(row.observations),
                    "formula": row.formula,
                    "inputs": list(row.inputs),
                    **_given(
                        doors={name: list(ids) for name, ids in row.doors.items()},
                        key=row.key,
                        see=list(row.see),
                        record=next(records) if row.record else "",
                    ),
                }
                for row in self.rows
            ],
            **_given(about=dict(self.about)),
        }
        if any(row.record for row in self.rows):
            payload["recorded"] = next(_csv([RECORD]))
        if self.drawing:
            payload["figure"] = draw.figure(self.drawing)
            payload["picture"] = svg.picture(self.drawing)
        return payload

    def html(self) -> str:
        """The same where our pages are not: a table or sentence with links to the sources, no script."""
        rows = ((row, self._cells(row)) for row in self.rows)
        tag = "zh-Hans" if self.lang == "zh" else "en"
        html: str = _template().render(shown=self, rows=rows, tag=tag)
        return html

    def _cells(self, row: Row) -> list[tuple[Column, str, str, bool]]:
        """Each column with its text, where the text leads ("" for nowhere), and whether what it was computed from follows."""
        cells = []
        for column in self.columns:
            text, address = row.cells.get(column.id, ""), ""
            computed = False
            if not text:
                pass
            elif led := row.doors.get(column.id):
                address = f"#obs-{led[0]}"
            elif column.numeric and self.kind != "sources" and row.observations and not row.doors:
                address = f"#obs-{row.observations[0]}"
            elif column.numeric and row.formula:
                computed = True
            elif column.id == "url" and text.startswith(("http://", "https://")):
                # An address of another kind could run or open something else.
                address = text
            cells.append((column, text, address, computed))
        return cells

    def text(self) -> str:
        """The same for a terminal; of sources only what each is and where it stands."""
        columns = [c for c in self.columns if self.kind != "sources" or c.id in ("what", "printed", "place")]
        lines = [self.title, " | ".join(column.label for column in columns)] if self.title else []
        lines += [" | ".join(row.cells.get(column.id, "") for column in columns) for row in self.rows]
        return "\n".join([*lines, self.caption] if self.caption else lines)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        """What IPython asks for; of the types it can do without, none is made."""
        wanted = {ECOBRIEF_MIME, PLOTLY_MIME, "text/html", "text/plain"}
        wanted = (wanted & set(include) if include else wanted) - set(exclude or ())
        bundle: dict[str, Any] = {}
        if ECOBRIEF_MIME in wanted:
            bundle[ECOBRIEF_MIME] = self.payload()
        if "text/html" in wanted:
            bundle["text/html"] = self.html()
        if "text/plain" in wanted:
            bundle["text/plain"] = self.text()
        if self.drawing and PLOTLY_MIME in wanted:
            known = bundle.get(ECOBRIEF_MIME, {}).get("figure") or draw.figure(self.drawing)
            bundle[PLOTLY_MIME] = draw.with_title(known, self.drawing) | {"config": draw.CONFIG}
        return bundle


def chart(drawing: Chart) -> Display:
    """A chart, with its table; the caption also says how its marks are to be read."""
    columns, rows = as_table(drawing)
    space = "" if drawing.lang == "zh" else " "
    caption = space.join(part for part in (key(drawing), drawing.caption) if part)
    return Display("chart", drawing.lang, drawing.title, columns, rows, drawing.unit, caption, drawing)


def table(
    title: str,
    columns: Iterable[Column],
    rows: Iterable[Row],
    caption: str = "",
    *,
    lang: Lang,
    unit: str = "",
) -> Display:
    """A table; figures stand in numeric columns and lead to their observations."""
    return Display("table", lang, title, tuple(columns), tuple(rows), unit, caption)


def headline(
    title: str, rows: Iterable[Row], caption: str, about: Mapping[str, str], *, lang: Lang
) -> Display:
    """The first thing on a page: its title, and one row per headline metric with the cells of HEADLINE_COLUMNS.

    Rows of one theme follow each other, the one that heads it first. The caption names data version and cut-off date,
    `about` what a citation of the page needs (see `Display`).
    """
    columns = _columns(HEADLINE_COLUMNS, lang, "value")
    return Display("headline", lang, title, columns, tuple(rows), caption=caption, about=about)


def sentence(
    text: str, observations: Iterable[str] = (), formula: str = "", inputs: Iterable[str] = (), *, lang: Lang
) -> Display:
    """One sentence, with the observations its figures come from, or the formula and its inputs."""
    return sentences([Row({"text": text}, tuple(observations), formula, tuple(inputs))], lang=lang)


def sentences(rows: Iterable[Row], *, lang: Lang) -> Display:
    """Several sentences, each a row with the one cell `text`."""
    return Display("sentence", lang, "", (Column("text", ""),), tuple(rows))


def sources(rows: Iterable[Row], *, lang: Lang, title: str = "", caption: str = "") -> Display:
    """The entries that every number leads to: one row per observation, with the cells of SOURCE_COLUMNS.

    The first observation of a row is the one whose entry it is; the others stand behind its doors.

    Raises:
        ValueError: a row without an observation, or a second entry of the same one.
    """
    rows = tuple(rows)
    seen: set[str] = set()
    for row in rows:
        if not row.observations:
            raise ValueError("a sources row is the entry of an observation; this one names none.")
        if row.observations[0] in seen:
            raise ValueError(f"observation {row.observations[0]} has two sources rows.")
        seen.add(row.observations[0])
    title = title or say(msg("Where every number was printed"), lang)
    return Display("sources", lang, title, _columns(SOURCE_COLUMNS, lang, "printed"), rows, caption=caption)


def _columns(heads: Mapping[str, Any], lang: Lang, numeric: str) -> tuple[Column, ...]:
    return tuple(Column(name, say(head, lang), numeric=name == numeric) for name, head in heads.items())


def _csv(rows: Iterable[Iterable[str]]) -> Iterator[str]:
    """Lines of CSV, without their ends."""
    line = io.StringIO()
    write = csv.writer(line).writerow
    for row in rows:
        write(row)
        yield line.getvalue().removesuffix("\r\n")
        line.seek(0)
        line.truncate()


def _given(**parts: Any) -> dict[str, Any]:
    """The parts that say anything."""
    return {name: part for name, part in parts.items() if part}


@cache
def _template() -> Any:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("fallback.html.j2")
