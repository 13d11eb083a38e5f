"""What a reader sees of an HTML page: a line for each block, a tab between the cells of a table row.

Scripts, styles, menus, forms and what is hidden are left out. The title comes first where the page does not
repeat it, as it often tells the year.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.metadata import version
from itertools import accumulate
from typing import Any

from ecobrief.documents import Unreadable

LEFT_OUT = re.compile(
    "script|style|noscript|template|object|svg|math|iframe|head|nav|aside|footer|form|button|select|option|textarea"
)
BLOCKS = re.compile(
    "address|article|blockquote|body|caption|center|dd|details|div|dl|dt|fieldset|figcaption|figure|h[1-6]|header|hr|html"
    "|li|main|ol|p|pre|section|summary|table|tbody|tfoot|thead|tr|ul"
)
CELLS = frozenset(("td", "th"))
BREAK, ROW, TAB = "\n", "\r", "\t"
"""The end of a block, of a table row, of a cell."""
DEEPEST = 2000
"""What is nested deeper is no page: to read it would take time that grows with the square of its length."""
_NESTING = re.compile(
    "<(/?)(?:div|span|font|center|section|article|blockquote|table|ul|ol|dl|a|b|i|u|s|em|strong|small|big|code|tt|strike|nobr|h[1-6])"
    r"(?=[\s/>])",
    re.IGNORECASE,
)
_BLANKS = re.compile(r"[ \t\r\n\f]+")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


def extractor() -> str:
    return f"selectolax {version('selectolax')}"


def text(source: str) -> str:
    """The text of a page.

    Raises:
        Unreadable: it is nested too deep.
    """
    if _depth(source) > DEEPEST:
        raise Unreadable(f"is HTML nested more than {DEEPEST} deep")
    from selectolax.lexbor import LexborHTMLParser

    page = LexborHTMLParser(source)
    lines = [line.strip(" \t") for line in _lines(page.body)] if page.body else []
    heading = page.css_first("title")
    title = _BLANKS.sub(" ", heading.text()).strip() if heading else ""
    whole = "\n".join(filter(None, lines))
    return whole if not title or title in whole else f"{title}\n{whole}"


def _depth(source: str) -> int:
    """How many elements are open at once, at most."""
    steps = (-1 if found[1] else 1 for found in _NESTING.finditer(source))
    return max(accumulate(steps, lambda depth, step: max(depth + step, 0)), default=0)


def _lines(body: Any) -> Iterator[str]:
    """The lines of the page. A paragraph that is alone in its cell does not break the row."""
    line: list[str] = []
    breaks = False
    for piece in _pieces(body):
        if piece == BREAK:
            breaks = breaks or line[-1:] != [TAB]
        elif piece == TAB:
            line.append(TAB)
            breaks = False
        elif piece != " ":
            if breaks or piece == ROW:
                yield "".join(line)
                line, breaks = [], False
            if piece != ROW:
                line.append(piece)
        elif line and not breaks and not line[-1].endswith((" ", TAB)):
            line.append(" ")
    yield "".join(line)


def _pieces(body: Any) -> Iterator[str]:
    """Text, line breaks and tabs in the order of the page; without recursion, as pages may be nested without end."""
    node, deeper = body, True
    while node is not None:
        tag = node.tag
        if deeper:
            if tag == "-text":
                yield from _words(node.text_content or "", node.parent)
            elif tag == "br" or BLOCKS.fullmatch(tag):
                yield ROW if tag == "tr" else BREAK
            seen = not tag.startswith("-") and not _left_out(node)
            if seen and node.child is not None:
                node = node.child
                continue
        if tag in CELLS:
            yield TAB
        elif BLOCKS.fullmatch(tag):
            yield ROW if tag == "tr" else BREAK
        if node.mem_id == body.mem_id:
            return
        following = node.next
        node, deeper = (following, True) if following is not None else (node.parent, False)


def _words(content: str, parent: Any) -> Iterator[str]:
    if parent is not None and parent.tag == "pre":
        for number, line in enumerate(content.splitlines()):
            yield from ([BREAK] if number else [])
            yield line
        return
    words = _BLANKS.sub(" ", content)
    if words.startswith(" "):
        yield " "
    if words.strip(" "):
        yield words.strip(" ")
        if words.endswith(" "):
            yield " "


def _left_out(node: Any) -> bool:
    if LEFT_OUT.fullmatch(node.tag):
        return True
    attributes = node.attributes
    return bool(attributes) and (
        "hidden" in attributes or bool(_HIDDEN.search(attributes.get("style") or ""))
    )
