"""Names that strangers gave to files, made fit for a folder and for a sentence."""

from __future__ import annotations

import re
import unicodedata

_LONGEST = 120  # characters; most file systems take 255 bytes
_UNFIT = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\u2028\u2029\u202a-\u202e\u2066-\u2069]+')
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?=\.|\Z)", re.IGNORECASE)


def safe_name(name: str) -> str:
    """Return the last part of a name, without what leads to other folders or other lines; its ending stays."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    fit = _UNFIT.sub("_", last.encode(errors="ignore").decode()).strip(" .")
    fit = f"_{fit}" if _RESERVED.match(fit) else fit
    if len(fit) > _LONGEST:
        stem, dot, ending = fit.rpartition(".")
        kept = dot + ending if stem and len(ending) < _LONGEST // 4 else ""
        fit = fit[: _LONGEST - len(kept)] + kept
    while len(fit.encode()) > 2 * _LONGEST:
        stem, dot, ending = fit.rpartition(".")
        fit = f"{stem[:-8]}{dot}{ending}" if len(stem) > len(fit) // 2 else fit[:-8]
    return fit or "file"
