"""What `ecobrief check` finds: for every rule the case that passes, then the one that does not, with place and hint."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

import made
from ecobrief import datapackage
from ecobrief.datapackage import RULES, DataFaults, Fault

Tables = dict[str, list[dict[str, str]]]
FIRST = {"observation_id": "page.001"}
A_CHANGE = {"measure": "change", "value": "1.2", "unit": "个百分点"}
A_RANK = {"measure": "rank", "value": "3", "unit": "位"}
A_TARGET = {"status": "target", "period": "2025"}
NOTHING = {"value": "", "unit": "", "value_text": ""}
CHANGES = [{**FIRST, "compared_with": "2021"}]
TARGETS = {**FIRST, "target_type": "binding", "target_form": "reach"}
OF_TWO = [{"definition_version": "version_1", "indicator_id": "ratio;days"}]
HELD = {"sources": [made.held_source()], "observations": [made.printed("96.2%")]}
YEAR = {**FIRST, "role": "period", "start": "2", "end": "7", "evidence": "2022年"}
SAME = {"identity_id": "same", "kind": "one_fact", "terms": "first = page.001; second = page.002"}
MISREAD = {"indicator_id": "area", "unit": "亿元", "unit_read": "亩", "unit_read_reason_zh": "笔误"}

EITHER = "and value_text must not both be filled or both be empty"
UNCONVERTED = "does not convert to the indicator's unit"
UNREADABLE = "cannot be read with its qualifier"
BEYOND = "lies beyond what the indicator can be"
NO_DAY = "is no period of the calendar"
LOST = "names nothing that is there"
NOWHERE = "is neither china nor a province_id of cities.csv"
UNITS = "units.py lists the units; the indicator's own unit stands in indicators.csv."
RANGES = "A range is written low-high and has the qualifier range."
LIMITS = "valid_min and valid_max stand in indicators.csv."
CALENDAR = "Write 2022, 2022-07, 2022-01/2022-06 or 2016/2020, the earlier first."


class Case(NamedTuple):
    """Tables that pass, tables that do not, and what is said of the latter; row 1 is the header."""

    passing: Tables
    failing: Tables
    faults: list[Fault]


def of_observations(
    passing: dict[str, str], failing: dict[str, str], column: str, value: str, rule: str, hint: str = ""
) -> Case:
    """A case of one row of observations, which is row 2."""
    fault = Fault("observations.csv", 2, column, value, rule, hint)
    return Case({"observations": [passing]}, {"observations": [failing]}, [fault])


SCORED = {"indicator_id": "ratio", "goalpost_low": "0", "goalpost_high": "100", "quantity": "shared"}
INDICATORS = [
    SCORED,
    {**SCORED, "indicator_id": "days", "unit": "day"},
    {**SCORED, "indicator_id": "cover", "direction": "0", "quantity": ""},
    {**SCORED, "indicator_id": "other", "quantity": ""},
]
ARCHIVE = {"source_id": "archive", "tier": "monitoring", "kind": "monitoring_archive"}


def of_frameworks(
    passing: dict[str, str], failing: dict[str, str], column: str, value: str, rule: str, hint: str
) -> Case:
    """A case of the second of two halves, which is row 3."""
    half = {"indicator_id": "other", "weight": "0.5"}
    sound, wrong = (
        {
            "indicators": INDICATORS,
            "frameworks": [{"indicator_id": "ratio", "weight": "0.5"}, {**half, **change}],
        }
        for change in (passing, failing)
    )
    return Case(sound, wrong, [Fault("frameworks.csv", 3, column, value, f"is wrong: {rule}", hint)])


def of_monitored(
    passing: dict[str, str], failing: dict[str, str], column: str, value: str, rule: str, hint: str = ""
) -> Case:
    """A case of one count, which is row 2."""
    sources = [{"source_id": "page"}, ARCHIVE]
    fault = Fault("monitored.csv", 2, column, value, rule, hint)
    return Case(
        {"sources": sources, "monitored": [passing]}, {"sources": sources, "monitored": [failing]}, [fault]
    )


CASES = {
    "value_or_words: neither a number nor words": of_observations(
        {**NOTHING, "value_text": "全部达标"}, NOTHING, "value", "", EITHER
    ),
    "value_or_words: both a number and words": of_observations(
        {"value_text": ""}, {"value_text": "全部达标"}, "value", "96.2", EITHER
    ),
    "value_or_words: a number without its unit": Case(
        {"observations": [{"unit": "％"}]},
        {"observations": [{"unit": ""}]},
        [
            Fault("observations.csv", 2, "unit", "", UNCONVERTED, UNITS),
            Fault(
                "observations.csv",
                2,
                "unit",
                "",
                "is empty although there is a value",
                "Write the unit as printed.",
            ),
        ],
    ),
    "units_that_convert: an unknown unit": of_observations(
        {"indicator_id": "area", "unit": "万亩"},
        {"indicator_id": "area", "unit": "亿元"},
        "unit", "亿元", UNCONVERTED, UNITS,
    ),
    "units_that_convert: what is no unit at all": of_observations(
        {"unit": "％"}, {"unit": "+"}, "unit", "+", UNCONVERTED, UNITS
    ),
    "units_that_convert: a level in percentage points": Case(
        {"observations": [A_CHANGE], "changes": CHANGES},
        {"observations": [{"unit": "个百分点"}]},
        [Fault("observations.csv", 2, "unit", "个百分点", UNCONVERTED, UNITS)],
    ),
    "units_that_convert: a benchmark": Case(
        {"benchmarks": [{"unit": "%"}]},
        {"benchmarks": [{}, {"unit": "天"}]},
        [Fault("benchmarks.csv", 3, "unit", "天", UNCONVERTED, UNITS)],
    ),
    "units_that_convert: another unit read for half a reason": of_observations(
        {**MISREAD, "unit_read_reason_en": "slip"},
        MISREAD,
        "unit_read", "亩", "is given without a reason in both languages",
    ),
    "values_within_limits: a range without its qualifier": of_observations(
        {"value": "80-90", "qualifier": "range"}, {"value": "80-90"}, "value", "80-90", UNREADABLE, RANGES
    ),
    "values_within_limits: a range that has one end": of_observations(
        {"value": "90-80", "qualifier": "range"},
        {"value": "90", "qualifier": "range"},
        "value", "90", UNREADABLE, RANGES,
    ),
    "values_within_limits: a change that cannot be read": Case(
        {"observations": [{**A_CHANGE, "value": "1-2", "qualifier": "range"}], "changes": CHANGES},
        {"observations": [{**A_CHANGE, "value": "1-2"}], "changes": CHANGES},
        [Fault("observations.csv", 2, "value", "1-2", UNREADABLE, RANGES)],
    ),
    "values_within_limits: a share above a hundred percent": of_observations(
        {"value": "100"}, {"value": "100.1"}, "value", "100.1", BEYOND, LIMITS
    ),
    "values_within_limits: a share below zero": of_observations(
        {"value": "0"}, {"value": "-0.1"}, "value", "-0.1", BEYOND, LIMITS
    ),
    "values_within_limits: a thousand days in a year": of_observations(
        {"indicator_id": "days", "value": "366", "unit": "天"},
        {"indicator_id": "days", "value": "1", "unit": "千天"},
        "value", "1", BEYOND, LIMITS,
    ),
    "periods_that_exist: a period without its basis": of_observations(
        {"period": "", "period_basis": ""},
        {"period_basis": ""},
        "period", "2022", "and period_basis must both be filled or both be empty",
    ),
    "periods_that_exist: a thirteenth month": of_observations(
        {"period": "2022-12"}, {"period": "2022-13"}, "period", "2022-13", NO_DAY, CALENDAR
    ),
    "periods_that_exist: a day the year does not have": of_observations(
        {"period": "2024-02-29"}, {"period": "2022-02-29"}, "period", "2022-02-29", NO_DAY, CALENDAR
    ),
    "periods_that_exist: an end before the start": of_observations(
        {"period": "2022-01/2022-06"},
        {"period": "2022-06/2022-01"},
        "period", "2022-06/2022-01", NO_DAY, CALENDAR,
    ),
    "periods_that_exist: a period from a year to itself": of_observations(
        {"period": "2016/2020"}, {"period": "2020/2020"}, "period", "2020/2020", NO_DAY, CALENDAR
    ),
    "spans_in_held_documents: no evidence": of_observations(
        {}, {"evidence": ""}, "evidence", "", "is empty", "Write the printed characters."
    ),
    "spans_in_held_documents: offsets in a page that is not held": of_observations(
        {},
        {"start": "0", "end": "5"},
        "start", "0", "is given although no document is held", "Leave start and end empty.",
    ),
    "spans_in_held_documents: no offsets in a held document": Case(
        HELD,
        {**HELD, "observations": [made.printed("96.2%", end="")]},
        [
            Fault(
                "observations.csv",
                2,
                "start",
                made.printed("96.2%")["start"],
                "or end is empty although the document is held",
                "Count code points from 0.",
            )
        ],
    ),
    "spans_in_held_documents: offsets too far apart": Case(
        HELD,
        {**HELD, "observations": [made.printed("96.2%") | {"evidence": "96.2"}]},
        [
            Fault(
                "observations.csv",
                2,
                "end",
                made.printed("96.2%")["end"],
                "minus start is not the length of the evidence",
            )
        ],
    ),
    "spans_in_held_documents: a span beyond the end of the text": Case(
        HELD,
        {**HELD, "sources": [made.held_source(text_length="20")]},
        [
            Fault(
                "observations.csv",
                2,
                "end",
                made.printed("96.2%")["end"],
                "lies beyond the end of the document's text",
            )
        ],
    ),
    "spans_in_held_documents: a context of no figure": Case(
        {**HELD, "contexts": [YEAR]},
        {**HELD, "contexts": [YEAR, {**YEAR, "observation_id": "page.009"}]},
        [
            Fault("contexts.csv", 3, "observation_id", "page.009", "is neither a figure nor a contradiction"),
            Fault(
                "contexts.csv",
                3,
                "start",
                "2",
                "is given although no document is held",
                "Leave start and end empty.",
            ),
        ],
    ),
    "spans_in_held_documents: a context with offsets too far apart": Case(
        {**HELD, "contexts": [YEAR]},
        {**HELD, "contexts": [{**YEAR, "end": "8"}]},
        [Fault("contexts.csv", 2, "end", "8", "minus start is not the length of the evidence")],
    ),
    "sources_that_can_be_named: a held document without its length": Case(
        {"sources": [made.held_source()]},
        {"sources": [made.held_source("", text_length="")]},
        [
            Fault(
                "sources.csv",
                2,
                "text_sha256",
                made.held_source("")["text_sha256"],
                "must stand together with file_sha256 and text_length",
            )
        ],
    ),
    "sources_that_can_be_named: a page seen nowhere": Case(
        {"sources": [{"source_id": "page", "seen_on": "third_party_copy"}]},
        {"sources": [{"source_id": "page", "seen_on": ""}]},
        [Fault("sources.csv", 2, "seen_on", "", "is empty although no document is held")],
    ),
    "extensions_where_they_belong: a target without its row": Case(
        {"observations": [A_TARGET], "targets": [TARGETS]},
        {"observations": [A_TARGET]},
        [Fault("observations.csv", 2, "observation_id", "page.001", "has no row in targets.csv")],
    ),
    "extensions_where_they_belong: a row for what is no target": Case(
        {"observations": [A_TARGET], "targets": [TARGETS]},
        {"observations": [{}], "targets": [TARGETS]},
        [Fault("targets.csv", 2, "observation_id", "page.001", "is no figure whose status is target")],
    ),
    "extensions_where_they_belong: a baseline that is not there": Case(
        {"observations": [A_TARGET, {}], "targets": [{**TARGETS, "baseline_observation_id": "page.002"}]},
        {"observations": [A_TARGET, {}], "targets": [{**TARGETS, "baseline_observation_id": "page.003"}]},
        [Fault("targets.csv", 2, "baseline_observation_id", "page.003", LOST)],
    ),
    "extensions_where_they_belong: a change without its row": Case(
        {"observations": [A_CHANGE], "changes": CHANGES},
        {"observations": [A_CHANGE]},
        [Fault("observations.csv", 2, "observation_id", "page.001", "has no row in changes.csv")],
    ),
    "extensions_where_they_belong: a benchmark's rank without its row": Case(
        {"benchmarks": [A_RANK], "ranks": [{"observation_id": "bench.001", "rank_among": "china"}]},
        {"benchmarks": [A_RANK]},
        [Fault("benchmarks.csv", 2, "observation_id", "bench.001", "has no row in ranks.csv")],
    ),
    "places_that_are_known: a rank among unknown places": Case(
        {"observations": [A_RANK], "ranks": [{**FIRST, "rank_among": "province"}]},
        {"observations": [A_RANK], "ranks": [{**FIRST, "rank_among": "europe"}]},
        [Fault("ranks.csv", 2, "rank_among", "europe", NOWHERE)],
    ),
    "places_that_are_known: a benchmark of a city": Case(
        {"benchmarks": [{"place_id": "province"}]},
        {"benchmarks": [{"place_id": "alpha"}]},
        [Fault("benchmarks.csv", 2, "place_id", "alpha", NOWHERE)],
    ),
    "repetitions_of_the_first: a repetition of a repetition": Case(
        {"observations": [{}, {"repeats": "page.001"}, {"repeats": "page.001"}]},
        {"observations": [{}, {"repeats": "page.001"}, {"repeats": "page.002"}]},
        [Fault("observations.csv", 4, "repeats", "page.002", "names a row that is itself a repetition")],
    ),
    "repetitions_of_the_first: a repetition in another place": Case(
        {"observations": [{}, {"repeats": "page.001"}]},
        {"observations": [{}, {"repeats": "page.001", "city_id": "beta"}]},
        [Fault("observations.csv", 3, "repeats", "page.001", "names a row with another city_id")],
    ),
    "repetitions_of_the_first: a benchmark's repetition of another indicator": Case(
        {"benchmarks": [{}, {"repeats": "bench.001"}]},
        {"benchmarks": [{}, {"repeats": "bench.001", "indicator_id": "cover"}]},
        [Fault("benchmarks.csv", 3, "repeats", "bench.001", "names a row with another indicator_id")],
    ),
    "definitions_of_their_indicator: an indicator that is not there": Case(
        {"definitions": OF_TWO},
        {"definitions": [{"definition_version": "version_1", "indicator_id": "ratio,days"}]},
        [Fault("definitions.csv", 2, "indicator_id", "ratio,days", LOST, "Separate by semicolons.")],
    ),
    "definitions_of_their_indicator: a definition of another indicator": Case(
        {"definitions": OF_TWO, "observations": [{}]},
        {"definitions": OF_TWO, "observations": [{"indicator_id": "cover"}]},
        [Fault("observations.csv", 2, "definition_version", "version_1", "does not define the row's indicator")],
    ),
    "attributes_that_exist: an attribute that no figure has": Case(
        {"indicators": [{"indicator_id": "ratio", "comparable_on": "network;denominator"}]},
        {"indicators": [{"indicator_id": "ratio", "comparable_on": "network;weather"}]},
        [
            Fault(
                "indicators.csv",
                2,
                "comparable_on",
                "network;weather",
                "names something that is no attribute",
                "Any of definition_version, network, adjustment, denominator, separated by semicolons.",
            )
        ],
    ),
    "attributes_that_exist: an indicator in an unknown unit": Case(
        {"indicators": [{"indicator_id": "ratio", "unit": "km2"}]},
        {"indicators": [{"indicator_id": "ratio", "unit": "furlong"}]},
        [Fault("indicators.csv", 2, "unit", "furlong", "is no unit known here", "units.py lists the units.")],
    ),
    "one_name_for_everything: a benchmark with the name of an observation": Case(
        {"observations": [{}], "benchmarks": [{}]},
        {"observations": [{}], "benchmarks": [FIRST]},
        [Fault("benchmarks.csv", 2, "observation_id", "page.001", "is the identifier of a row in another table too")],
    ),
    "instruments_that_are_coded: an instrument without its legal force": Case(
        {"policies": [{}]},
        {"policies": [{"legal_force": ""}]},
        [
            Fault(
                "policies.csv",
                2,
                "legal_force",
                "",
                "is empty although it is an instrument",
                "docs/policies.md has a rule and an example for each code.",
            )
        ],
    ),
    "links_that_lead_somewhere: a project with the figure of nobody": Case(
        {"observations": [{}], "projects": [{"quantities": "page.001"}]},
        {"observations": [{}], "projects": [{"quantities": "page.002"}]},
        [
            Fault(
                "projects.csv",
                2,
                "quantities",
                "page.002",
                "names something that is not a figure",
                "Separate by semicolons.",
            )
        ],
    ),
    "identities_that_can_be_checked: a figure that is not there": Case(
        {"observations": [{}, {}], "identities": [SAME]},
        {"observations": [{}], "identities": [SAME]},
        [
            Fault(
                "identities.csv",
                2,
                "terms",
                SAME["terms"],
                "name page.002, which is not there",
                "Figures are named by observation_id, lists by list_id.",
            )
        ],
    ),
    "frameworks_that_make_an_index: weights that do not sum to one": of_frameworks(
        {}, {"weight": "0.4"}, "weight", "0.4", "the weights sum to 0.9, not to exactly 1",
        "Thirds are written 0.333, 0.333 and 0.334.",
    ),
    "frameworks_that_make_an_index: an indicator without a better direction": of_frameworks(
        {}, {"indicator_id": "cover"}, "indicator_id", "cover",
        "more of cover is neither better nor worse (direction 0)",
        "An index takes indicators whose direction is 1 or -1; leave this one out.",
    ),
    "frameworks_that_make_an_index: two indicators of one quantity": of_frameworks(
        {}, {"indicator_id": "days"}, "indicator_id", "days",
        "ratio and days measure one quantity (shared), which would count twice", "Keep one of them.",
    ),
    "counts_of_monitoring: a count outside its interval": of_monitored(
        {"days_at_most_100_low": "349"}, {"days_at_most_100_low": "351"},
        "days_at_most_100", "350", "lies outside its own interval",
    ),
    "counts_of_monitoring: days that do not add up": of_monitored(
        {}, {"days_above_100": "14"}, "valid_days", "365", "is not the sum of its days",
        "Days at most 100 and days above 100 are the valid days.",
    ),
    "counts_of_monitoring: more valid days than the year has": of_monitored(
        {"days_in_year": "366"}, {"valid_days": "366", "days_above_100": "16"},
        "valid_days", "366", "is more than the days of the year",
    ),
    "counts_of_monitoring: an annual value of a part of a year": of_monitored(
        {"annual": "too_few_days", "good_days": "", "good_day_ratio": ""},
        {"annual": "too_few_days", "good_day_ratio": ""},
        "good_days", "350", "and annual do not agree",
        "A year with too few valid days has counts of days and no annual value.",
    ),
    "counts_of_monitoring: an official source": of_monitored(
        {}, {"source_id": "page"}, "source_id", "page", "names a source of another tier",
        "Counts from monitoring files are never official.",
    ),
}  # fmt: skip

NOT_ALLOWED = "is not one of the values allowed"
IDENTIFIER = "Stable identifier: the source's id, a full stop, three digits. Never reused."
OFFSET = "First character of the evidence in the document's text (code points from 0); empty when no document is held."
ROLES = "One of: label, unit, period, scope, place, column_head, row_head, baseline, contrast."
COLUMN_CASES = {
    "an empty cell": of_observations(
        {}, {"source_id": ""}, "source_id", "", "is empty", "This column always has a value."
    ),
    "a value that is not allowed": of_observations(
        {"status": "forecast"}, {"status": "seen"}, "status", "seen", NOT_ALLOWED, "One of: observed, target, forecast."
    ),
    "a value in another form": of_observations(
        FIRST, {"observation_id": "Page 1"}, "observation_id", "Page 1", "has not the form asked for", IDENTIFIER
    ),
    "a decimal comma": of_observations(
        {"value": "97.4"},
        {"value": "97,4"},
        "value", "97,4", "has not the form asked for",
        "The number in ASCII digits with every printed digit; a range as low-high; empty when only words are printed.",
    ),
    "full-width digits": of_observations(
        {"value": "96.2"},
        {"value": "９６.2"},
        "value", "９６.2", "has not the form asked for",
        "The number in ASCII digits with every printed digit; a range as low-high; empty when only words are printed.",
    ),
    "evidence of 61 characters": of_observations(
        {"evidence": "林" * 60},
        {"evidence": "林" * 61},
        "evidence", "林" * 61, "is longer than 60 characters", "The shortest span that holds the value, as printed.",
    ),
    "an offset below zero": of_observations(
        {}, {"start": "-1"}, "start", "-1", "is less than 0", OFFSET
    ),
    "an offset with a fraction": of_observations(
        {}, {"start": "1.0"}, "start", "1.0", "is not a whole number", "Write digits only."
    ),
    "an offset no computer counts to": of_observations(
        {}, {"start": "9" * 30}, "start", "9" * 30, "is not a whole number", "Write digits only."
    ),
    "a limit that is no number": Case(
        {"indicators": [{"indicator_id": "ratio", "valid_min": "8413.96"}]},
        {"indicators": [{"indicator_id": "ratio", "valid_min": "8 413.96"}]},
        [
            Fault(
                "indicators.csv",
                2,
                "valid_min",
                "8 413.96",
                "is not a number",
                "A decimal point is written as a full stop and nothing stands between thousands: 8413.96.",
            )
        ],
    ),
    "a day that does not exist": Case(
        {"coverage": [{"searched_on": "2026-03-01"}]},
        {"coverage": [{"searched_on": "2026-02-30"}]},
        [
            Fault(
                "coverage.csv",
                2,
                "searched_on",
                "2026-02-30",
                "is not a date",
                "Write year, month and day as 2026-03-01.",
            )
        ],
    ),
    "a role that no context has": Case(
        {**HELD, "contexts": [YEAR]},
        {**HELD, "contexts": [{**YEAR, "role": "year"}]},
        [Fault("contexts.csv", 2, "role", "year", NOT_ALLOWED, ROLES)],
    ),
    "a key that stands twice": Case(
        {"observations": [{}, {}]},
        {"observations": [{}, {}, FIRST]},
        [
            Fault(
                "observations.csv",
                4,
                "observation_id",
                "page.001",
                "stands in an earlier row too",
                "An identifier names one row.",
            )
        ],
    ),
    "a key of several columns that stands twice": Case(
        {"coverage": [{}, {"city_id": "beta"}]},
        {"coverage": [{}, {"city_id": "beta"}, {}]},
        [
            Fault(
                "coverage.csv",
                4,
                "city_id, source_id, indicator_id",
                "alpha, page, ratio",
                "stands in an earlier row too",
                "An identifier names one row.",
            )
        ],
    ),
    "a key of another table that is not there": of_observations(
        {"city_id": "beta"}, {"city_id": "omega"}, "city_id", "omega", LOST, "cities.csv has no such city_id."
    ),
    "a key of the same table that is not there": Case(
        {"definitions": [{"definition_version": "version_1"}]},
        {"definitions": [{"definition_version": "version_1", "successor": "version_3"}]},
        [
            Fault(
                "definitions.csv",
                2,
                "successor",
                "version_3",
                LOST,
                "definitions.csv has no such definition_version.",
            )
        ],
    ),
}  # fmt: skip


def broken_rules(tables: Tables) -> list[Fault]:
    """What the rules of the field say of these tables."""
    columns = made.columns(**tables)
    return sorted(fault for rule in RULES for fault in rule(columns))


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_rule_of_the_field_passes_and_fails_where_it_should(case: Case) -> None:
    assert broken_rules(case.passing) == []
    assert broken_rules(case.failing) == case.faults


@pytest.mark.parametrize("case", COLUMN_CASES.values(), ids=COLUMN_CASES)
def test_a_rule_of_the_schema_passes_and_fails_where_it_should(case: Case, tmp_path: Path) -> None:
    assert datapackage.examine(made.write(tmp_path / "passing", **case.passing))[1] == []
    assert datapackage.examine(made.write(tmp_path / "failing", **case.failing))[1] == case.faults


def test_every_rule_of_the_field_has_a_case() -> None:
    assert {name.partition(":")[0] for name in CASES} == {rule.__name__ for rule in RULES}


# Files


def after(folder: Path, change: Callable[[bytes], bytes], table: str = "observations") -> list[Fault]:
    """The faults of a package with two observations after the bytes of one of its files were changed."""
    path = made.write(folder, observations=[{}, {}]) / f"{table}.csv"
    path.write_bytes(change(path.read_bytes()))
    return datapackage.examine(folder)[1]


def line(number: int, change: Callable[[bytes], bytes]) -> Callable[[bytes], bytes]:
    """A change of one line of a file, counted as a spreadsheet counts rows."""

    def changed(content: bytes) -> bytes:
        lines = content.split(b"\n")
        return b"\n".join([*lines[: number - 1], change(lines[number - 1]), *lines[number:]])

    return changed


def header() -> str:
    """What is said of a header that is not as it should be."""
    columns = [*made.package()["observations"]]
    return f"The header reads {','.join(columns)}"


def test_a_table_is_read_with_or_without_a_byte_order_mark_and_with_either_line_end(tmp_path: Path) -> None:
    assert after(tmp_path / "plain", lambda content: content) == []
    assert after(tmp_path / "bom", lambda content: b"\xef\xbb\xbf" + content) == []
    assert after(tmp_path / "windows", lambda content: content.replace(b"\n", b"\r\n")) == []


def test_a_table_in_another_encoding_is_named(tmp_path: Path) -> None:
    (fault,) = after(tmp_path, lambda content: content.decode().encode("gb18030"), "cities")
    assert (fault.file, fault.row) == ("cities.csv", None)
    assert fault.rule.startswith("is not UTF-8 (byte ")
    assert fault.hint == "Save the table as UTF-8 (in a spreadsheet: CSV UTF-8)."


def test_a_missing_table_is_named(tmp_path: Path) -> None:
    made.write(tmp_path)
    (tmp_path / "coverage.csv").unlink()
    hint = "datapackage.json lists it; an empty table has its header."
    assert datapackage.examine(tmp_path)[1] == [Fault("coverage.csv", None, "", "", "is missing", hint)]


def test_an_empty_file_has_no_header(tmp_path: Path) -> None:
    assert after(tmp_path, lambda _: b"") == [
        Fault("observations.csv", None, "", "", "has no header", header())
    ]


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    found = after(
        tmp_path, lambda content: content.replace(b"network,", b"", 1).replace(b"state_urban_sites,", b"")
    )
    assert found == [Fault("observations.csv", 1, "network", "", "is a missing column", header())]


def test_an_extra_column_is_named(tmp_path: Path) -> None:
    found = after(tmp_path, lambda content: b"\n".join(row + b",x" for row in content.splitlines()))
    assert found == [Fault("observations.csv", 1, "x", "", "is no column of this table", header())]


def test_a_misspelt_column_is_both_missing_and_extra(tmp_path: Path) -> None:
    found = after(tmp_path, line(1, lambda head: head.replace(b"network", b"netwrok")))
    assert [(fault.column, fault.rule) for fault in found] == [
        ("network", "is a missing column"),
        ("netwrok", "is no column of this table"),
    ]


def test_a_column_that_stands_twice_is_named(tmp_path: Path) -> None:
    found = after(tmp_path, lambda content: b"\n".join(row + b",network" for row in content.splitlines()))
    assert found == [Fault("observations.csv", 1, "network", "", "names two columns", header())]


@pytest.mark.parametrize(
    ("row", "change", "rule"),
    [
        (2, lambda cells: cells + b",one too many", "has 28 cells, the header 27"),
        (3, lambda cells: cells + b",one too many", "has 28 cells, the header 27"),
        (3, lambda cells: cells.removesuffix(b","), "has 26 cells, the header 27"),
        (2, lambda cells: b"\n" + cells, "has 0 cells, the header 27"),
    ],
    ids=["first row too long", "last row too long", "row too short", "blank row"],
)
def test_a_row_of_another_length_is_named(
    row: int, change: Callable[[bytes], bytes], rule: str, tmp_path: Path
) -> None:
    (fault,) = after(tmp_path, line(row, change))
    assert (fault.file, fault.row, fault.rule) == ("observations.csv", row, rule)
    assert "a cell that holds a comma, a quotation mark or a line break is quoted" in fault.hint


def test_a_quotation_mark_without_its_second_is_named(tmp_path: Path) -> None:
    (fault,) = after(tmp_path, line(2, lambda cells: b'"' + cells))
    assert (fault.file, fault.row) == ("observations.csv", None)
    assert fault.rule.startswith("is no well-formed CSV")


def test_a_line_break_inside_a_cell_makes_no_new_row(tmp_path: Path) -> None:
    broken = {"note_en": 'two\nlines, "quoted"'}
    folder = made.write(tmp_path, observations=[broken, {"status": "seen"}])
    assert [(fault.row, fault.column) for fault in datapackage.examine(folder)[1]] == [(3, "status")]


def test_a_schema_that_is_no_json_is_named(tmp_path: Path) -> None:
    made.write(tmp_path)
    (tmp_path / "datapackage.json").write_text("{", encoding="utf-8")
    (fault,) = datapackage.examine(tmp_path)[1]
    assert fault.file == "datapackage.json"
    assert fault.rule.startswith("is no JSON")


# All together


def test_every_fault_is_found_at_once(tmp_path: Path) -> None:
    made.write(
        tmp_path,
        observations=[{"value": "97,4", "status": "seen"}, {}, {"network": ""}],
        sources=[{"source_id": "page", "tier": "best"}],
        coverage=[{"searched_on": "yesterday"}],
    )
    (tmp_path / "ranks.csv").unlink()
    found = datapackage.examine(tmp_path)[1]
    assert [(fault.file, fault.row, fault.column) for fault in found] == [
        ("coverage.csv", 2, "searched_on"),
        ("observations.csv", 2, "status"),
        ("observations.csv", 2, "value"),
        ("observations.csv", 4, "network"),
        ("ranks.csv", None, ""),
        ("sources.csv", 2, "tier"),
    ]


def test_every_row_that_breaks_a_rule_is_found(tmp_path: Path) -> None:
    folder = made.write(
        tmp_path, observations=[{"value": "120"}, {}, {"value": "120"}, {"period": "2022-13"}]
    )
    assert [(fault.row, fault.column) for fault in datapackage.examine(folder)[1]] == [
        (2, "value"),
        (4, "value"),
        (5, "period"),
    ]


def test_loading_lists_all_faults_as_a_person_reads_them(tmp_path: Path) -> None:
    folder = made.write(tmp_path, observations=[{"value": "97,4"}, {"status": "seen"}])
    with pytest.raises(DataFaults) as raised:
        datapackage.load(folder)
    assert len(raised.value.faults) == 2
    assert 'observations.csv row 2, column value: "97,4" has not the form asked for.\n  ' in str(raised.value)
    assert (
        'observations.csv row 3, column status: "seen" is not one of the values allowed.\n'
        "  One of: observed, target, forecast." in str(raised.value)
    )


def test_a_fault_of_a_whole_file_names_neither_row_nor_value() -> None:
    assert str(Fault("ranks.csv", None, "", "", "is missing")) == "ranks.csv: is missing."
