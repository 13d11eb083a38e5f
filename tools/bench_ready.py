"""A brief and the same notebook through stock nbconvert, side by side: how long after opening are all charts drawn?

    python tools/bench_ready.py                    Benxi in English, seven openings of each
    python tools/bench_ready.py --city yichun --lang zh --opens 15

The notebook is run once by papermill with the parameters of the brief. Stock: its outputs as they are, but each chart, of
the same data and layout, as plotly's `notebook` renderer shows it (plotly.js once in the page, then a div and a script for
each chart); then `jupyter nbconvert --to html`. Both pages are opened from disk by turns, each time in a new Chromium with
an empty profile and without a network.

A page is ready in the first frame in which each of its charts has its drawing with its traces, counted from the start of
the navigation. Stock asks other hosts for require.js, MathJax and more: these requests are refused at once, and in a second
series answered at once by nothing, so that neither a slow network nor a time limit counts against it. None is waited for.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from unittest.mock import patch

import IPython.display
import nbformat
import papermill
from nbformat.v4 import new_output
from playwright.sync_api import BrowserType, Route, sync_playwright
from plotly.io._base_renderers import NotebookRenderer

from ecobrief.publish import pdf

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
PLOTLY = "application/vnd.plotly.v1+json"
AIM = 2.0
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
# Looks in every frame; what it costs is the same for both pages.
WATCH = """
const look = () => {
    const charts = [...document.querySelectorAll(".js-plotly-plot")];
    if (charts.length === CHARTS && charts.every((chart) => chart.querySelector(".main-svg .trace"))) {
        window.drawnAfter = performance.now();
        document.documentElement.dataset.allDrawn = "1";
    } else requestAnimationFrame(look);
};
requestAnimationFrame(look);
"""


@dataclass
class Series:
    """Openings of one page: milliseconds until it was ready, and what it asked of other hosts."""

    name: str
    file: Path
    answered: bool = False
    times: list[float] = field(default_factory=list)
    asked: set[str] = field(default_factory=set)


def stock(notebook: nbformat.NotebookNode, folder: Path) -> tuple[Path, int]:
    """The page that nbconvert makes of the notebook with plotly's `notebook` renderer, and the number of its charts."""
    renderer = NotebookRenderer()
    # What activating the renderer shows, once in a notebook: plotly.js itself.
    with patch.object(IPython.display, "display_html") as shown:
        renderer.activate()
    library = new_output("display_data", data={"text/html": shown.call_args.args[0]})
    charts = 0
    for cell in notebook.cells:
        for place, output in enumerate(cell.get("outputs", [])):
            if PLOTLY in output.get("data", {}):
                figure = {name: output.data[PLOTLY][name] for name in ("data", "layout")}
                cell.outputs[place] = new_output("display_data", data=renderer.to_mimebundle(figure))
                if not charts:
                    cell.outputs.insert(place, library)
                charts += 1
    path = folder / "stock.ipynb"
    nbformat.write(notebook, path)
    command = [str(BIN / "jupyter"), "nbconvert", "--to", "html", "--log-level", "ERROR", str(path)]
    subprocess.run(command, check=True)
    return path.with_suffix(".html"), charts


def pages(city: str, lang: str, folder: Path) -> tuple[Path, Path, int]:
    """Our page, the stock page, and the number of charts on each."""
    asked = {"city": city, "lang": lang}
    executed = papermill.execute_notebook(
        str(ROOT / "notebooks" / "brief_city.ipynb"),
        str(folder / "executed.ipynb"),
        parameters=asked,
        kernel_name="python3",
        cwd=str(ROOT / "notebooks"),
        progress_bar=False,
    )
    build = [
        str(BIN / "ecobrief"),
        "build",
        "--cities",
        city,
        "--langs",
        lang,
        "--out",
        str(folder / "briefs"),
    ]
    subprocess.run(build, cwd=ROOT, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    made = {
        brief["file"]: brief["charts"]
        for brief in json.loads((folder / "briefs" / "manifest.json").read_text("utf-8"))["briefs"]
    }
    brief = f"brief_city-{city}.{lang}.html"
    plain, charts = stock(executed, folder)
    if made[brief] != charts:
        raise SystemExit(
            f"the brief has {made[brief]} charts, the stock page {charts}: they are not the same"
        )
    return folder / "briefs" / brief, plain, charts


def open_once(chromium: BrowserType, program: str, series: Series, charts: int) -> None:
    """Open the page in a new browser with an empty profile, and note when it was ready."""

    def elsewhere(route: Route) -> None:
        series.asked.add(route.request.url)
        if series.answered:
            route.fulfill(body="")
        else:
            route.abort()

    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        context = chromium.launch_persistent_context(
            profile, executable_path=program, args=ARGUMENTS, viewport={"width": 1280, "height": 900}
        )
        context.route("http*://**/*", elsewhere)
        page = context.pages[0]
        page.add_init_script(WATCH.replace("CHARTS", str(charts)))
        page.goto(series.file.as_uri(), wait_until="commit")
        page.wait_for_selector("html[data-all-drawn='1']", state="attached", timeout=60_000)
        series.times.append(page.evaluate("window.drawnAfter"))
        context.close()


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--city", default="benxi")
    parser.add_argument("--lang", default="en", choices=("zh", "en"))
    parser.add_argument("--opens", type=int, default=7, help="of each page")
    given = parser.parse_args()
    try:
        program = str(pdf.browser())
    except pdf.NoBrowser as reason:
        raise SystemExit(str(reason)) from reason
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} before", flush=True)
    with tempfile.TemporaryDirectory(prefix="ecobrief-bench-") as name, sync_playwright() as playwright:
        brief, plain, charts = pages(given.city, given.lang, Path(name))
        ours = Series("brief", brief)
        refused = Series("stock, requests refused", plain)
        answered = Series("stock, answered by nothing", plain, answered=True)
        for _, series in product(range(given.opens), (ours, refused, answered)):
            open_once(playwright.chromium, program, series, charts)
        print(f"{charts} charts, {given.opens} openings of each page by turns")
        print(f"{'':28}{'ready':>8}{'least':>8}{'most':>8}{'bytes':>12}{'requests':>10}{'ratio':>7}")
        for series in (ours, refused, answered):
            middle = statistics.median(series.times)
            ratio = middle / statistics.median(ours.times)
            print(
                f"{series.name:28}{middle:5.0f} ms{min(series.times):5.0f} ms{max(series.times):5.0f} ms"
                f"{series.file.stat().st_size:12,}{len(series.asked):10}{ratio:7.2f}"
            )
        fastest = min(statistics.median(series.times) for series in (refused, answered))
        ratio = fastest / statistics.median(ours.times)
    print(f"the aim of {AIM:g} times as fast is {'met' if ratio >= AIM else 'MISSED'}: {ratio:.2f}")
    return 0 if ratio >= AIM else 1


if __name__ == "__main__":
    sys.exit(main())
