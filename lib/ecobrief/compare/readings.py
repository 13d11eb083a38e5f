"""Readings: figures made ready to be set side by side.

A reading is one printed figure with its value in the indicator's own unit, the interval its digits stand for, and everything
that decides what it may be compared with. `readings` gives them as a tidy frame whose columns are described in
`CODE_BOOK`. Repetitions of a figure are not readings: the first place of print stands for all.

Readings of one *quantity* (same place, indicator, period and attributes) should agree. Where they do not, all are kept; the
one that heads is chosen by tier (a third-party copy counts as the lowest), then a held document before a page, then
final before preliminary, then the latest; the values of the others widen its outer interval.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import cache
from typing import Any

import pandas as pd

from ecobrief import interval, units
from ecobrief.compare.comparability import UNSTATED, WHOLE_PLACE, basis, own_reasons, yardstick
from ecobrief.datapackage import ATTRIBUTES, COUNTRY, TIERS, DataPackage, meant_unit
from ecobrief.wording import Message, msg

STAGES = ("revised", "final", "", "preliminary")
QUANTITY = ("place_id", "indicator_id", "period", "place", *ATTRIBUTES)

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
    places = package.city_ids if places is None else list(places)
    indicators = package.indicators_of(*package.families) if indicators is None else list(indicators)
    rows = package.figures.reset_index(drop=True)
    _refuse_unknown(package, places, indicators, min_tier)
    again = rows["repeats"].value_counts()
    wanted = (
        rows["place_id"].isin(places)
        & rows["indicator_id"].isin(indicators)
        & (rows["status"] == status)
        & rows["measure"].isin(["level", "cumulative"])
        & (rows["repeats"] == "")
    )
    frame = rows[wanted].merge(_about_sources(package), on="source_id")
    frame = frame[frame["tier"].map(TIERS.index) <= TIERS.index(min_tier)]
    if period:
        frame = frame[frame["period"] == period]
    if not include_undated:
        frame = frame[frame["period"] != ""]
    frame = frame.assign(printed_again=frame["observation_id"].map(again).fillna(0).astype(int))
    frame = _with_intervals(frame, package)
    frame = frame.assign(
        _indicator=pd.Categorical(frame["indicator_id"], indicators, ordered=True),
        _place=pd.Categorical(frame["place_id"], places, ordered=True),
        _unstated=frame[list(ATTRIBUTES)].isin(UNSTATED).sum(axis=1),
        _tier=_authority(frame),
        _held=~frame["held"],
        _stage=frame["stage"].map(STAGES.index),
        _age=_later_first(frame["published"]),
    ).sort_values(
        ["_indicator", "_place", "period", "_unstated", "_tier", "_held", "_stage", "_age", "observation_id"],
        kind="stable",
    )
    frame = _with_heads(frame.reset_index(drop=True))
    return frame.assign(reasons=_own_reasons(frame, package))[list(CODE_BOOK)]


def _refuse_unknown(
    package: DataPackage, places: Sequence[str], indicators: Sequence[str], min_tier: str
) -> None:
    known_places = [*package.city_ids, *package["cities"]["province_id"].unique(), COUNTRY]
    for asked, known, what in (
        (places, known_places, "place"),
        (indicators, list(package["indicators"]["indicator_id"]), "indicator"),
        ([min_tier], TIERS, "tier"),
    ):
        unknown = [name for name in asked if name not in known]
        if unknown:
            raise ValueError(f"no {what} {unknown[0]!r}; there are {', '.join(known)}")


def _own_reasons(frame: pd.DataFrame, package: DataPackage) -> list[str]:
    yardsticks = {indicator: yardstick(package, indicator) for indicator in frame["indicator_id"].unique()}
    return [
        ";".join(
            reason.code
            for reason in own_reasons(basis(row, yardsticks[row.indicator_id]), yardsticks[row.indicator_id])
        )
        for row in frame.itertuples()
    ]


def _about_sources(package: DataPackage) -> pd.DataFrame:
    sources = package["sources"]
    return sources[["source_id", "tier", "seen_on", "published", "stage"]].assign(
        held=sources["text_sha256"] != ""
    )


def _authority(frame: pd.DataFrame) -> pd.Series:
    """Place of the tier in `TIERS`; a third-party copy counts as the last, for it cannot be opened where it was published."""
    tier = frame["tier"].map(TIERS.index)
    return tier.where(frame["seen_on"] != "third_party_copy", len(TIERS) - 1)


def _later_first(published: pd.Series) -> pd.Series:
    digits = published.str.replace("-", "").str.pad(8, side="right", fillchar="0")
    return -pd.to_numeric(digits).fillna(0)


def _with_intervals(frame: pd.DataFrame, package: DataPackage) -> pd.DataFrame:
    about = package["indicators"].set_index("indicator_id")
    asked = list(
        zip(frame["indicator_id"], frame["value"], meant_unit(frame), frame["qualifier"], strict=True)
    )
    meant = {}
    for indicator_id, value, unit, qualifier in set(asked):
        indicator = about.loc[indicator_id]
        limits = (indicator["valid_min"], indicator["valid_max"])
        meant[indicator_id, value, unit, qualifier] = _meaning(
            value, unit, qualifier, indicator["unit"], *limits
        )
    columns = ["canonical_value", "low", "high", "outer_low", "outer_high"]
    numbers = pd.DataFrame([meant[key] for key in asked], columns=columns, index=frame.index, dtype=float)
    return frame.assign(**numbers, canonical_unit=frame["indicator_id"].map(about["unit"]))


@cache
def _meaning(
    value: str, unit: str, qualifier: str, canonical: str, least: str, most: str
) -> tuple[float, ...]:
    """(canonical value, low, high, outer low, outer high); not-a-numbers where only words are printed."""
    if not value:
        return (float("nan"),) * 5
    meant = interval.meaning(
        value,
        qualifier,
        counted=units.counts_whole_things(unit),
        scale=units.factor(unit, canonical),
        least=Decimal(least or "-Infinity"),
        most=Decimal(most or "Infinity"),
    )
    fine, coarse = meant.fine, meant.coarse
    return tuple(map(float, (meant.point, fine.low, fine.high, coarse.low, coarse.high)))


def _with_heads(frame: pd.DataFrame) -> pd.DataFrame:
    """`heads`, `conflicts_with`, `allowed` and outer intervals; the frame is sorted by authority within a quantity."""
    frame["heads"] = ~frame.duplicated(list(QUANTITY))
    frame["conflicts_with"] = ""
    frame["allowed"] = [
        f"{row.outer_low}:{row.outer_high}" if row.value else "" for row in frame.itertuples()
    ]
    dated = frame[(frame["period"] != "") & frame["canonical_value"].notna()]
    for _, quantity in dated[dated.duplicated(list(QUANTITY), keep=False)].groupby(
        list(QUANTITY), sort=False
    ):
        for row in quantity.itertuples():
            apart = quantity[(quantity["high"] < row.low) | (quantity["low"] > row.high)]
            if apart.empty:
                continue
            frame.at[row.Index, "conflicts_with"] = ";".join(apart["observation_id"])
            pieces = [row.allowed, *(f"{other.low}:{other.high}" for other in apart.itertuples())]
            frame.at[row.Index, "allowed"] = ";".join(pieces)
            frame.at[row.Index, "outer_low"] = min(row.outer_low, apart["low"].min())
            frame.at[row.Index, "outer_high"] = max(row.outer_high, apart["high"].max())
    return frame


def allowed(reading: Any) -> list[tuple[float, float]]:
    """The intervals in which the value of a row of `readings` may lie, its own first."""
    pieces = (piece.split(":") for piece in reading.allowed.split(";") if piece)
    return [(float(low), float(high)) for low, high in pieces]


def latest(frame: pd.DataFrame) -> pd.DataFrame:
    """The readings that head the latest dated period of each place and indicator, else its undated head.

    Several rows for one place and indicator differ in network or another attribute and are all its latest readings.
    """
    heads = frame[frame["heads"] & (frame["place"] == WHOLE_PLACE) & frame["canonical_value"].notna()]
    newest = heads.groupby(["place_id", "indicator_id"])["period"].transform("max")
    return heads[heads["period"] == newest]
