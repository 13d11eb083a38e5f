"""From an executed notebook to one HTML page in one language.

The cells are walked in order. Markdown of the page's language is kept, code never; of outputs only those of
the seam's type (`display.MIME`) are shown, each by the template of its kind. Everything reaches the page
through Jinja with autoescape: this module writes no markup of its own.

A number on a page leads to its entry among the sources, so a page in which one does not is refused (`doors`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup

from ecobrief import wording
from ecobrief.publish import embedded, lines, picture, plotlyjs, prose, template
from ecobrief.publish.citation import citation
from ecobrief.publish.display import MIME, Display, read
from ecobrief.publish.doors import doors
from ecobrief.publish.errors import PageError, WrongShape
from ecobrief.publish.template import document, environment, lean, packed_plotly, policy, static
from ecobrief.wording import LANGS, Lang

PLOTLY_MIME = "application/vnd.plotly.v1+json"
# Cells with this tag speak of the notebook, not of what it found, and stay in the workbook.
WORKBOOK_ONLY = "workbook-only"


@dataclass(frozen=True)
class Made:
    """What a page was made with.

    notebook, parameters: the notebook's file name and the parameters it was given
    version: of ecobrief
    """

    notebook: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)
    version: str = ""


@dataclass(frozen=True)
class Page:
    """A page and what a manifest says of it.

    observations: the ids that have an entry on it, sorted
    metrics: its headline metrics: id, metric, value, period, scope, and whether it is stated
    """

    html: str
    title: str
    charts: int
    observations: tuple[str, ...]
    metrics: tuple[Mapping[str, Any], ...] = ()


def warm() -> None:
    """Make ahead what the first page of a process would make and every other finds made: for a process that forks."""
    template.warm()
    wording.warm()


def render(
    notebook: Any,
    lang: Lang,
    *,
    siblings: Mapping[Lang, str] | None = None,
    index: str = "",
    made: Made | None = None,
    shared: str = "",
) -> Page:
    """The page of `notebook` (an nbformat 4 notebook node, executed) in `lang`.

    siblings: file names of the same page by language; a link to each other language is shown
    index: file name of the page over all pages; empty for a page that stands alone
    made: what it was made with, as far as known
    shared: address of a plotly.js beside the page; empty for a page that carries its own

    Raises:
        PageError: a cell had failed, a chart would be lost, a display is in another language, no title.
        WrongShape: a display of an unknown kind or a wrong form.
        UntraceableNumber: a row names an observation that no sources entry holds.
    """
    if lang not in LANGS:
        raise PageError(f"no language {lang!r}; one of {', '.join(LANGS)}.")
    parts = list(_parts(notebook, lang))
    displays = [part for part in parts if isinstance(part, Display)]
    leads = doors(displays)

    headlines = [display for display in displays if display.kind == "headline"]
    if len(headlines) > 1:
        raise PageError(
            f'a page has one headline; here are "{headlines[0].title}" and "{headlines[1].title}".'
        )
    headline = headlines[0] if headlines else None
    headings = prose.Headings(titled=bool(headline and headline.title))
    shown: list[tuple[Display | Markup, str]] = []
    for part in parts:
        if isinstance(part, Display):
            # The entries at the end are a section of the page; those before belong to the section they stand in.
            closing = part.kind == "sources" and part is parts[-1] and part.title
            shown.append((part, headings.section(part.title) if closing else ""))
        else:
            shown.append((prose.html(part, headings), ""))
    title = headline.title if headline and headline.title else headings.title
    if not title:
        raise PageError(
            "the page has no title: give one headline with a title, or a markdown cell that begins with #."
        )

    made = made or Made()
    given = headline.about if headline else {}
    about = {
        "title": title,
        "lang": lang,
        "notebook": made.notebook,
        "parameters": dict(made.parameters),
        "ecobrief": made.version,
        **given,
    }
    data = embedded.content(about, displays)
    data["charts"] = [leads.charted(chart) for chart in data["charts"]]
    charts = len(data["charts"])
    plotly = plotlyjs.bundle() if charts else None
    script = static("brief.js")
    html = (
        environment()
        .get_template("page.html.j2")
        .render(
            **document(lang),
            title=title,
            style=static("brief.css"),
            script=script,
            headline=headline,
            parts=shown,
            sections=headings.sections,
            doors=leads,
            documents={},
            lines=lines,
            picture=picture.embedded,
            charts=charts,
            plotly=plotly,
            packed_plotly=packed_plotly,
            shared=shared,
            data=embedded.pack(data),
            policy=policy(scripts=[script, plotly] if plotly and not shared else [script]),
            siblings={other: file for other, file in (siblings or {}).items() if other != lang},
            index=index,
            made=made,
            about=about,
            citation=_citation(title, lang, made, given),
        )
    )
    return Page(
        lean(html), title, charts, tuple(sorted(leads.numbers)), _metrics(headline) if headline else ()
    )


def _parts(notebook: Any, lang: Lang) -> Iterable[str | Display]:
    """The markdown and the displays that belong on the page, in order."""
    other = {f"lang-{known}" for known in LANGS if known != lang}
    for number, cell in enumerate(notebook.cells, start=1):
        tags = set(cell.metadata.get("tags", ()))
        if WORKBOOK_ONLY in tags:
            continue
        if cell.cell_type == "markdown" and not tags & other:
            yield cell.source
        elif cell.cell_type == "code":
            yield from _displays(cell, number, lang)


def _displays(cell: Any, number: int, lang: Lang) -> Iterable[Display]:
    for output in cell.outputs:
        if output.output_type == "error":
            raise PageError(
                f"cell {number} ended with {output.ename}: {output.evalue}. A page needs a whole run."
            )
        data = output.get("data", {})
        if MIME not in data:
            if PLOTLY_MIME in data:
                raise PageError(
                    f"cell {number} shows a plotly figure without the record that a page needs: its title, "
                    "table and sources. Show a chart of ecobrief.figures instead."
                )
            continue
        try:
            display = read(data[MIME])
        except WrongShape as fault:
            raise WrongShape(f"cell {number}: {fault}") from None
        if display.lang != lang:
            raise PageError(f'cell {number}: "{display.title}" is in {display.lang}, the page in {lang}.')
        yield display


def _metrics(headline: Display) -> tuple[Mapping[str, Any], ...]:
    return tuple(
        {
            "id": row.key.rpartition(".")[2],
            **{name: row.cells.get(name, "") for name in ("metric", "value", "period", "scope")},
            "stated": bool(row.observations or row.formula),
        }
        for row in headline.rows
    )


def _citation(title: str, lang: Lang, made: Made, about: Mapping[str, str]) -> Any:
    """How to cite the page; none where it is not said what data it rests on."""
    if not about.get("data_version") or not about.get("cut_off"):
        return None
    name = "-".join(
        [
            made.notebook.removesuffix(".ipynb"),
            *(value for key, value in made.parameters.items() if key != "lang"),
        ]
    )
    return citation(title, lang, about["data_version"], about["cut_off"], made.version, name.strip("-")[:60])
