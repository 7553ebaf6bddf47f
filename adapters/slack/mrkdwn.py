"""Markdown as Slack writes it: "mrkdwn", in which no text can call people or make links that it does not mean.

https://docs.slack.dev/messaging/formatting-message-text
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from markdown_it.token import Token

from adapters.markdown_blocks import BlockWalker

_MARKS = {"strong": "*", "em": "_", "s": "~"}
_OPENING = re.compile(r"(?<!\w)[*_~`](?=\S)")
_WORD = re.compile(r"\w")
_CALL = re.compile(r"<(?=[@!#])")
_JOINER = "\u2060"  # keeps characters together, and is not seen
_BREAK = "\u200b"  # lets formatting begin or end within a word, and is not seen


def render(markdown: str) -> str:
    """Return Markdown as mrkdwn."""
    return _MrkdwnRenderer().render(markdown).strip()


def escape(text: str) -> str:
    """Return a text that Slack shows as it is, apart from formatting."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def literal(text: str) -> str:
    """Return a text that Slack shows as it is: what could begin a format is kept from it by an unseen character."""
    return escape(_OPENING.sub(lambda match: f"{match[0]}{_JOINER}", text))


def link(url: str, label: str) -> str:
    """Return a link."""
    return f"<{escape(url).replace('|', '%7C')}|{label.replace('|', '¦')}>" if is_web_address(url) else label


def disarm_calls(markdown: str) -> str:
    """Return Markdown in which nothing like "<!channel>" calls anybody when Slack itself renders it."""
    return _CALL.sub(f"<{_JOINER}", markdown)


def is_web_address(url: str) -> bool:
    """Say whether Slack makes a link of it."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"http", "https", "mailto"} and not set(url) & set("<> \n")


class _MrkdwnRenderer(BlockWalker):
    """Writes pieces of mrkdwn; `_links` holds where each open link began."""

    marks_quotes = True
    indent = "    "

    def __init__(self) -> None:
        super().__init__()
        self._pieces: list[str] = []
        self._links: list[tuple[int, str]] = []
        self._rows: list[list[str]] = []
        self._heading = False
        self._closed = False  # a format has just ended

    def render(self, markdown: str) -> str:
        self.walk(markdown)
        return "".join(self._pieces)

    @property
    def begun(self) -> bool:
        return bool(self._pieces)

    def write(self, text: str) -> None:
        if self._closed and _WORD.match(text):
            self._pieces.append(_BREAK)
        self._closed = False
        self._pieces.append(text.replace("\n", "\n> ") if self.quotes else text)

    def heading(self, token: Token) -> None:  # noqa: ARG002 (the walker's)
        self.begin()
        self._heading = True
        self.write("*")

    def heading_end(self, token: Token) -> None:  # noqa: ARG002 (the walker's)
        self.write("*")
        self._heading = False

    def html(self, text: str) -> None:
        self.line(escape(text))

    def quote_begins(self) -> None:
        self._pieces.append("> ")

    def code(self, token: Token) -> None:
        fence = token.content.rstrip("\n").replace("```", f"`{_JOINER}`{_JOINER}`")
        self.line(f"```\n{escape(fence)}\n```")

    def table_part(self, token: Token) -> None:
        if token.type == "tr_open":
            self._rows.append([])
        elif token.type == "inline":
            self._rows[-1].append("".join(leaf.content for leaf in token.children or []))

    def table_end(self) -> None:
        rows, self._rows = self._rows, []
        widths = [max(map(len, column)) for column in zip(*rows, strict=False)]
        lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=False)) for row in rows]
        self.write(escape("```\n" + "\n".join(line.rstrip() for line in lines) + "\n```"))

    def inline(self, block: Token) -> None:
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
        self.write(f"{_BREAK}{_MARKS[name]}" if within else _MARKS[name])
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
                self.line_break()
            case "code_inline":
                self.write(f"`{escape(token.content.replace('`', 'ˋ'))}`")
            case "image":
                url = str(token.attrGet("src") or "")
                self.write(link(url, escape(token.content or url)))
            case _:
                self.write(literal(token.content))
