"""The page over all pages, as text: what it lists, in which order, and how heavy it is."""

from __future__ import annotations

import copy
import json
import re
from html.parser import HTMLParser
from typing import Any

import pytest

import portal_manifest as made
from ecobrief.publish.portal import index


class Reader(HTMLParser):
    """The addresses and the text of the list."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.text = ""
        self.feed(html.partition("</form>")[2].partition("<script")[0])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.links.append(dict(attrs)["href"] or "")

    def handle_data(self, data: str) -> None:
        self.text += f"{data} "


def test_every_brief_is_listed_once_in_the_order_of_the_manifest() -> None:
    cities = ["yiwu", "jiagang", "bing_an"]
    expected = [f"brief_city-{city}.{lang}.html" for city in cities for lang in ("zh", "en")]
    links = Reader(index(made.small())).links
    assert links == [*expected, "brief_comparison.zh.html", "failed_brief_comparison.en.html"]


def test_a_brief_that_failed_is_named_and_leads_to_the_page_that_shows_why() -> None:
    shown = Reader(index(made.small()))
    assert "brief_comparison.en.html could not be built" in shown.text
    assert "brief_comparison.en.html" not in shown.links
    assert shown.links[-1] == "failed_brief_comparison.en.html"


def test_a_metric_is_shown_as_stated_with_its_period_or_as_not_stated() -> None:
    words = " ".join(Reader(index(made.small())).text.split())
    assert "森林覆盖率 41.2% 2020年" in words
    assert "Days with AQI ≤ 100 300 days 2021" in words
    assert "Forest cover not stated" in words


def test_values_for_several_scopes_stand_under_one_name_each_with_its_scope() -> None:
    two = [
        made.metric("water_ratio", "en", "100%", "2020", "five sections"),
        made.metric("water_ratio", "en", "64.7%", "2020", "all sections"),
    ]
    alone = made.metric("water_ratio", "en", "88%", "2020", "six sections")
    briefs = [made.brief("a", "en", "A", *two), made.brief("b", "en", "B", alone)]
    words = " ".join(Reader(index(made.manifest(briefs))).text.split())
    assert "classes I–III 100% 2020 five sections 64.7% 2020 all sections" in words
    assert "six sections" not in words


def test_a_build_in_one_language_has_a_portal_in_that_language() -> None:
    html = index(made.manifest([made.brief("yiwu", "en", "Yiwu: record")]))
    assert re.search(r"<html[^>]* lang=en", html)
    assert re.search("[\u4e00-\u9fff]", html.partition("<body")[2]) is None
    assert "<input name=lang" not in html
    assert "<fieldset" not in html


@pytest.mark.parametrize(
    ("file", "address"),
    [
        ("a b&c#d?e%f.en.html", "a%20b%26c%23d%3Fe%25f.en.html"),
        ("javascript:alert(1).en.html", "javascript%3Aalert%281%29.en.html"),
        ("甲.zh.html", "%E7%94%B2.zh.html"),
    ],
)
def test_a_file_name_is_percent_encoded_where_it_is_an_address(file: str, address: str) -> None:
    brief = made.brief("x", file.split(".")[-2], "X") | {"file": file}
    assert Reader(index(made.manifest([brief]))).links == [address]


def test_equal_manifests_give_equal_pages_whatever_the_order_of_their_keys() -> None:
    manifest = made.small()
    turned: Any = json.loads(json.dumps(copy.deepcopy(manifest), sort_keys=True))
    assert index(manifest) == index(manifest) == index(turned)


def test_600_briefs_make_a_page_lighter_than_half_a_brief() -> None:
    html = index(made.large())
    assert len(Reader(html).links) == 600
    assert len(html.encode()) < 350_000
