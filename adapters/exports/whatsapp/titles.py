"""What a WhatsApp chat is called, from the name that the phone gave its export."""

from __future__ import annotations

import re

from adapters.exports.whatsapp.phrase_tables import fold, tables

_COPY = re.compile(r"(?: \(\d{1,3}\)| - Copy| copy)+$")
_TITLES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"WhatsApp[ -]?Chat (?:with|mit|met|-|–|kay|s (?:uživatelem|používateľom)|med) (.+)",
        (
            r"WhatsApp[ -](?:chat|chatt|samtale|gesprek|razgovor|klepet|pokalbis|sarakste|vestlus|чат|разговор|ћаскање)"
            r" (?:met|med|s|z|su|ar|kontaktiga|с|со|са) (.+)"
        ),
        (
            r"(?:Chat|Conversa|Conversación|Discussion|Xat|Czat|Чат|Бесіда|Sembang|Conversație|Συνομιλία"
            r"|Trò chuyện|แชท|Soga)"
            r" (?:de |do |no |za )?WhatsApp (?:con|com|avec|amb|z|с|з|dengan|cu|με|với|กับ|na) (.+)"
        ),
        r"Chat WhatsApp (?:con|s uživatelem) (.+)",
        r"WhatsApp-keskustelu henkilön (.+) kanssa",
        r"WhatsApp csevegés vele[:_] (.+)",
        r"WhatsApp [与與] ?(.+?) ?的(?:对话|對話|聊天)",
        r"[与與] ?(.+?) ?的 ?WhatsApp ?(?:对话|對話|聊天)",
        r"(.+)とのWhatsApp ?(?:チャット|トーク)",
        r"(.+)님과의 WhatsApp 대화",
        r"(.+) ile WhatsApp Sohbeti",
        r"(.+) ilə WhatsApp Söhbəti",
        r"(.+) के साथ WhatsApp चैट",
        r"دردشة واتساب مع (.+)",
        r"گفتگوی WhatsApp با (.+)",
        r"צ'?אט WhatsApp עם (.+)",
        r"WhatsApp Chat - (.+)",
    )
)


def title_of(name: str) -> str | None:
    """Return the chat's name from "WhatsApp Chat with NAME.txt" in its translations; None when it names none."""
    stem = re.sub(r"\.(?:txt|zip)$", "", name.strip(), flags=re.IGNORECASE)
    stem = _COPY.sub("", stem.replace("_", " ") if " " not in stem else stem).strip()
    for pattern in _TITLES:
        if found := pattern.fullmatch(stem):
            return found.group(1).strip()
    return _title_by_tables(stem)


def _title_by_tables(stem: str) -> str | None:
    """Return the chat's name from what Android calls its exports in any of its languages."""
    folded = fold(stem)
    for before, after in tables().titles:
        if folded.startswith(before) and folded.endswith(after) and len(folded) > len(before) + len(after):
            return stem[len(before) : len(stem) - len(after)].strip(" :：") or None
    return None


def any_title(name: str) -> str:
    """Return the chat's name from whatever the file is called."""
    stem = re.sub(r"\.(?:txt|zip)$", "", name.strip(), flags=re.IGNORECASE)
    return _COPY.sub("", stem).strip(" _-") or "WhatsApp chat"
