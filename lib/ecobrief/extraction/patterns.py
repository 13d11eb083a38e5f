"""The small patterns that names of the lexicon are written in, and a quick search for many of them at once.

A pattern knows characters, (a|b), a?, [ab], looks ahead and behind, and <word> for a word shared by many names. It has no
repetition: matching it takes constant time. Because the characters it may begin with are known, a search looks only at the
patterns that may match where it stands.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

_WORD = re.compile(r"(?<!\(\?)<(\w+)>")
_LOOK = re.compile(r"\(\?<?[=!]")


class BadPattern(Exception):
    """A name is no pattern of the small kind."""


def expanded(name: str, words: Mapping[str, str]) -> str:
    """A name with its <words> filled in.

    Raises:
        BadPattern: it repeats, is not closed, may match nothing, or a <word> is none of `words`.
    """
    pattern = name
    while (found := _WORD.search(pattern)) and len(pattern) < 4000:
        if found[1] not in words:
            raise BadPattern(f"{name}: <{found[1]}> is none of the words")
        pattern = pattern.replace(found[0], f"({words[found[1]]})")
    if not first_characters(pattern):
        raise BadPattern(f"{name}: it may match nothing at all")
    return pattern


def expression(pattern: str) -> str:
    """The regular expression of an expanded name, without groups of its own."""
    return re.sub(r"(?<!\\)\((?!\?)", "(?:", pattern)


def first_characters(pattern: str) -> frozenset[str]:
    """The characters that a match can begin with; none where it can be empty."""
    firsts, empty, at = _alternatives(pattern, 0)
    if at < len(pattern):
        raise BadPattern(f"{pattern}: a bracket too many")
    return frozenset() if empty else frozenset(firsts)


def _alternatives(pattern: str, at: int) -> tuple[set[str], bool, int]:
    """First characters, whether it can be empty, and where reading stopped (the end or a closing bracket)."""
    firsts: set[str] = set()
    empty_so_far, any_empty = True, False
    while at < len(pattern) and pattern[at] != ")":
        if pattern[at] == "|":
            any_empty, empty_so_far, at = any_empty or empty_so_far, True, at + 1
            continue
        found, empty, at = _one(pattern, at)
        if at < len(pattern) and pattern[at] == "?":
            empty, at = True, at + 1
        if empty_so_far:
            firsts |= found
            empty_so_far = empty
    return firsts, any_empty or empty_so_far, at


def _one(pattern: str, at: int) -> tuple[set[str], bool, int]:
    char = pattern[at]
    if char in "*+{?":
        raise BadPattern(f"{pattern}: a name has no repetition")
    if char == "(":
        look = _LOOK.match(pattern, at)
        firsts, empty, end = _alternatives(pattern, look.end() if look else at + 1)
        if end >= len(pattern):
            raise BadPattern(f"{pattern}: a bracket is not closed")
        return (set(), True, end + 1) if look else (firsts, empty, end + 1)
    if char == "[":
        end = pattern.find("]", at)
        if end < 0:
            raise BadPattern(f"{pattern}: a bracket is not closed")
        return set(pattern[at + 1 : end].replace("0-9", "0123456789")), False, end + 1
    if char == "\\":
        return {pattern[at + 1 : at + 2]}, False, at + 2
    return {char}, False, at + 1


class Search:
    """Finds which of many patterns stands where; of several at one place, the first of the list."""

    def __init__(self, patterns: Sequence[str]) -> None:
        numbers: dict[str, list[int]] = defaultdict(list)
        for number, pattern in enumerate(patterns):
            for char in first_characters(pattern):
                numbers[char].append(number)
        self._numbers = dict(numbers)
        self._patterns = {
            char: re.compile("|".join(f"({expression(patterns[number])})" for number in known))
            for char, known in numbers.items()
        }
        self._starts = re.compile("[" + "".join(map(re.escape, sorted(numbers))) + "]")

    def finditer(self, text: str, start: int, end: int) -> Iterator[tuple[int, int, int]]:
        """Start, end and number of every pattern found in `text[start:end]`, left to right, without overlap."""
        while at := self._starts.search(text, start, end):
            char, start = at[0], at.start()
            if (found := self._patterns[char].match(text, start, end)) and found.lastindex:
                yield start, found.end(), self._numbers[char][found.lastindex - 1]
                start = found.end()
            else:
                start += 1
