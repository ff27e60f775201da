"""Tests the single write path: acts are judged together, recorded all or none, recorded once for each key, and judged
again if another writer has recorded in the meantime.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from ledger.book import TRIES, Ledger
from ledger.encoding import decode
from ledger.errors import BadInput, Damaged, LogMoved, NoTimeLeft, Refused
from ledger.events.agreement import AgreementAdopted
from ledger.events.seats import MemberAppointed, PersonRegistered
from ledger.names import HeldTexts
from ledger.store import MemoryStore
from ledger.values import LAST_MOMENT
from tests.acts import adopted, annulled, called, expert, held, in_force, reading, registered, seated, vacated, withdrew
from tests.domain.books import Clock, ledger, moving

if TYPE_CHECKING:
    from ledger.events import Event
    from ledger.timeline import Timeline

FIRST = in_force("2023-01-01")  # `FIRST` is recorded as entries 1 to 12
SEATED = seated("p1", "sala", "executive-chair", "2023-01-01")
ALSO = seated("p2", "sala", "executive-chair", "2024-01-01")
CALLED = called("m1", "2023-12-18", "2024-01-01", by="p1")
NOISE = [reading("2024-01-01", "rounding", "krona")] * 20
PERSONS = [registered("p1"), registered("p2")]


def slugs(refusal: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [one.provision for one in refusal.value.findings]


def test_what_is_recorded_is_read_back_by_another() -> None:
    one = ledger()
    recorded = one.record([SEATED], by="anna", key="k1")

    [entry] = recorded.entries
    assert (entry.position, entry.recorded_by, entry.key, entry.event) == (15, "anna", "k1", SEATED)
    assert (recorded.again, recorded.flagged, recorded.timeline.head) == (False, (), 15)
    other = Ledger(one.store, Clock())
    assert other.timeline().entries == recorded.timeline.entries
    assert one.timeline() is recorded.timeline


def test_events_that_are_read_share_equal_sources_and_ids() -> None:
    beside = seated("p2", "sala", "opposition-leader", "2023-01-01")
    written = ledger(SEATED, beside)

    read = Ledger(written.store, Clock()).timeline()
    seats, registrations = read.of(MemberAppointed), read.of(PersonRegistered)
    assert [one.event for one in seats] == [SEATED, beside]
    assert seats[0].event.party is seats[1].event.party
    assert [one.event.person for one in seats] == ["p1", "p2"]
    assert all(one.event.person is by.event.person for one, by in zip(seats, registrations, strict=True))
    first, second = registrations
    assert first.event.source is second.event.source


def test_nothing_is_written_when_anything_is_refused_and_every_reason_is_reported() -> None:
    book = ledger(SEATED)

    with pytest.raises(Refused) as refusal:
        book.record([registered("p3"), expert("p3", "2024-01-01"), ALSO, annulled(99)], by="tester")

    assert slugs(refusal) == ["two-per-municipality", "reference"]
    assert [one.entries[0] for one in refusal.value.findings] == [18, 19]
    assert (book.store.head(), len(book.names()), book.timeline().head) == (15, 2, 15)


def test_what_is_irregular_is_recorded_and_reported() -> None:
    meeting = held("m1", "2024-01-01", chaired_by="p1", adjuster="p1", present=["p1", "p2"])

    recorded = ledger(SEATED, CALLED).record([meeting], by="tester")

    assert [(one.verdict, one.provision, one.entries) for one in recorded.flagged] == [
        ("breach", "no-substitutes", (17,))
    ]


def test_what_a_loose_day_leaves_open_is_recorded_and_reported() -> None:
    recorded = ledger(SEATED, vacated("p1", "2024")).record([ALSO], by="tester")

    assert [(one.verdict, one.provision, one.loose) for one in recorded.flagged] == [
        ("cannot-tell", "two-per-municipality", ((16, "2024"),))
    ]


def test_a_dry_run_judges_and_writes_nothing() -> None:
    book = ledger(SEATED, CALLED)

    recorded = book.record(
        [held("m1", "2024-01-01", chaired_by="p2", adjuster="p1", present=["p1"])], by="t", dry_run=True
    )

    assert [one.position for one in recorded.entries] == [17]
    assert [one.provision for one in recorded.flagged] == ["no-substitutes"]
    assert (book.store.head(), book.timeline().head) == (16, 16)
    with pytest.raises(Refused):
        book.record([ALSO], by="tester", dry_run=True)


def test_nothing_to_record_is_refused() -> None:
    with pytest.raises(BadInput, match="nothing to record"):
        ledger().record([], by="tester")
    with pytest.raises(BadInput, match="nothing to record"):
        ledger().record(lambda _: [], by="tester")


def test_an_entry_too_long_is_refused_with_the_whole_append() -> None:
    book = ledger()
    long = adopted("2022-01-01", by={"sala"}, reservation="å" * 9_999)[0]
    longer = held("m1", "2024-01-01", others=[f"{number} " + "x" * 9_000 for number in range(9)])

    with pytest.raises(BadInput, match=r"meeting-held takes \d+ bytes; an entry has at most 65535"):
        book.record([long, longer, registered("region-1"), registered("sala-1")], by="tester")
    assert book.store.head() == 14


def test_a_function_of_the_timeline_says_what_to_record() -> None:
    def leave_all(timeline: Timeline) -> list[Event]:
        return [vacated(entry.event.person, "2025-01-01") for entry in timeline.of(MemberAppointed)]

    recorded = ledger(SEATED).record(leave_all, by="tester")

    assert [entry.event for entry in recorded.entries] == [vacated("p1", "2025-01-01")]


def test_when_the_log_has_moved_everything_is_judged_again() -> None:
    book = moving(*NOISE[:2])

    recorded = book.record([SEATED], by="tester")

    assert [entry.position for entry in recorded.entries] == [17]
    assert [one.position for one in book.store.read()] == list(range(1, 18))


def test_what_another_recorded_in_between_may_refuse_it() -> None:
    book = moving(ALSO)

    with pytest.raises(Refused) as refusal:
        book.record([SEATED], by="tester")

    assert slugs(refusal) == ["two-per-municipality"]
    assert [entry.event for entry in book.timeline().of(MemberAppointed)] == [ALSO]


def test_a_function_is_called_again_when_the_log_has_moved() -> None:
    seen: list[int] = []

    def say(timeline: Timeline) -> list[Event]:
        seen.append(timeline.head)
        return [withdrew("2024-01-01", "sala", ends_on=f"2025-01-{timeline.head}")]

    recorded = moving(*NOISE[:1]).record(say, by="tester")

    assert seen == [14, 15]
    assert recorded.entries[0].event == withdrew("2024-01-01", "sala", ends_on="2025-01-15")


def test_after_ten_tries_it_gives_up_and_has_written_nothing() -> None:
    book = moving(*NOISE[:TRIES])

    with pytest.raises(LogMoved, match="10 times; nothing was recorded, try again"):
        book.record([SEATED], by="tester")

    assert book.store.head() == 14 + TRIES
    assert list(book.timeline().of(MemberAppointed)) == []
    assert [entry.position for entry in book.record([SEATED], by="tester").entries] == [15 + TRIES]


def test_nine_lost_tries_are_borne() -> None:
    assert moving(*NOISE[: TRIES - 1]).record([SEATED], by="tester").timeline.head == 14 + TRIES


@pytest.mark.parametrize("step", [timedelta(0), timedelta(seconds=-1), timedelta(microseconds=1), timedelta(days=1)])
def test_recorded_moments_rise_whatever_the_clock_does(step: timedelta) -> None:
    clock = Clock()
    book = Ledger(MemoryStore(), clock)
    for acts in (FIRST, PERSONS, [SEATED]):
        book.record(acts, by="tester")
        clock.now += step

    moments = [entry.recorded_at for entry in book.timeline().entries]
    assert moments == sorted(set(moments))
    assert moments[0] == "2026-01-01T12:00:00.000000Z"
    if step <= timedelta(0):
        assert moments[-1] == "2026-01-01T12:00:00.000014Z"


def test_a_missing_entry_is_damage() -> None:
    book = ledger()
    del book.store.events[3]  # type: ignore[attr-defined]

    with pytest.raises(Damaged, match="the ledger is damaged: entry 4 is missing"):
        Ledger(book.store, Clock()).timeline()


def test_an_entry_of_another_class_than_its_index_says_is_damage() -> None:
    book = ledger()
    first = book.store.events[0]  # type: ignore[attr-defined]
    first.event.type = "agreement-adopted"

    with pytest.raises(Damaged, match="entry 1 is damaged: it is stored as agreement-adopted, which it is not"):
        Ledger(book.store, Clock()).timeline().of(AgreementAdopted)


def test_what_is_annulled_in_the_append_that_records_it_is_not_judged() -> None:
    book = ledger(SEATED)

    recorded = book.record([ALSO, annulled(16), adopted("2023-05-01", by={"sala"})[0], annulled(18)], by="tester")

    assert recorded.timeline.annulled_by == {16: 17, 18: 19}


def test_many_irregular_entries_are_told_each_once() -> None:
    calls = [called(f"m{number}", "2021-12-18", "2022-01-01", by="p1") for number in range(300)]
    meetings = [held(f"m{number}", "2022-01-01", chaired_by="p1", adjuster="p1", present=[]) for number in range(300)]

    recorded = ledger(*calls).record(meetings, by="tester")

    assert [one.entries[0] for one in recorded.flagged] == [n for n in range(315, 615) for _ in range(2)]
    assert {one.provision for one in recorded.flagged} == {"no-substitutes", "minutes-adjusted"}


def test_nothing_is_recorded_after_the_last_moment_at_which_a_ledger_records() -> None:
    book = Ledger(MemoryStore(), lambda: datetime(2199, 12, 31, 23, 59, 59, 999_998, UTC))

    with pytest.raises(NoTimeLeft, match="and no ledger records after 2199-12-31T23:59:59"):
        book.record(NOISE[:3], by="tester")
    assert book.store.head() == 0
    assert book.record(NOISE[:2], by="tester").entries[-1].recorded_at == LAST_MOMENT
    with pytest.raises(NoTimeLeft):
        book.record(NOISE[:1], by="tester")


def test_an_entry_that_is_found_by_a_tag_it_does_not_have_is_damage() -> None:
    book = ledger(SEATED)
    book.store.events[14].event.tags.append("person:p9")  # type: ignore[attr-defined]
    with pytest.raises(Damaged, match="under a tag that it does not have"):
        list(Ledger(book.store, Clock()).timeline().about("person:p9"))


def test_a_log_that_ends_before_its_head_is_damage(monkeypatch: pytest.MonkeyPatch) -> None:
    book = ledger()
    whole = book.store.data
    monkeypatch.setattr(book.store, "data", lambda after, until, **more: whole(after, min(until, 13), **more))
    with pytest.raises(Damaged, match="entry 14 is missing"):
        list(Ledger(book.store, Clock()).timeline().entries)


def test_names_are_those_of_what_others_recorded_meanwhile_too() -> None:
    mine = ledger()
    mine.timeline()
    Ledger(mine.store, Clock()).record([registered("p3", name="Testa")], by="anna")

    assert mine.names()[15] == "Testa"


def test_a_name_that_is_not_the_one_registered_is_damage() -> None:
    book = ledger()
    kept = book.store.disclosures()
    held_names = HeldTexts({13: kept[14]}, book._registered, "name")
    with pytest.raises(Damaged, match="the name kept for entry 13 is not the one that it registers"):
        held_names[13]


def test_what_was_recorded_is_given_again_while_the_name_of_another_is_damaged() -> None:
    book = ledger()
    kept = book.store.disclosures()
    book.record([SEATED], by="anna", key="k1")
    assert isinstance(book.store, MemoryStore)
    book.store._disclosures[13] = kept[14]

    assert book.record([SEATED], by="anna", key="k1").again


def test_an_entry_that_is_nested_without_end_is_damage() -> None:
    deep = b'{"event":"e","fields":' + b"[" * 100_000
    with pytest.raises(Damaged, match="entry 7"):
        decode(deep, 7)
