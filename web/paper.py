"""Answers with papers, as PDF and Word."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException

from ledger.integrity.checkpoints import last_checkpoint
from papers.making import make
from papers.paper import Ordered
from presentation.installed import needing
from presentation.language import speaking
from web.answers import answered
from web.desk import language_of, reading
from web.papers import PAPERS, TYPES

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request
    from starlette.responses import Response

    from web.desk import Reading


def paper(kind: str, form: str) -> Callable[[Request], Response]:
    """Returns the handler of an address that gives a kind of paper in a form. It answers 404 to the public."""
    place = PAPERS[kind]

    def handler(request: Request) -> Response:
        if request.app.state.public:
            raise HTTPException(404)
        with speaking(language_of(request)):
            asked = reading(request, place.takes)

            def body() -> bytes:
                which = place.which.format(**asked.given.path)
                party, end = asked.given.text("if_withdraws"), asked.given.day("ends_on")
                with needing("papers"):
                    return make(kind, Ordered(asked.asking, which, asked.ledger, party, end), form).data

            newest = last_checkpoint(asked.ledger.store)  # which some papers print
            answer = answered(request, asked, TYPES[form], body, newest[1] if newest else "")
            answer.headers["content-disposition"] = f'inline; filename="{_file(kind, asked)}.{form}"'
            return answer

    return handler


def _file(kind: str, asked: Reading) -> str:
    """Returns the name under which a browser keeps a paper, in letters that a header can hold."""
    return "-".join([kind, *(one for one in asked.given.path.values() if one.isascii() and one.isprintable())])
