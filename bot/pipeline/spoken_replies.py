"""Answers that are spoken as well as written, where a conversation wants that and a server speaks."""

from __future__ import annotations

import logging

from bot.answering.speech_text import spoken_text
from bot.errors import ModelServerError
from bot.events import OutFile, Reply
from bot.models.speech import MOST_CHARS, SpeechServer
from bot.translation import gettext

logger = logging.getLogger(__name__)

_ENDINGS = {"audio/ogg": "ogg", "audio/mpeg": "mp3"}


async def speak(server: SpeechServer, answer: str) -> Reply | None:
    """Return an answer as a voice note, or the sentence that it could not be spoken; None where it has no words."""
    text = spoken_text(answer, MOST_CHARS)
    if not text:
        return None
    try:
        speech = await server.speak(text)
    except ModelServerError as error:
        logger.warning("An answer could not be spoken: %s", error)
        return Reply(gettext("I couldn't speak that answer. “/voice off” leaves it at writing."))
    name = f"{gettext('answer')}.{_ENDINGS[speech.media_type]}"
    return Reply("", files=(OutFile(name, speech.media_type, speech.data, voice=True),))
