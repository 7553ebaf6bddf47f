"""Chats of any size that look like people's: a vocabulary by Zipf's law, topics, sessions, bursts, many speakers.

The same seed gives the same chats everywhere. Nothing in them was said by anybody.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate

from benchmarks.vocabulary import FIRST_NAMES, vocabulary
from memory import Entry
from memory.search.stopwords import STOP_WORDS

_START = datetime(2019, 1, 7, 8, tzinfo=UTC)
_FUNCTION_WORDS = sorted(word for word in STOP_WORDS["en"] if len(word) > 1)

WORDS = 8_000
"""Different words, the rarest included."""
TOPIC_WORDS = 12
"""Words that a session comes back to."""
SESSION_MESSAGES = 25
"""Mean number of messages between two silences."""


@dataclass(frozen=True, slots=True)
class Chat:
    """One conversation: its title, the people in it, and how many messages it has."""

    title: str
    people: tuple[str, ...]
    messages: int


class Corpus:
    """Chats with `messages` messages in all: a few long groups, and many short conversations."""

    def __init__(self, messages: int, *, seed: int = 1) -> None:
        self._random = random.Random(seed)
        self._words = vocabulary(WORDS)
        # Zipf's law; the first ranks are the function words, which are drawn apart.
        self._weights = list(accumulate(1 / (rank + 4) for rank in range(WORDS)))
        self.chats = self._plan(messages)

    def entries(self, chat: Chat) -> Iterator[Entry]:
        """Yield the messages of a chat, in the order of their time."""
        draw = self._random
        said_at = _START + timedelta(minutes=draw.randrange(500_000))
        topic: list[str] = []
        for number in range(chat.messages):
            if not topic or draw.random() < 1 / SESSION_MESSAGES:
                said_at += timedelta(hours=4 + draw.expovariate(1 / 30))
                topic = draw.choices(self._words, cum_weights=self._weights, k=TOPIC_WORDS)
            said_at += timedelta(seconds=5 + int(draw.expovariate(1 / 90)))
            yield Entry(
                text=self.sentence(topic),
                said_at=said_at,
                author=draw.choice(chat.people),
                event_id=f"{chat.title}-{number}",
            )

    def sentence(self, topic: list[str]) -> str:
        """Return a message of some nine words at the median, half of them function words."""
        draw = self._random
        length = min(max(int(draw.lognormvariate(2.2, 0.7)), 1), 120)
        said = [self._word(topic) for _ in range(length)]
        return " ".join(said).capitalize() + draw.choice((".", ".", "", "", "", "!", "?", " 😂"))

    def questions(self, entries: list[Entry], count: int) -> list[str]:
        """Return questions, each on the words of one of the entries, as people ask: three to six telling words."""
        draw = self._random
        asked: list[str] = []
        while len(asked) < count:
            entry = draw.choice(entries)
            telling = [word.strip(".!?😂").lower() for word in entry.text.split()]
            telling = sorted({word for word in telling if word and word not in STOP_WORDS["en"]})
            if len(telling) >= 3:
                chosen = draw.sample(telling, min(len(telling), draw.randint(2, 5)))
                asked.append(f"When did {entry.author} talk about {' '.join(chosen)}?")
        return asked

    def _word(self, topic: list[str]) -> str:
        chance = self._random.random()
        if chance < 0.5:
            return self._random.choice(_FUNCTION_WORDS)
        if chance < 0.6:
            return self._random.choice(topic)
        return self._random.choices(self._words, cum_weights=self._weights)[0]

    def _plan(self, messages: int) -> list[Chat]:
        chats: list[Chat] = []
        left = messages
        while left:
            size = min(left, max(50, int(messages * self._random.paretovariate(1.2) / 200)))
            people = tuple(self._random.sample(FIRST_NAMES, self._random.choice((2, 2, 2, 4, 8, 12))))
            chats.append(Chat(f"Chat {len(chats) + 1}", people, size))
            left -= size
        return chats
