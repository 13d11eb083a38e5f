"""The data package: its tables, read as text, checked against their schema, and written back whole.

`data/datapackage.json` (Frictionless Data Package v2) says what each table holds; nothing of it is repeated here. `load`
gives the tables or raises `DataFaults` with every fault found, each with file, row, column, value, rule and hint. Rows are
numbered as a spreadsheet shows them: the header is row 1.

Checks come in three kinds: what a column may hold and what one table may say of another (`tables`), and what only this field
knows (`rules`). `package` holds what has passed them; `store` finds, reads and writes it.
"""

from ecobrief.datapackage.faults import DataFaults, Fault, NoDataPackage
from ecobrief.datapackage.package import (
    ATTRIBUTES,
    COUNTRY,
    FIGURES,
    NAMED,
    TIERS,
    DataPackage,
    own_unit,
)
from ecobrief.datapackage.rules import RULES, period_exists
from ecobrief.datapackage.slices import Slice
from ecobrief.datapackage.store import append, examine, keep, load, save
from ecobrief.package_folder import find

__all__ = [
    "ATTRIBUTES",
    "COUNTRY",
    "FIGURES",
    "NAMED",
    "RULES",
    "TIERS",
    "DataFaults",
    "DataPackage",
    "Fault",
    "NoDataPackage",
    "Slice",
    "append",
    "examine",
    "find",
    "keep",
    "load",
    "own_unit",
    "period_exists",
    "save",
]
