"""The newest stored checkpoint, for whoever wants to keep it. Nothing is signed here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException

from ledger.integrity.checkpoints import last_checkpoint
from ledger.messages import msg
from ledger.proof.note import base64_of
from presentation.language import speaking
from presentation.render.json import json_of
from web.answers import answered
from web.desk import language_of, reading
from web.pages import frame, rendered

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

FORMS = {"html": "text/html", "json": "application/json", "txt": "text/plain; charset=utf-8"}


def checkpoint(request: Request) -> Response:
    """Answers with the newest stored checkpoint: as a page, with `.json` as data with its size and root, and with
    `.txt` as the signed note itself (C2SP tlog-checkpoint). 404 for the note if none is stored.
    """
    form = request.path_params.pop("form", "html")
    with speaking(language_of(request)):
        asked = reading(request)
        newest = last_checkpoint(asked.ledger.store)
        if form not in FORMS or (form == "txt" and newest is None):
            raise HTTPException(404)
        size, root, note = (newest[0].size, base64_of(newest[0].root), newest[1]) if newest else (0, None, "")

        def body() -> str | bytes:
            if form == "txt":
                return note
            if form == "json":
                return json_of({"size": size or None, "root": root, "checkpoint": note or None}) + b"\n"
            return rendered(
                "checkpoint.html",
                **frame(request, asked.at, "checkpoint", msg("The newest checkpoint")),
                size=size,
                note=note,
                further=asked.whole.head - size,
                files=[(one, asked.at.address(f"/checkpoint.{one}")) for one in ("txt", "json")],
            )

        return answered(request, asked, FORMS[form], body, note)
