"""What a program costs that keeps 1,000 jobs and looks at seven lists while nothing happens."""

import os
import random
import tempfile
import time

from memory import high_water
from row import Row
from served import JOBS, Project
from simulator import Simulator

# Beginning is not idling: scripts are read, and the lists are looked at for the first time.
BEGIN = 20


def measure(quick):
    seconds = 60 if quick else 180
    hour = time.gmtime().tm_hour
    # Nothing runs while it is looked.
    hours = [str(other) for other in range(24) if (other - hour) % 24 not in (0, 1)]
    chance = random.Random(1)
    crontabs = [f"0 {chance.randrange(60)} {chance.choice(hours)} * * *" for _ in range(JOBS)]
    with tempfile.TemporaryDirectory() as folder, Simulator(accounts=100, rate_limit="off") as simulator:
        project = Project(folder, "lateness.rhai", crontabs, simulator.origin)
        project.take("listen.rhai")
        ours, python = (idle(start, seconds) for start in (project.ours, project.python))
    what = f"Idle with {JOBS:,} jobs"
    return [
        Row(f"{what} and 7 pollers: memory", f"{ours[0]:.1f} MB", "20 MB", ours[0] / 20, 1.0),
        Row(f"{what} and 7 pollers: of a core", f"{ours[1]:.3f} %", "0.1 %", ours[1] / 0.1, 1.0),
        Row(f"{what}: memory against APScheduler, which polls nothing", f"{ours[0]:.1f} MB", f"{python[0]:.1f} MB", ours[0] / python[0], None),
    ]


def idle(start, seconds):
    """The most memory it held in MB, and how much of a core it took in percent."""
    child = start()
    time.sleep(BEGIN)
    before = cpu(child.pid)
    time.sleep(seconds)
    took, most = cpu(child.pid) - before, high_water(child.pid) / 1024
    child.terminate()
    child.wait()
    return most, took / seconds * 100


def cpu(pid):
    """Seconds of CPU that a process has taken, to the microsecond and of all its threads."""
    total = 0
    for thread in os.listdir(f"/proc/{pid}/task"):
        with open(f"/proc/{pid}/task/{thread}/schedstat", encoding="utf-8") as file:
            total += int(file.read().split()[0])
    return total / 1e9
