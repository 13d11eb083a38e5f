"""What the audit found, as readers see it: a sentence on how many identities hold, and a table of those that do not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ecobrief.audit import VERDICTS, Finding, by_cause
from ecobrief.datapackage import DataPackage
from ecobrief.figures import display, phrases
from ecobrief.figures.display import Display
from ecobrief.figures.rows import Column, Row, columns_of, trimmed
from ecobrief.wording import Lang, Message, msg, nmsg, say, term

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
    "city": msg("City"),
    "kind": msg("What is checked"),
    "explanation": msg("What the figures say"),
    "verdict": msg("Verdict"),
}


def summary(package: DataPackage, found: Sequence[Finding], lang: Lang) -> Display:
    """How many identities were checked, how many hold, and what became of the others."""
    if not found:
        return display.sentence(say(msg("No identity is entered for these documents."), lang), lang=lang)
    groups = by_cause([one for one in found if one.verdict != "consistent"])
    counts = {verdict: sum(group[0].verdict == verdict for group in groups) for verdict in VERDICTS}
    parts = [
        nmsg(
            "{count} identity between printed figures was checked; {held} hold within the printed digits.",
            "{count} identities between printed figures were checked; {held} hold within the printed digits.",
            len(found),
            held=sum(one.verdict == "consistent" for one in found),
        ),
        msg(
            "The others come down to {causes} findings: {inconsistent} inconsistent, {conditional} inconsistent under an "
            "assumption, {undecided} that cannot be decided.",
            causes=len(groups),
            inconsistent=counts["inconsistent"],
            conditional=counts["conditional"],
            undecided=counts["undecided"],
        ),
    ]
    figures = dict.fromkeys(figure for group in groups for one in group for figure in one.figures)
    return display.sentence(phrases.sentences(parts[: 1 + bool(groups)], lang), tuple(figures), lang=lang)


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
    return display.table(say(msg("Every identity checked"), lang), columns, rows, lang=lang)


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
    return display.table(say(msg("Identities by kind"), lang), columns, rows, lang=lang)


def _row(package: DataPackage, leader: Finding, others: Sequence[Finding], lang: Lang) -> Row:
    said: list[Any] = [leader.explanation]
    if others:
        said.append(msg("Of the same cause:"))
    said += [other.claim for other in others]
    cells = {
        "city": phrases.place(package, leader.city_id, lang),
        "kind": say(KINDS[leader.kind], lang),
        "explanation": phrases.sentences(said, lang),
        "verdict": say(VERDICTS[leader.verdict], lang),
    }
    figures = (figure for one in (leader, *others) for figure in one.figures)
    return Row(cells, tuple(dict.fromkeys(figures)))


def contradictions(package: DataPackage, places: Sequence[str], lang: Lang) -> Display:
    """What a document says in one place and contradicts in words in another; found by readers, not computed."""
    rows = [
        Row(
            {
                "city": phrases.place(package, row["city_id"], lang),
                "explanation": say(term(row, "name"), lang),
                "source": phrases.document(package, row["source_id"], lang),
            },
            (row["contradiction_id"],),
        )
        for row in package["contradictions"].to_dict("records")
        if row["city_id"] in places
    ]
    if not rows:
        return display.sentence(say(msg("No contradiction in words is entered."), lang), lang=lang)
    heads = {"city": msg("City"), "explanation": msg("What contradicts"), "source": msg("Source")}
    columns, rows = trimmed(columns_of(heads, lang), rows, ["explanation"])
    return display.table(say(msg("Contradictions in words"), lang), columns, rows, lang=lang)
