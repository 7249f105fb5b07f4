#!/usr/bin/env python3
"""Compares our next times with Debian's cron, which runs under faketime across both nights on which clocks change.

    apt-get install cron faketime
    cargo build && python3 tests/referee/against_cron.py [SPEED]

By hand and as root, in a container: cron is started with a table of its own for root, which is put back. At the usual
speed of 30 both nights take seven minutes. Ends with 1 if anything differs but what docs/decisions.md says.
"""
import datetime, json, os, pathlib, signal, subprocess, sys, tempfile, time

SPEED = int(sys.argv[1]) if len(sys.argv) > 1 else 30
ZONE = "Europe/Berlin"
ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = ROOT / "target/debug/vitally-script"
TABLE = pathlib.Path("/var/spool/cron/crontabs/root")
EXPRESSIONS = [
    "*/10 * * * *", "30 * * * *", "* 2 * * *", "0 */2 * * *", "5 1-4 * * *",
    "30 2 * * *", "0 2 * * *", "59 1 * * *", "0 3 * * *", "0,30 2 * * *",
]
# Several times of day in one gap are one run with us.
KNOWN = {("spring", "0,30 2 * * *")}
# Name, the first moment in UTC, minutes.
NIGHTS = [("spring", "2027-03-28T00:48:30", 50), ("autumn", "2027-10-30T23:48:30", 145)]


def utc(text):
    return datetime.datetime.fromisoformat(text).replace(tzinfo=datetime.timezone.utc).timestamp()


def real(start, minutes):
    """The minutes at which cron started each line."""
    with tempfile.TemporaryDirectory() as folder:
        lines = [f"{expr} date +\\%s.\\%N >> {folder}/{i}\n" for i, expr in enumerate(EXPRESSIONS)]
        TABLE.write_text("SHELL=/bin/sh\n" + "".join(lines))
        os.chmod(TABLE, 0o600)
        local = subprocess.run(["date", "-d", f"@{start:.0f}", "+%Y-%m-%d %H:%M:%S"], check=True, text=True,
                               capture_output=True, env={**os.environ, "TZ": ZONE}).stdout.strip()
        env = {**os.environ, "TZ": ZONE}
        began = time.time()
        cron = subprocess.Popen(["faketime", "-f", f"@{local} x{SPEED}", "cron", "-f"], env=env,
                                start_new_session=True)
        time.sleep(minutes * 60 / SPEED)
        os.killpg(cron.pid, signal.SIGTERM)
        cron.wait()
        found = {}
        for i, expr in enumerate(EXPRESSIONS):
            path = pathlib.Path(folder, str(i))
            times = [float(line) for line in path.read_text().split()] if path.exists() else []
            found[expr] = [int((start + (at - began) * SPEED) // 60) for at in times]
        return found


def ours(expr, start, minutes):
    after = datetime.datetime.fromtimestamp(start, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    words = [PROGRAM, "schedule", "next", expr, "--timezone", ZONE, "--after", after, "-n", "300", "-o", "json"]
    told = json.loads(subprocess.run(words, check=True, capture_output=True).stdout)
    times = [utc(next["utc"].removesuffix("Z")) for next in told["next"]]
    return [int(at // 60) for at in times if at < start + minutes * 60]


def clock(minute):
    return datetime.datetime.fromtimestamp(minute * 60, datetime.timezone.utc).strftime("%H:%M")


def main():
    before = TABLE.read_text() if TABLE.exists() else None
    wrong = 0
    try:
        for name, text, minutes in NIGHTS:
            start = utc(text)
            found = real(start, minutes)
            for expr in EXPRESSIONS:
                # The last minute may be cut off on either side.
                end = int((start + minutes * 60) // 60) - 1
                cron = [at for at in found[expr] if at < end]
                own = [at for at in ours(expr, start, minutes) if at < end]
                word = "same" if cron == own else "known" if (name, expr) in KNOWN else "DIFFERS"
                wrong += word == "DIFFERS"
                shown = " ".join(map(clock, own[:8])) + (" …" if len(own) > 8 else "")
                print(f"{name}  {expr:14}  {word:7}  {len(own):3} times  {shown}", flush=True)
                if cron != own:
                    print(f"        cron: {' '.join(map(clock, cron[:70]))}", flush=True)
    finally:
        TABLE.unlink(missing_ok=True)
        if before is not None:
            TABLE.write_text(before)
    print(f"{wrong} differ")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
