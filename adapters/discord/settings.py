"""The settings of the table `[adapters.discord]`; `config.example.toml` documents each."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr

from adapters.setting_validators import check_token, split_web_address

TOKEN_ADVICE = (
    "copy the bot's token from https://discord.com/developers/applications, your application, Bot, Reset Token"  # noqa: S105 (advice, no token)
)
_API_PATH = "/api/v10"


def _check_token(token: SecretStr) -> SecretStr:
    return check_token(token, f"this is not a bot token: {TOKEN_ADVICE}")


def _check_api(value: str) -> str:
    parts = split_web_address(value, "https://discord.com/api/v10")
    return value.rstrip("/") if parts.path.strip("/") else f"{value.rstrip('/')}{_API_PATH}"


def _check_gateway(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"ws", "wss"} or not parts.hostname:
        raise ValueError('give a WebSocket address such as "wss://gateway.discord.gg/"')
    return value


class DiscordSettings(BaseModel):
    """What connects a bot to Discord.

    Without `gateway_url` the API at `base_url` is asked for it. Edits keep below Discord's five in five seconds
    for a channel.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    token: Annotated[SecretStr, AfterValidator(_check_token)]
    message_content: bool = True
    base_url: Annotated[str, AfterValidator(_check_api)] | None = None
    gateway_url: Annotated[str, AfterValidator(_check_gateway)] | None = None
    streaming: bool = True
    edit_seconds_direct: float = Field(default=1.2, ge=0)
    edit_seconds_group: float = Field(default=1.5, ge=0)
    retry_seconds: float = Field(default=1.0, gt=0)
    retry_seconds_most: float = Field(default=60.0, gt=0)
