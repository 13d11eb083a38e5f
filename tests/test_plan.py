"""Which briefs are asked for: of cities, or of a file of parameter sets; and what a wrong file gets."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from ecobrief.publish.plan import PlanFaults, of_cities, of_file, takes_parameters
from ecobrief.wording import LANGS

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = ROOT / "notebooks"


def asked(tmp_path: Path, text: str, *langs: str) -> dict[str, dict[str, str]]:
    """The parameters of each brief by its file."""
    path = tmp_path / "sets.yaml"
    path.write_text(text, encoding="utf-8")
    jobs = [
        one.job for one in of_file(path, NOTEBOOKS, [lang for lang in LANGS if lang in (langs or ("en",))])
    ]
    for job in jobs:
        assert job.notebook.is_file()
        assert job.file.endswith(f".{job.lang}.html")
        assert job.parameters["lang"] == job.lang
    return {
        job.file: {name: value for name, value in job.parameters.items() if name != "lang"} for job in jobs
    }


def faults(tmp_path: Path, text: str) -> list[str]:
    """What is wrong with a file, with the place of it left out."""
    with pytest.raises(PlanFaults) as found:
        asked(tmp_path, text)
    place = f"{tmp_path / 'sets.yaml'}"
    assert all(fault.startswith(place) for fault in found.value.faults)
    assert all("\n" not in fault for fault in found.value.faults)
    return [fault.removeprefix(place).strip() for fault in found.value.faults]


# Cities


def test_each_city_has_a_brief_in_each_language_and_all_are_compared() -> None:
    jobs = of_cities(NOTEBOOKS, {"a": "p", "b": "q"}, ["zh", "en"])
    names = ["brief_city-a", "brief_city-b", "brief_comparison"]
    assert [job.file for job in jobs] == [f"{name}.{lang}.html" for lang in LANGS for name in names]
    assert jobs[2].parameters == {"cities": "a,b", "lang": "zh"}


@pytest.mark.parametrize(("count", "by_province"), [(30, False), (31, True)])
def test_more_than_thirty_cities_are_compared_province_by_province(count: int, by_province: bool) -> None:
    provinces = {f"c{number}": f"p{number % 2}" for number in range(count)}
    compared = {
        job.file: job.parameters["cities"].split(",")
        for job in of_cities(NOTEBOOKS, provinces, ["en"])
        if job.notebook.name == "brief_comparison.ipynb"
    }
    if by_province:
        assert list(compared) == ["brief_comparison-p0.en.html", "brief_comparison-p1.en.html"]
        assert compared["brief_comparison-p1.en.html"] == [f"c{number}" for number in range(1, count, 2)]
    else:
        assert compared == {"brief_comparison.en.html": list(provinces)}


# Parameter sets


def test_an_entry_is_a_brief_of_a_notebook_in_each_language(tmp_path: Path) -> None:
    text = """
    - notebook: brief_city
      parameters: {city: benxi, period: 2022, include_undated: no}
    - notebook: air_quality.ipynb
    """
    parameters = {"city": "benxi", "period": "2022", "include_undated": "false"}
    assert asked(tmp_path, text, "zh", "en") == {
        "brief_city-benxi-2022-false.zh.html": parameters,
        "brief_city-benxi-2022-false.en.html": parameters,
        "air_quality.zh.html": {},
        "air_quality.en.html": {},
    }


def test_an_entry_may_name_its_own_languages_and_file(tmp_path: Path) -> None:
    text = "- {notebook: brief_city, parameters: {city: benxi}, langs: [zh], file: 本溪}"
    assert list(asked(tmp_path, text)) == ["本溪.zh.html"]


def test_each_makes_a_brief_of_every_combination(tmp_path: Path) -> None:
    text = """
    - notebook: air_quality
      parameters: {min_tier: official_bulletin}
      each:
        cities: [benxi, [chifeng, yichun]]
        period: [2021, 2022-01/2022-06]
    """
    found = asked(tmp_path, text)
    assert list(found) == [
        "air_quality-official_bulletin-benxi-2021.en.html",
        "air_quality-official_bulletin-benxi-2022-01_2022-06.en.html",
        "air_quality-official_bulletin-chifeng+yichun-2021.en.html",
        "air_quality-official_bulletin-chifeng+yichun-2022-01_2022-06.en.html",
    ]
    assert found["air_quality-official_bulletin-chifeng+yichun-2021.en.html"] == {
        "min_tier": "official_bulletin",
        "cities": "chifeng,yichun",
        "period": "2021",
    }
    named = asked(tmp_path, text.replace("- notebook", "- file: air\n      notebook"))
    assert next(iter(named)) == "air-benxi-2021.en.html"


def test_a_name_that_would_be_too_long_is_cut_and_stays_its_own(tmp_path: Path) -> None:
    cities = [f"city{number}" for number in range(60)]
    text = f"- {{notebook: air_quality, parameters: {{cities: [{', '.join(cities)}]}}}}\n"
    text += text.replace("city59", "city60")
    names = list(asked(tmp_path, text))
    assert len(names) == 2
    assert max(map(len, names)) < 130
    assert list(asked(tmp_path, text)) == names


def test_the_example_in_the_documents_can_be_followed(tmp_path: Path) -> None:
    guide = (ROOT / "docs" / "batch.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"^```yaml\n(.*?)^```$", guide, re.MULTILINE | re.DOTALL)
    listed = re.findall(r"^(\S+\.html)$", guide, re.MULTILINE)
    assert list(asked(tmp_path, example, "zh", "en")) == listed != []


# What is wrong


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", ": a list of parameter sets is expected, each with a notebook: - notebook: brief_city"),
        ("notebook: brief_city", ": a list of parameter sets is expected, each with a notebook: "),
        (
            "- brief_city",
            "entry 1: 'brief_city' is no parameter set; one has the keys notebook, parameters, each, ",
        ),
        ("- notebook: [", "line 2 is no YAML: "),
        ("- notebook: a\n  notebook: b", "line 2: notebook stands twice."),
        ("- {notebook: brief_city, parameters: {city: a, city: b}}", "line 1: city stands twice."),
        ("- parameters: {city: benxi}", "entry 1: it names no notebook; valid ones are air_quality, "),
        (
            "- notebook: town",
            "entry 1: notebook = 'town': there is none of this name; valid ones are air_quality, ",
        ),
        (
            "- {notebook: brief_city, paramters: {}}",
            "entry 1: a parameter set has no key paramters (did you mean parameters?); it has notebook, ",
        ),
        (
            "- {notebook: brief_city, parameters: benxi}",
            "entry 1: parameters = 'benxi': values by name are expected, as in {city: benxi}",
        ),
        (
            "- {notebook: brief_city, parameters: {city: {a: b}}}",
            "entry 1: parameters.city = {'a': 'b'}: one value is expected, or a list of values",
        ),
        (
            "- {notebook: brief_city, parameters: {lang: zh}}",
            "entry 1: parameters.lang = 'zh': languages stand under langs",
        ),
        (
            "- {notebook: brief_city, langs: [zh, fr]}",
            "entry 1: langs = 'fr': it is no language of the briefs; ",
        ),
        ("- {notebook: brief_city, langs: []}", "entry 1: langs names no language; valid ones are zh, en"),
        (
            "- {notebook: brief_city, each: [a]}",
            "entry 1: each = ['a']: lists of values by name are expected, ",
        ),
        (
            "- {notebook: brief_city, each: {city: benxi}}",
            "entry 1: each.city = 'benxi': a list of values is expected, as in [2021, 2022]",
        ),
        (
            "- {notebook: brief_city, parameters: {city: a}, each: {city: [b]}}",
            "entry 1: each.city: it stands under parameters too",
        ),
        (
            "- {notebook: brief_city, file: ../a}",
            "entry 1: file = '../a': a file name begins with a letter or digit",
        ),
        (
            "- {notebook: brief_city, file: failed_a}",
            "entry 1: file = 'failed_a': 'failed_a.en.html' is no file name",
        ),
    ],
)
def test_a_fault_is_named_with_its_place_its_value_and_what_is_valid(
    text: str, told: str, tmp_path: Path
) -> None:
    (fault,) = faults(tmp_path, text)
    assert fault.startswith(told)


def test_every_fault_is_named(tmp_path: Path) -> None:
    text = """
    - {notebook: brief_town, langs: fr, nonsense: 1}
    - notebook: brief_city
    - {notebook: brief_city, each: 3}
    """
    places = [fault.split(":")[0] for fault in faults(tmp_path, text)]
    assert places == ["entry 1", "entry 1", "entry 1", "entry 3"]


def test_no_file_is_written_twice(tmp_path: Path) -> None:
    one = "- {notebook: brief_city, parameters: {city: benxi, period: 2022}}\n"
    turned = (
        "- {notebook: brief_city, parameters: {period: '2022', city: benxi}, file: brief_city-benxi-2022}\n"
    )
    assert faults(tmp_path, one + turned) == [
        f"entry 2: it asks for the same brief as {tmp_path}/sets.yaml entry 1"
    ]
    other = "- {notebook: brief_city, parameters: {city: yichun}, file: Brief_City-benxi-2022}\n"
    assert faults(tmp_path, one + other) == [
        "entry 2: its brief would be written to Brief_City-benxi-2022.en.html, as that of "
        f"{tmp_path}/sets.yaml entry 1; give one of them another file"
    ]


def test_a_file_that_is_not_there_or_no_text_is_named(tmp_path: Path) -> None:
    with pytest.raises(PlanFaults, match=r"none\.yaml cannot be read: No such file"):
        of_file(tmp_path / "none.yaml", NOTEBOOKS, ["en"])
    (tmp_path / "binary.yaml").write_bytes(b"\xff\xfe\xff")
    with pytest.raises(PlanFaults, match=r"binary\.yaml is no text in UTF-8"):
        of_file(tmp_path / "binary.yaml", NOTEBOOKS, ["en"])


def test_a_notebook_without_the_tagged_cell_takes_no_parameters(tmp_path: Path) -> None:
    assert all(takes_parameters(path) for path in NOTEBOOKS.glob("*.ipynb"))
    for number, text in enumerate([json.dumps({"cells": [{"metadata": {}}]}), "{}", "no notebook"]):
        path = tmp_path / f"{number}.ipynb"
        path.write_text(text)
        assert not takes_parameters(path)
