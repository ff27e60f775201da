"""No output contains the password of a ledger on a server, however the place is written and whatever fails."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest

from cli.places import command as shown_again
from cli.places import place
from tests.counting import calls, in_processor_seconds
from tests.desk import at_a_desk

if TYPE_CHECKING:
    from pathlib import Path

    from tests.desk import Desk, Done
    from tests.servers import Node

pytestmark = pytest.mark.on_file

WORD = "emlig9"  # every password in this module contains this text, which percent-encoding leaves unchanged
NOBODY = "127.0.0.1:1"  # no server listens at this address
SPELLINGS = {
    "user and password": f"postgresql+psycopg://liggare:h{WORD}@{NOBODY}/db",
    "without a driver": f"postgresql://liggare:h{WORD}@{NOBODY}/db?schema=x",
    "without a user": f"postgresql://:h{WORD}@{NOBODY}/db",
    "escaped": f"postgresql://liggare:%68{WORD}@{NOBODY}/db",
    "with an @": f"postgresql://liggare:h@{WORD}@{NOBODY}/db",
    "with two": f"postgresql://liggare:{WORD}@h@{WORD}@{NOBODY}/db",
    "with a space": f"postgresql://liggare:h {WORD}@{NOBODY}/db",
    "with a slash": f"postgresql://liggare:h/{WORD}@{NOBODY}/db",
    "with a slash and an @": f"postgresql://liggare:h/{WORD}@x{WORD}@{NOBODY}/db",
    "with a colon": f"postgresql://liggare:h:{WORD}@{NOBODY}/db",
    "with a quote": f"postgresql://liggare:'{WORD}\"@{NOBODY}/db",
    "with ? and #": f"postgresql://liggare:?h#{WORD}@{NOBODY}/db",
    "with a line's end": f"postgresql://liggare:h\n{WORD}@{NOBODY}/db",
    "with NUL, escaped": f"postgresql://liggare:{WORD}%00@{NOBODY}/db",
    "as an option": f"postgresql://liggare@{NOBODY}/db?password=h{WORD}&schema=x",
    "as two options": f"postgresql://{NOBODY}/db?user=liggare&password=h{WORD}&password={WORD}",
    "as an escaped option": f"postgresql://{NOBODY}/db?p%61ssword=h{WORD}",
    "of a key": f"postgresql://{NOBODY}/db?sslpassword=h{WORD}&sslkey=nowhere",
    "of libpq's newer options": f"postgresql://{NOBODY}/db?oauth_client_secret=h{WORD}",
    "an unknown option": f"postgresql://liggare:h{WORD}@{NOBODY}/db?passwd={WORD}",
    "an option without ?": f"postgresql://{NOBODY}/db&password=h{WORD}",
    "a port that is none": f"postgresql://liggare:h{WORD}@127.0.0.1:x/db",
    "no host after it": f"postgresql://liggare:h{WORD}",
    "no host, but a path": f"postgresql://liggare:h{WORD}/db",
    "another schema": f"postgresql://liggare:h{WORD}@{NOBODY}/db?schema=No",
    "another scheme": f"postgres://liggare:h{WORD}@{NOBODY}/db",
    "another driver": f"postgresql+asyncpg://liggare:h{WORD}@{NOBODY}/db",
    "another database": f"mysql://liggare:h{WORD}@{NOBODY}/db?password={WORD}",
    "in capitals": f"POSTGRESQL://liggare:h{WORD}@{NOBODY}/db",
    "SQLite's": f"sqlite://liggare:h{WORD}@{NOBODY}/db?password={WORD}",
    "SQLite's, with a file": f"sqlite:///liggare.db?password=h{WORD}",
    "a space before it": f" postgresql://liggare:h{WORD}@{NOBODY}/db",
    "one slash": f"postgresql:/liggare:h{WORD}@{NOBODY}/db",
    "no slash": f"postgresql:liggare:h{WORD}@{NOBODY}/db",
    "no colon": f"postgresql//liggare:h{WORD}@{NOBODY}/db",
    "no scheme": f"liggare:h{WORD}@{NOBODY}/db",
    "no scheme, a slash": f"liggare:h/{WORD}@{NOBODY}/db",
    "a password for a scheme": f"liggare:h{WORD}@db.example://db",
    "libpq's own form": f"host=127.0.0.1 port=1 user=liggare password=h{WORD} dbname=db",
    "libpq's own form, quoted": f"host = 127.0.0.1 password = 'h \\' {WORD}' dbname=db",
    "libpq's own form, escaped": f"password=h\\ {WORD} host=127.0.0.1",
    "libpq's own form, in capitals": f"PASSWORD=h{WORD} HOST=127.0.0.1",
}
PERSON = ("record", "person-registered", "--on", "2023", "--organ", "secretariat", "--person", "p1", "--name", "Testa")
COMMANDS = (
    ("init",),
    PERSON,
    ("import", "acts.jsonl"),
    ("annul", "1", "--cause", "recording-error", "--reason", "x"),
    ("agreement", "--json", "--verbose"),
    ("history",),
    ("verify", "--json"),
    ("checkpoint",),
    ("prove", "1"),
    ("rotate-key", "--json"),
    ("export", "folder"),
    ("backup", "copy.db", "--verbose"),
    ("dispose", "p1", "--decision", "x"),
    ("upgrade", "--json"),
    ("import", "--log", "folder"),
    ("init", "--role", "r", "--signer-role", "s"),
    ("agreement", "--nonsense"),
    ("no-such-command",),
)


def keeps_it(done: Done) -> bool:
    return WORD not in done.out + done.err


@pytest.mark.parametrize("how", SPELLINGS)
def test_no_command_shows_the_password_of_its_place(desk: Desk, how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    spelled = SPELLINGS[how]
    desk.writes("acts.jsonl", [])
    for command in COMMANDS:
        for done in (desk(*command, "--ledger", spelled), desk(*command, f"--ledger={spelled}", "--json")):
            assert done.code in {2, 4, 6}, (command, done)
            assert keeps_it(done), (command, done)
    for command in (
        ("copy", spelled, "copy.db"),
        ("copy", "--verbose", "copy.db", spelled),
        ("copy", spelled, spelled),
    ):
        assert keeps_it(desk(*command)), command
    monkeypatch.setenv("LIGGARE_LEDGER", spelled)
    assert keeps_it(desk("agreement", "--verbose"))
    for misplaced in (
        (spelled,),
        ("agreement", spelled),
        ("agreement", f"--{spelled}"),
        ("agreement", "--on", spelled),
        ("agreement", "--known-at", spelled),
        ("agreement", "--reading", spelled),
        ("import", spelled),
        ("checkpoint", "--against", spelled),
        ("checkpoint", "--key-file", spelled),
        ("init", "--terms", spelled),
        ("init", "--text", spelled),
        ("record", spelled),
        ("prove", spelled),
    ):
        assert keeps_it(desk(*misplaced)), misplaced
    assert [each.name for each in desk.folder.iterdir()] == ["acts.jsonl"]


def test_commands_on_a_server_never_show_the_password(server: Node, tmp_path: Path) -> None:
    """The test server accepts any password, so the commands can succeed."""
    here, there = (server.url(f"silent_{name}", user=f"postgres:h{WORD}") for name in ("here", "there"))
    with at_a_desk(tmp_path, here) as desk:
        for command in (
            ("init",),
            ("init",),
            PERSON,
            ("agreement", "--verbose"),
            ("verify",),
            ("checkpoint",),
            ("rotate-key",),
            ("export", "folder", "--verbose"),
            ("backup", "copy.db", "--verbose"),
            ("upgrade",),
            ("upgrade", "--json"),
            ("copy", here, there, "--verbose"),
            ("copy", here, there),
            ("import", "--log", "folder", "--ledger", there),
            ("import", "--log", "folder", "--ledger", there.replace("silent_there", "silent_again")),
            ("import", "--log", "folder", "--json", "--ledger", there.replace("silent_there", "silent_third")),
        ):
            done = desk(*command)
            assert done.code in {0, 6}, (command, done)
            assert keeps_it(done), (command, done)
        taken = desk("init", "--key-file", "another.key")
        assert f"postgresql+psycopg://postgres:***@127.0.0.1:{server.port}/postgres?schema=silent_here" in taken.err


def test_a_command_that_is_shown_again_is_the_same_but_for_the_password() -> None:
    given = ["record", "--title", "Möte 10:30,anna@sala.se", "--ledger", f"postgresql://u:h {WORD}@h/d", "--key=a:b@c"]
    shown = ["record", "--title", "Möte 10:30,anna@sala.se", "--ledger", "postgresql://u:***@h/d", "--key=a:b@c"]
    assert shown_again(given) == shown
    assert shown_again(["record", f"--ledger=u:{WORD}@h"]) == ["record", "--ledger=u:***@h"]
    assert shown_again(["record", "--ledger", f"host=h password={WORD}"]) == [
        "record",
        "--ledger",
        "host=h password=***",
    ]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a postgresql://u:p@h/d", "a postgresql://u:***@h/d"),
        ("postgresql://u:p q@h/d to x", "postgresql://u:***@h/d to x"),
        ("postgresql://h/d?password=p&schema=x", "postgresql://h/d?password=***&schema=x"),
        ("a://u:***@h/d to b://v:***@i/e", "a://u:***@h/d to b://v:***@i/e"),
        ("--key=a --on 2023-02-27T12:00 b@c liggare.db", "--key=a --on 2023-02-27T12:00 b@c liggare.db"),
        ("there is no ledger at ./liggare.db; `liggare init`", "there is no ledger at ./liggare.db; `liggare init`"),
    ],
)
def test_the_rest_of_a_sentence_stays(text: str, shown: str) -> None:
    assert place(text) == shown


@pytest.mark.parametrize("part", ["x", "x:", '{"a":', "://a:", "a=b ", "%", "'", "\\", "password='", "a:b@"])
def test_a_long_text_is_looked_through_in_a_moment(part: str) -> None:
    with in_processor_seconds(0.5):
        for text in (part * 20_000, f"u@h {part * 20_000}"):
            place(text, [text])


def test_what_was_given_many_times_is_looked_through_once() -> None:
    given = "u:p@h/" + "x" * 500
    once, often = (calls(partial(place, "an error", [given] * many)) for many in (1, 200))
    assert often < once + 250, "but for going over the arguments"
