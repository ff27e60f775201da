"""All cases by provision, and the provisions that have none yet."""

from __future__ import annotations

from functools import cache
from itertools import chain
from typing import TYPE_CHECKING

from ledger.rules.tables import DERIVED, LASTING, ROWS, STANDING
from tests.given import given
from tests.provisions import agreement, body, groups, meetings, money, own
from tests.provisions.case import BASES, PROPOSED

if TYPE_CHECKING:
    from ledger.events import Event
    from ledger.rules.row import Rule
    from ledger.timeline import Timeline
    from tests.provisions.case import Case

CASES: dict[str, tuple[Case, ...]] = {
    **agreement.CASES,
    **body.CASES,
    **meetings.CASES,
    **groups.CASES,
    **money.CASES,
    **own.CASES,
}
JUDGING: dict[tuple[str, Rule], tuple[type[Event], ...]] = {}  # what a rule judges may stand in several rows
for _slug, _rule, _events in chain(*ROWS.values()):
    JUDGING[_slug, _rule] = (*JUDGING.get((_slug, _rule), ()), *_events)
RULES = (
    *((slug, rule, events) for (slug, rule), events in JUDGING.items()),
    *((slug, rule, ()) for slug, rule in (*STANDING, *LASTING, *DERIVED)),
)
# Told, and never broken: what follows from the record, and an agreement that has no end of its own.
TOLD = frozenset(
    slug for slug in CASES if {rule for one, rule, _ in RULES if one == slug} <= {rule for _, rule in DERIVED}
) | {"until-further-notice"}


@cache
def timeline_of(slug: str, place: int) -> tuple[Case, Timeline]:
    """A case of a provision, and the record with its acts, whatever a ledger would refuse of them."""
    case = CASES[slug][place]
    return case, given(PROPOSED, BASES[case.base], case.acts)
