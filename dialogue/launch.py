"""Start the Rasa server with our settings: ``.venv-model/bin/python -m dialogue.launch``."""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path

from common.process import die_with_parent
from dialogue.endpoints import write_endpoints

ROOT = Path(__file__).resolve().parent.parent
QUIET = {
    "RASA_TELEMETRY_ENABLED": "false",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    # INFO of Rasa is free of texts, DEBUG holds everything.
    "LOG_LEVEL": "WARNING",
    "LOG_LEVEL_LIBRARIES": "ERROR",
}


def arguments(endpoints: Path) -> list[str]:
    """The command line of ``rasa``; its HTTP API is there only if ``TIREK_RASA_API`` asks."""
    port = os.environ.get("TIREK_RASA_PORT", "5005")
    words = ["rasa", "run", "-m", os.environ.get("TIREK_MODEL", "models"), "-i", "127.0.0.1"]
    words += ["-p", port, "--endpoints", str(endpoints), "--credentials", "credentials.yml"]
    if os.environ.get("TIREK_RASA_API") == "1":
        words.append("--enable-api")
    return words


def main() -> None:
    die_with_parent()
    os.environ.update(QUIET)
    os.chdir(ROOT)
    var = Path(os.environ.get("TIREK_VAR_DIR", ROOT / "var"))
    endpoints = var / "run" / "endpoints.yml"
    write_endpoints(ROOT, endpoints)
    # Rasa is imported only now: it reads the environment while it is imported.
    from rasa.__main__ import main as rasa_main

    logging.captureWarnings(True)
    sys.argv = arguments(endpoints)
    rasa_main()


if __name__ == "__main__":
    main()
