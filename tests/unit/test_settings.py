"""Settings come from the environment; a wrong one is one clear line that shows no secret."""

from __future__ import annotations

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from common import secret
from common.settings import ROOT, SettingsError, read_settings, settings

TOKEN = "123456789:AAExxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"

WRONG = {
    "a token of one word": ("TELEGRAM_BOT_TOKEN", "hunter2-hunter2-hunter2", "BotFather"),
    "a token without a number": ("TELEGRAM_BOT_TOKEN", "hunter2:hunter2hunter2hunter2", "bot"),
    "a token with a space": ("TELEGRAM_BOT_TOKEN", "123456:hunter2 hunter2hunter2hu", "BotFather"),
    "a token that is cut": ("TELEGRAM_BOT_TOKEN", "123456789:hunter2", "BotFather"),
    "an address without a scheme": ("TELEGRAM_API_URL", "hunter2.example", "https://"),
    "an address of another kind": ("TELEGRAM_API_URL", "ftp://hunter2.example", "https://"),
    "an address without a host": ("TELEGRAM_API_URL", "https://", "https://"),
    "a database address that is none": ("TIREK_DATABASE_URL", "hunter2 at home", "sqlite:///"),
    "a database that is not supported": (
        "TIREK_DATABASE_URL",
        "mysql://tirek:hunter2@localhost/tirek",
        "only sqlite and postgresql",
    ),
    "a Redis address of another kind": ("TIREK_REDIS_URL", "http://:hunter2@localhost", "redis://"),
    "a secret that is too short": ("TIREK_SECRET", "hunter2", "32"),
    "a port that is a word": ("TIREK_RASA_PORT", "hunter2", "whole number"),
    "port nought": ("TIREK_RASA_PORT", "0", "1 to 65535"),
    "a port above the last": ("TIREK_ACTIONS_PORT", "65536", "1 to 65535"),
    "a negative port": ("TIREK_ACTIONS_PORT", "-5055", "1 to 65535"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_value_is_one_line_with_the_name_and_without_the_value(
    clean_environment: pytest.MonkeyPatch, wrong: str
) -> None:
    name, value, hint = WRONG[wrong]
    clean_environment.setenv(name, value)
    with pytest.raises(SettingsError) as caught:
        read_settings()
    message = str(caught.value)
    assert message.startswith(f"{name}: ")
    assert "\n" not in message
    assert hint in message
    assert "hunter2" not in message
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_without_any_variable_everything_has_a_default(
    clean_environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    values = read_settings()
    assert values.telegram_bot_token is None
    assert values.telegram_api_url == "https://api.telegram.org"
    assert (values.rasa_port, values.actions_port) == (5005, 5055)
    assert values.redis_url is None
    assert values.database == f"sqlite:///{tmp_path / 'var' / 'knowledge.db'}"


def test_made_things_go_to_var_by_default(clean_environment: pytest.MonkeyPatch) -> None:
    clean_environment.delenv("TIREK_VAR_DIR")
    values = read_settings()
    assert values.var_dir == ROOT / "var"
    assert values.database == f"sqlite:///{ROOT / 'var' / 'knowledge.db'}"


def test_an_empty_variable_counts_as_unset(clean_environment: pytest.MonkeyPatch) -> None:
    for name in ("TELEGRAM_BOT_TOKEN", "TIREK_RASA_PORT", "TIREK_SECRET", "TIREK_REDIS_URL"):
        clean_environment.setenv(name, "")
    values = read_settings()
    assert values.telegram_bot_token is None
    assert values.rasa_port == 5005
    assert values.secret is None


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("sqlite:////tmp/x.db", "sqlite:////tmp/x.db"),
        ("postgresql://u:p@h/n", "postgresql+psycopg://u:p@h/n"),
        ("postgresql+psycopg2://u:p@h:5433/n", "postgresql+psycopg://u:p@h:5433/n"),
        ("postgresql://u:p%40ss@h/n?host=/tmp", "postgresql+psycopg://u:p%40ss@h/n?host=%2Ftmp"),
    ],
)
def test_postgresql_is_reached_through_the_driver_of_the_lock_file(
    clean_environment: pytest.MonkeyPatch, given: str, used: str
) -> None:
    clean_environment.setenv("TIREK_DATABASE_URL", given)
    assert read_settings().database == used


def test_a_slash_at_the_end_of_the_address_of_telegram_is_dropped(
    clean_environment: pytest.MonkeyPatch,
) -> None:
    clean_environment.setenv("TELEGRAM_API_URL", "http://127.0.0.1:8081/")
    assert read_settings().telegram_api_url == "http://127.0.0.1:8081"


def test_good_secrets_are_read_and_not_printed(clean_environment: pytest.MonkeyPatch) -> None:
    clean_environment.setenv("TELEGRAM_BOT_TOKEN", TOKEN)
    clean_environment.setenv("TIREK_SECRET", "hunter2" * 6)
    clean_environment.setenv("TIREK_REDIS_URL", "redis://:hunter2@127.0.0.1:6379/0")
    values = read_settings()
    assert values.telegram_bot_token is not None
    assert values.telegram_bot_token.get_secret_value() == TOKEN
    for shown in (repr(values), str(values), repr(values.model_dump())):
        assert "hunter2" not in shown
        assert TOKEN not in shown


def test_settings_are_read_once_a_process(clean_environment: pytest.MonkeyPatch) -> None:
    settings.cache_clear()
    try:
        first = settings()
        clean_environment.setenv("TIREK_RASA_PORT", "6006")
        assert settings() is first
        settings.cache_clear()
        assert settings().rasa_port == 6006
    finally:
        settings.cache_clear()


# --- the secret ----------------------------------------------------------------------------------


def test_the_secret_is_made_once_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    folder = tmp_path / "var"
    made = secret.load_or_create(folder)
    assert len(bytes.fromhex(made)) == 32
    assert stat.S_IMODE((folder / "secret").stat().st_mode) == 0o600
    assert secret.load_or_create(folder) == made
    assert [path.name for path in folder.iterdir()] == ["secret"]


def test_an_empty_secret_file_is_filled(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("\n")
    made = secret.load_or_create(tmp_path)
    assert len(made) == 64
    assert (tmp_path / "secret").read_text() == made
    assert stat.S_IMODE((tmp_path / "secret").stat().st_mode) == 0o600


def test_a_secret_that_is_there_is_kept(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("mine\n")
    assert secret.load_or_create(tmp_path) == "mine"


def test_processes_that_start_together_agree_on_the_secret(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from common.secret import load_or_create;"
        "sys.stdin.readline(); print(load_or_create(Path(sys.argv[1])))"
    )
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(tmp_path / "var")],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    answers = {process.communicate(timeout=30)[0].strip() for process in processes}
    assert answers == {(tmp_path / "var" / "secret").read_text()}
    assert [path.name for path in (tmp_path / "var").iterdir()] == ["secret"]


def test_keys_differ_by_purpose_and_by_secret() -> None:
    keys = {
        secret.derive(one, purpose)
        for one in ("a" * 64, "b" * 64)
        for purpose in ("chat-hash", "rasa-channel")
    }
    assert len(keys) == 4
    assert {len(key) for key in keys} == {32}
    assert secret.derive("a" * 64, "chat-hash") == secret.derive("a" * 64, "chat-hash")


def test_a_set_secret_is_used_and_nothing_is_written(
    clean_environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    clean_environment.setenv("TIREK_SECRET", "s" * 40)
    values = read_settings()
    assert values.key("chat-hash") == secret.derive("s" * 40, "chat-hash")
    assert values.channel_secret == secret.derive("s" * 40, "rasa-channel").hex()
    assert not (tmp_path / "var").exists()


def test_without_a_set_secret_that_of_var_is_used(
    clean_environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    key = read_settings().key("chat-hash")
    kept = (tmp_path / "var" / "secret").read_text()
    assert key == secret.derive(kept, "chat-hash")
    assert read_settings().key("chat-hash") == key
