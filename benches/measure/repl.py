"""How long a person waits in a dialogue: the rows of benches/repl.rs, each against the time it may take."""

import re
import subprocess

from paths import ROOT
from row import Row

LINE = re.compile(r"^(?P<what>.+), us: (?P<ours>\d+) \(goal (?P<goal>\d+)\)$")


def measure(_quick):
    said = subprocess.run(
        ["cargo", "bench", "--quiet", "--bench", "repl"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout
    rows = [row(found) for line in said.splitlines() if (found := LINE.match(line))]
    if len(rows) < 8:
        raise SystemExit(f"benches/repl.rs said something else than expected:\n{said}")
    return rows


def row(found):
    ours, goal = int(found["ours"]), int(found["goal"])
    show = lambda value: f"{value / 1000:.2f} ms"
    return Row(f"In a dialogue: {found['what']}", show(ours), show(goal), ours / goal, 1.0)
