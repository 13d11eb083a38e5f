"""The entries that numbers lead to: what each says to a reader and to a machine, and which stand together."""

from __future__ import annotations

from typing import Any

import pytest

import made
from ecobrief import audit, compare
from ecobrief.datapackage import DataPackage
from ecobrief.figures import discrepancies, printed, projects, tables
from ecobrief.figures.display import ECOBRIEF_MIME, Display, sentence
from ecobrief.figures.entries import Entries
from ecobrief.figures.printed import Printed
from ecobrief.figures.rows import RECORD, Row
from ecobrief.figures.trail import Trail
from ecobrief.publish.display import read
from ecobrief.wording import LANGS, Lang, msg

TEXT = (
    "规划期2022年。甲市森林覆盖率达到76.30%，优良天数比例96.2%，另一处写95.1%。新建工程1200公顷，补偿办法。"
)
PLAN = made.held_source(
    TEXT,
    label_zh="规划",
    label_en="Plan",
    published="2021-06-05",
    title="规划全文",
    publisher="甲市人民政府",
    document_number="甲政发〔2021〕1号",
)
PAGE = {"source_id": "page", "label_zh": "网页", "label_en": "Web page", "published": "2023"}
COVER = made.printed("76.30%", TEXT, indicator_id="cover", value="76.30")
RATIO = made.printed("96.2%", TEXT)
OTHER = made.printed("95.1%", TEXT, value="95.1")


def package(*observations: dict[str, str], **more: list[dict[str, str]]) -> DataPackage:
    return made.package(**{"sources": [PAGE, PLAN], "observations": list(observations), **more})


def entry(given: DataPackage, name: str = "page.001", lang: Lang = "en", **more: Any) -> Row:
    (row,) = Entries(given, lang, **more).of([name])
    return row


# What an entry says to a reader


@pytest.mark.parametrize("lang", LANGS)
def test_a_figure_is_shown_as_printed_with_its_evidence_and_where_it_begins(lang: Lang) -> None:
    cells = entry(package(COVER), lang=lang).cells
    assert (cells["printed"], cells["evidence"]) == ("76.30 %", "76.30%")
    assert cells["place"] == str(TEXT.index("76.30%"))
    assert cells["what"] == {"en": "Alpha · Indicator", "zh": "甲市 · 指标"}[lang]
    assert cells["definition"] == {"en": "definition", "zh": "定义"}[lang]


def test_the_document_stands_apart_with_title_publisher_number_and_tier() -> None:
    cells = entry(package(COVER)).cells
    assert cells["document"] == "Plan (2021)"
    assert cells["imprint"] == "《规划全文》 · 甲市人民政府 · 甲政发〔2021〕1号"
    assert cells["tier"] == "official document"


def test_a_page_that_is_not_held_says_so_and_has_its_address_and_no_place() -> None:
    cells = entry(package({}, sources=[{**PAGE, "url": "https://example.org/a"}])).cells
    assert (cells["imprint"], cells["place"], cells["url"]) == ("page not held", "", "https://example.org/a")


def test_a_figure_in_words_is_its_words() -> None:
    cells = entry(package({"value": "", "unit": "", "value_text": "好", "evidence": "好"})).cells
    assert cells["printed"] == "好"


def test_a_definition_that_is_not_stated_is_named_so() -> None:
    assert entry(package({"definition_version": "not_stated"})).cells["definition"] == "definition not stated"


@pytest.mark.parametrize(
    ("basis", "told"),
    [("printed", "2022"), ("heading", "2022 (in a heading)"), ("inferred", "2022 (inferred)")],
)
def test_how_the_period_is_known_is_said_where_it_is_not_printed(basis: str, told: str) -> None:
    assert entry(package({"period_basis": basis})).cells["period"] == told


def test_the_place_that_a_page_is_about_is_not_named_and_others_are() -> None:
    given = package({}, {"city_id": "beta", "status": "target"})
    assert entry(given, home="alpha").cells["what"] == "Indicator"
    assert entry(given, "page.002", home="alpha").cells["what"] == "Beta · Indicator · target"


def test_what_tells_period_or_unit_elsewhere_has_its_places_and_the_name_does_not() -> None:
    spans = {role: made.printed(words, TEXT) for role, words in (("period", "2022年"), ("label", "覆盖率"))}
    contexts = [
        {"observation_id": "page.001", "role": role, **{k: span[k] for k in ("start", "end", "evidence")}}
        for role, span in spans.items()
    ]
    assert entry(package(COVER, contexts=contexts)).cells["context"] == f"period at {TEXT.index('2022年')}"


def test_a_rank_and_a_change_say_among_whom_and_against_which_year() -> None:
    given = package(
        {"measure": "rank", "value": "3", "unit": "位"},
        {"measure": "change", "value": "2.1", "unit": "个百分点"},
        {},
        ranks=[{"observation_id": "page.001", "rank_among": "province", "rank_n": "14"}],
        changes=[{"observation_id": "page.002", "compared_with": "2020"}],
    )
    assert entry(given).cells["details"] == "place 3 of 14 in Province"
    assert entry(given, "page.002").cells["details"] == "up 2.1 percentage points on 2020"


def test_where_nothing_but_ranks_is_printed_a_rank_has_its_entry() -> None:
    ranks = [{"observation_id": "page.001", "rank_among": "province", "rank_n": "14"}]
    row = entry(package({"measure": "rank", "value": "3", "unit": "位"}, ranks=ranks))
    assert row.cells["printed"] == "3 位"
    assert not {"canonical_value", "low", "high"} & set(row.record)


def test_a_note_and_what_a_print_repeats_are_told() -> None:
    given = package({}, {"repeats": "page.001", "note_en": "A table.", "note_zh": "表。"})
    assert entry(given, "page.002").cells["note"] == "A table; a repetition"


def test_figures_that_differ_lead_to_each_other() -> None:
    given = package(RATIO, OTHER)
    for name, other, value in (("page.001", "page.002", "95.1%"), ("page.002", "page.001", "96.2%")):
        row = entry(given, name)
        assert row.cells["conflict"] == f"also printed: {value}"
        assert row.doors == {"conflict": (other,)}
        assert row.observations == (name, other)
    assert entry(package(RATIO, {**OTHER, "period": "2021"})).cells["conflict"] == ""


def test_an_entry_says_what_the_audit_found_and_points_to_the_row_that_explains_it() -> None:
    given = package(
        RATIO,
        OTHER,
        {**COVER, "period": "2020"},
        identities=[
            {"identity_id": "differs", "kind": "one_fact", "terms": "first = page.001; second = page.002"}
        ],
    )
    found = tuple(audit.findings(given, ["alpha"]))
    row = entry(given, found=found)
    assert row.cells["finding"] == "inconsistent: one fact in two places"
    assert row.see == ("finding.differs",)
    (explained,) = discrepancies.disagreements(given, found, "en").rows
    assert explained.key in row.see
    untouched = entry(given, "page.003", found=found)
    assert (untouched.cells["finding"], untouched.see) == ("", ())


def test_an_entry_points_to_the_leader_of_a_cause_and_not_to_what_holds() -> None:
    terms = "first = page.001; second = page.002"
    same = {"kind": "one_fact", "terms": terms}
    identities = [
        {"identity_id": "differs", **same},
        {"identity_id": "again", **same, "cause": "differs"},
        {"identity_id": "holds", "kind": "one_fact", "terms": "first = page.001; second = page.001"},
    ]
    given = package(RATIO, OTHER, identities=identities)
    assert entry(given, found=tuple(audit.findings(given, ["alpha"]))).see == ("finding.differs",)


WORKS = made.printed("新建工程", TEXT, name_zh="新建工程", name_en="New works", quantities="page.001")
AREA = made.printed("1200公顷", TEXT, indicator_id="area", value="1200", unit="公顷")


def test_a_project_says_what_is_printed_of_it_and_its_quantities_are_doors() -> None:
    given = package(AREA, projects=[{**WORKS, "code": "A1", "period": "2021/2025", "districts": "甲县"}])
    row = entry(given, "page.j001")
    assert row.cells["printed"] == "A1 · New works"
    assert (row.cells["period"], row.cells["details"]) == ("2021–2025", "planned · 甲县")
    assert row.cells["quantities"] == "Indicator: 1200 ha"
    assert row.doors == {"quantities": ("page.001",)}
    assert (row.cells["evidence"], row.cells["place"]) == ("新建工程", str(TEXT.index("新建工程")))


def test_a_project_has_in_its_first_entry_what_only_a_repetition_prints() -> None:
    again = {**WORKS, "repeats": "page.j001", "code": "A1", "quantities": ""}
    given = package(AREA, projects=[WORKS, again])
    assert entry(given, "page.j001").cells["printed"] == "A1 · New works"
    assert entry(given, "page.j002").cells["note"] == f"repeats what is printed at {TEXT.index('新建工程')}"


def test_entries_stand_by_document_and_place_in_the_text() -> None:
    given = package(OTHER, {"source_id": "page"}, COVER)
    rows = Entries(given, "en").of(["page.002", "page.001", "page.003"])
    assert [row.observations[0] for row in rows] == ["page.003", "page.001", "page.002"]


def test_what_is_nowhere_in_the_data_has_no_entry() -> None:
    with pytest.raises(KeyError, match=r"nothing in the data package is called page\.008, page\.009"):
        Entries(package({}), "en").of(["page.009", "page.001", "page.008"])


# What an entry says to a machine


def test_a_record_has_the_codes_of_the_table_and_the_interval_of_the_reading() -> None:
    given = package({**COVER, "scope_printed": "全市"})
    assert entry(given).record == {
        "id": "page.001",
        "table": "observations",
        "city_id": "alpha",
        "indicator_id": "cover",
        "status": "observed",
        "measure": "level",
        "period": "2022",
        "period_basis": "printed",
        "value": "76.30",
        "unit": "%",
        "qualifier": "exact",
        "canonical_value": "76.3",
        "canonical_unit": "percent",
        "low": "76.295",
        "high": "76.305",
        "scope_printed": "全市",
        "network": "state_urban_sites",
        "denominator": "valid_days",
        "adjustment": "raw",
        "definition_version": "version_1",
        "source_id": "document",
        "start": COVER["start"],
        "end": COVER["end"],
        "evidence": "76.30%",
    }


def test_the_interval_of_a_record_holds_what_the_figure_conflicts_with() -> None:
    record = entry(package(RATIO, OTHER)).record
    assert (record["low"], record["high"]) == ("95.05", "96.25")


def test_values_are_in_the_unit_of_the_indicator_and_the_print_stays_as_it_is() -> None:
    record = entry(package(AREA)).record
    assert (record["value"], record["unit"]) == ("1200", "公顷")
    assert (record["canonical_value"], record["canonical_unit"]) == ("12", "km2")


def test_a_record_says_which_table_it_is_from() -> None:
    given = package(
        RATIO,
        benchmarks=[{"place_id": "china", "value": "86.5"}],
        projects=[{**WORKS, "quantities": ""}],
        monitored=[{"source_id": "page"}],
    )
    names = ["page.001", "bench.001", "page.j001", "alpha.001"]
    records = {row.observations[0]: row.record for row in Entries(given, "en").of(names)}
    assert [records[name]["table"] for name in names] == [
        "observations",
        "benchmarks",
        "projects",
        "monitored",
    ]
    assert records["bench.001"]["city_id"] == "china"
    assert (records["page.j001"]["value_text"], records["page.j001"]["start"]) == (
        "New works",
        WORKS["start"],
    )
    assert (records["alpha.001"]["value"], records["alpha.001"]["period"]) == ("350", "2022-01-01/2022-12-31")


@pytest.mark.parametrize("lang", LANGS)
def test_codes_are_the_same_in_both_languages(lang: Lang) -> None:
    assert entry(package(COVER), lang=lang).record == entry(package(COVER)).record


def test_a_target_and_a_repetition_have_records_too() -> None:
    given = package(RATIO, {"status": "target", "period": "2025"}, {"repeats": "page.001"})
    target, again = entry(given, "page.002").record, entry(given, "page.003").record
    assert (target["status"], target["low"], target["high"]) == ("target", "96.15", "96.25")
    assert (again["repeats"], again["value"]) == ("page.001", "96.2")


def test_a_page_reads_the_record_that_was_made() -> None:
    given = package({**COVER, "scope_printed": 'a,"b"\nc'})
    trail = Trail(given, "en")
    trail.show(tables.readings(given, compare.readings(given), "en"))
    shown = trail.sources()
    (row,) = read(shown._repr_mimebundle_()[ECOBRIEF_MIME]).rows
    assert list(row.record) == list(RECORD)
    assert {name: value for name, value in row.record.items() if value} == dict(shown.rows[0].record)


# Which entries stand together


def names(display: Display) -> list[str]:
    assert display.kind == "sources"
    return [row.observations[0] for row in display.rows]


def together(*wanted: str, **more: Any) -> Printed:
    return Printed(msg("Together"), wanted, **more)


def test_entries_shown_where_the_text_speaks_of_them_are_not_shown_again_at_the_end() -> None:
    given = package(COVER, {"city_id": "beta"}, {"city_id": "gamma"})
    trail = Trail(given, "en")
    trail.show(tables.readings(given, compare.readings(given), "en"))
    first = trail.printed(together("page.001", "page.003"))
    assert first.title == "Together"
    assert names(first) == ["page.001", "page.003"]
    assert names(trail.printed(together("page.001", "page.002"))) == ["page.002"]
    assert trail.sources().rows == ()


def test_where_nothing_is_left_to_list_a_sentence_says_so() -> None:
    trail = Trail(package(COVER), "en")
    trail.printed(together("page.001"))
    for wanted in (together("page.001"), together()):
        assert made.said(trail.printed(wanted)) == "Together: none."


def test_the_last_cell_holds_what_was_named_and_what_that_conflicts_with() -> None:
    trail = Trail(package(RATIO, OTHER, {**COVER, "period": "2020"}), "en")
    trail.show(sentence("Of one figure.", ["page.001"], lang="en"))
    assert names(trail.sources()) == ["page.001", "page.002"]


def test_what_entries_in_the_text_lead_to_stands_at_the_end() -> None:
    given = package(AREA, RATIO, OTHER, projects=[WORKS])
    trail = Trail(given, "en")
    trail.printed(printed.projects(given, ["alpha"]))
    trail.printed(together("page.002"))
    assert sorted(names(trail.sources())) == ["page.001", "page.003"]


def test_groups_stand_in_the_order_in_which_they_come_up_each_entry_with_its_head() -> None:
    given = package(*[{"city_id": city, "evidence": city} for city in made.CITIES])
    heads = {"page.003": msg("Late"), "page.001": msg("Early"), "page.004": msg("Late")}
    shown = Trail(given, "en").printed(together(*heads, groups=heads))
    assert [(row.observations[0], row.cells["group"]) for row in shown.rows] == [
        ("page.003", "Late"),
        ("page.004", "Late"),
        ("page.001", "Early"),
    ]


def test_entries_of_one_kind_do_not_repeat_what_they_are() -> None:
    given = package(COVER)
    assert Trail(given, "en").printed(together("page.001", alike=True)).rows[0].cells["what"] == ""
    assert Trail(given, "en").printed(together("page.001")).rows[0].cells["what"] == "Alpha · Indicator"


def test_a_brief_entry_is_the_printed_characters_and_their_place() -> None:
    policy = made.printed("补偿办法", TEXT, note_en="A note", note_zh="注", period="2021")
    given = package(policies=[policy], instruments=[{"instrument_id": "compensation"}])
    (row,) = Trail(given, "en").printed(together("page.p001", brief=True)).rows
    said = {name: cell for name, cell in row.cells.items() if cell}
    assert said.pop("imprint").startswith("《规划全文》")
    assert said == {
        "document": "Plan (2021)",
        "tier": "official document",
        "printed": "补偿办法",
        "evidence": "补偿办法",
        "place": str(TEXT.index("补偿办法")),
    }
    assert "value_text" not in row.record
    assert (row.record["table"], row.record["period"]) == ("policies", "2021")


def test_readings_are_named_by_their_families_and_changes_and_ranks_by_what_they_are() -> None:
    given = package(
        COVER,
        {"period": "2021"},
        {"measure": "rank", "value": "3", "unit": "位"},
        {"measure": "rank", "value": "3", "unit": "位", "repeats": "page.003"},
        {"measure": "rank", "value": "3", "unit": "位", "city_id": "beta"},
        ranks=[
            {"observation_id": f"page.00{n}", "rank_among": "province", "rank_n": "14"} for n in (3, 4, 5)
        ],
    )
    found = printed.readings(given, compare.readings(given))
    trail = Trail(given, "en")
    shown = trail.printed(found)
    assert shown.title == "Figures as printed: Air and Forest"
    assert sorted(names(shown)) == ["page.001", "page.002"]
    assert names(trail.printed(printed.changes_and_ranks(given, ["alpha"]))) == ["page.003"]


def test_instruments_stand_by_their_type_and_titles_apart_from_them() -> None:
    planning = {"primary_type": "planning"}
    honour = {"kind": "recognition", "primary_type": "", "instrument_id": ""}
    rows = [planning, {}, planning, {**planning, "repeats": "page.p001"}, honour, {"city_id": "beta"}]
    given = package(policies=rows, instruments=[{"instrument_id": "compensation"}])
    trail = Trail(given, "en")
    shown = trail.printed(printed.instruments(given, ["alpha"]))
    assert [(row.observations[0], row.cells["group"]) for row in shown.rows] in (
        [("page.p002", "economic"), ("page.p001", "planning"), ("page.p003", "planning")],
        [("page.p001", "planning"), ("page.p003", "planning"), ("page.p002", "economic")],
    )
    assert names(trail.printed(printed.recognitions(given, ["alpha"]))) == ["page.p005"]


def test_projects_stand_by_programme_and_zones_with_their_areas() -> None:
    programmes = [
        {"programme_zh": zh, "programme_en": en} for zh, en in (("乙", "B"), ("甲", "A"), ("乙", "B"))
    ]
    rows = [{**WORKS, "quantities": "", **programme} for programme in programmes]
    zone = made.printed("新建", TEXT, name_zh="区", name_en="Zone", quantities="page.001")
    given = package(AREA, projects=[*rows, {**rows[0], "city_id": "beta"}], zones=[zone])
    trail = Trail(given, "en")
    shown = trail.printed(printed.projects(given, ["alpha"]))
    assert [(row.observations[0], row.cells["group"], row.cells["what"]) for row in shown.rows] == [
        ("page.j001", "B", ""),
        ("page.j003", "B", ""),
        ("page.j002", "A", ""),
    ]
    (area,) = trail.printed(printed.zones(given, ["alpha"])).rows
    assert (area.cells["quantities"], area.doors) == ("Indicator: 1200 ha", {"quantities": ("page.001",)})
    assert projects.zones(given, ["alpha"], "en").rows[0].cells["quantities"] == area.cells["quantities"]


def test_contradictions_of_a_city_stand_together() -> None:
    given = package(contradictions=[{}, {"city_id": "beta"}])
    assert names(Trail(given, "en").printed(printed.contradictions(given, ["alpha"]))) == ["page.x001"]
