"""Small Word and PowerPoint files of 1997 to 2003, put together record by record."""

from __future__ import annotations

import struct

_SECTOR = 512
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def ole(**streams: bytes) -> bytes:
    """Return an OLE container with these streams; "_" in a name is a space, but in those of Outlook's."""
    names = {name: name if name.startswith("__") else name.replace("_", " ") for name in streams}
    padded = {names[name]: data.ljust(4096, b"\0") for name, data in streams.items()}
    fat: list[int] = [_FAT]
    body, entries = b"", [_entry("Root Entry", 5, _END, 0, child=1)]
    for number, (name, data) in enumerate(padded.items(), 1):
        sectors = -(-len(data) // _SECTOR)
        start = len(fat)
        fat += [*range(start + 1, start + sectors), _END]
        body += data.ljust(sectors * _SECTOR, b"\0")
        entries.append(_entry(name, 2, start, len(data), right=number + 1 if number < len(padded) else _FREE))
    first = len(fat)
    directory = b"".join(entries).ljust(-(-len(entries) // 4) * _SECTOR, b"\0")
    count = len(directory) // _SECTOR
    fat += [*range(first + 1, first + count), _END]
    table = struct.pack("<128I", *fat, *[_FREE] * (128 - len(fat)))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16 + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 6
    header += struct.pack("<9I", 0, 1, first, 0, 4096, _END, 0, _END, 0) + struct.pack("<109I", 0, *[_FREE] * 108)
    return header + table + body + directory


def _entry(name: str, kind: int, start: int, size: int, child: int = _FREE, right: int = _FREE) -> bytes:
    written = name.encode("utf-16-le")
    head = written.ljust(64, b"\0") + struct.pack("<HBB3I", len(written) + 2, kind, 1, _FREE, right, child)
    return head + b"\0" * 36 + struct.pack("<IQ", start, size)


def word(body: str, hidden: tuple[int, int] | None = None, footnotes: str = "", *, encrypted: bool = False) -> bytes:
    """Return a document; `hidden` says from which to which letter of its body nothing is shown."""
    text = body + footnotes
    main = bytearray(2048)
    struct.pack_into("<H", main, 0, 0xA5EC)
    struct.pack_into("<H", main, 0x0A, 0x0200 | (0x0100 if encrypted else 0))
    struct.pack_into("<2i", main, 0x4C, len(body), len(footnotes))
    main += text.encode("utf-16-le")
    clx = b"\x02" + struct.pack("<I", 16) + struct.pack("<II", 0, len(text)) + struct.pack("<HIH", 0, 2048, 0)
    table = clx
    struct.pack_into("<II", main, 0x1A2, 0, len(clx))
    if hidden is not None:
        main = main.ljust(-(-len(main) // _SECTOR) * _SECTOR, b"\0")
        places = [2048, 2048 + 2 * hidden[0], 2048 + 2 * hidden[1], 2048 + 2 * len(text)]
        page = bytearray(_SECTOR)
        struct.pack_into("<4I", page, 0, *places)
        page[16:19] = bytes([0, 200, 0])
        page[400:404] = b"\x03" + struct.pack("<HB", 0x083C, 1)
        page[511] = 3
        struct.pack_into("<II", main, 0xFA, len(table), 12)
        table += struct.pack("<II", places[0], places[-1]) + struct.pack("<I", len(main) // _SECTOR)
        main += page
    return ole(WordDocument=bytes(main), **{"1Table": table})


def record(kind: int, data: bytes, instance: int = 0, version: int = 0) -> bytes:
    return struct.pack("<HHI", instance << 4 | version, kind, len(data)) + data


def box(text: str, kind: int = 4) -> bytes:
    return record(0x0F9F, struct.pack("<I", kind)) + record(0x0FA0, text.encode("utf-16-le"))


def powerpoint(*slides: tuple[str, str, str, bool]) -> bytes:
    """Return a presentation: each slide's title, text in a box, notes, and whether it is hidden."""
    data, places, listed, notes = b"", [0], b"", b""
    for number, (title, text, said, hidden) in enumerate(slides):
        places.append(len(data))
        show = record(0x03F9, struct.pack("<IIHH", 0, 0, 0, 4 if hidden else 0) + b"\0" * 4)
        data += record(0x03EE, show + record(0xF00D, box(text), version=15), version=15)
        place = struct.pack("<5I", len(places), 0, 1, 256 + number, 0)
        listed += record(0x03F3, place) + box(title, 0)
        places.append(len(data))
        data += record(0x03F0, record(0x03F1, struct.pack("<II", 256 + number, 0)) + box(said), version=15)
        notes += record(0x03F3, struct.pack("<5I", len(places), 0, 0, 512 + number, 0))
    document = record(0x0FF0, listed, version=15) + record(0x0FF0, notes, instance=2, version=15)
    places[0] = len(data)
    data += record(0x03E8, document, version=15)
    directory = len(data)
    data += record(0x1772, struct.pack("<I", len(places) << 20 | 1) + struct.pack(f"<{len(places)}I", *places))
    edit = len(data)
    data += record(0x0FF5, struct.pack("<IIIIII", 0, 0, 0, directory, 1, 0) + b"\0" * 4)
    return ole(PowerPoint_Document=data, Current_User=b"\0" * 16 + struct.pack("<I", edit))


def biff(kind: int, form: str = "", *values: float | bytes) -> bytes:
    """Return a record of a workbook."""
    data = struct.pack(f"<{form}", *values)
    return struct.pack("<2H", kind, len(data)) + data


def workbook(
    cells: dict[tuple[int, int], tuple[float, str]],
    hidden_rows: tuple[int, ...] = (),
    hidden_columns: tuple[int, ...] = (),
) -> bytes:
    """Return a workbook of Excel 97 with one sheet: numbers and their formats by row and column."""
    return ole(Workbook=workbook_stream(cells, hidden_rows, hidden_columns))


def workbook_stream(
    cells: dict[tuple[int, int], tuple[float, str]],
    hidden_rows: tuple[int, ...] = (),
    hidden_columns: tuple[int, ...] = (),
) -> bytes:
    """Return the stream of such a workbook."""
    codes = list(dict.fromkeys(code for _, code in cells.values()))
    styles = biff(0xE0, "HH16x", 0, 0) + b"".join(biff(0xE0, "HH16x", 0, 164 + n) for n in range(len(codes)))
    formats = b"".join(
        biff(0x41E, f"HHB{len(code)}s", 164 + n, len(code), 0, code.encode("latin-1")) for n, code in enumerate(codes)
    )
    opening = biff(0x809, "HHHHII", 0x600, 5, 0, 1997, 0, 6) + formats + styles
    sheet = biff(0x809, "HHHHII", 0x600, 0x10, 0, 1997, 0, 6)
    sheet += b"".join(biff(0x7D, "HHHHHxx", at, at, 2560, 0, 1) for at in hidden_columns)
    sheet += b"".join(biff(0x208, "6HHH", at, 0, 9, 255, 0, 0, 0x20, 0) for at in hidden_rows)
    for (row, column), (value, code) in cells.items():
        sheet += biff(0x203, "HHHd", row, column, 1 + codes.index(code), value)
    size = len(opening) + 4 + 8 + len("Sums") + 4
    bound = biff(0x85, "IBBBB4s", size, 0, 0, 4, 0, b"Sums")
    return opening + bound + biff(0x0A) + sheet + biff(0x0A)
