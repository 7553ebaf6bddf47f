"""What `scrubjay doctor` says about a WhatsApp number, and how to fix it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from adapters.whatsapp.api import GraphApi
from adapters.whatsapp.failures import RefusedError, TokenRefusedError
from adapters.whatsapp.places import Json
from adapters.whatsapp.settings import SECRET_ADVICE, TOKEN_ADVICE, WhatsAppSettings
from bot.adapter import Finding
from bot.errors import AdapterError

NAME = "whatsapp"
TOKEN = f"{NAME} token"
DELIVERY = f"{NAME} delivery"
SOON = timedelta(days=7)
_NEEDED = "whatsapp_business_messaging"
_NUMBER_ADVICE = "copy the Phone number ID, not the number itself, from your app, WhatsApp, API Setup"


async def check(settings: WhatsAppSettings) -> list[Finding]:
    """Ask Meta about number, token and secret. Nothing is changed."""
    async with GraphApi(settings) as api:
        try:
            number = await api.get_with_proof(api.number, fields="display_phone_number,verified_name,quality_rating")
        except TokenRefusedError as error:
            return [Finding(NAME, "broken", "the access token is refused", str(error))]
        except RefusedError as error:
            return [_refusal(error)]
        except AdapterError as error:
            mend = "check the network, and adapters.whatsapp.base_url if it is set"
            return [Finding(NAME, "broken", f"{settings.base_url} can't be used: {error}", mend)]
        return [_number(number), await _token(api, settings), _delivery(settings)]


def _refusal(error: RefusedError) -> Finding:
    if "appsecret_proof" in str(error):
        return Finding(NAME, "broken", "adapters.whatsapp.app_secret is not the app's", SECRET_ADVICE)
    return Finding(NAME, "broken", f"adapters.whatsapp.phone_number_id is not known: {error}", _NUMBER_ADVICE)


def _number(told: Json) -> Finding:
    found = f"{told.get('display_phone_number')} ({told.get('verified_name')})"
    if told.get("quality_rating") == "RED":
        mend = "people block or report it; see WhatsApp Manager, Phone numbers, before Meta limits the number"
        return Finding(NAME, "note", f"{found}: its quality rating is low", mend)
    return Finding(NAME, "ok", found)


async def _token(api: GraphApi, settings: WhatsAppSettings) -> Finding:
    """Look at how long the token holds, and at its permissions."""
    try:
        answer = await api.get("debug_token", input_token=settings.access_token.get_secret_value())
    except AdapterError:
        return Finding(TOKEN, "note", "Meta does not tell how long the access token holds")
    told = answer.get("data") or {}
    scopes = told.get("scopes")
    if isinstance(scopes, list) and _NEEDED not in scopes:
        return Finding(TOKEN, "broken", f"the access token lacks the permission {_NEEDED}", TOKEN_ADVICE)
    expires = int(told.get("expires_at") or 0)
    if expires and datetime.fromtimestamp(expires, UTC) - datetime.now(UTC) < SOON:
        return Finding(TOKEN, "note", f"the access token expires on {_day(expires)}", TOKEN_ADVICE)
    return Finding(TOKEN, "ok", f"holds until {_day(expires)}" if expires else "does not expire")


def _day(stamp: int) -> str:
    moment = datetime.fromtimestamp(stamp, UTC)
    return f"{moment.day} {moment:%B %Y %H:%M} UTC"


def _delivery(settings: WhatsAppSettings) -> Finding:
    found = f"by webhook at {settings.host}:{settings.port}{settings.path}, with signatures"
    return Finding(DELIVERY, "ok", f"{found}; let the app's Callback URL lead there, and subscribe to messages")
