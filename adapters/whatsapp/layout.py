"""How a reply is laid out: parts that fit into a message each, with the sources and the options under the last."""

from __future__ import annotations

from dataclasses import dataclass, replace

from adapters.whatsapp.buttons import BUTTONS_TEXT, LIST_TEXT, ROW_CHARS, fit_buttons, fit_list, interactive_of
from adapters.whatsapp.markup import render
from adapters.whatsapp.places import Json
from bot.adapter import clip_text, drop_unsendable, source_line, split_text, utf16_length
from bot.choices import number_options, spell_out
from bot.events import Choices, Reply, Source

TEXT_LIMIT = 4096
"""The most characters of a message (https://developers.facebook.com/docs/whatsapp/cloud-api/messages/text-messages)."""
_LINE_CHARS = 300
_LEAST = 64
_EMPTY = "…"


@dataclass(frozen=True, slots=True)
class Part:
    """One message: its text, and the options below it."""

    text: str
    choices: Choices | None = None

    @property
    def content(self) -> Json:
        """What is sent."""
        if self.choices is None:
            return {"type": "text", "text": {"body": self.text, "preview_url": False}}
        return {"type": "interactive", "interactive": interactive_of(self.choices, self.text)}


def parts_of(reply: Reply, *, direct: bool) -> list[Part]:
    """Return the messages of a reply, at least one unless it has files that speak for themselves.

    WhatsApp shows options in direct chats alone; in groups, and where they are too many, they are numbered.
    """
    choices = reply.choices
    if choices is not None and not (direct and fit_list(choices)):
        reply, choices = replace(number_options(reply), choices=None), None
    elif choices is not None and not fit_buttons(choices):
        reply = spell_out(reply, ROW_CHARS)
    texts = _render_parts(drop_unsendable(reply.text), TEXT_LIMIT)
    for lines in _pack(reply.sources):
        if texts and utf16_length(f"{texts[-1]}\n\n{lines}") <= TEXT_LIMIT:
            texts[-1] = f"{texts[-1]}\n\n{lines}"
        else:
            texts.append(lines)
    if choices is not None:
        return _put_under_last(texts or [_EMPTY], choices)
    return [Part(text) for text in texts] or ([] if reply.files else [Part(_EMPTY)])


def _put_under_last(texts: list[str], choices: Choices) -> list[Part]:
    """Put options under the last text, of which so much goes before as they leave no room for."""
    limit = BUTTONS_TEXT if fit_buttons(choices) else LIST_TEXT
    *before, last = [*texts[:-1], *split_text(texts[-1], limit, utf16_length)]
    return [*(Part(text) for text in before), Part(last, choices)]


def _render_parts(text: str, limit: int) -> list[str]:
    """Render a text in parts; where one grew too long by being rendered, it is split further."""
    parts: list[str] = []
    for piece in split_text(text, limit, utf16_length):
        rendered = render(piece)
        if 0 < utf16_length(rendered) <= TEXT_LIMIT:
            parts.append(rendered)
        elif rendered and limit > _LEAST:
            parts += _render_parts(piece, limit // 2)
        else:
            parts.append(piece)
    return parts


def _pack(sources: tuple[Source, ...]) -> list[str]:
    """Return the sources a line each, in as few texts as possible."""
    packs: list[str] = []
    for source in sources:
        line = clip_text(" ".join(drop_unsendable(source_line(source)).split()), _LINE_CHARS)
        line = f"{line} {source.link}" if source.link and len(source.link) <= _LINE_CHARS else line
        if packs and utf16_length(f"{packs[-1]}\n{line}") <= TEXT_LIMIT:
            packs[-1] = f"{packs[-1]}\n{line}"
        else:
            packs.append(line)
    return packs
