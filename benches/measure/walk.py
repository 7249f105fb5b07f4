"""How long a walk over 200 pages takes when every answer takes 50 ms, with and without work after each page."""

import statistics
import time

import connection
from paths import OURS, PYTHON, environment, peer, script
from process import in_turn, median, run
from row import Row
from simulator import Simulator

PAGES = 200
LATENCY = 0.050
WORK = 0.030


def measure(quick):
    turns = turns_for(WORK)
    with Simulator(accounts=PAGES * 100, traits=40, latency_ms=50, rate_limit="off") as simulator:
        surroundings = environment(simulator.origin)
        ours = lambda turns: run([OURS, "-q", "run", script("walk.rhai"), "--arg", f"turns={turns}"], surroundings)
        python = lambda work: run([PYTHON, peer("walk.py"), str(work * 1000)], surroundings)
        took = in_turn(
            {
                "floor": lambda: floor(simulator.origin),
                "idle": lambda: ours(0),
                "busy": lambda: ours(turns),
                "python idle": lambda: python(0),
                "python busy": lambda: python(WORK),
            },
            1 if quick else 3,
        )
    least = statistics.median(took.pop("floor"))
    wall = {name: median(results, "wall") for name, results in took.items()}
    nominal = PAGES * LATENCY
    rows = []
    for name, work in (("idle", "no work"), ("busy", f"{WORK * 1000:.0f} ms of work")):
        ours_took, what = f"{wall[name]:.2f} s", f"Walk of {PAGES} pages at {LATENCY * 1000:.0f} ms, {work} a page"
        rows += [
            Row(f"{what}, against pages × latency", ours_took, f"{nominal:.2f} s", wall[name] / nominal, 1.06),
            Row(f"{what}, against bare requests", ours_took, f"{least:.2f} s", wall[name] / least, 1.06),
            Row(
                f"{what}, against `requests`",
                ours_took,
                f"{wall[f'python {name}']:.2f} s",
                wall[name] / wall[f"python {name}"],
                None,
            ),
        ]
    return rows


def floor(origin):
    """Seconds for the requests alone."""
    start = time.perf_counter()
    pages = connection.walk(origin)
    if pages != PAGES:
        raise SystemExit(f"there were {pages} pages")
    return time.perf_counter() - start


def turns_for(seconds):
    """How many turns of the loop take so long."""
    many = 2_000_000
    spin = lambda turns: run([OURS, "run", script("spin.rhai"), "--arg", f"turns={turns}"], environment())
    took = in_turn({"none": lambda: spin(0), "many": lambda: spin(many)}, 5)
    return round(many * seconds / (median(took["many"], "cpu") - median(took["none"], "cpu")))
