"""Recognises whole messages that are commands: exit, wipe, emergency, keyboard labels."""

from __future__ import annotations

from pathlib import Path

import yaml

from common.texts import LANGUAGES, Texts
from nlu.normalize import fold

LEXICON = Path(__file__).resolve().parent.parent / "nlu" / "lexicons" / "local_commands.yml"
# What a label of the persistent keyboard does, as callback data.
KEYBOARD = {
    "keyboard_help_now": "local:emergency",
    "keyboard_rights": "ask_rights",
    "keyboard_contacts": "ask_contacts",
    "keyboard_clear": "local:wipe",
    "button_exit": "local:exit",
}
COMMANDS = {
    "start": "local:start",
    "help": "greet",
    "rights": "ask_rights",
    "contacts": "ask_contacts",
    "sos": "local:emergency",
    "language": "local:language",
    "clear": "local:wipe",
    "exit": "local:exit",
    "privacy": "ask_privacy",
}


def load(texts: Texts, path: Path = LEXICON) -> dict[str, str]:
    """Folded message -> callback data."""
    found: dict[str, str] = {}
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    for command, lines in content.items():
        for line in lines:
            for word in line if isinstance(line, list) else [line]:
                found[fold(str(word))] = f"local:{command}"
    for key, data in KEYBOARD.items():
        for language in LANGUAGES:
            found[fold(texts.phrase(key, language))] = data
    return found
