"""What a message of ChatGPT's export shows: words, pictures, voice and documents, and no tools and thoughts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Final, NamedTuple

from adapters.exports.archive import MediaTree
from adapters.exports.json_files import parse_line
from adapters.exports.json_stream import as_list, as_map, as_text
from adapters.exports.messages import make_attachment
from adapters.exports.parsed import AttachmentKind, ParsedAttachment

Record = dict[str, object]
_SAID: Final = frozenset({"text", "multimodal_text", ""})
"""Kinds of content that people see as messages; the others are the assistant's tools and thoughts."""
_TO_ALL: Final = frozenset({"", "all"})
_CANVAS: Final = ("canmore.create_textdoc", "canmore.update_textdoc")
_WHOLE: Final = frozenset({".*", "^.*$", "(?s).*", "[\\s\\S]*"})
_MARKS: Final = ("\ue200", "【")
_MARK: Final = re.compile(r"\ue200(?:entity\ue202\[\"[^\"]*\",\"([^\"]*)\"[^\ue201]*|[^\ue201]*)\ue201")
"""What stands for a source or a name: between characters of private use."""
_OLD_MARK: Final = re.compile(r"【[^【】\n]{0,80}†[^【】\n]{0,200}】")
_FILE_ID: Final = re.compile(r"file[-_][A-Za-z0-9]+")
_KINDS: Final[tuple[tuple[str, AttachmentKind], ...]] = (("audio", "audio"), ("video", "video"), ("image", "image"))


class Shown(NamedTuple):
    """What a message shows."""

    text: str
    files: tuple[ParsedAttachment, ...]


def read_content(message: Record, uploads: dict[str, str]) -> Shown | None:
    """Return what a message shows; None for one that the page doesn't show as somebody's."""
    role, to = as_text(as_map(message.get("author")).get("role")), as_text(message.get("recipient"))
    metadata, content = as_map(message.get("metadata")), as_map(message.get("content"))
    if metadata.get("is_visually_hidden_from_conversation") is True:
        return None
    if to in _CANVAS and role == "assistant":
        return _read_document(content)
    if to not in _TO_ALL or as_text(content.get("content_type")) not in _SAID:
        return None
    if role == "tool":
        drawn = tuple(_find_drawn(content, uploads))
        return Shown("", drawn) if drawn else None
    if role not in {"user", "assistant"}:
        return None
    return Shown(_resolve_marks(_words_of(content), metadata), tuple(_files_of(metadata, content, uploads)))


def index_uploads(media: MediaTree) -> dict[str, str]:
    """Return where the files of an export lie, by the ids that their names begin with."""
    found = ((_FILE_ID.match(PurePosixPath(name).name), name) for name in media.names())
    return {identity[0]: name for identity, name in found if identity}


def _words_of(content: Record) -> str:
    parts = as_list(content.get("parts")) or [as_text(content.get("text"))]
    words = (part if isinstance(part, str) else as_text(as_map(part).get("text")) for part in parts)
    return "\n".join(word for word in words if word).strip()


def _read_document(content: Record) -> Shown | None:
    """Return the text of a document beside the conversation: as it was made, or as it was written again whole."""
    parts = [*as_list(content.get("parts")), as_text(content.get("text"))]
    document = next(filter(None, (parse_line(part) if isinstance(part, str) else as_map(part) for part in parts)), {})
    rewritten = [each for each in map(as_map, as_list(document.get("updates"))) if each.get("pattern") in _WHOLE]
    text = as_text(document.get("content")) or "\n".join(as_text(each.get("replacement")) for each in rewritten)
    return Shown("\n\n".join(filter(None, [as_text(document.get("name")), text.strip()])), ()) if text.strip() else None


def _resolve_marks(text: str, metadata: Record) -> str:
    """Return a text with what the page shows where the assistant wrote marks: links to its sources, names."""
    if not any(mark in text for mark in _MARKS):
        return text
    for reference in map(as_map, as_list(metadata.get("content_references"))):
        marked = as_text(reference.get("matched_text"))
        if marked.startswith(_MARKS):
            text = text.replace(marked, as_text(reference.get("alt")))
    return _OLD_MARK.sub("", _MARK.sub(lambda mark: mark[1] or "", text)).strip()


def _find_drawn(content: Record, uploads: dict[str, str]) -> Iterator[ParsedAttachment]:
    """Yield the pictures that the assistant drew, which its tool hands over."""
    for part in map(as_map, as_list(content.get("parts"))):
        made = as_map(part.get("metadata"))
        if made.get("dalle") or made.get("generation"):
            yield from _assets_of(part, uploads)


def _files_of(metadata: Record, content: Record, uploads: dict[str, str]) -> Iterator[ParsedAttachment]:
    named = [as_map(each) for each in as_list(metadata.get("attachments"))]
    named = [each for each in named if as_text(each.get("name"))]
    for each in named:
        path = uploads.get(as_text(each.get("id")))
        yield make_attachment(as_text(each.get("name")), path=path, present=path is not None)
    shown = {as_text(each.get("id")) for each in named}
    for part in map(as_map, as_list(content.get("parts"))):
        for identity, file in _find_files(part, uploads):
            if identity not in shown and (not file.omitted or not named or file.kind != "image"):
                yield file


def _assets_of(part: Record, uploads: dict[str, str]) -> Iterator[ParsedAttachment]:
    yield from (file for _, file in _find_files(part, uploads))


def _find_files(part: Record, uploads: dict[str, str]) -> Iterator[tuple[str, ParsedAttachment]]:
    """Yield the file that a part points to, with its id; what was said aloud points to its sound within."""
    spoken = as_map(part.get("audio_asset_pointer"))
    pointing = spoken or part
    identity = as_text(pointing.get("asset_pointer")).rpartition("/")[2]
    if not identity:
        return
    path = uploads.get(identity)
    told = "audio" if spoken else as_text(part.get("content_type"))
    kind: AttachmentKind = next((kind for word, kind in _KINDS if word in told), "image")
    name = PurePosixPath(path).name if path else None
    yield identity, make_attachment(name, kind if path is None else None, path=path, present=path is not None)
