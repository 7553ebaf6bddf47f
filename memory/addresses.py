"""Where a memory is kept: in a file, or in a database on a server."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

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
    return address
