"""The words in ``responses/``, read by whoever speaks outside Rasa: actions and the bot core.

A file holds a topic. ``responses:`` are Rasa responses (a variation a language, chosen by the slot
``language``) that rules say; ``phrases:`` are the pieces that actions and the core put together.
Both live side by side, kk / ru / en, and this module reads both.
"""

from __future__ import annotations

import string
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

LANGUAGES = ("kk", "ru", "en")
RESPONSES = Path(__file__).resolve().parent.parent / "responses"


class TextsError(Exception):
    """A responses file is broken; the text names the file and the key."""


@dataclass(frozen=True)
class Button:
    """What stands on a button, and the Rasa payload behind it (``/intent`` or ``local:word``)."""

    title: str
    payload: str


@dataclass(frozen=True)
class Response:
    """One response in one language."""

    text: str
    buttons: tuple[Button, ...] = ()


@dataclass
class Texts:
    """Every response and phrase by key and language; build with :meth:`load`."""

    responses: dict[str, dict[str, Response]] = field(default_factory=dict)
    phrases: dict[str, dict[str, str]] = field(default_factory=dict)

    @classmethod
    def load(cls, folder: Path = RESPONSES) -> Texts:
        """Read every ``*.yml`` in ``folder``; any defect is a :class:`TextsError`."""
        texts = cls()
        files = sorted(folder.glob("*.yml"))
        if not files:
            raise TextsError(f"no responses in {folder}")
        for file in files:
            try:
                content = yaml.safe_load(file.read_text(encoding="utf-8")) or {}
            except yaml.YAMLError as error:
                raise TextsError(f"{file.name}: not readable as YAML: {error}") from None
            for key, variations in (content.get("responses") or {}).items():
                texts._add(texts.responses, file, key, _read_variations(file, key, variations))
            for key, by_language in (content.get("phrases") or {}).items():
                if not isinstance(by_language, Mapping):
                    raise TextsError(f"{file.name}: {key}: give kk, ru and en")
                phrases = {str(name): str(text).strip() for name, text in by_language.items()}
                texts._add(texts.phrases, file, key, phrases)
        return texts

    @staticmethod
    def _add(where: dict[str, Any], file: Path, key: str, value: Mapping[str, Any]) -> None:
        if key in where:
            raise TextsError(f"{file.name}: {key} is in another file too; one key has one place")
        missing = [language for language in LANGUAGES if not value.get(language)]
        if missing or set(value) - set(LANGUAGES):
            raise TextsError(f"{file.name}: {key}: give exactly kk, ru and en")
        where[key] = value

    def phrase(self, key: str, language: str, **values: object) -> str:
        """The phrase with its ``{fields}`` filled; a missing field is an error of ours."""
        return self.phrases[key][_known(language)].format(**values)

    def has_phrase(self, key: str) -> bool:
        return key in self.phrases

    def response(self, key: str, language: str) -> Response:
        """The response that Rasa would say for ``key``."""
        return self.responses[key][_known(language)]


def fields(template: str) -> set[str]:
    """The names in braces of a phrase."""
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


def _known(language: str | None) -> str:
    return language if language in LANGUAGES else "ru"


def _read_variations(file: Path, key: str, variations: object) -> dict[str, Response]:
    found: dict[str, Response] = {}
    for variation in variations if isinstance(variations, list) else []:
        conditions = variation.get("condition") or []
        languages = [c.get("value") for c in conditions if c.get("name") == "language"]
        if len(languages) != 1 or languages[0] in found:
            raise TextsError(
                f"{file.name}: {key}: each variation needs its own condition on slot language"
            )
        buttons = tuple(
            Button(str(button["title"]), str(button["payload"]))
            for button in variation.get("buttons") or []
        )
        found[languages[0]] = Response(str(variation.get("text", "")).strip(), buttons)
    return found
