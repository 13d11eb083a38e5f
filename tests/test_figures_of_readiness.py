"""What bears on a “Two Mountains” base, city by city, and the metrics that cities share: what is said and where it leads."""

from __future__ import annotations

import pytest

import made
from ecobrief.compare.readiness import bearing
from ecobrief.datapackage import DataPackage
from ecobrief.figures import metrics, readiness
from ecobrief.figures.trail import Trail
from ecobrief.wording import LANGS, Lang
from made import cells

Row = dict[str, str]
HELD = {"source_id": "document"}
BETA = {"city_id": "beta"}
INSTRUMENTS = [{"instrument_id": "compensation"}, {"instrument_id": "fund"}]
REQUIREMENTS = [
    {"families": "air", "instruments": "compensation", "project_themes": "forest;water", "name_en": "State"},
    {"kind": "basic_requirement", "indicators": "cover", "name_en": "Value", "name_zh": "价值"},
]


def package(**tables: list[Row]) -> DataPackage:
    sources = [
        made.held_source(label_zh="规划", label_en="Plan"),
        {"source_id": "page", "label_zh": "网页", "label_en": "Page"},
    ]
    sound = {"sources": sources, "instruments": INSTRUMENTS, "requirements": REQUIREMENTS}
    return made.package(**{**sound, **tables})


def ids(given: DataPackage, requirement: int = 0, place: str = "alpha") -> tuple[str, ...]:
    return bearing(given, given["requirements"].iloc[requirement], place).ids


# What bears on a requirement


def test_figures_of_its_families_and_indicators_bear_on_a_requirement() -> None:
    figures = [HELD, HELD | {"indicator_id": "days"}, HELD | {"indicator_id": "cover"}, HELD | BETA]
    given = package(observations=figures)
    assert ids(given) == ("page.001", "page.002")
    assert ids(given, 1) == ("page.003",)
    assert ids(given, 0, "beta") == ("page.004",)


def test_figures_of_pages_that_are_not_held_and_repetitions_do_not_count() -> None:
    assert ids(package(observations=[HELD, HELD | {"repeats": "page.001"}, {"period": "2021"}])) == (
        "page.001",
    )


def test_instruments_bear_by_what_they_are_and_projects_by_their_themes() -> None:
    given = package(
        policies=[HELD, HELD | {"instrument_id": "fund"}, HELD | {"repeats": "page.p001"}, HELD | BETA],
        projects=[HELD | {"themes": themes} for themes in ("rural;water", "mining", "forest", "")],
    )
    assert ids(given) == ("page.p001", "page.j001", "page.j003")
    assert ids(given, 1) == ()


# The matrix


def test_the_matrix_counts_what_bears_and_says_where_nothing_is_stated() -> None:
    given = package(
        observations=[HELD, HELD | {"indicator_id": "days"}, HELD | BETA],
        policies=[HELD],
        projects=[HELD | {"themes": "water"}],
    )
    state, value = readiness.matrix(given, ["alpha", "beta", "gamma"], "en").rows
    assert dict(state.cells) == {
        "requirement": "State",
        "kind": "aspect of the assessment",
        "alpha": "2 figures, 1 instrument, and 1 project",
        "beta": "1 figure",
        "gamma": "nothing stated",
    }
    assert (value.cells["kind"], value.cells["alpha"]) == ("basic requirement", "nothing stated")
    assert state.observations == ("page.r001",)


def test_every_kind_of_requirement_has_a_name() -> None:
    assert list(readiness.KINDS) == package().codes("requirements", "kind")


@pytest.mark.parametrize("lang", LANGS)
def test_the_details_lead_to_the_figures_the_policies_and_the_projects(lang: Lang) -> None:
    given = package(
        observations=[HELD, HELD | {"period": "2021"}],
        policies=[HELD, HELD],
        projects=[HELD | {"themes": "water"}],
    )
    trail = Trail(given, lang)
    state, value = trail.show(readiness.details(given, ["alpha"], lang)).rows
    named = {
        "en": ("Indicator", "Compensation rules", "Project"),
        "zh": ("指标", "补偿办法", "工程"),
    }[lang]
    assert tuple(state.cells[name] for name in ("figures", "policies", "projects")) == named
    assert state.observations == ("page.001", "page.002", "page.p001", "page.p002", "page.j001")
    assert {row.observations[0] for row in trail.sources().rows} == set(state.observations)
    nothing = {"en": "nothing stated", "zh": "未提及"}[lang]
    assert [value.cells[name] for name in ("figures", "policies", "projects")] == [nothing] * 3
    assert value.observations == ()


def test_the_entry_of_a_requirement_is_the_document_that_prints_it() -> None:
    text = "基本要求：要求一"
    printed = made.printed("要求一", text)
    given = package(
        sources=[made.held_source(text, label_zh="复函", label_en="Reply")],
        requirements=[{**REQUIREMENTS[0], **printed}],
    )
    trail = Trail(given, "en")
    trail.show(readiness.matrix(given, ["alpha"], "en"))
    (entry,) = (row.cells for row in trail.sources().rows)
    assert (entry["what"], entry["printed"]) == ("Alpha · requirement", "State")
    assert (entry["evidence"], entry["place"]) == ("要求一", "5")


# Milestones and the bank


def test_milestones_stand_as_printed_observed_or_aimed_at() -> None:
    money = {"indicator_id": "gdp", "value": "100.5", "unit": "亿元"}
    given = package(
        indicators=[*made.TABLES["indicators"], {"indicator_id": "gdp", "unit": "yuan"}],
        observations=[
            money,
            {**money, "status": "target", "period": "2025", "value": "120.5"},
            {},
            {**money, "repeats": "page.001"},
        ],
    )
    shown = readiness.milestones(given, ["alpha"], "en")
    assert [(row["status"], row["period"]) for row in cells(shown)] == [
        ("observed", "2022"),
        ("target", "2025"),
    ]
    assert [row.observations for row in shown.rows] == [("page.001",), ("page.002",)]
    assert readiness.milestones(given, ["beta"], "en").kind == "sentence"


def test_the_project_bank_has_the_figures_that_are_printed_of_it_alone() -> None:
    given = package(observations=[{"place": readiness.PROJECT_BANK, "value": "12.0"}, {"place": "某县"}, {}])
    shown = readiness.project_bank(given, ["alpha"], "en")
    assert [row.observations for row in shown.rows] == [("page.001",)]
    assert readiness.project_bank(given, ["beta"], "en").kind == "sentence"


# Shared metrics


def test_a_shared_metric_shows_the_latest_reading_of_each_city_and_why_another_has_none() -> None:
    given = package(
        observations=[{"value": "90.1", "period": "2021"}, {}, BETA | {"value": "95.1"}],
        coverage=[{"city_id": "gamma"}],
    )
    (row,) = metrics.matrix(given, ["alpha", "beta", "gamma", "delta"], "en").rows
    assert row.cells["alpha"] == "96.2% (2022)"
    assert row.cells["beta"] == "95.1% (2022)"
    assert (row.cells["gamma"], row.cells["delta"]) == ("not stated", "not searched")
    assert row.observations == ("page.002", "page.003")


def test_the_verdict_is_that_of_the_best_pair_with_its_cities_and_reasons() -> None:
    gamma = {"city_id": "gamma", "network": "not_stated"}
    unlike = BETA | {"period": "2020"}
    (row,) = cells(metrics.matrix(package(observations=[{}, unlike, gamma]), made.CITIES, "en"))
    assert row["verdict"] == "comparable with caveats (Alpha – Gamma)"
    assert row["reasons"] == "the monitoring network is not stated"


def test_without_a_shared_metric_that_is_said() -> None:
    shown = metrics.matrix(package(observations=[{}]), made.CITIES, "en")
    assert shown.rows[0].cells["text"] == "No metric is stated by two cities."
