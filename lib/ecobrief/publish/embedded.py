"""The data behind a page, inside the page: what it was made from, its figures, its statements and its charts.

It lies compressed in the script element `#data` (gzip in base64), since text that no reader sees need not weigh: the
page's own script draws the charts from it and hands figures out as CSV and JSON, `diff` compares two pages by it.
"""

from __future__ import annotations

import gzip
import json
import zlib
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from html.parser import HTMLParser
from typing import Any

from ecobrief.publish.display import Display, Row
from ecobrief.publish.errors import NoData

ELEMENT = "data"


# What a record holds and the entry on the page shows as it is, by the name of the cell; the page's script reads it there,
# and takes the end of the evidence from its length.
SHOWN = {"evidence": "evidence", "value_text": "printed", "start": "place"}


# A statement of more characters than this explains, and is not embedded: what it explains stands beside it.
LONG = 80


def content(about: Mapping[str, Any], displays: Sequence[Display]) -> dict[str, Any]:
    """What a page holds.

    about: title, language, notebook, parameters, versions
    figures: the records of all entries in the order of the page, a list for each column; null where the entry on the page
        shows the same characters, so that they need not lie there twice
    statements: every row that has a key, with the title of its display, its short cells, their heads and its observations
    charts: data and layout for plotly, in the order of the page
    """
    entries = [row for display in displays if display.kind == "sources" for row in display.rows]
    columns = dict.fromkeys(name for row in entries for name in row.record)
    unshown = [_unshown(row) for row in entries]
    return {
        "about": dict(about),
        "figures": {name: [record.get(name, "") for record in unshown] for name in columns},
        "statements": [
            {
                "key": row.key,
                "display": display.title,
                "cells": (cells := {name: cell for name, cell in row.cells.items() if 0 < len(cell) <= LONG}),
                "labels": {column.id: column.label for column in display.columns if column.id in cells},
                "observations": [*row.observations, *row.inputs],
            }
            for display in displays
            for row in display.rows
            if row.key
        ],
        "charts": [dict(display.figure) for display in displays if display.kind == "chart"],
    }


def _unshown(row: Row) -> Mapping[str, str | None]:
    """The record of an entry, with None for what the page shows in it with just these characters."""
    record, cells = row.record, row.cells
    unshown: dict[str, str | None] = dict(record)
    for name, cell in SHOWN.items():
        value = record.get(name, "")
        # A browser shows a run of spaces as one.
        if value and value == cells.get(cell, "") == " ".join(value.split()):
            unshown[name] = None
    # An entry whose evidence is what is printed shows it once, with the spaces of the evidence.
    value, evidence = record.get("value_text", ""), cells.get("evidence", "")
    if value != evidence and "".join(evidence.split()) == "".join(cells.get("printed", "").split()):
        unshown["value_text"] = value
    if unshown.get("evidence", "") is unshown.get("start", "") is None and record.get("end"):
        follows = int(record["start"]) + len(record["evidence"]) == int(record["end"])
        unshown["end"] = None if follows else record["end"]
    return unshown


def pack(content: Mapping[str, Any]) -> str:
    """The content as it stands in a page; equal contents give equal text."""
    text = json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return b64encode(gzip.compress(text.encode("utf-8"), compresslevel=9, mtime=0)).decode("ascii")


def read(html: str) -> dict[str, Any]:
    """The content of a page.

    Raises:
        NoData: the page holds none, or what it holds cannot be read.
    """
    finder = _Finder()
    finder.feed(html)
    if not finder.packed:
        raise NoData("the page holds no data; it was not made by ecobrief build, or by an earlier version.")
    try:
        found = json.loads(gzip.decompress(b64decode(finder.packed, validate=True)))
    except (ValueError, OSError, EOFError, zlib.error) as fault:
        raise NoData(f"the data in the page cannot be read: {fault}.") from fault
    if not isinstance(found, dict):
        raise NoData("the data in the page is no object.")
    return found


class _Finder(HTMLParser):
    """Takes the text of the script element that holds the data."""

    packed = ""
    _inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = tag == "script" and ("id", ELEMENT) in attrs

    def handle_endtag(self, tag: str) -> None:
        self._inside = False

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.packed += data
