"""How long a script of one line takes from nothing to its end."""

from paths import OURS, PYTHON, environment, script
from process import in_turn, median, run
from row import Row


def measure(quick):
    commands = {
        "ours": [OURS, "run", script("hello.rhai")],
        "requests": [PYTHON, "-c", "import requests"],
        "python": [PYTHON, "-c", "pass"],
    }
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
    return [
        row("requests", "`python3 -c 'import requests'`", 1 / 15),
        row("python", "`python3 -c pass`", None),
    ]
