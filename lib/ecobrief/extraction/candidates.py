"""The record that reading proposes and a person judges, and the function that makes such records of a text."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Candidate:
    """One figure that may become an observation; `text[start:end] == evidence` of the text it was read from.

    `value` holds ASCII digits as printed (76.30 stays 76.30, a fall is negative, a range is "77.0-91.0"), `unit` is as printed in
    simplified form, `year` is "2022", "2016-2020" or empty. `kind` is observed, target or change, `qualifier` one of the
    qualifiers of the data package. `confidence` lies between 0 and 1; `reason` says why, as codes joined by ";".
    """

    document: str
    indicator: str
    value: str
    unit: str
    year: str
    kind: str
    scope: str
    qualifier: str
    evidence: str
    start: int
    end: int
    confidence: float
    reason: str


_FIRST = re.compile(r"森林覆盖率[^，。；0-9]{0,8}(?P<figure>(?P<value>\d{1,3}(?:\.\d{1,4})?)\s?(?P<unit>[%％]))")


def candidates(text: str, *, document: str, published: str = "", city_id: str = "") -> list[Candidate]:
    """The figures of known indicators in a text, in the order they are printed. No text makes it raise.

    `published` (YYYY or YYYY-MM-DD) dates what the text leaves undated; `city_id` changes nothing in what is read.
    """
    return [
        Candidate(
            document,
            "forest_cover",
            m["value"],
            m["unit"],
            published[:4],
            "observed",
            "",
            "exact",
            m["figure"],
            m.start("figure"),
            m.end("figure"),
            0.5,
            "first version",
        )
        for m in _FIRST.finditer(text)
    ]
