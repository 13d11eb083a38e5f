"""That a brief is ready at least twice as fast as the same notebook through stock nbconvert, measured in one run."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


# Times depend on what else the machine does, so this is no test for every run.
@pytest.mark.soak
@pytest.mark.browser
def test_a_brief_is_ready_twice_as_fast_as_stock() -> None:
    ran = subprocess.run(
        [sys.executable, str(ROOT / "tools" / "bench_ready.py")], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr[-2000:]
