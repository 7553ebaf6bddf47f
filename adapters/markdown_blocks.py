"""Walks Markdown's blocks for platforms that show it as text: where each one stands, in lists and quotes."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import ClassVar

from markdown_it import MarkdownIt
from markdown_it.token import Token

from bot.adapter import escape_quotes

PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
RULE = "———"


class BlockWalker(ABC):
    """Walks the tokens of a text once; a subclass writes them as its platform shows them.

    `lists` holds the next number of each open list, None for bullets; `quotes` counts the open quotes.
    """

    indent: ClassVar[str]
    marks_quotes: ClassVar[bool]
    """Whether something is written for a quote in which nothing stands."""

    def __init__(self) -> None:
        self.lists: list[int | None] = []
        self.quotes = 0
        self._fresh = True  # nothing stands on this line but an indent or a bullet
        self._rows: list[list[str]] | None = None  # of the table that is open
        self._handlers: Mapping[str, Callable[[Token], None]] = {
            "inline": self.inline,
            "paragraph_open": self.paragraph,
            "paragraph_close": self.paragraph_end,
            "heading_open": self.heading,
            "heading_close": self.heading_end,
            "bullet_list_open": self._list,
            "ordered_list_open": self._list,
            "bullet_list_close": self._list_end,
            "ordered_list_close": self._list_end,
            "list_item_open": self._item,
            "list_item_close": self._item_end,
            "blockquote_open": self._quote,
            "blockquote_close": self._unquote,
            "fence": self.code,
            "code_block": self.code,
            "hr": lambda _: self.line(RULE),
            "html_block": lambda token: self.html(token.content.rstrip("\n")),
            "table_open": self._table,
            "table_close": self._table_end,
        }

    def walk(self, markdown: str) -> None:
        """Write a text."""
        for token in PARSER.parse(escape_quotes(markdown)):
            if self._rows is not None and token.type != "table_close":
                _take_cell(self._rows, token)
            elif (handle := self._handlers.get(token.type)) is not None:
                handle(token)

    def begin(self, *, tight: bool = False) -> None:
        """Go to where the next block stands: a blank line below, or the next line in a tight list."""
        if self.begun and not self._fresh:
            self.write(("\n" if tight or self.lists else "\n\n") + self.indent * len(self.lists))
        self._fresh = False

    def line(self, text: str) -> None:
        """Write a block of one text."""
        self.begin()
        self.write(text)

    def line_break(self) -> None:
        """Go to the next line of a block."""
        self.write("\n" + self.indent * len(self.lists))

    # what a platform has its own way for

    @property
    @abstractmethod
    def begun(self) -> bool:
        """Whether anything is written."""

    @abstractmethod
    def write(self, text: str) -> None:
        """Write a text at the end."""

    @abstractmethod
    def inline(self, block: Token) -> None:
        """Write the words of a block."""

    def paragraph(self, token: Token) -> None:
        """Begin a paragraph."""
        self.begin(tight=token.hidden)

    def paragraph_end(self, token: Token) -> None:  # noqa: B027 (nothing needs to be done)
        """End a paragraph."""

    @abstractmethod
    def heading(self, token: Token) -> None:
        """Begin a heading."""

    @abstractmethod
    def heading_end(self, token: Token) -> None:
        """End a heading."""

    @abstractmethod
    def quote_begins(self) -> None:
        """Begin a quote that is in no other one."""

    def quote_ends(self) -> None:  # noqa: B027 (nothing needs to be done)
        """End a quote that is in no other one."""

    @abstractmethod
    def code(self, token: Token) -> None:
        """Write a block of code."""

    @abstractmethod
    def html(self, text: str) -> None:
        """Write a block that looks like HTML."""

    @abstractmethod
    def table(self, rows: list[list[str]]) -> None:
        """Write a table, of which the first row is the head."""

    # the same everywhere

    def _list(self, token: Token) -> None:
        if not self.lists:
            self.begin()
            self._fresh = True
        start = token.attrGet("start")
        self.lists.append(None if token.tag == "ul" else 1 if start is None else int(start))

    def _list_end(self, _: Token) -> None:
        self.lists.pop()

    def _item(self, _: Token) -> None:
        number = self.lists[-1]
        self.write(("" if self._fresh else "\n") + self.indent * (len(self.lists) - 1))
        self.write("• " if number is None else f"{number}. ")
        if number is not None:
            self.lists[-1] = number + 1
        self._fresh = True

    def _item_end(self, _: Token) -> None:
        self._fresh = False

    def _quote(self, _: Token) -> None:
        self.begin()
        self._fresh = True
        self.quotes += 1
        if self.quotes == 1:
            self.quote_begins()

    def _unquote(self, _: Token) -> None:
        self.quotes -= 1
        self._fresh = self._fresh and not self.marks_quotes
        if self.quotes == 0:
            self.quote_ends()

    def _table(self, _: Token) -> None:
        self._rows = []

    def _table_end(self, _: Token) -> None:
        rows, self._rows = self._rows or [], None
        self.begin()
        self.table(rows)


def _take_cell(rows: list[list[str]], token: Token) -> None:
    if token.type == "tr_open":
        rows.append([])
    elif token.type == "inline":
        rows[-1].append("".join(leaf.content for leaf in token.children or []))
