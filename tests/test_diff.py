"""`ecobrief diff`: what changed between two build folders, and why."""

from __future__ import annotations

import json
import re
import shutil
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from builds import Brief, build, figure, statement
from ecobrief import datapackage
from ecobrief.cli import main
from ecobrief.publish import built, diff_page
from ecobrief.publish.batch import Data, Job, Wanted
from ecobrief.publish.batch import build as build_briefs
from ecobrief.publish.diff import Cell, Condition, Diff, compare
from ecobrief.publish.pool import Pool
from ecobrief.wording import LANGS, Lang

ROOT = Path(__file__).resolve().parents[1]
DONE, FAULTS, USAGE = 0, 1, 2
A = figure()
B = figure(id="alpha_plan.002", value="12", start="40", end="42", evidence="12%")


def compared(tmp_path: Path, old: Any, new: Any, lang: Lang = "en", **made_from: Any) -> Diff:
    """What changed between builds of these briefs; what the new one was made from may differ."""
    folders = build(tmp_path / "old", *old), build(tmp_path / "new", *new, **made_from)
    return compare(*map(built.read, folders), lang)


def command(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["diff", *map(str, arguments)])


def cells(found: Any) -> list[tuple[str, str, str]]:
    return [(cell.name, cell.old, cell.new) for one in found for cell in one.cells]


# Values


def test_builds_whose_pages_are_equal_show_no_difference(tmp_path: Path) -> None:
    found = compared(tmp_path, [Brief(figures=[A])], [Brief(figures=[A])])
    assert (found.figures, found.statements, found.count("same")) == ((), (), 1)
    assert diff_page.summary(found) == "no difference: 1 brief unchanged"
    assert "No difference" in diff_page.page(found, "en", tmp_path / "diff.html")


def test_of_a_value_that_changed_only_what_differs_is_told(tmp_path: Path) -> None:
    changed = figure(value="76.31", low="76.305", high="76.315")
    found = compared(tmp_path, [Brief(figures=[A, B])], [Brief(figures=[changed, B])])
    (one,) = found.figures
    assert (one.key, one.kind) == ("alpha_plan.001", "changed")
    assert one.cells == (
        Cell("value", "76.30 %", "76.31 %"),
        Cell("low", "76.295–76.305", "76.305–76.315"),
    )
    assert ("indicator_id", "cover") in one.context
    assert ("start", "10–16") in one.context
    assert not found.statements


def test_every_column_of_a_record_is_compared(tmp_path: Path) -> None:
    for name, value in A.items():
        if name == "id":
            continue
        changed = figure(**{name: f"{value}1"})
        found = compared(tmp_path / name, [Brief(figures=[A])], [Brief(figures=[changed])])
        assert len(cells(found.figures)) == 1, name


def test_a_figure_that_is_new_or_gone_is_told_with_its_value(tmp_path: Path) -> None:
    found = compared(tmp_path, [Brief(figures=[A])], [Brief(figures=[B])])
    assert [(one.key, one.kind) for one in found.figures] == [
        ("alpha_plan.002", "added"),
        ("alpha_plan.001", "removed"),
    ]
    assert cells(found.figures) == [
        ("value", "", "12 %"),
        ("period", "", "2022"),
        ("value", "76.30 %", ""),
        ("period", "2022", ""),
    ]


def test_a_figure_in_several_briefs_is_told_once_with_the_briefs_it_stands_in(tmp_path: Path) -> None:
    files = ("brief_city-alpha.zh.html", "brief_city-alpha.en.html", "brief_comparison.en.html")
    found = compared(
        tmp_path,
        [Brief(file, figures=[A]) for file in files],
        [Brief(file, figures=[B, figure(period="2023")]) for file in files],
    )
    changed = next(one for one in found.figures if one.kind == "changed")
    assert len(found.figures) == 2
    assert [place.brief.file for place in changed.places] == list(files)
    assert {place.entry for place in changed.places} == {2}


ENTRIES = """<ol><li id=e1><b>{printed}</b> Cover <q>{evidence}</q> <i>{start}</i><p>Note <b>no value</b>
<li id=e2><q>无</q></ol><p class=document><b>{head}</b><ol><li id=e3><q>有</q></ol>"""


def test_what_the_data_leaves_out_is_read_from_the_entry_on_the_page(tmp_path: Path) -> None:
    record = figure(value_text=None, evidence=None, start=None, end=None, value="", unit="")
    records = [record, *(record | {"id": f"alpha_plan.00{number}"} for number in (2, 3))]
    before = ENTRIES.format(printed="基本消除 &lt;b&gt;", evidence="基本消除", start=7, head="Old title")
    after = ENTRIES.format(printed="消除", evidence="全部消除", start=9, head="New title")
    found = compared(tmp_path, [Brief(figures=records, words=before)], [Brief(figures=records, words=after)])
    assert cells(found.figures) == [
        ("value", "基本消除 <b>", "消除"),
        ("start", "7–11", "9–13"),
        ("evidence", "基本消除", "全部消除"),
    ]


def test_what_neither_the_data_nor_the_entry_says_is_not_compared(tmp_path: Path) -> None:
    old, new = figure(evidence=None), figure(evidence="76.30%", value="76.31")
    found = compared(tmp_path, [Brief(figures=[old])], [Brief(figures=[new])])
    assert cells(found.figures) == [("value", "76.30 %", "76.31 %")]


# Verdicts, and why


def test_a_verdict_that_changed_names_the_figure_behind_it(tmp_path: Path) -> None:
    old = Brief(figures=[A, B], statements=[statement(), statement("headline.alpha.days", "alpha_plan.002")])
    new = Brief(
        figures=[figure(value="76.31"), B],
        statements=[
            statement(metric="Cover", value="76.31%"),
            statement("headline.alpha.days", "alpha_plan.002"),
        ],
    )
    (one,) = compared(tmp_path, [old], [new], tables={"observations": "b" * 64}).statements
    assert (one.key, one.kind, one.title) == ("headline.alpha.cover", "changed", "Headline")
    assert one.context == (("Metric", "Cover"),)
    assert one.cells == (Cell("Value", "76.30%", "76.31%"),)
    assert [(cause.id, cause.change) for cause in one.causes] == [("alpha_plan.001", "changed")]
    assert one.causes[0].cell == Cell("value", "76.30 %", "76.31 %")
    assert one.conditions == ()


def test_a_verdict_rests_on_figures_that_came_went_or_are_named_anew(tmp_path: Path) -> None:
    third, fourth = figure(id="alpha_plan.003"), figure(id="alpha_plan.004")
    old = Brief(figures=[A, third, fourth], statements=[statement("x", "alpha_plan.001", "alpha_plan.003")])
    new = Brief(figures=[B, third, fourth], statements=[statement("x", "alpha_plan.002", "alpha_plan.004")])
    (one,) = compared(tmp_path, [old], [new]).statements
    assert one.cells == ()
    assert [(cause.id, cause.change) for cause in one.causes] == [
        ("alpha_plan.001", "removed"),
        ("alpha_plan.002", "added"),
        ("alpha_plan.003", "unnamed"),
        ("alpha_plan.004", "named"),
    ]


def test_where_no_figure_changed_what_else_differs_is_listed(tmp_path: Path) -> None:
    old = Brief(figures=[A], statements=[statement()], parameters={"city": "alpha"})
    new = Brief(figures=[A], statements=[statement(value="above")], parameters={"city": "alpha"})
    found = compared(
        tmp_path,
        [old],
        [new],
        tables={"observations": "a" * 64, "definitions": "c" * 64},
        notebook="second",
        version="0.2.0",
        data_version="1.1",
    )
    (one,) = found.statements
    assert one.causes == ()
    assert [(condition.kind, condition.name) for condition in one.conditions] == [
        ("data_version", ""),
        ("ecobrief", ""),
        ("table", "definitions"),
        ("notebook", "brief_city.ipynb"),
    ]
    html = diff_page.page(found, "en", tmp_path / "diff.html")
    assert "None of the figures it names changed." in html
    assert "Table definitions" in html


def test_where_nothing_else_differs_either_no_cause_is_guessed(tmp_path: Path) -> None:
    old, new = (Brief(figures=[A], statements=[statement(value=value)]) for value in ("below", "above"))
    found = compared(tmp_path, [old], [new])
    assert found.statements[0].conditions == ()
    assert "the manifests do not tell why" in diff_page.page(found, "en", tmp_path / "diff.html")


def test_a_brief_that_was_asked_for_otherwise_says_so_beside_the_figures(tmp_path: Path) -> None:
    old = Brief(
        figures=[A, B], statements=[statement("x", "alpha_plan.002")], parameters={"cities": "alpha,beta"}
    )
    new = Brief(figures=[A], parameters={"cities": "alpha"})
    (one,) = compared(tmp_path, [old], [new], notebook="second").statements
    assert one.kind == "removed"
    assert [cause.change for cause in one.causes] == ["removed"]
    assert one.conditions == (Condition("parameter", "cities", "alpha,beta", "alpha"),)


def test_statements_that_share_a_key_are_told_apart_by_the_figures_they_name(tmp_path: Path) -> None:
    def page(*values: tuple[str, str]) -> Brief:
        rows = [statement("x", name, value=value) for name, value in values]
        return Brief(figures=[A, B], statements=rows)

    old = page(("alpha_plan.001", "100%"), ("alpha_plan.002", "90%"))
    new = page(("alpha_plan.002", "91%"), ("alpha_plan.001", "99%"))
    found = compared(tmp_path, [old], [new]).statements
    assert [cells([one]) for one in found] == [[("Value", "100%", "99%")], [("Value", "90%", "91%")]]


def test_verdicts_are_told_in_the_language_of_the_page_where_a_brief_speaks_it(tmp_path: Path) -> None:
    texts = {"zh": ("可比", "不可比"), "en": ("comparable", "not comparable")}

    def briefs(which: int, langs: tuple[Lang, ...]) -> list[Brief]:
        return [
            Brief(f"brief_comparison.{lang}.html", [A], [statement(verdict=texts[lang][which])])
            for lang in langs
        ]

    for langs in (LANGS, LANGS[::-1]):
        for lang in LANGS:
            found = compared(tmp_path / langs[0] / lang, briefs(0, langs), briefs(1, langs), lang)
            (one,) = found.statements
            assert one.cells == (Cell("Verdict", *texts[lang]),)
            assert len(one.places) == 2
    (one,) = compared(tmp_path / "only", briefs(0, ("zh",)), briefs(1, ("zh",)), "en").statements
    assert (one.lang, one.cells) == ("zh", (Cell("Verdict", *texts["zh"]),))


def test_a_verdict_in_several_briefs_is_told_once_with_all_that_differs(tmp_path: Path) -> None:
    def briefs(value: str, interval: str) -> list[Brief]:
        return [
            Brief("brief_city-alpha.en.html", [A], [statement(value=value, interval=interval)]),
            Brief("brief_comparison.en.html", [A], [statement(value=value, city="Alpha")]),
        ]

    found = compared(tmp_path, briefs("1", "0–2 days"), briefs("2", "1–3 days"))
    (one,) = found.statements
    assert one.cells == (Cell("Value", "1", "2"), Cell("Interval", "0–2 days", "1–3 days"))
    assert [place.brief.file for place in one.places] == [
        "brief_city-alpha.en.html",
        "brief_comparison.en.html",
    ]


# Briefs


def test_a_page_that_differs_without_a_value_or_verdict_is_said_to_differ_in_its_words(
    tmp_path: Path,
) -> None:
    old, new = (Brief(figures=[A], statements=[statement()], words=f"<p>{words}</p>") for words in "ab")
    found = compared(tmp_path, [old], [new], notebook="second")
    assert (found.figures, found.statements, found.count("changed")) == ((), (), 1)
    html = diff_page.page(found, "en", tmp_path / "diff.html")
    assert "None of its values and verdicts differs" in html
    assert "Notebook brief_city.ipynb" in html


def test_briefs_that_came_went_or_failed_are_named(tmp_path: Path) -> None:
    def name(stem: str) -> str:
        return f"brief_city-{stem}.en.html"

    old = [Brief(name("gone")), Brief(name("now")), Brief(name("before"), error="was broken")]
    new = [Brief(name("new")), Brief(name("now"), error="is broken"), Brief(name("before"))]
    both = Brief(name("both"), error="still")
    found = compared(tmp_path, [*old, both], [*new, both])
    assert {brief.file: brief.outcome for brief in found.briefs} == {
        name("new"): "new",
        name("before"): "failed_before",
        name("now"): "failed_now",
        name("both"): "failed_both",
        name("gone"): "gone",
    }
    html = diff_page.page(found, "en", tmp_path / "diff.html")
    for text in ("was broken", "is broken", "still", "could not be built now"):
        assert text in html


# The page


class Links(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value or "" for name, value in attrs if name == "href"]


def test_links_lead_from_the_page_to_the_files_of_both_builds(tmp_path: Path) -> None:
    old = build(tmp_path / "alt 1%", Brief(figures=[A]), Brief("brief_gone.en.html"))
    new = build(tmp_path / "in" / "neu#2", Brief(figures=[figure(value="1")]))
    (old / "brief_gone.en.html").unlink()
    out = tmp_path / "in" / "diff.html"
    assert command(old, new, "--out", out).exit_code == DONE
    links = Links(out.read_text("utf-8")).found
    assert {link for link in links if not link.startswith("#")} == {
        "../alt%201%25/brief_city-alpha.en.html",
        "neu%232/brief_city-alpha.en.html",
        "neu%232/brief_city-alpha.en.html#e1",
    }


HOSTILE = '<script>alert(1)</script><img src=x onerror="alert(2)">{{ 7 * 7 }}\u202e'


@pytest.mark.parametrize("lang", LANGS)
def test_hostile_text_is_shown_and_never_run(tmp_path: Path, lang: Lang) -> None:
    def brief(end: str) -> Brief:
        text = HOSTILE + end
        rows = [statement(text, text, **{text: text, "short": "short"}), statement("x", value=text)]
        records = [figure(value=text, city_id=text), figure(id=text, unit=text)]
        return Brief(figures=records, statements=rows, title=text, parameters={text: text})

    failing = Brief("brief_city-beta.en.html", error=HOSTILE)
    found = compared(tmp_path, [brief("1"), failing], [brief("2"), failing], lang, tables={HOSTILE: HOSTILE})
    html = diff_page.page(found, lang, tmp_path / "diff.html")
    assert "&lt;script>alert(1)" in html
    assert not re.search(r"<(script|img)", html)
    assert "\u202e" not in html
    assert "[U+202E]" in html
    assert "script-src 'none'" in html


@pytest.mark.parametrize("lang", LANGS)
def test_equal_inputs_give_equal_bytes_in_the_language_asked_for(tmp_path: Path, lang: Lang) -> None:
    old = build(tmp_path / "old", Brief(figures=[A], statements=[statement()]))
    new = build(tmp_path / "new", Brief(figures=[B], statements=[statement(value="2")]))
    pages = []
    for name in ("one.html", "two.html"):
        assert command(old, new, "--lang", lang, "--out", tmp_path / name).exit_code == DONE
        pages.append((tmp_path / name).read_bytes())
    assert pages[0] == pages[1]
    assert f"lang={'zh-CN' if lang == 'zh' else 'en'}".encode() in pages[0]


# The command


def test_the_command_says_in_one_line_what_changed_and_where_it_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(tmp_path / "old", Brief(figures=[A], statements=[statement()]), Brief("brief_b.en.html"))
    build(
        tmp_path / "new",
        Brief(figures=[figure(value="1"), B], statements=[statement(value="1%")]),
        Brief("brief_b.en.html"),
        Brief("brief_c.en.html"),
    )
    monkeypatch.chdir(tmp_path)
    ran = command("old", "new")
    assert ran.exit_code == DONE, ran.output
    assert ran.output == "2 values, 1 verdict changed in 1 brief, 1 unchanged, 1 new → diff.html\n"
    assert (tmp_path / "diff.html").is_file()
    ran = command("old", "old")
    assert (ran.exit_code, ran.output) == (DONE, "no difference: 2 briefs unchanged → diff.html\n")


def test_a_folder_that_holds_no_finished_build_is_wrong_usage(tmp_path: Path) -> None:
    good = build(tmp_path / "good", Brief())
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("")
    for name, reason in (("empty", "not finished"), ("file", "is a file"), ("nowhere", "is not there")):
        for arguments in ((tmp_path / name, good), (good, tmp_path / name)):
            ran = command(*arguments, "--out", tmp_path / "diff.html")
            assert ran.exit_code == USAGE
            assert str(tmp_path / name) in ran.stderr
            assert reason in ran.stderr
            assert len(ran.stderr.splitlines()) == 1
    assert not (tmp_path / "diff.html").exists()


def test_a_build_of_a_version_without_data_in_its_pages_is_named(tmp_path: Path) -> None:
    old = build(tmp_path / "old", Brief(page="<!doctype html><p>old</p>"))
    ran = command(old, build(tmp_path / "new", Brief()), "--out", tmp_path / "diff.html")
    assert ran.exit_code == USAGE
    assert str(old / "brief_city-alpha.en.html") in ran.stderr
    assert "earlier version" in ran.stderr


def a_missing_page(folder: Path) -> None:
    (folder / "brief_city-alpha.en.html").unlink()


def a_page_changed_afterwards(folder: Path) -> None:
    (folder / "brief_city-alpha.en.html").write_text("<p>other</p>", "utf-8")


def a_manifest_cut_short(folder: Path) -> None:
    path = folder / "manifest.json"
    path.write_text(path.read_text("utf-8")[:200], "utf-8")


def a_name_outside_the_folder(folder: Path) -> None:
    path = folder / "manifest.json"
    path.write_text(path.read_text("utf-8").replace("brief_city-alpha.en", "../brief"), "utf-8")


def data_of_another_form(folder: Path) -> None:
    page = Brief(figures=[{"id": None}]).html
    (folder / "brief_city-alpha.en.html").write_text(page, "utf-8")
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text("utf-8"))
    manifest["briefs"][0]["sha256"] = sha256(page.encode()).hexdigest()
    path.write_text(json.dumps(manifest), "utf-8")


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (a_missing_page, "manifest.json names it"),
        (a_page_changed_afterwards, "not the page that was built"),
        (a_manifest_cut_short, "JSON"),
        (a_name_outside_the_folder, "no name of a file in the folder"),
        (data_of_another_form, "another form"),
    ],
)
def test_a_build_that_was_damaged_afterwards_is_a_fault_in_one_line(
    tmp_path: Path, damage: Any, said: str
) -> None:
    old = build(tmp_path / "old", Brief(figures=[A]))
    new = build(tmp_path / "new", Brief(figures=[B]))
    damage(old)
    ran = command(old, new, "--out", tmp_path / "diff.html")
    assert ran.exit_code == FAULTS, ran.output
    assert str(old) in ran.stderr
    assert said in ran.stderr
    assert len(ran.stderr.splitlines()) == 1


def test_a_page_that_cannot_be_written_is_wrong_usage(tmp_path: Path) -> None:
    folder = build(tmp_path / "old", Brief())
    ran = command(folder, folder, "--out", tmp_path / "nowhere" / "diff.html")
    assert ran.exit_code == USAGE
    assert "nowhere" in ran.stderr


# Real builds

CHANGED = "yichun_article.002"


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Briefs of one city from the shipped data, twice, and once from data in which one value is another."""
    folder = tmp_path_factory.mktemp("shipped")
    data = shutil.copytree(ROOT / "data", folder / "data")
    table = data / "observations.csv"
    before = f"{CHANGED},yichun,forest_cover,observed,level,,,83.8,"
    text = table.read_bytes().decode("utf-8")
    assert text.count(before) == 1
    table.write_bytes(text.replace(before, before.replace("83.8", "83.9")).encode("utf-8"))

    file = "brief_city-yichun.en.html"
    job = Job(ROOT / "notebooks" / "brief_city.ipynb", {"city": "yichun", "lang": "en"}, file, "en")
    found = {}
    for name, source in (("old", ROOT / "data"), ("again", ROOT / "data"), ("new", data)):
        package = datapackage.load(source)
        made_from = {"version": package.version, "cut_off": package.cut_off, "tables": package.hashes()}
        with pytest.MonkeyPatch.context() as environment:
            environment.setenv("ECOBRIEF_DATA", str(source))
            result = build_briefs(Wanted([job], Data(made_from)), folder / name, Pool(1))
        assert not result.failed, result.failed
        found[name] = folder / name
    return found


def test_two_builds_of_the_shipped_data_do_not_differ(shipped: dict[str, Path], tmp_path: Path) -> None:
    ran = command(shipped["old"], shipped["again"], "--out", tmp_path / "diff.html")
    assert (ran.exit_code, ran.output.partition(":")[0]) == (DONE, "no difference")


def test_one_value_that_was_corrected_is_found_with_what_states_it(shipped: dict[str, Path]) -> None:
    old, new = built.read(shipped["old"]), built.read(shipped["new"])
    found = compare(old, new, "en")
    (value,) = found.figures
    assert (value.key, value.kind) == (CHANGED, "changed")
    assert value.cells[0] == Cell("value", "83.8 ％", "83.9 ％")

    said = old.content(old.manifest.briefs[0]).statements
    stating = {one.key for one in said if CHANGED in one.observations}
    told = {one.key: one for one in found.statements}
    assert stating.issuperset(told)
    headline = told["headline.yichun.forest_cover"]
    assert Cell("Value", "83.8%", "83.9%") in headline.cells
    assert [cause.id for cause in headline.causes] == [CHANGED]
    assert [(one.kind, one.name) for one in found.conditions] == [("table", "observations")]


def test_all_that_the_data_of_a_brief_leaves_out_is_found_on_its_page(shipped: dict[str, Path]) -> None:
    # `embedded` leaves out what the entries show; were they shown otherwise, it would not be compared.
    build = built.read(shipped["old"])
    table = datapackage.load(ROOT / "data").figures
    records = {name: one.record for name, one in build.content(build.manifest.briefs[0]).figures.items()}
    assert not [
        (name, column) for name in records for column, value in records[name].items() if value is None
    ]
    assert records[CHANGED]["evidence"] == table.at[CHANGED, "evidence"]
    assert records[CHANGED]["start"] == str(table.at[CHANGED, "start"])
