"""A composite index: published examples, what is refused, what choices do to it."""

from __future__ import annotations

import math
from dataclasses import replace
from decimal import Decimal
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import made
from ecobrief import datapackage
from ecobrief.compare import composite, weights
from ecobrief.compare.composite import (
    IndexRefused,
    Matrix,
    aggregate,
    cases,
    coverage,
    leave_one_out,
    matrix,
    normalised,
    score_matrix,
)
from ecobrief.datapackage import DataPackage, frameworks
from ecobrief.datapackage.frameworks import Component, Framework, FrameworkError

ROOT = Path(__file__).resolve().parents[1]


def component(name: str, weight: str, low: str = "0", high: str = "100", direction: int = 1) -> Component:
    return Component(name, Decimal(weight), direction, Decimal(low), Decimal(high))


# --- published examples

COUNTRIES = """Finland;United States;Sweden;Japan;Korea;Netherlands;United Kingdom;Canada;Australia;Singapore;Germany;Norway;
Ireland;Belgium;New Zealand;Austria;France;Israel;Spain;Italy;Czech Republic;Hungary;Slovenia"""
# OECD/JRC 2008, table A.2 (p. 152), the 23 countries of the case study.
TAI = {
    "patents": "187 289 271 994 779 189 82 31 75 8 235 103 106 72 103 165 205 74 42 13 28 26 105",
    "royalties": "125.6 130 156.6 64.6 9.8 151.2 134 38.6 18.2 25.5 36.8 20.2 110.3 73.9 13 14.8 33.6 43.6 8.6 9.8 4.2 6.2 4",
    "internet": "200.2 179.1 125.8 49 4.8 136 57.4 108 125.9 72.3 41.2 193.6 48.6 58.9 146.7 84.2 36.4 43.2 21 30.4 25 21.6 20.3",
    "exports": "50.7 66.2 59.7 80.8 66.7 50.9 61.9 48.7 16.2 74.9 64.2 19 53.6 47.6 15.4 50.3 58.9 45 53.4 51 51.7 63.5 49.5",
    "telephones": "3.08 3.00 3.10 3.00 2.97 3.02 3.02 2.94 2.94 2.95 2.94 3.12 2.97 2.91 2.86 2.99 2.97 2.96 2.86 3.00 2.75 2.73 "
    "2.84",
    "electricity": "4.15 4.07 4.14 3.86 3.65 3.77 3.73 4.18 3.94 3.83 3.75 4.39 3.68 3.86 3.91 3.79 3.80 3.74 3.62 3.65 3.68 "
    "3.46 3.71",
    "schooling": "10 12 11.4 9.5 10.8 9.4 9.4 11.6 10.9 7.1 10.2 11.9 9.4 9.3 11.7 8.4 7.9 9.6 7.3 7.2 9.5 9.1 7.1",
    "university": "27.4 13.9 15.3 10 23.2 9.5 14.9 14.2 25.3 24.2 14.4 11.2 12.3 13.6 13.1 13.6 12.6 11 15.6 13 8.2 7.7 10.6",
}
# Table 38 (p. 116): country, rank by linear and by geometric aggregation with equal weights.
TABLE_38 = (
    "Finland 2;United States 1;Sweden 3;Japan 4;Korea 16;Netherlands 5;United Kingdom 6;Singapore 18;Canada 13;Australia 14;"
    "Germany 8;Norway 11;Ireland 7;Belgium 9;New Zealand 17;Austria 12;France 10;Israel 15;Spain 19;Italy 21;Czech Republic 23;"
    "Hungary 22;Slovenia 20"
)
LINEAR = {pair.rpartition(" ")[0]: rank for rank, pair in enumerate(TABLE_38.split(";"), start=1)}
GEOMETRIC = {pair.rpartition(" ")[0]: int(pair.rpartition(" ")[2]) for pair in TABLE_38.split(";")}


def tai() -> pd.DataFrame:
    return pd.DataFrame(
        {name: list(map(float, row.split())) for name, row in TAI.items()},
        COUNTRIES.replace("\n", "").split(";"),
    )


def test_linear_ranks_of_the_technology_achievement_index_are_the_published_ones() -> None:
    """OECD/JRC 2008, Handbook on Constructing Composite Indicators, table 38 (p. 116), column LIN: all 23 ranks.

    Data: table A.2 (p. 152), telephones and electricity as logarithms. Goalposts: Saisana, Saltelli and Tarantola 2005, J. R.
    Statist. Soc. A 168(2), table 1 (p. 313). Where a value of A.2 exceeds the goalpost it is the goalpost that counts in the
    published index; `normalised` refuses such values, so that the test cuts them off.
    """
    posts = {
        "patents": ("0", "994"),
        "royalties": ("0", "272.6"),
        "internet": ("0", "232.4"),
        "exports": ("0", "80.8"),
        "telephones": ("0", f"{math.log10(901):.12f}"),
        "electricity": (f"{math.log10(22):.12f}", f"{math.log10(6969):.12f}"),
        "schooling": ("0.8", "12.0"),
        "university": ("0.1", "27.4"),
    }
    framework = Framework("tai", tuple(component(name, "0.125", *ends) for name, ends in posts.items()))
    top = pd.Series({name: float(high) for name, (_, high) in posts.items()})
    with pytest.raises(IndexRefused, match=r"Finland, telephones: 3.08 lies outside the goalposts"):
        normalised(framework, tai())
    found = cases(framework, tai().clip(upper=top, axis="columns"))[0].table
    assert found is not None
    assert found["rank_best"].to_dict() == LINEAR
    assert round(found.loc["United States", "score"], 3) == 0.733  # p. 316 of the same paper


def test_geometric_ranks_of_the_technology_achievement_index_are_the_published_ones() -> None:
    """The same table, column GME: geometric means of the raw data, which goalposts from 0 leave in proportion."""
    framework = Framework("tai", tuple(component(name, "0.125", "0", "1000") for name in TAI))
    found = cases(framework, tai())[1]
    assert (found.normalisation, found.aggregation) == ("goalposts", "geometric")
    assert found.table is not None
    assert found.table["rank_best"].to_dict() == GEOMETRIC


def test_min_max_and_z_scores_are_those_of_the_handbook() -> None:
    """OECD/JRC 2008, table 15 (p. 87): mean years of schooling of the 23 countries. Its z-scores divide by the sample
    standard deviation, ours by that of the population."""
    printed_z = (
        "0.26 1.52 1.14 -0.06 0.76 -0.12 -0.12 1.27 0.83 -1.58 0.38 1.46 -0.12 -0.19 1.33 -0.76 -1.08 0.00 -1.46 -1.52 -0.06 "
        "-0.31 -1.58"
    )
    printed_min_max = (
        "0.59 1.00 0.88 0.49 0.76 0.47 0.47 0.92 0.78 0.00 0.63 0.98 0.47 0.45 0.94 0.27 0.16 0.51 0.04 0.02 "
        "0.49 0.41 0.00"
    )
    framework = Framework("one", (component("schooling", "1"),))
    z = normalised(framework, tai(), "z_score")["schooling"] * math.sqrt(22 / 23)
    assert z.round(2).tolist() == list(map(float, printed_z.split()))
    found = normalised(framework, tai(), "min_max")["schooling"]
    assert found.round(2).tolist() == list(map(float, printed_min_max.split()))


def test_geometric_means_punish_the_unbalanced_as_the_handbook_computes() -> None:
    """OECD/JRC 2008, section 6.11 (p. 104): 21, 1, 1, 1 and 6, 6, 6, 6 have equal arithmetic and unequal geometric means."""
    scores = pd.DataFrame(
        [[21, 1, 1, 1], [6, 6, 6, 6], [21, 2, 1, 1], [6, 7, 6, 6]], list("abcd"), list("wxyz")
    )
    equal = [0.25] * 4
    assert aggregate(scores, equal, "geometric")["score"].round(2).tolist()[:3] == [2.14, 6, 2.55]
    assert math.floor(aggregate(scores, equal, "geometric").loc["d", "score"] * 100) == 623
    assert aggregate(scores, equal, "arithmetic").loc[["a", "b"], "rank_worst"].tolist() == [4, 4]


def test_the_human_development_index_of_three_countries_is_the_published_one() -> None:
    """UNDP's index before 2010 (arithmetic, fixed goalposts), technical note of the Human Development Report on Mozambique
    (sardc.net/HDev/MHDR2000/Eng/TechNotes/8.html): life expectancy, literacy, enrolment, log income."""
    posts = [("25", "85"), ("0", "100"), ("0", "100"), ("2", f"{math.log10(40000):.12f}")]
    shares = ["0.3333", "0.2222", "0.1111", "0.3334"]
    names = ["life", "literacy", "enrolment", "income"]
    parts = zip(names, shares, posts, strict=True)
    framework = Framework("hdi", tuple(component(name, share, *ends) for name, share, ends in parts))
    rows = [[77.2, 99.0, 88.1, 21260], [69.8, 82.9, 68.9, 3130], [42.3, 39.5, 32.0, 740]]
    values = pd.DataFrame(rows, ["Germany", "China", "Mozambique"], names, dtype=float)
    values["income"] = np.log10(values["income"])
    assert normalised(framework, values).round(3).loc["Germany"].tolist() == [0.870, 0.990, 0.881, 0.895]
    assert normalised(framework, values).round(3).loc["Mozambique"].tolist() == [0.288, 0.395, 0.320, 0.334]
    found = cases(framework, values)[0].table
    assert found is not None
    assert found["score"].round(3).tolist() == [0.906, 0.701, 0.331]


# --- frameworks

SOUND = (component("air", "0.5"), component("water", "0.5"))


@pytest.mark.parametrize(
    ("components", "rule"),
    [
        ((component("air", "0.5"), component("water", "0.4")), "sum to 0.9, not to exactly 1"),
        ((component("air", "0.333"),) * 3, "sum to 0.999"),
        ((), "sum to 0,"),
        ((component("air", "1.5"), component("water", "-0.5")), r"water has a negative weight \(-0.5\)"),
        ((component("air", "0.5"), component("air", "0.5")), "air is named twice"),
        (
            (component("air", "0.5"), component("cover", "0.5", direction=0)),
            "more of cover is neither better nor worse",
        ),
        (
            (component("air", "1", "100", "100"),),
            r"the lower goalpost of air \(100\) is not below the higher one",
        ),
        ((component("air", "1", "0", "NaN"),), "air has no goalposts"),
        (
            tuple(replace(each, quantity="days") for each in SOUND),
            r"air and water measure one quantity \(days\)",
        ),
    ],
)
def test_a_framework_that_breaks_a_rule_is_refused_with_it(
    components: tuple[Component, ...], rule: str
) -> None:
    assert Framework("sound", SOUND).components == SOUND
    with pytest.raises(FrameworkError, match=rule):
        Framework("broken", components)


def test_every_broken_rule_is_told_at_once_with_what_to_do() -> None:
    with pytest.raises(FrameworkError) as refusal:
        Framework("broken", (component("air", "0.5", direction=0), component("water", "0.4", "7", "7")))
    lines = str(refusal.value).splitlines()
    assert lines[0] == "framework broken:"
    assert len(lines) == 1 + 3 * 2
    assert all(line.startswith("  ") for line in lines[2::2])


def test_three_weights_of_a_third_are_written_so_that_they_sum_to_one() -> None:
    assert Framework(
        "thirds", tuple(component(n, w) for n, w in zip("abc", ["0.333", "0.333", "0.334"], strict=True))
    )


# --- coverage

CITIES = list(made.CITIES[:3])
INDICATORS = [
    {"goalpost_low": "0", "goalpost_high": "100", **row}
    if row["indicator_id"] in ("ratio", "pollution")
    else row
    for row in made.TABLES["indicators"]
]
FRAMEWORKS = [
    {"framework_id": "two", "indicator_id": name, "weight": "0.5", "reason_zh": "因", "reason_en": "why"}
    for name in ("ratio", "pollution")
]


def printed(indicator_id: str, *values: str, **same: str) -> list[dict[str, str]]:
    unit = {"ratio": "%", "pollution": "ug/m3"}[indicator_id]
    return [
        {"city_id": city, "indicator_id": indicator_id, "value": value, "unit": unit, **same}
        for city, value in zip(CITIES, values, strict=False)
    ]


COMPLETE = [*printed("ratio", "90.1", "80.1", "70.1"), *printed("pollution", "30.1", "20.1", "40.1")]


def covered(rows: list[dict[str, str]], places: list[str] = CITIES, period: str = "") -> composite.Coverage:
    package = made.package(observations=rows, indicators=INDICATORS, frameworks=FRAMEWORKS)
    return coverage(package, frameworks.framework(package, "two"), places, period)


def codes(found: composite.Coverage) -> dict[tuple[str, str], str]:
    return {(cell.place_id, cell.indicator_id): cell.code for cell in found.gaps}


def test_a_framework_is_read_from_the_tables() -> None:
    package = made.package(indicators=INDICATORS, frameworks=FRAMEWORKS)
    assert frameworks.framework(package, "two").components == (
        component("ratio", "0.5"),
        component("pollution", "0.5", direction=-1),
    )
    with pytest.raises(FrameworkError, match="no framework 'three'; there are: two"):
        frameworks.framework(package, "three")


def test_an_indicator_without_direction_or_goalposts_is_refused_where_it_is_read() -> None:
    rows = [{**FRAMEWORKS[0], "indicator_id": "cover", "weight": "1"}]
    with pytest.raises(FrameworkError, match="more of cover is neither better nor worse") as refusal:
        frameworks.framework(made.package(indicators=INDICATORS, frameworks=rows), "two")
    assert "cover has no goalposts" in str(refusal.value)


def test_complete_and_comparable_figures_enter_with_their_intervals() -> None:
    found = covered(COMPLETE)
    assert found.gaps == []
    values = matrix(found)
    assert values.point.to_dict("list") == {"ratio": [90.1, 80.1, 70.1], "pollution": [30.1, 20.1, 40.1]}
    assert values.low.loc["alpha"].tolist() == pytest.approx([90.05, 30.05])
    assert values.high.loc["alpha"].tolist() == pytest.approx([90.15, 30.15])


def test_a_missing_figure_is_never_imputed() -> None:
    found = covered(COMPLETE[:-1])
    assert codes(found) == {
        ("gamma", "pollution"): "not_searched",
        **dict.fromkeys([("alpha", "pollution"), ("beta", "pollution")], "not_comparable"),
    }
    with pytest.raises(IndexRefused, match="gamma, pollution: not searched"):
        matrix(found)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"period": "2021"}, "the periods differ"),
        ({"period": "", "period_basis": ""}, "the year is not stated"),
        ({"network": "not_stated"}, "the monitoring network is not stated"),
        ({"definition_version": "version_2"}, "the definition differs"),
        ({"qualifier": "about"}, "a value is approximate"),
    ],
)
def test_a_figure_that_does_not_compare_keeps_the_index_from_being_made(
    change: dict[str, str], reason: str
) -> None:
    fourth = [{**row, "city_id": "delta", **change} for row in (COMPLETE[0], COMPLETE[3])]
    found = covered([*COMPLETE, *fourth], list(made.CITIES))
    assert set(codes(found).values()) == {"not_comparable"}
    assert {cell.place_id for cell in found.gaps} == {"delta"}
    assert all(any(reason in str(why) for why in cell.reasons) for cell in found.gaps)
    with pytest.raises(IndexRefused):
        matrix(found)


def test_two_cities_have_no_index() -> None:
    found = covered(COMPLETE, CITIES[:2])
    assert {str(why) for cell in found.gaps for why in cell.reasons} == {
        "too few other cities have a figure of the same period and definition"
    }


def test_of_two_complete_years_the_latest_enters_unless_another_is_asked_for() -> None:
    older = [{**row, "value": "50.1", "period": "2021"} for row in COMPLETE]
    assert matrix(covered([*COMPLETE, *older])).point.loc["alpha", "ratio"] == 90.1
    assert matrix(covered([*COMPLETE, *older], period="2021")).point.loc["alpha", "ratio"] == 50.1


def test_the_year_in_which_all_cities_are_alike_enters_before_a_later_one_of_some() -> None:
    older = [{**row, "period": "2021"} for row in COMPLETE]
    older += [{**row, "city_id": "delta", "value": "60.1"} for row in (older[0], older[3])]
    values = matrix(covered([*COMPLETE, *older], list(made.CITIES)))
    assert values.point.loc["delta"].tolist() == [60.1, 60.1]


STATEMENTS = st.fixed_dictionaries(
    {
        "city_id": st.sampled_from(CITIES),
        "indicator_id": st.sampled_from(["ratio", "pollution"]),
        "value": st.sampled_from(["90.1", "80.1"]),
        "period": st.sampled_from(["2021", "2022"]),
        "network": st.sampled_from(["state_urban_sites", "not_stated"]),
    }
)


@settings(max_examples=30)
@given(st.lists(STATEMENTS, max_size=12))
def test_every_value_of_an_index_is_printed_by_its_city_and_alike_in_period_and_network(
    rows: list[dict[str, str]],
) -> None:
    rows = [{**row, "unit": "%" if row["indicator_id"] == "ratio" else "ug/m3"} for row in rows]
    found = covered(rows)
    if found.gaps:
        with pytest.raises(IndexRefused):
            matrix(found)
        assert all(cell.reasons for cell in found.gaps)
        return
    matrix(found)
    for cell in found.cells:
        assert (cell.reading.place_id, cell.reading.indicator_id) == (cell.place_id, cell.indicator_id)
    for name in ("ratio", "pollution"):
        alike = {(c.reading.period, c.reading.network) for c in found.cells if c.indicator_id == name}
        assert len(alike) == 1
        assert "not_stated" not in {network for _, network in alike}


@pytest.fixture(scope="module")
def shipped() -> DataPackage:
    return datapackage.load(ROOT / "data")


def test_on_the_shipped_documents_the_index_is_refused_with_a_reason_for_every_cell(
    shipped: DataPackage,
) -> None:
    for framework_id in shipped["frameworks"]["framework_id"].unique():
        framework = frameworks.framework(shipped, framework_id)
        found = coverage(shipped, framework, shipped.city_ids)
        assert len(found.gaps) == len(shipped.city_ids) * len(framework.components)
        assert all(cell.reasons for cell in found.gaps)
        with pytest.raises(IndexRefused):
            matrix(found)


def test_rongchang_never_enters_an_index(shipped: DataPackage) -> None:
    framework = frameworks.framework(shipped, "air_and_water")
    others = [city for city in shipped.city_ids if city != "rongchang"]
    for count in range(len(others) + 1):
        for some in combinations(others, count):
            found = coverage(shipped, framework, ["rongchang", *some])
            own = [cell for cell in found.cells if cell.place_id == "rongchang"]
            assert {cell.code for cell in own} == {"not_stated"}
            with pytest.raises(IndexRefused):
                matrix(found)


# --- normalisation, aggregation, sensitivity

FRAMEWORK = Framework("two", (component("ratio", "0.5"), component("pollution", "0.5", direction=-1)))
VALUES = pd.DataFrame({"ratio": [90.0, 80.0, 70.0], "pollution": [30.0, 20.0, 80.0]}, CITIES)


def test_scores_are_higher_where_less_is_better_and_less_is_measured() -> None:
    for how in composite.NORMALISATIONS:
        assert normalised(FRAMEWORK, VALUES, how)["pollution"].rank().tolist() == [2, 3, 1]
    assert normalised(FRAMEWORK, VALUES).to_numpy().tolist() == [[0.9, 0.7], [0.8, 0.8], [0.7, 0.2]]


@pytest.mark.parametrize("value", [-0.1, 100.1])
def test_a_value_outside_the_goalposts_is_refused_and_not_cut_off(value: float) -> None:
    with pytest.raises(IndexRefused, match=f"beta, ratio: {value} lies outside the goalposts 0.0 and 100.0"):
        normalised(FRAMEWORK, VALUES.assign(ratio=[90, value, 70]))


def test_cities_equal_in_an_indicator_get_equal_scores_of_it() -> None:
    flat = VALUES.assign(ratio=80.0)
    for how in composite.NORMALISATIONS:
        assert normalised(FRAMEWORK, flat, how)["ratio"].nunique() == 1


def test_the_ends_of_scores_are_those_of_the_digits_whatever_the_direction() -> None:
    found = score_matrix(FRAMEWORK, Matrix(VALUES - 0.5, VALUES, VALUES + 0.5))
    assert found.low.loc["alpha"].tolist() == pytest.approx([0.895, 0.695])
    assert found.high.loc["alpha"].tolist() == pytest.approx([0.905, 0.705])


def test_all_cases_are_made_or_refused_with_a_reason() -> None:
    found = {(case.normalisation, case.aggregation): case for case in cases(FRAMEWORK, VALUES)}
    assert next(iter(found)) == ("goalposts", "arithmetic")
    refused = {key: str(case.refused) for key, case in found.items() if case.table is None}
    assert refused == {
        ("min_max", "geometric"): "a score is not above zero, so that there is no geometric mean",
        ("z_score", "geometric"): "z-scores lie on both sides of zero, so that they have no geometric mean",
    }


def test_a_score_of_zero_has_no_geometric_mean() -> None:
    at_the_post = VALUES.assign(ratio=[90.0, 80.0, 0.0])
    assert cases(FRAMEWORK, at_the_post)[1].table is None
    with pytest.raises(IndexRefused, match="no geometric mean"):
        aggregate(normalised(FRAMEWORK, at_the_post), [0.5, 0.5], "geometric")


def test_cities_that_tie_share_ranks_although_binary_fractions_differ() -> None:
    scores = pd.DataFrame([[0.1, 0.2], [0.15, 0.15], [0.3, 0.0]], list("abc"), list("xy"))
    found = aggregate(scores, [0.5, 0.5], "arithmetic")
    assert found[["rank_best", "rank_worst"]].to_numpy().tolist() == [[1, 3]] * 3


def test_leaving_one_out_rescales_the_other_weights() -> None:
    found = leave_one_out(FRAMEWORK, VALUES)
    assert found["ratio"]["score"].tolist() == pytest.approx([0.7, 0.8, 0.2])
    assert found["pollution"]["rank_best"].tolist() == [1, 2, 3]
    alone = Framework("one", (component("ratio", "1"), component("pollution", "0", direction=-1)))
    assert list(leave_one_out(alone, VALUES)) == ["pollution"]


SCORES = st.lists(st.lists(st.integers(1, 9), min_size=3, max_size=3), min_size=2, max_size=5)


@settings(max_examples=25)
@given(SCORES, st.lists(st.integers(1, 9), min_size=3, max_size=3), st.sampled_from(composite.AGGREGATIONS))
def test_the_ranks_at_any_weights_are_among_those_over_all_weights(
    rows: list[list[int]], shares: list[int], how: composite.Aggregation
) -> None:
    scores = pd.DataFrame(rows, dtype=float)
    found = weights.ranks(np.log(scores) if how == "geometric" else scores, weights.simplex(3))
    table = aggregate(scores, shares, how)
    for best, worst, over_all in zip(table["rank_best"], table["rank_worst"], found, strict=True):
        assert over_all.attained is not None
        assert {best, worst} <= set(over_all.attained)


# --- the written example


def test_the_worked_example_of_the_documentation_is_computed() -> None:
    text = (ROOT / "docs" / "composite.md").read_text(encoding="utf-8")
    framework = Framework(
        "example",
        (
            component("good air days", "0.5"),
            component("good sections", "0.25"),
            component("PM2.5", "0.25", "5", "75", -1),
        ),
    )
    rows = [[90.1, 70.6, 40.0], [80.4, 95.2, 26.0], [76.2, 60.0, 54.0]]
    values = pd.DataFrame(rows, list("ABC"), [each.indicator_id for each in framework.components])
    scores = normalised(framework, values)
    made_of = {case.aggregation: case.table for case in cases(framework, values)[:2]}
    everywhere = weights.ranks(scores, weights.simplex(3))
    bounded = weights.ranks(scores, weights.around_equal(3))
    for n, city in enumerate("ABC"):
        numbers = [f"{x:.1f}" for x in values.loc[city]] + [f"{x:.3f}" for x in scores.loc[city]]
        for table in made_of.values():
            assert table is not None
            numbers += [f"{table.loc[city, 'score']:.3f}", f"{table.loc[city, 'rank_best']}"]
        for found in (everywhere[n], bounded[n]):
            assert found.shares is not None
            numbers.append(", ".join(f"{rank} ({share:.1%})" for rank, share in found.shares.items()))
        assert f"| {city} | {' | '.join(numbers)} |" in text
    assert f"`{weights.trust(everywhere, bounded)}`" in text
