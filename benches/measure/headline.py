"""The main job: walk 20,000 accounts at 50 ms, pick some, make a task for each, with the journal on."""

import tempfile

from paths import NODE, OURS, PYTHON, environment, peer, script
from process import in_turn, median, run
from row import Row
from simulator import Simulator

ACCOUNTS, LATENCY, LANES = 20_000, 0.050, 8
numbers = iter(range(1_000_000))


def measure(_quick):
    rows = []
    with Simulator(accounts=ACCOUNTS, traits=40, latency_ms=50, rate_limit="off") as simulator:
        for most in (3.3, 7.5):
            took = in_turn(
                {
                    "ours": lambda: ours(simulator.origin, most),
                    "pool": lambda: theirs([PYTHON, peer("headline.py")], simulator.origin, most, LANES),
                    "loop": lambda: theirs([PYTHON, peer("headline.py")], simulator.origin, most, 1),
                    **(
                        {"node": lambda: theirs([NODE, peer("headline.mjs")], simulator.origin, most, LANES)}
                        if NODE
                        else {}
                    ),
                },
                # One round takes minutes, because the loop waits for every answer.
                1,
            )
            rows += compared(took)
    return rows


def ours(origin, most):
    with tempfile.TemporaryDirectory() as home:
        typed = [OURS, "-q", "run", script("headline.rhai"), "--max-changes", "1000000"]
        arguments = ["--arg", f"most={most}", "--arg", f"tag=t{next(numbers)}"]
        return run(typed + arguments, {**environment(origin), "VITALLY_SCRIPT_HOME": home})


def theirs(program, origin, most, lanes):
    return run([*program, str(most), str(lanes), f"t{next(numbers)}"], environment(origin))


def compared(took):
    said = {name: results[0].said.strip() for name, results in took.items()}
    if len(set(said.values())) != 1:
        raise SystemExit(f"they disagree: {said}")
    tasks = int(said["ours"])
    wall = {name: median(results, "wall") for name, results in took.items()}
    cpu = {name: median(results, "cpu") for name, results in took.items()}
    bound = max(ACCOUNTS / 100 * LATENCY, tasks / LANES * LATENCY)
    what = f"Walk {ACCOUNTS:,} accounts and make {tasks:,} tasks"
    line = lambda words, ours, theirs, unit, goal: Row(
        f"{what}: {words}", f"{ours:.2f} {unit}", f"{theirs:.2f} {unit}", ours / theirs, goal
    )
    return [
        line("time against the longer of walk and writes", wall["ours"], bound, "s", 1.10),
        line("time against `requests` in a loop", wall["ours"], wall["loop"], "s", 1 / 7 if tasks > 1000 else None),
        line(
            "time against `requests` with a pool", wall["ours"], wall["pool"], "s", 1 / 1.8 if tasks > 1000 else None
        ),
        line("CPU against `requests` in a loop", cpu["ours"], cpu["loop"], "s", 1 / 5),
        line("CPU against `requests` with a pool", cpu["ours"], cpu["pool"], "s", 1 / 5),
        *(node(line, wall, cpu) if NODE else []),
    ]


def node(line, wall, cpu):
    what = f"Node with {LANES} at once"
    return [
        line(f"time against {what}", wall["ours"], wall["node"], "s", None),
        line(f"CPU against {what}", cpu["ours"], cpu["node"], "s", 1 / 5),
    ]
