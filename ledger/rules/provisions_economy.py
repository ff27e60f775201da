"""What section 5 says, in our words: the cost, its level, its sharing. Data only."""

from __future__ import annotations

from ledger.rules.provision import Provision

_KEY = ("municipal-share", "population-day", "rounding")  # what a share of the cost rests on
_INDEX = ("index-year", "index-series", "index-reference", "index-kind", "level-rounding")

ECONOMY: dict[str, Provision] = {
    # Section 5: economy
    "region-bears-secretariat": Provision(
        says="The Region bears the cost of secretariat, archive and administration of the body and its groups.",
        enforced="Such a cost borne by another is recorded and flagged.",
    ),
    "own-members-paid": Provision(
        says="Each party pays fees and compensation to its own members.",
        enforced="Fees borne by another party are recorded and flagged.",
    ),
    "cost-level": Provision(
        says="The cost level of {base_year} is {base_level}.",
        enforced="Read from the terms; later levels are derived from it.",
        readings=_INDEX,
    ),
    "by-population": Provision(
        says="The cost is shared among the municipalities by the population of the year before.",
        enforced="Derived. Without figures it is open before a due day.",
        readings=_KEY,
    ),
    "two-instalments": Provision(
        says="Each municipality pays half by each of two days of the year: {due_days} (month-day).",
        enforced="Judged against the claim; without one it cannot be told. What is unpaid is a breach from the day "
        "after; what was paid late stays one and shows its days.",
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
        enforced="From a term's first day a breach until a level is set for its first year, if only the same one "
        "again.",
        readings=("reassessment-term",),
    ),
    "projects": Provision(
        says="Collaboration projects may have external grants, or extra financing that the Region and the "
        "municipalities decide jointly.",
        enforced="Extra financing that neither an assembly nor an executive board decided is recorded and flagged; "
        "that only some have decided is an advisory breach.",
    ),
}
