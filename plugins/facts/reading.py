"""Reads messages with a language model for what lasts, a sentence at a time: small models mix several up.

Measured in `benchmarks/results`.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Sequence

from bot import Passage
from bot.answering import Writer, as_data
from bot.errors import ModelError, ModelServerError
from plugins.facts.claims import Learnt, read_claim, statements_in

logger = logging.getLogger(__name__)

_ANSWER_TOKENS = 16
_TASK = (
    "You read one sentence of a chat and decide whether it states a fact that will still be true and useful in a "
    "month, about its writer, other people or things (a name, birthday, address, number, code, allergy, taste, "
    "habit, job, family, pet, who has what, where or when something is, a plan with a date). If so, write in one "
    "to three words what the fact is about. Otherwise, for what just happens or happened, a feeling, an opinion, "
    "small talk, a question, a joke, a wish or a guess, write: none"
)
_EXAMPLES = (
    ("Rosa: I'm a vegetarian, have been for years", "diet"),
    ("Tim: haha I live on pizza and air 😂", "none"),
    ("Tim: I forgot my keys again", "none"),
    ("Tim: No, I don't have a car, my bike is enough.", "car"),
    ("Rosa: The spare key is with Mrs. Novak", "spare key"),
    ("Rosa: the soup was great", "none"),
    ("Rosa: on my way!", "none"),
    ("Tim: It was meant to be in the park, but the party is at Rosa's place now.", "party"),
    ("Lena: bin total müde", "none"),
    ("Lena: Ich mag alles außer Oliven", "Oliven"),
    ("Uwe: Ole sagt, der Chef geht in Rente", "none"),
    ("Leo: acabo de llegar", "none"),
    ("Inés: Mi abuela vive en Lugo y se llama Rosa.", "abuela"),
    ("Leo: ¿Quién trae el pan?", "none"),
    ("Rosa: just finished the dishes", "none"),
    ("Lena: Tims Zug kommt sonntags um 8 an", "Tims Zug"),
    ("Paolo: Non bevo caffè.", "caffè"),
    ("Marie: à tout à l'heure", "none"),
    ("Rosa: If I had a garden I'd grow lemons", "none"),
    ("Нина: Мой поезд 3 августа в 9:20", "поезд"),
    ("Yuki: 私は大阪に住んでいます。", "大阪"),
)


async def learn_from(
    writer: Writer, said: Sequence[Passage], most_requests: int
) -> AsyncIterator[tuple[Passage, list[Learnt]]]:
    """Yield each message with the facts that were found in it, until the model was asked `most_requests` times.

    It is not asked about sentences that by their wording state nothing. A message of which it makes nonsense has no
    fact. Raises ModelServerError when the model is not there.
    """
    left = most_requests
    for passage, following in zip(said, (*said[1:], None), strict=True):
        statements = statements_in(passage, following)[:most_requests]
        if len(statements) > left:
            return
        left -= len(statements)
        claims = [read_claim(await _ask(writer, passage, each), each, passage) for each in statements]
        yield passage, [claim for claim in claims if claim is not None]


async def _ask(writer: Writer, passage: Passage, statement: str) -> str:
    """Return what the model says that a statement is about."""
    material = f"{as_data(passage.author)}: {as_data(statement)}"
    try:
        return await writer.write(_TASK, material, max_tokens=_ANSWER_TOKENS, examples=_EXAMPLES)
    except ModelServerError:
        raise
    except ModelError as error:
        logger.warning("A sentence was read for facts in vain: %s", error)
        return ""
