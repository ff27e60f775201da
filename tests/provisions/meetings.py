"""Lists cases of the provisions in section 2.3: the body's working forms."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from tests.acts import ALL, called, events, regionals, vacated, withdrew
from tests.given_working import (
    adjusted,
    answered,
    cancelled,
    dispatched,
    duty_moved,
    meeting,
    members,
    moved,
    recommended,
    requested,
    reserved,
    signed,
)
from tests.provisions.case import Case, advises, breaks, passes, refuses, silent

if TYPE_CHECKING:
    from ledger.events import Event

SEATED_28 = regionals("2024-01-01", 8)[5:]
SEATED_27 = regionals("2024-01-01", 7)[5:]
HELD = meeting("m1", "2024-05-02")


def held(number: int) -> list[Event]:
    """Returns the acts of `number` meetings a week apart, the last of them on 31 December 2024."""
    last = date(2024, 12, 31)
    return events(meeting(f"m{place}", str(last - timedelta(days=7 * place)), notice=20) for place in range(number))


TWO_ITEMS = [{"number": number, "title": "Läget", "kind": "information"} for number in (1, 2)]
SHORT_AND_MOVED = [called("m1", "2024-04-28", "2024-05-02"), moved("m1", "2024-04-30", "2024-05-14")]

CASES: dict[str, tuple[Case, ...]] = {
    "six-meetings": (
        passes("six, the last on 31 December", "2025-01-01", held(6), line=True, about="year:2024"),
        passes("five, and the year is not over", "2024-12-31", held(5), line=True, about="year:2024",
               says="5 of 6 held in 2024"),
        breaks("five, and the year is over", "2025-01-01", held(5), line=True, about="year:2024",
               says="5 of 6 meetings were held in 2024"),
        advises("five, and one held on request", "2025-01-01", held(5),
                requested("r1", "2024-05-01", ["region-1"]),
                meeting("m9", "2024-06-01", requests=["r1"]), line=True, about="year:2024", says="1 held on request"),
        passes("five, and one requested that is not extra", "2025-01-01", held(5),
               requested("r1", "2024-05-01", ["region-1"]), called("m9", "2024-05-01", "2024-06-01", requests=["r1"],
               extra=False), meeting("m9", "2024-06-01")[1:], about="year:2024"),
        breaks("the sixth on 1 January", "2025-01-02", held(5), meeting("m9", "2025-01-01"), line=True,
               about="year:2024"),
        silent("a year only partly in force", "2025-01-01", withdrew("2024-05-01", "sala", ends_on="2024-12-31"),
               about="year:2024"),
    ),
    "requested-meeting": (
        advises("by 9 of 27, a third", "2024-05-02", SEATED_27, requested("r1", "2024-05-01", members(9)), line=True,
                about="request:r1", says="9 of 27, binds"),
        passes("by 9 of 28, less than a third", "2024-05-02", SEATED_28, requested("r1", "2024-05-01", members(9)),
               line=True, about="request:r1", says="9 of 28, does not bind"),
        advises("by 10 of 28, more than a third", "2024-05-02", SEATED_28, requested("r1", "2024-05-01", members(10)),
                line=True, about="request:r1"),
        passes("on the day itself nothing is late", "2024-05-01", SEATED_27,
               requested("r1", "2024-05-01", members(9)), line=True, about="request:r1"),
        advises("by the chair alone", "2024-05-02", requested("r1", "2024-05-01", ["region-1"]), about="request:r1"),
        passes("answered by a call", "2024-05-03", requested("r1", "2024-05-01", ["region-1"]),
               called("m1", "2024-05-03", "2024-06-03", requests=["r1"]), about="request:r1",
               says="was answered by m1"),
        advises("and that meeting is cancelled", "2024-05-10", requested("r1", "2024-05-01", ["region-1"]),
                called("m1", "2024-05-03", "2024-06-03", requests=["r1"]), cancelled("m1", "2024-05-10"),
                about="request:r1"),
        breaks("by one who is not a member", "2024-05-01", vacated("sala-1", "2024-05-01"),
               requested("r1", "2024-05-01", ["sala-1"]), line=True, says="sala-1 is not a member"),
    ),
    "called-by-chair": (
        passes("by the chair on the last day in the seat", "2024-05-01", vacated("region-1", "2024-04-17"),
               called("m1", "2024-04-16", "2024-05-01"), line=True),
        silent("there is no chair that day", "2024-05-01", vacated("region-1", "2024-04-16"),
               called("m1", "2024-04-16", "2024-05-01"), line=True),
        breaks("by a vice chair", "2024-05-01", called("m1", "2024-04-16", "2024-05-01", by="arboga-1")),
        passes("held after the chair's call", "2024-05-02", HELD),
        breaks("held without a call", "2024-05-02", HELD[1:]),
        breaks("held though it was cancelled", "2024-05-02", HELD, cancelled("m1", "2024-04-30"),
               says="its call had been cancelled on 2024-04-30"),
    ),
    "agenda": (
        passes("one item", "2024-05-01", called("m1", "2024-04-16", "2024-05-01"), line=True),
        breaks("no item", "2024-05-01", called("m1", "2024-04-16", "2024-05-01", agenda=[]), line=True),
        passes("held after a call with an item", "2024-05-02", HELD),
        breaks("held without a call", "2024-05-02", HELD[1:]),
        breaks("held though it was cancelled", "2024-05-02", HELD, cancelled("m1", "2024-04-30"),
               says="its call had been cancelled on 2024-04-30"),
    ),
    "notice": (
        passes("fourteen days", "2024-05-02", meeting("m1", "2024-05-02", notice=14), line=True),
        breaks("thirteen days", "2024-05-02", meeting("m1", "2024-05-02", notice=13), line=True,
               says="13 days before the meeting, not 14"),
        passes("fourteen days over 29 February", "2024-03-01", called("m1", "2024-02-16", "2024-03-01"), line=True),
        breaks("the same dates in a year without one", "2025-03-01", called("m1", "2025-02-16", "2025-03-01"),
               line=True, says="13 days"),
        breaks("held the day after that notified", "2024-05-03", called("m1", "2024-04-01", "2024-05-02"),
               meeting("m1", "2024-05-03")[1:], line=True),
        breaks("held without a call", "2024-05-02", HELD[1:]),
        breaks("held though it was cancelled", "2024-05-02", HELD, cancelled("m1", "2024-04-30"),
               says="its call had been cancelled on 2024-04-30"),
        breaks("too short, the day before the meeting is moved", "2024-04-29", SHORT_AND_MOVED, line=True,
               says="4 days before the meeting, not 14"),
        advises("too short, and moved with full notice", "2024-04-30", SHORT_AND_MOVED, line=True,
                says="mended by the move of 2024-04-30 to 2024-05-14"),
        passes("a move that keeps the day is no new notice", "2024-05-02", called("m1", "2024-04-01", "2024-05-02"),
               moved("m1", "2024-05-01", "2024-05-02", place="Sal 2"), meeting("m1", "2024-05-02")[1:], line=True),
    ),
    "recommendations": (
        passes("no answer yet, the day before", "2024-05-31", HELD, recommended("r1", "m1", "2024-05-02"),
               answered("r1", "2024-06-01", "sala"), line=True, says="r1: no answer yet from sala"),
        passes("answered", "2024-06-01", HELD, recommended("r1", "m1", "2024-05-02"),
               answered("r1", "2024-06-01", "sala"), line=True, says="r1: sala accepted"),
        passes("the latest answer counts", "2024-07-01", HELD, recommended("r1", "m1", "2024-05-02"),
               answered("r1", "2024-06-01", "sala"), answered("r1", "2024-07-01", "sala", "declined"), line=True,
               says="r1: sala declined"),
        breaks("answered by a party that it was not addressed to", "2024-06-01", HELD,
               recommended("r1", "m1", "2024-05-02"), answered("r1", "2024-06-01", "koping"),
               says="koping answered r1, which was addressed to sala"),
        breaks("made at a meeting that was only called", "2024-05-02", HELD[0], recommended("r1", "m1", "2024-05-02"),
               says="m1, which is not recorded as held"),
        breaks("made the day before the meeting", "2024-05-02", HELD, recommended("r1", "m1", "2024-05-01"), line=True,
               says="made on 2024-05-01 at m1, which was held on 2024-05-02"),
        breaks("on an item that is not on the agenda", "2024-05-02", HELD,
               recommended("r1", "m1", "2024-05-02", item=2), says="on item 2, which is not on the agenda of m1"),
    ),
    "consensus": (
        passes("by consensus", "2024-05-02", HELD, recommended("r1", "m1", "2024-05-02"), line=True,
               says="r1 was made by consensus"),
        passes("with one who dissented", "2024-05-02", HELD,
               recommended("r1", "m1", "2024-05-02", consensus=False, dissent=["sala-1"]), line=True,
               says="sala-1 dissented"),
        passes("by consensus, with a reservation entered on the item", "2024-05-02", HELD,
               recommended("r1", "m1", "2024-05-02"), reserved("m1", "2024-05-02", "sala-1"),
               says="r1 was made by consensus; reservations by sala-1"),
    ),
    "minutes-signed": (
        passes("signed by who chaired it, on the day", "2024-05-02", HELD, signed("m1", "2024-05-02"), line=True),
        passes("signed by whom the duty passed to", "2024-05-04", HELD,
               duty_moved("m1", "2024-05-03", "signing", "arboga-1"), signed("m1", "2024-05-04", "arboga-1")),
        advises("not signed the day after", "2024-05-03", HELD, line=True, says="region-1 has the duty"),
        refuses("signed by another", HELD, signed("m1", "2024-05-03", "arboga-1")),
        refuses("signed the day before the duty passed", HELD, duty_moved("m1", "2024-05-04", "signing", "arboga-1"),
                signed("m1", "2024-05-03", "arboga-1"), line=True),
    ),
    "minutes-adjusted": (
        passes("adjusted by the member appointed, on the day", "2024-05-02", HELD, adjusted("m1", "2024-05-02"),
               line=True),
        advises("not adjusted the day after", "2024-05-03", HELD, line=True, says="sala-1 has the duty"),
        advises("one item of two adjusted at once", "2024-05-03", meeting("m1", "2024-05-02", agenda=TWO_ITEMS),
                adjusted("m1", "2024-05-02", items=[1]), says="are adjusted only for item 1; sala-1 has the duty"),
        passes("item by item, the last", "2024-05-04", meeting("m1", "2024-05-02", agenda=TWO_ITEMS),
               adjusted("m1", "2024-05-02", items=[1]), adjusted("m1", "2024-05-04", items=[2]), line=True),
        refuses("adjusted by another", HELD, adjusted("m1", "2024-05-03", "arboga-1")),
        breaks("the member appointed left the day of the meeting", "2024-05-02", HELD, vacated("sala-1", "2024-05-02"),
               line=True, says="sala-1 was appointed to adjust the minutes of m1 and is not a member on 2024-05-02"),
        passes("the member appointed left the day after", "2024-05-04", HELD, vacated("sala-1", "2024-05-03"),
               adjusted("m1", "2024-05-04"), line=True),
        breaks("adjusted by one who is no member", "2024-05-03", HELD, vacated("sala-1", "2024-05-02"),
               adjusted("m1", "2024-05-03"), says="sala-1 adjusted the minutes of m1 but was not a member"),
        breaks("the duty passed to one who is no member", "2024-05-02", HELD,
               duty_moved("m1", "2024-05-02", "adjustment", "p1"), says="passed to p1, who is not a member"),
    ),
    "minutes-dispatched": (
        passes("sent to all, on the day of the adjustment", "2024-05-10", HELD, adjusted("m1", "2024-05-10"),
               dispatched("m1", "2024-05-10"), line=True),
        advises("one missing the day after", "2024-05-11", HELD, adjusted("m1", "2024-05-10"),
                dispatched("m1", "2024-05-10", ALL - {"sala"}), line=True, says="are not sent to sala"),
        advises("whom an item concerns is missing", "2024-05-11",
                meeting("m1", "2024-05-02", agenda=[{"number": 1, "title": "Buss", "kind": "information",
                                                     "concerns": ["Kollektivtrafikrådet"]}]),
                adjusted("m1", "2024-05-10"), dispatched("m1", "2024-05-10"), says="to Kollektivtrafikrådet"),
    ),
}  # fmt: skip
