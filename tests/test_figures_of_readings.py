"""What readings become for their readers: words, tables, charts, headlines, sentences, and the trail to the print."""

from __future__ import annotations

import re
from itertools import product
from typing import Any

import pytest

import made
from ecobrief import compare, datapackage
from ecobrief.datapackage import DataPackage
from ecobrief.figures import charts, headlines, phrases, sentences, tables, targets
from ecobrief.figures.display import ECOBRIEF_MIME, Display
from ecobrief.figures.trail import Trail
from ecobrief.wording import LANGS, Lang

HEADLINES = [
    {"indicator_id": name, "valid_max": "366" if name == "good_air_days" else "100", "name_zh": f"指标 {name}", "name_en": name,
     "unit": "day" if name == "good_air_days" else "percent", "comparable_on": "definition_version;network;adjustment"}
    for name in headlines.HEADLINE_INDICATORS
]  # fmt: skip
PAGE = {"source_id": "page", "label_zh": "公报", "label_en": "Bulletin", "published": "2023-06-05"}


def package(*observations: dict[str, str], **tables: list[dict[str, str]]) -> DataPackage:
    return made.package(observations=list(observations), **{"sources": [PAGE], **tables})


def rows(shown: Display) -> list[dict[str, str]]:
    return [dict(row.cells) for row in shown.rows]


def payload(shown: Display) -> dict[str, Any]:
    """What our pages read of a display."""
    return dict(shown._repr_mimebundle_()[ECOBRIEF_MIME])


def text(shown: Display) -> str:
    """What a display of sentences says."""
    assert shown.kind == "sentence"
    return " ".join(row.cells["text"] for row in shown.rows)


def value(lang: Lang = "en", **observation: str) -> str:
    """The words for the value of one observation."""
    (row,) = compare.readings(package(observation)).itertuples()
    return phrases.value(row, lang)


# Words


@pytest.mark.parametrize(
    ("printed", "en", "zh"),
    [
        ({"value": "76.30"}, "76.30%", "76.30%"),
        ({"value": "351", "unit": "天", "indicator_id": "days"}, "351 days", "351天"),
        ({"value": "1011", "unit": "万 亩", "indicator_id": "area"}, "1011 ×10⁴ mu", "1011万亩"),
        ({"value": "90", "qualifier": "about"}, "about 90%", "约90%"),
        ({"value": "80.0-90.0", "qualifier": "range"}, "80.0–90.0%", "80.0–90.0%"),
        ({"value": "", "unit": "", "value_text": "历史最好水平"}, "“历史最好水平”", "“历史最好水平”"),
    ],
)
def test_a_value_keeps_its_digits_and_gets_the_unit_of_the_language(
    printed: dict[str, str], en: str, zh: str
) -> None:
    assert (value("en", **printed), value("zh", **printed)) == (en, zh)


@pytest.mark.parametrize("qualifier", ["about", "at_least", "at_most", "more_than", "less_than", "and_more"])
def test_every_qualifier_is_said_in_both_languages(qualifier: str) -> None:
    en, zh = value("en", value="90", qualifier=qualifier), value("zh", value="90", qualifier=qualifier)
    assert en != "90%" != zh != en
    assert "90" in en
    assert "90" in zh


def test_an_interval_shows_both_ends_and_an_exact_count_none() -> None:
    assert phrases.interval(76.295, 76.305, "en") == "76.295–76.305"
    assert phrases.interval(351, 351, "en") == ""
    assert phrases.interval(float("nan"), float("nan"), "en") == ""
    assert phrases.interval(90, float("inf"), "en") == "≥ 90"


def test_a_value_is_shown_converted_only_where_that_says_something_new_and_no_finer_than_printed() -> None:
    def converted(**observation: str) -> str:
        (row,) = compare.readings(package(observation)).itertuples()
        return phrases.converted(row, "en")

    assert converted(value="96.2") == ""
    assert converted(indicator_id="area", value="4500", unit="平方公里") == ""
    assert converted(indicator_id="area", value="9", unit="万平方公里") == "90,000 km²"
    assert converted(indicator_id="area", value="1011", unit="万亩") == "6,740 km²"


@pytest.mark.parametrize(("lang", "words"), [("en", "year not stated"), ("zh", "年份")])
def test_a_missing_year_is_said_and_never_left_blank(lang: Lang, words: str) -> None:
    assert words in phrases.when("", lang)


def test_the_scope_names_county_print_network_and_adjustment() -> None:
    observation = {"place": "某县", "scope_printed": "中心城区", "adjustment": "dust_excluded"}
    given = package(observation)
    (row,) = compare.readings(given).itertuples()
    assert (
        phrases.scope(given, row, "en")
        == "某县 only; 中心城区; state urban monitoring sites; dust days excluded"
    )


def test_a_third_party_copy_is_called_one() -> None:
    given = package({}, sources=[{**PAGE, "seen_on": "third_party_copy"}])
    (row,) = compare.readings(given).itertuples()
    assert (
        phrases.source(given, row, "en")
        == "Bulletin (2023), official bulletin or report and third-party copy"
    )


# Tables


def test_a_reading_stands_with_value_period_scope_and_source_and_leads_to_its_print() -> None:
    given = package({"value": "76.30"})
    shown = tables.readings(given, compare.readings(given), "en")
    (row,) = rows(shown)
    assert (row["value"], row["period"], row["source"]) == (
        "76.30%",
        "2022",
        "Bulletin (2023), official bulletin or report",
    )
    assert shown.rows[0].observations == ("page.001",)


def test_a_conflict_is_shown_beside_both_values_and_leads_to_both_prints() -> None:
    given = package({"value": "96.2"}, {"value": "95.1"})
    shown = tables.readings(given, compare.readings(given), "en")
    assert [row["conflict"] for row in rows(shown)] == ["also printed: 95.1%", "also printed: 96.2%"]
    assert shown.rows[0].observations == ("page.001", "page.002")


def test_a_repetition_is_counted_in_the_note() -> None:
    given = package({}, {"repeats": "page.001"}, {"city_id": "beta"})
    notes = [row["note"] for row in rows(tables.readings(given, compare.readings(given), "en"))]
    assert notes == ["printed 1 more time in the same document", ""]


def test_a_figure_asked_for_that_no_one_states_has_a_row_with_the_reason() -> None:
    given = package({})
    asked = [("alpha", "ratio"), ("beta", "ratio")]
    stated, absent = tables.readings(given, compare.readings(given), "en", asked=asked).rows
    assert stated.cells["city"] == "Alpha"
    assert (absent.cells["city"], absent.cells["value"], absent.observations) == ("Beta", "not searched", ())


def test_columns_that_say_nothing_are_left_out() -> None:
    given = package({}, {"city_id": "beta"})
    shown = tables.readings(given, compare.readings(given), "en")
    names = {column.id for column in shown.columns}
    assert names >= {"city", "indicator", "value", "period"}
    assert not names & {"conflict", "converted", "note"}


def test_pairs_stand_with_verdict_and_reasons() -> None:
    given = package({}, {"city_id": "beta", "network": "not_stated"})
    shown = tables.comparability(given, compare.readings(given), "en")
    (row,), (traced,) = rows(shown), shown.rows
    assert row["cities"] == "Alpha – Beta"
    assert row["verdict"] == "comparable with caveats"
    assert row["reasons"] == "the monitoring network is not stated"
    assert traced.observations == ("page.001", "page.002")
    assert traced.key == "pair.ratio.alpha.beta"


def target(**changes: str) -> dict[str, str]:
    return {"observation_id": "page.target", "status": "target", "period": "2025", "value": "97.0", **changes}


def test_a_target_stands_with_its_kind_its_baseline_and_a_later_reading() -> None:
    about = {
        "observation_id": "page.target",
        "target_type": "binding",
        "target_form": "reach",
        "baseline_observation_id": "page.001",
    }
    given = package({}, target(), {"period": "2023", "value": "96.9"}, targets=[about])
    (row,) = rows(targets.targets(given, ["alpha"], ["air"], "en"))
    assert (row["value"], row["type"], row["baseline"], row["later"]) == (
        "97.0%",
        "binding; to be reached",
        "96.2% (2022)",
        "96.9% (2023)",
    )


def test_a_table_of_targets_of_which_none_has_a_later_reading_says_nothing_of_progress() -> None:
    about = {
        "observation_id": "page.target",
        "target_type": "expected",
        "target_form": "reach",
        "baseline_observation_id": "page.001",
    }
    (row,) = rows(targets.targets(package({}, target(), targets=[about]), ["alpha"], ["air"], "en"))
    assert (row["value"], row["baseline"]) == ("97.0%", "96.2% (2022)")
    assert not {"later", "pace", "course"} & set(row)


def test_ranks_and_changes_are_shown_as_printed() -> None:
    given = package(
        {"measure": "rank", "value": "3", "unit": "位"},
        {"measure": "change", "value": "2.1", "unit": "个百分点"},
        ranks=[{"observation_id": "page.001", "rank_among": "province", "rank_n": "14"}],
        changes=[{"observation_id": "page.002", "compared_with": "2020"}],
    )
    shown = [row["value"] for row in rows(tables.changes_and_ranks(given, ["alpha"], ["air"], "en"))]
    assert shown == ["place 3 of 14 in Province", "up 2.1 percentage points on 2020"]


def test_the_documents_read_are_those_searched_for_the_city() -> None:
    given = package(
        made.printed("96.2%"),
        sources=[PAGE, made.held_source(label_zh="规划", label_en="Plan", tier="state_media")],
        coverage=[{"source_id": "document"}, {"city_id": "beta", "source_id": "page"}],
    )
    (row,) = rows(tables.documents(given, ["alpha"], "en"))
    assert (row["document"], row["figures"], row["publisher"], row["published"]) == (
        "Plan",
        "1",
        "not named in the copy held",
        "not stated",
    )
    assert rows(tables.documents(given, ["beta"], "en")) == []


def test_holdings_count_readings_and_tell_not_stated_from_not_searched() -> None:
    given = package({}, {"period": "2021"}, coverage=[{"city_id": "beta"}])
    (first,) = rows(
        tables.holdings(given, compare.readings(given), ["ratio"], ["alpha", "beta", "gamma"], "en")
    )
    assert first == {"indicator": "Indicator", "alpha": "2", "beta": "not stated", "gamma": "not searched"}


def test_the_glossary_names_every_term_in_both_languages() -> None:
    (row,) = rows(tables.glossary(package(), ["ratio"], "zh"))
    assert row == {"term": "指标", "other": "Indicator", "meaning": "定义"}


# Charts


def test_a_series_draws_dated_readings_of_whole_places_with_their_outer_intervals() -> None:
    given = package(
        {"value": "96.2"},
        {"value": "95.1"},
        {"period": "", "period_basis": ""},
        {"place": "某县", "period": "2021"},
        {"period": "2020", "value": "", "unit": "", "value_text": "好"},
    )
    shown = charts.series(given, compare.readings(given), ["alpha"], "en")
    assert shown.drawing is not None
    drawn = [(mark.value, mark.low, mark.high, mark.observations) for mark in shown.drawing.drawn]
    assert drawn == [(96.2, 95.05, 96.25, ("page.001",)), (95.1, 95.05, 96.25, ("page.002",))]


def test_a_second_print_of_the_same_value_is_not_drawn_again() -> None:
    given = package({"value": "96.2"}, {"value": "96.2"})
    shown = charts.series(given, compare.readings(given), ["alpha"], "en")
    assert shown.drawing is not None
    assert len(shown.drawing.drawn) == 1


def test_benchmarks_are_marked_as_such() -> None:
    given = package({}, benchmarks=[{"place_id": "china", "value": "86.5"}])
    shown = charts.series(given, compare.readings(given, ["ratio"], ["alpha", "china"]), ["alpha"], "en")
    assert shown.drawing is not None
    assert [(mark.label, mark.role) for mark in shown.drawing.drawn] == [
        ("Alpha", "city"),
        ("China", "benchmark"),
    ]


def test_a_city_without_a_dated_figure_is_named_beside_the_series() -> None:
    undated = {"city_id": "beta", "value": "99.9", "period": "", "period_basis": ""}
    given = package({}, undated)
    shown = charts.series(given, compare.readings(given), ["alpha", "beta", "gamma"], "en")
    assert "Beta: 99.9% (year not stated)" in shown.caption
    assert "Gamma: not searched" in shown.caption


@pytest.mark.parametrize("lang", LANGS)
def test_without_a_dated_figure_a_sentence_stands_in_the_place_of_the_chart(lang: Lang) -> None:
    given = package({"period": "", "period_basis": ""})
    readings = compare.readings(given)
    assert charts.series(given, readings, ["alpha"], lang).kind == "sentence"
    assert charts.ranges(given, readings, ["alpha"], lang).kind == "sentence"


def test_cities_stand_on_one_axis_in_order_with_every_caveat_in_words() -> None:
    given = package({"value": "90.1", "network": "not_stated"}, {"city_id": "beta", "value": "95.1"})
    shown = charts.ranges(given, compare.readings(given), ["alpha", "beta"], "en")
    assert shown.drawing is not None
    assert [mark.label for mark in shown.drawing.rows] == ["Beta", "Alpha"]
    assert {mark.caveat for mark in shown.drawing.drawn} == {"the monitoring network is not stated"}


def test_cities_that_may_not_stand_on_the_axis_have_a_row_without_a_dot() -> None:
    undated = {"city_id": "gamma", "value": "99.9", "period": "", "period_basis": ""}
    given = package({"value": "90.1"}, {"city_id": "beta", "value": "95.1"}, undated)
    shown = charts.ranges(given, compare.readings(given), made.CITIES, "en")
    assert shown.drawing is not None
    assert [mark.label for mark in shown.drawing.drawn] == ["Beta", "Alpha"]
    gamma, delta = (mark for mark in shown.drawing.rows if mark.value is None)
    assert (gamma.label, gamma.observations) == ("Gamma", ("page.003",))
    assert "99.9%" in gamma.printed
    assert "year not stated" in gamma.printed
    assert (delta.label, delta.printed) == ("Delta", "not searched")


# Headlines


def test_a_headline_metric_is_stated_or_its_absence_is_given_a_reason() -> None:
    given = package({"indicator_id": "forest_cover", "value": "76.30"}, indicators=HEADLINES)
    shown = headlines.city(given, "alpha", "en")
    metrics = {row["metric"]: row for row in rows(shown)}
    assert set(metrics) == set(headlines.HEADLINE_INDICATORS)
    assert (metrics["forest_cover"]["value"], metrics["forest_cover"]["interval"]) == (
        "76.30%",
        "76.295–76.305",
    )
    assert metrics["forest_cover"]["standing"] == "no comparable city"
    assert (metrics["good_air_days"]["value"], metrics["good_air_days"]["reason"]) == (
        "not searched",
        "not searched",
    )


def test_a_headline_has_three_themes_each_headed_by_what_is_stated() -> None:
    given = package({"indicator_id": "good_air_day_ratio"}, indicators=HEADLINES)
    shown = headlines.city(given, "alpha", "en")
    told = [(row.cells["theme"], row.cells["metric"], row.absent) for row in shown.rows]
    assert told == [
        ("Air", "good_air_day_ratio", False),
        ("Air", "good_air_days", True),
        ("Forest", "forest_cover", True),
        ("Surface water", "water_sections_good_ratio", True),
        ("Surface water", "water_sections_compliance_ratio", True),
    ]
    assert all(bool(row.observations) != bool(row.cells.get("reason")) for row in shown.rows)


def test_the_key_of_a_headline_metric_is_the_same_whether_it_is_stated_or_not() -> None:
    keys = [f"headline.alpha.{name}" for name in headlines.HEADLINE_INDICATORS]
    stated = package({"indicator_id": "good_air_day_ratio"}, indicators=HEADLINES)
    for given in (stated, package(indicators=HEADLINES)):
        assert sorted(row.key for row in headlines.city(given, "alpha", "en").rows) == sorted(keys)
    other = headlines.side_by_side(stated, ["alpha"], "zh")
    assert sorted(row.key for row in other.rows) == sorted(keys)


def test_a_headline_names_what_a_citation_of_its_page_needs() -> None:
    given = package(indicators=HEADLINES)
    about = {"data_version": given.version, "cut_off": given.cut_off, "licence": given.licence}
    for shown in (headlines.city(given, "alpha", "en"), headlines.comparison(given, ["alpha"], "en")):
        assert payload(shown)["about"] == about


def standing(*observations: dict[str, str]) -> str:
    """What the headline of Alpha says of its standing."""
    given = package(
        *({"indicator_id": "good_air_day_ratio", **row} for row in observations), indicators=HEADLINES
    )
    (row,) = (
        row for row in rows(headlines.city(given, "alpha", "en")) if row["metric"] == "good_air_day_ratio"
    )
    return row["standing"]


def test_a_standing_is_a_rank_a_range_of_ranks_or_the_cities_with_caveats() -> None:
    beta, gamma = {"city_id": "beta", "value": "90.1"}, {"city_id": "gamma", "value": "85.1"}
    assert standing({"value": "96.2"}, beta, gamma) == "1 of 3 comparable cities"
    assert standing({"value": "90.1"}, beta, gamma) == "1–2 of 3 comparable cities"
    assert standing({"network": "not_stated"}, beta) == "compares with caveats with Beta"
    assert standing({"period": "2021"}, beta) == "no comparable city"


def test_the_standing_of_an_endowment_says_that_it_is_not_ranked() -> None:
    indicators = [{**indicator, "direction": "0"} for indicator in HEADLINES]
    observed = [
        {"indicator_id": "forest_cover", "city_id": city, "network": "not_stated"}
        for city in ("alpha", "beta")
    ]
    given = package(*observed, indicators=indicators)
    (row,) = (row for row in rows(headlines.city(given, "alpha", "en")) if row["metric"] == "forest_cover")
    assert row["standing"] == "not ranked, as an endowment; compares with caveats with Beta"


@pytest.mark.parametrize(("cities", "ranked", "compared"), [(1, 0, 0), (2, 0, 1), (3, 1, 1)])
def test_a_comparison_says_first_how_many_metrics_rank_or_compare(
    cities: int, ranked: int, compared: int
) -> None:
    named = ["alpha", "beta", "gamma"][:cities]
    given = package(
        *(
            {"indicator_id": "good_air_day_ratio", "city_id": city, "value": f"9{number}.1"}
            for number, city in enumerate(named)
        ),
        indicators=HEADLINES,
    )
    assert text(headlines.result(given, given.city_ids, "en")) == (
        f"Of 5 headline metrics, {ranked} can be ranked; in {compared} at least two cities compare, if only with caveats."
    )


def test_what_is_missing_is_named_with_what_is_known_of_the_gap() -> None:
    given = package({"indicator_id": "good_air_day_ratio"}, indicators=HEADLINES)
    missing = text(sentences.not_stated(given, "alpha", ["good_air_day_ratio", "forest_cover"], "en"))
    assert missing.startswith("No figure: forest_cover: ")
    assert "good_air_day_ratio" not in missing
    assert not sentences.not_stated(given, "alpha", ["good_air_day_ratio"], "en").rows


def test_the_figures_that_a_brief_leaves_out_are_counted_and_their_list_is_named() -> None:
    shipped = datapackage.load()
    shown = shipped.indicators_of("air")
    left = text(sentences.further(shipped, ["benxi"], shown, "en"))
    assert left.startswith(
        f"The documents held print {len(shipped.observed_besides(['benxi'], shown))} further figures ("
    )
    assert "the notebook ingest" in left
    every = shipped.indicators_of(*shipped.families)
    assert (
        text(sentences.further(shipped, ["benxi"], every, "en"))
        == "The documents held print no other figures."
    )


def test_the_headline_names_data_version_and_cut_off_and_no_clock() -> None:
    shown = headlines.city(package(indicators=HEADLINES), "alpha", "en")
    sound = made.package()
    assert sound.version in shown.caption
    assert str(int(sound.cut_off[:4])) in shown.caption


def test_rongchang_is_not_blamed_for_what_its_letter_does_not_state() -> None:
    letter = datapackage.load()
    shown = rows(headlines.city(letter, "rongchang", "en", min_tier="official_document"))
    assert [row["value"] for row in shown] == ["not stated"] * len(headlines.HEADLINE_INDICATORS)


# Sentences


def how_many(*observations: dict[str, str], indicator: str = "ratio", lang: Lang = "en") -> str:
    given = package(*observations)
    return text(sentences.how_many_compare(given, compare.readings(given, [indicator]), lang))


def test_a_section_says_first_how_many_pairs_compare() -> None:
    three = [
        {"city_id": city, "value": value}
        for city, value in zip(made.CITIES, ("90.1", "95.1", "92.1"), strict=False)
    ]
    told = how_many(*three)
    assert told.startswith(
        "3 cities have a figure. Of the 3 pairs they make, 3 are comparable, 0 with caveats and 0 not at all."
    )
    assert "3 are ranked" in told
    assert "The pair they make is comparable." in how_many(*three[:2])
    assert "it cannot be said which is ahead: a standing needs 3 cities" in how_many(*three[:2])
    assert how_many(three[0]).startswith("1 city has a figure.")
    assert how_many().startswith("0 cities have a figure.")


def test_levels_of_an_endowment_are_said_not_to_be_ranked() -> None:
    assert "are not ranked" in how_many({"indicator_id": "cover"}, indicator="cover")


def against(own: dict[str, str], benchmark: dict[str, str], lang: Lang = "en") -> Display:
    given = package(own, benchmarks=[{"place_id": "china", **benchmark}])
    of = [compare.readings(given, ["ratio"], places) for places in (["alpha"], ["china"])]
    return sentences.against_benchmarks(given, of[0], of[1], lang)


def test_the_distance_to_a_benchmark_is_in_percentage_points_and_carries_its_formula() -> None:
    shown = against({"value": "96.2"}, {"value": "86.5"})
    assert text(shown) == (
        "Indicator, Alpha, 2022: 96.2%, 9.7 percentage points above China (86.5%); the digits allow 9.6–9.8."
    )
    (row,) = shown.rows
    assert (row.formula, row.inputs) == ("96.2% − 86.5%", ("page.001", "bench.001"))


def test_the_holdings_do_not_call_a_target_a_reading() -> None:
    target = {"status": "target", "period": "2025"}
    given = package(
        target, targets=[{"observation_id": "page.001", "target_type": "binding", "target_form": "reach"}]
    )
    shown = tables.holdings(given, compare.readings(given), ["ratio", "days"], ["alpha"], "en")
    told = [row["alpha"] for row in rows(shown)]
    assert told.count("a target only") == 1
    assert set(told) == {"a target only", "not searched"}


def test_a_city_is_never_set_against_the_province_of_another() -> None:
    provinces = [{"city_id": city, "province_id": f"province_of_{city}"} for city in made.CITIES]
    cities = [{**row, **place} for row, place in zip(made.TABLES["cities"], provinces, strict=True)]
    benchmarks = [
        {"place_id": "province_of_alpha", "value": "90.0"},
        {"place_id": "province_of_beta", "value": "80.0"},
    ]
    given = package({"value": "96.2"}, benchmarks=benchmarks, cities=cities)
    own = compare.readings(given, ["ratio"], ["alpha"])
    beside = compare.readings(given, ["ratio"], ["province_of_alpha", "province_of_beta"])
    shown = sentences.against_benchmarks(given, own, beside, "en")
    assert [row.formula for row in shown.rows if row.formula] == ["96.2% − 90.0%"]


def test_a_rank_without_a_printed_place_is_shown_in_the_words_that_name_it() -> None:
    ranks = [{"observation_id": "page.001", "rank_among": "province", "rank_n": "12"}]
    named = {"measure": "rank", "value": "", "unit": "", "value_text": "甲市、乙市", "evidence": "甲市、乙市"}
    given = package(named, ranks=ranks)
    (row,) = rows(tables.changes_and_ranks(given, ["alpha"], ["air"], "en"))
    assert row["value"] == "“甲市、乙市”"


def test_below_equal_and_with_a_caveat_are_said_so() -> None:
    assert "2 percentage points below China" in text(against({"value": "84.5"}, {"value": "86.5"}))
    assert "which the digits do not tell apart from China" in text(
        against({"value": "86.5"}, {"value": "86.50"})
    )
    assert "Caveats: the monitoring network is not stated." in text(
        against({}, {"value": "86.5", "network": "not_stated"})
    )


@pytest.mark.parametrize(
    "benchmark", [{"period": "2021"}, {"adjustment": "dust_excluded"}, {"definition_version": "version_2"}]
)
def test_a_benchmark_that_does_not_compare_is_not_set_against_a_city(benchmark: dict[str, str]) -> None:
    shown = against({}, {"value": "86.5", **benchmark})
    assert text(shown) == "No benchmark of the same year may be set against these figures."
    assert shown.rows[0].inputs == ()


# The trail


def test_the_definitions_shown_are_those_that_the_figures_follow() -> None:
    given = package({}, {"city_id": "beta", "definition_version": "version_2"})
    trail = Trail(given, "en")
    assert rows(trail.definitions()) == []
    trail.show(tables.readings(given, compare.readings(given, places=["beta"]), "en"))
    assert len(rows(trail.definitions())) == 1


def test_the_last_cell_holds_an_entry_for_every_observation_shown_and_no_other() -> None:
    given = package(
        {}, {"city_id": "beta"}, {"city_id": "gamma"}, benchmarks=[{"place_id": "china", "value": "86.5"}]
    )
    trail = Trail(given, "en")
    readings = compare.readings(given, places=["alpha", "beta"])
    trail.show(tables.readings(given, readings, "en"))
    trail.show(
        sentences.against_benchmarks(given, readings[:1], compare.readings(given, places=["china"]), "en")
    )
    assert sorted(row.observations[0] for row in trail.sources().rows) == [
        "bench.001",
        "page.001",
        "page.002",
    ]


def test_an_entry_shows_the_print_its_place_and_how_its_year_is_known() -> None:
    given = package(
        made.printed("76.30%", indicator_id="cover", value="76.30", period_basis="heading"),
        sources=[
            PAGE,
            made.held_source(title="规划全文", publisher="某市人民政府", document_number="某发〔2022〕1号"),
        ],
    )
    trail = Trail(given, "en")
    trail.show(tables.readings(given, compare.readings(given), "en"))
    (entry,) = rows(trail.sources())
    assert entry["printed"] == "76.30 %"
    assert entry["evidence"] == "76.30%"
    assert entry["place"] == str(made.TEXT.index("76.30%"))
    assert entry["period"] == "2022 (in a heading)"
    assert entry["imprint"] == "《规划全文》 · 某市人民政府 · 某发〔2022〕1号"


def test_an_entry_of_a_page_that_is_not_held_says_so_and_gives_its_address() -> None:
    given = package(
        {"value": "", "unit": "", "value_text": "好"}, sources=[{**PAGE, "url": "https://example.org/a"}]
    )
    trail = Trail(given, "en")
    trail.show(tables.readings(given, compare.readings(given), "en"))
    (entry,) = rows(trail.sources())
    assert (entry["printed"], entry["place"], entry["url"]) == ("好", "", "https://example.org/a")
    assert entry["imprint"] == "page not held"


# Both languages


def everything(given: DataPackage, lang: Lang) -> list[Display]:
    """Every display that is made of a package, with its source entries."""
    trail = Trail(given, lang)
    names = list(given["indicators"]["indicator_id"])
    places = given.city_ids
    readings = compare.readings(given)
    displays = [
        tables.readings(given, readings, lang, asked=list(product(places, names))),
        targets.targets(given, places, given.families, lang),
        tables.changes_and_ranks(given, places, given.families, lang),
        tables.documents(given, places, lang),
        tables.holdings(given, readings, names, places, lang),
        tables.glossary(given, names, lang),
        headlines.comparison(given, places, lang),
        headlines.side_by_side(given, places, lang),
        *(headlines.city(given, city, lang) for city in places),
    ]
    for name in names:
        own = compare.readings(given, [name])
        benchmarks = compare.readings(given, [name], ["china", "province"])
        if len(own):
            displays += [
                tables.comparability(given, own, lang),
                sentences.against_benchmarks(given, own, benchmarks, lang),
            ]
            displays += [charts.series(given, own, places, lang), charts.ranges(given, own, places, lang)]
        displays.append(sentences.how_many_compare(given, own, lang))
    return [*map(trail.show, displays), trail.sources()]


def shown_text(payload: Any) -> list[str]:
    """Every string of a payload, however deep."""
    if isinstance(payload, str):
        return [payload]
    if isinstance(payload, dict):
        return [text for part in payload.values() for text in shown_text(part)]
    return [text for part in payload for text in shown_text(part)] if isinstance(payload, list) else []


def test_no_english_word_of_ours_is_left_on_a_chinese_page() -> None:
    """What is made for tests has Chinese names throughout, so Latin letters can only come from an untranslated message."""
    given = hostile_package("文")
    for display in everything(given, "zh"):
        for column in display.columns:
            assert not re.search("[A-Za-z]{3}", column.label), column
        for row in display.rows:
            for name, cell in row.cells.items():
                assert name == "url" or not re.search("[A-Za-z]{4}", re.sub(r"page\.\d+", "", cell)), (
                    display.title,
                    name,
                    cell,
                )


# Hostile text

HOSTILE = '<script>alert(1)</script><img src=x onerror="alert(1)"><b>'


def hostile_package(words: str) -> DataPackage:
    """A package in which every cell of free text says `words`."""

    def stuffed(table: str, keep: tuple[str, ...] = (), **cells: str) -> dict[str, str]:
        fields = next(r for r in made.package().descriptor["resources"] if r["name"] == table)["schema"][
            "fields"
        ]
        free = [
            f["name"]
            for f in fields
            if f["type"] == "string" and not {"enum", "pattern"} & set(f.get("constraints", {}))
        ]
        keys = {"observation_id", "city_id", "place_id", "indicator_id", "definition_version", "source_id", "successor",
                "supersedes", "repeats", "baseline_observation_id", "rank_among", "province_id", "unit", "unit_read",
                "comparable_on", "value_text", "place", *keep}  # fmt: skip
        return {**{name: words for name in free if name not in keys}, **cells}

    names = [{"indicator_id": row["indicator_id"], "unit": row["unit"]} for row in HEADLINES]
    figure = stuffed("observations", indicator_id="good_air_day_ratio")
    benchmark = stuffed("benchmarks", place_id="china", indicator_id="good_air_day_ratio")
    return made.package(
        cities=[stuffed("cities", city_id=city) for city in made.CITIES],
        indicators=[
            stuffed(
                "indicators", **{**made.TABLES["indicators"][0], **name, "name_zh": words, "name_en": words}
            )
            for name in names
        ],
        definitions=[stuffed("definitions", definition_version=name) for name in ("not_stated", "version_1")],
        sources=[
            stuffed("sources", source_id="page", url="javascript:alert(1)" if "<" in words else ""),
            {**made.held_source(), **stuffed("sources"), "source_id": "document"},
        ],
        observations=[
            figure | {"city_id": "alpha"},
            figure | {"city_id": "beta", "value": "90.1", "network": "not_stated"},
            figure | {"city_id": "gamma", "value": "", "unit": "", "value_text": words},
            figure | {"city_id": "delta", "place": words, "unit_read": "%"},
            figure | {"status": "target", "period": "2025"},
            figure | {"measure": "rank", "value": "1", "unit": ""},
            figure | {"measure": "change", "value": "1.0", "unit_read": "个百分点"},
            figure | {"measure": "change", "value": "1.0", "unit": words},
        ],
        benchmarks=[benchmark | {"value": "86.5"}],
        targets=[
            {
                "observation_id": "page.005",
                "target_type": "binding",
                "target_form": "reach",
                "baseline_observation_id": "page.001",
            }
        ],
        ranks=[{"observation_id": "page.006", "rank_among": "china"}],
        changes=[{"observation_id": name, "compared_with": "2020"} for name in ("page.007", "page.008")],
        coverage=[
            {"source_id": "document", "indicator_id": "forest_cover", "city_id": city} for city in made.CITIES
        ],
    )


@pytest.mark.parametrize("lang", LANGS)
def test_hostile_text_in_any_column_of_any_table_is_shown_as_text(lang: Lang) -> None:
    displays = everything(hostile_package(HOSTILE), lang)
    assert {display.kind for display in displays} == {"headline", "chart", "table", "sentence", "sources"}
    for display in displays:
        html = display.html()
        for tag in ("<script", "<img", "<b>", 'href="javascript'):
            assert tag not in html
        figure = display._repr_mimebundle_()[ECOBRIEF_MIME].get("figure", {})
        for words in shown_text(figure):
            assert not re.search("<(?!/?b>|br>|/?extra>|span style=|/span>)[a-z/!]", words), words
            assert words.count("<b>") == words.count("</b>")
    everywhere = "".join(display.html() for display in displays)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in everywhere
    for column in ("document", "evidence", "note", "scope", "definition"):
        assert all(HOSTILE[:8] in row.cells[column] for row in displays[-1].rows), column
