"""How a page is cited: the same in text, BibTeX and RIS, and a title can break none of them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecobrief.publish.citation import Citation, citation
from ecobrief.wording import LANGS, Lang

TAGS = ["TY", "AU", "TI", "PY", "T2", "ET", "N1", "LA", "ER"]
TITLES = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
TITLES |= st.text(st.sampled_from(list("{}\\ \n\r@,=a%~-")), max_size=12)


def cited(title: str = "Benxi: eco-policy record", lang: Lang = "en") -> Citation:
    return citation(title, lang, "0.7.1", "2026-11-21", "0.5.0")


def fields(bibtex: str) -> dict[str, str]:
    """The fields of an entry, read as BibTeX does: a value ends where its braces are closed."""
    found = {}
    rest = bibtex
    while opened := re.search(r"^  (\w+) = \{", rest, re.MULTILINE):
        depth, place, inside = 1, opened.end(), ""
        while depth:
            # To BibTeX, which counts braces before TeX reads the value, one behind a backslash is a brace all the same.
            depth += {"{": 1, "}": -1}.get(rest[place], 0)
            inside += rest[place]
            place += 1
        found[opened[1]] = inside[:-1]
        rest = rest[place:]
    return found


@pytest.mark.parametrize("lang", LANGS)
def test_all_three_forms_name_title_data_version_and_the_year_of_its_cut_off(lang: Lang) -> None:
    title = {"zh": "本溪：生态政策记录", "en": "Benxi: eco-policy record"}[lang]
    made = cited(title, lang)
    for form in (made.text, made.bibtex, made.ris):
        assert title in form
        assert "0.7.1" in form
        assert "2026" in form
        assert "0.5.0" in form


@pytest.mark.parametrize(("lang", "day"), [("zh", "2026年11月21日"), ("en", "21 November 2026")])
def test_the_text_says_up_to_which_day_sources_were_entered(lang: Lang, day: str) -> None:
    assert day in cited(lang=lang).text


@pytest.mark.parametrize(("lang", "name"), [("zh", "Chinese"), ("en", "English")])
def test_references_name_their_language_and_differ_in_their_key(lang: Lang, name: str) -> None:
    made = cited(lang=lang)
    assert fields(made.bibtex)["language"] == name
    assert f"LA  - {name}" in made.ris.splitlines()
    assert re.match(rf"@misc\{{ecobrief-0\.7\.1-[0-9a-f]{{8}}-{lang},\n", made.bibtex)


def test_pages_of_one_title_differ_in_the_key_that_names_them() -> None:
    keys = {
        citation("本溪", "zh", "0.7.1", "2026-11-21", "0.5.0", name).bibtex.partition(",")[0]
        for name in ("brief_city-benxi", "brief_city-chifeng")
    }
    assert keys == {"@misc{ecobrief-0.7.1-brief_city-benxi-zh", "@misc{ecobrief-0.7.1-brief_city-chifeng-zh"}


def test_bibtex_has_the_fields_of_a_reference() -> None:
    found = fields(cited().bibtex)
    assert found["author"] == "{ecobrief}"
    assert (found["title"], found["year"], found["version"]) == ("Benxi: eco-policy record", "2026", "0.7.1")
    assert found["note"] == "Data version 0.7.1; ecobrief 0.5.0"


def test_signs_that_tex_would_obey_are_written_as_signs() -> None:
    title = r"100% of A & B_1 #2 $x$ ~ ^ {c} \input{d}"
    assert fields(cited(title).bibtex)["title"] == (
        r"100\% of A \& B\_1 \#2 \$x\$ \textasciitilde{} \textasciicircum{} "
        r"\textbraceleft{}c\textbraceright{} \textbackslash{}input\textbraceleft{}d\textbraceright{}"
    )


@given(TITLES)
def test_no_title_can_close_the_entry_or_add_a_field(title: str) -> None:
    made = cited(title)
    expected = ["title", "author", "year", "series", "version", "note", "language"]
    assert list(fields(made.bibtex)) == expected
    assert len(made.bibtex.splitlines()) == len(expected) + 2
    assert made.bibtex.endswith("\n}")
    key = made.bibtex.partition("{")[2].partition(",")[0]
    assert re.fullmatch(r"[A-Za-z0-9.-]+", key)


@pytest.mark.parametrize("title", ["a } b", "{", "}},\n  author = {me", "}\n}\n@misc{other,\n  title = {x"])
def test_braces_of_a_title_do_not_end_it(title: str) -> None:
    assert fields(cited(title).bibtex)["author"] == "{ecobrief}"
    assert len(re.findall("^@", cited(title).bibtex, re.MULTILINE)) == 1


@given(TITLES)
def test_ris_is_one_line_a_field_whatever_the_title(title: str) -> None:
    lines = cited(title).ris.splitlines()
    assert [line[:6] for line in lines] == [f"{tag}  - " for tag in TAGS]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028", "\x85"])
def test_a_title_of_several_lines_does_not_add_lines_to_a_reference(end: str) -> None:
    title = f"Benxi{end}ER  - {end}TY  - BOOK{end}AU  - me"
    lines = cited(title).ris.splitlines()
    assert [line[:2] for line in lines] == TAGS
    assert lines[2] == "TI  - Benxi ER - TY - BOOK AU - me"
