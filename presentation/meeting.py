"""One meeting, as blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.messages import msg, term, who
from presentation.blocks import columns, entries, in_role, open_, text, title, whole
from presentation.phrases import foot
from presentation.record import entry_lines
from presentation.words import party_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from presentation.blocks import Part, Words
    from projections.issued import Issued
    from projections.meeting import OneMeeting
    from projections.meetings import Item, MeetingOfYear, Recommended


def meeting(answer: OneMeeting) -> list[Part]:
    """Returns a meeting: when it sat and who was there, its agenda, its recommendations, its minutes, its entries."""
    one = answer.standing
    if one is None:
        parts: list[Part] = [title(sentence(answer)), ""]
    else:
        parts = [title(sentence(answer)), "", *_called(one), *_sat(one)]
        parts += [*_agenda(one), *_recommendations(one), *_minutes(one)]
    parts += _papers(answer.papers)
    parts += ["", title(msg("The entries about {meeting}", meeting=answer.meeting)), entry_lines(answer.entries)]
    return [*parts, *foot(answer.known_at, answer.uncertain)]


def sentence(answer: OneMeeting) -> str:
    """Returns what became of a meeting by the day, in one sentence."""
    one, meeting = answer.standing, answer.meeting
    if one is None:
        return msg("Nothing about meeting {meeting} had happened by {on:long}.", meeting=meeting, on=answer.on)
    if one.status == "held":
        return msg(
            "Meeting {meeting} was held on {day:long}, with {present:member|members} present.",
            meeting=meeting, day=one.meets_on, present=len(one.present),
        )  # fmt: skip
    if one.meets_on is None:
        return msg("Meeting {meeting} has no day on {on:long}.", meeting=meeting, on=answer.on)
    if one.status == "cancelled":
        return msg("Meeting {meeting}, called for {day:long}, was cancelled.", meeting=meeting, day=one.meets_on)
    if one.meets_on < answer.on:
        return msg(
            "Meeting {meeting} was called for {day:long}, and is not recorded as held.",
            meeting=meeting, day=one.meets_on,
        )  # fmt: skip
    return msg("Meeting {meeting} is called for {day:long}.", meeting=meeting, day=one.meets_on)


def _called(one: MeetingOfYear) -> list[Part]:
    """Returns where and when a meeting sits, and the notice of it."""
    parts: list[Part] = []
    if one.place:
        parts.append(msg("Place: {place}", place=one.place))
    if one.starts_at:
        parts.append(msg("Begins at {time}", time=one.starts_at))
    if one.opened_at and one.closed_at:
        parts.append(msg("Opened at {opened}, closed at {closed}", opened=one.opened_at, closed=one.closed_at))
    if one.notice_sent is None:
        parts.append(open_(msg("No notice of it is recorded.")))
    else:
        notice = msg(
            "Notice: sent by {person} on {day}, {notice:day|days} before",
            person=who(one.called_by), day=one.notice_sent, notice=one.notice_days or 0,
        )  # fmt: skip
        parts.append(notice)
    if one.extra:
        parts.append(msg("It is extra, held only because it was requested."))
    return parts


def _sat(one: MeetingOfYear) -> list[Part]:
    """Returns who chaired a meeting that was held, and who was present."""
    if one.status != "held":
        return []
    parts: list[Part] = [msg("Chair: {person}", person=who(one.chaired_by))]
    if one.secretary:
        parts.append(msg("Secretary: {person}", person=who(one.secretary)))
    parts += ["", title(msg("Present")), *(f"- {who(person)}{_how(person, one)}" for person in one.present)]
    if one.experts:
        parts += ["", title(msg("Experts")), *(f"- {who(person)}" for person in one.experts)]
    return parts


def _how(person: str, one: MeetingOfYear) -> str:
    return f", {msg('remotely')}" if person in one.remote else ""


def _agenda(one: MeetingOfYear) -> list[Part]:
    rows = [
        (str(item.number), item.title, term("kind", item.kind), _outcome(item, one), "; ".join(_remarks(item)))
        for item in one.agenda
    ]
    heads = (whole("Item"), text("Title", keep=True), whole("Kind"), whole("Outcome", keep=True), text("Remarks"))
    return ["", title(msg("Agenda")), columns(*heads, rows=rows)] if rows else []


def _outcome(item: Item, one: MeetingOfYear) -> str | Words:
    if item.outcome:
        return term("outcome", item.outcome)
    return open_(msg("not recorded")) if one.status == "held" else ""


def _remarks(item: Item) -> Iterator[str]:
    """Yields what else is recorded of an item: where it comes from, its vote, and who stood aside or dissented."""
    if item.topic:
        yield term("topic", item.topic)
    if item.added:
        yield msg("added at the table")
    if item.continues:
        yield msg("continues {item}", item=item.continues)
    if item.vote:
        yield msg(
            "{for_} for, {against} against, {abstained} abstained",
            for_=item.vote.for_, against=item.vote.against, abstained=item.vote.abstained,
        )  # fmt: skip
    if item.recused:
        yield msg("recused: {persons:who}", persons=item.recused)
    if item.reservations:
        yield msg("reservations: {persons:who}", persons=item.reservations)


def _papers(papers: tuple[Issued, ...]) -> list[Part]:
    """Returns the papers about a meeting that were issued, if any were."""
    rows = [
        (term("kind", one.kind), one.subject, str(one.day), one.document or open_(msg("not recorded")), str(one.entry))
        for one in papers
    ]
    heads = (whole("Paper", keep=True), whole("Of"), whole("Issued", keep=True), text("Digest (SHA-256)"))
    return ["", title(msg("Papers issued")), columns(*heads, entries("Entry"), rows=rows)] if rows else []


def _recommendations(one: MeetingOfYear) -> list[Part]:
    parts: list[Part] = []
    for made in one.recommendations:
        rows = [
            (party_text(party), in_role(term("answer", answer), "") if answer else open_(msg("no answer yet")))
            for party, answer in made.answers.items()
        ]
        parts += ["", title(_recommended(made)), msg("Recommendation {id}", id=made.recommendation)]
        parts.append(columns(whole("Addressee", keep=True), whole("Answer", keep=True), rows=rows))
    return parts


def _recommended(made: Recommended) -> str:
    if made.consensus:
        return msg("Recommended by consensus: {text}", text=made.text)
    if not made.dissent:
        return msg("Recommended without consensus: {text}", text=made.text)
    return msg("Recommended without {persons:who}: {text}", persons=made.dissent, text=made.text)


def _minutes(one: MeetingOfYear) -> list[Part]:
    """Returns who signs and who adjusts the minutes, on which days they did, and when each recipient was sent them."""
    if one.status != "held":
        return []
    parts: list[Part] = ["", title(msg("Minutes"))]
    if one.minutes.signed:
        parts.append(msg("Signed by {person} on {day}", person=who(one.signing), day=one.minutes.signed))
        if one.minutes.document:
            parts.append(
                msg(
                    "They were signed elsewhere, and the signed document is kept by its digest: SHA-256 {digest}.",
                    digest=one.minutes.document,
                )
            )
    else:
        parts.append(open_(msg("Not signed by {person}", person=who(one.signing))))
    if one.minutes.adjusted:
        parts.append(msg("Adjusted by {person} on {day}", person=who(one.adjustment), day=one.minutes.adjusted))
    else:
        parts.append(open_(msg("Not adjusted by {person}", person=who(one.adjustment))))
    items = [item for item in one.agenda if item.adjusted and not one.minutes.adjusted]
    parts += [msg("Item {number} adjusted at once, on {day}", number=item.number, day=item.adjusted) for item in items]
    rows = [
        (party_text(recipient), str(sent) if sent else open_(msg("not sent")))
        for recipient, sent in one.minutes.dispatched.items()
    ]
    heads = (whole("Recipient", keep=True), whole("Sent", keep=True))
    return [*parts, columns(*heads, rows=rows)] if rows else parts
