"""What a page shows of policies: shares within a city, charted only where two coders agree, and what stands apart."""

from __future__ import annotations

from collections.abc import Callable
from itertools import cycle, islice

import pytest

import made
from ecobrief.datapackage import DataPackage
from ecobrief.figures import labels, policies
from ecobrief.figures.display import Display
from ecobrief.figures.trail import Trail
from ecobrief.wording import LANGS, Lang
from made import cells, said

Row = dict[str, str]
ECONOMIC, PLANNING, VOLUNTARY = ({"primary_type": code} for code in ("economic", "planning", "voluntary"))
HONOUR, GOAL = (
    {"kind": kind, "primary_type": "", "instrument_id": "", "name_zh": kind, "name_en": kind}
    for kind in ("recognition", "goal")
)
BETA = {"city_id": "beta"}
ORDERED = {"instrument_id": "river_chief", "name_zh": "河长制", "name_en": "River chiefs"}
INSTRUMENTS = [
    {"instrument_id": "compensation"},
    {**ORDERED, "national_basis_zh": "《意见》(2016)", "national_basis_en": "Opinion (2016)"},
]


def package(*rows: Row, changes: tuple[Row, ...] = (), **tables: list[Row]) -> DataPackage:
    """These policies, all coded twice; `changes` are what the second coder saw otherwise."""
    codings = {"second_codings": made.coded_again(list(rows), *changes)}
    return made.package(**{"instruments": INSTRUMENTS, "policies": list(rows), **codings, **tables})


def shares(*rows: Row, place: str = "alpha") -> list[tuple[str, str, tuple[str, ...]]]:
    """Label, printed share and policies of each bar."""
    display = policies.type_shares(package(*rows), place, "en")
    assert display.drawing is not None
    assert display.drawing.kind == "bars"
    return [(mark.label, mark.printed, mark.inputs) for mark in display.drawing.rows]


# Shares


def test_each_bar_says_its_share_with_n_and_leads_to_its_policies() -> None:
    assert shares(PLANNING, ECONOMIC, PLANNING, {**ECONOMIC, **BETA}) == [
        ("economic", "33% (1 of 3)", ("page.p002",)),
        ("planning", "67% (2 of 3)", ("page.p001", "page.p003")),
    ]


def test_repetitions_honours_and_goals_are_no_part_of_n() -> None:
    assert shares(PLANNING, {**PLANNING, "repeats": "page.p001"}, HONOUR, GOAL) == [
        ("planning", "100% (1 of 1)", ("page.p001",))
    ]


def test_the_title_names_the_city_and_n() -> None:
    display = policies.type_shares(package(PLANNING, ECONOMIC), "alpha", "en")
    assert display.title == "Alpha: types of the 2 policy instruments named"


def test_a_city_without_instruments_has_a_sentence() -> None:
    told = "No policy instrument is entered for this city."
    assert said(policies.type_shares(package(PLANNING, HONOUR | BETA), "beta", "en")) == told


def test_side_by_side_stand_shares_of_each_city_and_a_type_that_none_names_says_so() -> None:
    shown = policies.side_by_side(package(PLANNING, ECONOMIC, PLANNING | BETA), ["alpha", "beta"], "en")
    told = {row["type"]: (row["alpha"], row["beta"]) for row in cells(shown)}
    assert list(told) == [str(label.text) for label in labels.POLICY_TYPES.values()]
    assert told["planning"] == ("50% (1 of 2)", "100% (1 of 1)")
    assert told["economic"] == ("50% (1 of 2)", "none named")
    assert told["voluntary"] == ("none named", "none named")


def test_an_instrument_with_two_themes_counts_under_both_and_once_in_n() -> None:
    rows = [ECONOMIC | {"themes": "soil;water"}, PLANNING, PLANNING | {"repeats": "page.p002"}]
    assert cells(policies.mix(package(*rows), ["alpha"], "en")) == [
        {"theme": "soil", "economic": "1", "planning": "", "share": "50% (1 of 2)"},
        {"theme": "water", "economic": "1", "planning": "1", "share": "100% (2 of 2)"},
    ]


# Agreement

TYPES = list(islice(cycle((ECONOMIC, PLANNING)), 10))
DISAGREED = (PLANNING, ECONOMIC, PLANNING)


@pytest.mark.parametrize(
    "show",
    [
        lambda given: policies.type_shares(given, "alpha", "en"),
        lambda given: policies.side_by_side(given, ["alpha"], "en"),
        lambda given: policies.mix(given, ["alpha"], "en"),
    ],
    ids=["type_shares", "side_by_side", "mix"],
)
def test_a_dimension_on_which_coders_agree_too_little_is_not_charted_and_that_is_said(
    show: Callable[[DataPackage], Display],
) -> None:
    told = said(show(package(*TYPES, changes=DISAGREED)))
    assert told.startswith("Two coders agree too little on primary type (Krippendorff's α below 0.67)")
    assert show(package(*TYPES)).kind != "sentence"


def test_themes_that_are_coded_differently_bar_the_mix_and_not_the_shares() -> None:
    themes = [row | {"themes": theme} for row, theme in zip(TYPES, cycle(("soil", "water")), strict=False)]
    given = package(*themes, changes=({"themes": "water"}, {"themes": "soil"}, {"themes": "water"}))
    assert "agree too little on themes" in said(policies.mix(given, ["alpha"], "en"))
    assert policies.type_shares(given, "alpha", "en").kind == "chart"


def test_what_was_coded_once_only_is_not_charted() -> None:
    given = package(*TYPES, second_codings=[])
    assert "agree too little" in said(policies.type_shares(given, "alpha", "en"))


def test_the_table_of_agreement_names_each_dimension_its_alpha_and_whether_it_is_charted() -> None:
    told = {
        row["dimension"]: (row["alpha"], row["units"], row["charted"])
        for row in cells(policies.reliability(package(*TYPES, changes=DISAGREED), "en"))
    }
    assert told["primary type"] == ("0.42", "10", "no, α below 0.67")
    assert told["themes"] == ("1.00", "10", "yes")
    assert len(told) == len(labels.DIMENSIONS)


# Lists


def test_instruments_stand_city_by_city_and_type_by_type_without_honours_goals_and_repetitions() -> None:
    rows = [VOLUNTARY, HONOUR, ECONOMIC, PLANNING | BETA, GOAL, ECONOMIC | {"repeats": "page.p003"}]
    shown = policies.instruments(package(*rows), ["beta", "alpha"], "en")
    assert [row.observations for row in shown.rows] == [("page.p004",), ("page.p003",), ("page.p001",)]
    assert cells(shown)[0] == {
        "city": "Beta",
        "name": "Compensation rules",
        "type": "planning",
        "themes": "water",
        "force": "government document",
        "level": "prefecture",
        "stage": "in force",
        "source": "Web page (undated)",
    }


def test_both_types_of_an_instrument_and_its_year_are_named() -> None:
    row = ECONOMIC | {"secondary_type": "voluntary", "period": "2021", "themes": "soil;water"}
    (shown,) = cells(policies.instruments(package(row), ["alpha"], "en"))
    assert (shown["type"], shown["themes"], shown["period"]) == (
        "economic and voluntary",
        "soil and water",
        "2021",
    )


def test_titles_and_honours_are_listed_apart() -> None:
    given = package(ECONOMIC, HONOUR, GOAL)
    assert [row["name"] for row in cells(policies.recognitions(given, ["alpha"], "en"))] == ["recognition"]
    assert said(policies.recognitions(given, ["beta"], "en")) == "Titles and honours named: none."


def test_only_here_lists_what_neither_another_city_names_nor_the_state_orders() -> None:
    own = {"instrument_id": "fund", "name_zh": "基金", "name_en": "Fund"}
    rows = [ECONOMIC, ECONOMIC | BETA, PLANNING | ORDERED, ECONOMIC | own, ECONOMIC | own]
    rows.append(VOLUNTARY | own | {"level": "provincial"})
    given = package(*rows, instruments=[*INSTRUMENTS, {"instrument_id": "fund"}])
    (row,) = policies.only_here(given, ["alpha"], made.CITIES, "en").rows
    assert dict(row.cells) == {"type": "economic", "names": "Fund"}
    assert row.observations == ("page.p004", "page.p005")
    told = said(policies.only_here(given, ["beta"], made.CITIES, "en"))
    assert told.endswith(": none.")


def test_what_is_ordered_nationwide_stands_with_the_order_and_the_cities_that_name_it() -> None:
    rows = [PLANNING | ORDERED, PLANNING | ORDERED, PLANNING | ORDERED | BETA, ECONOMIC]
    (row,) = policies.nationwide(package(*rows), ["alpha", "beta"], "en").rows
    assert dict(row.cells) == {
        "instrument": "River chiefs",
        "basis": "Opinion (2016)",
        "cities": "Alpha and Beta",
    }
    assert row.observations == ("page.p001", "page.p003")


def test_the_time_line_has_the_instruments_that_are_printed_with_a_year_in_their_order() -> None:
    later, earlier = (PLANNING | {"period": period} for period in ("2021/2025", "2018"))
    display = policies.timeline(package(later, earlier, ECONOMIC), ["alpha"], "en")
    assert display.drawing is not None
    marks = display.drawing.rows
    assert [(mark.observations, mark.x_low, mark.x_high) for mark in marks] == [
        (("page.p002",), 2017.5, 2018.5),
        (("page.p001",), 2020.5, 2025.5),
    ]
    assert marks[0].basis == "Alpha, in force"
    assert said(policies.timeline(package(ECONOMIC), ["alpha"], "en")) == (
        "No instrument is printed with a year."
    )


# Words and sources


@pytest.mark.parametrize(
    ("column", "names"),
    [
        ("primary_type", labels.POLICY_TYPES),
        ("legal_force", labels.LEGAL_FORCES),
        ("level", labels.POLICY_LEVELS),
        ("stage", labels.POLICY_STAGES),
    ],
)
def test_every_code_has_a_name(column: str, names: Row) -> None:
    assert list(names) == package().codes("policies", column)


@pytest.mark.parametrize("lang", LANGS)
def test_a_policy_leads_to_an_entry_with_its_name_and_its_print(lang: Lang) -> None:
    text = "出台《补偿办法》"
    row = made.printed("补偿办法", text, note_zh="注", note_en="A note", period="2021")
    given = package(row, sources=[made.held_source(text, label_zh="规划", label_en="Plan")])
    trail = Trail(given, lang)
    trail.show(policies.instruments(given, ["alpha"], lang))
    (entry,) = (row.cells for row in trail.sources().rows)
    assert (entry["evidence"], entry["place"]) == ("补偿办法", "3")
    what, name, note = {
        "en": ("Alpha · policy", "Compensation rules", "A note"),
        "zh": ("甲市 · 政策", "补偿办法", "注"),
    }[lang]
    assert (entry["what"], entry["printed"], entry["note"]) == (what, name, note)
    assert "2021" in entry["period"]


def test_hostile_names_are_shown_as_text() -> None:
    hostile = "<script>alert(1)</script><b>"
    names = {"name_zh": hostile, "name_en": hostile}
    rows = [{**ECONOMIC, **names, "period": "2021"}, PLANNING | ORDERED]
    ordered = {**INSTRUMENTS[1], **names, "national_basis_zh": hostile, "national_basis_en": hostile}
    given = package(*rows, instruments=[INSTRUMENTS[0], ordered])
    for show in (policies.instruments, policies.timeline, policies.nationwide):
        html = show(given, ["alpha"], "en").html()
        assert "&lt;script&gt;" in html
        assert "<script" not in html
        assert "<b>" not in html


def test_something_that_is_nowhere_in_the_data_has_no_entry_and_stops_the_page() -> None:
    given = package(ECONOMIC)
    trail = Trail(given, "en")
    trail.show(policies.instruments(given, ["alpha"], "en"))
    trail.show(policies.instruments(package(ECONOMIC, ECONOMIC), ["alpha"], "en"))
    with pytest.raises(KeyError, match=r"nothing in the data package is called page\.p002"):
        trail.sources()
