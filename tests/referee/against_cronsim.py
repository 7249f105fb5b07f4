#!/usr/bin/env python3
"""Compares `schedule next` with cronsim (PyPI), which follows Debian's cron: random crontabs around changes of clocks.

Run by hand: pip install cronsim; cargo build; tests/referee/against_cronsim.py [windows] [seed]
Left out are the zones with known faults of cronsim's own: half-hour changes (Lord Howe) and changes at midnight.
"""

import json
import random
import subprocess
import sys
from datetime import datetime, timezone
from zoneinfo import ZoneInfo

from cronsim import CronSim

WINDOWS = int(sys.argv[1]) if len(sys.argv) > 1 else 300
SEED = int(sys.argv[2]) if len(sys.argv) > 2 else 1
COUNT = 60
PLACES = [
    ("America/New_York", ["2026-03-07T12:00:00+00:00", "2026-10-31T12:00:00+00:00"]),
    ("Europe/London", ["2026-03-28T12:00:00+00:00", "2026-10-24T12:00:00+00:00"]),
    ("Europe/Berlin", ["2027-03-27T12:00:00+00:00", "2027-10-30T12:00:00+00:00"]),
    ("Australia/Sydney", ["2026-04-04T06:00:00+00:00", "2026-10-03T06:00:00+00:00"]),
    ("UTC", ["2026-02-27T00:00:00+00:00", "2028-02-28T00:00:00+00:00"]),
]


def field(rng, low, high, star):
    if rng.random() < star:
        return "*" if rng.random() < 0.5 else f"*/{rng.randint(2, (high - low) // 2)}"
    items = []
    for _ in range(rng.randint(1, 3)):
        first = rng.randint(low, high)
        last = rng.randint(first, high)
        # One number as a range with a step is read differently by cronsim.
        items.append(str(first) if rng.random() < 0.6 or first == last else f"{first}-{last}")
    return ",".join(items)


def main():
    rng = random.Random(SEED)
    compared = different = 0
    for _ in range(WINDOWS):
        zone, starts = rng.choice(PLACES)
        start = rng.choice(starts)
        text = " ".join(
            [
                field(rng, 0, 59, 0.3),
                field(rng, 0, 23, 0.4),
                field(rng, 1, 28, 0.7),
                "*",
                field(rng, 0, 7, 0.7),
            ]
        )
        words = ["schedule", "next", text, "--timezone", zone, "--after", start, "-n", str(COUNT), "-o", "json"]
        answer = subprocess.run(["target/debug/vitally-script", *words], capture_output=True, check=True)
        ours = [time["utc"] for time in json.loads(answer.stdout)["next"]]
        theirs = CronSim(text, datetime.fromisoformat(start).astimezone(ZoneInfo(zone)))
        expected = []
        for at in theirs:
            stamp = at.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
            # Several times of one gap are one run here.
            if not expected or expected[-1] != stamp:
                expected.append(stamp)
            if len(expected) == COUNT:
                break
        compared += len(expected)
        if ours != expected:
            different += 1
            first = next((pair for pair in zip(ours, expected) if pair[0] != pair[1]), None)
            print(f"{text!r} in {zone} after {start}: {first}")
    print(f"seed {SEED}: {WINDOWS} windows, {compared} times, {different} windows differ")
    sys.exit(different > 0)


main()
