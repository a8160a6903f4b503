"""``make run``: train if needed, load the database, start the processes, serve or chat."""

from __future__ import annotations

import argparse
import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from common.process import port_is_free
from common.settings import ROOT, Settings, SettingsError, settings
from common.texts import Texts, TextsError
from knowledge.database import DatabaseError, connect, migrate
from knowledge.loader import load
from knowledge.seed_files import SeedError, read_seed
from scripts.progress import progress, say
from scripts.supervision import APP_PYTHON, WRONG_SETTINGS, Supervisor
from scripts.train import TrainingError, ensure_trained

_READY_WITHIN_SECONDS = 180
_CRASHES_AT_START = 3
_ENDING_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


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
    loaded = load(engine, data)
    if loaded.changed:
        say("the knowledge database is loaded")
    for entity, key in loaded.kept:
        say(f"{entity} {key}: staff's change is kept, the seed has another (tirek-knowledge diff)")
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
            for name in waiting:
                crashed_often = supervisor.crashes.get(name, 0) >= _CRASHES_AT_START
                if crashed_often or time.monotonic() > deadline:
                    raise RunError(f"{name} does not start:\n{supervisor.last_words(name, 8)}")
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
    if not supervisor.is_running:
        raise RunError("the supervisor ended; its log is var/log/supervisord.log")


def serve(supervisor: Supervisor) -> None:
    """Wait while Telegram is served."""
    say("serving Telegram; Ctrl-C ends everything")
    while True:
        check(supervisor)
        time.sleep(0.5)


def chat(supervisor: Supervisor) -> None:
    """The console chat in this terminal; it ends with the talk."""
    process = subprocess.Popen([str(APP_PYTHON), "-m", "bot.console"], cwd=ROOT)
    try:
        while process.poll() is None:
            check(supervisor)
            time.sleep(0.2)
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait()


@contextmanager
def only_one(values: Settings) -> Iterator[None]:
    """Hold ``var/run/lock``, so that two runs never share files and token."""
    path = values.var_dir / "run" / "lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise RunError(
                f"Tirek is running already with {values.var_dir}. End that one first."
            ) from None
        yield


def run(console: bool) -> int:
    values = settings()
    Texts.load()
    with only_one(values):
        check_ports(values)
        ensure_trained()
        load_knowledge(values)
        with_telegram = values.telegram_bot_token is not None and not console
        supervisor = Supervisor(values, with_telegram, say)
        try:
            supervisor.start()
            with progress("starting Rasa and the actions"):
                wait_until_ready(values, supervisor)
            (serve if with_telegram else chat)(supervisor)
        except KeyboardInterrupt:
            # However we are asked to end, we end in order; a second Ctrl-C would only hurt.
            pass
        finally:
            for number in _ENDING_SIGNALS:
                signal.signal(number, signal.SIG_IGN)
            with progress("ending"):
                supervisor.stop()
    return 0


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--console", action="store_true", help="chat here even with a token set")
    os.umask(0o077)
    for number in _ENDING_SIGNALS:
        signal.signal(number, _interrupt)
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
