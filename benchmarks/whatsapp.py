"""How fast a WhatsApp export is parsed, beside the parsers of the field, on the same file in the same run.

    python -m benchmarks.whatsapp [--lines N] [--whatstk PYTHON] [--node-modules FOLDER]

`--whatstk` names a Python that has whatstk installed (the fastest Python parser we know of), `--node-modules` a
folder in which the npm package whatsapp-chat-parser is; without them their rows are left out. Every parser
gets a warm file, reads it whole and makes all its messages; the best of the rounds counts.
"""

from __future__ import annotations

import argparse
import random
import re
import shutil
import subprocess
import tempfile
import time
from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from adapters.exports.parsed import ParseOptions
from adapters.exports.whatsapp import WhatsApp

ROUNDS = 3
PEOPLE = ("Mara", "Jonas", "Inês", "Tom Baker", "+49 151 2345678")
WORDS = re.findall(
    r"\w+",
    """the of and to a in that have it for on with as you do at this but his by from they we say her she or an will
    my one all would there what so up out if about who get which go me when make can like time no just know take""",
)
WHATSTK = """
import sys, time
from whatstk import WhatsAppChat
start = time.perf_counter()
chat = WhatsAppChat.from_source(sys.argv[1], hformat="%d/%m/%Y, %H:%M - %name:")
print(time.perf_counter() - start, len(chat.df))
"""
NODE = """
const fs = require('fs');
const { parseString } = require('whatsapp-chat-parser');
const start = performance.now();
const messages = parseString(fs.readFileSync(process.argv[2], 'utf8'), { parseAttachments: true });
console.log((performance.now() - start) / 1000, messages.length);
"""


class Speed(NamedTuple):
    """One parser's best round."""

    parser: str
    seconds: float
    messages: int
    lines: int

    @property
    def lines_per_second(self) -> float:
        """Lines of the file a second."""
        return self.lines / self.seconds


def write_chat(path: Path, lines: int, *, iphone: bool = False) -> int:
    """Write a lively chat of about `lines` lines: one in 17 several lines long, one in 17 media; return the count."""
    rng = random.Random(1)
    moment, written = datetime(2020, 1, 1, 8), 0  # noqa: DTZ001 (clock times of an export have no zone)
    with path.open("w", encoding="utf-8", newline="\r\n" if iphone else "\n") as file:
        while written < lines:
            moment += timedelta(seconds=rng.randint(5, 900))
            body = " ".join(rng.choices(WORDS, k=rng.randint(1, 18)))
            dice = rng.random()
            if dice < 0.06:
                body = "\u200eimage omitted" if iphone else "<Media omitted>"
            elif dice < 0.12:
                body += "\n" + " ".join(rng.choices(WORDS, k=6))
            elif dice < 0.16:
                body += rng.choice((" 😂", " :)"))
            stamp = f"[{moment:%d/%m/%Y, %H:%M:%S}] " if iphone else f"{moment:%d/%m/%Y, %H:%M} - "
            file.write(f"{stamp}{rng.choice(PEOPLE)}: {body}\n")
            written += 1 + body.count("\n")
    return written


def ours(path: Path) -> tuple[float, int]:
    """Parse with this project; return seconds and messages."""
    start = time.perf_counter()
    messages = 0
    for chat in WhatsApp().open(path, ParseOptions(timezone=ZoneInfo("Europe/Lisbon"))):
        last = deque(enumerate(chat.messages, 1), maxlen=1)
        messages += last[0][0]
    return time.perf_counter() - start, messages


def peer(command: list[str], folder: Path | None = None) -> tuple[float, int]:
    """Run another parser in a process of its own, which times itself: its start is not counted."""
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)  # noqa: S603 (ours)
    seconds, messages = done.stdout.split()[-2:]
    return float(seconds), int(messages)


def measure(lines: int, whatstk: str | None, node_modules: Path | None) -> list[Speed]:
    """Return every parser's speed on one and the same file; parsers take turns, so that noise falls on all."""
    with tempfile.TemporaryDirectory() as folder:
        android, iphone = Path(folder, "android.txt"), Path(folder, "iphone.txt")
        counts = {android: write_chat(android, lines), iphone: write_chat(iphone, lines, iphone=True)}
        runs: dict[str, tuple[Path, Callable[[], tuple[float, int]]]] = {
            "scrubjay, Android": (android, lambda: ours(android)),
            "scrubjay, iPhone": (iphone, lambda: ours(iphone)),
        }
        if whatstk:
            runs["whatstk, Android"] = (android, lambda: peer([whatstk, "-c", WHATSTK, str(android)]))
        node = shutil.which("node")
        if node and node_modules:
            # With -e, node gives the script's arguments from the first place on; a dash keeps the second.
            command = [node, "-e", NODE, "-", str(android)]
            runs["whatsapp-chat-parser (npm), Android"] = (android, lambda: peer(command, node_modules.parent))
        best: dict[str, Speed] = {}
        for _ in range(ROUNDS):
            for name, (path, run) in runs.items():
                speed = Speed(name, *run(), counts[path])
                best[name] = min(best.get(name, speed), speed, key=lambda speed: speed.seconds)
    return list(best.values())


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--lines", type=int, default=600_000)
    parser.add_argument("--whatstk", metavar="PYTHON")
    parser.add_argument("--node-modules", metavar="FOLDER", type=Path)
    given = parser.parse_args()
    speeds = measure(given.lines, given.whatstk, given.node_modules)
    for speed in speeds:
        ratio = speed.seconds / speeds[0].seconds
        rate, count = f"{speed.lines_per_second:,.0f} lines/s", f"{speed.messages:,} messages"
        print(f"{speed.parser:38} {rate:>18} {count:>18} {ratio:6.1f} x")


if __name__ == "__main__":
    main()
