"""What Telegram sends, read so that one update which can't be read keeps no other away."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from telegram import Update
from telegram.request import HTTPXRequest

from bot.adapter import describe_problem, repair_json_text

UNREADABLE = "scrubjay_unreadable"
"""The field of an update that stands for one which can't be read; it holds the update as it came."""
PROBLEM = "scrubjay_problem"
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"?|[\[\]{},]', re.DOTALL)
_RESULT = re.compile(r'"result"\s*:\s*\[')
_NUMBER = re.compile(r'"update_id"\s*:\s*(\d{1,18})\b')


class UpdatesRequest(HTTPXRequest):
    """Fetches updates; the library would refuse all that came with one that it can't read."""

    @staticmethod
    def parse_json_payload(payload: bytes) -> Any:
        """Read the server's answer. Raises telegram.error.TelegramError when it is not JSON."""
        text = repair_json_text(payload.decode("utf-8", "replace"))
        try:
            answer = json.loads(text)
        except (ValueError, RecursionError):
            answer = _read_one_by_one(text) or HTTPXRequest.parse_json_payload(payload)
        result = answer.get("result") if isinstance(answer, dict) else None
        if isinstance(result, list):
            answer["result"] = [read for each in result if (read := _replace_unreadable(each)) is not None]
        return answer


def read_update(payload: bytes, bot: Any) -> Update:
    """Return the update that was posted, or one that stands for it; its number is 0 where that can't be read."""
    text = repair_json_text(payload.decode("utf-8", "replace"))
    try:
        found = Update.de_json(json.loads(text), bot)
    except Exception as error:  # noqa: BLE001 (whatever the library stumbles over would come again and again)
        return _stand_in(text, error)
    return found if isinstance(found.update_id, int) else _stand_in(text, TypeError("it has no number"))


def unreadable_part(update: Update) -> tuple[str, str] | None:
    """Return of an update that stands for an unreadable one what came, and what is wrong with it."""
    told = update.api_kwargs
    return (str(told[UNREADABLE]), str(told.get(PROBLEM, ""))) if UNREADABLE in told else None


def _read_one_by_one(text: str) -> dict[str, Any] | None:
    """Read an answer that can't be read as a whole; None when it is no list of updates."""
    begin = _RESULT.search(text)
    if begin is None:
        return None
    return {"ok": True, "result": [_load(part) for part in _elements(text, begin.end())]}


def _load(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        return _describe(text, error)


def _elements(text: str, start: int) -> Iterator[str]:
    """Yield the elements of an array as they are written, without reading them: however deep they are nested."""
    depth = 0
    for token in _TOKEN.finditer(text, start):
        mark = token[0]
        if mark in "[{":
            depth += 1
        elif mark in "]}" and depth:
            depth -= 1
        elif mark == "]" or (mark == "," and not depth):
            if part := text[start : token.start()].strip():
                yield part
            start = token.end()
            if mark == "]":
                return


def _replace_unreadable(update: Any) -> Any:
    """Return an update, or what stands for it; None for one without a number, which can't even be passed over."""
    if not isinstance(update, dict) or not _is_number(update.get("update_id")):
        return None
    try:
        Update.de_json(update, None)
    except Exception as error:  # noqa: BLE001 (whatever the library stumbles over)
        return _describe(_dump(update), error)
    return update


def _dump(update: dict[str, Any]) -> str:
    try:
        return json.dumps(update)
    except RecursionError:
        return json.dumps({"update_id": update["update_id"]})


def _describe(text: str, error: Exception) -> dict[str, Any]:
    number = _NUMBER.search(text)
    found = int(number[1]) if number else None
    return {"update_id": found, UNREADABLE: text, PROBLEM: describe_problem(error)}


def _stand_in(text: str, error: Exception) -> Update:
    said = _describe(text, error)
    return Update(said.pop("update_id") or 0, api_kwargs=said)


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
