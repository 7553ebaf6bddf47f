"""Which addresses may be asked: those on the public internet, and hosts that the owner has named."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Collection
from dataclasses import dataclass

import httpx

from bot.errors import FileUnreadable
from bot.translation import gettext

_PORTS = {"http": 80, "https": 443}
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_IPV4_COMPATIBLE = ipaddress.IPv6Network("::/96")
"""Out of use since RFC 4291; a system may still take such a number for the IPv4 address in it."""
_LONGEST_SHOWN = 80
_HIGHEST_PORT = 65535

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True, slots=True)
class Target:
    """An address with the numbers that its host's name stood for when it was checked; only those are connected to."""

    url: httpx.URL
    numbers: tuple[str, ...]


async def check_address(address: str | httpx.URL, allowed_hosts: Collection[str]) -> Target:
    """Look an address up, and make sure that it is public. Raises FileUnreadable, which says what is wrong with it."""
    url = parse_address(address)
    numbers = await _look_up(url)
    if url.host.casefold() not in allowed_hosts:
        for number in numbers:
            if not is_public(ipaddress.ip_address(number.partition("%")[0])):
                raise FileUnreadable(
                    gettext(
                        "{address} was not read: {host} is not a public address.",
                        address=show_address(url),
                        host=url.host,
                    )
                )
    return Target(url, numbers)


def parse_address(address: str | httpx.URL) -> httpx.URL:
    """Return an http or https address, without a name and password in it. Raises FileUnreadable for any other."""
    try:
        url = httpx.URL(address)
        host, port = url.host, url.port or 0
    except (httpx.InvalidURL, ValueError, TypeError, UnicodeError) as error:
        raise FileUnreadable(gettext("{address} is not an address.", address=str(address)[:_LONGEST_SHOWN])) from error
    if port > _HIGHEST_PORT:
        raise FileUnreadable(
            gettext("{address} is not an address: there is no port {port}.", address=show_address(url), port=port)
        )
    if url.scheme not in _PORTS or not host:
        raise FileUnreadable(
            gettext("{address} was not read: I only read http and https addresses.", address=show_address(url))
        )
    return url.copy_with(userinfo=b"")


def is_public(number: IPAddress) -> bool:
    """Tell whether anybody on the internet can reach a number; one that is wrapped in another counts as itself."""
    if isinstance(number, ipaddress.IPv6Address):
        inner = number.ipv4_mapped or number.sixtofour or (number.teredo and number.teredo[1])
        if inner is None and number in _NAT64:
            inner = ipaddress.IPv4Address(int(number) & 0xFFFFFFFF)
        if inner is None and number in _IPV4_COMPATIBLE:
            inner = ipaddress.IPv4Address(int(number))
        if inner:
            return is_public(inner)
        if number.is_site_local:  # out of use since RFC 3879, but routers may still know it
            return False
    return number.is_global and not number.is_multicast


def show_address(url: httpx.URL) -> str:
    """Return an address as it is shown to people: without secrets, not endless."""
    text = str(url.copy_with(userinfo=b""))
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"


async def _look_up(url: httpx.URL) -> tuple[str, ...]:
    port = url.port or _PORTS[url.scheme]
    try:
        found = await asyncio.get_running_loop().getaddrinfo(url.host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise FileUnreadable(
            gettext(
                "{address} can't be read: there is no host called {host}.",
                address=show_address(url),
                host=url.host,
            )
        ) from error
    return tuple(dict.fromkeys(str(place[0]) for *_, place in found))
