"""How texts are set: what stands between words, what can be copied, what is seen, and what a template reads."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

import pytest

from ledger.errors import BadInput, Unusable
from papers.html import html_of_paper
from papers.paper import Paper, Preformatted, Signature
from papers.pdf import _has, pdf_of
from papers.word import docx_of
from presentation.blocks import columns, in_role, text, title
from presentation.installed import needing
from tests.papers.laid_out import FOOT, HEAD, OPENS, pdf, text_of
from tests.papers.test_word import text_of as text_of_word
from tests.papers.test_word import with_text

if TYPE_CHECKING:
    from pathlib import Path

    from tests.desk import Desk

LABELLED = title("Label") + in_role("  ", "") + in_role("said", "open")
STRUCK = in_role("line", "struck") + in_role(" – annulled", "wrong")
TURNED = "a\u202eb\u200bc"  # the letters after the first mark are shown from right to left, and the second is not seen


def test_the_blanks_between_parts_of_a_line_are_kept_in_lists_and_tables() -> None:
    own = Paper(
        kind="x", title="T", body=("- one", LABELLED, columns(text("Event"), text("Name"), rows=[(STRUCK, "x")]))
    )

    told, page = text_of(pdf(own)), html_of_paper(own, FOOT, HEAD).decode()

    assert "– one – Label said" in told
    assert "line – annulled" in told
    assert '</strong>  <span class="open">said' in page
    assert '</s><span class="wrong"> – annulled' in page


def test_a_long_word_is_broken_without_a_letter_that_a_copy_would_have() -> None:
    root, digest = "A" * 130, "0" * 64
    own = Paper(kind="x", title="T", facts=(("Digest", digest),), body=(Preformatted("Note", f"log\n{root}"),))

    with OPENS(stream=pdf(own)) as opened:
        copied = "".join(page.get_text() for page in opened).replace("\n", "")

    assert digest in copied
    assert f"log{root}This paper" in copied
    assert "\u200b" not in copied


def test_letters_that_are_not_seen_or_turn_others_are_spelt_out() -> None:
    own = Paper(
        kind="x", title=TURNED, facts=((TURNED, TURNED),),
        body=(TURNED, title(TURNED), Preformatted(TURNED, f"one\n{TURNED}"), Signature(TURNED, TURNED)),
    )  # fmt: skip
    head = HEAD._replace(name=TURNED)
    shown, page = text_of(pdf_of(own, FOOT, head)), html_of_paper(own, FOOT, head).decode()
    told = {"title": TURNED, "sender": TURNED, "moment": FOOT.moment}
    word = text_of_word(docx_of("notice", told, with_text("{{ title }}")))

    assert [one.count("a\\u202eb\\u200bc") for one in (shown, page, word)] == [10, 11, 1]
    assert not {"\u202e", "\u200b"} & {*shown, *page, *word}


def test_what_is_not_tried_letter_by_letter_is_in_no_font(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("papers.pdf._LACKED", re.compile("(?!)"))
    few = [*range(0x3400, 0xA4D0, 997), *range(0xAC00, 0xD7A4, 997), *range(0x20000, 0x323B0, 9973)]

    assert [hex(one) for one in few if _has.__wrapped__(chr(one))] == []


def test_a_template_reads_no_file_of_the_working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "signing.key").write_text("secret", "utf-8")
    monkeypatch.chdir(tmp_path)
    for path in ("signing.key", "/signing.key", "../signing.key", str(tmp_path / "signing.key")):
        own = f'#let ink = black\n#let letterhead(sender) = read("{path}")'.encode()

        with pytest.raises(BadInput, match="the template cannot be set"):
            pdf_of(Paper(kind="x", title="T"), FOOT, HEAD, {"letterhead.typ": own})


def test_a_look_of_ones_own_is_a_folder_given_on_the_command_line(played: Desk) -> None:
    own = played.folder / "look"
    (own / "arms").mkdir(parents=True)
    (own / "arms" / "arms.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>', "utf-8")
    look = '#let ink = black\n#let letterhead(sender) = [Our own #image("arms/arms.svg", alt: "arms")]'
    (own / "letterhead.typ").write_text(look, "utf-8")

    played.does("paper", "council", "-o", "own.pdf", "--template", "look")

    assert text_of((played.folder / "own.pdf").read_bytes()).startswith("Our own")


def test_a_look_that_cannot_be_read_is_refused(played: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    many = played.folder / "many"
    many.mkdir()
    for name in "abc":
        (many / name).touch()
    os.mkfifo(played.folder / "pipe.docx")
    monkeypatch.setattr("cli.commands.paper.MOST_FILES", 2)

    for template, file, why in (
        ("many", "x.pdf", "--template many holds more than 2 files"),
        ("nowhere", "x.pdf", "--template takes a folder for a .pdf"),
        ("many", "x.html", "--template takes a folder for a .pdf"),
    ):
        done = played("paper", "council", "-o", file, "--template", template, "--lang", "en")
        assert (done.code, len(done.errors), why in done.err) == (2, 1, True), done.err
    done = played("paper", "notice", "srb-2025-1", "-o", "x.docx", "--template", "pipe.docx", "--lang", "en")
    assert (done.code, "--template pipe.docx cannot be read: it is not a regular file" in done.err) == (2, True)


def test_without_the_extra_it_is_told_what_to_install() -> None:
    with pytest.raises(Unusable, match=r"papers need typst: pip install 'liggare\[papers\]'"), needing("papers"):
        raise ModuleNotFoundError(name="typst")
