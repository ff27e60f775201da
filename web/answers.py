"""Answers to questions, as pages, JSON, CSV and Excel workbooks."""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.responses import Response

from presentation.language import speaking
from presentation.phrases import naming
from presentation.render.csv import text_of, written
from presentation.render.json import json_pieces
from web.desk import etag, language_of, reading
from web.pages import FORMS, answer_page
from web.questions import QUESTIONS

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request

    from presentation.asking import Answer, Asking
    from web.desk import Reading

NEVER_STALE = "private, no-cache"  # a name may be disposed of, so no cache may answer without asking
_UNNAMEABLE = re.compile("[^A-Za-z0-9._-]+")  # what no name of a file holds


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
                if form == "html":
                    return answer_page(request, name, asked, found)
                return in_form(form, asked, found, asked.pinned(request.url.path))

            return answered(request, asked, FORMS[form], body, file=file_name(request, form))

    return handler


def answered(
    request: Request,
    asked: Reading,
    media_type: str,
    body: Callable[[], str | bytes],
    more: str = "",
    *,
    file: str | None = None,
) -> Response:
    """Returns an answer with the headers by which a browser keeps it and asks each time whether it still holds. If what
    the reader has does, the body is not made (304). `more` is what the body depends on beyond what was asked,
    and `file` the name under which a browser keeps the body as a file.
    """
    tag = etag(asked, request.url.path, more)
    kept = {"etag": tag, "cache-control": NEVER_STALE, "vary": "accept-language"}
    if _is_known(tag, request.headers.get("if-none-match", "")):
        return Response(status_code=304, headers=kept)
    named = {"content-disposition": f'attachment; filename="{file}"'} if file else {}
    return Response(body(), media_type=media_type, headers=kept | named)


def file_name(request: Request, form: str) -> str | None:
    """Returns the name of a workbook for its reader, such as `costs-2025.xlsx`, and None for another form."""
    plain = _UNNAMEABLE.sub("-", request.url.path.strip("/").removesuffix(".xlsx"))
    return f"{plain}.xlsx" if form == "xlsx" else None


def _is_known(tag: str, header: str) -> bool:
    """Returns whether an If-None-Match header names a tag, compared weakly (RFC 9110 sections 8.8.3.2 and 13.1.2)."""
    return header.strip() == "*" or tag in (one.strip().removeprefix("W/") for one in header.split(","))


def in_form(form: str, asked: Reading, found: Answer, address: str, before: Asking | None = None) -> bytes:
    """Returns an answer as JSON, as CSV or as a workbook, which names the address that gives the same answer for ever.

    `before` is the first side of a comparison.
    """
    if form == "json":
        return as_json(asked, found)
    if form == "csv":
        return as_csv(asked, found)
    from exchange.answers import as_workbook

    return as_workbook(asked.asking, found, address, before=before, without=asked.without, words=asked.words)


def as_json(asked: Reading, found: Answer) -> bytes:
    """Returns the bytes that the command line prints with --json."""
    return b"".join(chain.from_iterable(map(json_pieces, found.documents(asked.asking.assumed))))


def as_csv(asked: Reading, found: Answer) -> bytes:
    """Returns the bytes that the command line prints with --csv."""
    if found.rows:
        text = written(found.as_rows())
    else:
        with naming(asked.asking.timeline, asked.asking.on, asked.asking.names):
            text = "".join(map(text_of, found.pieces(asked.asking.assumed, sheet=True)))
    return asked.words(text).encode("utf-8", "backslashreplace")
