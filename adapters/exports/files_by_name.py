"""What kind of file a name stands for, where the export does not say."""

from __future__ import annotations

import mimetypes

from adapters.exports.parsed import AttachmentKind

_KINDS: dict[str, AttachmentKind] = {"image": "image", "video": "video", "audio": "audio"}
_MORE = {".opus": "audio/ogg", ".webp": "image/webp", ".heic": "image/heic", ".m4a": "audio/mp4", ".vcf": "text/vcard",
         ".md": "text/markdown", ".jsonl": "application/x-ndjson"}  # fmt: skip
UNKNOWN = "application/octet-stream"


def media_type_of(name: str) -> str:
    """Return the media type that a file's name stands for, the same on every system; unknown ones are mere bytes."""
    ending = name[name.rfind(".") :].lower() if "." in name else ""
    return _MORE.get(ending) or mimetypes.types_map.get(ending) or UNKNOWN


def kind_of_file(name: str) -> AttachmentKind:
    """Return the kind of a file by the ending of its name."""
    media_type = media_type_of(name)
    if media_type == "text/vcard":
        return "contact"
    return _KINDS.get(media_type.partition("/")[0], "document" if name else "unknown")
