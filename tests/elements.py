"""The elements of a page, as a browser finds them: pages leave out the end tags that HTML lets be left out."""

from __future__ import annotations

from html.parser import HTMLParser
from xml.etree.ElementTree import Element, SubElement

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
# Elements that a tag ends though their own end tag is missing, up to the element that holds them (HTML, 13.1.2.4).
ENDS = {
    "li": ({"li"}, {"ol", "ul"}),
    "dt": ({"dt", "dd"}, {"dl"}),
    "dd": ({"dt", "dd"}, {"dl"}),
    "th": ({"td", "th"}, {"tr"}),
    "td": ({"td", "th"}, {"tr"}),
    "tr": ({"tr"}, {"table", "thead", "tbody"}),
    "tbody": ({"thead", "tbody"}, {"table"}),
}
BLOCKS = {"article", "aside", "blockquote", "details", "div", "dl", "figcaption", "figure", "footer", "form"}
BLOCKS |= {"h1", "h2", "h3", "h4", "header", "main", "nav", "ol", "p", "pre", "section", "table", "ul"}


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = Element("document")
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        ended, within = ENDS.get(tag, ({"p"} if tag in BLOCKS else set(), set()))
        names = [element.tag for element in self.open]
        for place in range(len(names) - 1, 0, -1):
            if names[place] in within or (tag in BLOCKS and names[place] in BLOCKS - {"p"}):
                break
            if names[place] in ended:
                del self.open[place:]
                break
        element = SubElement(self.open[-1], tag, {name: value or "" for name, value in attrs})
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        for place in range(len(self.open) - 1, 0, -1):
            if self.open[place].tag == tag:
                del self.open[place:]
                return

    def handle_data(self, data: str) -> None:
        last = self.open[-1]
        if len(last):
            last[-1].tail = (last[-1].tail or "") + data
        else:
            last.text = (last.text or "") + data


def elements(html: str) -> Element:
    """The root over all elements of a page; `findall` of it takes paths as in `.//a[@href]`."""
    builder = _Builder()
    builder.feed(html)
    builder.close()
    return builder.root


def words(element: Element | None) -> str:
    """The text of an element as a reader sees it, runs of spaces as one."""
    assert element is not None, "there is no such element"
    return " ".join("".join(element.itertext()).split())


def links(element: Element) -> list[tuple[str, str]]:
    """Where every link below an element leads, and its text."""
    return [(link.get("href", ""), words(link)) for link in element.iter("a")]


def entry(page: Element, address: str) -> Element:
    """The element that `#…` leads to, of which there is one."""
    (found,) = (element for element in page.iter() if element.get("id") == address.removeprefix("#"))
    return found
