"""Lists cases of the provisions in sections 3, 4 and 6: collaboration groups, other forms of cooperation, officials."""

from __future__ import annotations

from tests.acts import called
from tests.given_officials import activity, left_office, proposal, took
from tests.given_working import advised, assigned, closed, created, meeting, recommended, relieved, reported
from tests.provisions.case import Case, advises, breaks, nothing, open_, passes

HELD = meeting("m1", "2024-05-02")
GROUP = created("g", "2024-01-01")
OFFICERS = [assigned("g", "2024-01-01", "p1"), assigned("g", "2024-01-01", "p2", "sala")]
RETIRED = left_office("d-sala", "municipal-director", "2024-05-01", "sala")

CASES: dict[str, tuple[Case, ...]] = {
    "groups-set-up-by-body": (
        passes("decided at a meeting that was held", "2024-05-02", HELD, created("g", "2024-05-02", meeting="m1"),
               line=True),
        breaks("at a meeting that was not held", "2024-05-02", HELD[:1], created("g", "2024-05-02", meeting="m1"),
               line=True, says="which has not been held"),
        breaks("closed at a meeting that was not held", "2024-06-03", HELD, created("g", "2024-05-02", meeting="m1"),
               called("m2", "2024-05-10", "2024-06-03"), closed("g", "2024-06-03", meeting="m2"),
               says="was closed at m2"),
        open_("no meeting is given", "2024-05-02", created("g", "2024-05-02")),
    ),
    "group-terms": (
        passes("with assignment, composition and working forms", "2024-01-01", GROUP),
        breaks("without one of them", "2024-01-01", created("g", "2024-01-01", working_forms=None), line=True,
               says="without working forms"),
    ),
    "group-reports": (
        passes("received on the last day", "2024-07-01", GROUP, reported("g", "2024H1", "2024-06-30"), line=True,
               about="group:g/2024H1"),
        breaks("received the day after", "2024-07-01", GROUP, reported("g", "2024H1", "2024-07-01"), line=True,
               about="group:g/2024H1", says="days late: 1"),
        nothing("not received on the last day", "2024-06-30", GROUP, line=True, about="group:g/2024H1"),
        breaks("not received the day after", "2024-07-01", GROUP, line=True, about="group:g/2024H1"),
        breaks("a group of half of a leap year's half", "2024-07-01", created("g", "2024-04-01"), line=True,
               about="group:g/2024H1"),
        nothing("a group of a day less", "2024-07-01", created("g", "2024-04-02"), line=True, about="group:g/2024H1"),
        breaks("a group of half of another year's half", "2023-07-01", created("g", "2023-04-01"), line=True,
               about="group:g/2023H1"),
    ),
    "group-recommendations": (
        nothing("the day before", "2024-05-01", GROUP, advised("g", "2024-05-02", "r1"), line=True),
        passes("left to the body", "2024-05-02", GROUP, advised("g", "2024-05-02", "r1"), line=True,
               says="g left r1 to body"),
        passes("left to deciding organs", "2024-05-02", GROUP, advised("g", "2024-05-02", "r1", to=["sala", "region"]),
               says="to sala, region"),
    ),
    "other-forms": (
        nothing("the day before", "2024-05-01", activity("2024-05-02"), line=True),
        passes("a theme day", "2024-05-02", activity("2024-05-02"), line=True, says="theme-day held by region, sala"),
        passes("a seminar", "2024-05-02", activity("2024-05-02", kind="seminar"), says="seminar held by"),
    ),
    "management-group": (
        passes("every office has a holder", "2024-05-01"),
        passes("left and taken on one day", "2024-05-01", RETIRED,
               took("p1", "municipal-director", "2024-05-01", "sala"), line=True),
        passes("the last day in the office", "2024-04-30", RETIRED, line=True),
        breaks("the first day without", "2024-05-01", RETIRED, line=True, says="the municipal-director of sala"),
    ),
    "well-prepared": (
        passes("prepared on the day of the meeting", "2024-05-02", HELD, recommended("r1", "m1", "2024-05-02"),
               proposal("m1", "2024-05-02"), line=True),
        advises("prepared the day after", "2024-05-03", HELD, recommended("r1", "m1", "2024-05-02"),
                proposal("m1", "2024-05-03"), line=True),
        advises("another item was prepared", "2024-05-02", HELD, recommended("r1", "m1", "2024-05-02"),
                proposal("m1", "2024-04-01", item=2)),
    ),
    "group-officers": (
        passes("one of the Region and one municipal", "2024-01-01", GROUP, OFFICERS),
        breaks("none of a municipality", "2024-01-01", GROUP, OFFICERS[:1], says="no official of a municipality"),
        breaks("none of the Region", "2024-01-01", GROUP, OFFICERS[1:], says="no official of the Region"),
        passes("the last day before one is relieved", "2024-04-30", GROUP, OFFICERS, relieved("g", "2024-05-01", "p2"),
               line=True),
        breaks("the first day after", "2024-05-01", GROUP, OFFICERS, relieved("g", "2024-05-01", "p2"), line=True),
        nothing("a group that is closed", "2024-05-01", GROUP, closed("g", "2024-05-01"), line=True),
    ),
}  # fmt: skip
