"""How papers look: the pages of each kind, of the demo's ledger, as pictures that somebody has looked at.

The demo's ledger has another id and root each time, which the tolerance leaves room for, and for nothing larger.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pymupdf
import pytest

from tests.desk import Desk, at_a_desk
from tests.papers.printed import ORDERS, Order, made

if TYPE_CHECKING:
    from collections.abc import Iterator

GOLDEN = Path(__file__).parent / "golden"
DPI, STRONG = 50, 64  # dots an inch, and the difference of two greys, of 255, that is seen
MOST = 0.012  # of the dots of a page, which may differ: ids, roots, digests and a checkpoint are up to 0.7 %


@pytest.fixture(scope="module")
def desk(demo: Desk, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with at_a_desk(tmp_path_factory.mktemp("looks")) as own:
        own.goes_on(demo).began("2026-04-14").does("checkpoint")
        yield own


def pages(data: bytes) -> list[Any]:
    document: Any = pymupdf.open(stream=data)  # type: ignore[no-untyped-call]
    return [page.get_pixmap(dpi=DPI, colorspace=pymupdf.csGRAY) for page in document]


def differing(one: Any, other: Any) -> float:
    """Returns how much of two pages differs, from 0 to 1."""
    if (one.width, one.height) != (other.width, other.height):
        return 1.0
    dots = zip(one.samples, other.samples, strict=True)
    return float(sum(abs(here - there) > STRONG for here, there in dots) / len(one.samples))


@pytest.mark.parametrize("order", ORDERS, ids=[order.kind for order in ORDERS])
def test_a_paper_looks_as_it_did(order: Order, desk: Desk, rewrite_golden: bool) -> None:
    found = pages(made(desk, order, "pdf"))
    if rewrite_golden:
        for old in GOLDEN.glob(f"{order.kind}-[0-9]*.png"):
            old.unlink()
        for number, page in enumerate(found, 1):
            page.save(GOLDEN / f"{order.kind}-{number}.png")

    names = [f"{order.kind}-{number}.png" for number in range(1, len(found) + 1)]
    kept = [pymupdf.Pixmap(str(GOLDEN / name)) for name in names]  # type: ignore[no-untyped-call]
    assert len([*GOLDEN.glob(f"{order.kind}-[0-9]*.png")]) == len(found)
    differ = {name: differing(*both) for name, *both in zip(names, found, kept, strict=True)}
    assert {name: much for name, much in differ.items() if much > MOST} == {}


def test_a_line_more_is_noticed(desk: Desk) -> None:
    one, other = (pages(made(desk, ORDERS[7]._replace(on=on), "pdf"))[0] for on in ("2025-06-01", "2023-01-01"))

    assert differing(one, one) == 0
    assert differing(one, other) > MOST
