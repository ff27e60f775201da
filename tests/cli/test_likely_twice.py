"""A file that says again what the ledger says: what is the same is skipped, what is changed is shown, never doubled."""

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
    """(party, amount, what annulled it) of each payment recorded."""
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
    assert done.errors == [f"duplicate: {beside}; {choice} [line 3]"]
    assert payments(begun) == THREE


def test_the_same_rows_in_another_file_are_skipped_and_counted(begun: Desk) -> None:
    begun.does("import", "--csv", "payment-made", table(begun, *ROWS))

    done = begun.does("import", "--csv", "payment-made", table(begun, "", *reversed(ROWS)))
    answer = begun.asks("import", "--csv", "payment-made", table(begun, ROWS[1], ROWS[0]))
    new = begun.does("import", "--csv", "payment-made", table(begun, *ROWS, ROWS[0].replace("OCR 0", "OCR 9")))

    assert done.out == "nothing was written; 3 rows skipped: in the ledger already\n"
    assert answer == {
        "entries": [], "flagged": [], "skipped": [{"line": 2, "entry": 3}, {"line": 3, "entry": 2}],
    }  # fmt: skip
    assert new.out.startswith("3 rows skipped: in the ledger already\nentry 5: payment-made")
    assert payments(begun) == [*THREE, THREE[0]]


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


def test_rows_alike_in_one_file_are_both_kept_and_told(begun: Desk) -> None:
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
            "duplicate: p1 takes the seat koping/executive-chair on 2023-03-01, and entry 3 says sala/executive-chair; "
            "--replace puts this in its place, --again records it as another [line 2]"
        )
    ]
    (begun.folder / "c.jsonl").write_bytes((begun.folder / "a.jsonl").read_bytes() + b"\n")
    assert "2 rows skipped" in begun.does("import", "c.jsonl").out
    replaced = begun.asks("import", "--replace", "b.jsonl")
    assert [one["event"] for one in replaced["entries"]] == ["entry-annulled", "member-appointed"]
    assert begun.asks("council", "--on", "2023-04-01")["members"][0]["party"] == "koping"
