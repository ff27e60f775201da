"""Tests shell completion of --subject, which takes the kinds of subjects that findings have."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest

from projections.subjects import SUBJECT_KINDS
from tests.desk import event

if TYPE_CHECKING:
    from tests.desk import Desk

pytestmark = pytest.mark.on_file


@pytest.mark.parametrize("command", [("findings",), ("explain", "notice")])
@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("", [f"{kind}:" for kind in SUBJECT_KINDS]),
        ("p", ["party:", "person:", "post:", "project:"]),
        ("assembly", []),
        ("seat:sal", ["seat:sala/"]),
        ("seat:sala/opp", ["seat:sala/opposition-leader"]),
        ("post:reg", ["post:region-vice-chair"]),
        ("body:", ["body:body"]),
        ("agreement:", ["agreement:agreement"]),
        ("person:", ["person:p1"]),
        ("party:sal", ["party:sala"]),
        ("claim:", []),
        ("nothing:", []),
    ],
)
def test_a_subject_is_completed(desk: Desk, command: tuple[str, ...], typed: str, expected: list[str]) -> None:
    desk.does("init")
    lines = [event("person-registered", "2023", "secretariat", person="p1", name="Alva")]
    desk.does("import", desk.writes("acts.jsonl", lines))

    words = ["liggare", *command, f"--subject={typed}"]
    with patch.dict(os.environ, {"COMP_WORDS": "\n".join(words), "COMP_CWORD": str(len(words) - 1)}):
        told = desk.does("completion", "zsh", "--answer").out.splitlines()

    assert [one.replace("\\:", ":") for one in told[1::3]] == [f"--subject={one}" for one in expected]
