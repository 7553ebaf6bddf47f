"""The parts of a mail: the text that its reader sees first, and the files that came with it."""

from __future__ import annotations

from collections.abc import Iterator
from email.message import EmailMessage
from typing import TYPE_CHECKING, cast

from bot.reading import Enclosed, enclose
from plugins.text.encoding import decode
from plugins.text.left_out import LeftOut
from plugins.text.markup import blocks, drop_hidden, parse

if TYPE_CHECKING:
    from lxml.etree import _Element

_MAIL = "message/rfc822"
_SIGNATURES = frozenset({"application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature"})
_QUOTES = frozenset({"gmail_quote", "yahoo_quoted", "protonmail_quote", "tutanota_quote", "zmail_extra"})
"""Classes that mail programs give to what they quote."""


class MailParts:
    """Sorts the parts of one mail."""

    def __init__(self, message: EmailMessage) -> None:
        self.left_out = LeftOut()
        self._body = cast("EmailMessage | None", message.get_body(preferencelist=("plain", "html")))
        self._texts: list[EmailMessage] = [self._body] if self._body is not None else []
        self._files: list[EmailMessage] = []
        for part, is_another_form in _leaves(message, is_another_form=False):
            self._sort(part, is_another_form=is_another_form)

    def texts(self) -> Iterator[str]:
        """Yield the body, and further texts that are shown below it."""
        return (text for part in self._texts if (text := _text(part).strip()))

    def files(self) -> Iterator[Enclosed]:
        """Yield the attachments; a mail within the mail is one, too."""
        for number, part in enumerate(self._files, 1):
            kind = part.get_content_type()
            if kind == _MAIL:
                inner = cast("EmailMessage", part.get_payload(0))
                subject = str(inner["Subject"] or "").strip() or f"forwarded mail {number}"
                yield from enclose(f"{subject[:80]}.eml", kind, inner.as_bytes())
                continue
            data = part.get_payload(decode=True)
            name = part.get_filename() or f"attachment {number}"
            yield from enclose(name, kind, data if isinstance(data, bytes) else b"")

    def _sort(self, part: EmailMessage, *, is_another_form: bool) -> None:
        kind = part.get_content_type()
        is_named = part.is_attachment() or part.get_filename() is not None
        if part is self._body or kind in _SIGNATURES:
            return
        if kind in ("text/plain", "text/html") and not is_named:
            self._texts += [] if is_another_form else [part]
        elif part.get_content_maintype() == "image" and not part.is_attachment():
            self.left_out.add("picture")
        elif kind == "text/calendar" and is_another_form and not is_named:
            self.left_out.add("invitation")
        elif not is_another_form or is_named or kind == _MAIL:
            self._files.append(part)


def _leaves(part: EmailMessage, *, is_another_form: bool) -> Iterator[tuple[EmailMessage, bool]]:
    """Yield the parts that hold something, with whether they are one of several forms of the same."""
    if part.get_content_type() == _MAIL and part.is_multipart():
        yield part, is_another_form
    elif part.is_multipart():
        inner = is_another_form or part.get_content_subtype() == "alternative"
        for each in part.iter_parts():
            yield from _leaves(cast("EmailMessage", each), is_another_form=inner)
    else:
        yield part, is_another_form


def _text(part: EmailMessage) -> str:
    data = part.get_payload(decode=True)
    text = decode(data if isinstance(data, bytes) else b"", part.get_content_charset())
    if part.get_content_type() != "text/html":
        return text
    root = parse(text)
    if root is None:
        return ""
    drop_hidden(root)
    _mark_quoted(root)
    return "\n\n".join(block.text for block in blocks(root))


def _mark_quoted(root: _Element) -> None:
    """Put what a mail in HTML quotes of earlier ones behind ">", as plain mails have it."""
    for element in [each for each in root.iter() if _is_quote(each)]:
        parent, tail = element.getparent(), element.tail
        if parent is None or any(_is_quote(outer) for outer in element.iterancestors()):
            continue
        lines = [line for block in blocks(element) for line in block.text.splitlines()]
        element.clear()
        element.tag, element.tail = "pre", tail
        element.text = "\n".join(f"> {line}" for line in lines)


def _is_quote(element: _Element) -> bool:
    if element.tag == "blockquote":
        return str(element.get("type", "")).casefold() == "cite" or element.get("cite") is not None
    return element.tag == "div" and not _QUOTES.isdisjoint(str(element.get("class", "")).split())
