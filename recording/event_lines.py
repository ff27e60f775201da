"""Parses the lines of an import file, and records them so that a refusal names the line."""

from __future__ import annotations

from contextlib import suppress
from io import BytesIO
from typing import TYPE_CHECKING

import orjson
from msgspec import ValidationError, convert

from ledger.encoding import Signature
from ledger.errors import BadInput, Refused
from ledger.messages import grouped, msg
from recording.inputs import load_json, plainly
from recording.line_faults import Faults, sound
from recording.plain_lines import plain_event

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ledger.book import Ledger, Recorded, Signing
    from ledger.events import Event
    from ledger.timeline import Timeline
    from recording.line_faults import Lines


LONGEST_LINE = 1024 * 1024  # the greatest length of a line, in bytes


def record_lines(
    ledger: Ledger,
    first: Sequence[Event],
    lines: Lines,
    *,
    by: str,
    key: str,
    dry_run: bool = False,
    signing: Signing | None = None,
) -> Recorded:
    """Records the events in `first` and then the events of a file. If the events are refused, the error maps the
    positions of entries to lines of the file.
    """
    head = 0

    def acts(before: Timeline) -> list[Event]:
        nonlocal head
        head = before.head
        return [*first, *(event for _, event in lines)]

    try:
        return ledger.record(acts, by=by, key=key, dry_run=dry_run, signing=signing)
    except Refused as refused:
        start = head + len(first) + 1
        refused.places = {start + place: line for place, (line, _) in enumerate(lines)}
        raise


def parse_lines(data: bytes, signed: dict[int, Signature] | None = None) -> Lines:
    """Returns the events of a JSON Lines file with their line numbers. Raises BadInput with the faults of all lines.

    With `signed`, lines may carry signatures, which are put there by their line numbers, unchecked.
    """
    found: Lines = []
    faults = Faults()
    for number, line in enumerate(BytesIO(data.removeprefix(b"\xef\xbb\xbf")), 1):
        if not line.strip():
            continue
        try:
            if len(line) > LONGEST_LINE:
                raise ValueError(_too_long())  # noqa: TRY301
            event = plain_event(line.rstrip(b"\r\n"))
            if event is None and signed is not None and b'"signature"' in line:
                line, signed[number] = _parted(line)  # noqa: PLW2901 - the line without its signature
            event = event or _event(line.rstrip(b"\n"), briefly=faults.full)
        except BadInput as error:
            faults.of(number, error)
        except UnicodeDecodeError as error:
            faults.add(number, msg("not UTF-8 at byte {byte}", byte=error.start + 1))
        except ValueError as error:
            faults.add(number, str(error))
        else:
            if not faults.told:  # after a fault nothing will be recorded, so the events are not kept
                found.append((number, event))
    return sound(found, faults)


def _too_long() -> str:
    return msg("longer than {bytes} bytes, and an entry holds at most 65 535", bytes=grouped(LONGEST_LINE))


def _parted(line: bytes) -> tuple[bytes, Signature]:
    """Returns a line without the signature that it carries, and the signature. Raises ValueError for a faulty one."""
    raw = load_json(line.decode("utf-8"))
    signature = raw.pop("signature", None) if isinstance(raw, dict) else None
    try:
        return orjson.dumps(raw), convert(signature, Signature)
    except ValidationError:
        what = msg("signature is an object of registrar, an id, and ssh, the signature in base64")
        raise ValueError(what) from None


def _event(line: bytes, *, briefly: bool) -> Event:
    from ledger.events.parse import parse_event

    with suppress(BadInput, ValueError, RecursionError):  # the slower parser below explains the fault
        return parse_event(plainly(line), briefly=True)
    return parse_event(load_json(line.decode("utf-8")), briefly=briefly)
