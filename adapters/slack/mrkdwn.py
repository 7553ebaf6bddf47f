"""Markdown as Slack writes it: "mrkdwn", in which no text can call people or make links that it does not mean.

https://docs.slack.dev/messaging/formatting-message-text
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.token import Token

_PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
_MARKS = {"strong": "*", "em": "_", "s": "~"}
_OPENING = re.compile(r"(?<!\w)[*_~`](?=\S)")
_WORD = re.compile(r"\w")
_CALL = re.compile(r"<(?=[@!#])")
_JOINER = "\u2060"  # keeps characters together, and is not seen
_BREAK = "\u200b"  # lets formatting begin or end within a word, and is not seen
_RULE = "———"
_INDENT = "    "


def render(markdown: str) -> str:
    """Return Markdown as mrkdwn."""
    return _Renderer().render(_PARSER.parse(markdown)).strip()


def escape(text: str) -> str:
    """Return a text that Slack shows as it is, apart from formatting."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def literal(text: str) -> str:
    """Return a text that Slack shows as it is: what could begin a format is kept from it by an unseen character."""
    return escape(_OPENING.sub(lambda match: f"{match[0]}{_JOINER}", text))


def link(url: str, label: str) -> str:
    """Return a link."""
    return f"<{escape(url).replace('|', '%7C')}|{label.replace('|', '¦')}>" if is_web_address(url) else label


def without_calls(markdown: str) -> str:
    """Return Markdown in which nothing like "<!channel>" calls anybody when Slack itself renders it."""
    return _CALL.sub(f"<{_JOINER}", markdown)


def is_web_address(url: str) -> bool:
    """Say whether Slack makes a link of it."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"http", "https", "mailto"} and not set(url) & set("<> \n")


class _Renderer:
    """Walks the tokens once. `_lists` holds the next number of each open list, `_links` where each link began."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._lists: list[int | None] = []
        self._links: list[tuple[int, str]] = []
        self._quotes = 0
        self._rows: list[list[str]] = []
        self._in_table = False
        self._heading = False
        self._fresh = True  # nothing stands on this line but an indent or a bullet
        self._closed = False  # a format has just ended
        self._handlers: Mapping[str, Callable[[Token], None]] = {
            "inline": self._inline,
            "paragraph_open": lambda token: self._begin(tight=token.hidden),
            "heading_open": self._heading_begin,
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
            "hr": lambda _: self._line(_RULE),
            "html_block": lambda token: self._line(escape(token.content.rstrip("\n"))),
            "table_open": self._table_begin,
            "table_close": self._table_end,
        }

    def render(self, tokens: list[Token]) -> str:
        for token in tokens:
            if self._in_table and token.type != "table_close":
                self._cell(token)
            elif (handle := self._handlers.get(token.type)) is not None:
                handle(token)
        return "".join(self._pieces)

    def _write(self, text: str) -> None:
        if self._closed and _WORD.match(text):
            self._pieces.append(_BREAK)
        self._closed = False
        self._pieces.append(text.replace("\n", "\n> ") if self._quotes else text)

    def _line(self, text: str) -> None:
        self._begin()
        self._write(text)

    def _begin(self, *, tight: bool = False) -> None:
        """Go to where the next block stands: a blank line below, or the next line in a tight list."""
        if self._pieces and not self._fresh:
            self._write(("\n" if tight or self._lists else "\n\n") + _INDENT * len(self._lists))
        self._fresh = False

    def _heading_begin(self, _: Token) -> None:
        self._begin()
        self._heading = True
        self._write("*")

    def _heading_end(self, _: Token) -> None:
        self._write("*")
        self._heading = False

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
        self._write(("" if self._fresh else "\n") + _INDENT * (len(self._lists) - 1))
        self._write("• " if number is None else f"{number}. ")
        if number is not None:
            self._lists[-1] = number + 1
        self._fresh = True

    def _item_end(self, _: Token) -> None:
        self._fresh = False

    def _quote(self, _: Token) -> None:
        self._begin()
        if not self._quotes:
            self._pieces.append("> ")
        self._quotes += 1
        self._fresh = True

    def _unquote(self, _: Token) -> None:
        self._quotes -= 1
        self._fresh = False

    def _code(self, token: Token) -> None:
        fence = token.content.rstrip("\n").replace("```", f"`{_JOINER}`{_JOINER}`")
        self._line(f"```\n{escape(fence)}\n```")

    def _table_begin(self, _: Token) -> None:
        self._begin()
        self._in_table, self._rows = True, []

    def _cell(self, token: Token) -> None:
        if token.type == "tr_open":
            self._rows.append([])
        elif token.type == "inline":
            self._rows[-1].append("".join(leaf.content for leaf in token.children or []))

    def _table_end(self, _: Token) -> None:
        self._in_table = False
        widths = [max(map(len, column)) for column in zip(*self._rows, strict=False)]
        lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=False)) for row in self._rows]
        self._write(escape("```\n" + "\n".join(line.rstrip() for line in lines) + "\n```"))

    def _inline(self, block: Token) -> None:
        for token in block.children or []:
            name, _, side = token.type.rpartition("_")
            if name == "link":
                self._link(token, opens=side == "open")
            elif name in _MARKS:
                self._mark(name, opens=side == "open")
            else:
                self._leaf(token)

    def _mark(self, name: str, *, opens: bool) -> None:
        """Write a mark. Slack heeds marks at the borders of words alone, so one within a word gets an unseen border."""
        if self._heading and name == "strong":
            return  # a heading is bold already
        within = opens and self._pieces and _WORD.match(self._pieces[-1][-1:])
        self._write(f"{_BREAK}{_MARKS[name]}" if within else _MARKS[name])
        self._closed = not opens

    def _link(self, token: Token, *, opens: bool) -> None:
        if opens:
            self._links.append((len(self._pieces), str(token.attrGet("href") or "")))
            return
        start, url = self._links.pop()
        label = "".join(self._pieces[start:])
        del self._pieces[start:]
        self._pieces.append(link(url, label) if label else escape(url))

    def _leaf(self, token: Token) -> None:
        match token.type:
            case "softbreak" | "hardbreak":
                self._write("\n" + _INDENT * len(self._lists))
            case "code_inline":
                self._write(f"`{escape(token.content.replace('`', 'ˋ'))}`")
            case "image":
                url = str(token.attrGet("src") or "")
                self._write(link(url, escape(token.content or url)))
            case _:
                self._write(literal(token.content))
