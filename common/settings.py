"""All settings of the app runtime, read once from the environment (and from ``.env``)."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from common.secret import derive, load_or_create

ROOT = Path(__file__).resolve().parent.parent


class SettingsError(Exception):
    """A setting is missing or wrong; the text is one line that says what to do."""


def _port(value: int) -> int:
    if not 1 <= value <= 65535:
        raise ValueError("a port is a number from 1 to 65535")
    return value


Port = Annotated[int, AfterValidator(_port)]


class Settings(BaseSettings):
    """Fields are named as in ``docs/architecture.md``; each is one environment variable."""

    model_config = SettingsConfigDict(
        env_file=ROOT / ".env", env_ignore_empty=True, extra="ignore", frozen=True
    )

    telegram_bot_token: SecretStr | None = Field(None, alias="TELEGRAM_BOT_TOKEN")
    telegram_api_url: str = Field("https://api.telegram.org", alias="TELEGRAM_API_URL")
    var_dir: Path = Field(ROOT / "var", alias="TIREK_VAR_DIR")
    database_url: str = Field("", alias="TIREK_DATABASE_URL")
    redis_url: SecretStr | None = Field(None, alias="TIREK_REDIS_URL")
    secret: SecretStr | None = Field(None, alias="TIREK_SECRET")
    rasa_port: Port = Field(5005, alias="TIREK_RASA_PORT")
    actions_port: Port = Field(5055, alias="TIREK_ACTIONS_PORT")

    @field_validator("telegram_bot_token")
    @classmethod
    def _token_shape(cls, value: SecretStr | None) -> SecretStr | None:
        if value is None:
            return None
        number, colon, rest = value.get_secret_value().partition(":")
        if not (number.isdigit() and colon and len(rest) >= 20 and " " not in rest):
            raise ValueError(
                "this is not a bot token; BotFather gives one that looks like 123456789:AAE..."
            )
        return value

    @field_validator("telegram_api_url")
    @classmethod
    def _http_url(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.netloc:
            raise ValueError("give an address such as https://api.telegram.org")
        return value.rstrip("/")

    @field_validator("database_url")
    @classmethod
    def _database_url(cls, value: str) -> str:
        if not value:
            return value
        try:
            url = make_url(value)
        except ArgumentError:
            raise ValueError(
                "give a SQLAlchemy address: sqlite:///path/to/file.db or "
                "postgresql://user:password@host/name"
            ) from None
        if url.get_backend_name() not in ("sqlite", "postgresql"):
            raise ValueError("only sqlite and postgresql are supported")
        if url.get_backend_name() == "postgresql":
            # psycopg 3 whatever driver the address names: it is the one in the lock file.
            url = url.set(drivername="postgresql+psycopg")
        return url.render_as_string(hide_password=False)

    @field_validator("redis_url")
    @classmethod
    def _redis_url(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and urlsplit(value.get_secret_value()).scheme not in (
            "redis",
            "rediss",
        ):
            raise ValueError("give an address such as redis://127.0.0.1:6379/0")
        return value

    @field_validator("secret")
    @classmethod
    def _long_secret(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and len(value.get_secret_value()) < 32:
            raise ValueError("use at least 32 characters, or unset it and one is made in var/")
        return value

    @property
    def database(self) -> str:
        """The SQLAlchemy address; by default a SQLite file under ``var/``."""
        return self.database_url or f"sqlite:///{self.var_dir / 'knowledge.db'}"

    def key(self, purpose: str) -> bytes:
        """A key for one purpose (32 bytes), derived from ``TIREK_SECRET``."""
        if self.secret is not None:
            return derive(self.secret.get_secret_value(), purpose)
        return derive(load_or_create(self.var_dir), purpose)

    @property
    def channel_secret(self) -> str:
        """What the bot shows to our Rasa channel."""
        return self.key("rasa-channel").hex()


def read_settings() -> Settings:
    """Read the environment; a wrong value is a :class:`SettingsError` that never shows secrets."""
    try:
        return Settings()  # type: ignore[call-arg]  # every field comes from the environment
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        name = ".".join(str(part) for part in first["loc"])
        reason = first["msg"].removeprefix("Value error, ")
        if first["type"] == "int_parsing":
            reason = "give a whole number"
        raise SettingsError(f"{name}: {reason}") from None


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process, read on first use."""
    return read_settings()
