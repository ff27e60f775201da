"""The connection to a server is cut between any two messages of an append: what is reported as not recorded is not
recorded, nothing is recorded in part, and the store goes on.
"""

from __future__ import annotations

import os
from collections import Counter
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from ledger.errors import OutcomeUnknown, ServerAway
from ledger.store import open_store
from ledger.store.postgres.statements import FEW

from .cutting import Proxy
from .given import entry, nothing_after

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.store import SqlStore
    from tests.servers import Node

SOAK = bool(os.environ.get("LIGGARE_SOAK"))
AWAY = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'liggare' AND state <> 'idle'"


@pytest.fixture
def proxy(server: Node) -> Iterator[Proxy]:
    with Proxy(server.port) as made:
        yield made


def appended(store: SqlStore, head: int, entries: int) -> str:
    try:
        store.append([entry(f"{head}-{number}", "party:sala") for number in range(entries)], nothing_after(head))
    except ServerAway:
        return "not recorded"
    except OutcomeUnknown:
        return "unknown"
    return "recorded"


SIZES = (1, 2, FEW + 100)


@pytest.mark.parametrize("passes", [True, *([False] if SOAK else [])])
@pytest.mark.parametrize("entries", SIZES)
def test_an_append_is_cut_off_at_every_message(
    server: Node, hosted: str, proxy: Proxy, entries: int, *, passes: bool
) -> None:
    alone = entries == 1
    through = f"{hosted.replace(f':{server.port}/', f':{proxy.port}/')}&sslmode=disable&gssencmode=disable"
    told: Counter[tuple[str, int]] = Counter()
    with open_store(hosted) as control, open_store(through, timeout=5) as store:
        for message in range(1, 200):
            with suppress(ServerAway):  # A cut may come to light only now.
                store.head()
            head = store.head()
            proxy.cut(message, passes=passes)
            said = appended(store, head, entries)
            if not proxy.stop():
                break
            server.awaits(AWAY, 0)
            told[said, control.head() - head] += 1
        assert message > (5 if alone else 20), "there are messages to be cut at"
        assert control.head() == head + entries
        assert [row.position for row in store.read()] == [*range(1, control.head() + 1)]
        assert store.mark() == control.mark()
    assert told["not recorded", 0] > 5 or alone  # One statement commits too, so that any cut leaves it unknown.
    assert told.keys() <= {("not recorded", 0), ("unknown", 0), ("unknown", entries), ("recorded", entries)}
    if passes:
        assert told["unknown", entries], "the control: a COMMIT whose answer is lost is not reported as a failure"
        assert not told["recorded", entries]
