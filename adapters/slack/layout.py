"""How a reply is laid out: messages of blocks within Slack's limits, with its sources as small print under the last.

https://docs.slack.dev/reference/block-kit/blocks
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from adapters.slack.buttons import LABEL_CHARS, actions_of
from adapters.slack.mrkdwn import disarm_calls, escape, link, render
from bot.adapter import clip_text, source_line, split_text
from bot.choices import spell_out
from bot.events import Reply, Source

Block = dict[str, Any]
Links = Mapping[int, str]

TEXT_LIMIT = 12_000
"""The most characters of one message, and of one `markdown_text`."""
SECTION_LIMIT = 3000
MOST_SECTIONS = 40
"""Of 50 blocks in a message, some are kept for the sources."""
_LINE_CHARS = 300
_LEAST = 64
_EMPTY = "…"
_UNSENDABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Part:
    """One message: its text, for notifications and where blocks are refused, and its blocks."""

    text: str
    blocks: tuple[Block, ...] = ()


def parts_of(reply: Reply, links: Links) -> list[Part]:
    """Return the messages of a reply; `links` has the addresses of its sources by their numbers.

    There is at least one, unless the reply has files that speak for themselves. Buttons stand under the last.
    """
    reply = spell_out(reply, LABEL_CHARS)
    actions = (actions_of(reply.choices),) if reply.choices is not None else ()
    packs = _pack(_sections(drop_unsendable(reply.text), SECTION_LIMIT))
    lines = source_lines(reply.sources, links)
    if lines and (not packs or sum(map(len, [*packs[-1], *lines])) > TEXT_LIMIT):
        packs.append([])
    if not packs:
        return [] if reply.files and not actions else [Part(_EMPTY, actions)]
    parts = [_part(pack) for pack in packs[:-1]]
    return [*parts, _part(packs[-1], (*source_blocks(lines), *actions), lines)]


def preview_of(text: str) -> str:
    """Return a growing reply as mrkdwn, cut to what fits into one message."""
    text = drop_unsendable(text)
    for limit in (TEXT_LIMIT, TEXT_LIMIT // 2):
        rendered = render(clip_text(text, limit))
        if len(rendered) <= TEXT_LIMIT:
            return rendered or _EMPTY
    return clip_text(escape(text), TEXT_LIMIT // 5)


def to_streamable(text: str) -> str:
    """Return Markdown that Slack may render itself."""
    return disarm_calls(drop_unsendable(text))


def drop_unsendable(text: str) -> str:
    """Drop what is not text: control characters, and halves of characters, which can't be encoded."""
    return _UNSENDABLE.sub("", text.replace("\r\n", "\n"))


def source_lines(sources: Iterable[Source], links: Links) -> list[str]:
    """Return the sources as mrkdwn, a line each, linked where they have an address."""
    lines: list[str] = []
    for source in sources:
        line = escape(clip_text(" ".join(drop_unsendable(source_line(source)).split()), _LINE_CHARS))
        number, _, rest = line.partition(" ")
        lines.append(f"{number} {link(links[source.n], rest)}" if source.n in links else line)
    return lines


def source_blocks(lines: Sequence[str]) -> tuple[Block, ...]:
    """Return lines as small print, in as few blocks as possible."""
    texts: list[str] = []
    for line in lines:
        if texts and len(texts[-1]) + len(line) + 1 <= SECTION_LIMIT:
            texts[-1] = f"{texts[-1]}\n{line}"
        else:
            texts.append(clip_text(line, SECTION_LIMIT))
    return tuple({"type": "context", "elements": [{"type": "mrkdwn", "text": text}]} for text in texts)


def _part(sections: Sequence[str], notes: tuple[Block, ...] = (), lines: Sequence[str] = ()) -> Part:
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": section}} for section in sections]
    text = "\n\n".join([*sections, "\n".join(lines)]).strip()
    return Part(clip_text(text, TEXT_LIMIT), (*blocks, *notes))


def _sections(text: str, limit: int) -> list[str]:
    """Render a text in sections; where one grew too long by being rendered, it is split further."""
    sections: list[str] = []
    for piece in split_text(text, limit):
        rendered = render(piece)
        if 0 < len(rendered) <= SECTION_LIMIT:
            sections.append(rendered)
        elif rendered and limit > _LEAST:
            sections += _sections(piece, limit // 2)
        else:
            sections.append(escape(piece))
    return sections


def _pack(sections: Iterable[str]) -> list[list[str]]:
    """Put sections together into messages."""
    packs: list[list[str]] = []
    room = 0
    for section in sections:
        if not packs or len(section) + 2 > room or len(packs[-1]) == MOST_SECTIONS:
            packs.append([])
            room = TEXT_LIMIT
        packs[-1].append(section)
        room -= len(section) + 2
    return packs
