from __future__ import annotations

from pathlib import Path

import pytest

from bot import Attachment
from bot.testing import FakeAdapter, chat
from plugins.language import LanguagePlugin
from plugins.pdf.plugin import PdfPlugin
from plugins.text.plugin import TextPlugin


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("Deutsch", "plan.pdf ist nicht lesbar: beschädigt"),
        ("español", "plan.pdf no se puede leer: está dañado"),
        ("français", "plan.pdf est illisible : endommagé"),
        ("italiano", "plan.pdf non si può leggere: è danneggiato"),
        ("português", "plan.pdf não pode ser lido: está danificado"),
        ("English", "plan.pdf can't be read: it is damaged"),
    ],
)
async def test_a_file_that_can_not_be_read_is_refused_in_the_language_of_the_chat(
    tmp_path: Path, language: str, said: str
) -> None:
    platform = FakeAdapter(files={"1": b"%PDF-1.7 and nothing else"})
    file = Attachment("plan.pdf", "application/pdf", "1", 25)
    async with chat(tmp_path, adapter=platform, plugins=[LanguagePlugin(), PdfPlugin(), TextPlugin()]) as ann:
        await ann.says(f"/language {language}")
        assert said in "\n".join(await ann.says("", file))
