"""Reported days beside days counted from monitoring files, always marked as unreviewed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ecobrief.compare.monitored import Beside, beside_monitored
from ecobrief.datapackage import DataPackage
from ecobrief.figures import display, phrases
from ecobrief.figures.display import Display
from ecobrief.figures.rows import Row, columns_of, trimmed
from ecobrief.wording import Lang, Message, joined, msg, nmsg, say
from ecobrief.wording.amounts import Label

MONITORED_COLUMNS = {
    "city": msg("City"),
    "year": msg("Year"),
    "why": msg("Comparable?"),
    "reported": msg("Reported"),
    "counted": msg("Counted (unreviewed)"),
    "difference": msg("Counted less reported"),
    "valid": msg("Valid days"),
    "what": msg("What was counted"),
}
METHODS: dict[str, Message] = {
    "station_hours": msg("station hours, by the standard"),
    "city_hours": msg("hours of the city, by the standard"),
    "station_days": msg("station days, by the standard"),
    "city_days": msg("days of the city, by the standard"),
    "mean_of_hourly_aqi": msg("days by the mean of hourly AQI"),
}
WHY_NOT: dict[str, Message] = {
    "other_definition": msg("no: another definition than the report's"),
    "too_few_days": msg("no: only a part of the year, so no annual value"),
    "short_month": msg("no: a month has too few valid days, so no annual value"),
    "other_index": msg("no: a daily mean of hourly AQI is not the daily AQI"),
    "no_report": msg("no figure is reported for this year"),
}


def beside_reported(package: DataPackage, places: Sequence[str], lang: Lang) -> Display:
    """Every year of these cities that has a reported or a counted value, and what the difference may come from."""
    rows = [_row(package, one, lang) for one in _beside(package, places) if one.counted is not None]
    if not rows:
        text = msg("There are no counts to set beside reports.")
        return display.sentence(say(text, lang), lang=lang)
    columns = columns_of(MONITORED_COLUMNS, lang, ["reported", "counted", "valid", "difference"])
    columns, rows = trimmed(columns, rows, ["year", "why", "reported", "counted", "valid"])
    title = say(msg("Days with AQI ≤ 100: reported, and counted from monitoring"), lang)
    caption = say(msg("In brackets: the counts that other readings of the archive give."), lang)
    return display.table(title, columns, rows, caption=caption, lang=lang)


def who_can_be_checked(package: DataPackage, places: Sequence[str], lang: Lang) -> Display:
    """For how many years a report can be set against monitoring, and which cities have no count at all."""
    found = _beside(package, places)
    years = sum(one.result == "difference" for one in found)
    counted = {one.city_id for one in found if one.counted is not None}
    parts: list[Label] = [
        nmsg(
            "In {count} year a reported figure and a complete count from monitoring stand together.",
            "In {count} years a reported figure and a complete count from monitoring stand together.",
            years,
        )
        if years
        else msg("In no year do a reported figure and a complete count from monitoring stand together.")
    ]
    without = [package.place_name(city) for city in places if city not in counted]
    if without:
        parts.append(
            msg(
                "No count is held for {cities}; stations of another city or of the province never stand for it.",
                cities=joined(without),
            )
        )
    ids = [one.counted.monitored_id for one in found if one.counted is not None]
    return display.sentence(phrases.sentences(parts, lang), tuple(ids), lang=lang)


def _beside(package: DataPackage, places: Sequence[str]) -> list[Beside]:
    return package.kept(("beside monitored", *places), lambda: beside_monitored(package, places))


def _row(package: DataPackage, one: Beside, lang: Lang) -> Row:
    reported, counted = one.reported, one.counted
    cells = {
        "city": phrases.place(package, one.city_id, lang),
        "year": phrases.when(str(one.year), lang),
        "reported": phrases.value(reported, lang) if reported is not None else say(msg("none held"), lang),
        "counted": days(counted, lang),
        "valid": f"{counted.valid_days} / {counted.days_in_year}",
        "what": say(METHODS[counted.method], lang),
        "difference": _difference(one, lang),
        "why": say(WHY_NOT[one.result], lang) if one.result != "difference" else _explained(one, lang),
    }
    doors = dict.fromkeys(("counted", "valid"), (counted.monitored_id,))
    if reported is not None:
        doors["reported"] = (reported.observation_id,)
    ids = tuple(dict.fromkeys(name for names in doors.values() for name in names))
    if one.result != "difference":
        return Row(cells, ids, doors=doors)
    return Row(cells, formula=f"{cells['counted']} − {cells['reported']}", inputs=ids, doors=doors)


def days(counted: Any, lang: Lang) -> str:
    """The count with its interval: 273 (267–274) days."""
    least, most = int(counted.days_at_most_100_low), int(counted.days_at_most_100_high)
    shown = say(nmsg("{count} day", "{count} days", int(counted.days_at_most_100)), lang)
    return shown if least == most else phrases.bracketed(shown, f"{least}–{most}", lang)


def _difference(one: Beside, lang: Lang) -> str:
    if one.low is None or one.high is None:
        return ""
    unit = "day" if one.reported.canonical_unit == "day" else "percentage_point"
    least, most = (phrases.number(end, 2, lang) for end in (one.low, one.high))
    digits = least if least == most else say(msg("{least} to {most}", least=least, most=most), lang)
    return say(msg("{digits} {unit}", digits=digits, unit=phrases.unit(unit, lang)), lang)


def _explained(one: Beside, lang: Lang) -> str:
    return say(msg("yes; it may come from: {reasons}", reasons=joined(one.explanations)), lang)
