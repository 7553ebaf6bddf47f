"""How a reply is laid out: parts that fit into a message each, and its sources as small print under the last."""

from __future__ import annotations

from adapters.discord.markdown import escape, to_discord
from bot.adapter import clip_text, split_text
from bot.choices import spell_out
from bot.events import Reply, Source

TEXT_LIMIT = 2000
_QUOTE_CHARS = 120
_NAME_CHARS = 60
EMPTY = "…"
LABEL_CHARS = 80
"""What stands on a button, at most."""


def parts_of(reply: Reply) -> list[str]:
    """Return the messages of a reply, none too long and none empty: at least one unless it has files."""
    reply = spell_out(reply, LABEL_CHARS)
    quote = f"> {escape(reply.quoted)}\n" if reply.quoted else ""
    parts = split_text(quote + to_discord(reply.text), TEXT_LIMIT)
    notes = ""
    for line in map(source_line, reply.sources):
        if len(notes) + len(line) + 1 > TEXT_LIMIT:
            parts.append(notes)
            notes = ""
        notes = f"{notes}\n{line}".strip()
    if notes and parts and len(parts[-1]) + len(notes) + 1 <= TEXT_LIMIT:
        parts[-1] = f"{parts[-1]}\n{notes}"
    elif notes:
        parts.append(notes)
    return parts or ([] if reply.files and reply.choices is None else [EMPTY])


def preview_of(text: str) -> str:
    """Return a growing reply, cut to what fits into one message."""
    return clip_text(to_discord(text).strip(), TEXT_LIMIT) or EMPTY


def source_line(source: Source) -> str:
    """Return a source as Discord's small print, with its time in each reader's own zone and a link to jump there.

    https://support.discord.com/hc/en-us/articles/210298617 (subtext), .../reference#message-formatting (times).
    """
    said = f"<t:{int(source.said_at.timestamp())}:f>"
    place = escape(clip_text(source.conversation, _NAME_CHARS))
    details = [
        escape(clip_text(source.author, _NAME_CHARS)),
        escape(clip_text(source.locator or "", _NAME_CHARS)),
        said,
        place,
    ]
    line = f"-# [{source.n}] " + ", ".join(detail for detail in details if detail)
    line += f": {escape(clip_text(' '.join(source.text.split()), _QUOTE_CHARS))}"
    return f"{line} [↗](<{source.link}>)" if _is_address(source.link) else line


def _is_address(link: str | None) -> bool:
    return link is not None and link.startswith(("https://", "http://")) and not set(link) & set("<> \n")
