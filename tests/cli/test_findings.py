"""The audit from the command line: its exit code, and what cannot be asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.desk import Desk


def test_findings_are_1_only_when_a_breach_is_more_than_advisory(desk: Desk) -> None:
    desk.does("init", "--in-force-from", "2023-01-01")
    parties = [party["id"] for party in desk.asks("agreement")["terms"]["parties"]]
    for party in parties:
        args = ("--version", "1", "--assembly", party, "--on", "2022-12-01", "--organ", "assembly")
        desk.does("record", "agreement-adopted", *args)

    assert desk("findings", "--on", "2022-12-31").code == 0
    assert desk("findings", "--on", "2023-01-01").code == 1
    assert desk("findings", "--on", "2023-01-01", "--json").code == 1
    assert desk("findings", "--on", "2023-01-01", "--provision", "mirrors-majority").code == 0


@pytest.mark.parametrize(
    ("args", "line"),
    [
        (("--provision", "sizes"), "--provision: there is no provision 'sizes'; did you mean size?"),
        (("--provision", "xyzzy"), "--provision: there is no provision 'xyzzy'"),
        (
            ("--subject", "sala"),
            "--subject: 'sala' is not kind:id, as party:sala, person:p1 or seat:sala/opposition-leader",
        ),
    ],
)
def test_an_audit_of_what_is_not_there_does_not_come_out_clean(desk: Desk, args: tuple[str, ...], line: str) -> None:
    desk.does("init")

    wrong = desk("findings", *args)

    assert (wrong.code, wrong.errors) == (2, [line])
    assert desk("findings", "--provision", "reference").code == 0
