"""papermill's engine `ecobrief` gives what papermill's own engine gives, cell by cell, and each notebook is alone."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import nbformat
import papermill
import pytest
from papermill.exceptions import PapermillExecutionError

from ecobrief.publish.forks import can_fork

pytestmark = pytest.mark.skipif(not can_fork(), reason="forks need Linux")

SHOWING = [
    "x = 1  # parameters",
    "print('a'); print('b', end=''); x",
    "import sys\nprint('out'); print('err', file=sys.stderr); print('out again')",
    "from IPython.display import HTML, Markdown, clear_output, display, update_display\ndisplay(HTML('<b>h</b>'), Markdown('*m*'))",
    "handle = display('first', display_id='one')\nprint('between')\nhandle.update('second')",
    "update_display('third', display_id='one')\ndisplay('again', display_id='one')",
    "print(1)\nclear_output()\nprint(2)",
    "print(3)\nclear_output(wait=True)\nprint(4)\nclear_output(wait=True)",
    "import pandas\npandas.DataFrame({'a': [1, 2], '中': ['é', None]})",
    "import plotly.graph_objects\nplotly.graph_objects.Figure({'data': [{'type': 'bar', 'y': (1, 2)}]})",
    "class Shown:\n    def _repr_mimebundle_(self, **_):\n        return {'text/plain': 's', 'application/x+json': {'t': (1, 2.5, None)}}, {'m': (1,)}\nShown()",
    "display({'text/plain': 'raw'}, raw=True, metadata={'k': 1})",
    "_ = 5;",
    "%precision 2\n3.14159",
    "%%capture taken\nprint('kept back')",
    "taken.show()",
    "import warnings\nwarnings.warn('look out')",
    "import logging\nlogging.getLogger('some').warning('logged')",
]
WAITING = [
    "import asyncio\nawait asyncio.sleep(0.01)\nprint('waited')\n'value'",
    "async def later():\n    await asyncio.sleep(0.02)\n    print('from a task')\ntask = asyncio.create_task(later())",
    "await task\nprint('after')",
    "import contextvars\nvariable = contextvars.ContextVar('v')\nvariable.set('kept')",
    "variable.get('lost')",
    "import threading\nthreads = [threading.Thread(target=print, args=(n,)) for n in range(3)]\nfor thread in threads:\n    thread.start()\n    thread.join()",
    "import subprocess, sys\nprint('before', flush=True)\nsubprocess.run([sys.executable, '-c', 'print(\"child\")'], check=True)\nNone",
    "!echo from the shell",
    "import os\n_ = os.system('echo by system')",
    "os.write(2, b'straight to the descriptor\\n')",
    "subprocess.run(['sh', '-c', 'head -c 100000 /dev/zero | tr \"\\\\0\" x'], check=True)\nNone",
    "import multiprocessing\nwith multiprocessing.get_context('fork').Pool(1) as pool:\n    print(pool.map(abs, [-1, -2]))",
    "from pathlib import Path\nPath('here.txt').read_text()",
    "os.chdir('..')\nPath.cwd().name",
    "import beside\nbeside.NAME",
    "__name__, sys.argv[1:], get_ipython().__class__.__mro__[-2].__name__",
    "import getpass\ninput()",
]
RAISING = {
    "an exception": ["1", "def f(n):\n    return 1 / n\nf(0)", "2"],
    "wrong syntax": ["if"],
    "an exception in a display": [
        "class Bad:\n    def _repr_html_(self):\n        raise ValueError('in repr')\nBad()",
        "'reached'",
    ],
    "SystemExit": ["import sys\nprint('x')\nsys.exit(3)", "2"],
    "a chain": ["try:\n    {}['k']\nexcept KeyError as e:\n    raise RuntimeError('r') from e"],
    "allowed": ["#raises\n1/0", "'goes on'"],
    "an interrupt": ["raise KeyboardInterrupt"],
}


def notebook(cells: list[str]) -> Any:
    made = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(source) for source in cells],
        metadata={"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}},
    )
    made.cells[0].metadata["tags"] = ["parameters"]
    for cell in made.cells:
        if cell.source.startswith("#raises"):
            cell.metadata["tags"] = ["raises-exception"]
    return made


def executed(given: Any, folder: Path, engine: str | None, **options: Any) -> Any:
    """The notebook after papermill has run it in `folder`, failed or not."""
    source, out = folder / "given.ipynb", folder / f"{engine}.ipynb"
    nbformat.write(given, source)
    try:
        papermill.execute_notebook(
            source, out, cwd=folder, engine_name=engine, progress_bar=False, **options
        )
    except PapermillExecutionError as fault:
        return fault.ename, nbformat.read(out, as_version=4)
    return "", nbformat.read(out, as_version=4)


def outputs(cell: Any) -> list[Any]:
    """The outputs without addresses in memory, and what one stream says in a row taken together: the clock cuts it."""
    taken: list[Any] = []
    bare = re.sub(r"\b0x[0-9a-f]{6,}\b", "0x", json.dumps(cell.get("outputs", [])))
    for output in nbformat.from_dict(json.loads(bare)):
        if output.output_type == "stream" and taken and taken[-1].get("name") == output.name:
            taken[-1].text += output.text
        else:
            taken.append(output)
    return taken


@pytest.fixture(autouse=True)
def without_the_mark_of_pytest(monkeypatch: pytest.MonkeyPatch) -> None:
    """ipykernel does not watch file descriptors where pytest does."""
    monkeypatch.delenv("PYTEST_CURRENT_TEST")


def same(given: Any, folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    (folder / "here.txt").write_text("found")
    (folder / "beside.py").write_text("NAME = 'a module beside the notebook'")
    (error, ours), (stock_error, stock) = (executed(given, folder, name) for name in ("ecobrief", "nbclient"))
    assert error == stock_error
    assert len(ours.cells) == len(stock.cells)
    for one, other in zip(ours.cells, stock.cells, strict=True):
        assert outputs(one) == outputs(other), one.source
        assert one.get("execution_count") == other.get("execution_count"), one.source
        status = [cell.metadata.papermill.get("status") for cell in (one, other) if "papermill" in cell.metadata]
        assert len(set(status)) <= 1, one.source
    assert ours.metadata.language_info == stock.metadata.language_info


@pytest.mark.parametrize("cells", [SHOWING, WAITING], ids=["what cells show", "what cells do"])
def test_outputs_equal_those_of_papermills_own_engine(tmp_path: Path, cells: list[str]) -> None:
    same(notebook(cells), tmp_path)


@pytest.mark.parametrize("case", RAISING)
def test_what_raises_equals_too(tmp_path: Path, case: str) -> None:
    same(notebook(RAISING[case]), tmp_path)
