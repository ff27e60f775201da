"""Sets up every test run: the option to rewrite golden files, deterministic Hypothesis settings, and two databases.

A test that uses the fixture `database` (every test with a `desk` does) runs on SQLite and on PostgreSQL. A test marked
`on_file` runs on SQLite only. Tests on PostgreSQL are skipped, and counted with the reason, where no server can run.
"""

from __future__ import annotations

import gc
import os
import sys
from collections import Counter
from itertools import count, cycle
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, settings

from ledger.integrity.keyfile import new_key
from tests.desk import Desk, at_a_desk
from tests.hostile.apart import Apart
from tests.servers import FORGETFUL, Cluster, Node, NoServer

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

if os.environ.pop("PYTHONDONTWRITEBYTECODE", None):  # many container images set PYTHONDONTWRITEBYTECODE
    sys.dont_write_bytecode = False  # without bytecode files every process would compile every module again

os.environ["LC_ALL"] = "C.UTF-8"  # else the program would answer in the language of whoever runs the tests

settings.register_profile("steady", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("deep", deadline=None, max_examples=3_000, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--rewrite-golden", action="store_true", help="rewrite the golden files; then read their diff")


@pytest.fixture
def rewrite_golden(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--rewrite-golden"))


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "on_file: about an SQLite file, or the same on every database; not run on PostgreSQL"
    )


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Keeps the tests and the modules, which live as long as the process, out of every garbage collection."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Prints each reason for skipping tests, with the number of tests skipped for it."""
    for why, times in Counter(report.longrepr[2] for report in terminalreporter.stats.get("skipped", [])).items():
        terminalreporter.write_line(f"{times} not run: {why.removeprefix('Skipped: ')}")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database" in metafunc.fixturenames:
        on_file = metafunc.definition.get_closest_marker("on_file")
        metafunc.parametrize("database", ["sqlite"] if on_file else ["sqlite", "postgres"], scope="module")


@pytest.fixture(scope="session", autouse=True)
def _seeds_in_turn() -> Iterator[None]:
    """Patches the generation of signing keys to draw from 32 seeds made once per process. The tests make thousands of
    signing keys, and only one random seed in 4096 is usable, so that a search takes milliseconds.
    """
    seeds = cycle([new_key("log").seed for _ in range(32)])
    with patch("ledger.integrity.keyfile.token_bytes", lambda _: next(seeds)):
        yield


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Returns the desk in whose folder the demo was played. Tests copy the folder, and change nothing in it."""
    with at_a_desk(tmp_path_factory.mktemp("demo")) as desk:
        desk.does("demo", ".")
    return desk


@pytest.fixture(scope="session")
def apart() -> Iterator[Apart]:
    """Yields a process that runs commands and measures the time and memory that each command takes."""
    apart = Apart()
    yield apart
    apart.close()


@pytest.fixture(scope="session")
def server() -> Iterator[Node]:
    """Yields a PostgreSQL server that runs without fsync, and so would lose data in a power cut. Each test process has
    its own server.
    """
    try:
        with Cluster() as cluster:
            yield cluster.node("server").made(**FORGETFUL).started()
    except NoServer as why:
        pytest.skip(f"PostgreSQL cannot run here: {why}")


@pytest.fixture(scope="session")
def new_place(server: Node) -> Callable[[], str]:
    """Returns a function that gives the URL of a new, empty place on the server."""
    numbers = count(1)
    return lambda: server.url(f"ledger_{next(numbers)}")


@pytest.fixture(scope="module")
def fresh(database: str, request: pytest.FixtureRequest) -> Callable[[], str | None]:
    """Returns a function that gives a place without a ledger. On SQLite the function returns None, and the desk uses
    the ledger's default file.
    """
    return (lambda: None) if database == "sqlite" else request.getfixturevalue("new_place")
