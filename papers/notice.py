"""The notice of a meeting (kallelse): when and where, the agenda, the documents, and who is called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.messages import msg, term, who
from ledger.values import quoted
from papers.contexts import AgendaRow, CalledRow, DocumentRow, Fact, NoticeContext
from papers.paper import Paper
from presentation.asking import NoSuch
from presentation.blocks import columns, in_role, open_, text, title, whole
from presentation.phrases import doubt
from presentation.words import party_text
from projections.notice import notice as found_notice

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.events.meetings import AgendaItem, MeetingDocument
    from papers.paper import Ordered, Piece
    from presentation.blocks import Words
    from projections.notice import Notice


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
    return msg("Notice of the meeting on {day:long}", day=found.meets_on)


def not_recorded() -> Words:
    """Returns what stands where a fact is missing."""
    return open_(msg("not recorded"))


def _facts(found: Notice) -> Iterator[tuple[str, str | Words]]:
    yield msg("Meeting"), found.meeting
    yield msg("Day"), msg("{day:long}", day=found.meets_on)
    yield msg("Time"), msg("{time:clock}", time=found.starts_at) if found.starts_at else not_recorded()
    yield msg("Place"), found.place or not_recorded()
    yield msg("Called by"), who(found.called_by)
    yield msg("Sent"), msg("{day:long}, {days}", day=found.sent, days=_before(found))


def _before(found: Notice) -> str:
    if found.days < 0:
        return msg("{days:day|days} after the meeting", days=-found.days)
    return msg("{days:day|days} before the meeting", days=found.days)


def _standing(found: Notice) -> Iterator[str | Words]:
    """Yields what whoever is called has to know first: that it was sent too late, moved, cancelled or held."""
    if found.required is None:
        yield open_(msg("No agreement was in force when the notice was sent, so that no time for it is set."))
    elif found.days < found.required:
        told = msg(
            "The notice was sent too late: {before}, and the agreement asks for at least {required:day}.",
            before=_before(found), required=found.required,
        )  # fmt: skip
        yield in_role(told, "wrong")
    if found.moved_from:
        yield msg("The meeting is moved: the notice before named {day:long}.", day=found.moved_from)
    if found.status == "cancelled":
        yield in_role(msg("The meeting is cancelled."), "wrong")
    if found.extra:
        yield msg("The meeting is extra, held only because it was requested.")
    if found.requests:
        yield msg("It answers the {requests:?request|requests} {requests}.", requests=found.requests)


def _agenda(found: Notice) -> list[Piece]:
    heads = (whole("Item"), text("Title", keep=True), whole("Kind"), text("Concerns"))
    rows = _agenda_rows(found)
    return [title(msg("Agenda")), columns(*heads, rows=rows) if rows else not_recorded()]


def _agenda_rows(found: Notice) -> list[tuple[str, str, str, str]]:
    return [(str(one.number), _titled(one), term("kind", one.kind), _concerned(one)) for one in found.agenda]


def _titled(one: AgendaItem) -> str:
    return msg("{title} (continues {item})", title=one.title, item=one.continues) if one.continues else one.title


def _concerned(one: AgendaItem) -> str:
    return msg("{parties:party}", parties=one.concerns) if one.concerns else ""


def _documents(documents: tuple[MeetingDocument, ...]) -> list[Piece]:
    if not documents:
        return []
    rows = _document_rows(documents)
    return [title(msg("Documents")), columns(text("Title", keep=True), text("Digest (SHA-256)"), rows=rows)]


def _document_rows(documents: tuple[MeetingDocument, ...]) -> list[tuple[str, str | Words]]:
    return [(one.title, one.document or not_recorded()) for one in documents]


def _called(found: Notice) -> list[Piece]:
    rows = _called_rows(found)
    heads = (whole("Name", keep=True), whole("Party", keep=True))
    return [title(msg("Called")), columns(*heads, rows=rows) if rows else not_recorded()]


def _called_rows(found: Notice) -> list[tuple[str, str]]:
    return [(who(one.person), party_text(one.party) if one.party else msg("expert")) for one in found.called]
