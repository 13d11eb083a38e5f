"""Identities: what must hold between printed figures, as data.

A row of identities.csv has a kind and terms, such as `total = plan.001; parts = plan.002 + plan.003`: each role of the kind
is filled by one sum of figures, or by several separated by commas. `ROLES` lists the roles of each kind.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from ecobrief import units

LISTED, AT_MOST = "list", "most"
"""Roles that no figure fills: the id of a printed list, and a whole number that the assumption names."""
ROLES: Mapping[str, tuple[frozenset[str], ...]] = {
    kind: tuple(frozenset(roles.split()) for roles in alternatives)
    for kind, alternatives in {
        "ratio": ["result numerator denominator"],
        "share_of_total": ["share part total"],
        "sum_of_parts": ["total parts"],
        "shares_of_whole": ["shares"],
        "equal_in_other_units": ["first second"],
        "one_fact": ["first second"],
        "count_of_list": ["count list"],
        "order": ["lower higher", "range"],
        "change": ["change later earlier"],
        "days_and_ratio": ["days ratio"],
        "whole_numbers": ["shares", "shares part", "shares total", "shares most"],
    }.items()
}
"""The roles of each kind; where there are several sets, one of them."""
CHECKED: Mapping[str, frozenset[str]] = {
    "ratio": frozenset({"result"}),
    "share_of_total": frozenset({"share"}),
    "sum_of_parts": frozenset({"total"}),
    "shares_of_whole": frozenset(),
    "equal_in_other_units": frozenset({"first"}),
    "one_fact": frozenset({"first"}),
    "count_of_list": frozenset({"count"}),
    "order": frozenset({"lower"}),
    "change": frozenset({"change"}),
    "days_and_ratio": frozenset({"ratio"}),
    "whole_numbers": frozenset({"shares"}),
}
"""The role that is held to the others; its figures may not stand in them."""
SEVERAL = "shares"
"""The role that takes several sums."""
_SHARE, _DAYS = "percent", "day"
_FIXED_UNITS = {
    "share_of_total": {"share": _SHARE},
    "shares_of_whole": {"shares": _SHARE},
    "days_and_ratio": {"days": _DAYS, "ratio": _SHARE},
    "whole_numbers": {"shares": _SHARE},
}
"""Roles whose unit the kind itself settles; a role that is not named here has the unit of the others."""
_SIGNS = {"+": 1, "-": -1}


class Addend(NamedTuple):
    """One name in a sum, with its sign (1 or -1)."""

    name: str
    sign: int = 1


Sum = tuple[Addend, ...]
Terms = Mapping[str, tuple[Sum, ...]]


class NotTerms(ValueError):
    """The text says no terms; the message tells why."""


def terms(text: str) -> Terms:
    """The roles of an identity with the sums that fill them.

    Raises:
        NotTerms: the text has another form.
    """
    filled: dict[str, tuple[Sum, ...]] = {}
    for clause in text.split(";"):
        role, equals, sums = (part.strip() for part in clause.partition("="))
        if not (role and equals and sums):
            raise NotTerms(f'"{clause.strip()}" does not read role = figure')
        if role in filled:
            raise NotTerms(f"{role} is filled twice")
        filled[role] = tuple(_sum(part) for part in sums.split(","))
    return filled


def _sum(text: str) -> Sum:
    """`a + b - c`, the signs standing apart; names may hold hyphens."""
    words = text.split()
    if len(words) == 1 and words[0] not in _SIGNS:
        return (Addend(words[0]),)
    if words and words[0] not in _SIGNS:
        words.insert(0, "+")
    signs, names = words[::2], words[1::2]
    if not names or len(signs) != len(names) or set(signs) - set(_SIGNS) or set(names) & set(_SIGNS):
        raise NotTerms(f'"{text.strip()}" is no sum of figures')
    return tuple(Addend(name, _SIGNS[sign]) for sign, name in zip(signs, names, strict=True))


def circular(kind: str, filled: Terms) -> bool:
    """Whether what is checked is computed from itself, or one sum names a figure twice."""
    named = {role: [addend.name for total in sums for addend in total] for role, sums in filled.items()}
    held = {name for role in CHECKED[kind] for name in named.get(role, ())}
    others = {name for role, names in named.items() if role not in CHECKED[kind] for name in names}
    doubled = any(len({a.name for a in total}) < len(total) for sums in filled.values() for total in sums)
    return bool(held & others) or doubled


def figures(filled: Terms) -> list[str]:
    """The observation ids of an identity, each once, in the order of its terms."""
    named = (
        addend.name
        for role, sums in filled.items()
        if role not in (LISTED, AT_MOST)
        for total in sums
        for addend in total
    )
    return list(dict.fromkeys(named))


def misfit(kind: str, filled: Terms) -> str:
    """What is wrong with the roles of a kind; empty when nothing is."""
    if frozenset(filled) not in ROLES[kind]:
        wanted = " or ".join(", ".join(sorted(roles)) for roles in ROLES[kind])
        return f"fills {', '.join(sorted(filled))}; {kind} asks for {wanted}"
    for role, sums in filled.items():
        if len(sums) > 1 and (role != SEVERAL or "part" in filled):
            return f"gives {role} several sums"
        if role in (LISTED, AT_MOST) and len(sums[0]) > 1:
            return f"gives {role} a sum"
    if AT_MOST in filled and not re.fullmatch(r"[1-9]\d{0,5}", filled[AT_MOST][0][0].name):
        return f"gives {AT_MOST} something else than a whole number"
    return ""


def mixed_units(kind: str, meant: Mapping[str, list[str]]) -> list[str]:
    """Of the units of each role, two that would have to convert and do not; empty when all do."""
    fixed = _FIXED_UNITS.get(kind, {})
    if kind == "ratio":
        try:
            units.factor_of_quotient(meant["numerator"][0], meant["denominator"][0], meant["result"][0])
        except units.UnknownUnit:
            return [meant[role][0] for role in ("result", "numerator", "denominator")]
        groups = list(meant.values())
    else:
        free = [unit for role, units_of in meant.items() if role not in fixed for unit in units_of]
        groups = [free, *([unit, *meant[role]] for role, unit in fixed.items())]
    for group in groups:
        for unit in group[1:]:
            try:
                units.factor_of_difference(unit, group[0])
            except units.UnknownUnit:
                return [group[0], unit]
    return []
