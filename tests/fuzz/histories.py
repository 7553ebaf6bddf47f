"""Targets: the parsers of chat exports, which refuse what they can't read, and nothing else."""

from __future__ import annotations

import io
import json
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC
from pathlib import Path

from adapters.exports.discord.export import DiscordExport
from adapters.exports.parsed import ExportFormat, ParseOptions
from adapters.exports.plain.export import PlainExport
from adapters.exports.slack.export import SlackExport
from adapters.exports.telegram.export import TelegramExport
from adapters.exports.whatsapp.export import WhatsApp
from bot.errors import ImportRefused
from tests.adapters.exports.apps.samples import SAMPLES, greeting
from tests.fuzz.target import Target

MOST_MESSAGES = 100_000
_SLACK_LISTS = ("channels.json", "users.json", "dms.json")
_SEEDS: dict[str, tuple[bytes, ...]] = {
    "whatsapp": (
        "[18/03/2022, 14:56:01] Mara: hello\n\u200e[18/03/2022, 14:56:02] Mara: \u200e<attached: 00000038-a.opus>\n"
        "[3/18/R4, 2:56:03 PM] Tom: X.pdf • \u200e2 pages \u200edocument omitted\n".encode(),
        "13.6.2018 klo 21.25.15 - Ann: hi\n下午1:31, 2022年3月18日 - Ann: <Media omitted>\n".encode(),
    ),
    "telegram": (
        (
            b'{"name":"x","type":"personal_chat","id":1,"messages":[{"id":1,"type":"message","date":"2024-05-03T21:14:00",'
            b'"date_unixtime":"1714770840","from":"Ann","from_id":"user1","text":["a",{"type":"link","text":"b"}],'
            b'"photo":"photos/1.jpg","reply_to_message_id":1,"edited_unixtime":"1714770841"}]}'
        ),
    ),
    "discord": (
        (
            b'{"guild":{"id":"1","name":"g"},"channel":{"id":"2","type":"GuildTextChat","name":"c"},"messages":[{"id":"3",'
            b'"type":"Default","timestamp":"2024-05-03T21:14:00+00:00","content":"hi","author":{"id":"4","name":"ann"},'
            b'"attachments":[{"url":"a","fileName":"b.png"}],"embeds":[],"reference":{"messageId":"3"}}],"messageCount":1}'
        ),
    ),
    "plain": (
        b'{"author":"Ann","sent_at":"2024-05-03T21:14:00Z","text":"hi","attachments":[{"name":"a.png"}]}\n',
        b'author,sent_at,text\nAnn,2024-05-03T21:14:00Z,"a ""quoted"" one\nand more"\n',
    ),
    "slack": (
        (
            b'[{"type":"message","user":"U1","text":"<@U1> &amp; <http://a|b>","ts":"1714770840.000100","thread_ts":'
            b'"1714770840.000100","files":[{"name":"a.png","mimetype":"image/png"}],"edited":{"ts":"1"}}]'
        ),
    ),
}


def slack_zip(data: bytes) -> bytes:
    """Return an export whose day, and whose lists, hold what the fuzzer made."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("general/2024-05-03.json", data)
        for name in _SLACK_LISTS:
            known = json.dumps([{"id": "C1", "name": "general", "members": ["U1"]}]).encode()
            archive.writestr(name, known if data[:1] == b"[" else data)
    return packed.getvalue()


_FORMATS: dict[str, tuple[ExportFormat, str, Callable[[bytes], bytes]]] = {
    "whatsapp": (WhatsApp(), "chat.txt", bytes),
    "telegram": (TelegramExport(), "result.json", bytes),
    "discord": (DiscordExport(), "channel.json", bytes),
    "plain": (PlainExport(), "chat.jsonl", bytes),
    "slack": (SlackExport(), "slack.zip", slack_zip),
}


def package_zip(data: bytes) -> bytes:
    """Return a data package of Discord whose channel holds what the fuzzer made."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("messages/c12/messages.csv" if data[:1] != b"[" else "messages/c12/messages.json", data)
        archive.writestr("messages/c12/channel.json", data)
    return packed.getvalue()


_IN_ARCHIVES = {"messenger", "google_chat", "discord_package"}
_APART: dict[str, bytes] = {
    "google_chat": (
        b'{"messages":[{"creator":{"name":"Ann","email":"a@b"},"created_date":"Friday, May 3, 2024 at 9:14:05 PM UTC",'
        b'"text":"hi","topic_id":"t","message_id":"m","attached_files":[{"original_name":"a.png"}]}]}'
    ),
    "discord_package": (
        b'[{"ID":1,"Timestamp":"2024-05-03 21:14:05","Contents":"hi","Attachments":"https://x/a.png"}]'
    ),
}
"""What lies in archives is fuzzed on its own: most of what a fuzzer makes of an archive is none any more."""


def make_targets() -> Iterator[Target]:
    """Yield a target for each format."""
    for name, (parser, file_name, packed) in _FORMATS.items():
        yield Target(f"history-{name}", _Reading(parser, file_name, packed), _SEEDS[name])
    for name, sample in SAMPLES.items():
        if name not in _IN_ARCHIVES:
            reading = _Reading(sample.parser, sample.file, bytes)
            yield Target(f"history-{name.replace(' ', '-')}", reading, (greeting(sample),))
    for name, seed in _APART.items():
        packed = package_zip if name == "discord_package" else bytes
        reading = _Reading(SAMPLES[name].parser, "package.zip" if packed is package_zip else "messages.json", packed)
        yield Target(f"history-{name}", reading, (seed,))


class _Reading:
    def __init__(self, parser: ExportFormat, file_name: str, packed: Callable[[bytes], bytes]) -> None:
        self._parser, self._packed = parser, packed
        self._folder = tempfile.TemporaryDirectory(prefix="scrubjay-fuzz-")
        self._path = Path(self._folder.name, "export", file_name)
        self._path.parent.mkdir()

    def __call__(self, data: bytes) -> None:
        """Read a file to its end, whether the parser would have known it or not."""
        self._path.write_bytes(self._packed(data))
        self._parser.sniff(self._path)
        try:
            for chat in self._parser.open(self._path, ParseOptions(UTC)):
                for number, message in enumerate(chat.messages):
                    message.text.encode(errors="surrogatepass")  # halves of pairs are mended where it is stored
                    if message.sent_at.utcoffset() is None or number > MOST_MESSAGES:
                        raise AssertionError(message)
        except ImportRefused:
            return
