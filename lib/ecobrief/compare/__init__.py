"""Setting figures side by side: readings, what they may be compared with, standings, and the reasons for absence.

`readings` makes them, `comparability` judges two of them, `standings` draws the consequences for a set of cities.
"""

from ecobrief.compare.absence import absence
from ecobrief.compare.readings import CODE_BOOK, latest, readings
from ecobrief.compare.series import series
from ecobrief.compare.standings import on_one_axis, pairs, ranks_text, standings, who_is_ranked

__all__ = [
    "CODE_BOOK",
    "absence",
    "latest",
    "on_one_axis",
    "pairs",
    "ranks_text",
    "readings",
    "series",
    "standings",
    "who_is_ranked",
]
