"""Files that go with a reply: handed over first, then sent by their id.

https://developers.facebook.com/docs/whatsapp/cloud-api/reference/media#supported-media-types
"""

from __future__ import annotations

from dataclasses import dataclass

from adapters.whatsapp.api import GraphApi
from adapters.whatsapp.places import Json
from bot.events import OutFile

_MEGABYTE = 1_000_000
_PLAIN = "text/plain"
_OFFICE = "application/vnd.openxmlformats-officedocument."
_KINDS: dict[str, tuple[frozenset[str], int]] = {
    "image": (frozenset({"image/jpeg", "image/png"}), 5 * _MEGABYTE),
    "audio": (frozenset({"audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg"}), 16 * _MEGABYTE),
    "video": (frozenset({"video/mp4", "video/3gpp"}), 16 * _MEGABYTE),
    "document": (
        frozenset(
            {
                _PLAIN,
                "application/pdf",
                "application/msword",
                "application/vnd.ms-excel",
                "application/vnd.ms-powerpoint",
                f"{_OFFICE}wordprocessingml.document",
                f"{_OFFICE}spreadsheetml.sheet",
                f"{_OFFICE}presentationml.presentation",
            }
        ),
        100 * _MEGABYTE,
    ),
}
_TEXTS = frozenset({"application/json", "application/xml", "application/yaml", "application/toml"})


@dataclass(frozen=True, slots=True)
class UploadType:
    """How a file is sent: as which kind of message, and as which type."""

    kind: str
    media_type: str


def shape_of(file: OutFile) -> UploadType | None:
    """Return how WhatsApp takes a file; None when it does not. Whatever is text goes as plain text."""
    media_type = file.media_type.partition(";")[0].strip().casefold()
    if media_type.startswith("text/") or media_type in _TEXTS or media_type.endswith(("+json", "+xml")):
        media_type = _PLAIN
    for kind, (types, limit) in _KINDS.items():
        if media_type in types and len(file.data) <= limit:
            return UploadType(kind, media_type)
    return None


async def upload(api: GraphApi, file: OutFile, shape: UploadType) -> Json:
    """Hand a file over, and return the message that sends it. Raises AdapterError."""
    told = await api.upload(f"{api.number}/media", file.name, shape.media_type, file.data)
    media: Json = {"id": str(told["id"])}
    if shape.kind == "document":
        media["filename"] = file.name
    if file.voice and shape.media_type == "audio/ogg":
        media["voice"] = True  # shown as a voice note, which has to be Opus in Ogg
    return {"type": shape.kind, shape.kind: media}
