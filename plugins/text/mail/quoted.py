"""What a mail repeats of earlier ones, which is not its writer's words."""

from __future__ import annotations

import re

_WROTE = re.compile(
    r"\s*(?:>\s*)*(?:on|am|le|el|em|op|den|il|w dniu|dne|вс|пн|вт|ср|чт|пт|сб)\b.{4,200}"
    r"(?:wrote|schrieb|écrit|escribió|escreveu|schreef|skrev|ha scritto|napisał\(?a?\)?|napsal\(?a?\)?|пишет|"
    r"написал\(?а?\)?)"
    r".{0,80}:\s*\Z",
    re.IGNORECASE | re.DOTALL,
)
_RULE = re.compile(
    r"\s*(?:-{2,}\s*(?:original message|ursprüngliche nachricht|message d'origine|mensaje original|mensagem original|"
    r"forwarded message|weitergeleitete nachricht)\s*-{2,}|begin forwarded message:|_{20,})\s*\Z",
    re.IGNORECASE,
)
_FROM = re.compile(r"\s*\*?(?:from|von|de|da|van|från|od|от)\s?:\*?\s\S", re.IGNORECASE)
_SENT = re.compile(
    r"\s*\*?(?:sent|date|gesendet|datum|envoyé|enviado|inviato|verzonden|skickat|wysłano|отправлено)\s?:", re.IGNORECASE
)
_MARK = re.compile(r"\s*>")
_MARKS = re.compile(r"\A(?:\s{0,3}>)+ ?")
_NEAR = 4


def split_quoted(text: str) -> tuple[list[str], list[str]]:
    """Return a mail's own lines, and those of earlier mails below them, without their marks.

    A quotation that is answered between its lines belongs to the answer, and stays.
    """
    lines = text.splitlines()
    start = next((at for at in range(len(lines)) if _begins(lines, at)), None)
    if start is None:
        return lines, []
    quoted = lines[start:]
    if (
        _RULE.match(quoted[0])
        or _FROM.match(quoted[0])
        or all(not line.strip() or _MARK.match(line) for line in quoted[_length(quoted) :])
    ):
        return lines[:start], [_MARKS.sub("", line, count=1) for line in quoted]
    return lines, []


def _begins(lines: list[str], at: int) -> bool:
    """Whether everything from this line on may be quoted."""
    if _RULE.match(lines[at]):
        return True
    if _FROM.match(lines[at]):
        return any(_SENT.match(line) for line in lines[at + 1 : at + _NEAR])
    together = " ".join(lines[at : at + 2])
    if _WROTE.match(lines[at]) or (lines[at].strip() and _WROTE.match(together)):
        return True
    return bool(_MARK.match(lines[at])) and all(not line.strip() or _MARK.match(line) for line in lines[at:])


def _length(quoted: list[str]) -> int:
    """Return how many lines say who wrote what follows."""
    return 1 if _WROTE.match(quoted[0]) else 2 if len(quoted) > 1 and not _MARK.match(quoted[0]) else 0
