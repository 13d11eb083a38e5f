"""What a cell of a notebook hands to the page: a display of one kind, with rows that know their observations.

This is the reading side of the seam (`application/vnd.ecobrief.v1+json`). Nothing else of an output is read:
what is not of this form reaches no page, and what is of it is checked here, once, before any of it is shown.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from ecobrief.publish.errors import WrongShape
from ecobrief.wording import LANGS, Lang

MIME = "application/vnd.ecobrief.v1+json"
Kind = Literal["headline", "chart", "table", "sentence", "sources"]
KINDS: tuple[Kind, ...] = get_args(Kind)

# An id becomes the anchor `obs-<id>`, so it may hold only what needs no escaping in an address.
OBSERVATION_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
# Characters that are not seen but change how the text around them is shown: controls and text direction.
UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")

# Made once, as making it takes longer than reading a line.
STRICT = csv.reader([], strict=True).dialect


@dataclass(frozen=True)
class Column:
    """A column: `id` is the key of the cells, `label` its head."""

    id: str
    label: str
    numeric: bool


@dataclass(frozen=True)
class Row:
    """Text by column id, with the observations it shows or the formula and inputs it was computed from."""

    cells: Mapping[str, str]
    observations: tuple[str, ...]
    formula: str
    inputs: tuple[str, ...]
    doors: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Which of these the cell of a column leads to, where more than one cell does."""
    key: str = ""
    """What the row states, by a name that stays when its contents change."""
    see: tuple[str, ...] = ()
    """Keys of rows that a reader of this one should know."""
    record: Mapping[str, str] = field(default_factory=dict)
    """Of an entry: the same for machines."""


@dataclass(frozen=True)
class Display:
    """One thing shown on a page, all its text in `lang`.

    figure, picture: of a chart, data and layout for plotly, and the same as static SVG
    about: of a headline, what a citation of the page names: data_version, cut_off, licence
    """

    kind: Kind
    lang: Lang
    title: str
    unit: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    figure: Mapping[str, Any] = field(default_factory=dict)
    picture: str = ""
    about: Mapping[str, str] = field(default_factory=dict)

    @property
    def linked(self) -> str:
        """The id of the column whose cells lead to their source.

        The first numeric column, else the one called value; without either it is empty, and sources are named
        behind the row.
        """
        numeric = next((column.id for column in self.columns if column.numeric), "")
        return numeric or next((column.id for column in self.columns if column.id == "value"), "")


def read(payload: Any) -> Display:
    """A display from the content of an output.

    Raises:
        WrongShape: an unknown kind, or a part that is missing, of another type or without meaning.
    """
    if not isinstance(payload, Mapping):
        raise WrongShape(
            f"a display is an object with kind, lang, title, columns and rows, not {_type(payload)}."
        )
    kind = payload.get("kind")
    title = _text(payload, "title", "a display")
    where = f'{kind} "{title}"' if title else f"{kind} without a title"
    if kind not in KINDS:
        raise WrongShape(f'unknown kind of display {kind!r} ("{title}"); one of {", ".join(KINDS)}.')
    if payload.get("lang") not in LANGS:
        raise WrongShape(f"{where}: lang is {payload.get('lang')!r}; one of {', '.join(LANGS)}.")
    columns = tuple(_column(column, where) for column in _list(payload, "columns", where))
    ids = [column.id for column in columns]
    if len(set(ids)) < len(ids):
        raise WrongShape(f"{where}: two columns have the same id: {', '.join(ids)}.")
    recorded = _csv(payload, "recorded", where)
    rows = []
    for number, row in enumerate(_list(payload, "rows", where), start=1):
        try:
            rows.append(_row(row, ids, recorded))
        except WrongShape as fault:
            raise WrongShape(f"{where}, row {number}{fault}") from None
    if kind == "sources":
        for number, row in enumerate(rows, start=1):
            if not row.observations:
                raise WrongShape(
                    f"{where}, row {number}: an entry is of an observation; this one names none."
                )
    return Display(
        kind=kind,
        lang=payload["lang"],
        title=title,
        unit=_text(payload, "unit", where),
        caption=_text(payload, "caption", where),
        columns=columns,
        rows=tuple(rows),
        figure=_figure(payload, where) if kind == "chart" else {},
        picture=_text(payload, "picture", where),
        about=_texts(payload, "about", where),
    )


def _column(column: Any, where: str) -> Column:
    if not isinstance(column, Mapping) or not column.get("id"):
        raise WrongShape(f"{where}: a column is an object with id, label and numeric, not {column!r:.80}.")
    name = f"{where}, column {column['id']}"
    numeric = column.get("numeric", False)
    if not isinstance(numeric, bool):
        raise WrongShape(f"{name}: numeric is true or false, not {numeric!r:.80}.")
    return Column(_text(column, "id", name), _text(column, "label", name), numeric)


def _row(row: Any, ids: list[str], recorded: list[str]) -> Row:
    """
    Raises:
        WrongShape: its message goes on after the number of the row.
    """
    if not isinstance(row, dict) or not isinstance(cells := row.get("cells"), dict):
        raise WrongShape(": a row is an object with cells, observations, formula and inputs.")
    if strangers := cells.keys() - ids:
        raise WrongShape(f": no column is called {min(strangers)!r:.80}; columns: {', '.join(ids)}.")
    formula, inputs = _text(row, "formula", ""), _observations(row, "inputs", "")
    if bool(formula) != bool(inputs):
        raise WrongShape(": a formula and its inputs are given together; here one is missing.")
    observations = _observations(row, "observations", "")
    return Row(
        dict(zip(ids, _visible([cells.get(name, "") for name in ids], ids), strict=True)),
        observations,
        formula,
        inputs,
        _doors(row, ids, {*observations, *inputs}) if "doors" in row else {},
        key=_text(row, "key", ""),
        see=tuple(str(key) for key in _list(row, "see", "")),
        record=_record(row, recorded) if "record" in row else {},
    )


def _doors(row: Mapping[str, Any], ids: list[str], named: set[str]) -> dict[str, tuple[str, ...]]:
    doors = row["doors"]
    if not isinstance(doors, Mapping):
        raise WrongShape(f": doors is an object of lists by column id, not {_type(doors)}.")
    led = {name: _observations(doors, name, ", doors") for name in doors}
    lost = ({*doors} - {*ids}) | ({one for of in led.values() for one in of} - named)
    if lost:
        raise WrongShape(f", doors: no column or observation of the row is called {min(lost)!r:.80}.")
    return led


def _record(row: Mapping[str, Any], names: list[str]) -> dict[str, str]:
    values = _csv(row, "record", "")
    if values and len(values) != len(names):
        raise WrongShape(f": a record has {len(names)} values, one for each name, not {len(values)}.")
    return dict(zip(names, _visible(values, names), strict=False))


def _csv(holder: Mapping[str, Any], name: str, where: str) -> list[str]:
    """The values of a line of CSV; none where it is not given."""
    line = holder.get(name, "")
    if not isinstance(line, str):
        raise WrongShape(f"{where}: {name} is a line of CSV, not {_type(line)}.")
    try:
        return next(csv.reader([line], STRICT), [])
    except csv.Error as fault:
        raise WrongShape(f"{where}: {name} is no line of CSV: {fault}.") from None


def _observations(row: Mapping[str, Any], name: str, where: str) -> tuple[str, ...]:
    found = _list(row, name, where)
    for observation in found:
        if not isinstance(observation, str) or not OBSERVATION_ID.fullmatch(observation):
            raise WrongShape(
                f"{where}, {name}: {observation!r:.80} is no observation id, as in benxi_plan_2023.004."
            )
    return tuple(found)


def _figure(payload: Mapping[str, Any], where: str) -> Mapping[str, Any]:
    figure = payload.get("figure")
    if (
        not isinstance(figure, Mapping)
        or not isinstance(figure.get("data"), list)
        or not isinstance(figure.get("layout"), Mapping)
    ):
        raise WrongShape(f"{where}: a chart has a figure with data (a list) and layout (an object).")
    seen: Mapping[str, Any] = _seen({"data": figure["data"], "layout": figure["layout"]})
    return seen


def _seen(value: Any) -> Any:
    """The same JSON with every text made fit to be shown; see `visible`."""
    if isinstance(value, str):
        return visible(value)
    if isinstance(value, Mapping):
        return {key: _seen(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_seen(part) for part in value]
    return value


def visible(text: str) -> str:
    """The text with unseen controls named in brackets: one that reverses its line reads [U+202E]."""
    # What Python would print as it is holds none of them, and is told much faster.
    if text.isprintable():
        return text
    return UNSEEN.sub(lambda found: f"[U+{ord(found[0]):04X}]", text)


def _visible(texts: list[Any], names: list[str]) -> list[str]:
    """All of them made fit to be shown; see `visible`."""
    try:
        if "".join(texts).isprintable():
            return texts
    except TypeError:
        name, wrong = next(pair for pair in zip(names, texts, strict=False) if not isinstance(pair[1], str))
        raise WrongShape(f": {name} is text, not {_type(wrong)}.") from None
    return [visible(text) for text in texts]


def _text(holder: Mapping[str, Any], name: str, where: str) -> str:
    text = holder.get(name, "")
    if not isinstance(text, str):
        raise WrongShape(f"{where}: {name} is text, not {_type(text)}.")
    return visible(text)


def _texts(holder: Mapping[str, Any], name: str, where: str) -> dict[str, str]:
    found = holder.get(name, {})
    if not isinstance(found, Mapping):
        raise WrongShape(f"{where}: {name} is an object of texts, not {_type(found)}.")
    return {part: _text(found, part, f"{where}, {name}") for part in found}


def _list(holder: Mapping[str, Any], name: str, where: str) -> list[Any]:
    found = holder.get(name, [])
    if not isinstance(found, list):
        raise WrongShape(f"{where}: {name} is a list, not {_type(found)}.")
    return found


def _type(value: Any) -> str:
    return "nothing" if value is None else f"{type(value).__name__} {value!r:.60}"
