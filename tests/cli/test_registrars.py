"""`liggare registrars`: who may record, in a table, as JSON and as CSV; and no sign-in in any of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.cli.test_signing import sala

if TYPE_CHECKING:
    from tests.desk import Desk

__all__ = ["sala"]
ACCOUNT = "https://inloggning.example/ 8f1c"


def test_whoever_may_record_is_shown_with_key_and_introduction(sala: Desk) -> None:
    sala.does("record", "registrar-authorised", "--registrar", "kassa", "--roles", "treasurer", "--account", ACCOUNT,
              "--on", "2024-01-01", "--organ", "secretariat")  # fmt: skip
    sala.does("record", "registrar-released", "--registrar", "kassa", "--on", "2025-01-01", "--organ", "secretariat")

    out = sala.does("registrars").out
    answer = sala.asks("registrars")

    assert "Who may record, on 2026-01-15" in out
    assert "sala-reg   sala" in out
    assert "SHA256:" in out
    assert "compare the key with the party" in out
    shown = [(one["registrar"], one["account"], one["until"], one["introduced_by"]) for one in answer["registrars"]]
    assert shown == [
        ("kassa", True, "2025-01-01", None), ("tester", False, None, None), ("sala-reg", False, None, "secretariat"),
    ]  # fmt: skip
    for said in (out, str(answer), sala.does("registrars", "--csv").out):
        assert "8f1c" not in said
        assert "inloggning" not in said
    assert "Registrar,Of,May record as,In it,Introduced by,Entry" in sala.does("registrars", "--csv").out.splitlines()


def test_a_ledger_without_registrars_says_who_may_record(desk: Desk) -> None:
    desk.does("init")

    assert "No registrar is authorised" in desk.does("registrars").out
    assert desk.asks("registrars")["registrars"] == []
