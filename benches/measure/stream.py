"""What a look at 100,000 accounts costs when the server answers at once."""

import statistics

from memory import peak
from paths import OURS, PYTHON, environment, peer, script
from process import in_turn, median, run
from row import Row
from simulator import Simulator

ACCOUNTS = 100_000
FEWER = 20_000


def measure(quick):
    with Simulator(accounts=ACCOUNTS, traits=40, rate_limit="off") as simulator:
        surroundings = environment(simulator.origin)
        ours, python = [OURS, "-q", "run", script("stream.rhai")], [PYTHON, peer("stream.py")]
        took = in_turn(
            {"ours": lambda: run(ours, surroundings), "python": lambda: run(python, surroundings)},
            1 if quick else 5,
        )
        peaks = in_turn({"ours": lambda: peak(ours, surroundings), "python": lambda: peak(python, surroundings)}, 3)
    with Simulator(accounts=FEWER, traits=40, rate_limit="off") as simulator:
        fewer = statistics.median(peak(ours, environment(simulator.origin)) for _ in range(3))
    if took["ours"][0].said != took["python"][0].said:
        raise SystemExit(f"they disagree: {took['ours'][0].said} and {took['python'][0].said}")
    cpu = {name: median(results, "cpu") for name, results in took.items()}
    wall = {name: median(results, "wall") for name, results in took.items()}
    most = {name: statistics.median(results) for name, results in peaks.items()}
    what = f"Streaming {ACCOUNTS:,} accounts"
    return [
        Row(f"{what}: CPU", f"{cpu['ours']:.2f} s", f"{cpu['python']:.2f} s", cpu["ours"] / cpu["python"], 1 / 5),
        Row(f"{what}: time", f"{wall['ours']:.2f} s", f"{wall['python']:.2f} s", wall["ours"] / wall["python"], None),
        Row(f"{what}: peak memory against 20 MB", f"{most['ours']:.1f} MB", "20 MB", most["ours"] / 20, 1.0),
        Row(
            f"{what}: peak memory against {FEWER:,}",
            f"{most['ours']:.1f} MB",
            f"{fewer:.1f} MB",
            most["ours"] / fewer,
            1.10,
        ),
        Row(
            f"{what}: peak memory",
            f"{most['ours']:.1f} MB",
            f"{most['python']:.1f} MB",
            most["ours"] / most["python"],
            None,
        ),
    ]
