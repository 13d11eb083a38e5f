"""What a brief rests on: rows of its own place and of its benchmarks, and what is looked up for them; no whole table."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest

from ecobrief import datapackage
from ecobrief.datapackage import DataPackage, Slice, store
from ecobrief.datapackage.slices import noting
from ecobrief.figures import ahead

ROOT = Path(__file__).resolve().parents[1]
HOME, BENCHMARKS = "rongchang", {"china", "chongqing"}


def asked_by(notebook: str, **parameters: Any) -> set[Slice]:
    """What the code of a notebook asks of the shipped data."""
    made = nbformat.read(ROOT / "notebooks" / f"{notebook}.ipynb", as_version=4)
    names: dict[str, Any] = {}
    with noting() as noted:
        for number, cell in enumerate(cell for cell in made.cells if cell.cell_type == "code"):
            exec(cell.source, names)
            names.update({} if number else parameters)
    return noted


@pytest.fixture(scope="module", autouse=True)
def shipped() -> Iterator[DataPackage]:
    """The shipped data, where the notebooks find it; read anew by each of them unless it is kept."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ECOBRIEF_DATA", str(ROOT / "data"))
        patch.setattr(store, "_kept", {})
        yield datapackage.load()


@pytest.fixture(scope="module")
def brief() -> set[Slice]:
    return asked_by("brief_city", city=HOME, lang="en")


def test_a_brief_asks_for_no_table_as_a_whole(brief: set[Slice]) -> None:
    assert brief
    assert [table for table, of in brief if not of] == []


def test_a_brief_asks_for_rows_of_its_own_city_and_for_benchmarks_by_indicator(brief: set[Slice]) -> None:
    asked = [(table, dict(of)) for table, of in brief]
    cities = {of["city_id"] for table, of in asked if "city_id" in of and table != "cities"}
    assert cities <= {HOME, *BENCHMARKS}
    of_benchmarks = [of for table, of in asked if BENCHMARKS & set(of.values()) and table != "cities"]
    assert of_benchmarks
    assert all("indicator_id" in of for of in of_benchmarks)


def test_a_brief_asks_for_single_figures_of_its_city_and_benchmarks_only(
    brief: set[Slice], shipped: DataPackage
) -> None:
    names = {dict(of)["observation_id"] for table, of in brief if dict(of).keys() == {"observation_id"}}
    figures = shipped.records("figures", observation_id=sorted(names))
    assert figures
    assert {row.place_id for row in figures} <= {HOME, *BENCHMARKS}


def test_what_is_said_ahead_is_asked_for_by_the_brief_that_says_it(
    brief: set[Slice], shipped: DataPackage
) -> None:
    datapackage.keep(shipped)
    with noting() as noted:
        ahead.warm(shipped)
    assert ("benchmarks", ()) in noted
    assert asked_by("brief_city", city=HOME, lang="en") == brief
