"""A small project to build from: three cities, and notebooks that say what is printed of them and little else.

Its command is run in a process of its own, as people run it.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

import ecobrief
import handmade
import made

CITIES = ("alpha", "beta", "gamma")
VALUES = {"alpha": "96.2", "beta": "90.1", "gamma": "80.0"}
FILES = [
    f"{name}.{lang}.html"
    for lang in ("zh", "en")
    for name in (*(f"brief_city-{city}" for city in CITIES), "brief_comparison")
]

SHOWN = handmade.display("sentence", "LANG", {"text": "Text"}, [handmade.row({"text": "TEXT"})])
SHOW = f"shown = {SHOWN!r}".replace("'LANG'", "lang").replace("'TEXT'", "text")
SHOW += f"\nget_ipython().display_pub.publish({{{handmade.MIME!r}: shown}})"


def notebook(path: Path, parameters: str, *cells: str) -> None:
    first = new_code_cell(parameters, metadata={"tags": ["parameters"]})
    whole = new_notebook(
        cells=[first, new_markdown_cell("# Title"), *map(new_code_cell, cells), new_code_cell(SHOW)]
    )
    whole.metadata["kernelspec"] = {"name": "python3", "display_name": "Python", "language": "python"}
    nbformat.write(whole, path)


def write(folder: Path) -> Path:
    """A project in `folder`: data/ and notebooks/."""
    notebooks = folder / "notebooks"
    notebooks.mkdir(parents=True)
    load = "from ecobrief import datapackage\npackage = datapackage.load()"
    notebook(
        notebooks / "brief_city.ipynb",
        "city = 'alpha'\nlang = 'zh'",
        load,
        "assert city != 'nowhere'",
        "text = str([row.value for row in package.records('observations', city_id=city)])",
    )
    notebook(
        notebooks / "brief_comparison.ipynb",
        "cities = ''\nlang = 'zh'",
        load,
        "text = str([package.records('observations', city_id=city)[0].value for city in cities.split(',')])",
    )
    data(folder, VALUES)
    return folder


def data(folder: Path, values: dict[str, str]) -> None:
    """Write the data package with one observation of each city."""
    made.write(
        folder / "data",
        cities=made.TABLES["cities"][:3],
        observations=[
            {"city_id": city, "value": value, "evidence": f"{value}%"} for city, value in values.items()
        ],
    )


def start(folder: Path, *arguments: str, **settings: str) -> subprocess.Popen[str]:
    """`ecobrief build` in that folder, begun. settings: environment variables."""
    unset = {"ECOBRIEF_DATA", "ECOBRIEF_DOCUMENTS"}
    environment = {name: value for name, value in os.environ.items() if name not in unset}
    environment["PYTHONPATH"] = str(Path(ecobrief.__file__).parents[1])
    return subprocess.Popen(
        [sys.executable, "-c", "from ecobrief.cli import main; main()", "build", *arguments],
        cwd=folder,
        env={**environment, **settings},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        start_new_session=True,
    )


def build(folder: Path, *arguments: str, **settings: str) -> tuple[int, str, str]:
    """`ecobrief build` in that folder: exit status, what it printed, what it told."""
    with start(folder, *arguments, **settings) as process:
        printed, told = process.communicate(timeout=120)
    return process.returncode, printed, told


def visible(folder: Path) -> dict[str, bytes]:
    """What a build leaves for people, by name."""
    return {path.name: path.read_bytes() for path in (folder / "briefs").iterdir() if path.is_file()}
