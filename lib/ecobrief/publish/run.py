"""One brief from notebook to HTML, in the calling process: papermill runs the notebook, `page` shows it.

Importing this module takes about a second (papermill), which is why it is left to the workers of a runner.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Callable, Mapping
from contextlib import chdir
from functools import cache, partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import nbformat
from papermill.engines import NBClientEngine
from papermill.exceptions import PapermillExecutionError
from papermill.execute import raise_for_execution_errors
from papermill.iorw import load_notebook_node
from papermill.parameterize import parameterize_notebook
from traitlets.config import Config

from ecobrief.publish.job import Failed, Job, Run
from ecobrief.publish.page import Made, render
from ecobrief.wording import Lang

# The kernel of the environment that runs this, whatever name the notebook was saved with.
KERNEL = "python3"
# Of a long error a person needs the beginning; the whole of it stands in the notebook that is kept.
MESSAGE_LENGTH = 2000
COLOUR = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
# What the address of a Unix socket may hold (108 bytes on Linux, 104 on macOS), less the number of the socket.
SOCKET_LENGTH = 100


def run(
    job: Job,
    siblings: Mapping[Lang, str],
    index: str,
    shared: str = "",
    *,
    execute: Callable[..., None] | None = None,
    memory: int | None = None,
    on_cell: Callable[[tuple[int | None, str]], None] | None = None,
) -> Run:
    """Execute the notebook of `job` in its own folder and render its page; what goes wrong is an outcome.

    siblings, index, shared: as `page.render` takes them
    execute: runs the cells of a notebook, with hooks as nbclient has them; None for a kernel in a process of its own
    memory: MB that the notebook may allocate (Linux); None for as much as there is
    on_cell: called as each cell begins, with its number (from 1) and first line
    """
    made = Made(job.notebook.name, job.parameters, version("ecobrief"))
    try:
        notebook = parameterized(job)
    except Exception as fault:
        return Run(Failed(job, None, "", type(fault).__name__, _message(str(fault))))
    places = _places(notebook)
    try:
        hooks = {"on_cell_start": lambda cell, cell_index: on_cell(places[cell_index])} if on_cell else {}
        with chdir(job.notebook.parent):
            (execute or partial(_elsewhere, memory))(notebook, **hooks)
        raise_for_execution_errors(notebook, None)
        return Run(render(notebook, job.lang, siblings=siblings, index=index, made=made, shared=shared))
    except PapermillExecutionError as fault:
        cell, source = places[fault.cell_index]
        error, message = fault.ename, _message(fault.evalue)
        if memory and error == "MemoryError":
            error, message = "MemoryLimit", f"the notebook asked for more than {memory} MB of memory."
        failed = Failed(job, cell, source, error, message)
    except Exception as fault:  # one brief that fails, however it fails, must not take the others with it
        failed = Failed(job, None, "", type(fault).__name__, _message(str(fault)))
    return Run(failed, nbformat.writes(notebook))


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


def _elsewhere(memory: int | None, notebook: nbformat.NotebookNode, **hooks: Any) -> None:
    """Run the cells in a kernel in a process of its own."""
    # A kernel warns on every start that what it says to this process, on this machine, is not encrypted.
    arguments = ["--IPKernelApp.log_level=ERROR"]
    if memory:
        size = memory * 1024 * 1024
        limit = f"__import__('resource').setrlimit(__import__('resource').RLIMIT_DATA, ({size}, {size}))"
        arguments.append(f"--IPKernelApp.exec_lines={limit}")
    with tempfile.TemporaryDirectory(prefix="ecobrief-") as sockets:
        NBClientEngine.execute_notebook(
            notebook,
            KERNEL,
            progress_bar=False,
            # What a notebook has shown is here already; a kernel that is asked to end takes its time, and one that is
            # asked in the middle of a cell complains of it.
            shutdown_kernel="immediate",
            extra_arguments=arguments,
            config=_sockets(Path(sockets)),
            **hooks,
        )


def _sockets(folder: Path) -> Config:
    """Where a kernel and its client meet: in files of `folder`.

    Elsewhere they meet at TCP ports, which are looked for by the one and opened by the other: with many kernels
    starting at once, another may have taken one in between ("Address already in use").
    """
    address = folder / "kernel"
    if sys.platform == "win32" or len(bytes(address)) > SOCKET_LENGTH:
        return Config()
    return Config({"KernelManager": {"transport": "ipc", "ip": str(address)}})


def _places(notebook: nbformat.NotebookNode) -> list[tuple[int | None, str]]:
    """Number (from 1) of each cell in the notebook that was given, and its first line.

    The cell of parameters that papermill puts in has no number there.
    """
    places: list[tuple[int | None, str]] = []
    number = 0
    for cell in notebook.cells:
        own = "injected-parameters" not in cell.metadata.get("tags", ())
        number += own
        line = next((line.strip() for line in cell.source.splitlines() if line.strip()), "")
        places.append((number if own else None, line))
    return places


def _message(text: str) -> str:
    return COLOUR.sub("", text).strip()[:MESSAGE_LENGTH]
