"""The processes under supervisord: it starts them, restarts what crashes, and ends all together."""

from __future__ import annotations

import ctypes
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from common.settings import ROOT, Settings

APP_PYTHON = ROOT / ".venv" / "bin" / "python"
MODEL_PYTHON = ROOT / ".venv-model" / "bin" / "python"
# A process that ends with this has said what is wrong; starting it again would not help.
WRONG_SETTINGS = 2
_SPAWNED = re.compile(r"spawned: '(\w+)' with pid (\d+)")
_CRASHED = re.compile(r"(?:exited|WARN exited): (\w+) \((.*); not expected\)")
# "Not expected" if it came within startsecs: the status counts, not the speed.
_REFUSED = re.compile(rf"exited: (\w+) \(exit status {WRONG_SETTINGS}; (?:not )?expected\)")


def program(name: str, command: str, logs: Path) -> str:
    """One ``[program:x]`` section; ``%`` is special to supervisord."""
    log = str(logs / f"{name}.log")
    lines = {
        "command": command,
        "directory": str(ROOT),
        "autorestart": "unexpected",
        "exitcodes": str(WRONG_SETTINGS),
        "startsecs": "3",
        # Never given up: while others run, the bot still answers danger from fixed words.
        "startretries": "1000000",
        "stopasgroup": "true",
        "killasgroup": "true",
        "stopwaitsecs": "8",
        "redirect_stderr": "true",
        "stdout_logfile": log,
        "stdout_logfile_maxbytes": "5MB",
        "stdout_logfile_backups": "1",
    }
    body = "\n".join(f"{key}={value.replace('%', '%%')}" for key, value in lines.items())
    return f"[program:{name}]\n{body}\n"


def configuration(settings: Settings, with_telegram: bool) -> str:
    """The file for supervisord: Rasa, actions, and the bot if it serves Telegram."""
    var = settings.var_dir
    logs = var / "log"
    # Each program gets the secrets that it uses.
    for_rasa = "/usr/bin/env -u TELEGRAM_BOT_TOKEN -u TIREK_DATABASE_URL -u TIREK_SECRET"
    for_actions = (
        "/usr/bin/env -u TELEGRAM_BOT_TOKEN -u TIREK_SECRET -u TIREK_REDIS_URL "
        "-u TIREK_CHANNEL_SECRET"
    )
    sections = [
        "[supervisord]\nnodaemon=true\numask=077\n"
        f"logfile={var / 'log' / 'supervisord.log'}\nlogfile_maxbytes=1MB\nlogfile_backups=0\n"
        f"pidfile={var / 'run' / 'supervisord.pid'}\n"
        + ("user=root\n" if os.geteuid() == 0 else ""),
        program("rasa", f'{for_rasa} "{MODEL_PYTHON}" -m dialogue.launch', logs),
        program("actions", f'{for_actions} "{APP_PYTHON}" -m actions.server', logs),
    ]
    if with_telegram:
        sections.append(program("bot", f'"{APP_PYTHON}" -m bot', logs))
    return "\n".join(sections)


class Supervisor:
    """A running supervisord; tells through ``on_event`` what happens to the processes."""

    def __init__(
        self, settings: Settings, with_telegram: bool, on_event: Callable[[str], None]
    ) -> None:
        self._settings = settings
        self._on_event = on_event
        self._with_telegram = with_telegram
        self._process: subprocess.Popen[str] | None = None
        self._waiting: set[str] = set()
        self.crashes: dict[str, int] = {}
        self.refused: str | None = None

    def start(self) -> None:
        """Write the configuration and start; returns at once."""
        var = self._settings.var_dir
        for folder in (var / "log", var / "run"):
            folder.mkdir(parents=True, exist_ok=True)
        var.chmod(0o700)
        path = var / "run" / "supervisord.conf"
        path.write_text(configuration(self._settings, self._with_telegram))
        self._process = subprocess.Popen(
            [str(APP_PYTHON), "-m", "supervisor.supervisord", "-c", str(path)],
            cwd=ROOT,
            env=self._environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            # Ctrl-C is for us; we end it in order.
            start_new_session=True,
            # Nothing else runs between fork and exec but one system call.
            preexec_fn=_end_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509
        )
        threading.Thread(target=self._read_events, daemon=True).start()

    def _environment(self) -> dict[str, str]:
        values = self._settings
        environment = {
            **os.environ,
            "TIREK_SUPERVISED": "1",
            "TIREK_VAR_DIR": str(values.var_dir),
            "TIREK_DATABASE_URL": values.database,
            "TIREK_RASA_PORT": str(values.rasa_port),
            "TIREK_ACTIONS_PORT": str(values.actions_port),
            "TIREK_CHANNEL_SECRET": values.channel_secret,
            "TIREK_MODEL": "models/tirek.tar.gz",
            "PYTHONUNBUFFERED": "1",
        }
        if values.redis_url is not None:
            environment["TIREK_REDIS_URL"] = values.redis_url.get_secret_value()
        return environment

    def _read_events(self) -> None:
        output = self._process.stdout if self._process else None
        for line in output or ():
            if match := _REFUSED.search(line):
                self.refused = match.group(1)
            elif match := _CRASHED.search(line):
                name, reason = match.groups()
                self._waiting.add(name)
                self.crashes[name] = self.crashes.get(name, 0) + 1
                self._on_event(f"{name} ended ({reason}); starting it again")
            elif (match := _SPAWNED.search(line)) and match.group(1) in self._waiting:
                self._waiting.discard(match.group(1))
                self._on_event(f"{match.group(1)} was started again (process {match.group(2)})")

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def last_words(self, name: str, lines: int = 3) -> str:
        """The end of a process's log."""
        log = self._settings.var_dir / "log" / f"{name}.log"
        try:
            return "\n".join(log.read_text(errors="replace").strip().splitlines()[-lines:])
        except OSError:
            return ""

    def stop(self) -> None:
        """End all processes and wait until they are gone."""
        process = self._process
        if process is None or process.poll() is not None:
            return
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _end_with_parent() -> None:
    """In the child: should `make run` die without a word, supervisord ends everything in order."""
    pr_set_pdeathsig = 1
    ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGTERM, 0, 0, 0)
