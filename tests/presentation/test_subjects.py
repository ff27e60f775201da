"""What is said of how a party stands to the agreement on a day."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from msgspec import structs

from presentation.render.plain import lines_of
from presentation.subjects import party as party_blocks
from projections.party import Party, party
from tests.acts import full_body, in_force, proposed
from tests.given import given

if TYPE_CHECKING:
    from tests.acts import Acts

FIRST = in_force("2023-01-01", parties=("sala", "region"))
ADOPTED = "It adopted version 1 on 2022-12-31 [entry 3]."


def sala(*acts: Acts, on: str = "2023-03-01", which: str = "sala") -> Party:
    found = party(given(*acts), date.fromisoformat(on), {}, which)
    assert found is not None
    return found


def said(answer: Party) -> list[str]:
    return [line for line in lines_of(party_blocks(answer)) if line]


@pytest.mark.parametrize(
    ("acts", "on", "which", "stands"),
    [
        (FIRST, "2022-12-31", "sala", "No version of the agreement is in force on this day."),
        (FIRST, "2023-01-01", "sala", ADOPTED),
        ([FIRST, proposed(2, "2024-01-01", on="2023-02-01")], "2023-03-01", "koping",
         "It is not a party to the agreement on this day."),
    ],
)  # fmt: skip
def test_how_a_party_stands_is_one_sentence(acts: Acts, on: str, which: str, stands: str) -> None:
    assert said(sala(acts, on=on, which=which))[1] == stands


def test_a_party_whose_decision_is_not_known_is_told_as_a_party() -> None:
    answer = structs.replace(sala(FIRST), adopted_on=None, entry=None)

    assert said(answer)[1] == ("It is a party to the agreement. No decision to adopt the version in force is recorded.")


def test_members_are_listed_under_a_head_only_if_there_are_any() -> None:
    assert "Members of the body" not in said(sala(FIRST))
    seated = said(sala(FIRST, full_body("2023-01-01")))
    assert any(line.startswith("sala-1") for line in seated[seated.index("Members of the body") :])
