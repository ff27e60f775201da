"""Each answer with --json has exactly the fields of its schema, and each field has the type that the schema gives."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from presentation.schemas import QUESTIONS
from tests.desk import Desk, at_a_desk, questions

if TYPE_CHECKING:
    from collections.abc import Iterator

ASKED: dict[str, list[tuple[str, ...]]] = {
    "agreement": [(), ("--on", "2023-01-20"), ("--on", "2025-12-31"), ("--reading", "late-adoption=start-day")],
    "council": [("--on", "2025-06-01"), ("--on", "2022-01-01"), ("--on", "2023-10-02", "--known-at", "@100")],
    "meetings": [("2024", "--on", "2024-12-31"), ("2025", "--on", "2026-01-31"), ("2030",)],
    "groups": [("--on", "2025-03-01")],
    "reports": [("2024H2", "--on", "2025-03-01"), ("2025H1", "--on", "2025-03-01")],
    "costs": [
        ("2025", "--on", "2025-09-01"),
        ("2026", "--reading", "population-day=1-nov"),
        ("2025", "--party", "norberg"),
        ("2031",),
    ],
    "settlement": [("--on", "2026-03-01"), ("--on", "2024-01-01"), ("--if-withdraws", "sala", "--on", "2025-06-30")],
    "officials": [("--on", "2025-03-01")],
    "registrars": [("--on", "2025-03-01")],
    "activities": [("--on", "2025-12-31")],
    "attendance": [("2024H2", "--on", "2025-01-01")],
    "projects": [("--on", "2025-06-30")],
    "findings": [("--all", "--on", "2025-04-07"), ("--on", "2026-01-31")],
    "explain": [
        ("notice", "--on", "2025-04-07"),
        ("indexation",),
        ("quorum",),
        ("group-reports", "--on", "2025-12-31"),
    ],
    "deadlines": [("--on", "2025-04-07"), ("--on", "2023-06-01")],
    "history": [(), ("--event", "entry-annulled")],
    "diff": [("--known-at", "@0..now"), ("--on", "2024-01-01..2025-12-31")],
    "replay": [("--on", "2025-12-31"), ("--from", "@95", "--reading", "late-adoption=start-day")],
}


@pytest.fixture(scope="module")
def played(demo: Desk, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with at_a_desk(tmp_path_factory.mktemp("played")) as desk:
        yield desk.goes_on(demo).began("2030-01-01")


def closed(schema: Any) -> Any:
    """Returns a copy of a schema that forbids all fields that the schema does not name."""
    if isinstance(schema, list):
        return [closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    inside = {name: closed(value) for name, value in schema.items()}
    return {"additionalProperties": False, **inside} if "properties" in schema else inside


def faults(question: str, document: Any, schema: Any) -> list[str]:
    check = Draft202012Validator(closed(schema), format_checker=FormatChecker())
    return [f"{question} {one.json_path}: {one.message[:300]}" for one in check.iter_errors(document)]


@pytest.mark.parametrize(("question", "args"), [(one, args) for one, every in ASKED.items() for args in every])
def test_an_answer_has_the_fields_and_types_of_its_schema(played: Desk, question: str, args: tuple[str, ...]) -> None:
    schema = json.loads(played.does("schema", question).out)
    answered = played(question, *args, "--json").out.splitlines()

    assert answered
    assert [fault for line in answered for fault in faults(question, json.loads(line), schema)] == []


def test_every_question_has_a_schema_and_is_asked_here() -> None:
    assert QUESTIONS.keys() == questions() == ASKED.keys()


def test_a_field_that_no_schema_names_and_one_that_is_missing_are_faults(played: Desk) -> None:
    schema, answer = played.asks("schema", "groups"), played.asks("groups")
    del answer["known_at"]

    found = faults("groups", answer | {"more": 1, "on": "2025-02-30"}, schema)

    assert [fault.partition(":")[0] for fault in found] == ["groups $", "groups $.on", "groups $"]


def test_schemas_are_listed_and_a_wrong_name_is_refused(played: Desk) -> None:
    assert played.asks("schema")["questions"] == list(QUESTIONS)
    assert "  council\n" in played.does("schema").out

    refused = played("schema", "counsil")
    assert (refused.code, refused.errors) == (2, ["there is no question 'counsil'; did you mean council?"])
    assert played("schema", "budget").errors == ["there is no question 'budget'; `liggare schema` lists the questions"]
