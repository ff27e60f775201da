"""A proxy between a client and a PostgreSQL server that cuts the connection at a given message of the client."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
import time
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Iterator

SETTLES_S = 0.05  # The server has run the last message that it got after so many seconds, or soon will have.


class Proxy:
    """Passes on everything, until it is told to `cut`. Then it drops the connection at a message of the client."""

    def __init__(self, port: int) -> None:
        self._server = port
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        self._left = 0
        self._passes = False
        self._silent = False
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._listening.close()

    def cut(self, message: int, *, passes: bool) -> None:
        """Cuts the connection at the client's next message of this number. If `passes` is true, the message reaches the
        server, but the server's answer does not reach the client.
        """
        self._left, self._passes, self._silent = message, passes, False

    def stop(self) -> bool:
        """Cuts no more. Returns whether the connection was cut."""
        cut, self._left, self._silent = self._left == 0, 0, False
        return cut

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listening.accept()
                server = socket.create_connection(("127.0.0.1", self._server))
                for one in (client, server):  # Else the kernel holds each small message back for some 40 ms.
                    one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                for work in (self._ask, self._answer):
                    threading.Thread(target=work, args=(client, server), daemon=True).start()

    def _ask(self, client: socket.socket, server: socket.socket) -> None:
        with client, server, contextlib.suppress(OSError):
            for message in messages(client):
                if self._left == 1:
                    self._left = 0
                    if self._passes:
                        self._silent = True
                        server.sendall(message)
                    time.sleep(SETTLES_S)
                    break
                self._left = max(self._left - 1, 0)
                server.sendall(message)
            for one in (client, server):
                one.shutdown(socket.SHUT_RDWR)

    def _answer(self, client: socket.socket, server: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while said := server.recv(65_536):
                if not self._silent:
                    client.sendall(said)
            client.shutdown(socket.SHUT_WR)


def messages(client: socket.socket) -> Iterator[bytes]:
    """Yields each message of a client, the first of which begins without a type (PostgreSQL's protocol 3.0)."""
    held, begins = b"", 0
    while True:
        while len(held) >= begins + 4 and len(held) >= (end := begins + struct.unpack_from("!I", held, begins)[0]):
            yield held[:end]
            held, begins = held[end:], 1
        more = client.recv(65_536)
        if not more:
            return
        held += more
