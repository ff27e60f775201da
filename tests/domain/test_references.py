"""Every person or thing that an event names must be in the ledger, whatever the day of its entry, and no two things may
have the same id.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given as examples
from hypothesis import settings
from hypothesis import strategies as st

from ledger.encoding import plain
from ledger.events.shape import Shape, mentions
from ledger.rules.judge import forbidden
from ledger.rules.reference import DEFINES, _references
from tests.acts import (
    MALARBYN,
    act,
    adopted,
    annulled,
    called,
    disposed,
    fixed,
    held,
    in_force,
    proposed,
    registered,
    seated,
)
from tests.domain.examples import EXAMPLES, UNKNOWN, example
from tests.domain.strategies import events
from tests.given import after, entries, given, reasons, recorded, refused, sentence, verdicts
from tests.given_working import created, handled

if TYPE_CHECKING:
    from ledger.events import Event

FIRST = in_force("2023-01-01")  # `FIRST` is recorded as entries 1 to 12


def unknown(*acts: Event) -> list[str]:
    """Returns the missing person or thing of each broken reference in the last act, as the finding's sentence names
    it.
    """
    timeline = recorded(*acts)
    names = {" is not in the ledger": "", " is not a party to the agreement": "", "there is no entry ": "", " yet": ""}
    told = []
    for finding in forbidden(timeline.entries[-1], timeline):
        text = sentence(finding)
        if finding.provision == "reference" and any(name in text for name in names):
            for name in names:
                text = text.replace(name, "")
            told.append(text)
    return told


@pytest.mark.parametrize("name", EXAMPLES)
def test_whatever_is_not_in_the_ledger_is_reported_once_and_all_of_it(name: str) -> None:
    assert unknown(example(name)) == UNKNOWN[name]


def test_what_is_in_the_ledger_is_found_whatever_its_day_and_position() -> None:
    timeline = recorded(
        seated("p1", "sala", "executive-chair", "2023-01-01"), registered("p1", on="2099-01-01"), FIRST,
    )  # fmt: skip

    assert forbidden(timeline.entries[0], timeline) == []


def test_references_inside_one_append_may_stand_in_any_order() -> None:
    acts = [
        act("recommendation-answered", "2024-05-01", recommendation="r1", party="sala", answer="accepted"),
        act("recommendation-made", "2024-02-01", recommendation="r1", meeting="m1", item=1, text="x",
            addressees=["sala"], consensus=True),
        held("m1", "2024-02-01"),
        seated("region-1", "region", "board-chair", "2023-01-01"),
        seated("sala-1", "sala", "executive-chair", "2023-01-01"),
        registered("sala-1"),
        registered("region-1"),
    ]  # fmt: skip

    for order in (acts, acts[::-1]):
        assert refused(recorded(FIRST), *order) == []


def test_a_party_of_any_version_is_known_and_a_region_is_no_municipality() -> None:
    timeline = given(FIRST, proposed(2, "2030-01-01", terms=MALARBYN, on="2025-01-01"))

    def published(party: str) -> Event:
        return act("population-published", "2025-02-20", counted_on="2024-12-31", figures={party: 1})

    assert refused(timeline, published("pahittsta")) == refused(timeline, published("sala")) == []
    assert reasons(timeline, published("byaregionen")) == ["reference: byaregionen is not a municipality"]
    assert reasons(timeline, published("stockholm")) == ["reference: stockholm is not a party to the agreement"]


def test_a_group_recommends_to_the_body_too() -> None:
    timeline = given(FIRST, act("group-created", "2024-01-01", group="g1", name="G", kind="standing"))
    to_body = act(
        "group-recommended", "2024-05-01", group="g1", recommendation="r1", text="x", addressees=["body", "nowhere"]
    )

    assert reasons(timeline, to_body) == ["reference: nowhere is not a party to the agreement"]


def test_a_proposal_may_be_prepared_for_a_meeting_to_come() -> None:
    assert refused(given(FIRST), act("proposal-prepared", "2024-01-01", meeting="m9", item=1)) == []


@pytest.mark.parametrize(
    "event",
    [
        proposed(),
        act("meeting-requested", "2024-01-01", request="r1", by=["p1"], matter="x"),
        called("m1", "2024-01-01", "2024-02-01", by="p1"),
        held("m2", "2024-02-01", chaired_by="p1", adjuster="p1", present=["p1"]),
        act("recommendation-made", "2024-02-01", recommendation="rek", meeting="m1", item=1, text="x",
            addressees=["sala"], consensus=True),
        act("group-created", "2024-01-01", group="g1", name="G", kind="standing"),
        act("group-recommended", "2024-01-01", group="g1", recommendation="rek2", text="x", addressees=["sala"]),
        act("project-started", "2024-01-01", project="pr", title="P"),
        act("commitment-made", "2024-01-01", commitment="c", description="x", amount=1, since="2024-01-01",
            until="2025-01-01"),
    ],
    ids=lambda event: event.event_name,
)  # fmt: skip
def test_an_id_is_given_once(event: Event) -> None:
    group = act("group-created", "2024-01-01", group="g1", name="G", kind="standing")
    others = [one for one in (held("m1", "2024-02-01"), group) if type(one) is not type(event)]
    timeline = given(event, others)

    [reason] = reasons(timeline, event)
    assert reason.startswith("reference: ")
    assert reason.endswith("is already in the ledger, by entry 1; choose another id")
    assert [one.entries for one in _found(timeline, event)] == [(timeline.head + 1, 1)]


def _found(timeline: Any, event: Event) -> Any:
    whole = timeline.extended(entries(event, first=timeline.head + 1))
    return forbidden(whole.entries[-1], whole)


def test_of_two_in_one_append_the_second_is_reported() -> None:
    group = act("group-created", "2024-01-01", group="g1", name="G", kind="standing")
    earlier = act("group-created", "2023-01-01", group="g1", name="G", kind="standing")

    assert reasons(given(FIRST), group, earlier) == [
        "reference: group g1 is already in the ledger, by entry 13; choose another id"
    ]


def test_a_meeting_is_called_and_held_under_one_id_in_either_order() -> None:
    call, meeting = called("m1", "2024-01-01", "2024-02-01", by="region-1"), held("m1", "2024-02-01")

    assert refused(given(FIRST, call), meeting) == refused(given(FIRST, meeting), call) == []


def test_a_groups_recommendation_and_the_bodys_have_ids_of_their_own() -> None:
    """An answer to a recommendation names only the recommendation's id, so a group and the body must not use the same
    id.
    """
    timeline = given(
        FIRST, held("m1", "2024-02-01"), act("group-created", "2024-01-01", group="g1", name="G", kind="standing"),
        act("group-recommended", "2024-01-01", group="g1", recommendation="rek", text="x", addressees=["sala"]),
    )  # fmt: skip
    made = act("recommendation-made", "2024-02-01", recommendation="rek", meeting="m1", item=1, text="x",
               addressees=["sala"], consensus=True)  # fmt: skip

    assert reasons(timeline, made) == [
        "reference: recommendation rek is already in the ledger, by entry 15; choose another id"
    ]


def test_a_person_may_be_registered_again_under_a_new_name() -> None:
    assert refused(given(FIRST, registered("p1")), registered("p1", on="2024-01-01", name="Nytt Påhitt")) == []


def test_an_entry_named_stands_before_the_one_that_names_it() -> None:
    def appeal(entry: int) -> Event:
        return act("appeal-lodged", "2024-01-01", organ="court", entry=entry, court="Förvaltningsrätten")

    timeline = given(FIRST)
    assert refused(timeline, appeal(12)) == []
    assert reasons(timeline, appeal(13)) == ["reference: there is no entry 13 yet"]
    assert refused(timeline, appeal(14), adopted("2024-01-01", version=1, by=())) == ["reference"]


def test_only_known_persons_are_disposed_of() -> None:
    assert refused(recorded(FIRST, registered("p1")), disposed("p1")) == []
    timeline = recorded(FIRST)
    whole = timeline.extended(entries(disposed("p1"), first=13))
    assert [sentence(one) for one in forbidden(whole.entries[-1], whole)] == ["person p1 is not in the ledger"]
    assert after(timeline, disposed("p1")).head == 14


ENDING = {  # kind of thing → the act that begins the thing on 2024-04-01, and the event that ends the thing
    "group": (created("x", "2024-04-01"), "group-closed"),
    "project": (act("project-started", "2024-04-01", project="x", title="X"), "project-ended"),
    "commitment": (
        act("commitment-made", "2024-04-01", commitment="x", description="X", amount=1, since="2024-04-01",
            until="2025-04-01"),
        "commitment-released",
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", ENDING)
def test_what_began_ends_after_that_and_once(kind: str) -> None:
    began, event = ENDING[kind]

    def ended(on: str) -> Event:
        return act(event, on, **{kind: "x"})

    timeline = given(FIRST, began)
    for day in ("2024-03-15", "2024-04-01"):
        assert reasons(timeline, ended(day)) == [
            f"reference: {kind} x exists from 2024-04-01, so it cannot end on {day}"
        ]
    assert refused(timeline, ended("2024-04-02")) == []
    over = after(timeline, ended("2024-05-01"))
    for day in ("2024-04-15", "2024-06-01"):
        assert reasons(over, ended(day)) == [
            (
                f"reference: {kind} x ended on 2024-05-01, by entry 14; annul that, and record the "
                f"right day with the annulment"
            )
        ]
    assert refused(over, annulled(14), ended("2024-06-01")) == []
    assert refused(over, annulled(13), act(began.event_name, "2024-06-01", **plain_of(began))) == ["reference"]


def plain_of(event: Event) -> dict[str, Any]:
    return {name: value for name, value in plain(event).items() if name not in {"valid_on", "source"}}


@pytest.mark.parametrize(
    "act_",
    [act("appeal-lodged", "2024-01-01", organ="court", entry=99, court="Förvaltningsrätten"),
     handled("m9", "2024-01-01", 1, "decided"), fixed("2024-01-01", "2024-02-01", version=9)],
)  # fmt: skip
def test_what_refers_to_nothing_is_refused_for_that_alone(act_: Event) -> None:
    timeline = given(in_force("2023-01-01"), act_)

    assert verdicts(timeline, 13) == [("breach", "reference")]


@pytest.mark.parametrize("name", EXAMPLES)
@settings(max_examples=20)
@examples(data=st.data())
def test_each_id_that_must_be_there_is_asked_about_once(name: str, data: st.DataObject) -> None:
    event = data.draw(events(name))
    own = DEFINES.get(type(event))
    mentioned: dict[tuple[str, str | int], Shape] = {}
    for one in mentions(event):
        if not one.shape.weak and one.field != own:
            mentioned.setdefault((one.shape.tag, one.id), one.shape)

    assert [(shape.tag, given, shape) for shape, given in _references(event)] == [
        (*named, shape) for named, shape in mentioned.items()
    ]
