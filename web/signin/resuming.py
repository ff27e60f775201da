"""A form that was sent after the session had ended: what was typed is in the page, to be sent again after a sign-in."""

from __future__ import annotations

from http import HTTPStatus
from itertools import chain
from typing import TYPE_CHECKING

from ledger.errors import BadInput
from ledger.messages import msg
from presentation.language import speaking
from web.crossing import is_local
from web.desk import language_of
from web.drafts import LARGEST
from web.record.body import sent
from web.signin.answers import CHALLENGE, page

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from web.record.body import Sent


async def resuming(request: Request) -> Response | None:
    """Returns the page from which a form can be sent again, or None for a request that is no form of ours.

    A file whose digest is recorded is there as its digest. Any other file has to be given again. It holds as much as a
    draft, since whoever sends it is not known.
    """
    try:
        with speaking(language_of(request)):
            body = await sent(request)
    except BadInput:
        return None
    path, query = request.scope["path"], request.scope["query_string"].decode("ascii", "replace")
    address = f"{path}?{query}" if query else path
    is_small = sum(map(len, (*chain.from_iterable(body.typed.values()), *body.hidden.values()))) <= LARGEST
    return _page(request, body, address) if is_local(address) and is_small else None


def _page(request: Request, body: Sent, address: str) -> Response:
    fields = [(name, text) for name, texts in body.typed.items() for text in texts]
    with speaking(language_of(request)):
        answer = page(
            request,
            "ended.html",
            HTTPStatus.UNAUTHORIZED,
            msg("Your sign-in has ended"),
            address=address,
            fields=[*fields, *body.hidden.items()],
            lost=[*body.files],
        )
    answer.headers.update(CHALLENGE)
    return answer
