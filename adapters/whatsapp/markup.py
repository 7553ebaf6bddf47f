"""Markdown as WhatsApp writes it (https://faq.whatsapp.com/539178204879377)."""

from __future__ import annotations

from adapters.chat_markup import MarkupRenderer


def render(markdown: str) -> str:
    """Return Markdown in WhatsApp's marks."""
    return _WhatsAppRenderer().render(markdown).strip()


class _WhatsAppRenderer(MarkupRenderer):
    """WhatsApp has no links with a label: the address stands beside it."""

    indent = "  "

    def link(self, url: str, label: str) -> str:
        return f"{label} ({url})" if url and label not in {"", url} else url or label
