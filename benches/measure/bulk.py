"""What many updates take: at once, over a slow line, and under the API's limit."""

import os
import tempfile

from paths import OURS, PYTHON, ROOT, environment, peer, script
from process import in_turn, median, run
from row import Row
from simulator import Simulator

# What `each` and the thread pool send at once.
LANES = 16
# Where a journal costs what a disk costs, and where it costs nothing.
ON_DISK, IN_MEMORY = os.path.join(ROOT, "target"), "/dev/shm"
numbers = iter(range(1_000_000))


def ours(origin, rows, reserve=None, journal=None):
    with tempfile.TemporaryDirectory(dir=journal) as home:
        surroundings = {**environment(origin), "VITALLY_SCRIPT_HOME": home}
        if reserve is not None:
            with open(f"{home}/vitally.toml", "w", encoding="utf-8") as settings:
                settings.write(f'[profile.default]\nbase_url = "{origin}"\nrate_reserve = {reserve}\n')
            surroundings["VITALLY_PROFILE"] = "default"
        typed = [OURS, "-q", "-C", home, "run", script("bulk.rhai"), "--max-changes", "1000000"]
        arguments = ["--arg", f"rows={rows}", "--arg", f"value=v{next(numbers)}"]
        return checked(run(typed + arguments, surroundings), rows)


def python(origin, rows, threads, *a_minute):
    typed = [PYTHON, peer("bulk.py"), *map(str, (rows, threads, f"v{next(numbers)}", *a_minute))]
    return checked(run(typed, environment(origin)), rows)


def checked(took, rows):
    if took.said.strip() != str(rows):
        raise SystemExit(f"{rows} rows were wanted, and {took.said} were done")
    return took


def measure(quick):
    return at_once(quick) + over_a_slow_line(quick) + under_the_limit(quick)


def at_once(quick):
    rows = 2_000 if quick else 10_000
    with Simulator(accounts=rows, rate_limit="off") as simulator:
        took = in_turn(
            {
                "ours": lambda: ours(simulator.origin, rows, journal=ON_DISK),
                "memory": lambda: ours(simulator.origin, rows, journal=IN_MEMORY),
                "loop": lambda: python(simulator.origin, rows, 1),
                "pool": lambda: python(simulator.origin, rows, LANES),
            },
            1 if quick else 3,
        )
    what = f"{rows:,} updates at 0 ms"
    disk, memory = median(took["ours"], "wall"), median(took["memory"], "wall")
    return [
        *compared(what, took, {"loop": (1 / 8, 1 / 5), "pool": (None, None)}),
        Row(f"{what}: journal on a disk against one in memory", f"{disk:.2f} s", f"{memory:.2f} s", disk / memory, 1.05),
    ]


def over_a_slow_line(quick):
    rows, latency = (320 if quick else 1_000), 0.150
    with Simulator(accounts=rows, latency_ms=150, rate_limit="off") as simulator:
        took = in_turn(
            {
                "ours": lambda: ours(simulator.origin, rows),
                "pool": lambda: python(simulator.origin, rows, LANES),
            },
            1 if quick else 3,
        )
        few = 100
        loop = python(simulator.origin, few, 1)
    wall = median(took["ours"], "wall")
    # The first page must be there before the first update can leave.
    bound = rows * latency / LANES + latency
    what = f"{rows:,} updates at 150 ms"
    return [
        Row(f"{what}, against {LANES} at once", f"{wall:.2f} s", f"{bound:.2f} s", wall / bound, 1 / 0.9),
        *compared(what, took, {"pool": (None, None)}),
        Row(
            f"{what}, a row, against `requests` in a loop",
            f"{wall / rows * 1000:.1f} ms",
            f"{loop.wall / few * 1000:.1f} ms",
            wall / rows / (loop.wall / few),
            None,
        ),
    ]


def under_the_limit(quick):
    if quick:
        return []
    # With the 20 pages that name them, 2,000 requests: two windows of the limit.
    rows, limit, bound = 1_980, 1_000, 60.1
    limited = {"accounts": 2_000, "latency_ms": 150, "rate_limit": limit, "sliding_window": True}
    with Simulator(**limited) as simulator:
        took, refused = ours(simulator.origin, rows, reserve=0), simulator.refused()
    with Simulator(**limited) as simulator:
        # At exactly the limit one that leaves late and one that leaves early are too many together.
        even = python(simulator.origin, rows, LANES, limit * 98 // 100)
    what = f"{rows:,} updates at 150 ms under {limit:,} a minute"
    line = lambda words, theirs, goal: Row(
        f"{what}, against {words}", f"{took.wall:.1f} s", f"{theirs:.1f} s", took.wall / theirs, goal
    )
    return [
        line("what the limit allows", bound, 1.2),
        line(f"`requests` with {LANES} threads that keep an even pace", even.wall, 1 / 1.6),
        Row(f"{what}: answers that say it was too many", f"{refused}", "0", refused, 0),
    ]


def compared(what, took, goals):
    words = {"loop": "`requests` in a loop", "pool": f"`requests` with {LANES} threads"}
    rows = []
    for name, (cpu_goal, wall_goal) in goals.items():
        for property, unit, goal in (("wall", "time", wall_goal), ("cpu", "CPU", cpu_goal)):
            ours_took, theirs = median(took["ours"], property), median(took[name], property)
            rows.append(
                Row(
                    f"{what}: {unit} against {words[name]}",
                    f"{ours_took:.2f} s",
                    f"{theirs:.2f} s",
                    ours_took / theirs,
                    goal,
                )
            )
    return rows
