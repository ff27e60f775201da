"""A paper before it is rendered: its title, the facts under it, its body in pieces, and what its foot says."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct

from ledger.errors import BadInput
from ledger.integrity.checkpoints import last_checkpoint, root_of
from ledger.messages import msg, term
from ledger.state.agreement import life, names_of_parties, proposals
from presentation.blocks import Columns, Words, open_
from presentation.program import program_version

if TYPE_CHECKING:
    from collections.abc import Callable

    from ledger.book import Ledger
    from ledger.timeline import Timeline
    from presentation.asking import Answer, Asking


class Proved(NamedTuple):
    """What an extract is of beside its day and moment: the answer, the sentences that stand beside it, and the note of
    the checkpoint under which its entries are proved. A streamed answer is read once, so `again` asks for it anew.
    """

    answer: Answer
    again: Callable[[], Answer]
    warnings: tuple[str, ...]
    note: str


class Ordered(NamedTuple):
    """What a paper is made of: the question's input, what it is about, such as `m1/3`, and the ledger itself.

    A settlement is one of the end that would come if `if_withdraws` withdrew, on the day `ends_on`, if they are given.
    `proved` is what an extract is of.
    """

    asked: Asking
    which: str
    ledger: Ledger
    if_withdraws: str | None = None
    ends_on: date | None = None
    proved: Proved | None = None


class Signature(Struct, frozen=True):
    """A line to sign on: what for, who signs, and in words the day on which it was signed, or "" while it is not."""

    what: str
    name: str
    day: str = ""


class Bar(Struct, frozen=True):
    """One bar of a chart: its label, its length, and the text of its value. A `wrong` one is about what is missing."""

    label: str
    value: int
    text: str
    wrong: bool = False


class Chart(Struct, frozen=True):
    """A chart of horizontal bars. `alternative` says in words what it shows, for whoever does not see it."""

    caption: str
    alternative: str
    bars: tuple[Bar, ...]


class Preformatted(Struct, frozen=True):
    """Text whose lines are kept as they are, such as a checkpoint. `meaning` says what it is."""

    meaning: str
    text: str


class NewPage(Struct, frozen=True):
    """What follows begins on a new page."""


Piece = str | Words | Columns | Chart | Preformatted | NewPage | Signature


class Paper(Struct, frozen=True, kw_only=True):
    """A paper. `facts` are pairs (label, value) under the title, and `sender` the party whose letterhead it has, or
    None for that of the body. A text alone is a paragraph, and one whose role is `title` a heading.
    """

    kind: str
    title: str
    sender: str | None = None
    facts: tuple[tuple[str, str | Words], ...] = ()
    body: tuple[Piece, ...] = ()


class Foot(Struct, frozen=True, kw_only=True):
    """What stands at the foot of each page: by which a paper is made again, and compared with the ledger.

    `root` is the root in base64 of the tree of the first `size` entries, the last of which was recorded at `moment`.
    """

    ledger: str
    size: int
    root: str
    on: date
    moment: datetime
    version: str

    def lines(self) -> tuple[str, str]:
        """Returns the two lines of the foot of each page, to which the page adds its number."""
        return (
            msg("Ledger {ledger} @{size}, root {root}", ledger=self.ledger, size=self.size, root=self.root),
            f"{self.on} · liggare {self.version}".rstrip(),
        )

    def said(self) -> str:
        """Returns in words what the foot says, for the end of the paper: whoever has it read aloud hears no feet."""
        return msg(
            "This paper shows the state on {on:long} as the first {size:entry|entries} of the ledger {ledger} tell it."
            " The root of these entries is {root}. One signer; no witness.",
            on=self.on, size=self.size, ledger=self.ledger, root=self.root,
        )  # fmt: skip


def foot_of(ordered: Ordered) -> Foot:
    """Returns the foot of a paper. Raises BadInput for an empty ledger, of which no paper can be made."""
    timeline, store = ordered.asked.timeline, ordered.ledger.store
    if not timeline.head:
        raise BadInput([(None, msg("there is no entry yet that a paper could be made of"))])
    return Foot(
        ledger=store.ledger_id,
        size=timeline.head,
        root=root_of(store, timeline.head),
        on=ordered.asked.on,
        moment=datetime.fromisoformat(timeline.at(timeline.head).recorded_at),
        version=program_version(),
    )


class Letterhead(NamedTuple):
    """Whose paper it is: the party that sends it, or None for the body, its name, and the agreement's title."""

    party: str | None
    name: str
    agreement: str


def letterhead(ordered: Ordered, sender: str | None) -> Letterhead:
    """Returns the letterhead of the party that sends a paper, or of the body for None."""
    timeline, on = ordered.asked.timeline, ordered.asked.on
    title = title_of(timeline, on)
    name = names_of_parties(timeline, on).get(sender, sender) if sender else term("organ", "body")
    return Letterhead(sender, name if sender else f"{name[:1].upper()}{name[1:]}", title)


def title_of(timeline: Timeline, on: date) -> str:
    """Returns the title of the agreement: that of the version in force on a day, or last in force, else of the first
    wording. Returns "" if no version is recorded.
    """
    known = proposals(timeline)
    begun = [one.version for one in life(timeline).in_force if one.since <= on]
    version = begun[-1] if begun else min(known, default=None)
    return known[version].event.title if version is not None else ""


def flowing(text: str) -> str:
    """Returns a text of several lines as one."""
    return " ".join(text.split())


def newest_checkpoint(ordered: Ordered) -> tuple[str | Words, str]:
    """Returns what the newest stored checkpoint of at most the paper's entries is, and its note, or that there is none
    and "".

    Whoever keeps the paper can hold the ledger against it later. No signature is checked. Raises Tampered for a note
    that cannot be read as a checkpoint.
    """
    newest = last_checkpoint(ordered.ledger.store, ordered.asked.timeline.head)
    if newest is None:
        return open_(msg("No checkpoint of these entries has been signed.")), ""
    checkpoint, note = newest
    meaning = msg(
        "The newest checkpoint, of the first {size:entry|entries}. Whoever keeps it can later prove that none of them"
        " was changed.",
        size=checkpoint.size,
    )
    return meaning, note.rstrip()
