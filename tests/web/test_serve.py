"""The command that shows the pages, as a process of its own with a real server."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest

import presentation.language

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.desk import Desk

ROOT = Path(__file__).parents[2]


def free_port() -> int:
    with closing(socket.socket()) as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


@contextmanager
def serving(folder: Path, *more: str, at: str = "127.0.0.1") -> Iterator[tuple[subprocess.Popen[str], int]]:
    """Yields a process that shows the ledger of a folder, and its port."""
    port = free_port()
    command = [sys.executable, "-c", "from cli import main; main()", "serve", "--bind", f"{at}:{port}", *more]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "LIGGARE_LANG": "en"}
    process = subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        yield process, port
    finally:
        process.kill()
        process.communicate()


def asked(port: int, method: str, path: str, body: str = "", **headers: str) -> tuple[int, dict[str, str], str]:
    """Returns the status, the headers and the body of an answer, once the server listens."""
    for _ in range(200):
        with closing(HTTPConnection("127.0.0.1", port, timeout=20)) as to:
            try:
                to.request(method, path, body, {"Origin": f"http://127.0.0.1:{port}", **headers})
                answer = to.getresponse()
            except ConnectionRefusedError:
                subprocess.run(["sleep", "0.1"], check=True)
                continue
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read().decode()
    raise AssertionError("the server never listened")


def test_the_address_of_the_start_lets_one_browser_in(played: Desk) -> None:
    with serving(played.folder) as (process, port):
        assert process.stdout is not None
        line = process.stdout.readline()
        word = re.fullmatch(
            rf"The pages of \./liggare\.db, for one browser: http://127\.0\.0\.1:{port}/enter\?word=(\S+)\n", line
        )
        assert word is not None, line
        assert asked(port, "GET", "/council")[0] == 403
        status, headers, _ = asked(port, "POST", "/enter", f"word={word[1]}")
        assert status == 303
        cookie = headers["set-cookie"].partition(";")[0]
        status, _, page = asked(port, "GET", "/council?on=2025-06-01&known_at=@240", Cookie=cookie)
        assert (status, "Ulrik Påhitt" in page) == (200, True)
        process.send_signal(signal.SIGINT)
        said = process.stderr.read() if process.wait(20) == 0 and process.stderr else None
        assert said == "refused with 403: GET\n"  # before the browser was let in


def test_the_address_is_given_to_programs_as_json(played: Desk) -> None:
    with serving(played.folder, "--json") as (process, port):
        assert process.stdout is not None
        told = json.loads(process.stdout.readline())

    assert told["ledger"] == "./liggare.db"
    assert told["address"].startswith(f"http://127.0.0.1:{port}/enter?word=")


@pytest.mark.parametrize(
    ("bind", "why"),
    [
        ("127.0.0.1", "is not ADDRESS:PORT"), ("127.0.0.1:0", "is not ADDRESS:PORT"), (":x", "is not ADDRESS:PORT"),
        ("127.0.0.1:65536", "is not ADDRESS:PORT"), ("0.0.0.0:8700", "can be reached by others"),
        (f"127.0.0.1:{'9' * 5_000}", "is not ADDRESS:PORT"), ("127.0.0.1:٣٣٣٣", "is not ADDRESS:PORT"),
        ("127.0.0.1\n:8700", "is not ADDRESS:PORT"), ("\udcff:8700", "is not ADDRESS:PORT"),
        ("[::]:8700", "can be reached by others"), ("example.org:8700", "can be reached by others"),
    ],
)  # fmt: skip
def test_a_place_that_cannot_be_listened_at_is_refused(played: Desk, bind: str, why: str) -> None:
    done = played("serve", "--bind", bind)

    assert (done.code, len(done.errors)) == (2, 1)
    assert why in done.errors[0]


def test_a_name_that_no_computer_can_have_is_refused(played: Desk) -> None:
    done = played("serve", "--public", "--bind", f"{'å' * 80}:8700")

    assert (done.code, len(done.errors)) == (2, 1)
    assert "is not ADDRESS:PORT" in done.errors[0]


def test_a_place_that_is_taken_is_said_before_any_address_is_given(played: Desk) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        place = f"127.0.0.1:{taken.getsockname()[1]}"
        done = played("serve", "--bind", place)

    assert (done.code, done.out) == (6, "")
    assert done.errors == [f"{place} cannot be listened at: Address already in use"]


def test_the_public_is_let_in_at_any_address_and_is_not_shown_who_recorded(played: Desk) -> None:
    with serving(played.folder, "--public", at="0.0.0.0") as (process, port):  # noqa: S104 - what is tested
        assert process.stdout is not None
        assert process.stdout.readline() == f"The pages of ./liggare.db, for anybody: http://0.0.0.0:{port}/\n"
        status, _, page = asked(port, "GET", "/entry/60.json", Host="liggare.example")
        assert (status, json.loads(page)["entry"]["recorded_by"]) == (200, None)
        assert asked(port, "GET", "/enter?word=x")[0] == 404
        assert asked(port, "POST", "/council", "x=1")[0] == 405


def test_a_page_of_another_site_gets_nothing(played: Desk) -> None:
    with serving(played.folder) as (process, port):
        assert process.stdout is not None
        word = process.stdout.readline().rpartition("=")[2].strip()
        for path in ("/", f"/enter?word={word}"):
            assert asked(port, "GET", path, Host=f"evil.example:{port}")[0] == 421
        assert asked(port, "GET", f"http://evil.example:{port}/council")[0] in {403, 404, 421}
        assert asked(port, "GET", "/council", Host=f"localhost:{port}")[0] == 403


def test_without_the_packages_of_the_pages_the_command_says_what_to_install(played: Desk) -> None:
    with patch.dict(sys.modules, {"uvicorn": None}):
        done = played("serve")

    assert (done.code, done.errors) == (6, ["the pages need uvicorn: pip install 'liggare[web]'"])


def test_texts_that_are_not_compiled_are_told_at_the_start_and_not_to_a_reader(
    played: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    presentation.language.catalogue.cache_clear()
    monkeypatch.setattr(presentation.language, "LOCALE", tmp_path)
    done = played("serve", "--lang", "en")
    presentation.language.catalogue.cache_clear()

    assert (done.code, done.out) == (6, "")
    assert done.errors[0].startswith("the texts in sv are not compiled: `make words` compiles them")
