"""``make run``: train if needed, load the database, start the processes, serve or chat."""

from __future__ import annotations

import argparse
import signal
import subprocess
import sys
import threading
import time

import httpx

from common.process import port_is_free
from common.settings import ROOT, Settings, SettingsError, settings
from common.texts import Texts, TextsError
from knowledge.database import DatabaseError, connect, migrate
from knowledge.loader import SeedError, load, read_seed
from scripts.progress import progress, say
from scripts.supervision import APP_PYTHON, WRONG_SETTINGS, Supervisor
from scripts.train import TrainingError, ensure_trained

_READY_WITHIN_SECONDS = 180


class RunError(Exception):
    """The stack cannot run; the text says what to do."""


def check_ports(values: Settings) -> None:
    """Both ports must be free before anything is started."""
    for name, port in (
        ("TIREK_RASA_PORT", values.rasa_port),
        ("TIREK_ACTIONS_PORT", values.actions_port),
    ):
        if not port_is_free(port):
            raise RunError(
                f"port {port} is in use. Is Tirek running already? End that one, or set {name} "
                "to a free port."
            )


def load_knowledge(values: Settings) -> None:
    """Migrate and load the database; nothing is written unless everything is right."""
    data = read_seed()
    engine = connect(values.database)
    migrate(engine)
    if load(engine, data):
        say("the knowledge database is loaded")
    engine.dispose()


def wait_until_ready(values: Settings, supervisor: Supervisor) -> None:
    """Wait for Rasa and the action server to answer."""
    addresses = {
        "actions": f"http://127.0.0.1:{values.actions_port}/health",
        "rasa": f"http://127.0.0.1:{values.rasa_port}/webhooks/tirek/",
    }
    headers = {"X-Tirek-Secret": values.channel_secret}
    deadline = time.monotonic() + _READY_WITHIN_SECONDS
    waiting = dict(addresses)
    with httpx.Client(headers=headers, timeout=2, trust_env=False) as client:
        while waiting:
            check(supervisor)
            if time.monotonic() > deadline:
                name = next(iter(waiting))
                raise RunError(f"{name} does not answer:\n{supervisor.last_words(name, 8)}")
            for name, address in list(waiting.items()):
                try:
                    if client.get(address).status_code == httpx.codes.OK:
                        del waiting[name]
                except httpx.HTTPError:
                    pass
            time.sleep(0.2)


def check(supervisor: Supervisor) -> None:
    """Raise for what cannot heal by itself."""
    if supervisor.refused:
        raise RunError(supervisor.last_words(supervisor.refused, 1))
    if supervisor.failed:
        name = supervisor.failed
        raise RunError(f"{name} does not start:\n{supervisor.last_words(name, 8)}")
    if not supervisor.is_running:
        raise RunError("the supervisor ended; its log is var/log/supervisord.log")


def serve(supervisor: Supervisor, stop: threading.Event) -> None:
    """Wait while Telegram is served."""
    say("serving Telegram; Ctrl-C ends everything")
    while not stop.wait(0.5):
        check(supervisor)


def chat(supervisor: Supervisor, stop: threading.Event) -> None:
    """The console chat in this terminal; it ends with the talk."""
    process = subprocess.Popen([str(APP_PYTHON), "-m", "bot.console"], cwd=ROOT)
    try:
        while process.poll() is None and not stop.is_set():
            check(supervisor)
            time.sleep(0.2)
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait()


def run(console: bool) -> int:
    values = settings()
    Texts.load()
    check_ports(values)
    ensure_trained()
    load_knowledge(values)
    with_telegram = values.telegram_bot_token is not None and not console
    supervisor = Supervisor(values, with_telegram, say)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: stop.set())
    try:
        supervisor.start()
        with progress("starting Rasa and the actions"):
            wait_until_ready(values, supervisor)
        if not stop.is_set():
            (serve if with_telegram else chat)(supervisor, stop)
    finally:
        with progress("ending"):
            supervisor.stop()
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--console", action="store_true", help="chat here even with a token set")
    try:
        return run(parser.parse_args().console)
    except SettingsError as error:
        print(f"tirek: {error}", file=sys.stderr)
        return WRONG_SETTINGS
    except (RunError, SeedError, DatabaseError, TrainingError, TextsError) as error:
        print(f"tirek: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
