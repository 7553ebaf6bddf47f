"""How a reply is laid out: messages of blocks within Slack's limits, with its sources as small print under the last.

https://docs.slack.dev/reference/block-kit/blocks
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from adapters.slack.buttons import LABEL_CHARS, actions_of
from adapters.slack.mrkdwn import disarm_calls, escape, link, render
from bot.adapter import clip_text, drop_unsendable, escape_quotes, source_line, split_text
from bot.choices import spell_out
from bot.events import Reply, Source

Block = dict[str, Any]
Links = Mapping[int, str]

TEXT_LIMIT = 4_000
"""The most bytes of UTF-8 that `chat.update` takes as `text`, also beside blocks. A message is never longer, since a
press of a button may change it (https://docs.slack.dev/reference/methods/chat.update#errors, `msg_too_long`)."""
STREAM_LIMIT = 12_000
"""The most characters of one `markdown_text` (https://docs.slack.dev/reference/methods/chat.appendStream)."""
SECTION_LIMIT = 3000
_LINE_CHARS = 300
_LEAST = 64
_EMPTY = "…"


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
    if reply.quoted:  # Slack has no replies but threads
        reply = replace(reply, text=f"> {reply.quoted}\n\n{reply.text}", quoted="")
    actions = (actions_of(reply.choices),) if reply.choices is not None else ()
    contents = [_Content(tuple(sections)) for sections in _split(drop_unsendable(reply.text), TEXT_LIMIT)]
    for lines in _pack(source_lines(reply.sources, links)):
        with_sources = replace(contents[-1], lines=tuple(lines)) if contents and not contents[-1].lines else None
        if with_sources is not None and utf8_length(with_sources.text) <= TEXT_LIMIT:
            contents[-1] = with_sources
        else:
            contents.append(_Content(lines=tuple(lines)))
    if not contents:
        return [] if reply.files and not actions else [Part(_EMPTY, actions)]
    return [*(each.as_part() for each in contents[:-1]), contents[-1].as_part(actions)]


def preview_of(text: str) -> str:
    """Return a growing reply as mrkdwn, cut to what fits into one message."""
    text = drop_unsendable(text)
    for limit in (TEXT_LIMIT, TEXT_LIMIT // 2):
        rendered = render(clip_text(text, limit, utf8_length))
        if utf8_length(rendered) <= TEXT_LIMIT:
            return rendered or _EMPTY
    return clip_text(escape(text), TEXT_LIMIT, utf8_length)


def utf8_length(text: str) -> int:
    """Return how long Slack finds a text that is edited: in bytes."""
    return len(text.encode("utf-8", "surrogatepass"))


def halve(part: Part) -> list[Part]:
    """Return a message in pieces without formatting, for where Slack finds it too long after all."""
    return [Part(text) for text in split_text(part.text, len(part.text) // 2 + 1)]


def to_streamable(text: str) -> str:
    """Return Markdown that Slack may render itself."""
    return disarm_calls(escape_quotes(drop_unsendable(text)))


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


@dataclass(frozen=True, slots=True)
class _Content:
    """What stands in one message: sections of text, and lines of small print."""

    sections: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        return "\n\n".join([*self.sections, "\n".join(self.lines)]).strip()

    def as_part(self, actions: tuple[Block, ...] = ()) -> Part:
        blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": section}} for section in self.sections]
        return Part(self.text, (*blocks, *source_blocks(self.lines), *actions))


def _split(text: str, limit: int) -> list[list[str]]:
    """Return the sections of each message; where a message grew too long by being rendered, it is split further."""
    messages: list[list[str]] = []
    for piece in split_text(text, limit, utf8_length):
        sections = _sections(piece, SECTION_LIMIT)
        if utf8_length(_Content(tuple(sections)).text) <= TEXT_LIMIT:
            messages += [sections] if sections else []
        elif limit > _LEAST:
            messages += _split(piece, limit // 2)
        else:
            messages += [[section] for section in sections]
    return messages


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


def _pack(lines: Iterable[str]) -> list[list[str]]:
    """Put lines of small print together, as many as a message takes."""
    packs: list[list[str]] = []
    for line in lines:
        if packs and utf8_length("\n".join([*packs[-1], line])) <= TEXT_LIMIT:
            packs[-1].append(line)
        else:
            packs.append([line])
    return packs
