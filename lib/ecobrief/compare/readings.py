"""Readings: figures made ready to be set side by side.

A reading is one printed figure with its value in the indicator's own unit, the interval its digits stand for, and everything
that decides what it may be compared with. `readings` gives them as a tidy frame whose columns are described in
`CODE_BOOK`; `readings_of` those of one place and indicator as named tuples. Repetitions of a figure are not readings: the
first place of print stands for all.

Readings of one *quantity* (same place, indicator, period and attributes) should agree. Where they do not, all are kept; the
one that heads is chosen by tier (a third-party copy counts as the lowest), then a held document before a page, then
final before preliminary, then the latest; the values of the others widen its outer interval.

A quantity lies within one place and indicator. So the readings of a place are made once and kept; of the filters only the
least tier decides what heads, and period and dating choose among the readings that there are.
"""

from __future__ import annotations

from collections import defaultdict, namedtuple
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from ecobrief.compare import making
from ecobrief.compare.comparability import WHOLE_PLACE
from ecobrief.compare.frames import WHOLE, as_frame, as_rows, of_columns
from ecobrief.datapackage import COUNTRY, TIERS, DataPackage
from ecobrief.datapackage.slices import apart
from ecobrief.wording import Message, msg

STATUSES = ("observed", "target", "forecast")
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
    if len(named) <= FEW:
        return framed(selected(package, indicators, named, status, **filters))
    return _of_many(package, indicators, named, status, **filters)


def selected(
    package: DataPackage,
    indicators: Sequence[str] | None,
    places: Sequence[str],
    status: str = "observed",
    *,
    period: str = "",
    min_tier: str = LEAST_TIER,
    include_undated: bool = True,
) -> list[Reading]:
    """The rows of `readings`, of indicators, places and a tier that are there."""
    if len(places) > FEW:
        filters: dict[str, Any] = {"period": period, "min_tier": min_tier, "include_undated": include_undated}
        return as_rows(_of_many(package, indicators, places, status, **filters))
    if indicators is None:
        of_places = [_all_of_one(package, place, status, min_tier) for place in places]
        found = [of_place.get(name, ()) for name in _every(package) for of_place in of_places]
    else:
        found = [
            _of_one(package, place, status, min_tier, name)
            for name in dict.fromkeys(indicators)
            for place in places
        ]
    return [
        reading
        for own in found
        for reading in own
        if (not period or reading.period == period) and (include_undated or reading.period)
    ]


def readings_of(package: DataPackage, place_id: str, indicator_id: str) -> tuple[Reading, ...]:
    """Every reading of one indicator in one place, observed, target and forecast, each in the order of `readings`."""
    return tuple(
        reading
        for status in STATUSES
        for reading in _of_one(package, place_id, status, LEAST_TIER, indicator_id)
    )


def _every(package: DataPackage) -> list[str]:
    return package.kept("indicators", lambda: package.indicators_of(*package.families))


# --- of few places -----------------------------------------------------------------------------------------------

FEW = 8
"""Readings of up to so many places are made place by place, and kept."""


class _Place(NamedTuple):
    """The readings of a place by indicator, and the sources that they and those of lesser tiers come from."""

    readings: Mapping[str, tuple[Reading, ...]]
    sources: Mapping[str, tuple[str, ...]]


def _of_one(
    package: DataPackage, place_id: str, status: str, min_tier: str, indicator_id: str
) -> tuple[Reading, ...]:
    """The readings of one indicator: they rest on its figures, the sources of these and what the indicator is."""
    place = _place(package, place_id, status, min_tier)

    def asked() -> None:
        package.asks("figures", place_id=place_id, indicator_id=indicator_id)
        package.asks("sources", source_id=place.sources.get(indicator_id, ()))
        package.asks("indicators", indicator_id=indicator_id)

    package.kept(("asked for readings", place_id, status, indicator_id), asked)
    return place.readings.get(indicator_id, ())


def _all_of_one(
    package: DataPackage, place_id: str, status: str, min_tier: str
) -> Mapping[str, tuple[Reading, ...]]:
    """The readings of all indicators: they rest on all figures of the place."""
    place = _place(package, place_id, status, min_tier)

    def asked() -> None:
        package.asks("figures", place_id=place_id)
        package.asks("sources", source_id=[name for names in place.sources.values() for name in names])
        package.asks("indicators", indicator_id=list(place.sources))

    package.kept(("asked for readings", place_id, status), asked)
    return place.readings


def _place(package: DataPackage, place_id: str, status: str, min_tier: str) -> _Place:
    """Made all at once; that all of it is asked for is not noted."""
    return package.kept(
        ("readings", place_id, status, min_tier), lambda: _made_apart(package, place_id, status, min_tier)
    )


def _made_apart(package: DataPackage, place_id: str, status: str, min_tier: str) -> _Place:
    with apart():
        levels = making.levels(package, status, place_id=place_id)
        cells = making.made(package, levels, min_tier, _every(package), [place_id])
    readings: dict[str, list[Reading]] = defaultdict(list)
    columns = (
        cells[name].to_numpy(object, na_value=None) if kind == WHOLE else cells[name].tolist()
        for name, kind in KINDS.items()
    )
    made: Iterator[Reading] = map(_reading, *columns)
    for reading in made:
        readings[reading.indicator_id].append(reading)
    sources: dict[str, dict[str, None]] = defaultdict(dict)
    for indicator, source in zip(levels["indicator_id"], levels["source_id"], strict=True):
        sources[indicator][source] = None
    return _Place(
        {name: tuple(own) for name, own in readings.items()},
        {name: tuple(own) for name, own in sources.items()},
    )


# --- of many places ----------------------------------------------------------------------------------------------


def _of_many(
    package: DataPackage,
    indicators: Sequence[str] | None,
    places: Sequence[str],
    status: str,
    *,
    period: str,
    min_tier: str,
    include_undated: bool,
) -> pd.DataFrame:
    def read() -> pd.DataFrame:
        of = {"place_id": places} if indicators is None else {"place_id": places, "indicator_id": indicators}
        levels = making.levels(package, status, **of)
        order = _every(package) if indicators is None else list(dict.fromkeys(indicators))
        return of_columns(making.made(package, levels, min_tier, order, places), KINDS)

    # All readings of all places are too many to be kept.
    frame = (
        read()
        if indicators is None
        else package.kept(("readings", tuple(indicators), tuple(places), status, min_tier), read)
    )
    if period:
        frame = frame[(frame["period"] == period).to_numpy()]
    elif not include_undated:
        frame = frame[(frame["period"] != "").to_numpy()]
    return frame.reset_index(drop=True)


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
