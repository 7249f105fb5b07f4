"""The same with three other tenants: nothing is made for the records of one seed."""

import headline
import work
from paths import OURS, PYTHON, environment, peer, script
from process import in_turn, median, run
from row import Row
from simulator import Simulator

SEEDS = (2, 3, 4)
MOST = 7.5


def measure(_quick):
    return [row for seed in SEEDS for row in of(seed)]


def of(seed):
    options = {"accounts": headline.ACCOUNTS, "traits": 40, "rate_limit": "off", "seed": seed}
    with Simulator(latency_ms=50, **options) as simulator:
        walks = in_turn(
            {
                "ours": lambda: headline.ours(simulator.origin, MOST),
                "pool": lambda: headline.theirs([PYTHON, peer("headline.py")], simulator.origin, MOST, headline.LANES),
            },
            1,
        )
    with Simulator(**options) as simulator:
        surroundings = environment(simulator.origin)
        streams = in_turn(
            {
                "ours": lambda: run([OURS, "-q", "run", script("stream.rhai")], surroundings),
                "python": lambda: run([PYTHON, peer("stream.py")], surroundings),
            },
            3,
        )
        mean = work.compared(simulator, 3)[-1]
    for took in (walks, streams):
        if len({results[0].said.strip() for results in took.values()}) != 1:
            raise SystemExit(f"with seed {seed} they disagree")
    tasks = int(walks["ours"][0].said)
    bound = max(headline.ACCOUNTS / 100 * headline.LATENCY, tasks / headline.LANES * headline.LATENCY)
    wall = median(walks["ours"], "wall")
    return [
        Row(f"Seed {seed}: the same walk with {tasks:,} tasks, time against the longer of walk and writes",
            f"{wall:.2f} s", f"{bound:.2f} s", wall / bound, 1.10),
        cpu(f"Seed {seed}: the same walk, CPU against `requests` with a pool", walks, "pool"),
        cpu(f"Seed {seed}: streaming {headline.ACCOUNTS:,} accounts, CPU", streams, "python"),
        Row(f"Seed {seed}: {mean.what}", mean.ours, mean.peer, mean.ratio, mean.goal),
    ]


def cpu(what, took, beside):
    ours, theirs = median(took["ours"], "cpu"), median(took[beside], "cpu")
    return Row(what, f"{ours:.2f} s", f"{theirs:.2f} s", ours / theirs, 1 / 5)
