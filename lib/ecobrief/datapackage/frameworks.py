"""The framework of a composite index: its indicators with weight, direction and goalposts, and the rules they keep."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from ecobrief.datapackage.package import DataPackage


class FrameworkError(ValueError):
    """A framework that breaks rules: each rule it breaks, and what to do."""


@dataclass(frozen=True)
class Component:
    """An indicator of a framework: weight, better direction (1 or -1), goalposts in its canonical unit, what it measures."""

    indicator_id: str
    weight: Decimal
    direction: int
    goalpost_low: Decimal
    goalpost_high: Decimal
    quantity: str = ""


@dataclass(frozen=True)
class Framework:
    """What an index is made of.

    Raises:
        FrameworkError: the weights do not sum to exactly one or one is negative, an indicator is named twice, has no better
            direction or no goalposts, or two measure one quantity.
    """

    framework_id: str
    components: tuple[Component, ...]

    def __post_init__(self) -> None:
        broken = [f"{each.rule}\n  {each.hint}" for each in broken_rules(self.components)]
        if broken:
            raise FrameworkError("\n".join([f"framework {self.framework_id}:", *broken]))


@dataclass(frozen=True)
class BrokenRule:
    """A rule of frameworks that an indicator breaks, with what to do; `column` is that of frameworks.csv."""

    indicator_id: str
    column: str
    rule: str
    hint: str


def broken_rules(components: tuple[Component, ...]) -> Iterator[BrokenRule]:
    """Every rule that the components of one framework break, together and each."""
    total = sum((each.weight for each in components), Decimal(0))
    if total != 1:
        hint = "Thirds are written 0.333, 0.333 and 0.334."
        rule = f"the weights sum to {total}, not to exactly 1"
        last = components[-1].indicator_id if components else ""
        yield BrokenRule(last, "weight", rule, hint)
    names = Counter(each.indicator_id for each in components)
    quantities = Counter(each.quantity for each in components if each.quantity)
    for name in (name for name, count in names.items() if count > 1):
        hint = "Name it once, with the sum of its weights."
        yield BrokenRule(name, "indicator_id", f"{name} is named twice", hint)
    for quantity in (quantity for quantity, count in quantities.items() if count > 1):
        same = [each.indicator_id for each in components if each.quantity == quantity]
        rule = f"{' and '.join(same)} measure one quantity ({quantity}), which would count twice"
        yield BrokenRule(same[-1], "indicator_id", rule, "Keep one of them.")
    for each in components:
        for column, rule, hint in _broken(each):
            yield BrokenRule(each.indicator_id, column, rule, hint)


def _broken(component: Component) -> Iterator[tuple[str, str, str]]:
    name, low, high = component.indicator_id, component.goalpost_low, component.goalpost_high
    if component.weight < 0:
        yield "weight", f"{name} has a negative weight ({component.weight})", "Weights are 0 or more."
    if component.direction not in (1, -1):
        rule = f"more of {name} is neither better nor worse (direction {component.direction})"
        yield (
            "indicator_id",
            rule,
            "An index takes indicators whose direction is 1 or -1; leave this one out.",
        )
    if not (low.is_finite() and high.is_finite()):
        rule = f"{name} has no goalposts, the values that score 0 and 1"
        yield "indicator_id", rule, "State goalpost_low and goalpost_high in indicators.csv."
    elif low >= high:
        rule = f"the lower goalpost of {name} ({low}) is not below the higher one ({high})"
        hint = "That less is better is said by the direction, not by the order of the goalposts."
        yield "indicator_id", rule, hint


def component(
    indicator_id: str, weight: str, direction: int | str, low: str, high: str, quantity: str
) -> Component:
    """A component from the cells of `frameworks` and `indicators`, sound or not."""
    least, most = (Decimal(end or "NaN") for end in (low, high))
    return Component(indicator_id, Decimal(weight), int(direction), least, most, quantity)


def framework(package: DataPackage, framework_id: str) -> Framework:
    """The framework of this id.

    Raises:
        FrameworkError: there is none, or it breaks a rule.
    """
    found = []
    for row in package.records("frameworks", framework_id=framework_id):
        about = package.record("indicators", row.indicator_id)
        ends = about.goalpost_low, about.goalpost_high
        found.append(component(row.indicator_id, row.weight, about.direction, *ends, about.quantity))
    if not found:
        known = ", ".join(package["frameworks"]["framework_id"].unique()) or "none"
        raise FrameworkError(f"no framework {framework_id!r}; there are: {known}")
    return Framework(framework_id, tuple(found))
