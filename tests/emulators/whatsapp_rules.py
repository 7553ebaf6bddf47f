"""What the emulated Cloud API takes, and with which error it refuses everything else.

https://developers.facebook.com/docs/whatsapp/cloud-api/reference/messages
https://developers.facebook.com/docs/whatsapp/cloud-api/reference/media#supported-media-types
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]

MEGABYTE = 1_000_000
OFFICE = "application/vnd.openxmlformats-officedocument."
TYPES: dict[str, tuple[frozenset[str], int]] = {
    "image": (frozenset({"image/jpeg", "image/png"}), 5 * MEGABYTE),
    "audio": (frozenset({"audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg"}), 16 * MEGABYTE),
    "video": (frozenset({"video/mp4", "video/3gpp"}), 16 * MEGABYTE),
    "document": (
        frozenset(
            {
                "text/plain",
                "application/pdf",
                "application/msword",
                "application/vnd.ms-excel",
                "application/vnd.ms-powerpoint",
                f"{OFFICE}wordprocessingml.document",
                f"{OFFICE}spreadsheetml.sheet",
                f"{OFFICE}presentationml.presentation",
            }
        ),
        100 * MEGABYTE,
    ),
}


@dataclass
class Refusal(Exception):  # noqa: N818 (said as such)
    """Raised for what the API refuses; `code` is its own number for why."""

    code: int
    details: str
    status: int = 400

    def json(self) -> Json:
        """Return it as the API does."""
        return {
            "error": {
                "message": f"(#{self.code}) {self.details}",
                "type": "OAuthException",
                "code": self.code,
                "error_data": {"messaging_product": "whatsapp", "details": self.details},
                "fbtrace_id": "AJAY",
            }
        }


def check_content(message: Json, *, to_group: bool, media: dict[str, str]) -> None:
    """Look at what a message holds; `media` are the types of what was uploaded, by id. Raises Refusal."""
    kind = message.get("type")
    known = {"messaging_product", "recipient_type", "to", "recipient", "context", "type", str(kind)}
    require(set(message) <= known, f"Unexpected key: {set(message) - known}", 100)
    content = message.get(str(kind))
    require(isinstance(content, dict), f"{kind} is required", 131008)
    assert isinstance(content, dict)
    match kind:
        case "text":
            require(set(content) <= {"body", "preview_url"}, "Unexpected key in text", 100)
            check_text(content.get("body"), 4096, "text.body")
        case "interactive":
            require(not to_group, "interactive messages can't be sent to groups", 131051)
            check_interactive(content)
        case "image" | "audio" | "video" | "document":
            found = media.get(str(content.get("id")))
            require(found is not None, "Media ID is not valid", 131053)
            require(found in TYPES[kind][0], f"{found} is no {kind}", 131053)
            require(("filename" in content) <= (kind == "document"), "filename is for documents", 100)
            require(set(content) <= {"id", "caption", "filename", "voice"}, "Unexpected key in media", 100)
            require("voice" not in content or found == "audio/ogg", "voice is for Ogg Opus", 100)
        case _:
            raise Refusal(131051, "Message type is not supported")


def check_interactive(content: Json) -> None:
    """Look at buttons and lists. Raises Refusal."""
    action = content["action"]
    if content["type"] == "button":
        check_text(content["body"]["text"], 1024, "body")
        buttons = action["buttons"]
        require(1 <= len(buttons) <= 3, "Invalid buttons count. Min allowed buttons: 1, Max allowed buttons: 3", 131009)
        require(all(button["type"] == "reply" for button in buttons), "Button type is not reply", 131009)
        check_options([(each["reply"]["id"], each["reply"]["title"]) for each in buttons], 256, 20)
        return
    require(content["type"] == "list", "Unknown interactive type", 131009)
    check_text(content["body"]["text"], 4096, "body")
    check_text(action["button"], 20, "action.button")
    sections = action["sections"]
    require(1 <= len(sections) <= 10, "Invalid sections count", 131009)
    require(len(sections) == 1 or all(each.get("title") for each in sections), "Sections need titles", 131009)
    rows = [row for section in sections for row in section["rows"]]
    require(1 <= len(rows) <= 10, "Total row count exceed max allowed count: 10", 131009)
    check_options([(row["id"], row["title"]) for row in rows], 200, 24)
    for row in rows:
        if "description" in row:
            check_text(row["description"], 72, "description")


def check_options(options: list[tuple[str, str]], id_chars: int, title_chars: int) -> None:
    """Look at the ids and titles of buttons or rows. Raises Refusal."""
    ids, titles = [option[0] for option in options], [option[1] for option in options]
    require(len(set(ids)) == len(ids), "Duplicated ids", 131009)
    require(len(set(titles)) == len(titles), "Duplicated titles", 131009)
    for identity, title in options:
        check_text(identity, id_chars, "id")
        require(identity == identity.strip(), "ids have blanks around them", 131009)
        check_text(title, title_chars, "title")


def check_text(text: object, most: int, name: str) -> None:
    """Look at a text that may neither be empty nor too long. Raises Refusal."""
    require(isinstance(text, str) and bool(text.strip()), f"{name} is required", 131008)
    assert isinstance(text, str)
    require(len(text) <= most, f"Param {name} must be at most {most} characters long", 100)


def check_upload(media_type: str, size: int) -> None:
    """Look at a file that is uploaded. Raises Refusal."""
    limits = [limit for types, limit in TYPES.values() if media_type in types]
    require(bool(limits), f"Param file must be a file with one of the supported types, not {media_type}", 100)
    require(size <= limits[0], "File is too large", 131053)
    require(size > 0, "File is empty", 131053)


def require(holds: bool, details: str, code: int) -> None:  # noqa: FBT001 (reads as a sentence)
    """Raise Refusal where something does not hold."""
    if not holds:
        raise Refusal(code, details)
