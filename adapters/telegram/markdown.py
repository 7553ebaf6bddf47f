"""Markdown as Telegram shows it: text and entities, which, unlike markup, no text can break."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from markdown_it.token import Token
from telegram import MessageEntity

from adapters.markdown_blocks import BlockWalker
from adapters.telegram.spans import Canvas, Formatted
from adapters.telegram.tables import draw_table

_INLINE = {"strong": MessageEntity.BOLD, "em": MessageEntity.ITALIC, "s": MessageEntity.STRIKETHROUGH}
_NUMBER = re.compile(r"\[(\d{1,3})\]")


def render(markdown: str, links: Mapping[int, str] | None = None) -> Formatted:
    """Render Markdown; a "[1]" in it becomes a link where `links` has one for its number."""
    formatted = _EntityRenderer(links or {}).render(markdown)
    return formatted if formatted.text else Formatted(markdown.strip() or "…")


def is_web_address(url: str) -> bool:
    """Say whether Telegram makes a link of it."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"http", "https", "tg"} and bool(parts.netloc)


class _EntityRenderer(BlockWalker):
    """Writes text, and remembers in `_open` where each format began."""

    marks_quotes = False
    indent = "   "

    def __init__(self, links: Mapping[int, str]) -> None:
        super().__init__()
        self._links = links
        self._canvas = Canvas()
        self._open: list[tuple[int, str | None]] = []

    def render(self, markdown: str) -> Formatted:
        self.walk(markdown)
        return self._canvas.finish()

    @property
    def begun(self) -> bool:
        return bool(self._canvas.length)

    def write(self, text: str) -> None:
        self._canvas.write(text)

    def paragraph(self, token: Token) -> None:
        super().paragraph(token)
        self._open.append((self._canvas.length, None))

    def paragraph_end(self, token: Token) -> None:  # noqa: ARG002 (the walker's)
        self._open.pop()

    def heading(self, token: Token) -> None:
        self.paragraph(token)

    def heading_end(self, token: Token) -> None:  # noqa: ARG002 (the walker's)
        self._canvas.mark(MessageEntity.BOLD, self._open.pop()[0])

    def html(self, text: str) -> None:
        self.line(text)

    def table(self, rows: list[list[str]]) -> None:
        draw_table(self._canvas, rows)

    def quote_begins(self) -> None:
        self._open.append((self._canvas.length, None))

    def quote_ends(self) -> None:
        self._canvas.mark(MessageEntity.BLOCKQUOTE, self._open.pop()[0])

    def code(self, token: Token) -> None:
        self.begin()
        start = self._canvas.length
        self._canvas.write(token.content.rstrip("\n"))
        language = token.info.split(maxsplit=1)[0] if token.info.strip() else None
        if not self.quotes:
            self._canvas.mark(MessageEntity.PRE, start, language=language)

    def inline(self, block: Token) -> None:
        for token in block.children or []:
            name, _, side = token.type.rpartition("_")
            if side == "open":
                url = str(token.attrGet("href") or "") if name == "link" else None
                self._open.append((self._canvas.length, url))
            elif side == "close":
                self._close(name)
            else:
                self._leaf(token)

    def _close(self, name: str) -> None:
        start, url = self._open.pop()
        if name in _INLINE:
            self._canvas.mark(_INLINE[name], start)
        elif url is not None and is_web_address(url):
            self._canvas.mark(MessageEntity.TEXT_LINK, start, url=url)

    def _leaf(self, token: Token) -> None:
        match token.type:
            case "softbreak" | "hardbreak":
                self.line_break()
            case "code_inline":
                start = self._canvas.length
                self._canvas.write(token.content)
                if not self.quotes:
                    self._canvas.mark(MessageEntity.CODE, start)
            case "image":
                self._image(token)
            case _:
                self._text(token.content)

    def _image(self, token: Token) -> None:
        url = str(token.attrGet("src") or "")
        start = self._canvas.length
        self._canvas.write(token.content or url)
        if is_web_address(url):
            self._canvas.mark(MessageEntity.TEXT_LINK, start, url=url)

    def _text(self, text: str) -> None:
        end = 0
        for match in _NUMBER.finditer(text):
            self._canvas.write(text[end : match.start()])
            start = self._canvas.length
            self._canvas.write(match[0])
            url = self._links.get(int(match[1]))
            if url is not None and not any(opened for _, opened in self._open):  # no link within a link
                self._canvas.mark(MessageEntity.TEXT_LINK, start, url=url)
            end = match.end()
        self._canvas.write(text[end:])
