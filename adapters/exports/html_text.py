"""Turns the HTML of a single message into text: lines where a browser would break them, links with their addresses."""

from __future__ import annotations

import re

from adapters.exports.tolerant_parser import TolerantParser

_BREAKS = frozenset({"br", "p", "div", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "hr"})
_SILENT = frozenset({"script", "style", "head", "title"})
_BLANKS = re.compile(r"(?<![ \t\xa0])[ \t\xa0]*\n[ \t\xa0]*")  # looks at a run of blanks once, not from each of them
_MANY = re.compile(r"\n{3,}")


def html_to_text(html: str) -> str:
    """Return the words of a piece of HTML; broken HTML is read as browsers read it."""
    if "<" not in html and "&" not in html:
        return html.strip()
    reader = _TextReader()
    reader.feed(html)
    reader.close()
    return _MANY.sub("\n\n", _BLANKS.sub("\n", "".join(reader.parts))).strip()


class _TextReader(TolerantParser):
    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._silent = 0
        self._links: list[tuple[str, int]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent += 1
        elif tag in _BREAKS:
            self._break(always=tag in {"br", "hr"})
            self.parts.append("- " if tag == "li" else "")
        elif tag == "a":
            self._links.append((dict(attrs).get("href") or "", len(self.parts)))
        elif tag in {"img", "emoji"} and not self._silent:
            named = dict(attrs)
            if tag == "emoji" or "emoji" in f"{named.get('itemtype')} {named.get('class')}".lower():
                self.parts.append(named.get("alt") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag in _BREAKS and tag not in {"br", "hr"}:
            self._break()
        elif tag == "a" and self._links:
            address, start = self._links.pop()
            said = "".join(self.parts[start:]).strip()
            if address.startswith(("http://", "https://")) and address != said:
                self.parts.append(f" ({address})" if said else address)

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.parts.append(data)

    def _break(self, *, always: bool = False) -> None:
        if always or (self.parts and not self.parts[-1].endswith("\n")):
            self.parts.append("\n")
