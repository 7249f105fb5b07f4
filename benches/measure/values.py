"""The values scripts hold: the rows of benches/values.rs, which measures CPython beside itself."""

import re
import subprocess

from paths import ROOT
from row import Row

LINE = re.compile(r"^(?P<what>.+), (?P<unit>us|MB): (?P<ours>\d+) against (?P<peer>\d+) = \S+( \(goal (?P<goal>\S+)\))?$")


def measure(_quick):
    said = subprocess.run(
        ["cargo", "bench", "--quiet", "--bench", "values"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout
    rows = [row(found) for line in said.splitlines() if (found := LINE.match(line))]
    if len(rows) < 5:
        raise SystemExit(f"benches/values.rs said something else than expected:\n{said}")
    return rows


def row(found):
    ours, peer = float(found["ours"]), float(found["peer"])
    show = lambda value: f"{value / 1000:.2f} ms" if found["unit"] == "us" else f"{value:.0f} MB"
    goal = None if found["goal"] is None else float(found["goal"])
    return Row(found["what"].capitalize() if found["what"].islower() else f"`{found['what']}`", show(ours), show(peer), ours / peer, goal)
