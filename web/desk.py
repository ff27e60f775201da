"""What a request reads: the ledger, where its reader stands, and the language of the answer."""

from __future__ import annotations

import re
from functools import cache
from hashlib import sha256
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from ledger.errors import BadInput
from ledger.sweden import day_of
from presentation.asking import Asking
from presentation.language import LANGUAGES, current
from presentation.program import program_version
from web.questions import Given
from web.standpoint import parameters, standpoint
from web.withheld import REFUSED, Names, answer_without, as_none, in_words, without

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from starlette.requests import Request

    from ledger.book import Ledger
    from ledger.timeline import Timeline
    from presentation.asking import Answer
    from web.standpoint import Standpoint

_WEIGHT = re.compile(r"q\s*=\s*(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)")  # RFC 9110 section 12.4.2

program = cache(program_version)  # read from the disk once, and not for each answer


class Reading(NamedTuple):
    """One request for an answer: where its reader stands, and the timelines of then and of now.

    `whole` is the timeline of everything recorded, and `notes` are sentences to show beside the answer. `public` are
    the names that the public is shown, or None for a reader from whom nothing is withheld.
    """

    ledger: Ledger
    at: Standpoint
    given: Given
    asking: Asking
    whole: Timeline
    notes: list[str]
    public: Names | None = None

    def answer(self, found: Answer) -> Answer:
        """Returns an answer as this reader is shown it."""
        return found if self.public is None else answer_without(found, self.public)

    def without(self, found: Any) -> Any:
        """Returns values of an answer as this reader is shown them, in which a sign stands for what is withheld."""
        return found if self.public is None else without(found, self.public)

    def plain(self, document: Any) -> Any:
        """Returns values of `without`, made into plain data, with None for what is withheld."""
        return document if self.public is None else as_none(document)

    def words(self, text: str) -> str:
        """Returns values of `without`, laid out as a text, with a word for what is withheld."""
        return text if self.public is None else in_words(text)

    @property
    def head(self) -> int:
        """The number of entries that the answer knows."""
        return self.asking.timeline.head

    def pinned(self, path: str) -> str:
        """Returns the address that gives the same answer for ever: it names the day, the entries and the language."""
        query = self.given.resolved()
        return self.at.address(path, **query | {"on": self.asking.on, "known_at": f"@{self.head}", "lang": current()})


def language_of(request: Request) -> str:
    """Returns the language of an answer: that of the address, or of the browser, else Swedish."""
    asked = [request.query_params.get("lang"), *_preferred(request.headers.get("accept-language", ""))]
    return next((one for one in asked if one in LANGUAGES), "sv")


def _preferred(header: str) -> list[str]:
    """Returns the languages of an Accept-Language header, the most preferred first (RFC 9110 section 12.5.4)."""
    found: list[tuple[float, str]] = []
    for one in header.split(","):
        name, _, weight = one.partition(";")
        given = _WEIGHT.fullmatch(weight.strip().lower())
        weighed = float(given[1]) if given else 0.0 if weight.strip() else 1.0
        if weighed:
            found.append((-weighed, name.strip().lower().partition("-")[0]))
    return [language for _, language in sorted(found, key=itemgetter(0))]


def reading(request: Request, takes: Sequence[str] = ()) -> Reading:
    """Returns what a request asks. Raises BadInput, with every fault, for parameters that cannot be read."""
    query = parameters(request, [one for one in takes if not (request.app.state.public and one in REFUSED)])
    return reading_at(request, query, query)


def reading_at(
    request: Request,
    own: Mapping[str, Sequence[str]],
    query: Mapping[str, Sequence[str]],
    whole: Timeline | None = None,
) -> Reading:
    """Returns what a request with the parameters `query` asks from the standpoint that the parameters `own` give.

    `whole` is the timeline of now, for a request that asks from two standpoints; it is read if it is not given.
    """
    ledger: Ledger = request.app.state.ledger
    notes: list[str] = []
    today = day_of(ledger.clock())
    at = standpoint(own, today, notes.append)
    recorded = None if at.known_at is None else _known(ledger, at.known_at)
    whole = whole or ledger.timeline()  # read last, so that it knows every entry that the answer knows
    recorded = whole if recorded is None else recorded
    assumed = dict(at.assumed)
    public = Names(ledger.names, whole, today) if request.app.state.public else None
    names = ledger.names if public is None else lambda: public
    asking = Asking(recorded.under(assumed), recorded, at.on or today, names, assumed, notes.append)
    return Reading(ledger, at, Given(dict(request.path_params), query, today), asking, whole, notes, public)


def _known(ledger: Ledger, known_at: int | datetime) -> Timeline:
    """Returns the timeline of a moment. Raises BadInput, with the name of the parameter, for one that is none."""
    try:
        return ledger.timeline(known_at)
    except BadInput as error:
        raise BadInput((where, f"known_at: {what}") for where, what in error.errors) from None


def etag(one: Reading, path: str, more: str = "") -> str:
    """Returns the ETag of an answer: a digest of all that its bytes depend on.

    A name that is disposed of lengthens the log, so that `whole.head` stands for disposals by any process, too.
    """
    query = sorted((name, *values) for name, values in one.given.query.items())
    parts = (one.ledger.store.ledger_id, one.whole.head, one.head, path, query, one.asking.on, one.given.today, more)
    rights = one.public is not None
    return f'"{sha256(repr((*parts, current(), rights, program())).encode()).hexdigest()[:32]}"'
