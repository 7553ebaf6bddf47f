"""The settings of the table `[adapters.telegram]`; `config.example.toml` documents each."""

from __future__ import annotations

import re
import secrets
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, model_validator

from adapters.setting_validators import check_web_address

API = "https://api.telegram.org/bot"
TOKEN_ADVICE = "@BotFather gives it to you; it looks like 123456789:AAF4…"  # noqa: S105 (advice, no token)
_TOKEN = re.compile(r"\d+:[\w-]{3,}")
_SECRET = re.compile(r"[\w-]{1,256}", re.ASCII)
_PORTS = (443, 80, 88, 8443)


def _check_token(token: SecretStr) -> SecretStr:
    if not _TOKEN.fullmatch(token.get_secret_value()):
        raise ValueError(f"this is not a bot token: {TOKEN_ADVICE}")
    return token


def _check_address(value: str) -> str:
    return check_web_address(value, API)


def _check_secret(secret: SecretStr) -> SecretStr:
    if not _SECRET.fullmatch(secret.get_secret_value()):
        raise ValueError("use 1 to 256 letters, digits, _ and -")
    return secret


Address = Annotated[str, AfterValidator(_check_address)]


class _TelegramTable(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class WebhookSettings(_TelegramTable):
    """Where Telegram posts updates to (`url`), and where this process listens for them.

    Telegram knocks at the ports 443, 80, 88 and 8443 alone. Without a `secret` each start draws a new one.
    """

    url: Address
    host: str = "127.0.0.1"
    port: int = Field(default=8443, ge=0, le=65535)
    secret: Annotated[SecretStr, AfterValidator(_check_secret)] = Field(
        default_factory=lambda: SecretStr(secrets.token_urlsafe(32))
    )

    @model_validator(mode="after")
    def _refuse_unreachable_port(self) -> Self:
        """Refuse a port that Telegram never knocks at; a Bot API server on this machine may use any."""
        parts = urlsplit(self.url)
        if parts.hostname not in {"127.0.0.1", "localhost", "::1"}:
            if parts.scheme != "https":
                raise ValueError("Telegram posts to https addresses only")
            if (parts.port or 443) not in _PORTS:
                raise ValueError("Telegram posts to the ports 443, 80, 88 and 8443 only")
        return self

    @property
    def path(self) -> str:
        """The part of the address after the host."""
        return urlsplit(self.url).path or "/"


class TelegramSettings(_TelegramTable):
    """What connects a bot to Telegram.

    The rates are Telegram's own limits (https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this).
    """

    token: Annotated[SecretStr, AfterValidator(_check_token)]
    base_url: Address = API
    base_file_url: Address | None = None
    webhook: WebhookSettings | None = None
    poll_seconds: int = Field(default=30, ge=0, le=50)
    streaming: bool = True
    edit_seconds_direct: float = Field(default=1.5, ge=0)
    edit_seconds_group: float = Field(default=3.0, ge=0)
    messages_per_second: float = Field(default=30, gt=0)
    group_messages_per_minute: float = Field(default=20, gt=0)
    retry_seconds: float = Field(default=1.0, gt=0)
    retry_seconds_most: float = Field(default=60.0, gt=0)

    @property
    def api(self) -> str:
        """What goes before the token in an address of the API: a server's bare address means its "/bot"."""
        return self.base_url if urlsplit(self.base_url).path else f"{self.base_url}/bot"

    @property
    def files(self) -> str:
        """What goes before the token in the address of a file."""
        if self.base_file_url is not None:
            return self.base_file_url if urlsplit(self.base_file_url).path else f"{self.base_file_url}/file/bot"
        return f"{self.api.removesuffix('/bot')}/file/bot"
