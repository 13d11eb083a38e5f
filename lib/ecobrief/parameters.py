"""The parameters of the notebooks: what each takes, and one clear line when it gets something else.

A notebook's first cell after `parameters` calls `chosen = parameters.check("brief_city", globals(), package)`: it
knows every name defined so far, so that a misspelt `papermill -p` stops there too. `ecobrief build` checks the same
models before any kernel starts. papermill turns `-p period 2022` into a number; numbers are read as text.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
)

from ecobrief import datapackage
from ecobrief.datapackage import TIERS, DataPackage, period_exists
from ecobrief.wording import Lang

IPYTHON_NAMES = frozenset({"In", "Out"})
INJECTABLE = (str, int, float, bool, list, tuple, dict, type(None))


class ParameterError(ValueError):
    """A parameter is unknown or has no valid value; the message is one line and names the valid ones."""

    def _render_traceback_(self) -> list[str]:
        """What IPython prints instead of a traceback: the line itself."""
        return [f"ParameterError: {self}"]


def _as_text(value: Any) -> Any:
    return str(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else value


def _as_list(value: Any) -> Any:
    """A comma-separated string or a list; empty entries are dropped."""
    parts = re.split(r"[,，;；\s]+", value) if isinstance(value, str) else value
    return [part for part in parts if part != ""] if isinstance(parts, (list, tuple)) else value


Text = Annotated[str, BeforeValidator(_as_text)]


class Parameters(BaseModel):
    """What every notebook takes."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True)

    period: Text = Field("", description="only this period, e.g. 2022 or 2016/2020; empty for every period")
    lang: Lang = Field("zh", description="language of tables, charts and sentences: zh or en")
    benchmark: Literal["both", "country", "province", "none"] = Field(
        "both", description="benchmarks shown beside the cities: both, country, province or none"
    )
    min_tier: Literal[TIERS] = Field(  # type: ignore[valid-type]
        "other", description=f"least authoritative source admitted: {', '.join(TIERS)}"
    )
    include_undated: bool = Field(True, description="whether figures without a year are shown: true or false")

    @field_validator("period")
    @classmethod
    def _is_a_period(cls, period: str) -> str:
        if period and not period_exists(period):
            raise ValueError("a period is written 2022, 2022-07, 2022-01/2022-06 or 2016/2020")
        return period

    @property
    def filters(self) -> dict[str, Any]:
        """What the parameters ask of readings, as `compare.readings` takes it."""
        return {"period": self.period, "min_tier": self.min_tier, "include_undated": self.include_undated}

    @property
    def places(self) -> list[str]:
        """The city ids the notebook is about."""
        raise NotImplementedError

    def benchmark_places(self, package: DataPackage) -> list[str]:
        """The place ids of the benchmarks asked for, the country first."""
        country = [datapackage.COUNTRY] if self.benchmark in ("both", "country") else []
        cities = package.records("cities", city_id=self.places)
        provinces = dict.fromkeys(city.province_id for city in cities)
        return country + (list(provinces) if self.benchmark in ("both", "province") else [])


def _package(info: ValidationInfo) -> DataPackage:
    package: DataPackage = info.context["package"]  # type: ignore[index]
    return package


def _known_city(city: str, info: ValidationInfo) -> str:
    package = _package(info)
    if not package.is_city(city):
        raise ValueError(f"no city is called {city!r}; valid cities are {', '.join(package.city_ids)}")
    return city


class OneCity(Parameters):
    """A notebook about one city."""

    city: Text = Field("benxi", description="city_id of the city (see data/cities.csv)")

    @field_validator("city")
    @classmethod
    def _is_known(cls, city: str, info: ValidationInfo) -> str:
        return _known_city(city, info)

    @property
    def places(self) -> list[str]:
        return [self.city]


class SeveralCities(Parameters):
    """A notebook about several cities."""

    cities: Annotated[list[Text], BeforeValidator(_as_list)] = Field(
        [], description="city_ids, a list or separated by commas; empty for every city"
    )

    @field_validator("cities")
    @classmethod
    def _are_known(cls, cities: list[str], info: ValidationInfo) -> list[str]:
        return [_known_city(city, info) for city in dict.fromkeys(cities)] or _package(info).city_ids

    @property
    def places(self) -> list[str]:
        return self.cities


class RankedCities(SeveralCities):
    """A notebook that ranks several cities."""

    framework: Text = Field(
        "air_and_water", description="framework_id of the index (see data/frameworks.csv)"
    )

    @field_validator("framework")
    @classmethod
    def _is_known_framework(cls, framework: str, info: ValidationInfo) -> str:
        package = _package(info)
        if not package.records("frameworks", framework_id=framework):
            known = package["frameworks"]["framework_id"].unique()
            raise ValueError(f"no framework is called {framework!r}; valid ones are {', '.join(known)}")
        return framework


class ReviewedCandidates(SeveralCities):
    """The notebook in which candidates are judged."""

    candidates: Text = Field("", description="table that ecobrief read wrote; empty for a made-up sample")
    documents: Text = Field(
        "", description="folder with the documents, where they do not lie as the table names them"
    )


NOTEBOOKS: dict[str, type[OneCity] | type[SeveralCities]] = {
    "start_here": SeveralCities,
    "ingest": SeveralCities,
    "air_quality": SeveralCities,
    "forest_cover": SeveralCities,
    "surface_water": SeveralCities,
    "targets_and_projects": SeveralCities,
    "policy_mix": SeveralCities,
    "two_mountains": SeveralCities,
    "ranking_and_robustness": RankedCities,
    "data_audit": SeveralCities,
    "review": ReviewedCandidates,
    "brief_city": OneCity,
    "brief_comparison": SeveralCities,
}


def check(notebook: str, defined: Mapping[str, Any], package: DataPackage) -> OneCity | SeveralCities:
    """The parameters of a notebook, typed.

    Args:
        notebook: its name without .ipynb.
        defined: the notebook's `globals()`, or only the parameters.
        package: where cities and frameworks are looked up.

    Raises:
        ParameterError: an unknown name, or a value that is not valid; one line.
    """
    model = NOTEBOOKS[notebook]
    given = {name: value for name, value in defined.items() if name in model.model_fields}
    # Where the notebook has run before in this kernel, its own names stand among those defined.
    ran_before = any(isinstance(value, Parameters) for value in defined.values())
    for name, value in defined.items():
        if name not in given and _is_parameter(name, value) and not ran_before:
            near = difflib.get_close_matches(name, model.model_fields, 1)
            meant = f" (did you mean {near[0]}?)" if near else ""
            raise ParameterError(
                f"{notebook} has no parameter {name}{meant}; it has {', '.join(model.model_fields)}"
            )
    try:
        return model.model_validate(given, context={"package": package})
    except ValidationError as error:
        first = error.errors()[0]
        raise ParameterError(f"{first['loc'][0]} = {first['input']!r}: {_plainly(first)}") from None


def _is_parameter(name: str, value: Any) -> bool:
    """Whether a name of a notebook's globals may come from a parameters cell: papermill sets plain values only."""
    return not (name.startswith("_") or name in IPYTHON_NAMES) and isinstance(value, INJECTABLE)


def _plainly(error: Mapping[str, Any]) -> str:
    message = str(error["msg"]).removeprefix("Value error, ")
    return message[:1].lower() + message[1:]
