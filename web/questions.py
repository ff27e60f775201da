"""The addresses that answer questions: which question each asks, and with which of its parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from ledger.errors import BadInput
from ledger.messages import marked, msg
from ledger.values import EARLIEST, LATEST, quoted
from presentation import asking
from presentation.parameters import days_given, half_year_given
from projections.explain import unknown
from web.spoken import spoken_day

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from presentation.asking import Answer, Asking


DAYS = ("until", "since", "ends_on")  # the parameters that are a day
SPANS = ("recorded",)  # and those that are two, as A..B


class Given(NamedTuple):
    """What an address gives beyond the standpoint: the values of its path and of its query, and today's day."""

    path: Mapping[str, str]
    query: Mapping[str, Sequence[str]]
    today: date

    def text(self, name: str) -> str | None:
        """Returns a parameter as text. An empty one counts as left out, since forms send empty fields."""
        return (self.query.get(name) or ("",))[0] or None

    def flag(self, name: str) -> bool:
        """Returns whether a parameter is 1. Raises BadInput for anything but 1 and 0."""
        given = self.text(name)
        if given not in {None, "0", "1"}:
            raise BadInput([(None, msg("{name}: {value} is neither 1 nor 0", name=name, value=quoted(given)))])
        return given == "1"

    def day(self, name: str) -> date | None:
        """Returns a parameter as a day; raises BadInput for any other text."""
        given = self.text(name)
        return None if given is None else spoken_day(given, self.today, name)

    def days(self, name: str) -> str | None:
        """Returns a parameter of the form A..B, A.., ..B or A, with its days in figures; raises BadInput for none."""
        given = self.text(name)
        if given is None or not given.strip("."):
            return given
        sides = given.split("..", 1)
        return "..".join(str(spoken_day(one, self.today, name)) if one.strip() else "" for one in sides)

    def resolved(self) -> dict[str, str | None]:
        """Returns the parameters of the question itself, each day in figures, so that no calendar changes them."""
        plain = {name: self.text(name) for name in self.query if name not in {"on", "known_at", "reading", "lang"}}
        days = {name: str(self.day(name)) for name in DAYS if plain.get(name)}
        return plain | days | {name: self.days(name) for name in SPANS if name in plain}

    def number(self, name: str, least: int, most: int) -> int | None:
        """Returns a parameter, or a part of the path, as a whole number; raises BadInput for any other text."""
        given = self.path.get(name) or self.text(name)
        if given is None:
            return None
        if not (given.isascii() and given.isdecimal() and len(given) <= len(str(most)) and least <= int(given) <= most):
            what = msg(
                "{name}: {value} is not a number from {least} to {most}",
                name=name, value=quoted(given), least=least, most=most,
            )  # fmt: skip
            raise BadInput([(None, what)])
        return int(given)

    def year(self) -> int | None:
        """Returns the year of the path or of the query; raises BadInput for any other text."""
        return self.number("year", EARLIEST.year, LATEST.year)


class Question(NamedTuple):
    """A question at an address. `takes` are the parameters of its query, and `section` is the section of a diff that
    says what changed in the answer, or None. Of an answer that is a long list, a page shows a part: `part` asks for it,
    with the further parameters `turns`.
    """

    path: str
    title: str
    ask: Callable[[Asking, Given], Answer]
    takes: tuple[str, ...] = ()
    section: str | None = None
    part: Callable[[Asking, Given], Answer] | None = None
    turns: tuple[str, ...] = ()


# The answers that are long lists, beside which nothing stands, and the answers of which no day of a change is sought.
LISTS = ("history", "replay")
UNSTEPPED = (*LISTS, "search")
MOST_ENTRIES, MOST_ACTS = 200, 50  # that a page of them shows


def year_asked(asked: Asking, given: Given) -> int:
    """Returns the year of the path or of the query, or that of the day asked about."""
    return given.year() or asked.on.year


def half_asked(asked: Asking, given: Given) -> str:
    """Returns the half-year of the path, or that of the day asked about."""
    return half_year_given(given.path.get("half") or f"{asked.on.year}H{1 + (asked.on.month > 6)}")


def _costs(asked: Asking, given: Given) -> Answer:
    return asking.costs(asked, year_asked(asked, given), party=given.text("party"), explained=given.flag("explain"))


def _findings(asked: Asking, given: Given) -> Answer:
    return asking.findings(
        asked,
        all_verdicts=given.flag("all"),
        provision=given.text("provision"),
        subject=given.text("subject"),
        since=given.day("since"),
    )


def _explain(asked: Asking, given: Given) -> Answer:
    slug = given.path["slug"]
    if problem := unknown(slug, None):
        raise asking.NoSuch([(None, problem)])
    return asking.explain(asked, slug, subject=given.text("subject"))


def _narrowed(asked: Asking, given: Given) -> dict[str, Any]:
    return {
        "about": given.text("about"),
        "event": given.text("event"),
        "by": given.text("by"),
        "recorded": days_given(given.days("recorded"), given.today, "recorded"),
        "late": given.number("late", 0, 99_999),
        "on": asked.on if "on" in given.query else None,
    }


def _history(asked: Asking, given: Given) -> Answer:
    return asking.history(asked, **_narrowed(asked, given))


def _part_of_history(asked: Asking, given: Given) -> Answer:
    after = given.number("after", 0, 999_999_999) or 0
    return asking.part_of_history(asked, after, MOST_ENTRIES, **_narrowed(asked, given))


def _replay(asked: Asking, given: Given) -> Answer:
    return asking.replay(asked, given.text("from"), given.text("to"), every=given.flag("all"))


def _part_of_replay(asked: Asking, given: Given) -> Answer:
    return asking.part_of_replay(asked, given.text("from"), given.text("to"), MOST_ACTS, every=given.flag("all"))


def _settlement(asked: Asking, given: Given) -> Answer:
    return asking.settlement(asked, if_withdraws=given.text("if_withdraws"), ends_on=given.day("ends_on"))


QUESTIONS: Mapping[str, Question] = {
    "today": Question("/today", marked("Today"), lambda asked, _: asking.today(asked)),
    "agreement": Question(
        "/agreement", marked("Agreement"), lambda asked, _: asking.agreement(asked), section="agreement"
    ),
    "council": Question("/council", marked("Body"), lambda asked, _: asking.council(asked), section="council"),
    "meetings": Question(
        "/meetings",
        marked("Meetings"),
        lambda asked, given: asking.meetings(asked, given.year()),
        ("year",),
        section="meetings",
    ),
    "meeting": Question(
        "/meetings/{meeting}", marked("Meeting"), lambda asked, given: asking.meeting(asked, given.path["meeting"])
    ),
    "groups": Question("/groups", marked("Groups"), lambda asked, _: asking.groups(asked), section="groups"),
    "group": Question(
        "/groups/{group}", marked("Group"), lambda asked, given: asking.group(asked, given.path["group"])
    ),
    "reports": Question(
        "/reports/{half}",
        marked("Reports"),
        lambda asked, given: asking.reports(asked, half_asked(asked, given)),
        section="reports",
    ),
    "costs": Question("/costs/{year}", marked("Costs"), _costs, ("party", "explain"), section="costs"),
    "settlement": Question("/settlement", marked("Settlement"), _settlement, ("if_withdraws", "ends_on")),
    "officials": Question(
        "/officials", marked("Officials"), lambda asked, _: asking.officials(asked), section="officials"
    ),
    "registrars": Question("/registrars", marked("Registrars"), lambda asked, _: asking.registrars(asked)),
    "activities": Question(
        "/activities", marked("Activities"), lambda asked, _: asking.activities(asked), section="activities"
    ),
    "attendance": Question(
        "/attendance/{half}",
        marked("Attendance"),
        lambda asked, given: asking.attendance(asked, half_asked(asked, given)),
    ),
    "projects": Question("/projects", marked("Projects"), lambda asked, _: asking.projects(asked)),
    "findings": Question("/findings", marked("Findings"), _findings, ("all", "provision", "subject", "since")),
    "explain": Question(
        "/explain/{slug}",
        marked("Provisions"),
        _explain,
        ("subject",),
    ),
    "deadlines": Question(
        "/deadlines",
        marked("Deadlines"),
        lambda asked, given: asking.deadlines(asked, until=given.day("until")),
        ("until",),
    ),
    "search": Question(
        "/search", marked("Search"), lambda asked, given: asking.search(asked, given.text("q") or ""), ("q",)
    ),
    "person": Question("/person/{who}", marked("Person"), lambda asked, given: asking.person(asked, given.path["who"])),
    "party": Question("/party/{which}", marked("Party"), lambda asked, given: asking.party(asked, given.path["which"])),
    "history": Question(
        "/history",
        marked("History"),
        _history,
        ("about", "event", "by", "recorded", "late"),
        part=_part_of_history,
        turns=("after",),
    ),
    "replay": Question("/replay", marked("Replay"), _replay, ("from", "to", "all"), part=_part_of_replay),
}
