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
