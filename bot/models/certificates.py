"""The certificates that servers are checked against."""

from __future__ import annotations

from functools import cache

import httpx

shared_certificates = cache(httpx.create_ssl_context)
"""Return them, read once: that takes longer than a request, and each client would do it as it is made."""
