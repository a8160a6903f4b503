"""The one secret that keys everything else. Standard library only: both runtimes use it."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from pathlib import Path


def load_or_create(var_dir: Path) -> str:
    """Read ``var/secret``, making it (64 hex characters, owner-only) on the first run."""
    path = var_dir / "secret"
    try:
        existing = path.read_text().strip()
    except FileNotFoundError:
        existing = ""
    if existing:
        return existing
    var_dir.mkdir(parents=True, exist_ok=True)
    made = secrets.token_hex(32)
    temporary = var_dir / f"secret.{os.getpid()}.new"
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(made)
    try:
        # A link fails if another process was faster: then its secret is the one.
        os.link(temporary, path)
    except FileExistsError:
        if path.read_text().strip() == "":
            os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
    return path.read_text().strip()


def derive(secret: str, purpose: str) -> bytes:
    """Derive the key for one purpose: HMAC-SHA256, 32 bytes."""
    return hmac.new(secret.encode(), purpose.encode(), hashlib.sha256).digest()
