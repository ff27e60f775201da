"""Text in input is normalised to Unicode form NFC and trimmed, and may contain no invisible characters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from unicodedata import normalize

import pytest

from ledger.encoding import plain
from ledger.errors import BadInput
from ledger.events.parse import parse_event
from tests.acts import act
from tests.domain.examples import EXAMPLES

if TYPE_CHECKING:
    from ledger.events import Event

NFD = normalize("NFD", "Förnyelse på Ö")


def seats(**changed: Any) -> Event:
    return parse_event(EXAMPLES["board-composed"] | changed)


def faults(event: str, **changed: Any) -> list[str]:
    with pytest.raises(BadInput) as refusal:
        parse_event(EXAMPLES[event] | changed)
    return [what for _, what in refusal.value.errors]


def test_a_political_party_is_the_same_however_it_was_typed() -> None:
    typed = seats(seats={NFD: 8, "Beta ": 5, " Gamma": 2}, majority=[f" {NFD}", "Gamma "])

    assert typed == seats(seats={"Förnyelse på Ö": 8, "Beta": 5, "Gamma": 2}, majority=["Förnyelse på Ö", "Gamma"])
    assert plain(typed)["seats"] == {"Förnyelse på Ö": 8, "Beta": 5, "Gamma": 2}


def test_two_keys_that_become_one_are_refused() -> None:
    assert "seats: 'Beta' is given twice" in faults("board-composed", seats={"Beta": 5, "Beta ": 3, "Alfa": 8})


def test_every_text_is_trimmed_and_composed_whatever_field_it_stands_in() -> None:
    source = EXAMPLES["item-handled"]["source"] | {"paragraph": "  § 12\u00a0", "registration_number": "KS 1 "}
    typed = parse_event(
        EXAMPLES["item-handled"]
        | {"source": source, "text": f"\n{NFD} ", "proposals": [{"by": " p2", "text": f"{NFD}\t"}]}
    )

    said = plain(typed)
    assert (said["source"]["paragraph"], said["source"]["registration_number"]) == ("§ 12", "KS 1")
    assert (said["text"], said["proposals"]) == ("Förnyelse på Ö", [{"by": "p2", "text": "Förnyelse på Ö"}])
    assert plain(act("seat-vacated", "2024-01-01", person=" p1 "))["person"] == "p1"


def test_blanks_alone_are_no_text_and_lines_inside_stay() -> None:
    assert faults("item-handled", text=" \u2003 ") == ["text is empty"]
    assert plain(parse_event(EXAMPLES["item-handled"] | {"text": "ett\n  två"}))["text"] == "ett\n  två"


def test_a_name_is_composed_and_trimmed_and_not_shown_when_refused() -> None:
    assert parse_event(EXAMPLES["person-registered"] | {"name": f" {NFD} "}).name.text == "Förnyelse på Ö"  # type: ignore[attr-defined]
    [what] = faults("person-registered", name="Ek\u202e")
    assert what == "name: U+202E is an invisible character; write the text without it"


@pytest.mark.parametrize(
    "sign", ["\u200b", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u202e", "\u2066", "\u200f", "\U000e0041", "\u3164"]
)
@pytest.mark.parametrize("field", ["text", "background"])
def test_what_cannot_be_seen_or_turns_the_order_of_signs_is_refused(sign: str, field: str) -> None:
    assert faults("item-handled", **{field: f"a{sign}b"}) == [
        f"{field}: U+{ord(sign):04X} is an invisible character; write the text without it"
    ]


def test_so_it_is_in_a_list_a_map_and_an_object() -> None:
    assert faults("meeting-held", others=["a", "b\u200b"])[0].startswith("others[1]: U+200B")
    assert faults("board-composed", seats={"Alfa\u200b": 1}, majority=[])[0].startswith("seats: a key: U+200B")
    assert faults("item-handled", proposals=[{"by": "p1", "text": "x\u200b"}])[0].startswith(
        "proposals[0].text: U+200B"
    )
    assert faults("item-handled", source={"organ": "body", "paragraph": "§ 1\u200b"})[0].startswith("source.paragraph:")


def test_control_characters_are_refused_at_the_ends_too() -> None:
    assert faults("item-handled", text="a\x1c") == ["text: expected text without control characters"]


def test_what_is_nested_too_deeply_is_refused_by_its_shape() -> None:
    deep: Any = "x"
    for _ in range(500):
        deep = [deep]

    assert faults("item-handled", text=deep) == ["text: text is needed, not a list"]
