"""What a message of Skype's and Teams' exports says: words, files and what happened, out of XML, HTML and JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from html import unescape
from typing import Final

from adapters.exports.apps.skype_cards import read_card, read_notice, read_poll
from adapters.exports.html_text import html_to_text
from adapters.exports.json_stream import as_list, as_map, as_text
from adapters.exports.messages import make_attachment
from adapters.exports.parsed import AttachmentKind, ParsedAttachment

Record = dict[str, object]
_FILES: Final = re.compile(r"RichText/(?:UriObject|Media_\w+|Files?)|Event/.*File", re.IGNORECASE)
_ORIGINAL: Final = re.compile(r"<OriginalName v=\"([^\"]+)\"")
_TITLE: Final = re.compile(r"<Title>(?:Title: )?([^<]+)</Title>")
_URI_KIND: Final = re.compile(r"<URIObject\b[^>]{0,300}?\btype=\"(\w+)")
_KINDS: Final[dict[str, AttachmentKind]] = {"Picture": "image", "Video": "video", "Audio": "audio"}
_PART: Final = re.compile(r"<part identity=\"(?:\d+:)?([^\"]{1,200})\">\s{0,20}<name>([^<]{1,200})</name>")
_QUOTED: Final = re.compile(r"<quote author=\"(?:\d+:)?([^\"]{1,200})\" authorname=\"([^\"]{1,200})\"")
_IMAGE: Final = re.compile(r"<img\b[^>]*schema\.skype\.com/AMSImage[^>]*>")
_QUOTE: Final = re.compile(r"<quote [^>]*>(.*?)</quote>", re.DOTALL)
_NOT_QUOTED: Final = re.compile(r"<legacyquote>.*?</legacyquote>", re.DOTALL)
_REPLY: Final = re.compile(
    r"<blockquote\b[^>]*schema\.skype\.com/Reply[^>]*?(?:itemid=\"(\d+)\"[^>]*)?>.*?</blockquote>", re.DOTALL
)
_EDITED: Final = re.compile(r"<e_m [^>]*/?>(?:</e_m>)?")
_CONTACT: Final = re.compile(r"<c\b[^>]*?\bf=\"([^\"]+)\"[^>]*>|<c\b[^>]*?\bs=\"([^\"]+)\"[^>]*>")
_CONCERNS: Final = re.compile(
    r"<(?:name|target|value|friendlyname|topic)>(?:\d+:)?([^<]+)</|<partlist[^>]*type=\"(\w+)\""
)
_READ: Final[dict[str, Callable[[str], str]]] = {"Poll": read_poll, "PopCard": read_notice, "Text": str}
_ENCRYPTED: Final = "EndToEndEncryption/"


def words_of(kind: str, content: str) -> str:
    """Return what a message says: its quotes as quotes, and of contacts their names."""
    special = _read_special(kind, content)
    if special is not None:
        return special
    said = _QUOTE.sub(_mark_quote, _REPLY.sub("", _EDITED.sub("", content)))
    return html_to_text(said + "<br>") if "<" in said or "&" in said else said


def _read_special(kind: str, content: str) -> str | None:
    """Return what a message says that is more than words, or words without marks; None for every other."""
    if (card := read_card(content)) is not None:
        return card
    if _FILES.match(kind):
        return ""
    if kind in _READ:
        return _READ[kind](content)
    if kind.startswith(_ENCRYPTED):
        return "[a message that could not be decrypted]"
    contacts = _CONTACT.findall(content) if kind.endswith("Contacts") else []
    return "Contact: " + ", ".join(name or account for name, account in contacts) if contacts else None


def _mark_quote(quote: re.Match[str]) -> str:
    lines = _NOT_QUOTED.sub("", quote[1]).strip().split("\n")
    return "".join(f"&gt; {line}<br>" for line in lines)


def describe(author: str, kind: str, content: str) -> str:
    """Return what happened: who called, came, or went."""
    found = (next(filter(None, each)).removeprefix("8:") for each in _CONCERNS.findall(content))
    concerned = dict.fromkeys(map(unescape, found))
    return f"{author}: {' '.join([kind.partition('/')[2] or kind, ', '.join(concerned)]).strip()}"


def files_of(kind: str, content: str, properties: Record) -> Iterator[ParsedAttachment]:
    """Yield the files that a message hands over."""
    if (card := read_card(content)) is not None:
        yield from () if card else (make_attachment(None, "image"),)
    elif _FILES.match(kind):
        name = _ORIGINAL.search(content) or _TITLE.search(content)
        told = _URI_KIND.search(content)
        yield make_attachment(name[1].strip() if name else None, _KINDS.get(told[1]) if told else None)
    yield from (make_attachment(None, "image") for _ in _IMAGE.findall(content))
    listed = properties.get("files")
    with suppress(ValueError, RecursionError):
        files = as_list(json.loads(listed) if isinstance(listed, str) else listed)
        names = [as_text(as_map(each).get("fileName") or as_map(each).get("title")) for each in files]
        yield from (make_attachment(name) for name in names if name)


def names_within(content: str) -> Iterator[tuple[str, str]]:
    """Yield the accounts that a call or a quote names, each with the name: of your own account the export has none."""
    for account, name in (*_PART.findall(content), *_QUOTED.findall(content)):
        if name != account:
            yield account, unescape(name)


def find_answered(content: str) -> str | None:
    """Return the id of the message that one answers."""
    answered = _REPLY.search(content)
    return answered[1] if answered else None
