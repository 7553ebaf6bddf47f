"""The methods of the Bot API, each as strict as Telegram's own."""

from __future__ import annotations

import asyncio
import json
import re
import struct
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aiohttp.web import FileField

from tests.emulators.telegram_chats import Json, Posted, Room
from tests.emulators.telegram_text import BadText, checked

if TYPE_CHECKING:
    from tests.emulators.telegram import TelegramServer

DOWNLOAD_LIMIT = 20_000_000
UPLOAD_LIMIT = 50_000_000
ACTIONS = frozenset(
    {
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    }
)
UPDATE_TYPES = frozenset(
    {
        "message",
        "edited_message",
        "channel_post",
        "edited_channel_post",
        "message_reaction",
        "message_reaction_count",
        "inline_query",
        "chosen_inline_result",
        "callback_query",
        "shipping_query",
        "pre_checkout_query",
        "poll",
        "poll_answer",
        "my_chat_member",
        "chat_member",
        "chat_join_request",
    }
)
_COMMAND = re.compile(r"[a-z0-9_]{1,32}\Z")
_SECRET = re.compile(r"[\w-]{1,256}\Z", re.ASCII)


class Refusal(Exception):  # noqa: N818 (an answer, told to the bot)
    """Raised by a method that does not do what it was asked to."""

    def __init__(self, code: int, description: str, **parameters: object) -> None:
        super().__init__(description)
        self.code = code
        self.body: Json = {"ok": False, "error_code": code, "description": description}
        if parameters:
            self.body["parameters"] = parameters


def bad(description: str) -> Refusal:
    return Refusal(400, f"Bad Request: {description}")


@dataclass(frozen=True)
class Parameters:
    """What a method was called with; everything in a form is text, which is JSON where it is no string."""

    values: Mapping[str, Any]

    def text(self, name: str) -> str | None:
        value = self.values.get(name)
        return None if value is None else str(value)

    def number(self, name: str) -> int | None:
        value = self.values.get(name)
        try:
            return None if value is None else int(value)
        except ValueError:
            raise bad(f"{name} must be a number") from None

    def flag(self, name: str) -> bool:
        return str(self.values.get(name, "")).casefold() in {"true", "1"}

    def json(self, name: str) -> Any:
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError:
            raise bad(f"can't parse {name} as JSON") from None


Method = Callable[["TelegramServer", Parameters], Awaitable[Any]]
METHODS: dict[str, tuple[Method, frozenset[str]]] = {}


def method(name: str, parameters: str = "") -> Callable[[Method], Method]:
    """Register a method with the parameters that it knows; any other one is refused, which Telegram would not do."""

    def register(function: Method) -> Method:
        METHODS[name.casefold()] = (function, frozenset(parameters.split()))
        return function

    return register


@method("getMe")
async def get_me(server: TelegramServer, _: Parameters) -> Json:
    return {
        **server.bot.json(),
        "can_join_groups": server.can_join_groups,
        "can_read_all_group_messages": not server.privacy,
        "supports_inline_queries": False,
    }


@method("getUpdates", "offset limit timeout allowed_updates")
async def get_updates(server: TelegramServer, given: Parameters) -> list[Json]:
    if server.webhook is not None:
        raise Refusal(409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook first")
    server.allow(given.json("allowed_updates"))
    return await server.updates.poll(
        given.number("offset") or 0, given.number("limit") or 100, min(given.number("timeout") or 0, 50)
    )


@method("setWebhook", "url secret_token allowed_updates max_connections drop_pending_updates ip_address certificate")
async def set_webhook(server: TelegramServer, given: Parameters) -> bool:
    url, secret = given.text("url") or "", given.text("secret_token")
    if secret is not None and not _SECRET.match(secret):
        raise bad("secret token contains unallowed characters")
    if url and not url.startswith(("https://", "http://127.0.0.1:")):
        raise bad("bad webhook: An HTTPS URL must be provided for webhook")
    server.allow(given.json("allowed_updates"))
    if given.flag("drop_pending_updates"):
        server.updates.clear()
    await server.set_webhook(url, secret)
    return True


@method("deleteWebhook", "drop_pending_updates")
async def delete_webhook(server: TelegramServer, given: Parameters) -> bool:
    if given.flag("drop_pending_updates"):
        server.updates.clear()
    await server.set_webhook("", None)
    return True


@method("getWebhookInfo")
async def get_webhook_info(server: TelegramServer, _: Parameters) -> Json:
    info: Json = {
        "url": server.webhook.url if server.webhook else "",
        "has_custom_certificate": False,
        "pending_update_count": len(server.updates.pending),
    }
    if server.webhook is not None and server.webhook.last_error:
        info["last_error_message"] = server.webhook.last_error
    return info


@method("setMyCommands", "commands scope language_code")
async def set_my_commands(server: TelegramServer, given: Parameters) -> bool:
    commands = given.json("commands")
    if not isinstance(commands, list) or len(commands) > 100:
        raise bad("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not _COMMAND.match(str(command.get("command"))):
            raise bad("BOT_COMMAND_INVALID")
        if not 1 <= len(str(command.get("description", ""))) <= 256:
            raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
    server.menu = {command["command"]: command["description"] for command in commands}
    server.changed()
    return True


@method("getMyCommands", "scope language_code")
async def get_my_commands(server: TelegramServer, _: Parameters) -> list[Json]:
    return [{"command": name, "description": text} for name, text in server.menu.items()]


@method(
    "sendMessage",
    "chat_id text parse_mode entities message_thread_id reply_parameters link_preview_options "
    "disable_notification protect_content reply_markup",
)
async def send_message(server: TelegramServer, given: Parameters) -> Json:
    room = _room(server, given)
    topic = _topic(room, given)
    text, entities = _text(given)
    reply_to = _replied(room, given)
    keyboard = checked_keyboard(given)
    _hold_back(server, room, None)
    posted = server.post(room, server.bot, text, entities=entities, topic=topic, reply_to=reply_to)
    posted.keyboard = keyboard
    return posted.json()


def _read_sent_file(given: Parameters, kind: str) -> tuple[str, bytes]:
    """Return the name and the content of a request's file. Raises Refusal where there is none."""
    sent = given.values.get(kind)
    if not isinstance(sent, FileField):
        raise bad(f"there is no {kind} in the request")
    return sent.filename, sent.file.read()


@method("sendDocument", "chat_id document caption message_thread_id reply_parameters disable_notification")
async def send_document(server: TelegramServer, given: Parameters) -> Json:
    room = _room(server, given)
    topic, reply_to = _topic(room, given), _replied(room, given)
    name, data = _read_sent_file(given, "document")
    if not data:
        raise bad("file must be non-empty")
    if len(data) > UPLOAD_LIMIT:
        raise Refusal(413, "Request Entity Too Large")
    _hold_back(server, room, None)
    file_id = server.keep_file(data)
    about = {"file_id": file_id, "file_unique_id": f"u{file_id}", "file_name": name, "file_size": len(data)}
    return server.post(room, server.bot, "", topic=topic, reply_to=reply_to, file={"document": about}).json()


@method("sendPhoto", "chat_id photo caption message_thread_id reply_parameters disable_notification")
async def send_photo(server: TelegramServer, given: Parameters) -> Json:
    room = _room(server, given)
    topic, reply_to = _topic(room, given), _replied(room, given)
    _, data = _read_sent_file(given, "photo")
    if not data.startswith((b"\x89PNG", b"\xff\xd8\xff", b"RIFF")):
        raise bad("IMAGE_PROCESS_FAILED")
    width, height = struct.unpack(">II", data[16:24]) if data.startswith(b"\x89PNG") else (900, 600)
    if width + height > 10_000 or max(width, height) > 20 * min(width, height):
        raise bad("PHOTO_INVALID_DIMENSIONS")
    _hold_back(server, room, None)
    file_id = server.keep_file(data)
    size = {"file_id": file_id, "file_unique_id": f"u{file_id}", "file_size": len(data)}
    photo = [{**size, "width": width, "height": height}]
    return server.post(room, server.bot, "", topic=topic, reply_to=reply_to, file={"photo": photo}).json()


@method("sendVoice", "chat_id voice caption message_thread_id reply_parameters disable_notification duration")
async def send_voice(server: TelegramServer, given: Parameters) -> Json:
    room = _room(server, given)
    topic, reply_to = _topic(room, given), _replied(room, given)
    _, data = _read_sent_file(given, "voice")
    if not data.startswith((b"OggS", b"ID3")):
        raise bad("failed to get HTTP URL content")
    if room.refuses_voice:
        raise bad("VOICE_MESSAGES_FORBIDDEN")
    _hold_back(server, room, None)
    file_id = server.keep_file(data)
    about = {"file_id": file_id, "file_unique_id": f"u{file_id}", "duration": 1, "mime_type": "audio/ogg"}
    return server.post(room, server.bot, "", topic=topic, reply_to=reply_to, file={"voice": about}).json()


@method("sendMessageDraft", "chat_id draft_id text parse_mode entities message_thread_id")
async def send_message_draft(server: TelegramServer, given: Parameters) -> bool:
    room = _room(server, given)
    if not server.takes_drafts:
        raise Refusal(404, "Not Found: method not found")
    if room.kind != "private":
        raise bad("drafts can be sent to private chats only")
    number = given.number("draft_id")
    if not number:
        raise bad("draft_id must be non-zero")
    text, _ = _text(given, may_be_empty=True)
    _hold_back(server, room, -number)
    room.drafts.append((number, text))
    server.changed()
    return True


@method("editMessageText", "chat_id message_id text parse_mode entities link_preview_options reply_markup")
async def edit_message_text(server: TelegramServer, given: Parameters) -> Json:
    room = _room(server, given)
    posted = _own(room, given)
    text, entities = _text(given)
    keyboard = checked_keyboard(given)
    if (text, entities, keyboard) == (posted.text, posted.entities, posted.keyboard):
        raise bad(
            "message is not modified: specified new message content and reply markup are exactly the same as a "
            "current content and reply markup of the message"
        )
    _hold_back(server, room, posted.id)
    posted.keyboard = keyboard
    server.change(posted, text, entities)
    return posted.json()


@method("editMessageReplyMarkup", "chat_id message_id reply_markup")
async def edit_message_reply_markup(server: TelegramServer, given: Parameters) -> Json:
    posted = _own(_room(server, given), given)
    keyboard = checked_keyboard(given)
    if keyboard == posted.keyboard:
        raise bad("message is not modified")
    posted.keyboard = keyboard
    server.changed()
    return posted.json()


@method("answerCallbackQuery", "callback_query_id text show_alert")
async def answer_callback_query(server: TelegramServer, given: Parameters) -> bool:
    text = given.text("text") or ""
    if len(text) > 200:
        raise bad("MESSAGE_TOO_LONG")
    waiting = server.presses.get(given.text("callback_query_id") or "")
    if waiting is None:
        raise bad("query is too old and response timeout expired or query ID is invalid")
    if not waiting.done():
        waiting.set_result(text)
    return True


@method("deleteMessage", "chat_id message_id")
async def delete_message(server: TelegramServer, given: Parameters) -> bool:
    room = _room(server, given)
    posted = room.messages.get(given.number("message_id") or 0)
    if posted is None or posted.deleted:
        raise bad("message to delete not found")
    posted.deleted = True
    server.changed()
    return True


@method("sendChatAction", "chat_id action message_thread_id")
async def send_chat_action(server: TelegramServer, given: Parameters) -> bool:
    room = _room(server, given)
    action = given.text("action")
    if action not in ACTIONS:
        raise bad("wrong parameter action in request")
    room.actions.append(action)
    server.changed()
    return True


@method("setMessageReaction", "chat_id message_id reaction is_big")
async def set_message_reaction(server: TelegramServer, given: Parameters) -> bool:
    room = _room(server, given)
    posted = room.messages.get(given.number("message_id") or 0)
    if posted is None or posted.deleted:
        raise bad("message to react not found")
    posted.reactions[server.bot.id] = "".join(str(each.get("emoji", "")) for each in given.json("reaction") or [])
    server.changed()
    return True


@method("getFile", "file_id")
async def get_file(server: TelegramServer, given: Parameters) -> Json:
    file_id = given.text("file_id") or ""
    data = server.files.get(file_id)
    if data is None:
        raise bad("wrong file_id or the file is temporarily unavailable")
    if len(data) > DOWNLOAD_LIMIT:
        raise bad("file is too big")
    return {
        "file_id": file_id,
        "file_unique_id": f"u{file_id}",
        "file_size": len(data),
        "file_path": f"documents/{file_id}",
    }


@method("getChat", "chat_id")
async def get_chat(server: TelegramServer, given: Parameters) -> Json:
    return {**_room(server, given).json(), "accent_color_id": 0, "max_reaction_count": 11}


async def call(server: TelegramServer, name: str, values: Mapping[str, Any]) -> Any:
    """Call a method. Raises Refusal."""
    found = METHODS.get(name.casefold())
    if found is None:
        raise Refusal(404, "Not Found: method not found")
    function, known = found
    unknown = sorted(set(values) - known)
    if unknown:
        raise bad(f"{name} does not know the parameters {', '.join(unknown)}")
    await asyncio.sleep(0)
    return await function(server, Parameters(values))


def checked_keyboard(given: Parameters) -> list[list[Json]]:
    """Return buttons that Telegram takes (https://core.telegram.org/bots/api#inlinekeyboardbutton)."""
    markup = given.json("reply_markup")
    if markup is None:
        return []
    rows: list[list[Json]] = markup.get("inline_keyboard")
    buttons = [button for row in rows for button in row]
    if len(buttons) > 100 or any(len(row) > 8 for row in rows):
        raise bad("BUTTONS_TOO_MUCH")
    for button in buttons:
        if not str(button.get("text", "")).strip():
            raise bad("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
        if not 1 <= len(str(button.get("callback_data", "")).encode()) <= 64:
            raise bad("BUTTON_DATA_INVALID")
    return rows


def _own(room: Room, given: Parameters) -> Posted:
    posted = room.messages.get(given.number("message_id") or 0)
    if posted is None or posted.deleted:
        raise bad("message to edit not found")
    if not posted.sender.is_bot:
        raise bad("message can't be edited")
    return posted


def _room(server: TelegramServer, given: Parameters) -> Room:
    room = server.rooms.get(given.number("chat_id") or 0)
    if room is None:
        raise bad("chat not found")
    if room.moved_to is not None:
        raise Refusal(
            400, "Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=room.moved_to
        )
    if room.shuts_out_bot:
        what = "bot was blocked by the user" if room.kind == "private" else "bot was kicked from the supergroup chat"
        raise Refusal(403, f"Forbidden: {what}")
    return room


def _topic(room: Room, given: Parameters) -> int | None:
    topic = given.number("message_thread_id")
    if topic is not None and topic not in room.topics.values():
        raise bad("message thread not found")
    return topic


def _text(given: Parameters, *, may_be_empty: bool = False) -> tuple[str, list[Json]]:
    try:
        return checked(
            given.text("text") or "", given.json("entities"), given.text("parse_mode"), may_be_empty=may_be_empty
        )
    except BadText as error:
        raise bad(str(error)) from None


def _replied(room: Room, given: Parameters) -> Posted | None:
    wanted = given.json("reply_parameters")
    if wanted is None:
        return None
    posted = room.messages.get(int(wanted["message_id"]))
    if posted is None or posted.deleted:
        if wanted.get("allow_sending_without_reply"):
            return None
        raise bad("message to be replied not found")
    return posted


def _hold_back(server: TelegramServer, room: Room, changed: int | None) -> None:
    seconds = server.flood.retry_after(room.id, changed)
    if seconds is not None:
        raise Refusal(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
