"""Small notebooks made by hand, as if they had been run. Their figures are invented."""

from __future__ import annotations

import csv
import io
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

MIME = "application/vnd.ecobrief.v1+json"
PLOTLY_MIME = "application/vnd.plotly.v1+json"
RECORDED = ("id", "value_text", "start", "end", "evidence")
SOURCES = {
    "group": "Group",
    "document": "Document",
    "imprint": "Title and publisher",
    "tier": "Tier",
    "url": "Address",
    "what": "What",
    "printed": "Printed",
    "period": "Period",
    "evidence": "Evidence",
    "place": "Place",
    "conflict": "Conflict",
    "finding": "Audit",
}


def prose(text: str, *tags: str) -> nbformat.NotebookNode:
    return new_markdown_cell(text, metadata={"tags": list(tags)})


def shown(payload: Any, mime: str = MIME) -> nbformat.NotebookNode:
    """A code cell that has shown `payload`, with the fallback that JupyterLab displays."""
    data = {mime: payload, "text/html": "<p>fallback</p>", "text/plain": "fallback"}
    return new_code_cell("secret_code()", outputs=[new_output("display_data", data=data)])


def notebook(*cells: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """A notebook of these cells, with ids by position."""
    made = new_notebook(cells=list(cells))
    for number, cell in enumerate(made.cells):
        cell["id"] = f"cell-{number}"
    return made


def code(made: nbformat.NotebookNode) -> str:
    """The code of a cell that shows the displays of a hand-made notebook when papermill runs it."""
    return "\n".join(
        f"get_ipython().display_pub.publish({dict(output.data)!r})"
        for cell in made.cells
        for output in cell.get("outputs", [])
    )


def row(
    cells: dict[str, str], *observations: str, formula: str = "", inputs: tuple[str, ...] = ()
) -> dict[str, Any]:
    return {"cells": cells, "observations": list(observations), "formula": formula, "inputs": list(inputs)}


def display(
    kind: str, lang: str, columns: dict[str, str], rows: list[dict[str, Any]], **more: Any
) -> dict[str, Any]:
    """A display; a column whose label ends in # is numeric."""
    return {
        "kind": kind,
        "lang": lang,
        "title": "",
        "unit": "",
        "caption": "",
        "columns": [
            {"id": name, "label": label.rstrip("#"), "numeric": label.endswith("#")}
            for name, label in columns.items()
        ],
        "rows": rows,
        **more,
    }


def chart(lang: str, title: str, rows: list[dict[str, Any]], label: str = "97.4 %") -> dict[str, Any]:
    """A chart of two dots, one of which is called `label` and leads to the observations of the first row."""
    figure = {
        "data": [
            {
                "type": "scatter",
                "mode": "markers+lines",
                "x": [2021, 2022],
                "y": [96.2, 97.4],
                "text": ["", label],
                "customdata": [[], rows[0]["observations"] if rows else []],
            }
        ],
        "layout": {"height": 260, "margin": {"l": 50, "r": 10, "t": 10, "b": 40}, "title": {"text": label}},
    }
    columns = {"period": "Period", "value": "Value#"}
    door = f'<a href="#obs-{rows[0]["observations"][0]}">97.4</a>' if rows else "97.4"
    picture = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><text>{door}</text></svg>'
    return display("chart", lang, columns, rows, title=title, unit="%", figure=figure, picture=picture)


def sources(lang: str, *observations: str, **cells: str) -> dict[str, Any]:
    """An entry for each observation; `cells` are the same in all of them."""
    return entries(lang, *(entry(one, **cells) for one in observations))


def entry(observation: str, **cells: str) -> dict[str, Any]:
    """The entry of an observation; its record holds the id and, of these cells, what a record may leave to the page."""
    said = {"what": "Days with AQI ≤ 100", "printed": "97.4 %", "evidence": "优良天数比例97.4%", **cells}
    evidence, start = said["evidence"], said.get("place", "")
    end = str(int(start) + len(evidence)) if start else ""
    return {**row(said, observation), "record": line(observation, said["printed"], start, end, evidence)}


def line(*values: str) -> str:
    """A line of CSV, as a display gives the values of a record."""
    written = io.StringIO()
    csv.writer(written).writerow(values)
    return written.getvalue().removesuffix("\r\n")


def entries(lang: str, *rows: dict[str, Any], title: str = "Sources") -> dict[str, Any]:
    """A list of entries."""
    return display("sources", lang, SOURCES, list(rows), title=title, recorded=line(*RECORDED))


def small(lang: str = "en", charts: int = 1) -> nbformat.NotebookNode:
    """A notebook with a title, a headline, some charts and their source."""
    observation = "doc.001"
    return notebook(
        prose("# Notebook"),
        shown(
            display(
                "headline",
                lang,
                {"metric": "Metric", "value": "Value#", "period": "Period"},
                [row({"metric": "Good days", "value": "97.4 %", "period": "2022"}, observation)],
                title="Benxi",
                caption="Data 0.1.0",
            )
        ),
        *(
            shown(chart(lang, f"Chart {number}", [row({"period": "2022", "value": "97.4"}, observation)]))
            for number in range(charts)
        ),
        shown(sources(lang, observation)),
    )
