"""Tells what a body holds: words, files attached or left out, an edit mark, a deletion, or a line of WhatsApp's own.

Structure decides first (direction marks, brackets, file names, what the archive holds), phrases second.
"""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import dataclass
from typing import NamedTuple

from adapters.exports.parsed import AttachmentKind, ParsedAttachment
from adapters.exports.whatsapp import deletions, phrases
from adapters.exports.whatsapp.headers import clean
from adapters.exports.whatsapp.phrase_tables import Around, fold, tables
from adapters.exports.whatsapp.system_lines import is_system_phrase

LRM, RLM = "\u200e", "\u200f"
MARKED = (LRM, RLM, "\ufeff")
"""What a body opens with when WhatsApp wrote it, and hardly ever otherwise."""
_EXTENSIONS: dict[AttachmentKind, str] = {
    "image": "jpg jpeg png gif heic heif bmp tif tiff avif",
    "video": "mp4 3gp mov avi mkv webm m4v mpg mpeg wmv",
    "audio": "opus ogg oga m4a mp3 aac amr wav flac wma",
    "contact": "vcf",
    "sticker": "was",
    "document": "pdf doc docx xls xlsx ppt pptx txt csv zip rar 7z odt ods odp rtf html htm xml json apk epub md key "
    "pages numbers ics gpx py js log tex svg psd",
}
_KIND_OF: dict[str, AttachmentKind] = {
    extension: kind for kind, extensions in _EXTENSIONS.items() for extension in extensions.split()
}
_PREFIXES: dict[str, AttachmentKind] = {
    "IMG": "image", "PHOTO": "image", "GIF": "image", "VID": "video", "VIDEO": "video", "AUD": "audio",
    "AUDIO": "audio", "PTT": "audio", "STK": "sticker", "STICKER": "sticker", "DOC": "document",
}  # fmt: skip
_NAMED = re.compile(r"^(?:\d{8}-|\d{4}-\d\d-\d\d-)?(IMG|PHOTO|GIF|VIDEO|VID|AUDIO|AUD|PTT|STICKER|STK|DOC)-\d")
_LEADING = re.compile("^[\u200e\u200f\ufeff]+")
_LINE_LEADING = re.compile("^[\u200e\ufeff]+", re.MULTILINE)
_FILE_NAME = re.compile(r"[^\n/\\<>|:*?\"]{1,200}\.\w{1,5}")
_ANDROID = re.compile(r"(?P<name>[^\n]{1,250}?\.\w{0,8}) [(（](?P<phrase>[^()（）\n]{2,50})[)）]")
_ANDROID_NUMBERED = re.compile(r"(?:IMG|VID|AUD|PTT|STK|DOC)-\d{8}-WA\d+\.?\w{0,5}")
_ANGLED = re.compile(r"[<‹＜〈](?P<inner>[^<>‹›＜＞〈〉\n]{2,300})[>›＞〉]$")
_WHOLE_ANGLED = re.compile(r"[<‹＜〈](?P<inner>[^<>‹›＜＞〈〉\n:]{3,60})[>›＞〉]")
_LAST_MARK = re.compile("[\u200e\u200f](?=[^\u200e\u200f]*$)")
_IOS_NUMBERED = re.compile(r"\d{8}-")
_PAGES = re.compile(r"^(?P<name>[^\n•]{1,250}?\.\w{1,8}) *(?:• *[^\n•]{0,40})*$")


class MessageContent(NamedTuple):
    """What a body holds; `system` when WhatsApp wrote it and not the author."""

    text: str
    attachments: tuple[ParsedAttachment, ...] = ()
    edited: bool = False
    deleted: bool = False
    system: bool = False

    @property
    def is_words(self) -> bool:
        """Whether it is only what somebody wrote."""
        return not (self.attachments or self.edited or self.deleted or self.system)


def kind_of(name: str) -> AttachmentKind:
    """Return the kind of a file by its name: WhatsApp's own prefixes, then the ending."""
    found = _NAMED.match(name)
    extension = name.rpartition(".")[2].lower() if "." in name else ""
    if found and found[1] in {"STK", "STICKER"}:
        return "sticker"
    by_extension = _KIND_OF.get(extension)
    if extension == "webp":
        return "image" if found and found[1] in {"IMG", "PHOTO"} else "sticker"
    return by_extension or (_PREFIXES[found[1]] if found else "document" if extension else "unknown")


@dataclass(frozen=True, slots=True)
class BodySource:
    """Where a body stands: on an iPhone's line or not, and whether a direction mark precedes its header.

    A marked header is media or a system line, captions aside: in 36,500 of 36,500 lines of other people's chats. A mark
    before the body alone says little: as often it opens somebody's own words.
    """

    iphone: bool = True
    marked_header: bool = False


def read_body(
    body: str, media: Container[str], *, has_author: bool, source: BodySource = BodySource()
) -> MessageContent:
    """Take a body apart; `media` tells which files lie beside the chat. Without an author it is a system line."""
    if not has_author:
        return MessageContent(_LEADING.sub("", body), system=True)
    marked = body.startswith(MARKED)
    if _is_deleted(body, marked=marked):
        return MessageContent("", deleted=True)
    body, edited = _strip_edit_mark(body)
    if body in {"", "null"}:
        return MessageContent("", (ParsedAttachment(None, "unknown", omitted=True),), edited)
    lines, attachments = _split_media(body.split("\n"), media)
    text = _LINE_LEADING.sub("", _LEADING.sub("", "\n".join(lines)))
    kind = tables().words.get(fold(text)) if source.marked_header and not attachments else None
    if kind is None and (marked or source.marked_header) and _is_unavailable(text):
        kind = "unknown"
    if kind is not None:
        return MessageContent("", (ParsedAttachment(None, kind, omitted=True),), edited)
    if source.iphone and marked and not attachments and not edited and _is_system(text, certain=source.marked_header):
        return MessageContent(text, system=True)
    return MessageContent(text, tuple(attachments), edited)


def _key(text: str) -> str:
    return clean(text).strip().rstrip(".。．").strip().casefold()


def _is_deleted(body: str, *, marked: bool) -> bool:
    if len(body) > 120 or "\n" in body:
        return False
    key = fold(body)
    if key in tables().deleted or key in deletions.DELETED:
        return True
    return marked and any(by.fullmatch(key) for by in (*tables().deleted_by, deletions.DELETED_BY_ADMIN))


def _is_unavailable(text: str) -> bool:
    return fold(text) in tables().unavailable or phrases.UNAVAILABLE.search(text.casefold()) is not None


def _strip_edit_mark(body: str) -> tuple[str, bool]:
    angled = _ANGLED.search(body[-80:])
    if angled is None or "." in angled["inner"].rstrip(". 。") or not phrases.EDITED.search(_key(angled["inner"])):
        return body, False
    end = len(body) - len(angled.group())
    return body[:end].rstrip(f"{LRM}\u200f \u00a0"), True


def _is_system(text: str, *, certain: bool) -> bool:
    """Tell a system line from what a person sent that WhatsApp marks as well: polls, places, mentions, own words."""
    if "\n" in text or text.startswith("@") or phrases.LOCATION.search(text):
        return False
    return not phrases.LIVE_LOCATION.search(text.casefold()) and (certain or is_system_phrase(text))


def _split_media(lines: list[str], media: Container[str]) -> tuple[list[str], list[ParsedAttachment]]:
    attachments: list[ParsedAttachment] = []
    kept: list[str] = []
    for number, line in enumerate(lines):
        found = _read_attachment(line, media, first=number == 0)
        if found is None:
            if not (attachments and not kept and _repeats(line, attachments)):
                kept.append(line)
            continue
        attachment, text = found
        attachments.append(attachment)
        if text:
            kept.append(text)
    return kept, attachments


def _repeats(line: str, attachments: list[ParsedAttachment]) -> bool:
    """Tell whether a caption is only the document's name again; an omitted one learns its name from it."""
    line = clean(line).strip()
    last = attachments[-1]
    if line == last.name:
        return True
    if last.name is None and last.omitted and last.kind == "unknown" and _FILE_NAME.fullmatch(line):
        extension = line.rpartition(".")[2].lower()
        if extension in _KIND_OF:
            attachments[-1] = ParsedAttachment(line, kind_of(line), omitted=True)
            return True
    return False


def _read_attachment(line: str, media: Container[str], *, first: bool) -> tuple[ParsedAttachment, str] | None:
    """Return the attachment that a line stands for, and the words left on it."""
    if first:
        found = _read_android(clean(line), media)
        if found:
            return found, ""
    return _read_angled(line, media, first=first) or _read_omitted(line, first=first)


def _read_android(line: str, media: Container[str]) -> ParsedAttachment | None:
    """Read "IMG-20220323-WA0002.jpg (file attached)"."""
    found = _ANDROID.fullmatch(line.strip())
    if found:
        name = found["name"]
        sure = name in media or _ANDROID_NUMBERED.fullmatch(name) or _is_attached("", f"({found['phrase']})")
        if sure or phrases.ATTACHED.search(found["phrase"].casefold()):
            return ParsedAttachment(name, kind_of(name), omitted=False)
        return None
    for around in tables().bare:
        name = line.strip()[len(around.before) : len(line.strip()) - len(around.after)].strip()
        if fold(line).startswith(around.before) and fold(line).endswith(around.after) and _FILE_NAME.fullmatch(name):
            return ParsedAttachment(name, kind_of(name), omitted=False)
    numbered = _ANDROID_NUMBERED.search(line)
    if numbered and phrases.ATTACHED.search(line.replace(numbered.group(), "").casefold()):
        return ParsedAttachment(numbered.group(), kind_of(numbered.group()), omitted=False)
    return None


def _read_angled(line: str, media: Container[str], *, first: bool) -> tuple[ParsedAttachment, str] | None:
    """Read "caption ‎<attached: NAME>", "<NAME eklendi>", "NAME ‹‎attached>", "<Media omitted>"."""
    found = _ANGLED.search(line.rstrip())
    if found is None or "://" in found["inner"]:
        return None
    before = line[: found.start()]
    inner = clean(found["inner"]).strip()
    marked = LRM in line or RLM in line
    name = _name_inside(inner, media, marked=marked)
    if name is not None:
        text = clean(before) if LRM in before or RLM in before else before
        return ParsedAttachment(name, kind_of(name), omitted=False), _caption(text, name)
    name = clean(before).strip()
    if (_is_attached(inner, "") or phrases.ATTACHED.fullmatch(inner.casefold())) and _FILE_NAME.fullmatch(name):
        return ParsedAttachment(name, kind_of(name), omitted=False), ""
    if not name and first and _WHOLE_ANGLED.fullmatch(clean(line).strip()):
        kind = tables().omitted.get(fold(inner)) or _tell_omitted_kind(inner, certain=marked)
        return (ParsedAttachment(None, kind, omitted=True), "") if kind else None
    return None


def _name_inside(inner: str, media: Container[str], *, marked: bool) -> str | None:
    """Return the file's name in "attached: NAME", "附件：NAME" or "NAME eklendi"."""
    colon = re.match(r"(?P<phrase>[^:：.]{2,40}?) ?[:：] ?(?P<name>[^\n]+)", inner)
    name, phrase = (colon["name"].strip(), colon["phrase"]) if colon else ("", "")
    if not colon:
        words = re.match(r"(?P<name>.+\.\w{1,5}) (?P<phrase>\D{2,30})$", inner)
        name, phrase = (words["name"], words["phrase"]) if words else (inner, "")
    if not _FILE_NAME.fullmatch(name) and name not in media:
        return None
    known = _is_attached(phrase, "") or _is_attached("", phrase) or bool(phrases.ATTACHED.search(phrase.casefold()))
    sure = name in media or (_IOS_NUMBERED.match(name) and (marked or known)) or (known and bool(phrase))
    return name if sure or (marked and phrase) else None


def _is_attached(before: str, after: str) -> bool:
    """Tell whether this is what the app writes around the name of a file, in some language."""
    return Around(fold(before).rstrip(":： "), fold(after)) in tables().attached


def _caption(text: str, name: str) -> str:
    """Drop the document's name, and its pages, that iOS writes before the mark; else it is a caption."""
    text = text.strip()
    paged = _PAGES.match(clean(text))
    if paged and (name.endswith(paged["name"].strip()) or "•" in text):
        return ""
    return text


def _read_omitted(line: str, *, first: bool) -> tuple[ParsedAttachment, str] | None:
    """Read "‎image omitted" and "X.pdf • ‎2 pages ‎document omitted"."""
    mark = _LAST_MARK.search(line)
    before, after = (line[: mark.start()], line[mark.end() :]) if mark else ("", line)
    if mark and len(after) <= 60:
        kind = tables().omitted.get(fold(after)) or _guess_omitted(after)
        if kind:
            paged = _PAGES.match(clean(before).strip())
            if paged and kind == "document":
                return ParsedAttachment(paged["name"].strip(), kind, omitted=True), ""
            return ParsedAttachment(None, kind, omitted=True), _LEADING.sub("", before).strip()
    if first and not mark and len(line) <= 60 and (kind := _tell_unmarked_kind(line)):
        return ParsedAttachment(None, kind, omitted=True), ""
    return None


def _guess_omitted(phrase: str) -> AttachmentKind | None:
    """Return what seems to be left out; a missed video call is none of that, though its words are much the same."""
    return None if fold(phrase) in tables().system else _tell_omitted_kind(clean(phrase).strip(), certain=False)


def _tell_unmarked_kind(line: str) -> AttachmentKind | None:
    """Return what was left out where the mark was lost; "ei kuvaa" may be somebody's words, "image omitted" is not."""
    if _key(line) in phrases.OMITTED_EXACTLY:
        return _tell_omitted_kind(line, certain=False) or "unknown"
    return tables().omitted.get(fold(line)) if phrases.OMITTED.search(line.casefold()) else None


def _tell_omitted_kind(phrase: str, *, certain: bool) -> AttachmentKind | None:
    """Return what was left out, if `phrase` says so; `certain` when the marks leave no doubt that it does."""
    lowered = phrase.casefold()
    if len(lowered.split()) > 6:
        return None
    verb = phrases.OMITTED.search(lowered)
    for kind, nouns in phrases.KIND_NOUNS:
        if nouns.search(lowered):
            return kind if verb or certain else None
    return "unknown" if verb and certain else None
