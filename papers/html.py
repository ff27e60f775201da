"""A paper as one HTML file, with its style in it, so that it can be sent and kept alone."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from itertools import groupby
from typing import TYPE_CHECKING, Any

from jinja2 import BaseLoader, Environment, StrictUndefined
from markupsafe import Markup

from papers.paper import Chart, NewPage, Preformatted, Signature
from presentation.language import current
from presentation.render.html import Links, html_of
from presentation.words import visible_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jinja2 import Template

    from papers.paper import Foot, Letterhead, Paper, Piece

NOWHERE = Links(lambda _: None, str, lambda _: None, lambda _: None)  # on paper, nothing leads anywhere
ALONE: dict[type, str] = {Chart: "chart", NewPage: "page", Preformatted: "preformatted", Signature: "signatures"}


def html_of_paper(paper: Paper, foot: Foot, head: Letterhead) -> bytes:
    """Returns a paper as a whole HTML document in UTF-8."""
    text: str = _template().render(
        paper=paper,
        head=head,
        foot=(foot.said(), *foot.lines()),
        language=current(),
        facts=[(label, _blocks([text])) for label, text in paper.facts],
        body=[*_body(paper.body)],
        style=Markup((files("papers") / "templates" / "paper.css").read_text("utf-8")),  # noqa: S704 - our own
    )
    return text.encode()


def _body(pieces: tuple[Piece, ...]) -> Iterator[dict[str, Any]]:
    for kind, group in groupby(pieces, key=lambda one: ALONE.get(type(one), "blocks")):
        own = [*group]
        if kind == "blocks":
            yield {"kind": kind, "html": _blocks(own)}
        else:
            yield {"kind": kind, "own": own, "most": _most(own)}


def _most(own: list[Piece]) -> int:
    return max((bar.value for one in own if isinstance(one, Chart) for bar in one.bars), default=0) or 1


def _blocks(parts: list[Any]) -> Markup:
    return Markup(html_of(parts, NOWHERE))  # noqa: S704 - it escapes the texts itself


def _shown(value: Any) -> Any:
    """Returns a text without letters that are invisible or turn others; HTML that is made of blocks is so already."""
    return value if isinstance(value, Markup) or not isinstance(value, str) else visible_lines(value)


@cache
def _template() -> Template:
    environment = Environment(loader=BaseLoader(), autoescape=True, finalize=_shown, undefined=StrictUndefined,
                              trim_blocks=True, lstrip_blocks=True)  # fmt: skip
    return environment.from_string((files("papers") / "templates" / "paper.html").read_text("utf-8"))
