"""The JSON Schema of the answer to each question, derived from the answers' types. Nothing here reads a ledger."""

from __future__ import annotations

from inspect import cleandoc
from typing import Any

import msgspec
from msgspec import NODEFAULT, Struct, structs

from presentation.json_documents import (
    ActDocument,
    DeadlineDocument,
    FindingDocument,
    SectionDocument,
    StepDocument,
)
from projections.account import Account
from projections.activities import Activities
from projections.agreement import Agreement
from projections.attendance import Attendance
from projections.costs import Costs, Difference
from projections.council import Council
from projections.deadlines import Deadlines
from projections.diff import Diff
from projections.explain import Explanation
from projections.findings import Findings
from projections.groups import Groups
from projections.history import History
from projections.meetings import Meetings
from projections.officials import Officials
from projections.projects import Projects
from projections.registrars import Registrars
from projections.reports import Reports
from projections.settlement import Settlement

DRAFT = "https://json-schema.org/draft/2020-12/schema"

# Question → (the type of the answer, the fields whose JSON type differs from their type in the answer).
QUESTIONS: dict[str, tuple[type[Struct], dict[str, Any]]] = {
    "agreement": (Agreement, {}),
    "council": (Council, {}),
    "meetings": (Meetings, {}),
    "groups": (Groups, {}),
    "reports": (Reports, {}),
    "costs": (Costs, {}),
    "settlement": (Settlement, {}),
    "officials": (Officials, {}),
    "registrars": (Registrars, {}),
    "activities": (Activities, {}),
    "attendance": (Attendance, {}),
    "projects": (Projects, {}),
    "findings": (Findings, {"findings": tuple[FindingDocument, ...]}),
    "explain": (
        Explanation,
        {
            "says": str | None,
            "enforced": str | None,
            "steps": tuple[StepDocument, ...],
            "findings": tuple[FindingDocument, ...],
        },
    ),
    "deadlines": (Deadlines, {"deadlines": tuple[DeadlineDocument, ...]}),
    "history": (History, {}),
    "diff": (Diff, {"sections": tuple[SectionDocument, ...]}),
    "replay": (ActDocument, {}),  # replay prints a document of this type for each act
}
# Fields that an answer has in JSON only with an option: those in BESIDE with --party, and ASSUMED with --reading.
BESIDE: dict[str, dict[str, Any]] = {"costs": {"statement": Account, "difference": Difference}}
ASSUMED = {"assumed": dict[str, str]}


def schema(question: str) -> dict[str, Any]:
    """Returns the JSON Schema (draft 2020-12) of the JSON answer to a question in QUESTIONS.

    Further fields are allowed, since later versions may add some. Amounts are whole öre, and days are ISO dates.
    """
    answer, replaced = QUESTIONS[question]
    return {"$schema": DRAFT, "title": question, **_schema(answer, replaced, question)}


def _schema(answer: type[Struct], replaced: dict[str, Any], question: str) -> dict[str, Any]:
    required = [
        (one.name, replaced.get(one.name, one.type)) if _is_always_there(answer, one) else
        (one.name, replaced.get(one.name, one.type), one.default)
        for one in structs.fields(answer)
    ]  # fmt: skip
    optional = [(name, of, None) for name, of in {**BESIDE.get(question, {}), **ASSUMED}.items()]
    named = msgspec.defstruct(
        answer.__name__, [*required, *optional], kw_only=True, namespace={"__doc__": answer.__doc__}
    )
    found: dict[str, Any] = msgspec.json.schema(named)
    for name, _, _ in optional:
        found["$defs"][answer.__name__]["properties"][name].pop("default", None)
    for part in found["$defs"].values():
        part["description"] = cleandoc(part["description"])
    return found


def _is_always_there(answer: type[Struct], field: structs.FieldInfo) -> bool:
    """Returns whether JSON always has a field. Only a struct with omit_defaults can leave out a field."""
    has_default = field.default is not NODEFAULT or field.default_factory is not NODEFAULT
    return not (has_default and answer.__struct_config__.omit_defaults)
