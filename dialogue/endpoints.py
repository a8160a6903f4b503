"""Fill ``endpoints.yml`` with this machine's ports and Redis, as the environment says."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import yaml


def endpoints(template: Mapping[str, Any], environment: Mapping[str, str]) -> dict[str, Any]:
    """The endpoints of this process.

    Reads ``TIREK_ACTIONS_PORT`` and ``TIREK_REDIS_URL``; without the latter trackers and locks
    stay in memory.
    """
    filled: dict[str, Any] = {key: dict(value) for key, value in template.items()}
    port = environment.get("TIREK_ACTIONS_PORT")
    if port:
        filled["action_endpoint"]["url"] = f"http://127.0.0.1:{port}/webhook"
    redis_url = environment.get("TIREK_REDIS_URL")
    if redis_url:
        parts = urlsplit(redis_url)
        server = {
            "host": parts.hostname or "127.0.0.1",
            # Rasa's interface, not ours, wants the number apart from the address.
            "port": parts.port or 6379,
            "db": int(parts.path.strip("/") or 0),
            "username": None if parts.username is None else unquote(parts.username),
            "password": None if parts.password is None else unquote(parts.password),
            "use_ssl": parts.scheme == "rediss",
        }
        filled["tracker_store"] = {
            "type": "dialogue.tracker_store.RedactingRedisStore",
            "url": server.pop("host"),
            **server,
        }
        filled["lock_store"] = {
            "type": "redis",
            "url": filled["tracker_store"]["url"],
            **server,
        }
    return filled


def write_endpoints(root: Path, target: Path) -> None:
    """Write the filled file, readable for the owner only: it may hold a password."""
    template = yaml.safe_load((root / "endpoints.yml").read_text(encoding="utf-8"))
    target.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    # A file from before may have been made readable for all.
    os.fchmod(descriptor, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        yaml.safe_dump(endpoints(template, os.environ), file)
