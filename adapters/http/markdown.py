"""Markdown that others have written, as HTML that can do nothing but be read.

HTML in it is text, pictures are their descriptions, and only addresses that the reader's own memory holds are links.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, MutableMapping, Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererProtocol
from markdown_it.token import Token
from markupsafe import Markup

from bot.adapter import escape_quotes

_ADDRESS = re.compile(r"https?://[^\s<>\"'`\u00a0]+[^\s<>\"'`.,;:!?)\]}\u00a0]")
_CITATION = re.compile(r"\[(\d{1,3})\]")
_OUTWARD = 'rel="noopener noreferrer nofollow" target="_blank"'


def render_markdown(text: str, *, sources: Mapping[int, str] | None = None, known: Collection[str] = ()) -> Markup:
    """Return a text as HTML. `sources` has the address for each number as in "[1]"; `known` addresses become links."""
    return Markup(_PARSER.render(escape_quotes(text), {"sources": sources or {}, "known": known}))  # noqa: S704 (all text is escaped)


def render_plain(text: str) -> Markup:
    """Return a message as it was written, with line breaks, and its own web addresses as links."""
    parts: list[str] = []
    end = 0
    for found in _ADDRESS.finditer(text):
        address = escapeHtml(found[0])
        parts += [escapeHtml(text[end : found.start()]), f'<a href="{address}" {_OUTWARD}>{address}</a>']
        end = found.end()
    return Markup("".join([*parts, escapeHtml(text[end:])]))  # noqa: S704 (as above)


def find_addresses(texts: Sequence[str]) -> frozenset[str]:
    """Return the web addresses that stand in texts."""
    return frozenset(address for text in texts for address in _ADDRESS.findall(text))


class _Hooks:
    """How the tokens that need care are written; the parser binds each to its renderer."""

    @staticmethod
    def text(_: RendererProtocol, tokens: Sequence[Token], at: int, __: Any, env: MutableMapping[str, Any]) -> str:
        """Write a text, with its numbers as links to the sources that they stand for."""

        def link(found: re.Match[str]) -> str:
            address = env["sources"].get(int(found[1]))
            if address is None:
                return found[0]
            return f'<a class="cite" href="{escapeHtml(address)}" aria-label="Source {found[1]}">{found[1]}</a>'

        return _CITATION.sub(link, escapeHtml(tokens[at].content))

    @staticmethod
    def image(_: RendererProtocol, tokens: Sequence[Token], at: int, __: Any, ___: MutableMapping[str, Any]) -> str:
        """Write what a picture shows; it is never loaded."""
        return escapeHtml(tokens[at].content)

    @staticmethod
    def link_open(_: RendererProtocol, tokens: Sequence[Token], at: int, __: Any, env: MutableMapping[str, Any]) -> str:
        """Begin a link that is known; of another one only the words stay."""
        address = str(tokens[at].attrGet("href") or "")
        return f'<a href="{escapeHtml(address)}" {_OUTWARD}>' if address in env["known"] else ""

    @staticmethod
    def link_close(
        _: RendererProtocol, tokens: Sequence[Token], at: int, __: Any, env: MutableMapping[str, Any]
    ) -> str:
        """End a link, and tell where one that is not known would have led."""
        depth = 0
        for token in reversed(tokens[:at]):
            depth += (token.type == "link_close") - (token.type == "link_open")
            if depth < 0:
                address = str(token.attrGet("href") or "")
                if address in env["known"]:
                    return "</a>"
                return "" if address in ("", tokens[at - 1].content) else f" ({escapeHtml(address)})"
        return ""


def _make_parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(["table", "strikethrough"])
    parser.disable(["reference", "html_block", "html_inline"])
    for name in ("text", "image", "link_open", "link_close"):
        parser.add_render_rule(name, getattr(_Hooks, name))
    return parser


_PARSER = _make_parser()
