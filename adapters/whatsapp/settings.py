"""The settings of the table `[adapters.whatsapp]`; `config.example.toml` documents each."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr

from adapters.setting_validators import check_token, check_web_address

API = "https://graph.facebook.com/v25.0"
APPS = "https://developers.facebook.com/apps"
TOKEN_ADVICE = (
    "make a permanent one: business.facebook.com, Settings, System users, Generate token, with the permissions "  # noqa: S105 (advice, no token)
    "whatsapp_business_messaging and whatsapp_business_management"
)
SECRET_ADVICE = f"copy the App secret from {APPS}, your app, App settings, Basic"


def _check_token(token: SecretStr) -> SecretStr:
    return check_token(token, f"this is not an access token: {TOKEN_ADVICE}")


def _check_app_secret(secret: SecretStr) -> SecretStr:
    return check_token(secret, f"this is not an app secret: {SECRET_ADVICE}")


def _check_verify_token(token: SecretStr) -> SecretStr:
    if not token.get_secret_value().strip():
        raise ValueError("make one up, and type the same under Verify token in the app's webhook settings")
    return token


def _check_api(value: str) -> str:
    return check_web_address(value, API)


class WhatsAppSettings(BaseModel):
    """What connects a bot to WhatsApp: a number of its own, and where this process listens for what Meta posts.

    The rates are Meta's: a number sends 80 messages a second, and to each person one every six seconds, of which 45
    may be taken in advance (https://developers.facebook.com/docs/whatsapp/cloud-api/overview#throughput).
    """

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    access_token: Annotated[SecretStr, AfterValidator(_check_token)]
    phone_number_id: str = Field(pattern="^[0-9]{1,32}$")
    app_secret: Annotated[SecretStr, AfterValidator(_check_app_secret)]
    verify_token: Annotated[SecretStr, AfterValidator(_check_verify_token)]
    host: str = "127.0.0.1"
    port: int = Field(default=8088, ge=0, le=65535)
    path: str = Field(default="/whatsapp", pattern="^/")
    read_receipts: bool = True
    messages_per_second: float = Field(default=80, gt=0)
    person_seconds: float = Field(default=6.0, gt=0)
    person_burst: int = Field(default=45, ge=1)
    retry_seconds: float = Field(default=1.0, gt=0)
    status_seconds: float = Field(default=10.0, ge=0)
    base_url: Annotated[str, AfterValidator(_check_api)] = API
