"""The meetings of a year, as blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.messages import msg, term, who
from presentation.blocks import Words, columns, number, open_, text, title, whole
from presentation.phrases import foot
from presentation.words import party_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from presentation.blocks import Part
    from projections.meetings import MeetingOfYear, Meetings, Recommended


def meetings(answer: Meetings) -> list[Part]:
    """Returns the meetings of a year, with the steps taken for each meeting and the steps still open."""
    parts: list[Part] = [title(_head(answer)), ""]
    rows = [(
        one.meeting, str(one.meets_on or ""), term("meeting-status", one.status), _notice(one), who(one.chaired_by),
        str(len(one.present)) if one.status == "held" else "", *_minutes(one),
    ) for one in answer.meetings]  # fmt: skip
    table = columns(
        whole("Meeting"), whole("Day", keep=True), whole("Status", keep=True), whole("Notice"), whole("Chaired by"),
        number("Present"), whole("Signed"), whole("Adjusted"), text("Not sent to"), rows=rows,
    )  # fmt: skip
    parts.append(table)
    if answer.required is None:
        parts.append(open_(msg("The number of meetings required is unknown: there is no version of the agreement.")))
    parts += [
        open_(
            msg(
                "{meeting}: its day, {day}, has passed, and it is not recorded as held, moved or cancelled",
                meeting=one.meeting, day=one.meets_on,
            )
        )
        for one in answer.meetings
        if one.meeting in answer.unsaid
    ]  # fmt: skip
    for one in answer.meetings:
        parts += _remarks(one)
    parts += [*_requests(answer), *_open_items(answer), *_paragraphs(answer)]
    return [*parts, *foot(answer.known_at, answer.uncertain)]


def sentence(answer: Meetings) -> str:
    """Returns how many meetings of the year were held and called, in one sentence."""
    held, year, called, on = answer.held, answer.year, answer.called, answer.on
    if answer.required:
        return msg(
            "By {on:long} the body had held {held} of the {required:meeting|meetings} required in {year}, and"
            " {called:more was|more were|no more was} called.",
            on=on, held=held, required=answer.required, year=year, called=called,
        )  # fmt: skip
    return msg(
        "By {on:long} the body had held {held:meeting|meetings|no meeting} in {year}, and"
        " {called:more was|more were|no more was} called.",
        on=on, held=held, year=year, called=called,
    )  # fmt: skip


def _head(answer: Meetings) -> str:
    held, year, called, on = answer.held, answer.year, answer.called, answer.on
    if answer.required:
        return msg(
            "{held} of {required:meeting|meetings} held in {year}, {called} called, on {on}",
            held=held, required=answer.required, year=year, called=called, on=on,
        )  # fmt: skip
    return msg(
        "{held:meeting|meetings} held in {year}, {called} called, on {on}", held=held, year=year, called=called, on=on
    )


def _requests(answer: Meetings) -> list[Part]:
    rows = [
        (one.request, one.on, msg("{count} of {members}", count=one.count, members=one.of),
         msg("binding") if one.binding else msg("not binding"),
         one.meeting or (open_(msg("none called")) if one.binding else ""), one.matter)
        for one in answer.requests
    ]  # fmt: skip
    heads = (whole("Request"), whole("On"), whole("By"), whole("Weight"), whole("Meeting"), text("Matter", keep=True))
    return ["", columns(*heads, rows=rows)] if rows else []


def _open_items(answer: Meetings) -> list[Part]:
    rows = [
        (one.meeting, str(one.item), one.title or "", term("outcome", one.outcome), str(one.since))
        for one in answer.open_items
    ]
    heads = (whole("Left over from"), whole("Item", keep=True), text("Title", keep=True), whole("Outcome"),
             whole("Since"))  # fmt: skip
    return ["", columns(*heads, rows=rows)] if rows else []


def _paragraphs(answer: Meetings) -> list[Part]:
    """Returns a line that counts the year's recorded minute paragraphs (§§) and lists the paragraphs missing in
    between.

    Returns nothing when no source names a paragraph.
    """
    if not answer.paragraphs.recorded:
        return []
    year, recorded = answer.year, answer.paragraphs.recorded
    if not answer.paragraphs.missing:
        return [
            "",
            msg("Paragraphs of {year} that entries name: {recorded}, none missing", year=year, recorded=recorded),
        ]
    missing = tuple(_runs([int(one.removeprefix("§ ")) for one in answer.paragraphs.missing]))
    said = msg(
        "Paragraphs of {year} that entries name: {recorded}; missing: {missing}",
        year=year, recorded=recorded, missing=missing,
    )  # fmt: skip
    return ["", open_(said)]


def _runs(numbers: list[int]) -> Iterator[str]:
    """Yields a text for each run of consecutive paragraph numbers, such as § 5 or §§ 7–9."""
    first = last = numbers[0]
    for paragraph in [*numbers[1:], 0]:
        if paragraph == last + 1:
            last = paragraph
            continue
        yield f"§ {first}" if first == last else f"§§ {first}–{last}"
        first = last = paragraph


def _notice(one: MeetingOfYear) -> str | Words:
    return open_(msg("none")) if one.notice_days is None else msg("{notice:day|days}", notice=one.notice_days)


def _minutes(one: MeetingOfYear) -> tuple[str | Words, str | Words, str | Words]:
    if one.status != "held":
        return "", "", ""
    missing = [recipient for recipient, sent in one.minutes.dispatched.items() if sent is None]
    every = len(missing) == len(one.minutes.dispatched)
    return (
        str(one.minutes.signed) if one.minutes.signed else open_(_not_by(one.signing)),
        str(one.minutes.adjusted) if one.minutes.adjusted else open_(_not_by(one.adjustment)),
        open_(msg("anyone") if every else ", ".join(map(party_text, missing))) if missing else msg("all sent"),
    )


def _not_by(person: str | None) -> str:
    return msg("not by {person}", person=who(person))


def _remarks(one: MeetingOfYear) -> list[Part]:
    """Returns the lines below the table about one meeting: remote attendance, a new adjuster, added items,
    recommendations.
    """
    meeting = one.meeting
    said: list[Part] = []
    if one.extra:
        said.append(msg("{meeting}: extra, held only because it was requested", meeting=meeting))
    if one.remote:
        said.append(msg("{meeting}: took part remotely: {persons:who}", meeting=meeting, persons=one.remote))
    if one.adjustment != one.adjuster:
        adjusts = msg(
            "{meeting}: {person} adjusts the minutes instead of {other}",
            meeting=meeting, person=who(one.adjustment), other=who(one.adjuster),
        )  # fmt: skip
        said.append(adjusts)
    if one.signing != one.chaired_by:
        signs = msg(
            "{meeting}: {person} signs the minutes instead of {other}",
            meeting=meeting, person=who(one.signing), other=who(one.chaired_by),
        )  # fmt: skip
        said.append(signs)
    if one.status == "held" and one.notice_sent is None:
        said.append(open_(msg("{meeting}: held without a call", meeting=meeting)))
    return [*said, *_of_items(one), *_recommendations(one)]


def _of_items(one: MeetingOfYear) -> list[Part]:
    meeting = one.meeting
    said: list[Part] = []
    if one.status == "held" and one.notice_sent is not None:
        said += [
            msg(
                "{meeting}: item {number} was added at the table: {title}",
                meeting=meeting, number=item.number, title=item.title,
            )
            for item in one.agenda
            if item.added
        ]  # fmt: skip
    for item in one.agenda:
        if item.reservations:
            reserved = msg(
                "{meeting}: item {number}, reservations: {persons:who}",
                meeting=meeting, number=item.number, persons=item.reservations,
            )  # fmt: skip
            said.append(reserved)
        if item.adjusted and not one.minutes.adjusted:
            adjusted = msg(
                "{meeting}: item {number} was adjusted at once, on {day}",
                meeting=meeting, number=item.number, day=item.adjusted,
            )  # fmt: skip
            said.append(adjusted)
    return said


def _recommendations(one: MeetingOfYear) -> list[Part]:
    said: list[Part] = []
    for made in one.recommendations:
        said.append(_recommended(one.meeting, made))
        answers = {party: answer for party, answer in made.answers.items() if answer}
        if answers:
            given = tuple(msg("{party} {answer}", party=party, answer=answer) for party, answer in answers.items())
            said.append(f"    {msg('answered: {answers}', answers=given)}")
        if missing := tuple(party for party in made.answers if party not in answers):
            said.append(open_(f"    {msg('no answer yet: {parties}', parties=missing)}"))
    return said


def _recommended(meeting: str, made: Recommended) -> str:
    if made.consensus:
        return msg(
            "{meeting}: recommended {recommendation} by consensus: {text}",
            meeting=meeting, recommendation=made.recommendation, text=made.text,
        )  # fmt: skip
    if not made.dissent:
        return msg(
            "{meeting}: recommended {recommendation} without consensus: {text}",
            meeting=meeting, recommendation=made.recommendation, text=made.text,
        )  # fmt: skip
    return msg(
        "{meeting}: recommended {recommendation} without {persons:who}: {text}",
        meeting=meeting, recommendation=made.recommendation, persons=made.dissent, text=made.text,
    )  # fmt: skip
