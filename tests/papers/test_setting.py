"""How texts are set: what stands between words, what can be copied, what is seen, and what a template reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ledger.errors import BadInput
from papers.html import html_of_paper
from papers.paper import Paper, Preformatted, Signature
from papers.pdf import pdf_of
from papers.word import docx_of
from presentation.blocks import columns, in_role, text, title
from tests.papers.laid_out import FOOT, HEAD, OPENS, pdf, text_of
from tests.papers.test_word import text_of as text_of_word
from tests.papers.test_word import with_text

if TYPE_CHECKING:
    from pathlib import Path

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


def test_a_template_reads_no_file_of_the_working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "signing.key").write_text("secret", "utf-8")
    monkeypatch.chdir(tmp_path)
    for path in ("signing.key", "/signing.key", "../signing.key", str(tmp_path / "signing.key")):
        own = f'#let ink = black\n#let letterhead(sender) = read("{path}")'.encode()

        with pytest.raises(BadInput, match="the template cannot be set"):
            pdf_of(Paper(kind="x", title="T"), FOOT, HEAD, {"letterhead.typ": own})
