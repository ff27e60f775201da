"""One paper of each kind, of the demo's ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from tests.desk import Desk


class Order(NamedTuple):
    """A kind of paper, what it is about, and the day asked about."""

    kind: str
    which: str
    on: str


ORDERS = (
    Order("notice", "srb-2025-1", "2025-02-01"),
    Order("minutes", "srb-2025-1", "2025-03-01"),
    Order("minutes-extract", "srb-2025-1/1", "2025-03-01"),
    Order("report", "2025H1", "2025-09-01"),
    Order("claim", "2025/1/sala", "2025-01-20"),
    Order("account", "norberg", "2025-09-01"),
    Order("settlement", "", "2026-04-14"),
    Order("council", "", "2025-06-01"),
    Order("year", "2025", "2026-04-14"),
    Order("extract", "council --on 2025-06-01", ""),
)


def made(desk: Desk, order: Order, form: str, lang: str = "sv") -> bytes:
    """Returns the paper in a form and a language, as the command line writes it."""
    file = f"{order.kind}.{lang}.{len([*desk.folder.iterdir()])}.{form}"
    day = ("--on", order.on) if order.on else ()
    desk.does("paper", order.kind, *([order.which] if order.which else []), *day, "--lang", lang, "-o", file)
    return (desk.folder / file).read_bytes()
