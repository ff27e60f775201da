"""With an idempotency key, an act that is retried is recorded once. A person's name belongs to the entry that registers
the person, and a disposal erases the name.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from ledger.book import Ledger
from ledger.errors import KeyTaken
from ledger.events.seats import PersonRegistered
from ledger.names import digest
from ledger.state.record import disposed as disposed_of
from ledger.state.record import registration_on
from ledger.state.seats import seats
from ledger.store import MemoryStore
from tests.acts import adopted, annulled, called, disposed, held, in_force, registered, seated, vacated, withdrew
from tests.domain.books import Clock, ledger
from tests.given import recorded

if TYPE_CHECKING:
    from ledger.encoding import Entry
    from ledger.events import Event
    from ledger.timeline import Timeline

SEATED = seated("p1", "sala", "executive-chair", "2023-01-01")


def test_the_same_again_under_a_key_answers_with_what_was_recorded_then() -> None:
    book = ledger()
    first = book.record([SEATED, vacated("p1", "2025-01-01")], by="anna", key="k1")
    book.record([withdrew("2024-01-01", "sala", ends_on="2024-06-01")], by="tester")

    again = Ledger(book.store, Clock()).record([SEATED, vacated("p1", "2025-01-01")], by="berta", key="k1")

    assert again.again
    assert again.entries == first.entries
    assert again.flagged == ()
    assert book.store.head() == 17


def test_what_is_irregular_is_reported_again_as_it_now_is() -> None:
    book = ledger(SEATED, called("m1", "2024-11-17", "2024-12-01", by="p1"))
    meeting = held("m1", "2024-12-01", chaired_by="p1", adjuster="p2", present=["p1", "p2"])
    book.record([meeting], by="tester", key="k1")
    book.record([vacated("p1", "2024-06-01")], by="tester")

    told = book.record([meeting], by="tester", key="k1").flagged
    assert [one.values["person"] for one in told] == ["p1", "p2", "p2"]
    assert [one.provision for one in told] == ["no-substitutes", "no-substitutes", "minutes-adjusted"]


@pytest.mark.parametrize(
    "other",
    [
        [],
        [vacated("p1", "2025-01-02")],
        [SEATED],
        [vacated("p1", "2025-01-01"), SEATED],
        [SEATED, vacated("p1", "2025-01-01"), vacated("p1", "2025-01-01")],
    ],
)
def test_something_else_under_a_key_is_refused(other: list[Event]) -> None:
    book = ledger()
    book.record([SEATED, vacated("p1", "2025-01-01")], by="tester", key="k1")

    with pytest.raises(KeyTaken, match="key k1 already recorded other events, in entries 15, 16; choose another key"):
        book.record(other, by="tester", key="k1")


def test_a_registration_is_not_the_same_as_another_event() -> None:
    book = ledger()
    book.record([registered("p9"), SEATED], by="tester", key="k1")

    with pytest.raises(KeyTaken):
        book.record([SEATED, registered("p9")], by="tester", key="k1")


def test_a_key_that_another_used_at_the_very_same_time_is_answered_with_what_they_recorded() -> None:
    book = ledger()
    other = Ledger(book.store, Clock())
    keyed = book._keyed

    def late(key: str) -> list[Entry[Event]]:
        if not other.timeline().head > 14:
            other.record([SEATED], by="other", key="k1")
        return keyed(key)

    book._keyed = late  # type: ignore[method-assign]

    recorded = book.record([SEATED], by="tester", key="k1")
    assert (recorded.again, [entry.position for entry in recorded.entries], book.store.head()) == (True, [15], 15)


def test_a_key_counts_in_a_dry_run_too() -> None:
    book = ledger()
    book.record([SEATED], by="tester", key="k1")

    assert book.record([SEATED], by="tester", key="k1", dry_run=True).again
    assert not book.record([vacated("p1", "2025-01-01")], by="tester", key="k2", dry_run=True).again


def test_without_a_key_the_same_is_recorded_again() -> None:
    book = ledger()
    for _ in range(2):
        book.record([registered("p9")], by="tester")

    assert book.store.head() == 16
    assert len({entry.key for entry in book.timeline().entries}) == 3


def test_a_name_given_again_under_a_key_is_the_same_name_or_another() -> None:
    book = ledger()
    book.record([registered("p9", name="Påhittad Nio")], by="tester", key="k1")

    assert book.record([registered("p9", name="Påhittad Nio")], by="tester", key="k1").again
    with pytest.raises(KeyTaken) as refusal:
        book.record([registered("p9", name="Någon Annan")], by="tester", key="k1")
    assert "Annan" not in str(refusal.value)


def test_a_name_that_has_been_disposed_of_is_not_compared() -> None:
    book = ledger()
    book.record([registered("p9", name="Påhittad Nio")], by="tester", key="k1")
    book.record([disposed("p9")], by="tester")

    assert book.record([registered("p9", name="Påhittad Nio")], by="tester", key="k1").again
    with pytest.raises(KeyTaken):
        book.record([registered("p8", name="Påhittad Nio")], by="tester", key="k1")


def test_a_function_under_a_key_is_asked_what_it_would_have_said_then() -> None:
    def leave_all(timeline: Timeline) -> list[Event]:
        return [vacated(seat.person, "2025-01-01") for seat in seats(timeline)]

    book = ledger(SEATED)
    book.record(leave_all, by="tester", key="k1")
    book.record([seated("p2", "koping", "executive-chair", "2023-01-01")], by="tester")

    assert book.record(leave_all, by="tester", key="k1").again


def test_what_was_annulled_since_is_answered_too() -> None:
    book = ledger()
    twice = adopted("2022-12-01", version=1, by={"sala"}, reservation="x")
    book.record(twice, by="tester", key="k1")
    book.record([annulled(15)], by="tester")

    again = book.record(twice, by="tester", key="k1")

    assert (again.again, again.flagged) == (True, ())


def test_a_name_stands_outside_the_log_bound_to_its_entry() -> None:
    book = Ledger(MemoryStore(), Clock())
    book.record([*in_force("2023-01-01"), registered("p1", name="Påhittad Ett")], by="tester")

    assert book.names() == {13: "Påhittad Ett"}
    entry = book.timeline().entries[-1].event
    assert isinstance(entry, PersonRegistered)
    assert (entry.name.text, entry.name.digest) == (None, digest(book.store.disclosures()[13]))
    assert not any("Påhittad".encode() in row.event.data for row in book.store.read())


def test_a_disposal_erases_every_name_a_person_had_until_then_and_no_others() -> None:
    book = ledger(registered("p1", on="2024-01-01", name="Påhittad Gift"))
    assert sorted(book.names()) == [13, 14, 15]

    book.record([disposed("p1")], by="tester")

    assert book.names() == {14: "Påhittad p2"}
    assert disposed_of(book.timeline()) == {"p1"}


def test_a_name_registered_and_disposed_of_in_one_append_is_never_kept() -> None:
    book = ledger()

    book.record([registered("p9"), disposed("p9")], by="tester")
    assert sorted(book.names()) == [13, 14]

    book.record([disposed("p2"), registered("p2", on="2025-01-01", name="Påhittad Åter")], by="tester")
    assert book.names() == {13: "Påhittad p1", 18: "Påhittad Åter"}


def test_a_person_goes_by_the_latest_name_by_then_or_else_by_the_first() -> None:
    timeline = recorded(registered("p1", on="2024-01-01"), registered("p1", on="2026-01-01"), registered("p2"))

    for on, entry in (("2023-01-01", 1), ("2024-01-01", 1), ("2025-12-31", 1), ("2026-01-01", 2)):
        assert registration_on(timeline, "p1", date.fromisoformat(on)) == entry
    assert registration_on(timeline, "p9", date(2025, 1, 1)) is None
