"""Prose of a notebook as HTML: markdown in which raw HTML is text and of which nothing is run or fetched."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import mistune
from markupsafe import Markup, escape

from ecobrief.publish.display import visible


@dataclass
class Headings:
    """The headings of one page as they come: `title` is the first of level 1, `sections` are of level 2.

    titled: the page has its title from elsewhere, so that the first heading of level 1 is left out
    """

    titled: bool = False
    title: str = ""
    sections: list[tuple[str, str]] = field(default_factory=list)

    def section(self, text: str) -> str:
        """Enter a section and return its anchor."""
        anchor = f"section-{len(self.sections) + 1}"
        self.sections.append((anchor, text))
        return anchor


class _Renderer(mistune.HTMLRenderer):
    """HTML with anchors on sections, one heading of level 1 at most, and no picture from elsewhere."""

    def __init__(self, headings: Headings) -> None:
        super().__init__(escape=True)
        self.headings = headings

    def heading(self, text: str, level: int, **attrs: Any) -> str:
        plain = Markup(text).striptags()
        if level == 1 and not self.headings.title:
            self.headings.title = plain
            # The name of a notebook gives way to the headline, which names the city.
            return "" if self.headings.titled else str(Markup("<h1>{}</h1>\n").format(Markup(text)))
        if level <= 2:
            anchor = self.headings.section(plain)
            return str(Markup('<h2 id="{}">{}</h2>\n').format(anchor, Markup(text)))
        return str(Markup("<h{0}>{1}</h{0}>\n").format(level, Markup(text)))

    def image(self, text: str, url: str, title: str | None = None) -> str:
        # A page fetches nothing: a picture that is not in the page itself is named, not shown.
        if url.startswith("data:image/"):
            return super().image(text, url, title)
        return str(escape(Markup(text).striptags()))

    def table(self, text: str) -> str:
        return str(
            Markup('<div class="scroll" tabindex="0"><table>\n{}</table></div>\n').format(Markup(text))
        )


def html(markdown: str, headings: Headings) -> Markup:
    """The markdown of one cell as HTML; its headings are entered in `headings`.

    Raw HTML is shown as text and an address that would run a script leads nowhere.
    """
    render = mistune.create_markdown(renderer=_Renderer(headings), plugins=["table", "strikethrough"])
    return Markup(render(visible(markdown)))
