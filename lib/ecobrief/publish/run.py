"""One brief from notebook to HTML, in the calling process: papermill runs the notebook, `page` shows it.

Importing this module takes about a second (papermill), which is why it is left to the workers of a runner.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path

import nbformat
import papermill
from papermill.exceptions import PapermillExecutionError
from papermill.execute import ERROR_MARKER_TAG
from traitlets.config import Config

from ecobrief.publish.job import Failed, Job, Run
from ecobrief.publish.page import Made, render
from ecobrief.wording import Lang

# The kernel of the environment that runs this, whatever name the notebook was saved with.
KERNEL = "python3"
# Of a long error a person needs the beginning; the whole of it stands in the notebook that is kept.
MESSAGE_LENGTH = 2000
# What the address of a Unix socket may hold (108 bytes on Linux, 104 on macOS), less the number of the socket.
SOCKET_LENGTH = 100
COLOUR = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


def run(
    job: Job, siblings: Mapping[Lang, str], index: str, shared: str = "", *, memory: int | None = None
) -> Run:
    """Execute the notebook of `job` in its own folder and render its page; what goes wrong is an outcome.

    siblings, index, shared: as `page.render` takes them
    memory: MB that the notebook may allocate (Linux); None for as much as there is
    """
    made = Made(job.notebook.name, job.parameters, version("ecobrief"))
    with tempfile.TemporaryDirectory(prefix="ecobrief-") as scratch:
        executed = Path(scratch, "executed.ipynb")
        try:
            notebook = _execute(job, executed, memory)
        except PapermillExecutionError as fault:
            cell, source = _cell(fault.cell_index, executed)
            error, message = fault.ename, _message(fault.evalue)
            if memory and error == "MemoryError":
                error, message = "MemoryLimit", f"the notebook asked for more than {memory} MB of memory."
            return Run(Failed(job, cell, source, error, message), executed.read_text("utf-8"))
        except Exception as fault:  # one brief that fails, however it fails, must not take the others with it
            return Run(Failed(job, None, "", type(fault).__name__, _message(str(fault))))
    try:
        return Run(render(notebook, job.lang, siblings=siblings, index=index, made=made, shared=shared))
    except Exception as fault:
        failed = Failed(job, None, "", type(fault).__name__, _message(str(fault)))
        return Run(failed, nbformat.writes(notebook))


def _execute(job: Job, executed: Path, memory: int | None) -> nbformat.NotebookNode:
    notebook = nbformat.read(job.notebook, as_version=4)
    if job.parameters and not any("parameters" in cell.metadata.get("tags", ()) for cell in notebook.cells):
        raise ValueError(
            f"{job.notebook.name} has no cell with the tag parameters, so it cannot be given any."
        )
    return papermill.execute_notebook(
        _literal(job.notebook.resolve()),
        _literal(executed),
        parameters=dict(job.parameters),
        kernel_name=KERNEL,
        cwd=str(job.notebook.resolve().parent),
        progress_bar=False,
        log_output=False,
        request_save_on_cell_execute=False,
        # What a notebook has shown is here already; a kernel that is asked to end takes its time, and one that is
        # asked in the middle of a cell complains of it.
        shutdown_kernel="immediate",
        extra_arguments=_arguments(memory),
        config=_sockets(executed.parent),
    )


def _arguments(memory: int | None) -> list[str]:
    """What a kernel is started with."""
    # It warns on every start that what it says to this process, on this machine, is not encrypted.
    arguments = ["--IPKernelApp.log_level=ERROR"]
    if memory:
        size = memory * 1024 * 1024
        limit = f"__import__('resource').setrlimit(__import__('resource').RLIMIT_DATA, ({size}, {size}))"
        arguments.append(f"--IPKernelApp.exec_lines={limit}")
    return arguments


def _sockets(folder: Path) -> Config:
    """Where a kernel and its client meet: in files of `folder`.

    Elsewhere they meet at TCP ports, which are looked for by the one and opened by the other: with many kernels
    starting at once, another may have taken one in between ("Address already in use").
    """
    address = folder / "kernel"
    if sys.platform == "win32" or len(bytes(address)) > SOCKET_LENGTH:
        return Config()
    return Config({"KernelManager": {"transport": "ipc", "ip": str(address)}})


def _literal(path: Path) -> str:
    """The path as papermill takes it: papermill fills in {names}, so braces are doubled."""
    return str(path).replace("{", "{{").replace("}", "}}")


def _cell(index: int, executed: Path) -> tuple[int | None, str]:
    """Number (from 1) of a cell in the notebook that was given, and its first line.

    papermill's `index` also counts the cell of parameters that it puts in itself, which has no number here,
    but not the marks that it leaves around an error in the file.
    """
    cells = [
        cell
        for cell in nbformat.read(executed, as_version=4).cells
        if ERROR_MARKER_TAG not in cell.metadata.get("tags", ())
    ]
    own = ["injected-parameters" not in cell.metadata.get("tags", ()) for cell in cells]
    line = next((line.strip() for line in cells[index].source.splitlines() if line.strip()), "")
    return (sum(own[: index + 1]) if own[index] else None), line


def _message(text: str) -> str:
    return COLOUR.sub("", text).strip()[:MESSAGE_LENGTH]
