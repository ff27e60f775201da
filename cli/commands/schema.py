"""`liggare schema QUESTION`: the JSON Schema of a question's answer."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

import click

from cli.options import answering
from cli.printing import print_json, show
from cli.suggestions import questions
from ledger.errors import BadInput
from ledger.messages import msg
from ledger.values import quoted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from presentation.blocks import Part


@click.command()
@click.argument("question", metavar="QUESTION", required=False, shell_complete=questions)
@answering
def schema(question: str | None, *, as_json: bool) -> None:
    """The JSON Schema of a question's answer.

    Describes what the question prints with --json, or for replay each line of it. Later versions may add fields, but
    never rename or drop one. Without QUESTION, lists the questions.

    \b
    Example:  liggare schema council > council.schema.json
    """
    from presentation.schemas import QUESTIONS, schema

    if question is None:
        if as_json:
            print_json({"questions": list(QUESTIONS)})
        else:
            show(*_listed(QUESTIONS))
    elif question in QUESTIONS:
        print_json(schema(question), indented=not as_json)
    else:
        raise BadInput([(None, _no_question(question, QUESTIONS))])


def _no_question(asked: str, questions: Iterable[str]) -> str:
    for near in get_close_matches(asked, questions, 1):
        return msg("there is no question {value}; did you mean {near}?", value=quoted(asked), near=near)
    return msg("there is no question {value}; `liggare schema` lists the questions", value=quoted(asked))


def _listed(questions: Iterable[str]) -> list[Part]:
    return [msg("The questions whose answers have a schema:"), *(f"  {one}" for one in questions)]
