"""Which plotly.js a page carries: the basic bundle of the right version, else the whole one, and `build` says so."""

from __future__ import annotations

import gzip
import shutil
import sys
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from plotly.offline import get_plotlyjs_version

from ecobrief import cli
from ecobrief.publish import plotlyjs


@pytest.fixture(autouse=True)
def _afresh() -> Iterator[None]:
    plotlyjs.bundle.cache_clear()
    yield
    plotlyjs.bundle.cache_clear()


def script(of: plotlyjs.Bundle) -> bytes:
    return gzip.decompress(b64decode(of.packed))


def fetched(folder: Path, monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    """An environment in which set-up fetched this."""
    path = folder / plotlyjs.BASIC
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    monkeypatch.setattr(sys, "prefix", str(folder))


def test_set_up_fetched_the_basic_bundle_where_there_is_npm() -> None:
    if shutil.which("npm") is None:
        pytest.skip("npm is not installed, so that pages carry the whole plotly.js")
    found = plotlyjs.bundle()
    assert found.basic
    assert script(found).startswith(b"/**\n* plotly.js (basic")
    assert len(found.packed) < 560_000


def test_a_page_without_the_basic_bundle_carries_the_whole_plotly_js(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    found = plotlyjs.bundle()
    assert not found.basic
    assert found.source_hash == plotlyjs.source_hash(script(found))


@pytest.mark.parametrize(
    ("beginning", "taken"),
    [
        ("* plotly.js (basic - minified) v{version}", True),
        ("* plotly.js (basic - minified) v0.0.1", False),
        ("", False),
    ],
)
def test_a_bundle_of_another_version_is_not_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, beginning: str, taken: bool
) -> None:
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    version = plotlyjs._version(script(plotlyjs.bundle()))
    plotlyjs.bundle.cache_clear()
    content = f"/**\n{beginning.format(version=version)}\n*/ let it = 1".encode()
    fetched(tmp_path / "with", monkeypatch, content)
    found = plotlyjs.bundle()
    assert found.basic == taken
    assert (script(found) == content) == taken


def test_a_bundle_says_its_version_and_holds_the_script_that_its_hash_is_of() -> None:
    found = plotlyjs.bundle()
    assert found.version == get_plotlyjs_version()
    assert found.source == script(found)
    assert found.source_hash == plotlyjs.source_hash(found.source)


@pytest.mark.parametrize("basic", [True, False])
def test_a_shared_plotly_js_is_written_once_under_its_kind_and_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, basic: bool
) -> None:
    number = get_plotlyjs_version()
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    if basic:
        content = f"/**\n* plotly.js (basic - minified) v{number}\n*/ let it = 1".encode()
        fetched(tmp_path / "with", monkeypatch, content)
    path = plotlyjs.share(tmp_path / "assets")
    assert path.name == (f"plotly-basic-{number}.min.js" if basic else f"plotly-{number}.min.js")
    assert path.read_bytes() == plotlyjs.bundle().source
    assert plotlyjs.share(tmp_path / "assets") == path
    assert list((tmp_path / "assets").iterdir()) == [path]


def test_build_says_what_the_missing_bundle_costs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    asked = ["build", "--cities", "yichun", "--langs", "en", "--out", str(tmp_path / "out")]
    said = CliRunner().invoke(cli.main, asked)
    assert said.exit_code == 0
    assert "each brief carries the whole plotly.js and is 1.4 MB larger than it could be" in said.stderr
