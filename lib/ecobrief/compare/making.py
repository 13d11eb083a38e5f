"""Figures made into readings, column by column: of a place in a millisecond or two, of a million figures in seconds.

What decides on a column is asked once for each of its values, or for each combination of values that occurs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import cache
from itertools import pairwise, repeat
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
"""Arrays of cells, by column."""


class Levels:
    """Figures that are levels of one status, each at its first place of print; their cells are taken when asked for."""

    def __init__(self, figures: Cells, rows: np.ndarray, again: Mapping[str, int]):
        """figures: the whole table; rows: the numbers of these; again: how often a figure is printed again, by id."""
        self._figures, self._rows, self._again = figures, rows, again
        self._columns: dict[str, Column] = {}

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, name: str) -> Any:
        return self._figures[name][self._rows]

    def column(self, name: str) -> Column:
        if name not in self._columns:
            self._columns[name] = _column(self[name])
        return self._columns[name]

    def take(self, numbers: np.ndarray) -> Levels:
        return Levels(self._figures, self._rows[numbers], self._again)

    @property
    def printed_again(self) -> np.ndarray:
        times = map(self._again.get, self["observation_id"], repeat(0))
        return np.fromiter(times, dtype=np.int64, count=len(self))


def levels(package: DataPackage, status: str, **of: str | Sequence[str]) -> Levels:
    """Those of the figures asked for, as `DataPackage.rows` is asked."""
    figures, rows = package.located("figures", **of)
    repeats, measure = figures["repeats"][rows], figures["measure"][rows]
    is_level = np.logical_or.reduce([measure == name for name in LEVELS])
    first = (figures["status"][rows] == status) & (repeats == "") & is_level
    return Levels(figures, rows[first.astype(bool)], Counter(filter(None, repeats)))


def made(
    package: DataPackage, levels: Levels, min_tier: str, indicators: Sequence[str], places: Sequence[str]
) -> dict[str, Any]:
    """The columns of `readings`, by name; indicators and places give the order."""
    sources = _sources(package, list(levels.column("source_id").distinct))
    admitted = {name for name, source in sources.items() if TIERS.index(source.tier) <= TIERS.index(min_tier)}
    if len(admitted) < len(sources):
        levels = levels.take(np.flatnonzero(levels.column("source_id").holds(admitted.__contains__)))
    source = levels.column("source_id")
    told = [sources[name] for name in source.distinct]
    numbers, first = combinations(*map(levels.column, ("indicator_id", "period", "place", *ATTRIBUTES)))
    kind = Column(first, numbers)
    unstated = _unstated(levels.take(first))
    order = _order(
        levels["observation_id"],
        _ranked(levels.column("indicator_id"), indicators),
        _ranked(levels.column("place_id"), places),
        _ranked(levels.column("period")),
        Column(np.arange(len(ATTRIBUTES) + 1), unstated[numbers]),
        _ranked(Column(_objects(one.authority for one in told), source.codes)),
    )
    quantities = combinations(kind, levels.column("place_id"))[0][order]
    computed = {**_meant(package, levels), "reasons": _reasons(package, levels, kind)}
    levels = levels.take(order)
    cells = {
        **{name: levels[name] for name in PRINTED},
        **{name: values[order] for name, values in computed.items()},
        **{
            name: np.array([getattr(one, name) for one in told], dtype=dtype)[source.codes[order]]
            for name, dtype in _TOLD.items()
        },
        "printed_again": levels.printed_again,
        "heads": _first_of_each(quantities),
        "conflicts_with": np.full(len(order), "", dtype=object),
    }
    _set_against_one_another(cells, quantities)
    return cells


PRINTED = (
    "observation_id",
    "place_id",
    "indicator_id",
    "status",
    "period",
    "period_basis",
    "value",
    "unit",
    "value_text",
    "qualifier",
    "scope_printed",
    "place",
    *ATTRIBUTES,
    "source_id",
    "evidence",
    "start",
    "end",
)
"""The columns of figures that readings have too."""


# --- columns and order -------------------------------------------------------------------------------------------


def _column(cells: np.ndarray) -> Column:
    codes, distinct = pd.factorize(cells)
    return Column(distinct, codes)


def _objects(values: Iterable[Any]) -> np.ndarray:
    listed = list(values)
    # An array of tuples would have two dimensions.
    found = np.empty(len(listed), dtype=object)
    found[:] = listed
    return found


def _ranked(column: Column, order: Sequence[Any] | None = None) -> Column:
    """The same column, numbered by this order of its values, or by their own."""
    order = sorted(column.distinct) if order is None else order
    ranks = {value: number for number, value in enumerate(order)}
    numbers = np.array([ranks[value] for value in column.distinct], dtype=np.intp)
    return Column(np.arange(len(order)), numbers[column.codes])


def _order(names: np.ndarray, *keys: Column) -> np.ndarray:
    """The rows by these keys, whose codes give their order, and by their names."""
    by_name = np.arange(len(names))
    if (names[1:] < names[:-1]).any():
        by_name = np.argsort(names, kind="stable")
    limits = tuple(max(1, len(key.distinct)) for key in keys)
    together = np.ravel_multi_index(tuple(key.codes for key in keys), limits)
    return by_name[np.argsort(together[by_name], kind="stable")]


def _first_of_each(numbers: np.ndarray) -> np.ndarray:
    first = np.zeros(numbers.max(initial=-1) + 1, dtype=np.intp)
    first[numbers[::-1]] = np.arange(len(numbers))[::-1]
    found = np.zeros(len(numbers), dtype=bool)
    found[first] = True
    return found


def _unstated(levels: Levels) -> np.ndarray:
    """How many attributes are not stated."""
    stated = zip(*(levels[name] for name in ATTRIBUTES), strict=True)
    return np.array([sum(code in UNSTATED for code in codes) for codes in stated], dtype=np.intp)


# --- source and meaning ------------------------------------------------------------------------------------------


class _Source(NamedTuple):
    """What a reading tells of its source, and how much authority that gives it: tier (a third-party copy, which cannot be
    opened where it was published, counts as the last), a held document, stage, date; the least value has the most."""

    tier: str
    seen_on: str
    held: bool
    published: str
    authority: tuple[int, bool, int, int]


_TOLD: Mapping[str, Any] = {"tier": object, "seen_on": object, "held": bool, "published": object}


def _sources(package: DataPackage, names: Sequence[str]) -> dict[str, _Source]:
    return {
        row.source_id: _source(row.tier, row.seen_on, row.text_sha256 != "", row.published, row.stage)
        for row in package.records("sources", source_id=names)
    }


@cache
def _source(tier: str, seen_on: str, held: bool, published: str, stage: str) -> _Source:
    as_tier = len(TIERS) - 1 if seen_on == "third_party_copy" else TIERS.index(tier)
    latest_first = -int(published.replace("-", "").ljust(8, "0"))
    authority = (as_tier, not held, STAGES.index(stage), latest_first)
    return _Source(tier, seen_on, held, published, authority)


_NUMBERS = ("canonical_value", "low", "high", "outer_low", "outer_high")
_WORDS = (*[float("nan")] * len(_NUMBERS), "")


def _meant(package: DataPackage, levels: Levels) -> dict[str, np.ndarray]:
    """The printed values in the canonical unit, and what they allow."""
    indicator, meant_unit = levels.column("indicator_id"), levels["unit_read"]
    meant_unit = np.where(meant_unit == "", levels["unit"], meant_unit)
    about = [package.record("indicators", name) for name in indicator.distinct]
    printed = (levels.column("value"), _column(meant_unit), levels.column("qualifier"))
    numbers, first = combinations(indicator, *printed)
    of = [about[code] for code in indicator.codes[first]]
    meant = [
        _meaning(value, unit, qualifier, of.unit, of.valid_min, of.valid_max) if value else _WORDS
        for of, value, unit, qualifier in zip(of, *(column.at(first) for column in printed), strict=True)
    ]
    ends = np.array([one[:-1] for one in meant], dtype=float).reshape(len(meant), len(_NUMBERS))
    return {
        **{name: own[numbers] for name, own in zip(_NUMBERS, ends.T, strict=True)},
        "allowed": _objects(one[-1] for one in meant)[numbers],
        "canonical_unit": _objects(one.unit for one in about)[indicator.codes],
    }


@cache
def _meaning(value: str, unit: str, qualifier: str, canonical: str, least: str, most: str) -> tuple[Any, ...]:
    meant = interval.meaning(
        value,
        qualifier,
        counted=units.counts_whole_things(unit),
        scale=units.factor(unit, canonical),
        least=_limit(least or "-Infinity"),
        most=_limit(most or "Infinity"),
    )
    fine, coarse = meant.fine, meant.coarse
    low, high, outer_low, outer_high = map(float, (fine.low, fine.high, coarse.low, coarse.high))
    return float(meant.point), low, high, outer_low, outer_high, f"{outer_low}:{outer_high}"


_limit = cache(Decimal)


def _reasons(package: DataPackage, levels: Levels, kind: Column) -> np.ndarray:
    """The codes of what keeps each reading from full comparability, whatever it is set beside."""
    words, about = (
        levels.column("value").holds(lambda value: not value),
        levels.column("qualifier").among("about"),
    )
    marks = Column(np.arange(4), words * 2 + about)
    numbers, first = combinations(kind, levels.column("scope_printed"), marks)
    chosen = levels.take(first)
    names = ("indicator_id", "period", "place", "scope_printed", *ATTRIBUTES)
    found = []
    for is_words, is_about, indicator, period, place, scope, *stated in zip(
        words[first].tolist(), about[first].tolist(), *(chosen[name] for name in names), strict=True
    ):
        by = yardstick(package, indicator)
        codes = dict(zip(ATTRIBUTES, stated, strict=True))
        attributes = tuple(codes[name] for name in by.attributes)
        one = Basis(not is_words, is_about, period, place, scope, attributes)
        found.append(";".join(reason.code for reason in own_reasons(one, by)))
    return _objects(found)[numbers]


# --- conflict ----------------------------------------------------------------------------------------------------


def _set_against_one_another(cells: Mapping[str, np.ndarray], quantities: np.ndarray) -> None:
    """Into dated readings of one quantity: which others their interval does not meet, and what these allow."""
    several = np.bincount(quantities, minlength=1)[quantities] > 1
    rows = np.flatnonzero(several & (cells["period"] != "") & (cells["value"] != ""))
    rows = rows[np.argsort(quantities[rows], kind="stable")]
    ends = np.flatnonzero(np.diff(quantities[rows], append=-1)) + 1
    names, low, high, outer_low, outer_high, allowed = (cells[name][rows].tolist() for name in _DECIDING)
    changed: dict[int, tuple[Any, ...]] = {}
    for start, end in pairwise([0, *ends.tolist()]):
        if max(low[start:end]) <= min(high[start:end]):
            continue
        for one in range(start, end):
            apart = [k for k in range(start, end) if high[k] < low[one] or low[k] > high[one]]
            if apart:
                changed[one] = (
                    ";".join([names[k] for k in apart]),
                    ";".join([allowed[one], *(f"{low[k]}:{high[k]}" for k in apart)]),
                    min(outer_low[one], *(low[k] for k in apart)),
                    max(outer_high[one], *(high[k] for k in apart)),
                )
    if changed:
        at = rows[list(changed)]
        for name, values in zip(_DECIDED, zip(*changed.values(), strict=True), strict=True):
            cells[name][at] = values


_DECIDING = ("observation_id", "low", "high", "outer_low", "outer_high", "allowed")
_DECIDED = ("conflicts_with", "allowed", "outer_low", "outer_high")
