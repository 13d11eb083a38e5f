"""plotly.js as a page carries it: compressed, so that a file that needs no network stays light, and hashed.

The page inflates it and runs it as an inline script; its policy allows exactly the script with this hash. Charts need
no more than plotly's basic bundle, which set-up fetches where npm is to be had; elsewhere a page carries the whole
plotly.js of the installed plotly, and is 1.4 MB larger.
"""

from __future__ import annotations

import gzip
import os
import re
import sys
from base64 import b64encode
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from importlib import resources
from pathlib import Path

from ecobrief.atomic import write_bytes

BASIC = Path("share", "ecobrief", "node_modules", "plotly.js-basic-dist-min", "plotly-basic.min.js")
"""Where set-up puts the basic bundle, below the environment's own folder (Makefile, package.json)."""
VARIABLE = "ECOBRIEF_PLOTLYJS"
"""Names another place for the basic bundle; where nothing lies there, there is none."""


@dataclass(frozen=True)
class Bundle:
    """A plotly.js.

    source: the script itself; packed: the same, gzip in base64
    source_hash: of the script itself, as a policy names it
    basic: whether it is the basic bundle
    """

    source: bytes = field(repr=False)
    packed: str = field(repr=False)
    source_hash: str
    basic: bool
    version: str


def source_hash(script: bytes) -> str:
    """The hash of an inline script, as a Content-Security-Policy names it."""
    return f"sha256-{b64encode(sha256(script).digest()).decode('ascii')}"


def fetched() -> Path:
    """Where the basic bundle lies if set-up could fetch it."""
    return Path(os.environ.get(VARIABLE) or Path(sys.prefix, BASIC))


@cache
def bundle() -> Bundle:
    """The basic bundle of the version that the installed plotly speaks, else that plotly's whole plotly.js."""
    script = whole = resources.files("plotly").joinpath("package_data", "plotly.min.js").read_bytes()
    if fetched().is_file() and _version(basic := fetched().read_bytes()) == _version(whole):
        script = basic
    # Without mtime=0 the clock of the build would be in every page.
    packed = b64encode(gzip.compress(script, compresslevel=9, mtime=0)).decode("ascii")
    return Bundle(script, packed, source_hash(script), script is not whole, _version(script))


def share(folder: Path) -> Path:
    """Write plotly.js once into `folder`, for pages that do not carry it, and return its path.

    Raises:
        OSError: it cannot be written.
    """
    own = bundle()
    path = folder / f"plotly-{'basic-' if own.basic else ''}{own.version}.min.js"
    folder.mkdir(exist_ok=True)
    write_bytes(path, own.source)
    return path


def _version(script: bytes) -> str:
    """The version that a plotly.js names at its beginning."""
    named = re.search(rb"plotly\.js [^\n]*?v(\d+\.\d+\.\d+)", script[:200])
    return named[1].decode() if named else ""
