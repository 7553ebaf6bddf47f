"""Answers as Markdown: what they quote is escaped, and shown as it was said: a password keeps its stars."""

from __future__ import annotations

from collections.abc import Sequence

from memory.patterns import compile_on_use

_QUOTE = compile_on_use(r'^[^"\n]*"(?P<said>.*)" \[\d{1,3}\]$')
"""A line that quotes, as `composing` writes it: `Mara: "booked the hotel" [1]`."""
_LISTED = compile_on_use(r"- \d{1,10}: |(?:- |\d{1,3}\. )(?=[^“”\n]{0,200}: “[^\n]*”(?: \[\d{1,3}\]){0,20}$)")
"""How a list item begins that shows what somebody said: with a number, `- 12: Mara, …`, or a quote, `1. Mara: “…”`."""
_FENCE = "```"
_ADDRESS = compile_on_use(r"(https?://\S+)")
_MARK = compile_on_use(
    r"\\(?=[!-/:-@\[-`{-~])"  # an escape
    r"|[*`]"  # emphasis and code
    r"|(?<![^\W_])_|_(?![^\W_])"  # emphasis: within a word it is none
    r"|~(?=~)|(?<=~)~"  # struck out
    r"|\|(?=\|)|(?<=\|)\|"  # hidden, on Discord
    r"|\[(?=[^\]\n]{0,300}\]\()"  # a link
    r"|<(?=[A-Za-z/!@#:])"  # an address, HTML, somebody who is called
    r"|&(?=#?\w+;)"  # a character by its name
)
_BLOCK = compile_on_use(r"^(\s*)(?:(\d{1,9})([.)])|([-+>]|#{1,6}))(?=\s|$)")


def escape_quotes(answer: str) -> str:
    """Return an answer as Markdown that shows its quotes, and the short answer taken from one, letter by letter.

    Items of lists that show what was said are quotes too: those of /memories, /facts, /documents, /catchup and /why.
    The rest is Markdown already. Nothing changes where no quote has a character that Markdown reads as a mark.
    """
    lines = answer.split("\n")
    quotes = [_QUOTE.fullmatch(line) for line in lines]
    first = next((at for at, quote in enumerate(quotes) if quote is not None), None)
    if first is None:
        return _escape_listed(lines)
    said = "\n".join(quote["said"] for quote in quotes if quote is not None)
    return "\n".join(
        _escape(line) if quotes[at] is not None or line.strip() in said else _keep_single(line) if first == 1 else line
        for at, line in enumerate(lines)
    )


def _escape_listed(lines: Sequence[str]) -> str:
    """Return a reply whose list items are shown letter by letter where they show what was said; code stays."""
    shown: list[str] = []
    in_code = False
    for line in lines:
        in_code ^= line.lstrip().startswith(_FENCE)
        marker = None if in_code else _LISTED.match(line)
        shown.append(line if marker is None else marker[0] + _escape(line[marker.end() :]))
    return "\n".join(shown)


def _escape(line: str) -> str:
    """Return a line that Markdown shows as it is; addresses stay, for platforms make links of them."""
    parts = _ADDRESS.split(line)
    parts[::2] = (_MARK.sub(lambda mark: "\\" + mark[0], part) for part in parts[::2])
    return _keep_single("".join(parts))


def _keep_single(line: str) -> str:
    """Return a line that begins no list, heading or quote: "1. September" is a day, not a list of one."""
    mark = _BLOCK.match(line)
    if mark is None:
        return line
    return f"{mark[1]}{mark[2] or ''}\\{mark[3] or mark[4]}{line[mark.end() :]}"
