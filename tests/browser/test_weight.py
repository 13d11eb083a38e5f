"""What a brief weighs, and that it is one file: nothing is fetched, and equal inputs give equal bytes."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ecobrief.publish import plotlyjs

pytestmark = pytest.mark.browser
Open = Callable[..., Any]
Build = Callable[..., Path]

CITIES = ("benxi", "chifeng", "rongchang", "yichun")
CITY_FILES = [f"brief_city-{city}.{lang}.html" for city in CITIES for lang in ("zh", "en")]
FILES = [*CITY_FILES, "brief_comparison.zh.html", "brief_comparison.en.html"]
HEAVIEST = "benxi"
BUNDLE = re.compile(r'(<script[^>]* id="?plotlyjs\b[^>]*>)([^<]*)')


def needs_the_basic_bundle() -> None:
    if not plotlyjs.bundle().basic:
        pytest.skip("npm was not there at set-up, so that pages carry the whole plotly.js")


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory, build: Build) -> Path:
    return build(tmp_path_factory.mktemp("shared") / "briefs", "--cities", HEAVIEST, "--shared-assets")


@pytest.mark.parametrize("file", CITY_FILES)
def test_a_city_brief_weighs_at_most_750_kilobytes(briefs: Path, file: str) -> None:
    needs_the_basic_bundle()
    assert (briefs / file).stat().st_size <= 750_000


@pytest.mark.parametrize("file", FILES)
def test_without_the_bundle_a_brief_weighs_at_most_220_kilobytes(briefs: Path, file: str) -> None:
    html = (briefs / file).read_text("utf-8")
    rest, count = BUNDLE.subn(r"\1", html)
    assert count == 1
    assert len(rest.encode("utf-8")) <= 220_000


def test_the_city_whose_briefs_are_built_with_shared_assets_here_is_the_heaviest(briefs: Path) -> None:
    sizes = {file: (briefs / file).stat().st_size for file in CITY_FILES}
    assert HEAVIEST in max(sizes, key=lambda file: sizes[file])


def test_with_shared_assets_a_brief_weighs_at_most_250_kilobytes(shared: Path) -> None:
    sizes = {path.name: path.stat().st_size for path in shared.glob("brief_*.html")}
    assert len(sizes) == 4
    assert max(sizes.values()) <= 250_000, sizes


def test_with_shared_assets_the_briefs_share_one_file(shared: Path) -> None:
    (asset,) = (shared / "assets").iterdir()
    assert asset.suffix == ".js"
    for path in shared.glob("brief_*.html"):
        assert f"assets/{asset.name}" in path.read_text("utf-8")


@pytest.mark.parametrize("file", FILES)
def test_a_brief_fetches_nothing_and_says_nothing(briefs: Path, open_page: Open, file: str) -> None:
    opened = open_page(briefs / file)
    assert opened.quiet, opened


@pytest.mark.parametrize("file", [f"brief_city-{HEAVIEST}.zh.html", "brief_comparison.en.html"])
def test_with_shared_assets_a_brief_fetches_the_shared_file_alone_and_draws(
    shared: Path, open_page: Open, file: str
) -> None:
    (asset,) = (shared / "assets").iterdir()
    opened = open_page(shared / file, beside=f"assets/{asset.name}")
    assert opened.requests == [asset.resolve().as_uri()]
    assert not opened.messages
    made = int(opened.page.get_attribute("body", "data-charts"))
    assert opened.page.locator("figure[data-drawn='1'] .main-svg").count() >= made > 0


def test_a_brief_that_lost_its_shared_file_shows_the_pictures_and_says_so(
    shared: Path, open_page: Open
) -> None:
    page = open_page(shared / "brief_comparison.en.html", ready=False).page
    page.wait_for_selector("figure[data-failed]")
    assert page.locator("figure .plot > svg:visible").count() == int(
        page.get_attribute("body", "data-charts")
    )
    assert "could not be drawn" in page.locator("figure").first.inner_text()


def test_two_builds_of_the_same_are_equal_byte_for_byte(tmp_path: Path, build: Build) -> None:
    """In whatever order the briefs are made, and in whatever order Python keeps its sets."""
    asked = ["--cities", "benxi,yichun", "--langs", "en"]
    first = build(tmp_path / "first", *asked, "--jobs", "2", PYTHONHASHSEED="1")
    second = build(tmp_path / "second", *asked, "--jobs", "1", PYTHONHASHSEED="2", TZ="Asia/Shanghai")
    names, others = (
        sorted(path.name for path in folder.iterdir() if path.is_file()) for folder in (first, second)
    )
    assert names == others
    assert len(names) == 5
    assert [name for name in names if (first / name).read_bytes() != (second / name).read_bytes()] == []
