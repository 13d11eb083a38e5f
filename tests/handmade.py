"""Small notebooks made by hand, as if they had been run. Their figures are invented."""

from __future__ import annotations

from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

MIME = "application/vnd.ecobrief.v1+json"
PLOTLY_MIME = "application/vnd.plotly.v1+json"


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
    """A chart of two dots, one of which is called `label`."""
    figure = {
        "data": [
            {
                "type": "scatter",
                "mode": "markers+lines",
                "x": [2021, 2022],
                "y": [96.2, 97.4],
                "text": ["", label],
            }
        ],
        "layout": {"height": 260, "margin": {"l": 50, "r": 10, "t": 10, "b": 40}, "title": {"text": label}},
    }
    columns = {"period": "Period", "value": "Value#"}
    return display("chart", lang, columns, rows, title=title, unit="%", figure=figure)


def sources(lang: str, *observations: str, **cells: str) -> dict[str, Any]:
    """An entry for each observation; `cells` are the same in all of them."""
    columns = {
        "what": "What",
        "printed": "Printed",
        "document": "Document",
        "place": "Place",
        "evidence": "Evidence",
        "tier": "Tier",
        "url": "Address",
    }
    entry = {"what": "Days with AQI ≤ 100", "printed": "97.4 %", "evidence": "优良天数比例97.4%", **cells}
    return display("sources", lang, columns, [row(entry, one) for one in observations], title="Sources")


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
