"""Makes PDF files of many kinds, each with text that is known; the benchmark reads them too."""

from __future__ import annotations

import io
import random
from collections.abc import Callable, Sequence
from pathlib import Path

import pypdfium2 as pdf
from PIL import Image, ImageDraw, ImageFont
from reportlab.lib import pdfencrypt
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate, Table

_WORDS = [
    "harbour",
    "lantern",
    "orchard",
    "thunder",
    "velvet",
    "mountain",
    "gravel",
    "whisper",
    "copper",
    "saddle",
    "meadow",
    "ribbon",
    "candle",
    "anchor",
    "feather",
    "marble",
    "walnut",
    "compass",
    "thicket",
    "barrel",
    "glacier",
    "pepper",
    "cabin",
    "violet",
    "canyon",
    "ladder",
    "timber",
    "saffron",
    "the",
    "of",
    "and",
    "with",
    "under",
    "over",
    "near",
    "beside",
    "a",
    "to",
    "in",
    "from",
    "when",
    "while",
]
_WIDTH, _HEIGHT = A4
_LEADING = 13.0


def words(count: int, seed: int) -> str:
    """Return so many words, the same ones for the same seed."""
    return " ".join(random.Random(seed).choices(_WORDS, k=count))


def sentences(count: int, seed: int) -> str:
    """Return so many sentences of eight to sixteen words."""
    lengths = random.Random(seed)
    said = (words(lengths.randint(8, 16), seed * 1000 + number) for number in range(count))
    return " ".join(f"{each.capitalize()}." for each in said)


def canvas(path: Path, **settings: object) -> Canvas:
    """Return an empty file to draw on."""
    return Canvas(str(path), pagesize=A4, invariant=1, **settings)


def column(
    page: Canvas, text: str, x: float, y: float, width: float, size: float = 10, font: str = "Helvetica"
) -> float:
    """Write text in lines that fit the width, downwards from y; return the height of the line that would follow."""
    lines: list[str] = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and pdfmetrics.stringWidth(longer, font, size) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    page.setFont(font, size)
    for line in lines:
        page.drawString(x, y, line)
        y -= size * 1.3
    return y


def prose(path: Path, pages: int = 3) -> None:
    """Write chapters in one column, by reportlab's own layout."""
    styles = getSampleStyleSheet()
    flow: list[object] = []
    for number in range(pages):
        flow += [Paragraph(f"Chapter {number + 1}", styles["Heading1"])]
        flow += [Paragraph(sentences(6, number * 10 + part), styles["BodyText"]) for part in range(5)]
        flow += [PageBreak()]
    SimpleDocTemplate(str(path), pagesize=A4, invariant=1).build(flow)


def two_columns(path: Path, pages: int = 2) -> None:
    """Write a title across the page, and two columns of text below it."""
    page = canvas(path)
    for number in range(pages):
        page.setFont("Helvetica-Bold", 18)
        page.drawString(60, 780, f"The {words(4, number)} here")
        for side in range(2):
            y = 740.0 - side * 5
            for part in range(3):
                y = column(page, sentences(7, 100 + number * 10 + side * 5 + part), 60 + side * 250, y, 220) - 8
        page.showPage()
    page.save()


def three_columns(path: Path) -> None:
    """Write three narrow columns whose lines are drawn row by row, as some programs do."""
    page = canvas(path)
    page.setFont("Times-Roman", 9)
    texts = [words(400, 300 + side).split() for side in range(3)]
    for line in range(50):
        for side in range(3):
            page.drawString(50 + side * 170, 780 - line * 12, " ".join(texts[side][line * 5 : line * 5 + 5]))
    page.showPage()
    page.save()


TABLE = [
    ["City", "Population", "Opened", "Remark"],
    *[
        [f"{words(1, 400 + n).capitalize()}ville", f"{n * 1371 + 12}", f"19{n + 10}", words(2, 450 + n)]
        for n in range(20)
    ],
]


def table(path: Path) -> None:
    """Write a table between two paragraphs."""
    styles = getSampleStyleSheet()
    flow = [
        Paragraph(sentences(4, 500), styles["BodyText"]),
        Table(TABLE, colWidths=110),
        Paragraph(sentences(4, 501), styles["BodyText"]),
    ]
    SimpleDocTemplate(str(path), pagesize=A4, invariant=1).build(flow)


def turned(path: Path, turns: Sequence[int] = (0, 180)) -> None:
    """Write pages that are turned by so many degrees, the text with them."""
    page = canvas(path)
    for turn in turns:
        page.setPageRotation(turn)
        column(page, sentences(12, 600 + turn), 60, 560 if turn % 180 else 760, 400)  # such a page lies on its side
        page.showPage()
    page.save()


def sideways(path: Path) -> None:
    """Write a page whose text runs upwards, so that it is read with the head to the left."""
    page = canvas(path)
    page.translate(_WIDTH, 0)
    page.rotate(90)
    column(page, sentences(12, 650), 60, 500, 600)
    page.showPage()
    page.save()


def hyphenated(path: Path) -> None:
    """Write a narrow column in which words are divided at the ends of lines."""
    page = canvas(path)
    page.setFont("Helvetica", 10)
    text = words(200, 700).split()
    for line in range(0, 190, 5):
        *whole, last = text[line : line + 5]
        head = text[line - 1][3:] + " " if line and len(text[line - 1]) > 6 else ""
        end = f"{last[:3]}-" if len(last) > 6 else last
        page.drawString(60, 780 - line / 5 * 13, f"{head}{' '.join(whole)} {end}")
    page.showPage()
    page.save()


ASIAN = {
    "HeiseiMin-W3": ("東京は日本の首都であり、世界最大の都市のひとつです。", "京都には古い寺が多くあります。"),
    "STSong-Light": ("北京是中华人民共和国的首都。", "长城是世界上最长的城墙。"),
    "HYSMyeongJo-Medium": ("서울은 대한민국의 수도입니다.", "부산은 항구 도시입니다."),
}


def asian(path: Path) -> None:
    """Write Japanese, Chinese and Korean, a page each, with fonts that are not in the file."""
    page = canvas(path)
    for font, lines in ASIAN.items():
        pdfmetrics.registerFont(UnicodeCIDFont(font))
        page.setFont(font, 12)
        for number, line in enumerate(lines):
            page.drawString(60, 760 - number * 16, line)
        page.showPage()
    page.save()


def embedded_font(path: Path, pages: int = 2) -> None:
    """Write with a TrueType font that is embedded in part, ligatures among its letters."""
    pdfmetrics.registerFont(TTFont("Vera", "Vera.ttf"))
    page = canvas(path)
    for number in range(pages):
        y = column(
            page,
            "The \ufb01rst of\ufb01ce \ufb02oor was ef\ufb01cient. Übergröße, naïve café, œuvre.",
            60,
            780,
            450,
            font="Vera",
        )
        column(page, sentences(14, 750 + number), 60, y - 10, 450, font="Vera")
        page.showPage()
    page.save()


def with_running_titles(path: Path, pages: int = 8) -> None:
    """Write pages with the same head, and their number at the foot."""
    page = canvas(path)
    for number in range(pages):
        page.setFont("Helvetica", 8)
        page.drawString(60, 815, "Harbour authority: yearly report")
        page.drawCentredString(_WIDTH / 2, 30, f"Page {number + 1} of {pages}")
        column(page, sentences(14, 800 + number), 60, 770, 450)
        page.showPage()
    page.save()


def typeset(path: Path, pages: int = 3) -> None:
    """Write justified text word by word, without any spaces, as TeX does."""
    page = canvas(path)
    for number in range(pages):
        text = iter(words(1000, 900 + number).split())
        page.setFont("Times-Roman", 10)
        for line in range(50):
            some: list[str] = []
            free = 470.0
            while free > 40:
                some.append(next(text))
                free = 470 - 2.5 * len(some) - pdfmetrics.stringWidth("".join(some), "Times-Roman", 10)
            x = 60.0
            for word in some:
                page.drawString(x, 780 - line * 12, word)
                x += pdfmetrics.stringWidth(word, "Times-Roman", 10) + 2.5 + free / len(some)
        page.showPage()
    page.save()


def many_pages(path: Path, pages: int, lines: int = 50) -> None:
    """Write pages of so many lines, each page with its number in a sentence."""
    page = canvas(path, pageCompression=1)
    for number in range(pages):
        block = page.beginText(60, 780)
        block.setFont("Helvetica", 10)
        block.setLeading(_LEADING)
        for line in range(lines):
            if line == lines // 2:
                block.textLine(f"This is sheet {number + 1} of the ledger.")
            block.textLine(words(13, 2000 + (number * 7 + line) % 500))
        page.drawText(block)
        page.showPage()
    page.save()


def picture_of(text: Sequence[str]) -> Image.Image:
    """Return a picture of lines of text, as a scanner would make it."""
    picture = Image.new("L", (1240, 1754), 255)
    font = ImageFont.load_default(40)
    for number, line in enumerate(text):
        ImageDraw.Draw(picture).text((120, 150 + number * 80), line, fill=0, font=font)
    return picture


def scanned(path: Path, pages: Sequence[Sequence[str] | str], stamp: str = "") -> None:
    """Write pages: a list of lines becomes a picture of them, with the stamp as text upon it, a text becomes text."""
    page = canvas(path)
    for each in pages:
        if isinstance(each, str):
            column(page, each, 60, 760, 450)
        else:
            held = io.BytesIO()
            picture_of(each).save(held, "PNG")
            held.seek(0)
            page.drawImage(ImageReader(held), 0, 0, _WIDTH, _HEIGHT)
            page.drawString(60, 30, stamp)
        page.showPage()
    page.save()


def encrypted(path: Path, user: str, owner: str = "the owner's", strength: int = 128) -> None:
    """Write a page that is encrypted for a user with a password; without one anybody may read it."""
    page = canvas(path, encrypt=pdfencrypt.StandardEncryption(user, owner, strength=strength))
    column(page, "The safe is behind the painting of the harbour.", 60, 760, 450)
    page.showPage()
    page.save()


def repeated(path: Path, pages: int) -> Path:
    """Write the pages of a file over and over, until there are so many; return where."""
    longer = path.with_suffix(".long.pdf")
    with pdf.PdfDocument(path) as source, pdf.PdfDocument.new() as target:
        while len(target) < pages:
            target.import_pages(source, list(range(min(len(source), pages - len(target)))))
        target.save(longer)
    return longer


def written(path: Path, text: str) -> None:
    """Write one page with this text."""
    page = canvas(path)
    column(page, text, 60, 760, 450)
    page.showPage()
    page.save()


READING_ORDER: dict[str, Callable[[Path], None]] = {
    "prose": prose,
    "two columns": two_columns,
    "three columns": three_columns,
    "turned pages": turned,
    "text that runs upwards": sideways,
    "divided words": hyphenated,
    "an embedded font": embedded_font,
    "running titles": with_running_titles,
    "words placed one by one": typeset,
}
"""Kinds of files with text in an order that is beyond doubt."""
