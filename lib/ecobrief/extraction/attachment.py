"""Which name a figure belongs to.

A sentence is read once from left to right. A figure belongs to the name before it in its clause; else to the name after it
(68.75%的森林覆盖率); else, where its clause holds nothing but words of time, place, comparison and degree, to the last name
of the sentence. Names side by side share a figure after 均 or take one each after 分别. A name of another kind keeps its figures.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from ecobrief.extraction import scopes, words
from ecobrief.extraction.claims import FULL_NAMES, claims
from ecobrief.extraction.lexicon import Lexicon, Metric, Subject
from ecobrief.extraction.mentions import Mention, mention
from ecobrief.extraction.periods import Period
from ecobrief.extraction.quantities import Figure
from ecobrief.extraction.rows import IN_TURN, in_turn
from ecobrief.extraction.sentences import Break, Cue, Sentence
from ecobrief.extraction.walk import (
    WINDOW,
    Claim,
    Place,
    Walk,
    begun,
    met_break,
    met_cue,
    met_name,
    met_period,
    read_figure,
)

_TIMES = re.compile(r"“?(?P<count>双|两个|[二三四五六]个)“?$")
_COUNTS = {"双": 2, "两个": 2, "二个": 2, "三个": 3, "四个": 4, "五个": 5, "六个": 6}
_BEFORE_NAME = re.compile(r"(?:及|或)?(?:以上|以下|左右|以内)?[”]?(?:的|了|地)?[^，。；：、]{0,6}$")
_STANDARD = re.compile(r"(?:标准|限值|指导值|平均(?:水平|值)?|要求|水平|阈值|上限|下限|指标值)[为是]?$")
_OF_GOAL = re.compile("(?:以上|以下)?的[^，。；]{0,8}(?:目标|要求|任务|标准|限值|考核)")
_OF_TASK = re.compile("(?:任务|计划|目标)[数量总]{0,2}的$")
_SOURCES = re.compile(
    "中央|省级|市级|县级|区级|地方|国家|自治区|省|市|县|区|旗|企业|社会|群众|财政|配套|自筹|上级|资金"
)
_HAN_LABEL = re.compile("[㐀-鿿]{1,6}")
_ANAPHOR = re.compile("这个数字|这一数字|这一比例|该比例|这一指标|该指标|这一数据")
_FARTHEST = 10
"""So many characters that tell nothing may stand between a name and its figure."""


def attached(sentence: Sentence, known: Lexicon, at: Place) -> tuple[list[Claim], Place]:
    """The figures of a sentence that are of known indicators, and where reading is after it."""
    walk, found = begun(sentence, known, at), []
    for number, token in enumerate(sentence.tokens):
        match token.what:
            case Break(mark):
                met_break(walk, token.start, token.end, mark)
            case Period():
                met_period(walk, token.what)
            case Subject(name, weak):
                walk.subjects.said(name, token.start, token.end, weak=weak)
            case Cue():
                met_cue(walk, aimed=token.what is Cue.AIMED)
            case Metric():
                met_name(walk, token.what, token)
            case Figure() if token.start >= walk.taken:
                got = list(_figure(walk, number, token.what))
                read_figure(walk, token.what, got)
                found += got
    return found, walk.ends()


def _figure(walk: Walk, number: int, figure: Figure) -> Iterator[Claim]:
    if _OF_GOAL.match(walk.text, figure.end) and not walk.aimed:
        return
    lead = walk.text[max(walk.free, figure.start - WINDOW) : figure.start]
    if walk.in_clause and walk.mention and walk.mention.end <= figure.start:
        yield from _after_name(walk, walk.mention, number, figure, lead)
    elif after := _name_after(walk, number, figure):
        yield from claims(walk, after, figure, lead, ("name_after",))
    elif IN_TURN.search(lead):
        yield from in_turn(walk, number, walk.chain, lead)
    else:
        yield from _carried(walk, figure, lead)


def _after_name(walk: Walk, named: Mention, number: int, figure: Figure, lead: str) -> Iterator[Claim]:
    """A figure whose clause has named a metric before it."""
    start = max(walk.free, named.end)
    since = walk.text[start : figure.start]
    if IN_TURN.search(since) or IN_TURN.search(walk.text[max(walk.free, named.start - 12) : named.start]):
        yield from in_turn(walk, number, walk.chain, since)
        return
    many = _TIMES.search(since)
    chain = walk.chain[-_COUNTS[many["count"]] :] if many else walk.chain
    if len(chain) > 1 and (many or FULL_NAMES.search(since)):
        walk.chain = []
        for one in chain:
            yield from claims(walk, one, figure, since, ("shared",))
        return
    after = _name_after(walk, number, figure)
    gap = len(words.unknown(walk.without_periods(start, figure.start)))
    if gap <= _FARTHEST and not (after and walk.figure_end > named.end):
        got = list(claims(walk, named, figure, since, (_nearness(gap),)))
        if got or not after:
            yield from got
            return
    if after:
        yield from claims(walk, after, figure, lead, ("name_after",))


def _nearness(gap: int) -> str:
    return "next_to_name" if gap <= 2 else "words_between" if gap <= 6 else "far_from_name"


def _name_after(walk: Walk, number: int, figure: Figure) -> Mention | None:
    """The name that a figure stands before (97%的优良率), unless that name has a figure of its own."""
    tokens, text = walk.sentence.tokens, walk.text
    for later in range(number + 1, min(number + 4, len(tokens))):
        token = tokens[later]
        if isinstance(token.what, Subject):
            walk.subjects.said(token.what.name, token.start, token.end, weak=token.what.weak)
            continue
        near = token.start - figure.end < WINDOW
        if (
            not isinstance(token.what, Metric)
            or not near
            or not _BEFORE_NAME.fullmatch(text[figure.end : token.start])
        ):
            return None
        following = next(
            (t for t in tokens[later + 1 : later + 4] if isinstance(t.what, Figure | Break)), None
        )
        if (
            following
            and isinstance(following.what, Figure)
            and following.what.kind
            and following.start - token.end < 8
        ):
            return None
        named = mention(walk.known, token.what, text, token.start, token.end, walk.subjects)
        return named if named.indicators else None
    return None


def _carried(walk: Walk, figure: Figure, lead: str) -> Iterator[Claim]:
    """A figure whose clause names nothing: of the last name, where the clause adds only time, place, change or degree."""
    named, mark = walk.mention, walk.text[walk.clause - 1 : walk.clause]
    if not named or not named.indicators or figure.start - walk.free > WINDOW:
        return
    if mark == "（" and _STANDARD.search(walk.text[max(0, walk.clause - 8) : walk.clause - 1]):
        return
    if ("占" in lead[-12:] and figure.kind != "percent") or _OF_TASK.search(lead):
        return
    rest, label = walk.strange(walk.free, figure.start), False
    if rest and "money" in named.metric.units:
        rest = _SOURCES.sub("", rest)
    elif rest and figure.kind in ("percent", "days", "concentration"):
        label = bool(_HAN_LABEL.fullmatch(rest) and (mark == "：" or (walk.labelled and mark in "、，；")))
    if rest and not label:
        return
    got = list(claims(walk, named, figure, lead, ("label",) if label else ("carried",)))
    stale = (not walk.clear and not scopes.PLACE.search(lead)) or (mark == "；" and not lead)
    if stale and not any(claim.reading.sign for claim in got) and not _ANAPHOR.search(lead):
        return
    if label:
        got = [
            replace(claim, scope=scopes.scope(lead.strip("、，：为其中"), "", claim.time.part))
            for claim in got
        ]
    walk.labelled = label and bool(got)
    yield from got
