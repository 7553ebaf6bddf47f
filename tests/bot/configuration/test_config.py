from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from pydantic import BaseModel

from bot.configuration.config import default_config_file, example_config, load_settings
from bot.configuration.settings import Settings
from bot.errors import ConfigError
from bot.translation import speaking

COMMENTED_SETTING = re.compile(r"^#(\w+ = .*)$", re.MULTILINE)
FREE_TABLES = ("adapters", "plugins.processes", "plugins.settings")


@pytest.fixture
def config_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return tmp_path / "config.toml"


def problem(file: Path, text: str) -> str:
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_settings(file)
    return str(caught.value)


def leaves(model: BaseModel, prefix: str = "") -> Iterator[tuple[str, object]]:
    for name in type(model).model_fields:
        value = getattr(model, name)
        if f"{prefix}{name}" in FREE_TABLES:
            continue
        if isinstance(value, BaseModel):
            yield from leaves(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def test_without_a_file_the_defaults_hold(config_file: Path) -> None:
    settings = load_settings()
    assert not config_file.exists()
    assert settings.model.engine == "auto"
    assert settings.database.parent == settings.data_dir == config_file.parent / "data" / "scrubjay"


def test_a_file_goes_before_the_defaults_the_environment_before_the_file_and_the_command_line_before_both(
    config_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config_file.write_text('[data]\ndir = "/from/file"\n[model]\nbatch = 64\nthreads = 3\n', encoding="utf-8")
    monkeypatch.setenv("SCRUBJAY_MODEL__BATCH", "128")
    monkeypatch.setenv("SCRUBJAY_DATA__DIR", "/from/environment")
    settings = load_settings(config_file)
    assert (settings.model.batch, settings.model.threads, settings.model.main_gpu) == (128, 3, 0)
    assert settings.data_dir == Path("/from/environment")
    assert load_settings(config_file, data_dir=Path("/from/option")).data_dir == Path("/from/option")


def test_the_file_in_the_users_config_folder_is_found_without_being_named(config_file: Path) -> None:
    file = default_config_file()
    assert file == config_file.parent / "config" / "scrubjay" / "config.toml"
    file.parent.mkdir(parents=True)
    file.write_text('[assistant]\nname = "Jay"\n', encoding="utf-8")
    assert load_settings().assistant.name == "Jay"


def test_adapter_and_plugin_tables_are_kept_for_their_owners(
    config_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config_file.write_text('[adapters.telegram]\nadmins = [7]\n[plugins.settings.weather]\ncity = "Lisbon"\n')
    monkeypatch.setenv("SCRUBJAY_ADAPTERS__TELEGRAM__TOKEN", "123:abc")
    settings = load_settings(config_file)
    assert settings.adapters == {"telegram": {"admins": [7], "token": "123:abc"}}
    assert settings.plugins.settings == {"weather": {"city": "Lisbon"}}


def test_an_unknown_setting_is_named_with_its_line_and_the_nearest_name(config_file: Path) -> None:
    said = problem(config_file, '# mine\n[model]\nengine = "auto"\ncontext_siez = 4096\n')
    assert said == f"{config_file}, line 4: unknown setting model.context_siez; did you mean model.context_size?"


def test_an_unknown_section_is_named_with_its_line_and_the_nearest_name(config_file: Path) -> None:
    said = problem(config_file, '[modle]\nengine = "auto"\n')
    assert said == f"{config_file}, line 1: unknown section modle; did you mean model?"


def test_an_unknown_setting_that_is_like_no_other_lists_what_there_is(config_file: Path) -> None:
    said = problem(config_file, "[recall]\nzzz = 1\n")
    assert said == f"{config_file}, line 2: unknown setting recall.zzz; there are: limit, relevance, token_budget"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('context_size = "big"', "model.context_size must be a whole number"),
        ("context_size = 1.5", "model.context_size must be a whole number"),
        ("context_size = 5", "model.context_size must be at least 256"),
        ("timeout = 0", "model.timeout must be more than 0.0"),
        ('engine = "gpt"', "model.engine must be 'auto', 'extractive', 'llama' or 'openai'"),
        ("name = 7", "model.name must be text in quotes"),
        ("path = 7", "model.path must be a path in quotes"),
        ('base_url = "localhost"', "model.base_url is wrong: give a web address such as"),
    ],
)
def test_a_wrong_value_is_named_with_its_line_and_what_would_be_right(
    config_file: Path, line: str, expected: str
) -> None:
    said = problem(config_file, f"[model]\nbatch = 64\n{line}\n")
    assert said.startswith(f"{config_file}, line 3: {expected}")
    assert "\n" not in said


def test_a_value_that_takes_several_lines_is_reported_at_its_first(config_file: Path) -> None:
    said = problem(config_file, '[sampling]\nseed = 1\nstop = [\n  "a",\n  5,\n]\n')
    assert said == f"{config_file}, line 3: sampling.stop.1 must be text in quotes"


def test_a_section_that_is_no_table_is_refused(config_file: Path) -> None:
    assert problem(config_file, "model = 3\n") == f"{config_file}, line 1: model must be a table"


def test_each_of_several_mistakes_has_its_own_line(config_file: Path) -> None:
    said = problem(config_file, '[recall]\nlimit = "x"\n[time]\ntimezone = "Mars/Base"\n')
    assert [line.split(": ")[0] for line in said.splitlines()] == [
        f"{config_file}, line 2",
        f"{config_file}, line 4",
    ]
    assert 'no time zone is called "Mars/Base"' in said


def test_a_wrong_value_in_the_environment_names_the_variable(
    config_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SCRUBJAY_RECALL__LIMIT", "many")
    said = problem(config_file, "[recall]\nlimit = 3\n")
    assert said == "environment variable SCRUBJAY_RECALL__LIMIT: recall.limit must be a whole number"


def test_a_wrong_value_is_told_in_the_language_that_is_spoken(
    config_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SCRUBJAY_RECALL__LIMIT", "many")
    with speaking("de"):
        said = problem(config_file, '[model]\nengin = "x"\n[assistant]\nlanguage = "xx"\n')
    assert "Umgebungsvariable SCRUBJAY_RECALL__LIMIT: recall.limit muss so sein: eine ganze Zahl" in said
    assert f"{config_file}, Zeile 2: unbekannte Einstellung model.engin; meintest du model.engine?" in said
    assert f"{config_file}, Zeile 4: assistant.language muss so sein: " in said


@pytest.mark.parametrize(
    ("variable", "hint"),
    [
        ("SCRUBJAY_MODLE__PATH", "unknown setting modle.path"),
        ("SCRUBJAY_MODEL__PTAH", "unknown setting model.ptah; did you mean model.path?"),
        ("SCRUBJAY_MODLE", "unknown section modle; did you mean model?"),
    ],
)
def test_an_unknown_variable_of_our_prefix_is_refused(
    config_file: Path, monkeypatch: pytest.MonkeyPatch, variable: str, hint: str
) -> None:
    monkeypatch.setenv(variable, "x")
    assert problem(config_file, "").startswith(f"environment variable {variable}: {hint}")


def test_a_list_in_the_environment_is_json_and_anything_else_names_the_variable(
    config_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SCRUBJAY_SAMPLING__STOP", '["END", "###"]')
    assert load_settings().sampling.stop == ("END", "###")
    monkeypatch.setenv("SCRUBJAY_SAMPLING__STOP", "END")
    said = problem(config_file, "")
    assert said.startswith("environment variable SCRUBJAY_SAMPLING__STOP: sampling.stop must be a list")


def test_a_malformed_file_is_refused_with_its_line(config_file: Path) -> None:
    said = problem(config_file, "[model]\nbatch = = 3\n")
    assert said.startswith(f"{config_file}: not valid TOML: ")
    assert "line 2" in said


def test_a_file_that_is_not_utf8_is_refused(config_file: Path) -> None:
    config_file.write_bytes(b'[assistant]\nname = "\xff"\n')
    with pytest.raises(ConfigError, match="not a text file in UTF-8"):
        load_settings(config_file)


def test_a_file_that_is_missing_or_a_folder_is_refused_with_its_name(config_file: Path) -> None:
    with pytest.raises(ConfigError, match=re.escape(f"{config_file}: there is no such settings file")):
        load_settings(config_file)
    config_file.mkdir()
    with pytest.raises(ConfigError, match=re.escape(f"{config_file}: can't be read: Is a directory")):
        load_settings(config_file)


def test_secrets_are_never_shown(config_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config_file.write_text('[model]\napi_key = "hunter2"\n[adapters.slack]\ntoken = "hunter2"\n', encoding="utf-8")
    settings = load_settings(config_file)
    assert settings.model.api_key is not None
    assert settings.model.api_key.get_secret_value() == "hunter2"
    assert "hunter2" not in f"{settings!r} {settings}"
    assert "hunter2" not in problem(config_file, '[model]\napi_key = ["hunter2"]\n')
    monkeypatch.setenv("SCRUBJAY_MODEL__TIMEOUT", "hunter2")
    assert "hunter2" not in problem(config_file, "")


def test_the_example_file_as_it_stands_changes_nothing(config_file: Path) -> None:
    config_file.write_text(example_config(), encoding="utf-8")
    assert load_settings(config_file) == Settings()


def test_the_example_file_documents_every_setting_with_its_default(config_file: Path) -> None:
    text = COMMENTED_SETTING.sub(r"\1", example_config()).replace("#[", "[")
    shown = tomllib.loads(text)
    assert set(shown) == set(Settings.model_fields)
    config_file.write_text(text, encoding="utf-8")
    load_settings(config_file)  # the examples for what has no default are valid, too
    for name, default in leaves(Settings()):
        section, key = name.split(".")
        assert key in shown[section], f"config.example.toml does not show {name}"
        if default is not None:
            assert shown[section][key] == (list(default) if isinstance(default, tuple) else default), name


def test_the_example_file_says_which_settings_are_not_set(config_file: Path) -> None:
    assert not config_file.exists()
    said: dict[str, str] = {}
    section, comment = "", ""
    for line in example_config().splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        if line.startswith("# "):
            comment += line
        elif match := COMMENTED_SETTING.match(line):
            said[f"{section}.{match[1].split(' ')[0]}"] = comment
            comment = ""
        else:
            comment = ""
    for name, default in leaves(Settings()):
        assert said[name], f"config.example.toml says nothing about {name}"
        assert ("Not set" in said[name]) == (default is None), name


def test_the_example_file_and_sampling_agree_with_the_record_that_models_take() -> None:
    sampling = Settings().sampling.to_sampling()
    assert sampling.temperature == 0.0
    assert sampling == type(sampling)()


def test_the_local_zone_knows_the_offset_that_held_at_the_time() -> None:
    zone = Settings().time.zone
    for moment in (datetime(2024, 1, 15, 12, tzinfo=UTC), datetime(2024, 7, 15, 12, tzinfo=UTC)):
        assert moment.astimezone(zone).utcoffset() == moment.astimezone().utcoffset()
        assert moment.astimezone(zone).astimezone(UTC) == moment


def test_a_named_zone_is_that_zone(config_file: Path) -> None:
    config_file.write_text('[time]\ntimezone = "Europe/Lisbon"\n', encoding="utf-8")
    assert load_settings(config_file).time.zone == ZoneInfo("Europe/Lisbon")
