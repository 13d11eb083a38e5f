"""What a notebook takes, and the one clear line it answers when it gets something else."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

import made
from ecobrief import parameters
from ecobrief.compare.readings import TIERS
from ecobrief.parameters import NOTEBOOKS, OneCity, ParameterError, SeveralCities


def check(notebook: str = "brief_comparison", **given: Any) -> Any:
    return parameters.check(notebook, given, made.package())


def refusal(notebook: str = "brief_comparison", **given: Any) -> str:
    """The line that answers these parameters."""
    with pytest.raises(ParameterError) as refused:
        check(notebook, **given)
    line = str(refused.value)
    assert line == " ".join(line.splitlines())
    return line


# Valid ones


@pytest.mark.parametrize(
    "cities",
    [
        "alpha,gamma",
        "alpha, gamma",
        "alpha gamma",
        "alpha，gamma",
        "alpha;;gamma,",
        ["alpha", "gamma"],
        ("alpha", "gamma"),
    ],
)
def test_cities_are_a_list_or_separated_by_commas(cities: Any) -> None:
    assert check(cities=cities).places == ["alpha", "gamma"]


@pytest.mark.parametrize("cities", [[], "", " , "])
def test_no_city_means_every_city(cities: Any) -> None:
    assert check(cities=cities).places == list(made.CITIES)
    assert check().places == list(made.CITIES)


def test_a_city_named_twice_is_one_city_and_the_order_stays() -> None:
    assert check(cities="gamma,alpha,gamma").places == ["gamma", "alpha"]


def test_a_number_is_read_as_text() -> None:
    """papermill turns `-p period 2022` into a number."""
    assert check(period=2022).period == "2022"
    numbered = made.package(cities=[{"city_id": "210500", "name_zh": "甲市", "name_en": "Alpha"}])
    assert parameters.check("brief_city", {"city": 210500}, numbered).city == "210500"
    assert parameters.check("brief_comparison", {"cities": [210500]}, numbered).places == ["210500"]


@pytest.mark.parametrize("period", ["", "2022", "2022-07", "2022-12-31", "2016/2020", "2022-01/2022-06"])
def test_a_period_is_written_as_the_tables_write_it(period: str) -> None:
    assert check(period=period).filters == {"period": period, "min_tier": "other", "include_undated": True}


@pytest.mark.parametrize(
    ("benchmark", "places"),
    [("both", ["china", "province"]), ("country", ["china"]), ("province", ["province"]), ("none", [])],
)
def test_benchmarks_are_of_the_country_and_of_the_provinces_of_the_cities(
    benchmark: str, places: list[str]
) -> None:
    assert check(benchmark=benchmark).benchmark_places(made.package()) == places


def test_parameters_cannot_be_changed_afterwards() -> None:
    with pytest.raises(ValidationError):
        check().period = "2022"


# Wrong ones


def test_a_wrong_city_is_answered_with_the_valid_ones() -> None:
    valid = "valid cities are alpha, beta, gamma, delta"
    for wrong in ("omega", "", "Alpha", "<b>alpha</b>"):
        assert valid in refusal("brief_city", city=wrong)
    assert "no city is called 'omega'; " + valid in refusal(cities="alpha,omega")


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"lang": "fr"}, ["'fr'", "'zh' or 'en'"]),
        ({"period": "22"}, ["'22'", "2022, 2022-07, 2022-01/2022-06 or 2016/2020"]),
        ({"period": "2022年"}, ["2022, 2022-07"]),
        ({"period": "2022-13"}, ["2022, 2022-07"]),
        ({"period": "2022-1"}, ["2022, 2022-07"]),
        ({"period": "2020/2016"}, ["2022, 2022-07"]),
        ({"period": "2022\n"}, ["2022, 2022-07"]),
        ({"benchmark": "world"}, ["'world'", "'both', 'country', 'province' or 'none'"]),
        ({"min_tier": "blog"}, ["'blog'", *TIERS]),
        ({"include_undated": "maybe"}, ["include_undated", "'maybe'", "boolean"]),
        ({"cities": 5}, ["cities = 5", "list"]),
    ],
)
def test_a_wrong_value_is_answered_with_the_parameter_the_value_and_the_valid_ones(
    wrong: dict[str, Any], named: list[str]
) -> None:
    line = refusal(**wrong)
    (parameter,) = wrong
    assert line.startswith(f"{parameter} = ")
    for part in named:
        assert part in line


@settings(deadline=None)
@given(st.text())
def test_whatever_is_given_as_a_city_gets_one_line_or_is_one(text: str) -> None:
    if text in made.CITIES:
        assert check("brief_city", city=text).places == [text]
    else:
        assert "valid cities are" in refusal("brief_city", city=text)


# Names


@pytest.mark.parametrize("notebook", NOTEBOOKS)
def test_a_misspelt_name_is_answered_with_the_one_meant_and_the_valid_ones(notebook: str) -> None:
    line = refusal(notebook, perod="2022")
    assert line.startswith(f"{notebook} has no parameter perod (did you mean period?); it has ")
    assert line.endswith(", ".join(NOTEBOOKS[notebook].model_fields))


def test_a_name_like_no_other_is_answered_with_the_valid_ones() -> None:
    assert refusal(colour="red").startswith("brief_comparison has no parameter colour; it has period, lang")


def test_one_city_is_no_parameter_of_a_notebook_on_several() -> None:
    assert "did you mean cities?" in refusal("brief_comparison", city="alpha")
    assert "did you mean city?" in refusal("brief_city", cities="alpha")


def test_what_a_notebook_has_imported_and_ipython_keeps_is_no_parameter() -> None:
    def function() -> None: ...

    namespace = {
        "In": ["", "lang = 'en'"],
        "Out": {},
        "_": "x",
        "_i1": "x",
        "__name__": "__main__",
        "parameters": parameters,
    }
    chosen = check("brief_city", **namespace, exit=function, package=made.package(), lang="en", city="beta")
    assert (chosen.lang, chosen.places) == ("en", ["beta"])


def test_a_parameter_of_a_strange_type_is_not_passed_over() -> None:
    assert check(cities={"alpha"}).places == ["alpha"]
    assert refusal(cities=made).startswith("cities = <module ")


def test_a_notebook_can_be_run_again_in_the_same_kernel_with_another_parameter() -> None:
    cell = """
chosen = parameters.check("brief_comparison", globals(), package)
lang, places, asked = chosen.lang, chosen.places, chosen.filters
headline = ["forest_cover"]
"""
    namespace: dict[str, Any] = {
        "parameters": parameters,
        "package": made.package(),
        "cities": "alpha",
        "lang": "en",
    }
    exec(cell, namespace)
    namespace["cities"] = "beta"
    exec(cell, namespace)
    assert namespace["places"] == ["beta"]


def test_every_parameter_has_a_default_and_a_meaning() -> None:
    for model in (OneCity, SeveralCities):
        for name, field in model.model_fields.items():
            assert field.description, name
            assert not field.is_required(), name
