"""Generates the body's meetings: prepared, called and held with 27 members, with their items, recommendations, answers
and minutes.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from cli.story.cast import PARTIES

if TYPE_CHECKING:
    from bench.story.body import Body
    from bench.story.diary import Diary

MONTHS = (2, 3, 4, 5, 6, 9, 10, 11, 12)
TOPICS = (
    "regional-development-strategy",
    "transport-infrastructure-plan",
    "culture-plan",
    "public-transport-programme",
    "local-care",
    "eu-matters",
)
ITEMS = 8
RECOMMENDED = (4, 5, 6)  # Agenda items 4, 5 and 6 end in a recommendation.
CONCERNED = ("Länsstyrelsen i Västmanlands län", "Mälardalsrådet")


class Meetings:
    """Generates meetings, each with everything that follows from it."""

    def __init__(self, diary: Diary, body: Body) -> None:
        self._diary = diary
        self._body = body

    def day_in(self, year: int, month: int) -> date:
        """Returns the first Thursday from the 12th of the month on."""
        middle = date(year, month, 12)
        return middle + timedelta(days=(3 - middle.weekday()) % 7)

    def hold(self, on: date) -> str:
        """Generates a meeting from its preparation to the parties' answers, and returns its id. About one meeting in
        twenty is called too late, and about one in twenty was requested by members.
        """
        tell, chance = self._diary.tell, self._diary.random.random
        meeting = self._diary.new_id("m")
        called_on = on - timedelta(days=10 if chance() < 0.05 else 21)
        for item in RECOMMENDED:
            tell("proposal-prepared", called_on - timedelta(days=3), "management-group", meeting=meeting, item=item)
        requests = [self._request(called_on)] if chance() < 0.05 else None
        tell(
            "meeting-called",
            called_on,
            "chair",
            meeting=meeting,
            meets_on=on.isoformat(),
            place="Regionhuset, Västerås",
            called_by=self._body.chair,
            agenda=[_item(number) for number in range(1, ITEMS + 1)],
            documents=[{"title": f"Underlag {number}"} for number in RECOMMENDED],
            requests=requests,
        )
        adjuster = self._diary.random.choice(self._body.members[:20])
        tell(
            "meeting-held",
            on,
            "body",
            meeting=meeting,
            chaired_by=self._body.chair,
            adjuster=adjuster,
            present=self._body.members,
            remote=self._body.members[:3],
            experts=self._body.experts[:2],
        )
        for item in range(1, ITEMS + 1):
            outcome = "decided" if item in RECOMMENDED else "noted"
            tell("item-handled", on, "body", meeting=meeting, item=item, outcome=outcome, text="Ordföranden redogör.")
        for item in RECOMMENDED:
            self._recommend(meeting, item, on)
        self._keep_minutes(meeting, adjuster, on)
        return meeting

    def cancel_one(self, on: date) -> None:
        """Generates a meeting that is called, moved to another day and finally cancelled."""
        tell, meeting = self._diary.tell, self._diary.new_id("m")
        called: dict[str, Any] = {"place": "Stadshuset, Västerås", "called_by": self._body.chair, "agenda": [_item(1)]}
        meets_on, moved_to = on + timedelta(days=21), on + timedelta(days=35)
        tell("meeting-called", on, "chair", meeting=meeting, meets_on=meets_on.isoformat(), **called)
        moved_on, cancelled_on = on + timedelta(days=3), on + timedelta(days=10)
        tell("meeting-moved", moved_on, "chair", meeting=meeting, meets_on=moved_to.isoformat())
        tell("meeting-cancelled", cancelled_on, "chair", meeting=meeting, reason="too few matters")

    def _request(self, on: date) -> str:
        request = self._diary.new_id("request-")
        by = self._body.members[:10]
        self._diary.tell("meeting-requested", on, "body", request=request, by=by, matter="the train timetable")
        return request

    def _recommend(self, meeting: str, item: int, on: date) -> None:
        tell, random = self._diary.tell, self._diary.random
        recommendation = self._diary.new_id("r")
        consensus = random.random() < 0.9
        tell(
            "recommendation-made",
            on,
            "body",
            recommendation=recommendation,
            meeting=meeting,
            item=item,
            text="Parterna rekommenderas att ställa sig bakom förslaget och att avsätta medel för genomförandet.",
            addressees=list(PARTIES),
            consensus=consensus,
            dissent=None if consensus else self._body.members[12:14],
        )
        for party in PARTIES:
            answered_on = on + timedelta(days=random.randint(30, 120))
            answer = random.choice(("accepted", "accepted", "accepted", "modified", "declined"))
            tell(
                "recommendation-answered",
                answered_on,
                "executive-board",
                recommendation=recommendation,
                party=party,
                answer=answer,
            )

    def _keep_minutes(self, meeting: str, adjuster: str, on: date) -> None:
        tell, signer = self._diary.tell, self._body.chair
        if self._diary.random.random() < 0.02:
            signer = self._body.vice_chair
            tell("minutes-duty-moved", on + timedelta(days=3), "body", meeting=meeting, duty="signing", to=signer)
        tell("minutes-signed", on + timedelta(days=7), "chair", meeting=meeting, by=signer)
        tell("minutes-adjusted", on + timedelta(days=10), "official", meeting=meeting, by=adjuster)
        recipients = [*PARTIES, *CONCERNED]
        tell("minutes-dispatched", on + timedelta(days=12), "secretariat", meeting=meeting, to=recipients)


def _item(number: int) -> dict[str, Any]:
    item: dict[str, Any] = {"number": number, "title": f"Ärende {number}: lägesbild och fortsatt arbete"}
    if number in RECOMMENDED:
        return {**item, "kind": "recommendation", "topic": TOPICS[number - 1], "concerns": list(CONCERNED)}
    return {**item, "kind": "information" if number > 1 else "procedure"}
