"""papermill's engine `ecobrief`: every notebook in a fresh fork of one warmed process (`forks`), in a kernel there (`kernel`).

Outputs are those of papermill's own engine; what differs is what it costs: no kernel is started, nothing imported again.
Where there is no such fork (not Linux), papermill's own engine runs instead, and says so.

papermill loads this module by its entry point while it loads itself, so nothing of papermill is imported at its top.
"""

from __future__ import annotations

import atexit
import os
import sys
import threading
from pathlib import Path
from typing import Any

from ecobrief.publish import import_lines
from ecobrief.publish.fork_server import tell
from ecobrief.publish.forks import MARK, ForkServer, Limits, NoForks, Preparation, can_fork


class ForkEngine:
    """An engine as papermill asks for one. The process that forks imports what the first notebook imports."""

    @classmethod
    def execute_notebook(cls, nb: Any, kernel_name: str, **options: Any) -> Any:
        from papermill.engines import Engine

        return Engine.execute_notebook.__func__(cls, nb, kernel_name, **options)

    @classmethod
    def nb_kernel_name(cls, nb: Any, name: str | None = None) -> Any:
        from papermill.utils import nb_kernel_name

        return nb_kernel_name(nb, name)

    @classmethod
    def nb_language(cls, nb: Any, language: str | None = None) -> Any:
        from papermill.utils import nb_language

        return nb_language(nb, language)

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **options: Any) -> Any:
        """See papermill. Beside its options: time_limit in seconds and memory_limit in MB of the whole notebook.

        Raises:
            NoForks: the kernel asked for is not Python of this environment, or no fork can be had.
            ForkEnded: the fork died, or was ended at a limit.
        """
        from papermill.clientwrap import PapermillNotebookClient
        from papermill.engines import NBClientEngine
        from papermill.log import logger

        limits = Limits(options.pop("time_limit", None), options.pop("memory_limit", None))
        if not can_fork():
            logger.warning(
                "The engine ecobrief forks, which needs Linux; papermill's own engine runs instead."
            )
            return NBClientEngine.execute_managed_notebook(nb_man, kernel_name, **options)
        _refuse_other_kernels(kernel_name)
        files = {name: options.pop(name, None) for name in ("log_output", "stdout_file", "stderr_file")}
        log = PapermillNotebookClient(nb_man, log=logger, **files)

        def on_event(event: tuple[str, int, Any]) -> None:
            """What papermill's own client does while the cells run."""
            what, index, content = event
            if what == "start":
                nb_man.cell_start(nb_man.nb.cells[index], index)
            elif what == "exception":
                nb_man.cell_exception(nb_man.nb.cells[index], cell_index=index, exception=content)
            else:
                _take(nb_man.nb.cells[index], content)
                for output in content.get("outputs", []):
                    log.log_output_message(output)
                nb_man.cell_complete(nb_man.nb.cells[index], cell_index=index)

        executed = _server(nb_man.nb).run(
            _execute, nb_man.nb, str(Path.cwd()), dict(os.environ), options, limits=limits, on_event=on_event
        )
        for cell, final in zip(nb_man.nb.cells, executed.cells, strict=True):
            # Once more: a later cell may have changed what an earlier one shows.
            _take(cell, final)
        nb_man.nb.metadata.update({**executed.metadata, "papermill": nb_man.nb.metadata.papermill})
        return nb_man.nb


_lock = threading.Lock()
_servers: dict[int, ForkServer] = {}


def _server(notebook: Any) -> ForkServer:
    """The server of this process (by its id, as a fork of this process must not use it), started when first needed."""
    with _lock:
        if os.getpid() not in _servers:
            server = ForkServer(Preparation([*import_lines.KERNEL, *import_lines.named_in(notebook)]))
            _servers[os.getpid()] = server
            atexit.register(server.close)
        return _servers[os.getpid()]


def _refuse_other_kernels(name: str) -> None:
    from jupyter_client.kernelspec import get_kernel_spec

    spec = get_kernel_spec(name)
    program = Path(spec.argv[0])
    if spec.language != "python" or (program.name == spec.argv[0] and not program.name.startswith("python")):
        raise NoForks(
            f"the engine ecobrief runs Python of its own environment; the kernel {name} is another."
        )
    if program.is_absolute() and program.resolve() != Path(sys.executable).resolve():
        raise NoForks(
            f"the kernel {name} is of another environment ({program}); the engine ecobrief has only its own."
        )


def _take(cell: Any, ran: Any) -> None:
    """Into a cell of the caller what the same cell has become in the fork."""
    if cell.cell_type == "code":
        cell.outputs, cell.execution_count = ran.outputs, ran.execution_count
        cell.metadata.update({**ran.metadata, "papermill": cell.metadata.papermill})


class _Told:
    """Stands for papermill's manager of a run where the cells run: tells the caller's, which keeps times and files."""

    def __init__(self, notebook: Any) -> None:
        self.nb = notebook

    def cell_start(self, cell: Any, index: int) -> None:
        tell(("start", index, None))

    def cell_exception(self, cell: Any, cell_index: int, exception: Exception) -> None:
        tell(("exception", cell_index, exception))

    def cell_complete(self, cell: Any, cell_index: int) -> None:
        tell(("complete", cell_index, cell))

    def autosave_cell(self) -> None: ...


def _execute(notebook: Any, folder: str, environ: dict[str, str], options: dict[str, Any]) -> Any:
    """In a fork: run the cells, return the notebook."""
    from ecobrief.publish.kernel import execute_cells

    mark = os.environ[MARK]
    os.environ.clear()
    os.environ.update({**environ, MARK: mark})
    os.chdir(folder)
    told = _Told(notebook)
    execute_cells(told, **options)
    return told.nb
