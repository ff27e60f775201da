"""Tests the comparisons that a full check makes beyond the entries, each by itself, in a ledger in memory."""

from __future__ import annotations

from hashlib import sha256
from itertools import starmap
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest

from ledger.errors import Damaged
from ledger.integrity.keyfile import beside, keep_key, write_record
from ledger.integrity.ranges import Checked, Problem
from ledger.integrity.verify import Held, Verified, verify
from ledger.names import digest, disclose
from ledger.proof.note import Signer, base64_of, format_note, format_vkey, parse_note
from ledger.proof.tree import full_root, leaf_hash
from ledger.store.contents import Word
from tests.export.making import (
    FORGER,
    ORIGIN,
    PAST,
    REAL,
    SECOND,
    changed,
    covered,
    entry,
    held,
    note,
    restored,
    root_of,
)
from tests.proof.test_checkpoints import Kept

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from ledger.store import SqlStore

NAMES = {position: disclose(f"Person {position}") for position in range(1, 20)}
WORDS = {1: Word("tag", "party:sala"), 2: Word("type", "activity-held")}
NOTHING: dict[str, Any] = {
    "strays": [],
    "stray_words": [],
    "stray_postings": [],
    "tile_counts": {},
    "documents": [],
    "faults": [],
}
Told = list[tuple[int | None, str]]


class Whole(Kept):
    """A made-up ledger as read from its database. `lies` maps the name of each query of `Contents` to the answer, or to
    the error that the query raises.
    """

    def __init__(self, entries: Sequence[bytes] = PAST, *notes: str, key: str = format_vkey(REAL.verifier)) -> None:
        super().__init__(entries, *notes, key=key)
        numbered = [(at, int(text.split("\n")[1]), text) for at, text in enumerate(notes, 1)]
        self.lies: dict[str, Any] = NOTHING | {"checkpoints": numbered}
        self.upper: dict[int, bytes] = {}  # `upper` holds the roots of the full tiles of level 1

    def contents(self) -> SimpleNamespace:
        def read(name: str) -> Any:
            if isinstance(self.lies[name], Exception):
                raise self.lies[name]
            return self.lies[name]

        return SimpleNamespace(
            strays=lambda after: [one for one in read("strays") if not 0 < one <= after],
            tiles=lambda level, first, end: self.upper if (level, first, end) == (1, 0, len(self.upper)) else {},
            words=lambda ids: {one: word for one, word in WORDS.items() if one in ids},
            stray_postings=lambda _: read("stray_postings"),
            **{name: lambda name=name: read(name) for name in self.lies if not name.startswith("stray")},
            stray_words=lambda: read("stray_words"),
        )


def part(entries: Sequence[bytes] = PAST, **more: Any) -> Checked:
    """Returns the result of checking one stretch, by default the whole log without faults."""
    leaves = list(map(leaf_hash, entries))
    full = len(leaves) // 256 * 256
    roots = [full_root(leaves[at : at + 256]) for at in range(0, full, 256)]
    return Checked(**{"after": 0, "until": len(entries), "roots": roots, "rest": leaves[full:], **more})


@pytest.fixture
def judged(tmp_path: Path) -> Any:
    def judged(store: Whole, *parts: Checked, **more: Any) -> Verified:
        return verify(cast("SqlStore", store), parts or [part()], Held(place=tmp_path / "k.key", **more))

    return judged


@pytest.fixture
def told(judged: Any) -> Any:
    def told(store: Whole, *parts: Checked, **more: Any) -> Told:
        return [tuple(one) for one in judged(store, *parts, **more).problems]

    return told


def test_what_is_right_is_reported_whole(judged: Any) -> None:
    entries = [*PAST, covered(20, REAL, SECOND), changed(21, FORGER, lost=True), restored(22, 3, 9)]
    found = judged(Whole(entries, note(PAST, REAL), note(entries, FORGER)), part(entries))

    assert (found.entries, found.root) == (22, base64_of(root_of(entries)))
    assert (found.checkpoints, found.signed, found.record) == (2, 22, None)
    assert found.vkey == format_vkey(FORGER.verifier)
    assert found.lost_keys == ((21, found.vkey),)
    assert found.restored == ((22, 3, 9),)
    many = [held(position) for position in range(1, 601)]
    for size in (256, 257, 600):
        found = judged(Whole(many[:size]), part(many[:size]))
        assert (found.root, found.checkpoints, found.signed) == (base64_of(root_of(many[:size])), 0, 0)


def test_nothing_is_said_of_keys_and_restores_where_they_cannot_be_read(judged: Any) -> None:
    spoilt = [*PAST, restored(20, 3, 9).replace(b'"lost_size":9', b'"lost_size":"x"')]
    found = judged(Whole(spoilt, key="x"), part(spoilt))

    assert (found.vkey, found.lost_keys, found.restored) == (None, (), ())
    assert len({what for _, what in found.problems}) == len(found.problems) > 0
    assert judged(Whole(key="")).vkey is None
    assert [what for _, what in judged(Whole(spoilt), part(spoilt)).problems if "entry 20 is damaged" in what]


def test_problems_of_entries_come_first_in_their_order_and_each_once(told: Any) -> None:
    store, torn = Whole(), str(Damaged("the ledger", "torn"))
    store.lies |= {"faults": Damaged("the ledger", "torn"), "documents": Damaged("the ledger", "torn")}
    problems = [(None, "a"), (7, "b"), (2, "c"), (1, "e"), (0, "f"), (cast("int", "x"), "d" * 9_999)]
    first = part(problems=list(starmap(Problem, problems)))

    zero, one, *found = told(store, first)
    assert (zero, one) == ((0, "f"), (1, "e"))
    assert found[:3] == [(2, "c"), (7, "b"), (None, "a")]
    assert found[3][1].startswith("ddd")
    assert len(found[3][1]) < 9_999
    assert found[4:] == [(None, torn)]


def test_an_invalid_size_is_not_reported_as_signed(judged: Any) -> None:
    store = Whole(PAST, note(PAST, REAL))
    store.lies["checkpoints"] = [(1, "x", note(PAST, REAL))]

    assert judged(store).signed == 0


# The boundaries between stretches, and rows outside them.
@pytest.mark.parametrize(("ends", "wrong"), [("2026-02", False), ("2026-03", True), ("2026-04", True)])
def test_a_stretch_begins_after_the_one_before_it(ends: str, wrong: bool, told: Any) -> None:
    one, two = part(PAST[:9], ends=ends), part(after=9, begins="2026-03")
    two.rest = list(map(leaf_hash, PAST))

    expected = [(10, f"it was recorded at 2026-03, and the one before it at {ends}")]
    assert told(Whole(), one, two) == (expected if wrong else [])


def test_what_no_entry_has_is_reported(told: Any) -> None:
    store = Whole()
    store.lies |= {"strays": [-4, 19, 30], "stray_words": [(7, "party:forged"), (8, None)]}
    store.lies["stray_postings"] = [(1, 31), (2, 32), (9, 5)]

    assert told(store) == [
        (-4, "no entry has this position"),
        (5, "the index lists it under the word 9, which is not there"),
        (30, "no entry has this position"),
        (31, "it is missing, and the index lists it under the tag party:sala"),
        (32, "it is missing, and the index lists it under the type activity-held"),
        (None, "the index has the word party:forged, which no entry has"),
        (None, "the index has the word 8, which no entry has"),
    ]


# The tiles of level 1.
def test_the_tiles_of_tiles_are_those_of_the_tiles_below(told: Any) -> None:
    roots = [leaf_hash(bytes([at % 256, at // 256])) for at in range(513)]
    whole = part([], roots=roots, until=513 * 256, rest=[])

    def upper(*tiles: bytes | None) -> Any:
        store = Whole()
        store.upper = {number: tile for number, tile in enumerate(tiles) if tile}
        if len(store.upper) < 2:
            store.upper[9] = b""
        return told(store, whole)

    first, second = (full_root(roots[at : at + 256]) for at in (0, 256))
    assert upper(first, second) == []
    assert upper(first, first) == [(None, "tile 1 of level 1 is not that of the tiles below it")]
    assert upper(second, second) == [(None, "tile 0 of level 1 is not that of the tiles below it")]
    assert upper(None, second) == [(None, "tile 0 of level 1 is not that of the tiles below it")]


def test_there_are_no_more_tiles_than_the_entries_fill(told: Any) -> None:
    entries = [held(position) for position in range(1, 601)]
    store = Whole(entries)
    for level, count, what in (
        (0, 2, None),
        (0, 3, "level 0 has 3 tiles, and its entries fill 2"),
        (1, 1, "level 1 has 1 tile, and its entries fill 0"),
    ):
        store.lies["tile_counts"] = {level: count}
        assert told(store, part(entries)) == ([(None, what)] if what else [])
    store.lies["tile_counts"] = {0: 3}
    assert told(store, part(entries[:599])) == []  # the remaining entries were recorded during the check


# Names.
def registered(*positions: int) -> dict[int, tuple[str, str | None]]:
    return {position: (f"q{position}", digest(NAMES[position])) for position in positions}


def test_a_name_that_is_kept_is_the_one_that_its_entry_registers(told: Any) -> None:
    store = Whole()
    store._disclosures = {3: NAMES[3], 4: NAMES[5], 6: NAMES[6], 19: NAMES[7], 20: NAMES[8]}

    assert told(store, part(names=registered(3, 4))) == [
        (4, "the name kept for it is not the one that it registers"),
        (6, "a name is stored for it, and it registers nobody"),
        (19, "a name is stored for it, and it registers nobody"),
    ]  # the name of entry 20 was recorded during the check


def test_a_name_that_is_not_kept_was_disposed_of_after_it_was_registered(told: Any) -> None:
    disposal = {"person": "q5", "decision": "Dnr 1"}
    entries = [*PAST, entry(20, "personal-data-disposed", disposal)]

    def gone(*positions: int) -> Any:
        names = dict.fromkeys(positions, ("q5", None))
        return told(Whole(entries), part(entries, names=names))

    lacking = "the name that it registers is not kept, and no disposal was recorded"
    assert gone(5) == gone(5, 6) == []
    assert told(Whole(), part(names=registered(5))) == [(5, lacking)]
    assert told(Whole([*entries, held(21)]), part([*entries, held(21)], names={21: ("q5", None)})) == [(21, lacking)]


@pytest.mark.parametrize(("count", "named"), [(2, "1, 2"), (10, "1, 2, 3, 4, 5, 6, 7, 8, 9, 10"),
                                              (11, "1, 2, 3, 4, 5, 6, 7, 8, 9, 10, …")])  # fmt: skip
def test_many_names_that_are_not_kept_are_one_problem(count: int, named: str, told: Any) -> None:
    store = Whole()
    store._disclosures = {15: NAMES[15]}
    [(position, what)] = told(store, part(names=registered(*range(1, count + 1), 15)))

    assert position is None
    assert what.startswith(f"{count} names of {count + 1} registered are not here (entries {named}), and no disposal")


# Checkpoints.
def test_each_checkpoint_is_numbered_by_a_key_and_of_these_entries(told: Any) -> None:
    right, false = note(PAST[:5], REAL), note([*PAST[:4], held(5)], REAL)
    store = Whole(PAST, right, note(PAST, REAL))
    assert told(store) == []

    store.lies["checkpoints"] = [(1, 5, right), (3, 19, note(PAST, REAL))]
    assert told(store) == [(None, "checkpoint 2 is missing")]
    store.lies["checkpoints"] = [(1, 4, right), (2, 5, 7), (3, 5, false), (4, 19, note(PAST, FORGER))]
    found = [what for _, what in told(store)]
    assert found[0] == "checkpoint 1 is kept under size 4, and is of 5 entries"
    assert [what[:14] for what in found[1:]] == ["checkpoint 2: ", "checkpoint 3: ", "checkpoint 4: "]
    assert found[2].endswith(
        "the first 5 entries are not those that the checkpoint was signed for: the log was rewritten"
    )


def test_a_line_by_a_witness_is_passed_over_and_a_false_one_under_the_ledgers_own_name_is_not(told: Any) -> None:
    assert told(Whole(PAST, note(PAST, REAL, Signer("witness", bytes(32))))) == []
    both = note(PAST, REAL, FORGER)
    [(_, what)] = told(Whole(PAST, both))
    assert what == f"checkpoint 1: the line of {ORIGIN} with the id {FORGER.verifier.id.hex()} is not as it was signed"
    named = parse_note(both)
    false = named.signatures[1]._replace(id=SECOND.verifier.id)
    text = format_note(named._replace(signatures=(named.signatures[0], false)))
    entries = [*PAST, covered(20, REAL, SECOND)]
    [(_, what)] = told(Whole(entries, text), part(entries))
    assert what == f"checkpoint 1: the signature of {ORIGIN} is not by its key {SECOND.verifier.id.hex()}"


def test_a_false_tile_is_not_reported_as_a_rewritten_log(told: Any) -> None:
    class Falsely(Whole):
        def tile(self, level: int, number: int) -> bytes:
            return bytes(32) + super().tile(level, number)[32:]

    store = Falsely(PAST, note(PAST[:5], REAL), note(PAST, REAL))
    assert told(store) == []
    store.lies["checkpoints"] += [(3, 19, note([*PAST[:18], held(19)], REAL))]
    [(_, what)] = told(store)
    assert what.startswith("checkpoint 3: the first 19 entries are not those")


def test_an_entry_whose_bytes_were_changed_is_not_reported_by_its_checkpoints_too(told: Any) -> None:
    class Kept(Whole):
        def tile(self, level: int, number: int) -> bytes:
            return Whole().tile(level, number)

    assert told(Kept([*PAST[:18], held(19)], note(PAST[:5], REAL), note(PAST, REAL))) == []


# The signer's record, and checkpoints that readers kept.
def test_the_signers_own_record_vouches_for_what_was_kept_if_the_log_goes_on_from_it(told: Any, tmp_path: Path) -> None:
    entries, place = [*PAST, restored(20, 0, 9)], tmp_path / "k.key"
    keep_key(place, REAL)
    write_record(place, note(entries, REAL), [REAL.verifier])
    assert told(Whole(entries), part(entries)) == []
    assert told(Whole(entries), part(entries), note=note(entries, REAL)) == []

    write_record(place, note([*PAST, held(20)], REAL), [REAL.verifier])
    for shown in (None, note(entries, REAL)):
        found = [what for _, what in told(Whole(entries), part(entries), note=shown)]
        assert [what.startswith(("entry 20 says", f"{place}.signed")) for what in found] == [True, True]


def test_what_a_reader_holds_is_held_against_the_whole(told: Any) -> None:
    entries = [*PAST, changed(20, SECOND, lost=True), restored(21, 5, 9)]
    store, kept = Whole(entries, note(PAST, REAL)), note(entries, SECOND)

    def begins(**more: Any) -> list[str]:
        return [what.split(":")[0][:8] for _, what in told(store, part(entries), **more)]

    assert begins() == begins(vkey=REAL.verifier) == ["entry 20", "entry 21"]
    assert begins(vkey=SECOND.verifier) == ["entry 21"]
    assert begins(note=kept) == ["entry 21"]
    assert begins(note=kept, vkey=REAL.verifier) == ["entry 20", "entry 21"]
    assert begins(note=note(PAST, REAL)) == ["entry 20", "entry 21"]
    assert begins(note=note(PAST[:5], REAL), vkey=SECOND.verifier) == []
    assert begins(vkey=FORGER.verifier)[0] == "the key "
    assert begins(note=note([*PAST[:4], held(5)], REAL))[0] == "the firs"


def test_a_record_without_its_key_and_a_key_without_its_record_vouch_for_nothing(judged: Any, tmp_path: Path) -> None:
    entries, place = [*PAST, restored(20, 0, 9)], tmp_path / "k.key"

    def found() -> tuple[int | None, list[str]]:
        verified = judged(Whole(entries), part(entries))
        return verified.record, [what.split(":")[0][:13] for _, what in verified.problems]

    write_record(place, note(entries, REAL), [REAL.verifier])
    assert found() == (None, ["entry 20 says"])
    keep_key(place, REAL)
    assert found() == (20, [])
    beside(place, ".signed").unlink()
    record, [missing, restore] = found()
    assert (record, restore) == (None, "entry 20 says")
    assert missing in str(place)


def test_a_key_vouches_for_nothing_where_nothing_is_signed(told: Any) -> None:
    nothing = "nothing is signed here yet, so that the key given vouches for nothing: liggare checkpoint"
    assert told(Whole(), vkey=REAL.verifier) == [(None, nothing)]
    assert told(Whole(), vkey=REAL.verifier, note=note(PAST, REAL)) == told(Whole(), note=note(PAST, REAL)) == []
    assert told(Whole(PAST, note(PAST, REAL)), vkey=REAL.verifier) == []


def test_documents_are_those_they_are_named_for_and_that_entries_name(told: Any) -> None:
    store, name, absent = Whole(), sha256(b"x").hexdigest(), sha256(b"y").hexdigest()
    named, text = part(documents={name: 5, "ab": 7, absent: 9}), part(documents={name: 1, absent: 1})
    store.lies["documents"] = [(name, b"x")]
    assert told(store, named) == []
    assert told(store) == [(None, f"document {name} is kept, and no entry names it")]
    later = part(documents={name: 20, absent: 21}, after=19, begins="2031")
    later.rest = list(map(leaf_hash, PAST))
    lacking = f"the agreement's own text, which it names, is not kept: document {absent}"
    [(position, what)] = told(store, text)
    assert (position, what.startswith(f"{lacking}; a ledger made anew")) == (1, True)
    assert told(store, text, later) == [(1, what)]
    store.lies["documents"] = [("ab", b"x"), (name, "x"), (name, None), (name, b"x")]
    assert told(store, named) == [(None, f"document {one} is not what was kept") for one in ("ab", name)]
    store.lies |= {"documents": [], "faults": ["table more does not belong to a ledger"]}
    assert told(store) == [(None, "table more does not belong to a ledger")]
