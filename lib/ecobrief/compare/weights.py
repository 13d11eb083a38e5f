"""How far a rank depends on the weights: ranks over every weighting, proven in exact arithmetic.

Scores are a row a city and a column an indicator, more being better; for geometric means their logarithms, since
log Π x^w = Σ w log x. Weightings are the whole simplex (each weight at least zero, together one) or a part of it.

At one weighting a city has every rank from one more than the cities strictly above it to the number of those not strictly below:
tied cities share the ranks between them. So it can take rank r if and only if the others split into r - 1 that are not below it
and the rest, not above it, at some weighting: weak linear inequalities, one system a split. Best and worst rank are found as
in extreme ranking analysis (Salo & Punkka 2011, Ranking intervals and dominance relations for ratio-based efficiency
analysis, Management Science 57, 200–214) by mixed integer programming. The solver works in floating point, so that no split
is taken from it unchecked (`_weighting`): what it finds is proven in fractions, or solved in them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any, Literal

import numpy as np

CITIES_IN_FULL = 8
"""Up to so many cities every rank and its share of the weightings are found, beyond them the two ends alone."""
INDICATORS_IN_FULL = 6
DECIMALS = 12
NEGLIGIBLE = 1e-10
"""The radius under which a set of weightings counts as empty in a share (never in a rank)."""

Row = tuple[Fraction, ...]
Trust = Literal["same_for_all_weights", "same_within_bounds", "depends_on_weights"]


@dataclass(frozen=True)
class Region:
    """The weightings considered: each weight between its bounds, all together one.

    Raises:
        ValueError: no weighting is within the bounds.
    """

    low: Row
    high: Row

    def __post_init__(self) -> None:
        inside = all(0 <= low <= high <= 1 for low, high in zip(self.low, self.high, strict=True))
        if not (inside and sum(self.low) <= 1 <= sum(self.high)):
            raise ValueError("no weights within these bounds sum to one; bounds lie between 0 and 1")

    def most(self, row: Row) -> Fraction:
        """The greatest value of row · w: what is left after the lower bounds goes to the greatest entries."""
        left = 1 - sum(self.low)
        total = sum((c * low for c, low in zip(row, self.low, strict=True)), Fraction(0))
        for c, low, high in sorted(zip(row, self.low, self.high, strict=True), reverse=True):
            given = min(left, high - low)
            total, left = total + c * given, left - given
        return total

    def nearest(self, weights: Sequence[float]) -> Row:
        """A weighting in whole fractions beside one in floating point."""
        near = [
            min(max(Fraction(float(w)), low), high)
            for w, low, high in zip(weights, self.low, self.high, strict=True)
        ]
        missing = 1 - sum(near)
        for q, (low, high) in enumerate(zip(self.low, self.high, strict=True)):
            given = min(max(missing, low - near[q]), high - near[q])
            near[q], missing = near[q] + given, missing - given
        return tuple(near)


def simplex(indicators: int) -> Region:
    """Every weighting."""
    return Region((Fraction(0),) * indicators, (Fraction(1),) * indicators)


def around_equal(indicators: int) -> Region:
    """Each weight between half and twice an equal one."""
    equal = Fraction(1, indicators)
    return Region((equal / 2,) * indicators, (min(2 * equal, Fraction(1)),) * indicators)


@dataclass(frozen=True)
class Ranks:
    """The ranks of one city over a region of weightings.

    attained: all of them, None beyond `CITIES_IN_FULL`. shares: the share of the region that gives each rank, cities that are
    equal everywhere having the better one; None beyond `CITIES_IN_FULL` or `INDICATORS_IN_FULL`.
    """

    best: int
    worst: int
    attained: tuple[int, ...] | None
    shares: dict[int, float] | None


def ranks(scores: Any, region: Region, low: Any = None, high: Any = None) -> list[Ranks]:
    """The ranks of each city.

    Args:
        scores: more being better, compared to 12 decimals.
        low, high: ends of what the printed digits stand for; best, worst and attained then hold for all values between them
            as well as for all weightings. Shares are always those of `scores`.
    """
    points = _exact(scores)
    lows, highs = (points if end is None else _exact(end) for end in (low, high))
    cities, indicators = len(points), len(region.low)
    full = cities <= CITIES_IN_FULL
    shared = full and indicators <= INDICATORS_IN_FULL
    found = []
    for i in range(cities):
        others = [j for j in range(cities) if j != i]
        best = 1 + _fewest_above([_minus(lows[j], highs[i]) for j in others], region)
        worst = cities - _fewest_above([_minus(lows[i], highs[j]) for j in others], region)
        attained = _attained(i, lows, highs, region, range(best, worst + 1)) if full else None
        if attained and (attained[0], attained[-1]) != (best, worst):
            raise ArithmeticError(f"ranks {best} and {worst} by programming, {attained} by search")
        found.append(Ranks(best, worst, attained, _shares(i, points, region) if shared else None))
    return found


def dominance(low: Any, high: Any = None) -> Any:
    """Whether the city of each row is at least as good as that of each column everywhere and better somewhere,
    as an array of truth values.

    With low and high ends of the scores: whether it surely is, whatever the values between them.
    """
    ours = np.asarray(low, dtype=float).round(DECIMALS)[:, None]
    theirs = (np.asarray(low if high is None else high, dtype=float).round(DECIMALS))[None]
    return (ours >= theirs).all(axis=2) & (ours > theirs).any(axis=2)


def trust(all_weights: Sequence[Ranks], within_bounds: Sequence[Ranks]) -> Trust:
    """How far ranks can be trusted as far as weights go: of all cities, or of one given alone."""
    if all(each.best == each.worst for each in all_weights):
        return "same_for_all_weights"
    if all(each.best == each.worst for each in within_bounds):
        return "same_within_bounds"
    return "depends_on_weights"


def _exact(scores: Any) -> list[Row]:
    scale = 10**DECIMALS
    return [
        tuple(Fraction(round(Fraction(float(x)) * scale), scale) for x in row)
        for row in np.asarray(scores, dtype=float)
    ]


def _minus(one: Row, other: Row) -> Row:
    return tuple(a - b for a, b in zip(one, other, strict=True))


def _dot(one: Row, other: Row) -> Fraction:
    return sum((a * b for a, b in zip(one, other, strict=True)), Fraction(0))


def _scaled(row: Row) -> Row:
    """The row with entries of at most one: the same inequality, so that the solver's tolerances mean the same everywhere."""
    most = max(map(abs, row))
    return tuple(c / most for c in row) if most else row


# --- one system of inequalities ----------------------------------------------------------------------------------


def _weighting(rows: Sequence[Row], region: Region) -> Row | None:
    """A weighting with row · w >= 0 for all rows, exactly, or None where there is none, proven.

    The weighting with the greatest least row · w is found in floating point, which is fast. Made whole, it is checked in
    fractions; or the multipliers of the rows, cleared of rounding, add up to one row whose greatest value over the region is
    below zero (Farkas). Where neither check decides, as near a tie, the simplex method in fractions does.
    """
    from scipy.optimize import linprog

    rows = [_scaled(row) for row in rows if any(c < 0 for c in row)]
    if any(region.most(row) < 0 for row in rows):
        return None
    size = len(region.low)
    solved = linprog(
        [0.0] * size + [-1.0],
        A_ub=np.array([[*(-float(c) for c in row), 1.0] for row in rows]).reshape(-1, size + 1),
        b_ub=np.zeros(len(rows)),
        A_eq=[[1.0] * size + [0.0]],
        b_eq=[1.0],
        bounds=[*zip(map(float, region.low), map(float, region.high), strict=True), (None, 1.0)],
        method="highs",
    )
    if solved.status == 0:
        weights = region.nearest(solved.x[:size])
        if all(_dot(row, weights) >= 0 for row in rows):
            return weights
        multipliers = tuple(max(Fraction(0), -Fraction(float(m))) for m in solved.ineqlin.marginals)
        combined = tuple(_dot(multipliers, column) for column in zip(*rows, strict=True))
        if combined and region.most(combined) < 0:
            return None
    return _by_simplex(rows, region)


def _by_simplex(rows: Sequence[Row], region: Region) -> Row | None:
    """The same in fractions throughout: the first phase of the simplex method, by the rule of R. G. Bland (1977), which
    always ends.

    Unknowns, none below zero: u = w − low, one slack a row, and one for the upper bound of each weight. Each equation begins
    with an unknown of its own, outside the table, which is to be driven out.
    """
    size, many = len(region.low), len(rows)
    width = [high - low for low, high in zip(region.low, region.high, strict=True)]
    table = [
        [*row, *_unit(n, many, -1), *[Fraction(0)] * size, -_dot(row, region.low)]
        for n, row in enumerate(rows)
    ]
    table += [[*_unit(q, size), *[Fraction(0)] * many, *_unit(q, size), width[q]] for q in range(size)]
    table.append([*[Fraction(1)] * size, *[Fraction(0)] * (many + size), 1 - sum(region.low, Fraction(0))])
    table = [[-c for c in equation] if equation[-1] < 0 else equation for equation in table]
    columns = len(table[0]) - 1
    basis = list(range(columns, columns + len(table)))
    left = [-sum(column) for column in zip(*table, strict=True)]  # what each unknown takes from the rest
    while (entering := next((q for q in range(columns) if left[q] < 0), None)) is not None:
        ratios = [(eq[-1] / eq[entering], basis[n], n) for n, eq in enumerate(table) if eq[entering] > 0]
        leaving = min(ratios)[2]
        pivot = [c / table[leaving][entering] for c in table[leaving]]
        table = [_without(eq, pivot, entering) for eq in table]
        table[leaving], basis[leaving] = pivot, entering
        left = _without(left, pivot, entering)
    if left[-1] < 0:
        return None
    values = {name: equation[-1] for name, equation in zip(basis, table, strict=True)}
    return tuple(low + values.get(q, Fraction(0)) for q, low in enumerate(region.low))


def _unit(place: int, size: int, value: int = 1) -> list[Fraction]:
    return [Fraction(value if q == place else 0) for q in range(size)]


def _without(equation: list[Fraction], pivot: list[Fraction], column: int) -> list[Fraction]:
    """The equation less the multiple of the pivot that clears its column."""
    factor = equation[column]
    return [a - factor * b for a, b in zip(equation, pivot, strict=True)] if factor else equation


# --- ranks -------------------------------------------------------------------------------------------------------


def _fewest_above(rows: Sequence[Row], region: Region) -> int:
    """The least number of rows with row · w > 0 over the region.

    The programme minimises Σ b with row · w <= b and b in {0, 1}. Its tolerances can only make the region wider, so that its
    minimum is not above the true one; the split it finds is certified, and one that is proven impossible is excluded.
    """
    from scipy.optimize import LinearConstraint, milp

    rows = [_scaled(row) for row in rows if region.most(row) > 0]  # the others never are
    if not rows:
        return 0
    size, many = len(region.low), len(rows)
    matrix = np.hstack([np.array([[float(c) for c in row] for row in rows]), -np.eye(many)])
    total = np.array([[1.0] * size + [0.0] * many])
    constraints = [LinearConstraint(matrix, -np.inf, 0.0), LinearConstraint(total, 1.0, 1.0)]
    bounds = ([*map(float, region.low), *[0.0] * many], [*map(float, region.high), *[1.0] * many])
    while True:
        solved = milp(
            np.array([0.0] * size + [1.0] * many),
            integrality=np.array([0] * size + [1] * many),
            bounds=bounds,
            constraints=constraints,
        )
        if solved.x is None:
            raise ArithmeticError(f"mixed integer programme: {solved.message}")
        below = [n for n in range(many) if solved.x[size + n] < 0.5]
        if _weighting([tuple(-c for c in rows[n]) for n in below], region):
            return many - len(below)
        cut = np.zeros((1, size + many))
        cut[0, [size + n for n in below]] = 1.0
        constraints.append(LinearConstraint(cut, 1.0, np.inf))


def _attained(
    i: int, lows: Sequence[Row], highs: Sequence[Row], region: Region, between: range
) -> tuple[int, ...]:
    """Every rank that city i can take, by splitting the others one by one; splits that give nothing new are left."""
    found: set[int] = set()
    others = [j for j in range(len(lows)) if j != i]

    def split(above: list[int], below: list[int]) -> None:
        left = others[len(above) + len(below) - 2 :]
        # City i stands in both lists: no city of `above` is below one of `below`, whatever the values in their intervals.
        possible = range(len(above), len(above) + len(left) + 1)
        if found.issuperset(rank for rank in possible if rank in between):
            return
        rows = [_minus(highs[j], lows[k]) for j in above for k in below if j != k]
        if not _weighting(rows, region):
            return
        if not left:
            found.add(len(above))
            return
        split([*above, left[0]], below)
        split(above, [*below, left[0]])

    split([i], [i])
    return tuple(sorted(found))


# --- shares ------------------------------------------------------------------------------------------------------


def _shares(i: int, points: Sequence[Row], region: Region) -> dict[int, float] | None:
    """The share of the region that gives city i each rank; None where the region has no extent to share."""
    rows = [_scaled(_minus(other, points[i])) for other in points]
    rows = [row for row in rows if region.most(row) > 0]  # the others are never above
    if len(region.low) == 1:
        return {1 + len(rows): 1.0}
    if len(region.low) == 2:
        return _shares_of_two(rows, region)
    if any(low == high for low, high in zip(region.low, region.high, strict=True)):
        return None
    volumes: dict[int, float] = {}
    for above, volume in _cells(rows, region):
        volumes[1 + above] = volumes.get(1 + above, 0.0) + volume
    whole = sum(volumes.values())
    return {rank: volumes[rank] / whole for rank in sorted(volumes)} if whole else None


def _shares_of_two(rows: Sequence[Row], region: Region) -> dict[int, float] | None:
    """Between two indicators the region is an interval of the first weight, cut where a row crosses zero: exact lengths."""
    start, end = max(region.low[0], 1 - region.high[1]), min(region.high[0], 1 - region.low[1])
    crossings = {row[1] / (row[1] - row[0]) for row in rows if row[0] != row[1]}
    cuts = sorted({start, end, *(x for x in crossings if start < x < end)})
    lengths: dict[int, Fraction] = {}
    for one, other in pairwise(cuts):
        middle = (one + other) / 2
        rank = 1 + sum(_dot(row, (middle, 1 - middle)) > 0 for row in rows)
        lengths[rank] = lengths.get(rank, Fraction(0)) + (other - one)
    return {rank: float(lengths[rank] / (end - start)) for rank in sorted(lengths)} or None


def _cells(rows: Sequence[Row], region: Region) -> Iterator[tuple[int, float]]:
    """Number of rows above zero, and volume, of each cell into which the rows cut the region, without the last weight."""
    from scipy.optimize import linprog
    from scipy.spatial import ConvexHull, HalfspaceIntersection

    size = len(region.low) - 1
    low, high = (np.array([float(end) for end in ends]) for ends in (region.low, region.high))
    # Half-spaces a · x + b <= 0: the bounds of the weights, and of the last, which is one less the others.
    box = [[*(-np.eye(size)[q]), low[q]] for q in range(size)] + [
        [*np.eye(size)[q], -high[q]] for q in range(size)
    ]
    box += [[*np.ones(size), low[-1] - 1], [*-np.ones(size), 1 - high[-1]]]
    cuts = [[*(float(c - row[-1]) for c in row[:-1]), float(row[-1])] for row in rows]

    def cell(
        halfspaces: list[list[float]], left: list[list[float]], above: int
    ) -> Iterator[tuple[int, float]]:
        sides = np.array(halfspaces)
        norms = np.linalg.norm(sides[:, :-1], axis=1)
        inner = linprog(
            [0.0] * size + [-1.0],
            A_ub=np.c_[sides[:, :-1], norms],
            b_ub=-sides[:, -1],
            bounds=[(None, None)] * size + [(0, None)],
            method="highs",
        )
        if inner.status != 0 or inner.x[-1] < NEGLIGIBLE:
            return
        if left:
            flipped = [-c for c in left[0]]
            yield from cell([*halfspaces, left[0]], left[1:], above)
            yield from cell([*halfspaces, flipped], left[1:], above + 1)
            return
        corners = HalfspaceIntersection(sides, inner.x[:-1]).intersections
        yield above, float(ConvexHull(corners).volume)

    yield from cell([[float(c) for c in side] for side in box], cuts, 0)
