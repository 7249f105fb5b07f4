"""Runs programs and says what they took."""

import os
import statistics
import subprocess
import time
from dataclasses import dataclass


@dataclass
class Took:
    """Seconds of wall time, seconds of CPU, and what was printed."""

    wall: float
    cpu: float
    said: str


def run(command, environment):
    """Runs a program to its end, which must be a success."""
    start = time.perf_counter()
    child = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    said, complaint = child.stdout.read(), child.stderr.read()
    _, status, usage = os.wait4(child.pid, 0)
    wall = time.perf_counter() - start
    child.returncode = os.waitstatus_to_exitcode(status)
    child.communicate()
    if child.returncode != 0:
        raise SystemExit(f"{command} ended with {child.returncode}: {complaint.decode()}")
    return Took(wall, usage.ru_utime + usage.ru_stime, said.decode())


def in_turn(measures, rounds):
    """Takes each measure once, then each once more, and so on (A B A B …); the results of each in a list."""
    results = {name: [] for name in measures}
    for _ in range(rounds):
        for name, measure in measures.items():
            results[name].append(measure())
    return results


def median(results, what):
    """The median of one property of many results."""
    return statistics.median(getattr(result, what) for result in results)
