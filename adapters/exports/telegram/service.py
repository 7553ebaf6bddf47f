"""Telegram's service messages as sentences: "Mara invited Tom", "Mara created the topic Food"."""

from __future__ import annotations

from adapters.exports.json_stream import as_list, as_text

Record = dict[str, object]
SOMEBODY = "Somebody"
_SENTENCES = {
    "create_group": "{actor} created the group {title} with {members}",
    "create_channel": "{actor} created the channel {title}",
    "invite_members": "{actor} invited {members}",
    "remove_members": "{actor} removed {members}",
    "join_group_by_link": "{actor} joined by a link",
    "join_group_by_request": "{actor} joined by request",
    "edit_group_title": "{actor} changed the title to {title}",
    "edit_group_photo": "{actor} changed the photo",
    "delete_group_photo": "{actor} removed the photo",
    "pin_message": "{actor} pinned a message",
    "clear_history": "{actor} cleared the history",
    "phone_call": "{actor} called ({duration_seconds}, {discard_reason})",
    "group_call": "{actor} started a group call ({duration})",
    "group_call_scheduled": "{actor} scheduled a group call",
    "invite_to_group_call": "{actor} invited {members} to the group call",
    "migrate_to_supergroup": "The group became a supergroup",
    "migrate_from_group": "The group {title} became a supergroup",
    "topic_created": "{actor} created the topic {title}",
    "topic_edit": "{actor} changed the topic to {new_title}",
    "joined_telegram": "{actor} joined Telegram",
    "take_screenshot": "{actor} took a screenshot",
    "set_messages_ttl": "{actor} set messages to be deleted after {period}",
    "score_in_game": "{actor} scored {score} in {game_title}",
    "send_payment": "{actor} sent {amount} {currency}",
    "edit_chat_theme": "{actor} changed the theme to {emoticon}",
    "suggest_profile_photo": "{actor} suggested a profile photo",
    "boost_apply": "{actor} boosted the group",
    "attach_menu_bot_allowed": "{actor} allowed the bot to write",
    "bot_allowed": "{actor} allowed the bot to write",
    "web_app_bot_allowed": "{actor} allowed the bot to write",
}
_DETAILS = ("title", "members", "information_text", "reason", "text")


def sentence_of(record: Record) -> str:
    """Return what happened; an action that is not known is worded from its name and details."""
    action = as_text(record.get("action"))
    values = _SentenceValues(record)
    if action in _SENTENCES:
        return _SENTENCES[action].format_map(values).replace("(, ", "(").replace(", )", ")").replace(" ()", "")
    details = [values[key] for key in _DETAILS if key in record]
    name = action.replace("_", " ") or "something happened"
    return ": ".join([f"{values['actor']}: {name}", *filter(None, details)])


class _SentenceValues(dict[str, str]):
    """The words that a sentence asks for, found in the record when they are."""

    def __init__(self, record: Record) -> None:
        super().__init__()
        self._record = record

    def __missing__(self, key: str) -> str:
        value = self._record.get(key)
        if key == "actor":
            return as_text(value) or SOMEBODY
        if key == "members":
            return ", ".join(as_text(name) or SOMEBODY for name in as_list(value)) or SOMEBODY
        if key in {"duration", "duration_seconds", "period"}:
            return _span(as_text(value))
        return as_text(value).replace("_", " ") if key == "discard_reason" else as_text(value)


def _span(seconds: str) -> str:
    if not seconds.isdecimal():
        return ""
    days, rest = divmod(int(seconds[:12]), 86_400)
    hours, rest = divmod(rest, 3600)
    minutes, rest = divmod(rest, 60)
    parts = [(days, "d"), (hours, "h"), (minutes, "min"), (rest, "s")]
    return " ".join(f"{number} {unit}" for number, unit in parts if number) or "0 s"
