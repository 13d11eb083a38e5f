"""Small data packages made for tests: every row has sound defaults, a test says only what it is about."""

from __future__ import annotations

import csv
import json
import tempfile
from dataclasses import replace
from functools import cache
from pathlib import Path

import pandas as pd

from ecobrief import datapackage
from ecobrief.datapackage import DataPackage
from ecobrief.datapackage.columns import Column, Table
from ecobrief.documents import text_hash
from ecobrief.figures import Display

SCHEMA = Path(__file__).resolve().parents[1] / "data" / "datapackage.json"
CITIES = ("alpha", "beta", "gamma", "delta")
TEXT = "甲市2022年森林覆盖率达到76.30%，空气优良天数351天，优良天数比例96.2%。"
DEFAULTS = {
    "cities": {
        "level": "prefecture",
        "province_id": "province",
        "province_zh": "某省",
        "province_en": "Province",
        "adcode": "210500",
    },
    "indicators": {
        "family": "air",
        "role": "state",
        "name_zh": "指标",
        "name_en": "Indicator",
        "unit": "percent",
        "direction": "1",
        "extensive": "no",
        "stock_or_flow": "flow",
        "surveyed": "no",
        "valid_min": "0",
        "definition_zh": "定义",
        "definition_en": "definition",
        "period_tolerance_years": "0",
    },
    "definitions": {
        "name_zh": "定义",
        "name_en": "definition",
        "text_zh": "定义",
        "text_en": "definition",
        "bridge": "none",
    },
    "sources": {
        "kind": "web_page",
        "label_zh": "网页",
        "label_en": "Web page",
        "seen_on": "publisher",
        "retrieved": "2026-01-01",
        "tier": "official_bulletin",
    },
    "observations": {
        "city_id": "alpha",
        "indicator_id": "ratio",
        "status": "observed",
        "measure": "level",
        "period": "2022",
        "period_basis": "printed",
        "value": "96.2",
        "unit": "%",
        "qualifier": "exact",
        "network": "state_urban_sites",
        "denominator": "valid_days",
        "adjustment": "raw",
        "definition_version": "version_1",
        "source_id": "page",
        "evidence": "96.2%",
    },
    "coverage": {
        "city_id": "alpha",
        "source_id": "page",
        "indicator_id": "ratio",
        "result": "not_stated",
        "searched_on": "2026-01-01",
    },
    "targets": {"target_type": "binding", "target_form": "reach"},
    "instruments": {"name_zh": "补偿", "name_en": "Compensation"},
    "policies": {
        "city_id": "alpha",
        "kind": "instrument",
        "name_zh": "补偿办法",
        "name_en": "Compensation rules",
        "instrument_id": "compensation",
        "primary_type": "economic",
        "legal_force": "government_document",
        "level": "prefecture",
        "stage": "in_force",
        "target_group": "public",
        "themes": "water",
        "source_id": "page",
        "evidence": "补偿办法",
    },
    "projects": {
        "city_id": "alpha",
        "name_zh": "工程",
        "name_en": "Project",
        "stage": "planned",
        "source_id": "page",
        "evidence": "工程",
    },
    "zones": {
        "city_id": "alpha",
        "kind": "restoration_zone",
        "name_zh": "修复区",
        "name_en": "Restoration zone",
        "source_id": "page",
        "evidence": "修复区",
    },
    "listings": {"list_id": "page.l01", "open": "no", "source_id": "page", "evidence": "甲"},
    "identities": {"city_id": "alpha"},
    "frameworks": {"framework_id": "frame", "reason_zh": "理由", "reason_en": "reason"},
    "monitored": {
        "city_id": "alpha",
        "indicator_id": "days",
        "year": "2022",
        "standard": "hj633-2012",
        "definition_version": "version_1",
        "method": "station_hours",
        "hour_label": "ending",
        "first_day": "2022-01-01",
        "last_day": "2022-12-31",
        "days_in_year": "365",
        "valid_days": "365",
        "coverage": "1.0000",
        "days_at_most_100": "350",
        "days_at_most_100_low": "350",
        "days_at_most_100_high": "350",
        "days_above_100": "15",
        "good_days": "350",
        "good_day_ratio": "95.89",
        "annual": "yes",
        "review": "unreviewed",
        "tier": "monitoring",
        "source_id": "archive",
        "file_sha256": "0" * 64,
    },
    "contradictions": {
        "city_id": "alpha",
        "name_zh": "两处不一",
        "name_en": "Two places differ",
        "source_id": "page",
        "evidence": "一处",
    },
    "requirements": {
        "city_id": "alpha",
        "kind": "aspect",
        "name_zh": "要求",
        "name_en": "Requirement",
        "source_id": "page",
        "evidence": "要求",
    },
}
DEFAULTS["benchmarks"] = {**DEFAULTS["observations"], "place_id": "china"}
del DEFAULTS["benchmarks"]["city_id"]
NUMBERED = {
    "observations": ("observation_id", "page.{:03d}"),
    "benchmarks": ("observation_id", "bench.{:03d}"),
    "policies": ("policy_id", "page.p{:03d}"),
    "projects": ("project_id", "page.j{:03d}"),
    "zones": ("zone_id", "page.z{:03d}"),
    "listings": ("item", "{}"),
    "contradictions": ("contradiction_id", "page.x{:03d}"),
    "requirements": ("requirement_id", "page.r{:03d}"),
    "monitored": ("monitored_id", "alpha.{:03d}"),
}
"""Tables whose rows are numbered where they have no identifier."""
AIR = "definition_version;network;adjustment"
ENDOWMENT = {
    "family": "forest",
    "role": "endowment",
    "direction": "0",
    "stock_or_flow": "stock",
    "surveyed": "yes",
    "comparable_on": "definition_version",
    "period_tolerance_years": "5",
}
TABLES = {
    "cities": [
        {"city_id": city, "name_zh": name, "name_en": city.title()}
        for city, name in zip(CITIES, ("甲市", "乙市", "丙市", "丁市"), strict=True)
    ],
    "indicators": [
        {"indicator_id": "ratio", "valid_max": "100", "comparable_on": AIR},
        {"indicator_id": "days", "unit": "day", "valid_max": "366", "comparable_on": AIR},
        {**ENDOWMENT, "indicator_id": "cover", "valid_max": "100"},
        {**ENDOWMENT, "indicator_id": "area", "unit": "km2", "extensive": "yes"},
        {"indicator_id": "pollution", "unit": "ug/m3", "direction": "-1", "comparable_on": AIR},
    ],
    "definitions": [{"definition_version": name} for name in ("not_stated", "version_1", "version_2")],
    "sources": [{"source_id": "page"}],
}


def write(folder: Path, **tables: list[dict[str, str]]) -> Path:
    """A data package in `folder`: the tables given, with defaults in the cells that are not; other tables as in `TABLES`.

    Rows without an identifier are numbered: page.001, page.002, … for observations.
    """
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = json.loads(SCHEMA.read_text(encoding="utf-8"))
    (folder / "datapackage.json").write_text(json.dumps(descriptor, ensure_ascii=False), encoding="utf-8")
    for resource in descriptor["resources"]:
        name = resource["name"]
        columns = [field["name"] for field in resource["schema"]["fields"]]
        rows = tables.get(name, TABLES.get(name, []))
        with (folder / resource["path"]).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, lineterminator="\n")
            writer.writeheader()
            writer.writerows(completed(name, rows))
    return folder


def completed(table: str, rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """The rows with the defaults of their table, numbered in the tables of `NUMBERED`."""
    key, form = NUMBERED.get(table, ("", ""))
    numbers = [{key: form.format(number)} if key else {} for number in range(1, len(rows) + 1)]
    return [{**number, **DEFAULTS.get(table, {}), **row} for number, row in zip(numbers, rows, strict=True)]


def held_source(text: str = TEXT, **changes: str) -> dict[str, str]:
    """A row of sources for a held document with this text."""
    digest = text_hash(text)
    held = {
        "source_id": "document",
        "seen_on": "",
        "file_sha256": digest,
        "text_sha256": digest,
        "text_length": str(len(text)),
    }
    return {**held, "kind": "plan", "tier": "official_document", **changes}


def printed(evidence: str, text: str = TEXT, **changes: str) -> dict[str, str]:
    """A row of observations for `evidence` where it first stands in the text of `held_source`."""
    start = text.index(evidence)
    return {
        "source_id": "document",
        "evidence": evidence,
        "start": str(start),
        "end": str(start + len(evidence)),
        **changes,
    }


def coded_again(policies: list[dict[str, str]], *changes: dict[str, str]) -> list[dict[str, str]]:
    """Rows of second_codings for these policies: the second coder saw the same, but for the changes to the first ones."""
    fields = next(r for r in _sound().descriptor["resources"] if r["name"] == "second_codings")["schema"]
    columns = [field["name"] for field in fields["fields"]]
    more = [*changes, *({} for _ in policies[len(changes) :])]
    rows = ({**row, **change} for row, change in zip(completed("policies", policies), more, strict=True))
    return [{name: row.get(name, "") for name in columns} for row in rows]


def package(**tables: list[dict[str, str]]) -> DataPackage:
    """The same in memory, for tests of what is made of a sound package: its rows are typed but not checked."""
    sound = _sound()
    frames = {}
    for resource in sound.descriptor["resources"]:
        if (name := resource["name"]) in tables:
            fields = resource["schema"]["fields"]
            rows = completed(name, tables[name])
            columns = {field["name"]: [row.get(field["name"], "") for row in rows] for field in fields}
            whole = [field["name"] for field in fields if field["type"] == "integer"]
            frame = pd.DataFrame(columns, dtype=object)
            frames[name] = frame.assign(
                **{column: pd.to_numeric(frame[column]).astype("Int64") for column in whole}
            )
    return replace(sound, tables={**sound.tables, **frames})


def columns(**tables: list[dict[str, str]]) -> dict[str, Table]:
    """The same as columns of text, which is what rules are asked of."""
    return {
        name: {
            column: Column.read("" if pd.isna(cell) else str(cell) for cell in cells)
            for column, cells in frame.items()
        }
        for name, frame in package(**tables).tables.items()
    }


@cache
def _sound() -> DataPackage:
    with tempfile.TemporaryDirectory() as folder:
        return datapackage.load(write(Path(folder)))


def cells(display: Display) -> list[dict[str, str]]:
    """The cells of every row of a table."""
    assert display.kind == "table"
    return [dict(row.cells) for row in display.rows]


def said(display: Display) -> str:
    """The text of a sentence."""
    assert display.kind == "sentence"
    return display.rows[0].cells["text"]
