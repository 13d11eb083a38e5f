"""papermill's engine `ecobrief` gives what papermill's own engine gives, cell by cell, and each notebook is alone."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import papermill
import pytest
from papermill.exceptions import PapermillExecutionError

from ecobrief.publish.forks import ForkEnded, NoForks, can_fork

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
    # papermill's own kernel takes what a child says when it comes round to it, which may be after the cell.
    "import time\ndef settle():\n    time.sleep(0.2)",
    "import asyncio\nawait asyncio.sleep(0.01)\nprint('waited')\n'value'",
    "async def later():\n    await asyncio.sleep(0.02)\n    print('from a task')\ntask = asyncio.create_task(later())",
    "await task\nprint('after')",
    "import contextvars\nvariable = contextvars.ContextVar('v')\nvariable.set('kept')",
    "variable.get('lost')",
    "import threading\nthreads = [threading.Thread(target=print, args=(n,)) for n in range(3)]\nfor thread in threads:\n    thread.start()\n    thread.join()",
    "import subprocess, sys\nprint('before', flush=True)\nsubprocess.run([sys.executable, '-c', 'print(\"child\")'], check=True)\nsettle()",
    "!echo from the shell",
    "import os\n_ = os.system('echo by system')\nsettle()",
    "_ = os.write(2, b'straight to the descriptor\\n')\nsettle()",
    "subprocess.run(['sh', '-c', 'head -c 100000 /dev/zero | tr \"\\\\0\" x'], check=True)\nsettle()",
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
        with pytest.MonkeyPatch.context() as environment:
            # ipykernel does not watch file descriptors where it finds this.
            environment.delenv("PYTEST_CURRENT_TEST")
            papermill.execute_notebook(
                source, out, cwd=folder, engine_name=engine, progress_bar=False, **options
            )
    except PapermillExecutionError as fault:
        return fault.ename, nbformat.read(out, as_version=4)
    return "", nbformat.read(out, as_version=4)


def outputs(cell: Any) -> list[Any]:
    """The outputs without addresses and process ids, what one stream says in a row taken together: the clock cuts it."""
    taken: list[Any] = []
    bare = re.sub(r"\b0x[0-9a-f]{6,}\b|(?<=/ipykernel_)[0-9]+", "", json.dumps(cell.get("outputs", [])))
    for output in nbformat.from_dict(json.loads(bare)):
        if output.output_type == "stream" and taken and taken[-1].get("name") == output.name:
            taken[-1].text += output.text
        else:
            taken.append(output)
    return taken


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
        status = [
            cell.metadata.papermill.get("status") for cell in (one, other) if "papermill" in cell.metadata
        ]
        assert len(set(status)) <= 1, one.source
    assert ours.metadata.language_info == stock.metadata.language_info


@pytest.mark.parametrize("cells", [SHOWING, WAITING], ids=["what cells show", "what cells do"])
def test_outputs_equal_those_of_papermills_own_engine(tmp_path: Path, cells: list[str]) -> None:
    same(notebook(cells), tmp_path)


@pytest.mark.parametrize("case", RAISING)
def test_what_raises_equals_too(tmp_path: Path, case: str) -> None:
    same(notebook(RAISING[case]), tmp_path)


def run(cells: list[str], folder: Path, **options: Any) -> list[str]:
    """What the cells show as text, run by the engine."""
    folder.mkdir(exist_ok=True)
    _, made = executed(notebook(cells), folder, "ecobrief", **options)
    return [
        output.get("text") or output.get("evalue") or output["data"]["text/plain"]
        for cell in made.cells
        for output in outputs(cell)
    ]


def test_the_next_notebook_sees_nothing_of_what_one_changed(tmp_path: Path) -> None:
    look = [
        "import os, sys, textwrap, warnings\nimport pandas",
        "pandas.get_option('display.max_rows'), os.environ.get('ECOBRIEF_CHANGED'), os.path.basename(os.getcwd())",
        "textwrap.dedent(' 1'), hasattr(pandas, 'changed'), 'no_such' in sys.modules, len(warnings.filters), '/changed' in sys.path",
    ]
    change = [
        *look[:1],
        "pandas.set_option('display.max_rows', 7); os.environ['ECOBRIEF_CHANGED'] = 'yes'; os.chdir('/')",
        "textwrap.dedent = lambda text: 'patched'; pandas.changed = 1; sys.modules['no_such'] = os; sys.path.append('/changed')",
        "warnings.simplefilter('ignore')",
        *look[1:],
    ]
    before = run(look, tmp_path / "same")
    changed = run(change, tmp_path / "other")
    assert all(one != other for one, other in zip(before, changed, strict=True))
    assert run(look, tmp_path / "same") == before


def test_the_notebooks_of_one_process_share_what_is_imported(tmp_path: Path) -> None:
    parents = {run(["import os; os.getppid()"], tmp_path)[0] for _ in range(2)}
    assert len(parents) == 1


def test_a_notebook_is_stopped_at_its_time_limit_in_the_cell_where_it_was(tmp_path: Path) -> None:
    cells = ["1", "import time\ntime.sleep(60)", "3"]
    error, made = executed(notebook(cells), tmp_path, "ecobrief", time_limit=1)
    assert error == "TimeLimit"
    assert "longer than 1 seconds" in outputs(made.cells[-2])[-1].evalue


def test_the_time_limit_of_a_cell_holds_for_each_cell(tmp_path: Path) -> None:
    cells = ["import time", "time.sleep(0.6)", "time.sleep(0.6)", "time.sleep(60)"]
    error, made = executed(notebook(cells), tmp_path, "ecobrief", execution_timeout=1)
    assert error == "TimeLimit"
    assert "a cell ran longer than 1 seconds" in outputs(made.cells[-1])[-1].evalue


def test_a_notebook_that_dies_is_told_and_what_it_had_shown_is_kept(tmp_path: Path) -> None:
    given = notebook(["'shown'", "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)"])
    with pytest.raises(ForkEnded, match="SIGKILL"):
        executed(given, tmp_path, "ecobrief")
    kept = nbformat.read(tmp_path / "ecobrief.ipynb", as_version=4)
    assert outputs(kept.cells[0])[0].data["text/plain"] == "'shown'"


def test_a_kernel_that_is_not_this_environments_python_is_refused(tmp_path: Path) -> None:
    spec = {
        "argv": ["/usr/bin/elsewhere", "-f", "{connection_file}"],
        "display_name": "E",
        "language": "python",
    }
    kernel = tmp_path / "kernels" / "elsewhere"
    kernel.mkdir(parents=True)
    (kernel / "kernel.json").write_text(json.dumps(spec))
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("JUPYTER_PATH", str(tmp_path))
        with pytest.raises(NoForks, match="elsewhere"):
            executed(notebook(["1"]), tmp_path, "ecobrief", kernel_name="elsewhere")


def test_a_notebook_that_breaks_its_kernel_fails_and_does_not_wait_for_ever(tmp_path: Path) -> None:
    cells = ["1", "type(get_ipython().kernel).finish_metadata = None", "3"]
    with pytest.raises(TypeError, match="NoneType"):
        executed(notebook(cells), tmp_path, "ecobrief")


def test_the_command_papermill_finds_the_engine_and_writes_what_cells_print(tmp_path: Path) -> None:
    nbformat.write(notebook(["x = 1", "print('x is', x)"]), tmp_path / "in.ipynb")
    command = [
        sys.executable,
        "-m",
        "papermill",
        "in.ipynb",
        "out.ipynb",
        "--engine",
        "ecobrief",
        "-p",
        "x",
        "5",
    ]
    done = subprocess.run(
        [*command, "--stdout-file", "said.txt"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "said.txt").read_text() == "x is 5\n"
