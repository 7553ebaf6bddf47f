"""The language of a conversation: what people write, choose, or have set, and what the bot says then."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.pipeline.core import CoreOptions
from bot.testing import Chat, chat
from plugins.access import AccessPlugin
from plugins.help import HelpPlugin
from plugins.language import LanguagePlugin
from plugins.memory import MemoryPlugin
from plugins.reminders import RemindersPlugin


@asynccontextmanager
async def open_chat(folder: Path, options: CoreOptions | None = None, first_minute: int = 0) -> AsyncIterator[Chat]:
    plugins = (HelpPlugin(), MemoryPlugin(), LanguagePlugin(), RemindersPlugin(), AccessPlugin())
    async with chat(folder, plugins=plugins, options=options, first_minute=first_minute) as ann:
        yield ann


@dataclass(frozen=True)
class Script:
    """What somebody writes in their language, and what of the bot's replies shows that it speaks it, too."""

    help: tuple[str, str]
    remember: tuple[str, str]
    question: tuple[str, str]
    nothing: tuple[str, str]
    forget: tuple[str, str]
    reminder: tuple[str, str]
    rings: str
    buttons: tuple[str, ...]


SCRIPTS = {
    "de": Script(
        ("Hilfe", "Frag mich nach allem, was hier gesagt wurde"),
        ("/remember WLAN-Passwort: Kolibri77", "Das merke ich mir (Nr. 4)."),
        ("Wie lautet das WLAN-Passwort?", '3. Mai 2024 12:01: "WLAN-Passwort: Kolibri77" [1]'),
        ("Wann fährt der Bus nach Porto?", "Daran erinnere ich mich nicht."),
        ("/forget WLAN", "Ich habe in allen"),
        ("erinnere mich morgen um neun an den Zahnarzt", "Ich erinnere dich morgen, Samstag, 4. Mai, 09:00: den"),
        "/snooze, /snooze 30 oder /snooze morgen um 9 verschiebt das.",
        ("In 10 Minuten", "In einer Stunde", "Morgen um 09:00"),
    ),
    "es": Script(
        ("¡Ayuda!", "Pregúntame cualquier cosa que se haya dicho aquí"),
        ("/remember contraseña del wifi: Colibrí77", "Lo recordaré (n.º 4)."),
        ("¿Cuál es la contraseña del wifi?", '3 de mayo de 2024 12:01: "contraseña del wifi: Colibrí77" [1]'),
        ("¿Cuándo sale el autobús a Oporto?", "No recuerdo nada de eso."),
        ("/forget wifi", "He buscado sus palabras en las"),
        (
            "recuérdame mañana a las nueve llamar al dentista",
            "Te lo recordaré mañana, sábado, 4 de mayo, 09:00: llamar",
        ),
        "/snooze, /snooze 30 o /snooze mañana a las 9 lo aplaza.",
        ("En 10 minutos", "En una hora", "Mañana a las 09:00"),
    ),
    "fr": Script(
        ("aide", "Demande-moi tout ce qui a été dit ici"),
        ("/remember mot de passe du wifi : Colibri77", "Je m'en souviendrai (nº 4)."),
        ("Quel est le mot de passe du wifi ?", '3 mai 2024 12:01: "mot de passe du wifi : Colibri77" [1]'),
        ("Quand part le bus pour Porto ?", "Je ne me souviens de rien à ce sujet."),
        ("/forget wifi", "J'ai cherché ses mots dans les"),
        (
            "rappelle-moi demain à neuf heures d'appeler le dentiste",
            "Je te le rappellerai demain, samedi 4 mai, 09:00 : ",
        ),
        "/snooze, /snooze 30 ou /snooze demain à 9 h le repousse.",
        ("Dans 10 minutes", "Dans une heure", "Demain à 09:00"),
    ),
    "pt": Script(
        ("Ajuda", "Pergunta-me qualquer coisa que aqui foi dita"),
        ("/remember palavra-passe do wifi: Colibri77", "Vou lembrar-me disso (n.º 4)."),
        ("Qual é a palavra-passe do wifi?", '3 de maio de 2024 12:01: "palavra-passe do wifi: Colibri77" [1]'),
        ("Quando parte o autocarro para o Porto?", "Não me lembro de nada sobre isso."),
        ("/forget wifi", "Procurei as palavras em todas as"),
        ("lembra-me amanhã às nove de ligar ao dentista", "Vou lembrar-te amanhã, sábado, 4 de maio, 09:00: "),
        "/snooze, /snooze 30 ou /snooze amanhã às 9 adia-o.",
        ("Daqui a 10 minutos", "Daqui a uma hora", "Amanhã às 09:00"),
    ),
}


@pytest.mark.parametrize("language", SCRIPTS)
async def test_who_writes_a_language_reads_it_all_the_way(tmp_path: Path, language: str) -> None:
    script = SCRIPTS[language]
    async with open_chat(tmp_path) as ann:
        for said, answered in (
            script.help,
            script.remember,
            script.question,
            script.nothing,
            script.forget,
            script.reminder,
        ):
            (reply,) = await ann.says(said)
            assert answered in reply
        (rings,) = await ann.waits(timedelta(days=1))
        assert script.rings in rings
        assert ann.last.choices is not None
        assert ann.last.choices.options == script.buttons


async def test_commands_and_what_is_wrong_with_them_are_told_in_the_language(tmp_path: Path) -> None:
    async with open_chat(tmp_path) as ann:
        await ann.says("Hallo")
        assert await ann.says("/forgte") == ["Einen Befehl /forgte habe ich nicht. Meinst du /forget?"]
        assert await ann.says("/remind") == ["request fehlt. So geht es: `/remind REQUEST…`"]
        assert await ann.says("/facts") == ["Ich habe noch keine Fakten. /remember fügt einen hinzu."]


async def test_a_yes_is_asked_for_and_taken_in_the_language(tmp_path: Path) -> None:
    async with open_chat(tmp_path) as ann:
        await ann.says("Bitte merke dir: die Katze heißt Mia")
        await ann.says("/remember Die Katze mag Fisch")
        assert (await ann.says("/forget Katze"))[0].startswith("Soll ich diese ")
        (receipt,) = await ann.presses("Ja")
        assert receipt.startswith("Vergessen: ")


async def test_a_turn_to_another_language_turns_the_bot(tmp_path: Path) -> None:
    async with open_chat(tmp_path) as ann:
        await ann.says("Was weißt du über die Reise nach Porto?")
        assert await ann.says("/reminders") == ["Du hast keine Erinnerungen geplant. /remind plant eine."]
        await ann.says("What do you know about the trip that we have planned?")
        assert await ann.says("/reminders") == ["You have no reminders. /remind plans one."]


async def test_a_chosen_language_holds_whatever_is_written_and_after_a_restart(tmp_path: Path) -> None:
    async with open_chat(tmp_path) as ann:
        assert await ann.says("/language français") == ["Je parle désormais français ici."]
        await ann.says("What do you know about the trip that we have planned?")
        assert await ann.says("/reminders") == ["Tu n'as pas de rappels. /remind en prévoit un."]
    async with open_chat(tmp_path, first_minute=100) as ann:
        assert await ann.says("/reminders") == ["Tu n'as pas de rappels. /remind en prévoit un."]
        await ann.says("/language auto")
        await ann.says("What do you know about the trip that we have planned?")
        assert await ann.says("/reminders") == ["You have no reminders. /remind plans one."]


async def test_a_language_that_is_not_spoken_is_refused(tmp_path: Path) -> None:
    async with open_chat(tmp_path) as ann:
        (refused,) = await ann.says("/language klingon")
        assert refused.startswith("I don't speak “klingon” yet. I speak English, Deutsch,")
        assert (await ann.says("/language"))[0].startswith("I speak English here.")


async def test_what_was_written_is_known_after_a_restart(tmp_path: Path) -> None:
    async with open_chat(tmp_path) as ann:
        await ann.says("Was weißt du über die Reise nach Porto?")
    async with open_chat(tmp_path, first_minute=100) as ann:
        assert await ann.says("/reminders") == ["Du hast keine Erinnerungen geplant. /remind plant eine."]


async def test_the_platform_tells_until_something_is_written(tmp_path: Path) -> None:
    async with open_chat(tmp_path) as ann:
        await ann.core.deliver(replace(ann.message("/reminders"), language="pt-BR"))
        await ann.core.idle()
        assert ann.last.text == "Não tens lembretes. /remind cria um."
        await ann.says("What do you know about the trip that we have planned?")
        assert await ann.says("/reminders") == ["You have no reminders. /remind plans one."]


async def test_a_setting_holds_where_nobody_has_chosen(tmp_path: Path) -> None:
    async with open_chat(tmp_path, CoreOptions(deadline=60, grace=2, language="it")) as ann:
        await ann.says("What do you know about the trip that we have planned?")
        assert await ann.says("/reminders") == ["Non hai promemoria. /remind ne crea uno."]
        await ann.says("/language de")
        assert await ann.says("/reminders") == ["Du hast keine Erinnerungen geplant. /remind plant eine."]


async def test_conversations_have_their_own_languages(tmp_path: Path) -> None:
    async with open_chat(tmp_path) as ann:
        bob = ann.as_person("Bob")
        await ann.says("Was weißt du über die Reise nach Porto?")
        await bob.says("¿Qué sabes de la reunión de mañana?")
        assert await ann.says("/reminders") == ["Du hast keine Erinnerungen geplant. /remind plant eine."]
        assert await bob.says("/reminders") == ["No tienes recordatorios. /remind crea uno."]


async def test_where_nothing_is_kept_the_language_is_known_all_the_same(tmp_path: Path) -> None:
    async with open_chat(tmp_path) as ann:
        await ann.says("/memory off")
        await ann.says("Was weißt du über die Reise nach Porto?")
        assert await ann.says("/reminders") == ["Du hast keine Erinnerungen geplant. /remind plant eine."]
    async with open_chat(tmp_path, first_minute=100) as ann:
        assert await ann.says("/reminders") == ["You have no reminders. /remind plans one."]
