"""A paper in the form that its file's ending asks for: PDF, HTML or Word."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from msgspec import structs

from papers.kinds import KINDS, made, on_paper
from papers.paper import foot_of, letterhead
from papers.readings import supposing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from papers.paper import Ordered

ENDINGS = ("pdf", "html", "docx")


class Made(NamedTuple):
    """A paper as it is written to a file: its bytes, and how many entries it is made of."""

    data: bytes
    size: int


def forms_of(kind: str) -> tuple[str, ...]:
    """Returns the endings of the files in which a kind of paper can be made."""
    return ENDINGS[:1] if KINDS[kind].proof else ENDINGS if KINDS[kind].word else ENDINGS[:2]


def make(kind: str, ordered: Ordered, form: str, template: Mapping[str, bytes] = {}) -> Made:
    """Returns a paper in a form of `forms_of`. The same ledger, day, moment, language and program give the same bytes.

    `template` holds the files by name that stand in for our own. Raises BadInput for a paper that cannot be made.
    """
    foot = foot_of(ordered)
    if KINDS[kind].proof:
        from papers.extract import extract

        return Made(extract(ordered), foot.size)
    with on_paper(ordered.asked):
        if form == "docx":
            from papers.word import context, docx_of

            return Made(docx_of(kind, context(kind, ordered, foot), template), foot.size)
        first = supposing(ordered.asked.assumed)
        paper = made(kind, ordered)
        paper = structs.replace(paper, body=(*first, "", *paper.body) if first else paper.body)
        head = letterhead(ordered, paper.sender)
        if form == "pdf":
            from papers.pdf import pdf_of

            return Made(pdf_of(paper, foot, head, template), foot.size)
        from papers.html import html_of_paper

        return Made(html_of_paper(paper, foot, head), foot.size)
