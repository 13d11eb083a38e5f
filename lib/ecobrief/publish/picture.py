"""The static picture of a chart, made fit to stand in a page: only what draws or links, and doors to the page's entries."""

from __future__ import annotations

import re
from collections.abc import Callable
from xml.etree import ElementTree

from markupsafe import Markup

from ecobrief.publish.errors import WrongShape

SVG = "{http://www.w3.org/2000/svg}"
TAGS = frozenset({"svg", "g", "a", "path", "rect", "circle", "line", "text", "tspan", "title", "desc"})
ATTRIBUTES = frozenset(
    {
        "viewBox",
        "role",
        "class",
        "d",
        "x",
        "y",
        "width",
        "height",
        "cx",
        "cy",
        "r",
        "x1",
        "x2",
        "y1",
        "y2",
        "dx",
        "dy",
        "transform",
        "fill",
        "fill-opacity",
        "stroke",
        "stroke-width",
        "stroke-dasharray",
        "stroke-linejoin",
        "stroke-linecap",
        "paint-order",
        "font-size",
        "font-weight",
        "text-anchor",
    }
)
DOOR = re.compile(r"#obs-(.+)")


def embedded(picture: str, anchor: Callable[[str], str], **attributes: str) -> Markup:
    """The picture as inline SVG; `attributes` (an underscore stands for a hyphen) are set on its outermost element.

    anchor: the fragment of the page on which an observation has its entry

    Raises:
        WrongShape: it is no SVG, or holds an element or attribute that is neither drawing nor a door.
    """
    try:
        root = ElementTree.fromstring(picture)
    except ElementTree.ParseError as fault:
        raise WrongShape(f"the picture of a chart is no SVG: {fault}.") from fault
    for element in root.iter():
        tag = element.tag = str(element.tag).removeprefix(SVG)
        if tag not in TAGS:
            raise WrongShape(f"the picture of a chart holds <{tag}>, which a page does not take.")
        for name, value in [*element.attrib.items()]:
            door = DOOR.fullmatch(value) if name == "href" and tag == "a" else None
            if door:
                element.set("href", anchor(door[1]))
            elif name not in ATTRIBUTES or "url(" in value.lower() or "\\" in value:
                raise WrongShape(
                    f'the picture of a chart holds {name}="{value[:40]}", which a page does not take.'
                )
    for name, value in attributes.items():
        root.set(name.replace("_", "-"), value)
    # Serialised from a checked tree, in which every text is escaped again.
    return Markup(ElementTree.tostring(root, encoding="unicode").replace(" />", "/>"))
