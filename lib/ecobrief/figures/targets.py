"""Targets as printed, with their distance, the pace so far and needed, and whether they are on track."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from ecobrief.compare.targets import Answer, Course, Progress, progress
from ecobrief.datapackage import DataPackage, own_unit
from ecobrief.figures import display, labels, phrases
from ecobrief.figures.display import Display
from ecobrief.figures.rows import Row, columns_of, trimmed
from ecobrief.interval import Meaning
from ecobrief.wording import Lang, Message, joined, msg, nmsg, say

TARGET_COLUMNS = {
    "city": msg("City"),
    "indicator": msg("Indicator"),
    "value": msg("Target as printed"),
    "period": msg("Year"),
    "type": msg("Binding or anticipatory; form"),
    "baseline": msg("Baseline printed with it"),
    "distance": msg("From baseline to target"),
    "later": msg("Reading after the baseline"),
    "pace_so_far": msg("A year so far"),
    "pace": msg("Needed in each year left"),
    "course": msg("On track"),
}
COURSES: dict[Course, Message] = {
    "reached": msg("reached"),
    "missed": msg("not reached"),
    "on_track": msg("yes: the pace so far, kept up, reaches it"),
    "behind": msg("no: the pace so far does not reach it"),
    "digits_do_not_tell": msg("the printed digits do not tell"),
}


WHY_NO_PACE: dict[Answer, Message] = {
    "in_words": msg("in words, so no pace"),
    "cumulative": msg("cumulative, so no pace"),
    "maintain": msg("to be kept, so no pace"),
    "no_baseline": msg("no later reading"),
    "no_later_reading": msg("no later reading"),
}


def summary(
    package: DataPackage, places: Sequence[str], families: Sequence[str] | None, lang: Lang
) -> Display:
    """Of how many targets of these families (None for all) it can be said whether they are on track, and why not of the
    others."""
    found = _wanted(package, places, families)
    forms = Counter(one.target_form for one in found)
    parts: list[Message] = [
        nmsg(
            "{count} target: {words} in words only, {cumulative} cumulative, {kept} to be kept.",
            "{count} targets: {words} in words only, {cumulative} cumulative, {kept} to be kept.",
            len(found),
            words=forms["qualitative"],
            cumulative=forms["cumulative"],
            kept=forms["maintain"],
        )
    ]
    asked = sum(one.answer == "pace" for one in found)
    if asked:
        text = msg("Of {count} it can be asked whether they are on track.", count=asked)
        parts.append(text)
    else:
        parts.append(
            msg(
                "For none is there a later reading under the same stated definition, so that of none can it be said whether it "
                "is on track."
            )
        )
    return display.sentence(phrases.sentences(parts, lang) if found else _none(lang), lang=lang)


def targets(
    package: DataPackage, places: Sequence[str], families: Sequence[str] | None, lang: Lang
) -> Display:
    """Targets of these families (None for all) at their first place of print, each with its baseline, its distance and the
    last reading after it.

    The amounts that a project is to bring about stand with the project.
    """
    wanted = _wanted(package, places, families)
    if not wanted:
        return display.sentence(_none(lang), lang=lang)
    order = package.codes("indicators", "family")
    wanted = sorted(
        wanted,
        key=lambda one: (
            places.index(one.target.place_id),
            order.index(phrases.family(package, one.target.indicator_id)),
            one.target.indicator_id,
            one.target.place,
            one.target.period,
        ),
    )
    columns = columns_of(TARGET_COLUMNS, lang, ["value"])
    rows = [_row(package, one, lang) for one in wanted]
    if all(one.later is None for one in wanted):
        # The summary says so once for all of them.
        rows = [replace(row, cells={**row.cells, "later": ""}) for row in rows]
    columns, rows = trimmed(columns, rows, ["indicator", "value", "period"])
    return display.table(say(msg("Targets as printed"), lang), columns, rows, lang=lang)


def _wanted(package: DataPackage, places: Sequence[str], families: Sequence[str] | None) -> list[Progress]:
    """The targets of these families but for the amounts that a project is to bring about."""

    def found() -> list[Progress]:
        projects = package.records("projects", city_id=places)
        of_projects = {name for row in projects for name in row.quantities.split(";")}
        return [
            one
            for one in progress(package, places)
            if (families is None or phrases.family(package, one.target.indicator_id) in families)
            and one.target.observation_id not in of_projects
        ]

    return package.kept(("targets", tuple(places), families and tuple(families)), found)


def _none(lang: Lang) -> str:
    return say(msg("No target is printed, apart from the amounts of projects."), lang)


def _row(package: DataPackage, one: Progress, lang: Lang) -> Row:
    target, baseline, later = one.target, one.baseline, one.later
    cells = {
        "city": phrases.place(package, target.place_id, lang),
        "indicator": _what(package, one, lang),
        "value": phrases.value(target, lang),
        "period": phrases.when(target.period, lang),
        "type": phrases.strung(
            [labels.TARGET_TYPES[one.target_type], labels.TARGET_FORMS[one.target_form]], lang
        ),
        "baseline": phrases.dated(baseline, lang) if baseline is not None else say(msg("none printed"), lang),
        "distance": _amount(one.distance, own_unit(target), lang),
        "later": phrases.dated(later, lang) if later is not None else say(WHY_NO_PACE[one.answer], lang),
        "pace_so_far": _amount(one.pace_so_far, own_unit(target), lang),
        "pace": _amount(one.pace, own_unit(target), lang),
        "course": _course(one, lang),
    }
    doors = {"value": (target.observation_id,)}
    for column, reading in (("baseline", baseline), ("later", later)):
        if reading is not None:
            doors[column] = (reading.observation_id,)
    ids = tuple(dict.fromkeys(name for (name,) in doors.values()))
    return Row(cells, ids, doors=doors, key=f"target.{target.observation_id}")


def _course(one: Progress, lang: Lang) -> str:
    if one.course is None:
        return ""
    course = say(COURSES[one.course], lang)
    return phrases.bracketed(course, say(joined(one.caveats), lang), lang) if one.caveats else course


def _what(package: DataPackage, one: Progress, lang: Lang) -> str:
    """The indicator, with the part of the place it is for."""
    name = phrases.indicator(package, one.target.indicator_id, lang)
    part = phrases.name(package, one.target.place, lang)
    return phrases.bracketed(name, part, lang) if part else name


def _amount(meaning: Meaning | None, unit: str, lang: Lang) -> str:
    """A computed difference in the target's unit, with what the digits allow."""
    if meaning is None:
        return ""
    ends = float(meaning.fine.low), float(meaning.fine.high)
    return phrases.change(float(meaning.point), ends, unit, 4, lang)
