"""What readers read, in Chinese and in English.

A rule says its sentence in English where the rule stands: `msg("no value for {city}", city=…)`. The Chinese of
that sentence is in `zh.po` beside this file, under the English text. A message stays untranslated until it is
shown: `say(message, "zh")`. Names that come from the tables travel as `Term`, which holds both languages.

Numbers of observations are never formatted here: they are shown with the digits they were printed with.
"""

from __future__ import annotations

import gettext
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Any, Literal, get_args

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

Lang = Literal["zh", "en"]
LANGS: tuple[Lang, ...] = get_args(Lang)


@dataclass(frozen=True)
class Term:
    """A name from the data package, in both languages."""

    zh: str
    en: str


@dataclass(frozen=True)
class Message:
    """A sentence with its values, not yet in any language; equal sentences are equal and hash alike."""

    text: str
    values: tuple[tuple[str, Any], ...] = ()
    plural: str = ""
    count: int = 1

    def __str__(self) -> str:
        return say(self, "en")


@dataclass(frozen=True)
class Joined:
    """Several messages shown as one enumeration (, and / 、和)."""

    parts: tuple[Any, ...]


def msg(text: str, **values: Any) -> Message:
    """A message; `{name}` in the text takes the value of that name, itself translated if it is a message."""
    return Message(text, tuple(values.items()))


def nmsg(text: str, plural: str, count: int, **values: Any) -> Message:
    """A message with an English singular and plural; `{count}` is the number."""
    return Message(text, (("count", count), *values.items()), plural, count)


def joined(parts: Iterable[Any]) -> Joined:
    return Joined(tuple(parts))


@cache
def locale(name: str) -> Locale:
    """What babel knows of a language; a name would be looked up anew for each text."""
    return Locale.parse(name)


@cache
def catalogue(lang: Lang) -> gettext.NullTranslations:
    """The translations of `lang`; English is the text itself."""
    if lang == "en":
        return gettext.NullTranslations()
    with resources.files(__package__).joinpath(f"{lang}.po").open("rb") as po:
        entries = read_po(po, locale=lang)
    compiled = io.BytesIO()
    write_mo(compiled, entries)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def warm() -> None:
    """Read ahead, for both languages, what is read as the first text, list, number or date is written."""
    for lang in LANGS:
        catalogue(lang)
        say(joined("ab"), lang)
        for point in ("2022-12", "2022-12-31"):
            period(point, lang)
        format_decimal(1.5, "#,##0.#", locale=locale(lang))


def say(what: Any, lang: Lang) -> str:
    """The text of a message, term, enumeration or plain value in `lang`."""
    # Not by patterns, which take several times as long: a page is said in thousands of parts.
    if isinstance(what, str):
        return what
    if isinstance(what, Message):
        book = catalogue(lang)
        pattern = (
            book.ngettext(what.text, what.plural, what.count) if what.plural else book.gettext(what.text)
        )
        if not what.values and "{" not in pattern:
            return pattern
        return pattern.format(**{name: say(value, lang) for name, value in what.values})
    if isinstance(what, Term):
        return what.zh if lang == "zh" else what.en
    if isinstance(what, Joined):
        if len(what.parts) == 1:
            return say(what.parts[0], lang)
        return format_list([say(part, lang) for part in what.parts], locale=locale(lang))
    return str(what)


def term(row: Any, stem: str) -> Term:
    """The pair of columns `<stem>_zh` and `<stem>_en` of a row: of its attributes if it is a tuple, else by subscript."""
    zh, en = f"{stem}_zh", f"{stem}_en"
    return Term(getattr(row, zh), getattr(row, en)) if isinstance(row, tuple) else Term(row[zh], row[en])


@cache
def period(value: str, lang: Lang) -> str:
    """A period as its readers write it: 2022年, 2016–2020, 31 December 2022; an empty one gives an empty text."""
    start, _, end = value.partition("/")
    shown = [_point(part, lang) for part in (start, end) if part]
    if lang == "zh" and len(shown) == 2 and len(start) == len(end) == 4:
        return f"{start}–{end}年"
    return "–".join(shown)


def _point(value: str, lang: Lang) -> str:
    parts = [int(part) for part in value.split("-")]
    match parts:
        case [year]:
            return f"{year}年" if lang == "zh" else str(year)
        case [year, month]:
            return format_skeleton("yMMMM", date(year, month, 1), locale=locale(lang))
        case [year, month, day]:
            return format_date(
                date(year, month, day), "long", locale=locale("en_GB" if lang == "en" else lang)
            )
        case _:
            raise ValueError(f"{value!r} is not a year, month or day")
