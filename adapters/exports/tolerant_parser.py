"""The standard library's reader of HTML, without its refusal of declarations that are not well formed."""

from __future__ import annotations

from html.parser import HTMLParser


class TolerantParser(HTMLParser):
    """Takes a declaration that it does not understand for a comment, as browsers do; references are text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def parse_html_declaration(self, i: int) -> int:
        """Read what begins with `<!`; HTMLParser raises AssertionError at "<![1]"."""
        try:
            return super().parse_html_declaration(i)
        except AssertionError:
            return self.parse_bogus_comment(i)
