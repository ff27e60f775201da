"""The version that the program says it is, and what it says where it is not installed."""

from __future__ import annotations

import json
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest

if TYPE_CHECKING:
    from tests.desk import Desk

pytestmark = pytest.mark.on_file


def test_an_installed_program_says_its_version_in_exports_too(desk: Desk) -> None:
    desk.does("init")
    desk.does("export", "out")

    assert desk.does("--version").out == f"liggare {version('liggare')}\n"
    assert json.loads((desk.folder / "out" / "export.json").read_bytes())["version"] == version("liggare")


def test_sources_that_are_run_as_they_are_have_none(desk: Desk) -> None:
    desk.does("init")
    with patch("importlib.metadata.version", side_effect=PackageNotFoundError):
        told = desk.does("--version").out
        desk.does("export", "out")

    assert told == "liggare, not installed: run from its sources\n"
    assert json.loads((desk.folder / "out" / "export.json").read_bytes())["version"] == ""
