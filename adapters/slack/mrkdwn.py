"""Markdown as Slack writes it: "mrkdwn", in which no text can call people or make links that it does not mean.

https://docs.slack.dev/messaging/formatting-message-text
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from adapters.chat_markup import MarkupRenderer

_CALL = re.compile(r"<(?=[@!#])")
_JOINER = "\u2060"  # keeps characters together, and is not seen


def render(markdown: str) -> str:
    """Return Markdown as mrkdwn."""
    return _MrkdwnRenderer().render(markdown).strip()


def escape(text: str) -> str:
    """Return a text that Slack shows as it is, apart from formatting."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def link(url: str, label: str) -> str:
    """Return a link."""
    return f"<{escape(url).replace('|', '%7C')}|{label.replace('|', '¦')}>" if is_web_address(url) else label


def disarm_calls(markdown: str) -> str:
    """Return Markdown in which nothing like "<!channel>" calls anybody when Slack itself renders it."""
    return _CALL.sub(f"<{_JOINER}", markdown)


def is_web_address(url: str) -> bool:
    """Say whether Slack makes a link of it."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    named = parts.netloc if parts.scheme in {"http", "https"} else parts.scheme == "mailto" and parts.path
    return bool(named) and url.startswith(parts.scheme) and not set(url) & set("<> \n")


class _MrkdwnRenderer(MarkupRenderer):
    """Writes what Slack reads."""

    def escape(self, text: str) -> str:
        return escape(text)

    def link(self, url: str, label: str) -> str:
        return link(url, label) if label else escape(url)
