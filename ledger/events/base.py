"""The fields and class attributes that every event has.

No logic: an event says what happened, and rules say what that means.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from msgspec import Struct

from ledger.values import Day, Source, about


class Event(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """Something that was decided or that happened.

    `valid_on` is the day on which the event became true, and `source` says where the event is documented.
    """

    event_name: ClassVar[str]  # the event's permanent name in the log, set by the table in ledger.events
    v: ClassVar[int] = 1  # the version of the shape; a new shape needs an upcaster in ledger.events.earlier_shapes
    valid_on_is: ClassVar[str]
    only_by: ClassVar[str] = ""  # the only command that records the event; "" if any command may
    provision: ClassVar[str]  # the slug of the provision behind the event; "" without a provision
    example: ClassVar[Mapping[str, Any]]  # the organ and the usual fields, as in an import file

    valid_on: Annotated[Day, about("the day it became true")]
    source: Annotated[Source, about("where it stands: organ, decided_on, paragraph, registration_number, document")]
