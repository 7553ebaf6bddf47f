"""Discord's REST API, as far as a chat bot uses it, and as strict (https://discord.com/developers/docs/reference)."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Awaitable, Callable, Mapping
from math import ceil
from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.emulators.discord_places import ADD_REACTIONS, SEND, SEND_IN_THREADS, VIEW, Json, Posted, Room, now

if TYPE_CHECKING:
    from tests.emulators.discord import DiscordServer

TEXT_LIMIT = 2000
UPLOAD_LIMIT = 10 << 20
ACTION_ROW, BUTTON, SELECT = 1, 2, 3
DEFER, REPLY, DEFER_UPDATE, UPDATE = 5, 4, 6, 7
EPHEMERAL = 1 << 6
ACKNOWLEDGE_SECONDS = 60.0
"""Discord gives three, which are too few on a machine that is busy with other tests."""
CONTENT_GRANTED = 1 << 18
Handler = Callable[["DiscordServer", web.Request], Awaitable[Any]]


class Refusal(Exception):  # noqa: N818 (an answer of the server, no failure of the test)
    """What Discord answers to a call that it does not take."""

    def __init__(self, status: int, message: str, code: int = 0, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.body: Json = {"message": message, "code": code}
        self.headers = {"Via": "1.1 google"}  # without it the library takes a 429 for one of a firewall
        if retry_after is not None:
            self.body |= {"retry_after": retry_after, "global": False}
            self.headers |= {"X-RateLimit-Scope": "user", "Retry-After": str(ceil(retry_after))}


async def me(server: DiscordServer, _: web.Request) -> Json:
    """Answer GET /users/@me."""
    return server.bot.json()


async def user(server: DiscordServer, request: web.Request) -> Json:
    """Answer GET /users/{user}."""
    account = server.accounts.get(int(request.match_info["user"]))
    if account is None:
        raise Refusal(404, "Unknown User", 10013)
    return account.json()


async def application(server: DiscordServer, _: web.Request) -> Json:
    """Answer GET /oauth2/applications/@me."""
    return {
        "id": str(server.bot.id),
        "name": server.bot.name,
        "icon": None,
        "description": "",
        "bot_public": False,
        "bot_require_code_grant": False,
        "verify_key": "",
        "flags": CONTENT_GRANTED + (1 << 1) if server.gateway.may_read else 0,
        "owner": server.bot.json(),
        "summary": "",
        "team": None,
    }


async def gateway_bot(server: DiscordServer, _: web.Request) -> Json:
    """Answer GET /gateway/bot."""
    limit = {"total": 1000, "remaining": 999, "reset_after": 0, "max_concurrency": 1}
    return {"url": server.gateway_url, "shards": 1, "session_start_limit": limit}


async def guilds(server: DiscordServer, _: web.Request) -> list[Json]:
    """Answer GET /users/@me/guilds."""
    return [
        {"id": str(guild.id), "name": guild.name, "owner": False, "permissions": guild.permissions}
        for guild in server.guilds.values()
    ]


async def channel(server: DiscordServer, request: web.Request) -> Json:
    """Answer GET /channels/{channel}."""
    return _room(server, request).json()


async def typing(server: DiscordServer, request: web.Request) -> None:
    """Answer POST /channels/{channel}/typing."""
    _room(server, request).typings += 1


async def open_direct(server: DiscordServer, request: web.Request) -> Json:
    """Answer POST /users/@me/channels."""
    wanted = int((await _body(request))["recipient_id"])
    found = next((room for room in server.rooms.values() if room.member and room.member.id == wanted), None)
    if found is None:
        raise Refusal(400, "Invalid Recipient(s)", 50033)
    return found.json()


async def history(server: DiscordServer, request: web.Request) -> list[Json]:
    """Answer GET /channels/{channel}/messages: newest first, as Discord does."""
    after, limit = int(request.query.get("after", 0)), int(request.query.get("limit", 50))
    found = [posted.json() for posted in _room(server, request).messages.values() if posted.id > after]
    return found[:limit][::-1]


async def message(server: DiscordServer, request: web.Request) -> Json:
    """Answer GET /channels/{channel}/messages/{message}."""
    return _message(server, request).json()


async def create(server: DiscordServer, request: web.Request) -> Json:
    """Answer POST /channels/{channel}/messages; the same enforced nonce makes the same message."""
    room, body = _room(server, request), await _body(request)
    if room.guild is not None and not room.guild.allows(SEND if room.parent is None else SEND_IN_THREADS):
        raise Refusal(403, "Missing Permissions", 50013)
    text = checked(body.get("content"), may_be_empty=bool(body.get("files")))
    buttons = checked_buttons(body)
    nonce = body.get("nonce") if body.get("enforce_nonce") else None
    if nonce is not None and (room.id, nonce) in server.nonces:
        return server.nonces[room.id, nonce].json()
    posted = server.post(room, server.bot, text, reply_to=_referenced(room, body))
    posted.pings = _pings(text, body)
    posted.buttons = buttons
    posted.files += [server.keep_file(name, data, "application/octet-stream") for name, data in body.get("files", ())]
    if nonce is not None:
        server.nonces[room.id, nonce] = posted
    await server.tell("MESSAGE_CREATE", posted)
    return posted.json()


async def edit(server: DiscordServer, request: web.Request) -> Json:
    """Answer PATCH /channels/{channel}/messages/{message}."""
    posted = _message(server, request)
    if posted.author is not server.bot:
        raise Refusal(403, "Cannot edit a message authored by another user", 50005)
    return await change(server, posted, await _body(request))


async def delete(server: DiscordServer, request: web.Request) -> None:
    """Answer DELETE /channels/{channel}/messages/{message}."""
    posted = _message(server, request)
    await server.remove(posted)


async def reactors(server: DiscordServer, request: web.Request) -> list[Json]:
    """Answer GET /channels/{channel}/messages/{message}/reactions/{emoji}."""
    given = _message(server, request).reactions.get(request.match_info["emoji"], [])
    return [account.json() for account in given]


async def react(server: DiscordServer, request: web.Request) -> None:
    """Answer PUT /channels/{channel}/messages/{message}/reactions/{emoji}/@me."""
    room, posted = _room(server, request), _message(server, request)
    given = posted.reactions.setdefault(request.match_info["emoji"], [])
    if not given and room.guild is not None and not room.guild.allows(ADD_REACTIONS):
        raise Refusal(403, "Missing Permissions", 50013)
    if server.bot not in given:
        given.append(server.bot)
    server.changed()


async def unreact(server: DiscordServer, request: web.Request) -> None:
    """Answer DELETE /channels/{channel}/messages/{message}/reactions/{emoji}/@me."""
    given = _message(server, request).reactions.get(request.match_info["emoji"], [])
    if server.bot not in given:
        raise Refusal(404, "Unknown Message", 10008)
    given.remove(server.bot)
    server.changed()


async def commands(server: DiscordServer, request: web.Request) -> list[Json]:
    """Answer PUT /applications/{application}/commands, which replaces them all."""
    listed = json.loads(await request.read())
    for command in listed:
        if not 1 <= len(command["name"]) <= 32 or not 1 <= len(command["description"]) <= 100:
            raise Refusal(400, "Invalid Form Body", 50035)
    server.commands = {command["name"]: command for command in listed}
    server.changed()
    return [command | {"id": str(number), "version": "1"} for number, command in enumerate(listed, 1)]


async def callback(server: DiscordServer, request: web.Request) -> Json:
    """Answer POST /interactions/{interaction}/{token}/callback, which can be done once."""
    token, body = request.match_info["token"], await _body(request)
    invocation = server.invocations.get(token)
    if invocation is None or time.monotonic() - invocation.used_at > ACKNOWLEDGE_SECONDS:
        raise Refusal(404, "Unknown interaction", 10062)
    if invocation.answer is not None:
        raise Refusal(400, "Interaction has already been acknowledged.", 40060)
    data = body.get("data") or {}
    if invocation.pressed is not None and body["type"] in {UPDATE, DEFER_UPDATE}:
        if body["type"] == UPDATE:
            await change(server, invocation.pressed, {"content": invocation.pressed.text, **data})
        invocation.answer = invocation.pressed
        server.changed()
        return {"interaction": {"id": str(invocation.id), "type": 3}, "resource": {"type": body["type"]}}
    text = "" if body["type"] == DEFER else checked(data.get("content"))
    posted = server.post(invocation.room, server.bot, text)
    posted.is_loading, posted.is_ephemeral = body["type"] == DEFER, bool(data.get("flags", 0) & EPHEMERAL)
    invocation.answer = posted
    server.changed()
    kind = {"id": str(invocation.id), "type": 2}
    shown = posted.json() if body["type"] == REPLY else None
    return {"interaction": kind, "resource": {"type": body["type"], "message": shown}}


async def follow_up(server: DiscordServer, request: web.Request) -> Json:
    """Answer POST /webhooks/{application}/{token}."""
    room, _ = _invoked(server, request)
    body = await _body(request)
    posted = server.post(room, server.bot, checked(body.get("content"), may_be_empty=bool(body.get("files"))))
    posted.buttons, posted.is_ephemeral = checked_buttons(body), bool(body.get("flags", 0) & EPHEMERAL)
    posted.files += [server.keep_file(name, data, "application/octet-stream") for name, data in body.get("files", ())]
    return posted.json()


async def edit_answer(server: DiscordServer, request: web.Request) -> Json:
    """Answer PATCH /webhooks/{application}/{token}/messages/{message}, also for "@original"."""
    room, answer = _invoked(server, request)
    which = request.match_info["message"]
    posted = answer if which == "@original" else room.messages.get(int(which))
    if posted is None:
        raise Refusal(404, "Unknown Message", 10008)
    return await change(server, posted, await _body(request))


async def change(server: DiscordServer, posted: Posted, body: Json) -> Json:
    """Give a message of the bot another text, and other buttons."""
    text = checked(body.get("content"), may_be_empty=bool(body.get("files")))
    posted.text, posted.edited, posted.is_loading = text, now(), False
    posted.files += [server.keep_file(name, data, "application/octet-stream") for name, data in body.get("files", ())]
    if "components" in body:
        posted.buttons = checked_buttons(body)
    posted.versions.append(posted.text)
    server.changed()
    return posted.json()


def checked_buttons(body: Json) -> list[Json]:
    """Return buttons that Discord takes (https://discord.com/developers/docs/components/reference). Raises Refusal."""
    rows = body.get("components") or []
    menus = [row["components"][0] for row in rows if row["components"][0]["type"] == SELECT]
    if menus:
        return _checked_menus(rows, menus)
    buttons = [button for row in rows for button in row["components"]]
    custom_ids = {button.get("custom_id") for button in buttons}
    fit = all(
        row["type"] == ACTION_ROW and 1 <= len(row["components"]) <= 5 and len(rows) <= 5 for row in rows
    ) and all(
        button["type"] == BUTTON and 1 <= len(button["label"]) <= 80 and 1 <= len(button["custom_id"]) <= 100
        for button in buttons
    )
    if not fit or len(custom_ids) < len(buttons):
        raise Refusal(400, "Invalid Form Body: components", 50035)
    return rows


def _checked_menus(rows: list[Json], menus: list[Json]) -> list[Json]:
    """Return rows with a menu each, as Discord takes them."""
    fit = len(rows) <= 5 and all(
        row["type"] == ACTION_ROW and len(row["components"]) == 1 and row["components"][0]["type"] == SELECT
        for row in rows
    )
    for menu in menus:
        values = [option["value"] for option in menu["options"]]
        fit = fit and 1 <= len(values) <= 25 and len(set(values)) == len(values)
        fit = fit and 1 <= len(menu["custom_id"]) <= 100 and len(menu.get("placeholder") or "") <= 150
        fit = fit and all(1 <= len(each["label"]) <= 100 and 1 <= len(each["value"]) <= 100 for each in menu["options"])
    if not fit:
        raise Refusal(400, "Invalid Form Body: components", 50035)
    return rows


def checked(text: object, *, may_be_empty: bool = False) -> str:
    """Return a text that Discord takes. Raises Refusal."""
    if may_be_empty and not text:
        return ""
    if not isinstance(text, str) or not text.strip():
        raise Refusal(400, "Cannot send an empty message", 50006)
    if len(text) > TEXT_LIMIT:
        raise Refusal(400, "Invalid Form Body: content: Must be 2000 or fewer in length.", 50035)
    return text


def _room(server: DiscordServer, request: web.Request) -> Room:
    room = server.rooms.get(int(request.match_info["channel"]))
    if room is None:
        raise Refusal(404, "Unknown Channel", 10003)
    if room.guild is not None and not room.guild.allows(VIEW):
        raise Refusal(403, "Missing Access", 50001)
    return room


def _invoked(server: DiscordServer, request: web.Request) -> tuple[Room, Posted]:
    """Return where a command was used, and what was answered at first, as long as its token is good."""
    invocation = server.invocations.get(request.match_info["token"])
    if invocation is None:
        raise Refusal(401, "Invalid Webhook Token", 50027)
    if invocation.answer is None:
        raise Refusal(404, "Unknown Webhook", 10015)
    return invocation.room, invocation.answer


def _pings(text: str, body: Json) -> bool:
    """Say whether anybody is notified: everybody who is mentioned, unless the call says otherwise."""
    allowed = body.get("allowed_mentions", {"parse": ["everyone"], "replied_user": True})
    mentions = re.search(r"@everyone|@here|<@[!&]?\d+>", text) is not None
    return bool(mentions and allowed.get("parse")) or bool(
        body.get("message_reference") and allowed.get("replied_user")
    )


def _message(server: DiscordServer, request: web.Request) -> Posted:
    posted = _room(server, request).messages.get(int(request.match_info["message"]))
    if posted is None:
        raise Refusal(404, "Unknown Message", 10008)
    return posted


def _referenced(room: Room, body: Json) -> Posted | None:
    reference = body.get("message_reference")
    if reference is None:
        return None
    found = room.messages.get(int(reference["message_id"]))
    if found is None and reference.get("fail_if_not_exists", True):
        raise Refusal(400, "Unknown message", 50035)
    return found


def _form(sent: Mapping[str, object]) -> Json:
    """Return a body that came with files; at most ten, of 10 MB together."""
    body: Json = json.loads(str(sent["payload_json"]))
    fields = [each for each in sent.values() if isinstance(each, web.FileField)]
    body["files"] = [(each.filename, each.file.read()) for each in fields]
    if len(fields) > 10 or sum(len(data) for _, data in body["files"]) > UPLOAD_LIMIT:
        raise Refusal(413, "Request entity too large", 40005)
    return body


async def _body(request: web.Request) -> Json:
    if request.content_type == "multipart/form-data":
        return _form(await request.post())
    if request.content_type != "application/json":
        raise Refusal(400, "Expected application/json", 50109)
    body: Json = json.loads(await request.read())
    return body


ROUTES: list[tuple[str, str, Handler]] = [
    ("GET", "/users/@me", me),
    ("GET", "/oauth2/applications/@me", application),
    ("GET", "/gateway/bot", gateway_bot),
    ("GET", "/users/@me/guilds", guilds),
    ("POST", "/users/@me/channels", open_direct),
    ("GET", "/users/{user}", user),
    ("GET", "/channels/{channel}", channel),
    ("POST", "/channels/{channel}/typing", typing),
    ("GET", "/channels/{channel}/messages", history),
    ("GET", "/channels/{channel}/messages/{message}", message),
    ("POST", "/channels/{channel}/messages", create),
    ("PATCH", "/channels/{channel}/messages/{message}", edit),
    ("DELETE", "/channels/{channel}/messages/{message}", delete),
    ("GET", "/channels/{channel}/messages/{message}/reactions/{emoji}", reactors),
    ("PUT", "/channels/{channel}/messages/{message}/reactions/{emoji}/@me", react),
    ("DELETE", "/channels/{channel}/messages/{message}/reactions/{emoji}/@me", unreact),
    ("PUT", "/applications/{application}/commands", commands),
    ("POST", "/interactions/{interaction}/{token}/callback", callback),
    ("POST", "/webhooks/{application}/{token}", follow_up),
    ("PATCH", "/webhooks/{application}/{token}/messages/{message}", edit_answer),
]
"""What is served below /api/v10; a fault names a handler."""
