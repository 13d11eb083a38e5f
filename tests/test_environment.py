"""Both ways to install (make, conda) rest on one set of locked, hashed versions for all systems and Pythons."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[1]
RUN, DEV = "requirements.lock", "requirements-dev.lock"
LOCKS = pytest.mark.parametrize("lock", [RUN, DEV])
PYTHONS = ["3.11", "3.12", "3.13", "3.14"]


def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def lines(lock: str) -> list[str]:
    """The logical lines of a lock: comments gone, a pin and its hashes on one line."""
    text = (ROOT / lock).read_text(encoding="utf-8").replace("\\\n", " ")
    return [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]


def pins(lock: str) -> dict[str, list[Requirement]]:
    """Name → its pins; more than one where systems or Pythons need different versions."""
    found: dict[str, list[Requirement]] = {}
    for line in lines(lock):
        pin = Requirement(line.split("--hash")[0].strip())
        found.setdefault(canonicalize_name(pin.name), []).append(pin)
    return found


def version(pin: Requirement) -> Version:
    (only,) = pin.specifier
    return Version(only.version)


def unmet(wanted: list[str], lock: str) -> list[str]:
    """The requirements that some Python on some system would not find in the lock."""
    locked = pins(lock)
    missing = []
    for text in wanted:
        need = Requirement(text)
        found = locked.get(canonicalize_name(need.name), [])
        everywhere = any(pin.marker is None for pin in found) or all(
            any(pin.marker is not None and pin.marker.evaluate(python(number)) for pin in found)
            for number in PYTHONS
        )
        if not everywhere or not all(version(pin) in need.specifier for pin in found):
            missing.append(text)
    return missing


def python(number: str) -> dict[str, str]:
    """What a marker reads of a Python of that number."""
    return {"python_version": number, "python_full_version": f"{number}.9"}


def test_conda_gets_python_and_pip_and_everything_else_from_the_lock() -> None:
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    assert environment["name"] == "ecobrief"
    assert environment["channels"] == ["conda-forge"]
    assert environment["dependencies"] == ["python>=3.11,<3.15", "pip", {"pip": [f"-r {RUN}"]}]


def test_the_conda_file_says_how_the_package_itself_is_installed() -> None:
    """pip refuses an editable project in one run with hashed requirements, so it cannot stand in the list."""
    text = (ROOT / "environment.yml").read_text(encoding="utf-8")
    assert "pip install --no-deps --no-build-isolation -e ." in text


@LOCKS
def test_every_line_of_a_lock_is_one_exact_version_with_its_hashes(lock: str) -> None:
    for line in lines(lock):
        pin, *hashes = re.split(r"\s+--hash=", line)
        assert re.fullmatch(r"[a-z0-9-]+==[^\s;*]+( ; .+)?", pin), line
        assert hashes, f"{pin} has no hash"
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}\s*", each) for each in hashes), pin


@LOCKS
def test_a_lock_names_no_download_address_and_no_place_on_a_machine(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert not re.search(r"://|--index-url|--extra-index-url|--find-links|--trusted-host| @ ", text)
    comments = [line.strip() for line in text.splitlines() if line.lstrip().startswith("#")]
    paths = [line for line in comments if re.search(r"(^|[\s=])(/|~|\.\.|[A-Za-z]:\\)", line)]
    assert paths == []


@LOCKS
def test_a_lock_is_for_every_system_and_every_python(lock: str) -> None:
    markers = " ".join(str(pin.marker) for found in pins(lock).values() for pin in found if pin.marker)
    for part in (
        'os_name == "nt"',
        'sys_platform == "win32"',
        'sys_platform == "darwin"',
        "python_full_version",
    ):
        assert part in markers, f"nothing in {lock} depends on {part}"


@LOCKS
def test_a_lock_gives_one_version_to_each_python(lock: str) -> None:
    for name, found in pins(lock).items():
        for number in PYTHONS:
            meant = {
                version(pin) for pin in found if pin.marker is None or pin.marker.evaluate(python(number))
            }
            assert len(meant) <= 1, f"{name} on Python {number}: {sorted(meant)}"


def test_what_the_package_needs_stands_in_the_lock_to_run() -> None:
    needs = project()["project"]["dependencies"] + project()["dependency-groups"]["build"]
    assert unmet(needs, RUN) == []


def test_what_the_tests_need_stands_in_the_lock_to_test() -> None:
    extras = project()["project"]["optional-dependencies"]
    assert extras["dev"][0] == "ecobrief[monitor,cluster]"
    assert unmet([*extras["monitor"], *extras["cluster"], *extras["dev"][1:]], DEV) == []


def test_a_need_that_the_lock_does_not_meet_is_seen() -> None:
    assert unmet(["no-such-package>=1", "pandas<3", "pandas>=3"], RUN) == ["no-such-package>=1", "pandas<3"]


def test_the_tests_run_with_the_versions_that_people_run() -> None:
    dev = pins(DEV)
    differing = {
        name for name, found in pins(RUN).items() if [*map(str, found)] != [*map(str, dev.get(name, []))]
    }
    assert differing == set()


def test_the_package_is_built_with_what_the_lock_holds() -> None:
    """`make setup` builds without isolation: a build requirement outside the lock would be missing."""
    assert unmet(project()["build-system"]["requires"], RUN) == []


def test_every_file_of_the_package_that_is_not_python_is_installed_with_it() -> None:
    package = ROOT / "lib" / "ecobrief"
    patterns = project()["tool"]["setuptools"]["package-data"]["*"]
    installed = {path for pattern in patterns for path in package.glob(f"**/{pattern}")}
    files = {path for path in package.rglob("*") if path.is_file() and "__pycache__" not in path.parts}
    left_out = {path.relative_to(package).as_posix() for path in files - installed if path.suffix != ".py"}
    assert left_out == set()


def test_every_module_is_in_a_folder_that_is_installed() -> None:
    package = ROOT / "lib" / "ecobrief"
    folders = {module.parent for module in package.rglob("*.py")}
    assert {folder.name for folder in folders if not (folder / "__init__.py").exists()} == set()


def test_the_pythons_are_the_same_wherever_they_are_named() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert "(3, 11) <= sys.version_info[:2] <= (3, 14)" in makefile
    assert "Python 3.11, 3.12, 3.13 or 3.14" in makefile
    assert project()["project"]["requires-python"] == ">=3.11"
    prefix = "Programming Language :: Python :: "
    named = [line.removeprefix(prefix) for line in project()["project"]["classifiers"] if prefix in line]
    assert named == PYTHONS


@pytest.mark.skipif(not shutil.which("make"), reason="make is not installed")
def test_bare_make_lists_every_target_with_a_line_of_help() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    (targets,) = re.findall(r"^\.PHONY: (.+)$", makefile, flags=re.MULTILINE)
    run = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=True)
    listed = dict(re.findall(r"^  make (\S+) +(\S.*)$", run.stdout, flags=re.MULTILINE))
    assert set(listed) == set(targets.split())


def test_the_makefile_keeps_to_what_old_gnu_make_knows() -> None:
    """GNU make 3.81 is what macOS has: .ONESHELL, != and &: came later."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    rules = [line for line in makefile.splitlines() if not line.startswith(("\t", "#"))]
    assert ".ONESHELL" not in makefile
    assert not [line for line in rules if re.match(r"\w+ *(!=|::=)|.*&:|.*\$\(file ", line)]


def test_the_lock_of_npm_pins_each_package_with_its_hash_and_without_an_address() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    package = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    locked = {name.removeprefix("node_modules/"): entry for name, entry in lock["packages"].items() if name}
    assert {name: entry["version"] for name, entry in locked.items()} == (
        package["dependencies"] | package["devDependencies"]
    )
    assert all(entry["integrity"].startswith("sha512-") for entry in locked.values())
    # What only tests need is not fetched by those who run the project.
    assert {name for name, entry in locked.items() if entry.get("dev")} == set(package["devDependencies"])
    assert "http" not in json.dumps(lock)
