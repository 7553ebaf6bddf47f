"""What the system's errors about files mean for who meets them: which file, what is wrong, and what to do."""

from __future__ import annotations

import errno
import re
from pathlib import Path

from bot.translation import gettext, gettext_noop

_PART = re.compile(r"\.(.{1,255})\.part")
"""What a file is called for as long as it is being written."""
_ADVICE = {
    errno.ENOENT: gettext_noop("{file}: there is no such file; check its name"),
    errno.EACCES: gettext_noop("{file}: you may not read or write it; check its permissions and those of its folder"),
    errno.EPERM: gettext_noop("{file}: you may not read or write it; check its permissions and those of its folder"),
    errno.EROFS: gettext_noop("{file}: nothing can be written there; choose another place"),
    errno.ENOSPC: gettext_noop("{file}: the disk is full; free some space, or choose another place"),
    errno.EDQUOT: gettext_noop("{file}: the disk is full; free some space, or choose another place"),
    errno.EISDIR: gettext_noop("{file} is a folder; name a file"),
    errno.ENAMETOOLONG: gettext_noop("{file}: the name is too long; choose a shorter one"),
}
_NO_FOLDER = gettext_noop("{file}: there is no folder {folder}; make it, or choose another place")


def describe_file_error(error: OSError) -> str:
    """Return a sentence that names the file, as its user knows it, and says what to do, as far as that is known."""
    if not isinstance(error.filename, str | Path):
        return error.strerror or str(error)
    file = _as_named(Path(error.filename))
    if error.errno in (errno.ENOENT, errno.ENOTDIR) and not file.parent.is_dir():
        return gettext(_NO_FOLDER, file=file, folder=file.parent)
    advice = _ADVICE.get(error.errno or 0)
    return f"{file}: {error.strerror}" if advice is None else gettext(advice, file=file)


def _as_named(file: Path) -> Path:
    part = _PART.fullmatch(file.name)
    return file if part is None else file.with_name(part[1])
