"""Markdown as Telegram shows it: text and entities, which, unlike markup, no text can break."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.token import Token
from telegram import MessageEntity

from adapters.telegram.spans import Canvas, Formatted
from adapters.telegram.tables import Table

_PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
_INLINE = {"strong": MessageEntity.BOLD, "em": MessageEntity.ITALIC, "s": MessageEntity.STRIKETHROUGH}
_NUMBER = re.compile(r"\[(\d{1,3})\]")
_RULE = "———"
_INDENT = "   "


def render(markdown: str, links: Mapping[int, str] | None = None) -> Formatted:
    """Render Markdown; a "[1]" in it becomes a link where `links` has one for its number."""
    formatted = _Renderer(links or {}).render(_PARSER.parse(markdown))
    return formatted if formatted.text else Formatted(markdown.strip() or "…")


def is_web_address(url: str) -> bool:
    """Say whether Telegram makes a link of it."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"http", "https", "tg"} and bool(parts.netloc)


class _Renderer:
    """Walks the tokens once. `_open` holds where each format began, `_lists` the next number of each list."""

    def __init__(self, links: Mapping[int, str]) -> None:
        self._links = links
        self._canvas = Canvas()
        self._open: list[tuple[int, str | None]] = []
        self._lists: list[int | None] = []
        self._quotes = 0
        self._table: Table | None = None
        self._fresh = True  # nothing stands on this line but an indent or a bullet
        self._handlers: Mapping[str, Callable[[Token], None]] = {
            "inline": self._inline,
            "paragraph_open": self._paragraph,
            "paragraph_close": self._paragraph_end,
            "heading_open": self._paragraph,
            "heading_close": self._heading_end,
            "bullet_list_open": self._list,
            "ordered_list_open": self._list,
            "bullet_list_close": self._list_end,
            "ordered_list_close": self._list_end,
            "list_item_open": self._item,
            "list_item_close": self._item_end,
            "blockquote_open": self._quote,
            "blockquote_close": self._unquote,
            "fence": self._code,
            "code_block": self._code,
            "hr": self._rule,
            "html_block": self._html,
            "table_open": self._table_begin,
            "table_close": self._table_end,
        }

    def render(self, tokens: list[Token]) -> Formatted:
        for token in tokens:
            self._block(token)
        return self._canvas.finish()

    def _block(self, token: Token) -> None:
        if self._table is not None and token.type != "table_close":
            self._table.take(token)
        elif (handle := self._handlers.get(token.type)) is not None:
            handle(token)

    def _paragraph(self, token: Token) -> None:
        self._begin(tight=token.hidden)
        self._open.append((self._canvas.length, None))

    def _paragraph_end(self, _: Token) -> None:
        self._open.pop()

    def _heading_end(self, _: Token) -> None:
        self._canvas.mark(MessageEntity.BOLD, self._open.pop()[0])

    def _rule(self, _: Token) -> None:
        self._begin()
        self._canvas.write(_RULE)

    def _html(self, token: Token) -> None:
        self._begin()
        self._canvas.write(token.content.rstrip("\n"))

    def _table_begin(self, _: Token) -> None:
        self._table = Table()

    def _table_end(self, _: Token) -> None:
        if self._table is not None:
            self._begin()
            self._table.draw(self._canvas)
            self._table = None

    def _begin(self, *, tight: bool = False) -> None:
        """Go to where the next block stands: a blank line below, or the next line in a tight list."""
        if self._canvas.length and not self._fresh:
            self._canvas.write("\n" if tight or self._lists else "\n\n")
            self._canvas.write(_INDENT * len(self._lists))
        self._fresh = False

    def _list(self, token: Token) -> None:
        if not self._lists:
            self._begin()
            self._fresh = True
        start = token.attrGet("start")
        self._lists.append(None if token.tag == "ul" else 1 if start is None else int(start))

    def _list_end(self, _: Token) -> None:
        self._lists.pop()

    def _item(self, _: Token) -> None:
        number = self._lists[-1]
        if not self._fresh:
            self._canvas.write("\n")
        self._canvas.write(_INDENT * (len(self._lists) - 1))
        self._canvas.write("• " if number is None else f"{number}. ")
        if number is not None:
            self._lists[-1] = number + 1
        self._fresh = True

    def _item_end(self, _: Token) -> None:
        self._fresh = False

    def _quote(self, _: Token) -> None:
        self._begin()
        self._fresh = True
        self._quotes += 1
        if self._quotes == 1:  # Telegram has no quotes in quotes
            self._open.append((self._canvas.length, None))

    def _unquote(self, _: Token) -> None:
        self._quotes -= 1
        if self._quotes == 0:
            self._canvas.mark(MessageEntity.BLOCKQUOTE, self._open.pop()[0])

    def _code(self, token: Token) -> None:
        self._begin()
        start = self._canvas.length
        self._canvas.write(token.content.rstrip("\n"))
        language = token.info.split(maxsplit=1)[0] if token.info.strip() else None
        if not self._quotes:
            self._canvas.mark(MessageEntity.PRE, start, language=language)

    def _inline(self, block: Token) -> None:
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
                self._canvas.write("\n" + _INDENT * len(self._lists))
            case "code_inline":
                start = self._canvas.length
                self._canvas.write(token.content)
                if not self._quotes:
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
