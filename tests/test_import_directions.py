"""The house: every module imports only from the floors below its own, and markup is made in few places."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import ecobrief

LIBRARY = Path(ecobrief.__file__).parent
ROOT = LIBRARY.parents[1]
FLOORS = (
    ("cli",),
    ("publish", "figures"),
    ("parameters", "audit", "compare", "extraction", "monitoring"),
    ("provenance",),
    ("datapackage", "documents", "standards"),
    ("units", "interval", "wording", "atomic", "package_folder"),
)
"""From the top to the bottom; what stands on one floor knows nothing of one another."""
FACADE = "ecobrief"
"""`ecobrief/__init__.py` is what scripts import; no module of the house does."""
STRANGERS = {
    "compare": {"plotly", "papermill", "jinja2", "nbformat", "IPython"},
    "figures": {"papermill", "nbconvert", "nbclient"},
    "publish": {"pandas", "pint"},
    "datapackage": {"plotly", "papermill", "IPython"},
}
"""Libraries that a part of the house has no business with."""
MARKUP_MAKERS = {"publish/prose.py", "publish/picture.py", "publish/template.py"}
"""Where text is declared to be markup: prose that mistune has escaped, pictures of which only known parts are kept; style
sheets, scripts and the policy of a page."""
SHOWERS = {"HTML", "Markdown", "display_html", "display_markdown", "Javascript", "SVG"}


def modules() -> list[Path]:
    return sorted(LIBRARY.rglob("*.py"))


def name(path: Path) -> str:
    """The dotted name of a module's file: `ecobrief.compare.report`; a package has the name of its folder."""
    parts = ("ecobrief", *path.relative_to(LIBRARY).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def part(module: str) -> str:
    """Which part of the house a module belongs to: `compare` for `ecobrief.compare.report`."""
    return module.split(".")[1] if "." in module else FACADE


def imports(code: str, known: set[str]) -> Iterator[str]:
    """The modules that a module names in its imports, wherever in the code they stand."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are written in full"
            whole = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from (named if named in known else str(node.module) for named in whole)


def floor(module: str) -> int:
    """The number of a part's floor, counted from the top; the façade stands over all."""
    return next((number for number, parts in enumerate(FLOORS) if part(module) in parts), -1)


def is_allowed(importer: str, imported: str) -> bool:
    same_part = part(importer) == part(imported) != FACADE
    return same_part or (part(imported) != FACADE and floor(importer) < floor(imported))


def shown_text(code: str) -> list[int]:
    """The lines on which text made in the code is handed to IPython to be shown as markup."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(code))
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", getattr(node.func, "attr", "")) in SHOWERS
        and any(
            isinstance(part, (ast.JoinedStr, ast.Constant, ast.BinOp))
            for given in [*node.args, *(keyword.value for keyword in node.keywords)]
            for part in ast.walk(given)
        )
    ]


def notebook_code() -> Iterator[tuple[str, str]]:
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        for number, cell in enumerate(cells):
            if cell["cell_type"] == "code":
                yield f"{path.name} cell {number}", "".join(cell["source"])


def all_code() -> Iterator[tuple[str, str]]:
    for path in [*modules(), *sorted((ROOT / "tools").glob("*.py"))]:
        yield path.name, path.read_text(encoding="utf-8")
    yield from notebook_code()


# Floors


def test_every_module_has_its_floor() -> None:
    assert {part(name(path)) for path in modules()} <= {FACADE, *(part for parts in FLOORS for part in parts)}


@pytest.mark.parametrize("path", modules(), ids=name)
def test_a_module_imports_only_from_floors_below(path: Path) -> None:
    known = {name(module) for module in modules()}
    own = {
        named
        for named in imports(path.read_text(encoding="utf-8"), known)
        if named.split(".")[0] == "ecobrief"
    }
    assert [named for named in sorted(own) if not is_allowed(name(path), named)] == []


@pytest.mark.parametrize(
    ("importer", "imported"),
    [
        ("ecobrief.compare.report", "ecobrief.figures"),
        ("ecobrief.figures.tables", "ecobrief.publish.page"),
        ("ecobrief.publish.page", "ecobrief.figures"),
        ("ecobrief.parameters", "ecobrief.compare.readings"),
        ("ecobrief.datapackage", "ecobrief.documents"),
        ("ecobrief.units", "ecobrief.interval"),
        ("ecobrief.atomic", "ecobrief.datapackage"),
        ("ecobrief.datapackage", "ecobrief.provenance"),
        ("ecobrief.cli", "ecobrief"),
    ],
)
def test_what_stands_above_or_beside_is_not_to_be_imported(importer: str, imported: str) -> None:
    assert not is_allowed(importer, imported)


def test_an_import_inside_a_function_counts_too() -> None:
    code = "def late():\n    from ecobrief import compare\n    import ecobrief.units"
    assert list(imports(code, {"ecobrief.compare"})) == ["ecobrief.compare", "ecobrief.units"]


@pytest.mark.parametrize("path", modules(), ids=name)
def test_a_part_of_the_house_has_no_business_with_some_libraries(path: Path) -> None:
    libraries = {named.split(".")[0] for named in imports(path.read_text(encoding="utf-8"), set())}
    assert libraries & STRANGERS.get(part(name(path)), set()) == set()


def test_publish_knows_nothing_of_indicators() -> None:
    known = {name(module) for module in modules()}
    of_publish = [path for path in modules() if part(name(path)) == "publish"]
    used = {
        part(n)
        for path in of_publish
        for n in imports(path.read_text("utf-8"), known)
        if n.startswith("ecobrief.")
    }
    # Of the data package it knows which slices a notebook asked for, not what they hold.
    assert used == {"publish", "wording", "atomic", "datapackage"}


def test_comparing_loads_no_library_that_draws_or_runs_notebooks() -> None:
    asked = "import sys, ecobrief.compare; print(*{name.split('.')[0] for name in sys.modules})"
    loaded = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, check=True
    ).stdout.split()
    assert "pandas" in loaded
    assert {"plotly", "papermill", "nbformat", "IPython"}.isdisjoint(loaded)


# Markup


def test_no_text_made_in_the_code_is_shown_as_markup() -> None:
    assert [(place, shown_text(code)) for place, code in all_code() if shown_text(code)] == []


@pytest.mark.parametrize(
    "code",
    [
        'HTML(f"<b>{value}</b>")',
        'display(Markdown("**" + value))',
        'IPython.display.HTML("<b>{}</b>".format(value))',
        'HTML(data="<b>bold</b>")',
        'display_html("<b>bold</b>", raw=True)',
    ],
)
def test_text_made_in_the_code_is_seen(code: str) -> None:
    assert shown_text(code) == [1]


def test_every_jinja_environment_escapes() -> None:
    made = [
        {keyword.arg: keyword.value for keyword in node.keywords}
        for _, code in all_code()
        for node in ast.walk(ast.parse(code))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("Environment", "Template")
    ]
    assert made
    for settings in made:
        assert ast.unparse(settings.get("autoescape", ast.Constant(None))) == "True"


def test_no_template_switches_escaping_off() -> None:
    templates = sorted(LIBRARY.rglob("*.j2"))
    assert templates
    for template in templates:
        code = template.read_text(encoding="utf-8").replace(" ", "")
        assert "|safe" not in code, template
        assert "autoescape" not in code, template


def test_text_is_declared_markup_in_few_places() -> None:
    makers = {
        path.relative_to(LIBRARY).as_posix()
        for path in modules()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Markup"
    }
    assert makers == MARKUP_MAKERS
