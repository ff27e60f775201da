"""Lists cases of the ledger's own provisions, which no agreement states: references that must exist, likely mistakes,
duplicates.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import structs

from ledger.encoding import plain
from tests.acts import (
    ALL,
    TERMS,
    act,
    adopted,
    annulled,
    changed,
    disposed,
    expert,
    proposed,
    registered,
    vacated,
    withdrew,
)
from tests.given_money import ALIKE, level_set, paid, population, raise_agreed, settled
from tests.given_officials import left_office
from tests.given_working import (
    answered,
    cancelled,
    closed,
    created,
    dispatched,
    handled,
    joined,
    left,
    meeting,
    recommended,
    reported,
    reserved,
)
from tests.provisions.case import Case, advises, breaks, nothing, open_, refuses

if TYPE_CHECKING:
    from ledger.events import Event
    from tests.acts import Acts

HELD = meeting("m1", "2024-05-02")
CALLED = HELD[:1]
NEXT = [{"number": 1, "title": "Läget", "kind": "information", "continues": "m1/1"}]
EXPERT_LEFT = act("expert-released", "2024-05-02", person="sala-1")
SECOND = proposed(2, "2024-02-01", on="2024-01-02")
AMENDED: list[Acts] = [SECOND, adopted("2024-01-31", version=2)]
OVERTAKEN: list[Acts] = [SECOND, proposed(3, "2024-03-01", on="2024-01-03"), adopted("2024-02-28", version=3),
             adopted("2024-05-31", version=2)]  # fmt: skip
AS_WORDED = plain(TERMS)
HEBY = {**AS_WORDED["parties"][0], "id": "heby", "name": "Heby kommun", "code": "0331"}
TAKEN_IN: list[Acts] = [
    act("agreement-proposed", "2024-01-15", version=2, title="Med Heby", in_force_from="2024-07-01",
        terms={**AS_WORDED, "parties": [*AS_WORDED["parties"], HEBY]}),
    adopted("2024-03-01", version=2, by=ALL | {"heby"}),
]  # fmt: skip
GROUP = created("g", "2024-01-01")
IN_IT = joined("g", "2024-02-02", "p1")
FIGURES = population("2023-02-21", "2022-12-31", ALIKE)
ONCE = paid("2024-02-01", "sala", 1000, 2024, 1, reference="OCR 12")
OTHER = structs.replace(ONCE, amount=1001, bank_reference="B1")
BANKED = [structs.replace(ONCE, bank_reference=one) for one in ("B1", "B2")]
WITHDREW = withdrew("2024-03-15", "sala", ends_on="2025-01-01")
WITH_HEBY = structs.replace(TERMS, parties=(*TERMS.parties, structs.replace(TERMS.parties[0], id="heby")))
PLACE = vacated("sala-1", "2024-05-01")
CITED = {"organ": "assembly", "paragraph": "§ 1"}
LATE = "2100-01-01"  # after the day of recording, from which on `recorded-by` is judged
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIlizSIN3DQV78VPNjVvvwjgf+P5HqbPYCYu3BOMdjAE"


def renamed(party: str) -> Event:
    return changed("sala-1", "2024-02-01", political_party=party)


def appointed(organ: str) -> Event:
    return act("member-appointed", "2024-05-01", organ=organ, person="p1", party="sala", seat="executive-chair",
               political_party="Alfa")  # fmt: skip


def appealed(on: str) -> Event:
    """Returns an appeal against entry 1, the decision of 2022-10-01 to propose version 1."""
    return act("appeal-lodged", on, organ="court", entry=1, court="Förvaltningsrätten")


def issued(size: int) -> Event:
    return act("paper-issued", "2024-05-01", kind="council", subject="council", size=size)


def called_now(name: str) -> Event:
    return act("party-renamed", "2024-05-01", organ="assembly", party="sala", name=name)


def refunded(amount: int) -> Event:
    return paid("2024-03-01", "region", amount, purpose="refund", to="sala")


def rejected(on: str) -> Event:
    return act("appeal-dismissed", on, organ="court", entry=1)


def borne(amount: int) -> Event:
    return act("cost-borne", "2024-02-01", kind="archive", borne_by="region", amount=amount, description="Hyllor")


def prepared(meeting_: str, item: int) -> Event:
    return act("proposal-prepared", "2024-04-10", organ="management-group", meeting=meeting_, item=item)


def met(on: str) -> Event:
    return act("group-met", on, organ="group", group="g", present=["sala-1"])


def index(percent: str) -> Event:
    return act("index-published", "2024-02-01", series="LPIK", reference_year=2024, percent=percent, kind="forecast")


def level(amount: int) -> Event:
    return act("cost-level-set", "2024-02-01", year=2027, level=amount)


def authorised(registrar: str, *roles: str, **fields: Any) -> Event:
    return act("registrar-authorised", "2024-01-01", organ="assembly", registrar=registrar, roles=list(roles), **fields)


def paid_to(party: str) -> Event:
    return paid("2024-02-01", "region", 1000, purpose="other", to=party)


def settling(on: str) -> Event:
    return paid(on, "region", 1000, purpose="settlement", to="sala")


FIRST = authorised("tester", "party", party="sala", source=CITED)
CASES: dict[str, tuple[Case, ...]] = {
    "reference": (
        nothing("what it names is in the ledger", "2024-05-02", HELD, recommended("r1", "m1", "2024-05-02")),
        refuses(
            "a meeting that is not in the ledger",
            recommended("r1", "m1", "2024-05-02"),
            line=True,
            says="meeting m1 is not in the ledger",
        ),
        refuses("an id given twice", GROUP, created("g", "2024-06-01"), says="is already in the ledger"),
        nothing("an expert leaves", "2024-05-02", expert("sala-1", "2024-01-01"), EXPERT_LEFT),
        refuses("an expert leaves who is none", EXPERT_LEFT),
        nothing(
            "a group is left",
            "2024-05-02",
            GROUP,
            joined("g", "2024-02-02", "sala-1"),
            left("g", "2024-05-02", "sala-1"),
        ),
        refuses("a group is left by who is not in it", GROUP, left("g", "2024-05-02", "sala-1")),
        nothing("an office is left", "2024-05-02", left_office("d-sala", "municipal-director", "2024-05-02", "sala")),
        refuses("an office is left by who does not hold it", left_office("d-sala", "county-director", "2024-05-02")),
        nothing(
            "the Region pays somebody",
            "2024-02-01",
            paid("2024-02-01", "region", 1000, purpose="other", to="sala"),
        ),
        refuses(
            "the Region pays nobody", paid("2024-02-01", "region", 1000, purpose="other"), says="the payee is missing"
        ),
        refuses("a group is closed on its first day", GROUP, closed("g", "2024-01-01"), line=True),
        nothing("a group is closed the day after", "2024-01-02", GROUP, closed("g", "2024-01-02"), line=True),
        refuses("a group is closed twice", GROUP, closed("g", "2024-02-01"), closed("g", "2024-03-01")),
        refuses("a name is disposed of twice", disposed("sala-1"), disposed("sala-1", on="2026-01-02")),
        refuses(
            "a key is given to two registrars",
            authorised("sec", "secretariat", public_key=KEY),
            authorised("other", "auditor", public_key=KEY),
            says="the key is that of sec, by entry",
        ),
        refuses(
            "a registrar's id is given to one of another party",
            authorised("reg", "party", party="sala", source=CITED),
            authorised("reg", "party", party="koping", source=CITED),
            says="is not a registrar of the same party in entry",
        ),
        refuses("an entry is annulled twice", GROUP, annulled(2), annulled(2, on="2026-01-02"), base="text"),
        refuses("what others rest on is annulled", annulled(1)),
        nothing("a paper of the entries before it", "2024-05-01", issued(1), base="text", line=True),
        refuses("a paper of more entries than there are", issued(2), base="text", line=True, says="2 entries cannot"),
    ),
    "plausible": (
        nothing(
            "a population a tenth from the last published",
            "2024-02-21",
            FIGURES,
            population("2024-02-21", "2023-12-31", ALIKE, sala=11_000),
            line=True,
        ),
        open_(
            "a population more than a tenth from it",
            "2024-02-21",
            FIGURES,
            population("2024-02-21", "2023-12-31", ALIKE, sala=11_001),
            line=True,
            says="more than a tenth",
        ),
        nothing("a member appointed by the party's executive board", "2024-05-01", PLACE, appointed("executive-board")),
        open_(
            "a member appointed by its secretariat",
            "2024-05-01",
            PLACE,
            appointed("secretariat"),
            line=True,
            says="by a decision of its secretariat",
        ),
        nothing("a raise of the year after the base year", "2023-05-01", raise_agreed("2023-05-01", 2024, "1")),
        open_(
            "a raise of the base year",
            "2023-05-01",
            raise_agreed("2023-01-01", 2023, "1"),
            line=True,
            says="the base year is 2023: it has no effect on the level",
        ),
        nothing(
            "a level set after its raise was agreed",
            "2025-05-02",
            raise_agreed("2025-05-01", 2026, "1"),
            level_set("2025-05-02", 2026),
            line=True,
        ),
        open_(
            "a raise of a level that is set",
            "2025-05-02",
            level_set("2025-05-01", 2026),
            raise_agreed("2025-05-02", 2026, "1"),
            line=True,
            says="whose level was set on 2025-05-01",
        ),
        nothing("a settlement of what the parties bear", "2025-01-01", WITHDREW, settled("2025-01-01", {"sala": 1})),
        open_(
            "a settlement of what another bears",
            "2025-01-01",
            WITHDREW,
            proposed(2, "2026-01-01", on="2024-01-02", terms=WITH_HEBY),
            settled("2025-01-01", {"heby": 1}),
            line=True,
            says="never a party while the agreement was in force",
        ),
        nothing("a person registered once", "2024-05-01", GROUP, IN_IT),
        open_(
            "a person registered again",
            "2024-05-01",
            registered("p1"),
            registered("p1", name="Påhittad Annan"),
            line=True,
            says="renames p1",
        ),
        nothing(
            "a party that an amendment takes in pays on its first day",
            "2024-07-01",
            TAKEN_IN,
            paid("2024-07-01", "heby", 1000, 2024, 2),
            line=True,
        ),
        open_(
            "it pays the day before",
            "2024-06-30",
            TAKEN_IN,
            paid("2024-06-30", "heby", 1000, 2024, 2),
            line=True,
            says="is not a party to the agreement by 2024-06-30",
        ),
        nothing("appealed on the day of the decision", "2022-10-01", appealed("2022-10-01"), base="text", line=True),
        open_(
            "appealed the day before it",
            "2022-10-01",
            appealed("2022-09-30"),
            base="text",
            line=True,
            says="but the appeal is dated earlier",
        ),
        nothing(
            "an appeal dismissed that was lodged",
            "2022-12-01",
            appealed("2022-11-01"),
            rejected("2022-12-01"),
            base="text",
        ),
        open_(
            "an appeal dismissed that was not lodged by then",
            "2022-12-01",
            appealed("2022-11-02"),
            rejected("2022-11-01"),
            base="text",
            line=True,
            says="none is recorded by then",
        ),
        nothing("a party takes a new name", "2024-05-01", called_now("Sala stad")),
        open_(
            "a party takes another's name",
            "2024-05-01",
            called_now("Köpings kommun"),
            line=True,
            says="as koping is called",
        ),
        nothing(
            "an item handled at a meeting that was held",
            "2024-05-02",
            HELD,
            handled("m1", "2024-05-02", 1, "adjourned"),
        ),
        open_(
            "an item handled at a meeting that was only called",
            "2024-05-02",
            CALLED,
            handled("m1", "2024-05-02", 1, "adjourned"),
            line=True,
            says="not recorded as held",
        ),
        open_(
            "an item that is not on the agenda",
            "2024-05-02",
            HELD,
            handled("m1", "2024-05-02", 9, "noted"),
            line=True,
            says="is not on the agenda",
        ),
        nothing("a reservation by who took part", "2024-05-02", HELD, reserved("m1", "2024-05-02", "sala-1")),
        open_(
            "a reservation by who was not there",
            "2024-05-02",
            meeting("m1", "2024-05-02", present=["koping-1"]),
            reserved("m1", "2024-05-02", "sala-1"),
            line=True,
            says="not among those present",
        ),
        open_(
            "a reservation by who is no member",
            "2024-05-02",
            meeting("m1", "2024-05-02", present=["sala-1", "p9"]),
            reserved("m1", "2024-05-02", "p9"),
            line=True,
            says="is not a member on",
        ),
        open_(
            "a dissent by who was not there",
            "2024-05-02",
            meeting("m1", "2024-05-02", present=["koping-1"]),
            recommended("r1", "m1", "2024-05-02", consensus=False, dissent=["sala-1"]),
            line=True,
            says="sala-1 dissented at m1 and is not among those present",
        ),
        nothing("an item of the agenda is prepared", "2024-05-02", HELD, prepared("m1", 1)),
        nothing("an item is prepared for a meeting that is called later", "2024-05-02", prepared("m1", 2)),
        open_(
            "an item that is not on it",
            "2024-05-02",
            HELD,
            prepared("m1", 2),
            line=True,
            says="is not on the agenda",
        ),
        nothing("a meeting cancelled", "2024-05-02", CALLED, cancelled("m1", "2024-05-01")),
        open_(
            "a meeting cancelled after it was held",
            "2024-05-03",
            HELD,
            cancelled("m1", "2024-05-03"),
            line=True,
            says="it was held on 2024-05-02",
        ),
        nothing(
            "an item continues one that was adjourned",
            "2024-06-03",
            HELD,
            handled("m1", "2024-05-02", 1, "adjourned"),
            meeting("m2", "2024-06-03", agenda=NEXT),
            about="meeting:m2",
        ),
        open_(
            "an item continues one that was not",
            "2024-06-03",
            HELD,
            meeting("m2", "2024-06-03", agenda=NEXT),
            line=True,
            about="meeting:m2",
            says="not recorded as adjourned",
        ),
        nothing("a group reports once for a half-year", "2024-07-01", GROUP, reported("g", "2024H1", "2024-06-30")),
        open_(
            "it reports twice",
            "2024-07-01",
            GROUP,
            reported("g", "2024H1", "2024-06-29"),
            reported("g", "2024H1", "2024-06-30"),
            line=True,
            says="is kept as a later version",
        ),
        nothing("paid on a day that has been", "2024-02-01", ONCE),
        open_(
            "paid on a day to come",
            "2099-02-01",
            paid("2099-02-01", "sala", 1000, 2024, 1),
            line=True,
            says="after the day it was recorded",
        ),
        nothing("a group meets on its first day", "2024-01-01", GROUP, met("2024-01-01")),
        open_(
            "it meets before it was set up",
            "2024-01-01",
            GROUP,
            met("2023-12-31"),
            line=True,
            says="before g was set up on 2024-01-01",
        ),
        nothing(
            "an answer on the day of its recommendation",
            "2024-05-02",
            HELD,
            recommended("r1", "m1", "2024-05-02"),
            answered("r1", "2024-05-02", "sala"),
        ),
        open_(
            "an answer before it",
            "2024-05-02",
            HELD,
            recommended("r1", "m1", "2024-05-02"),
            answered("r1", "2024-05-01", "sala"),
            line=True,
            says="before r1 was made on 2024-05-02",
        ),
        open_(
            "minutes sent of a meeting that was only called",
            "2024-05-03",
            CALLED,
            dispatched("m1", "2024-05-03"),
            says="is not recorded as held",
        ),
        nothing("minutes sent on the day of the meeting", "2024-05-02", HELD, dispatched("m1", "2024-05-02")),
        open_(
            "minutes sent before it",
            "2024-05-02",
            HELD,
            dispatched("m1", "2024-05-01"),
            line=True,
            says="before m1 was held on 2024-05-02",
        ),
        nothing("a report in its half-year", "2024-07-01", GROUP, reported("g", "2024H1", "2024-01-01"), line=True),
        open_(
            "a report before its half-year",
            "2024-07-01",
            GROUP,
            reported("g", "2024H2", "2024-06-30"),
            line=True,
            says="before its half-year begins, 2024-07-01",
        ),
        nothing("figures published on the day counted", "2023-12-31", population("2023-12-31", "2023-12-31", ALIKE)),
        open_(
            "figures published before it",
            "2023-12-31",
            population("2023-12-30", "2023-12-31", ALIKE),
            line=True,
            says="before the day counted",
        ),
        open_(
            "a cost on a day to come",
            "2099-02-01",
            act("cost-borne", "2099-02-01", kind="archive", borne_by="region", amount=1, description="Hyllor"),
            says="after the day it was recorded",
        ),
        nothing("an index of a fifth", "2024-02-01", index("20")),
        open_("an index of more", "2024-02-01", index("20.1"), line=True, says="20.1 % is more than 20 %"),
        nothing("a level of half the base", "2024-02-01", level(742_000_000)),
        open_("a level below that", "2024-02-01", level(741_999_999), line=True, says="the base is 14 840 000,00 kr"),
        nothing(
            "a settlement paid on the day of the end",
            "2024-06-01",
            withdrew("2024-05-01", "sala", ends_on="2024-06-01"),
            settling("2024-06-01"),
        ),
        open_(
            "a settlement paid before it",
            "2024-06-01",
            withdrew("2024-05-01", "sala", ends_on="2024-06-01"),
            settling("2024-05-31"),
            line=True,
            says="has not ended by then",
        ),
        nothing("no more refunded than was paid", "2024-03-01", ONCE, refunded(1000), line=True),
        open_("an öre more refunded", "2024-03-01", ONCE, refunded(1001), line=True, says="which had paid 10,00 kr"),
        nothing(
            "decided on the day that it is put forward",
            "2024-01-02",
            SECOND,
            adopted("2024-01-02", version=2, by={"sala"}),
            line=True,
        ),
        open_(
            "decided the day before it is put forward",
            "2024-01-02",
            SECOND,
            adopted("2024-01-01", version=2, by={"sala"}),
            line=True,
            says="before version 2 was put forward",
        ),
        nothing("the latest version takes effect", "2024-06-01", AMENDED),
        open_(
            "an earlier version takes effect after it",
            "2024-06-01",
            OVERTAKEN,
            line=True,
            says="which was put forward later",
        ),
    ),
    "recorded-by": (
        nothing("an act before anybody is authorised", LATE, GROUP, authorised("tester", "secretariat"), line=True),
        breaks(
            "an act by somebody who is not authorised",
            LATE,
            authorised("sec", "secretariat"),
            GROUP,
            line=True,
            says="tester recorded it without being authorised to record",
        ),
        nothing("an act of a party by the secretariat", LATE, authorised("tester", "secretariat"), ONCE),
        nothing("an act of a party by its own registrar", LATE, FIRST, paid_to("sala")),
        breaks(
            "an act of a party by the registrar of another",
            LATE,
            FIRST,
            paid_to("koping"),
            says="tester, a registrar of",
        ),
        breaks(
            "an act that is not of the registrar's role",
            LATE,
            authorised("tester", "treasurer"),
            GROUP,
            says="tester may not record",
        ),
        advises(
            "an act of a party by its own registrar, who has a key and did not sign",
            LATE,
            authorised("tester", "party", party="sala", public_key=KEY, source=CITED),
            paid_to("sala"),
            says="has a key and did not sign",
        ),
        breaks(
            "the first registrar of a party, without the party's decision",
            LATE,
            authorised("tester", "secretariat"),
            authorised("first", "party", party="sala"),
            says="the party's decision is not cited",
        ),
        breaks(
            "the next registrar of a party, without the signature of one before",
            LATE,
            authorised("tester", "secretariat"),
            authorised("first", "party", party="sala", source=CITED),
            authorised("next", "party", party="sala", source=CITED),
            says="was authorised without the signature of a registrar of",
        ),
        advises(
            "the next registrar of a party, when the one before is released",
            LATE,
            authorised("tester", "secretariat"),
            authorised("first", "party", party="sala", source=CITED),
            act("registrar-released", "2023-02-01", organ="secretariat", registrar="first"),
            authorised("next", "party", party="sala", source=CITED),
            says="was left who could sign it",
        ),
    ),
    "duplicate": (
        nothing(
            "two payments that differ by an öre",
            "2024-02-01",
            ONCE,
            paid("2024-02-01", "sala", 1001, 2024, 1, reference="OCR 12"),
            line=True,
        ),
        open_("the same payment twice", "2024-02-01", ONCE, ONCE, line=True, says="as entry"),
        nothing("two payments to which the bank gave references", "2024-02-01", *BANKED, line=True),
        open_("a payment twice, once with the bank's reference", "2024-02-01", ONCE, BANKED[0], line=True, says="as"),
        open_(
            "two payments with one reference of the bank", "2024-02-01", BANKED[0], OTHER, line=True, says="otherwise"
        ),
        nothing("two costs that differ by an öre", "2024-02-01", borne(1000), borne(1001), line=True),
        open_("the same cost twice", "2024-02-01", borne(1000), borne(1000), line=True, says="is recorded already"),
        nothing("two political parties of other names", "2024-02-01", renamed("Alf"), renamed("Alfb"), line=True),
        open_(
            "two that differ in case and blanks",
            "2024-02-01",
            renamed("AL\u00a0fa"),
            line=True,
            says="is probably Alfa, as spelt in entry",
        ),
    ),
}
