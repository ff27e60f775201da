"""A ledger that has answered much, in any order, by several threads and while it grew, answers as a new one does: what
it remembers changes no answer, and is bounded.

LIGGARE_SOAK makes the tests longer: 300 histories instead of a few.
"""

from __future__ import annotations

import gc
import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from eventsourcing.dcb.api import DCBEvent
from msgspec import structs

from ledger.encoding import encode
from ledger.errors import BadInput, Refused
from ledger.events import EVENTS
from ledger.events.seats import PersonRegistered
from ledger.events.shape import tags_of
from ledger.names import digest, disclose
from ledger.rules.provisions import OURS
from ledger.store import MemoryStore
from ledger.timeline import Timeline
from ledger.timeline.memo import Known
from ledger.values import Name
from presentation.schemas import QUESTIONS
from projections.interface import OpenLedger
from tests.acts import TERMS
from tests.domain import years
from tests.given import entries
from tests.timeline.histories import PARTIES, READINGS, history

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ledger.events import Event
    from ledger.store import Store

SOAK = bool(os.environ.get("LIGGARE_SOAK"))
HISTORIES = range(300 if SOAK else 5)
OTHERS = 1_000 if SOAK else 120  # the number of other questions that a ledger has been asked before
THREADS, WAIT_S = 4, 300.0
ASKED, VALUES, TIMELINES = 300, 8_000, 250
PROVISIONS = sorted({*TERMS.sections, *OURS})
FEW_DAYS = tuple(date(2022, 12, 31) + timedelta(days=97 * number) for number in range(12))
ASSUMED: tuple[Mapping[str, str], ...] = (
    {},
    {},
    {passage: of[1] for passage, of in READINGS.items()},
    {passage: of[-1] for passage, of in READINGS.items()},
)

Asked = dict[str, Any]


class Call(NamedTuple):
    """A question, as a method of OpenLedger with its arguments."""

    question: str
    said: Asked


def _year(random: Random) -> int:
    return random.randint(2022, 2027)


def _half(random: Random) -> Asked:
    return {"half": f"{_year(random)}H{random.choice((1, 2))}"}


# Question → the arguments of a random call, besides the day, the moment and the readings.
OPTIONS: dict[str, Callable[[Random], Asked]] = {
    "agreement": lambda _: {},
    "council": lambda _: {},
    "meetings": lambda random: {"year": _year(random)},
    "groups": lambda _: {},
    "reports": _half,
    "costs": lambda random: {"year": _year(random)},
    "account": lambda random: {"party": random.choice(PARTIES), "year": random.choice((None, _year(random)))},
    "settlement": lambda random: {"if_withdraws": random.choice((None, "sala", "region"))},
    "officials": lambda _: {},
    "registrars": lambda _: {},
    "activities": lambda _: {},
    "attendance": _half,
    "projects": lambda _: {},
    "findings": lambda random: {"all_verdicts": random.random() < 0.7},
    "explain": lambda random: {"provision": random.choice(PROVISIONS)},
    "deadlines": lambda random: {"until": random.choice((None, None, None, "2199-12-30"))},
    "history": lambda random: {"about": random.choice((None, "party:sala", "person:p1"))},
    "diff": lambda _: {},
    "replay": lambda _: {},
}
SELDOM = ("history", "replay")  # little is remembered for these, and their answers are long


def calls(random: Random, head: int, number: int) -> list[Call]:
    """Returns random questions on few days, at few moments and under few readings, so that they share what is
    remembered.
    """
    moments = [None, head, head * 2 // 3, head // 3]
    questions = random.choices([*OPTIONS, *(one for one in OPTIONS if one not in SELDOM)], k=number)
    return [_call(question, random, moments) for question in questions]


def _call(question: str, random: Random, moments: Sequence[int | None]) -> Call:
    said: Asked = {"on": random.choice(FEW_DAYS), "known_at": random.choice(moments), **OPTIONS[question](random)}
    if question == "diff" and random.random() < 0.5:
        said["on"] = tuple(sorted(random.sample(FEW_DAYS, 2)))
    elif question == "diff":
        said["known_at"] = (moments[-1], moments[1])
    if question == "replay":
        said["first"] = max(0, (said["known_at"] or moments[1] or 0) - 3)
    if question != "history":
        said["readings"] = random.choice(ASSUMED)
    return Call(question, said)


def opened(store: Store) -> OpenLedger:
    return OpenLedger(store, lambda: datetime(2031, 1, 1, tzinfo=UTC))


def answer(book: OpenLedger, call: Call) -> object:
    """Returns the answer to a call, or the sentence with which the call is refused."""
    try:
        found = getattr(book, call.question)(**call.said)
    except (ValueError, BadInput) as refused:
        return str(refused)
    return list(found) if call.question == "replay" else found


def answers(book: OpenLedger, asked: Sequence[Call], order: Sequence[int] | None = None) -> list[object]:
    """Returns the answers to the calls in their order, asked in another `order` if one is given."""
    found = {place: answer(book, asked[place]) for place in order or range(len(asked))}
    return [found[place] for place in range(len(asked))]


def of_new_ledgers(store: Store, asked: Sequence[Call]) -> list[object]:
    """Returns the answers to the calls, each of a ledger that was opened for it."""
    return [answer(opened(store), call) for call in asked]


def differ(asked: Sequence[Call], found: Sequence[object], expected: Sequence[object]) -> list[Call]:
    """Returns the calls whose answers are not as expected."""
    return [call for call, one, other in zip(asked, found, expected, strict=True) if one != other]


def append(store: Store, acts: Sequence[Event]) -> None:
    """Stores acts that nothing has judged, as another program might."""
    told = {
        place: disclose(one.name.text)
        for place, one in enumerate(acts)
        if isinstance(one, PersonRegistered) and one.name.text is not None
    }
    sealed = [
        structs.replace(one, name=Name(None, digest(told[place]))) if place in told else one
        for place, one in enumerate(acts)
    ]
    rows = [
        DCBEvent(type=one.event.event_name, data=encode(one), tags=tags_of(one.event))
        for one in entries(sealed, first=store.head() + 1)
    ]
    store.append(rows, disclosures=told)


def of_acts(acts: Sequence[Event]) -> Store:
    store = MemoryStore()
    append(store, acts)
    return store


def acts_of(seed: int) -> list[Event]:
    """Returns a random history or, for the first seed, a usual year with loose days."""
    return years.acts(150, loose_each=2) if seed == 0 else history(Random(seed))  # noqa: S311 - the same each time


def test_every_question_is_asked_here() -> None:
    assert OPTIONS.keys() == {*QUESTIONS, "account"}


def test_the_random_histories_hold_every_event_but_those_about_the_log_itself() -> None:
    found = {one.event_name for seed in range(100) for one in history(Random(seed))}  # noqa: S311

    assert EVENTS.keys() - found == {"signing-key-changed", "log-restored"}


@pytest.mark.parametrize("seed", HISTORIES)
def test_an_answer_does_not_depend_on_what_was_asked_before(seed: int) -> None:
    random, store = Random(seed), of_acts(acts_of(seed))  # noqa: S311
    book, asked = opened(store), calls(random, store.head(), 30)

    answers(book, calls(random, store.head(), OTHERS))

    assert differ(asked, answers(book, asked), of_new_ledgers(store, asked)) == []


@pytest.mark.parametrize("seed", HISTORIES)
def test_an_answer_does_not_depend_on_what_was_asked_while_the_ledger_grew(seed: int) -> None:
    """Some acts are stored by another program. The others are recorded, and many of them refused."""
    random, acts = Random(seed), acts_of(seed)  # noqa: S311
    store = of_acts(acts[: len(acts) // 4])
    book, rest = opened(store), acts[len(acts) // 4 :]
    while rest:
        new, rest = rest[:5], rest[5:]
        before = calls(random, store.head(), 8)
        answers(book, before)
        for one in new:
            if isinstance(one, PersonRegistered) or random.random() < 0.5:
                append(store, [one])
            else:
                with suppress(Refused):
                    book.record([one], by="tester")

        asked = [*before[:-4:-1], *calls(random, store.head(), 2)]  # the last question is asked again at once

        assert differ(asked, answers(book, asked), of_new_ledgers(store, asked)) == []


@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize("seed", HISTORIES)
def test_an_answer_does_not_depend_on_what_other_threads_ask(seed: int) -> None:
    random, store = Random(seed), of_acts(acts_of(seed))  # noqa: S311
    book, asked = opened(store), calls(random, store.head(), 25)
    orders = [random.sample(range(len(asked)), len(asked)) for _ in range(THREADS)]

    with ThreadPoolExecutor(THREADS) as threads:
        given = [threads.submit(answers, book, asked, order) for order in orders]

    expected = of_new_ledgers(store, asked)
    assert [differ(asked, one.result(WAIT_S), expected) for one in given] == [[]] * THREADS


def test_what_a_ledger_remembers_is_bounded() -> None:
    """Each of the questions is about a day of its own. The bounds are generous, and do not depend on their number."""
    store = of_acts(acts_of(2))
    book = opened(store)
    gc.collect()
    before = kept()

    for number in range(ASKED):
        answer(book, on_a_day_of_its_own(number, store.head()))

    gc.collect()
    values, timelines = (now - then for now, then in zip(kept(), before, strict=True))
    assert values <= VALUES, (values, timelines)
    assert timelines <= TIMELINES, (values, timelines)


def on_a_day_of_its_own(number: int, head: int) -> Call:
    """Returns a question about the record at one of several moments. The deadlines are asked for far ahead."""
    questions = [one for one in OPTIONS if one not in SELDOM]
    turn, place = divmod(number, len(questions))
    day, moment = FEW_DAYS[0] + timedelta(days=5 * number), None if turn % 2 else head - turn
    call = _call(questions[place], Random(number), [moment] * 2)  # noqa: S311
    said: Asked = {**call.said, "on": day, "known_at": moment}
    if call.question == "diff":
        said["on"] = (day, day + timedelta(days=1))
    if call.question == "deadlines":
        said["until"] = "2199-12-30"
    return Call(call.question, said)


def kept() -> tuple[int, int]:
    """Returns how many remembered values and how many timelines exist in this process."""
    everything = gc.get_objects()
    return sum(type(one) is Known for one in everything), sum(isinstance(one, Timeline) for one in everything)
