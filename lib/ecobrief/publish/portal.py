"""The page over all pages: index.html lists the briefs of one build, in both languages, from its manifest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ecobrief.publish.page import document, environment, policy
from ecobrief.wording import LANGS, Lang, Message, msg, period, say

# What a notebook's briefs are about; briefs of other notebooks stand under "Other".
SECTIONS: dict[str, Message] = {
    "brief_city.ipynb": msg("Cities"),
    "brief_comparison.ipynb": msg("Comparison"),
}
OTHER = msg("Other")


@dataclass(frozen=True)
class Section:
    """Briefs of one kind; a subject is one brief with its languages, None where it was not asked for."""

    name: Message
    subjects: tuple[Mapping[Lang, Mapping[str, Any] | None], ...]


def index(manifest: Mapping[str, Any]) -> str:
    """The HTML of index.html, from what `manifest.manifest` makes. Briefs that failed are named as such."""
    titles = msg("Eco-policy briefs of Chinese cities")
    return str(
        environment()
        .get_template("index.html.j2")
        .render(
            **document(LANGS[0]),
            title=" · ".join(say(titles, lang) for lang in LANGS),
            langs=LANGS,
            say=_say,
            msg=msg,
            period=period,
            data=manifest["data"],
            sections=_sections([*manifest["briefs"], *manifest["failed"]]),
            policy=policy(scripts=[]),
        )
    )


def _say(lang: Lang, words: Message) -> str:
    return say(words, lang)


def _sections(briefs: Iterable[Mapping[str, Any]]) -> list[Section]:
    found: dict[Message, dict[str, dict[Lang, Mapping[str, Any] | None]]] = {
        name: {} for name in (*SECTIONS.values(), OTHER)
    }
    for brief in briefs:
        subjects = found[SECTIONS.get(brief["notebook"], OTHER)]
        subjects.setdefault(stem(brief["file"]), dict.fromkeys(LANGS))[brief["lang"]] = brief
    return [Section(name, tuple(subjects.values())) for name, subjects in found.items() if subjects]


def stem(file: str) -> str:
    """What the files of one brief in several languages share: brief_x of brief_x.zh.html."""
    for lang in LANGS:
        if file.endswith(f".{lang}.html"):
            return file.removesuffix(f".{lang}.html")
    return file.removesuffix(".html")
