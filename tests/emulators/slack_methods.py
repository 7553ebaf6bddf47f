"""The methods of the emulated Web API, each as strict as Slack's own (https://docs.slack.dev/reference/methods)."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.emulators.slack_blocks import (
    MOST_HOME_BLOCKS,
    RefusalError,
    checked_blocks,
    checked_change,
    checked_stream,
    checked_text,
)
from tests.emulators.slack_workspace import Json, Posted, Room

if TYPE_CHECKING:
    from tests.emulators.slack import SlackServer

Method = Callable[["SlackServer", Json], Json]


def auth_test(server: SlackServer, _: Json) -> Json:
    return {
        "url": f"{server.workspace_url}/",
        "team": "Jays",
        "team_id": server.team,
        "user": server.bot.name,
        "user_id": server.bot.id,
        "bot_id": server.bot_id,
    }


def post_message(server: SlackServer, args: Json) -> Json:
    room = _room(server, args["channel"])
    blocks = checked_blocks(args.get("blocks"))
    text = checked_text(args.get("text"))
    posted = server.post(room, server.bot.id, text, thread=_thread(room, args), blocks=blocks)
    return {"channel": room.id, "ts": posted.ts, "message": posted.json()}


def post_ephemeral(server: SlackServer, args: Json) -> Json:
    room = _room(server, args["channel"])
    if args["user"] not in room.members:
        raise RefusalError("user_not_in_channel")
    blocks = checked_blocks(args.get("blocks"))
    text, thread = checked_text(args.get("text")), args.get("thread_ts")
    posted = server.post(room, server.bot.id, text, thread=thread, blocks=blocks, seen_by=args["user"])
    return {"message_ts": posted.ts}


def update(server: SlackServer, args: Json) -> Json:
    posted = _own_message(server, args)
    if posted.is_streaming:
        raise RefusalError("streaming_state_conflict")
    blocks = checked_blocks(args.get("blocks"))
    server.change(posted, checked_change(args.get("text")), blocks)
    return {"channel": args["channel"], "ts": posted.ts, "text": posted.text}


def delete(server: SlackServer, args: Json) -> Json:
    posted = _own_message(server, args)
    posted.deleted = True
    return {"channel": args["channel"], "ts": posted.ts}


def start_stream(server: SlackServer, args: Json) -> Json:
    room = _room(server, args["channel"])
    thread = _thread(room, args)
    if thread is None:
        raise RefusalError("missing_required_argument")
    if room.kind != "im":
        for name in ("recipient_user_id", "recipient_team_id"):
            if not args.get(name):
                raise RefusalError(f"missing_{name}")
    text = checked_stream(args.get("markdown_text"))
    posted = server.post(room, server.bot.id, text, thread=thread)
    posted.is_streaming = posted.was_streamed = True
    return {"channel": room.id, "ts": posted.ts}


def append_stream(server: SlackServer, args: Json) -> Json:
    posted = _streaming(server, args)
    more = checked_text(checked_stream(args.get("markdown_text")))
    server.change(posted, posted.text + more, [])
    return {"channel": args["channel"], "ts": posted.ts}


def stop_stream(server: SlackServer, args: Json) -> Json:
    posted = _streaming(server, args)
    text = posted.text + checked_stream(args.get("markdown_text"))
    server.change(posted, text, checked_blocks(args.get("blocks")))
    posted.is_streaming = False
    return {"channel": args["channel"], "ts": posted.ts}


def get_permalink(server: SlackServer, args: Json) -> Json:
    room = _room(server, args["channel"])
    posted = _message(room, args["message_ts"])
    return {"channel": room.id, "permalink": server.permalink(room, posted)}


def conversations_info(server: SlackServer, args: Json) -> Json:
    return {"channel": _room(server, args["channel"], member=False).json()}


def conversations_open(server: SlackServer, args: Json) -> Json:
    return {"channel": {"id": server.direct_room(args["users"]).id}}


def conversations_history(server: SlackServer, args: Json) -> Json:
    """Return a page of what is no thread's, the newest first; what has a thread tells how long it is."""
    room = _room(server, args["channel"])
    found = [each for each in room.messages.values() if not each.deleted and not each.thread_ts and not each.seen_by]
    found = sorted((each for each in found if each.ts > args.get("oldest", "")), key=lambda each: each.ts, reverse=True)
    start, limit = int(args.get("cursor") or 0), int(args.get("limit", 100))
    page = found[start : start + limit]
    more = start + limit < len(found)
    replies = {each.ts: len(room.thread(each.ts)) - 1 for each in page}
    return {
        "messages": [each.json() | ({"reply_count": replies[each.ts]} if replies[each.ts] else {}) for each in page],
        "has_more": more,
        "response_metadata": {"next_cursor": str(start + limit) if more else ""},
    }


def conversations_replies(server: SlackServer, args: Json) -> Json:
    room = _room(server, args["channel"])
    found = room.thread(args["ts"])
    if not found:
        raise RefusalError("thread_not_found")
    return {"messages": [posted.json() for posted in found if posted.seen_by is None], "has_more": False}


def users_info(server: SlackServer, args: Json) -> Json:
    if args["user"] not in server.people:
        raise RefusalError("user_not_found")
    return {"user": server.people[args["user"]].json()}


def files_info(server: SlackServer, args: Json) -> Json:
    if args["file"] not in server.files:
        raise RefusalError("file_not_found")
    return {"file": {"id": args["file"], "url_private_download": server.file_url(args["file"])}}


def get_upload_url(server: SlackServer, args: Json) -> Json:
    if int(args["length"]) < 1:
        raise RefusalError("invalid_arguments")
    file = f"F{next(server.numbers):06}"
    server.uploads[file] = (args["filename"], None)
    return {"upload_url": f"{server.root}/uploads/{file}", "file_id": file}


def complete_upload(server: SlackServer, args: Json) -> Json:
    room = _room(server, args["channel_id"])
    sent = json.loads(args["files"])
    posted = server.post(room, server.bot.id, "", thread=_thread(room, args))
    for each in sent:
        name, data = server.uploads.pop(each["id"])
        if data is None:
            raise RefusalError("file_not_found")
        posted.files.append(server.keep_file(name, data, "application/octet-stream"))
    return {"files": [{"id": each["id"]} for each in sent]}


def reactions_get(server: SlackServer, args: Json) -> Json:
    posted = _message(_room(server, args["channel"]), args["timestamp"])
    return {"type": "message", "channel": args["channel"], "message": posted.json()}


def reactions_add(server: SlackServer, args: Json) -> Json:
    users = _message(_room(server, args["channel"]), args["timestamp"]).reactions.setdefault(args["name"], [])
    if server.bot.id in users:
        raise RefusalError("already_reacted")
    users.append(server.bot.id)
    return {}


def reactions_remove(server: SlackServer, args: Json) -> Json:
    users = _message(_room(server, args["channel"]), args["timestamp"]).reactions.get(args["name"], [])
    if server.bot.id not in users:
        raise RefusalError("no_reaction")
    users.remove(server.bot.id)
    return {}


def views_publish(server: SlackServer, args: Json) -> Json:
    view = json.loads(args["view"]) if isinstance(args["view"], str) else args["view"]
    if view.get("type") != "home":
        raise RefusalError("invalid_arguments")
    checked_blocks(view.get("blocks"), MOST_HOME_BLOCKS)
    server.homes[args["user_id"]] = view
    return {"view": view}


def set_status(server: SlackServer, args: Json) -> Json:
    _thread(_room(server, args["channel_id"]), args)
    server.statuses.append(args["status"])
    return {}


def set_suggested_prompts(server: SlackServer, args: Json) -> Json:
    _room(server, args["channel_id"])
    prompts = json.loads(args["prompts"]) if isinstance(args["prompts"], str) else args["prompts"]
    if not 0 < len(prompts) <= 4:
        raise RefusalError("invalid_arguments")
    server.prompts[args["thread_ts"]] = prompts
    return {}


def set_title(server: SlackServer, args: Json) -> Json:
    server.titles[str(_thread(_room(server, args["channel_id"]), args))] = args["title"]
    return {}


METHODS: dict[str, tuple[str, Method]] = {
    "auth.test": ("", auth_test),
    "chat.postMessage": ("chat:write", post_message),
    "chat.postEphemeral": ("chat:write", post_ephemeral),
    "chat.update": ("chat:write", update),
    "chat.delete": ("chat:write", delete),
    "chat.startStream": ("chat:write", start_stream),
    "chat.appendStream": ("chat:write", append_stream),
    "chat.stopStream": ("chat:write", stop_stream),
    "chat.getPermalink": ("", get_permalink),
    "conversations.info": ("channels:read", conversations_info),
    "conversations.open": ("im:write", conversations_open),
    "conversations.history": ("channels:history", conversations_history),
    "conversations.replies": ("channels:history", conversations_replies),
    "users.info": ("users:read", users_info),
    "files.info": ("files:read", files_info),
    "files.getUploadURLExternal": ("files:write", get_upload_url),
    "files.completeUploadExternal": ("files:write", complete_upload),
    "reactions.get": ("reactions:read", reactions_get),
    "reactions.add": ("reactions:write", reactions_add),
    "reactions.remove": ("reactions:write", reactions_remove),
    "views.publish": ("", views_publish),
    "assistant.threads.setStatus": ("assistant:write", set_status),
    "assistant.threads.setSuggestedPrompts": ("assistant:write", set_suggested_prompts),
    "assistant.threads.setTitle": ("assistant:write", set_title),
}
"""The methods by name, each with the scope it needs."""


def _room(server: SlackServer, channel: str, *, member: bool = True) -> Room:
    if channel in server.people:
        return server.direct_room(channel)
    room = server.rooms.get(channel)
    if room is None or (room.kind == "im" and not room.has_bot):
        raise RefusalError("channel_not_found")
    if member and not room.has_bot:
        raise RefusalError("not_in_channel")
    if member and room.is_archived:
        raise RefusalError("is_archived")
    return room


def _thread(room: Room, args: Json) -> str | None:
    root = args.get("thread_ts")
    if root is None:
        return None
    if root not in room.messages or room.messages[root].thread_ts not in {None, root}:
        raise RefusalError("thread_not_found")
    return str(root)


def _message(room: Room, ts: str) -> Posted:
    posted = room.messages.get(ts)
    if posted is None or posted.deleted:
        raise RefusalError("message_not_found")
    return posted


def _own_message(server: SlackServer, args: Json) -> Posted:
    posted = _message(_room(server, args["channel"]), args["ts"])
    if posted.user != server.bot.id or posted.seen_by:
        raise RefusalError("cant_update_message")
    return posted


def _streaming(server: SlackServer, args: Json) -> Posted:
    posted = _own_message(server, args)
    if not posted.is_streaming:
        raise RefusalError("message_not_in_streaming_state")
    return posted
