"""Tests verify_ledger.py on whole exports, within the test's process: its exact words about files, entries and
names.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from ledger.integrity.export.about import sealed
from ledger.names import digest, disclose
from tests.export.making import (
    DOCUMENTS,
    NAMES,
    REAL,
    SECOND,
    entry,
    held,
    laid,
    note,
)
from tests.export.wholes import (
    AGREEMENT,
    LARGE,
    LONG,
    NOT_LISTED,
    NOT_THEM,
    SECOND_KEY,
    TURNED,
    VERIFY,
    about,
    check,
    keyed,
    listed,
    plain,
    rotated,
    without,
)

if TYPE_CHECKING:
    from pathlib import Path

    from tests.export.making import Files

# Valid exports.
FEWER = {path: data for path, data in LARGE.items() if ".p/" not in path or path.endswith(("/88", "/2"))}


TWICE = listed(TURNED, **{"checkpoints/5-2": TURNED["checkpoints/5"]})


FULL = [plain(past=tuple(LONG[:size])) for size in (255, 256, 257, 512)]
SINCE_FULL = keyed(*LONG[19:], keys=(REAL,), signed=dict.fromkeys((256, 600), (REAL,)))


@pytest.mark.parametrize("files", [TURNED, rotated({21: (SECOND,)}), LARGE, FEWER, *FULL, SINCE_FULL, plain(), TWICE])
def test_an_export_of_which_nothing_is_wrong_holds(files: Files, tmp_path: Path) -> None:
    assert check(files, tmp_path / "export") == ([], ["Of what entries name, documents: 1 of 1 named are here."])


def test_it_goes_on_from_whatever_it_was_before(tmp_path: Path) -> None:
    for size in (1, 5, 255, 256, 257, 511, 512, 599, 600):
        assert check(LARGE, tmp_path / "export", note(LONG[:size], REAL)).faults == []


def test_a_public_export_has_no_names_and_needs_no_documents(tmp_path: Path) -> None:
    told = check(plain(names=None, documents=()), tmp_path / "export")

    assert told == ([], ["Of what entries name, documents: 0 of 1 named are here."])


# Files.
@pytest.mark.parametrize("path", ["tile/0/000", "tile/0/002.p/88", "tile/1/000.p/2", "tile/0/000.p/5", "tile/1/000.p/1",
                                  "tile/0/001.p/44", "tile/entries/000.p/5", "tile/entries/001.p/44"])  # fmt: skip
@pytest.mark.parametrize(
    "spoil", [lambda data: data[:-1], lambda data: data + b"\0", lambda data: bytes([data[0] ^ 1]) + data[1:]]
)
def test_a_tile_is_what_the_entries_are(path: str, spoil: Any, tmp_path: Path) -> None:
    found = check({**LARGE, path: spoil(LARGE[path])}, tmp_path / "export").faults

    assert found[-1] == f"{path}: {NOT_THEM}"


def test_a_tile_of_the_tree_as_it_is_must_be_there(tmp_path: Path) -> None:
    assert check(without(TURNED, "tile/0/000.p/21"), tmp_path / "export").faults == [
        "tile/0/000.p/21: missing",
        f"tile/0/000.p/21: {NOT_THEM}",
    ]


@pytest.mark.parametrize(
    "path",
    ["tile/0/000.p/7", "tile/entries/000.p/7", "tile/1/000", "tile/2/000.p/1", "tile/0/003", "tile/0/001.p/0",
     "tile/entries/001.p/0", "tile/1/000.p/0", "x"],
)  # fmt: skip
def test_a_tile_of_no_checkpoint_here_is_a_stray(path: str, tmp_path: Path) -> None:
    data = LARGE["tile/0/000"][: 7 * 32] if path.endswith("7") else b""

    assert check({**LARGE, path: data}, tmp_path / "export").faults == [f"{path}: {NOT_LISTED}"]


def test_a_tile_beyond_the_last_entry_is_a_stray_even_if_a_checkpoint_reaches_so_far(tmp_path: Path) -> None:
    further = note([*LONG, *map(held, range(601, 701))], REAL).encode()
    files = {**listed(LARGE, **{"checkpoints/700": further}), "tile/0/002.p/188": b"x"}

    found = check(files, tmp_path / "export").faults
    assert found[1:] == [f"tile/0/002.p/188: {NOT_LISTED}"]


def said(**otherwise: Any) -> Files:
    """Returns the export with a change of key, with other values in export.json and a digest of export.json that
    fits.
    """
    other = {**about(), **otherwise}
    del other["sha256"]
    return {**TURNED, "export.json": orjson.dumps({**other, "sha256": sealed(other)}, option=orjson.OPT_SORT_KEYS)}


@pytest.mark.parametrize(
    ("path", "digest"),
    [("x", ""), ("tile/entries/000.p/21", sha256(TURNED["tile/entries/000.p/21"]).hexdigest()),
     (f"documents/{AGREEMENT}", "0" * 64), ("agreement.txt", "0" * 64)],
)  # fmt: skip
def test_what_is_listed_lies_beside_the_log_and_is_here_as_listed(path: str, digest: str, tmp_path: Path) -> None:
    files = said(files=about()["files"] | {path: digest})

    assert check(files, tmp_path / "export").faults == [f"{path}: {NOT_LISTED}"]


def test_export_json_has_a_thousand_objects_and_lists_at_most(tmp_path: Path) -> None:
    some = sum(said(more=[])["export.json"].count(bracket) for bracket in (b"{", b"["))

    assert check(said(more=[[]] * (1_000 - some)), tmp_path / "whole").faults == []
    [fault] = check(said(more=[[]] * (1_001 - some)), tmp_path / "more").faults
    assert fault.startswith("export.json: not what was written; nothing else was checked")


@pytest.mark.parametrize(
    ("path", "data", "entries"),
    [
        ("tile/entries/000.p/21", TURNED["tile/entries/000.p/21"][:-1], 21),
        ("tile/entries/000.p/21", TURNED["tile/entries/000.p/21"] + b"\0", 21),
        ("tile/entries/000.p/21", TURNED["tile/entries/000.p/21"] + b"\0\0", 21),
        ("tile/entries/001", LARGE["tile/entries/001"][:-1], 256),
        ("tile/entries/001", LARGE["tile/entries/001"] + b"\0\0", 256),
        ("tile/entries/001", b"\0\0" * 10_000, 256),
    ],
)
def test_a_bundle_holds_as_many_entries_as_it_should(path: str, data: bytes, entries: int, tmp_path: Path) -> None:
    found = check({**(TURNED if path in TURNED else LARGE), path: data}, tmp_path / "export").faults

    assert found == [f"{path}: not a bundle of {entries}; neither it nor anything else was checked"]


@pytest.mark.parametrize(
    ("path", "most"),
    [("tile/entries/000.p/21", 16_777_472), ("tile/0/000.p/21", 8_192), ("checkpoint", 65_536), ("names.jsonl", 2**24),
     ("checkpoints/5", 65_536), ("export.json", 2**23), ("agreement.txt", 2**26)],
)  # fmt: skip
def test_a_file_larger_than_such_a_file_is_is_not_read(path: str, most: int, tmp_path: Path) -> None:
    laid(TURNED, tmp_path / "export")
    with (tmp_path / "export" / path).open("r+b") as file:
        file.truncate(most + 1)
        export = VERIFY.Export(str(tmp_path / "export"))
        assert (export.read(path), export.faults) == (b"", [f"{path}: not a regular file of at most {most} bytes"])
        file.truncate(most)
        assert len(VERIFY.Export(str(tmp_path / "export")).read(path)) == most


def test_links_and_pipes_are_not_followed_and_what_desktops_leave_is_passed_over(tmp_path: Path) -> None:
    laid(TURNED, tmp_path / "export")
    (tmp_path / "export" / "empty" / "er").mkdir(parents=True)
    (tmp_path / "export" / "checkpoints" / "link").symlink_to("5")
    (tmp_path / "export" / "empty" / "folder").symlink_to("..")
    for junk in (".DS_Store", "Thumbs.db", "tile/desktop.ini", "tile/0/._x"):
        (tmp_path / "export" / junk).write_bytes(b"x")
    export = VERIFY.Export(str(tmp_path / "export"))

    assert export.files == TURNED.keys()
    assert sorted(export.faults) == ["checkpoints/link: not a regular file", "empty/folder: not a regular file"]
    assert sorted(export.told) == [
        f"{junk} is no part of an export and was passed over."
        for junk in (".DS_Store", "Thumbs.db", "tile/0/._x", "tile/desktop.ini")
    ]
    assert VERIFY.Export(str(tmp_path / "none")).faults == [": No such file or directory"]


def test_of_what_is_wrong_the_first_hundred_are_reported_and_the_rest_counted(tmp_path: Path) -> None:
    files = {**TURNED, **{f"x{number:03}": b"" for number in range(103)}}
    export = VERIFY.Export(str(laid(files, tmp_path / "export")))
    export.check(None, "")

    assert (len(export.faults), export.faults[-1], export.more) == (100, f"x099: {NOT_LISTED}", 3)


# Entries.
def other(**said: Any) -> bytes:
    """Returns an ordinary entry for position 20, with other values in some of its fields."""
    return orjson.dumps({**orjson.loads(held(20)), **said}, option=orjson.OPT_SORT_KEYS)


REGISTERED = {"person": "x", "name": {"sha-256": "A" * 43}}
BACK = {"restored_from": 18, "lost_size": 19, "lost_root": "x"}
KEY = {"public_key": SECOND_KEY}
ODD = (
    b"x", b"[]", b"null", b"{}", held(20)[:-1] + b" }", other(more=1), other(fields=None), other(fields=[]),
    orjson.dumps(orjson.loads(held(20))["fields"]), other(recorded_at=5), other(source=None), other(source=[]),
    *(other(recorded_at=at) for at in ("2031-01-01T00:00:20Z", "2031-01-01T00:00:20.000000Z\n", "2031-01-01", "")),
    *(other(recorded_at=f"{day}T00:00:20.000000Z") for day in ("2031-02-30", "2200-01-01")),
    *(other(source={"document": document}) for document in (5, True, [5])), other(fields={"documents": 5}),
    other(fields={"documents": ["x"]}), other(fields={"documents": [{"document": 5}]}),
    *(entry(20, "person-registered", {**REGISTERED, name: 5}) for name in REGISTERED),
    entry(20, "person-registered", {"person": "x", "name": {"sha-256": None}}),
    entry(20, "personal-data-disposed", {"person": 5}), entry(20, "personal-data-disposed", {}),
    *(entry(20, "log-restored", {**BACK, **of}) for of in (
        {"restored_from": 20}, {"restored_from": -1}, {"restored_from": True}, {"lost_size": 0}, {"lost_size": "1"},
        {"lost_root": ""}, {"lost_root": 5})),
    *(entry(20, "signing-key-changed", {**KEY, **of}, v=2) for of in (
        {"public_key": 5}, {"proof": 5}, {"proof": False}, {"lost": 1}, {"lost": "true"})),
    entry(20, "signing-key-changed", KEY, v=-1), other(event="signing-key-changed", fields=KEY, v="1"),
)  # fmt: skip


@pytest.mark.parametrize("odd", ODD)
def test_an_entry_is_written_as_a_ledger_writes(odd: bytes, tmp_path: Path) -> None:
    found = check(plain(odd, public=True, names=None), tmp_path / "export").faults

    assert found[0] == "entry 20: not written as a ledger writes"


def test_an_entry_may_be_recorded_until_2199(tmp_path: Path) -> None:
    last = other(recorded_at="2199-12-31T23:59:59.999999Z")

    assert check(plain(last, public=True, names=None), tmp_path / "export").faults == []


@pytest.mark.parametrize("place", [0, -1])
def test_an_entry_is_recorded_later_than_the_one_before_it(place: int, tmp_path: Path) -> None:
    """A recording time equal to the preceding entry's is not later. Each entry is compared with the entry before it,
    even if the recording time of that entry is itself wrong.
    """
    at = held(20) if place == 0 else held(19)
    files = plain(held(20), at, held(21))

    assert check(files, tmp_path / "export").faults == ["entry 21: recorded no later than the one before it"]


def test_documents_are_those_that_entries_name(tmp_path: Path) -> None:
    one, two = sha256(b"one").hexdigest(), sha256(b"two").hexdigest()
    named = [
        other(source={"document": one}),
        entry(21, "x", {"documents": [{"document": two}, {"document": None}, {}]}),
    ]
    here = plain(*named, documents=(b"one", b"two", *DOCUMENTS))
    stray = listed(here, **{f"documents/{sha256(b'x').hexdigest()}": b"x"})
    misnamed = listed(without(here, f"documents/{one}"), **{f"documents/{one}": b"two"})

    assert check(here, tmp_path / "1") == ([], ["Of what entries name, documents: 3 of 3 named are here."])
    assert check(without(here, f"documents/{one}"), tmp_path / "2").faults == [f"documents/{one}: {NOT_LISTED}"]
    assert check(listed(without(here, f"documents/{one}")), tmp_path / "3") == (
        [], ["Of what entries name, documents: 2 of 3 named are here."])  # fmt: skip
    assert check(stray, tmp_path / "4").faults == [f"documents/{sha256(b'x').hexdigest()}: {NOT_LISTED}"]
    assert check(misnamed, tmp_path / "5").faults == [f"documents/{one}: {NOT_LISTED}"]


@pytest.mark.parametrize("gone", [f"documents/{AGREEMENT}", "agreement.txt"])
def test_the_agreements_own_text_is_here_unless_the_export_is_public(gone: str, tmp_path: Path) -> None:
    missing = "agreement.txt: the agreement's own text, which entry 1 names, is missing"

    assert check(listed(without(TURNED, gone)), tmp_path / "export").faults == [missing]
    assert check(listed(without(plain(public=True), gone)), tmp_path / "public").faults == []


def test_the_agreements_text_is_one_that_the_first_entry_names(tmp_path: Path) -> None:
    files = plain(other(source={"document": sha256(b"one").hexdigest()}), documents=(*DOCUMENTS, b"one"))
    assert files["agreement.txt"] == b"one"

    assert check(files, tmp_path / "export").faults == [f"agreement.txt: {NOT_LISTED}"]


# Names.
LINES = NAMES.splitlines(keepends=True)
FIRST, LAST = (orjson.loads(LINES[at])["position"] for at in (0, -1))
HERE = disclose("N")
ANEW = entry(20, "person-registered", {"person": "x", "name": {"sha-256": digest(HERE)}})
LINE = orjson.dumps({"disclosure": HERE, "position": 20}) + b"\n"
MISSING = "missing, not the name registered, or disposed of"


@pytest.mark.parametrize(
    ("names", "wrong"),
    [
        (NAMES + LINE, []),
        (NAMES, [f"entry 20: {MISSING}"]),
        (b"".join(LINES[1:]) + LINE, [f"entry {FIRST}: {MISSING}"]),
        (NAMES + LINE + LINE, ["after entry 20: not names, one a line, in order"]),
        (LINE + NAMES, ["after entry 20: not names, one a line, in order",
                        *(f"entry {orjson.loads(line)['position']}: {MISSING}" for line in LINES)]),
        (NAMES + LINE[:-1], [f"after entry {LAST}: not names, one a line, in order", f"entry 20: {MISSING}"]),
        (NAMES + LINE[:-1] + b" \n", [f"after entry {LAST}: not names, one a line, in order", f"entry 20: {MISSING}"]),
        (NAMES + orjson.dumps({"disclosure": disclose("M"), "position": 20}) + b"\n", [f"entry 20: {MISSING}"] * 2),
        (NAMES + LINE.replace(b":20", b":19"), [f"after entry {LAST}: not names, one a line, in order",
                                              f"entry 20: {MISSING}"]),
    ],
)  # fmt: skip
def test_names_are_those_that_were_registered_in_order(names: bytes, wrong: list[str], tmp_path: Path) -> None:
    found = check(plain(ANEW, names=names), tmp_path / "export").faults

    assert found == [f"names.jsonl: {what}" for what in wrong]


def test_a_name_that_was_disposed_of_is_not_here_and_one_registered_after_is(tmp_path: Path) -> None:
    disposed = entry(21, "personal-data-disposed", {"person": "x"})
    again = entry(22, "person-registered", {"person": "x", "name": {"sha-256": digest(HERE)}})

    assert check(plain(ANEW, disposed), tmp_path / "1").faults == []
    assert check(plain(ANEW, disposed, names=NAMES + LINE), tmp_path / "2").faults == [
        f"names.jsonl: entry 20: {MISSING}"
    ]
    assert check(plain(ANEW, disposed, again), tmp_path / "3").faults == [f"names.jsonl: entry 22: {MISSING}"]
    later = NAMES + LINE.replace(b":20", b":22")
    assert check(plain(ANEW, disposed, again, names=later), tmp_path / "4").faults == []


def test_a_name_may_be_registered_by_the_first_entry_of_all(tmp_path: Path) -> None:
    person = entry(1, "person-registered", {"person": "x", "name": {"sha-256": digest(HERE)}})
    line = LINE.replace(b":20", b":1")

    for names, wrong in ((line, []), (b"", [f"names.jsonl: entry 1: {MISSING}"])):
        files = plain(past=(person,), names=names, documents=())
        assert check(files, tmp_path / str(len(names))).faults == wrong


def test_names_in_a_public_export_are_checked_too(tmp_path: Path) -> None:
    assert check(plain(names=NAMES, public=True), tmp_path / "1").faults == []
    assert check(plain(names=b"x\n", public=True), tmp_path / "2").faults[0].startswith("names.jsonl: after entry 0: ")
    assert check(plain(names=None, public=False), tmp_path / "3").faults[0] == "names.jsonl: missing"
