"""The acts of the story in order, as steps. The agreement is real; dates, persons and political parties are made up."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from cli.story import meetings, money, officials
from cli.story.cast import BOARD, MAJORITY, MEMBERS, MISTAKEN, POSTS
from cli.story.steps import Step, line, write
from ledger.messages import marked

if TYPE_CHECKING:
    from pathlib import Path


ADOPTED = {
    "fagersta": "2022-11-28", "hallstahammar": "2022-11-28", "kungsor": "2022-12-05", "vasteras": "2022-12-08",
    "norberg": "2022-12-12", "skinnskatteberg": "2022-12-12", "region": "2022-12-13", "surahammar": "2022-12-19",
}  # fmt: skip


def adoptions(folder: Path) -> None:
    """Writes the adoptions of eight parties, as JSON Lines."""
    lines = [line("agreement-adopted", day, "assembly", version=1, assembly=party) for party, day in ADOPTED.items()]
    write(folder / "adoptions.jsonl", lines)


def body(folder: Path) -> None:
    """Writes the members of the body with their names, the Region's board and the vice chairs, as JSON Lines."""
    start = "2023-03-01"
    lines = [line("board-composed", start, "assembly", seats=BOARD, majority=MAJORITY)]
    for place, (party, seat, political_party, name) in enumerate(MEMBERS, 1):
        person = f"p{place:02}"
        bloc = {"bloc": "majority" if political_party in MAJORITY else "opposition"} if party == "region" else {}
        recorded = MISTAKEN.get(person, political_party)
        member = {"person": person, "party": party, "seat": seat, "political_party": recorded, **bloc}
        lines.append(line("person-registered", start, "secretariat", person=person, name=name))
        lines.append(line("member-appointed", start, "assembly", **member))
    lines += [line("vice-chair-appointed", start, "assembly", person=who, post=post) for who, post in POSTS.items()]
    write(folder / "body.jsonl", lines)


def right(folder: Path) -> None:
    """Writes the corrected appointment of the person whose political party was recorded wrongly."""
    member = {"person": "p27", "party": "region", "seat": "board-party", "bloc": "opposition"}
    write(
        folder / "right.jsonl",
        [line("member-appointed", "2023-03-01", "assembly", **member, political_party="Björkpartiet")],
    )


def amended_terms(folder: Path) -> None:
    terms = json.loads((folder / "agreement.json").read_text("utf-8"))["terms"]
    terms["numbers"]["notice_days"] = 21
    (folder / "terms-2.json").write_text(json.dumps(terms, ensure_ascii=False, indent=2), "utf-8")


FILES = ("adoptions.jsonl", "body.jsonl", "right.jsonl", "agreement.json", "terms-2.json", *meetings.FILES,
         *money.FILES, *officials.FILES)  # fmt: skip


CORRECTION = marked(
    "liggare annul 68 --cause recording-error --reason 'the minutes, § 40, say Björkpartiet' --with right.jsonl"
)
STORY = (
    Step("2022-10-05",
         marked("A ledger begins with the agreement as it was put forward; its text leaves its first day open."),
         "liggare init --on 2022-10-03"),
    Step("2022-12-01", marked("Each assembly decides in its own minutes; the secretariat records where that stands."),
         "liggare record agreement-adopted --version 1 --assembly arboga --on 2022-11-24 --organ assembly "
         "--paragraph '§ 131' --dnr 'KS 2022/218'"),
    Step("2023-01-16", marked("Eight more came in over the winter: a file, a line for each, in any order."),
         "head -n 2 adoptions.jsonl", first=adoptions),
    Step("2023-01-16", marked("It is judged first, and then recorded: all of it, or nothing."),
         "liggare import adoptions.jsonl --dry-run | head -n 3"),
    Step("2023-01-16", marked("Now for good."), "liggare import adoptions.jsonl"),
    Step("2023-02-17",
         marked("Köping decides in February. Is that too late? Nobody can tell while the first day is open."),
         "liggare record agreement-adopted --version 1 --assembly koping --on 2023-02-13 --organ assembly"),
    Step("2023-03-02", marked("Sala, the last, decided on 27 February."),
         "liggare record agreement-adopted --version 1 --assembly sala --on 2023-02-27 --organ assembly "
         "--paragraph '§ 12' --dnr 'KS 2023/45'"),
    Step("2023-03-02", marked("The adoption board as it was the day before."), "liggare agreement --on 2023-02-26"),
    Step("2023-03-02", marked("And on the day: all eleven. But is it in force? Its first day is known only loosely."),
         marked("liggare agreement --on 2023-02-27 | grep -e Version -e Sala -e certain -e Known")),
    Step("2023-03-03", marked("The parties agree on the first day, 1 March, and that is recorded too."),
         "liggare record entry-into-force-fixed --version 1 --in-force-from 2023-03-01 --on 2023-02-28 --organ body"),
    Step("2023-03-03", marked("The same question, before and after we knew: @12 is the first twelve entries."),
         marked("liggare agreement --on 2023-03-01 --known-at @12 | grep -e Version -e certain -e Known")),
    Step("2023-03-03",
         marked("And as we know it now. Köping and Sala were not too late: their flags are gone with the doubt."),
         marked("liggare agreement --on 2023-03-01 | grep -e Version -e certain -e Known")),
    Step("2023-03-06", marked("The body: 20 members from the municipalities, 7 from the Region, in one file."),
         "head -n 3 body.jsonl", first=body),
    Step("2023-03-06",
         marked("A person is a short id in the log; the name stands in a table of its own, and can be erased."),
         "liggare import body.jsonl"),
    Step("2023-03-06", marked("Who sits in it?"), "liggare council"),
    *officials.MANAGEMENT_GROUP,
    Step("2023-03-06", marked("Is all as the agreement says? Exit code 1 says no."), "liggare findings", code=1),
    Step("2023-03-09", marked("Östen Sagolund was recorded under the wrong political party. What does the record say?"),
         "liggare history --about person:p27"),
    Step("2023-03-09", marked("The right entry, in a file."), "cat right.jsonl", first=right),
    Step("2023-03-09",
         marked("Nothing is edited: the wrong entry is annulled, the right one recorded in the same append."),
         CORRECTION),
    Step("2023-03-09",
         marked("Asked again: what is left is that the cost is shared by population, and none is recorded."),
         "liggare findings", code=1),
    *money.FIRST,
    Step("2023-10-02", marked("Who sits for Köping in October? The answer says at which entry it was given: @100."),
         marked("liggare council --on 2023-10-02 | grep -e p07 -e p28 -e Known")),
    Step("2023-10-02", marked("The whole answer for programs, as a digest, to compare with later."),
         "liggare council --on 2023-10-02 --known-at @100 --json | sha256sum"),
    Step("2023-11-20", marked("In November we learn that Greta Sagolund left on 18 September."),
         "liggare record seat-vacated --person p07 --on 2023-09-18 --organ assembly --paragraph '§ 97'"),
    Step("2023-11-20", marked("Her successor is new to the ledger,"),
         "liggare record person-registered --person p28 --name 'Åke Nysaga' --on 2023-09-18 --organ secretariat"),
    Step("2023-11-20", marked("and has held the seat since that day."),
         "liggare record member-appointed --person p28 --party koping --seat executive-chair "
         "--political-party Ekpartiet --on 2023-09-18 --organ assembly --paragraph '§ 98'"),
    Step("2023-11-20", marked("Who sat for Köping on 2 October, as we know it now?"),
         marked("liggare council --on 2023-10-02 | grep -e p07 -e p28 -e Known")),
    Step("2023-11-20", marked("And as we knew it then?"),
         marked("liggare council --on 2023-10-02 --known-at @100 | grep -e p07 -e p28 -e Known")),
    Step("2024-02-12", marked("An amendment. It begins with the terms in force, as a file."),
         "liggare agreement --json > agreement.json"),
    Step("2024-02-12", marked("terms-2.json is its `terms`, with one number changed: notice_days 21, not 14."),
         "liggare record agreement-proposed --version 2 --title 'Överenskommelsen, med 21 dagars kallelse' "
         "--in-force-from 2024-07-01 --terms @terms-2.json --on 2024-02-05 --organ body", first=amended_terms),
    Step("2024-03-11", marked("Västerås adopts it."),
         "liggare record agreement-adopted --version 2 --assembly vasteras --on 2024-03-07 --organ assembly"),
    Step("2024-04-02", marked("Fagersta rejects it, which stops it for all."),
         "liggare record agreement-rejected --version 2 --assembly fagersta --on 2024-03-25 --organ assembly"),
    Step("2024-04-02", marked("Version 1 stays in force; the board of version 2 says who stopped it."),
         "liggare agreement | tail -n 20"),
    Step("2024-04-08", marked("An act without effect is refused, with every reason; nothing is written. Exit code 1."),
         "liggare record member-appointed --person p28 --party koping --seat opposition-leader "
         "--political-party Ekpartiet --on 2024-04-04 --organ assembly", code=1),
    Step("2024-04-08", marked("All that the ledger holds about one person."), "liggare history --about person:p07"),
    *meetings.CHAPTER,
    *money.CHAPTER,
    Step("2025-11-03", marked("Hallstahammar decides to withdraw, which ends the agreement for all."),
         "liggare record withdrawal-decided --party hallstahammar --ends-on 2026-01-01 --on 2025-10-27 "
         "--organ assembly --paragraph '§ 121'"),
    Step("2026-01-05", marked("The last day,"), "liggare agreement --on 2025-12-31 | head -n 3"),
    Step("2026-01-05", marked("and the day after."), "liggare agreement --on 2026-01-01 | head -n 3"),
    Step("2026-01-05", marked("The pinned answer, asked again after all this: the same bytes, the same digest."),
         "liggare council --on 2023-10-02 --known-at @100 --json | sha256sum"),
    *money.END,
)  # fmt: skip
