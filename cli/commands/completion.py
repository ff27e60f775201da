"""`liggare completion SHELL`: the script by which a shell completes what is typed."""

from __future__ import annotations

from contextlib import suppress

import click

from cli.options import language


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.option("--answer", is_flag=True, hidden=True, help="What the script asks: what could stand at COMP_CWORD.")
@language
@click.pass_context
def completion(ctx: click.Context, shell: str, *, answer: bool) -> None:
    """Prints a script that completes what is typed.

    Commands, options, events, the words of lists, and the persons, parties, meetings and groups of the ledger that the
    line names, if it is a file; else of LIGGARE_LEDGER or ./liggare.db. The file is only read. A name that was disposed
    of is never shown.

    \b
    Example:  liggare completion bash > ~/.local/share/bash-completion/completions/liggare
              liggare completion zsh > "${fpath[1]}/_liggare"
              liggare completion fish > ~/.config/fish/completions/liggare.fish
    If the folder is missing, first make it: mkdir -p ~/.local/share/bash-completion/completions
    For this shell alone: source <(liggare completion bash), and in fish: liggare completion fish | source
    """
    from cli.shells import SHELLS

    asked = SHELLS[shell](ctx.find_root().command, {"obj": ctx.obj}, "liggare", "")
    if not answer:
        click.echo(asked.source(), nl=False)
        return
    with suppress(Exception):  # an error message would disturb the command line being typed
        click.echo(asked.complete())
