"""Setting figures side by side: readings, what they may be compared with, standings, and the reasons for absence.

`readings` makes them, `comparability` judges two of them, `standings` draws the consequences for a set of cities.
"""

from ecobrief.compare.absence import absence
from ecobrief.compare.readings import CODE_BOOK, latest, readings, readings_of
from ecobrief.compare.series import series
from ecobrief.compare.standings import (
    Standing,
    on_one_axis,
    pairs,
    ranks_text,
    standing,
    standings,
    standings_of,
    who_is_ranked,
)

__all__ = [
    "CODE_BOOK",
    "Standing",
    "absence",
    "latest",
    "on_one_axis",
    "pairs",
    "ranks_text",
    "readings",
    "readings_of",
    "series",
    "standing",
    "standings",
    "standings_of",
    "who_is_ranked",
]
