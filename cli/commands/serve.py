"""`liggare serve`: the pages."""

from __future__ import annotations

import gc
import socket
from contextlib import suppress
from ipaddress import ip_address
from secrets import token_urlsafe
from typing import TYPE_CHECKING

import click

from cli.options import everywhere, recorder, sign_with
from cli.printing import print_json, show
from ledger.errors import BadInput, Unusable
from ledger.messages import msg, term
from ledger.values import quoted
from presentation.language import LANGUAGES, catalogue

if TYPE_CHECKING:
    from cli.session import Session

PORTS = 65_535
AT_ONCE = 100  # connections and answers; further ones are told to come again (503)


@click.command()
@click.option("--bind", default="127.0.0.1:8700", show_default=True, metavar="ADDRESS:PORT", help="Where to listen.")
@click.option("--public", is_flag=True, help="Let anybody read, without what is withheld from the public.")
@click.option("--open", "opened", is_flag=True, help="Open the pages in the browser.")
@sign_with
@recorder
@everywhere
@click.pass_obj
def serve(session: Session, /, *, bind: str, public: bool, opened: bool, by: str, location: str, as_json: bool) -> None:
    """Shows the ledger as pages in a browser.

    Every answer has an address, for any day, as known at any moment. The start prints an address that lets one browser
    in, once. Whoever is let in records with forms, as --as says. Stop with Ctrl-C.

    With --public, anybody may read, at any address to listen at, and sees neither the names of those who never sat in
    the body, nor words written by hand, nor who recorded. A proxy in front of it gives it TLS.

    \b
    Example:  liggare serve
              liggare serve --bind 127.0.0.1:8701 --open
              liggare serve --bind 0.0.0.0:8700 --public
    """
    host, port = _place(bind, public=public)
    try:
        import uvicorn

        from web.app import application
    except ModuleNotFoundError as error:
        told = msg("the pages need {module}: pip install 'liggare[web]'", module=str(error.name))
        raise Unusable(told) from None
    for language in LANGUAGES:
        catalogue(language)  # a reader asks for either, so that both must be there from the start
    gc.enable()  # a command runs without it, since it ends soon
    word = None if public else token_urlsafe(24)
    with session.ledger(location) as ledger, _listening(host, port) as listening:
        head = ledger.timeline().head
        recorder_id = "" if public else by or (ledger.timeline().at(1).recorded_by if head else "secretariat")
        address = f"http://{host}:{port}/" if public else f"http://{host}:{port}/enter?word={word}"
        if as_json:
            print_json({"ledger": location, "address": address})
        elif public:
            show(msg("The pages of {ledger}, for anybody: {address}", ledger=location, address=address))
        else:
            show(msg("The pages of {ledger}, for one browser: {address}", ledger=location, address=address))
        if opened:
            click.launch(address)
        own = {f"{host.lower()}:{port}", f"localhost:{port}", f"127.0.0.1:{port}"}
        settings = uvicorn.Config(
            application(
                ledger, word, () if public else own, public=public, by=recorder_id, signing=session.signing(by)
            ),
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=public,
            limit_concurrency=AT_ONCE if public else None,
        )
        with suppress(KeyboardInterrupt):  # the server has ended its answers by then
            uvicorn.Server(settings).run(sockets=[listening])


def _listening(host: str, port: int) -> socket.socket:
    """Returns a socket that listens at a place. Raises Unusable where none can, as where another program does."""
    try:
        return socket.create_server((host.strip("[]"), port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        why = term("error", str(error.strerror).partition(" (")[0])  # the place follows in brackets
        raise Unusable(msg("{place} cannot be listened at: {error}", place=f"{host}:{port}", error=why)) from None


def _place(bind: str, *, public: bool) -> tuple[str, int]:
    """Returns the address and the port of --bind. Raises BadInput for anything else and, unless the pages are `public`,
    for an address that others can reach.
    """
    host, colon, port = bind.rpartition(":")
    if not colon or not port.isdecimal() or not 0 < int(port) <= PORTS:
        raise BadInput([(None, msg("--bind: {value} is not ADDRESS:PORT, as 127.0.0.1:8700", value=quoted(bind)))])
    try:
        own = host == "localhost" or ip_address(host.strip("[]")).is_loopback
    except ValueError:
        own = False
    if not own and not public:
        what = msg(
            "--bind: {host} can be reached by others; give --public, or --oidc FILE, to serve more than this computer",
            host=quoted(host),
        )
        raise BadInput([(None, what)])
    return host, int(port)
