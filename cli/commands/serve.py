"""`liggare serve`: the pages."""

from __future__ import annotations

import gc
from ipaddress import ip_address
from secrets import token_urlsafe
from typing import TYPE_CHECKING

import click

from cli.options import everywhere
from cli.printing import print_json, show
from ledger.errors import BadInput, Unusable
from ledger.messages import msg
from ledger.values import quoted

if TYPE_CHECKING:
    from cli.session import Session

PORTS = 65_535


@click.command()
@click.option("--bind", default="127.0.0.1:8700", show_default=True, metavar="ADDRESS:PORT", help="Where to listen.")
@click.option("--open", "opened", is_flag=True, help="Open the pages in the browser.")
@everywhere
@click.pass_obj
def serve(session: Session, /, *, bind: str, opened: bool, location: str, as_json: bool) -> None:
    """Shows the ledger as pages in a browser.

    Every answer has an address, for any day, as known at any moment. The start prints an address that lets one browser
    in, once. Stop with Ctrl-C.

    \b
    Example:  liggare serve
              liggare serve --bind 127.0.0.1:8701 --open
    """
    host, port = _place(bind)
    try:
        import uvicorn

        from web.app import application
    except ModuleNotFoundError as error:
        told = msg("the pages need {module}: pip install 'liggare[web]'", module=str(error.name))
        raise Unusable(told) from None
    gc.enable()  # a command runs without it, since it ends soon
    word = token_urlsafe(24)
    with session.ledger(location) as ledger:
        ledger.timeline()
        address = f"http://{host}:{port}/enter?word={word}"
        if as_json:
            print_json({"ledger": location, "address": address})
        else:
            show(msg("The pages of {ledger}, for one browser: {address}", ledger=location, address=address))
        if opened:
            click.launch(address)
        uvicorn.run(
            application(ledger, word, {f"{host.lower()}:{port}", f"localhost:{port}", f"127.0.0.1:{port}"}),
            host=host.strip("[]"),
            port=port,
            log_level="warning",
            access_log=False,
            server_header=False,
        )


def _place(bind: str) -> tuple[str, int]:
    """Returns the address and the port of --bind. Raises BadInput for anything else, and for an address that others
    can reach.
    """
    host, colon, port = bind.rpartition(":")
    if not colon or not port.isdecimal() or not 0 < int(port) <= PORTS:
        raise BadInput([(None, msg("--bind: {value} is not ADDRESS:PORT, as 127.0.0.1:8700", value=quoted(bind)))])
    try:
        own = host == "localhost" or ip_address(host.strip("[]")).is_loopback
    except ValueError:
        own = False
    if not own:
        what = msg(
            "--bind: {host} can be reached by others; give --public, or --oidc FILE, to serve more than this computer",
            host=quoted(host),
        )
        raise BadInput([(None, what)])
    return host, int(port)
