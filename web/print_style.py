"""What stands at the foot of every printed page: the day, the moment and the number of the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.messages import msg
from presentation.language import speaking
from web.answers import answered
from web.desk import language_of, reading

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

SHEET = """@page {{
  margin: 16mm 16mm 20mm;
  @bottom-left {{ font: 8pt sans-serif; color: #555; content: "Liggare · {said}" }}
  @bottom-right {{ font: 8pt sans-serif; color: #555; content: counter(page) " / " counter(pages) }}
}}
"""  # CSS Paged Media Module Level 3, margin boxes


def print_style(request: Request) -> Response:
    """Answers with the style sheet for printing the pages that are seen from the address's day and moment."""
    with speaking(language_of(request)):
        asked = reading(request)
        said = msg("{on:long}, as known from the first {known:entry|entries}", on=asked.asking.on, known=asked.head)
        sheet = SHEET.format(said=said.replace("\\", "").replace('"', ""))
        return answered(request, asked, "text/css", lambda: sheet)
