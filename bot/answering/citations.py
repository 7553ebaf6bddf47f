"""The numbers in an answer: checked against what was recalled, renumbered, and written out as source lines."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, tzinfo

from bot.events import Source
from bot.translation import format_long_day
from memory.patterns import compile_on_use

_CODE = compile_on_use(r"(```.*?(?:```|\Z)|~~~.*?(?:~~~|\Z)|`[^`\n]*`)", re.DOTALL)
_CITATION = compile_on_use(
    r"[ \t]{0,9}[\[【]\^?\s{0,9}(\d{1,3}(?:\s{0,9}[,;]\s{0,9}\d{1,3}){0,99})\s{0,9}[\]】](?:\([^()\n]{0,2000}\))?"
)
_NUMBER = compile_on_use(r"[ \t]{0,9}\[(\d{1,3})\]")
_LEADING = compile_on_use(r"^([ \t]*(?:[-*•>][ \t]*)?)((?:\[\d+\])+)[:.)]?[ \t]*(.*)$")
_HEADING = compile_on_use(
    r"^[\s*_#>]*(?:sources?|references?|citations?|quellen?|fuentes?|fontes?)[\s*_]*:?[\s*_]*$", re.IGNORECASE
)
_UNFINISHED = compile_on_use(r"[ \t]{0,9}[\[【][^\]】\n]{0,24}\Z|(?<=[\]】])\([^)\n]{0,2000}\Z")
_DIGITS_IN_BRACKETS = compile_on_use(r"[\[【](\^?\d{1,3}(?:\s*[,;]\s*\d{1,3})*)[\]】]")
_MARK = "\ue000"
_PLATFORM_NAMES = {"whatsapp": "WhatsApp"}


@dataclass(frozen=True, slots=True)
class Checked:
    """A text whose citations all stand for something; `cited` holds their old numbers in the new order."""

    text: str
    cited: tuple[int, ...]


def check(text: str, known: int) -> Checked:
    """Keep the citations 1…`known`, renumbered by first use, and drop the others.

    What looks like a list of sources is undone, since only the bot itself writes one: a leading number moves
    to the end of its line, headings such as "Sources:" go with the list under them. Code is left as it is.
    """
    order: dict[int, int] = {}

    def renumber(match: re.Match[str]) -> str:
        blank = match[0][: match[0].index("[")]
        return f"{blank}[{order.setdefault(int(match[1]), len(order) + 1)}]"

    def mend(part: str) -> str:
        return _NUMBER.sub(renumber, _undo_list(_drop_unknown(part, known)))

    plain = _outside_code(text, mend)
    return Checked(plain.strip(), tuple(order))


def so_far(text: str, known: int) -> str:
    """Return the checked text of an answer that is still being written, without the part that may yet change."""
    last = text.rfind("\n") + 1
    tail = text[last:].lstrip(" \t-*•>")
    settled = text[:last] if tail.startswith(("[", "【")) or _HEADING.match(text[last:]) else text
    return check(_UNFINISHED.sub("", settled), known).text


def without_numbers(text: str) -> str:
    """Return an answer without its citations, as history needs it: what they pointed to is not shown again."""
    return _outside_code(text, lambda part: _CITATION.sub("", part)).strip()


def defuse(text: str) -> str:
    """Return a remembered text that can't be mistaken for a citation: "[3]" becomes "(3)"."""
    return _DIGITS_IN_BRACKETS.sub(r"(\1)", text)


def said_on(moment: datetime, zone: tzinfo | None) -> str:
    """Return a moment as language models read it, whatever is spoken: "3 May 2024 21:14"."""
    local = moment if zone is None else moment.astimezone(zone)
    return f"{local.day} {local:%B %Y %H:%M}"


def spoken_on(moment: datetime, zone: tzinfo | None) -> str:
    """Return the same as it is written in the language that is spoken: "3. Mai 2024 21:14"."""
    local = moment if zone is None else moment.astimezone(zone)
    return f"{format_long_day(local)} {local:%H:%M}"


def source_line(source: Source, zone: tzinfo | None = None) -> str:
    """Return "[1] Mara, 3 May 2024 21:14, Lisbon trip (WhatsApp)": how a source is shown as text.

    A document's is "[2] report.pdf, p. 4, 3 May 2024 21:14, Documents (Files)".
    """
    name, _, bot = source.platform.partition(".")
    platform = " ".join(filter(None, [_PLATFORM_NAMES.get(name, name.capitalize()), bot]))
    place = f"{source.conversation} ({platform})" if source.conversation else platform
    parts = (source.author, source.locator, spoken_on(source.said_at, zone), place)
    return f"[{source.n}] " + ", ".join(part for part in parts if part)


def source_lines(sources: Iterable[Source], zone: tzinfo | None = None) -> str:
    """Return the list under an answer, a line each."""
    return "\n".join(source_line(source, zone) for source in sources)


def _drop_unknown(text: str, known: int) -> str:
    """Write every citation as [n], without those that stand for no source.

    Again and again: what is left of "[[9]1]" is a citation too.
    """

    def keep(match: re.Match[str]) -> str:
        return match[0] if 1 <= int(match[1]) <= known else ""

    while (kept := _NUMBER.sub(keep, _CITATION.sub(_canonical, text))) != text:
        text = kept
    return text


def _canonical(match: re.Match[str]) -> str:
    numbers = dict.fromkeys(int(number) for number in re.findall(r"\d+", match[1]))
    return match[0][: len(match[0]) - len(match[0].lstrip(" \t"))] + "".join(f"[{n}]" for n in numbers)


def _undo_list(text: str) -> str:
    lines: list[str] = []
    in_list = False
    for line in text.split("\n"):
        leading = _LEADING.match(line)
        if _HEADING.match(line) and line.strip():
            in_list = True
        elif leading and in_list:
            continue
        elif leading:
            lines.append(f"{leading[1].lstrip()}{leading[3].rstrip()} {leading[2]}".lstrip())
        else:
            in_list = in_list and not line.strip()
            lines.append(line)
    return "\n".join(lines)


def _outside_code(text: str, change: Callable[[str], str]) -> str:
    """Change a text while its code is set aside, each piece behind a mark that no other rule knows."""
    pieces: list[str] = []

    def set_aside(match: re.Match[str]) -> str:
        pieces.append(match[0])
        return f"{_MARK}{len(pieces) - 1}{_MARK}"

    changed = change(_CODE.sub(set_aside, text.replace(_MARK, "")))
    return re.sub(rf"{_MARK}(\d+){_MARK}", lambda match: pieces[int(match[1])], changed)
