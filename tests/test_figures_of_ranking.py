"""Ranks and the index for readers: the complete case on made cities, the refusal on the shipped data."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat
import papermill
import pytest

import made
from ecobrief import compare, datapackage, parameters
from ecobrief.compare import composite
from ecobrief.compare.robustness import Index, index
from ecobrief.datapackage import DataPackage, frameworks
from ecobrief.figures import ranking, robustness
from ecobrief.figures.display import ECOBRIEF_MIME, Display
from ecobrief.figures.trail import Trail
from ecobrief.parameters import ParameterError
from ecobrief.wording import LANGS, Lang, Message, say

NOTEBOOK = Path(__file__).resolve().parents[1] / "notebooks" / "ranking_and_robustness.ipynb"
CITIES = list(made.CITIES[:3])
# The worked example of docs/composite.md: three invented cities, its A, B and C.
VALUES = {
    "ratio": ("90.1", "80.4", "76.2"),
    "sections": ("70.6", "95.2", "60.0"),
    "pollution": ("40.0", "26.0", "54.0"),
}
WEIGHTS = {"ratio": "0.5", "sections": "0.25", "pollution": "0.25"}
INDICATORS = [
    {"indicator_id": "ratio", "name_zh": "好天比例", "name_en": "Good days", "valid_max": "100", "goalpost_low": "0",
     "goalpost_high": "100", "comparable_on": made.AIR},
    {"indicator_id": "sections", "name_zh": "好断面比例", "name_en": "Good sections", "family": "water", "valid_max": "100",
     "goalpost_low": "0", "goalpost_high": "100", "comparable_on": made.AIR},
    {"indicator_id": "pollution", "name_zh": "污染物浓度", "name_en": "Pollution", "unit": "ug/m3", "direction": "-1",
     "goalpost_low": "5", "goalpost_high": "75", "comparable_on": made.AIR},
    {"indicator_id": "pm25_annual_mean", "name_zh": "细颗粒物浓度", "name_en": "Fine particles", "unit": "ug/m3",
     "direction": "-1", "comparable_on": made.AIR},
]  # fmt: skip
FRAMEWORK = [
    {"framework_id": "air_and_water", "indicator_id": name, "weight": w} for name, w in WEIGHTS.items()
]
SAYS_NOTHING_OF_AN_INDEX = "No index is made, so nothing is said of "
OF_AN_INDEX = [
    robustness.scores,
    robustness.by_case,
    robustness.weightings,
    robustness.dominance,
    robustness.leave_one_out,
    robustness.trust,
]


def printed(values: Mapping[str, tuple[str, ...]] = VALUES, **same: str) -> list[dict[str, str]]:
    units = {row["indicator_id"]: row.get("unit", "%") for row in INDICATORS}
    return [
        {
            "city_id": city,
            "indicator_id": name,
            "value": value,
            "unit": units[name],
            "evidence": value,
            **same,
        }
        for name, of_cities in values.items()
        for city, value in zip(CITIES, of_cities, strict=False)
    ]


def package(observations: list[dict[str, str]] | None = None, **tables: list[dict[str, str]]) -> DataPackage:
    given: dict[str, Any] = {
        "observations": printed() if observations is None else observations,
        "indicators": INDICATORS,
        "frameworks": FRAMEWORK,
    }
    return made.package(**{**given, **tables})


def covered(given: DataPackage, places: list[str] = CITIES) -> composite.Coverage:
    return composite.coverage(given, frameworks.framework(given, "air_and_water"), places)


def made_index(given: DataPackage, places: list[str] = CITIES) -> Index:
    found = index(given, covered(given, places))
    assert isinstance(found, Index), found
    return found


def cells(shown: Display) -> dict[str, dict[str, str]]:
    """The cells of a table of cities, by city."""
    return {row["city"]: row for row in made.cells(shown)}


def text(shown: Display) -> str:
    assert shown.kind == "sentence"
    return "\n".join(row.cells["text"] for row in shown.rows)


# The complete case


def test_scores_index_and_ranks_are_those_of_the_worked_example() -> None:
    given = package()
    shown = cells(robustness.scores(given, made_index(given), "en"))
    assert [list(row.values())[1:] for row in shown.values()] == [
        ["0.901", "0.706", "0.500", "0.752", "2"],
        ["0.804", "0.952", "0.700", "0.815", "1"],
        ["0.762", "0.600", "0.300", "0.606", "3"],
    ]


def test_every_way_of_computing_is_shown_as_composite_computes_it_and_refusals_have_their_reason() -> None:
    given = package()
    shown = robustness.by_case(given, made_index(given), "en")
    found = covered(given)
    ways = composite.cases(found.framework, composite.matrix(found).point)
    for case in ways:
        way = f"{say(robustness.NORMALISED[case.normalisation], 'en')}, {say(robustness.MEANS[case.aggregation], 'en')}"
        if case.table is None:
            assert f"{way}: {case.refused}" in shown.caption
            continue
        for city, place in zip(cells(shown).values(), CITIES, strict=True):
            score, rank = case.table.loc[place, ["score", "rank_best"]]
            assert city[way] == f"{score:.3f}".replace("-", "−") + f" ({rank:.0f})"
    assert sum(case.table is None for case in ways) == 2
    assert cells(shown)["Alpha"]["min-max over the cities, arithmetic mean"].endswith("(1)")


def test_ranks_over_all_weightings_and_within_bounds_stand_with_their_shares() -> None:
    given = package()
    shown = cells(robustness.weightings(given, made_index(given), "en"))
    assert shown["Alpha"] == {
        "city": "Alpha", "own": "2", "anywhere": "1 (9.2%); 2 (90.8%)", "bounded": "2 (100.0%)", "digits": "2",
    }  # fmt: skip
    assert shown["Gamma"]["anywhere"] == "3 (100.0%)"


def test_dominance_says_over_whom_and_whether_the_digits_leave_it_open() -> None:
    given = package()
    both, _ = text(robustness.dominance(given, made_index(given), "en")).splitlines()
    assert both.startswith("Alpha is nowhere worse and somewhere better than Gamma")
    assert both.endswith("This holds for all values that the printed digits allow.")
    # 70 may stand for anything from 69.5 to 70.5, so that 69.9 may be the higher one.
    coarse = package(printed({**VALUES, "sections": ("70", "95.0", "69.9")}))
    alpha, beta = text(robustness.dominance(coarse, made_index(coarse), "en")).splitlines()
    assert alpha.endswith("The printed digits leave this open.")
    assert beta.startswith("Beta")


def test_where_no_city_dominates_that_is_said() -> None:
    given = package(printed({**VALUES, "sections": ("60.0", "70.0", "95.0")}))
    said = text(robustness.dominance(given, made_index(given), "en"))
    assert said == "No city is at least as good as another on every indicator."


def test_ranks_without_each_indicator_are_those_of_leave_one_out() -> None:
    given = package(
        printed({**VALUES, "sections": ("70.0", "71.0", "60.0"), "pollution": ("40.0", "39.0", "54.0")})
    )
    shown = cells(robustness.leave_one_out(given, made_index(given), "en"))
    assert [shown["Alpha"][name] for name in ("all", *WEIGHTS)] == ["1", "2", "1", "1"]
    found = covered(given)
    tables = composite.leave_one_out(found.framework, composite.matrix(found).point)
    for name, table in tables.items():
        ranks = [str(rank) for rank in table["rank_best"]]
        assert [row[name] for row in shown.values()] == ranks


def test_with_one_indicator_none_is_left_out() -> None:
    given = package(frameworks=[{**FRAMEWORK[0], "weight": "1"}])
    assert "rests on one indicator" in text(robustness.leave_one_out(given, made_index(given), "en"))


def test_how_far_a_rank_can_be_trusted_is_said_of_each_city() -> None:
    given = package()
    alpha, beta, gamma = text(robustness.trust(given, made_index(given), "en")).splitlines()
    assert alpha == (
        "Alpha has rank 2 within the bounds of the weights; all weightings allow 1–2. At the framework's weights the digits "
        "allow 2, other ways of computing give 1–2, and leaving an indicator out gives 2."
    )
    assert beta.startswith("Beta has rank 1 within the bounds of the weights; all weightings allow 1–2.")
    assert gamma == (
        "Gamma has rank 3 whatever the weights. Digits, other ways of computing and leaving an indicator out do not change it."
    )


def test_a_rank_that_changes_within_the_bounds_depends_on_the_weights() -> None:
    given = package(printed({**VALUES, "sections": ("70.0", "78.0", "60.0")}))
    alpha, _, _ = text(robustness.trust(given, made_index(given), "en")).splitlines()
    assert alpha.startswith(
        "The rank of Alpha depends on the weights: 1–2 within their bounds, 1–2 over all weightings."
    )


def test_a_rank_that_only_the_digits_change_is_not_called_unchanged() -> None:
    """80 may stand for 79.5 to 80.5, so that the first two may change places whatever the weights."""
    values = {
        name: ("80", "79.9", "10.1") if name != "pollution" else ("30", "30.1", "70.1") for name in VALUES
    }
    given = package(printed(values))
    alpha, *_ = text(robustness.trust(given, made_index(given), "en")).splitlines()
    assert alpha.startswith(
        "Alpha has rank 1 whatever the weights. At the framework's weights the digits allow 1–2"
    )


def test_the_answer_counts_ranked_indicators_and_cities_by_how_firm_their_ranks_are() -> None:
    given = package()
    found = covered(given)
    names = ranking.indicators(given, found.framework)
    readings = compare.readings(given, names, CITIES)
    said = robustness.answer(given, readings, names, made_index(given), "en")
    assert text(said) == (
        "Cities are ranked on 3 of the 4 indicators looked at. An index of 3 cities is made. Cities with one rank whatever the "
        "weights: 1; with one rank while the weights stay within bounds: 2; with several ranks even then: 0. Cities whose rank "
        "changes with the printed digits, another way of computing or an indicator left out: 2."
    )
    assert set(said.rows[0].observations) == set(readings["observation_id"])


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("shown", OF_AN_INDEX)
def test_every_computed_row_carries_its_formula_and_the_figures_that_entered(shown: Any, lang: Lang) -> None:
    given = package()
    entered = set(given.figures.index)
    display = shown(given, made_index(given), lang)
    assert display.rows
    for row in display.rows:
        assert row.formula
        assert set(row.inputs) <= entered
        assert len(row.inputs) >= 2 * len(VALUES)
    if display.kind == "table":
        assert {row.inputs for row in display.rows} == {tuple(row.inputs) for row in display.rows[:1]}
        assert set(display.rows[0].inputs) == entered


def test_beyond_eight_cities_the_two_ends_stand_without_shares() -> None:
    places = [f"city{number}" for number in range(9)]
    cities = [{"city_id": place, "name_zh": "某市", "name_en": place} for place in places]
    values = {
        "ratio": "51.2 57.9 60.1 66.6 70.3 71.8 79.4 83.7 90.2",
        "sections": "93.1 88.4 89.6 70.7 75.2 61.3 63.9 52.8 50.5",
        "pollution": "30.3 61.7 22.9 35.4 47.1 28.6 55.8 40.2 33.5",
    }
    rows = [
        {**row, "city_id": place, "value": value}
        for row in printed()[::3]
        for place, value in zip(places, values[row["indicator_id"]].split(), strict=True)
    ]
    given = package(rows, cities=cities)
    shown = cells(robustness.weightings(given, made_index(given, places), "en"))
    assert shown["city0"]["anywhere"] == "1–9"
    assert not any("%" in row["anywhere"] + row["bounded"] for row in shown.values())


# Ranks by indicator, framework and coverage


def test_each_indicator_names_its_ranks_and_leads_to_the_figures() -> None:
    given = package(printed({**VALUES, "ratio": ("90", "90.1", "76.2")}))
    names = ranking.indicators(given, covered(given).framework)
    assert names == ["ratio", "sections", "pollution", "pm25_annual_mean"]
    shown = ranking.by_indicator(given, compare.readings(given, names, CITIES), names, "en")
    ratio, *_, none = made.cells(shown)
    assert ratio["ranks"] == "2022: Alpha 1–2, Beta 1–2, and Gamma 3"
    assert (ratio["cities"], ratio["pairs"]) == ("3", "3 of 3")
    assert shown.rows[0].observations == ("page.001", "page.002", "page.003")
    assert (none["cities"], none["pairs"]) == ("0", "—")
    assert none["ranks"].startswith("None is ranked")


def test_why_pairs_do_not_compare_stands_beside_them() -> None:
    rows = printed({"ratio": VALUES["ratio"]})
    given = package([{**rows[0], "network": "not_stated"}, *rows[1:]])
    shown = ranking.by_indicator(given, compare.readings(given, ["ratio"], CITIES), ["ratio"], "en")
    (ratio,) = made.cells(shown)
    assert ratio["reasons"] == "the monitoring network is not stated"
    assert ratio["ranks"].startswith("None is ranked")


def test_the_framework_is_shown_as_written_the_heaviest_first() -> None:
    given = package()
    ratio, _, pollution = made.cells(ranking.framework(given, covered(given).framework, "en"))
    assert (ratio["weight"], ratio["goalposts"], ratio["why"]) == ("0.5", "0–100%", "reason")
    assert (pollution["direction"], pollution["goalposts"]) == ("less is better", "75–5 µg/m³")
    assert ratio["agree"] == "period, definition, monitoring network, and adjustment"


def test_what_enters_is_shown_with_its_year_and_a_conflict_beside_it() -> None:
    given = package([*printed(), {**printed()[0], "value": "91.5", "source_id": "page"}])
    shown = ranking.coverage(given, covered(given), "en")
    first = made.cells(shown)[0]
    assert (first["result"], first["value"], first["why"]) == (
        "enters",
        "90.1% (2022)",
        "also printed: 91.5%",
    )
    assert shown.rows[0].observations == ("page.001", "page.010")
    assert "page.010" in made_index(given).inputs(["alpha"])


def test_what_is_needed_is_grouped_by_reason() -> None:
    rows = [
        {**row, "adjustment": "none_stated"} if row["city_id"] == "beta" else row for row in printed()[:-1]
    ]
    given = package(rows)
    first, *reasons = text(ranking.needed(given, covered(given), "en")).splitlines()
    assert first == "Of the 9 figures the index needs, 1 are missing and 8 are there but do not compare."
    assert reasons[0] == "Missing – not searched: Gamma (Pollution)."
    assert any(
        line.startswith("Not comparable – the adjustment is not stated: Alpha (Good days") for line in reasons
    )
    assert (
        text(ranking.needed(package(), covered(package()), "en"))
        == "Every figure that the index needs is there."
    )


# No index


def test_a_gap_refuses_the_index_and_every_display_of_it_says_so() -> None:
    given = package(printed()[:-1])
    found = index(given, covered(given))
    assert isinstance(found, Message)
    assert (
        str(found) == "No index is made. Figures that it needs: 9; missing: 1; not comparable: 2; usable: 6."
    )
    for shown in OF_AN_INDEX:
        assert text(shown(given, found, "en")).startswith(SAYS_NOTHING_OF_AN_INDEX)


def test_figures_below_the_tier_asked_for_do_not_enter() -> None:
    given = package()
    framework = frameworks.framework(given, "air_and_water")
    assert composite.coverage(given, framework, CITIES, min_tier="official_bulletin").gaps == []
    found = composite.coverage(given, framework, CITIES, min_tier="official_document")
    assert {cell.code for cell in found.cells} == {"left_out"}


def test_a_value_outside_the_goalposts_refuses_the_index_by_name() -> None:
    given = package(printed({**VALUES, "pollution": ("80.0", "26.0", "54.0")}))
    assert (
        str(index(given, covered(given)))
        == "No index is made: Alpha lies outside the goalposts of Pollution."
    )


def test_on_the_shipped_data_no_index_is_made_and_rongchangs_metrics_are_said_to_be_not_stated() -> None:
    given = datapackage.load()
    found = covered(given, given.city_ids)
    assert isinstance(index(given, found), Message)
    shown = [row for row in made.cells(ranking.coverage(given, found, "en")) if row["city"] == "Rongchang"]
    assert [row["result"] for row in shown] == ["not stated"] * 3
    assert all(row["why"].startswith("not stated in the one document held (Reply letter") for row in shown)
    assert {row["value"] for row in shown} == {"—"}


def test_an_unknown_framework_is_answered_with_the_valid_ones() -> None:
    with pytest.raises(
        ParameterError, match=r"framework = 'x': no framework is called 'x'; valid ones are air_and_water"
    ):
        parameters.check("ranking_and_robustness", {"framework": "x"}, package())


# Both languages


def everything(given: DataPackage, lang: Lang) -> list[Display]:
    found, trail = covered(given), Trail(given, lang)
    made_or_not = index(given, found)
    names = ranking.indicators(given, found.framework)
    readings = compare.readings(given, names, CITIES)
    displays = [
        robustness.answer(given, readings, names, made_or_not, lang),
        ranking.by_indicator(given, readings, names, lang),
        ranking.framework(given, found.framework, lang),
        ranking.coverage(given, found, lang),
        ranking.needed(given, found, lang),
        *(shown(given, made_or_not, lang) for shown in OF_AN_INDEX),
    ]
    return [*map(trail.show, displays), trail.definitions(), trail.sources()]


@pytest.mark.parametrize("rows", [printed(), printed()[:-1]], ids=["complete", "gap"])
def test_no_english_word_of_ours_is_left_in_chinese_and_numbers_are_the_same(
    rows: list[dict[str, str]],
) -> None:
    given = package(rows)
    for zh, en in zip(everything(given, "zh"), everything(given, "en"), strict=True):
        for column in zh.columns:
            assert not re.search("[A-Za-z]{3}", column.label), column
        assert not re.search("[A-Za-z]{4}", zh.caption), zh.caption
        for row, other in zip(zh.rows, en.rows, strict=True):
            words = [cell for name, cell in row.cells.items() if name not in ("url", "standard")]
            assert not any(re.search("[A-Za-z]{4}", word) for word in words), words
            assert not re.search("[A-Za-z]{4}", row.formula), row.formula
            numbers = [sorted(re.findall(r"\d+\.\d+", " ".join(one.cells.values()))) for one in (row, other)]
            assert numbers[0] == numbers[1]


@pytest.mark.parametrize("lang", LANGS)
def test_hostile_names_are_shown_as_text(lang: Lang) -> None:
    hostile = "<script>alert(1)</script>"
    named = [{**row, "name_zh": hostile, "name_en": hostile} for row in INDICATORS]
    reasons = [{**row, "reason_zh": hostile, "reason_en": hostile} for row in FRAMEWORK]
    for rows in (printed(), printed()[:-1]):
        pages = "".join(
            shown.html() for shown in everything(package(rows, indicators=named, frameworks=reasons), lang)
        )
        assert "<script" not in pages
        assert "&lt;script&gt;" in pages


# The notebook


def shown_by(notebook: Any) -> list[dict[str, Any]]:
    outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    return [output["data"][ECOBRIEF_MIME] for output in outputs if ECOBRIEF_MIME in output.get("data", {})]


@pytest.mark.parametrize("lang", LANGS)
def test_the_notebook_shows_a_complete_index(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lang: Lang
) -> None:
    tables = {"observations": printed(), "indicators": INDICATORS, "frameworks": FRAMEWORK}
    written = made.write(tmp_path / "data", **tables)
    assert datapackage.examine(written)[1] == []
    monkeypatch.setenv("ECOBRIEF_DATA", str(written))
    given = {"lang": lang, "cities": "alpha,beta,gamma"}
    done = papermill.execute_notebook(
        str(NOTEBOOK), str(tmp_path / "out.ipynb"), given, progress_bar=False, cwd=str(tmp_path)
    )
    displays = shown_by(done)
    assert {display["lang"] for display in displays} == {lang}
    tables_shown = [display for display in displays if display["kind"] == "table"]
    (weightings,) = (d for d in tables_shown if "anywhere" in {column["id"] for column in d["columns"]})
    found = covered(package())
    assert [row["cells"]["own"] for row in weightings["rows"]] == [
        str(rank)
        for rank in composite.cases(found.framework, composite.matrix(found).point)[0].table["rank_best"]
    ]
    words = "".join(
        cell
        for d in displays
        if d["kind"] == "sentence"
        for row in d["rows"]
        for cell in row["cells"].values()
    )
    assert say(Message(SAYS_NOTHING_OF_AN_INDEX + "{what}.", (("what", ""),)), lang)[:4] not in words
    assert len(displays[-1]["rows"]) == len(printed())


def test_the_committed_notebook_makes_no_index_of_the_shipped_data() -> None:
    displays = shown_by(nbformat.read(NOTEBOOK, as_version=4))
    heads = {column["id"] for display in displays for column in display["columns"]}
    assert not heads & {"index", "anywhere", "all"}
    answer = displays[0]
    assert answer["kind"] == "sentence"
    given = datapackage.load()
    names = ranking.indicators(given, frameworks.framework(given, "air_and_water"))
    readings = compare.readings(given, names)
    refused = index(given, covered(given, given.city_ids))
    expected = robustness.answer(given, readings, names, refused, "zh")
    assert answer["rows"][0]["cells"] == dict(expected.rows[0].cells)
