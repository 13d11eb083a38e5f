"""The mix of instruments within a city, and what only its documents name."""

from __future__ import annotations

import made
from ecobrief.compare import policies
from ecobrief.datapackage import DataPackage

INSTRUMENTS = [
    {"instrument_id": "compensation"},
    {"instrument_id": "river_chief", "national_basis_zh": "《关于全面推行河长制的意见》(2016)"},
    {"instrument_id": "fund"},
]


def package(*rows: dict[str, str]) -> DataPackage:
    return made.package(instruments=INSTRUMENTS, policies=list(rows))


def shares(*rows: dict[str, str], place: str = "alpha") -> dict[str, tuple[int, int, float]]:
    """Type → times, n and share."""
    found = policies.type_shares(package(*rows), place)
    return {row.primary_type: (row.times, row.n, row.share) for row in found.itertuples()}


ECONOMIC, PLANNING, VOLUNTARY = ({"primary_type": code} for code in ("economic", "planning", "voluntary"))


def test_a_share_is_of_the_instruments_of_its_own_city() -> None:
    elsewhere = [{**VOLUNTARY, "city_id": "beta"}] * 5
    assert shares(PLANNING, ECONOMIC, ECONOMIC, VOLUNTARY, *elsewhere) == {
        "economic": (2, 4, 50.0),
        "planning": (1, 4, 25.0),
        "voluntary": (1, 4, 25.0),
    }
    assert shares(PLANNING, *elsewhere, place="beta") == {"voluntary": (5, 5, 100.0)}


def test_types_stand_in_the_order_of_the_code_book_and_name_their_policies() -> None:
    found = policies.type_shares(package(VOLUNTARY, ECONOMIC, {"primary_type": "regulatory"}), "alpha")
    assert list(found["primary_type"]) == ["regulatory", "economic", "voluntary"]
    assert list(found["policy_ids"]) == [("page.p003",), ("page.p002",), ("page.p001",)]


def test_a_repetition_is_counted_once() -> None:
    assert shares(ECONOMIC, PLANNING, {**ECONOMIC, "repeats": "page.p001"}) == {
        "economic": (1, 2, 50.0),
        "planning": (1, 2, 50.0),
    }


def test_recognitions_and_goals_are_not_counted() -> None:
    honours = [{"kind": kind, "primary_type": "", "instrument_id": ""} for kind in ("recognition", "goal")]
    assert shares(ECONOMIC, *honours) == {"economic": (1, 1, 100.0)}
    assert list(policies.named(package(ECONOMIC, *honours), ["alpha"], "goal")["policy_id"]) == ["page.p003"]


def test_a_city_without_instruments_has_no_shares() -> None:
    assert shares(ECONOMIC, place="beta") == {}


def test_an_instrument_with_two_themes_counts_under_both() -> None:
    table = policies.mix(
        package({**ECONOMIC, "themes": "soil;water"}, {**PLANNING, "themes": "water"}, ECONOMIC), "alpha"
    )
    assert list(table.columns) == ["economic", "planning"]
    assert table.loc["soil"].tolist() == [1, 0]
    assert table.loc["water"].tolist() == [2, 1]


def test_a_city_without_instruments_has_an_empty_mix() -> None:
    assert policies.mix(package(ECONOMIC), "beta").empty


# Only here


def only_here(*rows: dict[str, str]) -> list[str]:
    return list(policies.only_here(package(*rows), "alpha", made.CITIES)["policy_id"])


def test_what_another_city_names_too_is_not_only_here() -> None:
    assert only_here({"instrument_id": "fund"}, {}) == ["page.p002", "page.p001"]
    assert only_here({"instrument_id": "fund"}, {}, {"instrument_id": "fund", "city_id": "beta"}) == [
        "page.p002"
    ]


def test_what_is_ordered_nationwide_is_never_only_here() -> None:
    assert only_here({"instrument_id": "river_chief"}, {"instrument_id": "fund"}) == ["page.p002"]


def test_a_goal_or_honour_elsewhere_does_not_take_an_instrument_away() -> None:
    goal = {"city_id": "beta", "kind": "goal", "instrument_id": "", "primary_type": ""}
    assert only_here({}, goal) == ["page.p001"]


def test_a_repetition_is_told_at_its_first_place_of_print() -> None:
    assert only_here({}, {"repeats": "page.p001"}) == ["page.p001"]


def test_cities_that_are_not_asked_about_are_not_looked_at() -> None:
    rows = package({}, {"city_id": "delta"})
    assert list(policies.only_here(rows, "alpha", ["alpha", "beta"])["policy_id"]) == ["page.p001"]
