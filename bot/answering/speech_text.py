"""An answer as it is read out: the words alone, without citations, marks and addresses."""

from __future__ import annotations

from markdown_it import MarkdownIt

from bot.answering.citations import without_numbers
from memory.patterns import compile_on_use

_MARKDOWN = MarkdownIt("commonmark", {"html": False})
_ADDRESS = compile_on_use(r"https?://\S+")
_SENTENCE_END = compile_on_use(r"[.!?…。！？](?=\s|$)")


def spoken_text(answer: str, most_chars: int) -> str:
    """Return what there is to say of an answer in Markdown; of one that is too long, the first whole sentences."""
    lines: list[str] = []
    for token in _MARKDOWN.parse(without_numbers(answer)):
        if token.type == "inline":
            children = token.children or []
            lines.append("".join("\n" if each.type.endswith("break") else each.content for each in children))
    text = "\n".join(" ".join(_ADDRESS.sub("", line).split()) for line in "\n".join(lines).splitlines()).strip()
    if len(text) <= most_chars:
        return text
    ends = [found.end() for found in _SENTENCE_END.finditer(text, 0, most_chars)]
    return text[: ends[-1] if ends else most_chars].rstrip()
