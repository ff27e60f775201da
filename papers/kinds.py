"""The kinds of papers: what each is about, how it is made, and the forms that it has."""

from __future__ import annotations

from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

from ledger.messages import CATALOGUE, ENGLISH
from papers.english import PAPER_ENGLISH
from presentation.phrases import PERSON, naming, plainly
from presentation.words import ON_PAPER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from papers.paper import Ordered, Paper
    from presentation.asking import Asking


class Kind(NamedTuple):
    """A kind of paper. `takes` is the id it takes, as help shows it, or "" for none. `make` names the function in
    `papers` that makes it, as MODULE:FUNCTION. `word` is whether it has a form for Word, and `proof` whether it is made
    as a PDF alone, since it carries its proof as attachments.
    """

    takes: str
    make: str
    word: bool = False
    proof: bool = False


KINDS = {
    "notice": Kind("MEETING", "notice:notice", word=True),
    "minutes": Kind("MEETING", "minutes:minutes", word=True),
    "minutes-extract": Kind("MEETING/ITEM", "minutes:extract"),
    "report": Kind("HALF_YEAR", "report:report"),
    "claim": Kind("YEAR/INSTALMENT/PARTY", "claim:claim"),
    "account": Kind("PARTY", "account:account"),
    "settlement": Kind("", "settlement:settlement"),
    "council": Kind("", "council:council"),
    "year": Kind("YEAR", "year:year"),
    "extract": Kind("QUESTION", "extract:extract", proof=True),
}


def made(kind: str, ordered: Ordered) -> Paper:
    """Returns a paper. Raises BadInput where there is nothing of which it can be made, and NoSuch for an unknown id."""
    module, function = KINDS[kind].make.split(":")
    make: Callable[[Ordered], Paper] = getattr(import_module(f".{module}", __package__), function)
    with on_paper(ordered.asked):
        return make(ordered)


@contextmanager
def on_paper(asked: Asking) -> Iterator[None]:
    """Shows persons, within the `with` block, by the names of the day alone, and without the ids that only we use.

    A person whose name was disposed of is shown by the id, and that it was. A text keeps its lines. In English, parties
    have names and words have no hyphens of ids, as papers in other languages have them by their catalogues.
    """
    lines = ON_PAPER.set(True)
    person = PERSON.set(lambda person, name: name or plainly(person, name))
    words = CATALOGUE.get()
    english = CATALOGUE.set(PAPER_ENGLISH if words is ENGLISH else words)
    try:
        with naming(asked.timeline, asked.on, asked.names):
            yield
    finally:
        CATALOGUE.reset(english)
        PERSON.reset(person)
        ON_PAPER.reset(lines)
