"""What a page shows of projects, zones and targets: each once, with what every place of print tells of it."""

from __future__ import annotations

import re

import pytest

import made
from ecobrief import datapackage
from ecobrief.datapackage import DataPackage
from ecobrief.figures import labels, projects, targets
from ecobrief.figures.trail import Trail
from ecobrief.wording import LANGS, Lang
from made import cells, said

Row = dict[str, str]
AREA = {"indicator_id": "area", "value": "12.5", "unit": "公顷"}
NAMES = [
    {"name_zh": name_zh, "name_en": name_en}
    for name_zh, name_en in [
        ("甲县", "Jia county"),
        ("乙县", "Yi county"),
        ("林业局", "Forestry bureau"),
        ("东镇", "East town"),
    ]
]


def package(**tables: list[Row]) -> DataPackage:
    return made.package(**{"names": NAMES, **tables})


# Projects

IN_TEXT = {"name_zh": "修复工程", "name_en": "Restoration works", "quantities": "page.001"}
IN_BOX = {**IN_TEXT, "repeats": "page.j001", "code": "A1", "period": "2021/2025", "quantities": "page.002"}
IN_ANNEX = {
    **IN_TEXT,
    "repeats": "page.j001",
    "districts": "甲县;乙县",
    "departments": "林业局",
    "quantities": "page.003",
}
# The box prints the area of the text again; the annex adds one of its own.
AMOUNTS = [AREA, {**AREA, "repeats": "page.001"}, {**AREA, "value": "3", "unit": "平方公里"}]


def test_text_box_and_annex_are_one_row_with_what_each_of_them_prints() -> None:
    given = package(observations=AMOUNTS, projects=[IN_TEXT, IN_BOX, IN_ANNEX])
    assert cells(projects.projects(given, ["alpha"], "en")) == [
        {
            "value": "A1 · Restoration works",
            "stage": "planned",
            "period": "2021–2025",
            "quantities": "Indicator: 12.5 ha and 3 km²",
            "where": "Jia county and Yi county · Forestry bureau",
        }
    ]


def test_a_quantity_that_is_printed_again_is_shown_once_and_leads_to_each_print() -> None:
    (row,) = projects.projects(
        package(observations=AMOUNTS, projects=[IN_TEXT, IN_BOX]), ["alpha"], "en"
    ).rows
    assert row.cells["quantities"] == "Indicator: 12.5 ha"
    assert row.observations == ("page.j001", "page.001", "page.002")


def test_a_quantity_that_two_prints_of_a_project_name_has_one_mark() -> None:
    again = {**IN_BOX, "quantities": "page.001"}
    (row,) = projects.projects(package(observations=AMOUNTS, projects=[IN_TEXT, again]), ["alpha"], "en").rows
    assert row.observations == ("page.j001", "page.001")


def test_what_the_first_print_tells_is_not_overwritten_by_a_later_one() -> None:
    first = {**IN_TEXT, "period": "2020", "quantities": ""}
    (row,) = cells(projects.projects(package(projects=[first, IN_BOX | {"quantities": ""}]), ["alpha"], "en"))
    assert (row["period"], row["value"]) == ("2020", "A1 · Restoration works")


def test_a_period_in_words_is_shown_as_printed() -> None:
    (row,) = cells(projects.projects(package(projects=[{"period_printed": "近期"}]), ["alpha"], "en"))
    assert row["period"] == "近期"


def test_a_list_that_the_text_leaves_open_says_so_in_both_languages() -> None:
    given = package(projects=[{"districts": "甲县;乙县;等"}])
    where = [cells(projects.projects(given, ["alpha"], lang))[0]["where"] for lang in LANGS]
    assert where == ["甲县、乙县等", "Jia county, Yi county and others"]


def test_projects_of_other_cities_are_left_out() -> None:
    given = package(projects=[{}, {"city_id": "beta"}, {"city_id": "gamma"}])
    shown = projects.projects(given, ["alpha", "beta"], "en")
    assert [row["city"] for row in cells(shown)] == ["Alpha", "Beta"]
    assert said(projects.projects(given, ["delta"], "en")).startswith("No project is entered")


def test_only_projects_with_a_printed_period_are_drawn_by_department_with_their_code() -> None:
    rows = [
        {"period": "2021", "departments": "林业局", "districts": "甲县", "code": "B"},
        {"period_printed": "近期"},
        {"period": "2022/2023", "departments": "乙局"},
    ]
    display = projects.gantt(package(projects=rows), ["alpha"], "en")
    assert display.drawing is not None
    assert display.drawing.kind == "spans"
    drawn = [(mark.label, mark.printed, mark.basis, mark.x_low, mark.x_high) for mark in display.drawing.rows]
    assert drawn == [
        ("Project", "2022–2023", "乙局", 2021.5, 2023.5),
        ("B · Project", "2021", "Forestry bureau · Jia county", 2020.5, 2021.5),
    ]
    assert display.drawing.rows[0].observations == ("page.j003",)
    assert said(projects.gantt(package(projects=rows[1:2]), ["alpha"], "en")).startswith("No project")


@pytest.mark.parametrize("lang", LANGS)
def test_a_project_and_its_quantities_lead_to_entries(lang: Lang) -> None:
    text = "修复工程12.5公顷"
    where = [made.printed(words, text) for words in ("修复工程", "12.5公顷")]
    given = package(
        sources=[made.held_source(text, label_zh="规划", label_en="Plan")],
        observations=[{**AREA, **where[1]}],
        projects=[{**IN_TEXT, **where[0]}],
    )
    trail = Trail(given, lang)
    trail.show(projects.projects(given, ["alpha"], lang))
    entries = [row.cells for row in trail.sources().rows]
    assert [entry["evidence"] for entry in entries] == ["修复工程", "12.5公顷"]
    assert entries[0]["what"] == {"en": "Alpha · project", "zh": "甲市 · 工程"}[lang]
    assert entries[0]["printed"] == {"en": "Restoration works", "zh": "修复工程"}[lang]


# Zones


def test_a_zone_stands_with_its_kind_its_parent_its_towns_and_its_quantities() -> None:
    given = package(
        observations=AMOUNTS,
        zones=[
            {"code": "1", "quantities": "page.001;page.002"},
            {
                "kind": "key_area",
                "name_zh": "片区",
                "name_en": "Area",
                "parent": "page.z001",
                "listing": "page.l01",
            },
            {"kind": "district", "name_zh": "甲县", "name_en": "Jia county", "repeats": ""},
            {"code": "1", "repeats": "page.z001"},
        ],
        listings=[{"evidence": "东镇"}, {"evidence": "西 镇"}, {"list_id": "page.l02", "evidence": "南镇"}],
    )
    shown = projects.zones(given, ["alpha"], "en")
    zone, area, district = cells(shown)
    assert (zone["kind"], zone["code"], zone["quantities"]) == ("restoration zone", "1", "Indicator: 12.5 ha")
    assert shown.rows[0].observations == ("page.z001", "page.001", "page.002")
    assert (area["kind"], area["parent"]) == ("key area", "Restoration zone")
    assert area["towns"] == "East town; 西镇"
    assert district["kind"] == "district with a task"
    assert said(projects.zones(given, ["beta"], "en")).startswith("No zone is entered")


def test_every_kind_of_zone_and_every_stage_of_a_project_has_a_name() -> None:
    assert list(projects.ZONE_KINDS) == package().codes("zones", "kind")
    assert list(labels.PROJECT_STAGES) == package().codes("projects", "stage")


# Targets

ABOUT = {"observation_id": "page.002", "baseline_observation_id": "page.001"}
GOAL = {"status": "target", "period": "2025"}


def target(
    baseline: Row, goal: Row, *more: Row, lang: Lang = "en", about: Row = ABOUT, **tables: list[Row]
) -> Row:
    """The one row of a target (page.002) with its baseline (page.001)."""
    given = package(observations=[baseline, {**GOAL, **goal}, *more], targets=[about], **tables)
    (row,) = cells(targets.targets(given, ["alpha"], given.families, lang))
    return row


def test_the_distance_between_shares_is_signed_and_in_percentage_points() -> None:
    assert target({"value": "80.0"}, {"value": "90.0"})["distance"] == "+10 percentage points (9.9–10.1)"
    assert target({"value": "90.0"}, {"value": "80.0"})["distance"].startswith("−10 percentage points")
    assert target({"value": "80.0"}, {"value": "90.0"}, lang="zh")["distance"].startswith("+10个百分点")


def test_what_the_digits_allow_has_the_same_minus_as_the_distance() -> None:
    assert target({"value": "90.0"}, {"value": "80.0"})["distance"].endswith("(−10.1 to −9.9)")


def test_the_distance_is_in_the_unit_of_the_target_with_its_power_of_ten() -> None:
    areas = {**AREA, "unit": "万亩", "value": "100.5"}, {**AREA, "unit": "万亩", "value": "110.5"}
    assert target(*areas)["distance"] == "+10 ×10⁴ mu (9.9–10.1)"
    assert target({**AREA, "value": "67000.0"}, areas[1])["distance"].startswith("+10 ×10⁴ mu")


def test_a_target_stands_with_its_kind_its_year_and_the_baseline_printed_with_it() -> None:
    row = target({"value": "80.0", "period": "2020"}, {"value": "90.0"})
    assert row["type"] == "binding; to be reached"
    assert (row["value"], row["period"], row["baseline"]) == ("90.0%", "2025", "80.0% (2020)")
    # That there is none says the summary, once for all targets.
    assert not {"later", "pace"} & set(row)


def test_where_some_targets_have_a_later_reading_the_others_say_that_they_have_none() -> None:
    given = package(
        observations=[
            {"value": "80.0", "period": "2020"},
            {**GOAL, "value": "90.0"},
            {**GOAL, **AREA},
            {"value": "84.0", "period": "2022"},
        ],
        targets=[ABOUT, {"observation_id": "page.003"}],
    )
    shown = cells(targets.targets(given, ["alpha"], ["air", "forest"], "en"))
    assert [row["later"] for row in shown] == ["84.0% (2022)", "no later reading"]


def test_a_later_reading_gives_the_pace_that_is_left_and_leads_to_its_print() -> None:
    given = package(
        observations=[
            {"value": "80.0", "period": "2020"},
            {**GOAL, "value": "90.0"},
            {"value": "84.0", "period": "2022"},
        ],
        targets=[ABOUT],
    )
    (row,) = targets.targets(given, ["alpha"], ["air"], "en").rows
    assert row.cells["later"] == "84.0% (2022)"
    assert row.cells["pace"].startswith("+2 percentage points")
    assert row.observations == ("page.002", "page.001", "page.003")
    assert row.key == "target.page.002"


def test_a_target_without_a_baseline_says_so_and_has_no_distance() -> None:
    row = target({}, {"value": "98.0"}, about={"observation_id": "page.002"})
    assert row["baseline"] == "none printed"
    assert "distance" not in row


def test_a_target_for_a_part_names_the_part() -> None:
    county = {"place": "甲县"}
    assert (
        target(county | {"value": "80.0"}, county | {"value": "90.0"})["indicator"]
        == "Indicator (Jia county)"
    )


def test_what_a_project_is_to_bring_about_is_no_target_of_the_city() -> None:
    observations = [{**GOAL, **AREA}, {**GOAL, "value": "98.0"}]
    given = package(
        observations=observations,
        targets=[{"observation_id": name} for name in ("page.001", "page.002")],
        projects=[{"quantities": "page.001"}],
    )
    shown = targets.targets(given, ["alpha"], given.families, "en")
    assert [row.observations for row in shown.rows] == [("page.002",)]
    assert said(targets.targets(given, ["alpha"], ["forest"], "en")).startswith("No target is printed")


def test_targets_that_are_printed_again_or_are_of_another_family_or_city_are_left_out() -> None:
    rows = [
        {**GOAL, "value": "98.0"},
        {**GOAL, "value": "98.0", "repeats": "page.001"},
        {**GOAL, **AREA},
        {**GOAL, "city_id": "beta"},
    ]
    about = [{"observation_id": f"page.{number:03d}"} for number in range(1, 5)]
    shown = targets.targets(package(observations=rows, targets=about), ["alpha"], ["air"], "en")
    assert [row.observations for row in shown.rows] == [("page.001",)]


@pytest.mark.parametrize("city", ["benxi", "chifeng", "rongchang"])
def test_the_summary_counts_targets_as_the_table_shows_them(city: str) -> None:
    shipped = datapackage.load()
    told = targets.summary(shipped, [city], shipped.families, "en").rows[0].cells["text"]
    types = [row["type"] for row in cells(targets.targets(shipped, [city], shipped.families, "en"))]
    forms = [sum(form in one for one in types) for form in ("in words only", "cumulative", "to be kept")]
    counts = [len(types), *forms]
    assert [int(digits) for digits in re.findall(r"\d+", told)[:4]] == counts
