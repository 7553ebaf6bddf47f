"""Markdown in the marks that Slack and WhatsApp share: *bold*, _italic_, ~struck~, `code` and "> quoted"."""

from __future__ import annotations

import re
from abc import abstractmethod

from markdown_it.token import Token

from adapters.markdown_blocks import BlockWalker

_MARKS = {"strong": "*", "em": "_", "s": "~"}
_OPENING = re.compile(r"(?<!\w)[*_~`](?=\S)")
_WORD = re.compile(r"\w")
_JOINER = "\u2060"  # keeps characters together, and is not seen
_BREAK = "\u200b"  # lets formatting begin or end within a word, and is not seen


def disarm_marks(text: str) -> str:
    """Return a text in which what could begin a format is kept from it by an unseen character."""
    return _OPENING.sub(lambda match: f"{match[0]}{_JOINER}", text)


class MarkupRenderer(BlockWalker):
    """Writes pieces of marked text; `_links` holds where each open link began.

    A platform says with `escape` how a text stays as it is, and with `link` how an address is shown.
    """

    marks_quotes = True
    indent = "    "

    def __init__(self) -> None:
        super().__init__()
        self._pieces: list[str] = []
        self._links: list[tuple[int, str]] = []
        self._heading = False
        self._closed = False  # a format has just ended

    def render(self, markdown: str) -> str:
        """Return Markdown as the platform writes it."""
        self.walk(markdown)
        return "".join(self._pieces)

    def escape(self, text: str) -> str:
        """Return a text that the platform shows as it is, apart from formatting."""
        return text

    @abstractmethod
    def link(self, url: str, label: str) -> str:
        """Return a link; the label is escaped already, and empty where the address is all there is."""

    @property
    def begun(self) -> bool:
        """Whether anything is written."""
        return bool(self._pieces)

    def write(self, text: str) -> None:
        """Write a text at the end."""
        if self._closed and _WORD.match(text):
            self._pieces.append(_BREAK)
        self._closed = False
        self._pieces.append(text.replace("\n", "\n> ") if self.quotes else text)

    def heading(self, token: Token) -> None:  # noqa: ARG002 (the walker's)
        """Begin a heading: a bold line."""
        self.begin()
        self._heading = True
        self.write("*")

    def heading_end(self, token: Token) -> None:  # noqa: ARG002 (the walker's)
        """End a heading."""
        self.write("*")
        self._heading = False

    def html(self, text: str) -> None:
        """Write a block that looks like HTML."""
        self.line(self.escape(text))

    def quote_begins(self) -> None:
        """Begin a quote that is in no other one."""
        self._pieces.append("> ")

    def code(self, token: Token) -> None:
        """Write a block of code."""
        fence = token.content.rstrip("\n").replace("```", f"`{_JOINER}`{_JOINER}`")
        self.line(f"```\n{self.escape(fence)}\n```")

    def table(self, rows: list[list[str]]) -> None:
        """Write a table in columns."""
        widths = [max(map(len, column)) for column in zip(*rows, strict=False)]
        lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=False)) for row in rows]
        self.write(self.escape("```\n" + "\n".join(line.rstrip() for line in lines) + "\n```"))

    def inline(self, block: Token) -> None:
        """Write the words of a block."""
        for token in block.children or []:
            name, _, side = token.type.rpartition("_")
            if name == "link":
                self._link(token, opens=side == "open")
            elif name in _MARKS:
                self._mark(name, opens=side == "open")
            else:
                self._leaf(token)

    def _mark(self, name: str, *, opens: bool) -> None:
        """Write a mark. Marks are heeded at the borders of words alone, so one within a word gets an unseen border."""
        if self._heading and name == "strong":
            return  # a heading is bold already
        within = opens and self._pieces and _WORD.match(self._pieces[-1][-1:])
        self.write(f"{_BREAK}{_MARKS[name]}" if within else _MARKS[name])
        self._closed = not opens

    def _link(self, token: Token, *, opens: bool) -> None:
        if opens:
            self._links.append((len(self._pieces), str(token.attrGet("href") or "")))
            return
        start, url = self._links.pop()
        label = "".join(self._pieces[start:])
        del self._pieces[start:]
        self._pieces.append(self.link(url, label))

    def _leaf(self, token: Token) -> None:
        match token.type:
            case "softbreak" | "hardbreak":
                self.line_break()
            case "code_inline":
                self.write(f"`{self.escape(token.content.replace('`', 'ˋ'))}`")
            case "image":
                url = str(token.attrGet("src") or "")
                self.write(self.link(url, self.escape(token.content or url)))
            case _:
                self.write(self.escape(disarm_marks(token.content)))
