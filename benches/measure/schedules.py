"""How late 1,000 jobs start, and how fast next times are found."""

import datetime
import tempfile
import time

from paths import OURS, PYTHON, environment, peer
from process import in_turn, median, run
from row import Row
from served import JOBS, Project

TIMES, EXPRESSION, ZONE = 10_000, "*/5 6-20 * * MON-FRI", "Europe/Berlin"


def measure(quick):
    return lateness(quick) + next_times(quick)


def lateness(quick):
    """Every job once a minute, all seconds used alike; the programs do it one after the other."""
    seconds = 20 if quick else 60
    with tempfile.TemporaryDirectory() as folder:
        project = Project(folder, "lateness.rhai", [f"{number % 60} * * * * *" for number in range(JOBS)])
        ours, python = (late(start, folder, seconds) for start in (project.ours, project.python))
    what = f"{JOBS:,} jobs a minute: start after its time, the slowest of a hundred"
    return [
        Row(what, f"{ours:.0f} ms", "100 ms", ours / 100, 1.0),
        Row(f"{what}, against APScheduler", f"{ours:.0f} ms", f"{python:.0f} ms", ours / python, None),
    ]


def late(start, folder, seconds):
    """The milliseconds that 99 of 100 starts keep below."""
    out = f"{folder}/started"
    with open(out, "w", encoding="utf-8") as file:
        child = start(file)
        time.sleep(seconds + 5)
        child.terminate()
        child.wait()
    with open(out, encoding="utf-8") as file:
        lines = [line.split() for line in file if line.count(" ") == 1]
    moment = lambda text: datetime.datetime.fromisoformat(text)
    found = sorted((moment(now) - moment(due)).total_seconds() * 1000 for now, due in lines)
    if len(found) < JOBS * seconds / 60 * 0.9:
        raise SystemExit(f"only {len(found)} jobs started")
    return found[int(len(found) * 0.99)]


def next_times(quick):
    typed = [OURS, "schedule", "next", EXPRESSION, "--timezone", ZONE, "--after", "2026-11-25T09:00"]
    ours = [*typed, "-n", str(TIMES), "-o", "json"]
    theirs = [PYTHON, peer("next_times.py"), EXPRESSION, ZONE, str(TIMES)]
    took = in_turn(
        {"ours": lambda: run(ours, environment()), "croniter": lambda: run(theirs, environment())}, 3 if quick else 9
    )
    last, _ = took["croniter"][0].said.split()
    if f'"{last}"' not in took["ours"][0].said:
        raise SystemExit(f"they disagree: {last} is not among ours")
    loop = min(float(result.said.split()[1]) for result in took["croniter"])
    wall = median(took["ours"], "wall")
    what = f"{TIMES:,} next times of a crontab, whole program with its output against croniter's loop alone"
    return [Row(what, f"{wall * 1000:.1f} ms", f"{loop * 1000:.0f} ms", wall / loop, None)]
