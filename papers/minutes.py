"""The minutes of a meeting (protokoll), and the extract of one § (protokollsutdrag), as what kommunallagen 5:65–67 asks
minutes to hold.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.errors import BadInput
from ledger.messages import day_text, listed, msg, term, together, who
from ledger.values import quoted
from papers.contexts import (
    DocumentRow,
    ExpertRow,
    Fact,
    ItemContext,
    MemberRow,
    MinutesContext,
    MissingRow,
    RecipientRow,
    RecommendationContext,
    SpokenRow,
)
from papers.notice import day_as_recorded, is_exact, not_recorded, when
from papers.paper import Paper, Preformatted, Signature, newest_checkpoint
from presentation.asking import NoSuch
from presentation.blocks import Words, columns, in_role, open_, text, title, whole
from presentation.phrases import doubt
from presentation.words import signature_line
from projections.minutes import minutes as found_minutes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ledger.events.meetings import MeetingDocument
    from papers.contexts import Said
    from papers.paper import Ordered, Piece
    from projections.minutes import Advised, Attending, Minuted, MinutesOfMeeting, Paragraph, Quashed


def minutes(ordered: Ordered) -> Paper:
    """Returns the minutes of a meeting. Raises NoSuch for one that was not held by the day asked about."""
    context = context_of(ordered)
    return Paper(
        kind="minutes",
        title=context.title,
        facts=tuple((one.label, one.text) for one in context.facts),
        body=(
            *_apart(context.remarks),
            *_attendance(context),
            *(piece for item in context.items for piece in _of_item(item)),
            *_ends(context),
            *context.doubts,
        ),
    )


def extract(ordered: Ordered) -> Paper:
    """Returns one § of the minutes, of an item given as MEETING/ITEM.

    Raises BadInput for an id of another form, and NoSuch for a meeting not held or an item that its minutes lack.
    """
    meeting, slash, number = ordered.which.partition("/")
    if not (slash and number.isdecimal()):
        what = msg("{value} is not an item of a meeting, as m1/3", value=quoted(ordered.which))
        raise BadInput([(None, what)])
    found = _found(ordered, meeting)
    item = next((one for one in found.items if str(one.number) == number), None)
    if item is None:
        what = msg("the minutes of meeting {meeting} have no item {item}", meeting=meeting, item=number)
        raise NoSuch([(None, what)])
    told = _item(item)
    return Paper(
        kind="minutes-extract",
        title=_extracted(found, told),
        facts=tuple((one.label, one.text) for one in _facts_of_extract(found, item)),
        body=(
            *([_proposed()] if item.paragraph.proposed else ()),
            *_of_item(told),
            *_apart(_missing_of(item)),
            in_role(_recorded(found), "quiet"),
            *_apart(doubt(found.uncertain)),
            title(msg("Certification")),
            msg("This extract agrees with the minutes, which is certified by"),
            Signature(msg("Signature"), msg("Name and day")),
        ),
    )


def context_of(ordered: Ordered) -> MinutesContext:
    """Returns what minutes say, as texts. Raises NoSuch for a meeting that was not held by the day asked about."""
    found = _found(ordered, ordered.which)
    meaning, note = newest_checkpoint(ordered)
    return MinutesContext(
        title=_title(found),
        facts=tuple(_facts(found)),
        remarks=tuple(_remarks(found)),
        present=tuple(_member(one, found) for one in found.present),
        remote=_remote(found),
        absent=tuple(_member(one, found) for one in found.absent),
        no_absent="" if found.absent else msg("No member was absent."),
        experts=tuple(
            ExpertRow(who(one.person), one.field or open_(msg("not co-opted that day"))) for one in found.experts or ()
        ),
        no_experts="" if found.experts else _nobody(found.experts, msg("No expert was present.")),
        others=found.others or (),
        no_others="" if found.others else _nobody(found.others, msg("Nobody else was present.")),
        items=tuple(map(_item, found.items)),
        missing=tuple(_missing(found.items)),
        documents=_documents(found.documents),
        no_documents="" if found.documents else not_recorded(),
        recipients=tuple(_recipients(found)),
        no_recipients="" if found.standing.minutes.dispatched else _unknown_recipients(),
        signatures=tuple(_signatures(found)),
        signed_elsewhere=_signed_elsewhere(found),
        recorded=_recorded(found),
        checkpoint=note,
        checkpoint_is=meaning,
        doubts=tuple(doubt(found.uncertain)),
    )


def _found(ordered: Ordered, which: str) -> MinutesOfMeeting:
    asked = ordered.asked
    found = found_minutes(asked.timeline, asked.on, which)
    if found is None:
        what = msg(
            "no meeting {value} was held by {day}, so that there are no minutes", value=quoted(which), day=asked.on
        )
        raise NoSuch([(None, what)])
    return found


# What the minutes say, as texts


def _title(found: MinutesOfMeeting) -> str:
    if _is_exact(found):
        return msg("Minutes of the meeting on {day:long}", day=found.held_on)
    return msg("Minutes of the meeting held {day}", day=day_text(found.day))


def _extracted(found: MinutesOfMeeting, item: ItemContext) -> str:
    if _is_exact(found):
        return msg("Extract from the minutes of {day:long}, {paragraph}", day=found.held_on, paragraph=item.paragraph)
    return msg("Extract from the minutes of {day}, {paragraph}", day=day_text(found.day), paragraph=item.paragraph)


def _is_exact(found: MinutesOfMeeting) -> bool:
    return is_exact(found.day)


def _nobody(persons: tuple[object, ...] | None, none: str) -> Said:
    """Returns what stands where there are no persons: that nobody was there, or that it is not recorded."""
    return not_recorded() if persons is None else none


def _facts(found: MinutesOfMeeting) -> Iterator[Fact]:
    one = found.standing
    yield from _where(found)
    yield Fact(msg("Opened"), msg("{time:clock}", time=one.opened_at) if one.opened_at else not_recorded())
    yield Fact(msg("Closed"), msg("{time:clock}", time=one.closed_at) if one.closed_at else not_recorded())
    yield Fact(msg("Chaired by"), who(one.chaired_by))
    yield Fact(msg("Secretary"), who(one.secretary) if one.secretary else not_recorded())
    yield Fact(msg("Adjusted by"), _duty(one.adjustment, one.adjuster))
    if one.signing != one.chaired_by:
        yield Fact(msg("Signed by"), _duty(one.signing, one.chaired_by))
    if found.items:
        yield Fact(msg("Paragraphs"), listed(_spans(one.paragraph for one in found.items)))
    yield Fact(msg("Registration number"), found.registration_number or not_recorded())
    yield from _days(found)


def _where(found: MinutesOfMeeting) -> Iterator[Fact]:
    yield Fact(msg("Meeting"), found.meeting)
    yield Fact(msg("Day"), msg("{day:long}", day=found.held_on) if _is_exact(found) else open_(day_text(found.day)))
    yield Fact(msg("Place"), found.standing.place or not_recorded())


def _days(found: MinutesOfMeeting) -> Iterator[Fact]:
    yield Fact(msg("Signed"), day_as_recorded(found.signed) if found.signed else open_(msg("not signed")))
    yield Fact(msg("Adjusted"), day_as_recorded(found.adjusted) if found.adjusted else open_(msg("not adjusted")))


def _facts_of_extract(found: MinutesOfMeeting, item: Minuted) -> Iterator[Fact]:
    aside = {*_aside(item)}
    to = dict.fromkeys((*(one for made in item.recommendations for one in made.addressees), *(item.concerns or ())))
    number = item.registration_number or found.registration_number
    took = [one for one in found.present if one.person not in aside]
    yield from _where(found)
    yield Fact(msg("Registration number"), number or not_recorded())
    yield Fact(msg("Sent to"), msg("{parties:party}", parties=tuple(to)) if to else not_recorded())
    organ = term("organ", "body")
    yield Fact(msg("Decided by"), f"{organ[:1].upper()}{organ[1:]}")
    yield Fact(msg("Taking part"), listed(_with_party(one) for one in took) if took else not_recorded())
    yield Fact(msg("Chaired by"), who(found.standing.chaired_by))
    yield Fact(msg("Adjusted by"), _duty(found.standing.adjustment, found.standing.adjuster))
    yield from _days(found)


def _aside(item: Minuted) -> Iterator[str]:
    """Yields who left for conflict of interest, for the item or for a recommendation on it."""
    yield from item.recused or ()
    for made in item.recommendations:
        yield from made.recused or ()


def _duty(has: str | None, had: str | None) -> str:
    """Returns who has a duty, and instead of whom if it was passed on."""
    return who(has) if has == had else msg("{person:who}, instead of {other:who}", person=has, other=had)


def _spans(paragraphs: Iterable[Paragraph]) -> Iterator[str]:
    """Yields §§ in words, those whose numbers follow one another as one span, such as §§ 1–3."""
    spans: list[list[Paragraph]] = []
    for one in paragraphs:
        if spans and _follows(one, spans[-1][-1]):
            spans[-1].append(one)
        else:
            spans.append([one])
    for first, *rest in spans:
        if not rest:
            yield _numbered(first)
            continue
        span = f"§{first.text}–{rest[-1].text.removeprefix('§ ')}"
        yield msg("{paragraph} (proposed)", paragraph=span) if first.proposed else span


def _follows(one: Paragraph, before: Paragraph) -> bool:
    number, last = one.text.removeprefix("§ "), before.text.removeprefix("§ ")
    return number.isdecimal() and last.isdecimal() and int(number) == int(last) + 1 and one.proposed == before.proposed


def _numbered(one: Paragraph) -> str:
    return msg("{paragraph} (proposed)", paragraph=one.text) if one.proposed else one.text


def _remarks(found: MinutesOfMeeting) -> Iterator[Said]:
    if any(one.paragraph.proposed for one in found.items):
        yield _proposed()
    if found.standing.extra:
        yield msg("The meeting was extra, held only because it was requested.")
    if found.standing.notice_sent is None:
        yield open_(msg("No notice of the meeting is recorded."))


def _proposed() -> Words:
    return open_(
        msg(
            "A § marked as proposed is not recorded: its number counts on from the last one of the calendar year,"
            " through the meetings in order of day."
        )
    )


def _member(one: Attending, found: MinutesOfMeeting) -> MemberRow:
    return MemberRow(
        name=who(one.person),
        party=_party(one.party) if one.party else open_(msg("not a member that day")),
        political_party=one.political_party or "",
        remarks=listed(_marks(one.person, found)),
    )


def _remote(found: MinutesOfMeeting) -> Said:
    remote = found.remote
    if remote == ():
        return msg("Nobody took part remotely.")
    if remote is None:
        return open_(msg("That anyone took part remotely is not recorded."))
    return msg("Took part remotely: {persons:who}.", persons=remote)


def _marks(person: str, found: MinutesOfMeeting) -> Iterator[str]:
    one = found.standing
    if person == one.chaired_by:
        yield msg("chaired the meeting")
    if person == one.adjustment:
        yield msg("adjusts the minutes")
    if person in one.remote:
        yield msg("remotely")


def _party(party: str) -> str:
    return msg("{party:party}", party=party)


def _with_party(one: Attending) -> str:
    return msg("{name} ({party})", name=who(one.person), party=_party(one.party)) if one.party else who(one.person)


def _item(item: Minuted) -> ItemContext:
    return ItemContext(
        paragraph=_numbered(item.paragraph),
        title=_titled(item),
        about=_about(item),
        concerns=msg("{parties:party}", parties=item.concerns) if item.concerns else "",
        background=item.background or "",
        proposals=tuple(SpokenRow(who(one.by), one.text) for one in item.proposals or ()),
        vote=_vote(item),
        decision=item.text or ("" if item.outcome or item.recommendations else not_recorded()),
        outcome=term("outcome", item.outcome).replace("-", " ") if item.outcome else "",
        quashed=_quashed(item.quashed),
        recused=msg("{persons:who}", persons=item.recused) if item.recused else "",
        reservations=tuple(
            SpokenRow(who(one.person), one.text or open_(msg("wording not recorded"))) for one in item.reservations
        ),
        recommendations=tuple(_recommendation(one, item) for one in item.recommendations),
        documents=_documents(item.documents or ()),
        none=tuple(_none(item)),
        adjusted=msg("This § was adjusted at once, {when}.", when=when(item.adjusted)) if item.adjusted else "",
    )


def _titled(item: Minuted) -> Said:
    if item.title is None:
        return open_(msg("item {number}, not on the agenda", number=item.number))
    return msg("{title} (continues {item})", title=item.title, item=item.continues) if item.continues else item.title


def _about(item: Minuted) -> str:
    parts = [msg("Item {number}", number=item.number)]
    if item.kind is not None:
        parts = [msg("Item {number}, {kind:kind}", number=item.number, kind=item.kind)]
    if item.added:
        parts.append(msg("added at the meeting, not in the notice"))
    if item.registration_number:
        parts.append(msg("registration number {number}", number=item.registration_number))
    return ", ".join(parts)


def _quashed(quashed: Quashed | None) -> Said:
    if quashed is None:
        return ""
    told = msg("A court has quashed this decision, {when}: {reason}", when=when(quashed.day), reason=quashed.reason)
    return in_role(told, "wrong")


def _none(item: Minuted) -> Iterator[str]:
    """Yields what is recorded as nothing and as nobody."""
    if item.proposals == ():
        yield msg("No proposals were made.")
    if item.recused == () and not any(_aside(item)):
        yield msg("Nobody left for conflict of interest.")
    if item.documents == ():
        yield msg("No documents were dealt with.")


def _vote(item: Minuted) -> str:
    vote = item.vote
    if vote is None:
        return ""
    return msg(
        "{for_} for, {against} against, {abstained} abstained",
        for_=vote.for_, against=vote.against, abstained=vote.abstained,
    )  # fmt: skip


def _recommendation(made: Advised, item: Minuted) -> RecommendationContext:
    """Returns a recommendation; who left for it is told if they are others than those who left for the item."""
    aside = made.recused if made.recused != item.recused else None
    return RecommendationContext(
        id=made.recommendation,
        text=made.text,
        agreed=_agreed(made),
        addressees=msg("{parties:party}", parties=made.addressees),
        recused=msg("{persons:who}", persons=aside) if aside else "",
        quashed=_quashed(made.quashed),
    )


def _agreed(made: Advised) -> Said:
    if made.consensus:
        return msg("Made by consensus.")
    if made.dissent:
        return msg("Made without consensus; dissenting: {persons:who}.", persons=made.dissent)
    return open_(msg("Made without consensus; who dissented is not recorded."))


def _missing(items: tuple[Minuted, ...]) -> Iterator[MissingRow]:
    """Yields each fact that is not recorded of all items, and the §§ of which it is not."""
    lacking: dict[str, list[Paragraph]] = {}
    for item in items:
        for name in _lacking(item):
            lacking.setdefault(name, []).append(item.paragraph)
    for name, those in lacking.items():
        all_of_them = len(those) == len(items) > 1
        yield MissingRow(f"{name[:1].upper()}{name[1:]}", msg("every §") if all_of_them else listed(_spans(those)))


def _missing_of(item: Minuted) -> Iterator[Said]:
    """Yields the sentence that names what is not recorded of an item, if anything is not."""
    if lacking := [*_lacking(item)]:
        yield open_(msg("Not on record: {what}.", what=together(lacking)))


def _lacking(item: Minuted) -> Iterator[str]:
    """Yields the names of the facts that are not recorded of an item. A recommendation is a decision and an outcome."""
    aside = item.recused is not None or any(made.recused is not None for made in item.recommendations)
    decided = bool(item.recommendations)
    parts = (
        (item.concerns is not None, msg("whom it concerns")),
        (item.background is not None, msg("background")),
        (item.proposals is not None, msg("proposals")),
        (item.vote is not None, msg("vote")),
        (decided or item.text is not None, msg("wording of the decision")),
        (decided or item.outcome is not None, msg("outcome")),
        (bool(item.reservations), msg("reservations")),
        (aside, msg("recusals")),
        (item.documents is not None, msg("documents")),
    )
    return (name for there, name in parts if not there)


def _documents(documents: Iterable[MeetingDocument]) -> tuple[DocumentRow, ...]:
    return tuple(DocumentRow(one.title, one.document or not_recorded()) for one in documents)


def _recipients(found: MinutesOfMeeting) -> Iterator[RecipientRow]:
    for recipient, sent in found.dispatched.items():
        yield RecipientRow(_party(recipient), day_as_recorded(sent) if sent else open_(msg("not sent")))


def _unknown_recipients() -> Words:
    return open_(msg("No agreement is recorded, so that who is sent the minutes is not known."))


def _signatures(found: MinutesOfMeeting) -> Iterator[Signature]:
    one = found.standing
    yield Signature(
        msg("Chair"), who(found.signed_by or one.signing), day_as_recorded(found.signed) if found.signed else ""
    )
    yield Signature(msg("Adjuster"), who(one.adjustment), day_as_recorded(found.adjusted) if found.adjusted else "")
    yield Signature(msg("Secretary"), who(one.secretary) if one.secretary else str(not_recorded()))


def _signed_elsewhere(found: MinutesOfMeeting) -> tuple[DocumentRow, ...]:
    return (DocumentRow(msg("The minutes as signed elsewhere"), found.signed_file),) if found.signed_file else ()


def _recorded(found: MinutesOfMeeting) -> str:
    """Returns who signed the act that the meeting was held, and who recorded it, in one sentence."""
    entry = found.holding
    signed = signature_line(entry) or msg("unsigned")
    return msg(
        "That the meeting was held is entry {entry}, recorded {at:moment} by {who}, {signed}.",
        entry=entry.position, at=entry.recorded_at, who=entry.recorded_by, signed=signed,
    )  # fmt: skip


# How they are laid out


def _apart(lines: Iterable[Said]) -> list[Piece]:
    """Returns lines as paragraphs, which as neighbours they would not be: several lines are one list."""
    return [*(piece for line in lines for piece in ("", line)), ""]


def _attendance(context: MinutesContext) -> Iterator[Piece]:
    heads = (text("Name", keep=True), whole("Party", keep=True), text("Political party"), text("Remarks"))
    present = [(one.name, one.party, one.political_party, one.remarks) for one in context.present]
    yield title(msg("Present"))
    yield columns(*heads, rows=present)
    yield context.remote
    yield title(msg("Absent"))
    absent = [(one.name, one.party, one.political_party, one.remarks) for one in context.absent]
    yield context.no_absent or columns(*heads, rows=absent)
    yield title(msg("Experts"))
    experts = [(one.name, one.field) for one in context.experts]
    yield context.no_experts or columns(text("Name", keep=True), text("Field of expertise", keep=True), rows=experts)
    yield title(msg("Others present"))
    yield from [context.no_others] if context.no_others else (f"- {one}" for one in context.others)


def _of_item(item: ItemContext) -> Iterator[Piece]:
    """Yields an item under its §: each part a paragraph that begins with its label."""
    yield title(f"{item.paragraph}  {item.title}")
    about = msg("{item}. Concerns {parties}.", item=item.about, parties=item.concerns) if item.concerns else item.about
    yield in_role(about, "quiet")
    yield ""
    if item.background:
        yield from _labelled(msg("Background"), item.background)
    yield from _spoken(msg("Proposals"), item.proposals)
    if item.vote:
        yield from _labelled(msg("Vote"), item.vote)
    if item.decision:
        yield from _labelled(msg("Decision"), item.decision)
    if item.outcome:
        yield from _labelled(msg("Outcome"), item.outcome)
    yield from _apart([item.quashed] if item.quashed else [])
    for made in item.recommendations:
        yield from _of_recommendation(made)
    if item.recused:
        yield from _labelled(msg("Recused"), item.recused)
    yield from _spoken(msg("Reservations"), item.reservations)
    if item.documents:
        yield _table_of_documents(item.documents)
    yield from _apart((*item.none, *([item.adjusted] if item.adjusted else ())))


def _labelled(label: str, said: Said) -> Iterator[Piece]:
    """Yields what is said after its label, each line of it as a paragraph."""
    first, *others = [said] if isinstance(said, Words) else [in_role(one, "") for one in said.split("\n")]
    yield title(label) + in_role(" ", "") + first
    yield ""
    yield from _apart(others)


def _spoken(label: str, rows: Iterable[SpokenRow]) -> Iterator[Piece]:
    """Yields what each person said, as a list under its label."""
    for number, one in enumerate(rows):
        if not number:
            yield title(label) + in_role(":", "")
            yield ""
        told = msg("- {person}: {text}", person=one.by, text=str(one.text))
        yield open_(told) if isinstance(one.text, Words) else told
    yield ""


def _of_recommendation(made: RecommendationContext) -> Iterator[Piece]:
    yield from _labelled(msg("Recommendation {id}", id=made.id), made.text)
    yield from _apart([made.quashed] if made.quashed else [])
    yield from _apart([made.agreed, msg("Addressees: {parties}.", parties=made.addressees)])
    if made.recused:
        yield from _labelled(msg("Recused"), made.recused)


def _table_of_documents(rows: Iterable[DocumentRow]) -> Piece:
    told = [(one.title, one.digest) for one in rows]
    return columns(text("Title", keep=True), whole("Digest (SHA-256)"), rows=told)


def _ends(context: MinutesContext) -> Iterator[Piece]:
    yield title(msg("Documents sent with the notice"))
    yield context.no_documents or _table_of_documents(context.documents)
    yield title(msg("Distribution list"))
    rows = [(one.name, one.sent) for one in context.recipients]
    yield context.no_recipients or columns(whole("Recipient", keep=True), whole("Sent", keep=True), rows=rows)
    if context.missing:
        yield title(msg("Not on record"))
        gaps = [(one.what, one.paragraphs) for one in context.missing]
        yield columns(text("Fact", keep=True), text("Paragraphs", keep=True), rows=gaps)
    yield title(msg("Signatures"))
    yield from context.signatures
    if context.signed_elsewhere:
        yield _table_of_documents(context.signed_elsewhere)
    yield title(msg("In the ledger"))
    yield context.recorded
    yield ""
    yield Preformatted(str(context.checkpoint_is), context.checkpoint) if context.checkpoint else context.checkpoint_is
