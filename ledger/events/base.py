"""What every event has in common. No logic: an event says what happened, rules say what that means."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from msgspec import Struct

from ledger.values import Day, Source, about


class Event(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """Something decided or happened. `valid_on` is the day it became true, `source` says where that stands."""

    event_name: ClassVar[str]  # the name in the log, for ever; given by the table in ledger.events
    v: ClassVar[int] = 1  # the version of the shape; a new one needs an upcaster in ledger.encoding
    valid_on_is: ClassVar[str]
    only_by: ClassVar[str] = ""  # the command that alone records it, or "" for an event that anyone may record
    provision: ClassVar[str]  # the slug of the provision behind the event, or "" where the agreement has none
    example: ClassVar[Mapping[str, Any]]  # the organ, and fields as an import file has them: those that are usual

    valid_on: Annotated[Day, about("the day it became true")]
    source: Annotated[Source, about("where it stands: organ, decided_on, paragraph, registration_number, document")]
