"""How long an answer took and where the time went, in words."""

from __future__ import annotations

from bot.answering.records import Answer
from bot.models import SpeedReport


def describe_speed(answer: Answer) -> list[str]:
    """Return lines on the times of an answer, and on what the language model read, reused and wrote."""
    timings, speed = answer.timings, answer.timings.speed
    first = "" if timings.first_token_ms is None else f", first word after {timings.first_token_ms / 1000:.2f} s"
    lines = [f"recalled in {timings.recall_ms / 1000:.2f} s{first}, answered in {timings.total_ms / 1000:.2f} s"]
    return lines + (_describe_model(answer.model, speed) if speed else ["no language model measured anything"])


def _describe_model(name: str, speed: SpeedReport) -> list[str]:
    read = speed.prompt_tokens - speed.reused_tokens
    loaded = f", loaded in {speed.load_seconds:.2f} s" if speed.load_seconds else ""
    waited = f", waited {speed.waited_seconds:.2f} s for its turn" if speed.waited_seconds >= 0.01 else ""
    reading = f"{speed.reused_tokens} of them reused, {read} read in {speed.prompt_seconds:.2f} s"
    writing = f"{speed.generated_tokens} tokens in {speed.generation_seconds:.2f} s"
    return [
        f"model: {name}{loaded}{waited}",
        f"prompt: {speed.prompt_tokens} tokens, {reading}{_rate(read, speed.prompt_seconds)}",
        f"answer: {writing}{_rate(speed.generated_tokens, speed.generation_seconds)}",
    ]


def _rate(tokens: int, seconds: float) -> str:
    return f" ({tokens / seconds:.1f} tokens/s)" if seconds > 0 else ""
