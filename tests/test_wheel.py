"""Tests the wheel by itself: it is built from a copy of the sources, installed into an empty venv, and run from another
folder.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tarfile
import tomllib
import venv
from importlib.metadata import PackageNotFoundError, distribution, distributions, version
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from docs.words import catalogues

if TYPE_CHECKING:
    from collections.abc import Iterator
    from importlib.metadata import Distribution

ROOT = Path(__file__).parents[1]
PACKAGES = ("ledger", "projections", "presentation", "recording", "papers", "exchange", "web", "cli")
NOT_OURS = shutil.ignore_patterns("__pycache__", "*.mo")  # the build compiles the catalogues itself

IMPORT_EVERYTHING = """
import importlib, pkgutil
for package in map(importlib.import_module, ("ledger", "projections", "presentation", "recording", "cli")):
    print(package.__file__)
    for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        if not module.name.endswith("__main__") and not module.name.startswith("ledger.store.postgres."):  # an extra's
            print(importlib.import_module(module.name).__file__)
"""


def run(*command: str | Path, cwd: Path) -> str:
    """Runs a command and returns its output. The command's environment names no other Python and no other ledger."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "LIGGARE_"))}
    env["LIGGARE_ACTOR"] = "secretariat"
    done = subprocess.run(command, cwd=cwd, env=env, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    assert done.returncode == 0, f"{command}: {done.stdout.decode()}{done.stderr.decode()}"
    return done.stdout.decode()


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Returns a copy of the sources, so that neither an old build folder nor a file outside the packages gets into what
    is built.
    """
    sources = tmp_path_factory.mktemp("sources")
    for name in ("pyproject.toml", "setup.py", "MANIFEST.in", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, sources)
    for package in PACKAGES:
        shutil.copytree(ROOT / package, sources / package, ignore=NOT_OURS)
    return sources


@pytest.fixture(scope="module")
def wheel(sources: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    dist = tmp_path_factory.mktemp("dist")
    pip = (sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps")
    run(*pip, *build_options(), "--wheel-dir", dist, sources, cwd=dist)
    return next(dist.glob("liggare-*.whl"))


def build_options() -> list[str]:
    """Returns the options with which pip builds the wheel. If what the build needs is installed and new enough, pip
    uses that, so that nothing is downloaded.
    """
    needs = map(Requirement, tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["build-system"]["requires"])
    try:
        ready = all(one.specifier.contains(version(one.name)) for one in needs)
    except PackageNotFoundError:
        ready = False
    return ["--no-build-isolation"] if ready else []


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Returns a venv that holds only the wheel and the distributions that the wheel's metadata requires."""
    place = tmp_path_factory.mktemp("elsewhere") / "venv"
    venv.create(place, symlinks=True)
    (site,) = place.glob("lib/python*/site-packages")
    pip = (sys.executable, "-m", "pip", "--python", place / "bin" / "python")
    run(*pip, "install", "--quiet", "--no-deps", "--no-index", wheel, cwd=place)
    (liggare,) = distributions(name="liggare", path=[str(site)])
    for needed in requirements(liggare):
        for name in {file.parts[0] for file in needed.files or []} - {"..", "__pycache__"}:
            (site / name).symlink_to(Path(str(needed.locate_file(name))))
    run(*pip, "check", cwd=place)
    return place


def requirements(start: Distribution) -> Iterator[Distribution]:
    """Yields every distribution that the distribution `start` requires, directly or indirectly, without extras."""
    waiting, seen = [*(start.requires or [])], set[str]()
    while waiting:
        requirement = Requirement(waiting.pop())
        asked = (*requirement.extras, "")
        wanted = not requirement.marker or any(requirement.marker.evaluate({"extra": extra}) for extra in asked)
        if wanted and canonicalize_name(requirement.name) not in seen:
            seen.add(canonicalize_name(requirement.name))
            found = distribution(requirement.name)
            waiting += found.requires or []
            yield found


def test_the_wheel_holds_every_file_of_the_packages_and_no_other(wheel: Path) -> None:
    ours = {path for package in PACKAGES for path in (ROOT / package).rglob("*") if path.is_file()}
    held = {name for name in ZipFile(wheel).namelist() if ".dist-info/" not in name}

    ours = {path for path in ours if "__pycache__" not in path.parts and path.suffix != ".po"}  # compiled, as .mo
    assert held == {path.relative_to(ROOT).as_posix() for path in ours}


def test_the_archive_of_the_sources_holds_every_catalogue(sources: Path, tmp_path: Path) -> None:
    """A wheel that is built from it compiles them."""
    build = "from setuptools.build_meta import build_sdist; import sys; print(build_sdist(sys.argv[1]))"
    name = run(sys.executable, "-c", build, tmp_path, cwd=sources).splitlines()[-1]

    with tarfile.open(tmp_path / name) as archive:
        held = {one.partition("/")[2] for one in archive.getnames()}
    assert {one for one in held if one.endswith(".po")} == {str(path.relative_to(ROOT)) for path in catalogues()}


def test_every_module_imports_with_what_the_wheel_declares_alone(installed: Path, tmp_path: Path) -> None:
    (site,) = installed.glob("lib/python*/site-packages")

    files = run(installed / "bin" / "python", "-c", IMPORT_EVERYTHING, cwd=tmp_path).splitlines()

    assert str(site / "ledger" / "__init__.py") in files
    assert [file for file in files if not Path(file).is_relative_to(site)] == []


def test_what_an_extra_brings_is_asked_for_by_its_name(installed: Path, tmp_path: Path) -> None:
    command = (installed / "bin" / "liggare", "agreement", "--ledger", "postgresql+psycopg://localhost/x")
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout) == (6, "")
    assert done.stderr == "liggare: a ledger on PostgreSQL needs psycopg: pip install 'liggare[postgres]'\n"


def test_papers_are_asked_for_by_the_name_of_their_extra(installed: Path, tmp_path: Path) -> None:
    run(installed / "bin" / "liggare", "init", cwd=tmp_path)
    command = (installed / "bin" / "liggare", "paper", "council", "-o", "council.pdf")
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout) == (6, "")
    assert done.stderr == "liggare: papers need typst: pip install 'liggare[papers]'\n"


def test_the_installed_program_makes_a_ledger_and_answers(installed: Path, tmp_path: Path) -> None:
    liggare = installed / "bin" / "liggare"
    profile = tomllib.loads((ROOT / "ledger/profiles/vastmanland.toml").read_text("utf-8"))

    assert "agreement" in run(liggare, "--help", cwd=tmp_path)
    run(liggare, "init", cwd=tmp_path)
    answer = json.loads(run(liggare, "agreement", "--json", cwd=tmp_path))

    assert (tmp_path / "liggare.db").is_file()
    assert (answer["status"], answer["version"]) == ("proposed", 1)
    assert answer["in_force_from"] == profile["in_force_from"]
    assert sorted(answer["awaiting"]) == sorted(party["id"] for party in profile["parties"])
    assert answer["terms"] == {part: profile[part] for part in ("parties", "numbers", "topics", "sections", "readings")}
