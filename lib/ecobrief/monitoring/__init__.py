"""Good days counted from a file of hourly or daily concentrations, as *unreviewed monitoring*, never as official counts.

Hours → station day → mean over stations → rounding of the concentration → above the concentration of an IAQI of 100 or not.
`source` opens the file, `station_days` averages in SQL (duckdb, extra `monitor`), `remarks` says what in the file is wrong,
`years` judges days and years by `ecobrief.standards.air`. Values are decimals to the millionth and means are exact
fractions: no binary float decides anything.
"""

from ecobrief.monitoring.remarks import Remark
from ecobrief.monitoring.source import NAMES, NeedsDuckDB, UnusableFile, WrongMapping
from ecobrief.monitoring.years import COLUMNS, Result, annual, as_text, days

__all__ = [
    "COLUMNS",
    "NAMES",
    "NeedsDuckDB",
    "Remark",
    "Result",
    "UnusableFile",
    "WrongMapping",
    "annual",
    "as_text",
    "days",
]
