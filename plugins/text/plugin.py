"""The plugin `text`: which of its readers gets a file, each in a child process."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path, PurePath

from pydantic import BaseModel, ConfigDict, Field

from bot import Plugin, reads
from bot.reading import ChildLimits, IncomingFile, ReadItem, in_child
from plugins.text.code import read_code
from plugins.text.docx import read_docx
from plugins.text.eml import read_eml
from plugins.text.epub import read_epub
from plugins.text.html import read_html
from plugins.text.ics import read_ics
from plugins.text.ipynb import read_ipynb
from plugins.text.iwork import read_iwork
from plugins.text.markdown import read_markdown
from plugins.text.msg import read_msg
from plugins.text.odf import read_odf
from plugins.text.old_office import read_old_office
from plugins.text.options import TextOptions
from plugins.text.plain import read_plain
from plugins.text.pptx import read_pptx
from plugins.text.rst import read_rst
from plugins.text.rtf import read_rtf
from plugins.text.subtitles import read_subtitles
from plugins.text.vcf import read_vcf
from plugins.text.xls import read_xls
from plugins.text.xlsx import read_xlsx

Read = Callable[[Path, TextOptions], Iterator[ReadItem]]

_OFFICE = "application/vnd.openxmlformats-officedocument"
_BY_TYPE: dict[str, Read] = {
    f"{_OFFICE}.wordprocessingml.document": read_docx,
    f"{_OFFICE}.presentationml.presentation": read_pptx,
    f"{_OFFICE}.spreadsheetml.sheet": read_xlsx,
    "application/vnd.ms-excel": read_xls,
    "application/vnd.ms-excel.sheet.binary.macroenabled.12": read_xls,
    "application/vnd.ms-excel.sheet.macroenabled.12": read_xlsx,
    "application/vnd.oasis.opendocument.spreadsheet": read_odf,
    "application/vnd.oasis.opendocument.text": read_odf,
    "application/vnd.oasis.opendocument.presentation": read_odf,
    "application/msword": read_old_office,
    "application/vnd.ms-powerpoint": read_old_office,
    "application/epub+zip": read_epub,
    "message/rfc822": read_eml,
    "application/vnd.ms-outlook": read_msg,
    "application/rtf": read_rtf,
    "text/rtf": read_rtf,
    "text/html": read_html,
    "application/xhtml+xml": read_html,
    "text/markdown": read_markdown,
    "text/x-markdown": read_markdown,
    "application/x-subrip": read_subtitles,
    "text/vtt": read_subtitles,
    "text/calendar": read_ics,
    "text/vcard": read_vcf,
    "text/x-vcard": read_vcf,
    "text/x-rst": read_rst,
    "text/prs.fallenstein.rst": read_rst,
    "application/x-ipynb+json": read_ipynb,
    "text/x-ssa": read_subtitles,
}
_CODE = (
    ".bash .c .cc .clj .cpp .cs .css .cxx .dart .erl .ex .exs .f90 .go .gradle .groovy .h .hpp .hs .hxx .java .jl .js "
    ".jsx .kt .kts .lua .m .mjs .ml .mm .php .pl .pm .proto .ps1 .py .pyi .r .rb .rs .scala .sh .sql .swift .tf .ts "
    ".tsx .vue .zig .zsh"
)
_PLAIN = (
    ".adoc .asc .bib .cfg .conf .diff .env .ini .json .log .nfo .org .patch .properties .tex .text .toml .txt "
    ".xml .yaml .yml"
)
_BY_ENDING: dict[str, Read] = {
    **dict.fromkeys(_CODE.split(), read_code),
    **dict.fromkeys(_PLAIN.split(), read_plain),
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".srt": read_subtitles,
    ".vtt": read_subtitles,
    ".ass": read_subtitles,
    ".ssa": read_subtitles,
    ".htm": read_html,
    ".html": read_html,
    ".xhtml": read_html,
    ".docx": read_docx,
    ".docm": read_docx,
    ".doc": read_old_office,
    ".dot": read_old_office,
    ".ppt": read_old_office,
    ".pps": read_old_office,
    ".pptx": read_pptx,
    ".xlsx": read_xlsx,
    ".xlsm": read_xlsx,
    ".xlsb": read_xls,
    ".xls": read_xls,
    ".ods": read_odf,
    ".odt": read_odf,
    ".odp": read_odf,
    ".ott": read_odf,
    ".epub": read_epub,
    ".eml": read_eml,
    ".msg": read_msg,
    ".rtf": read_rtf,
    ".ics": read_ics,
    ".ical": read_ics,
    ".vcf": read_vcf,
    ".vcard": read_vcf,
    ".rst": read_rst,
    ".rest": read_rst,
    ".ipynb": read_ipynb,
    ".pages": read_iwork,
    ".numbers": read_iwork,
    ".key": read_iwork,
}
_OF_BYTES = (read_old_office, read_docx, read_pptx, read_xlsx, read_xls, read_odf, read_epub)
_TEXTS = ("text/*", "application/json", "application/xml", "application/yaml", "application/toml")


class TextPlugin(Plugin):
    """Reads texts, Markdown, web pages, Office files, books, mails, calendars, contacts, subtitles and source code."""

    name = "text"

    class Settings(BaseModel):
        """Limits of the process that reads a file: megabytes of memory, seconds of work, megabytes unpacked."""

        model_config = ConfigDict(extra="forbid")

        memory_mb: int = Field(default=1024, ge=256)
        cpu_seconds: int = Field(default=300, ge=1)
        unpacked_mb: int = Field(default=500, ge=1)

    settings: Settings

    @reads(*_BY_TYPE, *_TEXTS, endings=tuple(_BY_ENDING))
    async def read(self, file: IncomingFile) -> AsyncIterator[ReadItem]:
        """Yield what is in a file."""
        limits = ChildLimits(
            memory_mb=self.settings.memory_mb,
            cpu_seconds=self.settings.cpu_seconds,
            memory_setting="plugins.settings.text.memory_mb",
            seconds_setting="plugins.settings.text.cpu_seconds",
        )
        limits = limits.for_size(file.size, seconds_per_megabyte=120)
        options = TextOptions(self.settings.unpacked_mb)
        async for item in in_child(reader_of(file), file.path, options, limits):
            yield item


_OLE = b"\xd0\xcf\x11\xe0"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_OLDER: dict[Read, Read] = {read_docx: read_old_office, read_pptx: read_old_office, read_xlsx: read_xls}
"""What reads a file of the same program from before 2007."""


def reader_of(file: IncomingFile) -> Read:
    """Return the reader of a file: by its media type where that is a kind of its own, else by its name's ending."""
    by_ending = _BY_ENDING.get(PurePath(file.name).suffix.casefold(), read_plain)
    if file.media_type == "text/plain" and by_ending in _OF_BYTES:
        return read_plain  # what is called a document, but is text
    reader = _BY_TYPE.get(file.media_type, by_ending)
    return _OLDER.get(reader, reader) if _is_old(file.path) else reader


def _is_old(path: Path) -> bool:
    """Whether a file is from an Office before 2007, whatever it is called; encrypted ones are in the same container."""
    try:
        with path.open("rb") as file:
            return file.read(len(_OLE)) == _OLE and _ENCRYPTED not in file.read(1 << 20)
    except OSError:
        return False
