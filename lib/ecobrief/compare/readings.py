"""Readings: figures made ready to be set side by side.

A reading is one printed figure with its value in the indicator's own unit, the interval its digits stand for, and everything
that decides what it may be compared with. `readings` gives them as a tidy frame whose columns are described in
`CODE_BOOK`; `readings_of` those of one place and indicator as named tuples. Repetitions of a figure are not readings: the
first place of print stands for all.

Readings of one *quantity* (same place, indicator, period and attributes) should agree. Where they do not, all are kept; the
one that heads is chosen by tier (a third-party copy counts as the lowest), then a held document before a page, then
final before preliminary, then the latest; the values of the others widen its outer interval.

A quantity lies within one place and indicator, so that readings are made for one of these at a time, once, and kept in the
package. Of the filters only the least tier decides what heads; period and dating choose among readings that are made.
"""

from __future__ import annotations

from collections import Counter, defaultdict, namedtuple
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache
from operator import attrgetter
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from ecobrief import interval, units
from ecobrief.compare.comparability import UNSTATED, WHOLE_PLACE, Basis, Yardstick, own_reasons, yardstick
from ecobrief.compare.frames import WHOLE, as_frame, as_rows
from ecobrief.datapackage import ATTRIBUTES, COUNTRY, TIERS, DataPackage, own_unit
from ecobrief.wording import Message, msg

STAGES = ("revised", "final", "", "preliminary")
STATUSES = ("observed", "target", "forecast")
LEVELS = ("level", "cumulative")
LEAST_TIER = "other"

CODE_BOOK: dict[str, Message] = {
    "observation_id": msg("identifier of the figure: source and number"),
    "place_id": msg("city, district, province or country"),
    "indicator_id": msg("what is measured"),
    "status": msg("observed, target or forecast"),
    "period": msg("what the value refers to; empty when not stated"),
    "period_basis": msg("how the period is known"),
    "value": msg("the number with every digit as printed"),
    "unit": msg("the unit as printed"),
    "value_text": msg("the printed words where there is no number"),
    "qualifier": msg("exact, about, at_least, at_most, more_than, less_than, and_more or range"),
    "canonical_value": msg("the value in the canonical unit (the middle of a range)"),
    "canonical_unit": msg("the unit in which the indicator is kept"),
    "low": msg("least value that the printed digits stand for, canonical unit"),
    "high": msg("greatest value that the printed digits stand for, canonical unit"),
    "outer_low": msg("the same with final zeros taken for padding and with conflicting values"),
    "outer_high": msg("the same with final zeros taken for padding and with conflicting values"),
    "allowed": msg(
        "every value that digits and conflicting sources allow: least and greatest with a colon between, separated by "
        "semicolons"
    ),
    "scope_printed": msg("what the value covers, as printed"),
    "place": msg("the part of the place it is for; empty for the whole"),
    "network": msg("whose sites or sections were counted"),
    "denominator": msg("what a share is a share of"),
    "adjustment": msg("what was taken out before counting"),
    "definition_version": msg("the definition the value follows"),
    "source_id": msg("where it is printed"),
    "tier": msg("kind of source"),
    "seen_on": msg("publisher or third_party_copy; empty for a held document"),
    "held": msg("whether the document is held, so that the place of print can be checked"),
    "published": msg("when the source was published, as far as known"),
    "evidence": msg("the characters that print the value"),
    "start": msg("offset of the evidence in the document, code points from 0"),
    "end": msg("offset of the end of the evidence"),
    "printed_again": msg("how many later places print the same figure"),
    "heads": msg("whether it stands for its quantity among readings that may differ"),
    "conflicts_with": msg(
        "readings of the same quantity whose intervals do not meet, separated by semicolons"
    ),
    "reasons": msg(
        "why the reading cannot be ranked or compares with caveats only, codes separated by semicolons"
    ),
}


Reading = Any
"""A named tuple with the names of `CODE_BOOK`."""
_reading: Any = namedtuple("Reading", list(CODE_BOOK))  # type: ignore[misc]
KINDS: dict[str, Any] = {
    **dict.fromkeys(CODE_BOOK, object),
    **dict.fromkeys(("canonical_value", "low", "high", "outer_low", "outer_high"), float),
    **dict.fromkeys(("held", "heads"), bool),
    **dict.fromkeys(("start", "end"), WHOLE),
    "printed_again": np.int64,
}
"""The types of the columns; text is object."""


def readings(
    package: DataPackage,
    indicators: Sequence[str] | None = None,
    places: Sequence[str] | None = None,
    *,
    status: str = "observed",
    period: str = "",
    min_tier: str = "other",
    include_undated: bool = True,
) -> pd.DataFrame:
    """Levels of the indicators, one row a reading, columns as in `CODE_BOOK`.

    Args:
        indicators: indicator ids in the order wanted; None for all.
        places: city, province ids or "china"; None for the cities of the package.
        status: "observed", "target" or "forecast".
        period: only readings of exactly this period; empty for all.
        min_tier: the least authoritative tier still admitted.
        include_undated: whether readings without a period are kept.

    Returns:
        Sorted by indicator, place (in the order given), period, how much is stated of it, and authority.

    Raises:
        ValueError: an indicator, place or tier that is not there; it names those that are.
    """
    named = package.city_ids if places is None else list(dict.fromkeys(places))
    _refuse_unknown(package, named, indicators or (), min_tier)
    filters: dict[str, Any] = {"period": period, "min_tier": min_tier, "include_undated": include_undated}
    return framed(selected(package, indicators, named, status, **filters))


def selected(
    package: DataPackage,
    indicators: Sequence[str] | None,
    places: Sequence[str],
    status: str = "observed",
    *,
    period: str = "",
    min_tier: str = LEAST_TIER,
    include_undated: bool = True,
) -> Iterator[Reading]:
    """The rows of `readings`, of indicators, places and a tier that are there."""
    for reading in _in_order(package, indicators, places, status, min_tier):
        if (not period or reading.period == period) and (include_undated or reading.period):
            yield reading


def readings_of(package: DataPackage, place_id: str, indicator_id: str) -> tuple[Reading, ...]:
    """Every reading of one indicator in one place, observed, target and forecast, each in the order of `readings`."""
    asked = (indicator_id, LEAST_TIER)
    return tuple(row for status in STATUSES for row in _of_indicator(package, place_id, status, *asked))


def _in_order(
    package: DataPackage, indicators: Sequence[str] | None, places: Sequence[str], status: str, min_tier: str
) -> Iterator[Reading]:
    if indicators is None:
        of_place = [_of_place(package, place, status, min_tier) for place in places]
        for indicator in package.kept("indicators", lambda: package.indicators_of(*package.families)):
            for found in of_place:
                yield from found.get(indicator, ())
    else:
        for indicator in dict.fromkeys(indicators):
            for place in places:
                yield from _of_indicator(package, place, status, indicator, min_tier)


def _of_indicator(
    package: DataPackage, place_id: str, status: str, indicator_id: str, min_tier: str
) -> tuple[Reading, ...]:
    def read() -> tuple[Reading, ...]:
        figures = package.records("figures", place_id=place_id, indicator_id=indicator_id)
        return _read(package, figures, status, min_tier).get(indicator_id, ())

    return package.kept(("readings", place_id, status, indicator_id, min_tier), read)


def _of_place(
    package: DataPackage, place_id: str, status: str, min_tier: str
) -> Mapping[str, tuple[Reading, ...]]:
    """The same of all indicators, by indicator: asked for where all are wanted, as it rests on all figures of the place."""

    def read() -> Mapping[str, tuple[Reading, ...]]:
        return _read(package, package.records("figures", place_id=place_id), status, min_tier)

    return package.kept(("readings", place_id, status, min_tier), read)


def framed(rows: Iterable[Reading]) -> pd.DataFrame:
    """Readings as the frame that `readings` gives."""
    return as_frame(rows, KINDS)


def _refuse_unknown(
    package: DataPackage, places: Sequence[str], indicators: Sequence[str], min_tier: str
) -> None:
    def is_place(name: str) -> bool:
        return name == COUNTRY or package.is_city(name) or bool(package.records("cities", province_id=name))

    def is_indicator(name: str) -> bool:
        return bool(package.records("indicators", indicator_id=name))

    for name in places:
        if not package.kept(("place", name), lambda: is_place(name)):  # noqa: B023
            known = [*package.city_ids, *package["cities"]["province_id"].unique(), COUNTRY]
            raise ValueError(f"no place {name!r}; there are {', '.join(known)}")
    for name in indicators:
        if not package.kept(("indicator", name), lambda: is_indicator(name)):  # noqa: B023
            known = list(package["indicators"]["indicator_id"])
            raise ValueError(f"no indicator {name!r}; there are {', '.join(known)}")
    if min_tier not in TIERS:
        raise ValueError(f"no tier {min_tier!r}; there are {', '.join(TIERS)}")


# --- making readings of the figures of a place -------------------------------------------------------------------


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


class _Meant(NamedTuple):
    """A printed value in the canonical unit; not-a-numbers where only words are printed."""

    value: float
    low: float
    high: float
    outer_low: float
    outer_high: float
    allowed: str


_WORDS = _Meant(*[float("nan")] * 5, allowed="")
_attributes = attrgetter(*ATTRIBUTES)


def _read(
    package: DataPackage, figures: Sequence[Any], status: str, min_tier: str
) -> dict[str, tuple[Reading, ...]]:
    """The readings of figures of one place and status, by indicator: by period, how much is stated, authority."""
    again = Counter(figure.repeats for figure in figures)
    sources: dict[str, _Source] = {}
    admitted = TIERS[: TIERS.index(min_tier) + 1]
    found: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for figure in figures:
        if figure.status != status or figure.repeats or figure.measure not in LEVELS:
            continue
        source = sources.get(figure.source_id)
        if source is None:
            source = sources[figure.source_id] = _source(package.record("sources", figure.source_id))
        if source.tier in admitted:
            stated = _attributes(figure)
            unstated = sum(code in UNSTATED for code in stated)
            key = (figure.period, unstated, source.authority, figure.observation_id)
            found[figure.indicator_id].append((key, figure, source, stated))
    return {indicator: _heading(package, indicator, sorted(rows), again) for indicator, rows in found.items()}


def _heading(
    package: DataPackage, indicator_id: str, figures: list[tuple[Any, ...]], again: Mapping[str, int]
) -> tuple[Reading, ...]:
    """The readings of figures that stand in their order; the first of each quantity heads."""
    about, by = package.record("indicators", indicator_id), yardstick(package, indicator_id)
    found: list[Reading] = []
    quantities: dict[tuple[Any, ...], list[int]] = {}
    for _, figure, source, stated in figures:
        meant = _WORDS
        if figure.value:
            printed = (figure.value, own_unit(figure), figure.qualifier)
            meant = _meaning(*printed, about.unit, about.valid_min, about.valid_max)
        alike = quantities.setdefault((figure.period, figure.place, stated), [])
        reasons = _codes(
            bool(figure.value),
            figure.qualifier,
            figure.period,
            figure.place,
            figure.scope_printed,
            stated,
            by,
        )
        reading = _reading(
            figure.observation_id,
            figure.place_id,
            indicator_id,
            figure.status,
            figure.period,
            figure.period_basis,
            figure.value,
            figure.unit,
            figure.value_text,
            figure.qualifier,
            meant.value,
            about.unit,
            meant.low,
            meant.high,
            meant.outer_low,
            meant.outer_high,
            meant.allowed,
            figure.scope_printed,
            figure.place,
            figure.network,
            figure.denominator,
            figure.adjustment,
            figure.definition_version,
            figure.source_id,
            source.tier,
            source.seen_on,
            source.held,
            source.published,
            figure.evidence,
            figure.start,
            figure.end,
            again.get(figure.observation_id, 0),
            not alike,
            "",
            reasons,
        )
        alike.append(len(found))
        found.append(reading)
    for (period, *_), positions in quantities.items():
        if period and len(positions) > 1:
            _set_against_one_another(found, positions)
    return tuple(found)


def _set_against_one_another(found: list[Reading], positions: Sequence[int]) -> None:
    """Into readings of one quantity: which others their interval does not meet, and what these allow."""
    own = [(position, found[position]) for position in positions if found[position].value]
    for position, one in own:
        apart = [other for _, other in own if other.high < one.low or other.low > one.high]
        if apart:
            found[position] = one._replace(
                conflicts_with=";".join(other.observation_id for other in apart),
                allowed=";".join([one.allowed, *(f"{other.low}:{other.high}" for other in apart)]),
                outer_low=min(one.outer_low, *(other.low for other in apart)),
                outer_high=max(one.outer_high, *(other.high for other in apart)),
            )


@cache
def _meaning(value: str, unit: str, qualifier: str, canonical: str, least: str, most: str) -> _Meant:
    meant = interval.meaning(
        value,
        qualifier,
        counted=units.counts_whole_things(unit),
        scale=units.factor(unit, canonical),
        least=Decimal(least or "-Infinity"),
        most=Decimal(most or "Infinity"),
    )
    fine, coarse = meant.fine, meant.coarse
    ends = tuple(map(float, (fine.low, fine.high, coarse.low, coarse.high)))
    return _Meant(float(meant.point), *ends, allowed=f"{ends[2]}:{ends[3]}")


@cache
def _codes(
    numeric: bool,
    qualifier: str,
    period: str,
    place: str,
    scope: str,
    stated: tuple[str, ...],
    by: Yardstick,
) -> str:
    """The codes of what keeps a reading from full comparability, whatever it is set beside."""
    codes = dict(zip(ATTRIBUTES, stated, strict=True))
    attributes = tuple(codes[name] for name in by.attributes)
    one = Basis(numeric, qualifier == "about", period, place, scope, attributes)
    return ";".join(reason.code for reason in own_reasons(one, by))


# --- choosing among readings -------------------------------------------------------------------------------------


def allowed(reading: Any) -> list[tuple[float, float]]:
    """The intervals in which the value of a row of `readings` may lie, its own first."""
    pieces = (piece.split(":") for piece in reading.allowed.split(";") if piece)
    return [(float(low), float(high)) for low, high in pieces]


def latest(frame: pd.DataFrame) -> pd.DataFrame:
    """The readings that head the latest dated period of each place and indicator, else its undated head.

    Several rows for one place and indicator differ in network or another attribute and are all its latest readings.
    """
    return frame[np.array(are_latest(as_rows(frame)), dtype=bool)]


def speaks_for_place(reading: Reading) -> bool:
    """Whether it is a number, for the whole place, that heads its quantity."""
    return (
        reading.heads and reading.place == WHOLE_PLACE and reading.canonical_value == reading.canonical_value
    )


def are_latest(readings: Iterable[Reading]) -> list[bool]:
    """Of each reading whether it is among the latest of its place and indicator."""
    usable = [
        (row.place_id, row.indicator_id, row.period) if speaks_for_place(row) else None for row in readings
    ]
    last: dict[tuple[str, str], str] = {}
    for place, indicator, period in filter(None, usable):
        last[place, indicator] = max(period, last.get((place, indicator), ""))
    return [one is not None and last[one[:2]] == one[2] for one in usable]
