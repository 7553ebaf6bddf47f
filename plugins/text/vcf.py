"""Reads contacts (vCard 2.1, 3.0 and 4.0: RFC 6350) as an address book shows them."""

from __future__ import annotations

import calendar
import quopri
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Final, NamedTuple

from bot.reading import About, Piece, Progress, ReadItem
from bot.translation import gettext_noop
from plugins.text.damaged_files import raise_only_unreadable
from plugins.text.encoding import decode
from plugins.text.left_out import LeftOut
from plugins.text.options import TextOptions

_FOLDED: Final = re.compile(rb"(?<!=)\r\n[ \t]|(?<![=\r])\n[ \t]")
_LINE: Final = re.compile(
    r"(?:(?P<group>[\w-]{1,64})\.)?(?P<name>[\w-]{1,64})(?P<params>(?:;[^:]*)?):(?P<value>.*)", re.DOTALL
)
_SHOWN: Final = {
    "ORG": "Organization", "TITLE": "Title", "ROLE": "Role", "NICKNAME": "Nickname", "TEL": "Phone", "EMAIL": "E-mail",
    "IMPP": "Chat", "X-JABBER": "Chat", "X-SKYPE": "Chat", "ADR": "Address", "URL": "Web", "BDAY": "Birthday",
    "ANNIVERSARY": "Anniversary", "RELATED": "Related", "X-ABRELATEDNAMES": "Related", "CATEGORIES": "Groups",
    "NOTE": "Note",
}  # fmt: skip
"""In the order in which they are shown."""
_PICTURES: Final = frozenset({"PHOTO", "LOGO"})
_SILENT_TYPES: Final = frozenset({"voice", "pref", "internet", "text", "other", "uri"})
_ESCAPED: Final = re.compile(r"\\(.)", re.DOTALL)
_PARTS: Final = re.compile(r"(?<!\\);")
_APPLE: Final = re.compile(r"_\$!<(.{1,80})>!\$_")
_DAY: Final = re.compile(r"(\d{4}|--)-?(\d\d)-?(\d\d)(?:[T ].*)?")
_SCHEME: Final = re.compile(r"^(?:tel|mailto|xmpp|aim|skype):", re.IGNORECASE)


class _Property(NamedTuple):
    group: str
    name: str
    types: tuple[str, ...]
    parts: tuple[str, ...]


@raise_only_unreadable(gettext_noop("a contact card"))
def read_vcf(path: Path, _options: TextOptions) -> Iterator[ReadItem]:
    """Yield the contacts of a card file, each a piece that is cited by its name."""
    cards = list(_cards(path.read_bytes()))
    left_out, contacts = LeftOut(), list[tuple[str, str]]()
    for card in cards:
        left_out.add("picture", sum(1 for each in card if each.name in _PICTURES))
        if text := _write(card):
            contacts.append((_name_of(card), text))
    yield About(notes=left_out.notes())
    for number, (name, text) in enumerate(contacts, 1):
        yield Piece(text, name or None)
        yield Progress(number, len(contacts), "entries")


def _cards(data: bytes) -> Iterator[list[_Property]]:
    card: list[_Property] | None = None
    for line in _lines(data):
        upper = line.strip().upper()
        if upper == "BEGIN:VCARD":
            card = []
        elif upper == "END:VCARD" and card is not None:
            yield card
            card = None
        elif card is not None and (read := _property(line)):
            card.append(read)
    if card:
        yield card


def _lines(data: bytes) -> Iterator[str]:
    """Yield the lines, put together again where they were folded, or go on as quoted-printable does."""
    open_line = ""
    for line in decode(_FOLDED.sub(b"", data)).splitlines():
        open_line += line
        if line.endswith("=") and "QUOTED-PRINTABLE" in open_line.partition(":")[0].upper():
            open_line = open_line[:-1]
            continue
        yield open_line
        open_line = ""
    if open_line:
        yield open_line


def _property(line: str) -> _Property | None:
    found = _LINE.fullmatch(line)
    if found is None:
        return None
    params = [each.strip().strip('"') for each in found["params"].split(";") if each]
    value = found["value"]
    named = dict(each.upper().split("=", 1) for each in params if "=" in each)
    if "QUOTED-PRINTABLE" in (named.get("ENCODING", ""), *(each.upper() for each in params)):
        value = decode(quopri.decodestring(value.encode()), named.get("CHARSET"))
    types = [
        kind.strip('"').lower()
        for each in params
        for kind in (each[5:].split(",") if each.upper().startswith("TYPE=") else [each] if "=" not in each else [])
    ]
    shown = tuple(dict.fromkeys(kind for kind in types if kind not in _SILENT_TYPES and "quoted" not in kind))
    parts = tuple(_unescape(part).strip() for part in _PARTS.split(value))
    return _Property(found["group"] or "", found["name"].upper(), shown, parts)


def _unescape(text: str) -> str:
    return _ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], text)


def _name_of(card: list[_Property]) -> str:
    """Return the name that is shown, else the parts of the name, else the organization."""
    full = next((" ".join(each.parts) for each in card if each.name == "FN" and any(each.parts)), "")
    if full:
        return full.strip()
    for each in card:
        if each.name == "N":
            family, given, *more = (*each.parts, "", "")
            middle, prefix = (*more, "", "")[:2]
            return " ".join(filter(None, (prefix, given, middle, family)))
    return next((each.parts[0] for each in card if each.name == "ORG"), "")


def _write(card: list[_Property]) -> str:
    labels = {each.group: _APPLE.sub(r"\1", each.parts[0]) for each in card if each.name == "X-ABLABEL"}
    order = list(_SHOWN)
    shown = sorted((each for each in card if each.name in _SHOWN), key=lambda each: order.index(each.name))
    lines = [_name_of(card)]
    for each in shown:
        value = _value_of(each)
        if value and value != lines[0] and not value.startswith("urn:"):
            kind = labels.get(each.group, "") or ", ".join(each.types)
            lines.append(f"{_SHOWN[each.name]}{f' ({kind})' if kind else ''}: {value}")
    return "\n".join(dict.fromkeys(filter(None, lines)))


def _value_of(each: _Property) -> str:
    if each.name == "ADR":
        box, more, street, city, region, code, country = (*each.parts, *[""] * 7)[:7]
        lines = (box, more, street, " ".join(filter(None, (code, city))), region, country)
        return ", ".join(filter(None, (line.replace("\n", ", ") for line in lines)))
    value = ", ".join(filter(None, each.parts)) if each.name == "ORG" else ";".join(each.parts)
    if each.name in {"BDAY", "ANNIVERSARY"}:
        return _day(value)
    return _SCHEME.sub("", value.strip())


def _day(value: str) -> str:
    """Return a day as people write it; one without a year has none."""
    found = _DAY.fullmatch(value.strip())
    if found is None:
        return value.strip()
    try:
        date(2000 if found[1] == "--" else int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return value.strip()
    year = "" if found[1] == "--" else f" {found[1]}"
    return f"{int(found[3])} {calendar.month_name[int(found[2])]}{year}"
