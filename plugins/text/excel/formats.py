"""Numbers as a cell shows them: Excel's number formats (ECMA-376, part 1, 18.8.30 and 18.8.31)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from plugins.text.excel.dates import write_moment
from plugins.text.excel.digits import write_general, write_number

BUILT_IN = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?",
    13: "# ??/??", 14: "yyyy-mm-dd", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM",
    20: "h:mm", 21: "h:mm:ss", 22: "yyyy-mm-dd h:mm", 37: "#,##0 ;(#,##0)", 38: "#,##0 ;(#,##0)",
    39: "#,##0.00;(#,##0.00)", 40: "#,##0.00;(#,##0.00)", 41: '_-* #,##0_-;-* #,##0_-;_-* "-"_-;_-@_-',
    42: '_-* #,##0_-;-* #,##0_-;_-* "-"_-;_-@_-', 43: '_-* #,##0.00_-;-* #,##0.00_-;_-* "-"??_-;_-@_-',
    44: '_-* #,##0.00_-;-* #,##0.00_-;_-* "-"??_-;_-@_-', 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0",
    49: "@",
}  # fmt: skip
"""Formats that have a number instead of a code. In which order a user's own dates stand (14, 22) is not known."""

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|_(?P<space>.)|\*(?P<fill>.)|\[(?P<bracket>[^\]]*)\]|(?P<general>(?i:General))|'
    r"(?P<half>AM/PM|A/P|上午/下午)|(?P<fraction>s\.0+|\.0+(?=[^0#?]*\Z)(?<=s\.0))|(?P<date>[yY]+|[mM]+|[dD]+|[hH]+|[sS]+|e(?![+-])|[gG]+|[bB]+)|"
    r"(?P<digits>[0#?.,]+)|(?P<percent>%)|(?P<power>[eE][+-][0#?]+)|(?P<over>/)|(?P<text>@)|(?P<other>.)",
    re.DOTALL,
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?\d+(?:\.\d+)?)\Z")
_ELAPSED = re.compile(r"[hH]+|[mM]+|[sS]+")
_LONGEST = 255


@dataclass(frozen=True, slots=True)
class FormatToken:
    """A part of a format: what kind it is, and what stands there."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class FormatSection:
    """A part of a format for some values: its tokens, and the condition under which it holds, if it names one."""

    tokens: tuple[FormatToken, ...]
    condition: tuple[str, float] | None = None

    @property
    def is_date(self) -> bool:
        """Whether it writes a day or a time."""
        return any(token.kind in ("date", "elapsed", "half") for token in self.tokens)


def write_value(value: float, code: str, *, since_1904: bool = False) -> str:
    """Return a number as a cell of this format shows it."""
    sections = parse_format(code)
    section, negated = _choose(sections, value)
    if section is None:
        return write_general(value)
    if section.is_date:
        return write_moment(value, section.tokens, since_1904=since_1904)
    kinds = {token.kind for token in section.tokens}
    if "general" in kinds:
        return "".join(
            write_general(value) if token.kind == "general" else token.text for token in section.tokens
        ).strip()
    if not kinds & {"digits", "power"}:
        return write_general(value) if "text" in kinds else "".join(token.text for token in section.tokens).strip()
    return write_number(-value if negated else value, section.tokens)


def write_text(text: str, code: str) -> str:
    """Return a text as a cell of this format shows it."""
    sections = parse_format(code)
    if len(sections) < 4:
        return text
    return "".join(text if token.kind == "text" else token.text for token in sections[3].tokens).strip()


@lru_cache(maxsize=4096)
def parse_format(code: str) -> tuple[FormatSection, ...]:
    """Return the sections of a format."""
    return tuple(_parse_section(part) for part in _split(code[:_LONGEST]))[:4]


def _split(code: str) -> list[str]:
    """Cut a format at the semicolons that don't stand within quotes."""
    parts = re.findall(r'(?:"[^"]*"|\\.|\[[^\]]*\]|[^;])+|(?<=;)(?=;)|(?<=;)\Z|\A(?=;)', code, re.DOTALL)
    return parts or [code]


def _parse_section(part: str) -> FormatSection:
    tokens: list[FormatToken] = []
    condition: tuple[str, float] | None = None
    for match in _TOKEN.finditer(part):
        kind, text = str(match.lastgroup), match.group()
        if kind == "bracket":
            inside = match["bracket"]
            if found := _CONDITION.match(inside):
                condition = found[1], float(found[2])
            elif inside.startswith("$"):
                tokens.append(FormatToken("other", inside[1:].partition("-")[0]))
            elif _ELAPSED.fullmatch(inside):
                tokens.append(FormatToken("elapsed", inside.lower()))
        elif kind in ("quoted", "escaped"):
            tokens.append(FormatToken("other", match[kind]))
        elif kind == "space":
            tokens.append(FormatToken("other", " "))
        elif kind != "fill":
            tokens.append(FormatToken(kind, text))
    return FormatSection(tuple(tokens), condition)


def _choose(sections: tuple[FormatSection, ...], value: float) -> tuple[FormatSection | None, bool]:
    """Return the section for a number, and whether its sign is the section's business."""
    for section in sections[:3]:
        if section.condition is not None and _holds(value, section.condition):
            return section, value < 0 and section.condition[0] in ("<", "<=")
    if any(section.condition is not None for section in sections):
        free = [section for section in sections[:3] if section.condition is None]
        return (free[-1], False) if free else (None, False)
    if value < 0 and len(sections) > 1:
        return sections[1], True
    if value == 0 and len(sections) > 2:
        return sections[2], False
    return sections[0], False


def _holds(value: float, condition: tuple[str, float]) -> bool:
    sign, than = condition
    return {"<": value < than, ">": value > than, "<=": value <= than, ">=": value >= than, "=": value == than}.get(
        sign, value != than
    )
