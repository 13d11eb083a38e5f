"""The review as it is seen in JupyterLab: a candidate beside its sentence, buttons to accept, correct or reject it.

The order of the keyboard is that of the work: filters, the candidate's own cells, the buttons. The focus stays on a button, so
that the next candidate is judged by the same key. Without JupyterLab (papermill, a page) the candidates stand in a list.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import ipywidgets
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ecobrief.datapackage import DataPackage
from ecobrief.extraction.review import EDITED, Changed, Review
from ecobrief.wording import Lang, msg, nmsg, say, term

LISTED = 30
"""So many candidates stand in the list that is shown without JupyterLab."""
KINDS = {"observed": msg("observed"), "target": msg("target"), "change": msg("change")}
LABELS = {
    "year": msg("Year or period"),
    "kind": msg("Observed, target or change"),
    "scope": msg("Scope"),
    "city_id": msg("City (city_id)"),
    "source_id": msg("Source (source_id)"),
    "corrected_value": msg("Corrected value"),
}
DECISIONS = {
    "accept": msg("accepted"),
    "correct": msg("accepted with a corrected value"),
    "reject": msg("rejected"),
}


class Panel:
    """The widgets of a review. What a button does can be asked of the methods, too."""

    def __init__(self, review: Review, package: DataPackage, lang: Lang):
        self._review, self._package, self._lang = review, package, lang
        self._positions: list[int] = []
        self._at = 0
        self._cities: dict[str, str] = {}
        """The city of each document, as it was last given: the next candidate of it is proposed for the same."""
        self._filters()
        # So that the buttons stay where they are from one candidate to the next.
        tall = ipywidgets.Layout(min_height="11em")
        self._card = ipywidgets.HTML(layout=tall)
        self._status = ipywidgets.HTML()
        self._cells = {name: self._cell(name) for name in EDITED}
        self._buttons = {
            "previous": self._button(msg("Previous"), self.previous),
            "accept": self._button(msg("Accept"), lambda: self.decide("accept"), "success"),
            "correct": self._button(msg("Correct"), lambda: self.decide("correct"), "warning"),
            "reject": self._button(msg("Reject"), lambda: self.decide("reject"), "danger"),
            "undo": self._button(msg("Take back"), lambda: self.decide("")),
            "next": self._button(msg("Next"), self.next),
        }
        cells = ipywidgets.GridBox(
            list(self._cells.values()),
            layout=ipywidgets.Layout(grid_template_columns="repeat(2, minmax(20em, 32em))"),
        )
        filters = ipywidgets.HBox([self.indicator, self.least, self.undecided])
        buttons = ipywidgets.HBox(list(self._buttons.values()))
        self.box = ipywidgets.VBox([filters, self._status, self._card, cells, buttons])
        self.select()

    # what is shown

    @property
    def position(self) -> int | None:
        """Which candidate is shown, by its position in the file; None where the filters leave none."""
        return self._positions[self._at] if self._positions else None

    def select(self, change: Any = None) -> None:
        """Show the first of the candidates that the filters leave."""
        self._positions = self._review.among(self.indicator.value, self.least.value, self.undecided.value)
        self._at = 0
        self.show()

    def next(self) -> None:
        """Show the next one, and after the last the first."""
        self._step(1)

    def previous(self) -> None:
        """Show the one before."""
        self._step(-1)

    def _step(self, by: int) -> None:
        if self._positions:
            self._at = (self._at + by) % len(self._positions)
        self.show()

    def show(self, remark: str = "") -> None:
        """Show what the review holds now. remark: what went wrong, if something did"""
        position = self.position
        cells = self._review.rows[position] if position is not None else {}
        self._card.value = self._written(position)
        for name, widget in self._cells.items():
            widget.value = _admitted(widget, cells.get(name, ""))
        if cells:
            self._cells["city_id"].value = cells["city_id"] or self._cities.get(cells["document"], "")
        for name, button in self._buttons.items():
            button.disabled = not cells or (name == "undo" and not cells["decision"])
        place = self._at + 1 if self._positions else 0
        told = msg(
            "{place} of {shown} shown; {decided} of {all} decided",
            place=place,
            shown=len(self._positions),
            decided=self._review.decided,
            all=len(self._review.rows),
        )
        self._status.value = _template("status").render(told=say(told, self._lang), remark=remark)

    def decide(self, decision: str) -> None:
        """Write the decision on the candidate that is shown, and show the next one."""
        position = self.position
        if position is None:
            return
        try:
            self._review.decide(
                position, decision, **{name: widget.value for name, widget in self._cells.items()}
            )
        except (Changed, OSError) as error:
            self.show(str(error))
            return
        self._cities[self._review.rows[position]["document"]] = self._cells["city_id"].value
        if self.undecided.value and decision:
            del self._positions[self._at]
            self._at = min(self._at, max(len(self._positions) - 1, 0))
            self.show()
        elif decision:
            self.next()
        else:
            self.show()

    # how it is made

    def _filters(self) -> None:
        names = [
            (say(term(self._indicator(one), "name"), self._lang), one) for one in self._review.indicators
        ]
        said = {"style": {"description_width": "initial"}}
        everything = [(say(msg("All indicators"), self._lang), ""), *names]
        self.indicator = ipywidgets.Dropdown(
            options=everything, value="", description=say(msg("Indicator"), self._lang), **said
        )
        self.least = ipywidgets.FloatSlider(
            value=0.0,
            min=0.0,
            max=1.0,
            step=0.05,
            description=say(msg("Confidence from"), self._lang),
            **said,
        )
        self.undecided = ipywidgets.Checkbox(
            value=True, description=say(msg("Only without a decision"), self._lang), indent=False
        )
        for widget in (self.indicator, self.least, self.undecided):
            widget.observe(self.select, "value")

    def _indicator(self, indicator_id: str) -> Any:
        known = self._package.records("indicators", indicator_id=indicator_id)
        return known[0]._asdict() if known else {"name_zh": indicator_id, "name_en": indicator_id}

    def _cell(self, name: str) -> Any:
        said = {"description": say(LABELS[name], self._lang), "style": {"description_width": "initial"}}
        wide = ipywidgets.Layout(width="auto")
        if name == "kind":
            kinds = [("", ""), *((say(label, self._lang), kind) for kind, label in KINDS.items())]
            return ipywidgets.Dropdown(options=kinds, value="", layout=wide, **said)
        if name == "city_id":
            return ipywidgets.Combobox(options=tuple(self._package.city_ids), layout=wide, **said)
        return ipywidgets.Text(layout=wide, **said)

    def _button(self, label: Any, act: Any, style: str = "") -> Any:
        button = ipywidgets.Button(description=say(label, self._lang), button_style=style)
        button.on_click(lambda _: act())
        return button

    def _written(self, position: int | None) -> str:
        """A candidate beside its sentence, as HTML in which everything printed is escaped."""
        cells = self._review.rows[position] if position is not None else None
        indicator = self._indicator(cells["indicator"]) if cells else {}
        kind = KINDS.get(cells["kind"], cells["kind"]) if cells else ""
        decision = DECISIONS.get(cells["decision"].strip().lower()) if cells else None
        return _template("review").render(
            tag=self._lang,
            cells=cells,
            name=say(term(indicator, "name"), self._lang) if cells else "",
            sentence=self._review.sentence(position) if position is not None else None,
            kind=say(kind, self._lang),
            confidence=say(msg("Confidence"), self._lang),
            decision=say(decision, self._lang) if decision else "",
            missing=say(msg("The document is not there, or it has changed."), self._lang),
            nothing=say(msg("No candidate is left by these filters."), self._lang),
        )

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> Mapping[str, Any]:
        """The widgets for JupyterLab; for all else the candidates in a list."""
        positions = self._review.among()
        shown = [self._written(position) for position in positions[:LISTED]]
        if left := len(positions) - len(shown):
            more = say(nmsg("{count} more candidate", "{count} more candidates", left), self._lang)
            shown.append(_template("status").render(told=more, remark=""))
        count = nmsg("{count} candidate", "{count} candidates", len(positions))
        widgets: Any = self.box._repr_mimebundle_()
        return {**(widgets or {}), "text/html": "\n".join(shown), "text/plain": say(count, self._lang)}


def _admitted(widget: Any, value: str) -> str:
    """The value, or nothing where the widget offers a choice without it."""
    chosen = isinstance(widget, ipywidgets.Dropdown)
    return value if not chosen or value in (code for _, code in widget.options) else ""


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
    )


def _template(name: str) -> Any:
    return _environment().get_template(f"{name}.html.j2")
