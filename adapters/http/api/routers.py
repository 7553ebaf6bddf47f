"""All routes below /api."""

from __future__ import annotations

from adapters.http.api import conversations, documents, facts, feedback, imports, memories, recall

API = (
    recall.router,
    memories.router,
    conversations.router,
    facts.router,
    documents.router,
    feedback.router,
    imports.router,
)
"""The routers, one a module."""
