"""How long a program lives on after Ctrl-C: while a request hangs, and while a script computes."""

import signal
import socket
import subprocess
import time

from paths import OURS, environment, script
from row import Row

TIMES = 20
MOST = 0.250
INTERRUPTED = 130


def measure(_quick):
    return [
        row("a request hangs", max(during_request() for _ in range(TIMES))),
        row("a loop runs", max(during_loop() for _ in range(TIMES))),
    ]


def row(what, longest):
    took = f"{longest * 1000:.0f} ms"
    return Row(f"Ctrl-C to the end while {what}, longest of {TIMES}", took, f"{MOST * 1000:.0f} ms", longest / MOST, 1.0)


def during_request():
    """Asks a server that takes the request and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        origin = f"http://127.0.0.1:{server.getsockname()[1]}"
        child = start("hang.rhai", origin)
        connection, _ = server.accept()
        with connection:
            connection.recv(4096)
            return interrupted(child)


def during_loop():
    child = start("loop.rhai", "http://127.0.0.1:9")
    child.stdout.readline()
    return interrupted(child)


def start(name, origin):
    return subprocess.Popen(
        [OURS, "run", script(name)], env=environment(origin), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )


def interrupted(child):
    """Seconds from the signal to the end."""
    start = time.perf_counter()
    child.send_signal(signal.SIGINT)
    code = child.wait()
    took = time.perf_counter() - start
    child.stdout.close()
    if code != INTERRUPTED:
        raise SystemExit(f"Ctrl-C ended it with {code}")
    return took
