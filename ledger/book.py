"""The ledger's only write path, and its read path to a timeline.

New events are judged on the whole timeline, and either all of them are appended or none.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext, suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import chain, count, takewhile
from secrets import token_hex
from threading import Lock
from typing import TYPE_CHECKING, Any

from eventsourcing.dcb.api import DCBAppendCondition, DCBEvent, DCBQuery
from eventsourcing.persistence import IntegrityError
from msgspec import Struct, structs

from ledger.encoding import LARGE, Entry, Signature, decode, encode
from ledger.errors import BadInput, Damaged, KeyTaken, LogMoved, NoTimeLeft, Refused
from ledger.events import EVENTS, Event
from ledger.events.record import EntryAnnulled, PersonalDataDisposed, RegistrarAuthorised
from ledger.events.seats import PersonRegistered
from ledger.events.shape import tags_of
from ledger.messages import msg
from ledger.names import HeldTexts, disclosed
from ledger.proof.tree import leaf_hash
from ledger.rules.beside import concerned_in, touched
from ledger.rules.finding import Finding
from ledger.rules.judge import forbidden_each, irregular, judge_each, refusals
from ledger.rules.record import RENAMES, with_names
from ledger.rules.tables import FLAGS
from ledger.signed import Sign, refuse_unkept, refusing, sealed, signatures, unsound
from ledger.state.agreement import names_of_parties
from ledger.state.record import KEPT_OUTSIDE, erased_by, kept_outside, registrar_of, registrations, whose
from ledger.store import UNSEEN, Mark
from ledger.timeline import Timeline
from ledger.timeline.entries import Kept, Log
from ledger.values import LAST_MOMENT, LATEST, Account, Name, key_problem, recorder_problem

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from ledger.store import Store

    Acts = Sequence[Event] | Callable[[Timeline], Sequence[Event]]

TRIES = 10
UNSIGNED = ""  # stands in an entry for the signature that is not made yet
TICK = timedelta(microseconds=1)


class Recorded(Struct, frozen=True):
    """The result of recording: the entries in order, and the findings on them.

    `flagged` holds the irregularities in these entries, and those that these entries cause in older entries.
    `large` maps the position of each entry whose receipt is too large for some programs to the entry's size in bytes.
    `again` is true if the idempotency key had recorded the same events before, so that nothing was written.
    `people` maps the id of each person in `flagged` to the person's name, or to None if the name is no longer stored,
    and `parties` the id of each party to its name.
    """

    entries: tuple[Entry[Event], ...]
    flagged: tuple[Finding, ...]
    timeline: Timeline
    large: Mapping[int, int] = {}
    again: bool = False
    people: Mapping[str, str | None] = {}
    parties: Mapping[str, str] = {}


class Signing(Struct, frozen=True):
    """Who signs acts, and the function that signs their texts (`ledger.proof.act`). `outside` maps the index of an act
    that holds the digest of a name or an account already to the disclosure that is kept outside the log.
    """

    registrar: str
    sign: Sign
    outside: Mapping[int, str] = {}


class Given(Struct, frozen=True):
    """The signatures that acts come with. `of` returns that of each act, or None, given the acts as they enter the log,
    the timeline before them, the ledger's id and the idempotency key. `outside` is as in `Signing`.
    """

    of: Callable[[Sequence[Event], Timeline, str, str], Sequence[Signature | None]]
    outside: Mapping[int, str] = {}


class _Order(Struct, frozen=True):
    """What is to be recorded, as `Ledger.record` was asked. `sealed` is None if `acts` is a function."""

    acts: Any
    sealed: Any
    by: str
    key: str
    was_given_key: bool
    documents: Mapping[str, bytes]
    signing: Signing | Given | None
    accept: Callable[[Recorded], None]


class Ledger:
    """A ledger in a store. The clock is a parameter, so that only the command line reads a real clock."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self.store = store
        self.clock = clock
        self.recorded: Recorded | None = None  # the last result of recording, which a later failure can still report
        self._known = Timeline(), UNSEEN  # the timeline read, and the mark of its last entry, which the log must keep
        self._growing = Lock()  # held while a longer timeline replaces a shorter one, never during store access

    @property
    def _timeline(self) -> Timeline:
        return self._known[0]

    def timeline(self, known_at: int | datetime | None = None) -> Timeline:
        """Returns the timeline of all entries, or of the entries recorded by `known_at`, a position or a moment.

        Raises BadInput if `known_at` is a position beyond the end of the log, or a moment in the future.
        """
        if isinstance(known_at, datetime) and known_at > self.clock():
            told = msg("{moment} has not come yet; leave --known-at out for all that is known", moment=moment(known_at))
            raise BadInput([(None, told)])
        self._catch_up()
        whole = self._timeline
        if known_at is None:
            return whole
        if isinstance(known_at, datetime):  # recorded times rise with positions, so a binary search works
            known_at = bisect_right(range(1, whole.head + 1), moment(known_at), key=lambda at: whole.at(at).recorded_at)
        if not 0 <= known_at <= whole.head:
            told = msg("@{position} is beyond the end, @{head}", position=known_at, head=whole.head)
            raise BadInput([(None, told)])
        return whole if known_at == whole.head else whole.until(known_at)

    def names(self) -> Mapping[int, str]:
        """Returns the stored names by the position of their registration, as a mapping that checks each name on lookup.

        A disposed name is left out, even if something other than this program restored it to the store. Looking up a
        name raises Damaged if the name does not match the digest in the registration.
        """
        return self._held(self.store.disclosures(), "name")

    def accounts(self) -> Mapping[int, str]:
        """Returns the stored accounts of registrars, `ISSUER SUBJECT`, by the position of the authorisation, as
        `names` returns names.
        """
        return self._held(self.store.accounts(), "account")

    def _held(self, kept: dict[int, Any], field: str) -> HeldTexts:
        known = self._timeline
        for position in erased_by(known.all_of(PersonalDataDisposed), known) if kept else ():
            kept.pop(position, None)
        return HeldTexts(kept, self._registered, field)

    def first_under(self, key: str) -> Event | None:
        """Returns the first event recorded under an idempotency key, or None if the key has recorded nothing."""
        return next((entry.event for entry in self._keyed(key)), None)

    def recorded_under(self, key: str) -> Recorded | None:
        """Returns what was recorded under an idempotency key, as already recorded, or None if nothing was."""
        known = self._keyed(key)
        return self._told_again(known) if known else None

    def _registered(self, position: int) -> str | None:
        """Returns the digest of the name or account that the entry at a position registers, or None."""
        if position > self._timeline.head:
            self._catch_up()
        event = self._timeline.at(position).event if 1 <= position <= self._timeline.head else None
        held = kept_outside(event) if event else None
        return held.digest if held else None

    def record(
        self,
        acts: Acts,
        *,
        by: str,
        key: str | None = None,
        documents: Mapping[str, bytes] | None = None,
        dry_run: bool = False,
        signing: Signing | Given | None = None,
        accept: Callable[[Recorded], None] = lambda _: None,
    ) -> Recorded:
        """Records all acts or none, each judged on the whole timeline, and returns what was recorded.

        `acts` holds the events, or is a function from the timeline to the events, which is called again if the log has
        grown in the meantime. `by` names who records; if `by` is empty, the person who recorded entry 1 is named. If
        `key` has recorded the same acts before, the entries recorded then are returned. Raises Refused with every
        reason for the refusal, BadInput if `by` or `key` is malformed, KeyTaken if `key` has recorded something else,
        LogMoved if other writers were faster in ten tries, and the store's own errors. `signing` signs the acts, and is
        asked once the acts are judged, or holds the signatures that they come with; what cannot be checked is refused.
        `accept` is given what would be recorded, right before it is, and refuses it by raising an error of its own.
        """
        if problem := (by != "" and recorder_problem(by)) or (key is not None and key_problem(key)):
            raise BadInput([(None, problem)])
        # Sealed once, so that an act that was signed stays as it is when it is tried again.
        first = None if callable(acts) else sealed(acts, signing.outside if signing else {})
        order = _Order(acts, first, by, key or token_hex(16), key is not None, documents or {}, signing, accept)
        for tries in range(TRIES):
            # A writer that lost the race to append waits for its turn, so that busy writers cannot starve others.
            with self.store.turn() if tries else nullcontext(), suppress(IntegrityError):
                return self._tried(order, dry_run=dry_run)
        raise LogMoved(TRIES)

    def erase_again(self, disposal: PersonalDataDisposed, *, dry_run: bool = False) -> Recorded | None:
        """Erases what `disposal` names if it was disposed of before, and was restored to the store by something other
        than this program.

        Returns the earlier disposal as already recorded. Returns None if nothing disposed of is stored. Also returns
        None if another name, or account, was registered after the earlier disposal, since a new disposal then erases
        them all.
        """
        self._catch_up()
        timeline, tag = self._timeline, whose(disposal)
        disposals = [one for one in timeline.all_of(PersonalDataDisposed) if whose(one.event) == tag]
        gone = set(erased_by(disposals, timeline))
        kept = gone & (self.store.disclosures().keys() | self.store.accounts().keys())
        others: Iterator[Entry[Any]] = (
            one for event in KEPT_OUTSIDE for one in timeline.all_of(event) if whose(one.event) == tag
        )
        if not kept or any(one.position not in gone for one in others):
            return None
        if not dry_run:
            self.store.erase(kept)
        return Recorded((disposals[-1],), (), timeline, again=True)

    def _tried(self, order: _Order, *, dry_run: bool) -> Recorded:
        """Makes one attempt to record; raises the store's IntegrityError if another writer recorded in between."""
        self._catch_up()
        before, seen = self._known
        if order.was_given_key and (known := self._keyed(order.key)):
            return self._again(order, known)
        events, outside = order.sealed or self._made(order, before)
        if not events:
            raise BadInput([(None, msg("there is nothing to record"))])
        refuse_unkept(events, outside)
        new = self._stamped(before, events, order)
        after = before.extended(new)
        judged = forbidden_each(new, after)
        given = _given_names(outside, new)
        if refused := refusals(chain(*judged.values())):
            raise Refused(refused, self._people(refused, after, given), names_of_parties(after, LATEST))
        flagged = self._named(_flagged(new, before, after, judged), given)
        if isinstance(order.signing, Signing) and not dry_run:
            new = self._signed(new, order.signing)
            after = before.extended(new)
        rows = _rows(new)
        if isinstance(order.signing, Given) or not dry_run:
            self._refuse_unsound(new, rows, after)
        large = {one.position: len(row.data) for one, row in zip(new, rows, strict=True) if len(row.data) > LARGE}
        people, parties = self._people(flagged, after, given), names_of_parties(after, LATEST)
        recorded = Recorded(tuple(new), flagged, after, large, people=people, parties=parties)
        order.accept(recorded)
        if dry_run:
            return recorded
        erased = erased_by(new, after)
        names, accounts = _kept(outside, new, erased)
        gone = [position for position in erased if position <= before.head]
        only = DCBAppendCondition(DCBQuery(), after=before.head)
        self.store.append(
            rows, only, disclosures=names, accounts=accounts, erase=gone, documents=order.documents, seen=seen
        )
        stored = self._take_in(after, Mark(after.head, leaf_hash(rows[-1].data)))
        self.recorded = structs.replace(recorded, timeline=stored)
        return self.recorded

    def _signed(self, new: Sequence[Entry[Event]], signing: Signing) -> list[Entry[Event]]:
        """Returns the entries with their signatures instead of `UNSIGNED`."""
        made = signatures([one.event for one in new], self.store.ledger_id, signing.registrar, new[0].key, signing.sign)
        return [structs.replace(one, signature=signature) for one, signature in zip(new, made, strict=True)]

    def _refuse_unsound(self, new: Sequence[Entry[Event]], rows: Sequence[DCBEvent], after: Timeline) -> None:
        """Raises Refused if a signature of a new entry, or a proof of a registrar's key, does not hold."""
        if not any(one.signature or isinstance(one.event, RegistrarAuthorised) for one in new):
            return
        stored = [(one.position, row.data) for one, row in zip(new, rows, strict=True)]
        wrong = unsound(stored, self.store.ledger_id, partial(registrar_of, after))
        if found := [refusing(why, position) for position, why in wrong]:
            raise Refused(found, {}, names_of_parties(after, LATEST))

    def _made(self, order: _Order, before: Timeline) -> tuple[list[Event], dict[int, str]]:
        """Returns the acts that a function makes, `sealed`; a refusal by the function is given the names in it."""
        try:
            return sealed(order.acts(before), order.signing.outside if order.signing else {})
        except Refused as refused:
            refused.people = self._people(refused.findings, before, {})
            refused.parties = names_of_parties(before, LATEST)
            raise

    def _catch_up(self) -> None:
        """Reads the entries recorded since the last read.

        Raises WentBack if the log does not extend the entries that were read before.
        """
        before, seen = self._known
        last = self.store.mark(seen)
        known, head = before.head, last.position
        if known == 0:
            is_known = self.store.types() <= EVENTS.keys()
            if not (is_known and self.store.is_whole()):
                deque(self._fetch(0, head), 0)  # raises an error that names the entry that is missing or too new
                what = msg("it stores entries at positions, or under types, that no entry has")
                if is_known:
                    what = msg("its index does not list each entry once under each of its words")
                raise Damaged(msg("the ledger"), what)
            self._take_in(Timeline(Log(Kept(head, self._fetch), head)), last)
        elif known < head:
            self._take_in(before.extended([*self._fetch(known, head)]), last)

    def _take_in(self, timeline: Timeline, last: Mark) -> Timeline:
        """Replaces the ledger's timeline by a longer timeline, whose entries are all stored, and returns the longer.

        The ledger's timeline is not replaced if another thread has already read as many entries.
        """
        with self._growing:
            stored = timeline.settled()
            if timeline.head > self._timeline.head:
                self._known = stored, last
            return stored

    def _fetch(
        self, after: int, until: int, *, event: type[Event] | None = None, tag: str | None = None
    ) -> Iterator[Entry[Any]]:
        """Yields the stored entries after position `after` up to `until`, optionally only those of an event or a tag.

        Raises Damaged if the store returns an entry for an event class or a tag that the entry does not have. If
        neither `event` nor `tag` is given, also raises Damaged if an entry is missing.
        """
        last = after
        for position, data in self.store.data(after, until, kind=event.event_name if event else None, tag=tag):
            entry = decode(data, position)
            if event is not None and type(entry.event) is not event:
                what = msg("it is stored as {event}, which it is not", event=event.event_name)
                raise Damaged(msg("entry {position}", position=position), what)
            if tag is not None and tag != f"key:{entry.key}" and tag not in tags_of(entry.event):
                what = msg("it is stored under a tag that it does not have")
                raise Damaged(msg("entry {position}", position=position), what)
            if event is None and tag is None and position != last + 1:
                raise Damaged(msg("the ledger"), msg("entry {position} is missing", position=last + 1))
            last = position
            yield entry
        if event is None and tag is None and last != until:
            raise Damaged(msg("the ledger"), msg("entry {position} is missing", position=last + 1))

    def _keyed(self, key: str) -> list[Entry[Event]]:
        """Returns the entries recorded under an idempotency key.

        All entries of a key come from one append, and the first of these entries has the key as a tag.
        """
        head = self.store.head()
        first = next(self._fetch(0, head, tag=f"key:{key}"), None)
        known = self._fetch(first.position - 1, head) if first else ()
        found: list[Entry[Event]] = [*takewhile(lambda entry: entry.key == key, known)]
        if found and found[-1].position > self._timeline.head:
            self._catch_up()
        return found

    def _again(self, order: _Order, known: list[Entry[Event]]) -> Recorded:
        """Returns the result for a key that was used before: the entries recorded under the key, as already recorded.

        Raises KeyTaken if the events of these entries differ from the acts, and BadInput if the acts are to be signed
        and the entries are not signed by that registrar. If the acts are given as a function, it is called with the
        timeline as it was before these entries were recorded.
        """
        acts, key = order.acts, order.key
        then = self._timeline.until(known[0].position - 1)
        events = acts(then) if callable(acts) else acts
        names, accounts = self.names(), self.accounts()
        if len(events) != len(known) or not all(
            _says(event, entry.event, names.get(entry.position) or accounts.get(entry.position))
            for event, entry in zip(events, known, strict=True)
        ):
            raise KeyTaken(key, [entry.position for entry in known])
        _refuse_unsigned(known, self._bearing(then, [entry.event for entry in known], order))
        self.store.confirm()
        self.recorded = self._told_again(known)
        return self.recorded

    def _told_again(self, known: list[Entry[Event]]) -> Recorded:
        """Returns entries recorded in one append, as already recorded, with what is irregular about them by now."""
        then = self._timeline.until(known[0].position - 1)
        flagged = self._named(_flagged(known, then, self._timeline), {})
        now = self._timeline
        people, parties = self._people(flagged, now, {}), names_of_parties(now, LATEST)
        return Recorded(tuple(known), flagged, now, again=True, people=people, parties=parties)

    def _named(self, found: Iterable[Finding], new: Mapping[int, str]) -> tuple[Finding, ...]:
        """Returns the findings with persons' names filled in.

        The names are the stored names and those that the `new` entries register.
        """
        flagged = tuple(found)
        if not any(one.message == RENAMES for one in flagged):
            return flagged
        names = {**self.names(), **new}
        return tuple(with_names(one, names) for one in flagged)

    def _people(self, found: Sequence[Finding], timeline: Timeline, new: Mapping[int, str]) -> dict[str, str | None]:
        """Maps the id of each person in the findings to the person's name, or to None if no name is stored.

        The names are the stored names and those that the `new` entries register.
        """
        values = [value for one in found for value in one.values.values()]
        told = {str(one) for value in values for one in (value if isinstance(value, tuple) else (value,))}
        known = registrations(timeline) if found else {}
        last = {person: known[person][-1].position for person in sorted(told & known.keys())}
        names = {**self.names(), **new} if last else {}
        return {person: names.get(position) for person, position in last.items()}

    def _stamped(self, before: Timeline, events: Sequence[Event], order: _Order) -> list[Entry[Event]]:
        """Returns the events as entries, with positions and recorded times. What is to be signed is `UNSIGNED` so far.

        Each recorded time is at least a microsecond after the recorded time before it, even if the clock has gone back.
        Raises NoTimeLeft if a recorded time would be later than LAST_MOMENT.
        """
        head = before.head
        now = self.clock()
        by = order.by or before.at(1).recorded_by
        if head:
            now = max(now, datetime.fromisoformat(before.at(head).recorded_at) + TICK)
        if (ends := moment(now + (len(events) - 1) * TICK)) > LAST_MOMENT:
            raise NoTimeLeft(ends, LAST_MOMENT)
        stamp = partial(Entry, recorded_by=by, key=order.key)
        each = zip(_moments(now), events, self._bearing(before, events, order), strict=False)
        return [
            stamp(position=position, recorded_at=recorded_at, event=event, signature=signature)
            for position, (recorded_at, event, signature) in enumerate(each, head + 1)
        ]

    def _bearing(self, before: Timeline, events: Sequence[Event], order: _Order) -> Sequence[Signature | None]:
        """Returns the signatures with which the events are judged: those that they come with, or `UNSIGNED` ones."""
        match order.signing:
            case Given(of=of):
                return of(events, before, self.store.ledger_id, order.key)
            case Signing(registrar=registrar):
                return [Signature(registrar=registrar, ssh=UNSIGNED)] * len(events)
        return [None] * len(events)


def _moments(start: datetime) -> Iterator[str]:
    """Yields a moment and then without end the moment a microsecond later, as text."""
    for second in count():
        of_second = moment(start.replace(microsecond=0) + timedelta(seconds=second)).removesuffix("000000Z")
        for microsecond in range(0 if second else start.microsecond, 1_000_000):
            yield f"{of_second}{microsecond:06}Z"


def moment(when: datetime) -> str:
    """Returns a time as text in UTC with microseconds and Z, so that alphabetical order is chronological."""
    return when.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def _flagged(
    new: Sequence[Entry[Event]],
    before: Timeline,
    after: Timeline,
    judged: Mapping[int, list[Finding]] | None = None,
) -> Iterator[Finding]:
    """Yields the irregularities in the new entries, and those that the new entries cause in older entries.

    No entry is judged twice. `judged` maps the position of each new entry to the findings of the forbidding rules on
    it; without `judged`, the forbidding rules are applied here.
    """
    forbids = judged or forbidden_each(new, after)
    for position, found in judge_each(new, after, FLAGS).items():
        yield from _wrong([*forbids[position], *found])
    by = concerned_in(before)
    beside = (touched(one, after) if isinstance(one.event, EntryAnnulled) else by(one) for one in new)
    older = {one.position: one for one in chain.from_iterable(beside)}
    for position, entry in older.items():
        if position not in forbids and (wrong := _wrong(irregular(entry, after))):
            earlier = _wrong(irregular(entry, before))
            yield from (one for one in wrong if one not in earlier and not _eased(one, earlier))


def _eased(found: Finding, earlier: Sequence[Finding]) -> bool:
    """Returns whether a breach has become advisory, as when a late notice is followed by a notice sent in time."""
    return found.advisory and any(one.provision == found.provision and not one.advisory for one in earlier)


def _wrong(found: Sequence[Finding]) -> list[Finding]:
    return [one for one in found if one.verdict in {"breach", "cannot-tell"} and one.until is None]


def _rows(new: Sequence[Entry[Event]]) -> list[DCBEvent]:
    """Returns the entries of an append as the store takes them. The first one has the idempotency key as a tag."""
    rows = [DCBEvent(type=one.event.event_name, data=encode(one), tags=tags_of(one.event)) for one in new]
    rows[0].tags.append(f"key:{new[0].key}")
    return rows


def _kept(
    outside: Mapping[int, str], new: Sequence[Entry[Event]], erased: Collection[int]
) -> tuple[dict[int, str], ...]:
    """Returns the disclosures of names, and those of accounts, that no disposal in the same append erases."""
    there = {place: text for place, text in outside.items() if new[place].position not in erased}
    return tuple(
        {place: text for place, text in there.items() if isinstance(new[place].event, kind)} for kind in KEPT_OUTSIDE
    )


def _given_names(outside: Mapping[int, str], new: Sequence[Entry[Event]]) -> dict[int, str]:
    """Maps the position of each new registration of a person to the name that it registers."""
    named = {place: text for place, text in outside.items() if isinstance(new[place].event, PersonRegistered)}
    return {new[place].position: disclosed(text) for place, text in named.items()}


def _refuse_unsigned(known: Sequence[Entry[Event]], bearing: Sequence[Signature | None]) -> None:
    """Raises BadInput for the first of the entries that is not signed by the registrar by whom it is to be signed."""
    for entry, registrar in zip(known, (one and one.registrar for one in bearing), strict=True):
        if registrar is not None and (entry.signature is None or entry.signature.registrar != registrar):
            what = msg(
                "the act is recorded already, in entry {entry}, under the key {key}, and not signed by {registrar};"
                " sign it anew, for another key",
                entry=entry.position,
                key=entry.key,
                registrar=registrar,
            )
            raise BadInput([(None, what)])


def _says(given: Event, stored: Event, kept: str | None) -> bool:
    """Returns whether a given event has the content of a stored event.

    A name or an account is compared, too, if it is still stored, as `kept`. Of one that was sealed before, the digests
    are compared.
    """
    held = kept_outside(given)
    if held is not None and held.text is None:
        return given == stored
    if isinstance(stored, PersonRegistered) and isinstance(given, PersonRegistered):
        stored = structs.replace(stored, name=given.name if kept is None else Name(kept))
    elif isinstance(stored, RegistrarAuthorised) and isinstance(given, RegistrarAuthorised) and stored.account:
        stored = structs.replace(stored, account=(given.account or stored.account) if kept is None else Account(kept))
    return given == stored
