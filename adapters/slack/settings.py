"""The settings of the table `[adapters.slack]`; `config.example.toml` documents each."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, model_validator

from adapters.setting_validators import check_token, split_web_address

API = "https://slack.com/api/"
APPS = "https://api.slack.com/apps"
BOT_TOKEN_ADVICE = f"copy the Bot User OAuth Token (xoxb-…) from {APPS}, your app, OAuth & Permissions"
APP_TOKEN_ADVICE = (
    f"make an app-level token (xapp-…) with the scope connections:write at {APPS}, your app, Basic Information"
)


def _check_bot_token(token: SecretStr) -> SecretStr:
    return _check_token(token, "xapp-", BOT_TOKEN_ADVICE)


def _check_app_token(token: SecretStr) -> SecretStr:
    return _check_token(token, "xoxb-", APP_TOKEN_ADVICE)


def _check_token(token: SecretStr, other: str, advice: str) -> SecretStr:
    problem = f"this is not the right token: {advice}"
    if token.get_secret_value().startswith(other):
        raise ValueError(problem)
    return check_token(token, problem)


def _check_secret(secret: SecretStr) -> SecretStr:
    if not secret.get_secret_value().strip():
        raise ValueError(f"copy the Signing Secret from {APPS}, your app, Basic Information")
    return secret


def _check_api(value: str) -> str:
    parts = split_web_address(value, API)
    return f"{value.rstrip('/')}/" if parts.path.strip("/") else f"{value.rstrip('/')}/api/"


class _SlackTable(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class EventsSettings(_SlackTable):
    """Where this process listens for what Slack posts, and the secret that Slack signs it with."""

    signing_secret: Annotated[SecretStr, AfterValidator(_check_secret)]
    host: str = "127.0.0.1"
    port: int = Field(default=3000, ge=0, le=65535)
    path: str = Field(default="/slack/events", pattern="^/")


class SlackSettings(_SlackTable):
    """What connects a bot to Slack.

    With `http` Slack posts to this process; without it the bot connects to Slack by Socket Mode. The seconds between
    edits keep below the 50 calls a minute that Slack allows of `chat.update`.
    """

    bot_token: Annotated[SecretStr, AfterValidator(_check_bot_token)]
    app_token: Annotated[SecretStr, AfterValidator(_check_app_token)] | None = None
    http: EventsSettings | None = None
    base_url: Annotated[str, AfterValidator(_check_api)] = API
    commands_answer: Literal["asker", "channel"] = "asker"
    command_prefix: str = Field(default="", pattern="^[a-z0-9_-]*$")
    threads_in_channels: bool = True
    threads_in_direct_chats: bool = False
    streaming: bool = True
    edit_seconds_direct: float = Field(default=1.5, ge=0)
    edit_seconds_group: float = Field(default=2.0, ge=0)
    retry_seconds: float = Field(default=1.0, gt=0)
    retry_seconds_most: float = Field(default=60.0, gt=0)

    @model_validator(mode="after")
    def _has_a_way_in(self) -> Self:
        if self.app_token is None and self.http is None:
            raise ValueError(f"give app_token for Socket Mode ({APP_TOKEN_ADVICE}), or the table http")
        return self
