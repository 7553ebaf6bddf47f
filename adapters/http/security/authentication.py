"""From a request to who makes it: a program by its key, a browser by its session."""

from __future__ import annotations

import hmac
from typing import Annotated

from fastapi import Depends, HTTPException, Request

from adapters.http.security.sessions import BrowserSession
from adapters.http.services import WebServices, services_of
from bot import Conversation, Person
from bot.adapter import Caller

COOKIE = "scrubjay"
CSRF_HEADER = "X-CSRF-Token"
CHAT = "chat"
"""The direct chat that is open first; others of the same person have ids of their own."""
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def address_of(request: Request) -> str:
    """Return where a request comes from, for counting."""
    return request.client.host if request.client is not None else ""


def cookie_name(services: WebServices) -> str:
    """Return the session cookie's name; where there is https, browsers hold it to this very host."""
    return f"__Host-{COOKIE}" if services.settings.is_secure else COOKIE


def session_of(request: Request) -> BrowserSession | None:
    """Return the session of the browser that makes a request."""
    services = services_of(request)
    secret = request.cookies.get(cookie_name(services))
    return None if secret is None else services.sessions.find(secret)


async def person_of_key(services: WebServices, key: str, address: str) -> Person:
    """Return whom a key stands for. Raises HTTPException for a wrong one, and where too many were wrong."""
    if wait := services.attempts.seconds_to_wait(address):
        raise HTTPException(429, "Too many wrong keys; try again later.", {"Retry-After": str(wait)})
    person = await services.requests.keys.find(key)
    if person is None:
        services.attempts.note_failure(address)
        raise HTTPException(401, "This key is wrong or was revoked.", {"WWW-Authenticate": "Bearer"})
    return person


async def _identify(request: Request) -> Person:
    """Return who makes a request. What changes something from a browser must carry the session's CSRF token."""
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    if scheme.casefold() == "bearer":
        return await person_of_key(services_of(request), key.strip(), address_of(request))
    session = session_of(request)
    if session is None:
        raise HTTPException(401, "Send a key as “Authorization: Bearer …”, or sign in.", {"WWW-Authenticate": "Bearer"})
    if request.method not in _SAFE and not await _has_token(request, session):
        raise HTTPException(403, f"The page's {CSRF_HEADER} is missing or wrong; load the page again.")
    return session.person


async def _has_token(request: Request, session: BrowserSession) -> bool:
    sent = request.headers.get(CSRF_HEADER, "")
    return hmac.compare_digest(sent.encode(), session.csrf.encode())


async def identify_caller(request: Request) -> Caller:
    """Return who makes a request. Raises HTTPException without a key or a session, AccessDenied for a stranger."""
    person = await _identify(request)
    return await services_of(request).requests.caller(person, chat_of(person))


async def _owner(caller: Annotated[Caller, Depends(identify_caller)]) -> Caller:
    if not caller.is_owner:
        raise HTTPException(403, "Only the bot's owner may do this.")
    return caller


def chat_of(person: Person, chat: str = CHAT) -> Conversation:
    """Return a direct chat of a person with the bot; `chat` tells it from their others."""
    return Conversation(person.platform, f"{person.id}/{chat}", person.name)


CallerOf = Annotated[Caller, Depends(identify_caller)]
"""Who makes a request, with what they may access: the type of a route's parameter."""
OwnerOf = Annotated[Caller, Depends(_owner)]
"""The same where only the bot's owner may."""
