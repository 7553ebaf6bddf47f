"""Any string at all, made fit for a tokenizer."""

from __future__ import annotations

LONGEST = 8192
"""Characters looked at. A model reads 256 to 512 tokens, which is about 2,000 characters of prose, so nothing
that it would read is lost, while a pasted megabyte costs no more than a page."""


def readable(text: str) -> str:
    """Return the beginning of `text` as valid Unicode, so that no text whatever makes an embedder fail.

    Python strings may hold lone surrogates, which have no UTF-8 form: pairs are joined, the rest become U+FFFD.
    """
    beginning = text[:LONGEST].replace("\0", " ")
    try:
        beginning.encode()
    except UnicodeEncodeError:
        return beginning.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return beginning
