"""The plugin: which pictures it reads, within which limits."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from importlib.util import find_spec

from pydantic import BaseModel, ConfigDict, Field

from bot import Plugin, reads
from bot.errors import FileUnreadable, ModelError, ReaderMissing
from bot.plugin import Capability
from bot.reading import ChildLimits, IncomingFile, ReadItem, in_child
from bot.translation import gettext
from plugins.pictures.describing import Description, describe_picture
from plugins.pictures.reader import read_picture

logger = logging.getLogger(__name__)

_KINDS = ("image/jpeg", "image/png", "image/webp", "image/gif", "image/bmp", "image/tiff")
_ENDINGS = (".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp", ".tif", ".tiff")
_IS_OCR_THERE = find_spec("rapidocr") is not None
"""Whether the extra `ocr` is installed."""

_SILENT_SECONDS = 300
"""What reads pictures may take minutes to load where many others want the processor."""


class PicturesSettings(BaseModel):
    """What is done with a picture, and what reading one may take.

    `ocr` reads its text, where the extra is installed; `describe` has a model that looks at pictures say what it shows.
    """

    model_config = ConfigDict(extra="forbid")

    ocr: bool = True
    describe: bool = True
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
    """Reads the text in pictures, if the extra `ocr` is installed, and has a model that sees them describe them."""

    name = "pictures"
    Settings = PicturesSettings
    settings: PicturesSettings

    def capabilities(self) -> tuple[Capability, ...]:
        """Return the reader only where something may read: else pictures are like files of any other kind."""
        return super().capabilities() if self._reads_text or self._may_describe() else ()

    @reads(*_KINDS, endings=_ENDINGS)
    async def read(self, file: IncomingFile) -> AsyncIterator[ReadItem]:
        """Yield the text in a picture, and what a model sees. Raises FileUnreadable where there is neither."""
        limits = self.settings.limits()
        sees = await self._sees_pictures()
        if not (self._reads_text or sees):
            raise ReaderMissing(gettext("Nothing here can read {name}.", name=file.name))
        description = await self._describe(file, limits) if sees else None
        if description is not None:
            yield description.about()
            yield description.piece()
        if self._reads_text:
            try:
                async for item in in_child(read_picture, file.path, None, limits):
                    yield item
            except FileUnreadable:
                if description is None:
                    raise

    async def _describe(self, file: IncomingFile, limits: ChildLimits) -> Description | None:
        """Return what the model sees; None when it fails and the text can be read all the same."""
        try:
            return await describe_picture(file, self.model, limits)
        except FileUnreadable as error:
            if not self._reads_text:
                raise
            logger.warning("A picture was not described: %s", error)
            return None

    @property
    def _reads_text(self) -> bool:
        return self.settings.ocr and _IS_OCR_THERE

    def _may_describe(self) -> bool:
        writer = getattr(self, "model", None)  # there is none where files are read without the bot
        return writer is not None and self.settings.describe and writer.may_see_pictures

    async def _sees_pictures(self) -> bool:
        try:
            return self._may_describe() and await self.model.sees_pictures()
        except ModelError as error:
            logger.warning("Whether the model looks at pictures could not be found out: %s", error)
            return False
