"""Numbers as lists of Office programs write them: 1, a, iv."""

from __future__ import annotations

_MOST = 3999
_ENDINGS = {1: "st", 2: "nd", 3: "rd"}
_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
    (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip


def write_number(number: int, kind: str) -> str:
    """Return a number of a kind that WordprocessingML names, such as "lowerLetter"."""
    if kind in ("lowerLetter", "upperLetter") and 0 < number <= _MOST:
        letters = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
        return letters if kind == "lowerLetter" else letters.upper()
    if kind in ("lowerRoman", "upperRoman") and 0 < number <= _MOST:
        roman = _write_roman(number)
        return roman if kind == "lowerRoman" else roman.upper()
    if kind == "ordinal":
        return f"{number}{_ENDINGS.get(number % 10 if number % 100 not in (11, 12, 13) else 0, 'th')}"
    if kind == "none":
        return ""
    return f"{number:02}" if kind == "decimalZero" else str(number)


def _write_roman(number: int) -> str:
    written = ""
    for amount, letters in _ROMAN:
        written += letters * (number // amount)
        number %= amount
    return written
