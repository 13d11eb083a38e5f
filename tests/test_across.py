"""What a brief of one city asks of the tables, and what it is told of the other cities without asking for them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import made
from ecobrief import audit, compare, datapackage
from ecobrief.compare import across, agreement, monitored, policies, targets
from ecobrief.datapackage import DataPackage
from ecobrief.datapackage.slices import Slice, changed, noting, touches
from ecobrief.wording import Term

PROVINCES = [f"province_{letter}" for letter in "ab"]


def observation(draw: st.DrawFn) -> dict[str, str]:
    period = draw(st.sampled_from(["", "2021", "2022"]))
    return {
        "city_id": draw(st.sampled_from(made.CITIES)),
        "indicator_id": draw(st.sampled_from(["ratio", "cover"])),
        "status": draw(st.sampled_from(["observed", "observed", "target"])),
        "value": draw(st.sampled_from(["90.1", "91.1", "90", "91.2"])),
        "period": period,
        "period_basis": "printed" if period else "",
        "network": draw(st.sampled_from(["state_urban_sites", "not_stated"])),
        "scope_printed": draw(st.sampled_from(["", "全市", "中心城区"])),
        "place": draw(st.sampled_from(["", "", "某县"])),
        "source_id": draw(st.sampled_from(["bulletin", "press"])),
    }


OBSERVATIONS = st.lists(st.composite(observation)(), min_size=1, max_size=14)
SOURCES = [
    {"source_id": "bulletin", "tier": "official_bulletin"},
    {"source_id": "press", "tier": "state_media", "published": "2023"},
]
FILTERS = st.fixed_dictionaries(
    {
        "period": st.sampled_from(["", "2022"]),
        "min_tier": st.sampled_from(["other", "official_bulletin"]),
        "include_undated": st.booleans(),
    }
)


def package(rows: list[dict[str, str]]) -> DataPackage:
    return made.package(observations=rows, sources=SOURCES)


# Standing among all


@settings(deadline=None, max_examples=60)
@given(OBSERVATIONS, FILTERS, st.sampled_from(["ratio", "cover"]))
def test_a_city_is_told_the_ranks_and_partners_that_the_pairs_of_all_cities_give(
    rows: list[dict[str, str]], filters: dict[str, Any], indicator: str
) -> None:
    of_all = package(rows)
    everyone = compare.readings(of_all, [indicator], **filters)
    ranks = compare.standings(of_all, everyone).set_index("observation_id")
    for city in made.CITIES:
        told = compare.standing(of_all, city, indicator, **filters)
        newest = compare.latest(everyone[everyone["place_id"] == city])
        assert list(told) == list(newest["observation_id"])
        for name, one in told.items():
            if name in ranks.index:
                assert (one.ranks, one.ranked) == (ranks.at[name, "ranks"], ranks.at[name, "ranked"])
                continue
            partners = [
                of_all.place_name(place)
                for pair in compare.pairs(of_all, everyone)
                if pair.verdict != "not_comparable" and name in pair.observation_ids
                for place in pair.places
                if place != city
            ]
            assert (one.ranks, list(one.others), one.more) == ("", partners, 0)


def test_of_many_partners_the_first_are_named_and_the_others_counted() -> None:
    cities = [f"city_{number:02}" for number in range(10)]
    of_all = made.package(
        cities=[{"city_id": city, "name_zh": city, "name_en": city} for city in cities],
        observations=[{"city_id": city, "network": "not_stated"} for city in cities],
    )
    (one,) = compare.standing(of_all, "city_03", "ratio").values()
    assert one.others == tuple(Term(city, city) for city in cities if city != "city_03")[:6]
    assert one.more == 3


# What is asked for


def places(asked: set[Slice]) -> set[str]:
    """The cities of which rows were asked for, of any table; * where it was all of a table."""
    of_cities = {value for _, of in asked for column, value in of if column in ("city_id", "place_id")} & set(
        datapackage.load().city_ids
    )
    whole = {"*" for table, of in asked if not of}
    return of_cities | whole


ASKED: dict[str, Callable[[DataPackage], object]] = {
    "readings of all indicators": lambda of_all: compare.readings(of_all, None, ["benxi", "china"]),
    "readings of one": lambda of_all: compare.readings(of_all, ["forest_cover"], ["benxi", "liaoning"]),
    "standing": lambda of_all: compare.standing(of_all, "benxi", "good_air_days"),
    "findings": lambda of_all: audit.findings(of_all, ["benxi"]),
    "targets": lambda of_all: targets.progress(of_all, ["benxi"]),
    "monitored": lambda of_all: monitored.beside_monitored(of_all, ["benxi"]),
    "policies": lambda of_all: policies.mix(of_all, "benxi"),
    "reliability": agreement.reliability,
    "absence": lambda of_all: compare.absence(of_all, "benxi", "forest_stock_volume"),
}


@pytest.mark.parametrize("question", ASKED)
def test_a_brief_of_one_city_asks_for_no_row_of_another(question: str) -> None:
    of_all = datapackage.load()
    for _ in range(2):  # computed, and kept
        with noting() as asked:
            ASKED[question](of_all)
        assert asked
        assert places(asked) <= {"benxi"}


def test_instruments_that_only_one_city_names_are_told_without_asking_for_those_of_others() -> None:
    of_all = datapackage.load()
    cities = of_all.city_ids
    with noting() as asked:
        policies.only_here(of_all, "benxi", cities)
    assert "policies" not in {
        table for table, of in asked if not dict(of).get("policy_id", "").startswith("benxi")
    }
    direct = policies.only_here(of_all, "benxi", [city for city in cities if city != "chifeng"])
    assert set(policies.only_here(of_all, "benxi", cities)["policy_id"]) < set(direct["policy_id"])


def test_warming_leaves_nothing_to_compute_that_rests_on_all_cities() -> None:
    of_all = datapackage.load()
    across.warm(of_all, [{}, {"min_tier": "official_bulletin"}])
    computed = of_all.across_digests().keys()
    for city in of_all.city_ids:
        for indicators in across.HEADLINES.values():
            for indicator in indicators:
                compare.standing(of_all, city, indicator)
                compare.standing(of_all, city, indicator, min_tier="official_bulletin")
        policies.only_here(of_all, city, of_all.city_ids)
    agreement.reliability(of_all)
    assert of_all.across_digests().keys() == computed


@settings(deadline=None, max_examples=60)
@given(OBSERVATIONS, FILTERS, st.data())
def test_readings_change_only_with_rows_that_were_asked_for(
    rows: list[dict[str, str]], filters: dict[str, Any], data: st.DataObject
) -> None:
    before = package(rows)
    asked_of = data.draw(st.sampled_from([["ratio"], None]))
    with noting() as asked:
        frame = compare.readings(before, asked_of, ["alpha", "beta"], **filters)
    row = data.draw(st.integers(0, len(rows) - 1))
    cells = data.draw(st.fixed_dictionaries({"value": st.sampled_from(["90.1", "92.3"])})) | data.draw(
        st.sampled_from([{}, {"city_id": "alpha"}, {"place": ""}, {"indicator_id": "ratio"}])
    )
    after = package([one | cells if number == row else one for number, one in enumerate(rows)])
    touched = any(touches(one, change) for change in changed(before.tables, after.tables) for one in asked)
    if not compare.readings(after, asked_of, ["alpha", "beta"], **filters).equals(frame):
        assert touched
