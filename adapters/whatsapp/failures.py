"""What the Cloud API's errors mean, by their codes.

https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes
"""

from __future__ import annotations

from collections.abc import Mapping

from adapters.whatsapp.settings import TOKEN_ADVICE
from bot.errors import AdapterError, ChatClosed

WINDOW_CLOSED = 131047
PAIR_LIMIT = 131056
_REFUSING_TOKENS = frozenset({0, 3, 10, 190, *range(200, 300)})
BAD_PARAMETERS = frozenset({100, 131009})
_BUSY = frozenset({4, 17, 32, 613, 80007, 130429, 131048, PAIR_LIMIT})
_PASSING = frozenset({1, 2, 131000, 131016, 131057, 133004, 135000})
_MENDABLE = {
    33: "the number was deleted: see WhatsApp Manager, Phone numbers",
    131005: f"the token lacks a permission: {TOKEN_ADVICE}",
    131030: "the number is not among those that a test number may write to: add it in the app, WhatsApp, API Setup",
    131031: "the business account is locked: see business.facebook.com",
    131037: "the display name of the number is not approved yet: see WhatsApp Manager, Phone numbers",
    131042: "there is no way to pay for messages: see business.facebook.com, Billing",
    133010: "the number is not registered with the Cloud API: see docs/whatsapp.md",
    368: "the business account is blocked for a violation of WhatsApp's policy: see business.facebook.com",
}
"""What the owner can mend, so that a reply is worth keeping."""


class TokenRefusedError(AdapterError):
    """Raised when Meta does not accept the access token, or it lacks a permission."""


class RefusedError(AdapterError):
    """Raised when the API says no to a call for good; `code` is its own number for why."""

    def __init__(self, code: int, details: str) -> None:
        super().__init__(f"WhatsApp says {details} ({code})")
        self.code = code


class BusyError(AdapterError):
    """Raised when too much was sent: to one person (`is_pair`), or by the number.

    `seconds` is how long the API asks to be left alone, 0 where it does not say.
    """

    def __init__(self, told: str, *, is_pair: bool = False, retry_after: str | None = None) -> None:
        super().__init__(told)
        self.is_pair = is_pair
        self.seconds = float(retry_after) if retry_after is not None and retry_after.isdecimal() else 0.0


class UnreachableError(AdapterError):
    """Raised when WhatsApp is down or out of reach, or something must be mended first: trying again may help."""


class WindowClosedError(ChatClosed):
    """Raised when somebody has written nothing for 24 hours: only templates may be sent to them, which this is not."""

    def __init__(self) -> None:
        super().__init__(
            "WhatsApp takes no message to somebody who has written nothing for 24 hours; "
            "it is sent as soon as they write again"
        )


def read_refusal(error: Mapping[str, object], retry_after: str | None = None) -> AdapterError:
    """Return what an error object of the API means."""
    code, details = read_code(error), read_details(error)
    told = f"WhatsApp says {details} ({code})"
    if code == WINDOW_CLOSED:
        return WindowClosedError()
    if code in _REFUSING_TOKENS:
        return TokenRefusedError(
            f"Meta does not accept adapters.whatsapp.access_token ({details}, {code}): it has expired, was revoked, "
            f"or lacks a permission; {TOKEN_ADVICE}"
        )
    if code in _BUSY:
        return BusyError(told, is_pair=code == PAIR_LIMIT, retry_after=retry_after)
    if code in _MENDABLE:
        return UnreachableError(f"{told}; {_MENDABLE[code]}")
    if code in _PASSING:
        return UnreachableError(told)
    return RefusedError(code, details)


def read_code(error: Mapping[str, object]) -> int:
    """Return the number of an error; -1 where it has none."""
    code = str(error.get("code", ""))
    return int(code) if code.isascii() and code.isdecimal() else -1


def read_details(error: Mapping[str, object]) -> str:
    """Return the most telling of an error's texts."""
    data = error.get("error_data")
    details = data.get("details") if isinstance(data, dict) else None
    return str(details or error.get("message") or error.get("title") or "nothing of use").rstrip(".")
