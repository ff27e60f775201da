"""Where the form of an act is, filled in with what the ledger knows of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.events import EVENTS
from presentation.to_record import label
from web.record.rights import may_record
from web.record.typed import typed_fields

if TYPE_CHECKING:
    from collections.abc import Iterable

    from projections.to_record import ToRecord
    from web.standpoint import Standpoint
    from web.who import Who


def forms(who: Who, at: Standpoint, acts: Iterable[ToRecord], back: str) -> list[tuple[str, str]]:
    """Returns (words, address) of the form of each act that somebody may record, which leads to `back` afterwards."""
    return [(label(one), form_of(at, one, back)) for one in acts if may_record(who, one.event, one.binds)]


def form_of(at: Standpoint, one: ToRecord, back: str | None = None) -> str:
    """Returns the address of the form of an act. Once it is recorded, it leads to `back`, if that is given."""
    given = typed_fields(EVENTS[one.event], one.fields)
    return at.address(f"/record/{one.event}", **given, valid_on=one.valid_on, _next=back)
