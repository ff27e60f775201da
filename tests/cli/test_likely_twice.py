"""If an imported file repeats recorded events, unchanged events are skipped, changed events are shown, and nothing is
recorded twice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.desk import event

if TYPE_CHECKING:
    from tests.desk import Desk

HEADING = "on;organ;party;purpose;year;instalment;amount;reference"
ROWS = [f"2024-02-01;official;{party};instalment;2024;1;{amount},00;OCR {number}"
        for number, (party, amount) in enumerate([("sala", 500), ("koping", 700), ("arboga", 300)])]  # fmt: skip


@pytest.fixture
def begun(desk: Desk) -> Desk:
    desk.does("init", "--in-force-from", "2023-01-01")
    return desk


def table(desk: Desk, *rows: str) -> str:
    name = f"p{len(list(desk.folder.iterdir()))}.csv"
    (desk.folder / name).write_text("\n".join([HEADING, *rows]), "utf-8")
    return name


def payments(desk: Desk) -> list[tuple[str, int, int | None]]:
    """Returns (party, amount, position of the entry that annulled the payment, or None) of each recorded payment."""
    found = desk.asks("history", "--event", "payment-made")["entries"]
    return [(one["fields"]["party"], one["fields"]["amount"], one["annulled_by"]) for one in found]


THREE = [("sala", 50_000, None), ("koping", 70_000, None), ("arboga", 30_000, None)]
CHANGED = [ROWS[0], ROWS[1].replace("700,00", "700,01"), ROWS[2]]


def test_one_amount_changed_refuses_the_file_and_is_shown_beside_what_is_recorded(begun: Desk) -> None:
    begun.does("import", "--csv", "payment-made", table(begun, *ROWS))

    done = begun("import", "--csv", "payment-made", table(begun, *CHANGED))

    assert done.code == 1
    beside = "koping paid 700,01 kr on 2024-02-01, and entry 3 says 700,00 kr"
    choice = "--replace puts this in its place, --again records it as another"
    skipped = "2 rows skipped: in the ledger already"
    assert done.errors == [f"duplicate: {beside}; {choice} [line 3]", skipped]
    assert payments(begun) == THREE
    told = begun("import", "--csv", "payment-made", table(begun, *CHANGED), "--json").json
    assert told["skipped"] == [{"line": 2, "entry": 2}, {"line": 4, "entry": 4}]


def test_the_same_rows_in_another_file_are_skipped_and_counted(begun: Desk) -> None:
    begun.does("import", "--csv", "payment-made", table(begun, *ROWS))

    done = begun.does("import", "--csv", "payment-made", table(begun, "", *reversed(ROWS)))
    answer = begun.asks("import", "--csv", "payment-made", table(begun, ROWS[1], ROWS[0]))
    new = begun.does("import", "--csv", "payment-made", table(begun, *ROWS, ROWS[0].replace("OCR 0", "OCR 9")))

    assert done.out == "nothing was written; 3 rows skipped: in the ledger already\n"
    assert answer == {
        "entries": [], "flagged": [], "skipped": [{"line": 2, "entry": 3}, {"line": 3, "entry": 2}], "replaced": [],
    }  # fmt: skip
    assert new.out.startswith("3 rows skipped: in the ledger already\nentry 5: payment-made")
    assert payments(begun) == [*THREE, THREE[0]]


def test_the_same_file_after_its_entries_were_annulled_says_so_and_what_to_do(begun: Desk) -> None:
    file = table(begun, *ROWS)
    begun.does("import", "--csv", "payment-made", file)
    begun.does("annul", "3", "--cause", "recording-error", "--reason", "fel", "--on", "2024-03-01")

    done = begun.does("import", "--csv", "payment-made", file)

    told = "has since been annulled by entry 5: to record it again, give another --key"
    assert done.out.splitlines()[:2] == [
        "recorded before, under the same key; nothing was written:", f"entry 3 {told}",
    ]  # fmt: skip
    assert begun.asks("import", "--csv", "payment-made", file)["warnings"] == [{"entry": 3, "what": told}]
    assert begun.does("import", "--csv", "payment-made", file, "--key", "anew").out.startswith("2 rows skipped")
    assert payments(begun)[-1] == ("koping", 70_000, None)


def test_replace_annuls_what_is_recorded_and_again_keeps_both(begun: Desk) -> None:
    begun.does("import", "--csv", "payment-made", table(begun, *ROWS))

    replaced = begun.asks("import", "--csv", "payment-made", "--replace", table(begun, *CHANGED))
    assert [one["event"] for one in replaced["entries"]] == ["entry-annulled", "payment-made"]
    assert [one["line"] for one in replaced["skipped"]] == [2, 4]
    assert payments(begun) == [THREE[0], ("koping", 70_000, 5), THREE[2], ("koping", 70_001, None)]

    begun.does("import", "--csv", "payment-made", "--again", table(begun, "", *ROWS))
    assert payments(begun)[-1] == ("koping", 70_000, None)
    both = begun("import", "--csv", "payment-made", "--again", "--replace", table(begun, *ROWS))
    assert both.code == 2


def test_rows_alike_in_one_file_are_both_kept_and_reported(begun: Desk) -> None:
    told = begun.asks("import", "--csv", "payment-made", table(begun, ROWS[0], ROWS[0]))

    assert [one["provision"] for one in told["flagged"] if one["provision"] == "duplicate"] == ["duplicate"]
    again = begun.does("import", "--csv", "payment-made", table(begun, ROWS[0], ROWS[1], ROWS[0]))
    assert "2 rows skipped" in again.out
    assert len(payments(begun)) == 3


def test_seats_and_persons_are_held_against_the_ledger_too(begun: Desk) -> None:
    def file(name: str, party: str, called: str = "Testa Ett") -> Any:
        return begun.writes(name, [
            event("person-registered", "2023", "secretariat", person="p1", name=called),
            event("member-appointed", "2023-03-01", person="p1", party=party, seat="executive-chair",
                  political_party="Alfa"),
        ])  # fmt: skip

    begun.does("import", file("a.jsonl", "sala"))
    assert begun("import", file("b.jsonl", "koping")).errors == [
        (
            "duplicate: Testa Ett (p1) takes the seat koping/executive-chair on 2023-03-01, and entry 3 says "
            "sala/executive-chair; --replace puts this in its place, --again records it as another [line 2]"
        ),
        "1 row skipped: in the ledger already",
    ]
    (begun.folder / "c.jsonl").write_bytes((begun.folder / "a.jsonl").read_bytes() + b"\n")
    assert "2 rows skipped" in begun.does("import", "c.jsonl").out
    replaced = begun.asks("import", "--replace", "b.jsonl")
    assert [one["event"] for one in replaced["entries"]] == ["entry-annulled", "member-appointed"]
    assert begun.asks("council", "--on", "2023-04-01")["members"][0]["party"] == "koping"


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("2024-02-01;official;sala;instalment;2024;2;500,00;OCR 0",
         "sala paid 500,00 kr on 2024-02-01 (instalment 2), and entry 2 says 500,00 kr (instalment 1)"),
        ("2024-02-01;official;sala;other;;;500,00;OCR 0",
         ("sala paid 500,00 kr on 2024-02-01 (purpose other, no year, no instalment), and entry 2 says 500,00 kr "
         "(purpose instalment, year 2024, instalment 1)")),
    ],
)  # fmt: skip
def test_what_a_row_says_and_what_the_entry_says_stand_each_on_its_side(begun: Desk, row: str, told: str) -> None:
    begun.does("import", "--csv", "payment-made", table(begun, ROWS[0]))

    assert told in begun("import", "--csv", "payment-made", table(begun, row)).errors[0]


def test_a_file_that_replaced_says_nothing_new_to_again_or_to_itself(begun: Desk) -> None:
    begun.does("import", "--csv", "payment-made", table(begun, *ROWS))
    changed = table(begun, *CHANGED)
    begun.does("import", "--csv", "payment-made", "--replace", changed)

    for option in (["--again", "--dry-run"], ["--again"], []):
        done = begun.does("import", "--csv", "payment-made", changed, *option)
        assert done.out == "nothing was written; 3 rows skipped: in the ledger already\n"
    assert "recorded before" in begun.does("import", "--csv", "payment-made", "--replace", changed).out


def test_of_several_that_a_row_matches_the_others_are_named(begun: Desk) -> None:
    begun.does("import", "--csv", "payment-made", table(begun, ROWS[0], ROWS[0], ROWS[0]))
    changed = table(begun, ROWS[0].replace("500,00", "500,01"))

    [error] = begun("import", "--csv", "payment-made", changed).errors
    assert (
        "entry 2 says 500,00 kr; entries 3, 4 match the row as well; --replace puts this in place of entry 2" in error
    )
    done = begun.does("import", "--csv", "payment-made", "--replace", changed)
    assert done.out.startswith("entry 2 is replaced, and entries 3, 4 match the row as well [line 2]\nentry 5: ")
    assert begun.asks("import", "--csv", "payment-made", "--replace", changed)["again"]


def borne(amount: int, what: str = "Lokal") -> dict[str, Any]:
    return event("cost-borne", "2024-04-01", "official", kind="secretariat", borne_by="region", amount=amount,
                 description=what)  # fmt: skip


def test_a_cost_in_a_changed_file_is_not_counted_twice(begun: Desk) -> None:
    begun.does("import", begun.writes("a.jsonl", [borne(100), borne(200, "Arkiv")]))

    assert (
        "2 rows skipped"
        in begun.does("import", begun.writes("b.jsonl", [borne(100), borne(200, "Arkiv"), borne(1, "Nytt")])).out
    )
    done = begun("import", begun.writes("c.jsonl", [borne(101), borne(200, "Arkiv")]))
    assert done.errors == [
        (
            "duplicate: region bore 1,01 kr for Lokal on 2024-04-01, and entry 2 says 1,00 kr; --replace puts this "
            "in its place, --again records it as another [line 1]"
        ),
        "1 row skipped: in the ledger already",
    ]
    begun.does("import", "--replace", "c.jsonl")
    found = begun.asks("history", "--event", "cost-borne")["entries"]
    assert sum(one["fields"]["amount"] for one in found if one["annulled_by"] is None) == 302


def test_what_is_counted_once_for_each_entry_is_skipped_when_a_changed_file_says_it_again(begun: Desk) -> None:
    acts = [
        event("person-registered", "2024", "secretariat", person="p1", name="Testa Ett"),
        event("group-created", "2024-01-01", "body", group="g", name="Vård", kind="standing"),
    ]
    once = [
        event("group-member-appointed", "2024-02-01", group="g", person="p1", party="sala"),
        event("group-met", "2024-03-01", "group", group="g", present=["p1"]),
        event("activity-held", "2024-04-01", "body", kind="seminar", title="T", place="Sala", organisers=["region"]),
    ]
    begun.does("import", begun.writes("a.jsonl", acts + once))

    assert "3 rows skipped" in begun.does("import", begun.writes("b.jsonl", [*once, once[2] | {"title": "Annat"}])).out
    flagged = begun.asks("record", "activity-held", "--on", "2024-04-01", "--organ", "body", "--kind", "seminar",
                         "--title", "T", "--place", "Sala", "--organisers", "region")["flagged"]  # fmt: skip
    assert [(one["provision"], one["text"]) for one in flagged] == [
        ("duplicate", "activity-held on 2024-04-01 is recorded already, by entry 6")
    ]


def test_a_field_that_is_yes_or_no_is_told_by_its_name(begun: Desk) -> None:
    seat = {
        "person": "p1",
        "party": "sala",
        "seat": "executive-chair",
        "political_party": "Alfa",
        "until": "2025-01-01",
    }
    begun.does("import", begun.writes("a.jsonl", [
        event("person-registered", "2023", "secretariat", person="p1", name="Testa"),
        event("member-appointed", "2024-01-01", **seat, otherwise_decided=False),
    ]))  # fmt: skip
    again = begun.writes("b.jsonl", [event("member-appointed", "2024-01-01", **seat, otherwise_decided=True)])
    told = begun("import", again)

    assert "(otherwise decided)" in told.err
    assert "(not otherwise decided)" in told.err
