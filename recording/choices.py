"""The choices offered for an answer, taken from the ledger, and the lookup of the choice that a few words stand for."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, get_args, get_type_hints

from ledger.errors import BadInput
from ledger.events.meetings import AgendaItem, MeetingHeld, Topic
from ledger.events.shape import fields_of
from ledger.messages import msg, term
from ledger.rules.reference import DEFINES
from ledger.state.agreement import proposals
from ledger.state.groups import groups
from ledger.state.meetings import meetings, open_items
from ledger.state.record import registrations
from ledger.values import LATEST, Organ
from recording.fields import TOLD_BY

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ledger.events import Event
    from ledger.events.shape import Shape
    from ledger.state.meetings import OpenItem
    from ledger.timeline import Timeline

KINDS = get_args(get_type_hints(AgendaItem)["kind"])


class Choice(NamedTuple):
    """An id that can be recorded, and the name or description that people know it by."""

    id: str
    meaning: str = ""


def yes_or_no() -> list[Choice]:
    """Returns the answers to a question of yes or no, in the language of the run."""
    return [Choice("true", msg("yes")), Choice("false", msg("no"))]


class Known(NamedTuple):
    """What the dialogue knows of the ledger: the timeline, and persons' names by the position of their registration."""

    timeline: Timeline
    names: Mapping[int, str]

    def of(self, event: type[Event], field: str, given: Mapping[str, Sequence[str]]) -> list[Choice]:
        """Returns the possible answers to a field, in the order of the ledger; an empty list when any text
        is possible.
        """
        if field == "organ":
            return [word("organ", organ) for organ in get_args(Organ)]
        shape = next((one.shape for one in fields_of(event) if one.name == field), None)
        if shape is None:
            return []
        leaf = (shape.item if shape.kind == "list" else shape.key) or shape
        if leaf.kind == "boolean":
            return yes_or_no()
        if leaf.choices:
            return [word(field, str(one)) for one in leaf.choices]
        if field in {"item", "items"} and given.get("meeting"):
            meeting = meetings(self.timeline).get(given["meeting"][-1])
            return [Choice(str(item.number), item.title) for item in meeting.agenda] if meeting else []
        return self.named(leaf) if leaf.tag and not leaf.weak else []

    def named(self, leaf: Shape) -> list[Choice]:
        """Returns a choice for each id of one kind in the ledger, such as for each person or each meeting."""
        if leaf.tag == "person":
            known = registrations(self.timeline).items()
            return [Choice(person, self.names.get(own[-1].position, "")) for person, own in known]
        if leaf.tag == "meeting":
            return [Choice(meeting, f"{one.day or ''}") for meeting, one in meetings(self.timeline).items()]
        if leaf.tag in TOLD_BY:
            kinds, meaning = TOLD_BY[leaf.tag]
            told = [entry.event for kind in kinds for entry in self.timeline.of(kind)]
            return [Choice(getattr(one, leaf.tag), getattr(one, meaning)) for one in told]
        return {"group": self.groups, "party": self.parties}.get(leaf.tag, list)()

    def groups(self) -> list[Choice]:
        """Returns every group in the ledger, under the name it was created with."""
        return [Choice(group, one.created.event.name) for group, one in groups(self.timeline).items()]

    def parties(self) -> list[Choice]:
        """Returns every party of any version, under its name in the latest version that has the party."""
        terms = [entry.event.terms for entry in proposals(self.timeline).values()]
        return [Choice(*one) for one in {party.id: party.name for one in terms for party in one.parties}.items()]

    def of_an_item(self) -> dict[str, list[Choice]]:
        """Returns the possible answers to each part of an agenda item.

        An item can continue an earlier item that was left over and has been on no agenda since.
        """
        left_over = open_items(self.timeline, LATEST)
        stands_over = [Choice(f"{one.meeting}/{one.item}", _stands_over(one)) for one in left_over]
        return {
            "title": [],
            "kind": [word("kind", kind) for kind in KINDS],
            "topic": [word("topic", topic) for topic in get_args(Topic)],
            "concerns": [*self.parties(), *self.groups()],
            "continues": stands_over,
        }


def word(of: str, word: str) -> Choice:
    """Returns a word of a closed set, with what the word is in the language of the run; in English, it is itself."""
    meaning = term(of, word)
    return Choice(word, "" if meaning == word else meaning)


def _stands_over(item: OpenItem) -> str:
    if item.title:
        return msg("{title}, {outcome} {since}", title=item.title, outcome=item.outcome, since=item.since)
    return msg("an item, {outcome} {since}", outcome=item.outcome, since=item.since)


def is_new(event: type[Event], field: str) -> bool:
    """Returns whether a field holds an id that the event itself introduces."""
    return DEFINES.get(event) == field and event is not MeetingHeld  # most meetings are called before they are held


def meant(text: str, choices: Sequence[Choice], *, partly: bool = True) -> str:
    """Returns the id that a text stands for, or the text itself when no choice fits.

    `text` may be an id or a name. With `partly`, `text` may also be the beginning of a word in a name, or the beginning
    of an id that has no name. Raises BadInput when several choices fit.
    """
    wanted = text.casefold()
    if not wanted:
        return text
    exact = [one for one in choices if one.id.casefold() == wanted] or [
        one for one in choices if one.meaning.casefold() == wanted
    ]
    begun = [one for one in choices if f" {wanted}" in f" {one.meaning or one.id}".casefold()] if partly else []
    found = exact or begun
    if len(found) > 1:
        several = ", ".join(f"{one.meaning} ({one.id})" if one.meaning else one.id for one in found)
        if exact:
            what = msg("{answer} could be {several}: give the id", answer=repr(text), several=several)
        elif found[0].meaning:
            what = msg(
                "{answer} could be {several}: give the id, or more of the name", answer=repr(text), several=several
            )
        else:
            what = msg("{answer} could be {several}: give more of the id", answer=repr(text), several=several)
        raise BadInput([(None, what)])
    return found[0].id if found else text
