"""Lists all cases by provision, and all rules with the events that they judge."""

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
# JUDGING joins all rows of a rule, because a rule may have several rows with different events.
JUDGING: dict[tuple[str, Rule], tuple[type[Event], ...]] = {}
for _slug, _rule, _events in chain(*ROWS.values()):
    JUDGING[_slug, _rule] = (*JUDGING.get((_slug, _rule), ()), *_events)
RULES = (
    *((slug, rule, events) for (slug, rule), events in JUDGING.items()),
    *((slug, rule, ()) for slug, rule in (*STANDING, *LASTING, *DERIVED)),
)
# TOLD holds the provisions that are shown but can never be broken: provisions that have only derived rules, and
# until-further-notice.
TOLD = frozenset(
    slug for slug in CASES if {rule for one, rule, _ in RULES if one == slug} <= {rule for _, rule in DERIVED}
) | {"until-further-notice"}


@cache
def timeline_of(slug: str, place: int) -> tuple[Case, Timeline]:
    """Returns a case of a provision, and a timeline with the acts of the case. Acts that a ledger would refuse are in
    the timeline too.
    """
    case = CASES[slug][place]
    return case, given(PROPOSED, BASES[case.base], case.acts)
