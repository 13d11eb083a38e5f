"""How far two coders agree: alpha against worked examples from the literature, and what may be charted."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import made
from ecobrief.compare import agreement
from ecobrief.compare.agreement import alpha, masi, nominal

codings = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), min_size=1, max_size=12)
sets = st.sets(st.sampled_from(["air", "soil", "water"]), min_size=1).map(
    lambda codes: ";".join(sorted(codes))
)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [("0100000010", "1110010000", 0.095), ("aabbdcccedda", "babbbccceddd", 0.692)],
    ids=["binary", "nominal"],
)
def test_alpha_is_that_of_krippendorffs_worked_examples(one: str, other: str, expected: float) -> None:
    """K. Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), sections A and B: two observers, none missing."""
    assert round(alpha(list(zip(one, other, strict=True)), nominal), 3) == expected


def test_alpha_is_one_where_nobody_disagrees_and_below_zero_where_everybody_does() -> None:
    assert alpha([("a", "a"), ("b", "b")], nominal) == 1
    assert alpha([("a", "a"), ("a", "a")], nominal) == 1
    assert alpha([("a", "b"), ("b", "a")], nominal) < 0


def test_alpha_needs_something_that_was_coded_twice() -> None:
    with pytest.raises(ValueError, match="at least one unit that was coded twice"):
        alpha([], nominal)


@given(codings)
def test_alpha_depends_neither_on_who_is_first_nor_on_the_order_of_units(
    pairs: list[tuple[str, str]],
) -> None:
    value = alpha(pairs, nominal)
    assert value <= 1
    assert alpha([(other, one) for one, other in reversed(pairs)], nominal) == pytest.approx(value)


@pytest.mark.parametrize(
    ("one", "other", "distance"),
    [
        ("water", "water", 0),
        ("soil;water", "water;soil", 0),
        ("water", "soil", 1),
        ("water", "soil;water", 1 - 1 / 2 * 2 / 3),
        ("air;soil;water", "water", 1 - 1 / 3 * 2 / 3),
        ("air;water", "soil;water", 1 - 1 / 3 * 1 / 3),
    ],
    ids=["equal", "in another order", "disjoint", "one within the other", "one within three", "overlapping"],
)
def test_sets_of_codes_differ_by_what_they_share_and_how_they_hold_each_other(
    one: str, other: str, distance: float
) -> None:
    """R. Passonneau, Measuring Agreement on Set-valued Items (2006): Jaccard times 1, 2/3, 1/3 or 0."""
    assert masi(one, other) == pytest.approx(distance)


@given(sets, sets)
def test_the_distance_of_two_sets_is_symmetric_and_zero_only_for_the_same(one: str, other: str) -> None:
    assert masi(one, other) == masi(other, one)
    assert 0 <= masi(one, other) <= 1
    assert (masi(one, other) == 0) == (one == other)


# Dimensions

FIRST = [
    {"primary_type": kind, "level": level, "themes": theme}
    for kind, level, theme in zip(
        ["economic", "planning"] * 5, ["county", "prefecture"] * 5, ["water", "soil"] * 5, strict=True
    )
]


def second(row: dict[str, str], number: int, **changes: str) -> dict[str, str]:
    """What the second coder saw in a policy: the same, but for what is given."""
    return {
        name: cell
        for name, cell in {**made.DEFAULTS["policies"], **row, **changes}.items()
        if name not in ("city_id", "source_id", "evidence", "instrument_id", "name_zh", "name_en")
    } | {"policy_id": f"page.p{number:03d}"}


def reliability(*changes: dict[str, str]) -> dict[str, tuple[float, int, bool]]:
    """Dimension → alpha, units and whether it is charted, where the second coder differed in these first policies."""
    more = [*changes, *({} for _ in range(len(FIRST) - len(changes)))]
    coded = [
        second(row, number, **change)
        for number, (row, change) in enumerate(zip(FIRST, more, strict=True), start=1)
    ]
    frame = agreement.reliability(made.package(policies=FIRST, second_codings=coded))
    return {row.dimension: (row.alpha, row.units, row.charted) for row in frame.itertuples()}


def test_every_dimension_of_the_code_book_is_told_with_its_units() -> None:
    told = reliability()
    assert list(told) == [
        "kind", "primary_type", "legal_force", "level", "stage", "target_group", "themes",
    ]  # fmt: skip
    assert set(told.values()) == {(1.0, 10, True)}


def test_a_dimension_below_two_thirds_is_not_charted_and_the_others_are() -> None:
    told = reliability({"level": "prefecture"}, {"level": "county"}, {"level": "prefecture"})
    assert told["level"] == (pytest.approx(1 - 19 * 6 / (2 * 9 * 11)), 10, False)
    assert told["primary_type"] == (1.0, 10, True)


def test_one_difference_in_ten_leaves_a_dimension_on_the_chart() -> None:
    value, _, charted = reliability({"level": "prefecture"})["level"]
    assert value == pytest.approx(1 - 19 * 2 / (2 * 9 * 11))
    assert charted


def test_a_set_that_is_nearly_the_same_costs_less_than_another_one() -> None:
    nearly, other = (reliability({"themes": themes})["themes"][0] for themes in ("soil;water", "soil"))
    assert other < nearly < 1


def test_what_only_instruments_have_is_compared_where_both_saw_an_instrument() -> None:
    told = reliability({"kind": "goal", "primary_type": ""}, {"kind": "left_out", "primary_type": ""})
    assert told["kind"][1] == 10
    assert told["kind"][0] < 1
    assert told["primary_type"] == (1.0, 8, True)


def test_without_anything_coded_twice_no_dimension_is_charted() -> None:
    frame = agreement.reliability(made.package(policies=FIRST, second_codings=[]))
    assert not frame["charted"].any()
    assert set(frame["units"]) == {0}
