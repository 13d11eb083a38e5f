"""What a page shows of the audit: how many identities hold, what does not add up, and what contradicts in words."""

from __future__ import annotations

import pytest

import made
from ecobrief import audit
from ecobrief.datapackage import DataPackage
from ecobrief.figures import discrepancies
from ecobrief.figures.display import Display
from ecobrief.figures.trail import Trail
from ecobrief.wording import LANGS, Lang

Row = dict[str, str]
SOUND, OTHER, AGAIN = "page.001", "page.002", "page.003"
FIGURES = [{}, {"value": "95.1"}, {}, {"value": "95.3"}]


def identity(name: str, first: str, second: str, **more: str) -> Row:
    """Two figures that are one fact; page.001 and page.003 agree, page.002 and page.004 differ from them."""
    return {"identity_id": name, "kind": "one_fact", "terms": f"first = {first}; second = {second}", **more}


HOLDS = identity("holds", SOUND, AGAIN)
DIFFERS = identity("differs", SOUND, OTHER)
SAME_CAUSE = identity("same_cause", AGAIN, OTHER, cause="differs")
UNDER = identity(
    "under", SOUND, "page.004", assumption_zh="两处指同一范围", assumption_en="both are of one area"
)


def package(*identities: Row, **tables: list[Row]) -> DataPackage:
    return made.package(**{"observations": FIGURES, "identities": list(identities), **tables})


def shown(show: str, *identities: Row, lang: Lang = "en") -> Display:
    """One of the displays made from findings, for these identities."""
    given = package(*identities)
    display: Display = getattr(discrepancies, show)(given, audit.findings(given, ["alpha"]), lang)
    return display


def said(display: Display) -> str:
    assert display.kind == "sentence"
    return " ".join(row.cells["text"] for row in display.rows)


# The sentence


def test_the_sentence_counts_identities_and_the_causes_of_those_that_do_not_hold() -> None:
    told = said(shown("summary", HOLDS, DIFFERS, SAME_CAUSE, UNDER))
    assert told.startswith(
        "4 relations between printed figures were checked; agreeing within the printed digits: 1"
    )
    assert told.endswith("2 findings: 1 inconsistent and 1 inconsistent under an assumption.")
    assert "1 finding: 1 inconsistent." in said(shown("summary", DIFFERS, SAME_CAUSE))


def test_where_everything_holds_no_finding_is_counted() -> None:
    told = said(shown("summary", HOLDS))
    assert told.startswith(
        "1 relation between printed figures was checked; agreeing within the printed digits: 1"
    )
    assert "finding" not in told
    assert said(shown("disagreements", HOLDS)) == "Nothing that was checked is inconsistent."


def test_without_identities_that_is_said() -> None:
    assert said(shown("summary")) == "No relation is entered for these documents."


# The tables


def test_a_cause_has_one_row_that_names_what_else_comes_of_it_and_leads_to_all_figures() -> None:
    display = shown("disagreements", HOLDS, DIFFERS, SAME_CAUSE, UNDER)
    together, under = display.rows
    leader, _, others = together.cells["explanation"].partition(" Of the same cause: ")
    assert leader.startswith("Indicator (2022): ")
    assert others.startswith("Indicator (2022): ")
    assert together.cells["verdict"] == "inconsistent"
    assert together.observations == (SOUND, OTHER, AGAIN)
    assert (together.key, under.key) == ("finding.differs", "finding.under")
    assert "Of the same cause:" not in under.cells["explanation"]
    assert "This is a contradiction if both are of one area." in under.cells["explanation"]
    assert under.cells["verdict"] == "inconsistent under an assumption"
    assert under.observations == (SOUND, "page.004")


def test_every_identity_has_a_row_among_the_checks_those_that_hold_included() -> None:
    rows = shown("checks", HOLDS, DIFFERS, SAME_CAUSE).rows
    assert sorted(row.cells["verdict"] for row in rows) == ["consistent", "inconsistent", "inconsistent"]
    assert {row.observations for row in rows} == {(SOUND, AGAIN), (SOUND, OTHER), (AGAIN, OTHER)}


def test_verdicts_are_counted_for_each_kind_that_occurs() -> None:
    order = {"identity_id": "order", "kind": "order", "terms": f"lower = {OTHER}; higher = {SOUND}"}
    found = audit.findings(package(HOLDS, DIFFERS, order), ["alpha"])
    counted = [dict(row.cells) for row in discrepancies.by_kind(found, "en").rows]
    none = dict.fromkeys(("inconsistent", "conditional", "undecided", "consistent"), "0")
    assert counted == [
        {"kind": "one fact in two places", **none, "inconsistent": "1", "consistent": "1"},
        {"kind": "order", **none, "consistent": "1"},
    ]


def test_every_kind_of_identity_has_a_name() -> None:
    assert list(discrepancies.KINDS) == package().codes("identities", "kind")


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("show", ["disagreements", "checks"])
def test_every_row_leads_to_figures_that_have_an_entry(show: str, lang: Lang) -> None:
    given = package(HOLDS, DIFFERS, SAME_CAUSE, UNDER)
    trail = Trail(given, lang)
    display = trail.show(getattr(discrepancies, show)(given, audit.findings(given, ["alpha"]), lang))
    assert all(row.observations for row in display.rows)
    entries = {row.observations[0] for row in trail.sources().rows}
    assert entries == {name for row in display.rows for name in row.observations}


# Contradictions in words

TEXT = "格局为两水两山。效益部分写两核四区。"


def contradicting() -> DataPackage:
    spans = {
        role: made.printed(words, TEXT) for role, words in (("own", "两水两山"), ("against", "两核四区"))
    }
    against = {name: spans["against"][name] for name in ("start", "end", "evidence")}
    return package(
        sources=[made.held_source(TEXT, label_zh="规划", label_en="Plan")],
        observations=[],
        contradictions=[spans["own"], {**spans["own"], "city_id": "beta"}],
        contexts=[{"observation_id": "page.x001", "role": "contrast", **against}],
    )


def test_a_contradiction_has_a_row_in_its_city_and_its_document() -> None:
    (row,) = discrepancies.contradictions(contradicting(), ["alpha"], "en").rows
    assert dict(row.cells) == {"explanation": "Two places differ", "source": "Plan (undated)"}
    assert row.observations == ("page.x001",)
    both = discrepancies.contradictions(contradicting(), ["alpha", "beta"], "en").rows
    assert [row.cells["city"] for row in both] == ["Alpha", "Beta"]


def test_the_entry_of_a_contradiction_shows_both_places_of_print() -> None:
    given = contradicting()
    trail = Trail(given, "en")
    trail.show(discrepancies.contradictions(given, ["alpha"], "en"))
    (entry,) = (row.cells for row in trail.sources().rows)
    assert entry["what"] == "Alpha · contradiction"
    assert (entry["printed"], entry["evidence"]) == ("Two places differ", "两水两山")
    assert entry["place"] == str(TEXT.index("两水"))
    assert entry["context"] == f"against at {TEXT.index('两核')}"


def test_a_city_without_contradictions_has_a_sentence() -> None:
    assert said(discrepancies.contradictions(contradicting(), ["gamma"], "en")).startswith("No contradiction")
