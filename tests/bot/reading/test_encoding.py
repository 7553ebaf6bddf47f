"""Texts from before Unicode, and damaged ones, are read in the letters that their writers saw."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.reading import detect_encoding, detect_file_encoding, detect_utf

KEY_IN_MANY_LANGUAGES = [
    ("cp1252", "Größe: 7 Äpfel für Zoë, naïve café – 5 €"),
    ("cp1252", "Déjà vu : l’été dernier, à Genève, ça coûtait 5 €."),
    ("cp1252", "¿Dónde está la llave? En el cajón pequeño, mañana."),
    ("cp1252", "Não sei onde estão as chaves. Amanhã é o casamento da Inês."),
    ("cp1252", "Perché la città è più bella così?"),
    ("cp1252", "It costs £5, that’s all."),
    ("cp1252", "Zoë"),
    ("latin-1", "Nyckeln ligger på hyllan. Hälsningar från Åsa och Örjan."),
    ("cp1250", "Zażółć gęślą jaźń. Klucz leży pod wycieraczką, świetnie."),
    ("cp1250", "Příliš žluťoučký kůň úpěl ďábelské ódy. Klíč je pod rohožkou."),
    ("cp1250", "A kulcs a lábtörlő alatt van. Őszintén szólva tűrhető."),
    ("cp1254", "Anahtar paspasın altında. Şimdi geliyorum, güneş doğdu."),
    ("cp1257", "Raktas yra po kilimėliu. Ačiū, šįvakar grįšiu vėlai."),
    ("cp1251", "Ключ лежит под ковриком у двери. Запасной ключ у соседки."),
    ("cp1251", "Привет"),
    ("cp1251", "Встреча в Zoom: ссылка https://example.org/abc"),
    ("koi8-r", "Ключ лежит под ковриком у двери. Запасной ключ у соседки."),
    ("cp866", "Ключ лежит под ковриком у двери. Запасной ключ у соседки."),
    ("cp1253", "Το κλειδί είναι κάτω από το χαλάκι. Καλημέρα σας."),
    ("cp1255", "המפתח מתחת לשטיח. שלום וברכה"),
    ("cp1256", "المفتاح تحت السجادة. صباح الخير"),
    ("cp874", "กุญแจอยู่ใต้พรม สวัสดีครับ"),
    ("shift_jis", "鍵はマットの下にあります。明日会いましょう。"),
    ("euc-jp", "鍵はマットの下にあります。明日会いましょう。"),
    ("gb18030", "钥匙在垫子下面。我们明天见。"),
    ("big5", "鑰匙在墊子下面。我們明天見。"),
    ("cp949", "열쇠는 매트 아래에 있어요. 내일 만나요."),
    ("cp437", "Größe für Müller, schöne Grüße"),
    ("cp437", "El niño está aquí"),
    ("cp437", "┌──┐\r\n│ok│\r\n└──┘"),
    ("cp850", "São João não está"),
    ("cp850", "À bientôt, l'été"),
    ("mac-roman", "L’été à Genève"),
    ("cp1252", "5 €"),
    ("cp1252", "Þór býr í Reykjavík"),
    ("cp1250", "Łódź"),
    ("cp1250", "Dvě piva, prosím"),
    ("cp1250", "Đorđe i Šime čekaju"),
    ("cp1254", "Kapı şifresi 4417"),
    ("cp1251", "ПРИВЕТ МИР"),
    ("koi8-r", "ПРИВЕТ МИР"),
    ("cp1251", "Код 4417, дверь слева"),
    ("cp1251", "Зустріч о п'ятій, Київ, вулиця Їжакевича"),
    ("cp866", "Код двери 4417"),
    ("cp1255", "שלום"),
    ("utf-16-le", "Привет"),
    ("utf-16-be", "Привет, мир"),
    ("utf-16-le", "鍵はマットの下にあります"),
    ("utf-16-be", "钥匙在垫子下面。\n"),
    ("utf-16-le", "שלום לכולם"),
    ("utf-16-le", "열쇠는 매트 아래"),
]


@pytest.mark.parametrize(("encoding", "text"), KEY_IN_MANY_LANGUAGES)
def test_a_short_text_from_before_unicode_keeps_its_letters(encoding: str, text: str) -> None:
    data = text.encode(encoding)
    assert data.decode(detect_encoding(data)) == text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_every_utf_is_known_with_and_without_its_mark(tmp_path: Path, encoding: str) -> None:
    text = "Der Schlüssel liegt über der Tür.\n"
    path = tmp_path / "key.txt"
    path.write_bytes(text.encode(encoding))
    assert path.read_bytes().decode(detect_encoding(path.read_bytes())) == text
    assert path.read_text(detect_file_encoding(path)) == text


def test_a_damaged_character_does_not_make_utf8_another_encoding(tmp_path: Path) -> None:
    data = "Müller, Björk, Åsa, Zoë, José, Inês, François, Søren, Łukasz, Čapek".encode() + b" \xff"
    path = tmp_path / "names.txt"
    path.write_bytes(data)
    assert detect_encoding(data) == detect_file_encoding(path) == "utf-8"


def test_what_a_page_declares_is_believed_where_it_can_be() -> None:
    assert detect_encoding("Привет".encode("koi8-r"), "koi8-r") == "koi8-r"
    assert detect_encoding("Привет".encode(), "ascii") == "utf-8"
    assert detect_encoding("Привет".encode(), "no such encoding") == "utf-8"


def test_a_file_is_looked_at_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "late.txt"
    path.write_bytes(b"only ASCII for a long while\n" * 20_000 + "Ключ лежит под ковриком.\n".encode("cp1251"))
    assert detect_file_encoding(path) == "cp1251"


def test_an_empty_text_is_utf8() -> None:
    assert detect_encoding(b"") == "utf-8"
    assert detect_utf(b"") is None


@pytest.mark.parametrize("declared", ["a\0b", "punycode", "idna", "PunyCode", "no-such", "\ud83d", "x" * 10_000, ""])
def test_a_declaration_that_no_text_can_have_is_not_believed(declared: str) -> None:
    assert detect_encoding("Grüße aus Köln".encode(), declared) == "utf-8"


@pytest.mark.parametrize("encoding", ["utf-32-le", "utf-32-be"])
def test_utf32_is_known_without_its_mark(encoding: str) -> None:
    assert detect_encoding("Der Schlüssel liegt im Büro. 🎂 鍵は事務所です。".encode(encoding)) == encoding


@pytest.mark.parametrize(
    ("encoding", "text"),
    [("iso2022_jp", "Key: 鍵は事務所にあります。\n"), ("iso2022_kr", "Key: 열쇠는 사무실에 있습니다.\n")],
)
def test_the_escapes_of_old_japanese_and_korean_mails_are_known(encoding: str, text: str) -> None:
    data = text.encode(encoding)

    assert data.decode(detect_encoding(data)) == text


def test_the_colours_of_a_terminal_are_no_escapes_of_a_script() -> None:
    assert detect_encoding(b"\x1b[1m$BASH\x1b(B\x1b[m done\n") == "utf-8"
    assert detect_encoding(b"\x1b[1mhello world\x1b[0m\n") == "utf-8"
