"""Where a memory is kept: in a file, or in a database on a server."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

_PORTS = 65536
_SERVER = re.compile(r"^(\[[^\]]{0,255}\]|[^\[\]:]{0,255})(?::(.{0,64}))?$")
"""A server's name or address, in brackets where it has colons, and its port."""
SERVER_SCHEMES = ("postgresql", "postgres")
"""How the address of a database on a server begins."""


@dataclass(frozen=True, slots=True)
class StoreAddress:
    """In the SQLite file `path`, or in the database at the address `server`.

    What is kept in files lies in the folder of `path` in either case.
    """

    path: Path
    server: str | None = field(default=None, repr=False)

    def __str__(self) -> str:
        """Return the file, or the address without its password."""
        return str(self.path) if self.server is None else without_password(self.server)


def without_password(address: str) -> str:
    """Return an address that may be shown and logged."""
    parts = urlsplit(address)
    host = parts.netloc.rpartition("@")
    user = host[0].partition(":")[0]
    query = "&".join(each for each in parts.query.split("&") if not each.startswith("password="))
    return urlunsplit(parts._replace(netloc=f"{user}{host[1]}{host[2]}", query=query))


def check_server_address(address: str) -> str:
    """Return the address of a database on a server. Raises ValueError for what is none."""
    if urlsplit(address).scheme not in SERVER_SCHEMES or "://" not in address:
        raise ValueError('write it as "postgresql://user@host/database"; without it the memory is a file')
    for server in urlsplit(address).netloc.rpartition("@")[2].split(","):
        _check_server(server)
    return address


def _check_server(server: str) -> None:
    parts = _SERVER.fullmatch(server)
    name, port = (server, None) if parts is None else parts.groups()
    try:
        name.encode("idna")
    except UnicodeError as error:
        raise ValueError(f'"{name}" can\'t be the name of a server') from error
    if port is not None and not (port.isascii() and port.isdigit() and 0 < int(port) < _PORTS):
        raise ValueError(f'"{port}" is no port; write the server as "host" or "host:5432"')
