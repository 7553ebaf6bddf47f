"""What a model claims to have found in messages, and which of it holds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, Field, JsonValue, ValidationError

from bot import Passage
from bot.answering import JsonSchema

KEY_CHARS, STATEMENT_CHARS, QUOTE_CHARS = 60, 300, 300
MOST_CLAIMS = 20
_SHORTEST_QUOTE = 2  # words: one word proves nothing
_NUMBER = re.compile(r"\d+")


class Claim(BaseModel):
    """A fact as the model writes it. `message` is the number of the message, `quote` what in it says so."""

    message: int
    key: str = Field(min_length=1, max_length=KEY_CHARS)
    about: Literal["speaker", "other"]
    statement: str = Field(min_length=1, max_length=STATEMENT_CHARS)
    quote: str = Field(min_length=1, max_length=QUOTE_CHARS)


@dataclass(frozen=True, slots=True)
class Learnt:
    """A fact that holds: its evidence says it word for word."""

    evidence: Passage
    key: str
    statement: str


SCHEMA: JsonSchema = {
    "type": "object",
    "properties": {
        "facts": {
            "type": "array",
            "maxItems": MOST_CLAIMS,
            "items": {
                "type": "object",
                "properties": {
                    "message": {"type": "integer"},
                    "key": {"type": "string", "maxLength": KEY_CHARS},
                    "about": {"enum": ["speaker", "other"]},
                    "statement": {"type": "string", "maxLength": STATEMENT_CHARS},
                    "quote": {"type": "string", "maxLength": QUOTE_CHARS},
                },
                "required": ["message", "key", "about", "statement", "quote"],
                "additionalProperties": False,
            },
        }
    },
    "required": ["facts"],
    "additionalProperties": False,
}
"""What the model's answer is held to."""


def keep_supported(written: dict[str, JsonValue], said: Sequence[Passage]) -> list[Learnt]:
    """Return the claims that hold, of what a model has written about messages numbered from 1.

    One whose quote does not stand in its message word for word is dropped, and so is one with a number that the message
    does not have: models make up dates. Anything else that is not a claim is passed over.
    """
    wanted = written.get("facts")
    claims = [_read_claim(each) for each in wanted[:MOST_CLAIMS]] if isinstance(wanted, list) else []
    found = [
        _check_claim(claim, said[claim.message - 1]) for claim in claims if claim and 0 < claim.message <= len(said)
    ]
    return [each for each in found if each is not None]


def _read_claim(value: JsonValue) -> Claim | None:
    try:
        return Claim.model_validate(value)
    except ValidationError:
        return None


def _check_claim(claim: Claim, evidence: Passage) -> Learnt | None:
    text, quote = _on_one_line(evidence.text), _on_one_line(claim.quote).strip("\"'“”„« »")
    numbers = set(_NUMBER.findall(text)) | set(
        _NUMBER.findall(f"{evidence.author} {evidence.said_at:%Y %m %-m %d %-d}")
    )
    statement = _on_one_line(claim.statement)
    if len(quote.split()) < _SHORTEST_QUOTE or quote not in text or set(_NUMBER.findall(statement)) - numbers:
        return None
    key = _on_one_line(claim.key).casefold()
    # Two people's phone numbers don't contradict each other.
    return Learnt(evidence, f"{evidence.author.casefold()}: {key}" if claim.about == "speaker" else key, statement)


def _on_one_line(text: str) -> str:
    return " ".join(text.split())
