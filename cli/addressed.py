"""The language of what is written for others than whoever runs the program, such as a paper or a template."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import click
from click.core import ParameterSource

from presentation.language import current, made_in

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")
SWEDISH = "sv"


def in_its_language(made: Callable[[], T]) -> T:
    """Makes something in the language of --lang, and in Swedish without it: whoever gets it reads Swedish. Why it
    cannot be made is said in the language of the run.
    """
    context, asked = click.get_current_context(silent=True), False
    while context and not asked:
        asked = context.get_parameter_source("lang") is ParameterSource.COMMANDLINE
        context = context.parent
    return made_in(current() if asked else SWEDISH, made)
