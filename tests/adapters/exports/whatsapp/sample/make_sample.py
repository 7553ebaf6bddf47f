"""Makes the sample export that the demo imports, from the conversation in `lisbon_trip.txt`.

Run it after editing the conversation: python tests/adapters/exports/whatsapp/sample/make_sample.py
"""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from pathlib import Path

HERE = Path(__file__).parent
SAMPLE = HERE.parents[4] / "bot" / "commands" / "evaluation" / "sample" / "WhatsApp Chat - Lisbon trip.zip"
NAMES = {"M": "Mara", "J": "Jonas", "I": "Inês", "T": "Tom"}
LRM = "\u200e"
_ENTRY = re.compile(r"(\d\d):(\d\d) ([MJIT-]) (.*)")
_MARK = re.compile(r" ?\{(photo|voice|edited|deleted|pdf:([^}]+))\} ?")
_EXPORTED = (2024, 9, 8, 12, 0, 0)


def conversation() -> tuple[str, dict[str, bytes]]:
    """Return the chat's text as an iPhone exports it, and its media files."""
    lines: list[str] = []
    media: dict[str, bytes] = {}
    day, minute, within = "", "", 0
    for number, raw in enumerate((HERE / "lisbon_trip.txt").read_text("utf-8").splitlines()):
        if raw.startswith("== "):
            year, month, date = raw[3:].split("-")
            day = f"{date}/{month}/{year}"
            continue
        if raw.startswith("\t"):
            lines[-1] += "\n" + raw[1:].replace("OPTION:", LRM + "OPTION:")
            continue
        entry = _ENTRY.fullmatch(raw)
        if entry is None:
            raise ValueError(f"lisbon_trip.txt, line {number + 1}: {raw!r}")
        within = within + 1 if f"{day} {entry[1]}:{entry[2]}" == minute else 0
        minute = f"{day} {entry[1]}:{entry[2]}"
        stamp = f"[{day}, {entry[1]}:{entry[2]}:{7 + (number * 5 + within * 17) % 6 + within * 9:02}]"
        lines.append(_line(stamp, entry[3], entry[4], media))
    return "\r\n".join(line.replace("\n", "\r\n") for line in lines) + "\r\n", media


def _line(stamp: str, who: str, text: str, media: dict[str, bytes]) -> str:
    if who == "-":
        author = "Lisbon trip" if text.startswith("Messages") else "Mara"
        return f"{LRM}{stamp} {author}: {LRM}{text}"
    mark = _MARK.search(text)
    words = _MARK.sub("", text)
    lead = ""
    if text.startswith(("POLL:", "location:")):
        lead, words = LRM, LRM + words[0].upper() + words[1:]
    if mark and mark[1] == "edited":
        words = f"{words} {LRM}<This message was edited>"
    elif mark and mark[1] == "deleted":
        lead, words = LRM, f"{LRM}This message was deleted."
    elif mark:
        name = _attach(mark[1], mark[2], stamp, media)
        shown = f"{mark[2]} • {LRM}1 page " if mark[2] else f"{words} " if words else ""
        lead = LRM
        words = f"{shown}{LRM}<attached: {name}>" + (f"\n{words}" if mark[2] and words else "")
    return f"{lead}{stamp} {NAMES[who]}: {words}"


def _attach(kind: str, document: str | None, stamp: str, media: dict[str, bytes]) -> str:
    day, month, year, *clock = re.findall(r"\d+", stamp)
    number = f"{40 + len(media) * 23:08}"
    taken = f"{year}-{month}-{day}-" + "-".join(clock)
    if kind == "photo":
        name, content = f"{number}-PHOTO-{taken}.png", _png(len(media))
    elif kind == "voice":
        name, content = f"{number}-AUDIO-{taken}.opus", _opus(4)
    else:
        name, content = f"{number}-{document}", _pdf(str(document).rsplit(".", maxsplit=1)[0].replace("-", " "))
    media[name] = content
    return name


def _png(seed: int, width: int = 48, height: int = 36) -> bytes:
    """Draw a small sky over a small sea, another one for every seed."""
    rows = bytearray()
    for y in range(height):
        rows.append(0)
        for x in range(width):
            sea = y > height // 2 + (x * (seed % 5 + 1)) % 4
            rows += bytes(((30 if sea else 180 + y) % 256, (90 + seed * 7 + x) % 256, 200 if sea else 240 - 2 * y))

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(bytes(rows), 9))
        + chunk(b"IEND", b"")
    )


def _opus(seconds: int) -> bytes:
    """Make an Ogg Opus file of silence (RFC 7845): a packet of three bytes is 20 ms of it."""
    head = b"OpusHead" + struct.pack("<BBHIhB", 1, 1, 312, 48000, 0, 0)
    tags = b"OpusTags" + struct.pack("<I", 6) + b"sample" + struct.pack("<I", 0)
    packets = [b"\xf8\xff\xfe"] * (50 * seconds)
    pages = [_ogg_page(0, 2, 0, [head]), _ogg_page(1, 0, 0, [tags]), _ogg_page(2, 4, 960 * len(packets), packets)]
    return b"".join(pages)


def _ogg_page(sequence: int, flags: int, position: int, packets: list[bytes]) -> bytes:
    sizes = bytes(len(packet) for packet in packets)
    head = b"OggS" + struct.pack("<BBqII", 0, flags, position, 1, sequence)
    tail = bytes([len(packets)]) + sizes + b"".join(packets)
    checksum = 0
    for byte in head + b"\0\0\0\0" + tail:
        checksum ^= byte << 24
        for _ in range(8):
            checksum = (checksum << 1) ^ (0x04C11DB7 if checksum & 0x80000000 else 0)
        checksum &= 0xFFFFFFFF
    return head + struct.pack("<I", checksum) + tail


def _pdf(title: str) -> bytes:
    """Make a PDF of one page that says its title."""
    page = f"BT /F1 18 Tf 60 760 Td ({title}) Tj ET".encode("latin-1")
    font = b"/Resources << /Font << /F1 5 0 R >> >>"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R %s >>" % font,
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(page), page),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = len(out)
    out += b"xref\n0 6\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    return bytes(out + b"trailer << /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % table)


def write(path: Path) -> None:
    """Write the export to `path`."""
    text, media = conversation()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in {"_chat.txt": text.encode("utf-8"), **media}.items():
            archive.writestr(zipfile.ZipInfo(name, _EXPORTED), content, zipfile.ZIP_DEFLATED)


if __name__ == "__main__":
    SAMPLE.parent.mkdir(exist_ok=True)
    write(SAMPLE)
