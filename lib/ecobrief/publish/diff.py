"""What changed between two builds: figures by their id, statements by their key, and what is known of why.

A page is read where its hash differs, from the data that lies in it. What several briefs say is told once: two languages
and a comparison may show one figure. Causes are only named where they are known: the figures that a statement names and
that changed, else whatever the manifests tell of notebooks, versions, tables and parameters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Literal

from ecobrief.publish.built import Asked, Build, Content, Figure, Made, Statement
from ecobrief.wording import Lang

Kind = Literal["changed", "added", "removed"]
Outcome = Literal["same", "changed", "new", "gone", "failed_now", "failed_before", "failed_both"]

FIELDS: Mapping[str, tuple[tuple[str, ...], str]] = {
    "value": (("value", "unit", "value_text"), " "),
    "low": (("low", "high"), "–"),
    "canonical_value": (("canonical_value", "canonical_unit"), " "),
    "start": (("start", "end"), "–"),
}
"""Columns of a record that are one thing to a reader, by the first of them, and what stands between them."""

ORDER = (
    *("value", "period", "period_basis", "qualifier", "status", "measure", "scope_printed", "network"),
    *("denominator", "adjustment", "place", "definition_version", "source_id", "start", "evidence"),
)
"""What a figure says, the weightiest first; what is not named here follows by its name."""

TOLD = ("value", "period", "scope_printed", "definition_version")
"""What is told of a figure that is new or gone."""

NAMES = ("city_id", "indicator_id", "table", "source_id", "start")
"""What a figure is one of and where it is printed; a reader knows it by these where they did not change."""

SHORT = 80
"""A cell of a statement that did not change and is no longer than this may name the statement; a longer one explains."""


@dataclass(frozen=True)
class Cell:
    """One thing that differs: a column of records (`FIELDS`), or the head of a column of statements."""

    name: str
    old: str
    new: str


@dataclass(frozen=True)
class Condition:
    """What a build was made from, where it differs; `name` is of the table, notebook or parameter."""

    kind: Literal["data_version", "cut_off", "ecobrief", "table", "notebook", "parameter"]
    name: str
    old: str
    new: str


@dataclass(frozen=True)
class Cause:
    """A figure that a statement names; `change` is what became of it.

    It changed, is new on the page or gone from it, or it is as it was and only now named, or named no longer.
    """

    id: str
    change: Literal["changed", "added", "removed", "named", "unnamed"]
    cell: Cell | None = None


@dataclass(frozen=True)
class Place:
    """A brief that shows a difference: in the new build, or in the old one what is gone. `entry` is its number there."""

    brief: Made
    entry: int | None = None


@dataclass(frozen=True)
class Difference:
    """A figure or statement that is new, gone or changed.

    key: the id of the figure, or the key of the statement; `number` tells those apart that share one on a page
    title: of a statement, the display in which it stands
    context: parts that did not change, by which a reader knows it
    causes: of a statement, the figures it names that changed
    conditions: of a statement, its parameters where they differ and, without causes, all else that differs
    """

    key: str
    number: int
    kind: Kind
    lang: Lang
    title: str
    context: tuple[tuple[str, str], ...]
    cells: tuple[Cell, ...]
    places: tuple[Place, ...]
    causes: tuple[Cause, ...] = ()
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True)
class Brief:
    """A brief of either build, and how many figures and statements of it differ.

    conditions: its notebook and parameters, where they differ
    """

    file: str
    old: Asked | None
    new: Asked | None
    outcome: Outcome
    figures: int = 0
    statements: int = 0
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True)
class Diff:
    """What changed from one build to another; `conditions` are of the whole builds."""

    old: Build
    new: Build
    conditions: tuple[Condition, ...]
    briefs: tuple[Brief, ...]
    figures: tuple[Difference, ...]
    statements: tuple[Difference, ...]

    def count(self, *outcomes: Outcome) -> int:
        """How many briefs had one of these outcomes."""
        return sum(brief.outcome in outcomes for brief in self.briefs)


def compare(old: Build, new: Build, lang: Lang) -> Diff:
    """What changed from `old` to `new`, told in the words of the briefs in `lang` where there are any.

    Raises:
        NoBuild: a brief that differs holds no data.
        BrokenBuild: a page is missing, was changed after the build or holds data of another form.
    """
    whole = tuple(_of_builds(old, new))
    briefs: list[Brief] = []
    figures: list[Difference] = []
    statements: list[Difference] = []
    for file, before, after in _pairs(old, new):
        brief = Brief(file, before, after, _outcome(before, after))
        if isinstance(before, Made) and isinstance(after, Made) and brief.outcome == "changed":
            own = tuple(_of_brief(before, after))
            pages = old.content(before), new.content(after)
            of_figures = list(_figures(*pages, before, after))
            of_statements = list(_statements(*pages, before, after, of_figures, (*whole, *own)))
            figures += of_figures
            statements += of_statements
            brief = replace(brief, figures=len(of_figures), statements=len(of_statements), conditions=own)
        briefs.append(brief)
    return Diff(old, new, whole, tuple(briefs), _once(figures, lang), _once(statements, lang))


# Briefs, and what they were made from


def _pairs(old: Build, new: Build) -> Iterator[tuple[str, Asked | None, Asked | None]]:
    """The briefs of both builds by file name, those of the new one first and in its order."""
    before, after = (
        {one.file: one for one in (*build.manifest.briefs, *build.manifest.failed)} for build in (old, new)
    )
    for file in dict.fromkeys([*after, *before]):
        yield file, before.get(file), after.get(file)


def _outcome(before: Asked | None, after: Asked | None) -> Outcome:
    if after is None:
        return "gone"
    if not isinstance(after, Made):
        return "failed_both" if before is not None and not isinstance(before, Made) else "failed_now"
    if before is None:
        return "new"
    if not isinstance(before, Made):
        return "failed_before"
    return "same" if before.sha256 == after.sha256 else "changed"


def _of_builds(old: Build, new: Build) -> Iterator[Condition]:
    before, after = old.manifest, new.manifest
    versions = [
        Condition("data_version", "", before.data.version, after.data.version),
        Condition("cut_off", "", before.data.cut_off, after.data.cut_off),
        Condition("ecobrief", "", before.ecobrief, after.ecobrief),
    ]
    tables = [
        Condition("table", name, before.data.tables.get(name, ""), after.data.tables.get(name, ""))
        for name in sorted({*before.data.tables, *after.data.tables})
    ]
    yield from (one for one in (*versions, *tables) if one.old != one.new)


def _of_brief(before: Made, after: Made) -> Iterator[Condition]:
    if before.notebook != after.notebook:
        yield Condition("notebook", "", before.notebook, after.notebook)
    elif before.notebook_sha256 != after.notebook_sha256:
        yield Condition("notebook", after.notebook, before.notebook_sha256, after.notebook_sha256)
    for name in sorted({*before.parameters, *after.parameters}):
        values = before.parameters.get(name, ""), after.parameters.get(name, "")
        if values[0] != values[1]:
            yield Condition("parameter", name, *values)


# Figures


def _figures(old: Content, new: Content, before: Made, after: Made) -> Iterator[Difference]:
    for name in dict.fromkeys([*new.figures, *old.figures]):
        one, other = old.figures.get(name), new.figures.get(name)
        was, now = _fields(one), _fields(other)
        if one and other:
            told = [field for field in sorted({*was, *now}, key=_weight) if _differ(was, now, field)]
        else:
            told = [field for field in TOLD if was.get(field) or now.get(field)]
        if one and other and not told:
            continue
        known = now if other else was
        yield Difference(
            key=name,
            number=0,
            kind=_kind(one, other),
            lang=after.lang,
            title="",
            context=tuple(
                (field, known.get(field) or "") for field in NAMES if known.get(field) and field not in told
            ),
            cells=tuple(Cell(field, was.get(field) or "", now.get(field) or "") for field in told),
            places=(Place(after, other.number) if other else Place(before, one.number if one else None),),
        )


def _kind(one: object, other: object) -> Kind:
    return "added" if one is None else "removed" if other is None else "changed"


def _fields(figure: Figure | None) -> dict[str, str | None]:
    """The record of a figure, columns that are one thing put together; None where a part of it is not known."""
    record = figure.record if figure else {}
    inside = {column: first for first, (columns, _) in FIELDS.items() for column in columns}
    fields: dict[str, str | None] = {}
    for name in dict.fromkeys(inside.get(column, column) for column in record if column != "id"):
        columns, between = FIELDS.get(name, ((name,), ""))
        values = [record.get(column, "") for column in columns]
        fields[name] = None if None in values else between.join(value for value in values if value)
    return fields


def _differ(was: Mapping[str, str | None], now: Mapping[str, str | None], field: str) -> bool:
    """Whether a field differs. A column that no figure of a page fills is not written, so that a missing one is empty."""
    values = was.get(field, ""), now.get(field, "")
    return None not in values and values[0] != values[1]


def _weight(field: str) -> tuple[int, str]:
    return (ORDER.index(field) if field in ORDER else len(ORDER)), field


# Statements


def _statements(
    old: Content,
    new: Content,
    before: Made,
    after: Made,
    figures: Iterable[Difference],
    conditions: Sequence[Condition],
) -> Iterator[Difference]:
    changed = {figure.key: figure for figure in figures}
    olds, news = _by_key(old), _by_key(new)
    for key in dict.fromkeys([*news, *olds]):
        for number, (one, other) in enumerate(_matched(olds.get(key, []), news.get(key, []))):
            labels = {**(one.labels if one else {}), **(other.labels if other else {})}
            was, now = one.cells if one else {}, other.cells if other else {}
            # Values and verdicts before what explains them.
            columns = sorted({*was, *now}, key=lambda name: (len(now.get(name, was.get(name, ""))), name))
            differing = [column for column in columns if was.get(column, "") != now.get(column, "")]
            known = other or one
            yield Difference(
                key=key,
                number=number,
                kind=_kind(one, other),
                lang=after.lang,
                title=known.display if known else "",
                context=tuple(
                    (labels.get(column) or column, now[column])
                    for column in columns
                    if column not in differing and len(now[column]) <= SHORT
                ),
                cells=tuple(
                    Cell(labels.get(column) or column, was.get(column, ""), now.get(column, ""))
                    for column in differing
                ),
                places=(Place(after if other else before),),
                causes=tuple(_causes(one, other, changed)),
                conditions=tuple(conditions),
            )


def _by_key(page: Content) -> dict[str, list[Statement]]:
    found: dict[str, list[Statement]] = {}
    for statement in page.statements:
        found.setdefault(statement.key, []).append(statement)
    return found


def _matched(olds: list[Statement], news: list[Statement]) -> list[tuple[Statement | None, Statement | None]]:
    """Statements of one key in pairs of old and new. Equal ones are left out; of others those belong together that name
    the same figures, then those that follow each other."""
    pairs: list[tuple[Statement | None, Statement | None]] = []
    alike: tuple[Callable[[Statement, Statement], bool], ...] = (
        lambda one, other: one.cells == other.cells and _named(one) == _named(other),
        lambda one, other: _named(one) == _named(other),
        lambda one, other: True,
    )
    for belong in alike:
        for one in list(olds):
            other = next((candidate for candidate in news if belong(one, candidate)), None)
            if other is not None:
                olds.remove(one)
                news.remove(other)
                if belong is not alike[0]:
                    pairs.append((one, other))
    return [*pairs, *((one, None) for one in olds), *((None, other) for other in news)]


def _named(statement: Statement | None) -> frozenset[str]:
    return frozenset(statement.observations) if statement else frozenset()


def _causes(
    one: Statement | None, other: Statement | None, changed: Mapping[str, Difference]
) -> Iterator[Cause]:
    """What became of the figures that a statement names, where something did."""
    was, now = _named(one), _named(other)
    for name in sorted(was | now):
        if name in changed:
            figure = changed[name]
            yield Cause(name, figure.kind, figure.cells[0] if figure.cells else None)
        elif one and other and name not in was & now:
            yield Cause(name, "named" if name in now else "unnamed")


# What several briefs say, once


def _once(found: Iterable[Difference], lang: Lang) -> tuple[Difference, ...]:
    groups: dict[tuple[str, int, Kind], list[Difference]] = {}
    for one in found:
        groups.setdefault((one.key, one.number, one.kind), []).append(one)
    return tuple(_merged(group, lang) for group in groups.values())


def _merged(group: Sequence[Difference], lang: Lang) -> Difference:
    """One difference of several briefs: the texts of those in `lang`, else of all, and everyone's causes."""
    told = [one for one in group if one.lang == lang] or group
    causes = {cause.id: cause for one in (*group, *told) for cause in one.causes}
    conditions = dict.fromkeys(chain.from_iterable(one.conditions for one in group))
    return replace(
        told[0],
        cells=tuple(dict.fromkeys(chain.from_iterable(one.cells for one in told))),
        places=tuple(chain.from_iterable(one.places for one in group)),
        causes=tuple(causes[name] for name in sorted(causes)),
        conditions=tuple(one for one in conditions if not causes or one.kind == "parameter"),
    )
