"""What the documents say: every command and option is in them, every link leads somewhere, and what they show is so."""

from __future__ import annotations

import doctest
import json
import re
import shlex
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from ecobrief import audit, datapackage, parameters, provenance
from ecobrief.cli import main
from ecobrief.compare import agreement, comparability
from ecobrief.datapackage import ATTRIBUTES
from ecobrief.datapackage.identities import ROLES
from ecobrief.wording import say

ROOT = Path(__file__).resolve().parents[1]
READMES = ["README.md", "README.zh.md"]
DOCUMENTS = [
    *READMES,
    "CHANGELOG.md",
    "data/README.md",
    *sorted(f"docs/{p.name}" for p in ROOT.glob("docs/*.md")),
]
SYNOPSIS = re.compile(r"^    (ecobrief (\w+).*)$", re.MULTILINE)

LIBRARY = ROOT / "lib" / "ecobrief"
UNLISTED = ("__init__", "errors")
"""What belongs to its folder and has no row of its own."""
MODULES = sorted(
    path.relative_to(LIBRARY).with_suffix("").as_posix()
    for path in LIBRARY.rglob("*.py")
    if path.stem not in UNLISTED
)

each_document = pytest.mark.parametrize("document", DOCUMENTS)
each_readme = pytest.mark.parametrize("readme", READMES)


@cache
def text(document: str) -> str:
    return (ROOT / document).read_text(encoding="utf-8")


def blocks(document: str, kind: str) -> list[str]:
    """The fenced blocks of that kind."""
    return re.findall(rf"^```{kind}\n(.*?)^```$", text(document), re.MULTILINE | re.DOTALL)


def shown_commands(readme: str) -> list[tuple[str, str]]:
    """(command line, output) of every console block."""
    shown = [block.removeprefix("$ ").partition("\n") for block in blocks(readme, "console")]
    return [(command, output) for command, _, output in shown]


def printed(arguments: list[str]) -> str:
    """What `ecobrief` prints, on both channels, from the root of the repository."""
    output = CliRunner().invoke(main, arguments, prog_name="ecobrief").output
    return "".join(f"{line.rstrip()}\n" for line in output.splitlines())


@each_readme
@pytest.mark.parametrize("name", sorted(main.commands))
def test_every_command_and_option_is_in_the_readme(readme: str, name: str) -> None:
    reference = re.split(r"^## (?:Commands|命令)$", text(readme), flags=re.MULTILINE)[1]
    synopses = {command: line for line, command in SYNOPSIS.findall(reference)}
    assert name in synopses, f"{readme} does not show how ecobrief {name} is called"
    for option in main.commands[name].params:
        if isinstance(option, click.Option):
            assert any(spelt in shlex.split(re.sub(r"[][]", " ", synopses[name])) for spelt in option.opts), (
                option.opts
            )


@pytest.mark.parametrize("name", sorted(main.commands))
def test_every_command_says_what_it_is_for(name: str) -> None:
    assert main.commands[name].help


def test_every_target_that_people_use_is_in_the_documents() -> None:
    (targets,) = re.findall(r"^\.PHONY: (.+)$", text("Makefile"), re.MULTILINE)
    everything = "".join(text(document) for document in DOCUMENTS)
    ours = {"help", "soak", "lint", "clean"}  # of use to those who change the code; `make` lists them
    assert {target for target in targets.split() if f"make {target}" not in everything} <= ours


def test_both_readmes_name_the_same_commands() -> None:
    def commands(readme: str) -> set[str]:
        return set(re.findall(r"\b(?:make|ecobrief|papermill|jupyter) [a-z-][a-z-]*", text(readme)))

    prose = {"make and"}
    assert commands("README.md") - prose == commands("README.zh.md") - prose


def test_both_readmes_have_the_same_structure() -> None:
    def structure(readme: str) -> list[str]:
        return list(re.findall(r"^(#+ |```\w*$)", text(readme), re.MULTILINE))

    assert structure("README.md") == structure("README.zh.md")


@each_document
def test_every_relative_link_leads_somewhere(document: str) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", text(document)):
        if not target.startswith(("http://", "https://")):
            path = (ROOT / document).parent / target.partition("#")[0]
            assert path.exists(), f"{document} leads to {target}"


@each_readme
def test_the_output_in_the_readme_is_what_the_command_prints(
    readme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.delenv("ECOBRIEF_DATA", raising=False)
    for command, output in shown_commands(readme):
        program, *arguments = command.split()
        if program == "ecobrief" and "DIR" not in arguments:
            assert output == printed(arguments), command


@each_readme
def test_the_readme_shows_a_finding_of_the_audit_of_each_gravity(readme: str) -> None:
    """That it is what the command prints is asked above; here, that there is a finding in it."""
    (shown,) = (output for command, output in shown_commands(readme) if command.startswith("ecobrief audit"))
    found = {one.identity_id: one for one in audit.findings(datapackage.load(ROOT / "data"))}
    listed = [found[name].verdict for name in re.findall(r"^  (\w+)[:：]", shown, re.MULTILINE)]
    assert set(listed) >= {"inconsistent", "conditional"}


@each_readme
def test_the_readme_counts_the_spans_that_verify_looks_up(readme: str) -> None:
    """The documents themselves are not in the repository, so that only the number is compared."""
    spans = provenance.spans(datapackage.load(ROOT / "data"))
    count, sources = len(spans), spans["source_id"].nunique()
    shown = dict(shown_commands(readme))["ecobrief verify --documents DIR"]
    assert shown == f"{count} spans in {sources} documents: {count} found, 0 missing, 0 unverified\n"


@each_readme
def test_the_parameters_in_the_readme_are_those_papermill_lists(readme: str) -> None:
    shown = dict(shown_commands(readme))["papermill --help-notebook notebooks/brief_city.ipynb"]
    command = [sys.executable, "-m", "papermill", "--help-notebook", "notebooks/brief_city.ipynb"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=True)
    listed = run.stdout.partition("Parameters inferred")[2]
    assert [line.rstrip() for line in listed.strip().splitlines()] == [
        line.rstrip() for line in shown.partition("Parameters inferred")[2].strip().splitlines()
    ]


@each_readme
def test_the_python_in_the_readme_gives_what_it_shows(readme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.delenv("ECOBRIEF_DATA", raising=False)
    sessions = blocks(readme, "pycon")
    assert sessions
    for session in sessions:
        example = doctest.DocTestParser().get_doctest(session, {}, readme, readme, 0)
        report: list[str] = []
        failed, _ = doctest.DocTestRunner(verbose=False).run(example, out=report.append)
        assert not failed, "".join(report)


@each_readme
def test_the_fault_in_the_readme_is_what_check_says(
    readme: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(ROOT / "data", tmp_path / "data")
    table = tmp_path / "data" / "observations.csv"
    rows = table.read_bytes().replace(b",2022,printed,97.4,", b',2022,printed,"97,4",', 1)
    table.write_bytes(rows)
    monkeypatch.setenv("ECOBRIEF_DATA", str(tmp_path / "data"))
    assert blocks(readme, "text") == [printed(["check"])]


def test_the_figure_entered_by_hand_in_the_guide_is_in_the_tables() -> None:
    package = datapackage.load(ROOT / "data")
    row = package.record("observations", "chifeng_page_2023.007")
    guide = text("docs/data.md")
    for columns, cells in (
        (["period", "period_basis"], "2022, printed"),
        (["value", "unit", "qualifier"], "97.4, %, exact"),
        (["network", "denominator", "adjustment"], "not_stated, not_stated, none_stated"),
        (["definition_version"], "hj633_2012_actual_state"),
        (["source_id", "start", "end", "evidence"], "chifeng_page_2023, 3305, 3310, 97.4%"),
    ):
        assert ", ".join(str(getattr(row, column)) for column in columns) == cells
        assert f"| {cells} |" in guide
    contexts = package["contexts"]
    for span in contexts[contexts["observation_id"] == row.observation_id].itertuples():
        evidence = span.evidence.replace("\n", "⏎")
        assert f"| {span.observation_id} | {span.role} | {span.start} | {span.end} | {evidence} |" in guide


def test_every_reason_of_a_verdict_is_explained() -> None:
    rules = Path(comparability.__file__).read_text(encoding="utf-8")
    codes = set(re.findall(r'Reason\(\s*"(\w+)"', rules))
    codes |= {f"{attribute}_{case}" for attribute in ATTRIBUTES for case in ("unstated", "differs")}
    explained = re.findall(r"^\| `(\w+)` \| (?:bar|caveat)", text("docs/comparability.md"), re.MULTILINE)
    assert len(codes) > 10
    assert sorted(explained) == sorted(codes)


def sections(document: str) -> dict[str, str]:
    """What stands under each heading that is a code, up to the next heading."""
    parts = re.split(r"^### `(\w+)`$", text(document), flags=re.MULTILINE)[1:]
    return {
        code: re.split(r"^#+ ", part, flags=re.MULTILINE)[0]
        for code, part in zip(parts[::2], parts[1::2], strict=True)
    }


def test_every_kind_of_identity_is_explained_with_its_roles() -> None:
    kinds = sections("docs/audit.md")
    assert list(kinds) == list(ROLES)
    for kind, alternatives in ROLES.items():
        rule = kinds[kind].split("```")[0]
        assert set(re.findall(r"`(\w+)`", rule)) >= frozenset().union(*alternatives), kind


def test_the_examples_of_the_audit_are_what_it_says() -> None:
    found = {one.identity_id: one for one in audit.findings(datapackage.load(ROOT / "data"))}
    shown = re.findall(r"^(\w+): (\w+)\n  (.+)$", "".join(blocks("docs/audit.md", "text")), re.MULTILINE)
    for identity, verdict, explanation in shown:
        one = found[identity]
        assert (one.verdict, say(one.explanation, "en")) == (verdict, explanation)
    exemplified = {found[identity].kind for identity, _, _ in shown}
    assert exemplified == {one.kind for one in found.values()}


def test_the_verdicts_of_the_guide_are_those_of_the_audit() -> None:
    found = {one.identity_id: one for one in audit.findings(datapackage.load(ROOT / "data"))}
    table = text("docs/audit.md").partition("| id | printed | verdict | why |")[2].partition("\n\n")[0]
    shown = re.findall(r"^\| `(\w+)` \| [^|]+ \| (\w+) \|", table, re.MULTILINE)
    assert {verdict for _, verdict in shown} == set(audit.VERDICTS)
    for identity, verdict in shown:
        assert found[identity].verdict == verdict, identity


def test_every_column_of_the_audit_is_explained() -> None:
    columns = text("docs/audit.md").partition("## The columns")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (`.+?`) \|", columns, re.MULTILINE)
    assert re.findall(r"`(\w+)`", " ".join(rows)) == list(audit.COLUMNS)


def codes(dimension: str) -> list[str]:
    """The codes that the schema admits."""
    resources = json.loads(text("data/datapackage.json"))["resources"]
    (policies,) = (resource["schema"]["fields"] for resource in resources if resource["name"] == "policies")
    (field,) = (field["constraints"] for field in policies if field["name"] == dimension)
    return field.get("enum") or field["pattern"].partition(")")[0].removeprefix("(").split("|")


@pytest.mark.parametrize("dimension", [*agreement.SINGLE, *agreement.SETS])
def test_every_code_has_a_rule_and_an_example_from_the_data(dimension: str) -> None:
    policies = datapackage.load(ROOT / "data")["policies"].set_index("policy_id")
    used = set(";".join(policies[dimension]).split(";"))
    book = sections("docs/policies.md")[dimension]
    rows = re.findall(r"^\| `(\w+)` \| ([^|]+) \| ([^|]+) \|$", book, re.MULTILINE)
    assert sorted(code for code, _, _ in rows) == sorted(codes(dimension))
    for code, _, example in rows:
        coded = {policy: policies.at[policy, dimension] for policy in re.findall(r"\(`([\w.]+)`\)", example)}
        assert coded or code not in used, f"{code} has no example"
        for policy, given in coded.items():
            assert code in given.split(";"), policy
            printed = ("".join(policies.at[policy, column].split()) for column in ("name_zh", "evidence"))
            assert any(name in example for name in printed), policy


def test_the_code_book_maps_every_type_to_the_other_schemes() -> None:
    mapped = text("docs/policies.md").partition("| `primary_type` | NATO | PINE |")[2].partition("\n\n")[0]
    assert sorted(re.findall(r"^\| `(\w+)` \|", mapped, re.MULTILINE)) == sorted(codes("primary_type"))


def test_the_agreement_in_the_code_book_is_that_of_the_tables() -> None:
    table = text("docs/policies.md").partition("| dimension | α | units | charted |")[2].partition("\n\n")[0]
    shown = re.findall(r"^\| `(\w+)` \| ([\d.]+) \| (\d+) \| (yes|no) \|$", table, re.MULTILINE)
    computed = agreement.reliability(datapackage.load(ROOT / "data"))
    assert shown == [
        (row.dimension, f"{row.alpha:.2f}", str(row.units), "yes" if row.charted else "no")
        for row in computed.itertuples()
    ]


def test_every_notebook_and_parameter_is_explained() -> None:
    guide = text("docs/notebooks.md")
    for notebook, model in parameters.NOTEBOOKS.items():
        assert f"(../notebooks/{notebook}.ipynb)" in guide
        for name in model.model_fields:
            assert f"| `{name}`" in guide, name


def test_every_table_is_named_beside_the_data() -> None:
    resources = json.loads(text("data/datapackage.json"))["resources"]
    listed = re.findall(r"^\| `([\w.]+)` \|", text("data/README.md"), re.MULTILINE)
    assert sorted(listed) == sorted(["datapackage.json", *(resource["path"] for resource in resources)])


@pytest.mark.parametrize("module", MODULES)
def test_the_page_on_architecture_names_every_module(module: str) -> None:
    floor, _, name = module.rpartition("/")
    rows = [row for row in text("docs/architecture.md").splitlines() if row.startswith(f"| `{floor}")]
    assert any(re.search(rf"\b{name}\b", row) for row in rows), module


@each_document
def test_no_document_speaks_of_good_days_without_saying_which(document: str) -> None:
    assert not re.search(r"\bgood (air[- ])?days\b", text(document), re.IGNORECASE)


@each_document
def test_no_document_names_a_place_on_a_machine(document: str) -> None:
    assert not re.search(r"(?<![\w.])/(home|root|work|tmp|opt|Users)/", text(document))
