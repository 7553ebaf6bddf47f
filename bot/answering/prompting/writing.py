"""A prompt being answered: the model's text, shown while it grows."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AsyncExitStack, aclosing
from dataclasses import replace
from functools import partial

from bot.answering.citations import so_far
from bot.answering.closing import closable
from bot.answering.link_filter import leave_out_unknown_links, links_in
from bot.answering.phrases import phrases_in
from bot.answering.prompting.examples import NOTHING
from bot.answering.quoting.wanted import read_question
from bot.answering.records import AnswerOptions, Grow, Stopwatch
from bot.models import LanguageModel, Prompt, Sampling
from bot.models.visible_text import remove_thinking

_ANSWER_TOKENS = 160


async def write_growing(
    model: LanguageModel,
    prompt: Prompt,
    sampling: Sampling,
    grow: Grow | None,
    clock: Stopwatch,
    until: Callable[[str], bool] | None = None,
) -> str:
    """Return a model's whole answer to a prompt, or as much of it as `until` lets it write. Raises ModelError.

    No link is in it that the prompt does not hold.
    """
    text, held = "", links_in(turn.text for turn in prompt.turns)
    async with aclosing(closable(model.stream(prompt, sampling))) as pieces, AsyncExitStack() as waiting:
        waiting.enter_context(clock.span("first token"))
        async for piece in pieces:
            clock.note_token()
            await waiting.aclose()
            text += piece
            if grow is not None and not NOTHING.startswith(text.strip(" .").casefold()):
                grow(partial(_shown_so_far, text, held))
            if until is not None and until(text):
                break
        else:  # of what is cut short no report is made
            clock.speed = model.last_speed
    return leave_out_unknown_links(remove_thinking(text), held)


def _shown_so_far(text: str, held: frozenset[str]) -> str:
    """Return what may be shown of a growing text; its numbers are left out, for the sources are found when it ends."""
    return leave_out_unknown_links(so_far(remove_thinking(text), known=0), held)


def briefly(options: AnswerOptions) -> Sampling:
    """Return how a short answer is sampled: it ends with its paragraph, and a model that loops is stopped soon.

    It repeats the memories' own words, so nothing is taken from what repeats: of lists that leaves half (measured).
    """
    sampling = options.sampling
    return replace(
        sampling,
        max_tokens=min(sampling.max_tokens, _ANSWER_TOKENS),
        stop=(*sampling.stop, "\n\n"),
        repeat_penalty=sampling.repeat_penalty if options.penalizes_repeats else 1.0,
    )


def tell_queue(grow: Grow, quoted: str, question: str, before: int) -> None:
    """Show how many are served before, under what was found."""
    if before:
        queue = phrases_in(read_question(question).language).queue.format(before)
        grow(lambda: f"{quoted}\n\n{queue}")
