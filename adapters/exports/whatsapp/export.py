"""WhatsApp's "Export chat": a text, a zip with media, or a folder of either, from any phone in any language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import chain
from pathlib import Path, PurePosixPath

from adapters.exports.archive import ZIP_MAGIC, Files, MediaBeside, open_files
from adapters.exports.decoding import decode_head
from adapters.exports.parsed import ParsedChat, ParsedMessage, ParseOptions
from adapters.exports.whatsapp.chat_text import ChatText, with_years
from adapters.exports.whatsapp.clock import Clock
from adapters.exports.whatsapp.date_order import decide_order
from adapters.exports.whatsapp.headers import HeaderShape, find_header, learn
from adapters.exports.whatsapp.notes import Notes
from adapters.exports.whatsapp.reader import WhatsAppReader
from adapters.exports.whatsapp.system_lines import is_whatsapps_own
from adapters.exports.whatsapp.titles import any_title, title_of
from bot import LocalZone
from bot.errors import ImportRefused

HEAD_BYTES = 256 << 10
"""How far into a file its first message is looked for."""
_HEAD_LINES = 400
_SHAPES_TRIED = 5
_LOG_LEVELS = frozenset(
    {"ERROR", "INFO", "WARN", "WARNING", "DEBUG", "NOTICE", "CRITICAL", "TRACE", "FATAL", "VERBOSE"}
)
_NUMBERED = re.compile(r"\d{8}-")


@dataclass(frozen=True, slots=True)
class _ChatText:
    """A chat's text within a source."""

    name: str
    shape: HeaderShape

    @property
    def folder(self) -> str:
        return self.name[: len(self.name) - len(PurePosixPath(self.name).name)]


class WhatsApp:
    """Reads WhatsApp's chat exports."""

    name = "whatsapp"
    label = "WhatsApp"

    def sniff(self, source: Path) -> bool:
        """Tell by its content whether `source` holds a WhatsApp chat; it never raises."""
        try:
            with open_files(source) as files:
                return next(_find_chats(files), None) is not None
        except (ImportRefused, OSError):
            return False

    def open(self, source: Path, options: ParseOptions) -> Iterator[ParsedChat]:
        """Yield the chats of `source`. Raises ImportRefused."""
        with open_files(source) as files:
            found = list(_find_chats(files))
            if not found:
                raise ImportRefused(_explain_refusal(source, files))
            for chat in found:
                yield _open_chat(files, chat, _find_title(files, chat, several=len(found) > 1), options)


def _find_chats(files: Files) -> Iterator[_ChatText]:
    for name in _candidates(files):
        head = _read_head(files, name)
        if head.startswith(ZIP_MAGIC.decode()):
            continue  # packed without compression, an archive holds its texts in plain sight
        if shape := _learn_shape(head):
            yield _ChatText(name, shape)


def _candidates(files: Files) -> list[str]:
    """Return the texts that may be chats: of those in one folder, attached ones left aside."""
    names = files.names()
    texts = [name for name in names if name.lower().endswith(".txt")] if len(names) > 1 else names
    folders: dict[str, list[str]] = {}
    for name in texts:
        if not name.startswith("__MACOSX/"):
            folders.setdefault(str(PurePosixPath(name).parent), []).append(name)
    return [name for texts in folders.values() for name in _main_texts(texts, files.label)]


def _main_texts(names: list[str], label: str) -> list[str]:
    """Choose: the one that bears the archive's name, iPhone's "_chat.txt", those named like chats, or all."""
    stem = re.sub(r"\.zip$", "", label, flags=re.IGNORECASE)
    by_name = {PurePosixPath(name).name: name for name in names}
    if f"{stem}.txt" in by_name:
        return [by_name[f"{stem}.txt"]]
    named = [name for bare, name in by_name.items() if bare == "_chat.txt" or title_of(bare)]
    return named or [name for bare, name in by_name.items() if not _NUMBERED.match(bare)]


def _read_head(files: Files, name: str) -> str:
    with closing(files.open(name)) as stream:
        return decode_head(stream.read(HEAD_BYTES))


def _learn_shape(head: str) -> HeaderShape | None:
    """Return the shape that reads most of the head; None when it is not a chat."""
    best: tuple[int, HeaderShape] | None = None
    tried: set[str] = set()
    for number, line in enumerate(head.split("\n")[:_HEAD_LINES]):
        if best and any(True for _ in best[1].dates.finditer("\n" + line)):
            continue
        header = find_header(line)
        shape = learn(line) if header else None
        if header is None or shape is None or shape.messages.pattern in tried:
            continue
        tried.add(shape.messages.pattern)
        count = _count_messages(shape, head)
        needed = (1 if number < 3 else 2) + (0 if header.certain else 2)
        if count >= needed and (best is None or count > best[0]):
            best = count, shape
        if len(tried) >= _SHAPES_TRIED:
            break
    return best[1] if best else None


def _count_messages(shape: HeaderShape, head: str) -> int:
    """Count the messages in the head; 0 when it is the log of a program, or nobody says anything in it."""
    parts: list[str | None] = [*shape.messages.split("\n" + head)]
    authors = {author for author in parts[4::5] if author}
    if authors and authors <= _LOG_LEVELS:
        return 0
    if not authors and not any(is_whatsapps_own(body or "") for body in parts[5::5]):
        return 0
    return len(parts) // 5


def _open_chat(files: Files, found: _ChatText, title: str, options: ParseOptions) -> ParsedChat:
    chat = ParsedChat(title, iter(()))
    media = MediaBeside(files, found.folder)
    chat.media = media
    notes = Notes(chat)
    text = ChatText.of(files, found.name, found.shape)
    if not text.shape.has_year:
        text = with_years(text, options)
    order = options.date_order or decide_order(text, chat, options.likely_order)
    clock = Clock(options.timezone or LocalZone(), order)
    reader = WhatsAppReader(text.shape, clock, media, title, notes, crlf=text.crlf)
    chat.messages = chain.from_iterable(_read_batches(text, reader, notes))
    return chat


def _read_batches(text: ChatText, reader: WhatsAppReader, notes: Notes) -> Iterator[list[ParsedMessage]]:
    with text.open_blocks(notes.add) as blocks:
        yield from reader.batches(blocks)
    notes.close()


def _find_title(files: Files, found: _ChatText, *, several: bool) -> str:
    """Name the chat after its text, else its folder, else its archive."""
    path = PurePosixPath(found.name)
    own = title_of(path.name)
    if own:
        return own
    if path.parent.name:
        return title_of(path.parent.name) or any_title(path.parent.name)
    if path.name == "_chat.txt" or not several:
        from_archive = title_of(files.label)
        if from_archive:
            return from_archive
        if files.label != found.name:
            return any_title(files.label)
    return "WhatsApp chat" if path.name == "_chat.txt" else any_title(path.name)


def _explain_refusal(source: Path, files: Files) -> str:
    names = _candidates(files)
    if not names:
        return f"{source}: holds no text file, so no WhatsApp chat; export the chat again and import that zip"
    with closing(files.open(names[0])) as stream:
        head = stream.read(HEAD_BYTES)
    if not head.strip(b"\0\r\n\t \xef\xbb\xbf\xff\xfe"):
        return f"{source}: {names[0]} is empty"
    text = decode_head(head)
    odd = sum((character < " " and character not in "\n\r\t") or character == "\ufffd" for character in text)
    if odd * 20 > len(text):
        return f"{source}: {names[0]} is not a text file, so no WhatsApp chat"
    return (
        f"{source}: no WhatsApp message was found in the first {_HEAD_LINES} lines of {names[0]}; "
        "in WhatsApp, choose the chat, then Export chat, and import the file it makes"
    )
