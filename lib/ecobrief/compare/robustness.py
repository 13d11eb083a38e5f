"""An index with all that its ranks may depend on: normalisation, mean, weights, digits, indicators; or why there is none."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import pandas as pd

from ecobrief.compare import composite, weights
from ecobrief.compare.composite import Case, Cell, Coverage, Matrix
from ecobrief.compare.standings import attainable_ranks
from ecobrief.compare.weights import Ranks
from ecobrief.datapackage import DataPackage
from ecobrief.wording import Message, msg, term


def entered(cell: Cell) -> tuple[str, ...]:
    """The reading that enters, then those that conflict with it; where none enters, all that there are, the latest first."""
    if cell.code != "enters":
        return cell.observation_ids[::-1]
    return (cell.reading.observation_id, *filter(None, cell.reading.conflicts_with.split(";")))


@dataclass(frozen=True)
class Index:
    """An index by goalposts and arithmetic mean with all that is varied; ranks are in the order of the cities.

    `anywhere` are the ranks over all weightings, `bounded` over those with each weight between half and twice an equal one;
    `digits` and `bounded_digits` those that digits and conflicting sources allow at the framework's weights and over the bounds.
    """

    coverage: Coverage
    scores: Matrix
    cases: list[Case]
    left_out: dict[str, pd.DataFrame]
    anywhere: list[Ranks]
    bounded: list[Ranks]
    digits: list[list[int]]
    bounded_digits: list[Ranks]

    @property
    def places(self) -> tuple[str, ...]:
        return self.coverage.places

    @property
    def own(self) -> pd.DataFrame:
        """Index and ranks as the framework states them; an arithmetic mean is never refused."""
        return self._made[0]

    @property
    def otherwise(self) -> list[pd.DataFrame]:
        """The same by every other normalisation and mean that can be computed."""
        return self._made[1:]

    @property
    def _made(self) -> list[pd.DataFrame]:
        return [case.table for case in self.cases if case.table is not None]

    def inputs(self, places: Collection[str]) -> tuple[str, ...]:
        """The figures of these cities that entered."""
        return tuple(
            name for cell in self.coverage.cells if cell.place_id in places for name in entered(cell)
        )


def index(package: DataPackage, coverage: Coverage) -> Index | Message:
    """The index, or why there is none: a gap in the coverage, or a value outside the goalposts."""
    framework = coverage.framework
    if coverage.gaps:
        apart = sum(cell.code == "not_comparable" for cell in coverage.gaps)
        return msg(
            "No index is made. Figures that it needs: {all}; missing: {missing}; not comparable: {apart}; usable: {enter}.",
            all=len(coverage.cells),
            missing=len(coverage.gaps) - apart,
            apart=apart,
            enter=len(coverage.cells) - len(coverage.gaps),
        )
    values = composite.matrix(coverage)
    for each in framework.components:
        posts = (float(each.goalpost_low), float(each.goalpost_high))
        within = values.point[each.indicator_id].between(*posts)
        if not within.all():
            return msg(
                "No index is made: {city} lies outside the goalposts of {indicator}.",
                city=package.place_name(str(within.idxmin())),
                indicator=term(package.record("indicators", each.indicator_id), "name"),
            )
    scores = composite.score_matrix(framework, values)
    ends = scores.low, scores.high
    stated = [float(each.weight) for each in framework.components]
    around = weights.around_equal(len(stated))
    return Index(
        coverage,
        scores,
        composite.cases(framework, values.point),
        composite.leave_one_out(framework, values.point),
        weights.ranks(scores.point, weights.simplex(len(stated))),
        weights.ranks(scores.point, around),
        _ranks_by_digits(scores, stated),
        weights.ranks(scores.point, around, *ends),
    )


def _ranks_by_digits(scores: Matrix, stated: list[float]) -> list[list[int]]:
    """The ranks of each city at these weights while every score varies between its ends."""
    ends = [(end @ stated).round(composite.DECIMALS) for end in (scores.low, scores.high)]
    pieces = [[(float(low), float(high))] for low, high in zip(*ends, strict=True)]
    return attainable_ranks(pieces, [0.0] * len(pieces))
