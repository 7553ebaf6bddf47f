"""All routes below /v1."""

from __future__ import annotations

from adapters.http.v1 import chat_completions, completions, models

V1 = (chat_completions.router, completions.router, models.router)
"""The routers, one a module."""
