"""Several readers and a writer at once: each answer is of one moment, and no act is lost."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import cycle, islice
from typing import TYPE_CHECKING

from ledger.book import Ledger
from ledger.store import open_store
from tests.acts import act
from tests.web.conftest import NOON
from tests.web.reader import Reader
from web.app import application

if TYPE_CHECKING:
    from ledger.events import Event
    from tests.desk import Desk

READERS, ASKED = 6, 12
DAYS = [f"2025-05-{day}" for day in range(10, 30)]
ADDRESSES = (
    "/activities.json?on=2025-06-01",
    "/history.json?event=activity-held",
    "/diff.json?on=2025-01-01..2025-06-01",
)


def activity(day: str) -> Event:
    return act("activity-held", day, kind="seminar", title="Mer", place="Sala", organisers=["sala"])


def test_no_answer_mixes_two_moments_and_no_act_is_lost(own: Desk) -> None:
    """An answer says how many entries it knows; asked again for these, it is the same bytes."""
    with open_store(own.ledger) as store, ThreadPoolExecutor(READERS + 1) as crowd:
        app = application(Ledger(store, lambda: NOON))

        def read(place: int) -> list[tuple[str, bytes, str]]:
            reader = Reader(app)
            found = []
            for address in islice(cycle(ADDRESSES[place % 3 :] + ADDRESSES[: place % 3]), ASKED):
                page = reader.get(address)
                assert page.status == 200
                known_at = page.json["known_at"]  # of a difference, that of each of its two sides
                first, *others = [known_at] if isinstance(known_at, str) else known_at
                assert all(one == first for one in others), known_at
                found.append((address, page.body, first))
            return found

        def write() -> int:
            with open_store(own.ledger) as other:
                book = Ledger(other, lambda: NOON)
                return sum(len(book.record([activity(day)], by="skrivare").entries) for day in DAYS)

        writing = crowd.submit(write)
        reading = [crowd.submit(read, place) for place in range(READERS)]
        assert writing.result() == len(DAYS)
        answers = [one for each in reading for one in each.result()]

        again = Reader(app)
        for address, body, known_at in answers:
            assert again.get(f"{address}&known_at={known_at}").body == body, (address, known_at)
        held = again.get("/activities.json?on=2025-06-01").json["activities"]
        assert {*DAYS} <= {one["on"] for one in held}
