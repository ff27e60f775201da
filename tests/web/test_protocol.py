"""HTTP as its standards have it: languages by preference, tags of answers, methods, and files that browsers keep."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from web import steps

if TYPE_CHECKING:
    from tests.web.reader import Reader


@pytest.mark.parametrize(
    ("preferred", "language"),
    [
        ("sv;q=0.1, en;q=0.9", "en"),
        ("de, en;q=0, sv;q=0.2", "sv"),
        ("de, en;q=0.5", "en"),
        ("en-GB, sv;q=0.8", "en"),
        ("sv-FI;q=0.5, en;q=0.5", "sv"),  # of equal ones the first
        ("*", "sv"),
        ("", "sv"),
        ("en;q=x, sv;q=0.1", "sv"),
        ("ENGLISH", "sv"),
    ],
)
def test_the_language_is_the_most_preferred_one(reader: Reader, preferred: str, language: str) -> None:
    """RFC 9110 sections 12.4.2 and 12.5.4."""
    assert f'<html lang="{language}"' in reader.get("/council?on=2025-06-01", accept_language=preferred).text


@pytest.mark.parametrize(
    "address", ["/council?on=2025-06-01", "/beside/council?on=2025-06-01", "/paper.css", "/entry/3"]
)
def test_a_tag_is_compared_as_a_whole_and_weakly(reader: Reader, address: str) -> None:
    """RFC 9110 section 13.1.2."""
    tag = reader.get(address).headers["etag"]

    for sent in (tag, f"W/{tag}", f'"other", {tag}', "*", f'W/{tag} , W/"x"'):
        assert reader.get(address, if_none_match=sent).status == 304, sent
    for sent in (tag.strip('"'), f'"{tag}"', '"other"', tag[:-2], f"x{tag}"):
        assert reader.get(address, if_none_match=sent).status == 200, sent


@pytest.mark.parametrize("address", ["/council", "/entry/3.json", "/beside/council", "/paper.css", "/changes.atom"])
def test_what_depends_on_the_language_says_so(reader: Reader, address: str) -> None:
    assert reader.get(address).headers["vary"] == "accept-language"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
@pytest.mark.parametrize("address", ["/council", "/static/liggare.css"])
def test_another_method_is_refused_with_those_that_are_allowed(reader: Reader, address: str, method: str) -> None:
    """RFC 9110 section 15.5.6."""
    answer = reader.asks(method, address, {"sec_fetch_site": "same-origin"})

    assert answer.status == 405
    if address == "/council":
        assert set(answer.headers["allow"].split(", ")) == {"GET", "HEAD"}


@pytest.mark.parametrize("address", ["/static/liggare.js", "/static/liggare.css"])
def test_a_file_is_asked_for_again_each_time_so_that_no_page_has_an_older_script(reader: Reader, address: str) -> None:
    first = reader.get(address)

    assert first.headers["cache-control"] == "no-cache"
    assert reader.get(address, if_none_match=first.headers["etag"]).status == 304


def test_the_ids_of_a_feed_do_not_depend_on_how_it_is_reached(reader: Reader) -> None:
    """RFC 4287 section 4.2.6: an id stays, wherever the feed is."""
    feeds = [reader.get("/changes.atom", host=host).text for host in ("127.0.0.1:8700", "liggare.example")]

    ids = [re.findall("<id>(.*?)</id>", feed) for feed in feeds]
    assert ids[0] == ids[1]
    assert all(one == UUID(one).urn for one in ids[0])
    assert len(set(ids[0])) == len(ids[0]) > 10


def test_a_search_for_a_change_ends_however_dear_each_day_is(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    spent = iter(range(100))
    monkeypatch.setattr(steps, "thread_time", lambda: next(spent))

    place = reader.get("/step/agreement?on=2031-01-01&step=after").headers["location"]

    assert place.endswith("#no-day-after")
    assert next(spent) < 6


def test_no_change_of_a_search_is_sought(reader: Reader) -> None:
    assert reader.get("/step/search?q=sala&step=after").status == 404
    assert "/step/" not in reader.get("/search?q=sala").text
    assert reader.get("/beside/search?q=sala").status == 200
