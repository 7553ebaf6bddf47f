"""Reading a WhatsApp export, against the parsers people use; a peer that is not installed is left out, and said."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from datetime import UTC
from pathlib import Path
from time import perf_counter

from adapters.exports.parsed import ParseOptions
from adapters.exports.whatsapp.export import WhatsApp
from benchmarks.chat_file import write_american_chat, write_chat, write_iphone_chat
from benchmarks.measuring import Row, Setup, Spread, by_round

PER_SECOND = 300_000
_SHAPES = {
    "Android": (write_chat, "%d/%m/%Y, %H:%M - %name:"),
    "iPhone": (write_iphone_chat, "[%d/%m/%Y, %H:%M:%S] %name:"),
    "iPhone, AM and PM": (write_american_chat, None),
}
"""How each is written, and its header as whatstk wants it told; None where it knows no way to."""

# Each prints the seconds that parsing took, without the start of its process.
_WHATSTK = """
import sys, time
from whatstk import WhatsAppChat
began = time.perf_counter()
chat = WhatsAppChat.from_source(sys.argv[1], hformat=sys.argv[2])
assert len(chat.df) > 0
print(time.perf_counter() - began)
"""
_CHAT_PARSER = """
import fs from 'node:fs';
import { createRequire } from 'node:module';
const { parseString } = createRequire(process.argv[1] + '/')('whatsapp-chat-parser');
const began = performance.now();
if (!parseString(fs.readFileSync(process.argv[2], 'utf8'), { parseAttachments: true }).length) process.exit(1);
console.log((performance.now() - began) / 1000);
"""


async def measure(setup: Setup) -> list[Row]:
    """Measure each phone's shape against whichever peers are there."""
    count = setup.size(200_000, 5000)
    rows: list[Row] = []
    for shape, (write, header) in _SHAPES.items():
        chat = write(setup.folder / "parsed.txt", count)
        for name, command in _peers(setup, header, chat).items():
            seconds = [(await asyncio.to_thread(_ours, chat), await _theirs(command)) for _ in range(setup.size(4, 2))]
            rows.append(_row(shape, count, name, seconds[1:]))
    if not rows:
        print("no peer to read WhatsApp exports is named (--whatstk, --chat-parser): left out", file=sys.stderr)
    return rows


def _peers(setup: Setup, header: str | None, chat: Path) -> dict[str, list[str]]:
    commands: dict[str, list[str]] = {}
    if setup.whatstk is not None and header is not None:
        commands["whatstk"] = [str(setup.whatstk), "-c", _WHATSTK, str(chat), header]
    if setup.chat_parser is not None:
        script = ["node", "--input-type=module", "-e", _CHAT_PARSER]
        commands["whatsapp-chat-parser"] = [*script, str(setup.chat_parser.absolute()), str(chat)]
    return commands


def _row(shape: str, count: int, name: str, seconds: Sequence[tuple[float, float]]) -> Row:
    ours, peer = (Spread(each) for each in zip(*seconds, strict=True))
    return Row(
        f"reading a WhatsApp export of {count:,} lines ({shape}), lines/s",
        ours.rate(count),
        f"{name}: {peer.rate(count)}",
        by_round(peer, ours).shown(),
        f"≥ {PER_SECOND:,}/s",
        count / ours.median >= PER_SECOND,
    )


def _ours(chat: Path) -> float:
    began = perf_counter()
    for each in WhatsApp().open(chat, ParseOptions(UTC)):
        for _ in each.messages:
            pass
    return perf_counter() - began


async def _theirs(command: Sequence[str]) -> float:
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    said, _ = await process.communicate()
    if process.returncode:
        raise RuntimeError(f"{command[0]} failed")
    return float(said)
