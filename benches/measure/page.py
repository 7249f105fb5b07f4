"""Writes docs/performance.md."""

import os
import platform
import subprocess

import requests

from paths import ROOT

HEAD = """\
# Performance

Made by `benches/run` in one run, everything beside its peer; do not edit. Commands take turns (A B A B …), figures are
medians, CPU and wall time are the operating system's, the server is the simulator on the same machine. What counts are
the ratios: lower is better.

{machine}

| what | ours | beside | ratio | goal | |
| --- | ---: | ---: | ---: | ---: | --- |
"""

FOOT = """
- *pages × latency* is what a walk takes at least; *bare requests* are the same requests over one kept connection by a client
  that looks for the cursor and at nothing else.
- The work of a page is a loop in the script, sized beforehand to take so long on this machine. It costs no time, because
  the next page is on its way meanwhile; only work longer than the latency would.
- Streaming is the same loop in both languages: `benches/scripts/stream.rhai`, `benches/peers/stream.py`.
- Memory is the process's high-water mark; pages are dropped behind the loop.
- Rows about values are from `benches/values.rs` (`cargo bench --bench values`), the least of several rounds for both.
- Where the time goes in what is missed stands in [profiles.md](profiles.md).
"""


def write(rows):
    with open(os.path.join(ROOT, "docs", "performance.md"), "w", encoding="utf-8") as page:
        page.write(HEAD.format(machine=machine()) + table(rows) + FOOT)


def table(rows):
    return "".join(
        f"| {what(row)} | {row.ours} | {row.peer} | {ratio(row.ratio)} | {goal(row)} |"
        f" {mark(row)} |\n"
        for row in rows
    )


def what(row):
    return row.what.replace("|", "\\|")


def ratio(value):
    return f"{value:.3f}" if value < 0.1 else f"{value:.2f}"


def goal(row):
    return "" if row.goal is None else f"≤ {ratio(row.goal)}"


def mark(row):
    return {None: "", True: "met", False: "**missed**"}[row.met()]


def machine():
    rustc = subprocess.run(["rustc", "--version"], capture_output=True, text=True, check=True).stdout.split()[1]
    return (
        f"{os.cpu_count()} cores ({platform.machine()}, {platform.system()}); rustc {rustc}, release profile of"
        f" `Cargo.toml`; CPython {platform.python_version()}, requests {requests.__version__}."
    )
