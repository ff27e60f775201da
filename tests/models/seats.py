"""A second implementation of the rules on who sits in the body, written from the text of the vocabulary (sections
Agreement, Persons and body).

This model shares no code with the program, takes only exact days, and is slow and plain. `refuses` returns whether an
act, recorded after others, would have no effect. `body` returns the members, posts and vacant seats on a day.
"""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

OWN_SEATS = {"municipality": ("executive-chair", "opposition-leader"),
             "region": ("board-chair", "board-presidium", "board-party")}  # fmt: skip
SIDES = {"executive-chair": "majority", "opposition-leader": "opposition"}
FROM = {"region-vice-chair": ("region", "opposition"), "first-vice-chair": ("municipality", "majority"),
        "municipal-vice-chair": ("municipality", "opposition")}  # fmt: skip


class Act(NamedTuple):
    """An act and its day. An act is identified by its index in the record."""

    event: str
    on: date
    says: dict[str, Any]


class Version(NamedTuple):
    """A version of the agreement that is in force from a day on: its parties by kind, and its numbers."""

    since: date
    parties: dict[str, str]
    numbers: dict[str, Any]


class Held(NamedTuple):
    """A person's seat or post in the half-open interval from `since` to `until`. `place` is the index of the appointing
    act.
    """

    person: str
    what: str
    party: str
    since: date
    until: date
    place: int


class Body(NamedTuple):
    """The body on a day, in the order in which the program's answers list it."""

    members: list[tuple[str, str, str, str, str, date, date]]
    presidium: dict[str, str | None]
    vacancies: list[tuple[str, str]]
    experts: list[tuple[str, date, date | None]]


class Record:
    """Acts in the order recorded, and versions in the order in which they came into force."""

    def __init__(self, versions: list[Version]) -> None:
        self.versions = versions
        self.acts: list[Act] = []
        self.annulled: set[int] = set()

    def add(self, act: Act) -> None:
        self.acts.append(act)
        if act.event == "entry-annulled":
            self.annulled.add(act.says["entry"])

    def of(self, *events: str) -> list[tuple[int, Act]]:
        """Returns (index, act) of the acts with these events that are not annulled, ordered by valid day and then by
        index.
        """
        found = [(place, act) for place, act in enumerate(self.acts) if place not in self.annulled]
        return sorted([one for one in found if one[1].event in events], key=lambda one: (one[1].on, one[0]))

    def version(self, on: date) -> Version:
        """Returns the version by which a day is judged. For a day before any version is in force, the first version is
        returned.
        """
        return [one for one in self.versions if one.since <= on or one is self.versions[0]][-1]

    def end_of_term(self, on: date) -> date:
        numbers = self.version(on).numbers
        end = date.fromisoformat(numbers["first_term"])
        while end <= on:
            end = end.replace(year=end.year + numbers["term_years"])
        return end

    def seats(self) -> list[Held]:
        """Returns every seat ever held. A seat ends early when its party or its holder leaves."""
        found = []
        for place, act in self.of("member-appointed"):
            party = act.says["party"]
            out = [one.since for one in self.versions if party not in one.parties and one.since > act.on]
            if party not in self.version(act.on).parties:
                out.append(act.on)
            until = date.fromisoformat(act.says["until"]) if act.says.get("until") else self.end_of_term(act.on)
            found.append(Held(act.says["person"], act.says["seat"], party, act.on, min([until, *out]), place))
        for _, left in self.of("seat-vacated"):
            seat = self._left(found, left)
            if seat is not None:
                found.remove(seat)
                if seat.since < left.on:
                    found.append(seat._replace(until=left.on))
        return [one for one in found if one.since < one.until]

    def _left(self, seats: list[Held], left: Act) -> Held | None:
        """Returns the seat that the person held just before the day or, without such a seat, the first seat that begins
        on or after the day.
        """
        own = [one for one in seats if one.person == left.says["person"]]
        own.sort(key=lambda one: (one.since, one.place))
        begun = [one for one in own if one.since < left.on < one.until]
        return next(iter(begun or [one for one in own if one.since >= left.on]), None)

    def holding(self, person: str, on: date) -> Held | None:
        return next((one for one in self.seats() if one.person == person and one.since <= on < one.until), None)

    def sides(self, seat: Held, on: date) -> tuple[str, str]:
        """Returns (political party, bloc) of a seat's holder on a day: those of the appointment, unless a later act
        changed them.
        """
        said = self.acts[seat.place].says
        party, bloc = said["political_party"], said.get("bloc") or SIDES.get(seat.what, "opposition")
        for _, act in self.of("member-changed"):
            if act.says["person"] == seat.person and seat.since <= act.on <= on:
                party, bloc = act.says.get("political_party") or party, act.says.get("bloc") or bloc
        return party, bloc

    def posts(self) -> list[Held]:
        """Returns every post ever held. A post ends when its holder is released, or when the seat ends that the holder
        had on the post's first day.
        """
        found = []
        for place, act in self.of("vice-chair-appointed"):
            seat = self.holding(act.says["person"], act.on)
            if seat is not None:
                found.append(Held(seat.person, act.says["post"], seat.party, act.on, seat.until, place))
        for _, act in self.of("vice-chair-released"):
            ended = [one for one in found if self._releases(act, one)]
            found = [one._replace(until=act.on) if one in ended else one for one in found]
        return found

    def _releases(self, act: Act, post: Held) -> bool:
        return (post.person, post.what) == (act.says["person"], act.says["post"]) and post.since < act.on < post.until

    def experts(self) -> list[tuple[str, date, date | None]]:
        found: list[tuple[str, date, date | None]] = []
        for _, act in self.of("expert-coopted"):
            until = date.fromisoformat(act.says["until"]) if act.says.get("until") else None
            found.append((act.says["person"], act.on, until))
        for _, act in self.of("expert-released"):
            found = [(one[0], one[1], act.on) if _ends(act, one) else one for one in found]
        return found

    def refuses(self, act: Act) -> bool:
        """Returns whether an act must be refused because it would have no effect if it were recorded now."""
        with_it = Record(self.versions)
        for one in (*self.acts, act):
            with_it.add(one)
        person = act.says.get("person", "")
        match act.event:
            case "member-appointed":
                return with_it._appoints_in_vain(act)
            case "seat-vacated":
                return self._left(self.seats(), act) is None
            case "member-changed":
                return self.holding(person, act.on) is None
            case "vice-chair-appointed":
                return with_it._chairs_in_vain(act)
            case "vice-chair-released":
                return not any(self._releases(act, one) for one in self.posts())
            case "expert-released":
                return not any(_ends(act, one) for one in self.experts())
        return act.event == "entry-annulled" and act.says["entry"] in self.annulled

    def _appoints_in_vain(self, act: Act) -> bool:
        here = len(self.acts) - 1
        said, version = act.says, self.version(act.on)
        kind = version.parties.get(said["party"])
        if kind is None or said["seat"] not in OWN_SEATS[kind]:
            return True
        beyond = said.get("until") and date.fromisoformat(said["until"]) > self.end_of_term(act.on)
        if beyond and not said.get("otherwise_decided"):
            return True
        seats = self.seats()
        own = next((one for one in seats if one.place == here), None)
        return own is not None and any(self._too_many(seats, own, on) for on in self._days(seats, own))

    def _days(self, seats: list[Held], own: Held) -> list[date]:
        """Returns the days within the span of a seat on which any seat or version begins."""
        days = [own.since, *(one.since for one in seats), *(one.since for one in self.versions)]
        return [on for on in days if own.since <= on < own.until]

    def _too_many(self, seats: list[Held], own: Held, on: date) -> bool:
        there = [one for one in seats if one.since <= on < one.until]
        version = self.version(on)
        same = [one for one in there if (one.party, one.what) == (own.party, own.what)]
        most = {"board-party": len(same), "board-presidium": 2}.get(own.what, 1)
        regional = [one for one in there if version.parties.get(one.party) == "region"]
        return (
            len(same) > most
            or [one.person for one in there].count(own.person) > 1
            or len(there) > version.numbers["members_max"]
            or (own in regional and len(regional) > version.numbers["region_seats_max"])
        )

    def _chairs_in_vain(self, act: Act) -> bool:
        """Returns whether an appointment to a post must be refused: the person is not a member, or is of the wrong kind
        on some day of the post, or the post is already held.
        """
        here, posts = len(self.acts) - 1, self.posts()
        own = next((one for one in posts if one.place == here), None)
        seat = self.holding(act.says["person"], act.on)
        if own is None or seat is None:
            return True
        others = [one for one in posts if one.what == own.what and one.place != here]
        if any(one.since < own.until and own.since < one.until and one.since < one.until for one in others):
            return True
        kind, side = FROM[own.what]
        changes = [on for on in (one.on for _, one in self.of("member-changed")) if own.since < on < own.until]
        for on in (own.since, *changes):
            _, bloc = self.sides(seat, on)
            if {**self.versions[0].parties, **self.version(on).parties}[seat.party] != kind:
                return True
            if bloc != "none" and not bloc == side == SIDES.get(seat.what, side):
                return True
        return False

    def body(self, on: date) -> Body:
        """Returns the body on a day. Members are sorted by party (municipalities by id, then the Region), seat and
        person; vacancies by party and seat.
        """
        version, seats = self.version(on), [one for one in self.seats() if one.since <= on < one.until]

        def place(party: str) -> tuple[bool, str]:
            return version.parties.get(party) == "region", party

        posts = {one.what: one.person for one in self.posts() if one.since <= on < one.until}
        seats.sort(key=lambda one: (*place(one.party), one.what, one.person))
        chairs = [one.person for one in seats if one.what == "board-chair"]
        held = [(one.party, one.what) for one in seats]
        vacant = []
        for party, kind in version.parties.items():
            wanted = [*OWN_SEATS[kind]] if kind == "municipality" else ["board-chair"] + 2 * ["board-presidium"]
            missing = [what for what in {*wanted} for _ in range(wanted.count(what) - held.count((party, what)))]
            if kind == "region":
                filled = sum(of == party for of, _ in held) + len(missing)
                missing += (version.numbers["region_seats_min"] - filled) * ["board-party"]
            vacant += [(party, what) for what in missing]
        return Body(
            [(one.person, one.party, one.what, *self.sides(one, on), one.since, one.until) for one in seats],
            {"chair": chairs[0] if chairs else None, **{post: posts.get(post) for post in FROM}},
            sorted(vacant, key=lambda one: (*place(one[0]), one[1])),
            sorted((one for one in self.experts() if one[1] <= on and (one[2] is None or on < one[2])), key=str),
        )


def _ends(act: Act, expert: tuple[str, date, date | None]) -> bool:
    person, since, until = expert
    return person == act.says["person"] and since < act.on and (until is None or act.on < until)
