"""Small valid files of each kind that the plugin `text` reads, made here."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime
from email.message import EmailMessage

import docx
import pptx
import xlsxwriter

HEADING = "Opening hours"
MARKDOWN = """---
title: The museum
author: Ann Reed
---
Welcome.

# Opening hours

We open at nine.

```python
# no heading

x = 1
```

Tickets
-------

Ten euros.
"""
HTML = """<!DOCTYPE html><html lang="en"><head><title>The museum</title><meta name="author" content="Ann Reed">
<style>p { color: red }</style><script>alert("no text")</script></head><body><nav>Home | Contact</nav>
<h1>Opening hours</h1><p>We open at <b>nine</b>&nbsp;sharp.</p><ul><li>Closed on Mondays</li></ul>
<table><tr><th>Who</th><th>Price</th></tr><tr><td>Adults</td><td>10 €</td></tr></table>
<h2>Getting there</h2>Take tram 5.</body></html>"""
SRT = """1
00:00:01,000 --> 00:00:03,000
Welcome to the museum.

2
00:00:42,000 --> 00:00:44,500
<i>We open at nine.</i>
"""
VTT = "WEBVTT\n\n00:01.000 --> 00:03.000\nWelcome to the museum.\n\n01:02:03.000 --> 01:02:05.000\nGoodbye.\n"
ASS = """[Script Info]
ScriptType: v4.00+

[V4+ Styles]

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
Dialogue: 0,0:00:42.00,0:00:44.00,Default,,0,0,0,,{\\b1}We open at nine.{\\b0}
"""
PYTHON = '''"""Opening hours of the museum."""

import datetime

OPENS = 9


def is_open(hour: int) -> bool:
    """Say whether it is open at this hour."""
    return hour >= OPENS


class Door:
    """The door."""

    colour = "red"

    @property
    def open(self) -> bool:
        """Whether it stands open."""
        return is_open(datetime.datetime.now().hour)
'''
RUST = """use std::fmt;

/// Says whether it is open at this hour.
pub fn is_open(hour: u8) -> bool {
    let opens = 9;

    hour >= opens
}

pub struct Door {
    colour: String,
}
"""
RST = """Museum
======

We open at :ref:`nine <hours>`. See |place|.

.. |place| replace:: the harbour

.. note:: Closed in *May*.

.. code-block:: python
   :linenos:

   x = 1

+-----+-----+
| Who | Fee |
+-----+-----+
"""
NOTEBOOK = """{"nbformat": 4, "cells": [
{"cell_type": "markdown", "source": ["# Hours\\n", "Nine."]},
{"cell_type": "code", "source": "2 + 2", "outputs": [{"data": {"text/plain": ["4"], "image/png": "a"}}]}]}"""
RTF = (
    r"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}}{\*\generator Word;}\f0\fs24 Opening hours\par "
    r"We open at nine \'96 sharp.\par Ol\u225?, caf\'e9 \u-10179?\u-8694?\par}"
)


def docx_file() -> bytes:
    document = docx.Document()
    document.core_properties.title = "The museum"
    document.core_properties.author = "Ann Reed"
    document.core_properties.created = datetime(2024, 5, 3, 12, tzinfo=UTC)
    document.add_paragraph("Welcome.")
    document.add_heading(HEADING, 1)
    document.add_paragraph("We open at nine.")
    table = document.add_table(2, 2)
    for row, cells in zip(table.rows, (("Who", "Price"), ("Adults", "10 €")), strict=True):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    document.add_heading("Tickets", 2)
    document.add_paragraph("Ten euros.")
    return _saved(document)


def pptx_file() -> bytes:
    presentation = pptx.Presentation()
    presentation.core_properties.title = "The museum"
    for title, body in ((HEADING, "We open at nine."), ("Tickets", "Ten euros.")):
        slide = presentation.slides.add_slide(presentation.slide_layouts[1])
        slide.shapes.title.text = title
        slide.placeholders[1].text = body
    presentation.slides[1].notes_slide.notes_text_frame.text = "Mention the discount."
    return _saved(presentation)


def xlsx_file() -> bytes:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    sheet = book.add_worksheet("Budget")
    sheet.write_row(0, 0, ["Item", "Cost", "Due"])
    sheet.write_row(1, 0, ["Hotel", 120.5])
    sheet.write_datetime(1, 2, datetime(2024, 5, 3), book.add_format({"num_format": "yyyy-mm-dd"}))  # noqa: DTZ001 (Excel knows no zones)
    sheet.write_row(3, 0, ["Tram", 7])
    book.add_worksheet("Empty")
    book.close()
    return target.getvalue()


def epub_file(*, encrypted: str = "") -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as book:
        book.writestr("mimetype", "application/epub+zip")
        book.writestr(
            "META-INF/container.xml",
            '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
            '<rootfile full-path="OEBPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>',
        )
        if encrypted:
            book.writestr(
                "META-INF/encryption.xml",
                f'<encryption><EncryptedData><EncryptionMethod Algorithm="{encrypted}"/></EncryptedData></encryption>',
            )
        book.writestr(
            "OEBPS/book.opf",
            '<package xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata><dc:title>The museum</dc:title>'
            "<dc:creator>Ann Reed</dc:creator></metadata><manifest>"
            '<item id="cover" href="cover.xhtml" media-type="application/xhtml+xml"/>'
            '<item id="two" href="two%20b.xhtml" media-type="application/xhtml+xml"/>'
            '<item id="one" href="one.xhtml" media-type="application/xhtml+xml"/></manifest>'
            '<spine><itemref idref="cover"/><itemref idref="one"/><itemref idref="two"/></spine></package>',
        )
        book.writestr("OEBPS/cover.xhtml", "<html><body><img src='a.png'/></body></html>")
        book.writestr(
            "OEBPS/one.xhtml",
            '<?xml version="1.0" encoding="utf-8"?><html><head><title>x</title></head>'
            "<body><h1>Opening hours</h1><p>We open at nine.</p></body></html>",
        )
        book.writestr("OEBPS/two b.xhtml", "<html><body><h1>Tickets</h1><p>Ten euros.</p></body></html>")
    return target.getvalue()


def eml_file() -> bytes:
    message = EmailMessage()
    message["From"] = "Ann Reed <ann@example.org>"
    message["To"] = "bob@example.org"
    message["Subject"] = "Öffnungszeiten"
    message["Date"] = "Fri, 03 May 2024 14:00:00 +0200"
    message.set_content("Dear Bob,\n\nwe open at nine – sharp.\n")
    message.add_alternative("<p>Dear Bob</p>", subtype="html")
    message.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename="plan.pdf")
    return message.as_bytes()


CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
BEGIN:VEVENT
UID:1
SUMMARY:Opening
DTSTART;TZID=Europe/Lisbon:20240503T090000
DURATION:PT3H
RRULE:FREQ=WEEKLY;BYDAY=FR;COUNT=4
EXDATE;TZID=Europe/Lisbon:20240510T090000
ATTENDEE;CN=Bo:mailto:bo@example.org
DESCRIPTION:We open at nine.
END:VEVENT
END:VCALENDAR
"""


CONTACT = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ana Lima\r\nTEL;TYPE=CELL:+351 912 000 000\r\nEND:VCARD\r\n"


def every_kind() -> dict[str, bytes]:
    """Return a valid file of each kind by its name."""
    texts = {
        "a.txt": "Welcome.\n\nWe open at nine.\n", "a.md": MARKDOWN, "a.html": HTML, "a.srt": SRT, "a.vtt": VTT,
        "a.ass": ASS, "a.py": PYTHON, "a.rs": RUST, "a.rtf": RTF, "a.rst": RST, "a.ipynb": NOTEBOOK, "a.ics": CALENDAR,
        "a.vcf": CONTACT,
    }  # fmt: skip
    return {name: text.encode() for name, text in texts.items()} | {
        "a.docx": docx_file(),
        "a.pptx": pptx_file(),
        "a.xlsx": xlsx_file(),
        "a.epub": epub_file(),
        "a.eml": eml_file(),
    }


def _saved(document: object) -> bytes:
    target = io.BytesIO()
    document.save(target)  # type: ignore[attr-defined]  # both libraries' documents have it
    return target.getvalue()
