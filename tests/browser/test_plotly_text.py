"""Hostile text in charts and fallbacks, in a real browser: shown as it stands, and nothing of it runs."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from importlib import resources
from typing import Any

import pytest
from playwright.sync_api import Page, sync_playwright

from ecobrief import figures
from ecobrief.figures import Chart, Column, Mark, Row, draw

pytestmark = pytest.mark.browser

PROBES = {
    "tag": "<b>bold</b>",
    "handler": '<img src=x onerror="window.ran=1">',
    "script": "<script>window.ran=1</script>",
    "link": '<a href="javascript:window.ran=1">go</a>',
    "entity": "&lt;i&gt;&amp;nbsp;&#60;u&#62;",
    "break": "one<br>two",
    "style": '<span style="fill:red">red</span>',
    "template": "%{y} %{meta[0]} $x^2$",
}


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None and not os.environ.get("CI"):
        pytest.skip("no Chromium is installed (Debian: apt-get install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 900, "height": 900})
        page.set_content(
            "<!doctype html><html lang=en><body><div id=chart></div><div id=rest></div></body></html>"
        )
        page.add_script_tag(
            content=resources.files("plotly").joinpath("package_data/plotly.min.js").read_text("utf-8")
        )
        yield page
        browser.close()


def hostile_chart(kind: Any, probe: str) -> Chart:
    rows = (
        Mark(
            f"A {probe}",
            f"V {probe}",
            80.0,
            79.0,
            81.0,
            f"P {probe}",
            2020.0,
            basis=f"B {probe}",
            interval=f"I {probe}",
            caveat=f"C {probe}",
            observations=("doc.001",),
        ),
        Mark(f"D {probe}", "5 %", 5.0, x=2021.0, role="benchmark", observations=("doc.002",)),
        Mark(f"E {probe}", f"N {probe}"),
    )
    return Chart(kind, f"T {probe}", f"M {probe}", "%", rows, "en", f"K {probe}")


def shown_text(page: Page) -> str:
    """All text of the drawing, lines joined and spaces dropped, since long text is wrapped."""
    pieces = page.eval_on_selector_all("#chart text", "all => all.map(text => text.textContent)")
    return "".join("".join(pieces).split())


def squeezed(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("kind", ["series", "ranges"])
@pytest.mark.parametrize("probe", PROBES.values(), ids=PROBES.keys())
def test_hostile_text_stands_in_the_drawing_as_it_is(page: Page, kind: str, probe: str) -> None:
    figure = draw.figure(hostile_chart(kind, probe), titled=True)
    page.evaluate("([f, c]) => Plotly.newPlot('chart', f.data, f.layout, c)", [figure, draw.CONFIG])
    points = page.locator("#chart .points path")
    # In a series cities are drawn last, over the benchmarks.
    point = (points.last if kind == "series" else points.first).bounding_box()
    assert point
    page.mouse.move(0, 0)
    page.mouse.move(point["x"] + point["width"] / 2, point["y"] + point["height"] / 2)
    page.wait_for_selector("#chart .hovertext")
    text = shown_text(page)
    labels = "TMAVPBIC" if kind == "series" else "TMAVPBICEN"
    # A name that is too long for its place is cut with …, so the beginning is what must stand there.
    for label in labels:
        assert squeezed(f"{label} {probe}")[:11] in text, label
    assert page.evaluate("window.ran") is None
    assert page.locator("#chart img, #chart script, #chart svg a").count() == 0
    page.mouse.move(0, 0)


@pytest.mark.parametrize("probe", PROBES.values(), ids=PROBES.keys())
def test_hostile_text_stands_in_the_fallback_as_it_is(page: Page, probe: str) -> None:
    row = Row({"a": f"cell {probe}"}, formula=f"formula {probe}", inputs=("doc.001",))
    shown = [
        figures.table(
            f"title {probe}", [Column("a", f"head {probe}", numeric=True)], [row], probe, lang="en"
        ),
        figures.sentence(f"sentence {probe}", ["doc.001"], lang="en"),
        figures.sources([Row({"url": f"https://a.example/{probe}", "note": probe}, ("doc.001",))], lang="en"),
        figures.chart(hostile_chart("series", probe)),
    ]
    page.evaluate(
        "html => { document.getElementById('rest').innerHTML = html }", "".join(each.html() for each in shown)
    )
    text = page.locator("#rest").text_content() or ""
    for label in ("title", "head", "cell", "formula", "sentence"):
        assert f"{label} {probe}" in text
    assert page.evaluate("window.ran") is None
    assert page.locator("#rest img, #rest script, #rest b, #rest span").count() == 0
