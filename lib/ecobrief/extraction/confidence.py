"""How sure a candidate is, and why: every reason for doubt takes its share."""

from __future__ import annotations

from ecobrief.extraction.timeline import Time
from ecobrief.extraction.walk import Claim

SHARES = {
    "next_to_name": 0.98,
    "words_between": 0.9,
    "far_from_name": 0.75,
    "name_after": 0.95,
    "shared": 0.95,
    "in_turn": 0.95,
    "one_name": 0.88,
    "carried": 0.92,
    "sentence_before": 0.75,
    "label": 0.85,
    "table": 0.93,
    "subject_carried": 0.9,
    "kind_by_year": 0.8,
    "year_earlier": 0.95,
    "year_relative": 0.97,
    "year_counted": 0.92,
    "year_published": 0.8,
    "year_title": 0.9,
    "year_unknown": 0.8,
    "no_scope": 0.98,
}
"""What remains of certainty for each reason."""


def confidence(found: Claim, time: Time) -> tuple[float, str]:
    """A number between 0 and 1, and the reasons joined by ";"."""
    reasons = list(found.reasons)
    if time.last is None:
        reasons.append("year_unknown")
    elif time.source in ("earlier", "relative", "counted", "published", "title"):
        reasons.append(f"year_{time.source}")
    if not found.scope:
        reasons.append("no_scope")
    degree = 1.0
    for reason in reasons:
        degree *= SHARES[reason]
    return round(degree, 2), ";".join(reasons)
