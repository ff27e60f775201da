"""Blocks as HTML: what is a link, what is a heading, and that no text becomes markup."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presentation.blocks import Column, columns, entries, grid, in_role, number, title, whole
from presentation.phrases import named
from presentation.render.html import Links, head_and_rest, html_of, linking

LINKS = Links(
    entry=lambda position: f"/entry/{position}",
    person=lambda person: f"/person/{person}",
    exact={"Sala kommun": "/party/sala"}.get,
    provision={"chair": "/explain/chair"}.get,
)
if TYPE_CHECKING:
    from presentation.blocks import Part

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\ufdd1\ufdd2\ufdd3"), max_size=30)


def test_titles_are_headings_and_lines_are_paragraphs_or_lists() -> None:
    parts: list[Part] = [title("Seats"), "one line", "", "- two", "- lines"]

    assert html_of(parts, LINKS) == (
        '<h2>Seats</h2>\n<p>one line</p>\n<ul class="lines"><li>two</li><li>lines</li></ul>'
    )


def test_many_short_lines_are_a_list_for_several_columns() -> None:
    assert 'class="lines short"' in html_of(["- short"] * 9, LINKS)
    assert 'class="lines"' in html_of(["- short"] * 8, LINKS)
    assert 'class="lines"' in html_of(["- short"] * 9 + ["- " + "long " * 12], LINKS)


def test_the_first_line_is_the_answers_head() -> None:
    assert head_and_rest([title("27 members"), "rest"]) == ("27 members", ["rest"])
    table = columns(whole("Party"), rows=[["Sala kommun"]])
    assert head_and_rest([table]) == ("", [table])
    assert head_and_rest([]) == ("", [])


def test_a_table_has_headings_and_each_row_a_name() -> None:
    table = columns(whole("Member"), number("Seats"), whole(""), entries("Entry"), rows=[
        [title("Sala kommun"), "", "", ""], ["Testa", "1", "x", "12, 15"],
    ])  # fmt: skip

    assert html_of([table], LINKS) == (
        '<div class="table" tabindex="0" role="group" aria-label="Member"><table><thead><tr>'
        '<th scope="col" class="whole">Member</th><th scope="col" class="number whole">Seats</th><td></td>'
        '<th scope="col" class="entry number whole">Entry</th></tr></thead>'
        '<tbody><tr class="group"><th scope="rowgroup" colspan="4"><a href="/party/sala">Sala kommun</a></th></tr>'
        '<tr><th scope="row" class="whole">Testa</th><td class="number whole">1</td><td class="whole">x</td>'
        '<td class="entry number whole"><a href="/entry/12">12</a>, <a href="/entry/15">15</a></td></tr></tbody>'
        "</table></div>"
    )


def test_a_word_that_is_also_a_provision_is_a_link_in_a_column_of_provisions_alone() -> None:
    provision = Column(heading="Provision", provisions=True)
    found = html_of([columns(provision, whole("Post"), rows=[["chair", "chair"]])], LINKS)

    assert '<th scope="row"><a href="/explain/chair">chair</a></th><td class="whole">chair</td>' in found


def test_a_table_without_headings_is_a_list_whose_rows_may_go_on() -> None:
    rows = grid([("12", "adopted"), ("", in_role("by Sala", "quiet")), ("13", "rejected")], 3)

    assert html_of([rows], LINKS) == (
        '<ul class="rows"><li><span><a href="/entry/12">12</a></span> <span>adopted</span><br>'
        '<span><span class="quiet">by Sala</span></span></li>'
        '<li><span><a href="/entry/13">13</a></span> <span>rejected</span></li></ul>'
    )


def test_entries_in_sentences_are_links() -> None:
    assert html_of(["by entries 3, 4 and 7; see entry 12."], LINKS) == (
        '<p>by entries <a href="/entry/3">3</a>, <a href="/entry/4">4</a> and <a href="/entry/7">7</a>;'
        ' see entry <a href="/entry/12">12</a>.</p>'
    )


def test_a_person_is_a_link_with_the_name_alone() -> None:
    with linking():
        parts = [f"{named('p1', 'Testa <b>')} and {named('p2', None)} left"]

    assert html_of(parts, LINKS) == (
        '<p><a href="/person/p1">Testa &lt;b&gt;</a> and <a href="/person/p2">p2 (name disposed of)</a> left</p>'
    )
    assert named("p1", "Testa") == "Testa (p1)"


def test_a_person_that_was_cut_in_the_middle_leaves_no_signs() -> None:
    with linking():
        cut = named("p1", "Testa Testdotter")[:8]

    assert re.search("[\ufdd0-\ufdd3]", html_of([cut], LINKS)) is None


@pytest.mark.parametrize(("role", "shown"), [("struck", "s"), ("title", "strong"), ("wrong", "span")])
def test_a_role_is_a_class(role: str, shown: str) -> None:
    words = in_role("a", "") + in_role("b", role)  # type: ignore[arg-type]

    assert html_of([words], LINKS) == f'<p>a<{shown} class="{role}">b</{shown}></p>'


@given(TEXTS, TEXTS)
def test_no_text_becomes_markup(first: str, second: str) -> None:
    with linking():
        parts: list[Part] = [
            first,
            columns(whole("A"), whole("B"), rows=[[second, first]]),
            grid([(first, second)]),
            named("p", second),
        ]
    told = html_of(parts, LINKS)

    tags = re.findall(r"<(/?)(\w+)", told)
    assert {name for _, name in tags} <= {
        "p",
        "ul",
        "li",
        "span",
        "div",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "a",
        "br",
    }
    assert "<script" not in told
    assert unescape(re.sub(r"<[^>]*>", "", told)).count("<") == f"{first}{second}{first}{first}{second}{second}".count(
        "<"
    )
