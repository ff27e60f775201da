"""The differences between two days, or between two moments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException

from ledger.errors import BadInput
from ledger.messages import msg
from presentation import asking
from presentation.language import current, speaking
from web.answers import FORMS, answered, in_form
from web.desk import language_of, reading_at
from web.pages import foot, frame, laid_out, rendered
from web.standpoint import parameters

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from starlette.requests import Request
    from starlette.responses import Response

    from ledger.timeline import Timeline
    from presentation.asking import Answer
    from web.desk import Reading


def comparison(request: Request) -> Response:
    """Answers with the differences between A and B of `on=A..B`, or of `known_at=A..B`, in each form."""
    form = request.path_params.pop("form", "html")
    if form not in FORMS:
        raise HTTPException(404)
    with speaking(language_of(request)):
        query = parameters(request, ("all",))
        whole = request.app.state.ledger.timeline()  # for both sides: an entry that comes now is no difference
        first, last = (_side(request, query, side, whole) for side in (0, -1))

        def body() -> str | bytes:
            found = last.answer(asking.diff((first.asking, last.asking), every=last.given.flag("all")))
            return last.words(_page(request, first, last, found)) if form == "html" else in_form(form, last, found)

        return answered(request, last, FORMS[form], body, f"{first.asking.on} {first.head}")


def _side(request: Request, query: Mapping[str, Sequence[str]], side: int, whole: Timeline) -> Reading:
    """Returns what one side of a comparison asks. An empty side, and `now`, stand for today, or for all entries."""
    pairs = {name: (query.get(name) or [""])[0].split("..") for name in ("on", "known_at")}
    if {len(pair) for pair in pairs.values()} != {1, 2}:
        raise BadInput([(None, msg("give either --on A..B or --known-at A..B: two days, or two moments"))])
    own = {**query, **{name: [_or_now(pair[side])] for name, pair in pairs.items()}}
    return reading_at(request, own, query, whole)


def _or_now(text: str) -> str:
    return "" if text == "now" else text


def _page(request: Request, first: Reading, last: Reading, found: Answer) -> str:
    (said, body), path = laid_out(last, found), request.url.path
    pair = {"on": f"{first.asking.on}..{last.asking.on}", "known_at": f"@{last.head}"}
    if ".." in last.given.query.get("known_at", [""])[0]:
        pair = {"on": str(last.asking.on), "known_at": f"@{first.head}..@{last.head}"}
    query = {name: values[0] for name, values in last.given.query.items() if name not in {"reading", "lang"}}
    return rendered(
        "comparison.html",
        **frame(request, last.at, "diff", said),
        sentence=said,
        body=body,
        pair=pair,
        hidden=last.at.hidden(),
        path=path,
        pinned=last.at.address(path, **pair | {"lang": current()}),
        forms=[(form, last.at.address(f"{path}.{form}", **query)) for form in ("json", "csv")],
        **foot(last),
    )
