"""Answers to questions, as pages, JSON and CSV."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.responses import Response

from presentation.language import speaking
from presentation.phrases import naming, under
from presentation.render.csv import text_of
from presentation.render.json import json_of, json_pieces
from web.desk import etag, language_of, reading
from web.pages import answer_page
from web.questions import QUESTIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from starlette.requests import Request

    from presentation.asking import Answer
    from presentation.blocks import Part
    from web.desk import Reading

FORMS = {"html": "text/html", "json": "application/json", "csv": "text/csv"}
NEVER_STALE = "private, no-cache"  # a name may be disposed of, so no cache may answer without asking


def answering(name: str) -> Callable[[Request], Response]:
    """Returns the handler of a question's address, in each form."""
    question = QUESTIONS[name]

    def handler(request: Request) -> Response:
        form = request.path_params.pop("form", "html")
        if form not in FORMS:
            raise HTTPException(404)
        with speaking(language_of(request)):
            part = question.part if form == "html" else None
            asked = reading(request, (*question.takes, *(question.turns if part else ())))
            kept = kept_headers(request, asked)
            if is_fresh(request, kept):
                return Response(status_code=304, headers=kept)
            found = asked.answer((part or question.ask)(asked.asking, asked.given))
            body = answer_page(request, name, asked, found) if form == "html" else in_form(form, asked, found)
            return Response(body, media_type=FORMS[form], headers=kept)

    return handler


def kept_headers(request: Request, asked: Reading, more: str = "") -> dict[str, str]:
    """Returns the headers by which a browser keeps an answer, and asks each time whether it still holds."""
    return {
        "etag": etag(asked, request.url.path, more),
        "cache-control": NEVER_STALE,
        "vary": "accept-language, cookie",
    }


def is_fresh(request: Request, kept: Mapping[str, str]) -> bool:
    """Returns whether what the reader has of an answer still holds."""
    return kept["etag"] in request.headers.get("if-none-match", "")


def in_form(form: str, asked: Reading, found: Answer) -> bytes:
    """Returns an answer as JSON or CSV."""
    return as_json(asked, found) if form == "json" else as_csv(asked, found)


def as_json(asked: Reading, found: Answer) -> bytes:
    """Returns the bytes that the command line prints with --json."""
    assumed = {"assumed": asked.asking.assumed} if asked.asking.assumed else {}
    if found.lines:
        return b"".join(json_of(found.as_document(one) | assumed) + b"\n" for one in found.found.acts)
    return b"".join(json_pieces(found.as_document(found.found) | assumed))


def as_csv(asked: Reading, found: Answer) -> bytes:
    """Returns the bytes that the command line prints with --csv."""
    if found.csv:
        return asked.words(found.as_csv(excel=False)).encode("utf-8", "backslashreplace")
    with naming(asked.asking.timeline, asked.asking.on, asked.asking.names):
        text = asked.words("".join(map(text_of, pieces(found, asked, sheet=True))))
    return text.encode("utf-8", "backslashreplace")


def pieces(found: Answer, asked: Reading, *, sheet: bool = False) -> Iterator[list[Part]]:
    """Yields the blocks of an answer, and below them the readings that were assumed."""
    laid_out = found.lay_out(sheet=sheet)
    yield from laid_out if found.streamed else [laid_out]
    if asked.asking.assumed:
        yield under(asked.asking.assumed)
