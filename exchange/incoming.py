"""What a file of another program holds, once it is read: events with their places, and how it was read."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from recording.line_faults import Lines


class Incoming(NamedTuple):
    """The events of a file, each with the number of its line, row or payment.

    `read` says in sentences how the file was read, such as what each column was taken for. `left` says in sentences
    what in it is not recorded, and why. `plain` is true where nothing was interpreted: of JSON Lines, and of CSV under
    the names of fields.
    """

    lines: Lines
    read: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    plain: bool = False
