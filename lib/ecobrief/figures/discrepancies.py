"""What the audit found, as readers see it: a sentence on how many identities hold, and a table of those that do not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ecobrief.audit import VERDICTS, Finding, by_cause
from ecobrief.datapackage import DataPackage
from ecobrief.figures import display, phrases
from ecobrief.figures.display import Display
from ecobrief.figures.rows import Column, Row, columns_of, trimmed
from ecobrief.wording import Lang, Message, joined, msg, nmsg, say, term

KINDS: dict[str, Message] = {
    "ratio": msg("ratio"),
    "share_of_total": msg("share of a total"),
    "sum_of_parts": msg("sum of parts"),
    "shares_of_whole": msg("shares of a whole"),
    "equal_in_other_units": msg("equal in other units"),
    "one_fact": msg("one fact in two places"),
    "count_of_list": msg("count against a list"),
    "order": msg("order"),
    "change": msg("change against its baseline"),
    "days_and_ratio": msg("days and their share"),
    "whole_numbers": msg("whole numbers behind shares"),
}
FINDING_COLUMNS = {
    "city": msg("Place"),
    "verdict": msg("Verdict"),
    "explanation": msg("What the figures say"),
    "kind": msg("What is checked"),
}


def summary(package: DataPackage, found: Sequence[Finding], lang: Lang) -> Display:
    """How many identities were checked, how many hold, and what became of the others."""
    if not found:
        return display.sentence(say(msg("No relation is entered for these documents."), lang), lang=lang)
    groups = by_cause([one for one in found if one.verdict != "consistent"])
    parts: list[Any] = [
        nmsg(
            "{count} relation between printed figures was checked; agreeing within the printed digits: {held}.",
            "{count} relations between printed figures were checked; agreeing within the printed digits: {held}.",
            len(found),
            held=sum(one.verdict == "consistent" for one in found),
        )
    ]
    if groups:
        leaders = [group[0] for group in groups]
        counts = [
            msg("{count} {verdict}", count=count, verdict=name)
            for verdict, name in VERDICTS.items()
            if (count := sum(leader.verdict == verdict for leader in leaders))
        ]
        text = nmsg(
            "The others come down to {count} finding: {counts}.",
            "The others come down to {count} findings: {counts}.",
            len(groups),
            counts=joined(counts),
        )
        parts.append(text)
        of_provinces = sum(not phrases.is_city(package, _place(package, leader)) for leader in leaders)
        if of_provinces:
            parts.append(
                nmsg(
                    "{count} of them is about a province's figure that serves as a benchmark.",
                    "{count} of them are about provinces' figures that serve as benchmarks.",
                    of_provinces,
                )
            )
    return display.sentence(phrases.sentences(parts, lang), lang=lang)


def disagreements(package: DataPackage, found: Sequence[Finding], lang: Lang) -> Display:
    """What does not add up, one row a cause."""
    groups = by_cause([one for one in found if one.verdict != "consistent"])
    if not groups:
        return display.sentence(say(msg("Nothing that was checked is inconsistent."), lang), lang=lang)
    rows = [_row(package, leader, others, lang) for leader, *others in groups]
    columns, rows = trimmed(columns_of(FINDING_COLUMNS, lang), rows, ["explanation", "verdict"])
    return display.table(say(msg("What does not add up"), lang), columns, rows, lang=lang)


def checks(package: DataPackage, found: Sequence[Finding], lang: Lang) -> Display:
    """Every identity with how it was computed."""
    columns = columns_of(FINDING_COLUMNS, lang)
    rows = [_row(package, one, (), lang) for one in found]
    columns, rows = trimmed(columns, rows, ["kind", "explanation", "verdict"])
    return display.table(say(msg("Every relation checked"), lang), columns, rows, lang=lang)


def by_kind(found: Sequence[Finding], lang: Lang) -> Display:
    """How many identities of each kind came to which verdict."""
    columns = [Column("kind", say(msg("What is checked"), lang))]
    columns += [Column(verdict, say(name, lang)) for verdict, name in VERDICTS.items()]
    rows = []
    for kind, name in KINDS.items():
        of_kind = [one for one in found if one.kind == kind]
        cells = {"kind": say(name, lang)}
        for verdict in VERDICTS:
            cells[verdict] = str(sum(one.verdict == verdict for one in of_kind))
        if of_kind:
            rows.append(Row(cells))
    caption = say(msg("Each relation counts; those of one cause make one finding above."), lang)
    return display.table(say(msg("Relations by kind"), lang), columns, rows, caption, lang=lang)


def _place(package: DataPackage, finding: Finding) -> str:
    """The place of the figure that is checked; a province's figure stands with the city it is a benchmark of."""
    checked = finding.figures[0]
    return package.kept(("place of", checked), lambda: str(package.record("figures", checked).place_id))


def _row(package: DataPackage, leader: Finding, others: Sequence[Finding], lang: Lang) -> Row:
    said: list[Any] = [leader.explanation, leader.note]
    if others:
        said.append(msg("Of the same cause:"))
    said += [other.claim for other in others]
    cells = {
        "city": phrases.place(package, _place(package, leader), lang),
        "kind": say(KINDS[leader.kind], lang),
        "explanation": phrases.sentences(said, lang),
        "verdict": say(VERDICTS[leader.verdict], lang),
    }
    figures = (figure for one in (leader, *others) for figure in one.figures)
    return Row(cells, tuple(dict.fromkeys(figures)), key=f"finding.{leader.identity_id}")


def contradictions(package: DataPackage, places: Sequence[str], lang: Lang) -> Display:
    """What a document says in one place and contradicts in words in another; found by readers, not computed."""
    rows = [
        Row(
            {
                "city": phrases.place(package, row.city_id, lang),
                "explanation": say(term(row, "name"), lang),
                "source": phrases.document(package, row.source_id, lang),
            },
            (row.contradiction_id,),
        )
        for row in package.records("contradictions", city_id=places)
    ]
    if not rows:
        return display.sentence(say(msg("No contradiction in words is entered."), lang), lang=lang)
    heads = {"city": msg("City"), "explanation": msg("What contradicts"), "source": msg("Source")}
    columns, rows = trimmed(columns_of(heads, lang), rows, ["explanation"])
    return display.table(say(msg("Contradictions in words"), lang), columns, rows, lang=lang)
