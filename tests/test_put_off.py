"""What jsonschema imports for addresses is imported when an address is looked at."""

from __future__ import annotations

import subprocess
import sys

import pytest

pytest.importorskip("rfc3987_syntax", reason="nothing is to be put off")

LOOK = """
import sys
import ecobrief.publish.put_off
from jsonschema import Draft202012Validator as Validator
looks = Validator({"format": "iri"}, format_checker=Validator.FORMAT_CHECKER)
print("lark" in sys.modules, looks.is_valid("http://例え.jp/"), looks.is_valid("no address"), "lark" in sys.modules)
import rfc3987_syntax
print(rfc3987_syntax.__name__, callable(rfc3987_syntax.is_valid_syntax_iri))
"""


def test_a_parser_is_built_when_it_is_first_asked_and_says_what_it_always_says() -> None:
    ran = subprocess.run([sys.executable, "-c", LOOK], capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines() == ["False True False True", "rfc3987_syntax True"]
