"""What others import for something that hardly anybody asks of it: here it is imported when it is asked.

`rfc3987_syntax` builds a parser as it is imported, which takes longer than any other import of a kernel. jsonschema (of
nbformat) imports it to look at addresses of a kind that notebooks do not have.
"""

from __future__ import annotations

import importlib
import sys
from importlib.util import find_spec
from types import ModuleType
from typing import Any

NAME = "rfc3987_syntax"


def is_valid_syntax(*given: Any) -> Any:
    """As the function of this name in the module that is put off."""
    return _imported().is_valid_syntax(*given)


def _imported() -> Any:
    if sys.modules.get(NAME) is _stand_in:
        del sys.modules[NAME]
    return importlib.import_module(NAME)


def _attribute(name: str) -> Any:
    # The import statement itself looks for some that are no matter of the module's own.
    if name.startswith("__"):
        raise AttributeError(name)
    return getattr(_imported(), name)


_stand_in = ModuleType(NAME)
vars(_stand_in).update(is_valid_syntax=is_valid_syntax, __getattr__=_attribute)
if NAME not in sys.modules and find_spec(NAME):
    sys.modules[NAME] = _stand_in
