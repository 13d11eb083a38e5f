"""Series on charts and in tables: carried readings, breaks, trends, targets, and counts from monitoring beside reports."""

from __future__ import annotations

import pytest

import made
from ecobrief import compare
from ecobrief.compare.monitored import beside_monitored
from ecobrief.datapackage import DataPackage
from ecobrief.figures import charts, monitored, targets, trends
from ecobrief.figures.chart import Chart, Mark, carried_forward, key, segments
from ecobrief.figures.draw import figure
from ecobrief.figures.trail import Trail
from ecobrief.wording import LANGS, Lang

Row = dict[str, str]
AIR = {"comparable_on": "definition_version;network;adjustment", "valid_min": "0"}
INDICATORS = [
    {
        "indicator_id": "good_air_days",
        "unit": "day",
        "valid_max": "366",
        "quantity": "days_at_most_100",
        **AIR,
    },
    {"indicator_id": "good_air_day_ratio", "valid_max": "100", "quantity": "days_at_most_100", **AIR},
]
SOURCES = [
    {"source_id": "page"},
    {
        "source_id": "archive",
        "tier": "monitoring",
        "kind": "monitoring_archive",
        "note_en": "Not reviewed.",
        "note_zh": "未审核。",
    },
]
REPORTED = {"indicator_id": "good_air_days", "value": "345", "unit": "天"}


def years(values: dict[str, str], **same: str) -> list[Row]:
    return [{"period": year, "value": value, **same} for year, value in values.items()]


def drawn(rows: list[Row], indicator: str, lang: Lang = "en", planned: list[Row] | None = None) -> Chart:
    ids = [f"page.{900 + number}" for number in range(len(planned or []))]
    plans = [
        {"observation_id": name, "status": "target", **row}
        for name, row in zip(ids, planned or [], strict=True)
    ]
    about = [{"observation_id": name} for name in ids]
    package = made.package(observations=[*rows, *plans], targets=about)
    aims = compare.readings(package, [indicator], status="target")
    shown = charts.series(package, compare.readings(package, [indicator]), ["alpha"], lang, aims)
    assert shown.drawing is not None
    return shown.drawing


# Charts


def test_one_survey_printed_for_three_years_is_a_dashed_step_and_no_line() -> None:
    chart = drawn(years({"2019": "62.1", "2020": "62.1", "2021": "62.1"}, indicator_id="cover"), "cover")
    ((label, step),) = carried_forward(chart)
    assert (label, [mark.x for mark in step]) == ("Alpha", [2019, 2020, 2021])
    assert [len(marks) for _, marks in segments(chart)] == [1]
    dashed = [trace for trace in figure(chart)["data"] if trace.get("line", {}).get("dash") == "dash"]
    assert [trace["line"]["shape"] for trace in dashed] == ["hv"]
    assert "it is no trend" in key(chart)


def test_a_reading_after_the_carried_ones_joins_the_first_of_them() -> None:
    values = {"2019": "62.1", "2020": "62.1", "2021": "62.1", "2022": "63.0"}
    chart = drawn(years(values, indicator_id="cover"), "cover")
    assert [[mark.x for mark in marks] for _, marks in segments(chart)] == [[2019, 2022]]


def test_a_carried_reading_whose_first_has_another_name_is_drawn_all_the_same() -> None:
    marks = [
        Mark(label, "62.1%", 62.1, x=float(year), carries=year > 2019, observations=("page.001",))
        for label, year in (("A", 2019), ("A: other", 2020), ("A: other", 2021))
    ]
    chart = Chart("series", "T", "M", "%", tuple(marks), "en")
    drawn = [mark for _, run in (*segments(chart), *carried_forward(chart)) for mark in run]
    assert {mark.x for mark in drawn} == {2019, 2020, 2021}


def test_two_equal_years_are_two_readings() -> None:
    chart = drawn(years({"2019": "62.1", "2020": "62.1"}, indicator_id="cover"), "cover")
    assert not list(carried_forward(chart))
    assert [len(marks) for _, marks in segments(chart)] == [2]


def test_a_dotted_line_marks_where_a_definition_begins_that_some_reading_follows() -> None:
    definitions = [
        {"definition_version": "version_1", "valid_to": "2019-12-31", "successor": "version_2"},
        {
            "definition_version": "version_2",
            "valid_from": "2020-01-01",
            "name_en": "second",
            "name_zh": "第二",
        },
        {"definition_version": "unused", "valid_from": "2020-06-01"},
    ]
    rows = [*years({"2018": "90.1"}), *years({"2021": "91.1"}, definition_version="version_2")]
    package = made.package(observations=rows, definitions=definitions)
    chart = charts.series(package, compare.readings(package, ["ratio"]), [], "en").drawing
    assert chart is not None
    ((place, name),) = chart.breaks
    assert (round(place, 2), name) == (2019.5, "second (1 January 2020)")
    assert [round(shape["x0"], 2) for shape in figure(chart)["layout"]["shapes"]] == [2019.5]
    assert "second (1 January 2020)" in key(chart)


def test_targets_stand_as_stars_that_no_line_reaches() -> None:
    planned = [{"value": "95.0", "period": "2025"}, {"value": "96.0", "period": "", "period_basis": ""}]
    chart = drawn(years({"2021": "90.1", "2022": "91.1"}), "ratio", planned=planned)
    (star,) = [mark for mark in chart.rows if mark.role == "target"]
    assert (star.label, star.printed, star.period) == ("Alpha: target", "95.0%", "2025")
    assert [star] in [marks for _, marks in segments(chart)]


def test_a_city_with_a_target_alone_is_said_to_have_no_figure() -> None:
    package = made.package(
        observations=[*years({"2022": "90.1"}), {"city_id": "beta", "status": "target", "value": "95.0"}],
        targets=[{"observation_id": "page.002"}],
    )
    aims = compare.readings(package, ["ratio"], status="target")
    chart = charts.series(
        package, compare.readings(package, ["ratio"]), ["alpha", "beta"], "en", aims
    ).drawing
    assert chart is not None
    assert [mark.label for mark in chart.rows if mark.value is None] == ["Beta"]


# Titles and sources


def test_a_title_says_what_is_drawn_of_which_cities_and_from_which_years() -> None:
    rows = [
        *years({"2014": "90.1", "2022": "91.1"}),
        *years({"2019": "89.1"}, city_id="beta"),
        {"city_id": "gamma", "period": "", "period_basis": "", "value": "88.0"},
    ]
    package = made.package(observations=rows)
    found = compare.readings(package, ["ratio"])
    titles = [
        charts.series(package, found[found["place_id"].isin(places)], places, lang).title
        for places in (["beta", "alpha", "gamma"], ["beta"])
        for lang in LANGS
    ]
    assert [title for title in titles if "In" in title] == [
        "Indicator: Beta and Alpha, 2014–2022",
        "Indicator: Beta, 2019",
    ]
    assert ["2014–2022年" in titles[0], "乙市" in titles[0], "2019年" in titles[2]] == [True] * 3


def test_a_chart_of_benchmarks_alone_does_not_claim_to_show_the_city() -> None:
    benchmark = {"place_id": "china", "period": "2020", "value": "87.0"}
    package = made.package(observations=years({"2022": "90.1"}), benchmarks=[benchmark])
    national = compare.readings(package, ["ratio"], ["china"])
    shown = charts.series(package, national, ["alpha"], "en")
    assert shown.title == "Indicator: China, 2020"


@pytest.mark.parametrize(
    ("documents", "told"),
    [
        (1, "Source: Paper 1 (2023)."),
        (3, "Sources: Paper 1 (2023); Paper 2 (2023); Paper 3 (2023)."),
        (5, "Sources: Paper 1 (2023); Paper 2 (2023); Paper 3 (2023); and 2 more, see the entries."),
    ],
)
def test_a_chart_names_its_documents_the_first_three_of_them(documents: int, told: str) -> None:
    numbers = range(1, documents + 1)
    sources = [
        {"source_id": f"paper{n}", "label_en": f"Paper {n}", "label_zh": f"文件{n}", "published": "2023"}
        for n in numbers
    ]
    rows = [
        {
            "observation_id": f"paper{n}.001",
            "source_id": f"paper{n}",
            "period": str(2015 + n),
            "value": f"9{n}.0",
        }
        for n in numbers
    ]
    package = made.package(observations=rows, sources=sources)
    shown = charts.series(package, compare.readings(package, ["ratio"]), ["alpha"], "en")
    assert shown.drawing is not None
    marks = key(shown.drawing)
    assert marks
    assert shown.caption == f"{marks} {told}"


def test_every_kind_of_chart_of_readings_names_its_sources() -> None:
    rows = [*years({"2022": "90.1"}), *years({"2022": "91.1"}, city_id="beta")]
    package = made.package(observations=rows)
    shown = charts.ranges(package, compare.readings(package, ["ratio"]), ["alpha", "beta"], "en")
    assert shown.title == "Indicator where figures may stand on one axis: Beta and Alpha, 2022"
    assert shown.caption.endswith("allow. Source: Web page (undated).")


# Trends


def table(rows: list[Row], indicator: str = "ratio", lang: Lang = "en") -> list[Row]:
    package = made.package(observations=rows)
    trail = Trail(package, lang)
    cells = made.cells(trail.show(trends.trends(package, compare.readings(package, [indicator]), lang)))
    assert len(trail.sources().rows) == len(rows)
    return cells


def test_a_city_with_two_readings_is_said_to_have_no_slope() -> None:
    (row,) = table(years({"2021": "90.1", "2022": "91.1"}))
    assert (row["years"], row["readings"]) == ("2021–2022", "2")
    assert row["trend"] == "No slope: 2 readings; a slope needs 5, a claim 8."


def test_five_readings_have_a_slope_and_no_claim() -> None:
    (row,) = table(years({str(2015 + n): f"{90 + n}.0" for n in range(5)}))
    assert row["slope"] == "+1 percentage points (0.95–1.05)"
    assert row["trend"] == "No claim: 5 readings, a claim needs 8. Single pairs slope from 1 to 1."


def test_eight_readings_that_rise_are_said_to_rise_with_their_exact_p() -> None:
    (row,) = table(years({str(2015 + n): f"{90 + n}.0" for n in range(8)}))
    # Two of the 8! orders are this far from zero.
    assert row["trend"].startswith("Rises (p < 0.0001, at most 0.0001 for any values the digits allow).")
    (row,) = table(years({str(2015 + n): f"{90 + n}.0" for n in range(8)}, network="not_stated"))
    assert row["trend"] == "No claim, because not stated: monitoring network (p < 0.0001)."


@pytest.mark.parametrize("lang", LANGS)
def test_a_series_under_another_definition_names_the_break(lang: Lang) -> None:
    rows = [*years({"2018": "90.1"}), *years({"2021": "91.1"}, definition_version="version_2")]
    first, second = table(rows, lang=lang)
    assert first["break"] == ""
    assert second["break"] == {"en": "after 2018: the definition differs", "zh": "2018年之后：定义不同"}[lang]


def test_a_break_that_may_be_none_is_called_so() -> None:
    rows = [*years({"2018": "90.1"}), *years({"2021": "91.1"}, definition_version="not_stated")]
    assert table(rows)[1]["break"] == "perhaps after 2018: the definition is not stated"


# Targets


def test_a_target_on_track_shows_both_paces() -> None:
    rows = [
        {"status": "target", "value": "90.0", "period": "2025"},
        {"value": "80.0", "period": "2020"},
        {"value": "84.9", "period": "2022"},
    ]
    about = [{"observation_id": "page.001", "baseline_observation_id": "page.002"}]
    package = made.package(observations=rows, targets=about)
    (row,) = made.cells(targets.targets(package, ["alpha"], ["air"], "en"))
    assert row["pace_so_far"] == "+2.45 percentage points (2.4–2.5)"
    assert row["pace"] == "+1.7 percentage points (1.666–1.734)"
    assert row["course"] == "yes: the pace so far, kept up, reaches it"


# Reported beside monitored: the counts are made up


def beside(count: Row | None = None, *reported: Row, definitions: list[Row] | None = None) -> DataPackage:
    counted = [{"indicator_id": "good_air_days", **count}] if count is not None else []
    extra = {"definitions": definitions} if definitions else {}
    return made.package(
        indicators=INDICATORS, sources=SOURCES, monitored=counted, observations=list(reported), **extra
    )


def one(package: DataPackage) -> Row:
    (row,) = made.cells(monitored.beside_reported(package, ["alpha"], "en"))
    return row


def test_a_whole_year_is_set_against_the_report_with_what_may_explain_the_difference() -> None:
    package = beside({}, REPORTED | {"adjustment": "dust_excluded"})
    row = one(package)
    assert (row["reported"], row["counted"], row["difference"]) == ("345 days", "350 days", "5 days")
    assert row["why"] == (
        "yes; it may come from: the report leaves out days of sand and dust and the monitoring values were never reviewed"
    )


def test_a_report_of_a_share_is_set_against_the_share_of_valid_days() -> None:
    reported = {"indicator_id": "good_air_day_ratio", "value": "95.0"}
    (found,) = beside_monitored(beside({"good_day_ratio": "95.89"}, reported), ["alpha"])
    assert found.low == pytest.approx(95.885 - 95.05)
    assert found.high == pytest.approx(95.895 - 94.95)


def test_days_that_are_missing_from_the_count_are_named() -> None:
    count = {"valid_days": "355", "days_at_most_100": "345", "days_above_100": "10"}
    assert "10 days of the year have no valid count" in one(beside(count, REPORTED))["why"]


@pytest.mark.parametrize("annual", ["too_few_days", "short_month", "other_index"])
def test_a_count_that_is_no_annual_value_is_never_set_against_a_report(annual: str) -> None:
    count = {"annual": annual, "good_days": "", "good_day_ratio": ""}
    row = one(beside(count, REPORTED))
    assert "difference" not in row
    assert row["why"].startswith("no: ")


def test_a_count_under_another_definition_is_never_set_against_a_report() -> None:
    (found,) = beside_monitored(beside({"definition_version": "version_2"}, REPORTED), ["alpha"])
    assert (found.result, found.low) == ("other_definition", None)


def test_a_back_cast_count_is_set_against_a_report_under_the_same_new_definition() -> None:
    new = {"definition_version": "version_2"}
    (found,) = beside_monitored(beside(new, REPORTED | new), ["alpha"])
    assert found.result == "difference"


@pytest.mark.parametrize("lang", LANGS)
def test_a_city_without_a_count_is_named_and_no_other_stands_for_it(lang: Lang) -> None:
    text = made.said(monitored.who_can_be_checked(beside({}, REPORTED), ["alpha", "beta"], lang))
    assert {"en": "No count is held for Beta", "zh": "未持有乙市的监测计数"}[lang] in text


@pytest.mark.parametrize("lang", LANGS)
def test_the_entry_of_a_count_says_that_no_one_reviewed_it(lang: Lang) -> None:
    package = beside({}, REPORTED)
    trail = Trail(package, lang)
    trail.show(monitored.beside_reported(package, ["alpha"], lang))
    entry = next(row for row in trail.sources().rows if row.observations == ("alpha.001",))
    assert entry.cells["imprint"].endswith({"en": " · Not reviewed.", "zh": " · 未审核。"}[lang])
    assert "0" * 12 in entry.cells["imprint"]
    assert entry.cells["tier"].startswith({"en": "monitoring data", "zh": "监测数据"}[lang])
