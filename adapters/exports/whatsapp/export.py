"""WhatsApp's "Export chat": a text, a zip with media, or a folder of either, from any phone in any language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from itertools import chain
from pathlib import Path, PurePosixPath

from adapters.exports.archive import ZIP_MAGIC, Files, MediaBeside, open_files
from adapters.exports.decoding import decode_head, text_blocks
from adapters.exports.parsed import DateOrder, ImportWarning, ParsedChat, ParsedMessage, ParseOptions  # noqa: A004 (see there)
from adapters.exports.whatsapp.clock import Clock
from adapters.exports.whatsapp.dates import DateEvidence
from adapters.exports.whatsapp.headers import Shape, find_header, learn
from adapters.exports.whatsapp.media import is_whatsapps_own
from adapters.exports.whatsapp.notes import Notes
from adapters.exports.whatsapp.reader import WhatsAppReader
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
_MEDIA_DAY = re.compile(r"-(20\d{2})-?(\d{2})-?(\d{2})-(?:WA|\d\d-\d\d-\d\d)")


@dataclass(frozen=True, slots=True)
class _ChatText:
    """A chat's text within a source."""

    name: str
    shape: Shape

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


def _learn_shape(head: str) -> Shape | None:
    """Return the shape that reads most of the head; None when it is not a chat."""
    best: tuple[int, Shape] | None = None
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


def _count_messages(shape: Shape, head: str) -> int:
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
    order = options.date_order or _decide_order(files, found, chat)
    clock = Clock(options.timezone or LocalZone(), order)
    notes = Notes(chat)
    reader = WhatsAppReader(found.shape, clock, media, title, notes)
    chat.messages = chain.from_iterable(_read_batches(files, found.name, reader, notes))
    return chat


def _read_batches(files: Files, name: str, reader: WhatsAppReader, notes: Notes) -> Iterator[list[ParsedMessage]]:
    with closing(files.open(name)) as stream:
        yield from reader.batches(text_blocks(stream, notes.add))
    notes.close()


def _decide_order(files: Files, found: _ChatText, chat: ParsedChat) -> DateOrder:
    """Decide over the whole file whether the day or the month comes first; warn when it stays open."""
    evidence = DateEvidence()
    for block in _read_blocks(files, found.name):
        evidence.feed(found.shape.dates.findall("\n" + block))
        if evidence.settled:
            break
    order, certain = evidence.decide(_guess_order(evidence.example, found.shape))
    if certain:
        return order
    pattern = re.compile(f"{found.shape.dates.pattern}[^\n]*?{_MEDIA_DAY.pattern}")
    for block in _read_blocks(files, found.name):
        evidence.feed_media((date, year + month + day) for date, year, month, day in pattern.findall("\n" + block))
    order, certain = evidence.decide(order)
    if not certain:
        chat.warnings.append(ImportWarning(None, _describe_open_order(evidence.example, order)))
    return order


def _read_blocks(files: Files, name: str) -> Iterator[str]:
    """Yield as much of a text as can be read: damage is told by the pass that yields the messages."""
    with suppress(ImportRefused), closing(files.open(name)) as stream:
        yield from text_blocks(stream, lambda _line, _message: None)


def _guess_order(example: str, shape: Shape) -> DateOrder:
    """Return the likelier order: Americans write 3/18/22 with AM and PM, unpadded; hardly anyone else does."""
    american = re.fullmatch(r"\d{1,2}/\d{1,2}/\d\d", example) and not re.search(r"(?:^|/)0", example)
    if american and r"]{1,16}?" in shape.messages.pattern:
        return "mdy"
    return "ymd" if ". " in example and not re.search(r"\d{4}", example) else "dmy"


def _describe_open_order(example: str, order: DateOrder) -> str:
    meant = "the day" if order == "dmy" else "the month"
    return (
        f"nothing in this file tells day from month; dates such as {example} were read with {meant} first "
        "(--date-order dmy or mdy settles it)"
    )


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
