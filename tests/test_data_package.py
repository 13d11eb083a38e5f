"""The data package: how it is found, read as text, asked for names, and written back whole."""

from __future__ import annotations

import json
import shutil
from hashlib import sha256
from pathlib import Path

import pandas as pd
import pytest

import made
from ecobrief import datapackage
from ecobrief.datapackage import TIERS, DataFaults, DataPackage, Fault, NoDataPackage
from ecobrief.wording import Term

SHIPPED = Path(__file__).resolve().parents[1] / "data"
AWKWARD = [
    "NA",
    "null",
    "nan",
    "76.30",
    "007",
    "a,b",
    'in "quotes"',
    "two\nlines",
    "=1+1",
    " blanks ",
    "真\u3000空",
]


def loaded(folder: Path, **tables: list[dict[str, str]]) -> DataPackage:
    return datapackage.load(made.write(folder, **tables))


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


# The shipped data


def test_the_shipped_data_keeps_its_own_rules() -> None:
    assert list(map(str, datapackage.examine(SHIPPED)[1])) == []


def test_saving_the_shipped_tables_changes_no_byte_of_them(tmp_path: Path) -> None:
    shutil.copytree(SHIPPED, tmp_path, dirs_exist_ok=True)
    package = datapackage.load(tmp_path)
    datapackage.save(package, package.tables)
    assert bytes_of(tmp_path) == bytes_of(SHIPPED)


def test_the_kinds_of_source_are_those_of_the_schema_in_their_order() -> None:
    sources = next(r for r in datapackage.load(SHIPPED).descriptor["resources"] if r["name"] == "sources")
    (tier,) = (field for field in sources["schema"]["fields"] if field["name"] == "tier")
    assert list(TIERS) == tier["constraints"]["enum"]


# Finding


def test_the_variable_names_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    named, beside = made.write(tmp_path / "named"), made.write(tmp_path / "project" / "data")
    monkeypatch.setenv("ECOBRIEF_DATA", str(named))
    assert datapackage.find(beside.parent) == named
    monkeypatch.delenv("ECOBRIEF_DATA")
    assert datapackage.find(beside.parent) == beside


def test_a_variable_that_names_no_package_is_an_error_and_not_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = made.write(tmp_path / "project" / "data").parent
    monkeypatch.setenv("ECOBRIEF_DATA", str(tmp_path))
    with pytest.raises(NoDataPackage, match=r"ECOBRIEF_DATA names .* which holds no datapackage\.json"):
        datapackage.find(project)


def test_without_a_variable_the_nearest_parent_with_a_package_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ECOBRIEF_DATA", raising=False)
    made.write(tmp_path / "data")
    nearer = made.write(tmp_path / "project" / "data")
    notebooks = tmp_path / "project" / "notebooks" / "deep"
    notebooks.mkdir(parents=True)
    assert datapackage.find(notebooks) == nearer
    monkeypatch.chdir(notebooks)
    assert datapackage.find() == nearer


def test_a_folder_data_without_a_schema_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ECOBRIEF_DATA", raising=False)
    package = made.write(tmp_path / "data")
    (tmp_path / "project" / "data").mkdir(parents=True)
    assert datapackage.find(tmp_path / "project") == package


def test_where_no_parent_has_a_package_the_message_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ECOBRIEF_DATA", raising=False)
    with pytest.raises(NoDataPackage, match="set ECOBRIEF_DATA to the folder of the data package"):
        datapackage.find(tmp_path)
    with pytest.raises(NoDataPackage, match=r"holds no datapackage\.json"):
        datapackage.load(tmp_path)


# Reading


def test_a_value_keeps_every_printed_digit(tmp_path: Path) -> None:
    package = loaded(tmp_path, observations=[{"value": "76.30"}, {"value": "0"}])
    assert list(package["observations"]["value"]) == ["76.30", "0"]


def test_text_that_looks_like_nothing_stays_text(tmp_path: Path) -> None:
    package = loaded(tmp_path, observations=[{"note_en": text, "note_zh": ""} for text in AWKWARD])
    assert list(package["observations"]["note_en"]) == AWKWARD
    assert set(package["observations"]["note_zh"]) == {""}


def test_whole_numbers_are_numbers_and_an_empty_one_is_missing(tmp_path: Path) -> None:
    package = loaded(
        tmp_path,
        sources=[made.held_source(), {"source_id": "page"}],
        observations=[made.printed("96.2%"), {}],
    )
    start = package["observations"]["start"]
    assert start.iloc[0] == made.TEXT.index("96.2%")
    assert start.isna().tolist() == [False, True]
    assert package["indicators"]["direction"].tolist() == [1, 1, 0, 0, -1]


def test_columns_are_found_in_whatever_order_they_stand(tmp_path: Path) -> None:
    folder = made.write(tmp_path, observations=[{}])
    expected = datapackage.load(folder)["observations"]
    turned = pd.read_csv(folder / "observations.csv", dtype=str, keep_default_na=False).iloc[:, ::-1]
    turned.to_csv(folder / "observations.csv", index=False)
    pd.testing.assert_frame_equal(datapackage.load(folder)["observations"], expected)


# Asking


@pytest.fixture(scope="module")
def package() -> DataPackage:
    return made.package(observations=[{}], benchmarks=[{}])


def test_a_city_a_province_and_the_country_have_their_names(package: DataPackage) -> None:
    assert package.place_name("alpha") == Term("甲市", "Alpha")
    assert package.place_name("province") == Term("某省", "Province")
    assert package.place_name("china") == Term("全国", "China")
    with pytest.raises(KeyError):
        package.place_name("omega")


def test_a_row_is_had_by_its_key(package: DataPackage) -> None:
    assert package.record("indicators", "days").unit == "day"
    with pytest.raises(KeyError):
        package.record("indicators", "nights")


def test_figures_are_observations_and_benchmarks_with_the_place_of_each(package: DataPackage) -> None:
    assert package.figures["place_id"].to_dict() == {"page.001": "alpha", "bench.001": "china"}


def test_families_stand_in_the_order_of_the_schema_with_their_indicators(package: DataPackage) -> None:
    assert package.families == ["air", "forest"]
    assert package.indicators_of("forest") == ["cover", "area"]
    assert package.indicators_of("forest", "air") == ["cover", "area", "ratio", "days", "pollution"]


def test_a_printed_name_has_its_english_name_whatever_blanks_are_printed_in_it() -> None:
    given = made.package(names=[{"name_zh": "林业局", "name_en": "Forestry bureau"}])
    assert given.name("林 业\u3000局") == Term("林业局", "Forestry bureau")
    assert given.name("水务局") == Term("水务局", "水务局")


def test_a_project_has_at_its_first_print_what_only_its_repetitions_print() -> None:
    again = {"repeats": "page.j001"}
    given = made.package(
        projects=[
            {"period": "2020", "quantities": "page.001"},
            {**again, "period": "2021", "code": "A1", "districts": "甲县"},
            {**again, "code": "A2", "quantities": "page.002"},
            {"city_id": "beta"},
        ]
    )
    (row,) = given.first_prints("projects", ["alpha"])
    assert (row.project_id, row.period, row.code) == ("page.j001", "2020", "A1")
    assert (row.districts, row.quantities) == ("甲县", "page.001;page.002")
    both = given.first_prints("projects", ["beta", "alpha"])
    assert [row.project_id for row in both] == ["page.j001", "page.j004"]
    assert given["projects"]["code"].tolist() == ["", "A1", "A2", ""]


EVERYTHING = {
    "policies": [{"period": "2021"}],
    "projects": [{}],
    "zones": [{"note_en": "A note"}],
    "contradictions": [{}],
    "requirements": [{}],
}


def test_all_that_is_named_is_had_by_its_identifier() -> None:
    named = made.package(**EVERYTHING).named
    assert named["table"].to_dict() == {
        "page.p001": "policies",
        "page.j001": "projects",
        "page.z001": "zones",
        "page.x001": "contradictions",
        "page.r001": "requirements",
    }
    assert named["period"].tolist() == ["2021", "", "", "", ""]
    assert named["name_en"].iloc[3] == "Two places differ"
    assert named.at["page.z001", "note_en"] == "A note"
    assert named.at["page.x001", "repeats"] == ""


def test_everything_that_is_printed_somewhere_has_a_span_with_its_role_and_source() -> None:
    context = {
        "observation_id": "page.x001",
        "role": "contrast",
        "start": "7",
        "end": "9",
        "evidence": "两处",
    }
    spans = made.package(
        observations=[{}],
        benchmarks=[{}],
        listings=[{}, {"evidence": "乙"}],
        contexts=[context, {**context, "observation_id": "page.001", "role": "period"}],
        **EVERYTHING,
    ).spans
    told = [tuple(row) for row in spans[["table", "id", "role"]].itertuples(index=False)]
    assert told == [
        ("observations", "page.001", "evidence"),
        ("benchmarks", "bench.001", "evidence"),
        ("policies", "page.p001", "evidence"),
        ("projects", "page.j001", "evidence"),
        ("zones", "page.z001", "evidence"),
        ("contradictions", "page.x001", "evidence"),
        ("requirements", "page.r001", "evidence"),
        ("listings", "page.l01.1", "evidence"),
        ("listings", "page.l01.2", "evidence"),
        ("contexts", "page.x001", "contrast"),
        ("contexts", "page.001", "period"),
    ]
    assert set(spans["source_id"]) == {"page"}
    assert (spans["start"].iloc[-1], spans["evidence"].iloc[-1]) == (7, "两处")


def test_cities_version_and_cut_off_are_those_of_the_files(package: DataPackage) -> None:
    descriptor = json.loads(made.SCHEMA.read_text(encoding="utf-8"))
    assert package.city_ids == list(made.CITIES)
    assert (package.version, package.cut_off) == (descriptor["version"], descriptor["cut_off"])


def test_a_hash_is_that_of_the_file(tmp_path: Path) -> None:
    hashes = loaded(tmp_path, observations=[{}]).hashes()
    assert hashes["observations"] == sha256((tmp_path / "observations.csv").read_bytes()).hexdigest()
    assert list(hashes) == sorted(path.stem for path in tmp_path.glob("*.csv"))


# Writing


def test_saving_sorts_by_key_and_returns_what_is_now_there(tmp_path: Path) -> None:
    package = loaded(tmp_path, observations=[{}, {"value": "76.30"}, {}])
    saved = datapackage.save(package, {"observations": package["observations"].iloc[::-1]})
    assert list(saved["observations"]["observation_id"]) == ["page.001", "page.002", "page.003"]
    pd.testing.assert_frame_equal(saved["observations"], package["observations"])
    lines = (tmp_path / "observations.csv").read_bytes().splitlines()
    assert [line.partition(b",")[0] for line in lines[1:]] == [b"page.001", b"page.002", b"page.003"]


def test_a_saved_table_is_utf_8_without_a_mark_with_line_feeds_and_quotes_where_needed(
    tmp_path: Path,
) -> None:
    package = loaded(tmp_path, observations=[{"note_zh": "甲,乙", "note_en": "plain"}])
    datapackage.save(package, {"observations": package["observations"]})
    written = (tmp_path / "observations.csv").read_bytes()
    assert written.startswith(b"observation_id,")
    assert b"\r" not in written
    assert written.endswith('"甲,乙",plain\n'.encode())


def test_saving_keeps_every_cell_as_it_is(tmp_path: Path) -> None:
    package = loaded(
        tmp_path,
        sources=[made.held_source(), {"source_id": "page"}],
        observations=[made.printed("96.2%"), *({"note_en": text} for text in AWKWARD)],
    )
    saved = datapackage.save(package, package.tables)
    for table in ("sources", "observations"):
        pd.testing.assert_frame_equal(saved[table], package[table])


def test_saving_twice_writes_the_same_bytes(tmp_path: Path) -> None:
    package = loaded(tmp_path, observations=[{"note_en": text} for text in AWKWARD])
    saved = datapackage.save(package, package.tables)
    once = bytes_of(tmp_path)
    datapackage.save(saved, saved.tables)
    assert bytes_of(tmp_path) == once


def test_saving_a_fault_writes_nothing_and_names_it(tmp_path: Path) -> None:
    package = loaded(tmp_path, observations=[{}, {}])
    before = bytes_of(tmp_path)
    cities = package["cities"].assign(note_en="sound")
    observations = package["observations"].assign(value=["96.2", "120"])
    with pytest.raises(DataFaults, match=r'observations\.csv row 3, column value: "120" lies beyond'):
        datapackage.save(package, {"cities": cities, "observations": observations})
    assert bytes_of(tmp_path) == before


def test_saving_some_tables_leaves_the_others_alone(tmp_path: Path) -> None:
    package = loaded(tmp_path, observations=[{}])
    before = bytes_of(tmp_path)
    datapackage.save(package, {"cities": package["cities"].assign(note_en="new")})
    now = bytes_of(tmp_path)
    assert {name for name in now if now[name] != before.get(name)} == {"cities.csv"}


# Adding rows


def appended(folder: Path, *values: str) -> DataPackage:
    """The package with one more observation for each value."""
    package = loaded(folder, observations=[{"value": "10"}, {"value": "20"}])
    row = dict(zip(package["observations"], package["observations"].astype(str).iloc[0], strict=True))
    row |= {"start": "", "end": "", "evidence": "96.2%"}
    rows = [row | {"observation_id": f"page.{value}", "value": "96.2"} for value in values]
    return datapackage.append(package, {"observations": rows})


def test_an_added_row_stands_where_the_order_has_it_and_no_other_byte_changes(tmp_path: Path) -> None:
    before = (
        made.write(tmp_path, observations=[{"value": "10"}, {"value": "20"}]) / "observations.csv"
    ).read_bytes()
    saved = appended(tmp_path, "0015", "099")
    assert list(saved["observations"]["observation_id"]) == ["page.001", "page.0015", "page.002", "page.099"]
    lines = (tmp_path / "observations.csv").read_bytes().splitlines(keepends=True)
    assert b"".join([lines[0], lines[1], lines[3]]) == before


def test_a_row_that_breaks_a_rule_is_not_added(tmp_path: Path) -> None:
    package = loaded(tmp_path)
    before = bytes_of(tmp_path)
    city = dict.fromkeys(package["cities"], "") | {"city_id": "New City"}
    with pytest.raises(
        DataFaults, match=r'cities.csv row \d+, column city_id: "New City" has not the form asked for'
    ):
        datapackage.append(package, {"cities": [city]})
    assert bytes_of(tmp_path) == before


def test_a_table_that_was_changed_meanwhile_is_not_written_over(tmp_path: Path) -> None:
    package = loaded(tmp_path)
    table = tmp_path / "cities.csv"

    def edited(_: DataPackage) -> list[Fault]:
        table.write_bytes(table.read_bytes().replace("甲市".encode(), "乙市".encode(), 1))
        return []

    row = {name: str(cell) for name, cell in package["cities"].iloc[0].items()} | {"city_id": "omega"}
    with pytest.raises(DataFaults, match="was changed by someone else meanwhile"):
        datapackage.append(package, {"cities": [row]}, edited)
    assert b"omega" not in table.read_bytes()


def test_a_line_break_inside_a_cell_ends_no_row(tmp_path: Path) -> None:
    noted = [{"note_en": 'two\nlines, "quoted"'}, {}]
    package = loaded(tmp_path, observations=noted)
    before = (tmp_path / "observations.csv").read_bytes()
    row = {
        name: "" if str(cell) == "<NA>" else str(cell)
        for name, cell in package["observations"].iloc[1].items()
    }
    datapackage.append(package, {"observations": [row | {"observation_id": "page.003"}]})
    after = (tmp_path / "observations.csv").read_bytes()
    assert after.startswith(before)
    assert after[len(before) :].count(b"\n") == 1
