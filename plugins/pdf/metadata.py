"""What a PDF file says of itself: title, author, date, language, and the files inside it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

import pypdfium2 as pdf
import pypdfium2.raw as pdfium

from bot.reading import About
from plugins.pdf.wide_text import write_wide_text

_DATE = re.compile(
    r"(?:D:)?(\d{4})-?(\d\d)?-?(\d\d)?[T ]?(\d\d)?:?(\d\d)?:?(\d\d)?\s*(?:([+-])(\d\d)[':]?(\d\d)?)?", re.ASCII
)
_NO_TITLE = re.compile(
    r"(?:untitled|anonymous|unspecified|unknown|title|author|(?:microsoft \w+ - )?\S*\.(?:docx?|pptx?|xlsx?|tex|pdf))$",
    re.IGNORECASE,
)
_MOST_NAMED = 10
_LONGEST = 500


def read_about(document: pdf.PdfDocument) -> About:
    """Return what the file says of itself, left out what programs write when nobody has told them."""
    said = document.get_metadata_dict(skip_empty=True)
    return About(
        title=_read_date_text(said.get("Title", "")),
        author=_read_date_text(said.get("Author", "")),
        created_at=moment(said.get("CreationDate", "")),
        language=_language(document),
    )


def describe_attachments(document: pdf.PdfDocument) -> str | None:
    """Return a sentence that names the files inside this one, which are not read."""
    count = max(0, document.count_attachments())
    if not count:
        return None
    names = [document.get_attachment(number).get_name() or "?" for number in range(min(count, _MOST_NAMED))]
    more = f" and {count - _MOST_NAMED} more" if count > _MOST_NAMED else ""
    return f"Files attached inside it were not read: {', '.join(names)}{more}."


def moment(text: str) -> datetime | None:
    """Read a date of PDF ("D:20240131120000+01'00'", ISO 32000-1, 7.9.4); None when it is none."""
    found = _DATE.match(text.strip())
    if found is None:
        return None
    *numbers, sign, hours, minutes = found.groups()
    year, month, day, hour, minute, second = (int(number) if number else None for number in numbers)
    away = timedelta(hours=int(hours or 0), minutes=int(minutes or 0)) * (-1 if sign == "-" else 1)
    try:
        zone = timezone(away) if away else UTC
        return datetime(year or 0, month or 1, day or 1, hour or 0, minute or 0, second or 0, tzinfo=zone)
    except ValueError:
        return None


def _read_date_text(text: str) -> str | None:
    text = " ".join(text.replace("\0", "").split())
    return None if _NO_TITLE.match(text) else text[:_LONGEST] or None


def _language(document: pdf.PdfDocument) -> str | None:
    return write_wide_text(lambda units, size: pdfium.FPDFCatalog_GetLanguage(document, units, size)) or None
