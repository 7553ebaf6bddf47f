"""Targets: what people, models and platforms send as text, and what is made of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from bot.answering import citations
from bot.errors import CommandError
from bot.hosting.signature import parse_arguments, read_parameters
from bot.models import Turn
from bot.models.templates import TEMPLATES, defuse_all
from bot.models.visible_text import VisibleText, remove_thinking
from bot.reading.encoding import detect_encoding
from plugins.reminders.request import find_request, read_request
from plugins.web.plugin import links_in
from tests.fuzz.target import Target, on_text

_ANSWER = b"""**At seven** [1], [2]; see `code [3]`.

- [x](https://harbour.example) <@U1> [1][2]

```
a
```

Sources:
[1] Ada"""
_THINKING = b"<think>hm</think><|channel|>final<|message|>At seven.<|im_end|><|eot_id|></s>"


def make_targets() -> Iterator[Target]:
    """Yield a target for each of them."""
    yield Target("citations", on_text(_cite), (_ANSWER, "Um sieben【1】 [^2] [1, 2;3].".encode()))
    yield Target("templates", on_text(_lay_out), (_THINKING, _ANSWER))
    yield Target("visible-text", on_text(_show), (_THINKING, b"<|start|>assistant<|channel|>analysis<|message|>x"))
    yield Target("command-line", on_text(_parse_command), (b'12 "two words" 2024-05-03 the rest of it', b"@ada 3 x"))
    yield Target("reminder", on_text(_remind), (b"remind me tomorrow at 7:30 pm to call", b"erinnere mich in 3 Tagen"))
    yield Target("links", on_text(_find_links), (b"remember this: https://en.example/a_(b)?c=d#e, http://x.",))
    yield Target("encoding", _decode, ("Grüße aus Köln".encode("latin-1"), "Ключ от дачи".encode("cp1251")))


def _cite(text: str) -> None:
    checked = citations.check(text, 3)
    for made in (str(checked), citations.so_far(text, 3), citations.without_numbers(text), citations.defuse(text)):
        made.encode()


def _lay_out(text: str) -> None:
    """A text may never become a marker, nor be lost."""
    turns = [Turn("system", text), Turn("user", text), Turn("assistant", text), Turn("user", text)]
    for template in TEMPLATES.values():
        for segment in template.render(turns):
            segment.text.encode()
            if segment.marker and len(text) > 8 and text in segment.text:
                raise AssertionError(template.name)
    defuse_all(text).encode()


def _show(text: str) -> None:
    remove_thinking(text)
    for step in (1, 7):
        visible = VisibleText()
        shown = "".join(visible.feed(text[at : at + step]) for at in range(0, len(text), step)) + visible.finish()
        if len(shown) > len(text):
            raise AssertionError(shown)


def _command(count: int, who: str, day: str = "", many: Annotated[str, "the rest"] = "") -> None:
    """Have parameters of every kind."""


def _parse_command(text: str) -> None:
    try:
        parse_arguments(_PARAMETERS, text, "/x COUNT WHO", ("@ada",))
    except CommandError as error:
        str(error).encode()


def _remind(text: str) -> None:
    find_request(text)
    read_request(text)


def _find_links(text: str) -> None:
    for link in links_in(text):
        if link not in text:
            raise AssertionError(link)


def _decode(data: bytes) -> None:
    for declared in (None, data[:20].decode("latin-1")):
        data.decode(detect_encoding(data, declared), errors="replace").encode()


_PARAMETERS = read_parameters(_command)
