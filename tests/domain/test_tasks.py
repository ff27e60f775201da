"""Tests the topics that the body must prepare in each term of office (2.1)."""

from __future__ import annotations

from msgspec import structs

from tests.acts import ALL, TERMS, adopted, called, held, in_force, proposed, withdrew
from tests.given import breaches, given, sentence, told
from tests.given_working import cancelled, meeting

FIRST = in_force("2023-03-01")


def about(*topics: str, kind: str = "information") -> list[dict[str, object]]:
    return [{"number": place, "title": "Ett", "kind": kind, "topic": topic} for place, topic in enumerate(topics, 1)]


def verdicts(on: str, *acts: object, topic: str = "culture-plan") -> list[tuple[str, str]]:
    found = told(given(FIRST, *acts), on, "mandatory-topics")  # type: ignore[arg-type]
    return [(one.subject, one.verdict) for one in found if one.values["topic"] == topic]


def test_a_topic_on_no_agenda_is_not_yet_wrong_until_the_term_is_over() -> None:
    assert verdicts("2026-12-31") == [("term:2023", "pass")]
    assert verdicts("2027-01-01") == [("term:2023", "breach"), ("term:2027", "pass")]
    assert "has not yet stood" in sentence(told(given(FIRST), "2024-01-01", "mandatory-topics")[0])


def test_it_is_advisory_and_since_the_first_day_after_the_term() -> None:
    found = [one for one in told(given(FIRST), "2028-01-01", "mandatory-topics") if one.verdict == "breach"]

    assert len(found) == 6
    assert {(one.advisory, str(one.since), one.section) for one in found} == {(True, "2027-01-01", "2.1")}
    assert breaches(given(FIRST), "2028-01-01", "mandatory-topics")[2][1] == (
        "culture-plan stood on no held meeting's agenda in the term from 2023-01-01 to 2026-12-31"
    )


def test_an_item_of_any_kind_counts_at_a_meeting_held_in_the_term() -> None:
    for kind in ("information", "recommendation", "election", "procedure"):
        once = meeting("m1", "2024-05-02", agenda=about("culture-plan", kind=kind))
        assert verdicts("2027-01-01", once)[0] == ("term:2023", "pass")


def test_the_first_and_the_last_day_of_a_term_are_in_it() -> None:
    for on, verdict in (("2026-12-31", "pass"), ("2027-01-01", "breach")):
        assert verdicts("2027-02-01", meeting("m1", on, agenda=about("culture-plan")))[0][1] == verdict
    before = [meeting("m1", "2023-01-01", agenda=about("culture-plan"))]
    assert verdicts("2027-02-01", before)[0] == ("term:2023", "pass"), (
        "in the term, though before the first day in force"
    )


def test_a_meeting_that_was_not_held_does_not_count() -> None:
    call = called("m1", "2024-04-01", "2024-05-02", agenda=about("culture-plan"))

    assert verdicts("2027-01-01", call)[0][1] == "breach"
    assert verdicts("2027-01-01", call, cancelled("m1", "2024-04-20"))[0][1] == "breach"


def test_the_agenda_as_adopted_counts() -> None:
    call = called("m1", "2024-04-01", "2024-05-02", agenda=about("culture-plan"))

    assert verdicts("2027-01-01", call, held("m1", "2024-05-02"))[0][1] == "pass", (
        "the notice's, if no other was adopted"
    )
    assert verdicts("2027-01-01", call, held("m1", "2024-05-02", agenda=about("local-care")))[0][1] == "breach"


def test_a_meeting_on_a_loose_day_around_the_terms_end_leaves_it_open() -> None:
    agenda = about("culture-plan")
    loose = [called("m1", "2026-11-01", "2026-12-20", agenda=agenda), held("m1", "2026-12-20/2027-01-10")]

    assert verdicts("2027-02-01", loose)[0] == ("term:2023", "cannot-tell")


def test_a_topic_that_is_left_open_takes_no_pass_from_another() -> None:
    acts = [
        called("m1", "2026-11-01", "2026-12-20", agenda=about("culture-plan")),
        held("m1", "2026-12-20/2027-01-10"),
        meeting("m2", "2024-05-02", agenda=about("local-care")),
    ]

    assert verdicts("2027-02-01", *acts)[0] == ("term:2023", "cannot-tell")
    assert verdicts("2027-02-01", *acts, topic="local-care")[0] == ("term:2023", "pass")


def test_a_term_that_the_agreement_did_not_outlast_is_not_judged() -> None:
    ended = withdrew("2025-03-01", "sala", ends_on="2025-06-01")

    assert verdicts("2025-05-31", ended) == [("term:2023", "pass")]
    assert verdicts("2028-01-01", ended) == [("term:2023", "silent")]
    just = withdrew("2025-03-01", "sala", ends_on="2027-01-01")
    assert verdicts("2028-01-01", just) == [("term:2023", "breach")], "the whole term had passed"


def test_the_topics_are_those_of_the_terms_in_force_at_the_terms_end() -> None:
    one = structs.replace(TERMS, topics=("eu-matters",))
    acts = [proposed(2, "2025-01-01", on="2024-06-01", terms=one), *adopted("2024-09-01", version=2, by=ALL)]

    assert verdicts("2027-01-01", acts) == []
    assert verdicts("2024-12-31", acts) == [("term:2023", "pass")]
    assert verdicts("2027-01-01", acts, topic="eu-matters")[0] == ("term:2023", "breach")
