"""The page over all pages: index.html lists the briefs of one build, from its manifest.

Without scripts it lists them all, Chinese and English side by side. Its script (static/portal.js) finds and
filters them: by words of their titles and parameters, by language, and by the metrics that they state.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from ecobrief.publish.job import failed_page, stem
from ecobrief.publish.template import document, environment, lean, policy, static
from ecobrief.wording import LANGS, Lang, Message, msg, nmsg, period, say

# What a notebook's briefs are about; briefs of other notebooks stand under "Other".
SECTIONS: dict[str, Message] = {
    "brief_city.ipynb": msg("Cities"),
    "brief_comparison.ipynb": msg("Comparison"),
}
OTHER = msg("Other")


@dataclass(frozen=True)
class Subject:
    """What briefs in several languages are about.

    ids: what else they are found by: their file, the section they stand in, the parameters they were made with
    briefs: what the manifest says of each, in the order of `LANGS`; only those that were asked for
    """

    ids: tuple[str, ...]
    briefs: Mapping[Lang, Mapping[str, Any]]


@dataclass(frozen=True)
class Section:
    """Subjects of one kind, in the order of the manifest."""

    name: Message
    subjects: tuple[Subject, ...]


def index(manifest: Mapping[str, Any]) -> str:
    """The HTML of index.html, from what `manifest.manifest` makes. Briefs that failed are named as such, and lead
    to the page that shows why."""
    briefs = [*manifest["briefs"], *manifest["failed"]]
    langs = [lang for lang in LANGS if any(brief["lang"] == lang for brief in briefs)] or list(LANGS)
    titles = msg("Eco-policy briefs of Chinese cities")
    total = len(manifest["briefs"])
    script = static("portal.js")
    return lean(
        environment()
        .get_template("index.html.j2")
        .render(
            **document(langs[0]),
            title=" · ".join(say(titles, lang) for lang in langs),
            langs=langs,
            say=_say,
            msg=msg,
            period=period,
            data=manifest["data"],
            sections=_sections(briefs),
            metrics=_metrics(manifest["briefs"]),
            any_metric={lang: say(msg("any or none"), lang) for lang in langs},
            values=_values,
            failed_page=failed_page,
            # The script knows how many are shown, and puts the number where this leaves its place.
            count=nmsg("{shown} of {count} brief", "{shown} of {count} briefs", total, shown="{shown}"),
            style=static("brief.css") + static("portal.css"),
            script=script,
            policy=policy(scripts=[script]),
        )
    )


def _say(lang: Lang, words: Message) -> str:
    return say(words, lang)


def _sections(briefs: Iterable[Mapping[str, Any]]) -> list[Section]:
    found: dict[Message, dict[str, dict[Lang, Mapping[str, Any]]]] = {
        name: {} for name in (*SECTIONS.values(), OTHER)
    }
    for brief in briefs:
        subjects = found[SECTIONS.get(brief["notebook"], OTHER)]
        subjects.setdefault(stem(brief["file"]), {})[brief["lang"]] = brief
    return [
        Section(name, tuple(_subject(name, file, own) for file, own in subjects.items()))
        for name, subjects in found.items()
        if subjects
    ]


def _subject(section: Message, file: str, briefs: Mapping[Lang, Mapping[str, Any]]) -> Subject:
    ids = dict.fromkeys([file, *(say(section, lang) for lang in briefs)])
    ids |= {
        value: None
        for brief in briefs.values()
        for name, value in brief["parameters"].items()
        if name != "lang" and value
    }
    return Subject(tuple(ids), {lang: briefs[lang] for lang in LANGS if lang in briefs})


def _metrics(briefs: Iterable[Mapping[str, Any]]) -> dict[str, dict[Lang, str]]:
    """The names of each metric by its id, in the order in which the manifest first has them."""
    names: dict[str, dict[Lang, str]] = {}
    for brief in briefs:
        for metric in brief["metrics"]:
            names.setdefault(_id(metric), {})[brief["lang"]] = metric["metric"]
    return names


def _values(brief: Mapping[str, Any]) -> list[tuple[str, list[Mapping[str, Any]]]]:
    """The metrics of a brief by name; one that is stated for several scopes has several values."""
    return [(name, list(own)) for name, own in groupby(brief["metrics"], key=lambda own: own["metric"])]


def _id(metric: Mapping[str, Any]) -> str:
    """What a metric is called in every language; its name where the manifest has no id of it."""
    return str(metric.get("id") or metric["metric"])
