"""Findings: each identity with what is printed, what follows from the other figures, and whether the two agree.

The verdict rests on intervals. Where no values that the printed digits may stand for agree, the identity is
*inconsistent*: unless final zeros or an 约 leave it open (*undecided*), or the figures differ in concept, period, status or
definition, so that it is inconsistent only under the assumption written with it (*conditional*).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

import pandas as pd

from ecobrief import units
from ecobrief.audit.quantities import Quantity, Reader, readers
from ecobrief.audit.rules import RULES, Claim, digits
from ecobrief.datapackage import DataPackage
from ecobrief.wording import Lang, Message, Term, amounts, joined, msg, say, term

Verdict = Literal["inconsistent", "conditional", "undecided", "consistent"]
VERDICTS: dict[Verdict, Message] = {
    "inconsistent": msg("inconsistent"),
    "conditional": msg("inconsistent under an assumption"),
    "undecided": msg("cannot be decided"),
    "consistent": msg("consistent"),
}
"""From the gravest."""
COLUMNS = (
    "check_id",
    "city_id",
    "kind",
    "terms",
    "printed",
    "computed",
    "difference",
    "verdict",
    "explanation",
    "computed_low",
    "computed_high",
    "unit",
    "smallest_discrepancy",
    "cause",
)


@dataclass(frozen=True)
class Finding:
    """One identity and what became of it.

    figures: the observation ids of its terms, the printed side first; computed_low, computed_high: every value that the
    digits of the other figures allow; smallest_discrepancy: how far printed and computed lie apart at least; claim: the
    computation in words, explanation: with what follows from it; cause: the identity whose discrepancy has the same cause.
    """

    identity_id: str
    city_id: str
    kind: str
    terms: str
    figures: tuple[str, ...]
    printed: str
    computed: str
    computed_low: str
    computed_high: str
    unit: str
    difference: str
    smallest_discrepancy: str
    verdict: Verdict
    claim: Message
    explanation: Message
    cause: str
    note: Term


def findings(package: DataPackage, city_ids: Sequence[str] | None = None) -> list[Finding]:
    """What became of the identities of these cities (default: all), the gravest verdicts first within a city."""
    cities = package.city_ids if city_ids is None else dict.fromkeys(city_ids)
    return [one for city in cities for one in _of_city(package, city)]


def _of_city(package: DataPackage, city_id: str) -> tuple[Finding, ...]:
    gravity = list(VERDICTS)

    def made() -> tuple[Finding, ...]:
        found = [
            _finding(identity, read)
            for identity, read in readers(package, package.records("identities", city_id=city_id))
        ]
        return tuple(sorted(found, key=lambda one: (gravity.index(one.verdict), one.identity_id)))

    return package.kept(("findings", city_id), made)


def by_cause(found: Sequence[Finding]) -> list[list[Finding]]:
    """Findings that have one cause together, the one that is named as the cause first."""
    groups: dict[str, list[Finding]] = {one.identity_id: [] for one in found}
    for one in found:
        leader = one.cause if one.cause in groups else one.identity_id
        groups[leader].insert(0 if leader == one.identity_id else len(groups[leader]), one)
    return [group for group in groups.values() if group]


def as_text(package: DataPackage, found: Sequence[Finding], lang: Lang) -> str:
    """Findings for a terminal: city by city what does not agree, then how many identities were held to their figures."""
    lines = []
    for city in dict.fromkeys(one.city_id for one in found):
        lines += [say(package.place_name(city), lang), ""]
        disagreeing = [one for one in found if one.city_id == city and one.verdict != "consistent"]
        for leader, *others in by_cause(disagreeing):
            same = msg("{count} more of the same cause: {names}", count=len(others), names=_names(others))
            lines += [
                f"  {leader.identity_id}: {say(VERDICTS[leader.verdict], lang)}",
                f"    {say(leader.explanation, lang)}",
                *([f"    {say(same, lang)}"] if others else []),
            ]
        lines.append("")
    counts = joined(
        msg("{count} {verdict}", count=sum(one.verdict == verdict for one in found), verdict=name)
        for verdict, name in VERDICTS.items()
    )
    lines.append(say(msg("{count} identities: {counts}", count=len(found), counts=counts), lang))
    return "\n".join(lines)


def _names(found: Sequence[Finding]) -> str:
    return ", ".join(one.identity_id for one in found)


def as_frame(found: Sequence[Finding], lang: Lang) -> pd.DataFrame:
    """A row a finding, with `COLUMNS`: codes in English, the explanation in `lang`."""
    rows = [
        {**vars(one), "check_id": one.identity_id, "explanation": say(one.explanation, lang)} for one in found
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _finding(identity: Any, read: Reader) -> Finding:
    claim = RULES[identity.kind](read)
    assumption = term(identity, "assumption")
    verdict, remarks = _judged(claim, assumption, read.approximate)
    whole = identity.kind == "shares_of_whole"
    subject = msg("Shares of a whole") if whole else read.about(read.checked)
    sentence = msg("{subject}: {claim}", subject=subject, claim=claim.sentence)
    made = claim.computed
    gap = _gap(claim) if not claim.holds(fine=True) else Decimal(0)
    return Finding(
        identity_id=identity.identity_id,
        city_id=identity.city_id,
        kind=identity.kind,
        terms=identity.terms,
        figures=tuple(read.figures),
        printed=claim.printed.value or digits(claim.printed.meaning.point, claim.printed),
        computed=digits(made.point, claim.printed),
        computed_low=digits(made.fine.low, claim.printed),
        computed_high=digits(made.fine.high, claim.printed),
        unit=claim.printed.unit,
        difference=digits(claim.printed.meaning.point - made.point, claim.printed),
        smallest_discrepancy=digits(gap),
        verdict=verdict,
        claim=sentence,
        explanation=_strung([sentence, *remarks]),
        cause=identity.cause,
        note=term(identity, "note"),
    )


def _judged(claim: Claim, assumption: Term, approximate: bool) -> tuple[Verdict, list[Message]]:
    if claim.holds(fine=True):
        return "consistent", [msg("That agrees within the printed digits.")]
    remarks = [_how_far(claim)]
    if claim.relation == "equal" and _fits_cut_off(claim.printed, claim):
        remarks.append(msg("It agrees if the printed figure was cut off instead of rounded."))
    if approximate:
        return "undecided", [msg("One of the figures is approximate, so that this cannot be decided.")]
    if not claim.holds(fine=False):
        if assumption.en:
            return "conditional", [
                *remarks,
                msg("This is a contradiction if {assumption}.", assumption=assumption),
            ]
        return "inconsistent", remarks
    return "undecided", [
        msg("If final zeros only fill up the number they agree, so that this cannot be decided.")
    ]


def _how_far(claim: Claim) -> Message:
    """By how much printed and computed differ at least."""
    if not (gap := _gap(claim)):
        return msg("They have no value in common.")
    unit = claim.printed.unit
    named = amounts.amount(
        f"{float(gap):.2g}" if gap < 1 else digits(gap), "percentage_point" if units.is_share(unit) else unit
    )
    if units.counts_whole_things(unit):
        return msg("The difference is {gap}.", gap=named)
    return msg("Even allowing for rounding, the difference is at least {gap}.", gap=named)


def _fits_cut_off(printed: Quantity, claim: Claim) -> bool:
    return printed.cut_off is not None and printed.cut_off.overlaps(claim.computed.fine)


def _gap(claim: Claim) -> Decimal:
    return claim.printed.meaning.fine.gap(claim.computed.fine)


def _strung(parts: Sequence[Message]) -> Message:
    """Sentences one after the other."""
    first, *others = parts
    for other in others:
        first = msg("{first} {then}", first=first, then=other)
    return first
