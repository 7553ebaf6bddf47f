from __future__ import annotations

import asyncio
import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING

from aiohttp import web

from bot.models.catalogue import CATALOGUE
from bot.reading.speech_models import SPEECH_MODELS
from tests.emulators.serving import serving
from tests.gguf_files import write_gguf

if TYPE_CHECKING:
    from tests.bot.commands.conftest import Cli


def test_init_writes_a_settings_file_that_is_read_and_never_replaced_unasked(cli: Cli) -> None:
    file = cli.home / ".config" / "scrubjay" / "config.toml"
    said = cli.run("--data", "kept here", "init").out
    assert said.startswith(f"Wrote {file}.")
    assert file.stat().st_mode & 0o077 == 0
    cli.run("remember", "something")
    assert (cli.home / "kept here" / "memory.db").exists()
    file.write_text("# mine\n")
    assert f"{file} exists already" in cli.fails("init", code=2)
    assert file.read_text() == "# mine\n"
    cli.run("init", "--force")
    assert "[recall]" in file.read_text()


def test_init_writes_where_config_says(cli: Cli) -> None:
    cli.run("--config", "my.toml", "init")
    assert "[recall]" in (cli.home / "my.toml").read_text()


def findings(cli: Cli, code: int = 0) -> dict[str, dict[str, str]]:
    return {each["name"]: each for each in cli.run("doctor", "--json", code=code).json}


def test_the_doctor_finds_an_empty_home_in_order(cli: Cli) -> None:
    found = findings(cli)
    assert {name: each["state"] for name, each in found.items()} == {
        "settings": "ok",
        "python": "ok",
        "sqlite": "ok",
        "data folder": "ok",
        "privacy": "ok",
        "embedder": "ok",
        "database": "ok",
        "languages": "ok",
        "model": "note",
        "hearing": "note",
        "sandbox": found["sandbox"]["state"],  # as the machine has it
        "platforms": "ok",
        "plugins": "ok",
        "updates": "ok",
        "replies": "ok",
    }
    assert "scrubjay model list" in found["model"]["mend"]
    assert "scrubjay model pull whisper-small" in found["hearing"]["mend"]
    assert "memory" in found["plugins"]["found"]
    assert "→ " in cli.run("doctor").out


def test_the_doctor_names_what_is_broken_and_checks_the_rest(cli: Cli) -> None:
    cli.data.mkdir(parents=True)
    (cli.data / "memory.db").write_text("no database " * 200)
    cli.env |= {"SCRUBJAY_MODEL__PATH": "missing.gguf", "SCRUBJAY_ADAPTERS__NOWHERE__X": "1"}
    found = findings(cli, code=1)
    assert {name for name, each in found.items() if each["state"] == "broken"} == {"database", "model", "platforms"}
    assert "memory.db" in found["database"]["found"]
    assert "missing.gguf" in found["model"]["found"]


def test_the_doctor_has_the_model_say_something(cli: Cli) -> None:
    cli.env["SCRUBJAY_MODEL__PATH"] = str(write_gguf(cli.home / "tiny.gguf"))
    model = findings(cli)["model"]
    assert model["state"] == "ok"
    assert "first word after" in model["found"]


def test_models_are_listed_with_what_they_need(cli: Cli) -> None:
    listed = cli.run("model", "list", "--json").json
    assert [each["name"] for each in listed] == [each.name for each in (*CATALOGUE, *SPEECH_MODELS)]
    assert not any(each["downloaded"] for each in listed)
    (cli.data / "models").mkdir(parents=True)
    write_gguf(cli.data / "models" / CATALOGUE[0].file)
    assert cli.run("model", "list", "--json").json[0]["downloaded"]
    assert f"In use: {cli.data / 'models' / CATALOGUE[0].file}" in cli.run("model", "list").out
    info = cli.run("model", "info", CATALOGUE[0].name, "--json").json
    assert (info["architecture"], info["has_chat_template"]) == ("llama", True)
    assert "architecture: llama" in cli.run("model", "info").out


def test_info_on_a_model_that_is_not_there_says_how_to_get_it(cli: Cli) -> None:
    assert "only GGUF files" in cli.fails("model", "info", SPEECH_MODELS[0].name, code=1)
    assert f"`scrubjay model pull {CATALOGUE[0].name}`" in cli.fails("model", "info", CATALOGUE[0].name, code=1)
    assert "there is no file nothing.gguf" in cli.fails("model", "info", "nothing.gguf", code=1)
    (cli.home / "text.gguf").write_text("this is no model")
    assert "text.gguf" in cli.fails("model", "info", "text.gguf", code=3)


async def test_a_model_is_pulled_from_the_hub_that_is_set_and_then_in_use(cli: Cli, tmp_path: Path) -> None:
    content = await asyncio.to_thread(lambda: write_gguf(tmp_path / "tiny.gguf").read_bytes())

    async def answer(_: web.Request) -> web.Response:
        return web.Response(body=content, headers={"ETag": '"1"'})

    app = web.Application()
    app.router.add_get("/who/tiny/resolve/main/tiny.gguf", answer)
    async with serving(app) as cli.env["SCRUBJAY_MODEL__HUB"]:
        wrong = ("model", "pull", "hf:who/tiny/tiny.gguf", "--sha256", "0" * 64)
        assert "it was removed" in (await asyncio.to_thread(cli.run, *wrong, code=6)).err
        right = ("model", "pull", "hf:who/tiny/tiny.gguf", "--sha256", hashlib.sha256(content).hexdigest())
        pulled = await asyncio.to_thread(cli.run, *right)
        file = cli.data / "models" / "tiny.gguf"
        assert await asyncio.to_thread(file.read_bytes) == content
        assert pulled.out == f"Downloaded {file}.\nIn use: {file}\n"
        assert "is there already" in (await asyncio.to_thread(cli.run, *right)).out
        missing = await asyncio.to_thread(cli.run, "model", "pull", "hf:who/tiny/other.gguf", code=6)
        assert "there is no such file" in missing.err


def test_the_doctor_suggests_a_multilingual_embedder_when_the_memory_is_not_english(cli: Cli) -> None:
    lines = [
        json.dumps({"author": "Анна", "sent_at": f"2026-05-01T10:{n:02}:00+00:00", "text": f"ключи в ящике {n}",
                    "conversation": "ru", "id": str(n)}, ensure_ascii=False)
        for n in range(30)
    ]  # fmt: skip
    (cli.home / "ru.jsonl").write_text("\n".join(lines), "utf-8")
    cli.run("import", str(cli.home / "ru.jsonl"))
    assert findings(cli)["languages"]["state"] == "ok"  # hashing compares letters, of any language
    cli.env["SCRUBJAY_MEMORY__EMBEDDER"] = "bundled"
    found = findings(cli)["languages"]
    assert found["state"] == "note"
    assert "30 of the latest 30" in found["found"]
    assert "paraphrase-multilingual" in found["mend"]
