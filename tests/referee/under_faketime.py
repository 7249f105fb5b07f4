#!/usr/bin/env python3
"""Runs the real `serve` under faketime across both nights on which clocks change: every time runs once, and none else.

    apt-get install faketime
    cargo build && python3 tests/referee/under_faketime.py [SPEED [PROGRAM]]

By hand. At the usual speed of 120 both nights take two minutes. Only the clock on the wall is fast: how long the program
waits is real time, so it looks at its clock every 96 seconds of the night at the latest. What ran is compared with what `schedule next`
says, which is compared with Debian's cron by against_cron.py. Ends with 1 if anything differs.
"""
import datetime, json, os, pathlib, signal, subprocess, sys, tempfile, time

SPEED = int(sys.argv[1]) if len(sys.argv) > 1 else 120
ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = pathlib.Path(sys.argv[2]).resolve() if len(sys.argv) > 2 else ROOT / "target/debug/vitally-script"
ZONE = "Europe/Berlin"
EXPRESSIONS = [
    "*/10 * * * *", "30 * * * *", "* 2 * * *", "0 */2 * * *", "5 1-4 * * *",
    "30 2 * * *", "0 2 * * *", "59 1 * * *", "0 3 * * *", "0,30 2 * * *", "every 15 minutes",
]
# Name, the first moment in UTC, minutes.
NIGHTS = [("spring", "2027-03-28 00:48:30", 80), ("autumn", "2027-10-30 23:48:30", 165)]


def program(folder, *words):
    env = {**os.environ, "VITALLY_SCRIPT_HOME": str(folder / "state"), "TZ": "UTC"}
    told = subprocess.run([PROGRAM, *words, "-o", "json"], cwd=folder, env=env, check=True, capture_output=True)
    return json.loads(told.stdout)


def served(folder, start, minutes):
    """Serves the folder for so many minutes of the night; the code it ended with."""
    env = {**os.environ, "VITALLY_SCRIPT_HOME": str(folder / "state"), "TZ": "UTC"}
    words = ["faketime", "--exclude-monotonic", "-f", f"@{start} x{SPEED}", PROGRAM, "serve"]
    child = subprocess.Popen(words, cwd=folder, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                             stderr=(folder / "said").open("w"))
    time.sleep(minutes * 60 / SPEED)
    # faketime waits for the program, and ends with its code.
    (served,) = pathlib.Path(f"/proc/{child.pid}/task/{child.pid}/children").read_text().split()
    os.kill(int(served), signal.SIGTERM)
    return child.wait()


def clock(text):
    return text[11:16]


def main():
    wrong = 0
    for name, start, minutes in NIGHTS:
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            section = '[[job]]\nname = "{}"\nscript = "job.rhai"\nschedule = "{}"\ntimezone = "{}"\ncatchup = "all"\noverlap = "queue_all"\n'
            (folder / "vitally.toml").write_text("".join(section.format(expr, expr, ZONE) for expr in EXPRESSIONS))
            (folder / "job.rhai").write_text("print(job.scheduled_at);\n")
            code = served(folder, start, minutes)
            first = datetime.datetime.fromisoformat(start).replace(tzinfo=datetime.timezone.utc)
            # The last minutes may be cut off.
            end = (first + datetime.timedelta(minutes=minutes - 5)).strftime("%Y-%m-%dT%H:%M:%SZ")
            for expr in EXPRESSIONS:
                rows = program(folder, "jobs", "history", expr, "--last", "1000")
                ran = sorted(row["tick"] for row in rows if row["outcome"] == "ok" and row["tick"] < end)
                late = sum(row["caught_up"] for row in rows)
                after = first.strftime("%Y-%m-%dT%H:%M:%SZ")
                next = program(folder, "schedule", "next", expr, "--timezone", ZONE, "--after", after, "-n", "300")
                wanted = [time["utc"] for time in next["next"] if time["utc"] < end]
                same = ran == wanted and code == 0
                wrong += not same
                shown = " ".join(map(clock, wanted[:8])) + (" …" if len(wanted) > 8 else "")
                word, behind = "same" if same else "DIFFERS", f" ({late} caught up)" if late else ""
                print(f"{name}  {expr:16}  {word:7}  {len(wanted):3} times  {shown}{behind}", flush=True)
                if not same:
                    print(f"        ended with {code}, ran: {' '.join(map(clock, ran))}", flush=True)
    print(f"{wrong} differ")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
