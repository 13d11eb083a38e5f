"""One brief from notebook to HTML, in the calling process: papermill runs the notebook, `page` shows it.

Importing this module takes about a second (papermill), which is why `batch` leaves it to its workers.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import nbformat
from papermill.engines import Engine, NBClientEngine
from papermill.exceptions import PapermillExecutionError
from papermill.execute import ERROR_MARKER_TAG, raise_for_execution_errors
from papermill.iorw import load_notebook_node
from papermill.parameterize import parameterize_notebook

from ecobrief.publish.job import Failed, Job, Run
from ecobrief.publish.page import Made, render
from ecobrief.wording import Lang

# The kernel of the environment that runs this, whatever name the notebook was saved with.
KERNEL = "python3"
# Of a long error a person needs the beginning; the whole of it stands in the notebook that is kept.
MESSAGE_LENGTH = 2000
COLOUR = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
# What nbclient is asked for a kernel of its own.
STOCK: dict[str, Any] = {
    # What a notebook has shown is here already; a kernel that is asked to end takes its time, and one that is
    # asked in the middle of a cell complains of it.
    "shutdown_kernel": "immediate",
    # A kernel warns on every start that what it says to this process, on this machine, is not encrypted.
    "extra_arguments": ["--IPKernelApp.log_level=ERROR"],
}


def run(
    job: Job,
    siblings: Mapping[Lang, str],
    index: str,
    shared: str = "",
    *,
    engine: type[Engine] = NBClientEngine,
    options: Mapping[str, Any] = STOCK,
    on_cell: Callable[[tuple[int | None, str]], None] | None = None,
) -> Run:
    """Execute the notebook of `job` in its own folder and render its page; what goes wrong is an outcome.

    siblings, index, shared: as `page.render` takes them
    engine, options: papermill's engine that runs the cells, and what it is given beside the notebook
    on_cell: called as each cell begins, with its number (from 1) and first line
    """
    made = Made(job.notebook.name, job.parameters, version("ecobrief"))
    notebook = None
    hooks = {}
    if on_cell:
        hooks["on_cell_start"] = lambda cell, cell_index: on_cell(_cell(cell_index, notebook))
    try:
        notebook = parameterized(job)
        here = Path.cwd()
        os.chdir(job.notebook.parent)
        try:
            engine.execute_notebook(notebook, KERNEL, progress_bar=False, **options, **hooks)
        finally:
            os.chdir(here)
        raise_for_execution_errors(notebook, None)
        return Run(render(notebook, job.lang, siblings=siblings, index=index, made=made, shared=shared))
    except PapermillExecutionError as fault:
        cell, source = _cell(fault.cell_index, notebook)
        failed = Failed(job, cell, source, fault.ename, _message(fault.evalue))
    except Exception as fault:  # one brief that fails, however it fails, must not take the others with it
        failed = Failed(job, None, "", type(fault).__name__, _message(str(fault)))
    return Run(failed, nbformat.writes(notebook) if notebook else "")


def parameterized(job: Job) -> nbformat.NotebookNode:
    """The notebook with the parameters in a cell of their own, as papermill puts them in."""
    notebook = read(job.notebook)
    if job.parameters and not any("parameters" in cell.metadata.get("tags", ()) for cell in notebook.cells):
        raise ValueError(
            f"{job.notebook.name} has no cell with the tag parameters, so it cannot be given any."
        )
    return parameterize_notebook(notebook, dict(job.parameters), kernel_name=KERNEL, language="python")


def read(path: Path) -> nbformat.NotebookNode:
    """The notebook without its outputs, a copy of its own; the file is read once as long as it does not change."""
    return nbformat.from_dict(_read(path, path.stat().st_mtime_ns))


@cache
def _read(path: Path, modified: int) -> nbformat.NotebookNode:
    notebook = load_notebook_node(str(path))
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = []
    return notebook


def _cell(index: int, executed: nbformat.NotebookNode) -> tuple[int | None, str]:
    """Number (from 1) of a cell in the notebook that was given, and its first line.

    papermill's `index` also counts the cell of parameters that it puts in itself, which has no number here,
    but not the marks that it leaves around an error in the file.
    """
    cells = [
        cell
        for cell in executed.cells
        if ERROR_MARKER_TAG not in cell.metadata.get("tags", ())
    ]
    own = ["injected-parameters" not in cell.metadata.get("tags", ()) for cell in cells]
    line = next((line.strip() for line in cells[index].source.splitlines() if line.strip()), "")
    return (sum(own[: index + 1]) if own[index] else None), line


def _message(text: str) -> str:
    return COLOUR.sub("", text).strip()[:MESSAGE_LENGTH]
