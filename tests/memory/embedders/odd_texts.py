"""Texts that people and programs do send, and that an embedder must take without complaint."""

from __future__ import annotations

ODD_TEXTS = {
    "nothing": "",
    "spaces": " \t\n\u3000",
    "NUL bytes": "\0a\0b\0",
    "only a NUL": "\0",
    "a lone surrogate": "before \ud83d after",
    "only surrogates": "\udc00\udfff",
    "punctuation": "?!… — ...",
    "emoji": "👩‍👩‍👧‍👦🎉",
    "a megabyte of one word": "x" * 1_000_000,
    "a megabyte of prose": "the quick brown fox " * 50_000,
    "a megabyte of spaces": " " * 1_000_000,
    "special tokens": "[CLS] [SEP] [PAD] [MASK] [UNK]",
    "Thai": "ฉันรักกาแฟเย็นตอนเช้า",
    "Chinese": "明天下午三点开会",
    "right to left": "\u202eمرحبا بالعالم\u202c",
    "accents piled up": "e" + "\u0301" * 500,
}
