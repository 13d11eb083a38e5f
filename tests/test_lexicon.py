"""The lexicon is data: its names are patterns of a small kind, and an indicator is added without code."""

from __future__ import annotations

import csv
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
import yaml

from ecobrief import extraction
from ecobrief.extraction.candidates import candidates
from ecobrief.extraction.lexicon import BadLexicon, build, lexicon
from ecobrief.extraction.patterns import BadPattern, Search, expanded, first_characters

ROOT = Path(__file__).resolve().parents[1]


def data() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(
        resources.files(extraction).joinpath("lexicon.yaml").read_text("utf-8")
    )
    return loaded


def test_every_indicator_of_the_lexicon_is_one_of_the_data_package() -> None:
    with (ROOT / "data" / "indicators.csv").open(encoding="utf-8", newline="") as file:
        known = {row["indicator_id"] for row in csv.DictReader(file)}
    assert len(lexicon().indicators) == 15
    assert lexicon().indicators.keys() <= known


@pytest.mark.parametrize(
    "name", ["森林+", "森林*", "森{2}林", "(森林", "森林)", "(森林)?", "<nothing>率", "[森林"]
)
def test_a_name_that_repeats_or_is_not_closed_is_refused(name: str) -> None:
    with pytest.raises(BadPattern, match=r".+"):
        expanded(name, {})


def test_first_characters_are_those_a_match_can_begin_with() -> None:
    assert first_characters("(全|各)?市(?=的)区?") == {"全", "各", "市"}
    assert first_characters("(?<!优)[良好]天") == {"良", "好"}


def test_of_two_names_that_begin_together_the_first_is_found() -> None:
    search = Search(["优良天数比例", "优良天数", "比例"])
    assert list(search.finditer("优良天数比例和优良天数", 0, 11)) == [(0, 6, 0), (7, 11, 1)]


@pytest.mark.parametrize(
    "change", [{"units": ["furlong"]}, {"subject": "fire"}, {"siblings": {"days": "nothing"}}]
)
def test_an_indicator_may_only_use_what_the_lexicon_has(change: dict[str, Any]) -> None:
    loaded = data()
    loaded["indicators"]["forest_cover"] |= change
    with pytest.raises(BadLexicon, match=r"forest_cover: the lexicon has no"):
        build(loaded)


def test_an_indicator_is_added_by_data_alone() -> None:
    loaded = data()
    loaded["indicators"]["wetland_protection_rate"] = {"units": ["percent"], "names": ["湿地保护率"]}
    sentence = "2023年，全市湿地保护率达到56.2%，比上年提高1.5个百分点。"
    assert candidates(sentence, document="a.txt") == []
    found = candidates(sentence, document="a.txt", known=build(loaded))
    assert [(c.indicator, c.kind, c.value, c.year) for c in found] == [
        ("wetland_protection_rate", "observed", "56.2", "2023"),
        ("wetland_protection_rate", "change", "1.5", "2023"),
    ]
