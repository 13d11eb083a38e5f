"""What only this field knows of its tables: units, intervals, periods, spans, targets.

A rule gives a fault for every row that breaks it. All of them are in `RULES`; they may take for granted that columns and
keys are right.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal, InvalidOperation

import pandas as pd

from ecobrief import interval, units
from ecobrief.datapackage import frameworks, identities
from ecobrief.datapackage.faults import Fault
from ecobrief.datapackage.package import (
    ATTRIBUTES,
    COUNTRY,
    FIGURES,
    NAMED,
    PLACE_COLUMN,
    DataPackage,
    meant_unit,
)
from ecobrief.datapackage.tables import is_date


def _where(
    package: DataPackage, table: str, wrong: pd.Series, column: str, rule: str, hint: str = ""
) -> Iterator[Fault]:
    """A fault for each row of `table` where `wrong` holds."""
    for row, value in package[table].loc[wrong, column].items():
        shown = "" if pd.isna(value) else str(value)
        yield Fault(f"{table}.csv", int(row) + 2, column, shown, rule, hint)


def _looked_up(package: DataPackage, keys: pd.Series, table: str, column: str) -> pd.Series:
    """The `column` of the row of `table` that each key names."""
    rows = package[table]
    return keys.map(dict(zip(rows.iloc[:, 0], rows[column], strict=True)))


def _agree(test: Callable[..., bool], *columns: pd.Series) -> pd.Series:
    """`test` of the cells of each row, asked once for each combination that occurs."""
    answers: dict[tuple[str, ...], bool] = {}
    rows = list(zip(*columns, strict=True))
    for row in set(rows):
        answers[row] = test(*row)
    return pd.Series([answers[row] for row in rows], index=columns[0].index, dtype=bool)


def value_or_words(package: DataPackage) -> Iterator[Fault]:
    """A figure has a number with its unit, or printed words; never neither, never both."""
    for table in FIGURES:
        rows = package[table]
        number, words = rows["value"] != "", rows["value_text"] != ""
        yield from _where(
            package,
            table,
            number == words,
            "value",
            "and value_text must not both be filled or both be empty",
        )
        unitless = number & (rows["unit"] == "") & (rows["measure"] != "rank")
        yield from _where(
            package,
            table,
            unitless,
            "unit",
            "is empty although there is a value",
            "Write the unit as printed.",
        )


def units_that_convert(package: DataPackage) -> Iterator[Fault]:
    """The unit meant converts to the indicator's; a change of a share may also be in percentage points."""
    for table in FIGURES:
        rows = package[table]
        asked = (rows["value"] != "") & (rows["measure"] != "rank")
        canonical = _looked_up(package, rows["indicator_id"], "indicators", "unit")
        fits = _agree(_unit_fits, meant_unit(rows), canonical, rows["measure"])
        hint = "units.py lists the units; the indicator's own unit stands in indicators.csv."
        yield from _where(
            package, table, asked & ~fits, "unit", "does not convert to the indicator's unit", hint
        )
        unreasoned = (rows["unit_read"] != "") & (
            (rows["unit_read_reason_zh"] == "") | (rows["unit_read_reason_en"] == "")
        )
        yield from _where(
            package, table, unreasoned, "unit_read", "is given without a reason in both languages"
        )


def _unit_fits(unit: str, canonical: str, measure: str) -> bool:
    for target in (canonical, "percentage_point") if measure == "change" else (canonical,):
        try:
            units.factor(unit, target)
            return True
        except units.UnknownUnit:
            continue
    return False


def values_within_limits(package: DataPackage) -> Iterator[Fault]:
    """A value can be read with its qualifier, and a level lies between the indicator's valid_min and valid_max."""
    for table in FIGURES:
        rows = package[table]
        filled = rows["value"] != ""
        readable = _agree(_readable, rows["value"], rows["qualifier"])
        hint = "A range is written low-high and has the qualifier range."
        yield from _where(
            package, table, filled & ~readable, "value", "cannot be read with its qualifier", hint
        )
        about = [
            _looked_up(package, rows["indicator_id"], "indicators", c)
            for c in ("unit", "valid_min", "valid_max")
        ]
        asked = filled & readable & rows["measure"].isin(["level", "cumulative"])
        inside = _agree(_inside, rows["value"], rows["qualifier"], meant_unit(rows), *about)
        hint = "valid_min and valid_max stand in indicators.csv."
        yield from _where(
            package, table, asked & ~inside, "value", "lies beyond what the indicator can be", hint
        )


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


def periods_that_exist(package: DataPackage) -> Iterator[Fault]:
    """Period and basis come together, months and days exist, and a period ends after it starts."""
    for table in FIGURES:
        rows = package[table]
        halved = (rows["period"] == "") != (rows["period_basis"] == "")
        yield from _where(
            package, table, halved, "period", "and period_basis must both be filled or both be empty"
        )
    for table in (*FIGURES, "policies", "projects"):
        rows = package[table]
        wrong = (rows["period"] != "") & ~_agree(period_exists, rows["period"])
        hint = "Write 2022, 2022-07, 2022-01/2022-06 or 2016/2020, the earlier first."
        yield from _where(package, table, wrong, "period", "is no period of the calendar", hint)


def period_exists(period: str) -> bool:
    """Whether it is a year, month, day or span of the calendar: 2022, 2022-07, 2022-12-31, 2016/2020."""
    first_day = {4: "-01-01", 7: "-01", 10: ""}
    ends = [end + first_day.get(len(end), "?") for end in period.split("/")]
    return len(ends) <= 2 and all(map(is_date, ends)) and ends == sorted(set(ends))


def spans_in_held_documents(package: DataPackage) -> Iterator[Fault]:
    """What is printed in a held document has offsets, of the length of its evidence and inside the text; others have none."""
    for table in (*FIGURES, *NAMED, "listings"):
        yield from _where(
            package,
            table,
            package[table]["evidence"] == "",
            "evidence",
            "is empty",
            "Write the printed characters.",
        )
        yield from _span_faults(package, table, package[table]["source_id"])
    printed_in = package.sources_of_contexts
    contexts = package["contexts"]
    homeless = ~contexts["observation_id"].isin(printed_in)
    yield from _where(
        package, "contexts", homeless, "observation_id", "is neither a figure nor a contradiction"
    )
    yield from _span_faults(package, "contexts", contexts["observation_id"].map(printed_in).fillna(""))


def _span_faults(package: DataPackage, table: str, source_ids: pd.Series) -> Iterator[Fault]:
    rows = package[table]
    length = pd.to_numeric(_looked_up(package, source_ids, "sources", "text_length")).astype("Int64")
    held, given = length.notna(), rows["start"].notna() & rows["end"].notna()
    homeless = ~held & (rows["start"].notna() | rows["end"].notna())
    yield from _where(
        package,
        table,
        homeless,
        "start",
        "is given although no document is held",
        "Leave start and end empty.",
    )
    missing = held & ~given
    yield from _where(
        package,
        table,
        missing,
        "start",
        "or end is empty although the document is held",
        "Count code points from 0.",
    )
    misfit = held & given & (rows["end"] - rows["start"] != rows["evidence"].str.len())
    yield from _where(
        package, table, misfit.fillna(False), "end", "minus start is not the length of the evidence"
    )
    beyond = held & given & (rows["end"] > length)
    yield from _where(
        package, table, beyond.fillna(False), "end", "lies beyond the end of the document's text"
    )


def sources_that_can_be_named(package: DataPackage) -> Iterator[Fault]:
    """A source is a held document (with both its hashes and its length) or a page seen somewhere."""
    rows = package["sources"]
    held = pd.concat(
        [rows["file_sha256"] != "", rows["text_sha256"] != "", rows["text_length"].notna()], axis=1
    )
    partly = held.any(axis=1) & ~held.all(axis=1)
    yield from _where(
        package, "sources", partly, "text_sha256", "must stand together with file_sha256 and text_length"
    )
    unseen = ~held.any(axis=1) & (rows["seen_on"] == "")
    yield from _where(package, "sources", unseen, "seen_on", "is empty although no document is held")


def extensions_where_they_belong(package: DataPackage) -> Iterator[Fault]:
    """Targets, changes and ranks have their row in the table of that name, and only they have one."""
    figures = package.figures
    for table, column, kind in (
        ("targets", "status", "target"),
        ("changes", "measure", "change"),
        ("ranks", "measure", "rank"),
    ):
        belonging = figures.loc[figures[column] == kind, "observation_id"]
        stray = ~package[table]["observation_id"].isin(belonging)
        yield from _where(package, table, stray, "observation_id", f"is no figure whose {column} is {kind}")
        for printed in FIGURES:
            rows = package[printed]
            lacking = (rows[column] == kind) & ~rows["observation_id"].isin(package[table]["observation_id"])
            yield from _where(package, printed, lacking, "observation_id", f"has no row in {table}.csv")
    baseline = package["targets"]["baseline_observation_id"]
    lost = (baseline != "") & ~baseline.isin(figures["observation_id"])
    yield from _where(package, "targets", lost, "baseline_observation_id", "names nothing that is there")


def repetitions_of_the_first(package: DataPackage) -> Iterator[Fault]:
    """A repetition names the first row that printed the same, which is not itself a repetition."""
    alike: dict[str, tuple[str, ...]] = {
        table: (PLACE_COLUMN[table], "indicator_id", "status", "measure") for table in FIGURES
    }
    alike |= {"policies": ("city_id", "kind"), "projects": ("city_id",), "zones": ("city_id", "kind")}
    for table, columns in alike.items():
        rows = package[table]
        repeating = rows["repeats"] != ""
        second = repeating & (_looked_up(package, rows["repeats"], table, "repeats").fillna("") != "")
        yield from _where(package, table, second, "repeats", "names a row that is itself a repetition")
        for column in columns:
            other = repeating & (_looked_up(package, rows["repeats"], table, column) != rows[column])
            yield from _where(package, table, other, "repeats", f"names a row with another {column}")


def definitions_of_their_indicator(package: DataPackage) -> Iterator[Fault]:
    """A definition version is used only for the indicators it defines."""
    known = set(package["indicators"]["indicator_id"])
    lost = ~package["definitions"]["indicator_id"].map(
        lambda ids: known.issuperset(filter(None, ids.split(";")))
    ).astype(bool)
    yield from _where(
        package, "definitions", lost, "indicator_id", "names nothing that is there", "Separate by semicolons."
    )
    for table in FIGURES:
        rows = package[table]
        defined = _looked_up(package, rows["definition_version"], "definitions", "indicator_id")
        fits = _agree(
            lambda ids, indicator: not ids or indicator in ids.split(";"), defined, rows["indicator_id"]
        )
        yield from _where(package, table, ~fits, "definition_version", "does not define the row's indicator")


def attributes_that_exist(package: DataPackage) -> Iterator[Fault]:
    """comparable_on names attributes, and the indicator's unit is known."""
    rows = package["indicators"]
    lost = ~rows["comparable_on"].map(
        lambda names: set(ATTRIBUTES).issuperset(filter(None, names.split(";")))
    ).astype(bool)
    hint = f"Any of {', '.join(ATTRIBUTES)}, separated by semicolons."
    yield from _where(
        package, "indicators", lost, "comparable_on", "names something that is no attribute", hint
    )
    unknown = ~_agree(lambda unit: _unit_fits(unit, unit, "level"), rows["unit"])
    yield from _where(
        package, "indicators", unknown, "unit", "is no unit known here", "units.py lists the units."
    )


def places_that_are_known(package: DataPackage) -> Iterator[Fault]:
    """A benchmark is of the country or of a city's province, and so is the group in which a rank is held."""
    places = [COUNTRY, *package["cities"]["province_id"]]
    for table, column in (("benchmarks", "place_id"), ("ranks", "rank_among")):
        unknown = ~package[table][column].isin(places)
        yield from _where(package, table, unknown, column, "is neither china nor a province_id of cities.csv")


def one_name_for_everything(package: DataPackage) -> Iterator[Fault]:
    """No two rows of the tables of printed things have one identifier."""
    keys = {**dict.fromkeys(FIGURES, "observation_id"), **NAMED}
    taken: set[str] = set()
    for table, key in keys.items():
        twice = package[table][key].isin(taken)
        yield from _where(package, table, twice, key, "is the identifier of a row in another table too")
        taken.update(package[table][key])


def instruments_that_are_coded(package: DataPackage) -> Iterator[Fault]:
    """An instrument has its generic instrument, type, force, level and stage; recognitions and goals have none of these."""
    rows = package["policies"]
    instrument = rows["kind"] == "instrument"
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
        lacking = instrument & (rows[column] == "")
        yield from _where(package, "policies", lacking, column, "is empty although it is an instrument", hint)
    for column in ("instrument_id", "primary_type", "secondary_type"):
        stray = ~instrument & (rows[column] != "")
        yield from _where(package, "policies", stray, column, "is given although it is no instrument", hint)
    same = (rows["secondary_type"] != "") & (rows["primary_type"] == rows["secondary_type"])
    yield from _where(package, "policies", same, "secondary_type", "is the primary type again", hint)


def links_that_lead_somewhere(package: DataPackage) -> Iterator[Fault]:
    """Policies, projects and zones link to figures, policies and lists that are there."""
    figures = package.figures
    targets = figures.loc[figures["status"] == "target", "observation_id"]
    for table, column, known, what in (
        ("policies", "targets", targets, "a target"),
        ("policies", "money", figures["observation_id"], "a figure"),
        ("policies", "monitoring", package["policies"]["policy_id"], "a policy"),
        ("projects", "quantities", figures["observation_id"], "a figure"),
        ("zones", "quantities", figures["observation_id"], "a figure"),
        ("zones", "listing", package["listings"]["list_id"], "a list"),
        ("requirements", "indicators", package["indicators"]["indicator_id"], "an indicator"),
        ("requirements", "instruments", package["instruments"]["instrument_id"], "an instrument"),
    ):
        there = set(known)
        lost = ~package[table][column].map(lambda ids: there.issuperset(filter(None, ids.split(";"))))  # noqa: B023
        yield from _where(
            package,
            table,
            lost.astype(bool),
            column,
            f"names something that is not {what}",
            "Separate by semicolons.",
        )


def identities_that_can_be_checked(package: DataPackage) -> Iterator[Fault]:
    """An identity fills the roles of its kind with figures that are there, that convert, and that are not itself."""
    rows = package["identities"]
    figures, lists = package.figures, set(package["listings"]["list_id"])
    for row in rows.to_dict("records"):
        wrong, hint = _identity_fault(row, figures, lists)
        if wrong:
            here = rows["identity_id"] == row["identity_id"]
            yield from _where(package, "identities", here, "terms", wrong, hint)
    twice = rows.duplicated(["kind", "terms"])
    yield from _where(package, "identities", twice, "terms", "are those of an earlier row of the same kind")
    halved = (rows["assumption_zh"] == "") != (rows["assumption_en"] == "")
    yield from _where(
        package,
        "identities",
        halved,
        "assumption_zh",
        "and assumption_en must both be filled or both be empty",
    )
    itself = (rows["cause"] != "") & (rows["cause"] == rows["identity_id"])
    yield from _where(package, "identities", itself, "cause", "names the identity itself")
    second = _looked_up(package, rows["cause"], "identities", "cause").fillna("") != ""
    yield from _where(
        package,
        "identities",
        second & ~itself,
        "cause",
        "names an identity that has a cause itself",
        "Name the first one.",
    )


def _identity_fault(row: dict[str, str], figures: pd.DataFrame, lists: set[str]) -> tuple[str, str]:
    """What is wrong with the terms of an identity, and a hint; two empty texts when nothing is."""
    try:
        filled = identities.terms(row["terms"])
    except identities.NotTerms as error:
        return f"cannot be read: {error}", "Write role = figure + figure; role = figure."
    wrong = identities.misfit(row["kind"], filled)
    if wrong:
        return wrong, "docs/audit.md lists the roles of each kind."
    named = identities.figures(filled)
    if row["identity_id"] in named or identities.circular(row["kind"], filled):
        return "refer to themselves", "What is checked may not stand among what it is computed from."
    unknown = [name for name in named if name not in figures.index]
    unknown += [total[0].name for total in filled.get(identities.LISTED, ()) if total[0].name not in lists]
    if unknown:
        return (
            f"name {', '.join(unknown)}, which is not there",
            "Figures are named by observation_id, lists by list_id.",
        )
    spans = filled.get("range", ())
    if any(len(total) > 1 or figures.at[total[0].name, "qualifier"] != "range" for total in spans):
        return "give range something else than one printed range", "The figure has the qualifier range."
    wordy = [name for name in named if not figures.at[name, "value"]]
    if wordy:
        return (
            f"name {', '.join(wordy)}, which has no number",
            "Only figures with a value can be computed with.",
        )
    units_of = meant_unit(figures)
    meant = {
        role: [units_of[addend.name] for total in filled[role] for addend in total]
        for role in filled
        if role not in (identities.LISTED, identities.AT_MOST)
    }
    mixed = identities.mixed_units(row["kind"], meant)
    return (
        (f"mix units that do not convert: {', '.join(mixed)}", "units.py lists the units.")
        if mixed
        else ("", "")
    )


def frameworks_that_make_an_index(package: DataPackage) -> Iterator[Fault]:
    """The weights of a framework sum to one, and each indicator has a direction, goalposts and a quantity of its own."""
    rows = package["frameworks"]
    for framework_id in rows["framework_id"].unique():
        for broken in frameworks.broken_rules(frameworks.components(package, framework_id)):
            here = (rows["framework_id"] == framework_id) & (rows["indicator_id"] == broken.indicator_id)
            yield from _where(
                package, "frameworks", here, broken.column, f"is wrong: {broken.rule}", broken.hint
            )


def counts_of_monitoring(package: DataPackage) -> Iterator[Fault]:
    """A count from a monitoring file lies in its interval and in the year, and gives an annual value only for a whole year."""
    rows = package["monitored"]
    most = rows["days_at_most_100"]
    least, greatest = rows["days_at_most_100_low"], rows["days_at_most_100_high"]
    outside = (most < least) | (most > greatest)
    yield from _where(package, "monitored", outside, "days_at_most_100", "lies outside its own interval")
    sums = most + rows["days_above_100"] != rows["valid_days"]
    hint = "Days at most 100 and days above 100 are the valid days."
    yield from _where(package, "monitored", sums, "valid_days", "is not the sum of its days", hint)
    long = rows["valid_days"] > rows["days_in_year"]
    yield from _where(package, "monitored", long, "valid_days", "is more than the days of the year")
    annual = rows["annual"] == "yes"
    for column in ("good_days", "good_day_ratio"):
        given = rows[column].notna() & (rows[column].astype(str) != "")
        hint = "A year with too few valid days has counts of days and no annual value."
        rule = "and annual do not agree"
        yield from _where(package, "monitored", given != annual, column, rule, hint)
    tier = _looked_up(package, rows["source_id"], "sources", "tier")
    hint = "Counts from monitoring files are never official."
    yield from _where(
        package, "monitored", tier != "monitoring", "source_id", "names a source of another tier", hint
    )


RULES: tuple[Callable[[DataPackage], Iterator[Fault]], ...] = (
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
