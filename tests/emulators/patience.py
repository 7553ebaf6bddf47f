"""How long tests wait for what must happen."""

from __future__ import annotations

PATIENCE = 300.0
"""In seconds. It only ends a test that would hang: what is waited for comes in milliseconds, also on a busy machine."""
