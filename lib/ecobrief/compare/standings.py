"""Which cities stand on one axis, which pairs compare, and who is ranked.

Cities are ranked only inside sets in which every pair of readings is comparable. As comparable means that period
and every attribute are stated and equal, such sets are the groups of readings that agree in these. A standing needs
at least three cities. A city has every rank that it can take while all values vary within what digits and conflicting
sources allow: it is above another for sure only if their intervals do not meet, and two section shares closer than one
section of the smaller set are tied. Ranks allow for printed digits and conflicting sources, not for measurement,
weather or network.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from typing import Any

import pandas as pd

from ecobrief.compare.comparability import (
    VERDICTS,
    WHOLE_PLACE,
    Basis,
    Reason,
    Verdict,
    Yardstick,
    basis,
    judge,
    yardstick,
)
from ecobrief.compare.readings import allowed
from ecobrief.datapackage import DataPackage
from ecobrief.wording import Message, msg

CITIES_FOR_A_STANDING = 3


@dataclass(frozen=True)
class Pair:
    """Two places, the two of their readings that compare best, and the verdict on these."""

    places: tuple[str, str]
    observation_ids: tuple[str, str]
    verdict: Verdict
    reasons: tuple[Reason, ...]


def pairs(package: DataPackage, readings: pd.DataFrame) -> list[Pair]:
    """Every pair of places with readings of one indicator, in the order of the frame.

    Of all the readings of two places the best-comparing two speak for the pair; among equals the latest do.
    """
    if readings.empty:
        return []
    by = yardstick(package, readings["indicator_id"].iloc[0])
    of_place = {
        place: _candidates(rows, by)
        for place, rows in readings[readings["heads"]].groupby("place_id", sort=False)
    }
    return [
        _best_pair((str(one), str(other)), of_place[one], of_place[other], by)
        for one, other in combinations(of_place, 2)
    ]


def _candidates(rows: pd.DataFrame, by: Yardstick) -> dict[Basis, str]:
    """One reading for each basis of a place, the latest first."""
    found: dict[Basis, str] = {}
    for row in rows.sort_values("period", ascending=False, kind="stable").itertuples():
        found.setdefault(basis(row, by), row.observation_id)
    return found


def _best_pair(
    places: tuple[str, str], ours: dict[Basis, str], theirs: dict[Basis, str], by: Yardstick
) -> Pair:
    judged = ((judge(one, other, by), one, other) for one, other in product(ours, theirs))
    (verdict, reasons), one, other = min(
        judged, key=lambda case: (VERDICTS.index(case[0][0]), _bars(case[0][1]))
    )
    return Pair(places, (ours[one], theirs[other]), verdict, reasons)


def _bars(reasons: tuple[Reason, ...]) -> int:
    return sum(reason.bar for reason in reasons)


def on_one_axis(package: DataPackage, readings: pd.DataFrame) -> pd.DataFrame:
    """The readings, one a place, that may stand on one axis: no two of them are barred from comparison.

    For each period the readings of that period, and of stocks the nearest within tolerance, are gathered; the period that
    gathers most places wins, the later one among equals. In order of value, the best first; empty when fewer than two
    places meet.
    """
    usable = readings[readings["heads"] & readings["canonical_value"].notna() & (readings["period"] != "")]
    usable = usable[usable["place"] == WHOLE_PLACE]
    if usable.empty:
        return usable
    by = yardstick(package, usable["indicator_id"].iloc[0])
    gathered = [_gather(usable, period, by) for period in sorted(usable["period"].unique(), reverse=True)]
    most = max(gathered, key=len)
    if len(most) < 2:
        return usable.iloc[:0]
    lower_is_better = int(package.record("indicators", by.indicator_id).direction) < 0
    return usable.loc[most].sort_values("canonical_value", ascending=lower_is_better, kind="stable")


def _gather(usable: pd.DataFrame, period: str, by: Yardstick) -> list[int]:
    """Index labels of the readings, nearest to `period` first, that no reading already gathered bars."""
    distance = usable["period"].map(lambda other: abs(int(other[:4]) - int(period[:4])))
    chosen: list[int] = []
    places: set[str] = set()
    bases: set[Basis] = set()
    for row in usable.assign(distance=distance).sort_values("distance", kind="stable").itertuples():
        this = basis(row, by)
        if row.place_id not in places and all(
            judge(this, other, by)[0] != "not_comparable" for other in {*bases, this}
        ):
            chosen.append(row.Index)
            places.add(row.place_id)
            bases.add(this)
    return chosen


def standings(package: DataPackage, readings: pd.DataFrame) -> pd.DataFrame:
    """Ranks of the readings that may be ranked.

    Returns:
        Columns observation_id, place_id, period, ranks (all that the place can take, separated by semicolons), rank_best,
        rank_worst, ranked (how many places the set holds); empty
        when no set holds three cities or the indicator has no better direction.
    """
    columns = ["observation_id", "place_id", "period", "ranks", "rank_best", "rank_worst", "ranked"]
    heads = readings[readings["heads"]]
    if heads.empty:
        return pd.DataFrame(columns=columns)
    by = yardstick(package, heads["indicator_id"].iloc[0])
    direction = int(package.record("indicators", by.indicator_id).direction)
    found = (
        [row for group in comparable_sets(heads, by) for row in _ranked(package, group, direction)]
        if direction
        else []
    )
    return pd.DataFrame(found, columns=columns)


def ranks_text(ranks: str) -> str:
    """The ranks of a row of `standings` for a reader: runs as 1–3, gaps as 1, 3."""
    numbers = [int(rank) for rank in ranks.split(";")]
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)


def who_is_ranked(package: DataPackage, readings: pd.DataFrame) -> Message:
    """Whether anyone is ranked, and why not if no one is."""
    ranks = standings(package, readings)
    if len(ranks):
        return msg(
            "{count} are ranked, among those whose figures are comparable with one another.",
            count=ranks["place_id"].nunique(),
        )
    if len(readings):
        indicator = package.record("indicators", readings["indicator_id"].iloc[0])
        if indicator.role == "endowment":
            return msg("Levels of a natural endowment stand side by side and are not ranked.")
        if int(indicator.direction) == 0:
            return msg("More of it is neither better nor worse, so no city is ranked.")
    return msg(
        "None is ranked, and it cannot be said which is ahead: a standing needs {needed} cities whose figures are "
        "comparable with one another.",
        needed=CITIES_FOR_A_STANDING,
    )


def comparable_sets(heads: pd.DataFrame, by: Yardstick) -> Iterator[pd.DataFrame]:
    """Groups of comparable readings: those that compare fully agree in period and in every attribute."""
    bases = [basis(row, by) for row in heads.itertuples()]
    fit = [judge(one, one, by)[0] == "comparable" for one in bases]
    agreeing = pd.Series([(one.period, one.attributes) for one in bases], index=heads.index, dtype=object)
    for _, group in heads[fit].groupby(agreeing[fit], sort=False):
        one_a_place = group.drop_duplicates("place_id")
        if len(one_a_place) >= CITIES_FOR_A_STANDING:
            yield one_a_place


def _ranked(package: DataPackage, group: pd.DataFrame, direction: int) -> Iterator[tuple[Any, ...]]:
    rows = list(group.itertuples())
    # In the direction in which more is better, so that one comparison serves both.
    pieces = [[(low, high) if direction > 0 else (-high, -low) for low, high in allowed(row)] for row in rows]
    sections = [_sections(package, row) for row in rows]
    tied = [[_one_section(one, other) for other in sections] for one in sections]
    for row, ranks in zip(rows, attainable_ranks(pieces, tied), strict=True):
        listed = ";".join(map(str, ranks))
        yield row.observation_id, row.place_id, row.period, listed, ranks[0], ranks[-1], len(rows)


def attainable_ranks(
    pieces: Sequence[Sequence[tuple[float, float]]], tied: Sequence[Sequence[float]]
) -> list[list[int]]:
    """Every rank that each place can take when all values vary independently within their closed intervals.

    Of two values that differ by no more than `tied` either may stand first. While a value moves through one interval its
    rank takes every whole number between the ends, so that only the step from one interval to another leaves gaps.

    Args:
        pieces: the intervals of each place, more being better.
        tied: for each pair of places the difference that still counts as a tie.
    """
    least = [min(low for low, _ in own) for own in pieces]
    most = [max(high for _, high in own) for own in pieces]
    everyone = range(len(pieces))
    found = []
    for i in everyone:
        ranks: set[int] = set()
        for low, high in pieces[i]:
            surely_above = sum(least[j] - high > tied[i][j] for j in everyone if j != i)
            possibly_above = sum(low - most[j] <= tied[i][j] for j in everyone if j != i)
            ranks.update(range(1 + surely_above, 2 + possibly_above))
        found.append(sorted(ranks))
    return found


def _sections(package: DataPackage, reading: Any) -> float:
    """How many sections a share of sections counts, where the place prints it for the same period and network."""
    if reading.denominator != "sections":
        return float("nan")
    figures = package.figures
    counts = figures[
        (figures["indicator_id"] == "water_sections_count")
        & (figures["place_id"] == reading.place_id)
        & (figures["period"] == reading.period)
        & (figures["network"] == reading.network)
        & (figures["value"] != "")
    ]
    return float(counts["value"].iloc[0]) if len(counts) else float("nan")


def _one_section(*sections: float) -> float:
    """The share of one section of the smaller set, in percent; 0 where no count is printed."""
    known = [count for count in sections if count > 0]
    return 100 / min(known) if known else 0.0
