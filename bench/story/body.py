"""Generates who sits in the body: terms of 27 members, replacements, the presidium and the experts."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cli.story.cast import BOARD, MAJORITY, MEMBERS, POSTS

if TYPE_CHECKING:
    from datetime import date

    from bench.story.diary import Diary

SIDES = {"executive-chair": "majority", "opposition-leader": "opposition"}


class Place(NamedTuple):
    """A seat, the party it belongs to, and the political party and bloc that fill it."""

    party: str
    seat: str
    political_party: str
    bloc: str


PLACES = tuple(
    Place(party, seat, political_party, SIDES.get(seat, "majority" if political_party in MAJORITY else "opposition"))
    for party, seat, political_party, _ in MEMBERS
)
CHAIR = next(place for place in PLACES if place.seat == "board-chair")
POST_OF = {PLACES[int(person[1:]) - 1]: post for person, post in POSTS.items()}
FIELDS = ("public health", "rail traffic", "skills supply", "cultural heritage")


class Body:
    """The members who sit in the body at this point of the story."""

    def __init__(self, diary: Diary) -> None:
        self._diary = diary
        self._holders: dict[Place, str] = {}
        self.experts: list[str] = []

    @property
    def members(self) -> list[str]:
        return list(self._holders.values())

    @property
    def chair(self) -> str:
        return self._holders[CHAIR]

    @property
    def vice_chair(self) -> str:
        return next(self._holders[place] for place, post in POST_OF.items() if post == "first-vice-chair")

    def begin_term(self, on: date) -> None:
        """Fills all 27 seats, three posts and four expert fields anew. About half of the members stay."""
        tell = self._diary.tell
        tell("board-composed", on, "assembly", seats=BOARD, majority=MAJORITY)
        for place in PLACES:
            if place not in self._holders or self._diary.random.random() < 0.5:
                self._holders[place] = self._diary.register(on)
            self._appoint(place, on)
        for person in self.experts:
            tell("expert-released", on, "body", person=person)
        self.experts = [self._diary.register(on) for _ in FIELDS]
        for person, field in zip(self.experts, FIELDS, strict=True):
            month = f"{on:%Y-%m}" if field == FIELDS[-1] else None
            tell("expert-coopted", on, "body", known_as=month, person=person, field=field)

    def replace_somebody(self, on: date, *, loosely: bool = False) -> None:
        """Replaces a member who is neither chair nor vice chair. The new member is appointed on the same day or, if
        `loosely`, on an unknown day of the same month.
        """
        place = self._diary.random.choice([place for place in PLACES if place is not CHAIR and place not in POST_OF])
        self._replace(place, on, known_as=f"{on:%Y-%m}" if loosely else None)

    def replace_vice_chair(self, on: date) -> None:
        """Replaces a vice chair. The new member takes over both the seat and the post."""
        self._replace(self._diary.random.choice(list(POST_OF)), on)

    def change_party(self, on: date) -> None:
        """Generates a member's change of political party. The member keeps the seat."""
        place = self._diary.random.choice(PLACES[:20])
        self._diary.tell(
            "member-changed", on, "official", person=self._holders[place], political_party=f"{place.party} lokalt"
        )

    def _replace(self, place: Place, on: date, known_as: str | None = None) -> None:
        self._diary.tell("seat-vacated", on, "assembly", person=self._holders[place], reason="resigned")
        self._holders[place] = self._diary.register(on)
        self._appoint(place, on, known_as)

    def _appoint(self, place: Place, on: date, known_as: str | None = None) -> None:
        person = self._holders[place]
        self._diary.tell("member-appointed", on, "assembly", known_as=known_as, person=person, **place._asdict())
        if place in POST_OF:
            self._diary.tell("vice-chair-appointed", on, "assembly", person=person, post=POST_OF[place])
