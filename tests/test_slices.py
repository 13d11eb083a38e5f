"""What is asked of a data package is noted as slices of its tables; a change of a row touches the slices it lies in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import made
from ecobrief import datapackage
from ecobrief.datapackage import DataPackage, Slice
from ecobrief.datapackage.slices import Change, changed, first_touch, noting, touches

OF_ALPHA: Slice = ("observations", (("city_id", "alpha"),))
OF_BETA: Slice = ("observations", (("city_id", "beta"),))
OF_CHINA: Slice = ("benchmarks", (("place_id", "china"),))


@pytest.fixture
def package() -> DataPackage:
    return made.package(
        observations=[{}, {"indicator_id": "days", "unit": "天"}, {"city_id": "beta"}], benchmarks=[{}]
    )


@contextmanager
def asks(*expected: Slice) -> Iterator[None]:
    """The block asks for these slices and no others."""
    with noting() as noted:
        yield
    assert noted == set(expected)


# Noting


def test_rows_are_noted_by_what_they_are_asked_by(package: DataPackage) -> None:
    with asks(OF_ALPHA):
        package.rows("observations", city_id="alpha")
    with asks(("observations", (("city_id", "alpha"), ("indicator_id", "days")))):
        package.records("observations", indicator_id="days", city_id="alpha")
    with asks(("cities", (("city_id", "beta"),))):
        package.record("cities", "beta")
    with asks(("cities", ())):
        package["cities"]


def test_several_values_of_a_column_are_a_slice_each(package: DataPackage) -> None:
    with asks(OF_ALPHA, OF_BETA):
        package.rows("observations", city_id=["alpha", "beta", "alpha"])


def test_what_several_tables_hold_is_noted_as_slices_of_each(package: DataPackage) -> None:
    with asks(OF_ALPHA, ("benchmarks", (("place_id", "alpha"),))):
        package.records("figures", place_id="alpha")
    with asks(("observations", ()), ("benchmarks", ())):
        assert len(package.figures) == 4
    with noting() as noted:
        package.records("named", id="page.p001")
    assert ("policies", (("policy_id", "page.p001"),)) in noted
    assert ("zones", (("zone_id", "page.p001"),)) in noted


def test_what_is_not_there_was_asked_for_all_the_same(package: DataPackage) -> None:
    with asks(("cities", (("city_id", "omega"),))), pytest.raises(KeyError):
        package.record("cities", "omega")


def test_an_inner_block_hands_on_what_it_noted(package: DataPackage) -> None:
    with asks(OF_ALPHA, OF_BETA):
        package.rows("observations", city_id="alpha")
        with asks(OF_BETA):
            package.rows("observations", city_id="beta")


def test_what_was_asked_before_an_error_is_noted_by_the_block_around_it(package: DataPackage) -> None:
    with asks(OF_ALPHA), pytest.raises(ZeroDivisionError), noting():
        assert 1 / len(package.rows("observations", city_id="alpha")[:0])
    with noting() as later:
        pass
    assert later == set()


# What is kept


def test_what_is_kept_is_computed_once_and_notes_each_time_what_it_asked_for(package: DataPackage) -> None:
    computed = []

    def compute() -> int:
        computed.append(1)
        return len(package.rows("observations", city_id="alpha"))

    for _ in range(3):
        with asks(OF_ALPHA):
            assert package.kept("number", compute) == 2
    assert len(computed) == 1


def test_what_is_kept_inside_of_something_kept_is_noted_for_both(package: DataPackage) -> None:
    def inner() -> int:
        return package.kept("inner", lambda: len(package.rows("observations", city_id="beta")))

    def outer() -> int:
        return inner() + len(package.rows("observations", city_id="alpha"))

    with asks(OF_BETA):
        inner()
    for _ in range(2):
        with asks(OF_ALPHA, OF_BETA):
            assert package.kept("outer", outer) == 3
    with asks(OF_BETA):
        inner()


def test_what_failed_is_not_kept(package: DataPackage) -> None:
    with asks(OF_ALPHA), pytest.raises(ZeroDivisionError):
        package.kept("share", lambda: 1 // len(package.rows("observations", city_id="alpha")[:0]))
    assert package.kept("share", lambda: 1) == 1


def counted(package: DataPackage) -> dict[str, int]:
    return {city: len(package.rows("observations", city_id=city)) for city in package.city_ids}


def test_what_rests_on_all_cities_is_noted_as_the_value_of_one(package: DataPackage) -> None:
    for city, count in (("alpha", 2), ("beta", 1)):
        with asks(("=number of figures", (("place", city),))):
            assert package.across("number of figures", city, lambda: counted(package)) == count
    with pytest.raises(KeyError):
        package.across("number of figures", "omega", lambda: counted(package))


def test_what_is_kept_while_all_cities_are_computed_is_noted_when_it_is_asked_for_later(
    package: DataPackage,
) -> None:
    def of_alpha() -> int:
        return package.kept("alpha", lambda: len(package.rows("observations", city_id="alpha")))

    with asks(("=all", (("place", "alpha"),))):
        package.across("all", "alpha", lambda: {"alpha": of_alpha()})
    with asks(OF_ALPHA):
        of_alpha()


def test_a_digest_moves_with_the_value_of_its_city_alone() -> None:
    digests = []
    for more in ([], [{"city_id": "beta"}]):
        package = made.package(observations=[{}, *more])
        package.across("number", "alpha", lambda package=package: counted(package))
        digests.append(package.across_digests())
    before, after = digests
    moved = {key for key in before if before[key] != after[key]}
    assert moved == {("number", "beta")}


def test_who_asks_which_cities_there_are_rests_on_nothing_else_of_them() -> None:
    with noting() as noted:
        digests = []
        for note in ("", "a note"):
            cities = [{**row, "note_en": note} for row in made.TABLES["cities"]]
            package = made.package(cities=cities)
            assert package.city_ids == list(made.CITIES)
            digests.append(package.across_digests())
    assert noted == {("=list of cities", (("place", ""),))}
    assert digests[0] == digests[1]


# Changes


CELL = st.sampled_from(["", "a", "b", "c"])
ROWS = st.dictionaries(st.sampled_from("123456"), st.tuples(CELL, CELL), max_size=6)
COLUMNS = ("key", "city", "value")


def frame(rows: dict[str, tuple[str, str]]) -> pd.DataFrame:
    return pd.DataFrame([(key, *cells) for key, cells in rows.items()], columns=COLUMNS, dtype=object)


def in_slice(row: dict[str, str], of: tuple[tuple[str, str], ...]) -> bool:
    return all(row[column] == value for column, value in of)


@given(old=ROWS, new=ROWS)
def test_every_row_that_differs_is_a_change_with_its_cells_and_its_place(
    old: dict[str, tuple[str, str]], new: dict[str, tuple[str, str]]
) -> None:
    found = {change.key: change for change in changed({"t": frame(old)}, {"t": frame(new)})}
    assert set(found) == {key for key in {*old, *new} if old.get(key) != new.get(key)}
    for key, change in found.items():
        then, now = (
            dict(zip(COLUMNS, (key, *rows[key]), strict=True)) if key in rows else None for rows in (old, new)
        )
        assert (change.old, change.new) == (then, now)
        assert change.row == (list(new).index(key) + 2 if key in new else None)
        both = then is not None and now is not None
        assert change.columns == (
            {c: (then[c], now[c]) for c in COLUMNS if then[c] != now[c]} if both else {}  # type: ignore[index]
        )


@given(old=ROWS, new=ROWS, city=CELL, value=CELL, wide=st.sampled_from([(), (0,), (1,), (0, 1)]))
def test_a_slice_is_touched_where_its_rows_are_no_longer_the_same(
    old: dict[str, tuple[str, str]],
    new: dict[str, tuple[str, str]],
    city: str,
    value: str,
    wide: tuple[int, ...],
) -> None:
    of = tuple((("city", city), ("value", value))[number] for number in wide)
    asked: Slice = ("t", of)
    rows = (
        {
            key: cells
            for key, cells in state.items()
            if in_slice(dict(zip(COLUMNS, (key, *cells), strict=True)), of)
        }
        for state in (old, new)
    )
    then, now = rows
    changes = changed({"t": frame(old)}, {"t": frame(new)})
    touching = [change for change in changes if touches(asked, change)]
    assert bool(touching) == (then != now)
    assert first_touch(changes)(asked) == (touching[0] if touching else None)
    assert not any(touches(("other", of), change) for change in changes)


def test_a_row_that_moved_to_another_city_touches_both() -> None:
    old, new = (made.package(observations=[{"city_id": city}]).tables for city in ("alpha", "beta"))
    (change,) = changed(old, new)
    assert change.columns == {"city_id": ("alpha", "beta")}
    assert touches(OF_ALPHA, change)
    assert touches(OF_BETA, change)
    assert not touches(OF_CHINA, change)


def test_a_key_of_several_columns_and_whole_numbers_are_told_as_they_stand_in_the_file() -> None:
    context = {"observation_id": "page.001", "role": "unit", "start": "7", "end": "9", "evidence": "两处"}
    tables = [
        made.package(contexts=[{**context, "role": "label"}, {**context, "end": end}]).tables
        for end in ("9", "")
    ]
    (change,) = changed(*tables)
    assert isinstance(change, Change)
    assert (change.table, change.key, change.row) == ("contexts", "page.001, unit", 3)
    assert change.columns == {"end": ("9", "")}
    assert change.old is not None
    assert change.old["start"] == "7"


def test_a_table_that_was_not_there_is_all_new() -> None:
    tables = made.package(observations=[{}, {}]).tables
    without = {name: table for name, table in tables.items() if name != "observations"}
    assert [(change.key, change.old) for change in changed(without, tables)] == [
        ("page.001", None),
        ("page.002", None),
    ]


# One package for all that asks


def test_a_package_that_is_kept_is_what_its_folder_gives_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(datapackage.store, "_kept", {})
    one, other = (made.write(tmp_path / name, observations=[{}]) for name in ("one", "other"))
    package = datapackage.load(one)
    assert datapackage.load(one) is not package
    datapackage.keep(package)
    monkeypatch.chdir(tmp_path)
    assert datapackage.load(one) is datapackage.load("one") is package
    assert datapackage.load(other) is not package
    saved = datapackage.save(package, {"observations": package["observations"].assign(value="12.5")})
    assert list(saved["observations"]["value"]) == ["12.5"]
