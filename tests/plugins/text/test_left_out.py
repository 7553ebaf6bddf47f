"""What was left out of a file is counted, and said in the language that is spoken."""

from __future__ import annotations

from typing import get_args

import pytest

from bot.translation import ENGLISH, LANGUAGES, speaking
from plugins.text.left_out import Kind, LeftOut

KINDS: tuple[Kind, ...] = get_args(Kind)


def count(**counts: int) -> LeftOut:
    left_out = LeftOut()
    for kind in KINDS:
        left_out.add(kind, counts.get(kind.replace(" ", "_"), 0))
    return left_out


def test_nothing_is_said_where_all_was_read() -> None:
    assert count().notes() == ()


@pytest.mark.parametrize(
    ("language", "one", "several"),
    [
        ("en", "1 picture was left out.", "1,200 charts, 1 hidden row and 2 pictures were left out."),
        ("de", "Weggelassen wurde 1 Bild.", "Weggelassen wurden 1.200 Diagramme, 1 ausgeblendete Zeile und 2 Bilder."),
        ("es", "Se omitió 1 imagen.", "Se omitieron 1.200 gráficos, 1 fila oculta y 2 imágenes."),
        ("fr", "Laissé de côté : 1 image.", "Laissés de côté : 1 200 graphiques, 1 ligne masquée et 2 images."),
        (
            "it",
            "È stato tralasciato: 1 immagine.",
            "Sono stati tralasciati: 1.200 grafici, 1 riga nascosta e 2 immagini.",
        ),
        ("pt", "Ficou de fora: 1 imagem.", "Ficaram de fora: 1.200 gráficos, 1 linha oculta e 2 imagens."),
    ],
)
def test_it_is_said_in_the_language_that_is_spoken(language: str, one: str, several: str) -> None:
    with speaking(language):
        assert count(picture=1).notes() == (one,)
        (note,) = count(chart=1200, hidden_row=1, picture=2).notes()

    assert note.replace("\u202f", " ").replace("\xa0", " ") == several


@pytest.mark.parametrize("language", sorted(set(LANGUAGES) - {ENGLISH}))
@pytest.mark.parametrize("kind", KINDS)
def test_no_kind_is_said_in_english_elsewhere(language: str, kind: Kind) -> None:
    counts = {kind.replace(" ", "_"): 2}
    english = count(**counts).notes()
    with speaking(language):
        assert count(**counts).notes() != english
