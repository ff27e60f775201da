"""What stands beside an answer and comes after it: what later entries change in the answer, and the findings of the
day that are about it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from ledger.messages import msg
from ledger.passages import passages
from ledger.state.meetings import meetings
from presentation.diff import changed
from presentation.explain import place_of
from presentation.findings import ROLES, finding_row
from presentation.language import speaking
from presentation.phrases import naming
from presentation.render.html import html_of, linking
from presentation.words import provision_line, sentence
from projections.diff import diff
from projections.explain import text_of
from projections.findings import Wanted, findings
from web.answers import answered
from web.desk import language_of, reading
from web.pages import frame, links, rendered
from web.questions import QUESTIONS

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request
    from starlette.responses import Response

    from ledger.rules.finding import Finding
    from ledger.timeline import Timeline
    from presentation.render.html import Links
    from web.desk import Reading

MOST = 12  # findings shown beside an answer
ABOUT = {  # question → the kinds of subjects whose findings stand beside the answer
    "agreement": ("agreement", "version", "party"),
    "council": ("body", "seat", "post", "person", "term"),
    "meetings": ("meeting", "request", "recommendation"),
    "groups": ("group",),
    "reports": ("group",),
    "costs": ("claim", "commitment", "year"),
    "settlement": ("claim", "commitment", "year", "agreement"),
    "officials": ("group", "post", "body"),
    "registrars": ("registrar",),
    "activities": ("activity",),
    "attendance": ("meeting",),
    "projects": ("project", "commitment"),
}
PAGES_OF = {  # kind of a subject → the address of what its first part names
    "meeting": "/meetings/", "group": "/groups/", "person": "/person/", "party": "/party/", "claim": "/party/",
}  # fmt: skip
OF_ONE = {  # question about one subject → the part of its address that names it, and the kinds of subjects about it
    "person": ("who", ("person",)),
    "party": ("which", ("party", "seat")),
    "meeting": ("meeting", ("meeting",)),
    "group": ("group", ("group",)),
}


def beside(name: str) -> Callable[[Request], Response]:
    """Returns the handler of the address beside a question's."""
    question = QUESTIONS[name]

    def handler(request: Request) -> Response:
        with speaking(language_of(request)):
            asked = reading(request, question.takes)
            return answered(request, asked, "text/html", lambda: _page(request, asked, name))

    return handler


def _page(request: Request, asked: Reading, name: str) -> str:
    page = rendered(
        "beside.html",
        **frame(request, asked.at, name, msg("Beside the answer")),
        back=asked.at.address(request.url.path.removeprefix("/beside")),
        changes=_changes(asked, name),
        findings=_findings(asked, name),
        every=asked.at.address("/findings"),
    )
    return asked.words(page)


def _changes(asked: Reading, name: str) -> dict[str, Any] | None:
    """Returns what the entries since have changed in the answer: sentences, and how many entries made the changes.

    None if nothing has come since. An answer without a section of its own is only said to be another.
    """
    section, now = QUESTIONS[name].section, asked.whole.under(asked.asking.assumed)
    if asked.head == asked.whole.head:
        return None
    if section is None:
        before, after = (_document(asked, name, one) for one in (asked.asking.timeline, now))
        return {"said": [], "entries": None, "other": before != after}
    on, names = asked.asking.on, asked.asking.names()
    with naming(now, on, asked.asking.names), linking():
        [found] = asked.without(diff(asked.asking.timeline, now, (on, on), names, [section])).sections
        said = [changed(one.before, one.after, None) for one in found.changes]
    entries = {entry for one in found.changes for entry in one.entries if entry > asked.head}
    to = links(asked)
    return {
        "said": [_html(one, to) for one in said],
        "entries": [(entry, asked.at.address(f"/entry/{entry}", known_at=None)) for entry in sorted(entries)],
        "other": bool(said),
    }


def _document(asked: Reading, name: str, timeline: Timeline) -> dict[str, Any]:
    """Returns what an answer from a timeline says, but for the entries that it knows."""
    asking = asked.asking._replace(timeline=timeline, recorded=timeline, warn=lambda _: None)
    found = asked.answer(QUESTIONS[name].ask(asking, asked.given))
    return {**found.as_document(found.found), "known_at": None}


def _findings(asked: Reading, name: str) -> dict[str, Any]:
    """Returns the breaches of the day that are about the answer's subjects, and the number of further ones."""
    timeline, on = asked.asking.timeline, asked.asking.on
    found = asked.without(findings(timeline, on, Wanted(), asked.asking.names())).findings
    about = sorted((one for one in found if _is_about(one, name, asked)), key=lambda one: one.advisory)
    with naming(timeline, on, asked.asking.names), linking():
        to = links(asked)
        shown = [_shown(one, asked, to) for one in about[:MOST]]
    return {"shown": shown, "more": len(about) - len(shown), "elsewhere": len(found) - len(about)}


def _is_about(one: Finding, name: str, asked: Reading) -> bool:
    """Returns whether a finding is about what the answer to a question is about."""
    kind, _, which = (one.subject or "body:body").partition(":")
    if name in OF_ONE:
        part, kinds = OF_ONE[name]
        return kind in kinds and which.partition("/")[0] == asked.given.path[part]
    if party := asked.given.text("party"):  # an account: the claims of others are not about it
        return kind in ABOUT[name] and (kind != "claim" or which.partition("/")[0] == party)
    if name == "meetings" and kind in ABOUT[name]:
        meeting = meetings(asked.asking.timeline).get(which) if kind == "meeting" else None
        day = (meeting.day if meeting else None) or one.since
        return day is None or day.year == (asked.given.year() or asked.asking.on.year)
    return name not in ABOUT or kind in ABOUT[name]


def _shown(one: Finding, asked: Reading, to: Links) -> dict[str, Any]:
    kind, _, which = (one.subject or "").partition(":")
    quoted = passages(text_of(asked.asking.timeline, asked.asking.on), one.provision)
    verdict, since, _ = finding_row(one)
    return {
        "about": f"{PAGES_OF[kind]}{which.partition('/')[0]}" if kind in PAGES_OF else None,
        "role": "advisory" if one.advisory else ROLES[one.verdict],
        "verdict": str(verdict),
        "since": str(since),
        "said": _html(sentence(one), to),
        "provision": provision_line(one.provision, one.section),
        "explained": asked.at.address(f"/explain/{one.provision}", subject=one.subject),
        "entries": [(entry, asked.at.address(f"/entry/{entry}")) for entry in one.entries],
        "readings": dict(one.readings),
        "quoted": [(place_of(passage), passage.text) for passage in quoted],
    }


def _html(text: str, to: Links) -> Markup:
    return Markup(html_of([text], to))  # noqa: S704 - html_of escapes every text
