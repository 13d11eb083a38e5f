"""The tables of limits and rules that lie beside the code.

A rule is one number with its clause. Where the clause is not at hand, `at_hand` is false and the remark says so: such a
number is a parameter, and what is computed with it should say that too.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib import resources


@dataclass(frozen=True)
class Rule:
    """A number that a standard or method sets; `clause` is empty where it is not at hand."""

    name: str
    value: Decimal
    clause: str
    at_hand: bool
    remark: str


def rows(table: str) -> list[dict[str, str]]:
    """The rows of one of the tables, as text."""
    return list(csv.DictReader(resources.files(__package__).joinpath(table).read_text("utf-8").splitlines()))


@cache
def rules(table: str) -> dict[tuple[str, str], Rule]:
    """Every rule of a table, by its name and standard."""
    return {
        (row["rule"], row["standard"]): Rule(
            row["rule"], Decimal(row["value"]), row["clause"], row["at_hand"] == "yes", row["remark"]
        )
        for row in rows(table)
    }
