"""What is wrong with a data package, case by case."""

from __future__ import annotations

from dataclasses import dataclass

from ecobrief.package_folder import NoDataPackage

__all__ = ["DataFaults", "Fault", "NoDataPackage"]


@dataclass(frozen=True, order=True)
class Fault:
    """One thing wrong with the data: where, what stands there, which rule it breaks, what to do."""

    file: str
    row: int | None
    column: str
    value: str
    rule: str
    hint: str = ""

    def __str__(self) -> str:
        place = self.file if self.row is None else f"{self.file} row {self.row}"
        if self.column:
            place += f", column {self.column}"
        shown = f' "{self.value}"' if self.value or self.column else ""
        return f"{place}:{shown} {self.rule}." + (f"\n  {self.hint}" if self.hint else "")


class DataFaults(Exception):
    """The data package breaks its rules; `faults` lists every case found."""

    def __init__(self, faults: list[Fault]):
        super().__init__(faults)
        self.faults = faults

    def __str__(self) -> str:
        return "\n".join(map(str, self.faults))

    @property
    def count(self) -> str:
        return f"{len(self.faults)} fault{'s' if len(self.faults) != 1 else ''} in the data package"
