"""plotly.js as a page carries it: compressed, so that a file that needs no network stays light, and hashed.

The page inflates it and runs it as an inline script; its policy allows exactly the script with this hash.
"""

from __future__ import annotations

import gzip
from base64 import b64encode
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib import resources


@dataclass(frozen=True)
class Bundle:
    """`packed`: the script, gzip in base64. `source_hash`: of the script itself, as a policy names it."""

    packed: str
    source_hash: str


def source_hash(script: bytes) -> str:
    """The hash of an inline script, as a Content-Security-Policy names it."""
    return f"sha256-{b64encode(sha256(script).digest()).decode('ascii')}"


@cache
def bundle() -> Bundle:
    """The plotly.js of the installed plotly, which fits the figures that this plotly makes."""
    script = resources.files("plotly").joinpath("package_data", "plotly.min.js").read_bytes()
    # Without mtime=0 the clock of the build would be in every page.
    packed = b64encode(gzip.compress(script, compresslevel=9, mtime=0)).decode("ascii")
    return Bundle(packed, source_hash(script))
