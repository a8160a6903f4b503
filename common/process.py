"""Small helpers for the processes that ``make run`` starts. Standard library only."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import sys


def die_with_parent() -> None:
    """Ask Linux to end this process when its supervisor dies, however it dies.

    On other systems an orphan stays; the next start then says that its port is in use.
    """
    if sys.platform != "linux" or "TIREK_SUPERVISED" not in os.environ:
        return
    pr_set_pdeathsig = 1
    ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGTERM, 0, 0, 0)


def port_is_free(port: int, host: str = "127.0.0.1") -> bool:
    """Tell whether a server could listen on ``host:port`` now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True
