"""From a message of Slack's export to what the importer takes."""

from __future__ import annotations

import re
from collections.abc import Container
from datetime import datetime, timedelta, tzinfo

from adapters.exports.import_warnings import WarningCounter
from adapters.exports.json_stream import as_list, as_map, as_text
from adapters.exports.parsed import AttachmentKind, ParsedAttachment, ParsedMessage
from adapters.exports.slack.text import Names, text_of_blocks, to_plain_text, unescape
from adapters.exports.timestamps import in_zone

Record = dict[str, object]
SOMEBODY = "Somebody"
_TS = re.compile(r"(\d{1,12})(?:\.(\d{1,6}))?")
_SYSTEM = re.compile(
    r"(?:channel|group|mpim|bot|sh_room|app_conversation|huddle|reminder|ekm|assistant)_|(?:un)?pinned_item|huddle"
)
_KINDS: dict[str, AttachmentKind] = {"image": "image", "video": "video", "audio": "audio"}
_WRITTEN_BY_APPS = frozenset({"bot_message", "assistant_app_thread"})


class SlackMessageReader:
    """Reads the messages of one channel, known by `channel`, its id or folder."""

    def __init__(
        self, channel: str, names: Names, zone: tzinfo, warnings: WarningCounter, files: Container[str], folder: str
    ) -> None:
        self._channel, self._names, self._zone, self._warnings = channel, names, zone, warnings
        self._files, self._folder = files, folder

    def read(self, record: Record, number: int) -> ParsedMessage | None:
        """Return the message; None when there is nothing that could be kept."""
        subtype = as_text(record.get("subtype"))
        if subtype == "message_changed":  # an entry of the log of edits: the message as it is now
            record = as_map(record.get("message")) | {"edited": True}
            subtype = as_text(record.get("subtype"))
        deleted = subtype in {"message_deleted", "tombstone"}
        if subtype == "message_deleted":
            record = as_map(record.get("previous_message")) | {"ts": record.get("deleted_ts") or record.get("ts")}
        ts = as_text(record.get("ts"))
        sent_at = self._time(ts)
        if sent_at is None:
            self._warnings.note(number, "has no possible time; it was left out")
            return None
        author, account = self._author(record)
        system = author is None or (_SYSTEM.match(subtype) is not None and subtype not in _WRITTEN_BY_APPS)
        thread = as_text(record.get("thread_ts"))
        return ParsedMessage(
            None if system else author,
            sent_at,
            "" if deleted else self._text(record),
            "system" if system else "message",
            () if deleted else tuple(self._attachments(record)),
            edited="edited" in record,
            deleted=deleted,
            line=number,
            reply_to=f"{self._channel}:{thread}" if thread and thread != ts else None,
            external_id=f"{self._channel}:{ts}",
            author_id=None if system else account,
            thread=thread or None,
        )

    def _time(self, ts: str) -> datetime | None:
        found = _TS.fullmatch(ts)
        moment = in_zone(int(found[1]), self._zone) if found else None
        if found is None or moment is None:
            return None
        return moment + timedelta(microseconds=int((found[2] or "0").ljust(6, "0")))

    def _author(self, record: Record) -> tuple[str | None, str | None]:
        """Return who wrote it and the account: a file's comment is its commenter's, an app chooses its name."""
        comment = as_map(record.get("comment"))
        user = as_text(record.get("user")) or as_text(comment.get("user"))
        profile, bot = as_map(record.get("user_profile")), as_map(record.get("bot_profile"))
        told = as_text(record.get("username")) or as_text(bot.get("name"))
        if user and not (told and record.get("bot_id")):
            in_message = as_text(profile.get("display_name")) or as_text(profile.get("real_name"))
            return self._names.people.get(user) or in_message or told or user, user
        account = as_text(record.get("bot_id")) or user
        name = unescape(told) or self._names.people.get(account) or account
        return name or None, account or None

    def _text(self, record: Record) -> str:
        text = to_plain_text(as_text(record.get("text")), self._names)
        text = text or text_of_blocks(record.get("blocks"), self._names)
        comment = as_text(as_map(record.get("comment")).get("comment"))
        parts = [(comment and to_plain_text(comment, self._names)) or text]
        parts += [self._read_attached(as_map(each)) for each in as_list(record.get("attachments"))]
        return "\n".join(part for part in parts if part)

    def _read_attached(self, attached: Record) -> str:
        """Return the words that an app attached, or that were shared from elsewhere; a link's preview has none."""
        shared = bool(attached.get("is_share") or attached.get("is_msg_unfurl"))
        if not shared and (attached.get("from_url") or attached.get("original_url")):
            return ""
        parts = [as_text(attached.get(key)) for key in ("pretext", "title", "text")]
        fields = (as_map(each) for each in as_list(attached.get("fields")))
        parts += [": ".join(filter(None, (as_text(f.get("title")), as_text(f.get("value"))))) for f in fields]
        said = "\n".join(to_plain_text(part, self._names) for part in parts if part)
        said = said or to_plain_text(as_text(attached.get("fallback")), self._names)
        author = as_text(attached.get("author_name")) or SOMEBODY
        return f"(shared: {author})\n{said}" if shared and said else said

    def _attachments(self, record: Record) -> list[ParsedAttachment]:
        old = [record["file"]] if "file" in record and "files" not in record else []
        return [self._file(as_map(file)) for file in (*as_list(record.get("files")), *old) if isinstance(file, dict)]

    def _file(self, file: Record) -> ParsedAttachment:
        """Return a file: Slack's exports hold links only, but tools that add the bytes put them in known places."""
        identity = as_text(file.get("id"))
        name = unescape(as_text(file.get("name")) or as_text(file.get("title")))
        kind = _KINDS.get(as_text(file.get("mimetype")).partition("/")[0], "document")
        bare = name.rpartition("/")[2]
        for path in (f"{self._folder}/attachments/{identity}-{bare}", f"__uploads/{identity}/{bare}"):
            if identity and bare and path in self._files:
                return ParsedAttachment(bare, kind, omitted=False, path=path)
        return ParsedAttachment(name or None, kind if name or file.get("mimetype") else "unknown", omitted=True)
