"""Fingerprints for what Rasa's cache does not see: helper modules and lexicons.

Without them a changed gazetteer or normaliser would silently keep an old model.
"""

from __future__ import annotations

import hashlib
from pathlib import Path


def sources_fingerprint(*files: str | Path) -> str:
    """SHA-256 over the contents of ``files``."""
    return hashlib.sha256(b"\0".join(Path(file).read_bytes() for file in files)).hexdigest()
