"""The differences between two days, or between two moments, and the form that asks for them."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, RedirectResponse

from ledger.errors import BadInput
from ledger.messages import msg
from presentation import asking
from presentation.language import current, speaking
from web.answers import NEVER_STALE, answered, file_name, in_form
from web.desk import language_of, reading_at
from web.faults import faults_of, head_of
from web.narrowing import SIDES as LABELS
from web.pages import DOWNLOADS, FORMS, NOT_KEPT, foot, frame, laid_out, rendered
from web.standpoint import EVERYWHERE, Standpoint, parameters, without_times

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from starlette.requests import Request
    from starlette.responses import Response

    from ledger.timeline import Timeline
    from presentation.asking import Answer
    from web.desk import Reading

SIDES = (*LABELS,)
Query = dict[str, list[str]]
_TIME = re.compile(r"(on|known_at): ")


def comparison(request: Request) -> Response:
    """Answers with the differences between A and B of `on=A..B`, or of `known_at=A..B`, in each form.

    The fields of the page's form lead to that address. Without either, the page is the form alone.
    """
    form = request.path_params.pop("form", "html")
    if form not in FORMS:
        raise HTTPException(404)
    with speaking(language_of(request)):
        if form != "html":
            return _compared(request, form, parameters(request, ("all",)))
        typed = _typed(request)
        try:
            query = parameters(request, ("all", *SIDES))
            if any(name in query for name in SIDES):
                to = Standpoint().address("/diff", **_address(query))
                return RedirectResponse(to, HTTPStatus.SEE_OTHER, {"cache-control": NEVER_STALE})
            return _compared(request, form, query) if {"on", "known_at"} & query.keys() else _empty(request, typed)
        except BadInput as error:
            return _refused(request, typed, error)


def _address(query: Mapping[str, Sequence[str]]) -> dict[str, object]:
    """Returns the parameters `on` and `known_at` that the fields of the form stand for, beside the others."""
    days, moments = (tuple(query.get(one, [""])[0].strip() for one in pair) for pair in (SIDES[:2], SIDES[2:]))
    spans = [len({*pair}) > 1 for pair in (days, moments)]
    if all(spans):  # a field left empty is the same as the one beside it, where the other two differ
        days, moments = (tuple(one or pair[1 - place] for place, one in enumerate(pair)) for pair in (days, moments))
    plain = {name: values for name, values in query.items() if name not in SIDES}
    return {**plain, "on": _side_by_side(days), "known_at": _side_by_side(moments)}


def _side_by_side(pair: tuple[str, ...]) -> str:
    return pair[0] if pair[0] == pair[1] else "..".join(pair)


def _typed(request: Request) -> dict[str, str]:
    """Returns what stands in the fields of the form, from its own parameters or from `on` and `known_at`."""
    given = request.query_params
    pairs = {name: given.get(name, "").split("..", 1) for name in ("on", "known_at")}
    both = [*pairs["on"][:1], *pairs["on"][-1:], *pairs["known_at"][:1], *pairs["known_at"][-1:]]
    return {side: given.get(side, old) for side, old in zip(SIDES, both, strict=True)}


def _compared(request: Request, form: str, query: Query) -> Response:
    whole = request.app.state.ledger.timeline()  # for both sides: an entry that comes now is no difference
    first, last = (_side(request, query, side, whole) for side in (0, -1))

    def body() -> str | bytes:
        found = last.answer(asking.diff((first.asking, last.asking), every=last.given.flag("all")))
        if form == "html":
            return last.words(_page(request, first, last, found))
        return in_form(form, last, found, _pinned(request.url.path, first, last), first.asking)

    more = f"{first.asking.on} {first.head}"
    return answered(request, last, FORMS[form], body, more, file=file_name(request, form))


def _side(request: Request, query: Mapping[str, Sequence[str]], side: int, whole: Timeline) -> Reading:
    """Returns what one side of a comparison asks. An empty side, and `now`, stand for today, or for all entries."""
    pairs = {name: (query.get(name) or [""])[0].split("..") for name in ("on", "known_at")}
    if {len(pair) for pair in pairs.values()} != {1, 2}:
        raise BadInput([(None, msg("write two days or two moments: not both, and not neither"))])
    own = {**query, **{name: [_or_now(pair[side])] for name, pair in pairs.items()}}
    try:
        return reading_at(request, own, query, whole)
    except BadInput as error:
        end = "_first" if side == 0 else "_last"
        raise BadInput((where, _TIME.sub(rf"\1{end}: ", what, count=1)) for where, what in error.errors) from None


def _or_now(text: str) -> str:
    return "" if text == "now" else text


def _hidden(request: Request) -> list[tuple[str, str]]:
    """Returns the parameters that the form sends on beside its fields."""
    return [(name, value) for name, value in request.query_params.multi_items() if name in {"lang", "reading", "all"}]


def _empty(request: Request, typed: Mapping[str, str]) -> Response:
    said = msg("Compare two days, or two moments")
    return HTMLResponse(_form(request, typed, said, [], {}), headers={"cache-control": NEVER_STALE})


def _refused(request: Request, typed: Mapping[str, str], error: BadInput) -> Response:
    told = faults_of(error)
    wrong = {one.name: one.said for one in told if one.name is not None}
    page = _form(request, typed, head_of(HTTPStatus.BAD_REQUEST), told, wrong)
    return HTMLResponse(page, HTTPStatus.BAD_REQUEST, NOT_KEPT)


def _form(request: Request, typed: Mapping[str, str], title: str, told: Sequence[Any], wrong: Mapping[str, str]) -> str:
    at = without_times(request)
    return rendered(
        "compare.html",
        **frame(request, at, "diff", title),
        told=told,
        typed=typed,
        faults=wrong,
        ids={one: one for one in SIDES},
        hidden=_hidden(request),
        path="/diff",
    )


def _are_moments(last: Reading) -> bool:
    return ".." in last.given.query.get("known_at", [""])[0]


def _pinned(path: str, first: Reading, last: Reading) -> str:
    """Returns the address that gives the same comparison for ever."""
    pair = {"on": f"{first.asking.on}..{last.asking.on}", "known_at": f"@{last.head}"}
    if _are_moments(last):
        pair = {"on": str(last.asking.on), "known_at": f"@{first.head}..@{last.head}"}
    query = {name: values[0] for name, values in last.given.query.items() if name not in EVERYWHERE}
    return last.at.address(path, **query | pair | {"lang": current()})


def _page(request: Request, first: Reading, last: Reading, found: Answer) -> str:
    (said, body), path = laid_out(last, found), request.url.path
    here = {name: values[0] for name, values in last.given.query.items() if name not in {"reading", "lang"}}
    known = (
        "" if not _are_moments(last) and last.at.known_text is None else f"@{first.head}",
        last.at.known_text and f"@{last.head}",
    )
    days = (msg("{day:long}", day=one.asking.on) for one in (first, last))
    return rendered(
        "comparison.html",
        **frame(request, last.at, "diff", said),
        sentence=said,
        body=body,
        typed=dict(zip(SIDES, (*days, *(one or "" for one in known)), strict=True)),
        faults={},
        hidden=_hidden(request),
        path=path,
        pinned=_pinned(path, first, last),
        forms=[(form, last.at.address(f"{path}.{form}", **here)) for form in DOWNLOADS],
        papers=[],
        **foot(last),
    )
