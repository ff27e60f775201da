"""The registrars as whoever manages them reads of them, and how a meeting stands at its workbench."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from msgspec import structs

from presentation.managing import of_registrar
from presentation.registrars import registrars as registrar_blocks
from presentation.render.plain import lines_of
from presentation.waiting import of_own_acts
from presentation.work import item_head, sentence
from projections.own_acts import OwnActs
from projections.registrars import Registrars
from projections.work import workbench
from tests.acts import act, called
from tests.domain.test_managing import DAY, SALA, managed
from tests.domain.test_recorded_by import authorised, released
from tests.given import given
from tests.given_working import cancelled, handled, meeting, sitting

if TYPE_CHECKING:
    from projections.work import Workbench
    from tests.acts import Acts


def told(*acts: Acts) -> str:
    return " ".join(lines_of([part for one in managed(*acts).registrars for part in of_registrar(one)]))


def bench(*acts: Acts) -> Workbench:
    found = workbench(given(sitting(), *acts), DAY, {}, "m1")
    assert found is not None
    return found


def test_a_registrar_is_told_with_its_key_and_who_introduced_it() -> None:
    assert "Introduced by the secretariat." in told(SALA)
    assert "No key: its acts are not signed. No sign-in is bound to it." in told(authorised("kassa", "treasurer"))


def test_a_registrar_is_told_with_the_person_who_it_is() -> None:
    assert "Person: p1" in told(authorised("justerare", "adjuster", person="p1"))


def test_a_registrar_whom_its_party_introduced_is_told_with_who_signed_for_it() -> None:
    [office] = managed(SALA).registrars
    own = structs.replace(office.registrar, introduced_by="party", signed_by="sala-1")

    assert "Introduced by sala-1, a registrar of the party." in lines_of(
        of_registrar(structs.replace(office, registrar=own))
    )
    listed = lines_of(registrar_blocks(Registrars(on=DAY, known_at="@60", registrars=(own,))))
    assert any("the party's own registrar sala-1" in line for line in listed)
    assert not any("compare the key" in line for line in listed), "the party vouches for the key"


def test_a_key_that_the_secretariat_introduced_is_to_be_compared_with_the_party() -> None:
    listed = tuple(one.registrar for one in managed(SALA).registrars)

    assert any(
        "compare the key with the party" in line
        for line in lines_of(registrar_blocks(Registrars(on=DAY, known_at="@60", registrars=listed)))
    )


def test_a_registrar_who_was_released_is_told_so() -> None:
    assert "May not record any more." in told(SALA, released("sala-reg", "2025-03-01"))


@pytest.mark.parametrize(
    ("acts", "said"),
    [
        ([act("proposal-prepared", "2025-03-01", organ="management-group", meeting="m1", item=2)],
         "Meeting m1 is not called yet."),
        ([called("m1", "2025-02-01", "2025-03-01"), cancelled("m1", "2025-02-10")],
         "Meeting m1, called for 1 March 2025, was cancelled."),
        ([called("m1", "2025-02-01", "2025-03-01")],
         "Meeting m1 was called for 1 March 2025, and is not recorded as held."),
        ([called("m1", "2025-04-15", "2025-05-20")], "Meeting m1 is called for 20 May 2025."),
    ],
)  # fmt: skip
def test_how_a_meeting_stands_is_one_sentence(acts: Acts, said: str) -> None:
    assert sentence(bench(acts)) == said


def test_an_item_that_is_on_no_agenda_is_told() -> None:
    found = bench(meeting("m1", "2025-03-01"), handled("m1", "2025-03-01", 7, "noted"))

    assert "Item 7, which is on no agenda of the meeting" in map(item_head, found.items)


def test_how_many_of_a_partys_acts_are_shown_is_told() -> None:
    acts = OwnActs(known_at="@60", party="sala", entries=(), count=51)

    assert "These are the latest 0 of 51." in lines_of(of_own_acts(acts))


def test_that_nothing_is_recorded_in_a_partys_name_is_told() -> None:
    acts = OwnActs(known_at="@60", party="sala", entries=(), count=0)

    assert lines_of(of_own_acts(acts)) == ["Nothing is recorded in the name of sala."]
