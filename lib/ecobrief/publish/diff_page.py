"""The page that shows what changed between two builds: verdicts, values and briefs, each with its before and after."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from urllib.parse import quote

from ecobrief.publish.built import Build
from ecobrief.publish.diff import Condition, Diff, Outcome
from ecobrief.publish.template import document, environment, lean, policy, static
from ecobrief.wording import Lang, Message, msg, say

FIELDS: Mapping[str, Message] = {
    "value": msg("Value"),
    "canonical_value": msg("In the indicator's unit"),
    "low": msg("Interval"),
    "period": msg("Period"),
    "period_basis": msg("How the period is known"),
    "qualifier": msg("Qualifier"),
    "status": msg("Status"),
    "measure": msg("Measure"),
    "scope_printed": msg("Scope"),
    "network": msg("Network"),
    "denominator": msg("Denominator"),
    "adjustment": msg("Adjustment"),
    "city_id": msg("Place"),
    "place": msg("County, zone or section"),
    "indicator_id": msg("Indicator"),
    "definition_version": msg("Definition"),
    "table": msg("Table"),
    "source_id": msg("Source"),
    "start": msg("Place in the text"),
    "evidence": msg("Evidence"),
    "repeats": msg("Repeats"),
}
"""What a reader calls the columns of records (`diff.FIELDS`); another column is called by its own name."""

OUTCOMES: Mapping[Outcome, Message] = {
    "same": msg("unchanged"),
    "changed": msg("changed"),
    "new": msg("new"),
    "gone": msg("gone"),
    "failed_now": msg("could not be built now"),
    "failed_before": msg("could not be built before"),
    "failed_both": msg("could be built neither time"),
}
HASH = 12
"""So many characters of a hash tell two builds apart."""


def page(diff: Diff, lang: Lang, out: Path) -> str:
    """The HTML of the page, in `lang`. It will stand at `out`, from where its links lead to the pages of both builds."""
    return lean(
        environment()
        .get_template("diff.html.j2")
        .render(
            **document(lang),
            title=say(msg("What changed between two builds"), lang),
            style=static("brief.css") + static("diff.css"),
            policy=policy(scripts=[]),
            diff=diff,
            anchors={(one.key, one.kind): f"v{number}" for number, one in enumerate(diff.figures, start=1)},
            folders=[_folder(build, out) for build in (diff.old, diff.new)],
            address={"old": _address(diff.old, out), "new": _address(diff.new, out)},
            made_from=_made_from(diff),
            others=[brief for brief in diff.briefs if brief.outcome != "same"],
            same=[brief for brief in diff.briefs if brief.outcome == "same"],
            outcome={name: say(word, lang) for name, word in OUTCOMES.items()},
            field=lambda name: say(FIELDS.get(name, name), lang),
            condition=lambda one: say(_condition(one), lang),
            short=_short,
        )
    )


def summary(diff: Diff) -> str:
    """What changed, in one line."""
    counts: dict[Outcome, int] = {name: diff.count(name) for name in OUTCOMES}
    same = counts.pop("same")
    if not any(counts.values()):
        return f"no difference: {_counted(same, 'brief')} unchanged"
    figures, statements = _counted(len(diff.figures), "value"), _counted(len(diff.statements), "verdict")
    told = [f"{figures}, {statements} changed in {_counted(counts.pop('changed'), 'brief')}"]
    told += [f"{count} {OUTCOMES[name]}" for name, count in (("same", same), *counts.items()) if count]
    return ", ".join(told)


def _counted(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def _made_from(diff: Diff) -> list[Condition]:
    """All that differs in what the builds were made from, each once."""
    return list(dict.fromkeys(one for conditions in _conditions(diff) for one in conditions))


def _conditions(diff: Diff) -> Iterable[Iterable[Condition]]:
    yield diff.conditions
    for brief in diff.briefs:
        yield brief.conditions


def _condition(one: Condition) -> Message | str:
    """The name of a condition."""
    match one.kind:
        case "data_version":
            return msg("Data version")
        case "cut_off":
            return msg("Cut-off date")
        case "ecobrief":
            return "ecobrief"
        case "table":
            return msg("Table {name}", name=one.name)
        case "notebook":
            return msg("Notebook {name}", name=one.name) if one.name else msg("Notebook")
        case "parameter":
            return msg("Parameter {name}", name=one.name)


def _short(one: Condition, value: str) -> str:
    """A version or value as it is, of a hash the beginning."""
    is_hash = one.kind == "table" or (one.kind == "notebook" and one.name)
    return f"{value[:HASH]}…" if is_hash and len(value) > HASH else value


def _folder(build: Build, out: Path) -> str:
    """Where a build lies, as seen from the folder of the page."""
    here = out.resolve().parent
    try:
        return Path(os.path.relpath(build.folder.resolve(), here)).as_posix()
    except ValueError:
        # On another drive there is no way from here to there.
        return build.folder.resolve().as_posix()


def _address(build: Build, out: Path) -> Callable[[str], str]:
    """The address of a file of a build, as the page links to it; empty where there is no such file."""
    folder = _folder(build, out)

    def address(file: str) -> str:
        if not (build.folder / file).is_file():
            return ""
        path = Path(folder, file)
        return path.as_uri() if path.is_absolute() else quote(path.as_posix())

    return address
