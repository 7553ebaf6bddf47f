from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

import pytest

from tests.gguf_files import write_gguf

if TYPE_CHECKING:
    from tests.bot.commands.conftest import Cli

WIFI = "The wifi password is tortoise42"


def test_what_was_remembered_is_answered_with_its_source(cli: Cli) -> None:
    cli.run("remember", WIFI)
    asked = cli.run("ask", "what is the wifi password?")
    assert f'"{WIFI}" [1]' in asked.out
    assert asked.out.strip().splitlines()[-1].startswith("[1] You, ")


def test_the_json_of_an_answer_has_exactly_the_documented_keys(cli: Cli) -> None:
    cli.run("remember", WIFI)
    answer = cli.run("ask", "what is the wifi password?", "--json").json
    assert list(answer) == ["answer", "abstained", "model", "sources", "timings"]
    (source,) = answer["sources"]
    assert list(source) == ["n", "text", "author", "said_at", "conversation", "kind", "score", "link"]
    assert list(answer["timings"]) == ["recall_ms", "first_token_ms", "total_ms"]
    assert (answer["abstained"], answer["model"]) == (False, "extractive")
    assert (source["n"], source["text"], source["kind"], source["link"]) == (1, WIFI, "fact", None)


def test_with_nothing_remembered_it_abstains(cli: Cli) -> None:
    answer = cli.run("ask", "what is the wifi password?", "--json").json
    assert (answer["abstained"], answer["sources"]) == (True, [])
    assert answer["timings"]["first_token_ms"] is None


def test_other_peoples_chats_are_answered_from_only_with_scope_all(cli: Cli, others_chat: str) -> None:
    question = "where does the spare key lie?"
    assert cli.run("ask", question, "--json").json["abstained"]
    answer = cli.run("ask", question, "--scope", "all", "--json").json
    assert [source["text"] for source in answer["sources"]] == [others_chat]
    assert answer["sources"][0]["said_at"] == "2024-05-03T12:00:30+00:00"


def test_the_bundled_embedder_finds_what_shares_no_word_with_the_question(cli: Cli) -> None:
    del cli.env["SCRUBJAY_MEMORY__EMBEDDER"]
    cli.run("remember", "Our physician is Doctor Okafor in Elm Street")
    cli.run("remember", "The car was repaired for 300 euros in June")
    best, *_ = cli.run("memories", "--search", "whom do we see when we are ill", "--json").json
    assert "Okafor" in best["text"]


def test_a_model_in_the_models_folder_answers_without_being_set(cli: Cli) -> None:
    cli.run("remember", WIFI)
    (cli.data / "models").mkdir()
    write_gguf(cli.data / "models" / "tiny.gguf")
    cli.env |= {"SCRUBJAY_SAMPLING__MAX_TOKENS": "4", "SCRUBJAY_SAMPLING__SEED": "1"}
    answer = cli.run("ask", "what is the wifi password?", "--json").json
    assert answer["model"] not in {"extractive", ""}
    assert answer["timings"]["first_token_ms"] >= answer["timings"]["recall_ms"]


def put_models(cli: Cli, *names: str) -> None:
    """Put models into the models folder, the first the latest: a base model names no chat template."""
    folder = cli.data / "models"
    folder.mkdir(parents=True)
    for age, name in enumerate(names):
        file = write_gguf(folder / name, None if name == "base.gguf" else "chatml")
        if name == "cut.gguf":
            file.write_bytes(file.read_bytes()[:-5000])
        os.utime(file, (1_700_000_000 - age, 1_700_000_000 - age))


def test_models_that_cannot_answer_are_passed_over_with_a_warning_for_the_next_one_that_can(cli: Cli) -> None:
    cli.run("remember", WIFI)
    put_models(cli, "base.gguf", "cut.gguf", "good.gguf")
    cli.env |= {"SCRUBJAY_SAMPLING__MAX_TOKENS": "4", "SCRUBJAY_SAMPLING__SEED": "1"}
    asked = cli.run("ask", "what is the wifi password?", "--json")
    assert asked.json["model"] == "tiny"
    base, cut = asked.err.splitlines()
    assert "base.gguf: the model file names no chat template" in base
    assert "cut.gguf: the file is cut off" in cut
    assert f"In use: {cli.data / 'models' / 'good.gguf'}" in cli.run("model", "list").out


def test_where_no_model_can_answer_it_quotes_and_the_doctor_says_why(cli: Cli) -> None:
    cli.run("remember", WIFI)
    put_models(cli, "base.gguf")
    asked = cli.run("ask", "what is the wifi password?", "--json")
    assert asked.json["model"] == "extractive"
    assert "tortoise42" in asked.json["answer"]
    assert len(asked.err.splitlines()) == 1
    (model,) = (each for each in cli.run("doctor", "--json").json if each["name"] == "model")
    assert model["state"] == "note"
    assert "base.gguf" in model["mend"]
    cli.env["SCRUBJAY_MODEL__TEMPLATE"] = "chatml"
    assert cli.run("ask", "what is the wifi password?", "--json").json["model"] == "tiny"


def test_a_model_that_the_settings_name_is_never_passed_over(cli: Cli) -> None:
    put_models(cli, "base.gguf", "good.gguf")
    cli.env["SCRUBJAY_MODEL__PATH"] = "base.gguf"
    assert "names no chat template" in cli.fails("ask", "what?", code=3)


def test_a_model_file_that_is_no_gguf_ends_with_one_line_and_code_3(cli: Cli) -> None:
    file = cli.home / "broken.gguf"
    file.write_bytes(b"GGUF but nothing else")
    cli.env["SCRUBJAY_MODEL__PATH"] = str(file)
    assert str(file) in cli.fails("ask", "what?", code=3)


def test_a_model_server_that_is_down_leaves_a_quoting_answer_and_code_3(cli: Cli) -> None:
    cli.run("remember", WIFI)
    cli.env["SCRUBJAY_MODEL__BASE_URL"] = "http://127.0.0.1:9/v1"
    asked = cli.run("ask", "what is the wifi password?", "--json", code=3)
    assert asked.json["model"] == "extractive"
    assert WIFI in asked.json["answer"]
    assert "127.0.0.1:9" in asked.err
    assert "Traceback" not in asked.err


def test_a_newer_fact_with_the_same_key_takes_the_place_of_the_older(cli: Cli) -> None:
    cli.run("remember", "The wifi password is tortoise42", "--key", "wifi password")
    stored = cli.run("remember", "The wifi password is hare7", "--key", "wifi password", "--json").json
    assert stored == {"id": stored["id"], "key": "wifi password", "text": "The wifi password is hare7"}
    answer = cli.run("ask", "what is the wifi password?", "--json").json
    assert answer["sources"][0]["text"] == "The wifi password is hare7"


def test_remember_reads_standard_input_and_refuses_an_empty_text(cli: Cli) -> None:
    cli.run("remember", "-", stdin="piped\ntext\n")
    assert cli.run("memories", "--json").json[0]["text"] == "piped\ntext"
    assert "nothing to remember" in cli.run("remember", "  ", code=2).err


def test_chat_answers_each_line_of_a_pipe(cli: Cli) -> None:
    cli.run("remember", WIFI)
    chat = cli.run("chat", stdin="what is the wifi password?\n/quit\n")
    assert WIFI in chat.out


def test_flags_go_before_the_settings_for_once_and_stats_tell_what_it_took(cli: Cli) -> None:
    cli.run("remember", WIFI)
    (cli.data / "models").mkdir()
    write_gguf(cli.home / "mine.gguf")
    flags = ("--model", "mine.gguf", "--temperature", "0", "--max-tokens", "7", "--seed", "1", "--top-p", "0.9")
    more = ("--repeat-penalty", "1.2", "--repeat-last-n", "32")
    asked = cli.run("ask", "what is the wifi password?", *flags, *more, "--stats")
    assert re.search(r"prompt: \d+ tokens, 0 of them reused, \d+ read in [\d.,]+ s \([\d.,]+ tokens/s\)", asked.out)
    assert re.search(r"answer: [1-7] tokens in", asked.out)
    assert "loaded in" in asked.out
    speed = cli.run("ask", "what is the wifi password?", *flags, "--stats", "--json").json["speed"]
    assert speed["reused_tokens"] > 0  # the fixed beginning was kept by the first start
    assert speed["generated_tokens"] <= 7
    assert cli.run("ask", "what is the wifi password?", "--json").json["model"] == "extractive"


def test_a_model_can_be_left_out_for_once(cli: Cli) -> None:
    cli.run("remember", WIFI)
    cli.env |= {"SCRUBJAY_MODEL__ENGINE": "openai", "SCRUBJAY_MODEL__BASE_URL": "http://127.0.0.1:9/v1"}
    asked = cli.run("ask", "what is the wifi password?", "--model", "none", "--stats")
    assert "tortoise42" in asked.out
    assert "no language model" in asked.out


@pytest.mark.parametrize(
    ("flag", "value"), [("--temperature", "-1"), ("--top-p", "2"), ("--max-tokens", "0"), ("--repeat-last-n", "-5")]
)
def test_a_flag_that_no_setting_may_have_is_refused_by_its_name(cli: Cli, flag: str, value: str) -> None:
    assert f"{flag} {value}" in cli.fails("ask", "what?", flag, value, code=2)


def test_the_chat_takes_the_flags_and_tells_its_speed(cli: Cli) -> None:
    cli.run("remember", WIFI)
    write_gguf(cli.home / "mine.gguf")
    flags = ("--model", "mine.gguf", "--temperature", "0", "--max-tokens", "5")
    said = cli.run("chat", *flags, stdin="what is the wifi password?\n/speed\n").out
    assert re.search(r"answer: [1-5] tokens in", said)
