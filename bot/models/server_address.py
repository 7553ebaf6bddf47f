"""Addresses and keys of model servers: checked once, and shown without their secrets."""

from __future__ import annotations

from ipaddress import ip_address

import httpx

from bot.errors import ModelError


def check_url(url: str, setting: str = "model.base_url") -> str:
    """Return the address without its last slash; ModelError if it is none, with the name of its setting."""
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL as error:
        raise ModelError(f"{setting} is not a valid address; it looks like http://127.0.0.1:8080/v1.") from error
    if parsed.scheme not in ("http", "https") or not parsed.host:
        raise ModelError(f"{setting} must begin with http:// or https://, as in http://127.0.0.1:8080/v1.")
    return url.rstrip("/")


def check_key(key: str | None, setting: str = "model.api_key") -> str:
    """Return the key without white space around it, empty for None; ModelError if no header can carry it."""
    stripped = (key or "").strip()
    if not (stripped.isascii() and stripped.isprintable()):
        raise ModelError(f"{setting} holds characters that no key has; copy it again.")
    return stripped


def hide_secrets(url: str) -> str:
    """Return the address as it may be shown: without a password, and without what follows "?"."""
    parsed = httpx.URL(url)
    return str(parsed.copy_with(userinfo=b"", query=None, fragment=None))


def is_this_machine(url: str) -> bool:
    """Return whether the address is on the loopback interface."""
    host = httpx.URL(url).host
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
