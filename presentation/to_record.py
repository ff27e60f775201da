"""The acts that may be recorded next, as words on what leads to their forms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.messages import filled, marked

if TYPE_CHECKING:
    from projections.to_record import ToRecord

LABELS = {  # event → what leads to its form, over the fields that the ledger can fill in
    "meeting-called": marked("Record the notice"),
    "meeting-moved": marked("Record another day or place"),
    "meeting-cancelled": marked("Record that it is cancelled"),
    "meeting-held": marked("Record who was there"),
    "item-handled": marked("Record the outcome"),
    "reservation-entered": marked("Record a reservation"),
    "recommendation-made": marked("Record a recommendation"),
    "recommendation-answered": marked("Record the answer of {party} to {recommendation}"),
    "minutes-duty-moved": marked("Record who has the duty instead"),
    "minutes-signed": marked("Record the signing"),
    "minutes-adjusted": marked("Record the adjustment"),
    "minutes-dispatched": marked("Record the dispatch"),
    "agreement-adopted": marked("Record that it is adopted"),
    "agreement-rejected": marked("Record that it is rejected"),
    "member-appointed": marked("Record who is appointed"),
    "instalment-claimed": marked("Record the claim"),
    "payment-made": marked("Record the payment"),
    "registrar-authorised": marked("Authorise anew"),
    "registrar-released": marked("Release"),
}


def label(one: ToRecord) -> str:
    """Returns what leads to the form of an act."""
    return filled(LABELS[one.event], one.fields)
