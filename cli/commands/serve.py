"""`liggare serve`: the pages."""

from __future__ import annotations

import gc
import os
import re
import socket
from contextlib import suppress
from ipaddress import IPv6Address, ip_address, ip_network
from pathlib import Path
from secrets import token_urlsafe
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

import click

from cli.options import everywhere, recorder, sign_with
from cli.printing import print_json, show
from cli.suggestions import files
from ledger.errors import BadInput, Unusable
from ledger.messages import msg, term
from ledger.state.agreement import names_of_parties
from ledger.values import quoted
from presentation.language import LANGUAGES, catalogue

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.types import ASGIApp

    from cli.session import Session
    from ledger.book import Ledger

PORTS = 65_535
PORT = re.compile(r"[0-9]{1,5}", re.ASCII)
HOST = re.compile(r"(?!-)[a-z0-9_-]+(\.[a-z0-9_-]+)*\.?", re.ASCII)  # of small letters, as urlsplit gives it
AT_ONCE = 100  # connections and answers; further ones are told to come again (503)


class Serving(NamedTuple):
    """How the pages are served: to whom, and with which files and addresses beside them, as the options give it."""

    public: bool
    oidc: Path | None
    url: str | None
    sessions: Path | None
    forwarded: str | None

    @property
    def alone(self) -> bool:
        """Whether only whoever started the pages is let in."""
        return not self.public and self.oidc is None


@click.command()
@click.option("--bind", default="127.0.0.1:8700", show_default=True, metavar="ADDRESS:PORT", help="Where to listen.")
@click.option("--public", is_flag=True, help="Let anybody read, without what is withheld from the public.")
@click.option(
    "--oidc",
    type=click.Path(path_type=Path),
    metavar="FILE",
    shell_complete=files,
    help="Let registrars sign in, at the providers of a TOML file (OpenID Connect).",
)
@click.option("--url", metavar="https://HOST", help="With --oidc: the address of the pages, at the proxy.")
@click.option(
    "--sessions",
    type=click.Path(path_type=Path),
    metavar="FILE",
    shell_complete=files,
    help="With --oidc: where sessions and drafts are kept.  [default: the ledger's file with .sessions]",
)
@click.option(
    "--forwarded-allow-ips",
    "forwarded",
    metavar="IPS",
    help="With --oidc or --public: the proxies, whose X-Forwarded-For is believed.  [default: 127.0.0.1]",
)
@click.option("--open", "opened", is_flag=True, help="Open the pages in the browser.")
@sign_with
@recorder
@everywhere
@click.pass_obj
def serve(session: Session, /, *, bind: str, opened: bool, by: str, location: str, as_json: bool, **how: Any) -> None:
    """Shows the ledger as pages in a browser.

    Every answer has an address, for any day, as known at any moment. The start prints an address that lets one browser
    in, once. Whoever is let in records with forms, as --as says. Stop with Ctrl-C.

    With --oidc, registrars sign in with OpenID Connect, and each records as who they are. With --public, anybody may
    read, and sees neither the names of those who never sat in the body, nor words written by hand, nor who recorded.
    Both may listen at any address, and need a proxy in front that gives them TLS.

    \b
    Example:  liggare serve
              liggare serve --bind 127.0.0.1:8701 --open
              liggare serve --bind 0.0.0.0:8700 --public
              liggare serve --oidc providers.toml --url https://liggare.example
    """
    serving = Serving(**how)
    faults = [*_faults(serving, signs=session.sign_with is not None)]
    if faults:
        raise BadInput((None, what) for what in faults)
    host, port = _place(bind, anywhere=not serving.alone)
    try:
        import uvicorn

        import web.app

        if serving.oidc:
            import web.signin.guard  # noqa: F401 - what is missing is told before anything is opened
    except ModuleNotFoundError as error:
        told = msg("the pages need {module}: pip install 'liggare[web]'", module=str(error.name))
        raise Unusable(told) from None
    for language in LANGUAGES:
        catalogue(language)  # a reader asks for either, so that both must be there from the start
    gc.enable()  # a command runs without it, since it ends soon
    word = token_urlsafe(24) if serving.alone else None
    with session.ledger(location) as ledger, _listening(host, port) as listening:
        app = _application(serving, session, ledger, word, (f"{host.lower()}:{port}", by, location))
        address = serving.url or (f"http://{host}:{port}/enter?word={word}" if word else f"http://{host}:{port}/")
        _tell(serving, location, address, as_json=as_json)
        if opened:
            click.launch(address)
        with suppress(KeyboardInterrupt):  # the server has ended its answers by then
            uvicorn.Server(uvicorn.Config(app, **_settings(serving))).run(sockets=[listening])


def _application(
    serving: Serving, session: Session, ledger: Ledger, word: str | None, at: tuple[str, str, str]
) -> ASGIApp:
    """Returns the pages of a ledger; `at` holds the place where they listen, who records, and the ledger's location."""
    from web.app import application

    place, by, location = at
    timeline = ledger.timeline()
    if serving.oidc is not None:
        from ledger.store import beside
        from web.database import at_file
        from web.signin.guard import SignIn
        from web.signin.providers import providers_in

        parties = names_of_parties(timeline, session.today())
        providers = providers_in(serving.oidc, os.environ, parties)
        kept = at_file(serving.sessions or beside(location, ".sessions"))
        return application(ledger, sign_in=SignIn(str(_url(serving.url)), providers, kept))
    if serving.public:
        return application(ledger, public=True)
    recorder_id = by or (timeline.at(1).recorded_by if timeline.head else "secretariat")
    port = place.rpartition(":")[2]
    own = {place, f"localhost:{port}", f"127.0.0.1:{port}"}
    return application(ledger, word, own, by=recorder_id, signing=session.signing(by))


def _settings(serving: Serving) -> dict[str, Any]:
    """Returns the settings of the server."""
    return {
        "log_level": "warning",
        "access_log": False,
        "server_header": False,
        "proxy_headers": not serving.alone,
        "forwarded_allow_ips": serving.forwarded or "127.0.0.1",
        "limit_concurrency": None if serving.alone else AT_ONCE,
    }


def _tell(serving: Serving, location: str, address: str, *, as_json: bool) -> None:
    if as_json:
        print_json({"ledger": location, "address": address})
    elif serving.oidc is not None:
        show(msg("The pages of {ledger}, for whoever signs in: {address}", ledger=location, address=address))
    elif serving.public:
        show(msg("The pages of {ledger}, for anybody: {address}", ledger=location, address=address))
    else:
        show(msg("The pages of {ledger}, for one browser: {address}", ledger=location, address=address))


def _faults(serving: Serving, *, signs: bool) -> Iterator[str]:
    """Yields what is wrong with the options together."""
    if serving.public and serving.oidc:
        yield msg("--public, --oidc: the pages are for anybody, or for whoever signs in; give one of them")
    if serving.oidc and not serving.url:
        yield msg("--oidc: it needs --url https://HOST, the address at which the pages are reached")
    if serving.oidc and serving.url and _url(serving.url) is None:
        yield msg("--url: {value} is not https:// and a host, as https://liggare.example", value=quoted(serving.url))
    if not serving.oidc and serving.url:
        yield msg("--url: it is for --oidc")
    if not serving.oidc and serving.sessions:
        yield msg("--sessions: it is for --oidc")
    if serving.oidc and signs:
        yield msg("--sign-with: with --oidc, each registrar signs with a key of their own")
    if serving.forwarded and serving.alone:
        yield msg("--forwarded-allow-ips: it is for --oidc or --public")
    wrong = [one for one in (serving.forwarded or "").split(",") if one and not _is_network(one.strip())]
    if wrong:
        yield msg("--forwarded-allow-ips: {value} is no address, nor a network as 10.0.0.0/8", value=quoted(wrong[0]))


def _url(given: str | None) -> str | None:
    """Returns the address of the pages, without a path, or None for what is not one of https."""
    try:
        parts = urlsplit(given or "")
        host, port = (parts.hostname or "").encode("idna").decode(), parts.port  # as a browser writes it in Origin
        known = str(IPv6Address(host)) if ":" in host else HOST.fullmatch(host)
    except ValueError:
        return None
    plain = parts.path in {"", "/"} and not (parts.query or parts.fragment or parts.username or parts.password)
    if parts.scheme != "https" or not known or "%" in host or port == 0 or not plain or not str(given).isprintable():
        return None
    written = f"[{known}]" if ":" in host else host
    return f"https://{written}" if port in {None, 443} else f"https://{written}:{port}"


def _is_network(text: str) -> bool:
    try:
        ip_network(text)  # as strictly as uvicorn, which would believe no proxy of 10.0.0.5/8, and not say so
    except ValueError:
        return False
    return True


def _is_name(host: str) -> bool:
    """Returns whether a computer can have a name, as that name is looked up."""
    try:
        host.encode("idna")
    except UnicodeError:
        return False
    return host.isprintable()


def _listening(host: str, port: int) -> socket.socket:
    """Returns a socket that listens at a place. Raises Unusable where none can, as where another program does."""
    try:
        return socket.create_server((host.strip("[]"), port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        why = term("error", str(error.strerror).partition(" (")[0])  # the place follows in brackets
        raise Unusable(msg("{place} cannot be listened at: {error}", place=f"{host}:{port}", error=why)) from None


def _place(bind: str, *, anywhere: bool) -> tuple[str, int]:
    """Returns the address and the port of --bind. Raises BadInput for anything else and, unless they may listen
    `anywhere`, for an address that others can reach.
    """
    host, colon, port = bind.rpartition(":")
    if not colon or not PORT.fullmatch(port) or not 0 < int(port) <= PORTS or not _is_name(host):
        raise BadInput([(None, msg("--bind: {value} is not ADDRESS:PORT, as 127.0.0.1:8700", value=quoted(bind)))])
    try:
        own = host == "localhost" or ip_address(host.strip("[]")).is_loopback
    except ValueError:
        own = False
    if not own and not anywhere:
        what = msg(
            "--bind: {host} can be reached by others; give --public, or --oidc FILE, to serve more than this computer",
            host=quoted(host),
        )
        raise BadInput([(None, what)])
    return host, int(port)
