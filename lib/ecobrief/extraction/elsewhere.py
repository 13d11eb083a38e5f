"""Names that stand elsewhere than before their figure: after it, in a list after it, or where a word points back to."""

from __future__ import annotations

import re

from ecobrief.extraction import rows
from ecobrief.extraction.lexicon import Metric, Subject
from ecobrief.extraction.mentions import Mention, mention
from ecobrief.extraction.quantities import Figure
from ecobrief.extraction.sentences import Break
from ecobrief.extraction.walk import Walk

IN_TURN = re.compile(r"分别|依次|各为|各达|各是|各[占有]|分列")
_TIMES = re.compile(r"“?(?P<count>双|两个|[二三四五六]个)“?$")
_COUNTS = {"双": 2, "两个": 2, "二个": 2, "三个": 3, "四个": 4, "五个": 5, "六个": 6}
_BEFORE_NAME = re.compile(r"(?:及|或)?(?:以上|以下|左右|以内)?[”]?(?:的|了|地|个)?[^，。；：、]{0,6}")
_BETWEEN_NAMES = re.compile(r"[^，。；：、]{0,4}")
_FORMER = re.compile(r"(?P<first>前者|前一[项个]|首项)|(?P<last>后者|后一[项个])")
_OTHERS_CHANGES = re.compile(
    r"(?:[、，和](?:同比)?(?:上升|下降|提高|降低|增加|减少|增长|回落|改善)了?\d[\d.]{0,7}(?:%|个?百分点|[^，。；、\d和]{1,7})){1,4}"
)
"""Changes that follow one that was said in turn: 同比分别下降5%、上升0.4个百分点."""
_DIGITS = re.compile(r"\d[\d.]*")
_THESE = re.compile(
    r"(?:[这上]?(?:两|三|四|2|3)[个项]|这些|以上|上述)(?:数字|比例|指标|数据|比率|数值|浓度)|二者|两者|三者|两项"
)


def how_many(lead: str) -> int:
    """How many names a figure is of by the word before it: 三个100%, 双100%; 0 where none stands there."""
    found = _TIMES.search(lead)
    return _COUNTS[found["count"]] if found else 0


def name_after(walk: Walk, number: int, figure: Figure) -> Mention | None:
    """The name that a figure stands before (97%的优良率), unless that name has a figure of its own."""
    tokens, text = walk.sentence.tokens, walk.sentence.text
    subjects = walk.subjects.copy()
    leads, at = _BEFORE_NAME, figure.end
    for later in range(number + 1, min(number + 4, len(tokens))):
        token = tokens[later]
        if not leads.fullmatch(text, at, token.start):
            return None
        if isinstance(token.what, Subject):
            subjects.said(token.what.name, token.start, token.end, weak=token.what.weak)
            leads, at = _BETWEEN_NAMES, token.end
            continue
        if not isinstance(token.what, Metric):
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
        named = mention(walk.known, token.what, text, token.start, token.end, subjects)
        return named if named.indicators else None
    return None


def listed_after(walk: Walk, number: int, row: list[Figure]) -> list[Mention]:
    """The names in a list after their common figure: 三个100%：优良率、达标率和利用率."""
    text, subjects, listed = walk.sentence.text, walk.subjects.copy(), []
    many = how_many(text[max(walk.sentence.start, row[0].start - 3) : row[0].start])
    if not many or len(row) > 1:
        return []
    for token in walk.sentence.tokens[number + 1 : number + 5 * rows.LIMIT]:
        if isinstance(token.what, Figure):
            return []
        if isinstance(token.what, Break) and token.what.mark == "；":
            break
        if isinstance(token.what, Subject):
            subjects.said(token.what.name, token.start, token.end, weak=token.what.weak)
        elif isinstance(token.what, Metric):
            listed.append(mention(walk.known, token.what, text, token.start, token.end, subjects))
    return listed[:many]


def pointed_at(walk: Walk, row: list[Figure], lead: str) -> list[Mention]:
    """The names that 前者, 后者, 这两个数字 point back to, or whose figures a row after 分别 takes up in turn."""
    if (found := _FORMER.search(lead)) and len(row) == 1:
        pair = walk.last_chain
        return [pair[0] if found["first"] else pair[-1]] if len(pair) > 1 else []
    if len(row) > 1 and not walk.mentions and len(row) == len(walk.figured_before) and walk.clock.stated:
        return list(walk.figured_before)
    if len(row) == 1 and (found := _OTHERS_CHANGES.match(walk.sentence.text, row[0].end)):
        more, names = len(_DIGITS.findall(found[0])), list(dict.fromkeys(walk.figured))
        said = IN_TURN.search(walk.sentence.text, max(walk.sentence.start, row[0].start - 40), row[0].start)
        return names[-more - 1 :][:1] if said and len(names) > more else []
    turns = IN_TURN.search(lead)
    if (
        len(row) > 1
        and turns
        and len(walk.last_chain) == len(row)
        and walk.last_chain[-1] == walk.mentions[-1]
    ):
        return walk.last_chain
    if len(row) > 1 and (_THESE.search(lead) or turns):
        names = list(dict.fromkeys(walk.figured)) if _THESE.search(lead) else walk.figured
        waiting = walk.mentions[-1] if walk.mentions else None
        if len(names) >= len(row) and (waiting is None or waiting.start <= names[-1].start):
            return names[-len(row) :]
    return []
