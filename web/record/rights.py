"""Who may record what from the pages, by the roles of their authorisation (`recorded-by`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.events import CHAPTERS, EVENTS
from ledger.messages import filled, marked
from ledger.rules.record import OF_A_PARTY
from web.who import ALONE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from web.who import Who

# What a role lets one record at all. Whether an act is of one's own party is judged when it is recorded.
BY_ROLE: Mapping[str, tuple[str, ...]] = {
    ALONE: tuple(EVENTS),
    "secretariat": tuple(EVENTS),
    "party": tuple(event.event_name for event in OF_A_PARTY),
    "treasurer": ("instalment-claimed", "payment-made"),
    "adjuster": ("minutes-adjusted",),
    "auditor": (),
}


HEADS = (
    marked("The agreement"),
    marked("Persons and seats"),
    marked("Posts and experts"),
    marked("Meetings"),
    marked("Minutes"),
    marked("Groups"),
    marked("Officials and activities"),
    marked("Costs"),
    marked("Settlement"),
    marked("The record itself"),
)  # fmt: skip - of the chapters, in their order


def offered(who: Who) -> list[tuple[str, list[str]]]:
    """Returns the heading of each chapter and its events that somebody may record, without empty chapters."""
    may = {name for role in who.roles for name in BY_ROLE[role] if not EVENTS[name].only_by}
    chapters = [
        (filled(head, {}), [name for name in chapter.EVENTS if name in may])
        for head, chapter in zip(HEADS, CHAPTERS, strict=True)
    ]
    return [(head, names) for head, names in chapters if names]


def may_fill_in(who: Who, event: str) -> bool:
    """Returns whether somebody's roles let them record acts of this kind at all."""
    return any(event in BY_ROLE[role] for role in who.roles)


def may_record(who: Who, event: str, party: str | None) -> bool:
    """Returns whether somebody may record an act of a kind that binds `party`, or nobody, as `recorded-by` judges it.

    Whose signature an adjuster records, and which roles a registrar is given, is judged when that is typed.
    """
    own = party is not None and who.party == party
    return (
        bool(who.roles & {ALONE, "secretariat"})
        or ("party" in who.roles and own and event in BY_ROLE["party"])
        or ("treasurer" in who.roles and event == "instalment-claimed")
        or ("treasurer" in who.roles and event == "payment-made" and (own or who.party is None))
        or ("adjuster" in who.roles and event in BY_ROLE["adjuster"])
    )


def may_work(who: Who) -> bool:
    """Returns whether the workbench of a meeting is for somebody: whoever may call and hold it."""
    return may_fill_in(who, "meeting-called")


def may_manage(who: Who) -> bool:
    """Returns whether the registrars are somebody's to manage, those of every party."""
    return bool(who.roles & {ALONE, "secretariat"})
