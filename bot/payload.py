"""Button payloads: long for Rasa (``/intent{"need": "x"}``), short for Telegram (64 bytes)."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import yaml

DOMAIN = Path(__file__).resolve().parent.parent / "domain.yml"
LOCAL = "local:"
MAX_BYTES = 64
_RASA = re.compile(r"/([a-z_]+)(\{.*\})?")
_SHORT = re.compile(r"([a-z_]+)(?:\|(need|question)=([a-z0-9_-]{1,48}))?")
_SHORT_LOCAL = re.compile(r"local:[a-z_]{1,40}")


@dataclass(frozen=True)
class Press:
    """A pressed button: an intent with coded entities, or a ``local`` word for the core."""

    intent: str = ""
    entities: dict[str, str] = field(default_factory=dict)
    local: str = ""


@lru_cache(maxsize=1)
def allowed_intents() -> frozenset[str]:
    """The intents of the domain: a button can name no other."""
    content = yaml.safe_load(DOMAIN.read_text(encoding="utf-8"))
    return frozenset(content["intents"])


def shorten(payload: str) -> str:
    """Turn a payload of ``responses`` or of an action into callback data."""
    if payload.startswith(LOCAL):
        short = payload
    else:
        match = _RASA.fullmatch(payload)
        if match is None:
            raise ValueError(f"not a payload: {payload!r}")
        short = match.group(1)
        for name, value in json.loads(match.group(2) or "{}").items():
            short += f"|{name}={value}"
    if parse(short) is None or len(short.encode()) > MAX_BYTES:
        raise ValueError(f"payload {payload!r} is unknown or longer than {MAX_BYTES} bytes")
    return short


def parse(data: str) -> Press | None:
    """Read callback data; None for whatever we did not make ourselves."""
    if _SHORT_LOCAL.fullmatch(data):
        return Press(local=data.removeprefix(LOCAL))
    match = _SHORT.fullmatch(data)
    if match is None or match.group(1) not in allowed_intents():
        return None
    entities = {match.group(2): match.group(3)} if match.group(2) else {}
    return Press(intent=match.group(1), entities=entities)
