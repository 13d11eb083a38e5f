"""Which cities stand on one axis, which pairs compare, and who is ranked.

Cities are ranked only inside sets in which every pair of readings is comparable. As comparable means that period
and every attribute are stated and equal, such sets are the groups of readings that agree in these. A standing needs
at least three cities. A city has every rank that it can take while all values vary within what digits and conflicting
sources allow: it is above another for sure only if their intervals do not meet, and two section shares closer than one
section of the smaller set are tied. Ranks allow for printed digits and conflicting sources, not for measurement,
weather or network.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations_with_replacement
from typing import Any, NamedTuple, overload

import numpy as np
import pandas as pd

from ecobrief.compare.comparability import (
    VERDICTS,
    Basis,
    Reason,
    Verdict,
    Yardstick,
    basis,
    judge,
    yardstick,
)
from ecobrief.compare.frames import as_frame, as_rows
from ecobrief.compare.readings import (
    LEAST_TIER,
    Reading,
    allowed,
    are_latest,
    selected,
    speaks_for_place,
)
from ecobrief.datapackage import DataPackage
from ecobrief.interval import range_ends
from ecobrief.wording import Message, Term, msg

CITIES_FOR_A_STANDING = 3


# --- pairs -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Pair:
    """Two places, the two of their readings that compare best, and the verdict on these."""

    places: tuple[str, str]
    observation_ids: tuple[str, str]
    verdict: Verdict
    reasons: tuple[Reason, ...]


class Pairs(Sequence[Pair]):
    """Every pair of some places, in their order. Pairs are made as they are asked for; what they rest on is judged once for
    any two bases, so that `verdicts` and `best` of many places cost little."""

    def __init__(self, candidates: Mapping[str, Mapping[Basis, str]], by: Yardstick):
        """candidates: of each place the readings that may speak for it, by basis, the latest first."""
        self._places = list(candidates)
        self._bases = [list(of_place) for of_place in candidates.values()]
        self._ids = [list(of_place.values()) for of_place in candidates.values()]
        self._by = by
        self._judged = _Judged(self._bases, by)

    def __len__(self) -> int:
        return len(self._places) * (len(self._places) - 1) // 2

    def __iter__(self) -> Iterator[Pair]:
        for one in range(len(self._places)):
            _, ours, theirs = self._judged.with_later(one)
            for other, (our, their) in enumerate(zip(ours.tolist(), theirs.tolist(), strict=True), one + 1):
                yield self._pair(one, other, our, their)

    @overload
    def __getitem__(self, index: int) -> Pair: ...
    @overload
    def __getitem__(self, index: slice) -> list[Pair]: ...
    def __getitem__(self, index: Any) -> Any:
        return list(self)[index]

    @property
    def verdicts(self) -> Counter[Verdict]:
        """How many pairs have each verdict."""
        found: Counter[Verdict] = Counter()
        for one in range(len(self._places)):
            verdicts = self._judged.with_later(one)[0] // _BARS
            counts = np.bincount(verdicts, minlength=len(VERDICTS)).tolist()
            found.update(dict(zip(VERDICTS, counts, strict=True)))
        return +found

    @property
    def best(self) -> Pair | None:
        """The first of the pairs with the best verdict; None where there is no pair."""
        found = None
        for one in range(len(self._places) - 1):
            scores, ours, theirs = self._judged.with_later(one)
            verdicts = scores // _BARS
            at = int(verdicts.argmin())
            if found is None or verdicts[at] < found[0]:
                found = verdicts[at], one, one + 1 + at, int(ours[at]), int(theirs[at])
        return self._pair(*found[1:]) if found else None

    def of(self, place: str) -> list[Pair]:
        """Those of one place."""
        own = self._places.index(place)
        _, ours, theirs = self._judged.with_earlier(own)
        before = [
            self._pair(one, own, our, their)
            for one, (our, their) in enumerate(zip(ours.tolist(), theirs.tolist(), strict=True))
        ]
        _, ours, theirs = self._judged.with_later(own)
        after = zip(range(own + 1, len(self._places)), ours.tolist(), theirs.tolist(), strict=True)
        return before + [self._pair(own, other, our, their) for other, our, their in after]

    def _pair(self, one: int, other: int, our: int, their: int) -> Pair:
        verdict, reasons = judge(self._bases[one][our], self._bases[other][their], self._by)
        ids = self._ids[one][our], self._ids[other][their]
        return Pair((self._places[one], self._places[other]), ids, verdict, reasons)


def pairs(package: DataPackage, readings: pd.DataFrame) -> Pairs:
    """Every pair of places with readings of one indicator, in the order of the frame.

    Of all the readings of two places the best-comparing two speak for the pair; among equals the latest do.
    """
    return pairs_of(package, as_rows(readings))


def pairs_of(package: DataPackage, readings: Iterable[Reading]) -> Pairs:
    """The same of rows of such a frame."""
    heads = [row for row in readings if row.heads]
    by = yardstick(package, heads[0].indicator_id) if heads else Yardstick("", False, False, 0, ())
    return Pairs(_candidates(heads, by), by)


def _candidates(heads: Iterable[Reading], by: Yardstick) -> dict[str, dict[Basis, str]]:
    """Of each place one reading for each basis, the latest first."""
    places: dict[str, list[Reading]] = {}
    for row in heads:
        places.setdefault(row.place_id, []).append(row)
    found: dict[str, dict[Basis, str]] = {}
    for place, own in places.items():
        of_place = found.setdefault(place, {})
        for row in sorted(own, key=lambda row: row.period, reverse=True):
            of_place.setdefault(basis(row, by), row.observation_id)
    return found


_BARS, NOTHING = 100, 10_000
"""More than two readings can have bars between them, and more than any score is."""
Scores = tuple[np.ndarray, np.ndarray, np.ndarray]


class _Judged:
    """The best two bases of any two of many places.

    A score is that of the verdict, then the number of bars; the least is the best. It does not depend on the words of the
    scope, which are a caveat only where another one stands already, so that bases which differ in them alone count as one.
    """

    def __init__(self, of_place: Sequence[Sequence[Basis]], by: Yardstick):
        numbers: dict[Basis, int] = {}
        own = [
            [numbers.setdefault(one._replace(scope=""), len(numbers)) for one in bases] for bases in of_place
        ]
        many, most = len(numbers), max(map(len, own), default=0)
        # The last row is that of no basis, which stands where a place has fewer than others.
        scores = np.full((many + 1, many), NOTHING, dtype=np.int16)
        for (one, i), (other, j) in combinations_with_replacement(numbers.items(), 2):
            scores[i, j] = scores[j, i] = _score(*judge(one, other, by))
        self._own = np.array([bases + [many] * (most - len(bases)) for bases in own], dtype=int)
        blocks = [np.hstack([scores[:, bases], np.full((many + 1, 1), NOTHING)]) for bases in own]
        self._best = np.array([block.min(axis=1) for block in blocks], dtype=np.int16)
        """Of each place the best score of its bases with each basis, and the number among its own of the first that has it."""
        self._first = np.array([block.argmin(axis=1) for block in blocks], dtype=np.int16)

    def with_later(self, one: int) -> Scores:
        """Of a place with each that follows: the score, and which of the bases of the one and of the other have it first."""
        bases = self._own[one]
        scores = self._best[one + 1 :, bases]
        ours = scores.argmin(axis=1)
        return scores.min(axis=1), ours, self._first[one + 1 :][np.arange(len(ours)), bases[ours]]

    def with_earlier(self, other: int) -> Scores:
        """The same of each place that comes before one, with it."""
        scores = self._best[other][self._own[:other]]
        ours = scores.argmin(axis=1)
        return scores.min(axis=1), ours, self._first[other][self._own[np.arange(other), ours]]


def _score(verdict: Verdict, reasons: tuple[Reason, ...]) -> int:
    return _BARS * VERDICTS.index(verdict) + sum(reason.bar for reason in reasons)


# --- one axis ----------------------------------------------------------------------------------------------------


def on_one_axis(package: DataPackage, readings: pd.DataFrame) -> pd.DataFrame:
    """The readings, one a place, that may stand on one axis: no two of them are barred from comparison.

    For each period the readings of that period, and of stocks the nearest within tolerance, are gathered; the period that
    gathers most places wins, the later one among equals. In order of value, the best first; empty when fewer than two
    places meet.
    """
    usable = [
        (position, row)
        for position, row in enumerate(as_rows(readings))
        if row.period and speaks_for_place(row)
    ]
    if not usable:
        return readings.iloc[:0]
    by = yardstick(package, usable[0][1].indicator_id)
    found = [(position, row, basis(row, by)) for position, row in usable]
    years = sorted({row.period[:4] for _, row in usable}, reverse=True)
    most = max((_gather(found, int(year), by) for year in years), key=len)
    if len(most) < 2:
        return readings.iloc[:0]
    more_is_better = int(package.record("indicators", by.indicator_id).direction) >= 0
    most.sort(key=lambda chosen: chosen[1].canonical_value, reverse=more_is_better)
    return readings.iloc[[position for position, *_ in most]]


Placed = tuple[int, Reading, Basis]


def _gather(found: Sequence[Placed], year: int, by: Yardstick) -> list[Placed]:
    """The readings, those nearest to the year first, that no reading already gathered bars."""
    chosen: list[Placed] = []
    places: set[str] = set()
    bases: list[Basis] = []
    barred: set[Basis] = set()
    for one in sorted(found, key=lambda one: abs(int(one[1].period[:4]) - year)):
        _, row, this = one
        if row.place_id in places or this in barred:
            continue
        if this not in bases:
            if any(judge(this, other, by)[0] == "not_comparable" for other in (this, *bases)):
                barred.add(this)
                continue
            bases.append(this)
        chosen.append(one)
        places.add(row.place_id)
    return chosen


# --- ranks -------------------------------------------------------------------------------------------------------

KINDS = {
    **dict.fromkeys(("observation_id", "place_id", "period", "ranks"), object),
    **dict.fromkeys(("rank_best", "rank_worst", "ranked"), np.int64),
}


def standings(package: DataPackage, readings: pd.DataFrame) -> pd.DataFrame:
    """Ranks of the readings that may be ranked.

    Returns:
        Columns observation_id, place_id, period, ranks (all that the place can take, separated by semicolons), rank_best,
        rank_worst, ranked (how many places the set holds); empty
        when no set holds three cities or the indicator has no better direction.
    """
    return as_frame(ranks(package, as_rows(readings)), KINDS)


def ranks(package: DataPackage, readings: Iterable[Reading]) -> Iterator[tuple[Any, ...]]:
    """The rows of `standings`, of rows of readings."""
    heads = [row for row in readings if row.heads]
    if not heads:
        return
    by = yardstick(package, heads[0].indicator_id)
    direction = int(package.record("indicators", by.indicator_id).direction)
    for group in comparable_sets(heads, by) if direction else ():
        # In the direction in which more is better, so that one comparison serves both.
        pieces = [
            [(low, high) if direction > 0 else (-high, -low) for low, high in allowed(row)] for row in group
        ]
        ties = [_one_section(package, row) for row in group]
        texts = [str(rank) for rank in range(len(group) + 1)]
        for row, own in zip(group, attainable_ranks(pieces, ties), strict=True):
            listed = ";".join([texts[rank] for rank in own])
            yield row.observation_id, row.place_id, row.period, listed, own[0], own[-1], len(group)


def comparable_sets(heads: Iterable[Reading], by: Yardstick) -> Iterator[list[Reading]]:
    """Groups of comparable readings, one a place: those that compare fully agree in period and in every attribute."""
    groups: dict[tuple[Any, ...], dict[str, Reading]] = {}
    for row in heads:
        one = basis(row, by)
        if judge(one, one, by)[0] == "comparable":
            groups.setdefault((one.period, one.attributes), {}).setdefault(row.place_id, row)
    for group in groups.values():
        if len(group) >= CITIES_FOR_A_STANDING:
            yield list(group.values())


def attainable_ranks(
    pieces: Sequence[Sequence[tuple[float, float]]], ties: Sequence[float]
) -> list[list[int]]:
    """Every rank that each place can take when all values vary independently within their closed intervals.

    Of two values that differ by no more than the greater of their ties either may stand first. While a value moves through
    one interval its rank takes every whole number between the ends, so that only the step from one interval to another
    leaves gaps.

    Args:
        pieces: the intervals of each place, more being better.
        ties: for each place the difference that still counts as a tie.
    """
    least = np.array([min(low for low, _ in own) for own in pieces])
    most = np.array([max(high for _, high in own) for own in pieces])
    tied = np.array(ties)
    found = []
    for own, tie in zip(pieces, ties, strict=True):
        within = np.maximum(tied, tie)
        ranks: set[int] = set()
        for low, high in own:
            # A place is never surely above itself, and always possibly.
            surely_above = np.count_nonzero(least - high > within)
            possibly_above = np.count_nonzero(low - most <= within) - 1
            ranks.update(range(1 + surely_above, 2 + possibly_above))
        found.append(sorted(ranks))
    return found


def _one_section(package: DataPackage, reading: Reading) -> float:
    """The share of one section, in percent, of a share of sections; 0 where the place does not print how many there are for
    the same period and network."""
    if reading.denominator != "sections":
        return 0.0
    place_id = reading.place_id
    shares = package.kept(("one section", place_id), lambda: _sections(package, place_id))
    return shares.get((reading.period, reading.network), 0.0)


def _sections(package: DataPackage, place_id: str) -> dict[tuple[str, str], float]:
    """The share of one section by period and network; of a range of counts it is that of the least."""
    shares: dict[tuple[str, str], float] = {}
    for count in package.records("figures", place_id=place_id, indicator_id="water_sections_count"):
        if count.value:
            ends = range_ends(count.value) if count.qualifier == "range" else (count.value,)
            sections = min(map(float, ends))
            shares.setdefault((count.period, count.network), 100 / sections if sections > 0 else 0.0)
    return shares


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


def who_is_ranked(package: DataPackage, readings: pd.DataFrame, found: pd.DataFrame | None = None) -> Message:
    """Whether anyone is ranked, and why not if no one is; `found` are the `standings` where they are known already."""
    found = standings(package, readings) if found is None else found
    if len(found):
        return msg(
            "{count} are ranked, among those whose figures are comparable with one another.",
            count=found["place_id"].nunique(),
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


# --- where one place stands --------------------------------------------------------------------------------------

NAMED = 6
"""So many of the places that a reading compares with are named; of the others it is told how many there are."""


class Standing(NamedTuple):
    """Where a reading stands: the ranks that it can take (as in `standings`, empty if it is not ranked) among how many, and
    the names of the first places with which it compares, if only with caveats, and how many more there are."""

    ranks: str = ""
    ranked: int = 0
    others: tuple[Term, ...] = ()
    more: int = 0


def standings_of(package: DataPackage, readings: pd.DataFrame) -> dict[str, Standing]:
    """Where the latest readings of each place stand among readings of one indicator, by observation id."""
    return {name: standing for _, name, standing in _standings(package, as_rows(readings))}


def standing(
    package: DataPackage,
    place_id: str,
    indicator_id: str,
    *,
    period: str = "",
    min_tier: str = LEAST_TIER,
    include_undated: bool = True,
) -> dict[str, Standing]:
    """The same of one city among all cities, computed for all of them at once; filters are those of `readings`."""

    def compute() -> dict[str, dict[str, Standing]]:
        everyone = selected(
            package,
            [indicator_id],
            package.city_ids,
            period=period,
            min_tier=min_tier,
            include_undated=include_undated,
        )
        found: dict[str, dict[str, Standing]] = {city: {} for city in package.city_ids}
        for place, name, one in _standings(package, list(everyone)):
            found[place][name] = one
        return found

    limits = [
        *([f"in {period}"] if period else []),
        *([f"by sources from {min_tier}"] if min_tier != LEAST_TIER else []),
        *([] if include_undated else ["with a year"]),
    ]
    return package.across(" ".join(["standing in", indicator_id, *limits]), place_id, compute)


def _standings(package: DataPackage, readings: Sequence[Reading]) -> Iterator[tuple[str, str, Standing]]:
    """Place, observation id and standing of each of the latest readings."""
    newest = [row for row, is_newest in zip(readings, are_latest(readings), strict=True) if is_newest]
    if not newest:
        return
    ranked = {name: (listed, among) for name, _, _, listed, _, _, among in ranks(package, readings)}
    unranked = {row.place_id for row in newest if row.observation_id not in ranked}
    compared = _compared_with(package, readings, unranked) if unranked else {}
    for row in newest:
        if row.observation_id in ranked:
            yield row.place_id, row.observation_id, Standing(*ranked[row.observation_id])
        else:
            others, count = compared.get(row.observation_id, ((), 0))
            yield row.place_id, row.observation_id, Standing("", 0, others, count - len(others))


def _compared_with(
    package: DataPackage, readings: Sequence[Reading], asked: Collection[str]
) -> dict[str, tuple[tuple[Term, ...], int]]:
    """Of each reading that speaks for one of some places in pairs that compare: the first of the other places, and how many
    there are."""
    by = yardstick(package, readings[0].indicator_id)
    # What is barred even beside its like compares with nothing.
    fit = [
        row for row in readings if row.heads and judge(one := basis(row, by), one, by)[0] != "not_comparable"
    ]
    candidates = _candidates(fit, by)
    places = list(candidates)
    names: dict[int, Term] = {}
    judged = _Judged([list(of_place) for of_place in candidates.values()], by)
    least = _BARS * VERDICTS.index("not_comparable")
    found = {}
    for number, place in enumerate(places):
        if place not in asked:
            continue
        before, _, theirs = judged.with_earlier(number)
        after, ours, _ = judged.with_later(number)
        speaking = np.concatenate(
            [np.where(before < least, theirs, -1), [-1], np.where(after < least, ours, -1)]
        )
        for own, name in enumerate(candidates[place].values()):
            others = np.flatnonzero(speaking == own).tolist()
            for other in others[:NAMED]:
                if other not in names:
                    names[other] = package.place_name(places[other])
            found[name] = tuple(names[other] for other in others[:NAMED]), len(others)
    return found
