"""The markup of every page, in both languages: the Nu HTML checker finds no error."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser.test_every_page import PAGES, SIDES

if TYPE_CHECKING:
    from tests.web.reader import Reader

CHECKER = Path(__file__).parents[2] / ".venv" / "vnu.jar"  # where make puts it
AT = "on=2025-06-01&known_at=@240"


@pytest.fixture
def checker() -> list[str]:
    """Returns the command that checks files. Where it is missing, its test is skipped, but fails in CI, where make
    installs it.
    """
    if CHECKER.exists() and shutil.which("java"):
        return ["java", "-Xss4m", "-jar", str(CHECKER), "--errors-only", "--format", "json", "--exit-zero-always"]
    if "CI" in os.environ and shutil.which("npm"):
        pytest.fail("the HTML checker is missing: make checker")
    pytest.skip("the HTML checker is missing: make checker")


def test_no_page_has_an_error_in_its_markup(reader: Reader, checker: list[str], tmp_path: Path) -> None:
    files: dict[str, str] = {}
    for address in (*PAGES, *SIDES):
        for lang in ("sv", "en"):
            asked = f"{address}{'&' if '?' in address else '?'}{'' if address in SIDES else AT}&lang={lang}"
            file = tmp_path / f"{len(files)}.html"
            file.write_bytes(reader.get(asked).body)
            files[file.name] = asked
    done = subprocess.run([*checker, *map(str, tmp_path.iterdir())], capture_output=True, check=True, timeout=300)
    found = json.loads(done.stderr)["messages"]

    assert [(files[Path(one["url"]).name], one["message"], one.get("extract")) for one in found] == []
    assert len(files) == 2 * len({*PAGES, *SIDES})


def test_what_is_wrong_is_found(checker: list[str], tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.html"
    wrong.write_text("<!doctype html><html lang=en><title>x</title><p id=a><p id=a><div></p>", "utf-8")
    done = subprocess.run([*checker, str(wrong)], capture_output=True, check=True, timeout=300)

    assert any("Duplicate ID" in one["message"] for one in json.loads(done.stderr)["messages"])
