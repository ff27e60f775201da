"""The acts of an import that are signed on another machine: written to a folder, and recorded with what was signed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli.signing import read_signatures, write_acts
from ledger.book import Given, Signing
from ledger.errors import BadInput, Refused
from ledger.events.record import RegistrarAuthorised
from ledger.messages import msg
from ledger.signed import of_no_act, sealed, signatures_among, texts_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from ledger.book import Recorded
    from ledger.encoding import Signature
    from ledger.events import Event
    from ledger.timeline import Timeline
    from recording.sorting import Sorting


def signing_of(
    sorting: Sorting, lines: Mapping[int, Signature], folder: Path | None, by: str, own: Signing | None
) -> Signing | Given | None:
    """Returns the signatures of the acts of an import: those that lines carry, by line number, and those in a folder;
    without any, the `own` signing of --sign-with.

    A signature in the folder is that of the act, and of the registrar, whose text it is named for. One that is of no
    act is refused, since the act was signed, and is not recorded as it was signed. Raises BadInput for a folder that
    holds no signatures, and for signatures beside `own`.
    """
    if not lines and folder is None:
        return own
    if own is not None:
        raise BadInput([(None, msg("--sign-with signs every act, and these acts come with signatures"))])
    blobs, outside = read_signatures(folder) if folder else ({}, {})

    def of(acts: Sequence[Event], before: Timeline, ledger_id: str, key: str) -> list[Signature | None]:
        told = [*(one.event for one in before.all_of(RegistrarAuthorised)), *acts]
        registrars = dict.fromkeys([by, *(one.registrar for one in told if isinstance(one, RegistrarAuthorised))])
        found, unused = signatures_among(blobs, acts, ledger_id, registrars, key)
        if unused:
            raise Refused([of_no_act(name) for name in unused])
        first = before.head + 1
        return [lines.get(sorting.places.get(first + place, 0)) or one for place, one in enumerate(found)]

    return Given(of, outside)


def write_import(folder: Path, sorting: Sorting, by: str, key: str, signing: Signing | Given | None) -> Recorded:
    """Writes the acts of an import to a new folder, to be signed by the registrar `by`, and records nothing. Returns
    what would be recorded. Raises BadInput without a registrar, for acts that are signed, and if the key has recorded
    the acts already.
    """
    if not by:
        raise BadInput([(None, msg("--as is missing: the registrar who will sign"))])
    if signing is not None:
        raise BadInput([(None, msg("--write-acts writes acts that are not signed yet: give no signatures"))])
    ledger = sorting.ledger
    recorded = ledger.record(sorting.acts, by=by, key=key, dry_run=True, signing=Signing(by, lambda _: []))
    if recorded.again:
        at = recorded.entries[0].position
        raise BadInput([(None, msg("--write-acts: the acts are recorded already, from entry {entry} on", entry=at))])
    acts, outside = sealed(sorting.events)
    write_acts(folder, texts_of(acts, ledger.store.ledger_id, by, key), outside)
    return recorded
