"""Which indicators a name stands for where it is printed, and names that stand side by side."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from ecobrief.extraction.kinds import change_sign, unclear
from ecobrief.extraction.lexicon import Indicator, Lexicon, Metric
from ecobrief.extraction.quantities import Figure

_SIDE_BY_SIDE = re.compile(r"[”’》]?(?:（[^（）]{0,20}）)?(?:，?(?:[、和与及]|以及|，)[^，。；：、]{0,28})$")
_SAME_SUBJECTS = re.compile(r"[^，。；：（）]{0,12}(?:和|与|及|、)[^，。；：（）]{0,16}$")


@dataclass(frozen=True, slots=True)
class Mention:
    """A name at `start`–`end` with the indicators it stands for here: none where it is a metric of another kind."""

    start: int
    end: int
    name: str
    metric: Metric
    indicators: tuple[Indicator, ...]
    carried_subject: bool = False

    @property
    def annual(self) -> bool:
        return "年" in self.name


@dataclass(frozen=True, slots=True)
class Reading:
    """A figure read as a level (`sign` 0) or a change of an indicator."""

    indicator: Indicator
    sign: int


@dataclass(slots=True)
class Subjects:
    """What a sentence has been about so far: the last subject, the one before it, and whether it was said elsewhere.

    `far` tells that it was said in another paragraph, `topic` is what the first line is about.
    """

    name: str = ""
    start: int = 0
    end: int = 0
    before: str = ""
    before_end: int = 0
    carried: bool = True
    named_until: int = 0
    far: bool = False
    topic: str = ""

    def said(self, name: str, start: int, end: int, *, weak: bool) -> None:
        if weak and not self.carried and self.name not in ("", "air", name):
            return
        if name != self.name or self.carried:
            self.before, self.before_end = ("", 0) if self.carried else (self.name, self.end)
        self.name, self.start, self.end, self.carried = name, start, end, False
        self.far = False

    def copy(self) -> Subjects:
        """One that may be told more without changing this one."""
        return replace(self)

    def left(self) -> Subjects:
        """The same for the next sentence."""
        return replace(self, carried=True, before="", named_until=0)

    def below(self, *, heading: bool) -> Subjects:
        """The same for the next paragraph; what the title is about stays near."""
        topic = self.topic or self.name or "none"
        return replace(self, topic=topic, far=self.far or (not heading and self.name != topic))


def mention(known: Lexicon, metric: Metric, text: str, start: int, end: int, subjects: Subjects) -> Mention:
    """A name with what it stands for after these subjects."""
    name = text[start:end]
    indicator = metric.indicator
    if indicator is None:
        return Mention(start, end, name, metric, ())
    own = bool(known.strong.get(indicator.subject) and known.strong[indicator.subject].search(name))
    if own and metric.short:
        return Mention(start, end, name, metric, (indicator,))
    if not metric.short and (
        own or indicator.subject not in known.weak or subjects.name in ("", "air", indicator.subject)
    ):
        return Mention(start, end, name, metric, (indicator,))
    found = known.indicators_of(subjects.name, text, start, end)[:1]
    if (
        subjects.before not in ("", subjects.name)
        and not subjects.carried
        and subjects.before_end > subjects.named_until
        and _SAME_SUBJECTS.match(text[subjects.before_end : subjects.start])
        and start - subjects.end < 16
    ):
        found += known.indicators_of(subjects.before, text, start, end)[:1]
    if metric.short and subjects.far:
        found = [one for one in found if not one.near]
    return Mention(start, end, name, metric, tuple(dict.fromkeys(found)), subjects.carried)


def side_by_side(text: str, one: Mention, other: Mention) -> bool:
    """Whether two names are joined (A和B, A、B), so that a figure after them may be of both."""
    return bool(other.start - one.end < 60 and _SIDE_BY_SIDE.match(text[one.end : other.start]))


def readings(
    known: Lexicon, named: Mention, figure: Figure, lead: str, *, compared: bool, counted: bool
) -> list[Reading]:
    """What a figure can mean under a name, by its unit and the words before it; nothing where the two do not fit.

    `compared` tells that a year to compare with was just named, `counted` that the name has a figure already.
    """
    found = []
    for indicator in named.indicators:
        sign = change_sign(lead, figure.kind, indicator.better, flow=indicator.flow, compared=compared)
        if not sign and unclear(lead):
            continue
        sibling = None if named.metric.short and not counted else indicator.siblings.get(figure.kind)
        if figure.kind in indicator.units:
            found.append(Reading(indicator, sign))
        elif sibling and not (sign and figure.kind == "percent"):
            found.append(Reading(known.indicators[sibling], sign))
        elif (sign and figure.kind == "percent" and (counted or not named.metric.short)) or (
            sign and figure.kind == "points" and "percent" in indicator.units
        ):
            found.append(Reading(indicator, sign))
    return [reading for reading in found if figure.kind != "points" or reading.sign]
