"""What sections 2.3, 3, 4 and 6 say, in our words: meetings, groups, other forms, officials. Data only."""

from __future__ import annotations

from ledger.rules.provision import Provision

WORKING: dict[str, Provision] = {
    # Section 2.3: working forms
    "six-meetings": Provision(
        says="The body meets at least {meetings_per_year:time} a year.",
        enforced="A year with fewer is a breach from 1 January after it; until then the count is shown. Meetings held "
        "only on request count by the reading; where they would make up the number, the breach is advisory. For a year "
        "only partly in force the text is silent.",
        readings=("requested-counts",),
    ),
    "requested-meeting": Provision(
        says="The body also meets when its chair, or at least {request_fraction} of its members, request it.",
        enforced="Derived: who is not a member is not counted, and flagged. A request that binds is an advisory "
        "breach until a meeting is called for it.",
        readings=("third-of",),
    ),
    "called-by-chair": Provision(
        says="The chair answers for the call.",
        enforced="A call by another, and a meeting held without a call, is recorded and flagged. When nobody is chair "
        "the text is silent.",
    ),
    "agenda": Provision(
        says="The call carries an agenda of the matters, and the documents that the chair decides.",
        enforced="A call with an empty agenda is recorded and flagged.",
    ),
    "notice": Provision(
        says="The call is sent at least {notice_days:day} before the meeting.",
        enforced="A shorter notice, a meeting on another day than notified, and one held without a call are recorded "
        "and flagged. The days run from the latest notice, which a move that keeps the day is not; a notice that was "
        "too short is an advisory breach once the meeting is moved with full notice.",
    ),
    "recommendations": Provision(
        says="The body may decide recommendations to the Region and the municipalities.",
        enforced="Derived: each addressee's answer, or that there is none yet. An answer by another party, and a "
        "recommendation made at a meeting not held, or on no item of its agenda, is recorded and flagged.",
    ),
    "consensus": Provision(
        says="The body strives for consensus.",
        enforced="Never a breach; those who dissented, and who entered a reservation, are shown.",
    ),
    "minutes-signed": Provision(
        says="Minutes are kept, and signed by the meeting's chair. No day is set.",
        enforced="A signing by another than whoever has the duty is refused. Minutes not signed are an advisory "
        "breach from the day after the meeting.",
    ),
    "minutes-adjusted": Provision(
        says="Minutes are adjusted (verified) by an appointed member. No day is set; for assemblies and committees "
        "kommunallagen (5:69) gives 14 days.",
        enforced="An adjustment by another than whoever has the duty is refused; a duty given to one who is not a "
        "member is recorded and flagged. Minutes not adjusted, in whole or item by item, are an advisory breach from "
        "the day after the meeting.",
    ),
    "minutes-dispatched": Provision(
        says="Minutes are sent to the regional executive board, to every municipality's executive board, and to "
        "whoever a matter concerns. No day is set.",
        enforced="Each recipient without them is an advisory breach from the day after the adjustment.",
    ),
    # Section 3: political collaboration groups
    "groups-set-up-by-body": Provision(
        says="The body sets up and closes standing or temporary groups.",
        enforced="A group set up or closed at no held meeting is recorded and flagged; with no meeting given it "
        "cannot be told.",
    ),
    "group-terms": Provision(
        says="Assignment, composition and working forms are decided when a group is set up.",
        enforced="A group set up without one of them is recorded and flagged.",
    ),
    "group-reports": Provision(
        says="Each group reports back to the body {reports_per_year:time} a year.",
        enforced="A report not received by its last day is a breach; a late one stays a breach and shows its days.",
        readings=("report-owed", "report-period"),
    ),
    "group-recommendations": Provision(
        says="Groups prepare shared questions, and may leave recommendations to the body and to the deciding organs.",
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
        says="The management group answers for well prepared proposals to the body.",
        enforced="A recommendation on an item that it had not prepared is an advisory breach.",
    ),
    "group-officers": Provision(
        says="An appointed official of the Region supports each group, together with a municipal one.",
        enforced="A group that lacks either is a breach while it lasts.",
    ),
}
