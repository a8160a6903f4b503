"""Say what is going on whenever it takes longer than a moment."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager


def say(text: str) -> None:
    """One line of our own, apart from what the parts print."""
    print(f"tirek: {text}", flush=True)


@contextmanager
def progress(what: str) -> Iterator[None]:
    """Show ``what`` with running seconds on a terminal, else at the start and every 10 seconds."""
    started = time.monotonic()
    done = threading.Event()
    on_terminal = sys.stdout.isatty()
    period = 1.0 if on_terminal else 10.0

    def tick() -> None:
        while not done.wait(period):
            elapsed = time.monotonic() - started
            if on_terminal:
                print(f"\rtirek: {what} ... {elapsed:.0f} s ", end="", flush=True)
            else:
                say(f"{what} ... {elapsed:.0f} s")

    if not on_terminal:
        say(what)
    ticker = threading.Thread(target=tick, daemon=True)
    ticker.start()
    try:
        yield
    finally:
        done.set()
        ticker.join()
        if on_terminal:
            elapsed = time.monotonic() - started
            print(f"\rtirek: {what}: {elapsed:.1f} s" + " " * 12, flush=True)
