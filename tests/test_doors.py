"""Where each number of a page leads: one number an entry, in the order of the page."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import handmade
from ecobrief.publish.display import read
from ecobrief.publish.doors import RUN, Doors, doors
from ecobrief.publish.errors import UntraceableNumber, WrongShape
from handmade import entry, row

COLUMNS = {"city": "City", "value": "Value#"}


def of(*payloads: dict[str, Any]) -> Doors:
    return doors(read(payload) for payload in payloads)


def table(*rows: dict[str, Any]) -> dict[str, Any]:
    return handmade.display("table", "en", COLUMNS, list(rows), title="Good days")


def entries(*names: str) -> dict[str, Any]:
    return handmade.entries("en", *(entry(name) for name in names))


def numbered(count: int) -> Doors:
    """The doors of a page with entries n1, n2, … by these numbers."""
    return of(entries(*(f"n{number}" for number in range(1, count + 1))))


def test_entries_are_numbered_through_all_lists_of_a_page_in_their_order() -> None:
    found = of(entries("b.001", "a.001"), table(row({"value": "1"}, "c.001")), entries("c.001"))
    assert found.numbers == {"b.001": 1, "a.001": 2, "c.001": 3}
    assert found.entry("c.001") == "#e3"
    assert found.printed["c.001"] == "97.4 %"


def test_an_entry_is_of_its_first_observation_the_others_have_their_own() -> None:
    one = entry("doc.001") | {"observations": ["doc.001", "doc.002"], "doors": {"conflict": ["doc.002"]}}
    assert of(handmade.entries("en", one, entry("doc.002"))).numbers == {"doc.001": 1, "doc.002": 2}
    with pytest.raises(UntraceableNumber, match=r'sources "Sources" shows doc\.002'):
        of(handmade.entries("en", one))


def test_two_entries_of_one_observation_are_refused_in_one_list_and_in_two() -> None:
    for payloads in ([entries("doc.001", "doc.001")], [entries("doc.001"), entries("doc.001")]):
        with pytest.raises(WrongShape, match=r'"Sources": doc\.001 has two entries'):
            of(*payloads)


@pytest.mark.parametrize(
    "shown", [row({"value": "351"}, "doc.009"), row({"value": "351"}, formula="a + b", inputs=("doc.009",))]
)
def test_a_number_without_an_entry_is_refused_with_its_row(shown: dict[str, Any]) -> None:
    with pytest.raises(UntraceableNumber, match=r'table "Good days" shows doc\.009.* Row: 351'):
        of(table(shown), entries("doc.001"))


# Lists of entries


def test_three_numbers_in_a_row_are_shown_from_to_and_two_are_not() -> None:
    found = numbered(9)
    assert found.runs(["n9", "n1", "n2", "n3", "n5", "n6", "n1"]) == [(1, 3), (5, 5), (6, 6), (9, 9)]
    assert found.runs([]) == []


@given(st.lists(st.integers(1, 30)))
def test_the_runs_are_the_numbers_and_none_could_be_longer(numbers: list[int]) -> None:
    runs = numbered(30).runs(f"n{number}" for number in numbers)
    covered = [number for first, last in runs for number in range(first, last + 1)]
    assert covered == sorted(set(numbers))
    long = [(first, last) for first, last in runs if last > first]
    assert all(last - first + 1 >= RUN for first, last in long)
    for first, last in long:
        assert first - 1 not in covered
        assert last + 1 not in covered
    single = {first for first, last in runs if last == first}
    assert not any({number, number + 1, number + 2} <= single for number in single)


# Charts and statements


def test_points_of_a_chart_name_runs_of_entries_in_place_of_observations_and_nothing_else_changes() -> None:
    chart = {
        "data": [{"customdata": [["n4", "n1", "n2", "n3"], ["n6"], []], "text": ["n1", "n2", ""]}],
        "layout": {"annotations": [{"text": "n1"}], "height": 260},
    }
    assert numbered(6).charted(chart) == {
        "data": [{"customdata": [[(1, 4)], [(6, 6)], []], "text": ["n1", "n2", ""]}],
        "layout": {"annotations": [{"text": "n1"}], "height": 260},
    }


def test_statements_that_others_point_to_are_numbered_in_their_order_and_no_others() -> None:
    rows = [
        row({"city": name, "value": ""}) | {"key": f"finding.{name}"} for name in ("sum", "share", "mean")
    ]
    pointing = [
        entry("doc.001") | {"see": ["finding.mean"]},
        entry("doc.002") | {"see": ["finding.sum", "finding.elsewhere"]},
    ]
    found = of(handmade.entries("en", *pointing), table(*rows))
    assert found.statements == {"finding.sum": 1, "finding.mean": 2}
