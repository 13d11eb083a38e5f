"""How far a rank depends on the weights: against brute force in whole fractions, and in cases known by hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import combinations, pairwise, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecobrief.compare import weights
from ecobrief.compare.weights import Ranks, Region, around_equal, dominance, ranks, simplex, trust

Scores = list[list[int]]
Kind = Callable[[int], Region]
HALF = Fraction(1, 2)


def ends(found: Sequence[Ranks]) -> list[tuple[int, int]]:
    return [(each.best, each.worst) for each in found]


# --- brute force: ranks change only where two cities are equal, so that every rank shows at a corner of the pattern of such
# lines in the region, or at the middle of two or three corners (inside an edge or a cell)


def score(city: Sequence[int], at: Sequence[Fraction]) -> Fraction:
    return sum((c * w for c, w in zip(city, at, strict=True)), Fraction(0))


def ranks_at(scores: Scores, i: int, at: Sequence[Fraction]) -> set[int]:
    own = score(scores[i], at)
    rest = [score(other, at) for j, other in enumerate(scores) if j != i]
    return set(range(1 + sum(s > own for s in rest), 2 + sum(s >= own for s in rest)))


def crossing(one: Sequence[Fraction], other: Sequence[Fraction]) -> tuple[Fraction, Fraction] | None:
    """Where a·x + b·y = c for both."""
    (a, b, c), (d, e, f) = one, other
    det = a * e - b * d
    return ((c * e - b * f) / det, (a * f - c * d) / det) if det else None


def weightings(scores: Scores, region: Region) -> list[tuple[Fraction, ...]]:
    """Corners of the pattern and middles between them, for two or three indicators."""
    size = len(region.low)
    differences = [[a - b for a, b in zip(one, other, strict=True)] for one, other in combinations(scores, 2)]
    if size == 2:
        xs = {Fraction(d[1], d[1] - d[0]) for d in differences if d[0] != d[1]}
        xs |= {region.low[0], region.high[0], 1 - region.low[1], 1 - region.high[1]}
        corners: list[tuple[Fraction, ...]] = [(x, 1 - x) for x in xs]
    else:
        lines = [[Fraction(d[0] - d[2]), Fraction(d[1] - d[2]), Fraction(-d[2])] for d in differences]
        one, nil = Fraction(1), Fraction(0)
        for q, (low, high) in enumerate(zip(region.low, region.high, strict=True)):
            if q == 2:
                lines += [[one, one, 1 - low], [one, one, 1 - high]]
            else:
                side = [one, nil] if q == 0 else [nil, one]
                lines += [[*side, low], [*side, high]]
        points = [crossing(*two) for two in combinations(lines, 2)]
        corners = [(*p, 1 - p[0] - p[1]) for p in dict.fromkeys(points) if p]
    held = [
        w for w in corners if all(a <= x <= b for a, x, b in zip(region.low, w, region.high, strict=True))
    ]
    between = [
        tuple(sum(xs, Fraction(0)) / count for xs in zip(*some, strict=True))
        for count in range(2, size + 1)
        for some in combinations(held, count)
    ]
    return [*held, *between]


def by_brute_force(scores: Scores, region: Region) -> list[tuple[int, ...]]:
    at = weightings(scores, region)
    return [tuple(sorted(set().union(*(ranks_at(scores, i, w) for w in at)))) for i in range(len(scores))]


def table(cities: tuple[int, int], indicators: int, top: int) -> st.SearchStrategy[Scores]:
    city = st.lists(st.integers(0, top), min_size=indicators, max_size=indicators)
    return st.lists(city, min_size=cities[0], max_size=cities[1])


REGIONS = st.sampled_from([simplex, around_equal])


@settings(max_examples=60)
@given(table((2, 4), 2, 6), REGIONS)
def test_ranks_between_two_indicators_are_those_of_brute_force(scores: Scores, kind: Kind) -> None:
    region = kind(2)
    expected = by_brute_force(scores, region)
    found = ranks(scores, region)
    assert [each.attained for each in found] == expected
    assert ends(found) == [(own[0], own[-1]) for own in expected]


@settings(max_examples=25)
@given(table((2, 4), 3, 4), REGIONS)
def test_ranks_among_three_indicators_are_those_of_brute_force(scores: Scores, kind: Kind) -> None:
    region = kind(3)
    expected = by_brute_force(scores, region)
    found = ranks(scores, region)
    assert [each.attained for each in found] == expected
    assert ends(found) == [(own[0], own[-1]) for own in expected]


@settings(max_examples=25)
@given(table((2, 3), 2, 4), st.lists(st.integers(0, 2), min_size=6, max_size=6))
def test_ranks_over_weights_and_digits_are_those_of_all_values_in_the_intervals(
    low: Scores, widths: list[int]
) -> None:
    """Brute force over whole numbers at the interval ends and at every breakpoint: an attained rank shows there."""
    wide = iter(widths)
    high = [[x + next(wide) for x in city] for city in low]
    region = simplex(2)
    values = [
        range(a, b + 1)
        for ours, theirs in zip(low, high, strict=True)
        for a, b in zip(ours, theirs, strict=True)
    ]
    seen: list[set[int]] = [set() for _ in low]
    for flat in product(*values):
        scores = [list(flat[n : n + 2]) for n in range(0, len(flat), 2)]
        for own, more in zip(seen, by_brute_force(scores, region), strict=True):
            own |= set(more)
    found = ranks(low, region, low, high)
    assert [each.attained for each in found] == [tuple(sorted(own)) for own in seen]


@settings(max_examples=40)
@given(table((2, 5), 2, 6), REGIONS)
def test_shares_between_two_indicators_are_exact_lengths(scores: Scores, kind: Kind) -> None:
    region = kind(2)
    xs = sorted({x for x, _ in weightings(scores, region)})
    for i, each in enumerate(ranks(scores, region)):
        lengths: dict[int, Fraction] = {}
        for one, other in pairwise(xs):
            middle = (one + other) / 2
            rank = min(ranks_at(scores, i, (middle, 1 - middle)))
            lengths[rank] = lengths.get(rank, Fraction(0)) + other - one
        whole = sum(lengths.values())
        assert each.shares == {rank: float(lengths[rank] / whole) for rank in sorted(lengths)}


@settings(max_examples=25)
@given(st.integers(1, 4).flatmap(lambda size: table((2, 5), size, 6)), REGIONS)
def test_the_shares_of_a_city_sum_to_one_and_give_only_ranks_it_can_take(
    scores: Scores, kind: object
) -> None:
    for each in ranks(scores, kind(len(scores[0]))):
        assert each.shares is not None
        assert each.attained is not None
        assert sum(each.shares.values()) == pytest.approx(1, abs=1e-9)
        assert set(each.shares) <= set(each.attained)


@settings(max_examples=40)
@given(table((2, 5), 3, 3))
def test_a_city_that_dominates_another_is_never_ranked_below_it(scores: Scores) -> None:
    found = ranks(scores, simplex(3))
    for i, j in zip(*np.nonzero(dominance(scores)), strict=True):
        assert found[i].best <= found[j].best
        assert found[i].worst <= found[j].worst


# --- cases known by hand


def test_three_equal_corners_share_the_weights_in_thirds() -> None:
    found = ranks([[1, 0, 0], [0, 1, 0], [0, 0, 1]], simplex(3))
    for each in found:
        assert each.attained == (1, 2, 3)
        assert each.shares == pytest.approx({1: 1 / 3, 2: 1 / 3, 3: 1 / 3})


def test_a_city_between_two_others_is_first_for_the_weights_between_the_crossings() -> None:
    """Scores (1, 0), (0, 1), (0.6, 0.6): first for a weight of the first indicator between 0.4 and 0.6."""
    middle = ranks([[1, 0], [0, 1], [0.6, 0.6]], simplex(2))[2]
    assert middle.attained == (1, 2)
    assert middle.shares == pytest.approx({1: 0.2, 2: 0.8})


def test_a_rank_that_a_single_weighting_gives_is_found() -> None:
    """Three lines meet in one point: only at equal weights the middle city, tied with both, is first or last."""
    middle = ranks([[1, 0], [0, 1], [0.5, 0.5]], simplex(2))[2]
    assert middle.attained == (1, 2, 3)
    assert middle.shares == {2: 1.0}


def test_a_rank_missed_by_a_hair_is_not_claimed() -> None:
    for short in (1e-6, 1e-9, 1e-11):
        middle = ranks([[1, 0], [0, 1], [0.5 - short, 0.5 - short]], simplex(2))[2]
        assert middle.attained == (2, 3)
        assert (middle.best, middle.worst) == (2, 3)


def test_three_cities_crossing_at_a_weighting_with_a_long_fraction_are_decided_exactly() -> None:
    """The three are equal at weights 3/7 and 4/7 alone."""
    scores = [[4, 0], [0, 3], [2, 1.5]]
    assert ranks(scores, simplex(2))[2].attained == (1, 2, 3)
    assert ranks([*scores[:2], [2, 1.5 - 1e-10]], simplex(2))[2].attained == (2, 3)


def test_equal_cities_share_ranks_and_have_the_better_in_shares() -> None:
    found = ranks([[1, 1], [1, 1], [0, 0]], simplex(2))
    assert [each.attained for each in found] == [(1, 2), (1, 2), (3,)]
    assert [each.shares for each in found] == [{1: 1.0}, {1: 1.0}, {3: 1.0}]


def test_digits_widen_ranks_but_not_shares() -> None:
    found = ranks([[0.5], [0.51]], simplex(1), [[0.495], [0.505]], [[0.505], [0.515]])
    assert [each.attained for each in found] == [(1, 2), (1, 2)]
    assert [each.shares for each in found] == [{2: 1.0}, {1: 1.0}]


def test_dominance_holds_surely_only_where_the_digits_do_not_meet() -> None:
    assert dominance([[0.9, 0.5], [0.8, 0.5]]).tolist() == [[False, True], [False, False]]
    assert not dominance([[0.85, 0.45], [0.75, 0.45]], [[0.95, 0.55], [0.85, 0.55]]).any()
    assert dominance([[0.85, 0.6], [0.75, 0.4]], [[0.95, 0.7], [0.85, 0.5]])[0, 1]


def test_bounds_stand_for_half_and_twice_equal_weight() -> None:
    assert around_equal(4) == Region((Fraction(1, 8),) * 4, (HALF,) * 4)
    assert around_equal(1) == Region((HALF,), (Fraction(1),))


@pytest.mark.parametrize(
    ("low", "high"),
    [((0, 0), (HALF, Fraction(2, 5))), ((HALF, 1), (1, 1)), ((-1, 0), (1, 1)), ((1, 0), (0, 1))],
)
def test_bounds_that_no_weights_meet_are_refused(
    low: tuple[Fraction, ...], high: tuple[Fraction, ...]
) -> None:
    with pytest.raises(ValueError, match="sum to one"):
        Region(low, high)


def test_beyond_eight_cities_only_the_two_ends_are_given() -> None:
    scores = [[n, 9 - n] for n in range(10)]
    found = ranks(scores, simplex(2))
    assert {(each.best, each.worst, each.attained, each.shares) for each in found} == {(1, 10, None, None)}
    bounded = ranks([[n, n + (n == 0)] for n in range(10)], simplex(2))
    assert ends(bounded) == [(9, 10), (9, 10), *((10 - n, 10 - n) for n in range(2, 10))]


@settings(max_examples=10)
@given(table((9, 11), 2, 6), REGIONS)
def test_the_two_ends_of_many_cities_are_those_of_brute_force(scores: Scores, kind: Kind) -> None:
    region = kind(2)
    expected = [(own[0], own[-1]) for own in by_brute_force(scores, region)]
    assert ends(ranks(scores, region)) == expected


def test_beyond_six_indicators_shares_are_not_estimated() -> None:
    found = ranks(np.eye(7), simplex(7))
    assert {(each.attained, each.shares) for each in found} == {((1, 2, 3, 4, 5, 6, 7), None)}


@pytest.mark.parametrize(
    ("everywhere", "within", "code"),
    [
        ([[2, 2], [1, 1]], [[2, 2], [1, 1]], "same_for_all_weights"),
        ([[4, 0], [0, 1]], [[4, 0], [0, 1]], "same_within_bounds"),
        ([[1, 0], [0, 1]], [[1, 0], [0, 1]], "depends_on_weights"),
    ],
)
def test_trust_in_ranks_follows_from_how_far_they_hold(everywhere: Scores, within: Scores, code: str) -> None:
    assert trust(ranks(everywhere, simplex(2)), ranks(within, around_equal(2))) == code


# Near a tie


def test_cities_on_a_line_that_rounding_has_bent_are_decided_in_fractions() -> None:
    """Twelve decimals of x/70 leave near-ties that no floating point tells apart."""
    scores = np.array([[(50 + 3 * i) / 100, (90 - 4 * i) / 100, (15 - i) / 70] for i in range(5)])
    for region in (around_equal(3), simplex(3)):
        first, *_, last = ends(ranks(scores, region))
        assert (first, last) == ((1, 5), (1, 5))


SYSTEMS = st.lists(st.tuples(*[st.integers(-3, 3)] * 3), max_size=5)


@settings(deadline=None, max_examples=200)
@given(SYSTEMS, st.sampled_from([simplex(3), around_equal(3)]))
def test_the_simplex_method_in_fractions_finds_weights_exactly_where_the_checked_solver_does(
    system: list[tuple[int, ...]], region: Region
) -> None:
    rows = [tuple(map(Fraction, row)) for row in system]
    found = weights._by_simplex(rows, region)
    assert (found is None) == (weights._weighting(rows, region) is None)
    if found is not None:
        assert sum(found) == 1
        assert all(low <= w <= high for low, w, high in zip(region.low, found, region.high, strict=True))
        assert all(sum(a * w for a, w in zip(row, found, strict=True)) >= 0 for row in rows)
