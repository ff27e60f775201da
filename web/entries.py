"""An entry with its source, the bytes that are proven, and its proof under the newest stored checkpoint."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup
from starlette.exceptions import HTTPException

from ledger.integrity.checkpoints import last_checkpoint
from ledger.messages import msg, term
from ledger.proof.note import base64_of
from ledger.proof.tiles import tiled
from ledger.proof.tree import leaf_hash, prove_inclusion
from presentation.json_documents import history_document
from presentation.language import speaking
from presentation.phrases import naming
from presentation.render.html import html_of, linking, unlinked
from presentation.render.json import json_of
from presentation.words import field_rows, source_line
from projections.history import Streamed, Wanted, history
from web.answers import answered
from web.desk import language_of, reading
from web.pages import FORMS, bar, foot, frame, links, rendered
from web.record.rights import may_fill_in
from web.record.typed import event_of
from web.who import who_of

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from ledger.proof.checkpoint import Checkpoint
    from projections.history import ToldEntry
    from web.desk import Reading


def entry(request: Request) -> Response:
    """Answers with an entry as a page, or with `.json` as data with its proof. 404 if there is no such entry yet."""
    form = request.path_params.pop("form", "html")
    with speaking(language_of(request)):
        asked = reading(request)
        position = asked.given.number("entry", 1, 10**15) or 0
        if form not in {"html", "json"} or position > asked.head:
            raise HTTPException(404)

        newest = last_checkpoint(asked.ledger.store)

        def body() -> str | bytes:
            found = history(asked.asking.timeline, asked.asking.names(), Wanted(entry=position)).entries
            [told] = asked.without(found)
            proof = _proof(asked, position, newest)
            if form == "json":
                return json_of(asked.plain(_document(asked, told, proof))) + b"\n"
            return asked.words(_page(request, asked, told, proof))

        return answered(request, asked, FORMS[form], body, newest[1] if newest else "")


def _proof(asked: Reading, position: int, newest: tuple[Checkpoint, str] | None) -> dict[str, Any]:
    """Returns the leaf hash of an entry, and its path to the newest stored checkpoint. Nothing is signed here.

    `checkpoint` and `path` are None for an entry that no stored checkpoint covers yet, and `data`, the bytes that are
    proven, is None for the public.
    """
    store = asked.ledger.store
    [(_, data)] = store.data(position - 1, position)
    found: dict[str, Any] = {
        "leaf": base64_of(leaf_hash(data)),
        "data": data.decode() if asked.public is None else None,
        "checkpoint": None,
        "path": None,
    }
    if newest is not None and newest[0].size >= position:
        path = prove_inclusion(position - 1, newest[0].size, tiled(store.tile))
        found |= {"checkpoint": newest[1], "path": [base64_of(one) for one in path], "size": newest[0].size}
    return found


def _document(asked: Reading, told: ToldEntry, proof: dict[str, Any]) -> dict[str, Any]:
    [found] = history_document(Streamed(known_at="", last=told.position, entries=iter([told])))["entries"]
    return {"known_at": f"@{asked.head}", "entry": found, "proof": proof}


def _page(request: Request, asked: Reading, told: ToldEntry, proof: dict[str, Any]) -> str:
    path, timeline = f"/entry/{told.position}", asked.asking.timeline
    with naming(timeline, asked.asking.on, asked.asking.names), linking():
        rows = field_rows(told)
        source = unlinked(source_line(told))
    shown = links(asked)
    return rendered(
        "entry.html",
        **frame(request, asked.at, "history", msg("Entry {entry}", entry=told.position)),
        **bar(request, asked, {told.position}, steps=False),
        told=told,
        event=term("event", told.event),
        source=source,
        rows=[(name, Markup(html_of([value], shown))) for name, value in rows],  # noqa: S704 - html_of escapes texts
        proof=proof,
        before=asked.at.address(f"/entry/{told.position - 1}") if told.position > 1 else None,
        after=asked.at.address(f"/entry/{told.position + 1}") if told.position < asked.head else None,
        annulled_by=told.annulled_by and (told.annulled_by, asked.at.address(f"/entry/{told.annulled_by}")),
        corrects=asked.at.address(f"/correct/{told.position}") if _may_correct(request, told) else None,
        forms=[("json", asked.at.address(f"{path}.json"))],
        papers=[],
        **foot(asked),
    )


def _may_correct(request: Request, told: ToldEntry) -> bool:
    """Returns whether whoever asks may record an annulment of an entry, and what takes its place."""
    event = event_of(told.event)
    names = ("entry-annulled", told.event)
    return event is not None and told.annulled_by is None and all(may_fill_in(who_of(request), one) for one in names)
