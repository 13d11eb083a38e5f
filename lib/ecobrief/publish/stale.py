"""Which briefs are to be made, and why: what is missing, was altered, or was made from something that is another now."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from ecobrief.publish.inputs import (
    DESCRIPTOR,
    LOCK,
    Change,
    Changes,
    Data,
    Recipe,
    Wanted,
    file_sha256,
    stamp,
)
from ecobrief.publish.state import Asked, Record, State, unpacked

# Of many reasons of one kind so many are told.
TOLD = 3

Warmed = Callable[[], Mapping[tuple[str, str], str]]
Why = Mapping[str, tuple[str, ...]]
"""The reasons by file, in the order of the jobs; a brief that is up to date has none."""


def why(wanted: Wanted, state: State, warmed: Warmed) -> Why:
    """Why each brief that is not up to date is to be made.

    A record whose page was only touched, not altered, gets the new time of its file.

    warmed: gives the digests of what rests on all cities (`Runner.warmed`), asked only where they decide
    """
    found: dict[str, tuple[str, ...]] = {}
    of_other_data: dict[str, list[Record]] = {}
    for recipe in wanted.recipes:
        record = state.briefs.get(recipe.job.file)
        if reasons := _reasons(recipe, record, wanted, state):
            found[recipe.job.file] = reasons
        elif record and record.data != wanted.data.digest:
            of_other_data.setdefault(record.data, []).append(record)
    for then, records in of_other_data.items():
        found |= _moved(records, state, then, wanted.data, warmed)
    return {recipe.job.file: found[recipe.job.file] for recipe in wanted.recipes if recipe.job.file in found}


def _reasons(recipe: Recipe, record: Record | None, wanted: Wanted, state: State) -> tuple[str, ...]:
    """What is another with the page, or with what it was made from beside the data."""
    file = recipe.job.file
    page = state.folder.parent / file
    if file in state.failed:
        return ("it could not be made the last time",)
    if not page.is_file():
        return ("its page is missing" if record else "no page yet",)
    if record is None:
        return ("it is not known how its page was made",)
    if stamp(page) != (record.size, record.mtime_ns):
        if file_sha256(page) != record.sha256:
            return ("its page was altered",)
        size, mtime_ns = stamp(page)
        state.briefs[file] = replace(record, size=size, mtime_ns=mtime_ns)
    if record.recipe == recipe.plain:
        return ()
    return tuple(
        _altered(record.recipe, recipe.plain, state.tools.get(record.recipe["tools"], {}), wanted.tools)
    )


def _altered(
    then: Mapping[str, Any], now: Mapping[str, Any], tools_then: Mapping[str, str], tools: Mapping[str, str]
) -> Iterator[str]:
    if then["notebook"] != now["notebook"]:
        yield f"it was made by {then['notebook']}"
    elif then["notebook_sha256"] != now["notebook_sha256"]:
        yield f"{now['notebook']} changed"
    if (then["parameters"], then["lang"]) != (now["parameters"], now["lang"]):
        yield f"its parameters were {_shown(then['parameters'])}"
    if then["beside"] != now["beside"]:
        yield f"its languages were {', '.join(then['beside'])}"
    if then["shared"] != now["shared"]:
        yield "plotly.js now lies beside the pages" if now["shared"] else "plotly.js now lies in the page"
    if then["tools"] != now["tools"]:
        yield from _other_tools(tools_then, tools)


def _shown(parameters: Mapping[str, str]) -> str:
    return ", ".join(f"{name} = {value}" for name, value in parameters.items()) or "none"


def _other_tools(then: Mapping[str, str], now: Mapping[str, str]) -> Iterator[str]:
    if not then:
        yield "it was made by another ecobrief"
        return
    other = [name for name in sorted({*then, *now}) if then.get(name) != now.get(name)]
    own = [name for name in other if name.startswith("ecobrief/")]
    if own:
        yield f"ecobrief changed ({_some([name.removeprefix('ecobrief/') for name in own])})"
    for name in other:
        if name in (LOCK, "plotly.js"):
            yield f"{name} changed"
    versions = [name for name in other if name not in (*own, LOCK, "plotly.js")]
    if versions:
        yield _some(
            [
                f"{name.removeprefix('package ')} {then.get(name, 'not installed')} → {now.get(name, 'not installed')}"
                for name in versions
            ]
        )


def _some(texts: Sequence[str]) -> str:
    more = f", and {len(texts) - TOLD} more" if len(texts) > TOLD else ""
    return ", ".join(texts[:TOLD]) + more


def _moved(
    records: Sequence[Record], state: State, then: str, data: Data, warmed: Warmed
) -> dict[str, tuple[str, ...]]:
    """Why briefs that were made from the same other tables are stale."""
    before, now = state.data.get(then, {}), data.hashes
    other = [name for name in sorted({*before, *now}) if before.get(name) != now.get(name)]
    # The descriptor says what the tables are, and which version of them every page names.
    if DESCRIPTOR in other or not other:
        return {record.file: (f"{DESCRIPTOR} changed",) for record in records}
    changes = _changes(other, state, before, data)
    if changes is None:
        return {record.file: (f"{_some(other)} changed",) for record in records}
    order = {id(change): number for number, change in enumerate(changes.rows)}
    found = {}
    for record in records:
        if reasons := tuple(_touched(unpacked(record.asked), changes, order, warmed)):
            found[record.file] = reasons
        else:
            # Nothing that it rests on is another: it might as well have been made from the tables of today.
            state.briefs[record.file] = replace(record, data=data.digest)
    return found


def _changes(other: Iterable[str], state: State, before: Mapping[str, str], data: Data) -> Changes | None:
    """What changed in the tables that are other ones; None where that cannot be told."""
    if data.since is None:
        return None
    with tempfile.TemporaryDirectory(prefix="ecobrief-") as scratch:
        copies = {name: Path(scratch, f"{name}.csv") for name in other}
        if not all(state.unpack(before.get(name, ""), copy) for name, copy in copies.items()):
            return None
        return data.since(copies, {name: data.files[name] for name in copies})


def _touched(
    asked: Asked | None, changes: Changes, order: Mapping[int, int], warmed: Warmed
) -> Iterator[str]:
    if asked is None:
        yield f"the tables changed, and it is not known what it rests on: {_rows(changes.rows)}"
        return
    touching = {id(change): change for one in asked.slices if (change := changes.touching(one))}
    if touching:
        yield _rows(sorted(touching.values(), key=lambda change: order.get(id(change), 0)))
        return
    for (name, place), digest in asked.across.items():
        if not digest or warmed().get((name, place)) != digest:
            yield f"{name}, which rests on all cities, moved: {_rows(changes.behind(name))}"
            return


def _rows(changes: Sequence[Change]) -> str:
    more = f"; and {len(changes) - TOLD} more" if len(changes) > TOLD else ""
    return "; ".join(map(str, changes[:TOLD])) + more
