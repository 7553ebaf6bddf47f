"""The plugin: which files it reads, within which limits."""

from __future__ import annotations

from collections.abc import AsyncIterator

from pydantic import BaseModel, ConfigDict, Field

from bot import Plugin, reads
from bot.errors import FileUnreadable
from bot.reading import ChildAccess, ChildLimits, IncomingFile, ReadItem, in_child
from bot.translation import gettext
from plugins.pdf.options import MOST_WORKERS, PdfOptions
from plugins.pdf.reader import read_pdf

_MEGABYTE = 1 << 20
_SILENT_SECONDS = 300
"""What reads pictures of pages may take minutes to load where many others want the processor."""
_SECONDS_PER_MEGABYTE = 1000
"""Two hundred scanned pages in two colours, five seconds' work each."""
ACCESS = ChildAccess(processes=MOST_WORKERS)
"""The pages of a long file are read by copies of the process."""
_WEB = ("http://", "https://")


class PdfSettings(BaseModel):
    """How much of a PDF file is read, and how."""

    model_config = ConfigDict(extra="forbid")

    max_mb: int = Field(default=500, ge=1)
    max_pages: int = Field(default=5000, ge=1)
    repeated_lines: bool = False
    ocr: bool = True
    ocr_pages: int = Field(default=200, ge=1)
    memory_mb: int = Field(default=1536, ge=256)
    max_seconds: int = Field(default=1800, ge=1)

    def limits(self, size: int) -> ChildLimits:
        """Return what the child process may use for a file of so many bytes."""
        limits = ChildLimits(
            memory_mb=self.memory_mb,
            cpu_seconds=self.max_seconds,
            silent_seconds=_SILENT_SECONDS,
            memory_setting="plugins.settings.pdf.memory_mb",
            seconds_setting="plugins.settings.pdf.max_seconds",
        )
        return limits.for_size(size, seconds_per_megabyte=_SECONDS_PER_MEGABYTE)


class PdfPlugin(Plugin):
    """Reads PDF files: text by page and heading, tables, forms, notes; and pictures of text with the extra `ocr`."""

    name = "pdf"
    Settings = PdfSettings
    settings: PdfSettings

    @reads("application/pdf", endings=(".pdf",))
    async def read(self, file: IncomingFile) -> AsyncIterator[ReadItem]:
        """Read a PDF file in a child process. Raises FileUnreadable and PasswordNeeded."""
        settings = self.settings
        if file.size > settings.max_mb * _MEGABYTE:
            raise FileUnreadable(
                gettext(
                    "{name} is too large: I read PDF files of up to {megabytes} MB.",
                    name=file.name,
                    megabytes=settings.max_mb,
                )
            )
        options = PdfOptions(
            password=file.password,
            address=file.source if file.source.startswith(_WEB) else None,
            most_pages=settings.max_pages,
            repeated_lines=settings.repeated_lines,
            ocr=settings.ocr,
            most_ocr_pages=settings.ocr_pages,
        )
        async for item in in_child(read_pdf, file.path, options, settings.limits(file.size), ACCESS):
            yield item
