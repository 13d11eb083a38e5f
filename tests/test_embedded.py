"""The data behind a page, inside the page: what is packed is read back, and what the page shows need not lie there twice."""

from __future__ import annotations

import copy
import gzip
import json
from base64 import b64encode
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import handmade
from ecobrief.publish import embedded
from ecobrief.publish.display import read
from ecobrief.publish.errors import NoData
from ecobrief.publish.page import render
from elements import elements
from handmade import display, notebook, prose, row, shown

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda part: st.lists(part, max_size=3) | st.dictionaries(TEXTS, part, max_size=3),
    max_leaves=8,
)


def page_with(packed: str) -> str:
    return f'<!doctype html><script id=strings>1</script><script id="data">{packed}</script><p>2'


# Packed and read


@given(st.dictionaries(TEXTS, JSON, max_size=4))
@example({"a": "</script><script>alert(1)</script>"})
def test_what_is_packed_is_read_back_and_its_order_is_kept(content: dict[str, Any]) -> None:
    packed = embedded.pack(content)
    found = embedded.read(page_with(packed))
    assert found == content
    assert list(found) == list(content)
    assert "<" not in packed


@given(st.dictionaries(TEXTS, JSON, max_size=4))
def test_equal_contents_give_equal_text(content: dict[str, Any]) -> None:
    assert embedded.pack(content) == embedded.pack(copy.deepcopy(content))


def test_no_hour_of_the_build_lies_in_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    packed = embedded.pack({"a": 1})
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    assert embedded.pack({"a": 1}) == packed


def test_a_number_that_json_does_not_have_is_refused() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        embedded.pack({"charts": [float("nan")]})


def packed(text: bytes) -> str:
    return b64encode(gzip.compress(text)).decode()


@pytest.mark.parametrize(
    ("html", "said"),
    [
        ("", "holds no data"),
        ("<!doctype html><p>data", "holds no data"),
        ("<div id=data>H4sI</div>", "holds no data"),
        (page_with(""), "holds no data"),
        (page_with("not base64"), "cannot be read"),
        (page_with("aGVsbG8="), "cannot be read"),
        (page_with(packed(b'{"a": 1}')[:28]), "cannot be read"),
        (page_with(packed(b"{")), "cannot be read"),
        (page_with(packed(b"\xff")), "cannot be read"),
        (page_with(packed(b"[1]")), "is no object"),
    ],
)
def test_a_page_whose_data_cannot_be_read_is_refused_with_the_reason(html: str, said: str) -> None:
    with pytest.raises(NoData, match=said):
        embedded.read(html)


def test_a_page_whose_data_is_damaged_anywhere_is_refused_or_read_right() -> None:
    content = {"a": "优良天数351天" * 3}
    whole = gzip.compress(json.dumps(content).encode(), mtime=0)
    refused = 0
    for place in range(len(whole)):
        damaged = bytearray(whole)
        damaged[place] ^= 0xFF
        try:
            assert embedded.read(page_with(b64encode(damaged).decode())) == content
        except NoData:
            refused += 1
    # Some bytes of the head say only when and where it was packed.
    assert refused > len(whole) - 10


# What it holds


def test_statements_are_the_rows_that_have_a_key_with_their_short_cells_and_heads() -> None:
    columns = {"metric": "Metric", "value": "Value#", "why": "Why"}
    said = {"metric": "Good days", "value": "351", "why": "x" * (embedded.LONG + 1)}
    rows = [
        row(said, "doc.001") | {"key": "headline.benxi.days"},
        row({"metric": "Mean", "value": "1", "why": ""}, formula="a", inputs=("doc.002",)) | {"key": "mean"},
        row({"metric": "Without a key", "value": "", "why": ""}),
    ]
    content = embedded.content({}, [read(display("table", "en", columns, rows, title="First screen"))])
    heads = {"metric": "Metric", "value": "Value"}
    assert content["statements"] == [
        {
            "key": "headline.benxi.days",
            "display": "First screen",
            "cells": {"metric": "Good days", "value": "351"},
            "labels": heads,
            "observations": ["doc.001"],
        },
        {
            "key": "mean",
            "display": "First screen",
            "cells": {"metric": "Mean", "value": "1"},
            "labels": heads,
            "observations": ["doc.002"],
        },
    ]


def test_charts_and_entries_stand_in_the_order_of_the_page() -> None:
    payloads = [
        handmade.chart("en", "First", [], label="one"),
        handmade.sources("en", "doc.002", "doc.001"),
        handmade.chart("en", "Second", [], label="two"),
        handmade.sources("en", "doc.003"),
    ]
    content = embedded.content({}, [read(payload) for payload in payloads])
    assert [chart["layout"]["title"]["text"] for chart in content["charts"]] == ["one", "two"]
    assert content["figures"]["id"] == ["doc.002", "doc.001", "doc.003"]
    assert list(content["figures"]) == list(handmade.RECORDED)


# What the page shows is left out of the data


def read_back(entry: Element, column: str) -> str:
    """What the script of a page takes from an entry for a null (`shown` in brief.js)."""

    def part(tag: str) -> str:
        found = entry.find(tag)
        return "" if found is None else "".join(found.itertext())

    return {
        "evidence": part("q"),
        "value_text": part("b") or part("q"),
        "start": part("i"),
        "end": str(int(part("i") or 0) + len(part("q"))),
    }[column]


def record_on_page(record: dict[str, str], **cells: str) -> tuple[dict[str, str | None], dict[str, str]]:
    """The data of the one entry of a page, and the same with what a browser reads back for each null."""
    entry = handmade.row(cells, "doc.001") | {"record": handmade.line(*record.values())}
    recorded = handmade.line(*record)
    payload = display("sources", "en", handmade.SOURCES, [entry], title="Sources", recorded=recorded)
    html = render(notebook(prose("# T"), shown(payload)), "en").html
    kept = {name: values[0] for name, values in embedded.read(html)["figures"].items()}
    (item,) = (element for element in elements(html).iter("li") if element.get("id") == "e1")
    return kept, {name: read_back(item, name) if value is None else value for name, value in kept.items()}


SHOWN = {"what": "Days", "printed": "351 天", "evidence": "优良天数351天", "place": "24"}
RECORD = {"id": "doc.001", "value_text": "351 天", "start": "24", "end": "32", "evidence": "优良天数351天"}


def test_what_an_entry_shows_is_not_in_the_data_again() -> None:
    kept, back = record_on_page(RECORD, **SHOWN)
    assert kept == {"id": "doc.001", **dict.fromkeys(["value_text", "start", "end", "evidence"])}
    assert back == RECORD


@pytest.mark.parametrize(
    "change",
    [
        {"evidence": "优良  天数351天", "end": "34"},
        {"evidence": "优良\n天数351天", "end": "33"},
        {"evidence": " 优良天数351天", "end": "33"},
        {"value_text": "351"},
        {"start": "25", "end": "33"},
        {"end": "40"},
    ],
)
def test_what_an_entry_shows_otherwise_or_only_nearly_is_in_the_data(change: dict[str, str]) -> None:
    record = RECORD | change
    cells = SHOWN | ({"evidence": change["evidence"]} if "evidence" in change else {})
    _, back = record_on_page(record, **cells)
    assert back == record


# Where spaces stand, a browser and a page that is made leaner may show others than were given.
PRINTS = st.text(st.sampled_from(list("3天 \n\t<&>\"'-=𝒜\u3000\u00a0\u200b")), max_size=6)


@given(
    evidence=PRINTS,
    printed=PRINTS,
    value_text=st.none() | PRINTS,
    start=st.integers(0, 99) | st.none(),
    place=st.integers(0, 99) | st.none(),
    longer=st.integers(0, 1),
)
@example(evidence="3 天", printed="3天", value_text=None, start=1, place=None, longer=0)
@example(evidence="𝒜", printed="3", value_text=None, start=1, place=None, longer=0)
def test_whatever_is_left_out_of_the_data_can_be_read_from_the_page(
    evidence: str, printed: str, value_text: str | None, start: int | None, place: int | None, longer: int
) -> None:
    """None: the record says what the entry shows."""
    begins = "" if start is None else str(start)
    record = {
        "id": "doc.001",
        "value_text": printed if value_text is None else value_text,
        "start": begins,
        "end": "" if start is None else str(start + len(evidence) + longer),
        "evidence": evidence,
    }
    shows = begins if place is None else str(place)
    _, back = record_on_page(record, what="Days", printed=printed, evidence=evidence, place=shows)
    assert back == record
