"""Answers to questions, as pages, JSON and CSV."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.responses import Response

from presentation.language import speaking
from presentation.phrases import naming
from presentation.render.csv import text_of
from presentation.render.json import json_pieces
from web.desk import etag, language_of, reading
from web.pages import FORMS, answer_page
from web.questions import QUESTIONS

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request

    from presentation.asking import Answer
    from web.desk import Reading

NEVER_STALE = "private, no-cache"  # a name may be disposed of, so no cache may answer without asking


def answering(name: str) -> Callable[[Request], Response]:
    """Returns the handler of a question's address, in each form."""
    question = QUESTIONS[name]

    def handler(request: Request) -> Response:
        form = request.path_params.pop("form", "html")
        request.state.question = name  # whose form an error page shows again
        if form not in FORMS:
            raise HTTPException(404)
        with speaking(language_of(request)):
            part = question.part if form == "html" else None
            asked = reading(request, (*question.takes, *(question.turns if part else ())))

            def body() -> str | bytes:
                found = asked.answer((part or question.ask)(asked.asking, asked.given))
                return answer_page(request, name, asked, found) if form == "html" else in_form(form, asked, found)

            return answered(request, asked, FORMS[form], body)

    return handler


def answered(
    request: Request, asked: Reading, media_type: str, body: Callable[[], str | bytes], more: str = ""
) -> Response:
    """Returns an answer with the headers by which a browser keeps it and asks each time whether it still holds. If what
    the reader has does, the body is not made (304). `more` is what the body depends on beyond what was asked.
    """
    tag = etag(asked, request.url.path, more)
    kept = {"etag": tag, "cache-control": NEVER_STALE, "vary": "accept-language"}
    if _is_known(tag, request.headers.get("if-none-match", "")):
        return Response(status_code=304, headers=kept)
    return Response(body(), media_type=media_type, headers=kept)


def _is_known(tag: str, header: str) -> bool:
    """Returns whether an If-None-Match header names a tag, compared weakly (RFC 9110 sections 8.8.3.2 and 13.1.2)."""
    return header.strip() == "*" or tag in (one.strip().removeprefix("W/") for one in header.split(","))


def in_form(form: str, asked: Reading, found: Answer) -> bytes:
    """Returns an answer as JSON or CSV."""
    return as_json(asked, found) if form == "json" else as_csv(asked, found)


def as_json(asked: Reading, found: Answer) -> bytes:
    """Returns the bytes that the command line prints with --json."""
    return b"".join(chain.from_iterable(map(json_pieces, found.documents(asked.asking.assumed))))


def as_csv(asked: Reading, found: Answer) -> bytes:
    """Returns the bytes that the command line prints with --csv."""
    if found.csv:
        text = found.as_csv(excel=False)
    else:
        with naming(asked.asking.timeline, asked.asking.on, asked.asking.names):
            text = "".join(map(text_of, found.pieces(asked.asking.assumed, sheet=True)))
    return asked.words(text).encode("utf-8", "backslashreplace")
