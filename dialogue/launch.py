"""Start the Rasa server with our settings: ``.venv-model/bin/python -m dialogue.launch``."""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path
from typing import Any

from common.process import die_with_parent
from dialogue.endpoints import write_endpoints

ROOT = Path(__file__).resolve().parent.parent
_make_record = logging.getLogRecordFactory()
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


def discreet_record(*args: Any, **kwargs: Any) -> logging.LogRecord:
    """A log record in which Rasa's warnings and errors say where, and never what.

    A failed action, a result that does not fit or a bad command would otherwise bring the whole
    request, message text included, into the log.
    """
    record = _make_record(*args, **kwargs)
    if record.levelno >= logging.WARNING and record.name.split(".")[0] in ("rasa", "sanic"):
        kind = record.exc_info[0] if record.exc_info else None
        name = f" ({kind.__name__})" if kind is not None else ""
        record.msg = f"{record.module}.{record.funcName}, line {record.lineno}{name}"
        record.args, record.exc_info, record.exc_text = None, None, None
    return record


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
    logging.setLogRecordFactory(discreet_record)
    sys.argv = arguments(endpoints)
    rasa_main()


if __name__ == "__main__":
    main()
