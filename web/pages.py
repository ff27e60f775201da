"""Pages: an answer in its frame, with the time bar over it and the pinned address under it."""

from __future__ import annotations

import re
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from ledger.messages import filled, msg, term
from ledger.proof.note import base64_of
from ledger.proof.tiles import tiled
from ledger.proof.tree import tree_root
from ledger.rules.provisions import PROVISIONS
from ledger.state.agreement import names_of_parties, terms_of_office
from ledger.state.groups import groups
from ledger.state.meetings import meetings
from presentation.json_documents import positions_in
from presentation.language import LANGUAGES, current
from presentation.phrases import naming
from presentation.phrases import parties as parties_shown
from presentation.render.html import Links, head_and_rest, html_of, linking, unlinked
from presentation.words import provision_head, provision_line, visible
from web.charts.table import CHARTS
from web.desk import program
from web.narrowing import fields, label_of, neighbours
from web.papers import calendar_of, papers_of
from web.plane import BOTTOM, HEIGHT, LATE_DAYS, LEFT, RIGHT, TOP, WIDTH, drawn
from web.questions import LISTS, QUESTIONS, UNSTEPPED
from web.record.rights import may_manage, may_work
from web.standpoint import TIMES, in_labels
from web.turning import turns
from web.who import signed_in, who_of

if TYPE_CHECKING:
    from starlette.requests import Request

    from presentation.asking import Answer
    from web.desk import Reading
    from web.plane import Field, Plane
    from web.standpoint import Standpoint

SHOWN = ("today", "agreement", "council", "meetings", "groups", "costs", "findings", "deadlines", "history")
MORE = ("reports", "officials", "registrars", "activities", "attendance", "projects", "settlement", "replay")
ALONE = (*LISTS, "findings", "explain", "search")  # answers that tell findings themselves, or are about none
NOT_KEPT = {"cache-control": "no-store"}
FORMS = {
    "html": "text/html",
    "json": "application/json",
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
DOWNLOADS = tuple(form for form in FORMS if form != "html")
_MEETING = re.compile(r"[a-z0-9-]{0,63}[0-9][a-z0-9-]{0,63}")  # an id with a digit: what a meeting is called
_DAY = re.compile(r"\d{4}(-\d{2}){0,2}")


def _seen(value: object) -> object:
    """Returns what a template writes, with the codes of signs that a reader does not see, as in the tables."""
    return "\n".join(map(visible, value.split("\n"))) if type(value) is str and not value.isascii() else value


@cache
def _environment() -> Environment:
    found = Environment(
        loader=PackageLoader("web"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
        finalize=_seen,
    )  # fmt: skip
    found.globals |= {"msg": msg, "term": term, "LEFT": LEFT, "RIGHT": RIGHT, "TOP": TOP, "BOTTOM": BOTTOM}
    found.filters["unbroken"] = unbroken
    found.globals |= {"WIDTH": WIDTH, "HEIGHT": HEIGHT}
    return found


_UNBROKEN = re.compile(
    r"\d{4}-\d{2}-\d{2}|[a-z]+-\d{4}-\d+|\d{1,2} [a-z]+ \d{4}(?!\d)|"
    r"(?:SEK )?\d[\d\u00a0 ,.]*\d(?:[ \u00a0](?:kr|SEK))|@\d+",
    re.IGNORECASE,
)


def unbroken(text: str) -> Markup:
    """Returns a text as HTML in which no line breaks within a date, an amount, or an id such as srb-2025-1."""
    parts, last = [], 0
    for found in _UNBROKEN.finditer(text):
        parts += [escape(text[last : found.start()]), Markup('<span class="whole">{}</span>').format(found[0])]
        last = found.end()
    return Markup("").join([*parts, escape(text[last:])])


def rendered(template: str, **values: Any) -> str:
    """Returns a template filled in with values, in the current language."""
    return _environment().get_template(template).render(**values)


def frame(request: Request, at: Standpoint, here: str, title: str) -> dict[str, Any]:
    """Returns what the frame of every page shows: its language, its title, and where the navigation leads."""
    path = request.url.path
    pairs = {name: value for name, value in request.query_params.items() if name in TIMES and ".." in value}
    others = [(one, at._replace(lang=one).address(path, **_rest(request) | pairs)) for one in LANGUAGES]
    return {
        "lang": current(),
        "title": title,
        "languages": others,
        "navigation": _places(at, SHOWN),
        "more": [*_places(at, MORE), *([("mine", at.address("/mine"), msg("My acts"))] if who_of(request).by else [])],
        "here": here,
        "at": at,
        "records": at.address("/record") if who_of(request).by else None,
        "signed_in": signed_in(request),
    }


def _places(at: Standpoint, names: tuple[str, ...]) -> list[tuple[str, str, str]]:
    paths = ((name, QUESTIONS[name].path.partition("/{")[0], QUESTIONS[name].title) for name in names)
    return [(name, at.address(path), filled(title, {})) for name, path, title in paths]


def _rest(request: Request) -> dict[str, str]:
    """Returns the parameters of an address beyond those of the standpoint."""
    return {
        name: value for name, value in request.query_params.items() if name not in {"on", "known_at", "lang", "reading"}
    }


def _whole(name: str, request: Request) -> dict[str, str]:
    """Returns the parameters that `_rest` does, without those that only turn the pages of a long list."""
    return {one: value for one, value in _rest(request).items() if one not in QUESTIONS[name].turns}


def answer_page(request: Request, name: str, asked: Reading, found: Answer) -> str:
    """Returns the page of an answer."""
    head, body = laid_out(asked, found)
    said = sentence_of(asked, found) or head or filled(QUESTIONS[name].title, {})
    document = found.as_document(found.found) if not found.streamed else {}
    path = request.url.path
    page = rendered(
        "answer.html",
        **frame(request, asked.at, name, said),
        **bar(request, asked, positions_in(document), steps=name not in UNSTEPPED),
        sentence=said,
        line="" if head == said else head,
        chart=charted(name, asked, found),
        body=body,
        notes=[in_labels(one, label_of) for one in asked.notes],
        forms=[
            (form, asked.at.address(f"{'/today' if path == '/' else path}.{form}", **_whole(name, request)))
            for form in DOWNLOADS
        ],
        papers=[*papers_of(name, asked, found.found), *calendar_of(name, asked)],
        fields=fields(name, asked, found.found),
        neighbours=[*neighbours(name, asked, _rest(request))],
        standing=asked.at.standing(),
        turns=turns(path, asked, found.found, _rest(request)),
        beside=None if name in LISTS else asked.at.address(f"/beside{path}", **_rest(request)),
        aside=name not in ALONE,
        leads=_leads(request, asked, name),
        **foot(asked),
    )
    return asked.words(page)


def _leads(request: Request, asked: Reading, name: str) -> list[tuple[str, str]]:
    """Returns (words, address) of where what an answer is about is recorded, for whoever may record it."""
    who, at = who_of(request), asked.at
    if name == "meetings" and may_work(who):
        return [(msg("Call a meeting"), at.address("/meetings/new/work"))]
    if name == "meeting" and may_work(who):
        return [(msg("The meeting's workbench"), at.address(f"/meetings/{asked.given.path['meeting']}/work"))]
    if name == "registrars" and may_manage(who):
        return [(msg("Authorise and release"), at.address("/registrars/manage"))]
    return []


def laid_out(asked: Reading, found: Answer) -> tuple[str, Markup]:
    """Returns the first line of an answer, and the rest of it as HTML. The line is empty if a table comes first."""
    with naming(asked.asking.timeline, asked.asking.on, asked.asking.names), linking():
        parts = [*chain.from_iterable(found.pieces(asked.asking.assumed))]
    said, rest = head_and_rest(parts)
    return said, Markup(html_of(rest, links(asked)))  # noqa: S704 - html_of escapes every text


def sentence_of(asked: Reading, found: Answer) -> str:
    """Returns an answer in one sentence, or an empty text if it has none but its title."""
    with naming(asked.asking.timeline, asked.asking.on, asked.asking.names), linking():
        return unlinked(found.say() or "")


def charted(name: str, asked: Reading, found: Answer) -> Markup:
    """Returns the chart of an answer as HTML, or nothing for a question without one, and where nothing is to draw."""
    chart = CHARTS.get(name)
    if chart is None or asked.given.text("party"):  # the account of one: the table of the charts' figures is not there
        return Markup("")
    with naming(asked.asking.timeline, asked.asking.on, asked.asking.names):
        drawing = chart.of(asked.asking, found.found)
        text = rendered(chart.template, chart=drawing, at=asked.at) if drawing else ""
    return Markup(text)  # noqa: S704 - the template escapes every text


def foot(asked: Reading) -> dict[str, Any]:
    """Returns what the foot of an answer shows: the entries that it knows, their root in base64, and the program."""
    root = base64_of(tree_root(asked.head, tiled(asked.ledger.store.tile)))
    return {"head": asked.head, "root": root, "program": program()}


def links(asked: Reading) -> Links:
    """Returns where what an answer names leads to, each seen from where its reader stands."""
    at, timeline = asked.at, asked.asking.timeline
    parties = names_of_parties(timeline, asked.asking.on)
    shown = parties_shown(lambda: parties)
    places = {text: f"/party/{party}" for party, name in parties.items() for text in (party, name, shown(party))}
    places |= {group: f"/groups/{group}" for group in groups(timeline)}
    named = (provision_line, provision_head)
    provisions = {name(slug, None): slug for slug in PROVISIONS for name in named}

    def exact(text: str) -> str | None:
        if text in places:
            return at.address(places[text])
        if _MEETING.fullmatch(text) and not _DAY.fullmatch(text) and text in meetings(timeline):
            return at.address(f"/meetings/{text}")
        return provision(text.rpartition(" (")[0])  # a heading: the provision with its section

    def provision(text: str) -> str | None:
        return at.address(f"/explain/{provisions[text]}") if text in provisions else None

    return Links(
        entry=lambda position: at.address(f"/entry/{position}"),
        person=lambda person: at.address(f"/person/{person}"),
        exact=exact,
        provision=provision,
    )


def bar(request: Request, asked: Reading, behind: set[int], *, steps: bool) -> dict[str, Any]:
    """Returns what the time bar shows: the day and the entries known, where its steps lead, and the plane. Without
    `steps`, there are none to the days on which the answer changes.
    """
    at, on, head, last = asked.at, asked.asking.on, asked.head, asked.whole.head
    path, rest = request.url.path, _rest(request)
    field = request.app.state.marks.field(asked.whole, on)
    other = f"/step{path}"
    return {
        "entry_address": at.address("/entry/N").split("N", 1),  # made once: there are up to 1,500 dots
        "plane": _plane(asked, field, behind) if field else None,
        "on": on,
        "today": asked.given.today,
        "path": path,
        "hidden": [*rest.items(), *at.hidden()],
        "known": head,
        "last": last,
        "follows": at.known_text is None,
        "moment": asked.asking.timeline.at(head).recorded_at if head else None,
        "day_before": at.address(other, **rest, step="before") if steps else None,
        "day_after": at.address(other, **rest, step="after") if steps else None,
        "entry_before": at.address(path, **rest | {"known_at": f"@{head - 1}"}) if head else None,
        "entry_after": at.address(path, **rest | {"known_at": f"@{head + 1}"}) if head < last else None,
        "paper": at.address("/paper.css", lang=current()),
        "self_address": at.address(path, **rest),
        "now": at._replace(on=None, known_at=None, known_text=None).address(path, **rest),
        "pinned": asked.pinned(path),
        "compared": _compared(asked),
        "late_days": LATE_DAYS,
        "typed": {},
        "faults": {},
    }  # fmt: skip


def _compared(asked: Reading) -> str:
    """Returns the address of what differs between the moment of the answer and now or, of an answer that follows the
    log, between its day and today; for an answer of today that follows the log, of the form that asks for two days.
    """
    on, today = asked.asking.on, asked.given.today
    if asked.at.known_text is not None:
        return asked.at.address("/diff", on=on, known_at=f"@{asked.head}..now")
    return asked.at.address("/diff", on=None if on == today else f"{min(on, today)}..{max(on, today)}")


def _plane(asked: Reading, field: Field, behind: set[int]) -> Plane:
    timeline, on = asked.asking.timeline, asked.asking.on
    return drawn(
        field,
        head=asked.head,
        on=on,
        annulled=timeline.annulled_by,
        behind=behind,
        terms=terms_of_office(timeline, field.marks[0].first, on),
    )
