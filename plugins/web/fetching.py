"""Gets a file from the web, within limits of size and time; each redirection is checked like the first address."""

from __future__ import annotations

import asyncio
import re
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import unquote

import httpx

from bot.errors import FileUnreadable
from bot.reading import IncomingFile, safe_name
from bot.translation import gettext
from plugins.web.addresses import Target, check_address, parse_address, show_address
from plugins.web.inflating import inflate
from plugins.web.unpacking import Coding

ARTICLE = "application/x-web-article"
"""The media type under which web pages are handed to their reader."""

_PAGES = ("text/html", "application/xhtml+xml")
_HEADERS = {
    "User-Agent": "Scrubjay (reads single pages that people ask for)",
    "Accept": "text/html,application/xhtml+xml,application/pdf;q=0.9,*/*;q=0.8",
    "Accept-Encoding": "gzip, deflate",
}
_MOST_HOPS = 8
_SECONDS_TO_ANSWER = 20
_MEGABYTE = 1 << 20
_NAMED = re.compile(r"""filename\*?=(?:UTF-8'')?"?([^";]+)""", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class WebLimits:
    """How much may be fetched, in megabytes and seconds, and which hosts may be private ones."""

    megabytes: int = 50
    seconds: float = 60
    allowed_hosts: frozenset[str] = frozenset()


async def fetch(address: str, folder: Path, limits: WebLimits) -> IncomingFile:
    """Put what is at an address into the folder. Raises FileUnreadable with the sentence that tells the user."""
    try:
        async with asyncio.timeout(limits.seconds), _client() as client:
            return await _fetch(client, address, folder, limits)
    except TimeoutError as error:
        raise FileUnreadable(
            gettext(
                "{address} was not read within {seconds} seconds.",
                address=show_address(parse_address(address)),
                seconds=f"{limits.seconds:g}",
            )
        ) from error


_certificates = cache(httpx.create_ssl_context)  # read once: that takes longer than most pages


@asynccontextmanager
async def _client() -> AsyncIterator[httpx.AsyncClient]:
    # Proxies and passwords of this machine's environment are not for addresses that strangers send.
    # A connection is never used again: its certificate was checked for one name, and another may have the same number.
    async with httpx.AsyncClient(
        headers=_HEADERS,
        timeout=httpx.Timeout(_SECONDS_TO_ANSWER),
        limits=httpx.Limits(max_keepalive_connections=0),
        trust_env=False,
        follow_redirects=False,
        verify=_certificates(trust_env=False),
    ) as client:
        yield client


async def _fetch(client: httpx.AsyncClient, address: str, folder: Path, limits: WebLimits) -> IncomingFile:
    url = parse_address(address)
    source = str(url.copy_with(fragment=None))
    for _ in range(_MOST_HOPS):
        target = await check_address(url, limits.allowed_hosts)
        async with _answer(client, target) as response:
            if not response.has_redirect_location:
                _raise_for_status(response, url)
                return await _save(response, url, source, folder, limits)
            url = _next(url, response)
            client.cookies.clear()  # the next host may be another, under the same number
    raise FileUnreadable(
        gettext(
            "{address} can't be read: it redirects without end.",
            address=show_address(parse_address(address)),
        )
    )


@asynccontextmanager
async def _answer(client: httpx.AsyncClient, target: Target) -> AsyncIterator[httpx.Response]:
    """Ask one of the numbers that were checked, under the name that was asked for. Raises FileUnreadable."""
    response = await _request(client, target)
    try:
        yield response
    except httpx.HTTPError as error:
        raise FileUnreadable(
            gettext("{address} can't be read: the connection broke off.", address=show_address(target.url))
        ) from error
    finally:
        await response.aclose()


async def _request(client: httpx.AsyncClient, target: Target) -> httpx.Response:
    trouble: Exception | None = None
    for number in target.numbers:
        request = client.build_request(
            "GET",
            target.url.copy_with(host=number, fragment=None),
            headers={"Host": target.url.netloc.decode("ascii")},
            extensions={"sni_hostname": target.url.raw_host.decode("ascii")},
        )
        try:
            return await client.send(request, stream=True)
        except httpx.ConnectError as error:
            trouble = error
        except httpx.TimeoutException as error:
            raise FileUnreadable(
                gettext("{address} can't be read: its server does not answer.", address=show_address(target.url))
            ) from error
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            raise FileUnreadable(
                gettext(
                    "{address} can't be read: its server sent an invalid response.", address=show_address(target.url)
                )
            ) from error
    if isinstance(_root(trouble), ssl.SSLError):
        raise FileUnreadable(
            gettext("{address} can't be read: its certificate is not valid.", address=show_address(target.url))
        ) from trouble
    raise FileUnreadable(
        gettext("{address} can't be read: its server can't be reached.", address=show_address(target.url))
    ) from trouble


def _root(error: BaseException | None) -> BaseException | None:
    while error is not None and not isinstance(error, ssl.SSLError):
        error = error.__cause__ or error.__context__
    return error


def _raise_for_status(response: httpx.Response, url: httpx.URL) -> None:
    code = response.status_code
    if response.is_success:
        return
    if code in (httpx.codes.NOT_FOUND, httpx.codes.GONE):
        why = gettext("there is nothing at this address")
    elif code in (httpx.codes.UNAUTHORIZED, httpx.codes.PAYMENT_REQUIRED, httpx.codes.FORBIDDEN):
        why = gettext("its server only shows it to those who are signed in")
    elif code == httpx.codes.TOO_MANY_REQUESTS or response.is_server_error:
        why = gettext("its server has a problem; try again later")
    else:
        why = gettext("its server refuses")
    raise FileUnreadable(
        gettext("{address} can't be read: {why} ({code}).", address=show_address(url), why=why, code=code)
    )


def _next(url: httpx.URL, response: httpx.Response) -> httpx.URL:
    """Return where a redirection leads. Raises FileUnreadable for anything but a web address."""
    try:
        return parse_address(url.join(response.headers["Location"]))
    except (httpx.InvalidURL, ValueError) as error:
        raise FileUnreadable(
            gettext("{address} can't be read: it redirects to an invalid address.", address=show_address(url))
        ) from error


async def _save(response: httpx.Response, url: httpx.URL, source: str, folder: Path, limits: WebLimits) -> IncomingFile:
    """Put the body into the folder, unpacked. Raises FileUnreadable."""
    most = limits.megabytes * _MEGABYTE
    coding = _find_coding(response, url)
    declared = response.headers.get("Content-Length", "")
    if declared.isdecimal() and int(declared) > most:
        raise _too_large(url, limits)
    media_type = response.headers.get("Content-Type", "").partition(";")[0].strip().casefold()
    is_page = media_type in _PAGES
    name = _page_name(url) if is_page else _file_name(response, url)
    path = folder / name
    size = await _store(response, path, most)
    if coding is not None and 0 < size <= most:
        packed = path.rename(folder / f"{name}.packed")
        size = await _inflate(packed, path, Coding(coding, most), url)
        packed.unlink()
    if size > most:
        raise _too_large(url, limits)
    return IncomingFile(path, name, ARTICLE if is_page else media_type, size, source)


async def _store(response: httpx.Response, path: Path, most: int) -> int:
    """Write the body as it comes, packed if it is; return its length. Stops behind `most` bytes."""
    size = 0
    with path.open("wb") as file:
        async for piece in response.aiter_raw(1 << 16):
            size += len(piece)
            if size > most:
                break
            await asyncio.to_thread(file.write, piece)
    return size


async def _inflate(packed: Path, path: Path, coding: Coding, url: httpx.URL) -> int:
    try:
        return await inflate(packed, path, coding)
    except FileUnreadable as error:
        raise FileUnreadable(
            gettext("{address} can't be read: what its server sent is damaged.", address=show_address(url))
        ) from error


def _find_coding(response: httpx.Response, url: httpx.URL) -> str | None:
    """Return how the body is packed; None when it isn't. Raises FileUnreadable for anything but gzip or deflate, once.

    A body packed twice is a bomb: a thousand bytes of it hold half a gigabyte, and no server has a reason to send one.
    """
    told = response.headers.get("Content-Encoding", "").casefold().split(",")
    codings = [coding for each in told if (coding := each.strip().removeprefix("x-")) not in ("", "identity")]
    if len(codings) > 1:
        raise FileUnreadable(
            gettext(
                "{address} was not read: its server compresses it {number} times.",
                address=show_address(url),
                number=len(codings),
            )
        )
    if codings and codings[0] not in ("gzip", "deflate"):
        raise FileUnreadable(
            gettext(
                "{address} can't be read: its server compresses it in a way that I don't know ({codings}).",
                address=show_address(url),
                codings=codings[0][:20],
            )
        )
    return codings[0] if codings else None


def _too_large(url: httpx.URL, limits: WebLimits) -> FileUnreadable:
    return FileUnreadable(
        gettext(
            "{address} was not read: it is larger than {megabytes} MB.",
            address=show_address(url),
            megabytes=limits.megabytes,
        )
    )


def _page_name(url: httpx.URL) -> str:
    """Return what a page is called in sentences and citations: "harbour.example ferries"."""
    last = unquote(url.path).rstrip("/").rpartition("/")[2]
    return safe_name(f"{url.host.removeprefix('www.')} {last}".strip())


def _file_name(response: httpx.Response, url: httpx.URL) -> str:
    told = _NAMED.search(response.headers.get("Content-Disposition", ""))
    name = unquote(told.group(1)) if told else unquote(url.path).rpartition("/")[2]
    return safe_name(name or url.host)
