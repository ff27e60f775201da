"""A payment counts once, whatever the order and the form of the files that tell of it."""

from __future__ import annotations

from itertools import permutations, product
from typing import TYPE_CHECKING, Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.events.costs import PaymentMade
from ledger.events.parse import parse_event
from projections.paid_twice import paid_twice
from tests.exchange.bank import AMOUNTS, OCR, camt, claimed, entry, kronor, paid, sala, save, strd, transaction
from tests.given import given as timeline_of

if TYPE_CHECKING:
    from tests.desk import Desk

PAID = [("sala", AMOUNTS["sala"], "B1"), ("arboga", AMOUNTS["arboga"], "B2"), ("sala", 100, "B3")]


def made(
    party: str, amount: int, bank: str | None, reference: str | None = "R", day: str = "2025-02-03"
) -> PaymentMade:
    said: dict[str, Any] = {"event": "payment-made", "valid_on": day, "source": {"organ": "official"}, "party": party,
                            "purpose": "other", "amount": amount, "reference": reference,
                            "bank_reference": bank, "to": "region"}  # fmt: skip
    return cast("PaymentMade", parse_event({key: value for key, value in said.items() if value is not None}))


def compared(entries: list[PaymentMade], acts: list[PaymentMade]) -> tuple[dict[int, int], dict[int, int]]:
    """Returns `there` and `changed` of acts after entries, which are counted from 1."""
    timeline = timeline_of(*entries)
    found = paid_twice(timeline, list(enumerate(acts)), timeline.of(PaymentMade))
    numbers = {at: number for number, at in enumerate(sorted(one.position for one in timeline.of(PaymentMade)), 1)}
    there, changed = ({act: numbers[at] for act, at in of.items()} for of in (found.there, found.changed))
    return there, changed


def files(desk: Desk, payments: list[tuple[str, int, str]]) -> dict[str, tuple[str, ...]]:
    """Writes payments in each form, and returns the arguments by which each is imported."""
    rows = [f"2025-02-03;official;{party};region;instalment;2025;1;{kronor(amount).replace('.', ',')};{OCR[party]}"
            for party, amount, _ in payments]  # fmt: skip
    heading = "on;organ;party;to;purpose;year;instalment;amount;reference"
    lines = [{"event": "payment-made", "valid_on": "2025-02-03", "source": {"organ": "official"}, "party": party,
              "year": 2025, "instalment": 1, "amount": amount, "reference": OCR[party], "bank_reference": bank}
             for party, amount, bank in payments]  # fmt: skip
    said = [(transaction(strd(OCR[party]), amount=kronor(amount), version=version), amount, bank, version)
            for version in (2, 8) for party, amount, bank in payments]  # fmt: skip
    banks = {
        of: camt(*(entry(one, amount=kronor(amount), bank=bank, version=version)
                   for one, amount, bank, version in said if version == of), version=of)
        for of in (2, 8)
    }  # fmt: skip
    return {
        "csv": (desk.writes("p.csv", [heading, *rows]).name, "--csv", "payment-made"),
        "jsonl": (desk.writes("p.jsonl", lines).name,),
        **{f"camt {of}": (save(desk, data, f"p{of}.xml"),) for of, data in banks.items()},
    }


def test_no_file_after_another_counts_a_payment_twice_and_an_ore_more_is_shown(desk: Desk) -> None:
    claimed(desk)
    written = files(desk, PAID)
    for number, (first, second) in enumerate(permutations(written, 2)):
        place = ("--ledger", f"{number}.db")
        desk.does("init", "--in-force-from", "2023-01-01", *place)
        desk.does("import", "claims.jsonl", *place)
        desk.does("import", *written[first], *place)
        done = desk.does("import", *written[second], *place)
        assert done.out.splitlines()[-1] == "nothing was written; 3 rows skipped: in the ledger already", (
            first,
            second,
        )

    changed = files(desk, [PAID[0], ("arboga", AMOUNTS["arboga"] + 1, "B2"), PAID[2]])
    for name, number in product(changed, range(0, 12, 3)):
        done = desk("import", *changed[name], "--ledger", f"{number}.db")
        assert (name, number, done.code, "36" in done.errors[0]) == (name, number, 1, True)
    assert paid(desk) == []


@pytest.mark.on_file
def test_a_list_and_the_bank_that_say_another_day_of_one_payment_are_shown_side_by_side(desk: Desk) -> None:
    claimed(desk)
    written = files(desk, PAID[:1])
    loose = desk.folder / "p.csv"
    for day in ("2025-02", "2025-02-04"):
        loose.write_text(loose.read_text("utf-8").replace("2025-02-03", day), "utf-8")
        for first, second in permutations(("csv", "camt 2")):
            place = ("--ledger", f"{day}-{first[:3]}.db")
            desk.does("init", "--in-force-from", "2023-01-01", *place)
            desk.does("import", "claims.jsonl", *place)
            desk.does("import", *written[first], *place)
            done = desk("import", *written[second], *place)
            assert (done.code, done.err.count(f"(on {day if first == 'csv' else '2025-02-03'}, ")) == (1, 1), done
            assert "--again records it as another" in done.err
        loose.write_text(loose.read_text("utf-8").replace(day, "2025-02-03"), "utf-8")


def test_two_days_are_two_payments_unless_a_list_and_the_bank_say_them() -> None:
    late = "2025-03-03"
    assert compared([made("sala", 5, None)], [made("sala", 5, None, day=late)]) == ({}, {})
    assert compared([made("sala", 5, "B1")], [made("sala", 5, "B2", day=late)]) == ({}, {})
    assert compared([made("sala", 5, None)], [made("sala", 5, "B2", day=late)]) == ({}, {0: 1})
    assert compared([made("sala", 5, "B1")], [made("sala", 5, None, day=late)]) == ({}, {0: 1})
    assert compared([made("sala", 5, "B1", None)], [made("sala", 5, None, None, day=late)]) == ({}, {})
    assert compared([made("sala", 5, "B1")], [made("sala", 6, None, day=late)]) == ({}, {})


def test_two_references_of_the_bank_are_two_payments_and_one_is_one() -> None:
    assert compared([made("sala", 5, "B1")], [made("sala", 5, "B2")]) == ({}, {})
    assert compared([made("sala", 5, "B1")], [made("sala", 5, "B1")]) == ({0: 1}, {})
    assert compared([made("sala", 5, "B1")], [made("koping", 5, "B1")]) == ({}, {0: 1})
    assert compared([made("sala", 5, "B1")], [made("sala", 6, "B1", "Q", "2025-03-01")]) == ({}, {0: 1})


def test_without_a_reference_of_the_bank_on_both_sides_the_rest_decides() -> None:
    for one, other in (("B1", None), (None, "B1"), (None, None)):
        assert compared([made("sala", 5, one)], [made("sala", 5, other)]) == ({0: 1}, {})
        assert compared([made("sala", 5, one)], [made("sala", 6, other)]) == ({}, {0: 1})
        assert compared([made("sala", 5, one, None)], [made("sala", 5, other)]) == ({}, {0: 1})
        assert compared([made("sala", 5, one)], [made("sala", 5, other, None)]) == ({}, {0: 1})
        assert compared([made("sala", 5, one)], [made("sala", 5, other, "Q")]) == ({}, {})
    assert compared([made("sala", 5, "B1", None)], [made("sala", 5, "B2")]) == ({}, {})


ONE = st.builds(made, st.sampled_from(["sala", "koping"]), st.integers(1, 2), st.sampled_from([None, "B1", "B2", "B3"]),
                st.sampled_from([None, "R", "Q"]))  # fmt: skip


@settings(max_examples=60)
@given(st.lists(ONE, max_size=6), st.lists(ONE, max_size=6))
def test_a_file_that_was_recorded_holds_nothing_new(before: list[PaymentMade], acts: list[PaymentMade]) -> None:
    there, changed = compared(before, acts)
    if changed:
        return
    new = [act for place, act in enumerate(acts) if place not in there]

    again, differing = compared([*before, *new], acts)

    own = [act.bank_reference for act in acts if act.bank_reference]
    if len(own) == len({*own}):
        assert (len(again), differing) == (len(acts), {})


@settings(max_examples=60)
@given(st.lists(ONE, max_size=6), st.lists(ONE, max_size=6))
def test_an_entry_stands_for_one_payment_unless_the_bank_says_that_they_are_one(
    before: list[PaymentMade], acts: list[PaymentMade]
) -> None:
    there, changed = compared(before, acts)

    assert not {*there} & {*changed}
    by_bank = {
        place
        for place, at in (there | changed).items()
        if acts[place].bank_reference and acts[place].bank_reference == before[at - 1].bank_reference
    }
    used = [at for place, at in (there | changed).items() if place not in by_bank]  # fmt: skip
    assert len(used) == len({*used})
    for place, at in (there | changed).items():
        given_by = {acts[place].bank_reference, before[at - 1].bank_reference}
        assert None in given_by or len(given_by) == 1


def test_a_reference_is_the_same_however_it_is_spaced() -> None:
    for one in ("2025 1198 113", "2025-1198-113", "2025\u00a01198113", "OCR 20251198113", "ocr: 20251198113"):
        assert compared([made("sala", 5, None, one)], [made("sala", 5, "B1", "20251198113")]) == ({0: 1}, {})
        assert compared([made("sala", 5, "B1", "20251198113")], [made("sala", 6, None, one)]) == ({}, {0: 1})
    for one in ("20251198114", "2025119811", "-", "R20251198113"):
        assert compared([made("sala", 5, None, one)], [made("sala", 5, "B1", "20251198113")]) == ({}, {})


def test_a_reference_of_a_whole_entry_may_be_that_of_its_transaction_and_is_shown() -> None:
    for one, other in (("B/#1", "T1"), ("T1", "B/#1"), ("B/E1", "T1"), ("B/E1", "B/#1")):
        assert compared([made("sala", 5, one)], [made("sala", 5, other)]) == ({}, {0: 1})
        assert compared([made("sala", 5, one)], [made("sala", 6, other, "Q")]) == ({}, {})
    assert compared([made("sala", 5, "B/#1")], [made("sala", 5, "B/#2")]) == ({}, {})


def test_a_payment_whose_entry_is_annulled_is_not_recorded_again_by_another_file(desk: Desk) -> None:
    claimed(desk)
    desk.does("import", save(desk, [sala()]))
    desk.does("annul", 3, "--cause", "recording-error", "--reason", "taken back by the bank")

    answer = desk.asks("import", save(desk, [sala(), sala("B2", 100)], "o.xml"))
    assert answer["annulled"] == [{"line": 1, "entry": 3}]
    assert paid(desk) == [("sala", 100, "B2")]
    done = desk.does("import", save(desk, [sala("B2", 100), sala()], "p.xml"))
    assert "entry 3, of the same payment, is annulled" in done.out
    assert paid(desk) == [("sala", 100, "B2")]

    desk.does("import", "p.xml", "--again")
    assert paid(desk) == [("sala", 100, "B2"), PAID[0]]
    assert "annulled" not in desk.asks("import", "o.xml", "--key", "other")


def test_a_payment_whose_entry_is_annulled_is_left_out_in_every_form_and_holds_up_no_other(desk: Desk) -> None:
    claimed(desk)
    written = files(desk, PAID[:1])
    desk.does("import", *written["camt 2"])
    desk.does("annul", "3", "--cause", "recording-error", "--reason", "fel part")
    assert "give another --key" in desk.does("import", *written["camt 2"]).out
    save(desk, (desk.folder / "p2.xml").read_bytes() + b"\n", "p2.xml")
    for form, how in product(written, ((), ("--replace",))):
        assert desk.asks("import", *written[form], *how)["annulled"] == [
            {"line": 2 if form == "csv" else 1, "entry": 3}
        ]
    assert paid(desk) == []

    desk.does("import", *written["camt 8"], "--key", "another")
    assert paid(desk) == PAID[:1]


def test_no_row_replaces_the_entry_of_another_row(desk: Desk) -> None:
    claimed(desk)

    def lines(*amounts: int) -> Any:
        said = {"event": "payment-made", "valid_on": "2025-02-03", "source": {"organ": "official"}, "party": "sala",
                "year": 2025, "instalment": 1, "bank_reference": "B1"}  # fmt: skip
        return desk.writes(f"{amounts}.jsonl", [{**said, "amount": amount} for amount in amounts])

    desk.does("import", lines(100))
    for amounts in ((100, 102), (102, 103), (102, 100)):
        [wrong] = desk("import", lines(*amounts), "--replace").errors
        assert "it is the payment of entry 3, and so is line 1, which says otherwise: keep one" in wrong
    assert paid(desk) == [("sala", 100, "B1")]
