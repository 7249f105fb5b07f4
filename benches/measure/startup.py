"""How long a script of one line takes from nothing to its end."""

from paths import NODE, OURS, PYTHON, environment, peer, script
from process import in_turn, median, run
from row import Row


def measure(quick):
    commands = {
        "ours": [OURS, "run", script("hello.rhai")],
        "requests": [PYTHON, "-c", "import requests"],
        "python": [PYTHON, "-c", "pass"],
    }
    if NODE:
        commands["node"] = [NODE, peer("hello.mjs")]
    runs = {name: lambda command=command: run(command, environment()) for name, command in commands.items()}
    took = in_turn(runs, 15 if quick else 41)
    wall = {name: median(results, "wall") * 1000 for name, results in took.items()}
    row = lambda peer, what, goal: Row(
        f"Start to end of `print(\"hello\");` against {what}",
        f"{wall['ours']:.2f} ms",
        f"{wall[peer]:.2f} ms",
        wall["ours"] / wall[peer],
        goal,
    )
    rows = [
        row("requests", "`python3 -c 'import requests'`", 1 / 20),
        row("python", "`python3 -c pass`", None),
    ]
    return [*rows, row("node", "Node's `console.log(\"hello\")`", 1 / 10)] if NODE else rows
