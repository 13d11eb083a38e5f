"""The Chinese catalogue and the English sentences of the code: neither has one that the other lacks."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import ecobrief

LIBRARY = Path(ecobrief.__file__).parent
METHODS = [("**.py", "python"), ("**.j2", "jinja2")]
# `_` is what templates call `msg`.
KEYWORDS: dict[str, Any] = {"msg": None, "nmsg": (1, 2), "_": None}
SPOKEN_BY_TEMPLATES = LIBRARY / "publish" / "template.py"


def catalogue() -> Catalog:
    with (LIBRARY / "wording" / "zh.po").open("rb") as file:
        return read_po(file, locale="zh", abort_invalid=True)


ENTRIES = [entry for entry in catalogue() if entry.id]


def forms(text: Any) -> tuple[str, ...]:
    """Singular and plural of a sentence that has both."""
    return (text,) if isinstance(text, str) else tuple(text)


def sentences() -> dict[tuple[str, ...], str]:
    """The sentences of code and templates with the place of each."""
    found = extract_from_dir(LIBRARY, METHODS, keywords=KEYWORDS)
    return {forms(text): f"{file}:{line}" for file, line, text, _, _ in found}


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def calls() -> Iterator[tuple[str, ast.Call]]:
    """The calls of `msg` and `nmsg` in the library, with their places."""
    for path in sorted(LIBRARY.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in ("msg", "nmsg")
            ):
                yield f"{path.relative_to(LIBRARY)}:{node.lineno}", node


def is_literal(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def test_every_sentence_of_code_and_templates_has_its_chinese() -> None:
    translated = {forms(entry.id) for entry in ENTRIES}
    missing = [f"{place}: {text}" for text, place in sentences().items() if text not in translated]
    assert not missing


def test_the_catalogue_has_no_sentence_that_the_code_does_not_say() -> None:
    said = set(sentences())
    assert [entry.id for entry in ENTRIES if forms(entry.id) not in said] == []
    assert not catalogue().obsolete


def test_sentences_are_found_in_code_and_in_templates() -> None:
    files = {place.partition(":")[0].rpartition(".")[2] for place in sentences().values()}
    assert files == {"py", "j2"}


def is_whole(entry: Message) -> bool:
    """Whether the Chinese is there, is no guess, and has the places of the English for its values."""
    chinese, wanted = forms(entry.string), placeholders(forms(entry.id)[-1])
    return not entry.fuzzy and all(text and placeholders(text) == wanted for text in chinese)


def test_every_translation_is_whole_and_has_the_places_of_its_sentence() -> None:
    assert [entry.id for entry in ENTRIES if not is_whole(entry)] == []


@pytest.mark.parametrize(
    "entry",
    [
        Message("{count} of {total}", "{total}个中有"),
        Message("not searched", ""),
        Message("not searched", "未检索", flags=["fuzzy"]),
        Message(("{count} day", "{count} days"), ("天",)),
    ],
)
def test_a_translation_that_lacks_something_is_seen(entry: Message) -> None:
    assert not is_whole(entry)


def test_a_sentence_stands_as_it_is_where_it_is_said() -> None:
    # A sentence put together from parts cannot be found, and so not translated.
    texts = [(place, call.args[:1] if call.func.id == "msg" else call.args[:2]) for place, call in calls()]
    built = [place for place, given in texts if not given or not all(map(is_literal, given))]
    assert len(texts) > 100
    assert [place.partition(":")[0] for place in built] == [str(SPOKEN_BY_TEMPLATES.relative_to(LIBRARY))]


def test_a_sentence_is_given_the_values_it_asks_for() -> None:
    wrong = []
    for place, call in calls():
        named = {keyword.arg for keyword in call.keywords}
        if None in named or not all(map(is_literal, call.args[:1])):
            continue
        plural = call.func.id == "nmsg"
        asked = set().union(*(placeholders(text.value) for text in call.args[: 2 if plural else 1]))
        if asked - ({"count"} if plural else set()) != named:
            wrong.append(f"{place}: {sorted(asked)} asked for, {sorted(named)} given")
    assert not wrong
