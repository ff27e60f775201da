"""Errors as pages: what cannot be answered as it was asked keeps the time bar and what was typed."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse

from ledger.errors import BadInput, LedgerError
from ledger.messages import filled, marked, msg
from presentation.language import speaking
from web.desk import language_of, reading
from web.narrowing import fields, label_of
from web.pages import NOT_KEPT, bar, frame, rendered
from web.questions import QUESTIONS
from web.standpoint import EVERYWHERE, TIMES, in_labels, without_times
from web.withheld import REFUSED

if TYPE_CHECKING:
    from collections.abc import Collection

    from starlette.responses import Response

    from web.desk import Reading

_OF_FIELD = re.compile(r"(?:(?:--)?([a-z][a-z_-]*): |--([a-z-]+))(.*)", re.DOTALL)
_HEADS: dict[int, str] = {
    HTTPStatus.BAD_REQUEST: marked("This cannot be answered as it is asked"),
    HTTPStatus.FORBIDDEN: marked("This is refused"),
    HTTPStatus.NOT_FOUND: marked("There is no such page"),
    HTTPStatus.METHOD_NOT_ALLOWED: marked("This address only answers questions"),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: marked("The form is too large"),
    HTTPStatus.MISDIRECTED_REQUEST: marked("These pages have another address"),
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE: marked("The request is too long"),
    HTTPStatus.INTERNAL_SERVER_ERROR: marked("The program has a fault"),
    HTTPStatus.SERVICE_UNAVAILABLE: marked("The ledger cannot be read now"),
}
_TOLD: dict[int, str] = {
    HTTPStatus.NOT_FOUND: marked("Nothing in the ledger has this address. The navigation leads to every answer."),
    HTTPStatus.FORBIDDEN: marked("Your role does not let you do this."),
    HTTPStatus.METHOD_NOT_ALLOWED: marked("Nothing can be sent to this address."),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: marked("At most 5 MB can be sent at once. Nothing was recorded."),
    HTTPStatus.MISDIRECTED_REQUEST: marked(
        "They are answered at the address that `liggare serve` printed, and no other."
    ),
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE: marked(
        "The browser sends more headers, such as cookies, than are read here."
    ),
    HTTPStatus.INTERNAL_SERVER_ERROR: marked("This answer could not be made. What failed is in the log of the server."),
}


class Fault(NamedTuple):
    """What is wrong with a request, and the parameter that it is about, or None."""

    name: str | None
    said: str

    @property
    def label(self) -> str | None:
        """What the field of the parameter is called."""
        return None if self.name is None else label_of(self.name)


def error_page(request: Request, error: Exception, status: int) -> Response:
    """Returns an error as a page that says what is wrong, and how to go on, in the language asked for."""
    with speaking(language_of(request)):
        head = head_of(status)
        told = faults_of(error) or [Fault(None, _said(request, error, status))]
        name = getattr(request.state, "question", None) if status == HTTPStatus.BAD_REQUEST else None
        page = _refused(request, name, head, told) if name else _plain(request, head, told)
    return HTMLResponse(page, status, NOT_KEPT)


def head_of(status: int) -> str:
    """Returns the head of the page of an error."""
    return filled(_HEADS.get(status, _HEADS[HTTPStatus.BAD_REQUEST]), {})


def _plain(request: Request, head: str, told: list[Fault]) -> str:
    return rendered("error.html", **frame(request, without_times(request), "", head), told=told, ids={})


def faults_of(error: Exception) -> list[Fault]:
    """Returns each fault of what was asked, in the words of the labels."""
    return [_fault(what) for _, what in (error.errors if isinstance(error, BadInput) else ())]


def _fault(what: str) -> Fault:
    """Returns a fault whose sentence begins with its parameter, as `on: ...`, or with an option of the command line."""
    found = _OF_FIELD.fullmatch(what)
    name = (found[1] or found[2]).replace("-", "_") if found else ""
    if found is None or label_of(name) is None:
        return Fault(None, in_labels(what, label_of))
    return Fault(name, in_labels(found[3] if found[1] else what, label_of))


def _said(request: Request, error: Exception, status: int) -> str:
    """Returns what a page says of an error: of one of the ledger, its sentence, in which braces are letters."""
    if status in _TOLD:
        return filled(_TOLD[status], {})
    return msg("Try again in a while.") if request.app.state.public else str(error)


def _refused(request: Request, name: str, head: str, told: list[Fault]) -> str:
    """Returns the page of a question that cannot be answered as it is asked, with its bar and its form as typed."""
    wrong = {one.name: one.said for one in told if one.name is not None}
    sound, asked = _sound(request, name, wrong)
    typed = {one: request.query_params[one] for one in wrong if one in request.query_params}
    query = {one: [value] for one, value in request.query_params.items() if one in QUESTIONS[name].takes}
    shown = fields(name, asked._replace(given=asked.given._replace(query=query)), None)
    page = rendered(
        "refused.html",
        **frame(sound, asked.at, name, head),
        **bar(sound, asked, set(), steps=False) | {"typed": typed, "faults": wrong},
        told=told,
        ids={one: one for one in TIMES} | {one.name: f"f-{one.name}" for one in shown},
        fields=shown,
        neighbours=[],
        standing=asked.at.standing(),
    )
    return asked.words(page)


def _sound(request: Request, name: str, wrong: Collection[str]) -> tuple[Request, Reading]:
    """Returns a request without what cannot be read, and where its reader stands."""
    question, parts = QUESTIONS[name], request.path_params
    takes = {*EVERYWHERE, *question.takes} - {*(REFUSED if request.app.state.public else ()), *wrong}
    short, _, part = question.path.partition("/{")
    path = question.path.format(**parts) if parts and part.strip("}") not in wrong else short
    query = [(one, value) for one, value in request.query_params.multi_items() if one in takes]
    sound = Request({**request.scope, "path": path, "query_string": urlencode(query).encode()})
    try:
        return sound, reading(sound, question.takes)
    except LedgerError:  # a fault without a name, such as a reading that is none
        sound = Request({**request.scope, "path": path, "query_string": b""})
        return sound, reading(sound)
