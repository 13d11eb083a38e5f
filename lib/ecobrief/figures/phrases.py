"""How one figure is put into words: its value, interval, period, scope, definition and source."""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import cache
from typing import Any

from babel.numbers import format_decimal

from ecobrief import units
from ecobrief.compare import absence
from ecobrief.compare.absence import document_name
from ecobrief.compare.comparability import WHOLE_PLACE
from ecobrief.datapackage import DataPackage
from ecobrief.figures import labels
from ecobrief.wording import Lang, Message, amounts, joined, locale, msg, say, term
from ecobrief.wording import period as period_text
from ecobrief.wording.amounts import Label

NOT_APPLICABLE = "not_applicable"


def strung(parts: Iterable[Any], lang: Lang) -> str:
    """Remarks one after the other on one line; empty ones and the stops between them are left out."""
    said = [text for part in parts if part and (text := say(part, lang))]
    if len(said) < 2:
        return said[0] if said else ""
    *others, last = said
    return say(msg("; "), lang).join([*(text.rstrip("。.") for text in others), last])


def sentences(parts: Iterable[Any], lang: Lang) -> str:
    """Whole sentences one after the other."""
    return ("" if lang == "zh" else " ").join(say(part, lang) for part in parts)


@cache
def unit(printed: str, lang: Lang) -> str:
    """A unit as readers of `lang` write it; as printed where the catalogue has no name for it."""
    return say(amounts.unit(printed), lang)


def value(figure: Any, lang: Lang) -> str:
    """The printed digits with unit and qualifier, or the printed words: 97.4%, about 910.38 ha, 「达到一级标准」."""
    return _value(figure.value, figure.unit, figure.qualifier, figure.value_text, lang)


@cache
def _value(number: str, printed_unit: str, qualifier: str, words: str, lang: Lang) -> str:
    if not number:
        return say(msg("“{words}”", words=words), lang)
    return say(amounts.amount(number, printed_unit, qualifier), lang)


def converted(reading: Any, lang: Lang) -> str:
    """The value in the indicator's own unit, no finer than its interval; empty where that says nothing new."""
    if not reading.value or math.isinf(reading.low) or math.isinf(reading.high):
        return ""
    if unit(reading.unit, lang) == unit(reading.canonical_unit, lang):
        return ""
    width = reading.high - reading.low
    if width == 0:
        return ""
    return f"{number(reading.canonical_value, _decimals(width), lang)} {unit(reading.canonical_unit, lang)}"


@cache
def interval(low: float, high: float, lang: Lang) -> str:
    """Both ends of what the digits may stand for, rounded outward; empty for an exact count."""
    if math.isnan(low) or low == high:
        return ""
    if math.isinf(high):
        return f"≥ {number(low, 2, lang)}"
    if math.isinf(low):
        return f"≤ {number(high, 2, lang)}"
    most_decimals = _decimals(high - low) + 1
    exact = (n for n in range(most_decimals) if all(math.isclose(round(end, n), end) for end in (low, high)))
    decimals = next(exact, most_decimals)
    scale = 10**decimals
    # Outward, so that no value that is allowed lies outside; the noise of binary fractions is no value.
    ends = math.floor(round(low * scale, 6)) / scale, math.ceil(round(high * scale, 6)) / scale
    pattern = "#,##0." + "0" * decimals if decimals else "#,##0"
    least, most = (_formatted(end, pattern, lang) for end in ends)
    return say(msg("{least} to {most}", least=least, most=most), lang) if low < 0 else f"{least}–{most}"


def change(point: float, ends: tuple[float, float], printed_unit: str, decimals: int, lang: Lang) -> str:
    """A computed difference with its sign, of shares in percentage points, and what the digits allow: +2.45 km² (2.4–2.5)."""
    name = unit("percentage_point" if units.is_share(printed_unit) else printed_unit, lang)
    digits = number(point, decimals, lang)
    shown = say(msg("{digits} {unit}", digits=digits if point <= 0 else f"+{digits}", unit=name), lang)
    allowed = interval(*ends, lang)
    return bracketed(shown, allowed, lang) if allowed else shown


def change_or_rank(package: DataPackage, figure: Any, lang: Lang) -> str:
    """A printed rank with those it is among, a printed change with the year it is against: place 3 of 14 in Liaoning."""
    if figure.measure == "rank":
        rank = package.record("ranks", figure.observation_id)
        among = place(package, rank.rank_among, lang)
        if not figure.value:
            return value(figure, lang)
        if rank.rank_n is None:
            return say(msg("place {rank} in {among}", rank=figure.value, among=among), lang)
        return say(msg("place {rank} of {n} in {among}", rank=figure.value, n=rank.rank_n, among=among), lang)
    change = package.record("changes", figure.observation_id)
    year, amount = when(change.compared_with, lang), value(figure, lang)
    if figure.value.startswith("-"):
        return say(msg("down {value} on {year}", value=amount.removeprefix("-"), year=year), lang)
    return say(msg("up {value} on {year}", value=amount, year=year), lang)


@cache
def number(amount: float, decimals: int, lang: Lang) -> str:
    """A computed number (never a printed one) with at most so many decimals."""
    return _formatted(round(amount, decimals), "#,##0." + "#" * decimals if decimals > 0 else "#,##0", lang)


def _formatted(amount: float, pattern: str, lang: Lang) -> str:
    return str(format_decimal(amount, pattern, locale=locale(lang))).replace("-", "−")


def _decimals(width: float) -> int:
    """Decimals that show a difference of `width`."""
    return max(0, -math.floor(math.log10(width)))


def bracketed(text: str, remark: str, lang: Lang) -> str:
    return say(msg("{what} ({remark})", what=text, remark=remark), lang)


def dated(figure: Any, lang: Lang) -> str:
    """Value and period: 76.31% (2020)."""
    return bracketed(value(figure, lang), year_of(figure, lang), lang)


def year_of(figure: Any, lang: Lang) -> str:
    """The period of a figure, with a word where it is inferred."""
    period = when(figure.period, lang)
    if figure.period_basis != "inferred":
        return period
    return say(msg("{period}, inferred", period=period), lang)


@cache
def when(period: str, lang: Lang) -> str:
    return period_text(period, lang) or say(msg("year not stated"), lang)


def scope(package: DataPackage, figure: Any, lang: Lang) -> str:
    """What the value covers: the part of the place, the printed scope, the network and the adjustment."""
    covered = figure.place, figure.scope_printed, figure.network, figure.adjustment
    return package.kept(("scope", *covered, lang), lambda: _scope(package, *covered, lang))


def _scope(
    package: DataPackage, part: str, scope_printed: str, network: str, adjustment: str, lang: Lang
) -> str:
    parts: list[Any] = []
    if part != WHOLE_PLACE:
        parts.append(msg("{part} only", part=package.name(part)))
    if scope_printed and scope_printed != part:
        parts.append(package.name(scope_printed))
    parts += [labels.NETWORKS[network], labels.ADJUSTMENTS[adjustment]]
    return strung(parts, lang)


def set_apart(figure: Any, lang: Lang) -> str:
    """The adjustment that makes a figure another quantity than the plain one; empty where nothing was taken out."""
    return "" if figure.adjustment == "raw" else say(labels.ADJUSTMENTS[figure.adjustment], lang)


def definition(package: DataPackage, figure: Any, lang: Lang) -> str:
    """The short name of the definition version; empty where an indicator has no versions."""
    version = figure.definition_version
    if version == NOT_APPLICABLE:
        return ""
    return _term(package, "definitions", version, "name", lang)


def indicator(package: DataPackage, indicator_id: str, lang: Lang) -> str:
    return _term(package, "indicators", indicator_id, "name", lang)


def _term(package: DataPackage, table: str, key: str, stem: str, lang: Lang) -> str:
    return package.kept((table, key, stem, lang), lambda: say(term(package.record(table, key), stem), lang))


def family(package: DataPackage, indicator_id: str) -> str:
    """The family of an indicator."""
    return package.kept(("family", indicator_id), lambda: package.record("indicators", indicator_id).family)


def missing(package: DataPackage, place_id: str, indicator_id: str) -> Message:
    """Why there is no figure, in as few words; `compare.absence` has the reason."""
    return labels.ABSENCES[absence(package, place_id, indicator_id)[0]]


def place(package: DataPackage, place_id: str, lang: Lang) -> str:
    return package.kept(("place", place_id, lang), lambda: say(package.place_name(place_id), lang))


def is_city(package: DataPackage, place_id: str) -> bool:
    """Whether a place is a city, and no province or country."""
    return package.kept(("is city", place_id), lambda: package.is_city(place_id))


def name(package: DataPackage, printed: str, lang: Lang) -> str:
    """A place, group or department that is printed in Chinese, as readers of `lang` know it."""
    return package.kept(("name", printed, lang), lambda: say(package.name(printed), lang)) if printed else ""


def document(package: DataPackage, source_id: str, lang: Lang) -> str:
    """The source's name with its year of publication."""
    return package.kept(
        ("document", source_id, lang), lambda: say(document_name(package.record("sources", source_id)), lang)
    )


def source_note(package: DataPackage, figure: Any, lang: Lang) -> str:
    """What a reader of any figure of its source has to know."""
    return _term(package, "sources", figure.source_id, "note", lang)


def source(package: DataPackage, figure: Any, lang: Lang) -> str:
    """Document and kind of source, with a word on third-party copies."""
    return package.kept(("source", figure.source_id, lang), lambda: _source(package, figure.source_id, lang))


def _source(package: DataPackage, source_id: str, lang: Lang) -> str:
    row = package.record("sources", source_id)
    kind: list[Label] = [labels.TIERS[row.tier]]
    if row.seen_on == "third_party_copy":
        kind.append(labels.SEEN_ON["third_party_copy"])
    return say(
        msg("{document}, {kind}", document=document(package, row.source_id, lang), kind=joined(kind)),
        lang,
    )


def data_version(package: DataPackage, lang: Lang) -> str:
    text = msg(
        "Data version {version}; sources entered up to {day}.",
        version=package.version,
        day=period_text(package.cut_off, lang),
    )
    return say(text, lang)
