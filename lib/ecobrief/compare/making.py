"""Figures made into readings, column by column: of a place in a millisecond or two, of a million figures in seconds.

What decides on a column is asked once for each of its values, or for each combination that occurs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from ecobrief import interval, units
from ecobrief.compare.comparability import UNSTATED, Basis, own_reasons, yardstick
from ecobrief.datapackage import ATTRIBUTES, TIERS, DataPackage
from ecobrief.datapackage.columns import Column, combinations

STAGES = ("revised", "final", "", "preliminary")
LEVELS = ("level", "cumulative")
Cells = Mapping[str, Any]
"""Arrays of the cells of some rows, by column."""


def of_levels(figures: Cells, status: str) -> Cells:
    """The figures that are levels of this status at their first place of print, with how often they are printed again."""
    again: Counter[str] = Counter(figures["repeats"])
    first = (figures["status"] == status) & (figures["repeats"] == "") & np.isin(figures["measure"], LEVELS)
    found = _take(figures, np.flatnonzero(first))
    times = [again.get(name, 0) for name in found["observation_id"]]
    return {**found, "printed_again": np.array(times, dtype=np.int64)}


def made(
    package: DataPackage, levels: Cells, min_tier: str, indicators: Sequence[str], places: Sequence[str]
) -> Cells:
    """The columns of `readings` for levels of one status; indicators and places give the order."""
    about = package.records("sources", source_id=list(_column(levels["source_id"]).distinct))
    sources = {row.source_id: _source(row) for row in about}
    admitted = TIERS[: TIERS.index(min_tier) + 1]
    fit = {name for name, source in sources.items() if source.tier in admitted}
    if len(fit) < len(sources):
        levels = _take(levels, np.flatnonzero([name in fit for name in levels["source_id"]]))
    columns = {name: _column(levels[name]) for name in _TOLD_APART}
    kinds, first = combinations(*(columns[name] for name in _KIND))
    kind = Column(first, kinds)
    source = columns["source_id"]
    told = [sources[name] for name in source.distinct]
    authorities = sorted({one.authority for one in told})
    authority = _ranks([one.authority for one in told], authorities)[source.codes]
    order = _order(
        levels["observation_id"],
        (
            _ranks(columns["indicator_id"].distinct, indicators)[columns["indicator_id"].codes],
            len(indicators),
        ),
        (_ranks(columns["place_id"].distinct, places)[columns["place_id"].codes], len(places)),
        (
            _ranks(columns["period"].distinct, periods := sorted(columns["period"].distinct))[
                columns["period"].codes
            ],
            len(periods),
        ),
        (_unstated(levels, first)[kinds], len(ATTRIBUTES) + 1),
        (authority, len(authorities)),
    )
    quantities = combinations(kind, columns["place_id"])[0][order]
    cells = {
        **_take(levels, order),
        **{name: values[order] for name, values in _meant(package, levels, columns).items()},
        **{
            name: _objects(getattr(one, name) for one in told)[source.codes[order]]
            for name in ("tier", "seen_on", "published")
        },
        "held": np.array([one.held for one in told], dtype=bool)[source.codes[order]],
        "reasons": _reasons(package, levels, kind)[order],
        "heads": _first_of_each(quantities),
        "conflicts_with": np.full(len(order), "", dtype=object),
    }
    _set_against_one_another(cells, quantities)
    return cells


_KIND = ("indicator_id", "period", "place", *ATTRIBUTES)
"""What makes readings of one place readings of one quantity."""
_TOLD_APART = (*_KIND, "place_id", "source_id")


def _column(cells: np.ndarray) -> Column:
    codes, distinct = pd.factorize(cells)
    return Column(distinct, codes)


def _take(cells: Cells, rows: np.ndarray) -> dict[str, Any]:
    return {name: values[rows] for name, values in cells.items()}


def _objects(values: Any) -> np.ndarray:
    return np.array(list(values), dtype=object)


def _ranks(values: Iterable[Any], order: Sequence[Any]) -> np.ndarray:
    numbers = {value: number for number, value in enumerate(order)}
    return np.array([numbers[value] for value in values], dtype=np.int64)


def _unstated(levels: Cells, rows: np.ndarray) -> np.ndarray:
    """How many attributes are not stated in these rows."""
    stated = (levels[name][rows] for name in ATTRIBUTES)
    return np.array(
        [sum(code in UNSTATED for code in codes) for codes in zip(*stated, strict=True)], dtype=np.int64
    )


def _order(names: np.ndarray, *keys: tuple[np.ndarray, int]) -> np.ndarray:
    """The rows by these keys, each with one more than its greatest value, and by their names."""
    values, limits = zip(*keys, strict=True)
    together: Any = (
        np.ravel_multi_index(values, tuple(max(1, limit) for limit in limits)) if len(names) else names
    )
    by_name = np.arange(len(names))
    if (names[1:] < names[:-1]).any():
        by_name = np.argsort(names, kind="stable")
    return by_name[np.argsort(together[by_name], kind="stable")]


def _first_of_each(numbers: np.ndarray) -> np.ndarray:
    first = np.zeros(numbers.max(initial=-1) + 1, dtype=np.intp)
    first[numbers[::-1]] = np.arange(len(numbers))[::-1]
    found = np.zeros(len(numbers), dtype=bool)
    found[first] = True
    return found


# --- source and meaning ------------------------------------------------------------------------------------------


class _Source(NamedTuple):
    """What a reading tells of its source, and how much authority that gives it: tier (a third-party copy, which cannot be
    opened where it was published, counts as the last), a held document, stage, date; the least value has the most."""

    tier: str
    seen_on: str
    held: bool
    published: str
    authority: tuple[int, bool, int, int]


def _source(row: Any) -> _Source:
    held = row.text_sha256 != ""
    tier = len(TIERS) - 1 if row.seen_on == "third_party_copy" else TIERS.index(row.tier)
    latest_first = -int(row.published.replace("-", "").ljust(8, "0"))
    authority = (tier, not held, STAGES.index(row.stage), latest_first)
    return _Source(row.tier, row.seen_on, held, row.published, authority)


_NUMBERS = ("canonical_value", "low", "high", "outer_low", "outer_high")
_WORDS = (*[float("nan")] * len(_NUMBERS), "")


def _meant(package: DataPackage, levels: Cells, columns: Mapping[str, Column]) -> dict[str, np.ndarray]:
    """The printed values in the canonical unit, and what they allow."""
    units_meant = np.where(levels["unit_read"] != "", levels["unit_read"], levels["unit"])
    printed = [levels["value"], units_meant, levels["qualifier"]]
    numbers, first = combinations(columns["indicator_id"], *map(_column, printed))
    about = {name: package.record("indicators", name) for name in columns["indicator_id"].distinct}
    meant = [
        _meaning(value, unit, qualifier, of.unit, of.valid_min, of.valid_max) if value else _WORDS
        for of, value, unit, qualifier in zip(
            map(about.__getitem__, levels["indicator_id"][first]),
            *(cells[first] for cells in printed),
            strict=True,
        )
    ]
    table = list(zip(*meant, strict=True)) or [()] * len(_WORDS)
    found = {name: np.array(ends, dtype=float)[numbers] for name, ends in zip(_NUMBERS, table, strict=False)}
    canonical = _objects(about[name].unit for name in columns["indicator_id"].distinct)
    return found | {
        "allowed": _objects(table[-1])[numbers],
        "canonical_unit": canonical[columns["indicator_id"].codes],
    }


@cache
def _meaning(value: str, unit: str, qualifier: str, canonical: str, least: str, most: str) -> tuple[Any, ...]:
    meant = interval.meaning(
        value,
        qualifier,
        counted=units.counts_whole_things(unit),
        scale=units.factor(unit, canonical),
        least=Decimal(least or "-Infinity"),
        most=Decimal(most or "Infinity"),
    )
    fine, coarse = meant.fine, meant.coarse
    low, high, outer_low, outer_high = map(float, (fine.low, fine.high, coarse.low, coarse.high))
    return float(meant.point), low, high, outer_low, outer_high, f"{outer_low}:{outer_high}"


def _reasons(package: DataPackage, levels: Cells, kind: Column) -> np.ndarray:
    """The codes of what keeps each reading from full comparability, whatever it is set beside."""
    names = ("indicator_id", "period", "place", "scope_printed", *ATTRIBUTES)
    words, about = levels["value"] == "", levels["qualifier"] == "about"
    marks = Column(np.arange(4), words * 2 + about)
    numbers, first = combinations(kind, _column(levels["scope_printed"]), marks)
    found = []
    for is_words, is_about, indicator, period, place, scope, *stated in zip(
        words[first], about[first], *(levels[name][first] for name in names), strict=True
    ):
        by = yardstick(package, indicator)
        codes = dict(zip(ATTRIBUTES, stated, strict=True))
        attributes = tuple(codes[name] for name in by.attributes)
        one = Basis(not is_words, bool(is_about), period, place, scope, attributes)
        found.append(";".join(reason.code for reason in own_reasons(one, by)))
    return _objects(found)[numbers]


# --- conflict ----------------------------------------------------------------------------------------------------


def _set_against_one_another(cells: Mapping[str, np.ndarray], quantities: np.ndarray) -> None:
    """Into dated readings of one quantity: which others their interval does not meet, and what these allow."""
    fit = np.bincount(quantities)[quantities] > 1 if len(quantities) else np.zeros(0, dtype=bool)
    rows = np.flatnonzero(fit & (cells["period"] != "") & (cells["value"] != ""))
    if not len(rows):
        return
    rows = rows[np.argsort(quantities[rows], kind="stable")]
    starts = np.flatnonzero(np.diff(quantities[rows], prepend=-1))
    low, high = cells["low"][rows], cells["high"][rows]
    apart = np.maximum.reduceat(low, starts) > np.minimum.reduceat(high, starts)
    for start, end in zip(
        starts[apart].tolist(), np.append(starts[1:], len(rows))[apart].tolist(), strict=True
    ):
        own = list(
            zip(
                rows[start:end].tolist(),
                cells["observation_id"][rows[start:end]],
                low[start:end].tolist(),
                high[start:end].tolist(),
                strict=True,
            )
        )
        for row, _, least, most in own:
            others = [other for other in own if other[3] < least or other[2] > most]
            if others:
                _widen(cells, row, others)


def _widen(
    cells: Mapping[str, np.ndarray], row: int, others: Sequence[tuple[int, str, float, float]]
) -> None:
    cells["conflicts_with"][row] = ";".join(name for _, name, _, _ in others)
    cells["allowed"][row] = ";".join([cells["allowed"][row], *(f"{low}:{high}" for *_, low, high in others)])
    cells["outer_low"][row] = min(cells["outer_low"][row], *(low for *_, low, _ in others))
    cells["outer_high"][row] = max(cells["outer_high"][row], *(high for *_, high in others))
