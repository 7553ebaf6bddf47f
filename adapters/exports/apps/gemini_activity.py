"""Gemini's activity as both shapes of Takeout tell it: what was asked, what was answered, and what else was done."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from adapters.exports.archive import MediaTree
from adapters.exports.import_warnings import WarningCounter
from adapters.exports.messages import make_message
from adapters.exports.parsed import ParsedAttachment, ParsedChat, ParsedMessage

_PROMPTED: Final = re.compile(
    r"(?:Prompted|Branched|Answered|Asked:?|Said|Eingegebener Prompt:?|Prompt:|Gav instruktionen)\s+"
)
_DONE: Final = re.compile(
    r"(?:Created (?:Gemini )?Canvas|Created |Used |Gave feedback|Added |Selected preferred draft|Viewed |Visited )"
)
"""What else somebody did, as far as English tells it; without an answer it is a line of the system."""
_ENOUGH: Final = 5
"""So many activities tell the word that stands before what was asked, in whatever language."""
_LONGEST_VERB: Final = 4


class Activity(NamedTuple):
    """One entry: a prompt with its answer, or something else that was done; `link` is its conversation."""

    sent_at: datetime
    title: str
    answer: str
    files: tuple[ParsedAttachment, ...]
    link: str


def chat_of(activities: Sequence[Activity], media: MediaTree, warnings: WarningCounter) -> ParsedChat:
    """Return the conversation that activities are, which Takeout lists with the newest first."""
    messages = list(_messages_of(activities))
    messages.sort(key=lambda message: message.sent_at)
    chat = ParsedChat(
        "Gemini",
        iter(messages),
        external_id="gemini",
        kind="direct",
        media=media,
        own_account="user",
        platform="gemini",
    )
    warnings.add_to(chat)
    return chat


def _messages_of(activities: Sequence[Activity]) -> Iterator[ParsedMessage]:
    verb = _find_verb([activity.title for activity in activities if activity.answer])
    for number in range(len(activities), 0, -1):
        activity = activities[number - 1]
        link = activity.link or None
        if not activity.answer and _DONE.match(activity.title):
            yield make_message(None, activity.sent_at, activity.title, number, kind="system", link=link)
            continue
        asked = _PROMPTED.sub("", activity.title, count=1) if _PROMPTED.match(activity.title) else activity.title
        asked = asked.removeprefix(verb).strip()
        if asked or activity.files:
            yield make_message(
                "You", activity.sent_at, asked, number, attachments=activity.files, author_id="user", link=link
            )
        if activity.answer:
            yield make_message("Gemini", activity.sent_at, activity.answer, number, author_id="assistant", link=link)


def _find_verb(titles: Sequence[str]) -> str:
    """Return the words with which most titles begin, as "Gav instruktionen " in Swedish; "" when they differ."""
    if len(titles) < _ENOUGH:
        return ""
    verb = ""
    for words in range(1, _LONGEST_VERB + 1):
        starts = Counter(" ".join(title.split(" ")[:words]) + " " for title in titles)
        start, count = starts.most_common(1)[0]
        if count * 5 < len(titles) * 4 or not start.startswith(verb):
            break
        verb = start
    return verb
