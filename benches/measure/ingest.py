"""How many records a second the first look at a list takes in, each written down durably."""

import statistics
import tempfile

from paths import OURS, ROOT, environment, script
from process import run
from row import Row
from simulator import Simulator

ACCOUNTS = 100_000
# What the API gives at most: 1,000 requests a minute with 100 records each.
CEILING = 1_000 * 100 / 60
TIMES = 20


def measure(quick):
    with Simulator(accounts=ACCOUNTS, rate_limit="off") as simulator:
        rates = [once(simulator.origin) for _ in range(1 if quick else 3)]
    rate = statistics.median(rates)
    what = f"Durable ingest of poll pages, against {TIMES} times what the API gives"
    return [Row(what, f"{rate:,.0f} a second", f"{TIMES * CEILING:,.0f} a second", TIMES * CEILING / rate, 1.0)]


def once(origin):
    """Records a second from nothing to the end of the program."""
    with tempfile.TemporaryDirectory(dir=f"{ROOT}/target") as home:
        surroundings = {**environment(origin), "VITALLY_SCRIPT_HOME": home}
        took = run([OURS, "-q", "run", script("ingest.rhai"), "--once", "--read-only"], surroundings)
    return ACCOUNTS / took.wall
