"""What a notebook imports: the modules that its own import lines name, and those that its kernel imports as it starts."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

KERNEL = (
    "ecobrief.publish.put_off",  # before nbformat
    "ecobrief.publish.kernel",
    # What ipykernel's application would import anew in every fork.
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.logger",
    "IPython.core.oinspect",
    "IPython.extensions.storemagic",
    "IPython.utils.wildcard",
    "faulthandler",
    "ipykernel.debugger",
    "ipykernel.ipkernel",
)
# Lines that are IPython's, not Python's.
MAGIC = ("%", "!", "?")


def named_in(notebook: Any) -> list[str]:
    """Modules in the order in which the code cells of `notebook` (an nbformat 4 notebook) import them, each once.

    Of `from a import b` both a and a.b are named, as b may be a module. A cell that is no Python is passed over: what
    is wrong with it is told when it is run.
    """
    sources = ("".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code")
    return list(dict.fromkeys(name for source in sources for name in _named(source)))


def _named(source: str) -> Iterator[str]:
    lines = [line for line in source.splitlines() if not line.lstrip().startswith(MAGIC)]
    try:
        tree = ast.parse("\n".join(lines))
    except SyntaxError:
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{name.name}" for name in node.names)
