"""What was recorded after a position: for programs that follow the ledger as JSON Lines, and for readers of Atom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

from starlette.exceptions import HTTPException

from ledger.errors import BadInput
from ledger.events.record import PersonalDataDisposed
from ledger.messages import msg, term
from ledger.values import first_entries, quoted
from presentation.json_documents import history_document
from presentation.language import current, speaking
from presentation.phrases import naming
from presentation.render.json import json_of
from presentation.words import entry_line, source_line, visible
from projections.history import Streamed, tell
from web.answers import answered
from web.desk import language_of, reading
from web.pages import rendered

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from projections.history import ToldEntry
    from web.desk import Reading

MOST = 1_000  # entries in one answer; the cursor of the last leads on
IN_A_FEED = 50


def changes(request: Request) -> Response:
    """Answers with the entries after `@N`, one JSON document a line, each with the cursor that leads on from it.

    An entry whose name was disposed of is a tombstone: it has `"disposed": true`, and no name.
    """
    with speaking(language_of(request)):
        asked = reading(request, ("after",))
        first = _after(asked)
        return answered(request, asked, "application/jsonl", lambda: _lines(asked, first))


def _lines(asked: Reading, first: int) -> bytes:
    told = _told(asked, range(first + 1, min(first + MOST, asked.head) + 1))
    documents = asked.plain(history_document(Streamed(known_at="", last=asked.head, entries=iter(told)))["entries"])
    gone = {one.event.person or "" for one in asked.asking.timeline.all_of(PersonalDataDisposed)}
    return b"".join(json_of(_line(one, gone)) + b"\n" for one in documents)


def _line(entry: dict[str, Any], gone: set[str]) -> dict[str, Any]:
    disposed = (
        entry["event"] == "person-registered" and entry["fields"]["person"] in gone and not entry["fields"]["name"]
    )
    return {"cursor": f"@{entry['position']}", "disposed": disposed, **entry}


def feed(request: Request) -> Response:
    """Answers with the latest entries as an Atom feed (RFC 4287)."""
    with speaking(language_of(request)):
        asked = reading(request, ("after",))
        first, base = _after(asked), f"{request.url.scheme}://{request.url.netloc}"
        return answered(request, asked, "application/atom+xml", lambda: _feed(asked, first, base))


def _feed(asked: Reading, first: int, base: str) -> str:
    told = _told(asked, range(asked.head, max(0, asked.head - IN_A_FEED, first), -1))
    with naming(asked.asking.timeline, asked.asking.on, asked.asking.names):
        entries = [
            {
                "id": _urn(asked, one.position),
                "address": f"{base}/entry/{one.position}",
                "title": term("event", one.event),
                "updated": one.recorded_at,
                "text": f"{visible(entry_line(one))}\n{visible(source_line(one))}",
            }
            for one in told
        ]
    page = rendered(
        "feed.xml",
        base=base,
        lang=current(),
        id=_urn(asked),
        updated=told[0].recorded_at if told else "1970-01-01T00:00:00Z",
        entries=entries,
    )
    return asked.words(page)


def _urn(asked: Reading, position: int | None = None) -> str:
    """Returns the name of the ledger, or of an entry in it, wherever it is read (RFC 4287 section 4.2.6, RFC 9562)."""
    ledger = UUID(hex=asked.ledger.store.ledger_id)
    return (ledger if position is None else uuid5(ledger, str(position))).urn


def _after(asked: Reading) -> int:
    text = asked.given.text("after") or "@0"
    found = first_entries(text)
    if found is None:
        what = msg("after: {value} is not @N, the first N entries, as @40", value=quoted(text))
        raise BadInput([(None, what)])
    if found > asked.head:
        raise HTTPException(404)
    return found


def _told(asked: Reading, positions: range) -> tuple[ToldEntry, ...]:
    timeline = asked.asking.timeline
    told = tell([timeline.at(position) for position in positions], timeline, asked.asking.names())
    shown: tuple[ToldEntry, ...] = asked.without(told)
    return shown
