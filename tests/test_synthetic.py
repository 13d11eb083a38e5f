"""Made-up data packages: sound, large as asked, always the same, and not to be taken for real."""

from __future__ import annotations

import csv
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from ecobrief import datapackage, documents, provenance
from ecobrief.datapackage import DataPackage

ROOT = Path(__file__).resolve().parents[1]
SCRIPT = ROOT / "tools" / "synthetic.py"
ASKED = ("--cities", "50", "--years", "1", "--observations", "1000")


def write(folder: Path, *asked: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(SCRIPT), str(folder), *asked]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("synthetic")
    assert write(out / "data", *ASKED, "--documents", str(out / "documents")).returncode == 0
    return out


@pytest.fixture(scope="module")
def package(folder: Path) -> DataPackage:
    """Loading checks it: a fault would be an error here."""
    return datapackage.load(folder / "data")


def test_every_table_has_rows_and_there_are_as_many_figures_as_asked(package: DataPackage) -> None:
    assert all(len(package[table]) for table in package.tables)
    assert len(package["observations"]) == 1000
    assert len(package["identities"]) >= 1000 / 25


def test_every_span_stands_in_the_texts(folder: Path, package: DataPackage) -> None:
    looked_up = provenance.verify(package, documents.held(folder / "documents"))
    assert len(looked_up) > 1000
    assert set(looked_up["result"]) == {"found"}


def test_the_same_arguments_give_the_same_bytes_and_another_seed_others(folder: Path, tmp_path: Path) -> None:
    write(tmp_path / "again", *ASKED)
    write(tmp_path / "other", *ASKED, "--seed", "2")
    assert files(tmp_path / "again") == files(folder / "data")
    assert files(tmp_path / "other")["observations.csv"] != files(folder / "data")["observations.csv"]


def test_rows_stand_as_they_are_saved(package: DataPackage, tmp_path: Path) -> None:
    for resource in package.descriptor["resources"]:
        key = resource["schema"]["primaryKey"]
        rows = package[resource["name"]]
        assert rows[key].equals(rows.sort_values(key, kind="stable")[key]), resource["name"]


def test_nothing_can_be_taken_for_real(package: DataPackage) -> None:
    assert package.version.startswith("0.0.0-synthetic")
    cities, sources = package["cities"], package["sources"]
    assert cities["name_en"].str.startswith("Synthetic City ").all()
    assert cities["name_zh"].str.startswith("合成市").all()
    assert cities["province_en"].str.startswith("Synthetic Province ").all()
    # 81 and 82 begin the highest codes of GB/T 2260.
    assert cities["adcode"].str.startswith("9").all()
    assert sources["label_en"].str.startswith("Synthetic ").all()
    assert sources["note_zh"].str.contains("合成").all()
    assert sources.loc[sources["url"] != "", "url"].str.startswith("https://synthetic.invalid/").all()
    with (ROOT / "data" / "cities.csv").open(encoding="utf-8", newline="") as file:
        real = {row["name_zh"].removesuffix("市") for row in csv.DictReader(file)}
    everything = "".join(package["observations"]["evidence"]) + "".join(sources["title"])
    assert not [name for name in real if name in everything]


def test_figures_are_as_difficult_as_those_of_texts(package: DataPackage) -> None:
    figures = package["observations"]
    assert {"about", "at_least", "range"} <= set(figures["qualifier"])
    assert {"level", "change", "rank"} <= set(figures["measure"])
    assert {"observed", "target"} <= set(figures["status"])
    assert (figures["repeats"] != "").any()
    assert (figures["period"] == "").any()
    assert (figures["value_text"] != "").any()
    silent = set(package["cities"]["city_id"]) - set(figures["city_id"])
    assert silent == {"synthetic_0050"}
    quantity = ["city_id", "indicator_id", "status", "measure", "period", "place"]
    first = figures[(figures["repeats"] == "") & (figures["period"] != "")]
    assert (first.groupby(quantity)["value"].nunique() > 1).any()


def test_provinces_have_ten_to_thirty_cities(package: DataPackage) -> None:
    sizes = Counter(package["cities"]["province_id"])
    assert len(sizes) > 1
    assert all(10 <= size <= 30 for size in sizes.values())


def test_it_does_not_write_over_a_package_that_is_not_synthetic(tmp_path: Path) -> None:
    (tmp_path / "datapackage.json").write_text('{"name": "ecobrief"}', encoding="utf-8")
    refused = write(tmp_path)
    assert refused.returncode == 2
    assert "not synthetic" in refused.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["datapackage.json"]
