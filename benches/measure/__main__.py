"""Measures what is asked for, or everything; then writes the page."""

import os
import sys

import bulk
import cold
import commands
import headline
import idle
import ingest
import interrupt
import page
import repl
import schedules
import seeds
import speed
import startup
import stream
import values
import walk
import work

ALL = {
    "startup": startup,
    "commands": commands,
    "cold": cold,
    "walk": walk,
    "stream": stream,
    "headline": headline,
    "seeds": seeds,
    "bulk": bulk,
    "work": work,
    "values": values,
    "repl": repl,
    "interrupt": interrupt,
    "schedules": schedules,
    "idle": idle,
    "ingest": ingest,
    "simulator": speed,
}


def main(words):
    quick = "--quick" in words
    wanted = [word for word in words if word != "--quick"]
    unknown = [word for word in wanted if word not in ALL]
    if unknown:
        raise SystemExit(f"there is no measure {unknown[0]}; there are: {' '.join(ALL)}")
    rows = []
    for name in wanted or ALL:
        load = os.getloadavg()[0]
        found = ALL[name].measure(quick)
        print(f"{name} (load {load:.1f})\n{page.table(found)}", flush=True)
        rows += found
    if not wanted and not quick:
        page.write(rows)
    missed = [row.what for row in rows if row.met() is False]
    if missed:
        raise SystemExit("missed: " + "; ".join(missed))


main(sys.argv[1:])
