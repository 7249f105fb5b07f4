"""How long a person waits for commands that read nothing from Vitally."""

import os

from paths import OURS, ROOT, environment
from process import in_turn, median, run
from row import Row

MOST = 50


def measure(quick):
    commands = {
        "check of the whole cookbook": [OURS, "check", os.path.join(ROOT, "scripts")],
        "docs": [OURS, "docs"],
        "docs of one function": [OURS, "docs", "update_account"],
    }
    runs = {name: lambda command=command: run(command, environment()) for name, command in commands.items()}
    took = in_turn(runs, 5 if quick else 21)
    wall = {name: median(results, "wall") * 1000 for name, results in took.items()}
    return [
        Row(f"Start to end: {name}", f"{took:.1f} ms", f"{MOST} ms", took / MOST, 1.0) for name, took in wall.items()
    ]
