"""Every provision by slug: what it says and how it is enforced, in our words. Data only."""

from __future__ import annotations

from msgspec import Struct


class Provision(Struct, frozen=True, kw_only=True):
    """The text and the enforcement of a provision, in our words.

    `readings` names the questions whose reading can change the provision's verdict or figures. In `says` and
    `enforced`, a placeholder such as `{members_min}` is filled from the terms in force on the day, and `{parties}` with
    the number of parties in those terms.
    """

    says: str
    enforced: str
    readings: tuple[str, ...] = ()


_KEY = ("municipal-share", "population-day", "rounding")  # the questions whose readings decide a share of the cost
_INDEX = ("index-year", "index-series", "index-reference", "index-kind", "level-rounding")

OURS: dict[str, Provision] = {  # the ledger's own provisions: their findings cite no section
    "reference": Provision(
        says="No provision of the agreement: an entry refers only to what is in the ledger, and defines only new ids.",
        enforced="An entry that refers to anything else is refused.",
    ),
    "plausible": Provision(
        says="No provision of the agreement: what is recorded looks intended.",
        enforced="An entry that looks like a slip is recorded, and flagged as cannot-tell: only the recorder knows.",
    ),
    "recorded-by": Provision(
        says="No provision of the agreement: an act is recorded by whoever may record it, and an act that binds a "
        "party by a registrar of that party, who signs it.",
        enforced="Once a registrar is authorised, an act recorded by anybody else, or by another party's registrar, is "
        "recorded and flagged as a breach; a signature that is owed and missing is advisory. A signature that "
        "cannot be checked is refused.",
    ),
    "duplicate": Provision(
        says="No provision of the agreement: an act is recorded once.",
        enforced="An entry that looks like an act recorded before is recorded, and flagged as cannot-tell.",
    ),
}
PROVISIONS: dict[str, Provision] = {
    # Head and section 7: adoption, amendment, end
    "adopted-by-every-assembly": Provision(
        says="The agreement is in force once the assemblies of all {parties} {parties:?party|parties} have adopted the "
        "same version, and its start day has come.",
        enforced="Derived from the adoptions. An adoption later than the start day is recorded and flagged.",
        readings=("late-adoption",),
    ),
    "adopted-by-an-assembly": Provision(
        says="A party adopts and rejects by a decision of its full assembly, not of its executive board. Of withdrawal "
        "the text says only that the party decides.",
        enforced="An adoption or rejection by another organ has no effect and is refused. A withdrawal by another "
        "organ is recorded; whether it counts is open.",
        readings=("withdrawal-organ",),
    ),
    "amended-by-unanimity": Provision(
        says="An amendment takes effect when every party, of the version in force and of the new one, has adopted it. "
        "One rejection stops it.",
        enforced="Derived from the decisions; a party's last one before entry into force counts, and a later one is "
        "flagged. Adopting twice before it is refused. A fixed start day that the wording does not leave open is "
        "flagged.",
        readings=("late-adoption",),
    ),
    "until-further-notice": Provision(
        says="The agreement applies until further notice: it has no end date of its own.",
        enforced="Derived.",
    ),
    "ends-when-one-withdraws": Provision(
        says="When one party decides to withdraw, the agreement ends for all. No notice period is stated.",
        enforced="Derived: the earliest end counts, and a withdrawal is in effect until it is taken back. Refused: a "
        "withdrawal by anyone who is not a party that day, or with an end before its decision, and taking back a "
        "withdrawal that has taken effect.",
        readings=("withdrawal-day", "withdrawal-organ"),
    ),
    "settlement-agreement": Provision(
        says="At the end, the parties make a separate agreement on accrued and remaining costs.",
        enforced="A breach from the end until such an agreement is recorded. Agreed shares that do not sum to what is "
        "computed are recorded and flagged with the difference.",
        readings=(
            "accrual",
            "remaining-key",
            "first-year",
            "withdrawal-day",
            "municipal-share",
            "population-day",
            "rounding",
        ),
    ),
    "in-force": Provision(
        says="The agreement binds while it is in force. After the end no meeting is called or held, no recommendation "
        "made, nobody appointed or co-opted, no group set up, no instalment claimed, no level or raise set.",
        enforced="Such an act after the end is recorded and flagged. Before the first day in force the text is silent.",
        readings=("withdrawal-day", "late-adoption"),
    ),
    # Section 2.1: tasks
    "tasks": Provision(
        says="The body confers, coordinates and makes proposals in what is strategic for the region's development, "
        "also where Region and municipalities each have their part, and is a forum for monitoring the outside world.",
        enforced="Derived: the meetings held in the term, their items by kind and topic, and the recommendations.",
    ),
    "mandatory-topics": Provision(
        says="These topics must be prepared: {topics}.",
        enforced="At the end of each term, a topic that was on no held meeting's agenda in the term is an advisory "
        "breach.",
    ),
    # Section 2.2: composition
    "attached-to-board": Provision(
        says="The body is organisationally attached to the regional executive board.",
        enforced="Derived.",
    ),
    "size": Provision(
        says="The body has {members_min} to {members_max} members.",
        enforced="An appointment beyond {members_max} is refused. Fewer than {members_min} is a breach while it lasts.",
    ),
    "two-per-municipality": Provision(
        says="Each municipality appoints two: the chair of its executive board, and a leading representative of the "
        "opposition.",
        enforced="A second holder of a seat is refused. An empty seat is a breach while it lasts. A representative of "
        "the opposition who is not in it, or an executive board's chair who is, is recorded and flagged; where there "
        "are no such sides, the verdict is cannot-tell.",
    ),
    "region-seats": Provision(
        says="The Region appoints {region_seats_min} to {region_seats_max}, of whom three are the presidium of its "
        "executive board.",
        enforced="More than {region_seats_max}, or a second holder of a presidium's seat, is refused. Fewer than "
        "{region_seats_min}, or an empty seat of the presidium, is a breach while it lasts.",
    ),
    "every-board-party": Provision(
        says="Every political party on the regional executive board has at least one member, the municipalities' "
        "members counted.",
        enforced="A political party without a member is a breach while it lasts. The verdict is cannot-tell while no "
        "board-composed is recorded.",
    ),
    "mirrors-majority": Provision(
        says="The body mirrors the political majority of the Region.",
        enforced="Kept when the side with more seats on the regional executive board has more members; otherwise an "
        "advisory breach while it lasts. The verdict is cannot-tell while no board-composed is recorded.",
    ),
    "chair": Provision(
        says="The chair of the regional executive board chairs the body.",
        enforced="Derived from the seat; no event appoints the chair.",
    ),
    "vice-chairs": Provision(
        says="The Region appoints a vice chair among its opposition members; the municipalities a first vice chair "
        "among their majority members, and one more vice chair among their opposition members. With the chair they are "
        "the presidium.",
        enforced="A vice chair of another kind, or a second one in a post, is refused. An empty post is a breach while "
        "it lasts. A member of the Region in another bloc than the political party's on its executive board is "
        "recorded and flagged.",
    ),
    "no-substitutes": Provision(
        says="Members have no substitutes.",
        enforced="A meeting with someone present as a member who is not a member that day is recorded and flagged.",
    ),
    "term": Provision(
        says="Members sit for {term_years:year} from 1 January after the general election, unless it was decided "
        "otherwise when they were appointed.",
        enforced="An appointment beyond the term that does not say so is refused. After the term seats are empty.",
    ),
    "experts": Provision(
        says="Experts may be co-opted. They have the right to attend and to speak.",
        enforced="An expert who chairs, signs, adjusts or dissents is refused. One who attends without being co-opted "
        "that day, and one co-opted by an organ other than the body, is recorded and flagged.",
    ),
    # Section 2.3: working forms
    "six-meetings": Provision(
        says="The body meets at least {meetings_per_year:time} a year.",
        enforced="A year with fewer is a breach from 1 January after it; until then the count is shown. Whether "
        "meetings held only on request count depends on the reading; where they would make up the number, the breach "
        "is advisory. For a year only partly in force the text is silent.",
        readings=("requested-counts",),
    ),
    "requested-meeting": Provision(
        says="The body also meets when its chair, or at least {request_fraction} of its members, request it.",
        enforced="Derived: who is not a member is not counted, and flagged. A request that binds is an advisory breach "
        "until a meeting is called for it.",
        readings=("third-of",),
    ),
    "called-by-chair": Provision(
        says="The chair is responsible for the call.",
        enforced="A call by another person, and a meeting held without a call, is recorded and flagged. When nobody is "
        "chair the text is silent.",
    ),
    "agenda": Provision(
        says="The call carries an agenda of the matters, and the documents that the chair decides on.",
        enforced="A call with an empty agenda is recorded and flagged.",
    ),
    "notice": Provision(
        says="The call is sent at least {notice_days:day} before the meeting.",
        enforced="A shorter notice, a meeting on another day than notified, and one held without a call are recorded "
        "and flagged. The days run from the latest notice, and a move that keeps the day is not a notice; a notice "
        "that was too short is an advisory breach once the meeting is moved with full notice.",
    ),
    "recommendations": Provision(
        says="The body may decide recommendations to the Region and the municipalities.",
        enforced="Derived: each addressee's answer, or that it has not come yet. An answer by another party, and a "
        "recommendation made at a meeting not held, or on no item of its agenda, is recorded and flagged.",
    ),
    "consensus": Provision(
        says="The body strives for consensus.",
        enforced="Never a breach; members who dissented or entered a reservation are shown.",
    ),
    "minutes-signed": Provision(
        says="Minutes are kept, and signed by the meeting's chair. No day is set.",
        enforced="A signing by anyone other than the person with the duty is refused. Minutes not signed are an "
        "advisory breach from the day after the meeting.",
    ),
    "minutes-adjusted": Provision(
        says="Minutes are adjusted (verified) by an appointed member. No day is set; for assemblies and committees "
        "kommunallagen (5:69) gives 14 days.",
        enforced="An adjustment by anyone other than the person with the duty is refused; a duty given to a person who "
        "is not a member is recorded and flagged. Minutes not adjusted, in whole or item by item, are an advisory "
        "breach from the day after the meeting.",
    ),
    "minutes-dispatched": Provision(
        says="Minutes are sent to the regional executive board, to every municipality's executive board, and to anyone "
        "whom a matter concerns. No day is set.",
        enforced="Each recipient without them is an advisory breach from the day after the adjustment.",
    ),
    # Section 3: political collaboration groups
    "groups-set-up-by-body": Provision(
        says="The body sets up and closes standing or temporary groups.",
        enforced="A group set up or closed at no held meeting is recorded and flagged; with no meeting given the "
        "verdict is cannot-tell.",
    ),
    "group-terms": Provision(
        says="Assignment, composition and working forms are decided when a group is set up.",
        enforced="A group set up without one of them is recorded and flagged.",
    ),
    "group-reports": Provision(
        says="Each group reports back to the body {reports_per_year:time} a year.",
        enforced="A report not received by its last day is a breach; a late report stays a breach and shows its days "
        "late.",
        readings=("report-owed", "report-period"),
    ),
    "group-recommendations": Provision(
        says="Groups prepare shared questions, and may give recommendations to the body and to the deciding organs.",
        enforced="Derived.",
    ),
    # Section 4: other forms
    "other-forms": Provision(
        says="The parties also meet in sub-county consultations, theme days, conferences and seminars.",
        enforced="Recorded and listed.",
    ),
    # Section 6: officials
    "management-group": Provision(
        says="A management group leads the officials' work: the regional director, who leads it, the director of "
        "regional development, every municipal director, and the county director (länsråd).",
        enforced="An office without a holder is a breach while it lasts.",
    ),
    "well-prepared": Provision(
        says="The management group is responsible for well prepared proposals to the body.",
        enforced="A recommendation on an item that the group had not prepared is an advisory breach.",
    ),
    "group-officers": Provision(
        says="An appointed official of the Region supports each group, together with a municipal one.",
        enforced="A group that lacks either is a breach while it lasts.",
    ),
    # Section 5: economy
    "region-bears-secretariat": Provision(
        says="The Region bears the cost of secretariat, archive and administration of the body and its groups.",
        enforced="Such a cost borne by another party is recorded and flagged.",
    ),
    "own-members-paid": Provision(
        says="Each party pays fees and compensation to its own members.",
        enforced="Fees borne by another party are recorded and flagged.",
    ),
    "cost-level": Provision(
        says="The cost level of {base_year} is {base_level:kr}.",
        enforced="Read from the terms; later levels are derived from it.",
        readings=_INDEX,
    ),
    "by-population": Provision(
        says="The cost is shared among the municipalities by the population of the year before.",
        enforced="Derived. Without figures the sharing is open before a due day.",
        readings=_KEY,
    ),
    "two-instalments": Provision(
        says="Each municipality pays half by each of two days of the year: {due_days} (month-day).",
        enforced="Judged against the claim; without a claim the verdict is cannot-tell. What is unpaid is a breach "
        "from the day after; what was paid late stays a breach and shows its days late.",
        readings=_KEY,
    ),
    "indexation": Provision(
        says="The level is raised each year by LPIK as of {index_day}, unless another raise is agreed by "
        "{index_agreed_by} (month-day).",
        enforced="Derived. A raise agreed later is recorded and flagged, and does not move the level.",
        readings=_INDEX,
    ),
    "no-indexation-2024-2025": Provision(
        says="The level is not raised ahead of {frozen_years}.",
        enforced="Derived. A raise agreed for such a year is recorded and flagged.",
    ),
    "reassessment": Provision(
        says="The level is assessed anew before each new term.",
        enforced="From a term's first day a breach until a level is set for its first year, even if unchanged.",
        readings=("reassessment-term",),
    ),
    "projects": Provision(
        says="Collaboration projects may have external grants, or extra financing that the Region and the "
        "municipalities decide jointly.",
        enforced="Extra financing that neither an assembly nor an executive board decided is recorded and flagged; "
        "extra financing that only some have decided is an advisory breach.",
    ),
    **OURS,
}
