"""What a user asks about their own history is found: the sample, imported and asked through the command line."""

from __future__ import annotations

from pathlib import Path

from tests.bot.commands.conftest import Cli

QUESTIONS = Path(__file__).with_name("lisbon_questions.jsonl")
SAMPLE = Path(__file__).parents[2] / "bot" / "commands" / "evaluation" / "sample" / "WhatsApp Chat - Lisbon trip.zip"


def test_questions_about_the_sample_find_their_messages(tmp_path: Path) -> None:
    cli = Cli(tmp_path)
    del cli.env["SCRUBJAY_MEMORY__EMBEDDER"]  # the default is what users have
    cli.run("import", str(SAMPLE))
    report = cli.run("eval", str(QUESTIONS), "--json").json
    assert report["questions"] == 17
    assert report["turn_recall"]["5"] == 1.0
    assert report["turn_recall"]["1"] >= 0.7


def test_answers_are_scored_on_as_many_questions_as_asked_for(tmp_path: Path) -> None:
    cli = Cli(tmp_path)
    cli.run("remember", "The wifi password is tortoise42")
    cli.run("remember", "Mara is allergic to nuts")
    questions = tmp_path / "questions.jsonl"
    questions.write_text(
        '{"question": "what is the wifi password?", "evidence": ["wifi"], "answer": "tortoise42", "category": "fact"}\n'
        '{"question": "what is Mara allergic to?", "evidence": ["nuts"], "answer": "nuts", "category": "fact"}\n'
        '{"question": "which planet has rings?", "answer": null, "category": "unknown"}\n'
    )
    answers = cli.run("eval", str(questions), "--answers", "--json").json["answers"]
    assert list(answers) == [
        "questions",
        "f1",
        "adversarial_right",
        "wrongly_abstained",
        "cited_precision",
        "prompt_tokens",
        "first_word_s",
        "total_s",
    ]
    assert (answers["questions"], answers["adversarial_right"], answers["wrongly_abstained"]) == (3, 1.0, 0.0)
    assert answers["f1"]["all"] == answers["f1"]["fact"] > 0
    some = cli.run("eval", str(questions), "--answers", "--questions", "1", "--seed", "2", "--json").json
    assert (some["questions"], some["answers"]["questions"]) == (1, 1)
    assert "F1, fact" in cli.run("eval", str(questions), "--answers").out
    assert "line 1" in cli.fails("eval", str(QUESTIONS), "--answers", code=4)


def test_a_line_that_is_no_question_is_named(tmp_path: Path) -> None:
    wrong = tmp_path / "questions.jsonl"
    wrong.write_text('{"question": "when?", "evidence": ["noon"]}\n{"question": "where?"}\n')
    assert "line 2" in Cli(tmp_path).fails("eval", str(wrong), code=4)


def test_a_file_of_another_shape_is_no_benchmark(tmp_path: Path) -> None:
    wrong = tmp_path / "benchmark.json"
    wrong.write_text('[{"conversation": {"session_1": []}}]')
    assert "LoCoMo" in Cli(tmp_path).fails("eval", str(wrong), "--format", "locomo", code=4)


def test_a_benchmark_is_measured_in_a_memory_of_its_own(tmp_path: Path) -> None:
    benchmark = tmp_path / "benchmark.json"
    benchmark.write_text(
        """[{"sample_id": "one", "conversation": {"speaker_a": "Ann", "speaker_b": "Bob",
             "session_1_date_time": "1:56 pm on 8 May, 2023",
             "session_1": [{"speaker": "Ann", "dia_id": "D1:1", "text": "I adopted a tortoise called Turing."},
                           {"speaker": "Bob", "dia_id": "D1:2", "text": "My bike was stolen."}]},
             "qa": [{"question": "Which animal did Ann adopt?", "answer": "a tortoise", "evidence": ["D1:1"],
                     "category": 4},
                    {"question": "Why?", "answer": "", "evidence": [], "category": 3}]}]"""
    )
    cli = Cli(tmp_path)
    report = cli.run("eval", str(benchmark), "--format", "locomo", "--json").json
    assert report["questions"] == 1
    assert report["turn_recall"]["1"] == report["session_recall"]["5"] == 1.0
    assert list(report["by_category"]) == ["single-hop"]
    assert cli.run("memories", "--json").out.strip() in ("", "[]")
