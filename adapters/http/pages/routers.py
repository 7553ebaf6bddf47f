"""All pages, in the order in which their addresses are looked up."""

from __future__ import annotations

from adapters.http.pages import (
    chat,
    conversation,
    documents,
    editing,
    facts,
    home,
    importing,
    memory,
    settings,
    sign_in,
    statistics,
)

PAGES = (
    sign_in.router,
    home.router,
    chat.router,
    memory.router,
    conversation.router,
    editing.router,
    facts.router,
    documents.router,
    importing.router,
    statistics.router,
    settings.router,
)
"""The routers of the pages, one a module in `adapters.http.pages`."""
