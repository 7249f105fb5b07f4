"""How fast the simulator is: how long a large tenant takes to build, and how many requests it answers."""

import statistics
import time

from connection import Connection
from row import Row
from simulator import Simulator

ACCOUNTS = 100_000
REQUESTS = 5_000
SECONDS = 2.0
A_SECOND = 2_000


def measure(quick):
    rounds = [once() for _ in range(1 if quick else 3)]
    built = statistics.median(built for built, _ in rounds)
    rate = statistics.median(rate for _, rate in rounds)
    return [
        Row(f"Simulator: {ACCOUNTS:,} accounts built", f"{built:.2f} s", f"{SECONDS:.0f} s", built / SECONDS, 1.0),
        Row(
            "Simulator: one record after the other over one connection",
            f"{rate:,.0f} a second",
            f"{A_SECOND:,} a second",
            A_SECOND / rate,
            1.0,
        ),
    ]


def once():
    """Seconds to build, and requests a second."""
    with Simulator(accounts=ACCOUNTS, rate_limit="off") as simulator:
        connection = Connection(simulator.origin)
        start = time.perf_counter()
        for number in range(REQUESTS):
            connection.get(f"/accounts/acct-{number + 1}")
        return simulator.built, REQUESTS / (time.perf_counter() - start)
