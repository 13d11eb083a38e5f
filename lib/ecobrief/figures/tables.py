"""Tables of readings, pairs, gaps, documents and terms."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from ecobrief import compare
from ecobrief.compare.frames import as_rows
from ecobrief.compare.report import VERDICT_NAMES
from ecobrief.datapackage import DataPackage
from ecobrief.figures import by_id, display, labels, phrases
from ecobrief.figures.display import Display
from ecobrief.figures.rows import Column, Row, columns_of, trimmed
from ecobrief.wording import Lang, Message, joined, msg, nmsg, period, say, term

READING_COLUMNS = {
    "city": msg("City"),
    "indicator": msg("Indicator"),
    "value": msg("Value as printed"),
    "converted": msg("Converted"),
    "period": msg("Period"),
    "scope": msg("Scope"),
    "definition": msg("Definition"),
    "conflict": msg("Conflict"),
    "source": msg("Source"),
    "note": msg("Note"),
}


def readings(
    package: DataPackage,
    frame: pd.DataFrame,
    lang: Lang,
    *,
    asked: Sequence[tuple[str, str]] = (),
) -> Display:
    """Every reading with what it covers; pairs (place, indicator) in `asked` that have none get a row with the reason."""
    known = as_rows(frame)
    rows = [_reading(package, row, lang) for row in known]
    there = {(row.place_id, row.indicator_id) for row in known}
    rows += [
        _absent(package, place, indicator, lang)
        for place, indicator in asked
        if (place, indicator) not in there
    ]
    columns, rows = trimmed(
        columns_of(READING_COLUMNS, lang, ["value"]), rows, ["indicator", "value", "period"]
    )
    shown = dict.fromkeys([*(row.indicator_id for row in known), *(indicator for _, indicator in asked)])
    families = dict.fromkeys(phrases.family(package, indicator) for indicator in shown)
    title = msg(
        "Figures as printed: {families}", families=joined(labels.FAMILIES[family] for family in families)
    )
    return display.table(say(title, lang), columns, rows, lang=lang)


def printed(
    package: DataPackage, figures: Iterable[Any], title: Message, lang: Lang, without: Sequence[str] = ()
) -> Display:
    """Rows of figures of any status as they are printed: what was observed beside what is aimed at; `without` some columns."""
    rows = [
        Row(
            {
                "city": phrases.place(package, row.place_id, lang),
                "indicator": phrases.indicator(package, row.indicator_id, lang),
                "value": phrases.value(row, lang),
                "status": say(labels.STATUSES[row.status], lang),
                "period": phrases.year_of(row, lang),
                "scope": phrases.scope(package, row, lang),
                "source": phrases.source(package, row, lang),
                "note": say(term(row, "note"), lang),
            },
            (row.observation_id,),
        )
        for row in figures
    ]
    if not rows:
        return display.sentence(say(msg("{title}: none.", title=title), lang), lang=lang)
    heads = {name: head for name, head in READING_COLUMNS.items() if name in rows[0].cells}
    heads = {**heads, "status": msg("Observed or aimed at")}
    heads = {name: head for name, head in heads.items() if name not in without}
    rows = [
        replace(row, cells={name: cell for name, cell in row.cells.items() if name in heads}) for row in rows
    ]
    columns, rows = trimmed(columns_of(heads, lang, ["value"]), rows, ["indicator", "value", "period"])
    return display.table(say(title, lang), columns, rows, lang=lang)


def others(package: DataPackage, places: Sequence[str], besides: Sequence[str], lang: Lang) -> Display:
    """What the documents held print of other indicators than those `besides`, family by family; targets stand elsewhere."""
    wanted = package.observed_besides(places, besides)
    order = {name: number for number, name in enumerate(package.indicators_of(*package.families))}
    wanted = sorted(wanted, key=lambda row: order[row.indicator_id])
    title = msg("Other figures as printed")
    return printed(package, wanted, title, lang, without=["status", "source", "note"])


def _reading(package: DataPackage, row: Any, lang: Lang) -> Row:
    figures = by_id.figures(package, row.place_id, row.indicator_id)
    own = figures[row.observation_id]
    again = nmsg(
        "printed {count} more time in the same document",
        "printed {count} more times in the same document",
        row.printed_again,
    )
    remarks = [again if row.printed_again else "", term(own, "unit_read_reason"), term(own, "note")]
    conflicting = tuple(filter(None, row.conflicts_with.split(";")))
    against = [phrases.value(figures[other], lang) for other in conflicting]
    return Row(
        {
            "city": phrases.place(package, row.place_id, lang),
            "indicator": phrases.indicator(package, row.indicator_id, lang),
            "value": phrases.value(row, lang),
            "converted": phrases.converted(row, lang),
            "period": phrases.year_of(row, lang),
            "scope": phrases.scope(package, row, lang),
            "definition": phrases.definition(package, row, lang),
            "conflict": say(msg("also printed: {values}", values=joined(against)), lang) if against else "",
            "source": phrases.source(package, row, lang),
            "note": phrases.strung(remarks, lang),
        },
        (row.observation_id, *conflicting),
    )


def _absent(package: DataPackage, place_id: str, indicator_id: str, lang: Lang) -> Row:
    _, why = compare.absence(package, place_id, indicator_id)
    cells = {
        "city": phrases.place(package, place_id, lang),
        "indicator": phrases.indicator(package, indicator_id, lang),
        "value": say(why, lang),
        "period": "—",
    }
    return Row(cells, absent=True)


PAIR_COLUMNS = {
    "cities": msg("Cities"),
    "verdict": msg("Verdict"),
    "readings": msg("Figures that compare best"),
    "reasons": msg("Reasons"),
}


def comparability(package: DataPackage, frame: pd.DataFrame, lang: Lang) -> Display:
    """Each pair of cities with a figure: whether the two compare, and why not or with what caveat."""
    known = {row.observation_id: row for row in as_rows(frame)}
    rows = []
    for pair in compare.pairs(package, frame):
        best = [phrases.dated(known[name], lang) for name in pair.observation_ids]
        cells = {
            "cities": " – ".join(phrases.place(package, place, lang) for place in pair.places),
            "verdict": say(VERDICT_NAMES[pair.verdict], lang),
            "readings": " / ".join(best),
            "reasons": phrases.strung((reason.message for reason in pair.reasons), lang),
        }
        key = ".".join(("pair", known[pair.observation_ids[0]].indicator_id, *pair.places))
        rows.append(Row(cells, pair.observation_ids, key=key))
    if not rows:
        text = msg("Fewer than two cities have a figure, so there is nothing to compare.")
        return display.sentence(say(text, lang), lang=lang)
    title = msg(
        "Which cities compare: {indicator}",
        indicator=phrases.indicator(package, frame["indicator_id"].iloc[0], lang),
    )
    return display.table(say(title, lang), columns_of(PAIR_COLUMNS, lang), rows, lang=lang)


def changes_and_ranks(
    package: DataPackage, places: Sequence[str], families: Sequence[str], lang: Lang
) -> Display:
    """What the sources print as a change against an earlier year or as a place in an order."""
    figures = package.records("figures", place_id=places, indicator_id=package.indicators_of(*families))
    wanted = [row for row in figures if row.measure in ("change", "rank") and not row.repeats]
    rows = [_change_or_rank(package, row, lang) for row in wanted]
    if not rows:
        return display.sentence(
            say(msg("No change or rank is printed for these indicators."), lang), lang=lang
        )
    columns, rows = trimmed(
        columns_of(READING_COLUMNS, lang, ["value"]), rows, ["indicator", "value", "period"]
    )
    return display.table(say(msg("Changes and ranks as printed"), lang), columns, rows, lang=lang)


def _change_or_rank(package: DataPackage, row: Any, lang: Lang) -> Row:
    cells = {
        "city": phrases.place(package, row.place_id, lang),
        "indicator": phrases.indicator(package, row.indicator_id, lang),
        "value": phrases.change_or_rank(package, row, lang),
        "period": phrases.year_of(row, lang),
        "scope": phrases.scope(package, row, lang),
        "source": phrases.source(package, row, lang),
        "note": phrases.strung([term(row, "unit_read_reason"), term(row, "note")], lang),
    }
    return Row(cells, (row.observation_id,))


DOCUMENT_COLUMNS = {
    "document": msg("Document"),
    "kind": msg("Kind"),
    "publisher": msg("Publisher"),
    "published": msg("Published"),
    "length": msg("Length in characters"),
    "figures": msg("Figures entered"),
    "note": msg("Note"),
}


def documents(package: DataPackage, places: Sequence[str], lang: Lang) -> Display:
    """The documents held for these places, read whole; pages seen elsewhere are named with each figure."""
    entered = Counter(row.source_id for row in package.records("figures", place_id=places))
    searched = dict.fromkeys(row.source_id for row in package.records("coverage", city_id=places))
    rows = []
    for row in package.records("sources", source_id=list(searched)):
        if not row.text_sha256:
            continue
        cells = {
            "document": say(term(row, "label"), lang),
            "kind": say(labels.KINDS[row.kind], lang),
            "publisher": phrases.name(package, row.publisher, lang)
            or say(msg("not named in the copy held"), lang),
            "published": period(row.published, lang) or say(msg("not stated"), lang),
            "length": str(row.text_length),
            "figures": str(entered[row.source_id]),
            "note": say(term(row, "note"), lang),
        }
        rows.append(Row(cells))
    return display.table(
        say(msg("What kind of documents they are"), lang), columns_of(DOCUMENT_COLUMNS, lang), rows, lang=lang
    )


def by_family(package: DataPackage, places: Sequence[str], lang: Lang) -> Display:
    """How many figures of each family of indicators are entered for each city, repetitions not counted."""
    columns = [Column("family", say(msg("Family of indicators"), lang))]
    columns += [Column(place, phrases.place(package, place, lang)) for place in places]
    counts = Counter(
        (phrases.family(package, row.indicator_id), row.place_id)
        for row in package.records("figures", place_id=places)
        if not row.repeats
    )
    rows = []
    for family in package.families:
        cells = {place: str(counts[family, place]) for place in places}
        rows.append(Row({"family": say(labels.FAMILIES[family], lang), **cells}))
    return display.table(say(msg("Figures entered, by family"), lang), columns, rows, lang=lang)


def holdings(
    package: DataPackage, frame: pd.DataFrame, indicator_ids: Sequence[str], places: Sequence[str], lang: Lang
) -> Display:
    """How many readings each city has of each of these indicators; where it has none, what is known of the gap."""
    columns = [Column("indicator", say(msg("Indicator"), lang))]
    columns += [Column(place, phrases.place(package, place, lang)) for place in places]
    counts = frame.groupby(["indicator_id", "place_id"]).size()
    rows = []
    for indicator_id in indicator_ids:
        cells = {"indicator": phrases.indicator(package, indicator_id, lang)}
        for place in places:
            count = counts.get((indicator_id, place), 0)
            gap = phrases.missing(package, place, indicator_id)
            cells[place] = str(count) if count else say(gap, lang)
        rows.append(Row(cells))
    return display.table(say(msg("What the data package holds"), lang), columns, rows, lang=lang)


def glossary(package: DataPackage, indicator_ids: Sequence[str], lang: Lang) -> Display:
    """The indicators of a page with their definitions, named in both languages."""
    columns = columns_of(
        {"term": msg("Term"), "other": msg("In the other language"), "meaning": msg("Meaning")}, lang
    )
    other: Lang = "en" if lang == "zh" else "zh"
    rows = []
    for row in (package.record("indicators", name) for name in indicator_ids):
        name = term(row, "name")
        cells = {
            "term": say(name, lang),
            "other": say(name, other),
            "meaning": say(term(row, "definition"), lang),
        }
        rows.append(Row(cells))
    return display.table(say(msg("What the indicators mean"), lang), columns, rows, lang=lang)
