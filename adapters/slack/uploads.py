"""Files that go with a reply (https://docs.slack.dev/messaging/working-with-files#uploading_files)."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

from adapters.slack.api import Api, RefusedError
from bot.events import OutFile

logger = logging.getLogger(__name__)

NOT_ALLOWED = "I can't send files here: the app needs the scope files:write."


async def upload(api: Api, files: Sequence[OutFile], channel: str, thread: str | None) -> str | None:
    """Send files; return a sentence where the app may not. Raises AdapterError."""
    if not files:
        return None
    uploads: list[dict[str, Any]] = [{"file": file.data, "filename": file.name, "title": file.name} for file in files]
    try:
        await api.call(lambda client: client.files_upload_v2(file_uploads=uploads, channel=channel, thread_ts=thread))
    except RefusedError as error:
        if error.code != "missing_scope":
            raise
        logger.warning("Slack takes no files: %s", error)
        return NOT_ALLOWED
    return None
