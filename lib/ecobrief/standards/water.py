"""Surface-water classes from measurements (GB 3838-2002), and the grades of sections and basins (环办〔2011〕22号).

A class is 1 to 5 (Ⅰ to Ⅴ), or 6: worse than Ⅴ. The class of a section is that of its worst item (GB 3838-2002 5.1, single
factor) among the 21 that decide: water temperature, total nitrogen and faecal coliform never do. A period's class comes
from the mean concentration of each item, never from the share of its good months. Concentrations are mg/L (faecal
coliform: per L; pH as it is; water temperature: the change in °C that people cause).

The more items are measured, the worse the class can be. So a class names its item set: `21_items`; `nine_plus_x`, where the
programme is declared and its five deciding items are there; else `partial`, and then the class is the best it can be.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Literal

from ecobrief.standards.tables import Rule, rows, rules
from ecobrief.wording import Message, msg, nmsg

Value = Decimal | Fraction | int
ItemSet = Literal["21_items", "nine_plus_x", "partial"]
Grade = Literal["excellent", "good", "lightly_polluted", "moderately_polluted", "heavily_polluted"]
CLASSES = (1, 2, 3, 4, 5, 6)
WORSE_THAN_V = 6
GRADES: dict[int, Grade] = {
    1: "excellent",
    2: "excellent",
    3: "good",
    4: "lightly_polluted",
    5: "moderately_polluted",
    6: "heavily_polluted",
}
"""The grade of a section of each class (环办〔2011〕22号)."""


@dataclass(frozen=True)
class SectionClass:
    """The class of a section: the items that decide it, out of how many, and whether it is only the best it can be."""

    klass: int
    decided_by: tuple[str, ...]
    item_set: ItemSet
    items: int
    at_best: bool


@dataclass(frozen=True)
class BasinGrade:
    """The grade of a basin: from mean concentrations (with their class), or from the shares of sections, in percent."""

    grade: Grade
    sections: int
    at_best: bool
    means: SectionClass | None = None
    good_share: Fraction | None = None
    bad_share: Fraction | None = None


def rule(name: str) -> Rule:
    """A rule of `water_rules.csv`.

    Raises:
        ValueError: there is none of that name.
    """
    for (known, _), found in rules("water_rules.csv").items():
        if known == name:
            return found
    raise ValueError(f"there is no rule {name!r} for surface water")


@cache
def items(column: Literal["decides", "nine_plus_x"] = "decides") -> tuple[str, ...]:
    """The 21 items that decide a class, or those five of the nine of 9+X that are among them."""
    return tuple(row["item"] for row in rows("water_items.csv") if row[column] == "yes")


@cache
def limits(item: str, lake: bool = False) -> tuple[tuple[Decimal | None, Decimal | None], ...]:
    """The lowest and highest value of each class, from Ⅰ to Ⅴ, both allowed; None where there is no such end.

    Raises:
        ValueError: no such item, or one that has limits for lakes and reservoirs only.
    """
    where = ("any", "lake" if lake else "river")
    found = [row for row in rows("water_limits.csv") if row["item"] == item and row["water"] in where]
    if not found:
        known = item in {row["item"] for row in rows("water_limits.csv")}
        raise ValueError(
            f"{item} has limits for lakes only" if known else f"GB 3838-2002 has no item {item!r}"
        )
    ends = {int(row["class"]): (row["low"], row["high"]) for row in found}
    return tuple((_end(ends[n][0]), _end(ends[n][1])) for n in CLASSES[:5])


def item_class(item: str, value: Value, lake: bool = False, saturation: Value | None = None) -> int:
    """The best class whose limits one value keeps.

    Args:
        saturation: of dissolved oxygen, percent; from 90 on the class is Ⅰ (GB 3838-2002 table 1 item 3).

    Raises:
        TypeError: a binary float.
        ValueError: as `limits`; a negative value, but of a change of temperature; a pH above 14.
    """
    if not isinstance(value, (int, Decimal, Fraction)):
        raise TypeError(f"{item}: a value is Decimal, Fraction or int, not {type(value).__name__}")
    ends = limits(item, lake)
    if (value < 0 and item != "water_temperature_change") or (item == "ph" and value > 14):
        raise ValueError(f"{item} cannot be {value}")
    saturated = saturation is not None and saturation >= rule("saturation_of_class_1").value
    if item == "dissolved_oxygen" and saturated:
        return 1
    for number, (low, high) in enumerate(ends, start=1):
        if (low is None or value >= low) and (high is None or value <= high):
            return number
    return WORSE_THAN_V


def section_class(
    values: Mapping[str, Value],
    lake: bool = False,
    declared: Literal["21_items", "nine_plus_x"] | None = None,
    saturation: Value | None = None,
) -> SectionClass:
    """The class of a section by its worst item (GB 3838-2002 5.1).

    Args:
        values: by item; those that never decide may be among them.
        declared: the programme of measurement; believed only where its items are there.

    Raises:
        TypeError, ValueError: as `item_class`; no item that decides.
    """
    unknown = values.keys() - {row["item"] for row in rows("water_items.csv")}
    if unknown:
        raise ValueError(f"GB 3838-2002 has no item {', '.join(sorted(unknown))}")
    deciding = [item for item in items() if item in values]
    if not deciding:
        raise ValueError("none of the 21 items that decide a class has a value")
    classes = {item: item_class(item, values[item], lake, saturation) for item in deciding}
    worst = max(classes.values())
    item_set: ItemSet = "partial"
    if len(deciding) == len(items()):
        item_set = "21_items"
    elif declared == "nine_plus_x" and classes.keys() >= set(items("nine_plus_x")):
        item_set = "nine_plus_x"
    decided_by = tuple(item for item, number in classes.items() if number == worst)
    return SectionClass(worst, decided_by, item_set, len(deciding), item_set == "partial")


def in_words(found: SectionClass) -> Message:
    """The class as a reader reads it: class III, or where items are missing at best class III on 5 items."""
    if found.klass == WORSE_THAN_V:
        return msg("worse than class Ⅴ")
    name = "ⅠⅡⅢⅣⅤ"[found.klass - 1]
    if not found.at_best:
        return msg("class {name}", name=name)
    return nmsg(
        "at best class {name} on {count} item",
        "at best class {name} on {count} items",
        found.items,
        name=name,
    )


def means(measurements: Sequence[Mapping[str, Value]]) -> dict[str, Fraction]:
    """The exact mean of each item over the measurements that have it; pH too is averaged as it is."""
    found: dict[str, list[Fraction]] = {}
    for values in measurements:
        for item, value in values.items():
            found.setdefault(item, []).append(Fraction(value))
    return {item: sum(values, Fraction()) / len(values) for item, values in found.items()}


def annual_class(
    months: Sequence[Mapping[str, Value]],
    lake: bool = False,
    declared: Literal["21_items", "nine_plus_x"] | None = None,
) -> SectionClass:
    """The class of a year: the mean concentration of each item over its months, then the single factor."""
    return section_class(means(months), lake, declared)


def section_grade(klass: int) -> Grade:
    """The grade of a section of a class, 1 to 6 (环办〔2011〕22号)."""
    return GRADES[klass]


def basin_grade(
    sections: Sequence[Mapping[str, Value]],
    lake: bool = False,
    declared: Literal["21_items", "nine_plus_x"] | None = None,
) -> BasinGrade:
    """The grade of a river or basin from the mean concentrations of its sections (环办〔2011〕22号).

    Fewer than five sections: the mean of each item over the sections, then the single factor. From five on: the shares of
    sections of class Ⅰ to Ⅲ and worse than Ⅴ.

    Raises:
        TypeError, ValueError: as `section_class`; no section.
    """
    classes = [section_class(values, lake, declared) for values in sections]
    at_best = any(section.at_best for section in classes)
    if len(sections) >= rule("sections_for_shares").value:
        return basin_grade_of_classes([section.klass for section in classes], at_best)
    of_means = section_class(means(sections), lake, declared)
    return BasinGrade(section_grade(of_means.klass), len(sections), at_best, of_means)


def basin_grade_of_classes(classes: Sequence[int], at_best: bool = False) -> BasinGrade:
    """The grade of a basin of five sections or more from their classes.

    Raises:
        ValueError: fewer sections, whose concentrations are needed; a number that is no class.
    """
    least = rule("sections_for_shares").value
    if len(classes) < least:
        raise ValueError(f"{len(classes)} sections: below {least} a basin is graded by mean concentrations")
    if not set(classes) <= set(CLASSES):
        raise ValueError(f"a class is 1 to 6, not {sorted(set(classes) - set(CLASSES))}")
    good = Fraction(100 * sum(number <= 3 for number in classes), len(classes))
    bad = Fraction(100 * sum(number == WORSE_THAN_V for number in classes), len(classes))
    grade: Grade = "heavily_polluted"
    if good >= rule("good_share_excellent").value:
        grade = "excellent"
    elif good >= rule("good_share_good").value:
        grade = "good"
    elif bad < rule("bad_share_moderate").value:
        grade = "lightly_polluted"
    elif bad < rule("bad_share_heavy").value:
        grade = "moderately_polluted"
    return BasinGrade(grade, len(classes), at_best, good_share=good, bad_share=bad)


def measured(text: str) -> Decimal:
    """A printed value; below detection (`0.004L`, `<0.004`) half the limit, a parameter whose clause is not at hand.

    Raises:
        ValueError: no number that is written so.
    """
    found = re.fullmatch(r"(<|＜)?\s*(\d+(?:\.\d+)?)\s*(L)?", text.strip(), re.ASCII)
    if found is None:
        raise ValueError(f"{text!r} is no measured value")
    below, number, limit = found.groups()
    return Decimal(number) * (rule("share_of_detection_limit").value if below or limit else 1)


def _end(text: str) -> Decimal | None:
    return Decimal(text) if text else None
