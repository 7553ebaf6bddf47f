"""The plugin: which pictures it reads, within which limits."""

from __future__ import annotations

from collections.abc import AsyncIterator
from importlib.util import find_spec

from pydantic import BaseModel, ConfigDict, Field

from bot import Plugin, reads
from bot.reading import ChildLimits, IncomingFile, ReadItem, in_child
from plugins.pictures.reader import read_picture

_KINDS = ("image/jpeg", "image/png", "image/webp", "image/gif", "image/bmp", "image/tiff")
_ENDINGS = (".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp", ".tif", ".tiff")
_IS_INSTALLED = find_spec("rapidocr") is not None
"""Without the extra `ocr` nobody reads pictures: then they are remembered by their names and captions alone."""

_SILENT_SECONDS = 300
"""What reads pictures may take minutes to load where many others want the processor."""


class PicturesSettings(BaseModel):
    """What reading one picture may take."""

    model_config = ConfigDict(extra="forbid")

    memory_mb: int = Field(default=1536, ge=512)
    max_seconds: int = Field(default=120, ge=1)

    def limits(self) -> ChildLimits:
        """Return what the child process may use."""
        return ChildLimits(
            memory_mb=self.memory_mb,
            cpu_seconds=self.max_seconds,
            silent_seconds=_SILENT_SECONDS,
            memory_setting="plugins.settings.pictures.memory_mb",
            seconds_setting="plugins.settings.pictures.max_seconds",
        )


class PicturesPlugin(Plugin):
    """Reads the text in pictures, if the extra `ocr` is installed."""

    name = "pictures"
    Settings = PicturesSettings
    settings: PicturesSettings

    if _IS_INSTALLED:

        @reads(*_KINDS, endings=_ENDINGS)
        async def read(self, file: IncomingFile) -> AsyncIterator[ReadItem]:
            """Read a picture in a child process. Raises FileUnreadable."""
            async for item in in_child(read_picture, file.path, None, self.settings.limits()):
                yield item
