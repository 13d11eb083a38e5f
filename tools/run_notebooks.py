"""Run every notebook of notebooks/ with its defaults and keep the outputs: what `make notebooks` does.

Run metadata is dropped and cell ids follow the position, so that a second run of the same code on the same data writes the same
bytes. A notebook is replaced only if it ran to its end.
"""

from __future__ import annotations

import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from ecobrief import atomic

WIDGET_MIME = "application/vnd.jupyter.widget-view+json"
NOTEBOOKS = Path(__file__).resolve().parents[1] / "notebooks"


def run(path: Path) -> nbformat.NotebookNode:
    """The executed notebook without traces of the run.

    Raises:
        CellExecutionError: a cell failed.
    """
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(
        notebook,
        timeout=300,
        resources={"metadata": {"path": str(path.parent)}},
        # A kernel warns on every start that what it says to this process, on this machine, is not encrypted.
        extra_arguments=["--IPKernelApp.log_level=ERROR"],
    ).execute()
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    for position, cell in enumerate(notebook.cells):
        for output in cell.get("outputs", ()):
            # A widget ends with its kernel; what it shows without one stands beside it.
            output.get("data", {}).pop(WIDGET_MIME, None)
        cell["id"] = f"cell-{position:02d}"
        cell.metadata = {"tags": cell.metadata["tags"]} if cell.metadata.get("tags") else {}
    return notebook


def main(paths: list[Path]) -> int:
    failed = 0
    for path in paths:
        try:
            executed = run(path)
        except CellExecutionError as error:
            print(f"{path.name}: {error.ename}: {error.evalue}", file=sys.stderr)
            failed += 1
            continue
        atomic.write_text(path, nbformat.writes(executed) + "\n")
        print(path.name)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main([Path(name) for name in sys.argv[1:]] or sorted(NOTEBOOKS.glob("*.ipynb"))))
