from __future__ import annotations

import asyncio
import gzip
import ipaddress
import os
import zlib
from pathlib import Path

import httpx
import pytest
from aiohttp import web

from bot.errors import FileUnreadable
from plugins.web.addresses import Target, check_address, is_public, parse_address
from plugins.web.fetching import ARTICLE, WebLimits, _answer, _client, fetch
from tests.plugins.web.conftest import Site

HERE = WebLimits(allowed_hosts=frozenset({"127.0.0.1"}))


async def refusal(address: str, folder: Path, limits: WebLimits = HERE) -> str:
    with pytest.raises(FileUnreadable) as caught:
        await fetch(address, folder, limits)
    return str(caught.value)


def names_in(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


async def test_a_page_is_put_into_the_folder_under_a_name_to_cite(site: Site, tmp_path: Path) -> None:
    file = await fetch(site.page("/news/ferries", "<p>Hello") + "#prices", tmp_path, HERE)
    assert (file.name, file.media_type, file.size) == ("127.0.0.1 ferries", ARTICLE, 8)
    assert file.source == f"{site.address}/news/ferries"
    assert file.path.read_bytes() == b"<p>Hello"


async def test_a_file_of_another_kind_keeps_its_name_and_type(site: Site, tmp_path: Path) -> None:
    told = {"Content-Disposition": 'attachment; filename="../plan.pdf"'}
    file = await fetch(site.page("/download", b"%PDF-1.7", "application/pdf; q=1", **told), tmp_path, HERE)
    assert (file.name, file.media_type) == ("plan.pdf", "application/pdf")
    assert file.path == tmp_path / "plan.pdf"
    other = await fetch(site.page("/files/my-table.csv", b"a,b", "text/csv"), tmp_path, HERE)
    assert other.name == "my-table.csv"


async def test_redirections_are_followed_and_the_first_address_is_the_source(site: Site, tmp_path: Path) -> None:
    site.page("/new", "<p>moved")
    file = await fetch(site.leads("/old", "/new"), tmp_path, HERE)
    assert (file.source, file.path.read_bytes()) == (f"{site.address}/old", b"<p>moved")


@pytest.mark.parametrize(
    ("status", "why"),
    [
        (404, "there is nothing at this address (404)."),
        (403, "its server only shows it to those who are signed in (403)."),
        (503, "its server has a problem; try again later (503)."),
        (418, "its server refuses (418)."),
    ],
)
async def test_what_a_server_refuses_is_told_in_a_sentence(site: Site, tmp_path: Path, status: int, why: str) -> None:
    site.pages["/x"] = web.Response(status=status)
    assert await refusal(f"{site.address}/x", tmp_path) == f"{site.address}/x can't be read: {why}"


async def test_redirections_without_end_come_to_one(site: Site, tmp_path: Path) -> None:
    site.leads("/b", "/a")
    told = await refusal(site.leads("/a", "/b"), tmp_path)
    assert told.endswith("it redirects without end.")
    assert len(site.asked) == 8


@pytest.mark.parametrize("place", ["file:///etc/passwd", "ftp://127.0.0.1/x", "gopher://x/"])
async def test_a_redirection_to_anything_but_the_web_is_not_followed(site: Site, tmp_path: Path, place: str) -> None:
    assert "I only read http and https addresses" in await refusal(site.leads("/a", place), tmp_path)
    assert os.listdir(tmp_path) == []  # noqa: PTH208 (a moment; there is nothing else to do)


async def test_a_redirection_to_a_private_address_is_not_followed(site: Site, tmp_path: Path) -> None:
    told = await refusal(site.leads("/a", "http://169.254.169.254/latest/meta-data"), tmp_path)
    assert told.endswith("was not read: 169.254.169.254 is not a public address.")


NOT_PUBLIC = (
    # loopback, in every way in which an address can be written
    "127.0.0.1", "localhost", "LOCALHOST", "localhost.", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.0.0.1",
    "0177.0.0.1", "017700000001", "0x7f.1", "127.255.255.254", "127.0.0.1.", "[::1]", "[0:0:0:0:0:0:0:1]",
    "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "１２７.0.0.1",
    "127。0。0。1", "①②⑦.⓪.⓪.①", "%31%32%37.0.0.1", "0", "0.0.0", "[::]", "[::ffff:0:0]", "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ",
    # private networks
    "10.0.0.1", "10.255.255.255", "0xa.0.0.1", "167772161", "012.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1",
    "192.168.0x1.1", "3232235777", "100.64.0.1", "[fc00::1]", "[fd12:3456::1]", "[::ffff:10.0.0.1]", "[64:ff9b::a00:1]",
    "[fec0::1]",
    # what a cloud's machines tell of themselves, and neighbours
    "169.254.169.254", "2852039166", "0xa9fea9fe", "169.254.43518", "[::ffff:169.254.169.254]", "[fe80::1]",
    "[fe80::1%25lo]",
    # for many, for tests, for later
    "224.0.0.1", "255.255.255.255", "240.0.0.1", "192.0.2.1", "198.18.0.1", "[ff02::1]", "[2001:db8::1]",
)  # fmt: skip


@pytest.mark.parametrize("host", NOT_PUBLIC)
async def test_hosts_that_are_not_public_are_not_asked(host: str, tmp_path: Path) -> None:
    told = await refusal(f"http://{host}:1/secret", tmp_path, WebLimits())
    assert told.endswith(("is not a public address.", "is not an address.")) or "there is no host called" in told
    assert names_in(tmp_path) == []


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("93.184.215.14", True),
        ("2606:2800:21f:cb07:6820:80da:af6b:8b2c", True),
        ("100.64.0.1", False),
        ("169.254.1.1", False),
        ("224.0.0.1", False),
        ("fe80::1", False),
        ("fc00::1", False),
        ("::ffff:10.0.0.1", False),
        ("64:ff9b::a00:1", False),
        ("64:ff9b::5db8:d70e", True),
        ("2002:a00:1::", False),
    ],
)
def test_only_numbers_that_anybody_can_reach_are_public(number: str, expected: bool) -> None:  # noqa: FBT001 (a case)
    assert is_public(ipaddress.ip_address(number)) is expected


async def test_the_numbers_that_were_checked_are_those_that_are_connected_to(site: Site) -> None:
    site.page("/x", "here")
    port = httpx.URL(site.address).port
    target = Target(httpx.URL(f"http://harbour.example:{port}/x"), ("127.0.0.1",))
    async with _client() as client, _answer(client, target) as response:
        assert await response.aread() == b"here"
    assert site.asked[0].headers["Host"] == f"harbour.example:{port}"


async def test_the_next_number_is_tried_when_the_first_does_not_answer(site: Site) -> None:
    site.page("/x", "here")
    target = Target(httpx.URL(f"{site.address}/x"), ("127.99.99.99", "127.0.0.1"))
    async with _client() as client, _answer(client, target) as response:
        assert response.status_code == 200


async def test_a_page_that_is_too_large_is_refused_whether_it_says_so_or_not(site: Site, tmp_path: Path) -> None:
    small = WebLimits(megabytes=1, allowed_hosts=HERE.allowed_hosts)
    large = site.page("/large", bytes(2 << 20))
    assert (await refusal(large, tmp_path, small)).endswith("/large was not read: it is larger than 1 MB.")
    bomb = site.page("/bomb", gzip.compress(bytes(30 << 20)), **{"Content-Encoding": "gzip"})
    assert (await refusal(bomb, tmp_path, small)).endswith("/bomb was not read: it is larger than 1 MB.")


PAGE = b"<p>" + b"The ferries leave at seven. " * 9000


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("gzip", gzip.compress(PAGE)),
        ("x-gzip, identity", gzip.compress(PAGE)),
        ("gzip", gzip.compress(PAGE[:100]) + gzip.compress(PAGE[100:])),
        ("deflate", zlib.compress(PAGE)),
        ("Deflate", zlib.compress(PAGE, wbits=-15)),
        ("identity", PAGE),
    ],
)
async def test_a_packed_page_is_unpacked(site: Site, tmp_path: Path, coding: str, body: bytes) -> None:
    file = await fetch(site.page("/ferries", body, **{"Content-Encoding": coding}), tmp_path, HERE)
    assert (file.size, file.path.read_bytes()) == (len(PAGE), PAGE)
    assert names_in(tmp_path) == ["127.0.0.1 ferries"], "nothing packed is left"
    assert site.asked[0].headers["Accept-Encoding"] == "gzip, deflate"


@pytest.mark.parametrize("codings", ["gzip, gzip", "gzip,identity,deflate", "gzip, gzip, gzip"])
async def test_a_body_that_is_packed_more_than_once_is_refused_unread(site: Site, tmp_path: Path, codings: str) -> None:
    bomb = gzip.compress(gzip.compress(bytes(8 << 20)))
    told = await refusal(site.page("/bomb", bomb, **{"Content-Encoding": codings}), tmp_path)
    assert "/bomb was not read: its server compresses it" in told
    assert names_in(tmp_path) == []


async def test_a_bomb_is_given_up_as_soon_as_it_is_larger_than_what_may_be_fetched(site: Site, tmp_path: Path) -> None:
    small = WebLimits(megabytes=1, allowed_hosts=HERE.allowed_hosts)
    for coding, body in (("gzip", gzip.compress(bytes(30 << 20))), ("deflate", zlib.compress(bytes(30 << 20)))):
        told = await refusal(site.page("/bomb", body, **{"Content-Encoding": coding}), tmp_path, small)
        assert told.endswith("/bomb was not read: it is larger than 1 MB.")
        assert (tmp_path / "127.0.0.1 bomb").stat().st_size <= 1 << 20


@pytest.mark.parametrize(
    ("coding", "body", "why"),
    [
        ("gzip", b"no gzip", "what its server sent is damaged."),
        ("gzip", gzip.compress(PAGE)[:-9], "what its server sent is damaged."),
        ("gzip", gzip.compress(PAGE) + b"more", "what its server sent is damaged."),
        ("deflate", b"\x78", "what its server sent is damaged."),
        ("br", b"x", "its server compresses it in a way that I don't know (br)."),
        ("x" * 300, b"x", "its server compresses it in a way that I don't know (xxxxxxxxxxxxxxxxxxxx)."),
    ],
)
async def test_what_cannot_be_unpacked_is_told(site: Site, tmp_path: Path, coding: str, body: bytes, why: str) -> None:
    told = await refusal(site.page("/x", body, **{"Content-Encoding": coding}), tmp_path)
    assert told == f"{site.address}/x can't be read: {why}"


async def test_an_empty_body_has_nothing_to_unpack(site: Site, tmp_path: Path) -> None:
    file = await fetch(site.page("/x", b"", **{"Content-Encoding": "gzip"}), tmp_path, HERE)
    assert file.size == 0


async def test_a_server_that_drips_is_given_up(site: Site, tmp_path: Path) -> None:
    async def drips(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(b".")
            await asyncio.sleep(0.05)

    hasty = WebLimits(seconds=0.5, allowed_hosts=HERE.allowed_hosts)
    told = await refusal(site.does("/slow", drips), tmp_path, hasty)
    assert told == f"{site.address}/slow was not read within 0.5 seconds."


async def test_a_connection_that_breaks_off_is_told(site: Site, tmp_path: Path) -> None:
    async def breaks(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "1000"})
        await response.prepare(request)
        await response.write(b"only this")
        if request.transport is not None:
            request.transport.close()
        return response

    assert (await refusal(site.does("/x", breaks), tmp_path)).endswith("/x can't be read: the connection broke off.")


async def test_where_nobody_listens_it_is_told(site: Site, tmp_path: Path, unused_tcp_port: int) -> None:
    told = await refusal(f"http://127.0.0.1:{unused_tcp_port}/", tmp_path)
    assert told.endswith("can't be read: its server can't be reached.")
    assert site.asked == []


async def test_a_server_that_speaks_no_http_is_told(tmp_path: Path) -> None:
    async def junk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        writer.write(bytes(range(256)))
        writer.close()

    server = await asyncio.start_server(junk, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        told = await refusal(f"http://127.0.0.1:{port}/", tmp_path)
    assert told.endswith("can't be read: its server sent an invalid response.")


@pytest.mark.parametrize("address", ["", "no address", "http://", "http://[::1", "http://x:99999/", "\x00"])
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(FileUnreadable):
        parse_address(address)


async def test_a_host_that_is_nowhere_is_told() -> None:
    with pytest.raises(FileUnreadable, match=r"there is no host called nowhere\.invalid"):
        await check_address("http://nowhere.invalid/", ())


def test_a_name_and_password_in_an_address_are_not_sent_nor_shown() -> None:
    assert str(parse_address("https://ada:secret@harbour.example/x")) == "https://harbour.example/x"
