"""The batch beside every other way to make the same briefs: time, processor time, memory, isolation, equality.

    python tools/bench_batch.py                              100 briefs of brief_city, then of air_quality; three rounds
    python tools/bench_batch.py --briefs 24 --repeat 1 --notebooks air_quality

The ways, in turn in each round (medians are shown):

  batch               `ecobrief build` of all briefs, two at a time, from the start of the command to its end
  stock               `papermill …` and `jupyter nbconvert --to html …` as a person types them, brief after brief
  stock-two           the same, two briefs at a time
  papermill           papermill and nbconvert's exporter in one warm process; each notebook has a kernel of its own
  ploomber-engine     the same with its `embedded` engine, which runs every notebook in that one process
  ploomber-kept       the same again, and the data package is read once
  floor               the cells as plain functions, then template and compression, in one warm process, the package read once

Warm processes make one brief before their clock starts. Slow ways make fewer briefs, of the same cities and languages.
*Isolated*: a notebook that changes pandas options, environment, working directory and a module is run before one that
looks. *Equal*: every cell has the outputs that stock papermill gives it, but for counts, ids and times. The page of the
batch is made from what its engine puts out, so its outputs are taken with `papermill --engine ecobrief`. Memory is the most that
all processes of a way held at once (shared pages counted once where the system tells).
"""

from __future__ import annotations

import argparse
import base64
import gzip
import itertools
import json
import os
import re
import resource
import shlex
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psutil

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = ROOT / "notebooks"
BIN = Path(sys.executable).parent
BESIDE = BIN.parent / "share" / "ecobrief" / "bench"
CITIES, LANGS = ("benxi", "chifeng", "yichun", "rongchang"), ("zh", "en")
ASKED_FASTER = {"brief_city": 20.0, "air_quality": 30.0}
ASKED_ABOVE_FLOOR = 0.1
ASKED_OVER_PLOOMBER = 1.5


@dataclass(frozen=True)
class Brief:
    """A notebook with its parameters, and the name of what is made of it, without suffix."""

    notebook: str
    parameters: dict[str, Any]
    name: str


@dataclass(frozen=True)
class Cost:
    """Of one brief, in seconds; `peak` is in MB and of the whole way."""

    wall: float
    processor: float
    peak: float = 0.0


VARIANTS = (
    *({"benchmark": benchmark} for benchmark in ("both", "none", "country", "province")),
    *({"min_tier": tier} for tier in ("official_bulletin", "state_media")),
    *({"period": str(year)} for year in (2022, 2021, 2020, 2019, 2023, 2024, 2016, 2015)),
)


def briefs(notebook: str, count: int) -> list[Brief]:
    """So many different briefs; also the first few are of several cities, both languages and several variants."""
    if notebook == "brief_city":
        subjects = [{"city": city} for city in CITIES]
    else:
        some = (cities for size in (4, 3, 2) for cities in itertools.combinations(CITIES, size))
        subjects = [{"cities": ",".join(cities)} for cities in some]
    both = [
        {**subject, "lang": LANGS[(number + turn) % 2]}
        for turn in (0, 1)
        for number, subject in enumerate(subjects)
    ]
    made = []
    for turn, (number, subject) in itertools.product(range(len(VARIANTS)), enumerate(both)):
        asked = {**subject, **VARIANTS[(turn + 5 * number) % len(VARIANTS)]}
        made.append(Brief(notebook, asked, f"{notebook}-{len(made):03d}.{asked['lang']}"))
    if count > len(made):
        raise SystemExit(f"there are {len(made)} different briefs of {notebook}, not {count}")
    return made[:count]


# --- the ways ------------------------------------------------------------------------------------------------------


def batch(made: Sequence[Brief], folder: Path) -> list[list[str]]:
    sets = []
    for one in made:
        stem, _, lang = one.name.rpartition(".")
        given = {name: value for name, value in one.parameters.items() if name != "lang"}
        sets.append({"notebook": one.notebook, "parameters": given, "langs": lang, "file": stem})
    plan = folder / "plan.yaml"
    plan.write_text(json.dumps(sets), encoding="utf-8")
    asked = ["--params", str(plan), "--jobs", "2", "--out", str(folder / "out")]
    return [[str(BIN / "ecobrief"), "build", *asked]]


def stock(made: Sequence[Brief], folder: Path) -> list[list[str]]:
    def typed(brief: Brief) -> list[str]:
        executed = str(folder / f"{brief.name}.ipynb")
        given = [word for name, value in brief.parameters.items() for word in ("-p", name, str(value))]
        papermill = [str(BIN / "papermill"), str(notebook_of(brief)), executed, *given]
        nbconvert = [str(BIN / "jupyter"), "nbconvert", "--to", "html", executed]
        return ["/bin/sh", "-c", f"{shlex.join(papermill)} && {shlex.join(nbconvert)}"]

    return [typed(brief) for brief in made]


def warm(engine: str) -> Callable[[Sequence[Brief], Path], list[list[str]]]:
    """This script again, as the one process in which `engine` makes all briefs."""

    def command(made: Sequence[Brief], folder: Path) -> list[list[str]]:
        plan = folder / "plan.json"
        plan.write_text(json.dumps([asdict(brief) for brief in made]), encoding="utf-8")
        return [[sys.executable, __file__, "--warm", engine, str(plan), str(folder)]]

    return command


@dataclass(frozen=True)
class Way:
    """How to make briefs: the commands that do, how many of them run at a time, and of how many briefs a round is.

    probe: what stands for it where outputs are looked at, if it keeps none.
    """

    name: str
    commands: Callable[[Sequence[Brief], Path], list[list[str]]]
    briefs: int
    at_a_time: int = 1
    probe: Callable[[Sequence[Brief], Path], list[list[str]]] | None = None


WAYS = (
    Way("batch", batch, 1000, probe=warm("ecobrief")),
    Way("stock", stock, 4),
    Way("stock-two", stock, 8, at_a_time=2),
    Way("papermill", warm("papermill"), 4),
    Way("ploomber-engine", warm("embedded"), 8),
    Way("ploomber-kept", warm("embedded+kept"), 8),
    Way("floor", warm("floor"), 1000),
)


def notebook_of(brief: Brief) -> Path:
    """A probe is named by its path, a notebook of the project by its name."""
    path = Path(brief.notebook)
    return path if path.suffix else NOTEBOOKS / f"{brief.notebook}.ipynb"


# --- measuring -----------------------------------------------------------------------------------------------------


class Failed(Exception):
    """A way cannot make its briefs; the message is the last line it said."""


class Memory(threading.Thread):
    """The most memory that the processes below this one hold together, in MB."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.peak = 0.0
        self._over = threading.Event()

    def run(self) -> None:
        while not self._over.wait(0.25):
            held = 0
            for process in psutil.Process().children(recursive=True):
                try:
                    about = process.memory_full_info()
                    held += getattr(about, "pss", about.rss)
                except psutil.Error:
                    continue
            self.peak = max(self.peak, held / 2**20)

    def stop(self) -> float:
        self._over.set()
        self.join()
        return self.peak


def measured(way: Way, made: Sequence[Brief], folder: Path) -> Cost:
    """What one brief costs this way.

    Raises:
        Failed: a command did not succeed.
    """
    folder.mkdir(parents=True)
    waiting, running = way.commands(made, folder), {}
    memory, said = Memory(), folder / "said.txt"
    processor, begun = 0.0, time.perf_counter()
    memory.start()
    with said.open("wb") as output:
        try:
            while waiting or running:
                while waiting and len(running) < way.at_a_time:
                    command = subprocess.Popen(
                        waiting.pop(0),
                        cwd=ROOT,
                        env=environment(way),
                        stdout=output,
                        stderr=subprocess.STDOUT,
                    )
                    running[command.pid] = command
                ended, status, used = os.wait4(-1, 0)
                running.pop(ended, None)
                processor += used.ru_utime + used.ru_stime
                if status:
                    raise Failed(last_line(said))
        finally:
            for command in running.values():
                command.terminate()
                command.wait()
    wall = time.perf_counter() - begun
    peak = memory.stop()
    told = last_line(said)
    if told.startswith('{"wall"'):
        clocked = json.loads(told)
        wall, processor = clocked["wall"], clocked["processor"]
    return Cost(wall / len(made), processor / len(made), peak)


def last_line(said: Path) -> str:
    lines = [line for line in said.read_text(encoding="utf-8", errors="replace").splitlines() if line.strip()]
    return lines[-1][:200] if lines else "it said nothing"


def environment(way: Way) -> dict[str, str]:
    """papermill imports every engine that is installed, so ploomber-engine is to be found by its own ways alone."""
    found = [str(BESIDE)] if way.name.startswith("ploomber") else []
    path = os.pathsep.join([*found, *filter(None, [os.environ.get("PYTHONPATH")])])
    return {**os.environ, "ECOBRIEF_DATA": str(ROOT / "data"), "PYTHONPATH": path}


# --- what a warm process does --------------------------------------------------------------------------------------


def run_warm(engine: str, made: Sequence[Brief], folder: Path) -> None:
    """Make the briefs in this process, and tell on the last line what they cost without the first, made once before."""
    os.chdir(NOTEBOOKS)
    make = floor() if engine == "floor" else through_papermill(engine)
    if engine in ("floor", "embedded+kept"):
        from ecobrief import datapackage

        datapackage.keep(datapackage.load())
    if not probing(made):
        make(made[0], folder)
    begun, used = time.perf_counter(), processor_time()
    notebooks = [make(brief, folder) for brief in made]
    cost = {"wall": time.perf_counter() - begun, "processor": processor_time() - used}
    if engine == "floor":
        import nbformat

        for brief, notebook in zip(made, notebooks, strict=True):
            nbformat.write(notebook, folder / f"{brief.name}.ipynb")
    print(json.dumps(cost))


def processor_time() -> float:
    """Seconds of this process and of the children that have ended."""
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in both)


def through_papermill(engine: str) -> Callable[[Brief, Path], Any]:
    """papermill with an engine, then nbconvert's own page."""
    import papermill
    from nbconvert import HTMLExporter

    exporter = HTMLExporter()
    name = {"papermill": None, "embedded+kept": "embedded"}.get(engine, engine)

    def make(brief: Brief, folder: Path) -> Any:
        executed = papermill.execute_notebook(
            str(notebook_of(brief)),
            str(folder / f"{brief.name}.ipynb"),
            parameters=brief.parameters,
            engine_name=name,
            kernel_name="python3",
            progress_bar=False,
        )
        page, _ = exporter.from_notebook_node(executed)
        (folder / f"{brief.name}.html").write_text(page, encoding="utf-8")

    return make


def floor() -> Callable[[Brief, Path], Any]:
    """The least that a brief can cost: compiled cells, what they show, and the page."""
    import ast

    import nbformat
    from nbformat.v4 import new_output

    from ecobrief.publish.page import render

    read: dict[str, tuple[Any, list[tuple[Any, Any]]]] = {}

    def prepared(brief: Brief) -> tuple[Any, list[tuple[Any, Any]]]:
        """The notebook, and of each cell its statements and its last expression, compiled."""
        if brief.notebook not in read:
            notebook = nbformat.read(notebook_of(brief), as_version=4)
            cells = []
            for cell in notebook.cells:
                tree = ast.parse(cell.source if cell.cell_type == "code" else "")
                last = tree.body.pop().value if tree.body and isinstance(tree.body[-1], ast.Expr) else None
                shown = compile(ast.Expression(last), brief.notebook, "eval") if last else None
                cells.append((compile(tree, brief.notebook, "exec"), shown))
            read[brief.notebook] = notebook, cells
        return read[brief.notebook]

    def make(brief: Brief, folder: Path) -> Any:
        template, cells = prepared(brief)
        names: dict[str, Any] = {"__name__": "__main__"}
        executed = nbformat.from_dict({**template, "cells": [dict(cell) for cell in template.cells]})
        for cell, (statements, last) in zip(executed.cells, cells, strict=True):
            if cell.cell_type != "code":
                continue
            exec(statements, names)
            if "parameters" in cell.metadata.get("tags", ()):
                names.update(brief.parameters)
            shown = eval(last, names) if last else None
            bundle = shown._repr_mimebundle_() if shown is not None else None
            cell.outputs = [new_output("execute_result", data=bundle)] if bundle else []
        page = render(executed, brief.parameters["lang"]).html
        (folder / f"{brief.name}.html").write_text(page, encoding="utf-8")
        return executed

    return make


# --- whether it is isolated, and equal -----------------------------------------------------------------------------

SPOIL = """
import colorsys, os, pandas
pandas.set_option("display.max_rows", 7)
os.environ["ECOBRIEF_BENCH"] = "spoiled"
os.chdir("/")
colorsys.rgb_to_yiq = lambda *given: "spoiled"
"""
LOOK = """
import colorsys, os, pandas
found = {
    "pandas options": pandas.get_option("display.max_rows") == 7,
    "environment": "ECOBRIEF_BENCH" in os.environ,
    "working directory": os.getcwd() == "/",
    "module": colorsys.rgb_to_yiq(1, 1, 1) == "spoiled",
}
print("spoiled: " + ", ".join(name for name in found if found[name]))
"""


def probing(made: Sequence[Brief]) -> bool:
    return made[0].name == "spoil"


def isolation(way: Way, folder: Path) -> str:
    """yes, or what a notebook finds changed by the one before it."""
    if way.name == "floor":
        return "no (plain functions)"
    import nbformat
    from nbformat.v4 import new_code_cell, new_notebook

    folder.mkdir(parents=True)
    probes = []
    for name, code in (("spoil", SPOIL), ("look", LOOK)):
        cells = [new_code_cell("", metadata={"tags": ["parameters"]}), new_code_cell(code)]
        kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
        nbformat.write(new_notebook(cells=cells, metadata=kernel), folder / f"{name}-probe.ipynb")
        probes.append(Brief(str(folder / f"{name}-probe.ipynb"), {}, name))
    looked = Way(way.name, way.probe or way.commands, 2)
    try:
        measured(looked, probes, folder / "run")
        seen = nbformat.read(folder / "run" / "look.ipynb", as_version=4)
    except (Failed, ValueError) as reason:
        return f"not known: {reason}"
    text = "".join(output.get("text", "") for cell in seen.cells for output in cell.get("outputs", ()))
    found = text.strip().removeprefix("spoiled:").strip()
    return f"no ({found})" if found else "yes"


def outputs(path: Path) -> list[Any]:
    """Each cell with what it shows, without what differs by nature: counts, ids, times, and the cell papermill puts in."""
    import nbformat

    cells = []
    for cell in nbformat.read(path, as_version=4).cells:
        if "injected-parameters" in cell.metadata.get("tags", ()):
            continue
        shown: list[Any] = []
        for output in cell.get("outputs", ()):
            if output.output_type == "stream" and shown and shown[-1][:2] == ["stream", output.name]:
                shown[-1][2] += output.text
            elif output.output_type == "stream":
                shown.append(["stream", output.name, output.text])
            else:
                shown.append([output.output_type, dict(output.get("data", {})), output.get("evalue", "")])
        cells.append((cell.cell_type, cell.source, shown))
    return cells


def equality(way: Way, made: Sequence[Brief], folder: Path) -> str:
    """yes, or the first cell that differs from stock's."""
    reference, kept = folder / "stock-two-0", folder / f"{way.name}-0"
    if not reference.is_dir():
        return "not known: stock-two was not run"
    if way.name == "stock-two":
        return "itself"
    if way.probe:
        kept = folder / f"{way.name}-looked-at"
        try:
            measured(Way(way.name, way.probe, len(made)), made, kept)
        except Failed as reason:
            return f"not known: {reason}"
    for brief in made:
        ours, theirs = (outputs(each / f"{brief.name}.ipynb") for each in (kept, reference))
        if len(ours) != len(theirs):
            return f"no ({brief.name}: {len(ours)} cells, not {len(theirs)})"
        for number, (one, other) in enumerate(zip(ours, theirs, strict=True)):
            if one != other:
                return f"no ({brief.name}, cell {number})"
    if way.name == "batch":
        return same_pages(made, folder / "batch-0" / "out", reference)
    return f"yes ({len(made)})"


def same_pages(made: Sequence[Brief], out: Path, reference: Path) -> str:
    """yes, or the first page of the batch that is not the one made from stock's executed notebook."""
    from importlib.metadata import version

    import nbformat

    from ecobrief.publish.page import Made, render

    for brief in made:
        executed = nbformat.read(reference / f"{brief.name}.ipynb", as_version=4)
        lang, path = brief.parameters["lang"], notebook_of(brief)
        # A page shows its parameters in the order in which they were given, and a plan gives the language last.
        given = {name: value for name, value in brief.parameters.items() if name != "lang"} | {"lang": lang}
        about = Made(path.name, given, version("ecobrief"))
        page = render(executed, lang, siblings={lang: f"{brief.name}.html"}, index="index.html", made=about)
        made_by_batch = (out / f"{brief.name}.html").read_text(encoding="utf-8")
        if in_order(page.html) != in_order(made_by_batch):
            return f"no (the page {brief.name})"
    return f"yes ({len(made)}), pages too"


def in_order(page: str) -> str:
    """A page with the data of its charts unpacked and sorted: a notebook that was written to a file comes back sorted."""

    def unpacked(packed: re.Match[str]) -> str:
        data = json.loads(gzip.decompress(base64.b64decode(packed[1])))
        return json.dumps(data, sort_keys=True)

    return re.sub(r"(?<=<script id=data type=application/octet-stream>)([^<]+)", unpacked, page)


# --- the table -----------------------------------------------------------------------------------------------------


def table(
    notebook: str, count: int, repeat: int, isolated: Mapping[str, str], folder: Path
) -> dict[str, Cost]:
    """Measure the ways of `isolated` in turn and print; the medians of those that run here."""
    ways = [way for way in WAYS if way.name in isolated]
    costs: dict[str, list[Cost]] = {way.name: [] for way in ways}
    faults: dict[str, str] = {}
    for number, way in itertools.product(range(repeat), ways):
        if way.name not in faults:
            print(f"  {notebook}, round {number + 1} of {repeat}: {way.name}", file=sys.stderr, flush=True)
            made = briefs(notebook, min(count, way.briefs))
            try:
                costs[way.name].append(measured(way, made, folder / f"{way.name}-{number}"))
            except Failed as reason:
                faults[way.name] = str(reason)
    medians: dict[str, Cost] = {}
    print(f"\n{notebook}: {count} briefs, medians of {repeat}")
    print(f"{'':16}{'briefs':>7}{'time':>10}{'processor':>11}{'memory':>9}  {'isolated':42}equal to stock")
    for way in ways:
        if way.name in faults:
            print(f"{way.name:16} does not run here: {faults[way.name]}")
            continue
        parts = ("wall", "processor", "peak")
        middle = Cost(*(statistics.median(getattr(one, part) for one in costs[way.name]) for part in parts))
        medians[way.name] = middle
        print(
            f"{way.name:16}{min(count, way.briefs):7}{middle.wall:8.3f} s{middle.processor * 1000:8.0f} ms"
            f"{middle.peak:6.0f} MB  {isolated[way.name]:42}{equality(way, briefs(notebook, min(count, 4)), folder)}"
        )
    return medians


def judged(notebook: str, medians: dict[str, Cost]) -> bool:
    """Print what was asked for and what came of it; whether all was met."""
    met = []

    def say(what: str, value: float, asked: float, unit: str, *, more: bool = False) -> None:
        met.append(value >= asked if more else value <= asked)
        bound = "at least" if more else "at most"
        print(
            f"{'met' if met[-1] else 'MISSED':6}  {what}: {value:.3g}{unit} (asked: {bound} {asked:g}{unit})"
        )

    def both(*names: str) -> bool:
        return all(name in medians for name in names)

    if both("batch", "stock-two"):
        ratio = medians["stock-two"].wall / medians["batch"].wall
        say("faster per brief than stock, two at a time", ratio, ASKED_FASTER[notebook], "×", more=True)
    if both("batch", "floor"):
        above = medians["batch"].processor - medians["floor"].processor
        say("processor time of a brief above the floor", above * 1000, ASKED_ABOVE_FLOOR * 1000, " ms")
    for name in ("ploomber-engine", "ploomber-kept"):
        if both("batch", name):
            ratio = medians["batch"].wall / medians[name].wall
            say(f"time of a brief over that of {name}", ratio, ASKED_OVER_PLOOMBER, "×")
    return all(met)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--briefs", type=int, default=100, help="of the batch; slow ways make fewer")
    parser.add_argument("--repeat", type=int, default=3, help="rounds, of which medians are shown")
    parser.add_argument("--notebooks", default=",".join(ASKED_FASTER), help="separated by commas")
    parser.add_argument("--ways", default="", help="separated by commas; all if left out")
    parser.add_argument("--warm", nargs=3, metavar=("ENGINE", "PLAN", "FOLDER"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.warm:
        engine, plan, folder = given.warm
        made = [Brief(**each) for each in json.loads(Path(plan).read_text(encoding="utf-8"))]
        run_warm(engine, made, Path(folder))
        return 0
    notebooks = given.notebooks.split(",")
    if given.briefs < 1 or given.repeat < 1 or not set(notebooks) <= set(ASKED_FASTER):
        parser.error(f"--briefs and --repeat are 1 or more, --notebooks any of {', '.join(ASKED_FASTER)}")
    known = {way.name: way for way in WAYS}
    ways = [name.strip() for name in given.ways.split(",")] if given.ways else list(known)
    if not set(ways) <= set(known):
        parser.error(f"--ways are any of {', '.join(known)}")
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} before", flush=True)
    with tempfile.TemporaryDirectory(prefix="ecobrief-bench-") as name:
        isolated = {each: isolation(known[each], Path(name, "isolation", each)) for each in ways}
        met = []
        for notebook in notebooks:
            medians = table(notebook, given.briefs, given.repeat, isolated, Path(name, notebook))
            met.append(judged(notebook, medians))
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main())
