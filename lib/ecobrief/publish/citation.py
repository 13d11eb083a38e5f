"""How to cite a page: as text, as BibTeX and as RIS, always with the version of the data."""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from ecobrief.wording import Lang, msg, period, say

LANGUAGES: dict[Lang, str] = {"zh": "Chinese", "en": "English"}
SERIES = msg("Eco-policy briefs of Chinese cities")
# What BibTeX reads as a command, and what it takes for it.
BIBTEX = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}
BIBTEX |= {sign: f"\\{sign}" for sign in "&%$#_"}


@dataclass(frozen=True)
class Citation:
    """The page as a reference, in three forms."""

    text: str
    bibtex: str
    ris: str


def citation(
    title: str, lang: Lang, data_version: str, cut_off: str, version: str, name: str = ""
) -> Citation:
    """The reference of a page.

    cut_off: last day on which a source was entered (ISO date); its year dates the reference, since a page has no other
    version: of ecobrief
    name: what tells the page from others, for the key of the reference; without it the title does
    """
    series = say(SERIES, lang)
    values: dict[str, Any] = {"title": title, "series": series, "data": data_version, "version": version}
    text = msg(
        "ecobrief. {title}. {series}, data version {data}, sources entered up to {day}. ecobrief {version}.",
        day=period(cut_off, lang),
        **values,
    )
    note = say(msg("Data version {data}; ecobrief {version}", data=data_version, version=version), lang)
    year = cut_off[:4]
    name = name or sha256(title.encode("utf-8")).hexdigest()[:8]
    key = re.sub(r"[^A-Za-z0-9._-]+", "-", f"ecobrief-{data_version}-{name}-{lang}")
    fields = {
        "title": title,
        "author": "{ecobrief}",
        "year": year,
        "series": series,
        "version": data_version,
        "note": note,
        "language": LANGUAGES[lang],
    }
    inside = ",\n".join(
        f"  {field} = {{{value if field == 'author' else _bibtex(value)}}}" for field, value in fields.items()
    )
    lines = [("TY", "DATA"), ("AU", "ecobrief"), ("TI", title), ("PY", year), ("T2", series)]
    lines += [("ET", data_version), ("N1", note), ("LA", LANGUAGES[lang]), ("ER", "")]
    ris = "\n".join(f"{tag}  - {' '.join(value.split())}" for tag, value in lines)
    return Citation(say(text, lang), f"@misc{{{key},\n{inside}\n}}", ris)


def _bibtex(text: str) -> str:
    return "".join(BIBTEX.get(char, char) for char in " ".join(text.split()))
