"""The notice of a meeting (kallelse): when and where, the agenda, the documents, and who is called."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from ledger.messages import day_text, msg, term, together, who
from ledger.values import quoted
from papers.contexts import AgendaRow, CalledRow, DocumentRow, Fact, NoticeContext
from papers.paper import Paper
from presentation.asking import NoSuch
from presentation.blocks import columns, in_role, open_, text, title, whole
from presentation.phrases import doubt
from projections.notice import notice as found_notice

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.events.meetings import AgendaItem, MeetingDocument
    from papers.paper import Ordered, Piece
    from presentation.blocks import Words
    from projections.notice import Answered, Cancelled, Moved, Notice


def notice(ordered: Ordered) -> Paper:
    """Returns the latest notice of a meeting. Raises NoSuch where none was sent by the day asked about."""
    found = _found(ordered)
    return Paper(
        kind="notice",
        title=_title(found),
        facts=tuple(_facts(found)),
        body=(
            *_standing(found),
            *_agenda(found),
            *_documents(found.documents),
            "",
            *_called(found),
            *doubt(found.uncertain),
        ),
    )


def context_of(ordered: Ordered) -> NoticeContext:
    """Returns what the notice says, as texts for a template. Raises NoSuch as `notice` does."""
    found = _found(ordered)
    return NoticeContext(
        title=_title(found),
        facts=tuple(Fact(label, said) for label, said in _facts(found)),
        remarks=tuple(_standing(found)),
        agenda=tuple(AgendaRow(*row) for row in _agenda_rows(found)),
        documents=tuple(DocumentRow(*row) for row in _document_rows(found.documents)),
        no_documents="" if found.documents else _no_documents(),
        called_as=_called_as(found),
        called=tuple(CalledRow(*row) for row in _called_rows(found)),
        doubts=tuple(doubt(found.uncertain)),
    )


def _found(ordered: Ordered) -> Notice:
    asked = ordered.asked
    found = found_notice(asked.timeline, asked.on, ordered.which)
    if found is None:
        what = msg(
            "no notice of a meeting {value} is recorded as sent by {day}", value=quoted(ordered.which), day=asked.on
        )
        raise NoSuch([(None, what)])
    return found


def _title(found: Notice) -> str:
    if found.cancelled:
        return msg("Cancelled: the meeting on {day:long}", day=found.meets_on)
    return msg("Notice of the meeting on {day:long}", day=found.meets_on)


def not_recorded() -> Words:
    """Returns what stands where a fact is missing, whatever the fact."""
    return open_(msg("not on record"))


def day_as_recorded(text: str) -> str:
    """Returns a Day in words: 1 March 2025, or some day in March 2025 where no more is known."""
    return msg("{day:long}", day=date.fromisoformat(text)) if is_exact(text) else day_text(text)


def when(text: str) -> str:
    """Returns a Day as it stands within a sentence: on 1 March 2025, or some day in March 2025."""
    return msg("on {day:long}", day=date.fromisoformat(text)) if is_exact(text) else day_text(text)


def is_exact(text: str) -> bool:
    """Returns whether a Day is one day."""
    return len(text) == len("2025-03-01")


def _facts(found: Notice) -> Iterator[tuple[str, str | Words]]:
    yield msg("Meeting"), found.meeting
    yield msg("Day"), msg("{day:long}", day=found.meets_on)
    yield msg("Time"), msg("{time:clock}", time=found.starts_at) if found.starts_at else not_recorded()
    yield msg("Place"), found.place or not_recorded()
    yield msg("Called by"), who(found.called_by)
    yield msg("Sent"), msg("{day}, {days}", day=day_as_recorded(found.sent), days=_before(found))
    yield msg("Registration number"), found.registration_number or not_recorded()


def _before(found: Notice) -> str:
    least, most = found.days, found.most_days
    if least == most and least < 0:
        return msg("{days:day|days} after the meeting", days=-least)
    if least == most:
        return msg("{days:day|days} before the meeting", days=least)
    if most <= 0:
        return msg("between {least} and {most:day|days} after the meeting", least=-most, most=-least)
    if least < 0:
        return msg("between {before:day|days} before and {after:day|days} after the meeting", before=most, after=-least)
    return msg("between {least} and {most:day|days} before the meeting", least=least, most=most)


def _standing(found: Notice) -> Iterator[str | Words]:
    """Yields what whoever is called has to know first: that it was sent too late, moved, cancelled or held."""
    yield from _of_the_time(found)
    if found.moved:
        yield from _of_the_move(found.moved)
    if found.cancelled:
        yield from _of_the_end(found.cancelled)
    if found.extra:
        yield msg("The meeting is extra, held only because it was requested.")
    yield from map(_of_a_request, found.requests)


def _of_the_time(found: Notice) -> Iterator[Words]:
    """Yields that the notice was sent too late on every day that is possible, or that this cannot be told."""
    if found.in_time is None:
        yield open_(msg("No agreement was in force when the notice was sent, so that no time for it is set."))
    elif found.in_time == "no":
        told = msg(
            "The notice was sent too late: {before}, and the agreement asks for at least {required:day}.",
            before=_before(found), required=found.required,
        )  # fmt: skip
        yield in_role(told, "wrong")
    elif found.in_time == "cannot-tell":
        told = msg(
            "Whether the notice was sent in time cannot be told: it was sent {before}, and the agreement asks for at"
            " least {required:day}.",
            before=_before(found), required=found.required,
        )  # fmt: skip
        yield open_(told)


def _of_the_move(moved: Moved) -> Iterator[str | Words]:
    time = msg("{time:clock}", time=moved.starts_at) if moved.starts_at else msg("no time on record")
    yield msg(
        "The meeting is moved: the notice before named {day:long}, {time}, {place}.",
        day=moved.meets_on, time=time, place=moved.place or msg("no place on record"),
    )  # fmt: skip
    if moved.reason:
        yield msg("Reason for the move: {reason}", reason=moved.reason)
    else:
        yield open_(msg("The reason for the move is not on record."))


def _of_the_end(cancelled: Cancelled) -> Iterator[Words]:
    told = msg("The meeting is cancelled, which was decided {when}.", when=when(cancelled.day))
    yield in_role(told, "wrong")
    if cancelled.reason:
        yield in_role(msg("Reason for the cancellation: {reason}", reason=cancelled.reason), "")
    else:
        yield open_(msg("The reason for the cancellation is not on record."))


def _of_a_request(made: Answered) -> str | Words:
    if made.day is None:
        return open_(msg("It answers the request {request}, of which nothing more is on record.", request=made.request))
    return msg(
        "It answers the request {request}, made {when} by {persons}: {matter}",
        request=made.request, when=when(made.day), persons=together(map(who, made.by)), matter=made.matter,
    )  # fmt: skip


def _agenda(found: Notice) -> list[Piece]:
    heads = (whole("Item"), text("Title", keep=True), whole("Kind"), text("Concerns"))
    rows = _agenda_rows(found)
    return [title(msg("Agenda")), columns(*heads, rows=rows) if rows else not_recorded()]


def _agenda_rows(found: Notice) -> list[tuple[str, str, str, str | Words]]:
    return [(str(one.number), _titled(one), term("kind", one.kind), _concerned(one)) for one in found.agenda]


def _titled(one: AgendaItem) -> str:
    return msg("{title} (continues {item})", title=one.title, item=one.continues) if one.continues else one.title


def _concerned(one: AgendaItem) -> str | Words:
    if one.concerns is None:
        return not_recorded()
    return msg("{parties:party}", parties=one.concerns) if one.concerns else msg("nobody in particular")


def _no_documents() -> Words:
    return open_(msg("No document sent with the notice is on record."))


def _documents(documents: tuple[MeetingDocument, ...]) -> list[Piece]:
    if not documents:
        return [title(msg("Documents")), _no_documents()]
    rows = _document_rows(documents)
    return [title(msg("Documents")), columns(text("Title", keep=True), text("Digest (SHA-256)"), rows=rows)]


def _document_rows(documents: tuple[MeetingDocument, ...]) -> list[tuple[str, str | Words]]:
    return [(one.title, one.document or not_recorded()) for one in documents]


def _called(found: Notice) -> list[Piece]:
    rows = _called_rows(found)
    heads = (whole("Name", keep=True), whole("Party", keep=True))
    return [title(_called_as(found)), columns(*heads, rows=rows) if rows else not_recorded()]


def _called_as(found: Notice) -> str:
    return msg("Had been called") if found.cancelled else msg("Called")


def _called_rows(found: Notice) -> list[tuple[str, str]]:
    return [
        (who(one.person), msg("{party:party}", party=one.party) if one.party else msg("expert")) for one in found.called
    ]
