"""What only this field knows of its tables: units, intervals, periods, spans, targets.

A rule gives a fault for every row that breaks it. All of them are in `RULES`; they may take for granted that columns and
keys are right. They are asked of columns as text (`columns`), so that each asks once for a value and not for every row.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Set
from decimal import Decimal, InvalidOperation
from operator import eq
from typing import NamedTuple

import numpy as np

from ecobrief import interval, units
from ecobrief.datapackage import frameworks, identities
from ecobrief.datapackage.columns import (
    Column,
    Rows,
    Table,
    agree,
    combinations,
    joined,
    known,
    looked_up,
    repeated,
)
from ecobrief.datapackage.faults import Fault
from ecobrief.datapackage.package import ATTRIBUTES, COUNTRY, FIGURES, NAMED, PLACE_COLUMN
from ecobrief.datapackage.tables import is_date

Tables = Mapping[str, Table]
POINTS = frozenset(interval.QUALIFIERS) - {"range"}
"""The qualifiers of a plain number."""
PLAIN_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?", flags=re.ASCII)


def _where(
    tables: Tables, table: str, wrong: Rows, column: str, rule: str, hint: str = ""
) -> Iterator[Fault]:
    """A fault for each row of `table` where `wrong` holds."""
    cells = tables[table][column]
    for row in np.flatnonzero(wrong):
        yield Fault(f"{table}.csv", int(row) + 2, column, cells.distinct[cells.codes[row]], rule, hint)


def _meant_unit(rows: Table) -> Column:
    """The unit to convert from: as printed, unless that cannot be meant."""
    numbers, first = combinations(rows["unit"], rows["unit_read"])
    printed, read = (rows[column].at(first) for column in ("unit", "unit_read"))
    return Column(np.where(read != "", read, printed), numbers)


def _figures(tables: Tables) -> list[Column]:
    """The identifiers of all figures."""
    return [tables[table]["observation_id"] for table in FIGURES]


def _lists(cells: Column, *columns: Column) -> Rows:
    """Whether everything that a cell lists, separated by semicolons, stands in one of the columns."""
    names = {listed: frozenset(filter(None, listed.split(";"))) for listed in cells.distinct}
    there = known(frozenset().union(*names.values()), *columns)
    return cells.holds(lambda listed: names[listed] <= there)


def value_or_words(tables: Tables) -> Iterator[Fault]:
    """A figure has a number with its unit, or printed words; never neither, never both."""
    for table in FIGURES:
        rows = tables[table]
        number, words = rows["value"].filled, rows["value_text"].filled
        yield from _where(
            tables,
            table,
            number == words,
            "value",
            "and value_text must not both be filled or both be empty",
        )
        unitless = number & ~rows["unit"].filled & ~rows["measure"].among("rank")
        yield from _where(
            tables,
            table,
            unitless,
            "unit",
            "is empty although there is a value",
            "Write the unit as printed.",
        )


def units_that_convert(tables: Tables) -> Iterator[Fault]:
    """The unit meant converts to the indicator's; a change of a share may also be in percentage points."""
    for table in FIGURES:
        rows = tables[table]
        asked = rows["value"].filled & ~rows["measure"].among("rank")
        (canonical,) = looked_up(rows["indicator_id"], tables["indicators"], "unit")
        fits = agree(_unit_fits, _meant_unit(rows), canonical, rows["measure"])
        hint = "units.py lists the units; the indicator's own unit stands in indicators.csv."
        yield from _where(
            tables, table, asked & ~fits, "unit", "does not convert to the indicator's unit", hint
        )
        reasoned = rows["unit_read_reason_zh"].filled & rows["unit_read_reason_en"].filled
        unreasoned = rows["unit_read"].filled & ~reasoned
        yield from _where(
            tables, table, unreasoned, "unit_read", "is given without a reason in both languages"
        )


def _unit_fits(unit: str, canonical: str, measure: str) -> bool:
    for target in (canonical, "percentage_point") if measure == "change" else (canonical,):
        try:
            units.factor(unit, target)
            return True
        except units.UnknownUnit:
            continue
    return False


def values_within_limits(tables: Tables) -> Iterator[Fault]:
    """A value can be read with its qualifier, and a level lies between the indicator's valid_min and valid_max."""
    for table in FIGURES:
        rows = tables[table]
        value, qualifier = rows["value"], rows["qualifier"]
        plain = value.holds(PLAIN_NUMBER.fullmatch)
        ranged = value.filled & ~(plain & qualifier.among(*POINTS))
        unreadable = _narrowed(ranged, lambda *cells: not _readable(*cells), value, qualifier)
        hint = "A range is written low-high and has the qualifier range."
        yield from _where(tables, table, unreadable, "value", "cannot be read with its qualifier", hint)
        unit, least, most = looked_up(
            rows["indicator_id"], tables["indicators"], "unit", "valid_min", "valid_max"
        )
        meant = _meant_unit(rows)
        scaled = value.numbers * _scale(meant, unit)
        margin = 1e-9 * abs(scaled)
        near = (scaled - margin <= least.numbers) | (scaled + margin >= most.numbers)
        asked = value.filled & ~unreadable & rows["measure"].among("level", "cumulative")
        # A plain number well within its limits needs no exact reckoning, whatever its qualifier.
        beyond = _narrowed(
            asked & (near | ~plain),
            lambda *cells: not _inside(*cells),
            value,
            qualifier,
            meant,
            unit,
            least,
            most,
        )
        hint = "valid_min and valid_max stand in indicators.csv."
        yield from _where(tables, table, beyond, "value", "lies beyond what the indicator can be", hint)


def _narrowed(rows: Rows, test: Callable[..., object], *columns: Column) -> Rows:
    """Those of the rows for which the test holds."""
    narrowed = rows.copy()
    narrowed[rows] = agree(test, *(column.of(rows) for column in columns))
    return narrowed


def _scale(unit: Column, canonical: Column) -> np.ndarray:
    """How many canonical units each unit is, nearly; nan where they do not convert."""
    numbers, first = combinations(unit, canonical)
    scales = [_factor(*pair) for pair in zip(unit.at(first), canonical.at(first), strict=True)]
    return np.array(scales, dtype=float)[numbers]


def _factor(unit: str, canonical: str) -> float:
    try:
        return float(units.factor(unit, canonical))
    except units.UnknownUnit:
        return float("nan")


def _readable(value: str, qualifier: str) -> bool:
    try:
        interval.printed(value, qualifier)
    except (ValueError, InvalidOperation):
        return False
    return True


def _inside(value: str, qualifier: str, unit: str, canonical: str, least: str, most: str) -> bool:
    """Whether some value the digits may stand for is possible; units that do not convert are another rule's matter."""
    try:
        meant = interval.printed(value, qualifier, counted=True).scaled(units.factor(unit, canonical))
        meant.clipped(Decimal(least or "-Infinity"), Decimal(most or "Infinity"))
    except units.UnknownUnit:
        return True
    except (ValueError, InvalidOperation):
        return False
    return True


def periods_that_exist(tables: Tables) -> Iterator[Fault]:
    """Period and basis come together, months and days exist, and a period ends after it starts."""
    for table in FIGURES:
        rows = tables[table]
        halved = rows["period"].filled != rows["period_basis"].filled
        yield from _where(
            tables, table, halved, "period", "and period_basis must both be filled or both be empty"
        )
    for table in (*FIGURES, "policies", "projects"):
        period = tables[table]["period"]
        wrong = period.filled & ~period.holds(period_exists)
        hint = "Write 2022, 2022-07, 2022-01/2022-06 or 2016/2020, the earlier first."
        yield from _where(tables, table, wrong, "period", "is no period of the calendar", hint)


def period_exists(period: str) -> bool:
    """Whether it is a year, month, day or span of the calendar: 2022, 2022-07, 2022-12-31, 2016/2020."""
    first_day = {4: "-01-01", 7: "-01", 10: ""}
    ends = [end + first_day.get(len(end), "?") for end in period.split("/")]
    return len(ends) <= 2 and all(map(is_date, ends)) and ends == sorted(set(ends))


def spans_in_held_documents(tables: Tables) -> Iterator[Fault]:
    """What is printed in a held document has offsets, of the length of its evidence and inside the text; others have none."""
    for table in (*FIGURES, *NAMED, "listings"):
        yield from _where(
            tables,
            table,
            ~tables[table]["evidence"].filled,
            "evidence",
            "is empty",
            "Write the printed characters.",
        )
        yield from _span_faults(tables, table, tables[table]["source_id"])
    described = tables["contexts"]["observation_id"]
    keys = {**dict.fromkeys(FIGURES, "observation_id"), "contradictions": NAMED["contradictions"]}
    printed = {
        "id": joined(*(tables[table][key] for table, key in keys.items())),
        "source_id": joined(*(tables[table]["source_id"] for table in keys)),
    }
    (source_ids,) = looked_up(described, printed, "source_id")
    yield from _where(
        tables, "contexts", ~source_ids.filled, "observation_id", "is neither a figure nor a contradiction"
    )
    yield from _span_faults(tables, "contexts", source_ids)


def _span_faults(tables: Tables, table: str, source_ids: Column) -> Iterator[Fault]:
    rows = tables[table]
    (length,) = looked_up(source_ids, tables["sources"], "text_length")
    start, end = rows["start"].numbers, rows["end"].numbers
    held, started, ended = length.filled, rows["start"].filled, rows["end"].filled
    yield from _where(
        tables,
        table,
        ~held & (started | ended),
        "start",
        "is given although no document is held",
        "Leave start and end empty.",
    )
    given = started & ended
    yield from _where(
        tables,
        table,
        held & ~given,
        "start",
        "or end is empty although the document is held",
        "Count code points from 0.",
    )
    misfit = held & given & (end - start != rows["evidence"].lengths)
    yield from _where(tables, table, misfit, "end", "minus start is not the length of the evidence")
    beyond = held & given & (end > length.numbers)
    yield from _where(tables, table, beyond, "end", "lies beyond the end of the document's text")


def sources_that_can_be_named(tables: Tables) -> Iterator[Fault]:
    """A source is a held document (with both its hashes and its length) or a page seen somewhere."""
    rows = tables["sources"]
    held = [rows[column].filled for column in ("file_sha256", "text_sha256", "text_length")]
    partly: Rows = np.any(held, axis=0) & ~np.all(held, axis=0)
    yield from _where(
        tables, "sources", partly, "text_sha256", "must stand together with file_sha256 and text_length"
    )
    unseen: Rows = ~np.any(held, axis=0) & ~rows["seen_on"].filled
    yield from _where(tables, "sources", unseen, "seen_on", "is empty although no document is held")


def extensions_where_they_belong(tables: Tables) -> Iterator[Fault]:
    """Targets, changes and ranks have their row in the table of that name, and only they have one."""
    for table, column, kind in (
        ("targets", "status", "target"),
        ("changes", "measure", "change"),
        ("ranks", "measure", "rank"),
    ):
        extended = tables[table]["observation_id"]
        belonging = []
        for printed in FIGURES:
            rows = tables[printed]
            asked = rows[column].among(kind)
            belonging.append(rows["observation_id"].of(asked))
            asked[asked] = ~belonging[-1].within(extended)
            yield from _where(tables, printed, asked, "observation_id", f"has no row in {table}.csv")
        stray = ~extended.within(*belonging)
        yield from _where(tables, table, stray, "observation_id", f"is no figure whose {column} is {kind}")
    baseline = tables["targets"]["baseline_observation_id"]
    lost = baseline.filled & ~baseline.within(*_figures(tables))
    yield from _where(tables, "targets", lost, "baseline_observation_id", "names nothing that is there")


def repetitions_of_the_first(tables: Tables) -> Iterator[Fault]:
    """A repetition names the first row that printed the same, which is not itself a repetition."""
    alike: dict[str, tuple[str, ...]] = {
        table: (PLACE_COLUMN[table], "indicator_id", "status", "measure") for table in FIGURES
    }
    alike |= {"policies": ("city_id", "kind"), "projects": ("city_id",), "zones": ("city_id", "kind")}
    for table, columns in alike.items():
        rows = tables[table]
        repeats = rows["repeats"]
        second, *first = looked_up(repeats, rows, "repeats", *columns)
        yield from _where(tables, table, second.filled, "repeats", "names a row that is itself a repetition")
        for column, named in zip(columns, first, strict=True):
            other = repeats.filled & ~agree(eq, named, rows[column])
            yield from _where(tables, table, other, "repeats", f"names a row with another {column}")


def definitions_of_their_indicator(tables: Tables) -> Iterator[Fault]:
    """A definition version is used only for the indicators it defines."""
    lost = ~_lists(tables["definitions"]["indicator_id"], tables["indicators"]["indicator_id"])
    yield from _where(
        tables, "definitions", lost, "indicator_id", "names nothing that is there", "Separate by semicolons."
    )
    for table in FIGURES:
        rows = tables[table]
        (defined,) = looked_up(rows["definition_version"], tables["definitions"], "indicator_id")
        fits = agree(
            lambda ids, indicator: not ids or indicator in ids.split(";"), defined, rows["indicator_id"]
        )
        yield from _where(tables, table, ~fits, "definition_version", "does not define the row's indicator")


def attributes_that_exist(tables: Tables) -> Iterator[Fault]:
    """comparable_on names attributes, and the indicator's unit is known."""
    rows = tables["indicators"]
    lost = ~_lists(rows["comparable_on"], Column.read(ATTRIBUTES))
    hint = f"Any of {', '.join(ATTRIBUTES)}, separated by semicolons."
    yield from _where(
        tables, "indicators", lost, "comparable_on", "names something that is no attribute", hint
    )
    unknown = ~rows["unit"].holds(lambda unit: _unit_fits(unit, unit, "level"))
    yield from _where(
        tables, "indicators", unknown, "unit", "is no unit known here", "units.py lists the units."
    )


def places_that_are_known(tables: Tables) -> Iterator[Fault]:
    """A benchmark is of the country or of a city's province, and so is the group in which a rank is held."""
    places = tables["cities"]["province_id"].values | {COUNTRY}
    for table, column in (("benchmarks", "place_id"), ("ranks", "rank_among")):
        unknown = ~tables[table][column].holds(places.__contains__)
        yield from _where(tables, table, unknown, column, "is neither china nor a province_id of cities.csv")


def one_name_for_everything(tables: Tables) -> Iterator[Fault]:
    """No two rows of the tables of printed things have one identifier."""
    names = {
        table: tables[table][key]
        for table, key in {**dict.fromkeys(FIGURES, "observation_id"), **NAMED}.items()
    }
    (_, first), *others = names.items()
    taken = known(frozenset().union(*(column.values for _, column in others)), first)
    for table, column in others:
        twice = column.holds(taken.__contains__)
        rule = "is the identifier of a row in another table too"
        yield from _where(tables, table, twice, next(iter(tables[table])), rule)
        taken |= column.values


def instruments_that_are_coded(tables: Tables) -> Iterator[Fault]:
    """An instrument has its generic instrument, type, force, level and stage; recognitions and goals have none of these."""
    rows = tables["policies"]
    instrument = rows["kind"].among("instrument")
    hint = "docs/policies.md has a rule and an example for each code."
    for column in (
        "instrument_id",
        "primary_type",
        "legal_force",
        "level",
        "stage",
        "target_group",
        "themes",
    ):
        lacking = instrument & ~rows[column].filled
        yield from _where(tables, "policies", lacking, column, "is empty although it is an instrument", hint)
    for column in ("instrument_id", "primary_type", "secondary_type"):
        stray = ~instrument & rows[column].filled
        yield from _where(tables, "policies", stray, column, "is given although it is no instrument", hint)
    same = rows["secondary_type"].filled & agree(eq, rows["primary_type"], rows["secondary_type"])
    yield from _where(tables, "policies", same, "secondary_type", "is the primary type again", hint)


def links_that_lead_somewhere(tables: Tables) -> Iterator[Fault]:
    """Policies, projects and zones link to figures, policies and lists that are there."""
    figures = _figures(tables)
    targets = [
        names.of(tables[table]["status"].among("target"))
        for table, names in zip(FIGURES, figures, strict=True)
    ]
    for table, column, there, what in (
        ("policies", "targets", targets, "a target"),
        ("policies", "money", figures, "a figure"),
        ("policies", "monitoring", [tables["policies"]["policy_id"]], "a policy"),
        ("projects", "quantities", figures, "a figure"),
        ("zones", "quantities", figures, "a figure"),
        ("zones", "listing", [tables["listings"]["list_id"]], "a list"),
        ("requirements", "indicators", [tables["indicators"]["indicator_id"]], "an indicator"),
        ("requirements", "instruments", [tables["instruments"]["instrument_id"]], "an instrument"),
    ):
        lost = ~_lists(tables[table][column], *there)
        yield from _where(
            tables, table, lost, column, f"names something that is not {what}", "Separate by semicolons."
        )


def identities_that_can_be_checked(tables: Tables) -> Iterator[Fault]:
    """An identity fills the roles of its kind with figures that are there, that convert, and that are not itself."""
    rows = tables["identities"]
    figures, lists = _figures_named_in(tables, rows["terms"]), tables["listings"]["list_id"].values
    for row, (name, kind, terms) in enumerate(
        zip(*(rows[column].cells for column in ("identity_id", "kind", "terms")), strict=True)
    ):
        wrong, hint = _identity_fault(name, kind, terms, figures, lists)
        if wrong:
            yield Fault("identities.csv", row + 2, "terms", terms, wrong, hint)
    twice = repeated(rows["kind"], rows["terms"])
    yield from _where(tables, "identities", twice, "terms", "are those of an earlier row of the same kind")
    halved = rows["assumption_zh"].filled != rows["assumption_en"].filled
    yield from _where(
        tables,
        "identities",
        halved,
        "assumption_zh",
        "and assumption_en must both be filled or both be empty",
    )
    itself = rows["cause"].filled & agree(eq, rows["cause"], rows["identity_id"])
    yield from _where(tables, "identities", itself, "cause", "names the identity itself")
    (second,) = looked_up(rows["cause"], rows, "cause")
    yield from _where(
        tables,
        "identities",
        second.filled & ~itself,
        "cause",
        "names an identity that has a cause itself",
        "Name the first one.",
    )


class _Figure(NamedTuple):
    """What an identity asks of a figure."""

    value: str
    qualifier: str
    unit: str


def _figures_named_in(tables: Tables, terms: Column) -> dict[str, _Figure]:
    """The figures that any terms name, by identifier; others are not looked at, as there may be a million."""
    words = frozenset(word for text in terms.distinct for word in re.split(r"[\s;,=]+", text))
    found: dict[str, _Figure] = {}
    for table in FIGURES:
        names = tables[table]["observation_id"]
        rows = np.flatnonzero(names.holds(words.__contains__))
        asked = (*(tables[table][column] for column in ("value", "qualifier")), _meant_unit(tables[table]))
        cells = zip(*(column.at(rows) for column in asked), strict=True)
        found.update(zip(names.at(rows), map(_Figure._make, cells), strict=True))
    return found


def _identity_fault(
    name: str, kind: str, text: str, figures: Mapping[str, _Figure], lists: Set[str]
) -> tuple[str, str]:
    """What is wrong with the terms of an identity, and a hint; two empty texts when nothing is."""
    try:
        filled = identities.terms(text)
    except identities.NotTerms as error:
        return f"cannot be read: {error}", "Write role = figure + figure; role = figure."
    wrong = identities.misfit(kind, filled)
    if wrong:
        return wrong, "docs/audit.md lists the roles of each kind."
    named = identities.figures(filled)
    if name in named or identities.circular(kind, filled):
        return "refer to themselves", "What is checked may not stand among what it is computed from."
    unknown = [name for name in named if name not in figures]
    unknown += [total[0].name for total in filled.get(identities.LISTED, ()) if total[0].name not in lists]
    if unknown:
        return (
            f"name {', '.join(unknown)}, which is not there",
            "Figures are named by observation_id, lists by list_id.",
        )
    spans = filled.get("range", ())
    if any(len(total) > 1 or figures[total[0].name].qualifier != "range" for total in spans):
        return "give range something else than one printed range", "The figure has the qualifier range."
    wordy = [name for name in named if not figures[name].value]
    if wordy:
        return (
            f"name {', '.join(wordy)}, which has no number",
            "Only figures with a value can be computed with.",
        )
    meant = {
        role: [figures[addend.name].unit for total in filled[role] for addend in total]
        for role in filled
        if role not in (identities.LISTED, identities.AT_MOST)
    }
    mixed = identities.mixed_units(kind, meant)
    return (
        (f"mix units that do not convert: {', '.join(mixed)}", "units.py lists the units.")
        if mixed
        else ("", "")
    )


def frameworks_that_make_an_index(tables: Tables) -> Iterator[Fault]:
    """The weights of a framework sum to one, and each indicator has a direction, goalposts and a quantity of its own."""
    rows = tables["frameworks"]
    about = looked_up(
        rows["indicator_id"], tables["indicators"], "direction", "goalpost_low", "goalpost_high", "quantity"
    )
    by_framework = defaultdict(list)
    for framework_id, *cells in zip(
        *(column.cells for column in (rows["framework_id"], rows["indicator_id"], rows["weight"], *about)),
        strict=True,
    ):
        by_framework[framework_id].append(frameworks.component(*cells))
    for framework_id, components in by_framework.items():
        for broken in frameworks.broken_rules(tuple(components)):
            here = rows["framework_id"].among(framework_id) & rows["indicator_id"].among(broken.indicator_id)
            yield from _where(
                tables, "frameworks", here, broken.column, f"is wrong: {broken.rule}", broken.hint
            )


def counts_of_monitoring(tables: Tables) -> Iterator[Fault]:
    """A count from a monitoring file lies in its interval and in the year, and gives an annual value only for a whole year."""
    rows = tables["monitored"]
    days = {name: rows[name].numbers for name in rows if "days" in name}
    most = days["days_at_most_100"]
    outside = (most < days["days_at_most_100_low"]) | (most > days["days_at_most_100_high"])
    yield from _where(tables, "monitored", outside, "days_at_most_100", "lies outside its own interval")
    sums = most + days["days_above_100"] != days["valid_days"]
    hint = "Days at most 100 and days above 100 are the valid days."
    yield from _where(tables, "monitored", sums, "valid_days", "is not the sum of its days", hint)
    long = days["valid_days"] > days["days_in_year"]
    yield from _where(tables, "monitored", long, "valid_days", "is more than the days of the year")
    annual = rows["annual"].among("yes")
    for column in ("good_days", "good_day_ratio"):
        hint = "A year with too few valid days has counts of days and no annual value."
        rule = "and annual do not agree"
        yield from _where(tables, "monitored", rows[column].filled != annual, column, rule, hint)
    (tier,) = looked_up(rows["source_id"], tables["sources"], "tier")
    hint = "Counts from monitoring files are never official."
    yield from _where(
        tables,
        "monitored",
        ~tier.among("monitoring"),
        "source_id",
        "names a source of another tier",
        hint,
    )


RULES: tuple[Callable[[Tables], Iterator[Fault]], ...] = (
    value_or_words,
    attributes_that_exist,
    units_that_convert,
    values_within_limits,
    periods_that_exist,
    spans_in_held_documents,
    sources_that_can_be_named,
    extensions_where_they_belong,
    repetitions_of_the_first,
    definitions_of_their_indicator,
    places_that_are_known,
    one_name_for_everything,
    instruments_that_are_coded,
    links_that_lead_somewhere,
    identities_that_can_be_checked,
    frameworks_that_make_an_index,
    counts_of_monitoring,
)
