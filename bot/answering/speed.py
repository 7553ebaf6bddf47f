"""How long an answer took and where the time went, in words."""

from __future__ import annotations

from bot.answering.records import Answer
from bot.models import SpeedReport
from bot.translation import format_number, gettext


def describe_speed(answer: Answer) -> list[str]:
    """Return lines on the times of an answer, and on what the language model read, reused and wrote."""
    timings, speed = answer.timings, answer.timings.speed
    first = None if timings.first_token_ms is None else timings.first_token_ms / 1000
    lines = [
        _join(
            gettext("recalled in {seconds} s", seconds=format_number(timings.recall_ms / 1000, 2)),
            "" if first is None else gettext("first word after {seconds} s", seconds=format_number(first, 2)),
            gettext("answered in {seconds} s", seconds=format_number(timings.total_ms / 1000, 2)),
        )
    ]
    return lines + (_describe_model(answer.model, speed) if speed else [gettext("no language model measured anything")])


def _describe_model(name: str, speed: SpeedReport) -> list[str]:
    read = speed.prompt_tokens - speed.reused_tokens
    loaded, waited = format_number(speed.load_seconds, 2), format_number(speed.waited_seconds, 2)
    return [
        _join(
            gettext("model: {name}", name=name),
            gettext("loaded in {seconds} s", seconds=loaded) if speed.load_seconds else "",
            gettext("waited {seconds} s for its turn", seconds=waited) if speed.waited_seconds >= 0.01 else "",
        ),
        _join(
            gettext("prompt: {number} tokens", number=speed.prompt_tokens),
            gettext("{number} of them reused", number=speed.reused_tokens),
            gettext("{number} read in {seconds} s", number=read, seconds=format_number(speed.prompt_seconds, 2))
            + _rate(read, speed.prompt_seconds),
        ),
        gettext(
            "answer: {number} tokens in {seconds} s",
            number=speed.generated_tokens,
            seconds=format_number(speed.generation_seconds, 2),
        )
        + _rate(speed.generated_tokens, speed.generation_seconds),
    ]


def _join(*parts: str) -> str:
    return ", ".join(part for part in parts if part)


def _rate(tokens: int, seconds: float) -> str:
    return gettext(" ({rate} tokens/s)", rate=format_number(tokens / seconds, 1)) if seconds > 0 else ""
