"""Derives what WhatsApp writes in each of its languages from the app's own string tables, once.

The tables are those that the public project starkdmi/whats_json (https://github.com/starkdmi/whats_json, GPL-3.0)
collected under tool/patterns_generator/data. None of its code is used: what is taken are facts, namely the short
phrases that the app puts into an exported chat. To derive them again:

    git clone https://github.com/starkdmi/whats_json
    python -m tests.adapters.exports.whatsapp.derive_phrases whats_json
"""

from __future__ import annotations

import html
import json
import re
import sys
from pathlib import Path
from typing import Final

from adapters.exports.whatsapp import phrase_tables

TABLES: Final = Path(phrase_tables.__file__).parent
SOURCE: Final = "WhatsApp's string tables, as collected by github.com/starkdmi/whats_json (GPL-3.0): facts, no code"

IOS_OMITTED: Final = {
    "image": "n*sq0", "video": "I4|vp", "audio": "a86Wu", "gif": "~.KLq", "sticker": "2K_mB", "contact": "Sk+0p",
    "document": "StaLC", "product": "arOfp",
}  # fmt: skip
IOS_WORDS: Final = {"image": "J>yM`", "photo": "G83nX", "video": "rB/j*", "audio": "jd/RM", "gif": "*A3|Y"}
IOS_LISTS: Final = {
    "deleted": ("qBly]", "GHe7G", "S?EA5", "W*,Ww", "zD*5p", "SUYSe"),
    "unavailable": ("_8RwV", "-XbH+", "j7)OE", "j3Hup", "csmK_", "L]JE["),
    "system": (
        "_i3PG", "3h8}J", "*D?I6", "79&sg", "T*6x;", "G)W)p", "Aewna", "A),w/", "f/]I7", "PnA`x", "Azb*b", "-}G;Q",
        "Qr*~b", "IGUjt", "8RBce", "Ik.w'", "L0?X-", "VN:JW", "2vBON", ")H04Q", "2&|BJ", "KRDcB", "zzk/B",
        "zD_{x", "(K2R*", "o18be", ")(=-_", "p6IFz", "D>1ci", "I6vYR", "qKx>K", "x4f]~", "clKkp", "`NI_u", "yuV:O",
        "*:-fL", "ZaQEl", "3|Iw.", "B8::;", "q9q)]", "Y-tFj", ")Q{cq", "JJ[Ow", "Lc[S3", "5wa(v", "iF0bd", "k1_sV",
        "Zs3LV", "FCtvm", "Ft?s_", "H+`Y5", ")<M/e", "Y<zH/", "&1Iu2", "a[+N2", "P)C|c",
    ),
}  # fmt: skip
ANDROID: Final = {
    "omitted": "email_media_omitted", "attached": "email_file_attached", "location": "email_location_message",
    "live_location": "email_live_location_message", "title": "email_conversation_subject",
}  # fmt: skip
ANDROID_LISTS: Final = {
    "deleted": (
        "revoked_msg_incoming", "revoked_msg_outgoing", "revoked_msg_incoming_for_everyone",
        "revoked_msg_outgoing_for_everyone",
    ),
    "unavailable": ("decryption_placeholder_message_text",),
}  # fmt: skip
_PLACEHOLDER = re.compile(r"%(?:\d\$)?[@sdu]")
_TAG = re.compile(r"<a .*?</a>\.?")

Locale = dict[str, object]


def derive_ios(folder: Path) -> dict[str, Locale]:
    """Return the phrases of every iOS locale."""
    return {file.stem: _read_ios(file) for file in sorted(folder.glob("*.strings"))}


def _read_ios(file: Path) -> Locale:
    table = json.loads(file.read_text("utf-8"), strict=False)
    found: Locale = {"attached": _plain(table["zQ+5d"])}
    for name, keys in (("omitted", IOS_OMITTED), ("words", IOS_WORDS)):
        found[name] = {kind: _plain(table[key]) for kind, key in keys.items() if isinstance(table.get(key), str)}
    for name, several in IOS_LISTS.items():
        found[name] = _unique(_plain(table[key]) for key in several if isinstance(table.get(key), str))
    return found


def derive_android(folder: Path) -> dict[str, Locale]:
    """Return the phrases of every Android locale whose table has them."""
    found = {file.parent.name: _read_android(file) for file in sorted(folder.glob("values*/strings.xml"))}
    return {name.removeprefix("values").removeprefix("-") or "en": table for name, table in found.items() if table}


def _read_android(file: Path) -> Locale:
    table = dict(re.findall(r'<string name="(\w+)">(.*?)</string>', file.read_text("utf-8"), re.DOTALL))
    if ANDROID["omitted"] not in table:
        return {}
    found: Locale = {name: _plain(table[key]) for name, key in ANDROID.items()}
    for name, keys in ANDROID_LISTS.items():
        found[name] = _unique(_plain(table[key]) for key in keys if key in table)
    return found


def _plain(phrase: str) -> str:
    """Return a phrase as an export shows it: marks and markup out, {} where something is filled in."""
    text = html.unescape(phrase).replace('\\"', '"').replace("\\'", "'").strip('"')
    return _PLACEHOLDER.sub("{}", _TAG.sub("", text)).strip(phrase_tables.INVISIBLE + " ")


def _unique(phrases: object) -> list[str]:
    return list(dict.fromkeys(phrase for phrase in phrases if phrase.strip("{}. ")))  # type: ignore[attr-defined]


def write(name: str, locales: dict[str, Locale]) -> None:
    """Write a platform's phrases beside the parser, a line for each locale."""
    rows = ",\n".join(f"{json.dumps(key)}: {json.dumps(table, ensure_ascii=False)}" for key, table in locales.items())
    (TABLES / name).write_text(f'{{"source": {json.dumps(SOURCE)},\n"locales": {{\n{rows}\n}}}}\n', "utf-8")


def main(project: Path) -> None:
    """Derive both files from a copy of the project."""
    data = project / "tool" / "patterns_generator" / "data"
    write("ios_phrases.json", derive_ios(data / "iOS Localizables"))
    write("android_phrases.json", derive_android(data / "Android Strings"))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
