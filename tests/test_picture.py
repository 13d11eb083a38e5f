"""The static picture of a chart inside a page: it draws and leads to entries, and can do nothing else."""

from __future__ import annotations

from collections.abc import Callable
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecobrief.figures import Chart, Mark, period_span, svg
from ecobrief.publish.errors import WrongShape
from ecobrief.publish.picture import SVG, embedded

HOSTILE = '</text></svg><script>alert(1)</script><a href="javascript:alert(1)">"&amp;\'>'


def picture(inside: str, attributes: str = "") -> str:
    return f'<svg xmlns="http://www.w3.org/2000/svg" {attributes}>{inside}</svg>'


def anchor(observation: str) -> str:
    return {"doc.001": "#e1", "doc.002": "#e2"}[observation]


def test_what_draws_stays_as_it_is() -> None:
    inside = (
        '<title>T</title><g class="city" transform="translate(1 2)"><path d="M0 0L9 9" stroke="#0072b2"/>'
        '<rect x="1" y="2" width="3" height="4" fill-opacity="0.4"/><circle cx="1" cy="2" r="3"/>'
        '<line x1="1" x2="2" y1="3" y2="4" stroke-dasharray="2 2"/>'
        '<text font-size="12" text-anchor="end">76.30%<tspan dx="4">2022</tspan></text></g>'
    )
    assert str(embedded(picture(inside), anchor)) == f"<svg>{inside}</svg>"


def test_a_door_leads_to_the_entry_of_its_observation() -> None:
    shown = embedded(picture('<a href="#obs-doc.002"><circle r="3"/></a>'), anchor)
    assert str(shown) == '<svg><a href="#e2"><circle r="3"/></a></svg>'


def test_a_door_to_an_observation_without_an_entry_is_not_made() -> None:
    with pytest.raises(KeyError):
        embedded(picture('<a href="#obs-doc.009"/>'), anchor)


def test_a_picture_is_named_by_what_stands_beside_it() -> None:
    assert 'aria-labelledby="c1"' in embedded(picture(""), anchor, aria_labelledby="c1")


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>",
        "<foreignObject><p/></foreignObject>",
        "<style>*{fill:red}</style>",
        '<use href="#x"/>',
        '<image href="data:image/png;base64,"/>',
        '<set attributeName="href" to="javascript:alert(1)"/>',
        '<html:script xmlns:html="http://www.w3.org/1999/xhtml">alert(1)</html:script>',
        '<iframe xmlns=""/>',
    ],
)
def test_an_element_that_does_not_draw_is_refused(inside: str) -> None:
    with pytest.raises(WrongShape, match="the picture of a chart holds <"):
        embedded(picture(inside), anchor)


@pytest.mark.parametrize(
    "inside",
    [
        '<circle onclick="alert(1)"/>',
        '<path ONLOAD="alert(1)"/>',
        '<rect style="fill:red"/>',
        '<a href="https://example.org/"/>',
        '<a href="javascript:alert(1)"/>',
        '<a href="#obs-"/>',
        '<a href="#e1"/>',
        '<text href="#obs-doc.001"/>',
        '<a xmlns:x="http://www.w3.org/1999/xlink" x:href="#obs-doc.001"/>',
        '<path fill="url(#a)"/>',
        '<path fill="URL(https://example.org/a.svg#a)"/>',
        r'<path fill="\75rl(https://example.org/a.svg#a)"/>',
        '<g id="door"/>',
    ],
)
def test_an_attribute_that_is_neither_drawing_nor_a_door_is_refused(inside: str) -> None:
    with pytest.raises(WrongShape, match=r'the picture of a chart holds .+=".*", which a page does not take'):
        embedded(picture(inside), anchor)


def test_an_attribute_of_the_outermost_element_is_held_to_the_same() -> None:
    with pytest.raises(WrongShape, match="onload"):
        embedded(picture("", 'onload="alert(1)"'), anchor)


@pytest.mark.parametrize("text", ["", "no picture", "<svg", "<svg></g></svg>"])
def test_what_is_no_svg_is_refused(text: str) -> None:
    with pytest.raises(WrongShape, match="is no SVG"):
        embedded(text, anchor)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40).map(lambda text: text + HOSTILE))
def test_hostile_text_is_shown_and_stays_text(text: str) -> None:
    # A backslash is no part of drawing: it could spell a function of CSS in another way.
    said = text.replace("\\", "/")
    root = ElementTree.Element(f"{SVG}svg")
    ElementTree.SubElement(root, f"{SVG}text", {"class": said}).text = text
    shown = embedded(ElementTree.tostring(root, encoding="unicode"), anchor)
    (found,) = ElementTree.fromstring(str(shown))
    assert (found.tag, found.text, found.get("class"), len(found)) == ("text", text, said, 0)
    assert "<script" not in shown


def reading(label: str, period: str, value: float, *observations: str) -> Mark:
    low, high = period_span(period)
    return Mark(
        label,
        f"{value} {label}",
        value,
        value - 0.5,
        value + 0.5,
        period,
        (low + high) / 2,
        observations=observations,
    )


def span(label: str, period: str, *observations: str) -> Mark:
    low, high = period_span(period)
    where = {"value": low, "x": (low + high) / 2, "x_low": low, "x_high": high}
    return Mark(label, period, observations=observations, **where)


@pytest.mark.parametrize(
    ("kind", "mark"), [("series", reading), ("ranges", reading), ("bars", reading), ("spans", None)]
)
@pytest.mark.parametrize("name", ["Benxi", HOSTILE])
def test_the_picture_of_every_kind_of_chart_stands_in_a_page_with_its_doors(
    kind: str, mark: Callable[..., Mark] | None, name: str
) -> None:
    rows = (
        (span(name, "2020", "doc.001"), span("B", "2016/2020", "doc.002"))
        if mark is None
        else (
            reading(name, "2020", 80.0, "doc.001"),
            reading("B", "2021", 81.0, "doc.002"),
            Mark("C", "not stated"),
        )
    )
    drawn = svg.picture(Chart(kind, name, name, "%", rows, "en", name))  # type: ignore[arg-type]
    shown = embedded(drawn, anchor)
    root = ElementTree.fromstring(str(shown))
    assert {link.get("href") for link in root.iter("a")} == {"#e1", "#e2"}
    assert "<script" not in shown
    assert "javascript" not in "".join(value for element in root.iter() for value in element.attrib.values())
    before = ["".join(element.itertext()) for element in ElementTree.fromstring(drawn)]
    assert ["".join(element.itertext()) for element in root] == before
