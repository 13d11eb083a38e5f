"""What printed digits mean, and what may be said of two such meanings."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ecobrief import interval, units
from ecobrief.interval import INFINITY, QUALIFIERS, Interval, meaning, outer, printed

POINTS = [Decimal(number) / 2 for number in range(-8, 9)]


def between(low: str, high: str) -> Interval:
    """The closed interval."""
    return Interval(Decimal(low), Decimal(high))


@st.composite
def intervals(draw: st.DrawFn, least: Decimal = -INFINITY) -> Interval:
    """Small intervals whose ends often meet, some of them open or without an end; none reaches below `least`."""
    points = [point for point in POINTS if point > least]
    low, high = sorted((draw(st.sampled_from([least, *points])), draw(st.sampled_from([*points, INFINITY]))))
    if low == high:
        return Interval(low, high)
    return Interval(low, high, draw(st.booleans()), draw(st.booleans()))


numerals = st.one_of(
    st.integers(0, 10**6).map(str),
    st.integers(1, 999).flatmap(lambda n: st.integers(1, 4).map(lambda zeros: f"{n}{'0' * zeros}")),
    st.tuples(st.integers(0, 9999), st.integers(0, 999)).map(lambda parts: f"{parts[0]}.{parts[1]:03d}"),
    st.tuples(st.integers(0, 999), st.integers(0, 9)).map(lambda parts: f"{parts[0]}.{parts[1]}"),
)
holding_their_value = [
    qualifier for qualifier in QUALIFIERS if qualifier in ("exact", "about", "at_least", "at_most")
]


# What digits mean


def test_a_value_stands_for_half_a_unit_of_its_last_digit_on_each_side() -> None:
    assert printed("76.31") == between("76.305", "76.315")
    assert printed("356") == between("355.5", "356.5")


def test_a_zero_at_the_end_of_a_decimal_fraction_is_a_digit_like_any_other() -> None:
    assert printed("76.30") == between("76.295", "76.305")
    assert printed("76.3") == between("76.25", "76.35")
    assert outer("76.30") == printed("76.30")


def test_a_multiplier_belongs_to_the_digit() -> None:
    assert printed("9").scaled(units.factor("万平方公里", "km2")) == between("85000", "95000")


def test_a_whole_number_ending_in_zeros_is_read_at_both_resolutions() -> None:
    assert printed("4500") == between("4499.5", "4500.5")
    assert outer("4500") == between("4450", "4550")


def test_a_whole_number_that_ends_in_no_zero_has_one_resolution() -> None:
    assert outer("4501") == printed("4501")
    assert outer("0") == printed("0") == between("-0.5", "0.5")


def test_a_hundred_percent_is_no_padded_number() -> None:
    assert outer("100", maximum=Decimal(100)) == between("99.5", "100.5")
    assert outer("100") == between("50", "150")
    assert outer("90", maximum=Decimal(100)) == between("85", "95")


def test_a_count_is_exact() -> None:
    assert printed("351", counted=True) == between("351", "351")
    assert outer("350", counted=True) == between("350", "350")


@pytest.mark.parametrize(
    ("words", "qualifier", "expected"),
    [
        ("300以上、不低于300", "at_least", Interval(Decimal(300), INFINITY)),
        ("300以下", "at_most", Interval(-INFINITY, Decimal(300))),
        ("超过300", "more_than", Interval(Decimal(300), INFINITY, low_open=True)),
        ("近300、不足300", "less_than", Interval(-INFINITY, Decimal(300), high_open=True)),
        ("约300", "about", between("299.5", "300.5")),
    ],
)
def test_words_beside_a_number_move_its_ends(words: str, qualifier: str, expected: Interval) -> None:
    assert printed("300", qualifier) == expected, words


def test_a_number_and_more_lies_before_the_next_round_one() -> None:
    assert printed("70", "and_more") == Interval(Decimal(70), Decimal(80), low_open=True, high_open=True)
    assert printed("300", "and_more") == Interval(Decimal(300), Decimal(400), low_open=True, high_open=True)


def test_a_bound_stays_where_it_is_printed_however_many_zeros_it_has() -> None:
    assert outer("300", "at_least") == printed("300", "at_least")


def test_a_range_reaches_from_the_least_of_its_low_end_to_the_most_of_its_high_end() -> None:
    assert printed("21.5-26", "range") == between("21.45", "26.5")
    assert printed("80-90", "range", counted=True) == between("80", "90")
    assert outer("80-90", "range") == between("75", "95")


def test_a_padded_high_end_does_not_pull_the_low_end_of_a_range_down() -> None:
    assert outer("80-100", "range") == between("75", "150")


def test_a_range_printed_the_wrong_way_round_means_what_lies_between_its_ends() -> None:
    assert printed("26-21.5", "range") == printed("21.5-26", "range") == between("21.45", "26.5")
    assert outer("100-80", "range") == outer("80-100", "range")
    assert printed("90-80", "range", counted=True) == between("80", "90")


def test_the_ends_of_a_range_are_told_in_the_order_of_print() -> None:
    assert interval.range_ends("26-21.5") == ("26", "21.5")


@pytest.mark.parametrize("wrong", ["80-", "-", "80", "-80", ""])
def test_a_range_has_two_ends(wrong: str) -> None:
    with pytest.raises((ValueError, ArithmeticError)):
        printed(wrong, "range")


def test_a_qualifier_that_is_not_known_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match="'roughly' is none of exact, about"):
        printed("5", "roughly")


# Intervals


def test_no_interval_is_empty() -> None:
    with pytest.raises(ValueError, match="no value lies between 2 and 1"):
        between("2", "1")
    with pytest.raises(ValueError, match="no value lies between 1 and 1"):
        Interval(Decimal(1), Decimal(1), low_open=True)


def test_an_open_end_is_not_among_the_values() -> None:
    seventies = printed("70", "and_more")
    assert Decimal(70) not in seventies
    assert Decimal(75) in seventies
    assert Decimal(80) not in seventies
    assert Decimal(80) in between("70", "80")


def test_a_share_is_clipped_to_a_hundred() -> None:
    assert printed("100").clipped(Decimal(0), Decimal(100)) == between("99.5", "100")


def test_an_end_is_open_after_clipping_only_where_it_was() -> None:
    more = printed("90", "more_than").clipped(Decimal(0), Decimal(100))
    assert more == Interval(Decimal(90), Decimal(100), low_open=True)
    below = Interval(Decimal(90), Decimal(100), high_open=True)
    assert below.clipped(Decimal(0), Decimal(100)) == below


def test_what_lies_wholly_beyond_the_limits_cannot_be_clipped() -> None:
    with pytest.raises(ValueError, match="no value lies between"):
        printed("120").clipped(Decimal(0), Decimal(100))


def test_intervals_that_share_an_end_overlap_if_both_have_it() -> None:
    assert between("1", "2").overlaps(between("2", "3"))
    assert not between("1", "2").overlaps(Interval(Decimal(2), Decimal(3), low_open=True))
    assert between("1", "2").below(Interval(Decimal(2), Decimal(3), low_open=True))
    assert not between("1", "2").below(between("2", "3"))


def test_a_hull_keeps_the_end_that_one_of_the_two_has() -> None:
    half_open = Interval(Decimal(1), Decimal(2), low_open=True, high_open=True)
    assert half_open.hull(between("1", "2")) == between("1", "2")
    assert half_open.hull(half_open) == half_open


def test_an_end_at_infinity_stays_there_in_any_unit() -> None:
    assert printed("5", "at_least").scaled(units.factor("万亩", "km2")).high == INFINITY


@given(numerals, st.sampled_from(holding_their_value), st.booleans())
def test_a_value_lies_in_its_own_interval(value: str, qualifier: str, counted: bool) -> None:
    assert Decimal(value) in printed(value, qualifier, counted=counted)
    assert Decimal(value) in outer(value, qualifier, counted=counted)


@given(numerals, st.sampled_from([q for q in QUALIFIERS if q != "range"]), st.booleans())
def test_the_outer_interval_holds_the_printed_one(value: str, qualifier: str, counted: bool) -> None:
    narrow, wide = printed(value, qualifier, counted=counted), outer(value, qualifier, counted=counted)
    assert narrow.hull(wide) == wide


@given(numerals, numerals)
def test_the_outer_interval_of_a_range_holds_the_printed_one(one: str, other: str) -> None:
    low, high = sorted((one, other), key=Decimal)
    narrow, wide = printed(f"{low}-{high}", "range"), outer(f"{low}-{high}", "range")
    assert narrow.hull(wide) == wide
    assert Decimal(low) in narrow
    assert Decimal(high) in narrow


@given(numerals)
def test_what_rounds_to_the_printed_digits_lies_in_the_interval(value: str) -> None:
    step = interval.resolution(value)
    for aside in ("-0.49", "0", "0.49"):
        neighbour = Decimal(value) + step * Decimal(aside)
        assert neighbour.quantize(step) == Decimal(value)
        assert neighbour in printed(value)


@given(intervals(), intervals())
def test_a_hull_holds_both_and_no_value_beyond_their_ends(one: Interval, other: Interval) -> None:
    hull = one.hull(other)
    assert hull == other.hull(one)
    for point in POINTS:
        if point in one or point in other:
            assert point in hull
    assert {hull.low, hull.high} <= {one.low, one.high, other.low, other.high}


@given(intervals(), intervals(), intervals())
def test_below_is_a_strict_order(one: Interval, other: Interval, third: Interval) -> None:
    assert not one.below(one)
    assert not (one.below(other) and other.below(one))
    if one.below(other) and other.below(third):
        assert one.below(third)


@given(intervals(), intervals())
def test_overlapping_goes_both_ways_and_excludes_being_below(one: Interval, other: Interval) -> None:
    assert one.overlaps(other) == other.overlaps(one)
    assert [one.below(other), one.overlaps(other), other.below(one)].count(True) == 1


@given(intervals(), intervals())
def test_intervals_overlap_exactly_where_a_value_lies_in_both(one: Interval, other: Interval) -> None:
    quarters = [Decimal(number) / 4 for number in range(-20, 21)]
    assert one.overlaps(other) == any(point in one and point in other for point in quarters)


@given(intervals(), st.sampled_from(POINTS), st.sampled_from(POINTS))
def test_clipping_keeps_the_values_within_the_limits_and_no_others(
    one: Interval, low: Decimal, high: Decimal
) -> None:
    assume(low <= high)
    within = [point for point in [*POINTS, low, high] if low <= point <= high and point in one]
    try:
        clipped = one.clipped(low, high)
    except ValueError:
        assert not within
        return
    assert all((point in clipped) == (low <= point <= high and point in one) for point in POINTS)


@given(numerals, numerals, st.booleans())
def test_a_range_is_the_same_in_either_order(one: str, other: str, counted: bool) -> None:
    for read in (printed, outer):
        assert read(f"{one}-{other}", "range", counted=counted) == read(
            f"{other}-{one}", "range", counted=counted
        )


# Arithmetic: what is computed from intervals holds every value that is computed from values in them


def within(one: Interval) -> st.SearchStrategy[Decimal]:
    """Values of an interval: its ends where they belong to it, points between and beyond where it has no end."""
    low = one.low if one.low.is_finite() else min(one.high, Decimal(0)) - 9
    high = one.high if one.high.is_finite() else max(one.low, Decimal(0)) + 9
    steps = [low + (high - low) * part / 8 for part in range(9)]
    return st.sampled_from([value for value in steps if value in one])


@given(intervals(), intervals(), st.data())
def test_a_sum_and_a_difference_hold_those_of_any_two_values(
    one: Interval, other: Interval, data: st.DataObject
) -> None:
    ours, theirs = data.draw(within(one)), data.draw(within(other))
    assert ours + theirs in one + other
    assert ours - theirs in one - other


@given(intervals(), intervals())
def test_a_sum_has_no_value_that_no_two_values_make(one: Interval, other: Interval) -> None:
    total = one + other
    assert total == other + one
    assert (total.low, total.high) == (one.low + other.low, one.high + other.high)
    assert (total.low in total) == (one.low in one and other.low in other)
    assert (total.high in total) == (one.high in one and other.high in other)


@given(intervals(), intervals())
def test_a_difference_has_no_value_that_no_two_values_make(one: Interval, other: Interval) -> None:
    rest = one - other
    assert (rest.low, rest.high) == (one.low - other.high, one.high - other.low)
    assert (rest.low in rest) == (one.low in one and other.high in other)
    assert (rest.high in rest) == (one.high in one and other.low in other)


@given(intervals(Decimal(0)), intervals(Decimal("0.25")), st.data())
def test_a_quotient_holds_that_of_any_two_values(one: Interval, other: Interval, data: st.DataObject) -> None:
    ours, theirs = data.draw(within(one)), data.draw(within(other))
    assert ours / theirs in one / other


def test_a_quotient_reaches_from_the_least_over_the_most_to_the_most_over_the_least() -> None:
    assert between("1", "2") / between("4", "5") == between("0.2", "0.5")
    assert between("1", "2") / Interval(Decimal(4), Decimal(5), high_open=True) == Interval(
        Decimal("0.2"), Decimal("0.5"), low_open=True
    )
    assert (between("1", "2") / printed("4", "at_least")).high == Decimal("0.5")
    assert (printed("4", "at_least") / between("1", "2")).high == INFINITY


@pytest.mark.parametrize(
    ("one", "other"), [(("1", "2"), ("0", "1")), (("1", "2"), ("-1", "1")), (("-1", "1"), ("1", "2"))]
)
def test_nothing_is_divided_by_what_may_be_zero_nor_what_may_be_negative(
    one: tuple[str, str], other: tuple[str, str]
) -> None:
    with pytest.raises(ValueError, match="no quotient of"):
        between(*one) / between(*other)


@given(intervals(), intervals())
def test_a_gap_is_how_far_the_one_must_move_to_meet_the_other(one: Interval, other: Interval) -> None:
    gap = one.gap(other)
    assert gap == other.gap(one) >= 0
    if one.overlaps(other):
        assert gap == 0
    elif gap:
        left, right = sorted((one, other), key=lambda side: side.high)
        assert left.high + gap == right.low


# A printed value as a point with its two readings


@given(numerals, st.sampled_from([q for q in QUALIFIERS if q != "range"]), st.booleans())
def test_a_meaning_has_the_point_that_is_printed_and_both_readings(
    value: str, qualifier: str, counted: bool
) -> None:
    meant = meaning(value, qualifier, counted=counted)
    assert meant.point == Decimal(value)
    assert meant.fine == printed(value, qualifier, counted=counted)
    assert meant.coarse == outer(value, qualifier, counted=counted)


@given(numerals, numerals)
def test_the_point_of_a_range_is_its_middle_whichever_way_it_is_printed(one: str, other: str) -> None:
    meant = meaning(f"{one}-{other}", "range", counted=False)
    assert 2 * meant.point == Decimal(one) + Decimal(other)
    assert meant == meaning(f"{other}-{one}", "range", counted=False)


@given(numerals, st.sampled_from(["0.01", "1", "10000"]))
def test_a_meaning_in_another_unit_is_scaled_throughout(value: str, scale: str) -> None:
    here = meaning(value, "exact", counted=False)
    there = meaning(value, "exact", counted=False, scale=Decimal(scale))
    assert there.point == here.point * Decimal(scale)
    assert (there.fine, there.coarse) == (
        here.fine.scaled(Decimal(scale)),
        here.coarse.scaled(Decimal(scale)),
    )


def test_a_meaning_keeps_to_what_is_possible() -> None:
    whole = meaning("100", "exact", counted=False, least=Decimal(0), most=Decimal(100))
    assert whole.fine == whole.coarse == between("99.5", "100")
    assert meaning("0", "exact", counted=False, least=Decimal(0)).fine == between("0", "0.5")
    assert meaning("90", "at_least", counted=False, most=Decimal(100)).fine == between("90", "100")
    with pytest.raises(ValueError, match="no value lies between"):
        meaning("120", "exact", counted=False, most=Decimal(100))


def test_a_limit_is_in_the_unit_asked_for() -> None:
    """100 公顷 are 1 km², so that the value stands at its limit and is no padded number."""
    meant = meaning("100", "exact", counted=False, scale=Decimal("0.01"), most=Decimal(1))
    assert meant.coarse == between("0.995", "1")


@given(intervals(), st.sampled_from(["0.01", "1", "10000"]))
def test_another_unit_keeps_what_lies_inside_and_what_lies_outside(one: Interval, factor: str) -> None:
    scaled = one.scaled(Decimal(factor))
    assert all((point * Decimal(factor) in scaled) == (point in one) for point in POINTS)
