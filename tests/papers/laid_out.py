"""Lays papers out of timelines and of ledgers, and reads what they say."""

from __future__ import annotations

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pymupdf

from ledger.book import Ledger
from ledger.store.places import open_store
from papers.kinds import made
from papers.paper import Chart, Foot, Letterhead, Ordered, Preformatted
from papers.pdf import pdf_of
from presentation.asking import Asking
from presentation.blocks import Columns
from presentation.phrases import short_name
from tests.acts import TERMS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.timeline import Timeline
    from papers.paper import Paper
    from tests.desk import Desk

FOOT = Foot(
    ledger="0" * 32, size=1, root="A" * 43 + "=", on=date(2026, 1, 15), moment=datetime(2026, 1, 1, tzinfo=UTC),
    version="1.0",
)  # fmt: skip
HEAD = Letterhead(None, "Body", "Prov")
OPENS: Any = pymupdf.open  # it has no types
# What a template, a browser or a font could trip over: code of typst, marks of typst and of HTML, and rare letters.
HOSTILE = '#read("/etc/passwd") *x* _y_ $z$ <b>hej</b> \\ "q" {{ 7 * 7 }} 😀 Łódź Ђорђе Ελλάδα ÅÄÖ åäö ß ø'
LONG = ("Ärendet bereds vidare i samverkan. " * 290)[:10_000].strip()  # as long as a text may be


def ordered(timeline: Timeline, which: str = "", on: str = "2026-01-15", **end: Any) -> Ordered:
    """Returns what a paper of a timeline is made of, in a ledger that holds no checkpoint."""
    ledger = cast("Ledger", SimpleNamespace(store=SimpleNamespace(checkpoints=list)))
    return Ordered(_asked(timeline, on, {}), which, ledger, **end)


def under(source: Ordered, **readings: str) -> Ordered:
    """Returns what a paper is made of under assumed readings, whose questions have _ for -."""
    assumed = {question.replace("_", "-"): reading for question, reading in readings.items()}
    asked = source.asked
    return source._replace(asked=asked._replace(timeline=asked.recorded.under(assumed), assumed=assumed))


def ordered_of(desk: Desk, which: str = "", on: str = "2026-01-15") -> Ordered:
    """Returns what a paper of a desk's ledger is made of."""
    ledger = Ledger(open_store(desk.ledger), lambda: datetime.now(UTC))
    asked = _asked(ledger.timeline(), on, ledger.names())
    return Ordered(asked, which, ledger)


def _asked(timeline: Timeline, on: str, names: Any) -> Asking:
    return Asking(timeline, timeline, date.fromisoformat(on), lambda: names, {}, lambda _: None)


def pdf(paper: Paper) -> bytes:
    return pdf_of(paper, FOOT, HEAD)


def text_of(data: bytes) -> str:
    """Returns the text of all pages of a PDF, with single spaces."""
    with OPENS(stream=data) as opened:
        return _plain(" ".join(page.get_text() for page in opened))


def pages_of(data: bytes) -> list[str]:
    with OPENS(stream=data) as opened:
        return [_plain(page.get_text()) for page in opened]


def _plain(text: str) -> str:
    return " ".join(text.replace("\u00ad\n", "").split())


def shown(party: str) -> str:
    """Returns a party as papers show it."""
    own = TERMS.party(party)
    return short_name(party, own.name) if own else party


def said(kind: str, source: Ordered) -> str:
    """Returns the title, the facts and the body of a paper as text, and checks that it can be set as a PDF."""
    paper = made(kind, source)
    assert pdf(paper).startswith(b"%PDF")
    return "\n".join(_said(paper))


def _said(paper: Paper) -> Iterator[str]:
    yield paper.title
    yield from (f"{label}: {value}" for label, value in paper.facts)
    for piece in paper.body:
        if isinstance(piece, Columns):
            yield " | ".join(one.heading for one in piece.columns)
            yield from (" | ".join(map(str, row)) for row in piece.rows)
        elif isinstance(piece, Chart):
            yield piece.alternative
        elif isinstance(piece, Preformatted):
            yield piece.text
        else:
            yield str(piece)
