"""Builds that are killed, crowded or large. The whole runs with `make soak`, small forms with the other tests.

The data are synthetic (tools/synthetic.py); the builds are those of the command, each in a process of its own.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
import pytest

ROOT = Path(__file__).resolve().parents[1]
COMMAND = [sys.executable, "-c", "from ecobrief.cli import main; main(prog_name='ecobrief')"]
TOKEN = "ECOBRIEF_TEST_BUILD"
"""The environment variable by which all processes of a build are known."""

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc, and at forks")


@dataclass(frozen=True)
class Builds:
    """Builds of one synthetic data package."""

    data: Path
    asked: Sequence[str]

    def start(self, out: Path, *more: str) -> subprocess.Popen[str]:
        environ = {**os.environ, "ECOBRIEF_DATA": str(self.data), TOKEN: str(out)}
        return subprocess.Popen(
            [*COMMAND, "build", *self.asked, "--out", str(out), *more],
            cwd=ROOT,
            env=environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def whole(self, out: Path, *more: str) -> dict[str, bytes]:
        """What a build that is left alone leaves in its folder."""
        build = self.start(out, *more)
        said, _ = build.communicate()
        assert build.returncode == 0, said
        return visible(out)


def synthetic(folder: Path, cities: int, *more: str) -> Path:
    write = [
        sys.executable,
        str(ROOT / "tools" / "synthetic.py"),
        str(folder),
        "--cities",
        str(cities),
        *more,
    ]
    subprocess.run(write, check=True, stdout=subprocess.DEVNULL)
    return folder


def visible(out: Path) -> dict[str, bytes]:
    """The files of a folder but for what the build keeps for itself in .build."""
    return {
        str(path.relative_to(out)): path.read_bytes()
        for path in sorted(out.rglob("*"))
        if path.is_file() and ".build" not in path.relative_to(out).parts
    }


def processes(out: Path) -> list[psutil.Process]:
    """The processes of the build into a folder, whoever is their parent by now."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get(TOKEN) == str(out) and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except psutil.Error:
            continue
    return found


def until_none_is_left(out: Path) -> None:
    end = time.monotonic() + 20
    while left := processes(out):
        assert time.monotonic() < end, f"still running: {[process.cmdline() for process in left]}"
        time.sleep(0.05)


def kill_and_go_on(builds: Builds, folder: Path, times: int, draw: random.Random) -> None:
    """Kill builds at random moments, and hold what they leave, and what the next build makes of it, to a whole build."""
    begun = time.monotonic()
    undisturbed = builds.whole(folder / "undisturbed")
    takes = time.monotonic() - begun
    assert len(undisturbed) > 3
    killed = 0
    for number in range(times):
        out = folder / f"killed-{number}"
        build = builds.start(out)
        # The later half, that of the briefs, more often than the start.
        moment = takes * draw.random() ** 0.5
        try:
            build.communicate(timeout=moment)
        except subprocess.TimeoutExpired:
            build.send_signal(signal.SIGKILL)
            build.communicate()
            killed += 1
        until_none_is_left(out)
        for name, content in visible(out).items():
            if name not in ("index.html", "manifest.json"):
                assert content == undisturbed.get(name), f"{name} is not whole after {moment:.2f} s"
        assert builds.whole(out) == undisturbed, f"killed after {moment:.2f} s"
        assert not [path for path in out.rglob("*") if path.name.endswith(".part")]
        until_none_is_left(out)
    assert killed


def crowd(folder: Path, cities: int, times: int) -> None:
    """Build two briefs of each city, eight at a time, again and again: every one is made, and always the same."""
    data = synthetic(folder / "data", cities, "--years", "3")
    names = [f"synthetic_{number:04d}" for number in range(1, cities + 1)]
    params = folder / "params.yaml"
    params.write_text(json.dumps([{"notebook": "brief_city", "each": {"city": names}}]), encoding="utf-8")
    builds = Builds(data, ["--params", str(params), "--jobs", "8"])
    made = []
    for number in range(times):
        made.append(builds.whole(folder / f"out-{number}"))
        told = json.loads(made[-1]["manifest.json"])
        assert (len(told["briefs"]), told["failed"]) == (2 * cities, [])
        assert sum(name.startswith("brief_city") for name in made[-1]) == 2 * cities
        assert made[-1] == made[0]


class Memory(threading.Thread):
    """How much memory the processes of a build hold together while it runs, in MB, shared pages counted once."""

    def __init__(self, out: Path):
        super().__init__(daemon=True)
        self.out, self.held, self.over = out, [0.0], threading.Event()

    def run(self) -> None:
        while not self.over.wait(2):
            total = 0
            for process in processes(self.out):
                try:
                    total += process.memory_full_info().pss
                except psutil.Error:
                    continue
            self.held.append(total / 2**20)


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Builds:
    folder = tmp_path_factory.mktemp("few")
    return Builds(synthetic(folder / "data", 3, "--years", "3"), ["--jobs", "2"])


def test_after_a_kill_nothing_is_in_parts_or_running_and_the_next_build_goes_on(
    few: Builds, tmp_path: Path
) -> None:
    kill_and_go_on(few, tmp_path, 2, random.Random(3))


def test_with_eight_in_flight_every_brief_is_made(tmp_path: Path) -> None:
    crowd(tmp_path, 8, 1)


@pytest.mark.soak
def test_twenty_kills(tmp_path: Path) -> None:
    builds = Builds(synthetic(tmp_path / "data", 12, "--years", "5"), ["--jobs", "2"])
    kill_and_go_on(builds, tmp_path, 20, random.Random(20))


@pytest.mark.soak
def test_sixty_four_briefs_eight_at_a_time_five_times(tmp_path: Path) -> None:
    crowd(tmp_path, 32, 5)


@pytest.mark.soak
def test_three_thousand_cities_take_ten_times_what_three_hundred_take_and_hold_no_more_than_the_data(
    capsys: pytest.CaptureFixture[str],
) -> None:
    seconds: dict[int, float] = {}
    most: dict[int, float] = {}
    for cities in (300, 3000):
        with TemporaryDirectory(prefix="ecobrief-soak-") as name:
            out = Path(name, "out")
            data = synthetic(Path(name, "data"), cities)
            memory = Memory(out)
            memory.start()
            begun = time.monotonic()
            made = Builds(data, ["--jobs", "2", "--shared-assets"]).start(out)
            said, _ = made.communicate()
            seconds[cities] = time.monotonic() - begun
            memory.over.set()
            memory.join()
            assert made.returncode == 0, said[-2000:]
            briefs = json.loads((out / "manifest.json").read_bytes())["briefs"]
            assert sum(brief["file"].startswith("brief_city") for brief in briefs) == 2 * cities
            most[cities] = max(memory.held)
            half = len(memory.held) // 2
            later, earlier = max(memory.held[half:]), max(memory.held[:half])
            with capsys.disabled():
                sys.stdout.write(
                    f"\n{cities} cities, {len(briefs)} briefs: {seconds[cities]:.0f} s, {most[cities]:.0f} MB"
                )
            # The second half of the briefs holds no more than the first.
            assert later < 1.25 * earlier
    assert seconds[3000] < 1.5 * 10 * seconds[300]
    assert most[3000] < 8 * most[300]
