"""What the head and sections 2.1, 2.2 and 7 say, in our words: the agreement's life, the body. Data only."""

from __future__ import annotations

from ledger.rules.provision import Provision

BODY: dict[str, Provision] = {
    # Head and section 7: adoption, amendment, end
    "adopted-by-every-assembly": Provision(
        says="The agreement is in force once the assemblies of all {parties} {parties:?party|parties} have adopted "
        "the same version, and its start day has come.",
        enforced="Derived from the adoptions. One later than the start day is recorded and flagged.",
        readings=("late-adoption",),
    ),
    "adopted-by-an-assembly": Provision(
        says="A party adopts and rejects by a decision of its full assembly, not of its executive board. Of withdrawal "
        "the text says only that the party decides.",
        enforced="An adoption or rejection by another organ has no effect and is refused. A withdrawal by another "
        "organ is recorded; whether it counts cannot be told.",
        readings=("withdrawal-organ",),
    ),
    "amended-by-unanimity": Provision(
        says="An amendment takes effect when every party, of the version in force and of the new one, has adopted it. "
        "One rejection stops it.",
        enforced="Derived from the decisions; a party's last one before entry into force counts, and a later one "
        "is flagged. Adopting twice before is refused. A start day fixed outside those that the wording leaves open is "
        "flagged.",
        readings=("late-adoption",),
    ),
    "until-further-notice": Provision(
        says="The agreement applies until further notice: it has no end date of its own.",
        enforced="Derived.",
    ),
    "ends-when-one-withdraws": Provision(
        says="When one party decides to withdraw, the agreement ends for all. No notice period is stated.",
        enforced="Derived: the earliest end counts, and a withdrawal stands until it is taken back. Refused: a "
        "withdrawal by whoever is no party in force that day, or with an end before its decision, and taking back one "
        "that has taken effect.",
        readings=("withdrawal-day", "withdrawal-organ"),
    ),
    "settlement-agreement": Provision(
        says="On the end, the parties make a separate agreement on accrued and remaining costs.",
        enforced="A breach from the end until such an agreement is recorded. Shares agreed that do not sum to what "
        "is computed are recorded and flagged with the difference.",
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
        "also where Region and municipalities each have their part, and is a forum for watching the world around.",
        enforced="Derived: the meetings held in the term, their items by kind and topic, and the recommendations.",
    ),
    "mandatory-topics": Provision(
        says="These topics must be prepared: {topics}.",
        enforced="At the end of each term, a topic that stood on no held meeting's agenda in it is an advisory breach.",
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
        "the opposition who is not of it, or an executive board's chair who is, is recorded and flagged; where there "
        "are no such sides, nobody can tell.",
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
        enforced="A party without a member is a breach while it lasts. It cannot be told while no board-composed is "
        "recorded.",
    ),
    "mirrors-majority": Provision(
        says="The body mirrors the political majority of the Region.",
        enforced="Kept when the side with more seats on the regional executive board has more members; else an "
        "advisory breach while it lasts. It cannot be told while no board-composed is recorded.",
    ),
    "chair": Provision(
        says="The chair of the regional executive board chairs the body.",
        enforced="Derived from the seat; no event appoints the chair.",
    ),
    "vice-chairs": Provision(
        says="The Region appoints a vice chair among its opposition members; the municipalities a first vice chair "
        "among their majority members, and one more vice chair among their opposition members. With the chair they "
        "are the presidium.",
        enforced="A vice chair of another kind, or a second one in a post, is refused. An empty post is a breach "
        "while it lasts. A member of the Region in another bloc than the political party's on its executive board is "
        "recorded and flagged.",
    ),
    "no-substitutes": Provision(
        says="Members have no substitutes.",
        enforced="A meeting with someone present as a member who is none that day is recorded and flagged.",
    ),
    "term": Provision(
        says="Members sit for {term_years:year} from 1 January after the general election, unless it was decided "
        "otherwise when they were appointed.",
        enforced="An appointment beyond the term that does not say so is refused. After the term seats are empty.",
    ),
    "experts": Provision(
        says="Experts may be co-opted. They have the right to attend and to speak.",
        enforced="An expert who chairs, signs, adjusts or dissents is refused. One who attends without being co-opted "
        "that day, and one whom another than the body co-opted, is recorded and flagged.",
    ),
}
