"""Which name a figure belongs to.

A sentence is read once from left to right, in rows of figures. A row belongs to the nearest names before it in its clause that
its unit fits: one each, or all of the one name, or the one figure of all names (均为). Else it belongs to the name after it, to
what a word points back to, or to the last name of the sentence. A metric of another kind keeps its figures.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from ecobrief.extraction import between, rows
from ecobrief.extraction.carried import carried, share_of_other
from ecobrief.extraction.claims import ALL_OF_THEM, claimed
from ecobrief.extraction.elsewhere import IN_TURN, how_many, listed_after, name_after, pointed_at
from ecobrief.extraction.kinds import has_change, standard
from ecobrief.extraction.lexicon import Metric, Subject
from ecobrief.extraction.mentions import Mention, readings, side_by_side
from ecobrief.extraction.periods import Period
from ecobrief.extraction.quantities import Figure
from ecobrief.extraction.sentences import Break, Cue, Sentence
from ecobrief.extraction.walk import Claim, Place, Walk

_PER = re.compile(r"每(?:下降|降低|上升|提高|增加|减少|升高)[^，。；]{0,3}$")


def attached(sentence: Sentence, at: Place) -> tuple[list[Claim], Place]:
    """The figures of a sentence that are of known indicators, and where reading is after it."""
    walk = Walk.over(sentence, at)
    found: list[Claim] = []
    for number, token in enumerate(sentence.tokens):
        match token.what:
            case Break():
                walk.paused(token)
            case Period():
                walk.dated(token.what)
            case Subject():
                walk.subjects.said(token.what.name, token.start, token.end, weak=token.what.weak)
            case Cue():
                walk.cued = token.what is Cue.AIMED
                walk.cue_at = token.start
            case Metric():
                walk.names(token)
            case Figure() if token.start >= walk.taken:
                row = rows.row(sentence, number)
                walk.taken = row[-1].end
                got = [one for one in _of_row(walk, number, row) if not walk.holds(one)]
                found += got
                walk.read(row, got)
    return found, walk.left(at)


def _of_row(walk: Walk, number: int, row: list[Figure]) -> Iterator[Claim]:
    """What the figures of a row are of, nearest explanation first."""
    text = walk.sentence.text
    if row[-1].value == "0" and not row[-1].kind and text[row[-1].end : row[-1].end + 1] in "，。；、）":
        row = [*row[:-1], replace(row[-1], kind="percent")]
    first = row[0]
    lead = walk.lead(first)
    if _PER.search(lead):
        return
    before = text[max(walk.sentence.start, first.start - 12) : first.start]
    if standard(before, text[row[-1].end : row[-1].end + 12]) and not any(
        one.kind in ("points",) for one in row
    ):
        return
    chain, blocked = _fresh(walk, row, lead)
    if blocked:
        walk.lost = True
        return
    if chain:
        yield from _of_names(walk, number, row, chain)
        return
    if len(row) == 1 and (after := name_after(walk, number, first)):
        if not first.kind and "days" in after.metric.units and text.startswith("个", first.number_end):
            first = replace(first, kind="days", unit="天")
        yield from claimed(walk, after, first, lead, ("name_after",))
        return
    if listed := listed_after(walk, number, row):
        for named in listed:
            yield from claimed(walk, named, first, lead, ("shared",))
        walk.mentions += listed
        return
    if pointed := pointed_at(walk, row, lead):
        for named, figure in zip(pointed, row, strict=True):
            yield from claimed(walk, named, figure, lead, ("in_turn", "carried"))
        return
    yield from carried(walk, row, lead)


def _fresh(walk: Walk, row: list[Figure], lead: str) -> tuple[list[Mention], bool]:
    """The names in the clause of a row that it may belong to, and whether another metric keeps it."""
    kinds = {"percent" if one.kind == "points" else one.kind for one in row}
    change = has_change(lead)
    here = [one for one in walk.mentions if one.start >= walk.figure_end and one.end <= row[0].start]
    for at in range(len(here) - 1, -1, -1):
        named = here[at]
        if named.end < walk.clause and not (
            here[at + 1 :] and side_by_side(walk.sentence.text, named, here[at + 1])
        ):
            break
        if not named.indicators and (named.metric.units & kinds or (change and "percent" in kinds)):
            chain = _chain(walk, here[: at + 1])
            return (
                (chain, False)
                if len(chain) == len(row) > 1 and any(one.indicators for one in chain)
                else ([], True)
            )
        fits = [
            figure
            for figure in row
            if readings(walk.known, named, figure, lead, compared=walk.clock.compared, counted=False)
        ]
        zero = (
            row[0].value == "0"
            and not row[0].kind
            and named.end + 3 >= row[0].start
            and "percent" in named.metric.units
        )
        if named.indicators and (fits or zero):
            return _chain(walk, here[: at + 1]), False
    return [], False


def _chain(walk: Walk, here: list[Mention]) -> list[Mention]:
    """The last name with those that stand side by side with it."""
    chain = here[-1:]
    for named in reversed(here[:-1]):
        if not side_by_side(walk.sentence.text, named, chain[0]):
            break
        chain.insert(0, named)
    return chain[-rows.LIMIT :]


def _of_names(walk: Walk, number: int, row: list[Figure], chain: list[Mention]) -> Iterator[Claim]:
    text, named, first = walk.sentence.text, chain[-1], row[0]
    since = text[named.end : first.start]
    before = text[max(walk.sentence.start, named.start - 12) : named.start]
    if len(chain) == len(row) > 1:
        for one, figure in zip(chain, row, strict=True):
            yield from claimed(walk, one, figure, since, ("in_turn",))
        return
    if len(row) > 1:
        times = (
            walk.times(len(row))
            if IN_TURN.search(since + before) or len(walk.clock.times) == len(row)
            else []
        )
        for at, figure in enumerate(row):
            yield from claimed(
                walk, named, figure, since, ("in_turn", "one_name"), times[at] if times else None
            )
        return
    many = how_many(since)
    if len(chain) > 1 and (many or ALL_OF_THEM.search(since)):
        for one in chain[-many:]:
            yield from claimed(walk, one, first, since, ("shared",))
        return
    gap = between.leads_on(walk.without_periods(named.end, first.start))
    after = name_after(walk, number, first) if gap else None
    if after and walk.levels and walk.levels[-1].name == named:
        yield from claimed(walk, after, first, since, ("name_after",))
    elif between.near_enough(gap) and not share_of_other(walk, named, first):
        reason = "next_to_name" if gap <= 2 else "words_between" if gap <= 6 else "far_from_name"
        yield from claimed(walk, named, first, since, (reason,))
    elif after:
        yield from claimed(walk, after, first, since, ("name_after",))
