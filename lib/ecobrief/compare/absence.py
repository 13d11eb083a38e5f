"""Why there is no figure: an answer with a reason, never a blank.

Absence is recorded in coverage.csv, source by source; it is never inferred from a row that is not there.
"""

from __future__ import annotations

from typing import Any, Literal

from ecobrief.compare.comparability import WHOLE_PLACE
from ecobrief.compare.making import LEVELS
from ecobrief.datapackage import DataPackage
from ecobrief.wording import Message, joined, msg, term

Absence = Literal[
    "not_stated", "not_searched", "part_only", "words_only", "target_only", "rank_only", "left_out"
]


def absence(package: DataPackage, place_id: str, indicator_id: str) -> tuple[Absence, Message]:
    """What is known of a figure that is not among the readings asked for, as a code and in words.

    "part_only" is a figure that is stated for a part of the place alone, "words_only" one that has no number,
    "target_only" and "rank_only" one of which only a target, or a rank or change, is printed, and "left_out" one that
    is not in the period, tier or dating asked for.
    """
    printed = package.records("figures", place_id=place_id, indicator_id=indicator_id)
    stated = [figure for figure in printed if figure.status == "observed" and figure.measure in LEVELS]
    if stated:
        whole = [figure for figure in stated if figure.place == WHOLE_PLACE]
        if not whole:
            return "part_only", msg("stated for a part of the place only")
        if not any(figure.value for figure in whole):
            return "words_only", msg("stated in words only")
        return "left_out", msg("stated, but not within the period, tier and dating asked for")
    if any(figure.status != "observed" for figure in printed):
        return "target_only", msg("printed as a target only")
    if printed:
        return "rank_only", msg("printed as a rank or change only")
    coverage = package.records("coverage", city_id=place_id, indicator_id=indicator_id)
    searched = [entry.source_id for entry in coverage if entry.result == "not_stated"]
    if not searched:
        return "not_searched", msg("not searched")
    documents = [document_name(package.record("sources", source_id)) for source_id in searched]
    if len(documents) == 1:
        return "not_stated", msg("not stated in the one document held ({document})", document=documents[0])
    text = msg(
        "not stated in the {count} documents held ({documents})",
        count=len(documents),
        documents=joined(documents),
    )
    return "not_stated", text


def document_name(source: Any) -> Message:
    """What to call a row of sources: its label with the year of publication."""
    label = term(source, "label")
    if not source.published:
        return msg("{label} (undated)", label=label)
    return msg("{label} ({year})", label=label, year=source.published[:4])
