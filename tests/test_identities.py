"""Identities as data: how their terms are read, and what `ecobrief check` says of those that cannot be checked."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import made
from ecobrief import datapackage
from ecobrief.datapackage import RULES, Fault, identities
from ecobrief.datapackage.identities import CHECKED, ROLES, Addend, NotTerms

Row = dict[str, str]

names = st.from_regex(r"[a-z0-9][a-z0-9_.-]{0,6}", fullmatch=True)
sums = st.lists(st.builds(Addend, names, st.sampled_from([1, -1])), min_size=1, max_size=4).map(tuple)
filled = st.dictionaries(
    st.sampled_from(sorted(set.union(*(set(roles) for kind in ROLES.values() for roles in kind)))),
    st.lists(sums, min_size=1, max_size=3).map(tuple),
    min_size=1,
)


# Terms


def test_each_role_is_filled_by_a_sum_whose_signs_stand_apart() -> None:
    read = identities.terms("total = plan-1.001; parts = plan-1.002 + plan-1.003 - plan-1.004")
    assert read == {
        "total": ((Addend("plan-1.001"),),),
        "parts": ((Addend("plan-1.002"), Addend("plan-1.003"), Addend("plan-1.004", -1)),),
    }


def test_commas_separate_several_sums_of_one_role() -> None:
    assert identities.terms("shares = a, - b + c")["shares"] == (
        (Addend("a"),),
        (Addend("b", -1), Addend("c")),
    )


def test_an_identity_names_each_of_its_figures_once_and_no_list_or_limit() -> None:
    read = identities.terms("shares = a, b; part = a + c; list = d; most = 20")
    assert identities.figures(read) == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", '"" does not read role = figure'),
        ("total", '"total" does not read role = figure'),
        ("total = ", '"total =" does not read role = figure'),
        ("= a", '"= a" does not read role = figure'),
        ("first = a; second = b;", '"" does not read role = figure'),
        ("first = a; first = b", "first is filled twice"),
        ("parts = a b", '"a b" is no sum of figures'),
        ("parts = a +", '"a +" is no sum of figures'),
        ("parts = + -", '"+ -" is no sum of figures'),
        ("parts = a + + b", '"a + + b" is no sum of figures'),
        ("parts = a + b c", '"a + b c" is no sum of figures'),
        ("shares = a,, b", '"" is no sum of figures'),
    ],
)
def test_what_says_no_terms_is_refused_with_the_reason(text: str, why: str) -> None:
    with pytest.raises(NotTerms) as refused:
        identities.terms(text)
    assert str(refused.value) == why


@given(filled)
def test_written_terms_are_read_again_as_they_were(terms: identities.Terms) -> None:
    def written(total: identities.Sum) -> str:
        return " ".join(f"{'+' if addend.sign == 1 else '-'} {addend.name}" for addend in total)

    text = "; ".join(f"{role} = {', '.join(map(written, several))}" for role, several in terms.items())
    assert identities.terms(text) == terms


def test_every_kind_holds_one_of_its_roles_to_the_others_unless_they_make_a_hundred_percent() -> None:
    assert set(CHECKED) == set(ROLES)
    for kind, alternatives in ROLES.items():
        for roles in alternatives:
            assert CHECKED[kind] <= roles or roles == {"range"}
    assert [kind for kind, roles in CHECKED.items() if not roles] == ["shares_of_whole"]


# Faults

LISTING = {"list_id": "page.l01"}
FIGURES = [
    {"observation_id": "share", "value": "74.0"},
    {"observation_id": "other", "value": "12.5"},
    {"observation_id": "span", "value": "80-90", "qualifier": "range"},
    {"observation_id": "part", "indicator_id": "area", "value": "6226", "unit": "km²"},
    {"observation_id": "whole", "indicator_id": "area", "value": "841396", "unit": "公顷"},
    {"observation_id": "days", "indicator_id": "days", "value": "351", "unit": "天"},
    {"observation_id": "words", "value": "", "unit": "", "value_text": "全部达标"},
    {
        "observation_id": "misread",
        "indicator_id": "area",
        "value": "6226",
        "unit": "天",
        "unit_read": "km²",
        "unit_read_reason_zh": "笔误",
        "unit_read_reason_en": "slip",
    },
]
SHARE = {"kind": "share_of_total", "terms": "share = share; part = part; total = whole"}
ROLES_HINT = "docs/audit.md lists the roles of each kind."
UNITS_HINT = "units.py lists the units."
NUMBERS_HINT = "Only figures with a value can be computed with."
FORM_HINT = "Write role = figure + figure; role = figure."
THERE_HINT = "Figures are named by observation_id, lists by list_id."
ITSELF_HINT = "What is checked may not stand among what it is computed from."


def broken_rules(*rows: Row) -> list[Fault]:
    columns = made.columns(
        observations=FIGURES,
        listings=[LISTING],
        identities=[{"identity_id": f"identity_{number}", **row} for number, row in enumerate(rows, start=1)],
    )
    return sorted(fault for rule in RULES for fault in rule(columns))


def of(kind: str, terms: str) -> Row:
    return {"kind": kind, "terms": terms}


@pytest.mark.parametrize(
    "row",
    [
        SHARE,
        of("share_of_total", "share = share; part = misread; total = whole"),
        of("count_of_list", "count = days; list = page.l01"),
        of("shares_of_whole", "shares = share"),
        of("whole_numbers", "shares = share; most = 20"),
        of("whole_numbers", "shares = share; part = days"),
        of("days_and_ratio", "days = days; ratio = share"),
        of("order", "range = span"),
        of("ratio", "result = share; numerator = part; denominator = whole"),
        {**SHARE, "assumption_zh": "若", "assumption_en": "if"},
    ],
    ids=lambda row: row["kind"],
)
def test_an_identity_that_can_be_checked_has_no_fault(row: Row) -> None:
    assert broken_rules(row) == []


@pytest.mark.parametrize(
    ("row", "rule", "hint"),
    [
        (of("one_fact", "first = part; second = lost"), "name lost, which is not there", THERE_HINT),
        (of("count_of_list", "count = days; list = lost"), "name lost, which is not there", THERE_HINT),
        (of("count_of_list", "count = days; list = part"), "name part, which is not there", THERE_HINT),
        (of("one_fact", "first = share; second = words"), "name words, which has no number", NUMBERS_HINT),
        (
            of("one_fact", "first = part; second = days"),
            "mix units that do not convert: km², 天",
            UNITS_HINT,
        ),
        (
            of("sum_of_parts", "total = part; parts = whole - days"),
            "mix units that do not convert: km², 天",
            UNITS_HINT,
        ),
        (
            of("share_of_total", "share = part; part = whole; total = misread"),
            "mix units that do not convert: percent, km²",
            UNITS_HINT,
        ),
        (
            of("days_and_ratio", "days = share; ratio = days"),
            "mix units that do not convert: day, %",
            UNITS_HINT,
        ),
        (
            of("ratio", "result = share; numerator = part; denominator = days"),
            "mix units that do not convert: %, km², 天",
            UNITS_HINT,
        ),
        (of("one_fact", "first = part; second = part"), "refer to themselves", ITSELF_HINT),
        (of("sum_of_parts", "total = part; parts = whole + part"), "refer to themselves", ITSELF_HINT),
        (of("sum_of_parts", "total = part; parts = whole + whole"), "refer to themselves", ITSELF_HINT),
        (of("one_fact", "first = identity_1; second = part"), "refer to themselves", ITSELF_HINT),
        (of("one_fact", "first: part"), 'cannot be read: "first: part" does not read role = figure', FORM_HINT),
        (of("one_fact", "first = part whole"), 'cannot be read: "part whole" is no sum of figures', FORM_HINT),
        (
            of("sum_of_parts", "first = part; second = whole"),
            "fills first, second; sum_of_parts asks for parts, total",
            ROLES_HINT,
        ),
        (
            of("order", "lower = part"),
            "fills lower; order asks for higher, lower or range",
            ROLES_HINT,
        ),
        (of("one_fact", "first = part, whole; second = misread"), "gives first several sums", ROLES_HINT),
        (
            of("count_of_list", "count = days; list = page.l01 + page.l02"),
            "gives list a sum",
            ROLES_HINT,
        ),
        (
            of("whole_numbers", "shares = share; most = many"),
            "gives most something else than a whole number",
            ROLES_HINT,
        ),
    ],
)  # fmt: skip
def test_terms_that_cannot_be_computed_are_named(row: Row, rule: str, hint: str) -> None:
    assert broken_rules(SHARE, {"identity_id": "identity_1", **row})[-1:] == [
        Fault("identities.csv", 3, "terms", row["terms"], rule, hint)
    ]


def test_half_an_assumption_is_named() -> None:
    assert broken_rules({**SHARE, "assumption_en": "if"}) == [
        Fault(
            "identities.csv", 2, "assumption_zh", "", "and assumption_en must both be filled or both be empty"
        )
    ]


def test_no_two_identities_are_one() -> None:
    assert broken_rules({**SHARE, "identity_id": "first"}, SHARE) == [
        Fault("identities.csv", 3, "terms", SHARE["terms"], "are those of an earlier row of the same kind")
    ]


def test_a_cause_is_another_identity_that_has_none_itself() -> None:
    # The same relation in other words, as no two identities may have the same terms.
    first = {**SHARE, "identity_id": "first", "terms": "part = part; total = whole; share = share"}
    second = {
        **SHARE,
        "identity_id": "second",
        "cause": "first",
        "terms": "total = whole; part = part; share = share",
    }
    assert broken_rules(first, second, {**SHARE, "cause": "first"}) == []
    assert broken_rules({**first, "cause": "first"}) == [
        Fault("identities.csv", 2, "cause", "first", "names the identity itself")
    ]
    assert broken_rules(first, second, {**SHARE, "cause": "second"}) == [
        Fault(
            "identities.csv",
            4,
            "cause",
            "second",
            "names an identity that has a cause itself",
            "Name the first one.",
        )
    ]


@pytest.mark.parametrize(
    "row",
    [
        of("order", "range = part"),
        of("order", "range = span + other"),
        of("whole_numbers", "shares = share, other; part = days"),
    ],
    ids=lambda row: row["kind"],
)
def test_terms_that_no_rule_of_the_audit_can_read_are_faults(row: Row) -> None:
    """A range is one figure with two ends, and a known part belongs to one share."""
    assert [fault.column for fault in broken_rules(row)] == ["terms"]


# The other tables of printed things: what the schema and the rules of the field say of them

NOT_ALLOWED = "is not one of the values allowed"
OTHER_FORM = "has not the form asked for"
TYPES = (
    "One of: regulatory, economic, planning, organisational, information_education, voluntary,"
    " monitoring_accountability."
)
LONG = "补" * 61
SPAN_HINT = "The shortest span that names it, as printed."
SEPARATED = "Separate by semicolons."
LOST = "names nothing that is there"
NO_PERIOD = "is no period of the calendar"
NOT_A = "names something that is not a"
CODES_HINT = "docs/policies.md has a rule and an example for each code."
LACKING = "is empty although it is an instrument"
STRAY = "is given although it is no instrument"
CALENDAR = "Write 2022, 2022-07, 2022-01/2022-06 or 2016/2020, the earlier first."
UNCODED = {"instrument_id": "", "primary_type": ""}
GOAL = {"kind": "goal", **UNCODED}


def hint_of(table: str, column: str) -> str:
    """What the schema says of a column, which is the hint where a cell has another form."""
    resource = next(r for r in made.package().descriptor["resources"] if r["name"] == table)
    return next(str(f["description"]) for f in resource["schema"]["fields"] if f["name"] == column)


@pytest.mark.parametrize(
    ("table", "passing", "failing", "rule", "hint"),
    [
        ("policies", {"primary_type": "economic"}, {"primary_type": "fiscal"}, NOT_ALLOWED, TYPES),
        ("policies", {"secondary_type": "planning"}, {"secondary_type": "plan"}, NOT_ALLOWED, TYPES),
        ("policies", {"kind": "instrument"}, {"kind": "measure"}, NOT_ALLOWED, "One of: instrument, recognition, goal."),
        ("policies", {"themes": "water;soil"}, {"themes": "water;sea"}, OTHER_FORM, None),
        ("policies", {"target_group": "public"}, {"target_group": "everyone"}, OTHER_FORM, None),
        ("policies", {"evidence": LONG[:60]}, {"evidence": LONG}, "is longer than 60 characters", SPAN_HINT),
        ("projects", {"evidence": LONG[:60]}, {"evidence": LONG}, "is longer than 60 characters", SPAN_HINT),
        ("zones", {"evidence": LONG[:60]}, {"evidence": LONG}, "is longer than 60 characters", SPAN_HINT),
        ("listings", {"evidence": LONG[:60]}, {"evidence": LONG}, "is longer than 60 characters", SPAN_HINT),
        ("listings", {"open": "yes"}, {"open": "maybe"}, NOT_ALLOWED, "One of: yes, no."),
        ("projects", {"period": "2023/2025"}, {"period": "2025/2023"}, NO_PERIOD, CALENDAR),
        ("policies", {"period": "2022-12"}, {"period": "2022-13"}, NO_PERIOD, CALENDAR),
        ("policies", {}, {"instrument_id": "unheard_of"}, LOST,
         "instruments.csv has no such instrument_id."),
        ("zones", {}, {"parent": "page.z009"}, LOST, "zones.csv has no such zone_id."),
        *(
            ("policies", {column: made.DEFAULTS["policies"][column]}, {column: ""}, LACKING, CODES_HINT)
            for column in ("instrument_id", "primary_type", "legal_force", "level", "stage", "target_group", "themes")
        ),
        ("policies", GOAL, GOAL | {"primary_type": "economic"}, STRAY, CODES_HINT),
        ("policies", GOAL, GOAL | {"instrument_id": "compensation"}, STRAY, CODES_HINT),
        ("policies", {"secondary_type": "planning"}, {"secondary_type": "economic"}, "is the primary type again", CODES_HINT),
        ("policies", {"targets": "page.002"}, {"targets": "page.002;page.001"}, f"{NOT_A} target", SEPARATED),
        ("policies", {"money": "page.001"}, {"money": "page.009"}, f"{NOT_A} figure", SEPARATED),
        ("policies", {"monitoring": "page.p001"}, {"monitoring": "page.p009"}, f"{NOT_A} policy", SEPARATED),
        ("projects", {"quantities": "page.001;page.002"}, {"quantities": "page.009"}, f"{NOT_A} figure", SEPARATED),
        ("zones", {"quantities": "page.001"}, {"quantities": "page.009"}, f"{NOT_A} figure", SEPARATED),
        ("zones", {"listing": "page.l01"}, {"listing": "page.l09"}, f"{NOT_A} list", SEPARATED),
    ],
    ids=lambda cell: "+".join(cell) if isinstance(cell, dict) else None,
)  # fmt: skip
def test_what_documents_name_is_coded_linked_and_dated(
    table: str, passing: Row, failing: Row, rule: str, hint: str | None, tmp_path: Path
) -> None:
    def faults(row: Row, folder: str) -> list[Fault]:
        rows = {"listings": [LISTING], "instruments": [{"instrument_id": "compensation"}]} | {table: [row]}
        figures = [{}, {"status": "target", "period": "2025"}]
        targets = [{"observation_id": "page.002"}]
        return datapackage.examine(
            made.write(tmp_path / folder, observations=figures, targets=targets, **rows)
        )[1]

    column = next(name for name in failing if failing[name] != passing.get(name, ""))
    expected = hint_of(table, column) if hint is None else hint
    assert faults(passing, "passing") == []
    assert faults(failing, "failing") == [Fault(f"{table}.csv", 2, column, failing[column], rule, expected)]


def test_an_identity_names_a_city_and_a_cause_that_are_there(tmp_path: Path) -> None:
    row = {"identity_id": "one", "kind": "shares_of_whole", "terms": "shares = page.001"}
    wrong = {**row, "city_id": "omega", "cause": "nothing"}
    assert datapackage.examine(made.write(tmp_path / "passing", observations=[{}], identities=[row]))[1] == []
    assert datapackage.examine(made.write(tmp_path / "failing", observations=[{}], identities=[wrong]))[1] == [
        Fault(
            "identities.csv", 2, "cause", "nothing", "names nothing that is there",
            "identities.csv has no such identity_id.",
        ),
        Fault(
            "identities.csv", 2, "city_id", "omega", "names nothing that is there",
            "cities.csv has no such city_id.",
        ),
    ]  # fmt: skip
