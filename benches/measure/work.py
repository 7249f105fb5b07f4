"""What scripts do with 20,000 accounts that they hold, kind by kind."""

import math

from paths import OURS, PYTHON, environment, peer, script
from process import in_turn, run
from row import Row
from simulator import Simulator

ACCOUNTS, ROUNDS = 20_000, 3
MOST, MEAN = 2.2, 1.6


def measure(quick):
    with Simulator(accounts=ACCOUNTS, traits=40, rate_limit="off") as simulator:
        # A machine that others share is slower for seconds at a time.
        return compared(simulator, 1 if quick else 5)


def compared(simulator, times):
    """A row for each kind, and one for the mean of all."""
    surroundings = environment(simulator.origin)
    typed = [OURS, "-q", "run", script("work.rhai"), "--arg", f"rounds={ROUNDS}"]
    took = in_turn(
        {
            "ours": lambda: run(typed, surroundings),
            "python": lambda: run([PYTHON, peer("work.py"), str(ROUNDS)], surroundings),
        },
        times,
    )
    ours, theirs = (least("".join(result.said for result in took[name])) for name in ("ours", "python"))
    rows, ratios = [], []
    for (what, (took, answer)), (_, (beside, wanted)) in zip(ours.items(), theirs.items(), strict=True):
        if answer != wanted:
            raise SystemExit(f"{what}: ours says {answer}, and Python {wanted}")
        ratios.append(took / beside)
        rows.append(Row(f"{ACCOUNTS:,} accounts held: {what}", f"{took:.1f} ms", f"{beside:.1f} ms", took / beside, MOST))
    mean = math.exp(sum(map(math.log, ratios)) / len(ratios))
    return [*rows, Row(f"{ACCOUNTS:,} accounts held: geometric mean of all", f"{mean:.2f}", "1", mean, MEAN)]


def least(said):
    """The least time of each kind, with what came out."""
    found = {}
    for line in said.splitlines():
        what, took, answer = line.split(" | ")
        took = min(float(took), found[what][0]) if what in found else float(took)
        found[what] = (took, answer)
    return found
