"""From an executed notebook to one HTML page in one language.

The cells are walked in order. Markdown of the page's language is kept, code never; of outputs only those of
the seam's type (`display.MIME`) are shown, each by the template of its kind. Everything reaches the page
through Jinja with autoescape or, for JSON, through `tojson`: this module writes no markup of its own.

A number on a page leads to its entry among the sources, so a page in which one does not is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from ecobrief.publish import plotlyjs, prose
from ecobrief.publish.display import MIME, Display, Row, read
from ecobrief.publish.errors import PageError, UntraceableNumber, WrongShape
from ecobrief.wording import LANGS, Lang, msg, say

HTML_LANG: dict[Lang, str] = {"zh": "zh-CN", "en": "en"}
# Each in its own tongue, for readers who cannot read the other.
LANG_NAMES: dict[Lang, str] = {"zh": "中文", "en": "English"}
PLOTLY_MIME = "application/vnd.plotly.v1+json"
# Cells with this tag speak of the notebook, not of what it found, and stay in the workbook.
WORKBOOK_ONLY = "workbook-only"


@dataclass(frozen=True)
class Page:
    """A page and what a manifest says of it. `observations` are the ids that have an entry on it, sorted."""

    html: str
    title: str
    charts: int
    observations: tuple[str, ...]


@dataclass(frozen=True)
class Source:
    """The entry of one observation: `number` counts entries through the page, `printed` is its value."""

    number: int
    printed: str


def render(notebook: Any, lang: Lang, *, siblings: Mapping[Lang, str] | None = None, index: str = "") -> Page:
    """The page of `notebook` (an nbformat 4 notebook node, executed) in `lang`.

    siblings: file names of the same page by language; a link to each other language is shown
    index: file name of the page over all pages; empty for a page that stands alone

    Raises:
        PageError: a cell had failed, a chart would be lost, a display is in another language, no title.
        WrongShape: a display of an unknown kind or a wrong form.
        UntraceableNumber: a row names an observation that no sources entry holds.
    """
    if lang not in LANGS:
        raise PageError(f"no language {lang!r}; one of {', '.join(LANGS)}.")
    parts = list(_parts(notebook, lang))
    displays = [part for part in parts if isinstance(part, Display)]
    sources = _sources(displays)
    _refuse_untraceable(displays, sources)

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
            anchor = headings.section(part.title) if part.kind == "sources" and part.title else ""
            shown.append((part, anchor))
        else:
            shown.append((prose.html(part, headings), ""))
    title = headline.title if headline and headline.title else headings.title
    if not title:
        raise PageError(
            "the page has no title: give one headline with a title, or a markdown cell that begins with #."
        )

    charts = sum(display.kind == "chart" for display in displays)
    html = _template("page.html.j2").render(
        **document(lang),
        title=title,
        headline=headline,
        parts=shown,
        sections=headings.sections,
        sources=sources,
        charts=charts,
        plotly=plotlyjs.bundle() if charts else None,
        policy=policy(scripts=[_static("brief.js"), plotlyjs.bundle()] if charts else []),
        siblings={other: file for other, file in (siblings or {}).items() if other != lang},
        index=index,
    )
    return Page(html, title, charts, tuple(sorted(sources)))


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


def _sources(displays: Iterable[Display]) -> dict[str, Source]:
    found: dict[str, Source] = {}
    for display in displays:
        if display.kind != "sources":
            continue
        for row in display.rows:
            (observation,) = row.observations
            if observation in found:
                raise WrongShape(
                    f'sources "{display.title}": {observation} has two entries; one anchor, one entry.'
                )
            found[observation] = Source(len(found) + 1, row.cells.get("printed", ""))
    return found


def _refuse_untraceable(displays: Iterable[Display], sources: Mapping[str, Source]) -> None:
    for display in displays:
        for row in display.rows:
            for observation in (*row.observations, *row.inputs):
                if observation not in sources:
                    raise UntraceableNumber(
                        f'{display.kind} "{display.title}" shows {observation}, which is not among the '
                        f"sources of the page. Row: {_first_words(row)}"
                    )


def _first_words(row: Row) -> str:
    return ", ".join(text for text in row.cells.values() if text)[:120]


# What every page shares: the environment, the policy, the words of the templates.


@cache
def environment() -> Environment:
    """The Jinja environment of all pages. An unknown name in a template is an error, never an empty place."""
    found = Environment(
        loader=PackageLoader("ecobrief.publish"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    found.policies["json.dumps_kwargs"] = {
        "sort_keys": True,
        "ensure_ascii": False,
        "allow_nan": False,
        "separators": (",", ":"),
    }
    found.tests["web_address"] = lambda text: text.startswith(("http://", "https://"))
    found.tests["chinese"] = lambda text: any("\u3400" <= letter <= "\u9fff" for letter in text)
    return found


def _template(name: str) -> Any:
    return environment().get_template(name)


@cache
def _static(name: str) -> Markup:
    """A style sheet or script of the package, to stand inside its element as it is."""
    text = resources.files("ecobrief.publish").joinpath("static", name).read_text("utf-8")
    return Markup(text.replace("\r\n", "\n"))


def policy(scripts: Iterable[Markup | plotlyjs.Bundle]) -> Markup:
    """The Content-Security-Policy of a page: nothing is fetched, and only `scripts` run."""
    hashes = [
        script.source_hash
        if isinstance(script, plotlyjs.Bundle)
        else plotlyjs.source_hash(script.encode("utf-8"))
        for script in scripts
    ]
    allowed = " ".join(f"'{known}'" for known in hashes)
    # Base64 and keywords only: the single quotes of the policy may stand in its attribute as they are.
    return Markup(
        "; ".join(
            [
                "default-src 'none'",
                f"script-src {allowed} 'strict-dynamic'" if hashes else "script-src 'none'",
                "style-src 'unsafe-inline'",
                "img-src data:",
                "base-uri 'none'",
                "form-action 'none'",
            ]
        )
    )


def document(lang: Lang) -> dict[str, Any]:
    """What `base.html.j2` needs whatever the page: language, words, style."""

    def in_language(words: str, **values: Any) -> str:
        return say(msg(words, **values), lang)

    return {
        "_": in_language,
        "lang": lang,
        "html_lang": HTML_LANG,
        "lang_names": LANG_NAMES,
        "style": _static("brief.css"),
        "script": _static("brief.js"),
    }
