"""The texts of a PowerPoint 97 to 2003 presentation, slide by slide ([MS-PPT], 2.1.2 and 2.3)."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

_USER_EDIT, _PERSIST = 0x0FF5, 0x1772
_LIST, _PLACE, _NOTES_OF = 0x0FF0, 0x03F3, 0x03F1
_WIDE, _NARROW, _KIND = 0x0FA0, 0x0FA8, 0x0F9F
_SLIDE_SHOW = 0x03F9
_HIDDEN = 0x0004
_TITLES = (0, 6)
_DEEPEST = 20
_MOST_EDITS = 1000


@dataclass(slots=True)
class OldSlide:
    """A slide: its title, its other texts, the speaker's notes, whether it is hidden."""

    number: int
    title: str = ""
    texts: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class _Record:
    kind: int
    instance: int
    start: int
    end: int
    is_container: bool


class OldPresentation:
    """Reads the records of a presentation as it was saved last; what earlier savings left behind is not looked at."""

    def __init__(self, data: bytes, current_user: bytes) -> None:
        self._data = data
        self._places: dict[int, int] = {}
        self._document = self._follow_edits(struct.unpack_from("<I", current_user, 16)[0])

    def slides(self) -> list[OldSlide]:
        """Return the slides in the order in which they are shown. Raises struct.error, ValueError."""
        document = self._record(self._places[self._document])
        slides: list[OldSlide] = []
        ids: dict[int, OldSlide] = {}
        for each in self._children(document):
            if each.kind == _LIST and each.instance == 0:
                for reference, slide_id, texts in self._entries(each):
                    slide = OldSlide(len(slides) + 1)
                    self._fill(slide, texts, reference)
                    slides.append(slide)
                    ids[slide_id] = slide
        for each in self._children(document):
            if each.kind == _LIST and each.instance == 2:
                for reference, _, texts in self._entries(each):
                    self._add_notes(reference, texts, ids)
        return slides

    def _follow_edits(self, offset: int) -> int:
        """Read where everything is, from the last saving back; return the number of the document."""
        document = None
        for _ in range(_MOST_EDITS):
            edit = self._record(offset)
            if edit.kind != _USER_EDIT:
                raise ValueError("its last saving can't be found")
            earlier, places, reference = struct.unpack_from("<III", self._data, edit.start + 8)
            document = reference if document is None else document
            for number, place in self._directory(self._record(places)):
                self._places.setdefault(number, place)
            if not earlier or earlier >= offset:
                break
            offset = earlier
        return document or 0

    def _directory(self, record: _Record) -> Iterator[tuple[int, int]]:
        at = record.start
        while record.kind == _PERSIST and at + 4 <= record.end:
            (head,) = struct.unpack_from("<I", self._data, at)
            first, count = head & 0xFFFFF, head >> 20
            at += 4
            for number in range(min(count, (record.end - at) // 4)):
                yield first + number, struct.unpack_from("<I", self._data, at + 4 * number)[0]
            at += 4 * count

    def _entries(self, listed: _Record) -> Iterator[tuple[int, int, list[tuple[int, str]]]]:
        """Yield each slide of a list: where it is, its id, the texts of its outline with their kinds."""
        current: tuple[int, int, list[tuple[int, str]]] | None = None
        kind = -1
        for each in self._children(listed):
            if each.kind == _PLACE:
                if current is not None:
                    yield current
                reference, _, _, slide_id = struct.unpack_from("<4I", self._data, each.start)
                current = reference, slide_id, []
            elif each.kind == _KIND:
                (kind,) = struct.unpack_from("<I", self._data, each.start)
            elif current is not None and (text := self._text(each)):
                current[2].append((kind, text))
        if current is not None:
            yield current

    def _fill(self, slide: OldSlide, texts: list[tuple[int, str]], reference: int) -> None:
        for kind, text in texts:
            if kind in _TITLES and not slide.title:
                slide.title = text
            else:
                slide.texts.append(text)
        if reference not in self._places:
            return
        record = self._record(self._places[reference])
        for each in self._children(record):
            if each.kind == _SLIDE_SHOW and each.end - each.start >= 12:
                (flags,) = struct.unpack_from("<H", self._data, each.start + 10)
                slide.hidden = bool(flags & _HIDDEN)
        for kind, text in self._texts(record):
            if kind in _TITLES and not slide.title:
                slide.title = text
            elif text != slide.title and text not in slide.texts:
                slide.texts.append(text)

    def _add_notes(self, reference: int, texts: list[tuple[int, str]], slides: dict[int, OldSlide]) -> None:
        if reference not in self._places:
            return
        record = self._record(self._places[reference])
        for each in self._children(record):
            if each.kind == _NOTES_OF:
                (slide_id,) = struct.unpack_from("<I", self._data, each.start)
                if slide_id in slides:
                    found = [text for _, text in (*texts, *self._texts(record)) if text.strip("*\r\n ")]
                    slides[slide_id].notes += found

    def _texts(self, record: _Record, depth: int = 0) -> Iterator[tuple[int, str]]:
        """Yield the texts in the boxes of a slide, with their kinds."""
        kind = -1
        for each in self._children(record):
            if each.kind == _KIND:
                (kind,) = struct.unpack_from("<I", self._data, each.start)
            elif each.is_container and depth < _DEEPEST:
                yield from self._texts(each, depth + 1)
            elif text := self._text(each):
                yield kind, text

    def _text(self, record: _Record) -> str:
        data = self._data[record.start : record.end]
        if record.kind == _WIDE:
            text = data.decode("utf-16-le", errors="replace")
        elif record.kind == _NARROW:
            text = data.decode("latin-1")
        else:
            return ""
        return text.replace("\r", "\n").replace("\x0b", "\n").strip()

    def _record(self, at: int) -> _Record:
        head, kind, length = struct.unpack_from("<HHI", self._data, at)
        return _Record(kind, head >> 4, at + 8, min(at + 8 + length, len(self._data)), head & 0xF == 0xF)

    def _children(self, record: _Record) -> Iterator[_Record]:
        at = record.start
        while at + 8 <= record.end:
            child = self._record(at)
            yield child
            at = child.end
