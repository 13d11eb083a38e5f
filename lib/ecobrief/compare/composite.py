"""A composite index after the steps of the OECD/JRC handbook, refused where a city has no comparable figure.

The steps (OECD/JRC 2008, Handbook on Constructing Composite Indicators, Part 1): a written framework (`Framework`), data
that are complete and comparable (`coverage`, `matrix`; nothing is ever imputed), normalisation (`normalised`), weighting and
aggregation (`index`), and how far the result depends on these choices (`cases`, `leave_one_out`; for the weights, `weights`).

Scores are oriented so that more is better. Ranks are exact for the values given, tied cities sharing the ranks between them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd

from ecobrief.compare.absence import absence
from ecobrief.compare.comparability import basis, own_reasons, yardstick
from ecobrief.compare.frames import as_rows
from ecobrief.compare.readings import Reading, readings, speaks_for_place
from ecobrief.compare.standings import comparable_sets, pairs_of
from ecobrief.datapackage import DataPackage
from ecobrief.datapackage.frameworks import Framework
from ecobrief.wording import Message, msg

Normalisation = Literal["goalposts", "min_max", "z_score"]
Aggregation = Literal["arithmetic", "geometric"]
NORMALISATIONS: tuple[Normalisation, ...] = get_args(Normalisation)
AGGREGATIONS: tuple[Aggregation, ...] = get_args(Aggregation)
NO_MEAN = msg("a score is not above zero, so that there is no geometric mean")
NO_MEAN_OF_Z = msg("z-scores lie on both sides of zero, so that they have no geometric mean")
TOO_FEW = msg("too few other cities have a figure of the same period and definition")
DECIMALS = 12
"""Scores that agree to so many decimals are tied: binary fractions make no difference between cities."""


class IndexRefused(ValueError):
    """An index that cannot be made of the figures there are."""


# --- coverage ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Cell:
    """One city and indicator. `code` is enters, not_comparable or a code of `absence`; `reading` is the row of
    `readings` that enters, None where none does; `reasons` say why none does; `observation_ids` of the city's readings."""

    place_id: str
    indicator_id: str
    code: str
    reading: Any = None
    reasons: tuple[Message, ...] = ()
    observation_ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class Coverage:
    """Every city of an index by every indicator of its framework, in the order asked for."""

    framework: Framework
    places: tuple[str, ...]
    cells: tuple[Cell, ...]

    @property
    def gaps(self) -> list[Cell]:
        """The cells for which the index is refused."""
        return [cell for cell in self.cells if cell.code != "enters"]


def coverage(
    package: DataPackage,
    framework: Framework,
    places: Sequence[str],
    period: str = "",
    *,
    min_tier: str = "other",
    include_undated: bool = True,
) -> Coverage:
    """The reading that enters for each city and indicator, or why none does.

    Readings enter together: those of one indicator are pairwise comparable, of at least three cities (`standings`). Of
    several such sets the one with most cities is taken, the latest among equals. Indicators may differ in period.
    Readings are those of `readings` with this period, tier and dating.
    """
    asked: dict[str, Any] = {"period": period, "min_tier": min_tier, "include_undated": include_undated}
    cells: list[Cell] = []
    for component in framework.components:
        found = readings(package, [component.indicator_id], places, **asked)
        cells += _cells(package, component.indicator_id, places, found)
    return Coverage(framework, tuple(places), tuple(cells))


def _cells(package: DataPackage, indicator_id: str, places: Sequence[str], found: pd.DataFrame) -> list[Cell]:
    by = yardstick(package, indicator_id)
    usable = [row for row in as_rows(found) if speaks_for_place(row)]
    sets = sorted(comparable_sets(usable, by), key=lambda each: (len(each), each[0].period))
    entering = {row.place_id: row for row in sets[-1]} if sets else {}
    judged = pairs_of(package, usable)
    of_place: dict[str, list[Reading]] = {place: [] for place in places}
    for row in usable:
        of_place[row.place_id].append(row)
    cells = []
    for place in places:
        own = of_place[place]
        ids = tuple(row.observation_id for row in own)
        if place in entering:
            cells.append(Cell(place, indicator_id, "enters", entering[place], (), ids))
        elif not ids:
            code, why = absence(package, place, indicator_id)
            cells.append(Cell(place, indicator_id, code, None, (why,)))
        else:
            others = (set(entering) or set(places)) - {place}
            apart = [each.reasons for each in judged.of(place) if others & {*each.places}]
            alone = [own_reasons(basis(row, by), by) for row in own]
            why_not = tuple(dict.fromkeys(reason.message for some in apart or alone for reason in some))
            cells.append(Cell(place, indicator_id, "not_comparable", None, why_not or (TOO_FEW,), ids))
    return cells


@dataclass(frozen=True)
class Matrix:
    """Values or scores, a row a city and a column an indicator: as printed, and the ends of what the digits stand for."""

    low: pd.DataFrame
    point: pd.DataFrame
    high: pd.DataFrame


def matrix(coverage: Coverage) -> Matrix:
    """The readings of a complete coverage in canonical units.

    Raises:
        IndexRefused: a cell has none. Nothing is imputed.
    """
    if coverage.gaps:
        lines = [
            f"  {cell.place_id}, {cell.indicator_id}: {'; '.join(map(str, cell.reasons))}"
            for cell in coverage.gaps
        ]
        rule = "no index: each city needs a comparable figure for each indicator, and none is imputed"
        raise IndexRefused("\n".join([rule, *lines]))
    columns = [component.indicator_id for component in coverage.framework.components]
    entering = {(cell.place_id, cell.indicator_id): cell.reading for cell in coverage.cells}

    def values(end: str) -> pd.DataFrame:
        rows = [[getattr(entering[place, name], end) for name in columns] for place in coverage.places]
        return pd.DataFrame(rows, list(coverage.places), columns, dtype=float)

    return Matrix(values("outer_low"), values("canonical_value"), values("outer_high"))


# --- normalisation and aggregation -------------------------------------------------------------------------------


def normalised(framework: Framework, values: pd.DataFrame, how: Normalisation = "goalposts") -> pd.DataFrame:
    """Scores of values (a row a city, a column an indicator of the framework), more being better.

    goalposts: (x - low) / (high - low), or (high - x) / (high - low) where less is better, in [0, 1]. min_max: the same with
    the least and greatest value of the cities (handbook 5.3; 1 for all where all are equal). z_score: (x - mean) / population
    standard deviation, times the direction (5.2; 0 where all are equal).

    Raises:
        IndexRefused: a value lies outside the goalposts. It is not cut off, which would make unequal cities equal.
    """
    from pymcdm.normalizations import minmax_normalization
    from scipy.stats import zscore

    scores = {}
    for each in framework.components:
        x = values[each.indicator_id].to_numpy(dtype=float)
        low, high = float(each.goalpost_low), float(each.goalpost_high)
        if how == "z_score":
            column = zscore(x) * each.direction if np.ptp(x) else np.zeros_like(x)
        elif how == "min_max":
            column = minmax_normalization(x, cost=each.direction < 0)
        else:
            for place, value in zip(values.index, x, strict=True):
                if not low <= value <= high:
                    rule = (
                        f"{place}, {each.indicator_id}: {value} lies outside the goalposts {low} and {high}"
                    )
                    raise IndexRefused(
                        f"{rule}\n  Widen the goalposts: a value that is cut off is no longer compared."
                    )
            column = minmax_normalization(np.array([low, high, *x]), cost=each.direction < 0)[2:]
        scores[each.indicator_id] = column
    return pd.DataFrame(scores, values.index).round(DECIMALS)


def score_matrix(framework: Framework, values: Matrix) -> Matrix:
    """Scores by goalposts with the ends of what the digits stand for, cut to the goalposts."""
    low_post = pd.Series({each.indicator_id: float(each.goalpost_low) for each in framework.components})
    high_post = pd.Series({each.indicator_id: float(each.goalpost_high) for each in framework.components})
    ends = [
        normalised(framework, end.clip(low_post, high_post, axis="columns"))
        for end in (values.low, values.high)
    ]
    return Matrix(np.minimum(*ends), normalised(framework, values.point), np.maximum(*ends))


def aggregate(scores: pd.DataFrame, weights: Sequence[float], how: Aggregation) -> pd.DataFrame:
    """The index of each city, with its ranks.

    arithmetic: Σ w x; geometric: Π x^w (handbook 6.10, 6.11). Weights are rescaled to sum to one.

    Returns:
        A row a city; columns score, rank_best, rank_worst (differing where cities tie).

    Raises:
        IndexRefused: a geometric mean of scores that are not all above zero.
    """
    from pymcdm.methods import WPM, WSM
    from scipy.stats import rankdata

    if how == "geometric" and not (scores > 0).all(axis=None):
        raise IndexRefused(f"{NO_MEAN}\n  Take arithmetic means, or goalposts that no city stands at.")
    method = (WSM if how == "arithmetic" else WPM)(lambda x, cost: x)
    shares = np.asarray(weights, dtype=float) / sum(weights)
    # Its validation warns of cities that are best everywhere, which is no fault here.
    index = method(scores.to_numpy(), shares, np.ones(len(shares)), validation=False)
    falling = -index.round(DECIMALS)
    ranks = {
        f"rank_{end}": rankdata(falling, rule).astype(int)
        for end, rule in (("best", "min"), ("worst", "max"))
    }
    return pd.DataFrame({"score": index, **ranks}, scores.index)


# --- sensitivity -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Case:
    """One way to make the index: the frame of `aggregate`, or why it cannot be made so."""

    normalisation: Normalisation
    aggregation: Aggregation
    table: pd.DataFrame | None
    refused: Message | None = None


def cases(framework: Framework, values: pd.DataFrame) -> list[Case]:
    """Every normalisation with every aggregation, the framework's own (goalposts, arithmetic) first."""
    weights = [float(each.weight) for each in framework.components]
    found = []
    for normalisation, aggregation in product(NORMALISATIONS, AGGREGATIONS):
        scores = normalised(framework, values, normalisation)
        refused = None
        if aggregation == "geometric" and normalisation == "z_score":
            refused = NO_MEAN_OF_Z
        elif aggregation == "geometric" and not (scores > 0).all(axis=None):
            refused = NO_MEAN
        table = None if refused else aggregate(scores, weights, aggregation)
        found.append(Case(normalisation, aggregation, table, refused))
    return found


def leave_one_out(
    framework: Framework, values: pd.DataFrame, aggregation: Aggregation = "arithmetic"
) -> dict[str, pd.DataFrame]:
    """The frame of `aggregate` by goalposts without each indicator in turn, by the indicator left out.

    The other weights are rescaled; an indicator that has all the weight is not left out.
    """
    scores = normalised(framework, values)
    rest = {
        each.indicator_id: {
            other.indicator_id: float(other.weight) for other in framework.components if other != each
        }
        for each in framework.components
    }
    return {
        left_out: aggregate(scores[list(weights)], list(weights.values()), aggregation)
        for left_out, weights in rest.items()
        if sum(weights.values()) > 0
    }
