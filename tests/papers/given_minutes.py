"""Ledgers whose meetings have minutes to print: one with everything in it, one with almost nothing, and a huge one."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from msgspec import Struct, structs

from ledger.book import Ledger
from ledger.events.seats import PersonRegistered
from ledger.events.shape import mentions
from ledger.integrity.checkpoints import origin
from ledger.integrity.keyfile import new_key
from ledger.messages import msg
from ledger.proof.checkpoint import Checkpoint, sign_checkpoint
from ledger.proof.tiles import tiled
from ledger.proof.tree import tree_root
from ledger.store.memory import MemoryStore
from papers.kinds import on_paper
from papers.making import make
from papers.paper import Ordered
from presentation.asking import Asking
from presentation.blocks import Words
from presentation.language import speaking
from tests.acts import ALL, called, events, expert, held, registered
from tests.given import NOON
from tests.given_working import (
    adjusted,
    cancelled,
    dispatched,
    duty_moved,
    handled,
    meeting,
    recommended,
    reserved,
    signed,
    sitting,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from ledger.events import Event
    from tests.acts import Acts

DAY = date(2025, 12, 31)
DIGEST = "ab" * 32
HOSTILE = (
    '#read("/etc/passwd") {{ x }}{% y %}{_{ z }_}{_% w %_} *x* _y_ $z$ <b>&amp; 👍 “q” \\n &#123; åäöÅÄÖßþðłžșğőćŧŋ'
)
LONG = ("Ett ärende som bereds, bordläggs och återkommer. " * 210)[:10_000].strip()


def under(event: Event, paragraph: str) -> Event:
    """Returns an event whose source names a paragraph."""
    return structs.replace(event, source=structs.replace(event.source, paragraph=paragraph))


def ledger(*acts: Acts) -> Ledger:
    """Returns a ledger of acts, and of the registration of each person in them."""
    said = events(*acts)
    known = {event.person for event in said if isinstance(event, PersonRegistered)}
    named = {str(one.id) for event in said for one in mentions(event) if one.shape.tag == "person"}
    found = Ledger(MemoryStore(), lambda: NOON)
    found.record([*said, *(registered(one) for one in sorted(named - known))], by="sekretariatet")
    return found


def checkpoint(of: Ledger, size: int) -> str:
    """Signs the first entries of a ledger, keeps the checkpoint in it and returns its note."""
    store = of.store
    root = tree_root(size, tiled(store.tile))
    note = sign_checkpoint(Checkpoint(origin(store.ledger_id), size, root), new_key(origin(store.ledger_id)))
    store.keep_checkpoint(size, note)
    return note


def ordered(of: Ledger, which: str, on: date = DAY, known_at: int | datetime | None = None) -> Ordered:
    timeline = of.timeline(known_at)
    asked = Asking(timeline=timeline, recorded=timeline, on=on, names=of.names, assumed={}, warn=lambda _: None)
    return Ordered(asked, which, of)


def paper(
    of: Ledger, kind: str, which: str, form: str, *, lang: str = "en", template: Mapping[str, bytes] = {}, **asked: Any
) -> bytes:
    """Returns a paper in a form and a language."""
    with speaking(lang):
        return make(kind, ordered(of, which, **asked), form, template).data


def texts(make_context: Callable[[Ordered], Any], of: Ledger, which: str) -> list[str]:
    """Returns every text of a template's context, in English, with persons as papers name them."""
    asked = ordered(of, which)
    with speaking("en"), on_paper(asked.asked):
        return [*_leaves(make_context(asked))]


def _leaves(value: Any) -> Iterator[str]:
    if isinstance(value, Struct) and not isinstance(value, Words):
        for name in value.__struct_fields__:
            yield from _leaves(getattr(value, name))
    elif isinstance(value, tuple):
        for one in value:
            yield from _leaves(one)
    elif value is not None:
        yield msg("{day:long}", day=value) if isinstance(value, date) else str(value)


@cache
def full() -> Ledger:
    """Returns a ledger whose meeting m2 has everything that minutes can hold, after m1, whose items are §§ 1 and 2."""
    two = [{"number": 1, "title": "Läget", "kind": "information"}, {"number": 2, "title": "Val", "kind": "election"}]
    agenda = [
        {"number": 1, "title": "Regional utvecklingsstrategi", "kind": "recommendation",
         "concerns": ["sala", "Vretens byalag"]},
        {"number": 2, "title": "Omvärldsbevakning", "kind": "information"},
        {"number": 3, "title": "Nästa möte", "kind": "procedure", "continues": "m1/2"},
    ]  # fmt: skip
    first = under(handled("m1", "2025-01-20", 1, "noted"), "§ 1")
    second = under(handled("m1", "2025-01-20", 2, "adjourned"), "2")
    signature = signed("m2", "2025-03-06")
    return ledger(
        sitting(10),
        expert("expert-1", "2024-01-01"),
        meeting("m1", "2025-01-20", agenda=two),
        first,
        second,
        called("m2", "2025-02-10", "2025-03-01", agenda=agenda,
               documents=[{"title": "Tjänsteskrivelse", "document": DIGEST}]),
        held(
            "m2", "2025-03-01", present=["region-1", "sala-1", "koping-1", "koping-2", "arboga-1"], remote=["koping-1"],
            experts=["expert-1", "guest-1"], others=["Vera Vittne, Prövstads tidning"], opened_at="09:00",
            closed_at="11:30", secretary="Sture Skrivare",
        ),
        under(
            handled(
                "m2", "2025-03-01", 1, "decided", text="Beredningen rekommenderar strategin.",
                background="Strategin har beretts sedan hösten 2024.",
                proposals=[{"by": "sala-1", "text": "Bifall till förslaget."}, {"by": "koping-1", "text": "Avslag."}],
                vote={"for": 3, "against": 1, "abstained": 0}, recused=["arboga-1"],
                documents=[{"title": "Strategi", "document": "cd" * 32}, {"title": "Muntlig föredragning"}],
            ),
            "§ 4",
        ),
        structs.replace(reserved("m2", "2025-03-01", "koping-1"), text="Strategin saknar mål för tåget."),
        reserved("m2", "2025-03-01", "koping-2"),
        recommended("r1", "m2", "2025-03-01", to=["sala", "region"], text="Anta strategin", consensus=False,
                    dissent=["koping-1"], recused=["arboga-1"]),
        handled("m2", "2025-03-01", 2, "noted"),
        adjusted("m2", "2025-03-01", items=[1]),
        duty_moved("m2", "2025-03-05", "adjustment", "sala-2"),
        structs.replace(signature, source=structs.replace(signature.source, document="ef" * 32)),
        adjusted("m2", "2025-03-10", by="sala-2"),
        dispatched("m2", "2025-03-12", [*sorted(ALL)[:9], "Vretens byalag"]),
        meeting("m3", "2025-06-01"),
        called("m4", "2025-06-10", "2025-09-01"),
        cancelled("m4", "2025-08-01"),
    )  # fmt: skip


@cache
def bare() -> Ledger:
    """Returns a ledger with one meeting that was held without a call, and nothing else about it."""
    return ledger(sitting(), held("m1", "2025-03-01"))


@cache
def huge() -> Ledger:
    """Returns a ledger with a meeting of 200 items and 60 persons, with long and hostile texts."""
    agenda = [{"number": one, "title": f"{HOSTILE} {one}"[:150], "kind": "procedure"} for one in range(1, 201)]
    crowd = ["region-1", *(f"gast-{one}" for one in range(59))]
    names = [registered(one, name=f"Åke-Łukasz von {one.title()} {'x' * 40}") for one in crowd]
    long = {"text": LONG, "background": LONG}
    items = [handled("m1", "2025-03-01", one, "decided", **long) for one in range(1, 201, 20)]
    return ledger(sitting(), names, called("m1", "2025-02-01", "2025-03-01", agenda=agenda),
                  held("m1", "2025-03-01", present=crowd, others=[HOSTILE, LONG]), items)  # fmt: skip
