"""Who stands on one axis, which pairs of cities compare, and who is ranked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import combinations, product
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import made
from ecobrief import compare
from ecobrief.compare.comparability import VERDICTS, basis, judge, yardstick
from ecobrief.compare.standings import Pair, attainable_ranks, ranks_text
from ecobrief.datapackage import DataPackage

Ranks = dict[str, tuple[int, int]]


def valued(*values: str, **same: str) -> list[dict[str, str]]:
    """An observation of each city in turn with this value, alike in everything else."""
    return [
        {"city_id": city, "value": value, **same} for city, value in zip(made.CITIES, values, strict=False)
    ]


def read(rows: Sequence[dict[str, str]], indicator: str = "ratio") -> tuple[DataPackage, pd.DataFrame]:
    sections = {"indicator_id": "water_sections_count", "unit": "section", "direction": "0"}
    indicators = [*made.TABLES["indicators"], sections]
    package = made.package(observations=list(rows), indicators=indicators)
    return package, compare.readings(package, [indicator])


def ranks(rows: Sequence[dict[str, str]], indicator: str = "ratio") -> Ranks:
    """City → best and worst rank."""
    found = compare.standings(*read(rows, indicator))
    return {row.place_id: (row.rank_best, row.rank_worst) for row in found.itertuples()}


# Standings


def test_the_highest_value_is_first() -> None:
    assert ranks(valued("90.1", "95.1", "92.1")) == {"alpha": (3, 3), "beta": (1, 1), "gamma": (2, 2)}


def test_where_less_is_better_the_lowest_value_is_first() -> None:
    rows = valued("30.1", "35.1", "28.1", unit="ug/m3", indicator_id="pollution")
    assert ranks(rows, "pollution") == {"alpha": (2, 2), "beta": (3, 3), "gamma": (1, 1)}


def test_a_standing_needs_three_cities() -> None:
    assert ranks(valued("90.1", "95.1")) == {}
    assert len(ranks(valued("90.1", "95.1", "92.1"))) == 3


def test_a_second_figure_of_a_city_is_no_third_city() -> None:
    again = {"city_id": "alpha", "value": "91.1", "denominator": "days_of_year"}
    assert ranks([*valued("90.1", "95.1"), again]) == {}


def test_a_city_is_ranked_once_and_counted_once() -> None:
    again = {"city_id": "alpha", "value": "91.1", "denominator": "days_of_year"}
    found = compare.standings(*read([*valued("90.1", "95.1", "92.1"), again]))
    assert sorted(found["place_id"]) == ["alpha", "beta", "gamma"]
    assert set(found["ranked"]) == {3}


def test_levels_of_an_endowment_are_never_ranked() -> None:
    assert ranks(valued("36.1", "76.1", "83.1", "50.1", indicator_id="cover"), "cover") == {}


@pytest.mark.parametrize(
    "change",
    [
        {"period": "", "period_basis": ""},
        {"period": "2021"},
        {"network": "not_stated"},
        {"network": "all_monitored_sections"},
        {"adjustment": "none_stated"},
        {"adjustment": "dust_excluded"},
        {"definition_version": "not_stated"},
        {"definition_version": "version_2"},
        {"place": "某县"},
        {"qualifier": "about"},
        {"value": "", "unit": "", "value_text": "好"},
    ],
)
def test_a_city_whose_figure_does_not_fully_compare_is_left_out_of_the_standing(
    change: dict[str, str],
) -> None:
    rows = valued("90.1", "95.1", "92.1", "99.1")
    assert set(ranks(rows)) == set(made.CITIES)
    rows[3] |= change
    assert ranks(rows) == {"alpha": (3, 3), "beta": (1, 1), "gamma": (2, 2)}


def test_each_year_has_a_standing_of_its_own() -> None:
    rows = [*valued("90.1", "95.1", "92.1"), *valued("99.1", "95.1", "92.1", period="2021")]
    found = compare.standings(*read(rows))
    first = found[found["rank_best"] == 1]
    assert dict(zip(first["period"], first["place_id"], strict=True)) == {"2022": "beta", "2021": "alpha"}


def test_intervals_that_meet_share_ranks() -> None:
    assert ranks(valued("96.2", "96", "90.1")) == {"alpha": (1, 2), "beta": (1, 2), "gamma": (3, 3)}
    assert ranks(valued("96.2", "96.1", "90.1"))["alpha"] == (1, 2)


def test_equal_counts_share_ranks() -> None:
    rows = valued("351", "351", "340", indicator_id="days", unit="天")
    assert ranks(rows, "days") == {"alpha": (1, 2), "beta": (1, 2), "gamma": (3, 3)}


def test_a_whole_number_that_may_be_rounded_is_ranked_as_if_it_were() -> None:
    assert ranks(valued("90", "93.1", "84.1")) == {"alpha": (1, 2), "beta": (1, 2), "gamma": (3, 3)}


def test_conflicting_sources_make_the_ranks_uncertain() -> None:
    other = {"city_id": "alpha", "value": "96.1"}
    assert ranks([*valued("90.1", "95.1", "92.1"), other])["alpha"] == (1, 3)


def test_section_shares_closer_than_one_section_are_tied() -> None:
    shares = valued("90.0", "83.3", "50.0", network="state_sections", denominator="sections")

    def counted(*counts: str) -> list[dict[str, str]]:
        return valued(*counts, indicator_id="water_sections_count", unit="个", network="state_sections")

    assert ranks(shares) == {"alpha": (1, 1), "beta": (2, 2), "gamma": (3, 3)}
    assert ranks([*shares, *counted("10", "12", "10")]) == {"alpha": (1, 2), "beta": (1, 2), "gamma": (3, 3)}
    assert ranks([*shares, *counted("100", "120", "100")])["alpha"] == (1, 1)


def test_of_a_range_of_section_counts_the_least_decides() -> None:
    shares = valued("90.0", "83.3", "50.0", network="state_sections", denominator="sections")
    counts = [
        {"city_id": city, "indicator_id": "water_sections_count", "unit": "个", "network": "state_sections"}
        | {"value": "10-100", "qualifier": "range"}
        for city in made.CITIES[:3]
    ]
    assert ranks([*shares, *counts]) == {"alpha": (1, 2), "beta": (1, 2), "gamma": (3, 3)}


def test_the_sections_of_another_year_or_network_are_not_the_ones_counted() -> None:
    shares = valued("90.0", "83.3", "50.0", network="state_sections", denominator="sections")
    for other in ({"period": "2021"}, {"network": "all_monitored_sections"}):
        counts = valued(
            "10",
            "12",
            "10",
            **{"indicator_id": "water_sections_count", "unit": "个", "network": "state_sections"} | other,
        )
        assert ranks([*shares, *counts])["alpha"] == (1, 1)


def test_the_words_of_the_scope_do_not_split_a_standing_of_one_network() -> None:
    rows = valued("90.1", "95.1", "92.1")
    for row, scope in zip(rows, ("全市", "", "中心城区"), strict=True):
        row["scope_printed"] = scope
    assert ranks(rows) == {"alpha": (3, 3), "beta": (1, 1), "gamma": (2, 2)}


# Against brute force: every value that every interval allows, on a grid of whole numbers

INTERVALS = st.tuples(st.integers(0, 5), st.integers(0, 3)).map(
    lambda low_width: (low_width[0], sum(low_width))
)
CITIES = [f"city_{letter}" for letter in "abcd"]


def frame(intervals: Sequence[tuple[int, int]], indicator: str, **same: Any) -> pd.DataFrame:
    """Readings of one basis whose values may lie in these intervals."""
    rows = [
        {
            "observation_id": f"page.{city}",
            "place_id": city,
            "indicator_id": indicator,
            "period": "2022",
            "place": "",
            "scope_printed": "",
            "qualifier": "exact",
            "canonical_value": low,
            "allowed": f"{low}:{high}",
            "network": "state_urban_sites",
            "denominator": "valid_days",
            "adjustment": "raw",
            "definition_version": "version_1",
            "heads": True,
            **same,
        }
        for city, (low, high) in zip(CITIES, intervals, strict=False)
    ]
    return pd.DataFrame(rows)


def by_brute_force(
    pieces: Sequence[Sequence[tuple[int, int]]], direction: int = 1, tied: int = 0
) -> list[list[int]]:
    """The ranks of each city over all values in all its intervals; those that are tied may stand in any order."""
    found: list[set[int]] = [set() for _ in pieces]
    allowed = [sorted({v for low, high in own for v in range(low, high + 1)}) for own in pieces]
    for values in product(*allowed):
        for i, own in enumerate(values):
            ahead = [direction * (other - own) for j, other in enumerate(values) if j != i]
            best = 1 + sum(lead > tied for lead in ahead)
            found[i].update(range(best, 2 + sum(lead >= -tied for lead in ahead)))
    return [sorted(ranks) for ranks in found]


def listed(found: pd.DataFrame) -> list[list[int]]:
    return [[int(rank) for rank in ranks.split(";")] for ranks in found["ranks"]]


PIECES = st.lists(st.lists(INTERVALS, min_size=1, max_size=2), min_size=3, max_size=4)


@settings(deadline=None, max_examples=60)
@given(PIECES, st.sampled_from([0, 2]))
def test_the_ranks_are_those_of_all_values_that_digits_and_conflicts_allow(
    pieces: list[list[tuple[int, int]]], tied: int
) -> None:
    assert attainable_ranks(pieces, [tied] * len(pieces)) == by_brute_force(pieces, tied=tied)


@settings(deadline=None, max_examples=30)
@given(st.lists(INTERVALS, min_size=3, max_size=4), st.sampled_from([("ratio", 1), ("pollution", -1)]))
def test_a_standing_lists_the_ranks_in_the_better_direction(
    intervals: list[tuple[int, int]], indicator: tuple[str, int]
) -> None:
    name, direction = indicator
    found = compare.standings(made.package(), frame(intervals, name))
    assert listed(found) == by_brute_force([[own] for own in intervals], direction)
    assert list(found["rank_best"]) == [ranks[0] for ranks in listed(found)]
    assert list(found["rank_worst"]) == [ranks[-1] for ranks in listed(found)]


def test_a_rank_between_two_conflicting_values_is_not_taken() -> None:
    other = {"city_id": "alpha", "value": "96.1"}
    found = compare.standings(*read([*valued("90.1", "95.1", "92.1"), other])).set_index("place_id")
    assert dict(found["ranks"]) == {"alpha": "1;3", "beta": "1;2", "gamma": "2;3"}
    assert [ranks_text(ranks) for ranks in ("1;3", "1;2", "2", "1;2;4;5;6")] == [
        "1, 3",
        "1–2",
        "2",
        "1–2, 4–6",
    ]


@settings(deadline=None, max_examples=40)
@given(st.lists(INTERVALS, min_size=3, max_size=4))
def test_rank_ranges_of_section_shares_allow_for_one_section(intervals: list[tuple[int, int]]) -> None:
    sections = 50  # one of fifty sections is 2 percent
    counted = [
        {
            "city_id": city,
            "indicator_id": "water_sections_count",
            "value": str(sections),
            "unit": "个",
            "network": "state_sections",
        }
        for city in CITIES
    ]
    shares = frame(intervals, "ratio", network="state_sections", denominator="sections")
    found = compare.standings(made.package(observations=counted), shares)
    assert listed(found) == by_brute_force([[own] for own in intervals], tied=2)


STATEMENTS = st.fixed_dictionaries(
    {
        "city_id": st.sampled_from(made.CITIES),
        "value": st.sampled_from(["90.1", "91.1", "92.1"]),
        "period": st.sampled_from(["2021", "2022"]),
        "network": st.sampled_from(["state_urban_sites", "not_stated"]),
        "scope_printed": st.sampled_from(["", "全市", "中心城区"]),
        "denominator": st.sampled_from(["valid_days", "days_of_year"]),
    }
)


@settings(deadline=None, max_examples=25)
@given(st.lists(STATEMENTS, min_size=3, max_size=12))
def test_only_readings_that_all_compare_with_one_another_stand_in_one_standing(
    rows: list[dict[str, str]],
) -> None:
    package, readings = read(rows)
    by = yardstick(package, "ratio")
    ranked = readings.merge(
        compare.standings(package, readings)[["observation_id", "ranked"]], on="observation_id"
    )
    for _, group in ranked.groupby("period"):
        assert group["place_id"].is_unique
        assert set(group["ranked"]) == {len(group)}
        for one, other in combinations([basis(row, by) for row in group.itertuples()], 2):
            assert judge(one, other, by)[0] == "comparable"


# Pairs


def test_every_two_cities_with_a_figure_are_a_pair_once() -> None:
    found = compare.pairs(*read(valued("90.1", "95.1", "92.1")))
    assert [pair.places for pair in found] == [("alpha", "beta"), ("alpha", "gamma"), ("beta", "gamma")]
    assert {pair.verdict for pair in found} == {"comparable"}


def test_the_figures_that_compare_best_speak_for_a_pair() -> None:
    rows = [
        *valued("90.1", "95.1"),
        {"city_id": "alpha", "period": "2023"},
        {"city_id": "beta", "period": "2023", "network": "not_stated"},
    ]
    (pair,) = compare.pairs(*read(rows))
    assert (pair.verdict, pair.observation_ids, pair.reasons) == ("comparable", ("page.001", "page.002"), ())


def test_among_equals_the_latest_speak_for_a_pair() -> None:
    (pair,) = compare.pairs(*read([*valued("90.1", "95.1"), *valued("91.1", "96.1", period="2023")]))
    assert pair.observation_ids == ("page.003", "page.004")


def test_a_pair_that_does_not_compare_says_why() -> None:
    rows = valued("90.1", "95.1")
    rows[1] |= {"period": "2021", "network": "not_stated"}
    (pair,) = compare.pairs(*read(rows))
    assert pair.verdict == "not_comparable"
    assert [reason.code for reason in pair.reasons] == ["periods_differ", "network_unstated"]


PLACED = st.fixed_dictionaries(
    {
        "city_id": st.sampled_from(made.CITIES),
        "period": st.sampled_from(["", "2021", "2022"]),
        "network": st.sampled_from(["state_urban_sites", "all_monitored_sections", "not_stated"]),
        "scope_printed": st.sampled_from(["", "全市", "中心城区"]),
        "place": st.sampled_from(["", "", "某县", "某区"]),
        "adjustment": st.sampled_from(["raw", "none_stated"]),
        "qualifier": st.sampled_from(["exact", "exact", "about"]),
    }
)


@settings(deadline=None, max_examples=80)
@given(st.lists(PLACED, max_size=14), st.sampled_from(["ratio", "cover"]))
def test_bases_judged_once_give_the_pairs_that_readings_judged_one_by_one_give(
    rows: list[dict[str, str]], indicator: str
) -> None:
    package, readings = read(
        [
            {**row, "indicator_id": indicator, "period_basis": "printed" if row["period"] else ""}
            for row in rows
        ],
        indicator,
    )
    by = yardstick(package, indicator)
    heads = readings[readings["heads"]].sort_values("period", ascending=False, kind="stable")
    of_place = {
        place: list(heads[heads["place_id"] == place].itertuples())
        for place in dict.fromkeys(readings.loc[readings["heads"], "place_id"])
    }
    expected = []
    for one, other in combinations(of_place, 2):
        judged = [
            (judge(basis(ours, by), basis(theirs, by), by), (ours.observation_id, theirs.observation_id))
            for ours, theirs in product(of_place[one], of_place[other])
        ]
        (verdict, reasons), ids = min(
            judged, key=lambda case: (VERDICTS.index(case[0][0]), sum(reason.bar for reason in case[0][1]))
        )
        expected.append(Pair((one, other), ids, verdict, reasons))
    found = compare.pairs(package, readings)
    assert list(found) == expected
    assert len(found) == len(expected)
    assert found.verdicts == Counter(pair.verdict for pair in expected)
    assert found.best == min(expected, key=lambda pair: VERDICTS.index(pair.verdict), default=None)
    for place in of_place:
        assert found.of(place) == [pair for pair in expected if place in pair.places]


def test_without_readings_there_are_neither_pairs_nor_ranks_nor_an_axis() -> None:
    package, none = read([])
    assert not compare.pairs(package, none)
    assert compare.standings(package, none).empty
    assert compare.on_one_axis(package, none).empty


# One axis


def on_axis(rows: Sequence[dict[str, str]], indicator: str = "ratio") -> list[tuple[str, str]]:
    """City and period of the readings on one axis, in its order."""
    found = compare.on_one_axis(*read(rows, indicator))
    return list(zip(found["place_id"], found["period"], strict=True))


def test_figures_with_caveats_stand_on_one_axis_in_order_of_value() -> None:
    rows = valued("90.1", "95.1", "92.1", network="not_stated")
    assert on_axis(rows) == [("beta", "2022"), ("gamma", "2022"), ("alpha", "2022")]


def test_the_best_stands_first_where_less_is_better() -> None:
    rows = valued("30.1", "35.1", unit="ug/m3", indicator_id="pollution")
    assert [city for city, _ in on_axis(rows, "pollution")] == ["alpha", "beta"]


def test_the_period_that_gathers_most_cities_is_the_one_shown_and_the_later_among_equals() -> None:
    both = [*valued("90.1", "95.1"), *valued("91.1", "96.1", period="2023")]
    assert {period for _, period in on_axis(both)} == {"2023"}
    third = {"city_id": "gamma", "value": "92.1"}
    assert on_axis([*both, third]) == [("beta", "2022"), ("gamma", "2022"), ("alpha", "2022")]


def test_stocks_within_their_tolerance_are_gathered_the_nearest_first() -> None:
    rows = [
        {"city_id": "alpha", "period": "2020"},
        {"city_id": "beta", "period": "2018"},
        {"city_id": "beta", "period": "2021"},
        {"city_id": "gamma", "period": "2014"},
    ]
    stocks = [{**row, "indicator_id": "cover"} for row in rows]
    assert sorted(on_axis(stocks, "cover")) == [("alpha", "2020"), ("beta", "2021")]


@pytest.mark.parametrize(
    "change",
    [
        {"period": "", "period_basis": ""},
        {"place": "某县"},
        {"adjustment": "dust_excluded"},
        {"value": "", "unit": "", "value_text": "好"},
    ],
)
def test_what_is_barred_from_comparing_stands_on_no_axis(change: dict[str, str]) -> None:
    rows = valued("90.1", "95.1", "92.1")
    rows[2] |= change
    assert on_axis(rows) == [("beta", "2022"), ("alpha", "2022")]


def test_one_city_alone_needs_no_axis() -> None:
    assert on_axis(valued("90.1")) == []


@settings(deadline=None, max_examples=25)
@given(st.lists(STATEMENTS, min_size=2, max_size=8))
def test_no_two_on_one_axis_are_barred_from_each_other(rows: list[dict[str, str]]) -> None:
    package, readings = read(rows)
    by = yardstick(package, "ratio")
    together = compare.on_one_axis(package, readings)
    assert together["place_id"].is_unique
    for one, other in combinations([basis(row, by) for row in together.itertuples()], 2):
        assert judge(one, other, by)[0] != "not_comparable"
