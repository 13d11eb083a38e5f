"""One indicator over the cities, as `ecobrief compare` prints it: every reading, what is absent, and what compares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ecobrief.compare.absence import absence
from ecobrief.compare.readings import CODE_BOOK, readings
from ecobrief.compare.standings import Pair, pairs, ranks_text, standings, who_is_ranked
from ecobrief.datapackage import DataPackage
from ecobrief.wording import Lang, Message, Term, joined, msg, say, term
from ecobrief.wording import period as period_text

RANKS = ["ranks", "rank_best", "rank_worst", "ranked"]
VERDICT_NAMES: dict[str, Message] = {
    "comparable": msg("comparable"),
    "with_caveats": msg("comparable with caveats"),
    "not_comparable": msg("not comparable"),
}


@dataclass(frozen=True)
class Comparison:
    """`rows`: a row a reading, or a city without one, with columns result (stated, or a code of `absence`),
    those of `CODE_BOOK` (place_id as city_id), and of `RANKS`; `pairs` of cities that have readings."""

    indicator_id: str
    rows: pd.DataFrame
    pairs: Sequence[Pair]
    absent: dict[str, Message]
    ranked: Message


def comparison(
    package: DataPackage, indicator_id: str, city_ids: Sequence[str], period: str = ""
) -> Comparison:
    found = readings(package, [indicator_id], city_ids, period=period)
    ranks = standings(package, found)[["observation_id", *RANKS]]
    rows = found.assign(result="stated").merge(ranks, on="observation_id", how="left")
    stated = set(found["place_id"])
    absent = {city: absence(package, city, indicator_id) for city in city_ids if city not in stated}
    gaps = [
        {"place_id": city, "indicator_id": indicator_id, "result": code} for city, (code, _) in absent.items()
    ]
    rows = pd.concat([rows, pd.DataFrame(gaps)], ignore_index=True) if gaps else rows
    order = {city: number for number, city in enumerate(city_ids)}
    rows = rows.sort_values(
        "place_id", key=lambda places: places.map(order), kind="stable", ignore_index=True
    )
    whole = ["start", "end", "printed_again", "rank_best", "rank_worst", "ranked"]
    rows = rows.astype(dict.fromkeys(whole, "Int64")).rename(columns={"place_id": "city_id"})
    columns = ["result", *CODE_BOOK, *RANKS]
    columns[columns.index("place_id")] = "city_id"
    reasons = {city: why for city, (_, why) in absent.items()}
    return Comparison(
        indicator_id, rows[columns], pairs(package, found), reasons, who_is_ranked(package, found)
    )


def as_json(comparison: Comparison) -> dict[str, Any]:
    """Plain values; numbers that are absent are null."""
    rows = comparison.rows.astype(object).where(comparison.rows.notna(), None)
    return {
        "indicator_id": comparison.indicator_id,
        "ranked": str(comparison.ranked),
        "readings": [
            {key: value for key, value in row.items() if value is not None} for row in rows.to_dict("records")
        ],
        "pairs": [
            {
                "places": list(pair.places),
                "observation_ids": list(pair.observation_ids),
                "verdict": pair.verdict,
                "reasons": [{"code": reason.code, "text": str(reason.message)} for reason in pair.reasons],
            }
            for pair in comparison.pairs
        ],
    }


def as_text(package: DataPackage, comparison: Comparison, lang: Lang) -> str:
    """The comparison for a terminal."""
    lines: list[Message | Term | str] = [
        term(package.record("indicators", comparison.indicator_id), "name"),
        "",
    ]
    for row in comparison.rows.itertuples():
        what = _printed(row, lang) if row.result == "stated" else comparison.absent[row.city_id]
        lines.append(msg("  {city}: {what}", city=package.place_name(row.city_id), what=what))
    lines.append("")
    for pair in comparison.pairs:
        verdict: Message = VERDICT_NAMES[pair.verdict]
        if pair.reasons:
            reasons = say(msg("; "), lang).join(say(reason.message, lang) for reason in pair.reasons)
            verdict = msg("{verdict} ({reasons})", verdict=verdict, reasons=reasons)
        names = " – ".join(say(package.place_name(place), lang) for place in pair.places)
        lines.append(msg("  {city}: {what}", city=names, what=verdict))
    lines.append(f"  {say(comparison.ranked, lang)}")
    return "\n".join(say(line, lang) for line in lines)


def _printed(row: Any, lang: Lang) -> str:
    """Value and unit as printed, period, scope, kind of source, id, and the rank where there is one."""
    printed = row.value_text or f"{row.value} {' '.join(row.unit.split())}"
    when = period_text(row.period, lang) or say(msg("year not stated"), lang)
    where = say(joined([part for part in (row.place, row.scope_printed) if part]), lang)
    about = " · ".join(filter(None, (printed, when, where, _tier(row), row.observation_id)))
    return about if pd.isna(row.rank_best) else f"{about}  [{ranks_text(row.ranks)}/{row.ranked:.0f}]"


def _tier(row: Any) -> str:
    return f"{row.tier}, {row.seen_on}" if row.seen_on == "third_party_copy" else row.tier
