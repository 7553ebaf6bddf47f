"""How a reply is laid out: parts that fit into a message each, and the numbered sources under the last."""

from __future__ import annotations

from telegram import MessageEntity

from adapters.telegram.buttons import LABEL_CHARS
from adapters.telegram.markdown import is_web_address, render
from adapters.telegram.spans import TEXT_LIMIT, Canvas, Formatted
from bot.adapter import clip_text, drop_unsendable, source_line, split_text, utf16_length
from bot.choices import spell_out
from bot.events import Reply, Source

_LINE_CHARS = 300
_LEAST = 64
_GAP = Formatted("\n\n")


def parts_of(reply: Reply) -> list[Formatted]:
    """Return the messages of a reply, at least one unless it has files that speak for themselves."""
    reply = spell_out(reply, LABEL_CHARS)
    links = {source.n: source.link for source in reply.sources if source.link and is_web_address(source.link)}
    parts = _render_parts(drop_unsendable(reply.text), links, TEXT_LIMIT)
    for lines in _source_lists(reply.sources, links):
        if parts and parts[-1].length + lines.length + _GAP.length <= TEXT_LIMIT:
            parts[-1] = parts[-1] + _GAP + lines
        else:
            parts.append(lines)
    return parts or ([] if reply.files and reply.choices is None else [Formatted("…")])


def preview_of(text: str) -> Formatted:
    """Return a growing reply, cut to what fits into one message."""
    text = drop_unsendable(text)
    for limit in (TEXT_LIMIT, TEXT_LIMIT // 2):
        formatted = render(clip_text(text, limit, utf16_length))
        if formatted.length <= TEXT_LIMIT:
            return formatted
    return Formatted(clip_text(text.strip(), TEXT_LIMIT, utf16_length))


def _render_parts(text: str, links: dict[int, str], limit: int) -> list[Formatted]:
    """Render a text in parts; where one grew too long by being rendered, it is split further."""
    parts: list[Formatted] = []
    for part in split_text(text, limit, utf16_length):
        formatted = render(part, links)
        if formatted.length <= TEXT_LIMIT:
            parts.append(formatted)
        elif limit > _LEAST:
            parts += _render_parts(part, links, limit // 2)
        else:
            parts.append(Formatted(part))
    return parts


def _source_lists(sources: tuple[Source, ...], links: dict[int, str]) -> list[Formatted]:
    """Return the sources a line each, linked where they have an address, in as few texts as possible."""
    lists: list[Formatted] = []
    for source in sources:
        line = _source_line(source, links.get(source.n))
        if lists and lists[-1].length + line.length + 1 <= TEXT_LIMIT:
            lists[-1] = lists[-1] + Formatted("\n") + line
        else:
            lists.append(line)
    return lists


def _source_line(source: Source, link: str | None) -> Formatted:
    canvas = Canvas()
    canvas.write(clip_text(" ".join(drop_unsendable(source_line(source)).split()), _LINE_CHARS))
    if link is not None:
        canvas.mark(MessageEntity.TEXT_LINK, 0, url=link)
    return canvas.finish()
